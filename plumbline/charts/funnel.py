"""The funnel: one column per stage, from zero, in parts that add up to those who entered."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import HEADING_FONT, hover, legend_above, nothing, sheet, spread
from plumbline.charts.parts import PARTS, WORDS, marker, text_colour
from plumbline.colours import Mode, palette

HEIGHT = 430
_TOP, _BOTTOM = 52, 104
_DRAWN = HEIGHT - _TOP - _BOTTOM
_WIDTH = 0.5
STAGES = ("mql", "sal", "sql", "opportunity", "won")


def funnel_bars(
    stages: pl.DataFrame,
    previous: pl.DataFrame | None = None,
    *,
    mode: Mode = "light",
    hidden: Collection[str] = (),
    never: Collection[str] = (),
    missing: Collection[str] = (),
) -> go.Figure:
    """stages: the columns of funnel/stages, one row per stage. previous: the same for the period before, drawn as thin grey bars.

    hidden: stages that no event of their own records: a hollow bar of those known only by a later stage, without shares.
    never: outcomes that the history never records, left out of the key.
    missing: stages that nobody of the whole history ever reached, though enough had the time: no bar, and the stage before has no parts.

    customdata of a point: [stage, outcome], outcome one of reached_next, open_in_window, open_past_window, rejected, recycled, lost;
    of won, of hidden stages and of those before a missing one: [stage, entered]; of a grey bar: [stage, previous].
    """
    rows = _rows(stages)
    before = _rows(previous) if previous is not None else {}
    if not any(row["entered"] for row in rows.values()):
        return nothing(mode, HEIGHT, "No lead entered the funnel in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=4, right=4, top=_TOP, bottom=_BOTTOM)
    shown = [stage for stage in STAGES if stage in rows]
    tallest = max(row["entered"] for row in (*rows.values(), *before.values()))
    told = [stage for stage in shown if stage not in hidden and stage not in missing]
    whole = _whole(told, missing)
    floor = dict.fromkeys(shown, 0.0)
    for part in PARTS:
        if part not in never:
            _add_part(figure, mode, part, told, shown, rows, floor, whole)
    for place, stage in enumerate(shown):
        if stage in told and stage not in whole:
            _counts(figure, mode, place, stage, rows[stage], tallest)
    if implied := [stage for stage in shown if stage in hidden]:
        _add_hidden(figure, mode, implied, shown, rows)
    if known := [stage for stage in told if stage in before]:
        figure.add_bar(
            x=[shown.index(stage) - _WIDTH / 2 - 0.075 for stage in known],
            y=[before[stage]["entered"] for stage in known],
            width=0.06,
            marker={"color": colours.comparison, "line": {"width": 0}},
            name="Period before",
            customdata=[[stage, "previous"] for stage in known],
            hovertext=[
                hover(f"<b>{wording.stage_short(stage)}</b>, period before", f"{wording.count(before[stage]['entered'])} entered") for stage in known
            ],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[-0.5, len(shown) - 0.5], showticklabels=False)
    figure.update_yaxes(range=[0, tallest * 1.01], showticklabels=False)
    figure.add_shape(type="line", xref="paper", x0=0, x1=1, yref="paper", y0=0, y1=0, line={"color": colours.rule, "width": 1})
    _captions(figure, mode, shown, told, rows)
    legend_above(figure, mode)
    return figure


def _rows(frame: pl.DataFrame) -> dict[str, dict]:
    return {row["stage"]: {k: (0 if v is None and k in ("entered", *PARTS) else v) for k, v in row.items()} for row in frame.to_dicts()}


def _whole(told: list[str], missing: Collection[str]) -> set[str]:
    """Stages of which no more is known than who entered: won, and the last one before a stage that is not recorded at all."""
    order = [stage for stage in STAGES if stage in told or stage in missing]
    return {"won"} | {stage for stage, after in pairwise(order) if after in missing}


def _add_part(
    figure: go.Figure,
    mode: Mode,
    part: str,
    told: list[str],
    shown: list[str],
    rows: dict[str, dict],
    floor: dict[str, float],
    whole: Collection[str],
) -> None:
    stages = [stage for stage in told if not (stage in whole and part != "reached_next")]
    if not stages:
        return
    values = [rows[stage]["entered"] if stage in whole else rows[stage].get(part) or 0 for stage in stages]
    figure.add_bar(
        x=[shown.index(stage) for stage in stages],
        y=values,
        base=[floor[stage] for stage in stages],
        width=_WIDTH,
        marker=_looks(mode, part, stages, values),
        name=wording.words(WORDS[part]),
        customdata=[[stage, "entered" if stage in whole else part] for stage in stages],
        hovertext=[_said(stage, part, value, rows[stage], whole) for stage, value in zip(stages, values, strict=True)],
        hoverinfo="text",
        unselected={"marker": {"opacity": 0.65}},
    )
    for stage, value in zip(stages, values, strict=True):
        floor[stage] += value


def _add_hidden(figure: go.Figure, mode: Mode, hidden: list[str], shown: list[str], rows: dict[str, dict]) -> None:
    """Stages that are only implied: a hollow grey bar, of no parts."""
    colours = palette(mode)
    figure.add_bar(
        x=[shown.index(stage) for stage in hidden],
        y=[rows[stage]["entered"] for stage in hidden],
        width=_WIDTH,
        marker={"color": colours.page, "line": {"width": 1.2, "color": colours.too_few}},
        name="Implied, not recorded",
        customdata=[[stage, "entered"] for stage in hidden],
        hovertext=[
            hover(
                f"<b>{wording.stage_short(stage)} is not recorded</b>",
                f"{wording.count(rows[stage]['entered'])} leads must have passed it, for a later stage is recorded",
            )
            for stage in hidden
        ],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )


def _counts(figure: go.Figure, mode: Mode, place: int, stage: str, row: dict, tallest: float) -> None:
    """Who went on, inside the bar; who waits and who left, beside it, each at its part. Parts too thin to point at are left to the hover."""
    colours = palette(mode)
    pixels = _DRAWN / tallest
    on = row[PARTS[0]]
    if on * pixels >= 17:
        figure.add_annotation(x=place, y=on / 2, showarrow=False, text=wording.short_count(on), font={"size": 12, "color": colours.on_reached})
    beside, floor = [], on
    for part in PARTS[1:]:
        if row[part] * pixels >= 5:
            beside.append((floor + row[part] / 2, row[part], text_colour(mode, part, stage)))
        floor += row[part]
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


def _looks(mode: Mode, part: str, stages: list[str], values: list[float]) -> dict:
    """The look of a part in every stage's column; a part of nought has no outline either."""
    looks = [marker(mode, part, stage) for stage in stages]
    whole = {"color": [look["color"] for look in looks]}
    whole["line"] = {
        "width": [look["line"]["width"] if value else 0 for look, value in zip(looks, values, strict=True)],
        "color": [look["line"]["color"] for look in looks],
    }
    if "pattern" in looks[0]:
        whole["pattern"] = looks[0]["pattern"] | {"fgcolor": [look["pattern"]["fgcolor"] for look in looks]}
    return whole


