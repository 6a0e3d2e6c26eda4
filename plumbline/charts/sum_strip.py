"""One strip whose parts visibly add up to all leads, each with its number and its words below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from plumbline import wording
from plumbline.charts.canvas import HATCH, HEADING_FONT, hover, nothing, sheet
from plumbline.colours import Mode, palette

HEIGHT = 104


def sum_strip(counts: Sequence[tuple[str, int]], names: Mapping[str, str], looks: Mapping[str, tuple[str, dict]], mode: Mode) -> go.Figure:
    """counts: (part, leads). names: part -> words, in the order drawn. looks: part -> colour of its number, marker. customdata of a part: [part]."""
    told = dict(counts)
    total = sum(told.values())
    if not total:
        return nothing(mode, HEIGHT, "No lead became an MQL in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=4, right=4, top=4, bottom=66)
    base = 0.0
    for place, (part, words) in enumerate(names.items()):
        n = told.get(part, 0)
        hue, look = looks[part]
        figure.add_bar(
            y=[0],
            x=[n / total],
            base=[base],
            orientation="h",
            width=0.86,
            marker=look if n else look | {"line": {"width": 0}},
            customdata=[[part]],
            hovertext=[hover(f"<b>{wording.count(n)}</b> {plain(words)}", f"{wording.share(n / total)} of {wording.count(total)}")],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
        )
        base += n / total
        common = {"xref": "paper", "x": place / len(names), "xanchor": "left", "yref": "paper", "y": 0, "yanchor": "top", "showarrow": False}
        size = 17 if total < 1_000_000 else 13
        figure.add_annotation(**common, yshift=-8, text=wording.count(n), font={"size": size, "family": HEADING_FONT, "color": hue})
        figure.add_annotation(**common, yshift=-33, align="left", text=words, font={"size": 12, "color": colours.quiet_text})
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, 1.001], visible=False)
    figure.update_yaxes(range=[-0.5, 0.5], visible=False)
    return figure


def solid(mode: Mode, colour: str) -> dict:
    """The marker of what is settled."""
    return {"color": colour, "line": {"width": 1, "color": palette(mode).page}}


def hollow(mode: Mode, colour: str) -> dict:
    """The marker of what has not happened."""
    return {"color": palette(mode).page, "line": {"width": 1.6, "color": colour}}


def hatched(mode: Mode, colour: str) -> dict:
    """The marker of what it is too early to say of."""
    return {"color": colour, "pattern": HATCH | {"fgcolor": colour, "bgcolor": palette(mode).page}, "line": {"width": 1, "color": colour}}


def plain(words: str) -> str:
    """Words on one line."""
    return words.replace("<br>", " ")


def sum_strip_alt(counts: Sequence[tuple[str, int]], names: Mapping[str, str]) -> str:
    """'3,033 leads: 23 within 5 min, 359 5 to 30 min, ...'"""
    total = sum(n for _, n in counts)
    return f"{wording.plural(total, 'lead')}: " + ", ".join(f"{wording.count(n)} {plain(names[part])}" for part, n in counts if part in names) + "."
