"""A prediction beside what came, all figures on one axis: as a share of what was foretold."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, safe, sheet
from plumbline.colours import Mode, faded, palette

_ROW, _LEFT, _RIGHT = 46, 178, 150
_JUDGED = ("inside", "near", "above", "below")


def foretold(rows: pl.DataFrame, *, mode: Mode = "light") -> go.Figure:
    """rows: figure (its name), said, low, high, came, came_low, came_high (null: none), verdict, told (in words), label (what came), in order.

    The signed interval is a grey band, what came a dot with its own interval; too early: hollow, without a dot where nothing came yet.
    """
    shown = rows.filter(pl.col("said") > 0)
    if shown.is_empty():
        return nothing(mode, 120, "Nothing was foretold that can be held against what came.")
    colours = palette(mode)
    figure = sheet(mode, _ROW * shown.height + 58, left=_LEFT, right=_RIGHT, top=8, bottom=44)
    ends = [1.0]
    for place, row in enumerate(shown.iter_rows(named=True)):
        y, said = -place, row["said"]
        part = {name: None if row[name] is None else row[name] / said for name in ("low", "high", "came", "came_low", "came_high")}
        ends += [value for value in part.values() if value is not None]
        if part["low"] is not None and part["high"] is not None:
            band = {"type": "rect", "layer": "below", "x0": part["low"], "x1": part["high"], "y0": y - 0.26, "y1": y + 0.26, "line": {"width": 0}}
            figure.add_shape(**band, fillcolor=faded(colours.comparison, 0.38))
        is_judged = row["verdict"] in _JUDGED
        hue = {"above": colours.lost, "below": colours.lost, "inside": colours.reached, "near": colours.quiet_text}.get(
            row["verdict"], colours.too_few
        )
        told = hover(f"<b>{safe(row['figure'])}</b>", safe(row["told"]))
        if part["came"] is not None:
            whisker = None
            if part["came_low"] is not None and part["came_high"] is not None:
                whisker = {
                    "type": "data", "symmetric": False, "array": [part["came_high"] - part["came"]],
                    "arrayminus": [part["came"] - part["came_low"]], "color": hue, "thickness": 1.4, "width": 4,
                }  # fmt: skip
            figure.add_scatter(
                x=[part["came"]], y=[y], mode="markers", error_x=whisker, hovertext=[told], hoverinfo="text",
                marker={"size": 11, "color": hue, "symbol": "circle" if is_judged else "circle-open", "line": {"width": 2, "color": hue}},
            )  # fmt: skip
        for x, anchor, text, ink in ((0, "right", row["figure"], colours.text), (1, "left", row["label"], hue if is_judged else colours.quiet_text)):
            figure.add_annotation(
                x=x, xref="paper", xanchor=anchor, xshift=-10 if x == 0 else 10, y=y, showarrow=False, align=anchor if x else "right",
                text="<br>".join(safe(line) for line in str(text).split("\n")), font={"size": 13 if x == 0 else 12, "color": ink},
            )  # fmt: skip
    low, high = min(0.5, min(ends) - 0.05), max(1.3, max(ends) + 0.05)
    step = next(one for one in (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 50.0, 100.0, max(1.0, high)) if (high - low) / one <= 6)
    ticks = [round(n * step, 4) for n in range(int(high / step) + 1) if n * step >= low]
    figure.add_shape(type="line", x0=1, x1=1, y0=-shown.height + 0.5, y1=0.5, line={"color": colours.text, "width": 1.2})
    figure.layout.xaxis.update(range=[low, high], tickvals=ticks, ticktext=["as signed" if tick == 1 else wording.share(tick) for tick in ticks])
    figure.layout.yaxis.update(range=[-shown.height + 0.5, 0.5], visible=False)
    return figure


def foretold_alt(rows: pl.DataFrame) -> str:
    """The figures in words, one after the other."""
    return " ".join(rows["told"].to_list()) if rows.height else "Nothing was foretold."
