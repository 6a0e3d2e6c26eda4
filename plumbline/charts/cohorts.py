"""Conversion by the week of entry, with how sure it is, and where it is too early to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import cut_off, day_ticks, hover, mark_times, nothing, safe, share_ticks, sheet
from plumbline.colours import Mode, faded, palette
from plumbline.statistics import MINIMUM_N, wilson

HEIGHT = 330


def cohort_trend(
    cohorts: pl.DataFrame,
    stage: str,
    immature_from: date | None = None,
    *,
    mode: Mode = "light",
    history_begins: date | None = None,
    marks: Iterable[tuple[date, str]] = (),
    entered: str = "",
    done: str = "went on in time",
) -> go.Figure:
    """cohorts: the columns of funnel/cohorts; only the rows of `stage` are drawn (conversion from it to the next).

    entered, done: what a cohort did, and what the share of it did, for the hovers ("Entered MQL", "went on in time").

    immature_from: first day of entry that is not old enough; cohorts from there on, or with any immature lead, are hollow.
    history_begins: before this day the history is cut off; that time is shaded. marks: (day, words), numbered on the axis.
    customdata of a point: [stage, cohort as 2026-11-09].
    """
    rows = _rows(cohorts, stage, immature_from)
    colours = palette(mode)
    marks = list(marks)
    if rows.is_empty():
        return nothing(mode, HEIGHT, f"No lead entered {wording.stage_short(stage)} in these weeks.")
    hue = colours.stages.get(stage, colours.reached)
    step = _step(rows)
    first, last = rows["cohort"][0], rows["cohort"][-1]
    start, end = first, last + step
    figure = sheet(mode, HEIGHT, left=46, right=18, top=46 if marks else 30, bottom=44)
    solid = rows.filter((pl.col("look") == "solid") & pl.col("rate").is_not_null())
    for run in _runs(solid, step):
        x = _middles(run, step)
        if run.height == 1:
            figure.add_scatter(
                x=x * 2, y=[run["low"][0], run["high"][0]], mode="lines", line={"color": faded(hue, 0.7), "width": 1}, hoverinfo="skip"
            )
        figure.add_scatter(
            x=x + x[::-1],
            y=run["high"].to_list() + run["low"].to_list()[::-1],
            fill="toself",
            fillcolor=faded(hue, 0.16),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
        )
        figure.add_scatter(x=x, y=run["rate"].to_list(), mode="lines", line={"color": hue, "width": 2.2}, hoverinfo="skip")
    for look, symbol, colour in (("solid", "circle", hue), ("early", "circle-open", hue), ("few", "circle-open", colours.too_few)):
        points = rows.filter((pl.col("look") == look) & pl.col("rate").is_not_null())
        if points.is_empty():
            continue
        whiskers = {}
        if look != "solid":
            whiskers["error_y"] = {
                "type": "data",
                "symmetric": False,
                "array": (points["high"] - points["rate"]).to_list(),
                "arrayminus": (points["rate"] - points["low"]).to_list(),
                "color": faded(colour, 0.7),
                "thickness": 1,
                "width": 0,
            }
        figure.add_scatter(
            x=_middles(points, step),
            y=points["rate"].to_list(),
            mode="markers",
            marker={"size": 8 if look == "solid" else 9, "color": colour, "symbol": symbol, "line": {"width": 1.8, "color": colour}},
            customdata=[[stage, str(day)] for day in points["cohort"]],
            hovertext=[_said(row, entered or f"Entered {wording.stage_short(stage)}", done) for row in points.iter_rows(named=True)],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
            **whiskers,
        )
    values, texts, top = share_ticks(rows.filter(pl.col("rate").is_not_null()).select(pl.max_horizontal("rate", "high").max()).item() or 1.0)
    figure.update_yaxes(range=[0, top * 1.02], tickvals=values, ticktext=texts, showgrid=True)
    ticks, labels = day_ticks(rows["cohort"].to_list())
    figure.update_xaxes(range=[start, end], tickvals=ticks, ticktext=labels, type="date", ticklabelstandoff=6)
    _edges(figure, mode, immature_from, history_begins, start, end, above=16 if marks else 0)
    mark_times(figure, mode, [(day, what) for day, what in marks if start <= day <= end])
    return figure


def _edges(figure: go.Figure, mode: Mode, immature_from: date | None, history_begins: date | None, start: date, end: date, above: int) -> None:
    colours = palette(mode)
    if history_begins is not None and start < history_begins < end:
        figure.add_shape(
            type="rect", x0=start, x1=history_begins, y0=0, y1=1, yref="paper", layer="below", line_width=0, fillcolor=faded(colours.comparison, 0.18)
        )
        figure.add_annotation(
            x=history_begins,
            xanchor="left",
            xshift=4,
            y=0.98,
            yref="paper",
            yanchor="top",
            showarrow=False,
            bgcolor=colours.page,
            text=f"history begins here, {wording.day(history_begins)}",
            font={"size": 12, "color": colours.quiet_text},
        )
    if immature_from is not None and immature_from < end:
        at = max(immature_from, start)
        share_along = (at - start) / (end - start)
        cut_off(figure, mode, at, end, f"still in window from {wording.day(immature_from)} on", to_left=share_along > 0.4, above=above)


def _rows(cohorts: pl.DataFrame, stage: str, immature_from: date | None) -> pl.DataFrame:
    rows = cohorts.filter((pl.col("stage") == stage) & (pl.col("entered") > 0)).sort("cohort")
    n, k = rows["mature"].fill_null(0).to_numpy(), rows["converted"].fill_null(0).to_numpy()
    low, high = wilson(k, n)
    early = pl.col("mature") < pl.col("entered")
    if immature_from is not None:
        early = early | (pl.col("cohort") >= immature_from)
    return rows.with_columns(
        pl.Series("low", low, pl.Float64),
        pl.Series("high", high, pl.Float64),
        pl.when(pl.col("mature") > 0).then(pl.col("converted") / pl.col("mature")).alias("rate"),
        pl.when(pl.col("mature") < MINIMUM_N).then(pl.lit("few")).when(early).then(pl.lit("early")).otherwise(pl.lit("solid")).alias("look"),
    )


def _step(rows: pl.DataFrame) -> timedelta:
    gaps = rows["cohort"].diff().drop_nulls()
    return gaps.min() if len(gaps) and gaps.min() else timedelta(days=7)


def _middles(rows: pl.DataFrame, step: timedelta) -> list[datetime]:
    """A cohort stands for the whole of its week: its point is at the middle, so that a cut-off date falls beside it, not on it."""
    return [datetime.combine(day, time()) + step / 2 for day in rows["cohort"]]


def _runs(rows: pl.DataFrame, step: timedelta) -> list[pl.DataFrame]:
    """Stretches without a hole; a month may be up to 31 days after a February's 28."""
    if rows.is_empty():
        return []
    broken = (rows["cohort"].diff() > step * 1.2).fill_null(False).cum_sum()
    return rows.with_columns(broken.alias("run")).partition_by("run", maintain_order=True)


