"""Volume against quality: a dot for each source or campaign, how many leads it hands over against how many of them turn out well; size by spend."""

from __future__ import annotations

import math

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import FONT, count_top, hover, nothing, safe, share_ticks, sheet
from plumbline.charts.labels import Dot, beside
from plumbline.colours import Mode, faded, palette

HEIGHT = 420
MOST = 24
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 16, 26, 48
_NARROW = 560.0  # px of the drawing on the narrowest screen; names that keep apart there do so on wider ones
_SMALLEST, _LARGEST, _USUAL = 5.0, 19.0, 8.0  # radii in px


def volume_quality(rows: pl.DataFrame, *, mode: Mode = "light", reached: str = "SQL", currency: str = "") -> go.Figure:
    """rows: source, campaign (may be empty), mqls, mature, k (of the mature, how many got there in time), low, high, spend (may be empty).

    At most 24 dots, those with most leads. Under 30 mature: hollow and grey. customdata of a dot: [source, campaign].
    """
    shown = chosen(rows)
    if shown.is_empty() or not shown["mature"].sum():
        return nothing(mode, HEIGHT, "No lead old enough to judge in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=_LEFT, right=_RIGHT, top=_TOP, bottom=_BOTTOM)
    told = shown.filter(pl.col("mature") > 0).with_columns(rate=pl.col("k") / pl.col("mature"))
    enough = told.filter(pl.col("mature") >= wording.MINIMUM_N)
    values, texts, top = share_ticks(max(enough["high"].max() or 0.0, told["rate"].max() or 0.0))
    right = count_top(told["mqls"].max() * 1.08)
    whole = rows["k"].sum() / rows["mature"].sum()
    radii = _radii(told)
    width, height = _NARROW, HEIGHT - _TOP - _BOTTOM
    dots = [
        Dot(row["mqls"] / right * width, (1 - min(row["rate"] / top, 1)) * height, radius, _name(row), row["mqls"])
        for row, radius in zip(told.iter_rows(named=True), radii, strict=True)
    ]
    lines = [(0.0, (1 - whole / top) * height - 1, width, (1 - whole / top) * height + 1)]
    lines += [(dot.x - 1, (1 - (row["high"] or 0) / top) * height, dot.x + 1, (1 - (row["low"] or 0) / top) * height)
              for dot, row in zip(dots, told.iter_rows(named=True), strict=True) if row["mature"] >= wording.MINIMUM_N]  # fmt: skip
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=whole, y1=whole, layer="below", line={"color": colours.quiet_text, "width": 1.2, "dash": "dash"}
    )
    figure.add_annotation(
        xref="paper", x=1, xanchor="right", y=whole, yanchor="bottom", showarrow=False, text=f"all {wording.share(whole)}",
        font={"size": 12, "color": colours.quiet_text},
    )  # fmt: skip
    for row, radius, place in zip(told.iter_rows(named=True), radii, beside(dots, width, height, lines), strict=True):
        few = row["mature"] < wording.MINIMUM_N
        hue = colours.too_few if few else colours.reached
        if not few:
            figure.add_scatter(
                x=[row["mqls"]] * 2, y=[row["low"], row["high"]], mode="lines", line={"width": 1.5, "color": faded(hue, 0.5)}, hoverinfo="skip"
            )
        figure.add_scatter(
            x=[row["mqls"]],
            y=[row["rate"]],
            mode="markers",
            marker={
                "size": 2 * radius,
                "symbol": "circle-open" if few else "circle",
                "color": hue if few else faded(hue, 0.62),
                "line": {"width": 1.5, "color": hue},
                "opacity": 1,
            },
            cliponaxis=False,
            customdata=[[row["source"], row["campaign"]]],
            hovertext=[_said(row, reached, currency)],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
        )
        if place:
            figure.add_annotation(
                x=row["mqls"], y=row["rate"], xshift=place.x_shift, yshift=place.y_shift, xanchor=place.x_anchor, yanchor=place.y_anchor,
                showarrow=False, text=safe(_name(row), 26), font={"size": 12, "family": FONT, "color": colours.quiet_text if few else colours.text},
            )  # fmt: skip
    step = right / 5 if right >= 5 else 1
    ticks = [value for value in (step * number for number in range(6)) if value <= right]
    figure.update_xaxes(range=[0, right], tickvals=ticks, ticktext=[wording.short_count(value) for value in ticks])
    figure.update_yaxes(range=[0, top * 1.02], tickvals=values, ticktext=texts, showgrid=True)
    axis = {"xref": "paper", "yref": "paper", "showarrow": False, "font": {"size": 12, "color": colours.quiet_text}}
    figure.add_annotation(**axis, x=1, y=0, xanchor="right", yanchor="top", yshift=-24, text="leads handed over →")
    figure.add_annotation(**axis, x=0, y=1, xanchor="left", yanchor="bottom", xshift=-_LEFT + 8, yshift=6, text=f"↑ became {reached} in time")
    return figure


def chosen(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that are drawn: those with most leads."""
    return rows.sort("mqls", "source", "campaign", descending=[True, False, False], nulls_last=True).head(MOST)


def _radii(rows: pl.DataFrame) -> list[float]:
    """By the area: spend. Without any spend all are alike; one without is as small as the smallest."""
    most = rows["spend"].max() or 0
    if not most or most <= 0:
        return [_USUAL] * rows.height
    return [max(_SMALLEST, _LARGEST * math.sqrt(max(value or 0, 0) / most)) for value in rows["spend"]]


def _name(row: dict) -> str:
    names = (row["campaign"], row["source"])
    return wording.shortened(next((name for name in names if name is not None), "not known"), 26)


def _said(row: dict, reached: str, currency: str) -> str:
    few = row["mature"] < wording.MINIMUM_N
    of = f" · {safe(row['source'], 30)}" if row["campaign"] is not None and row["source"] is not None else ""
    return hover(
        f"<b>{safe(_name(row), 40)}</b>{of}",
        f"{wording.plural(row['mqls'], 'lead')} handed over",
        f"{wording.share(row['rate'])} of {wording.count(row['mature'])} old enough became {reached} in time",
        f"{wording.TOO_FEW}: under {wording.MINIMUM_N}" if few else f"{wording.share(row['low'])} to {wording.share(row['high'])} likely",
        safe(f"{wording.money(row['spend'], currency).strip()} spent") if row["spend"] is not None else "spend not on record",
    )


def volume_quality_alt(rows: pl.DataFrame, *, reached: str = "SQL") -> str:
    """'Volume against quality: organic search most leads, 736; the highest share that became SQL is of partner, 35 % of 457,
    the lowest of paid social, 13 % of 400.'"""
    told = rows.filter(pl.col("mature") > 0).with_columns(rate=pl.col("k") / pl.col("mature"))
    if told.is_empty():
        return "Volume against quality: no lead old enough to judge in this period."
    most = told.sort("mqls", descending=True).row(0, named=True)
    said = [f"{_name(most)} most leads, {wording.count(most['mqls'])}"]
    enough = told.filter(pl.col("mature") >= wording.MINIMUM_N).sort("rate", descending=True)
    if enough.height:
        best, worst = enough.row(0, named=True), enough.row(-1, named=True)
        said.append(f"the highest share that became {reached} is of {_name(best)}, {wording.share_of(best['k'], best['mature'])}")
        if enough.height > 1:
            said[-1] += f", the lowest of {_name(worst)}, {wording.share_of(worst['k'], worst['mature'])}"
    return f"Volume against quality: {'; '.join(said)}."
