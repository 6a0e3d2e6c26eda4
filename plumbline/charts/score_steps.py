"""One lead's score over time: up with each act, fading between, against the threshold; when it qualified."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, safe, sheet, time_ticks
from plumbline.colours import Mode, faded, palette

HEIGHT = 320
_LABELS = 5  # acts named beside their dots
_APART = 0.11  # of the width: names nearer than that would overlap


def score_steps(
    line: pl.DataFrame,
    acts: pl.DataFrame,
    *,
    threshold: float,
    decided: datetime | None,
    unit: str = "points",
    mode: Mode = "light",
    zone: str = "UTC",
) -> go.Figure:
    """line: at (UTC), score, holds (whether all else that is asked holds; null: nothing else is asked), in order of time.

    acts: at, score (then), rise (what it added), said (in words). decided: when the lead qualified. unit: of the score.
    """
    if line.is_empty():
        return nothing(mode, HEIGHT, "The lead was not there yet.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=46, right=20, top=34, bottom=58)
    first, last = line["at"].min(), line["at"].max()
    room = max((last - first) * 0.02, timedelta(minutes=5))
    ends = (first - room, last + room)
    low, high = min(0.0, line["score"].min()), max(line["score"].max(), threshold, 1.0)
    span = high - low
    y_range = [low - 0.02 * span if low == 0 else low - 0.08 * span, high + 0.16 * span]
    if line["holds"].null_count() < line.height:
        _band(figure, mode, line, ends)
    figure.add_scatter(
        x=line["at"],
        y=line["score"],
        mode="lines",
        line={"color": colours.stages["mql"], "width": 2},
        fill="tozeroy",
        fillcolor=faded(colours.stages["mql"], 0.08),
        hovertext=[hover(f"<b>{wording.decimal(row['score'])}</b> {unit}", wording.instant(row["at"], zone)) for row in line.iter_rows(named=True)],
        hoverinfo="text",
    )
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=threshold, y1=threshold, line={"color": colours.quiet_text, "width": 1.4, "dash": "dash"}
    )
    figure.add_annotation(
        xref="paper",
        x=1,
        xanchor="right",
        y=threshold,
        yanchor="bottom",
        showarrow=False,
        text=f"{wording.decimal(threshold)} {unit} qualify",
        font={"size": 12, "color": colours.quiet_text},
    )
    if acts.height:
        figure.add_scatter(
            x=acts["at"],
            y=acts["score"],
            mode="markers",
            marker={"size": 9, "color": colours.stages["mql"], "line": {"width": 1.5, "color": colours.page}},
            hovertext=[
                hover(
                    f"<b>{safe(row['said'], 60)}</b>",
                    wording.instant(row["at"], zone),
                    f"{'+' if row['rise'] >= 0 else '−'}{wording.decimal(abs(row['rise']))} {unit}, now {wording.decimal(row['score'])}",
                )
                for row in acts.iter_rows(named=True)
            ],
            hoverinfo="text",
        )
        for row in _named(acts, ends[1] - ends[0], decided):
            near_end = (row["at"] - first) / (ends[1] - ends[0]) > 0.85
            figure.add_annotation(
                x=row["at"],
                y=row["score"],
                yanchor="bottom",
                yshift=6,
                xanchor="right" if near_end else "left",
                showarrow=False,
                text=safe(row["said"], 24),
                font={"size": 12, "color": colours.text},
                bgcolor=faded(colours.page, 0.75),
                borderpad=0,
            )
    if decided is not None:
        _decision(figure, mode, decided, ends, zone)
    ticks, texts = time_ticks(first, last)
    figure.update_xaxes(range=list(ends), tickvals=ticks, ticktext=texts, type="date", tickangle=0, ticklabelstandoff=9)
    figure.update_yaxes(
        range=y_range,
        tickvals=sorted({0.0, threshold, round(high)}) if high > 1.25 * threshold else sorted({0.0, threshold}),
        tickformat="~g",
        showgrid=True,
    )
    return figure


def _band(figure: go.Figure, mode: Mode, line: pl.DataFrame, ends: tuple[datetime, datetime]) -> None:
    """Under the axis: when all else that the definition asks was there. The score alone does not qualify."""
    colours = palette(mode)
    figure.add_shape(
        type="rect",
        x0=ends[0],
        x1=ends[1],
        yref="paper",
        y0=-0.005,
        y1=-0.035,
        line={"width": 0},
        fillcolor=faded(colours.comparison, 0.25),
        layer="below",
    )
    for begin, end in spans(line):
        figure.add_shape(type="rect", x0=begin, x1=end, yref="paper", y0=-0.005, y1=-0.035, line={"width": 0}, fillcolor=colours.reached)
    figure.add_annotation(
        xref="paper",
        x=0,
        xanchor="left",
        yref="paper",
        y=1,
        yanchor="bottom",
        showarrow=False,
        text="■ below: all else that is asked was there",
        font={"size": 12, "color": colours.reached},
    )


def spans(line: pl.DataFrame) -> list[tuple[datetime, datetime]]:
    """From when to when `holds` was so."""
    told: list[tuple[datetime, datetime]] = []
    begin = None
    for at, holds in line.select("at", "holds").iter_rows():
        if holds and begin is None:
            begin = at
        elif not holds and begin is not None:
            told.append((begin, at))
            begin = None
    return [*told, (begin, line["at"][-1])] if begin is not None else told


def _named(acts: pl.DataFrame, width: timedelta, decided: datetime | None) -> Sequence[dict]:
    """The acts that raised the score most, far enough apart for their words."""
    chosen: list[dict] = []
    for row in acts.filter(pl.col("rise") > 0).sort("rise", descending=True).iter_rows(named=True):
        if len(chosen) < _LABELS and all(abs(row["at"] - other["at"]) / width > _APART for other in chosen) and row["at"] != decided:
            chosen.append(row)
    return chosen


def _decision(figure: go.Figure, mode: Mode, decided: datetime, ends: tuple[datetime, datetime], zone: str) -> None:
    colours = palette(mode)
    is_late = (decided - ends[0]) / (ends[1] - ends[0]) > 0.6
    figure.add_shape(type="line", x0=decided, x1=decided, yref="paper", y0=0, y1=0.97, line={"color": colours.reached, "width": 1.6})
    figure.add_annotation(
        x=decided,
        yref="paper",
        y=0.99,
        yanchor="top",
        xanchor="right" if is_late else "left",
        xshift=-6 if is_late else 6,
        showarrow=False,
        text=f"<b>Qualified</b> {wording.instant(decided, zone)}",
        font={"size": 13, "color": colours.reached},
    )


def score_steps_alt(line: pl.DataFrame, acts: pl.DataFrame, threshold: float, decided: datetime | None, unit: str = "points") -> str:
    """'The score of one lead, 5 acts: at most 62 points against 60; qualified on 14 Mar 2026.'"""
    if line.is_empty():
        return "The lead was not there yet."
    most = line["score"].max()
    heights = f"at most {wording.decimal(most)} {unit} against {wording.decimal(threshold)}"
    return f"One lead over time, {wording.plural(acts.height, 'event')} that count: {heights}; " + (
        f"qualified on {wording.day(decided)}." if decided else "never qualified."
    )
