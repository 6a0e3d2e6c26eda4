"""Whose delay it is: the time until a lead is handed over to a rep (the system's) beside the time until that rep tries it (the people's)."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts import clock_axis
from plumbline.charts.canvas import FONT, hover, nothing, safe, sheet
from plumbline.colours import Mode, faded, palette

SIDES = ("system", "human")
_ROW = 30
_GAP = 0.10


def two_delays(rows: pl.DataFrame, *, mode: Mode = "light", shortest: float = 30.0, sides: Sequence[str] = SIDES) -> go.Figure:
    """rows, drawn in their order: value (null = not known), passes, system, human (median seconds; null = not reached), is_few (under 30),
    handed (of passes, how many were ever handed over).

    sides: what is known of the two; ("system",) where no attempt is on record.
    shortest: seconds at which the axes begin; half a day for times that are dates.
    Two panels with one clock each: marketing's side left, sales' side right. customdata of a point: [value, system or human].
    """
    height = _ROW * max(rows.height, 2) + 74
    if rows.is_empty():
        return nothing(mode, height, "No lead became an MQL in this period.")
    colours = palette(mode)
    figure = sheet(mode, height, left=160, right=10, top=62, bottom=6)
    found = [seconds for name in sides for seconds in rows[name].drop_nulls()]
    longest = max([*found, 4 * shortest, 86_400.0]) * 1.6
    left, right = clock_axis.place(0, shortest), clock_axis.place(longest)
    values, texts = clock_axis.ticks(shortest, longest, room=0.5 if shortest < clock_axis.HALF_A_DAY else 0.25)
    panels = ((0, (1 - _GAP) / 2), ((1 + _GAP) / 2, 1)) if len(sides) > 1 else ((0, 1), (0, 0))
    for (name, title, hue), (begin, end), number in zip(
        (
            ("system", "<b>until handed over to a rep</b>", colours.marketing),
            ("human", "<b>until that rep tries</b>", colours.sales),
        ),
        panels,
        ("", "2"),
        strict=True,
    ):
        if name not in sides:
            continue
        axis = {
            "domain": [begin, end],
            "range": [left, right],
            "tickvals": values,
            "ticktext": texts,
            "side": "top",
            "anchor": f"y{number}",
            "fixedrange": True,
            "showgrid": True,
            "gridcolor": colours.rule,
            "zeroline": False,
            "tickfont": {"size": 12, "color": colours.quiet_text},
        }
        figure.layout[f"xaxis{number}"] = axis
        figure.layout[f"yaxis{number}"] = {"range": [rows.height - 0.4, -0.6], "visible": False, "anchor": f"x{number}", "fixedrange": True}
        figure.add_annotation(
            xref="paper", x=begin, xanchor="left", yref="paper", y=1, yanchor="bottom", yshift=32, showarrow=False, text=title,
            font={"size": 13, "color": hue},
        )  # fmt: skip
        for place, row in enumerate(rows.iter_rows(named=True)):
            _mark(figure, mode, place, row, name, hue, number, left, right, shortest)
    for place, row in enumerate(rows.iter_rows(named=True)):
        figure.add_annotation(
            xref="paper", x=0, xanchor="right", xshift=-10, yref="y", y=place, showarrow=False, text=_label(row),
            font={"size": 13, "color": colours.quiet_text if row["is_few"] else colours.text, "family": FONT},
        )  # fmt: skip
    return figure


def _label(row: dict) -> str:
    return "not known" if row["value"] is None else safe(row["value"], 22)


def _mark(figure: go.Figure, mode: Mode, place: int, row: dict, name: str, hue: str, number: str, left: float, right: float, shortest: float) -> None:
    colours = palette(mode)
    seconds, n = row[name], row["passes"] if name == "system" else row["handed"]
    hue = colours.too_few if row["is_few"] else hue
    axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
    what = "is handed over within" if name == "system" else "is tried within"
    if seconds is None:
        words = "half never handed over" if name == "system" else "half never tried" if n else "–"
        figure.add_annotation(
            xref=f"x{number}", x=right, xanchor="right", yref=f"y{number}", y=place, showarrow=False, text=f"{words} (n {wording.short_count(n)})",
            font={"size": 12, "color": colours.quiet_text},
        )  # fmt: skip
        return
    at = clock_axis.place(seconds, shortest)
    figure.add_scatter(x=[left, at], y=[place, place], mode="lines", line={"color": faded(hue, 0.5), "width": 3}, hoverinfo="skip", **axes)
    figure.add_scatter(
        x=[at],
        y=[place],
        mode="markers",
        marker={"size": 11, "color": hue, "symbol": "circle-open" if row["is_few"] else "circle", "line": {"width": 1.8, "color": hue}},
        customdata=[[row["value"], name]],
        hovertext=[
            hover(
                f"<b>{_label(row)}</b>",
                f"half {what} {wording.span(seconds, shortest >= clock_axis.HALF_A_DAY)}, n {wording.count(n)}",
                f"{wording.TOO_FEW}: under {wording.MINIMUM_N}" if row["is_few"] else "",
            )
        ],
        hoverinfo="text",
        unselected={"marker": {"opacity": 0.65}},
        cliponaxis=False,  # what takes no time stands at the very edge
        **axes,
    )
    at_once = "the same day" if shortest >= clock_axis.HALF_A_DAY else "at once"
    late = at > left + (right - left) * 0.72
    figure.add_annotation(
        xref=f"x{number}", x=at, xanchor="right" if late else "left", xshift=-10 if late else 10, yshift=9 if late else 0, yref=f"y{number}", y=place,
        showarrow=False, text=wording.span(seconds, shortest >= clock_axis.HALF_A_DAY) if seconds else at_once,
        font={"size": 12, "color": colours.quiet_text if row["is_few"] else colours.text},
    )  # fmt: skip


def two_delays_alt(rows: pl.DataFrame, sides: Sequence[str] = SIDES, *, is_dated: bool = False) -> str:
    """'webinar: handed over within 6 min, tried 5 h after that; ...'"""
    told = [
        f"{'not known' if row['value'] is None else wording.shortened(row['value'], 40)}: handed over within {wording.span(row['system'], is_dated)}"
        + (f", tried {wording.span(row['human'], is_dated)} after that" if "human" in sides else "")
        for row in rows.head(6).iter_rows(named=True)
    ]
    return "Half of the leads, by group: " + "; ".join(told) + "." if told else "No lead became an MQL in this period."
