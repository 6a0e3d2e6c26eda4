"""Entries by the date of each event (activity view): one small panel per stage, each from zero, never beside a conversion."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from itertools import pairwise

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import HATCH, count_top, day_ticks, hover, mark_times, nothing, sheet
from plumbline.colours import Mode, palette

PANEL = 74
STAGES = ("mql", "sal", "sql", "opportunity", "won")
HEIGHT = PANEL * len(STAGES) + 60


def flow_trend(
    flow: pl.DataFrame,
    *,
    mode: Mode = "light",
    partial_from: date | None = None,
    marks: Iterable[tuple[date, str]] = (),
    hidden: Collection[str] = (),
) -> go.Figure:
    """flow: the columns of funnel/flow (period, stage, entries). partial_from: periods from this day on are not over, drawn hatched.
    hidden: stages that no event records; their panel says so.

    customdata of a point: [stage, period as 2026-11-09]. Weeks without a row are nought.
    """
    rows = flow.filter(pl.col("stage").is_in(STAGES))
    if rows.is_empty():
        return nothing(mode, HEIGHT, "Nothing happened in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=112, right=52, top=20, bottom=40)
    periods = sorted(set(rows["period"]))
    step = min((b - a for a, b in pairwise(periods)), default=timedelta(days=7))
    start, end = periods[0] - step / 2, periods[-1] + step / 2
    gap = 0.16 / len(STAGES)
    for place, stage in enumerate(STAGES):
        low = 1 - (place + 1) / len(STAGES)
        axis = f"y{place + 1 if place else ''}"
        is_hidden = stage in hidden
        own = {row["period"]: row["entries"] or 0 for row in rows.filter(pl.col("stage") == stage).iter_rows(named=True)}
        values = [own.get(period, 0) for period in periods]
        top = count_top(max(values))
        hue = colours.stages[stage]
        unfinished = [partial_from is not None and period >= partial_from for period in periods]
        figure.add_bar(
            x=[] if is_hidden else periods,
            y=[] if is_hidden else values,
            yaxis=axis,
            width=step / timedelta(milliseconds=1) * 0.72,
            marker={
                "color": hue,
                "pattern": HATCH | {"shape": ["/" if u else "" for u in unfinished], "fgcolor": hue, "bgcolor": colours.page},
                "line": {"width": [1 if u else 0 for u in unfinished], "color": hue},
            },
            customdata=[] if is_hidden else [[stage, str(period)] for period in periods],
            hovertext=[
                hover(
                    f"<b>{wording.count(value)}</b> reached {wording.stage_short(stage)}",
                    f"from {wording.day(period)}",
                    "not over yet" if early else "",
                )
                for period, value, early in ([] if is_hidden else zip(periods, values, unfinished, strict=True))
            ],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
        )
        figure.update_layout(
            {
                f"yaxis{place + 1 if place else ''}": {
                    "domain": [low + (gap if place < len(STAGES) - 1 else 0.0), low + 1 / len(STAGES) - gap],
                    "range": [0, top * 1.02],
                    "visible": False,
                    "fixedrange": True,
                    "anchor": "x",
                }
            }
        )
        middle = low + 0.5 / len(STAGES)
        bottom, head = low + (gap if place < len(STAGES) - 1 else 0.0), low + 1 / len(STAGES) - gap
        for y in (bottom, head):
            figure.add_shape(type="line", xref="paper", x0=0, x1=1, yref="paper", y0=y, y1=y, layer="below", line={"color": colours.rule, "width": 1})
        figure.add_annotation(
            xref="paper",
            x=1,
            xanchor="left",
            xshift=5,
            yref="paper",
            y=head,
            yanchor="middle",
            showarrow=False,
            text="" if is_hidden else wording.short_count(top),
            font={"size": 11, "color": colours.quiet_text},
        )
        full = [value for value, early in zip(values, unfinished, strict=True) if not early]
        mean = "not recorded" if is_hidden else f"{wording.short_count(sum(full) / len(full)) if full else wording.ABSENT} a {_grain(step)}"
        label = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": -112, "yref": "paper", "y": middle, "yanchor": "middle"}
        figure.add_annotation(
            **label,
            showarrow=False,
            align="left",
            text=f"<b>{wording.stage_short(stage)}</b><br>{mean}",
            font={"size": 12, "color": colours.text},
            hovertext=wording.stage_meaning(stage),
            captureevents=True,
        )
    ticks, texts = day_ticks(periods)
    figure.update_xaxes(range=[start, end], tickvals=ticks, ticktext=texts, anchor=f"y{len(STAGES)}", type="date")
    mark_times(figure, mode, [(day, what) for day, what in marks if start <= day <= end])
    return figure


def _grain(step: timedelta) -> str:
    return {1: "day", 7: "week"}.get(step.days, "month" if 27 < step.days < 32 else "period")


def flow_trend_alt(flow: pl.DataFrame, hidden: Collection[str] = ()) -> str:
    """'Entries by date: 1,049 MQL, 651 SAL, ...; from 3 Aug 2026 to 9 Nov 2026.'"""
    rows = flow.filter(pl.col("stage").is_in(STAGES))
    if rows.is_empty():
        return "Entries by date: nothing happened in this period."
    sums = dict(rows.group_by("stage").agg(pl.col("entries").sum()).iter_rows())
    said = [f"{wording.count(sums[stage])} {wording.stage_short(stage)}" for stage in STAGES if stage in sums and stage not in hidden]
    span = f"{wording.day(rows['period'].min())} to {wording.day(rows['period'].max())}"
    return f"Entries by the date of each event: {wording.listing(said)}; periods from {span}."
