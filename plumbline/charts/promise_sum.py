"""What became of the promise of calls and emails, as one strip whose parts add up to all leads."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from plumbline import wording
from plumbline.charts.canvas import HATCH, HEADING_FONT, hover, nothing, sheet
from plumbline.colours import Mode, faded, palette

HEIGHT = 104
PARTS = {
    "made": "got all of them",
    "released": "reached, qualified<br>or gone before",
    "some": "got too few",
    "none": "not tried at all",
    "too_early": "too early to say",
}


def promise_sum(counts: Sequence[tuple[str, int]], *, mode: Mode = "light") -> go.Figure:
    """counts: (part of PARTS, leads) in its order. Kept solid, broken hollow, too early hatched. customdata of a part: [part]."""
    told = dict(counts)
    total = sum(told.values())
    if not total:
        return nothing(mode, HEIGHT, "No lead was handed over in this period.")
    colours = palette(mode)
    hatched = {"pattern": HATCH | {"fgcolor": colours.stages["mql"], "bgcolor": colours.page}}
    looks = {
        "made": (colours.reached, {"color": colours.reached}),
        "released": (colours.reached, {"color": faded(colours.reached, 0.55)}),
        "some": (colours.lost, {"color": faded(colours.lost, 0.45)}),
        "none": (colours.lost, {"color": colours.page, "line": {"width": 1.6, "color": colours.lost}}),
        "too_early": (colours.stages["mql"], {"color": colours.stages["mql"], **hatched}),
    }
    figure = sheet(mode, HEIGHT, left=4, right=4, top=4, bottom=66)
    base = 0.0
    for place, (part, words) in enumerate(PARTS.items()):
        n = told.get(part, 0)
        hue, look = looks[part]
        figure.add_bar(
            y=[0],
            x=[n / total],
            base=[base],
            orientation="h",
            width=0.86,
            marker={"line": {"width": 1, "color": colours.page}} | look if n else look | {"line": {"width": 0}},
            customdata=[[part]],
            hovertext=[hover(f"<b>{wording.count(n)}</b> {words.replace('<br>', ' ')}", f"{wording.share(n / total)} of {wording.count(total)}")],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
        )
        base += n / total
        common = {"xref": "paper", "x": place / len(PARTS), "xanchor": "left", "yref": "paper", "y": 0, "yanchor": "top", "showarrow": False}
        figure.add_annotation(**common, yshift=-8, text=wording.count(n), font={"size": 17, "family": HEADING_FONT, "color": hue})
        figure.add_annotation(**common, yshift=-33, align="left", text=words, font={"size": 12, "color": colours.quiet_text})
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, 1.001], visible=False)
    figure.update_yaxes(range=[-0.5, 0.5], visible=False)
    return figure


def promise_sum_alt(counts: Sequence[tuple[str, int]]) -> str:
    """'1,669 leads: 15 got all of them, 972 reached, qualified or gone before, ...'"""
    total = sum(n for _, n in counts)
    return f"{wording.plural(total, 'lead')}: " + ", ".join(f"{wording.count(n)} {PARTS[part].replace('<br>', ' ')}" for part, n in counts) + "."