def _said(row: dict, entered_words: str, done: str) -> str:
    n, entered = row["mature"], row["entered"]
    waiting = entered - n
    return hover(
        f"{entered_words} from {wording.day(row['cohort'])}",
        f"<b>{wording.share(row['rate'])}</b> of {wording.count(n)} old enough {done}"
        + (f", {wording.share(row['low'])} to {wording.share(row['high'])} likely" if n >= MINIMUM_N else ""),
        "" if n >= MINIMUM_N else f"{wording.TOO_FEW}: under {MINIMUM_N}",
        f"{wording.count(waiting)} more entered too lately to count: their window is not over" if waiting > 0 else "",
    )


def cohort_trend_alt(cohorts: pl.DataFrame, stage: str, immature_from: date | None = None) -> str:
    """'Conversion from MQL by entry week: 62 % of 388 in the week of 3 Aug 2026, 58 % of 402 in the last week old enough, ...'"""
    rows = _rows(cohorts, stage, immature_from)
    name = safe(wording.stage_short(stage))
    solid = rows.filter(pl.col("look") == "solid")
    if solid.is_empty():
        return f"Conversion from {name} by entry week: no cohort is both old enough and of {MINIMUM_N} leads or more."
    first, last = solid.row(0, named=True), solid.row(-1, named=True)
    text = f"Conversion from {name} by time of entry: {wording.share_of(first['converted'], first['mature'])} from {wording.day(first['cohort'])}"
    if solid.height > 1:
        text += f", {wording.share_of(last['converted'], last['mature'])} from {wording.day(last['cohort'])}"
        text += f"; lowest {wording.share(solid['rate'].min())}, highest {wording.share(solid['rate'].max())}"
    return text + (f". From {wording.day(immature_from)} on leads are still in window." if immature_from else ".")
