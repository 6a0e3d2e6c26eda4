"""The funnel: one column per stage, from zero, in parts that add up to those who entered."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import HATCH, HEADING_FONT, hover, legend_above, nothing, sheet, spread
from plumbline.colours import Mode, palette

HEIGHT = 430
_TOP, _BOTTOM = 52, 104
_DRAWN = HEIGHT - _TOP - _BOTTOM
_WIDTH = 0.5
STAGES = ("mql", "sal", "sql", "opportunity", "won")
PARTS = ("reached_next", "open_in_window", "open_past_window", "rejected", "recycled", "lost")


def funnel_bars(stages: pl.DataFrame, previous: pl.DataFrame | None = None, *, mode: Mode = "light") -> go.Figure:
    """stages: the columns of funnel/stages, one row per stage. previous: the same for the period before, drawn as thin grey bars.

    customdata of a point: [stage, outcome], outcome one of reached_next, open_in_window, open_past_window, rejected, recycled, lost;
    of won: [won, entered]; of a grey bar: [stage, previous].
    """
    rows = _rows(stages)
    before = _rows(previous) if previous is not None else {}
    if not any(row["entered"] for row in rows.values()):
        return nothing(mode, HEIGHT, "No lead entered the funnel in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=4, right=4, top=_TOP, bottom=_BOTTOM)
    shown = [stage for stage in STAGES if stage in rows]
    tallest = max(row["entered"] for row in (*rows.values(), *before.values()))
    floor = dict.fromkeys(shown, 0.0)
    for part in PARTS:
        _add_part(figure, mode, part, shown, rows, floor)
    for place, stage in enumerate(shown):
        if stage != "won":
            _counts(figure, mode, place, stage, rows[stage], tallest)
    if before:
        figure.add_bar(
            x=[place - _WIDTH / 2 - 0.075 for place, stage in enumerate(shown) if stage in before],
            y=[before[stage]["entered"] for stage in shown if stage in before],
            width=0.06,
            marker={"color": colours.comparison, "line": {"width": 0}},
            name="Before",
            customdata=[[stage, "previous"] for stage in shown if stage in before],
            hovertext=[
                hover(f"<b>{wording.stage_short(stage)}</b>, period before", f"{wording.count(before[stage]['entered'])} entered")
                for stage in shown
                if stage in before
            ],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[-0.5, len(shown) - 0.5], showticklabels=False)
    figure.update_yaxes(range=[0, tallest * 1.01], showticklabels=False)
    figure.add_shape(type="line", xref="paper", x0=0, x1=1, yref="paper", y0=0, y1=0, line={"color": colours.rule, "width": 1})
    _captions(figure, mode, shown, rows)
    legend_above(figure, mode)
    return figure


def _rows(frame: pl.DataFrame) -> dict[str, dict]:
    return {row["stage"]: {k: (0 if v is None and k in ("entered", *PARTS) else v) for k, v in row.items()} for row in frame.to_dicts()}


def _add_part(figure: go.Figure, mode: Mode, part: str, shown: list[str], rows: dict[str, dict], floor: dict[str, float]) -> None:
    stages = [stage for stage in shown if not (stage == "won" and part != "reached_next")]
    values = [rows[stage]["entered"] if stage == "won" else rows[stage].get(part) or 0 for stage in stages]
    look = _looks(mode, part, stages, values)
    figure.add_bar(
        x=[shown.index(stage) for stage in stages],
        y=values,
        base=[floor[stage] for stage in stages],
        width=_WIDTH,
        marker=look,
        name=_NAMES.get(part, "Left"),
        legendgroup=_NAMES.get(part, "Left"),
        showlegend=part != "recycled" and part != "lost",
        customdata=[[stage, "entered" if stage == "won" else part] for stage in stages],
        hovertext=[_said(stage, part, value, rows[stage]) for stage, value in zip(stages, values, strict=True)],
        hoverinfo="text",
        unselected={"marker": {"opacity": 0.65}},
    )
    for stage, value in zip(stages, values, strict=True):
        floor[stage] += value


def _counts(figure: go.Figure, mode: Mode, place: int, stage: str, row: dict, tallest: float) -> None:
    """Who went on, inside the bar; who waits and who left, beside it, each at its part. Parts too thin to point at are left to the hover."""
    colours = palette(mode)
    pixels = _DRAWN / tallest
    on, waiting, past = (row[part] for part in PARTS[:3])
    left = sum(row[part] for part in PARTS[3:])
    if on * pixels >= 17:
        figure.add_annotation(x=place, y=on / 2, showarrow=False, text=wording.short_count(on), font={"size": 12, "color": colours.on_reached})
    beside = [
        (on + waiting / 2, waiting, colours.stages[stage]),
        (on + waiting + past / 2, past, colours.lost),
        (on + waiting + past + left / 2, left, colours.lost),
    ]
    beside = [label for label in beside if label[1] * pixels >= 5]
    while beside:
        wanted = [middle * pixels for middle, _, _ in beside]
        placed = spread(wanted, 14, 7, _DRAWN - 2)
        if all(abs(a - b) <= max(9, label[1] * pixels / 2) for a, b, label in zip(wanted, placed, beside, strict=True)):
            break
        beside.remove(min(beside, key=lambda label: label[1]))
    for (_, value, colour), at in zip(beside, placed if beside else [], strict=True):
        figure.add_annotation(
            x=place + _WIDTH / 2,
            xanchor="left",
            xshift=3,
            y=at / pixels,
            showarrow=False,
            text=wording.short_count(value),
            font={"size": 12, "color": colour},
        )


_NAMES = {"reached_next": "Went on", "open_in_window": "In window", "open_past_window": "Past window"}


def _looks(mode: Mode, part: str, stages: list[str], values: list[float]) -> dict:
    """A part of nought has no outline either."""
    colours = palette(mode)
    edge = {"width": [1 if value else 0 for value in values], "color": colours.page}
    if part == "reached_next":
        return {"color": colours.reached, "line": edge}
    if part == "open_in_window":
        hues = [colours.stages[stage] for stage in stages]
        return {
            "color": hues,
            "pattern": HATCH | {"fgcolor": hues, "bgcolor": colours.page},
            "line": {"width": [1 if value else 0 for value in values], "color": hues},
        }
    if part == "open_past_window":
        return {"color": colours.page, "line": {"width": [1.6 if value else 0 for value in values], "color": colours.lost}}
    return {"color": colours.lost_tones[("rejected", "recycled", "lost").index(part)], "line": edge}


def _said(stage: str, part: str, value: float, row: dict) -> str:
    if stage == "won":
        return hover("<b>Won</b>", wording.plural(value, "deal signed", "deals signed"))
    n = row["entered"]
    of = f"{wording.share(value / n) if n else wording.ABSENT} of {wording.count(n)} that entered {wording.stage_short(stage)}"
    words = {
        "reached_next": "went on to a later stage",
        "open_in_window": "are still in their window, too early to say",
        "open_past_window": "are open past the window",
        "rejected": "were sent back",
        "recycled": "were recycled to marketing",
        "lost": "were lost or disqualified",
    }[part]
    mature = row.get("mature")
    extra = ""
    if part == "reached_next" and mature is not None:
        rate = wording.share_of(row.get("converted"), mature)
        extra = f"Conversion within the window: {rate}" + (" old enough" if mature >= wording.MINIMUM_N else "")
    return hover(f"<b>{wording.count(value)}</b> {words}", of, extra)


def _captions(figure: go.Figure, mode: Mode, shown: list[str], rows: dict[str, dict]) -> None:
    colours = palette(mode)
    first = rows[shown[0]]["entered"]
    largest = max(rows[stage]["entered"] for stage in shown)
    for place, stage in enumerate(shown):
        n = rows[stage]["entered"]
        ahead = rows[shown[place - 1]]["entered"] if place else None
        lines = ["entered"] if place == 0 else [f"{_part(n, ahead)} of previous" if ahead else "", f"{_part(n, first)} of first" if first else ""]
        common = {"x": place, "y": 0, "yref": "paper", "yanchor": "top", "showarrow": False, "align": "center"}
        figure.add_annotation(
            **common,
            yshift=-6,
            text=f"<b>{wording.stage_short(stage)}</b>",
            font={"size": 13, "color": colours.text},
            hovertext=wording.stage_meaning(stage),
            captureevents=True,
        )
        text = wording.count(n) if largest < 10_000_000 else wording.short_count(n)
        figure.add_annotation(**common, yshift=-24, text=text, font={"size": 21, "family": HEADING_FONT, "color": colours.text})
        figure.add_annotation(**common, yshift=-56, text="<br>".join(lines), font={"size": 12, "color": colours.quiet_text})


def _part(k: float, n: float | None) -> str:
    return wording.share(k / n) if n else wording.ABSENT


def funnel_bars_alt(stages: pl.DataFrame, previous: pl.DataFrame | None = None) -> str:
    """'Funnel of 1,049 MQLs: 62 % reached SAL, ... The largest part left at MQL: 240 of 1,049.'"""
    rows = _rows(stages)
    shown = [stage for stage in STAGES if stage in rows]
    if not shown or not rows[shown[0]]["entered"]:
        return "Funnel: no lead entered in this period."
    first = rows[shown[0]]["entered"]
    reached = [f"{wording.count(rows[s]['entered'])} {wording.stage_short(s)} ({_part(rows[s]['entered'], first)})" for s in shown[1:]]
    left = {s: sum(rows[s].get(part) or 0 for part in PARTS[2:]) for s in shown if s != "won"}
    worst = max(left, key=left.get)
    text = f"Funnel of {wording.count(first)} {wording.stage_short(shown[0])}: {wording.listing(reached)}. "
    whose = f"{wording.count(left[worst])} of {wording.count(rows[worst]['entered'])}"
    text += f"Most left or stayed past the window at {wording.stage_short(worst)}: {whose}."
    if previous is not None and (before := _rows(previous)).get(shown[0]):
        text += f" The period before began with {wording.count(before[shown[0]]['entered'])}."
    return text
