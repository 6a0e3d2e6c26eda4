"""How long leads stay in each stage: one histogram per stage on one logarithmic clock, median and 90th percentile marked."""

from __future__ import annotations

import math
from collections.abc import Collection

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, sheet
from plumbline.colours import Mode, palette

PANEL = 88
STAGES = ("mql", "sal", "sql", "opportunity")
HEIGHT = PANEL * len(STAGES) + 44
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0
TIME_EDGES: tuple[float, ...] = (
    0, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 57_600, _DAY, 2 * _DAY, 4 * _DAY, 7 * _DAY, 14 * _DAY, 21 * _DAY, 30 * _DAY,
    45 * _DAY, 60 * _DAY, 90 * _DAY, 135 * _DAY, 180 * _DAY, 270 * _DAY, 365 * _DAY, 547 * _DAY, 730 * _DAY, 1095 * _DAY,
)  # fmt: skip
"""Edges in seconds that give even, readable bins; the last bin of a query is open above."""
_TICKS = (
    (_DAY, "1 day"),
    (_HOUR, "1 h"),
    (30 * _DAY, "30 days"),
    (600.0, "10 min"),
    (60.0, "1 min"),
    (7 * _DAY, "1 week"),
    (180 * _DAY, "180 days"),
    (6 * _HOUR, "6 h"),
    (730 * _DAY, "2 years"),
)
"""In the order of their worth: a later one is left out where there is no room."""
_SHORTEST = 30.0


