"""How much more often leads convert that were tried by a moment than those still waiting then: crude, among alike leads, weighted."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, sheet
from plumbline.colours import Mode, faded, palette

_ROW = 62
WAYS = {"crude": "as they are", "standardised": "among alike leads", "weighted": "weighted to be alike"}


def associations(rows: pl.DataFrame, *, mode: Mode = "light") -> go.Figure:
    """rows: limit (words), way (crude, standardised, weighted), difference, low, high (shares; empty where refused), n, note (why refused).

    One block a limit, one dot a way. Zero is drawn; whatever crosses it may be chance. No clicks.
    """
    limits = rows["limit"].unique(maintain_order=True).to_list()
    height = _ROW * max(len(limits), 1) + 48
    if rows.is_empty() or rows["difference"].null_count() == rows.height:
        return nothing(mode, height, "Too few leads in both groups to compare.")
    colours = palette(mode)
    figure = sheet(mode, height, left=104, right=226, top=32, bottom=6)
    known = rows.filter(pl.col("difference").is_not_null())
    low, high = min(0.0, known["low"].min()), max(0.0, known["high"].max())
    step = next(s for s in (0.02, 0.05, 0.1, 0.2, 0.25) if (high - low) / s <= 5)
    first, last = int(low / step - 0.999), int(high / step + 0.999)
    values = [round(i * step, 3) for i in range(first, last + 1)]
    for value in values:
        is_zero = abs(value) < 1e-9
        line = {"color": colours.quiet_text if is_zero else colours.rule, "width": 1.3 if is_zero else 1}
        figure.add_shape(type="line", x0=value, x1=value, y0=-0.6, y1=len(limits) - 0.4, line=line, layer="below")
    hues = {"crude": colours.comparison, "standardised": colours.reached, "weighted": colours.stages["sal"]}
    for place, limit in enumerate(limits):
        figure.add_annotation(
            xref="paper", x=0, xanchor="right", xshift=-12, y=place, showarrow=False, text=f"<b>tried within</b><br>{limit}", align="right",
            font={"size": 13},
        )  # fmt: skip
        for row in rows.filter(pl.col("limit") == limit).iter_rows(named=True):
            y = place + {"crude": -0.27, "standardised": 0.0, "weighted": 0.27}[row["way"]]
            hue = hues[row["way"]]
            side = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": y, "showarrow": False}
            if row["difference"] is None:
                figure.add_annotation(**side, text=f"{WAYS[row['way']]}: {row['note']}", font={"size": 12, "color": colours.quiet_text})
                continue
            text_hue = colours.quiet_text if row["way"] == "crude" else hue
            figure.add_annotation(**side, text=f"<b>{_points(row['difference'])}</b> {WAYS[row['way']]}", font={"size": 12, "color": text_hue})
            figure.add_scatter(x=[row["low"], row["high"]], y=[y, y], mode="lines", line={"color": faded(hue, 0.6), "width": 2}, hoverinfo="skip")
            figure.add_scatter(
                x=[row["difference"]],
                y=[y],
                mode="markers",
                marker={"size": 10, "color": hue},
                hovertext=[
                    hover(
                        f"<b>{_points(row['difference'])}</b>, {WAYS[row['way']]}",
                        f"{_points(row['low'])} to {_points(row['high'])} likely, n {wording.count(row['n'])}",
                        "may be chance" if row["low"] <= 0 <= row["high"] else "",
                    )
                ],
                hoverinfo="text",
            )
    figure.update_xaxes(range=[values[0], values[-1]], tickvals=values, ticktext=[_tick(value) for value in values], side="top", tickangle=0)
    figure.update_yaxes(range=[len(limits) - 0.4, -0.6], visible=False)
    return figure


def _tick(value: float) -> str:
    return "no difference" if abs(value) < 1e-9 else _points(value)


def _points(value: float) -> str:
    told = wording.points(value)
    return "0 points" if told == "no change" else told


def associations_alt(rows: pl.DataFrame) -> str:
    """'Leads tried within 1 h convert +6 points more often as they are, +4 points among alike leads; ...'"""
    told = []
    for limit in rows["limit"].unique(maintain_order=True):
        own = rows.filter((pl.col("limit") == limit) & pl.col("difference").is_not_null())
        if own.height:
            said = [f"{_points(row['difference'])} {WAYS[row['way']]}" for row in own.iter_rows(named=True)]
            told.append(f"tried within {limit}: {', '.join(said)}")
    return f"Difference in conversion, an association: {'; '.join(told)}." if told else "Too few leads in both groups to compare."
