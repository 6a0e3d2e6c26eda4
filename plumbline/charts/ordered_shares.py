"""Shares of groups that have an order of their own (few to many open leads): a dot with its interval each, in that order."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, safe, share_ticks, sheet
from plumbline.colours import Mode, faded, palette
from plumbline.statistics import MINIMUM_N, wilson

_ROW = 34


def ordered_shares(rows: pl.DataFrame, *, mode: Mode = "light", done: str = "tried in time") -> go.Figure:
    """rows, drawn in their order: value (words), k, n. done: what the share did, for the hover. customdata of a point: [value]."""
    height = _ROW * max(rows.height, 2) + 44
    if rows.is_empty() or not rows["n"].sum():
        return nothing(mode, height, "No lead old enough to judge in this period.")
    colours = palette(mode)
    figure = sheet(mode, height, left=206, right=112, top=30, bottom=6)
    low, high = wilson(rows["k"].to_numpy(), rows["n"].to_numpy())
    rates = [k / n if n else None for k, n in rows.select("k", "n").iter_rows()]
    values, texts, top = share_ticks(
        max([float(h) for h, n in zip(high, rows["n"], strict=True) if n >= MINIMUM_N] + [r for r in rates if r] + [0.05])
    )
    for value in values:
        figure.add_shape(type="line", x0=value, x1=value, y0=-0.6, y1=rows.height - 0.4, line={"color": colours.rule, "width": 1}, layer="below")
    for place, row in enumerate(rows.iter_rows(named=True)):
        few = row["n"] < MINIMUM_N
        hue = colours.too_few if few else colours.reached
        label = safe(row["value"], 32)
        side = {"yref": "y", "y": place, "xref": "paper", "showarrow": False}
        figure.add_annotation(
            **side, x=0, xanchor="right", xshift=-10, text=label, font={"size": 13, "color": colours.quiet_text if few else colours.text}
        )
        told = "too few" if few else f"<b>{wording.share(rates[place])}</b>"
        figure.add_annotation(
            **side, x=1, xanchor="left", xshift=10, text=told, font={"size": 13, "color": colours.quiet_text if few else colours.text}
        )
        figure.add_annotation(
            **side, x=1, xanchor="right", xshift=112, text=f"n {wording.short_count(row['n'])}", font={"size": 12, "color": colours.quiet_text}
        )
        if rates[place] is None:
            continue
        figure.add_scatter(
            x=[float(low[place]), min(float(high[place]), top)],
            y=[place, place],
            mode="lines",
            line={"width": 1 if few else 2, "color": faded(hue, 0.55)},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[rates[place]],
            y=[place],
            mode="markers",
            marker={"size": 11, "symbol": "circle-open" if few else "circle", "color": hue, "line": {"width": 1.8, "color": hue}},
            customdata=[[row["value"]]],
            hovertext=[
                hover(
                    f"<b>{label}</b>",
                    f"{wording.share(rates[place])} of {wording.count(row['n'])} {done}",
                    f"{wording.TOO_FEW}: under {MINIMUM_N}"
                    if few
                    else f"{wording.share(float(low[place]))} to {wording.share(float(high[place]))} likely",
                )
            ],
            hoverinfo="text",
            cliponaxis=False,
            unselected={"marker": {"opacity": 0.65}},
        )
    figure.update_xaxes(range=[-0.01 * top, top * 1.01], tickvals=values, ticktext=texts, side="top")
    figure.update_yaxes(range=[rows.height - 0.4, -0.6], visible=False)
    return figure


def ordered_shares_alt(rows: pl.DataFrame, *, done: str = "tried in time") -> str:
    """'tried in time: 0 to 4 open leads 31 % of 210; ...'"""
    told = [f"{wording.shortened(row['value'], 40)} {wording.share_of(row['k'], row['n'])}" for row in rows.iter_rows(named=True) if row["n"]]
    return f"{wording.words(done)}: {'; '.join(told)}." if told else "No lead old enough to judge in this period."
