"""What became of those who entered, as one strip whose parts visibly add up."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from plumbline import wording
from plumbline.charts.canvas import HATCH, HEADING_FONT, hover, nothing, sheet
from plumbline.colours import Mode, palette

HEIGHT = 108
PARTS = ("reached_next", "rejected", "recycled", "lost", "open_in_window", "open_past_window")
_WORDS = {
    "reached_next": "went on",
    "rejected": "sent back",
    "recycled": "recycled",
    "lost": "lost",
    "open_in_window": "in window",
    "open_past_window": "past window",
}


def outcome_sum(row: Mapping[str, object], *, mode: Mode = "light") -> go.Figure:
    """row: one row of funnel/stages. Strip above, equation below: entered = went on + sent back + ... customdata: [stage, outcome]."""
    entered = row["entered"] or 0
    stage = str(row["stage"])
    if not entered:
        return nothing(mode, HEIGHT, f"No lead entered {wording.stage_short(stage)} in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=4, right=4, top=4, bottom=68)
    hue = colours.stages.get(stage, colours.reached)
    looks = {
        "reached_next": {"color": colours.reached},
        "rejected": {"color": colours.lost_tones[0]},
        "recycled": {"color": colours.lost_tones[1]},
        "lost": {"color": colours.lost_tones[2]},
        "open_in_window": {"color": hue, "pattern": HATCH | {"fgcolor": hue, "bgcolor": colours.page}},
        "open_past_window": {"color": colours.page},
    }
    columns = len(PARTS) + 1
    base = 0.0
    size = 17 if entered < 1_000_000 else 13
    _term(figure, mode, 0, columns, wording.count(entered), f"entered {wording.stage_short(stage)}", None, "", size)
    for place, part in enumerate(PARTS, start=1):
        value = row.get(part) or 0
        edge = {
            "open_in_window": {"width": 1, "color": hue},
            "open_past_window": {"width": 1.5, "color": colours.lost},
        }.get(part, {"width": 1, "color": colours.page})
        figure.add_bar(
            y=[0],
            x=[value / entered],
            base=[base],
            orientation="h",
            width=0.86,
            marker=looks[part] | {"line": edge if value else {"width": 0}},
            customdata=[[stage, part]],
            hovertext=[hover(f"<b>{wording.count(value)}</b> {_WORDS[part]}", f"{wording.share(value / entered)} of {wording.count(entered)}")],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
        )
        base += value / entered
        word = {"open_in_window": hue, "open_past_window": colours.lost, "reached_next": colours.reached}.get(part, colours.lost)
        _term(figure, mode, place, columns, wording.count(value), _WORDS[part], word, "=" if place == 1 else "+", size)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, 1.001], visible=False)
    figure.update_yaxes(range=[-0.5, 0.5], visible=False)
    return figure


def _term(figure: go.Figure, mode: Mode, place: int, columns: int, number: str, word: str, colour: str | None, sign: str, size: int) -> None:
    colours = palette(mode)
    common = {"xref": "paper", "x": place / columns, "xanchor": "left", "yref": "paper", "y": 0, "yanchor": "top", "showarrow": False}
    if sign:
        figure.add_annotation(**common, xshift=-14, yshift=-11, text=sign, font={"size": 15, "color": colours.quiet_text})
    figure.add_annotation(**common, yshift=-8, text=number, font={"size": size, "family": HEADING_FONT, "color": colour or colours.text})
    figure.add_annotation(
        **common, yshift=-33, align="left", text=word.replace("entered ", "entered<br>"), font={"size": 12, "color": colours.quiet_text}
    )


def outcome_sum_alt(row: Mapping[str, object]) -> str:
    """'1,049 entered MQL = 651 went on + 140 sent back + ...'"""
    parts = [f"{wording.count(row.get(part) or 0)} {_WORDS[part]}" for part in PARTS]
    return f"{wording.count(row['entered'] or 0)} entered {wording.stage_short(str(row['stage']))} = {' + '.join(parts)}."
