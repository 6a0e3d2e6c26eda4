"""What open leads should bring, by group: bars from zero to the number expected, with a whisker over the numbers that are likely."""

from __future__ import annotations

import math

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import count_top, hover, nothing, safe, sheet
from plumbline.colours import Mode, faded, palette

_ROW = 38


def expected_ahead(rows: pl.DataFrame, *, mode: Mode = "light", what: str = "SQLs") -> go.Figure:
    """rows, drawn in their order: name (words), key, open, expected, low, high. what: what is expected. customdata of a bar: [key]."""
    height = _ROW * max(rows.height, 2) + 44
    if rows.is_empty():
        return nothing(mode, height, "No open lead with these filters.")
    colours = palette(mode)
    figure = sheet(mode, height, left=206, right=120, top=30, bottom=6)
    largest = max(float(rows["high"].max()), 1.0)
    step = next(one for one in (count_top(largest / part) for part in (5, 4, 3, 2, 1)) if one == int(one) and one not in (3, 4, 6, 8))
    top = step * math.ceil(largest / step)
    ticks = [step * part for part in range(round(top / step) + 1)]
    for tick in ticks:
        figure.add_shape(type="line", x0=tick, x1=tick, y0=-0.6, y1=rows.height - 0.4, line={"color": colours.rule, "width": 1}, layer="below")
    places = list(range(rows.height))
    figure.add_bar(
        x=rows["expected"].to_list(),
        y=places,
        orientation="h",
        width=0.46,
        marker={"color": faded(colours.reached, 0.75), "line": {"width": 0}},
        customdata=[[key] for key in rows["key"]],
        hovertext=[_hover(row, what) for row in rows.iter_rows(named=True)],
        hoverinfo="text",
        textposition="none",
        unselected={"marker": {"opacity": 0.65}},
    )
    for place, row in enumerate(rows.iter_rows(named=True)):
        figure.add_scatter(
            x=[row["low"], row["high"]],
            y=[place, place],
            mode="lines+markers",
            line={"width": 1.6, "color": colours.text},
            marker={"symbol": "line-ns-open", "size": 9, "color": colours.text},
            hoverinfo="skip",
        )
        side = {"yref": "y", "y": place, "xref": "paper", "showarrow": False}
        figure.add_annotation(
            **side, x=0, xanchor="right", xshift=-10, yshift=8, text=safe(row["name"], 26), font={"size": 13, "color": colours.text}
        )
        figure.add_annotation(
            **side, x=0, xanchor="right", xshift=-10, yshift=-8, text=f"{wording.short_count(row['open'])} open",
            font={"size": 12, "color": colours.quiet_text},
        )  # fmt: skip
        figure.add_annotation(**side, x=1, xanchor="left", xshift=10, text=f"<b>{span(row['low'], row['high'])}</b>", font={"size": 13})
    figure.update_xaxes(range=[0, top * 1.005], tickvals=ticks, ticktext=[wording.short_count(tick) for tick in ticks], side="top")
    figure.update_yaxes(range=[rows.height - 0.4, -0.6], visible=False)
    return figure


def span(low: int, high: int) -> str:
    """'96 to 131', 'none' where none is likely."""
    if high == 0:
        return "none"
    return wording.count(low) if low == high else f"{wording.count(low)} to {wording.count(high)}"


def _hover(row: dict, what: str) -> str:
    return hover(
        f"<b>{safe(row['name'])}</b>",
        f"{wording.plural(row['open'], 'open lead')}: {span(row['low'], row['high'])} {what} likely",
        f"{wording.decimal(row['expected'])} on average",
    )


def expected_ahead_alt(rows: pl.DataFrame, *, what: str = "SQLs") -> str:
    """'SQLs to come: MQL 41 to 60 from 300 open; ...'"""
    told = [f"{wording.shortened(row['name'], 40)} {span(row['low'], row['high'])} from {wording.count(row['open'])} open" for row in rows.to_dicts()]
    return f"{what} to come: {'; '.join(told)}." if told else "No open lead with these filters."
