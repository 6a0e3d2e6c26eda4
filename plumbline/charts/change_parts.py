"""How a rate changed between two periods: what the mix of leads brought, and what the rates themselves did, group by group."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, safe, sheet
from plumbline.colours import Mode, palette

MOST = 10
_ROW = 30
_RIGHT = 148


def change_parts(rows: pl.DataFrame, *, mode: Mode = "light") -> go.Figure:
    """rows: group, mix, rate (parts of the change, in shares of 1), n0, n1, r0, r1 (null where absent), is_few; in the order drawn, at most ten.

    Two bars a group from a common zero: grey for the mix, teal or rust for the rate.
    """
    if rows.is_empty():
        return nothing(mode, 160, "Too few leads old enough to compare the two periods.")
    colours = palette(mode)
    figure = sheet(mode, _ROW * rows.height + 56, left=168, right=_RIGHT, top=34, bottom=10)
    reach = max(0.01, float(rows.select(pl.max_horizontal(pl.col("mix").abs(), pl.col("rate").abs()).max()).item())) * 1.25
    for place, row in enumerate(rows.iter_rows(named=True)):
        label = wording.shortened(row["group"] or "not known", 24)
        figure.add_annotation(
            x=0, xref="paper", xanchor="right", xshift=-10, y=-place, showarrow=False, text=safe(label),
            font={"size": 13, "color": colours.quiet_text if row["is_few"] else colours.text},
        )  # fmt: skip
        told = hover(
            f"<b>{safe(label)}</b>",
            f"mix {wording.points(row['mix'])}, rate {wording.points(row['rate'])}",
            f"before: {wording.share(row['r0'])} of {wording.count(row['n0'])}; now: {wording.share(row['r1'])} of {wording.count(row['n1'])}",
            "too few to say" if row["is_few"] else "",
        )
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=10, y=-place, showarrow=False, font={"size": 12, "color": colours.quiet_text},
            text=f"{wording.share(row['r0'])} → {wording.share(row['r1'])} of {wording.count(row['n1'])}",
        )  # fmt: skip
        for offset, part in ((0.17, "mix"), (-0.17, "rate")):
            hue = colours.comparison if part == "mix" else colours.too_few if row["is_few"] else colours.reached if row[part] >= 0 else colours.lost
            look = {"color": hue, "line": {"width": 0}}
            figure.add_bar(y=[-place + offset], x=[row[part]], orientation="h", width=0.3, marker=look, hovertext=[told], hoverinfo="text")
    figure.add_shape(type="line", x0=0, x1=0, y0=-rows.height + 0.5, y1=0.5, line={"color": colours.quiet_text, "width": 1})
    for x, words, anchor in ((-reach, "fewer go on", "left"), (reach, "more go on", "right")):
        figure.add_annotation(
            x=x,
            xanchor=anchor,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=6,
            showarrow=False,
            text=words,
            font={"size": 12, "color": colours.quiet_text},
        )
    figure.layout.barmode = "overlay"
    figure.layout.xaxis.update(range=[-reach, reach], visible=False)
    figure.layout.yaxis.update(range=[-rows.height + 0.5, 0.5], visible=False)
    return figure


def change_parts_alt(rows: pl.DataFrame) -> str:
    """'paid_social: mix -2 points, rate no change; webinar: ...'"""
    told = [
        f"{row['group'] or 'not known'}: mix {wording.points(row['mix'])}, rate {wording.points(row['rate'])}" for row in rows.iter_rows(named=True)
    ]
    return "; ".join(told) + "." if told else "Nothing to compare."
