"""What each threshold would do: how many it hands over, how many of those known were accepted, how high leads scored."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import count_top, hover, legend_above, nothing, share_ticks, sheet
from plumbline.colours import Mode, faded, palette

HEIGHT = 240
_MINIMUM = wording.MINIMUM_N


def threshold_volume(rows: pl.DataFrame, own: float, before: float, weeks: float, *, mode: Mode = "light", was: str = "before") -> go.Figure:
    """rows: threshold, qualified, no_outcome of a sweep. own: the draft's threshold; before: handed over a week, and `was` its word;
    weeks: in the period.

    customdata of a point: [threshold].
    """
    if rows.is_empty() or not weeks:
        return nothing(mode, HEIGHT, "Nothing to draw: the draft has no score.")
    colours = palette(mode)
    figure = _frame(mode, rows, own)
    per_week = (rows["qualified"] / weeks).to_list()
    unknown = (rows["no_outcome"] / weeks).to_list()
    top = count_top(max([*per_week, before]))
    figure.add_scatter(
        x=rows["threshold"],
        y=per_week,
        mode="lines",
        line={"color": colours.reached, "width": 2.5},
        name="Handed over a week",
        customdata=[[value] for value in rows["threshold"]],
        hovertext=[
            hover(
                f"<b>Threshold {wording.decimal(row['threshold'])}</b>",
                f"{wording.decimal(a)} leads a week",
                f"{wording.decimal(b)} of them never offered to sales" if b else "",
            )
            for row, a, b in zip(rows.to_dicts(), per_week, unknown, strict=True)
        ],
        hoverinfo="text",
    )
    figure.add_scatter(
        x=rows["threshold"],
        y=unknown,
        mode="lines",
        line={"color": colours.quiet_text, "width": 1.4, "dash": "dot"},
        name="of them never offered to sales",
        hoverinfo="skip",
    )
    _level(figure, mode, before, f"{was}: {wording.decimal(before)} a week")
    figure.layout.yaxis.update(
        range=[0, top * 1.03], tickvals=[0, top / 2, top], ticktext=[wording.short_count(v) for v in (0, top / 2, top)], showgrid=True
    )
    legend_above(figure, mode)
    return figure


def threshold_volume_alt(rows: pl.DataFrame, own: float, weeks: float) -> str:
    row = _at(rows, own)
    if row is None or not weeks:
        return "The draft has no score."
    return f"At the threshold of {wording.decimal(own)} the draft hands over {wording.decimal(row['qualified'] / weeks)} leads a week."


def threshold_acceptance(
    rows: pl.DataFrame, own: float, before: float | None, promised: float, *, mode: Mode = "light", was: str = "before"
) -> go.Figure:
    """rows: threshold, acceptance, acceptance_low, acceptance_high, judged of a sweep. customdata of a point: [threshold]."""
    told = rows.filter((pl.col("judged") >= _MINIMUM) & pl.col("acceptance").is_not_null())
    if told.is_empty():
        return nothing(mode, HEIGHT, "Too few leads with a known outcome to draw acceptance.")
    colours = palette(mode)
    figure = _frame(mode, rows, own)
    figure.add_scatter(
        x=[*told["threshold"], *told["threshold"].reverse()],
        y=[*told["acceptance_high"], *told["acceptance_low"].reverse()],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=faded(colours.reached, 0.18),
        name="95 % interval",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=told["threshold"],
        y=told["acceptance"],
        mode="lines",
        line={"color": colours.reached, "width": 2.5},
        name="Accepted, of those known",
        customdata=[[value] for value in told["threshold"]],
        hovertext=[
            hover(
                f"<b>Threshold {wording.decimal(row['threshold'])}</b>",
                f"{wording.share_of(row['is_accepted'], row['judged'])} known were accepted in time",
            )
            for row in told.to_dicts()
        ],
        hoverinfo="text",
    )
    ticks, texts, top = share_ticks(max(told["acceptance_high"].max(), promised))
    _level(figure, mode, promised, f"promised: {wording.share(promised)}")
    if before is not None and abs(before - promised) > 0.04:
        _level(figure, mode, before, f"{was}: {wording.share(before)}", is_below=told["acceptance"][-1] >= before)
    figure.layout.yaxis.update(range=[0, top * 1.02], tickvals=ticks, ticktext=texts, showgrid=True)
    legend_above(figure, mode)
    return figure


def threshold_acceptance_alt(rows: pl.DataFrame, own: float) -> str:
    row = _at(rows, own)
    if row is None or row["judged"] < _MINIMUM:
        return "Too few leads with a known outcome to say how acceptance moves with the threshold."
    return f"At the threshold of {wording.decimal(own)}, {wording.share_of(row['is_accepted'], row['judged'])} known were accepted in time."


def score_heights(
    edges: Sequence[float], sql: Sequence[int], others: Sequence[int], own: float, *, mode: Mode = "light", became: str = "became SQL"
) -> go.Figure:
    """Two histograms under one threshold: how high the leads scored that went well, and those that did not. edges: one more than bars.

    became: what those that went well did.
    """
    n_sql, n_others = sum(sql), sum(others)
    if n_sql < _MINIMUM or n_others < _MINIMUM:
        return nothing(mode, HEIGHT, "Too few leads with a known outcome to compare their scores.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=46, right=16, top=40, bottom=40)
    middles = [(a + b) / 2 for a, b in itertools.pairwise(edges)]
    for values, n, name, colour in ((sql, n_sql, became, colours.reached), (others, n_others, "did not", colours.lost)):
        figure.add_scatter(
            x=middles,
            y=[value / n for value in values],
            mode="lines",
            line={"color": colour, "width": 2, "shape": "hvh"},
            fill="tozeroy",
            fillcolor=faded(colour, 0.16),
            name=f"{wording.words(name)} ({wording.count(n)})",
            hovertext=[
                hover(
                    f"<b>{wording.share(value / n)}</b> of those who {name}", f"scored {wording.decimal(a)} to {wording.decimal(b)} at their height"
                )
                for value, a, b in zip(values, edges, edges[1:], strict=False)
            ],
            hoverinfo="text",
        )
    ticks, texts, top = share_ticks(max(max(sql) / n_sql, max(others) / n_others))
    figure.layout.yaxis.update(range=[0, top * 1.02], tickvals=ticks, ticktext=texts, showgrid=True)
    figure.layout.xaxis.update(title={"text": "highest score", "font": {"size": 12}, "standoff": 4}, nticks=8)
    _own(figure, mode, own)
    legend_above(figure, mode)
    return figure


def score_heights_alt(edges: Sequence[float], sql: Sequence[int], others: Sequence[int], *, became: str = "became SQL") -> str:
    def mean(values: Sequence[int]) -> float:
        return sum(v * (a + b) / 2 for v, a, b in zip(values, edges, edges[1:], strict=False)) / max(1, sum(values))

    return f"Leads that {became} scored {wording.decimal(mean(sql))} on average at their height, the others {wording.decimal(mean(others))}."


def _frame(mode: Mode, rows: pl.DataFrame, own: float) -> go.Figure:
    figure = sheet(mode, HEIGHT, left=46, right=16, top=40, bottom=40)
    figure.layout.xaxis.update(
        title={"text": "threshold", "font": {"size": 12}, "standoff": 4}, nticks=8, range=[rows["threshold"].min(), rows["threshold"].max()]
    )
    _own(figure, mode, own)
    return figure


def _own(figure: go.Figure, mode: Mode, own: float) -> None:
    colours = palette(mode)
    figure.layout.shapes = [
        {"type": "line", "x0": own, "x1": own, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": colours.text, "width": 1.4}},
        *figure.layout.shapes,
    ]
    figure.layout.annotations = [
        {
            "x": own,
            "y": 1,
            "yref": "paper",
            "yanchor": "top",
            "xanchor": "left",
            "xshift": 4,
            "showarrow": False,
            "text": f"draft: {wording.decimal(own)}",
            "font": {"size": 12, "color": colours.text},
        },
        *figure.layout.annotations,
    ]


def _level(figure: go.Figure, mode: Mode, at: float, text: str, is_below: bool = False) -> None:
    colours = palette(mode)
    line = {"color": colours.comparison, "width": 1.4, "dash": "dash"}
    figure.layout.shapes = [*figure.layout.shapes, {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": line}]
    figure.layout.annotations = [
        *figure.layout.annotations,
        {
            "xref": "paper",
            "x": 1,
            "xanchor": "right",
            "y": at,
            "yanchor": "top" if is_below else "bottom",
            "showarrow": False,
            "text": text,
            "font": {"size": 12, "color": colours.quiet_text},
        },
    ]


def _at(rows: pl.DataFrame, own: float) -> dict | None:
    found = rows.filter(pl.col("threshold") == own).to_dicts()
    return found[0] if found else None