def time_in_stage(distribution: pl.DataFrame, summary: pl.DataFrame, *, mode: Mode = "light", hidden: Collection[str] = ()) -> go.Figure:
    """distribution: stage, low, high (seconds, edges of a bin; high null = open), n. summary: the columns of funnel/time_in_stage.

    Bins below 30 s are drawn from 30 s. hidden: stages without events of their own; their panel says so. customdata of a point: [stage, low, high].
    """
    seen = distribution.filter((pl.col("n") > 0) & pl.col("stage").is_in(STAGES))
    if seen.is_empty():
        return nothing(mode, HEIGHT, "No lead has gone on to a later stage in this period, so there is no time to measure.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=150, right=16, top=10, bottom=34)
    longest = max(max(high if high is not None else low * 2, low * 1.2, 120.0) for low, high in seen.select("low", "high").iter_rows())
    shortest = max(min(seen["low"].min(), _DAY) / 1.3, _SHORTEST)
    left, right = math.log10(shortest), math.log10(longest * 1.05)
    facts = {row["stage"]: row for row in summary.iter_rows(named=True)}
    gap = 0.14 / len(STAGES)
    for place, stage in enumerate(STAGES):
        bottom = 1 - (place + 1) / len(STAGES)
        number = place + 1 if place else ""
        rows = seen.filter(pl.col("stage") == stage).sort("low")
        hue = colours.stages[stage]
        total = rows["n"].sum()
        few = total < wording.MINIMUM_N
        edges = [(max(low, shortest), max(high if high is not None else longest, shortest)) for low, high in rows.select("low", "high").iter_rows()]
        figure.add_bar(
            x=[math.log10(low) for low, _ in edges],
            width=[max(math.log10(high) - math.log10(low), 0.01) for low, high in edges],
            offset=0,
            y=[n / total for n in rows["n"]],
            yaxis=f"y{number}",
            marker={
                "color": colours.page if few else hue,
                "line": {"width": 1, "color": colours.too_few if few else colours.page},
            },
            customdata=[[stage, low, high] for low, high in rows.select("low", "high").iter_rows()],
            hovertext=[_said(row, total) for row in rows.iter_rows(named=True)],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
        )
        most = max((n / total for n in rows["n"]), default=1.0)
        figure.update_layout(
            {
                f"yaxis{number}": {
                    "domain": [bottom + (gap if place < len(STAGES) - 1 else 0.0), bottom + 1 / len(STAGES) - gap],
                    "range": [0, most * 1.45],
                    "visible": False,
                    "fixedrange": True,
                    "anchor": "x",
                }
            }
        )
        base = bottom + (gap if place < len(STAGES) - 1 else 0.0)
        figure.add_shape(type="line", xref="paper", x0=0, x1=1, yref="paper", y0=base, y1=base, line={"color": colours.rule, "width": 1})
        fact = facts.get(stage) or {"n": total, "median": None, "p90": None}
        _panel_words(figure, mode, stage, None if stage in hidden else fact, bottom + 0.5 / len(STAGES))
        if not few:
            _quantiles(figure, mode, fact, (left, right), base, bottom + 1 / len(STAGES) - gap)
    ticks: list[tuple[float, str]] = []
    for at, text in _TICKS:
        # nearer than an eighth of the width, two labels would touch on a narrow screen
        apart = all(abs(math.log10(at / other)) > (right - left) / 8 for other, _ in ticks)
        if left <= math.log10(at) <= right and apart:
            ticks.append((at, text))
    figure.update_xaxes(
        range=[left, right],
        tickvals=[math.log10(at) for at, _ in ticks],
        ticktext=[text for _, text in ticks],
        anchor=f"y{len(STAGES)}",
        showgrid=True,
        gridcolor=colours.rule,
        tickangle=0,
    )
    return figure


def _panel_words(figure: go.Figure, mode: Mode, stage: str, fact: dict | None, middle: float) -> None:
    """fact: n, median, p90; None where the stage is not recorded."""
    colours = palette(mode)
    n = fact["n"] or 0 if fact else 0
    if fact is None:
        lines = ["not recorded"]
    elif n >= wording.MINIMUM_N:
        lines = [f"half within {wording.duration(fact['median'])}", f"90 % within {wording.duration(fact['p90'])}", f"n {wording.count(n)}"]
    else:
        lines = [wording.TOO_FEW, f"n {wording.count(n)}"]
    figure.add_annotation(
        xref="paper",
        x=0,
        xanchor="left",
        xshift=-150,
        yref="paper",
        y=middle,
        yanchor="middle",
        showarrow=False,
        align="left",
        text=f"<b>{wording.stage_short(stage)}</b><br>" + "<br>".join(f"<span style='color:{colours.quiet_text}'>{line}</span>" for line in lines),
        font={"size": 12, "color": colours.text},
        hovertext=wording.stage_meaning(stage),
        captureevents=True,
    )


def _quantiles(figure: go.Figure, mode: Mode, fact: dict, ends: tuple[float, float], low: float, high: float) -> None:
    colours = palette(mode)
    left, right = ends
    for name, dash, word, to_left in (("median", "solid", "half", True), ("p90", "dash", "90 %", False)):
        if fact[name] is None:
            continue
        at = min(max(math.log10(max(fact[name], _SHORTEST)), left), right)
        figure.add_shape(type="line", x0=at, x1=at, yref="paper", y0=low, y1=high, line={"color": colours.text, "width": 1.4, "dash": dash})
        along = (at - left) / (right - left)
        anchor = "left" if along < 0.08 else "right" if to_left or along > 0.93 else "left"
        figure.add_annotation(
            x=at,
            xanchor=anchor,
            xshift=-2 if anchor == "right" else 2,
            yref="paper",
            y=high,
            yanchor="top",
            showarrow=False,
            text=word,
            font={"size": 11, "color": colours.text},
        )


def _said(row: dict, total: int) -> str:
    low, high = row["low"], row["high"]
    if high is None:
        span = f"over {wording.duration(low)}"
    elif low == 0:
        span = f"under {wording.duration(high)}"
    else:
        span = f"{wording.duration(low)} to {wording.duration(high)}"
    few = f" ({wording.TOO_FEW})" if total < wording.MINIMUM_N else ""
    return hover(
        f"<b>{wording.plural(row['n'], 'lead')}</b> stayed {span}", f"{wording.share(row['n'] / total)} of {wording.count(total)} that went on{few}"
    )


def time_in_stage_alt(summary: pl.DataFrame) -> str:
    """'Time in stage: half of 900 left MQL within 3 h 12 min and 90 % within 2.4 days; ...'"""
    said = [
        f"half of {wording.count(row['n'])} left {wording.stage_short(row['stage'])} within {wording.duration(row['median'])}"
        f" and 90 % within {wording.duration(row['p90'])}"
        for row in summary.iter_rows(named=True)
        if (row["n"] or 0) >= wording.MINIMUM_N
    ]
    return f"Time in stage: {'; '.join(said)}." if said else "Time in stage: too few to say."
