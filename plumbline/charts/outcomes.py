"""What became of those who entered, as one strip whose parts visibly add up."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import plotly.graph_objects as go

from plumbline import wording
from plumbline.charts.canvas import HEADING_FONT, hover, nothing, sheet
from plumbline.charts.parts import PARTS, WORDS, marker, text_colour
from plumbline.colours import Mode, palette

HEIGHT = 108


def outcome_sum(row: Mapping[str, object], *, mode: Mode = "light", never: Collection[str] = ()) -> go.Figure:
    """row: one row of funnel/stages. Strip above, equation below: entered = went on + still in window + ... customdata: [stage, outcome].

    never: outcomes that the history never records; they are named as such, for their nought means nothing.
    """
    entered = row["entered"] or 0
    stage = str(row["stage"])
    if not entered:
        return nothing(mode, HEIGHT, f"No lead entered {wording.stage_short(stage)} in this period.")
    figure = sheet(mode, HEIGHT, left=4, right=4, top=4, bottom=68)
    columns = len(PARTS) + 1
    base = 0.0
    size = 17 if entered < 1_000_000 else 13
    _term(figure, mode, 0, columns, wording.count(entered), f"entered {wording.stage_short(stage)}", None, "", size)
    for place, part in enumerate(PARTS, start=1):
        value = row.get(part) or 0
        look = marker(mode, part, stage)
        is_told = bool(value) or part not in never
        share = f"{wording.share(value / entered)} of {wording.count(entered)}"
        figure.add_bar(
            y=[0],
            x=[value / entered],
            base=[base],
            orientation="h",
            width=0.86,
            marker=look if value else look | {"line": {"width": 0}},
            customdata=[[stage, part]],
            hovertext=[hover(f"<b>{wording.count(value)}</b> {WORDS[part]}", share) if is_told else hover(f"{WORDS[part]}: not recorded", "")],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
        )
        base += value / entered
        number, word = (wording.count(value), WORDS[part]) if is_told else (wording.ABSENT, f"{WORDS[part]}:<br>not recorded")
        hue = text_colour(mode, part, stage) if is_told else palette(mode).quiet_text
        _term(figure, mode, place, columns, number, word, hue, "=" if place == 1 else "+", size)
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
    told = word.replace("entered ", "entered<br>").replace("still in ", "still in<br>")
    figure.add_annotation(**common, yshift=-33, align="left", text=told, font={"size": 12, "color": colours.quiet_text})


def outcome_sum_alt(row: Mapping[str, object], never: Collection[str] = ()) -> str:
    """'1,049 entered MQL = 651 went on + 140 sent back + ...'"""
    parts = [f"{wording.count(row.get(part) or 0)} {WORDS[part]}" for part in PARTS if row.get(part) or part not in never]
    return f"{wording.count(row['entered'] or 0)} entered {wording.stage_short(str(row['stage']))} = {' + '.join(parts)}."
