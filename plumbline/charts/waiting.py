"""How many leads have been tried, and reached, by when: curves that count those still waiting for as long as they were seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts import clock_axis
from plumbline.charts.canvas import hover, nothing, sheet, spread
from plumbline.colours import Mode, faded, palette

HEIGHT = 350
HORIZON = 30 * 86_400.0
_TOP, _BOTTOM, _RIGHT = 24, 34, 132
_MOST = 300
_MAIN = ("attempt", "system")


@dataclass(frozen=True)
class Curve:
    """One curve. `frame`: of statistics.kaplan_meier, time in seconds. `name`: at its end. `role`: attempt, contact, before, system (hand-over)."""

    name: str
    frame: pl.DataFrame
    role: str = "attempt"


def waiting_curve(
    curves: Sequence[Curve], *, mode: Mode = "light", marks: Sequence[tuple[float, str]] = (), horizon: float = HORIZON, shortest: float = 60.0
) -> go.Figure:
    """Share that happened by time since the start, on a clock that widens. marks: (seconds, words), thin lines; with words dotted: the
    ticks below say how long it is. shortest: seconds at which the axis
    begins; half a day for times that are dates. No clicks."""
    shown = [curve for curve in curves if curve.frame["at_risk"].max()]
    if not shown:
        return nothing(mode, HEIGHT, "No lead waits in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=48, right=_RIGHT, top=_TOP, bottom=_BOTTOM)
    left, right = clock_axis.place(0, shortest), clock_axis.place(horizon)
    for seconds, words in marks:
        at = clock_axis.place(seconds)
        figure.add_shape(
            type="line",
            x0=at,
            x1=at,
            y0=0,
            y1=1,
            yref="paper",
            layer="below",
            line={"color": colours.quiet_text, "width": 1.2, "dash": "dot"} if words else {"color": colours.rule, "width": 1.2},
        )
        if words:
            figure.add_annotation(
                x=at, y=1, yref="paper", yanchor="bottom", showarrow=False, text=words, font={"size": 12, "color": colours.quiet_text}
            )
    hues = {"attempt": colours.reached, "system": colours.marketing, "contact": colours.stages["sal"], "before": colours.comparison}
    for curve in sorted(shown, key=lambda one: one.role != "before"):
        rows = thinned(curve.frame, horizon)
        x = [clock_axis.place(seconds, shortest) for seconds in rows["time"]]
        hue = hues[curve.role]
        if curve.role in _MAIN:
            low = [value if value is not None else reached for value, reached in rows.select("low", "reached").iter_rows()]
            high = [value if value is not None else reached for value, reached in rows.select("high", "reached").iter_rows()]
            (along, above), (_, below) = _steps(x, high), _steps(x, low)
            figure.add_scatter(
                x=along + along[::-1],
                y=above + below[::-1],
                fill="toself",
                fillcolor=faded(hue, 0.14),
                line={"width": 0},
                mode="lines",
                hoverinfo="skip",
            )
        figure.add_scatter(
            x=x,
            y=rows["reached"].to_list(),
            mode="lines",
            line={
                "color": hue,
                "width": 2.6 if curve.role in _MAIN else 1.6,
                "shape": "hv",
                "dash": "dot" if curve.role == "before" else "solid",
            },
            hovertext=[
                hover(curve.name, f"<b>{wording.share(value)}</b> {wording.within(seconds, shortest >= clock_axis.HALF_A_DAY)}")
                for seconds, value in rows.select("time", "reached").iter_rows()
            ],
            hoverinfo="text",
        )
    _ends(figure, shown, hues, mode, horizon)
    values, texts = clock_axis.ticks(shortest, horizon)
    figure.update_xaxes(range=[left, right], tickvals=values, ticktext=texts, tickangle=0, ticklabelstandoff=4)
    figure.update_yaxes(range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0 %", "25 %", "50 %", "75 %", "100 %"], showgrid=True)
    return figure


def _steps(x: list[float], y: list[float]) -> tuple[list[float], list[float]]:
    """The corners of a staircase through the points, level until the next one."""
    return [x[0], *(value for value in x[1:] for _ in range(2))], [*(value for value in y[:-1] for _ in range(2)), y[-1]]


def thinned(frame: pl.DataFrame, last: float) -> pl.DataFrame:
    """A curve cut to `last` seconds and to at most so many steps, evenly along the axis: the last step before each place, and the end.

    What is told of it at a limit may lie a step early: shares in time are counted, not read from it.
    """
    rows = frame.filter(pl.col("time") <= last).sort("time")
    if rows.height > _MOST:
        left, right = clock_axis.place(0), clock_axis.place(last)
        cell = ((pl.col("time").clip(clock_axis.SHORTEST).log10() - left) / (right - left) * _MOST).floor()
        rows = rows.group_by(cell.alias("cell")).agg(pl.all().last()).sort("cell").drop("cell")
    end = rows.tail(1).with_columns(pl.lit(last, pl.Float64).alias("time"))
    return pl.concat([rows, end]) if rows["time"][-1] < last else rows


def _ends(figure: go.Figure, curves: Sequence[Curve], hues: dict[str, str], mode: Mode, horizon: float) -> None:
    told = sorted(((float(thinned(curve.frame, horizon)["reached"][-1]), curve) for curve in curves), key=lambda pair: pair[0])
    gap = 40 / (HEIGHT - _TOP - _BOTTOM)
    for (value, curve), y in zip(told, spread([value for value, _ in told], gap, gap / 2, 1 - gap / 4), strict=True):
        figure.add_annotation(
            xref="paper",
            x=1,
            xanchor="left",
            xshift=8,
            yref="paper",
            y=y,
            yanchor="middle",
            showarrow=False,
            align="left",
            text=f"<b>{wording.share(value)}</b><br>{curve.name}",
            font={"size": 13, "color": palette(mode).quiet_text if curve.role == "before" else hues[curve.role]},
        )


def waiting_curve_alt(curves: Sequence[Curve], *, is_dated: bool = False) -> str:
    """'first attempt: 1 % within 5 min, 13 % within 30 min, ...; first contact: ...'; of dates by the day."""
    marks = [days * 86_400.0 for days in (0, 1, 2, 7, 14)] if is_dated else [300.0, 1800.0, 3600.0, 86_400.0, 172_800.0]
    said = []
    for curve in curves:
        if curve.role == "before" or not curve.frame["at_risk"].max():
            continue
        told = []
        for seconds in marks:
            before = curve.frame.filter(pl.col("time") <= seconds)
            told.append(f"{wording.share(float(before['reached'][-1]) if before.height else 0.0)} {wording.within(seconds, is_dated)}")
        said.append(f"{curve.name}: {', '.join(told)}")
    return "; ".join(said) + "." if said else "No lead waits in this period."
