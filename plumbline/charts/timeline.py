"""The life of one lead: stages and owners as spans, touches and activities as points, on one clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, safe, sheet, time_ticks
from plumbline.colours import Mode, faded, palette

_ROW = 44
LANES = ("stage", "owner", "call", "email", "meeting", "other touch", "activity")
HEIGHT = _ROW * len(LANES) + 58
_ORDER = ("inquiry", "mql", "sal", "sql", "opportunity", "won")  # exits come after all of them
_ENDS = ("rejected", "recycled", "disqualified", "lost", "won")
_TITLES = {
    "stage": "Stage",
    "owner": "Owner",
    "call": "Calls",
    "email": "Emails",
    "meeting": "Meetings",
    "other touch": "Other touches",
    "activity": "What the lead did",
}


def lead_timeline(events: pl.DataFrame, *, mode: Mode = "light", until: datetime | None = None, zone: str = "UTC") -> go.Figure:
    """events: at (UTC), lane (stage, owner, touch, activity), name (stage, rep, channel, activity), detail (text or null);
    optional: is_contact (a touch that reached the lead, drawn solid; others hollow), is_automated (drawn grey), is_day (of which the day alone is
    known: `at` is its beginning in `zone`; drawn at its noon, and no hour is said of it).

    until: data_through, where open spans end (default: the last event). zone: of the axis and of the times in words.
    customdata of a point: [lane, name, at as ISO 8601, a day alone as its date].
    """
    if events.is_empty():
        return nothing(mode, HEIGHT, "Nothing is on record for this lead.")
    for optional in ("is_contact", "is_automated", "is_day"):
        if optional not in events.columns:
            events = events.with_columns(pl.lit(False).alias(optional))
    is_dated = bool(events["is_day"].any())
    events = placed(events, zone)
    first, last = events["x"].min(), events["x"].max()
    if until is not None:
        last = max(last, _local(pl.Series([until], dtype=pl.Datetime("us")), zone)[0])
    room = max((last - first) * 0.03, timedelta(hours=12) if is_dated else timedelta(minutes=5))
    ends = (first - room, last + room)
    figure = sheet(mode, HEIGHT, left=124, right=14, top=6, bottom=46)
    colours = palette(mode)
    for place, lane in enumerate(LANES):
        figure.add_annotation(
            xref="paper",
            x=0,
            xanchor="left",
            xshift=-124,
            y=place,
            showarrow=False,
            text=_TITLES[lane],
            font={"size": 13, "color": colours.quiet_text},
        )
        figure.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=place + 0.5, y1=place + 0.5, line={"color": colours.rule, "width": 1}, layer="below"
        )
    _spans(figure, mode, events.filter(pl.col("lane") == "stage"), 0, last, ends, zone)
    _spans(figure, mode, events.filter(pl.col("lane") == "owner"), 1, last, ends, zone)
    touches = events.filter(pl.col("lane") == "touch")
    for lane in ("call", "email", "meeting"):
        _points(figure, mode, touches.filter(pl.col("name") == lane), lane, ends, zone)
    _points(figure, mode, touches.filter(~pl.col("name").is_in(["call", "email", "meeting"])), "other touch", ends, zone)
    _points(figure, mode, events.filter(pl.col("lane") == "activity"), "activity", ends, zone)
    ticks, texts = time_ticks(first, last, is_dated)
    figure.update_xaxes(range=list(ends), tickvals=ticks, ticktext=texts, type="date", showgrid=True, gridcolor=colours.rule, tickangle=0)
    figure.update_yaxes(range=[len(LANES) - 0.5, -0.5], visible=False)
    figure.update_layout(barmode="overlay")
    return figure


def placed(events: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The events in the order in which they are drawn, with x: local time; of a day alone its noon, or just after the lower stages of that day."""
    noon = pl.col("x").dt.truncate("1d") + pl.duration(hours=12)
    rows = events.with_columns(x=_local(events["at"], zone)).with_columns(x=pl.when("is_day").then(noon).otherwise("x"))
    return _by_rank(rows).sort("x", maintain_order=True)


def _local(times: pl.Series, zone: str) -> pl.Series:
    return times.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)


def _by_rank(rows: pl.DataFrame) -> pl.DataFrame:
    """Moves a stage of which the day alone is known behind the lower ones of that day, as the passes are told."""
    items = rows.to_dicts()
    stages = sorted((row for row in items if row["lane"] == "stage"), key=lambda row: _rank(row["name"]))
    for place, row in enumerate(stages):
        if row["is_day"]:
            lower = [one["x"] for one in stages[:place] if one["x"].date() == row["x"].date() and _rank(one["name"]) < _rank(row["name"])]
            row["x"] = max([row["x"], *(at + timedelta(seconds=1) for at in lower)])
    return rows.with_columns(pl.Series("x", [row["x"] for row in items], dtype=pl.Datetime("us")))


def _rank(stage: str) -> int:
    return _ORDER.index(stage) if stage in _ORDER else len(_ORDER)


def _when(row: dict, zone: str) -> str:
    return f"{wording.day(row['x'])}, the time of day is not known" if row["is_day"] else wording.instant(row["at"], zone)


def _key(row: dict) -> list[str]:
    return [row["lane"], row["name"], str(row["x"].date()) if row["is_day"] else row["at"].isoformat()]


