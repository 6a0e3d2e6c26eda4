"""Counts of each week or month in a few kinds that stay in one order: stacked bars, the kinds named beside the last one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import HATCH, count_top, day_ticks, hover, nothing, sheet, spread
from plumbline.colours import Mode, category, palette

HEIGHT = 310
_TOP, _BOTTOM, _ROOM = 14, 44, 196
_LINE = 19  # pixels between two names
REST, NONE = -1, -2  # kinds without a colour of their own: the rest in grey, what was not recorded hollow


@dataclass(frozen=True)
class Kind:
    """What one part of a bar stands for: its words, and the place of its colour among the categories (or REST, NONE)."""

    words: str
    place: int


def stacked_periods(
    rows: pl.DataFrame, kinds: Mapping[str, Kind], *, mode: Mode = "light", is_month: bool = True, cut: Collection[date] = ()
) -> go.Figure:
    """rows: period (first day), kind, n; periods between without a row are nought. kinds: in the order from the bottom up.

    cut: periods that are not whole, drawn hatched. customdata of a part: [kind, period as 2026-11-01].
    """
    if rows.is_empty():
        return nothing(mode, HEIGHT, "None in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=40, right=_ROOM, top=_TOP, bottom=_BOTTOM)
    periods = _periods(rows["period"].min(), rows["period"].max(), is_month)
    days = 30.4 if is_month else 7
    counts = {(row["kind"], row["period"]): row["n"] for row in rows.iter_rows(named=True)}
    totals = dict(rows.group_by("kind").agg(pl.col("n").sum()).iter_rows())
    base = [0] * len(periods)
    middles: list[float] = []
    for name, kind in kinds.items():
        values = [counts.get((name, period), 0) for period in periods]
        hue = colours.comparison if kind.place < 0 else category(mode, kind.place)
        figure.add_bar(
            x=[period + timedelta(days=days / 2 - 0.5) for period in periods],
            y=values,
            base=list(base),
            width=days * 0.78 * 86_400_000,
            marker=_look(mode, hue, kind, [period in cut for period in periods]),
            customdata=[[name, str(period)] for period in periods],
            hovertext=[
                hover(f"<b>{wording.count(value)}</b> {kind.words}", _when(period, is_month), "not a whole period" if period in cut else "")
                for value, period in zip(values, periods, strict=True)
            ],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
        )
        middles.append(base[-1] + values[-1] / 2)
        base = [low + value for low, value in zip(base, values, strict=True)]
    top = count_top(max(base))
    gap = _LINE * top / (HEIGHT - _TOP - _BOTTOM)
    for (name, kind), y in zip(kinds.items(), spread(middles, gap, gap / 2, top - gap / 2), strict=True):
        hue = colours.comparison if kind.place < 0 else category(mode, kind.place)
        sign = "□" if kind.place == NONE else "■"
        figure.add_annotation(
            xref="paper", x=1, xanchor="left", xshift=6, y=y, yanchor="middle", showarrow=False, align="left",
            text=f'<span style="color:{hue}">{sign}</span> {kind.words} <b>{wording.count(totals.get(name, 0))}</b>',
            font={"size": 12, "color": colours.text},
        )  # fmt: skip
    shown, texts = _month_ticks(periods) if is_month else day_ticks(periods)
    figure.layout.barmode = "overlay"
    figure.update_xaxes(
        range=[periods[0] - timedelta(days=1), periods[-1] + timedelta(days=days)],
        tickvals=[day + timedelta(days=days / 2 - 0.5) for day in shown],
        ticktext=texts,
        type="date",
    )
    marks = [0, top / 2, top] if top >= 2 else [0, top]
    figure.update_yaxes(range=[0, top * 1.02], tickvals=marks, ticktext=[wording.short_count(value) for value in marks], showgrid=True)
    return figure


def stacked_periods_alt(rows: pl.DataFrame, kinds: Mapping[str, Kind]) -> str:
    """'388 in all: 210 wrong target, 44 cannot pay, ...; from 1 Dec 2025 to 1 Nov 2026.'"""
    if rows.is_empty():
        return "None in this period."
    totals = dict(rows.group_by("kind").agg(pl.col("n").sum()).iter_rows())
    told = ", ".join(f"{wording.count(totals[name])} {kind.words}" for name, kind in kinds.items() if totals.get(name))
    return (
        f"{wording.count(rows['n'].sum())} in all: {told}; periods from {wording.day(rows['period'].min())} to {wording.day(rows['period'].max())}."
    )


def _look(mode: Mode, hue: str, kind: Kind, is_cut: list[bool]) -> dict:
    page = palette(mode).page
    if kind.place == NONE:
        return {"color": page, "line": {"width": 1.4, "color": hue}}
    shapes = ["/" if cut else "" for cut in is_cut]
    return {"color": hue, "pattern": HATCH | {"shape": shapes, "fgcolor": hue, "bgcolor": page}, "line": {"width": 1, "color": page}}


def _periods(first: date, last: date, is_month: bool) -> list[date]:
    found = [first]
    while found[-1] < last:
        found.append(_next_month(found[-1]) if is_month else found[-1] + timedelta(days=7))
    return found


def _next_month(day: date) -> date:
    return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)


def _when(period: date, is_month: bool) -> str:
    return f"{period:%B} {period.year}" if is_month else wording.week(period)


def _month_ticks(periods: list[date]) -> tuple[list[date], list[str]]:
    """A few of the months, the last one among them; the year at the first and where it changes."""
    step = -(-len(periods) // 12)
    chosen = periods[::-1][::step][::-1]
    is_new = [place == 0 or day.year != chosen[place - 1].year for place, day in enumerate(chosen)]
    return chosen, [f"{day:%b}<br>{day.year}" if new else f"{day:%b}" for day, new in zip(chosen, is_new, strict=True)]
