"""How soon leads were first tried, as one strip whose parts add up to all of them."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from plumbline import wording
from plumbline.charts.canvas import HATCH, HEADING_FONT, hover, nothing, sheet
from plumbline.colours import Mode, faded, palette

HEIGHT = 104
BANDS = {
    "5m": "within 5 min",
    "30m": "5 to 30 min",
    "1h": "30 min to 1 h",
    "24h": "1 to 24 h",
    "48h": "24 to 48 h",
    "later": "later than 48 h",
    "never": "never tried",
    "early": "not yet tried,<br>too early to say",
}
_TRIED = ("5m", "30m", "1h", "24h", "48h", "later")
_NARROW = 0.005


def response_sum(counts: Sequence[tuple[str, int]], *, mode: Mode = "light") -> go.Figure:
    """counts: (band of BANDS, leads) in its order. customdata of a part: [band]."""
    told = dict(counts)
    total = sum(told.values())
    if not total:
        return nothing(mode, HEIGHT, "No lead was handed over in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=4, right=4, top=4, bottom=66)
    base = 0.0
    for place, (band, words) in enumerate(BANDS.items()):
        n = told.get(band, 0)
        plain = words.replace("<br>", " ")
        if band in _TRIED:
            hue = colours.reached
            look = {"color": faded(hue, 1 - 0.14 * _TRIED.index(band)), "line": {"width": 1, "color": colours.page}}
        elif band == "never":
            hue = colours.lost
            look = {"color": colours.page, "line": {"width": 1.6, "color": hue}}
        else:
            hue = colours.stages["mql"]
            look = {"color": hue, "pattern": HATCH | {"fgcolor": hue, "bgcolor": colours.page}, "line": {"width": 1, "color": hue}}
        figure.add_bar(
            y=[0],
            x=[n / total],
            base=[base],
            orientation="h",
            width=0.86,
            marker=look if n / total > _NARROW else look | {"line": {"width": 0}},
            customdata=[[band]],
            hovertext=[hover(f"<b>{wording.count(n)}</b> {plain}", f"{wording.share(n / total)} of {wording.count(total)}")],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
        )
        base += n / total
        common = {"xref": "paper", "x": place / len(BANDS), "xanchor": "left", "yref": "paper", "y": 0, "yanchor": "top", "showarrow": False}
        figure.add_annotation(
            **common, yshift=-8, text=wording.count(n), font={"size": 17 if total < 1_000_000 else 13, "family": HEADING_FONT, "color": hue}
        )
        figure.add_annotation(**common, yshift=-33, align="left", text=words, font={"size": 12, "color": colours.quiet_text})
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, 1.001], visible=False)
    figure.update_yaxes(range=[-0.5, 0.5], visible=False)
    return figure


def response_sum_alt(counts: Sequence[tuple[str, int]]) -> str:
    """'3,033 leads: 23 within 5 min, 359 5 to 30 min, ...'"""
    total = sum(n for _, n in counts)
    return f"{wording.plural(total, 'lead')}: " + ", ".join(f"{wording.count(n)} {BANDS[band].replace('<br>', ' ')}" for band, n in counts) + "."