def _said(stage: str, part: str, value: float, row: dict, whole: Collection[str]) -> str:
    if stage == "won":
        return hover("<b>Won</b>", wording.plural(value, "deal signed", "deals signed"))
    if stage in whole:
        return hover(f"<b>{wording.count(value)}</b> reached {wording.stage_short(stage)}", "What became of them after is not recorded")
    n = row["entered"]
    of = f"{wording.share(value / n) if n else wording.ABSENT} of {wording.count(n)} that entered {wording.stage_short(stage)}"
    words = {
        "reached_next": "went on to a later stage",
        "open_in_window": "are still in window",
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


def _captions(figure: go.Figure, mode: Mode, shown: list[str], told: list[str], rows: dict[str, dict]) -> None:
    colours = palette(mode)
    first = rows[shown[0]]["entered"]
    largest = max(rows[stage]["entered"] for stage in shown)
    for place, stage in enumerate(shown):
        n = rows[stage]["entered"]
        is_told = stage in told
        common = {"x": place, "y": 0, "yref": "paper", "yanchor": "top", "showarrow": False, "align": "center"}
        figure.add_annotation(
            **common,
            yshift=-6,
            text=f"<b>{wording.stage_short(stage)}</b>",
            font={"size": 13, "color": colours.text},
            hovertext=wording.stage_meaning(stage),
            captureevents=True,
        )
        text = (wording.count(n) if largest < 10_000_000 else wording.short_count(n)) if is_told else wording.ABSENT
        figure.add_annotation(**common, yshift=-24, text=text, font={"size": 21, "family": HEADING_FONT, "color": colours.text})
        lines = _shares(place, shown, told, rows, first) if is_told else ["not recorded"]
        figure.add_annotation(**common, yshift=-56, text="<br>".join(lines), font={"size": 12, "color": colours.quiet_text})


def _shares(place: int, shown: list[str], told: list[str], rows: dict[str, dict], first: float) -> list[str]:
    """What stands under a bar: its share of the stage before and of the first; of the last recorded one where the stage before is only implied."""
    if place == 0:
        return ["entered"]
    n = rows[shown[place]]["entered"]
    ahead = next((stage for stage in reversed(shown[:place]) if stage in told), shown[0])
    whose = "previous" if ahead == shown[place - 1] else wording.stage_short(ahead)
    lines = [f"{_part(n, rows[ahead]['entered'])} of {whose}"] if rows[ahead]["entered"] else []
    return [*lines, f"{_part(n, first)} of first"] if first and (whose == "previous" or ahead != shown[0]) else lines


def _part(k: float, n: float | None) -> str:
    return wording.share(k / n) if n else wording.ABSENT


def funnel_bars_alt(stages: pl.DataFrame, previous: pl.DataFrame | None = None, hidden: Collection[str] = (), missing: Collection[str] = ()) -> str:
    """'Funnel of 1,049 MQLs: 62 % reached SAL, ... The largest part left at MQL: 240 of 1,049.'"""
    rows = _rows(stages)
    shown = [stage for stage in STAGES if stage in rows]
    if not shown or not rows[shown[0]]["entered"]:
        return "Funnel: no lead entered in this period."
    first = rows[shown[0]]["entered"]
    told = [stage for stage in shown if stage not in hidden and stage not in missing]
    reached = [f"{wording.count(rows[s]['entered'])} {wording.stage_short(s)} ({_part(rows[s]['entered'], first)})" for s in told[1:]]
    left = {s: sum(rows[s].get(part) or 0 for part in PARTS[2:]) for s in told if s not in _whole(told, missing)}
    text = f"Funnel of {wording.count(first)} {wording.stage_short(shown[0])}: {wording.listing(reached) or 'what became of them is not recorded'}."
    if left:
        worst = max(left, key=left.get)
        whose = f"{wording.count(left[worst])} of {wording.count(rows[worst]['entered'])}"
        text += f" Most left or stayed past the window at {wording.stage_short(worst)}: {whose}."
    if len(told) < len(shown):
        text += f" Not recorded: {wording.listing([wording.stage_short(s) for s in shown if s not in told])}."
    if previous is not None and (before := _rows(previous)).get(shown[0]):
        text += f" The period before began with {wording.count(before[shown[0]]['entered'])}."
    return text
