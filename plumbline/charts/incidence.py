"""What has become of those who entered a stage, day by day since entry: areas that always add up to 100 %."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import HATCH, hover, nothing, sheet, spread
from plumbline.charts.parts import LEFT, WORDS, colour, text_colour
from plumbline.colours import Mode, palette

HEIGHT = 360
_TOP, _BOTTOM = 10, 50
ENDS = ("advanced", "still_open", *LEFT)
_ROUND = ((60.0, (5, 10, 15, 30)), (3600.0, (1, 2, 3, 6, 12)), (86_400.0, (1, 2, 5, 7, 10, 14, 30, 45, 60, 90, 180, 365)))
_STEPS = tuple(step * unit for unit, steps in _ROUND for step in steps)


def incidence(curve: pl.DataFrame, stage: str, *, mode: Mode = "light", horizon: float | None = None, window: float | None = None) -> go.Figure:
    """curve: of statistics.aalen_johansen with the names advanced, rejected, recycled, lost; time in seconds since entry.

    horizon: seconds at which the drawing ends (default: the last time). window: the stage's window, drawn as a dashed line.
    customdata of a point: [stage, outcome, seconds].
    """
    ends = [end for end in ENDS if end in curve.columns]
    last = float(horizon or (curve["time"].max() if curve.height else 0) or 0)
    if curve.is_empty() or not last or not curve["at_risk"].max():
        return nothing(mode, HEIGHT, f"No lead entered {wording.stage_short(stage)} in this period.")
    colours = palette(mode)
    last = last if horizon else last * 1.03
    rows = _thinned(curve, last)
    figure = sheet(mode, HEIGHT, left=46, right=124, top=_TOP, bottom=_BOTTOM)
    for end in ends:
        hue = colour(mode, end, stage)
        is_hatched = end == "still_open"
        figure.add_scatter(
            x=rows["time"].to_list(),
            y=rows[end].to_list(),
            stackgroup="all",
            mode="lines",
            line={"width": 0.8, "color": hue if is_hatched else colours.page, "shape": "hv"},
            fillcolor=colours.page if is_hatched else hue,
            fillpattern=(HATCH | {"fgcolor": hue, "bgcolor": colours.page, "size": 8, "solidity": 0.16}) if is_hatched else None,
            customdata=[[stage, end, time] for time in rows["time"]],
            hovertext=[
                hover(f"{wording.duration(time)} after entering {wording.stage_short(stage)}", f"<b>{wording.share(value)}</b> {WORDS[end]}")
                for time, value in rows.select("time", end).iter_rows()
            ],
            hoverinfo="text",
            hoveron="points",
        )
    _end_labels(figure, ends, rows.row(-1, named=True), {end: text_colour(mode, end, stage) for end in ends})
    step = next((s for s in _STEPS if last / s <= 6), 730 * 86_400.0)
    ticks = [i * step for i in range(int(last / step + 1e-9) + 1)]
    figure.update_xaxes(range=[0, last], tickvals=ticks, ticktext=["entry", *map(wording.duration, ticks[1:])], tickangle=0, ticklabelstandoff=4)
    figure.update_yaxes(range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0 %", "25 %", "50 %", "75 %", "100 %"])
    if window is not None and 0 < window < last:
        figure.add_shape(type="line", x0=window, x1=window, yref="paper", y0=0, y1=1, line={"color": colours.text, "width": 1.3, "dash": "dash"})
        figure.add_annotation(
            x=window,
            yref="paper",
            y=0,
            yanchor="top",
            yshift=-22,
            showarrow=False,
            xanchor="right" if window > last * 0.8 else "left" if window < last * 0.2 else "center",
            text=f"window ends, {wording.duration(window)}",
            font={"size": 12, "color": colours.quiet_text},
        )
    return figure


def _thinned(curve: pl.DataFrame, last: float, most: int = 400) -> pl.DataFrame:
    """At most `most` of the times, the first and the one at `last` among them: more cannot be told apart on a screen."""
    rows = curve.filter(pl.col("time") <= last).sort("time")
    if rows.height > most:
        places = sorted({round(i * (rows.height - 1) / (most - 1)) for i in range(most)})
        rows = rows[places]
    if rows["time"][-1] < last:
        rows = pl.concat([rows, rows.tail(1).with_columns(pl.lit(last).cast(rows.schema["time"]).alias("time"))])
    return rows


def _end_labels(figure: go.Figure, ends: list[str], row: dict, hues: dict[str, str]) -> None:
    base, wanted = 0.0, []
    shown = [end for end in ends if row[end] > 0]
    for end in shown:
        wanted.append(base + row[end] / 2)
        base += row[end]
    gap = 18 / (HEIGHT - _TOP - _BOTTOM)
    for end, y in zip(shown, spread(wanted, gap, gap / 2, 1 - gap / 2), strict=True):
        figure.add_annotation(
            xref="paper",
            x=1,
            xanchor="left",
            xshift=6,
            yref="paper",
            y=y,
            yanchor="middle",
            showarrow=False,
            align="left",
            text=f"<b>{wording.share(row[end])}</b> {WORDS[end]}",
            font={"size": 13, "color": hues[end]},
        )


def incidence_alt(curve: pl.DataFrame, stage: str, *, horizon: float | None = None) -> str:
    """'Of those who entered MQL, after 45 days 62 % went on, 12 % sent back, ...'"""
    last = float(horizon or (curve["time"].max() if curve.height else 0) or 0)
    if curve.is_empty() or not last:
        return f"No lead entered {wording.stage_short(stage)} in this period."
    row = curve.filter(pl.col("time") <= last).sort("time").row(-1, named=True)
    said = [f"{wording.share(row[end])} {WORDS[end]}" for end in ("advanced", "rejected", "recycled", "lost", "still_open") if end in row]
    return f"Of those who entered {wording.stage_short(stage)}, {wording.duration(last)} later: {wording.listing(said)}."