def _lasted(row: dict, after: dict | None, until: datetime) -> str:
    """' for 3 h'; of days alone ' for 3 days', ' on that day'."""
    end = after["x"] if after else until
    if not row["is_day"] and not (after and after["is_day"]):
        return f" for {wording.duration((end - row['x']).total_seconds())}"
    days = (end.date() - row["x"].date()).days
    return f" for {wording.plural(days, 'day')}" if days else " on that day"


def _spans(figure: go.Figure, mode: Mode, rows: pl.DataFrame, place: int, last: datetime, ends: tuple, zone: str) -> None:
    colours = palette(mode)
    whole = ends[1] - ends[0]
    items = rows.to_dicts()
    for number, row in enumerate(items):
        following = items[number + 1] if number + 1 < len(items) else None
        until = following["x"] if following else last
        is_stage = row["lane"] == "stage"
        label = wording.stage_short(row["name"]) if is_stage else safe(row["name"], 40)
        is_end = is_stage and row["name"] in _ENDS
        colour = colours.stages.get(row["name"], colours.lost) if is_stage else faded(colours.comparison, 0.65 if number % 2 else 0.4)
        length = until - row["x"]
        said = hover(
            f"<b>{label}</b>" + ("" if is_end else _lasted(row, following, last)),
            f"from {_when(row, zone)}",
            safe(row["detail"], 90) if row["detail"] else "",
        )
        data = {
            "customdata": [_key(row)],
            "hovertext": [said],
            "hoverinfo": "text",
            "unselected": {"marker": {"opacity": 0.6}},
        }
        if is_end:
            figure.add_scatter(
                x=[row["x"]],
                y=[place],
                mode="markers",
                marker={
                    "size": 13,
                    "symbol": "diamond" if row["name"] == "won" else "x",
                    "color": colour,
                    "line": {"width": 1, "color": colours.page},
                },
                **data,
            )
            after = following["x"] if following else ends[1]
            if (after - row["x"]) / whole > 0.11:
                figure.add_annotation(x=row["x"], y=place, xanchor="left", xshift=10, showarrow=False, text=label, font={"size": 12, "color": colour})
            continue
        figure.add_bar(
            base=[row["x"]],
            x=[max(length, whole * 0.015) / timedelta(milliseconds=1)],
            y=[place],
            orientation="h",
            width=0.56 if is_stage else 0.34,
            marker={"color": colour, "line": {"width": 1, "color": colours.page}},
            **data,
        )
        if length / whole > 0.017 * len(label) + 0.025:
            on = colours.page if is_stage else colours.text
            figure.add_annotation(
                x=row["x"],
                y=place,
                xanchor="left",
                xshift=6,
                yshift=0 if is_stage else 15,
                showarrow=False,
                text=label,
                font={"size": 12 if is_stage else 11, "color": on},
            )


def _points(figure: go.Figure, mode: Mode, rows: pl.DataFrame, lane: str, ends: tuple, zone: str) -> None:
    if rows.is_empty():
        return
    colours = palette(mode)
    whole = ends[1] - ends[0]
    level, heights, before = 0, [], None
    for at in rows["x"]:
        # points nearer than a marker's width take turns on three levels
        level = (level + 1) % 3 if before is not None and (at - before) / whole < 0.012 else 0
        heights.append(LANES.index(lane) + (0, -0.24, 0.24)[level])
        before = at
    items = rows.to_dicts()
    hue = colours.stages["mql"] if lane == "activity" else colours.text
    colour = [colours.comparison if row["is_automated"] else hue for row in items]
    solid = [lane == "activity" or bool(row["is_contact"]) for row in items]
    figure.add_scatter(
        x=rows["x"].to_list(),
        y=heights,
        mode="markers",
        marker={
            "size": 10,
            "symbol": ["circle" if s else "circle-open" for s in solid],
            "color": colour,
            "line": {"width": 1.6, "color": [colours.page if s else c for s, c in zip(solid, colour, strict=True)]},
        },
        customdata=[_key(row) for row in items],
        hovertext=[
            hover(
                f"<b>{safe(wording.words(row['name']), 60)}</b>" + (", sent by a machine" if row["is_automated"] else ""),
                safe(row["detail"], 90) if row["detail"] else "",
                _when(row, zone),
            )
            for row in items
        ],
        hoverinfo="text",
        unselected={"marker": {"opacity": 0.6}},
    )


def lead_timeline_alt(events: pl.DataFrame, zone: str = "UTC") -> str:
    """'The life of one lead: MQL on 3 Aug 2026, SAL on ...; 6 touches, 4 activities.'"""
    if "is_day" not in events.columns:
        events = events.with_columns(is_day=pl.lit(False))
    told = placed(events.filter(pl.col("lane") == "stage"), zone)
    stages = [f"{wording.stage_short(row['name'])} on {wording.day(row['x'])}" for row in told.iter_rows(named=True)]
    touches, acts = (events.filter(pl.col("lane") == lane).height for lane in ("touch", "activity"))
    text = f"The life of one lead: {wording.listing(stages) or 'no stage on record'}; "
    return text + f"{wording.plural(touches, 'touch', 'touches')}, {wording.plural(acts, 'activity', 'activities')}."
