"""Rules beside each other: the share that each would have barred of those sent back, and of those that sales accepted and kept."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, legend_above, nothing, safe, share_ticks, sheet
from plumbline.colours import Mode, palette

_ROW, _LEFT, _RIGHT = 44, 236, 148


def rule_catches(rows: pl.DataFrame, *, mode: Mode = "light") -> go.Figure:
    """rows: rule, caught, rejected, lost, accepted, speaks (the verdict in words), in the order drawn."""
    if rows.is_empty() or not (rows["rejected"].max() or rows["accepted"].max()):
        return nothing(mode, 140, "Sales has judged no lead yet.")
    colours = palette(mode)
    figure = sheet(mode, _ROW * rows.height + 66, left=_LEFT, right=_RIGHT, top=38, bottom=26)
    several = (("Sent back", "caught", "rejected", colours.reached, 0.18), ("Accepted and kept", "lost", "accepted", colours.lost, -0.18))
    top = 0.05
    for name, part, whole, hue, off in several:
        shares = [row[part] / row[whole] if row[whole] else 0.0 for row in rows.to_dicts()]
        top = max(top, *shares)
        figure.add_bar(
            x=shares, y=[-n + off for n in range(rows.height)], orientation="h", width=0.32, name=name, marker={"color": hue, "line": {"width": 0}},
            hovertext=[
                hover(f"<b>{safe(row['rule'])}</b>", f"{name}: {wording.count(row[part])} of {wording.count(row[whole])}", safe(row["speaks"]))
                for row in rows.to_dicts()
            ],
            hoverinfo="text",
        )  # fmt: skip
    figure.layout.annotations = [
        {
            "x": x, "xref": "paper", "xanchor": anchor, "xshift": shift, "y": -n, "showarrow": False, "align": anchor,
            "text": _in_two(str(row[column])), "font": {"size": 12, "color": colours.text if x == 0 else colours.quiet_text},
        }
        for n, row in enumerate(rows.to_dicts())
        for x, anchor, shift, column in ((0, "right", -10, "rule"), (1, "left", 8, "speaks"))
    ]  # fmt: skip
    ticks, texts, end = share_ticks(top)
    figure.layout.xaxis.update(range=[0, end * 1.02], tickvals=ticks, ticktext=texts, showgrid=True, gridcolor=colours.rule)
    figure.layout.yaxis.update(range=[-rows.height + 0.5, 0.5], visible=False)
    figure.layout.barmode = "overlay"
    legend_above(figure, mode)
    return figure


def _in_two(text: str, width: int = 32) -> str:
    """At most two lines."""
    words, first = text.split(" "), ""
    while words and len(first) + len(words[0]) + 1 <= width:
        first = f"{first} {words.pop(0)}".strip()
    return safe(text, width) if not first else safe(first) + (f"<br>{safe(' '.join(words), width)}" if words else "")


def rule_catches_alt(rows: pl.DataFrame) -> str:
    """'Employees is 100 or more: 30 of 94 sent back, 54 of 188 accepted; ...'"""
    told = [
        f"{row['rule']}: {wording.count(row['caught'])} of {wording.count(row['rejected'])} sent back, {wording.count(row['lost'])} of"
        f" {wording.count(row['accepted'])} accepted ({row['speaks']})"
        for row in rows.to_dicts()
    ]
    return f"{'; '.join(told)}." if told else "Sales has judged no lead yet."
