"""The chance that the k-th attempt reaches a lead, with how sure it is; and what it would come to if everyone got K attempts."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, share_ticks, sheet, spread
from plumbline.colours import Mode, faded, palette

HEIGHT = 320


def attempt_hazards(
    found: pl.DataFrame,
    *,
    mode: Mode = "light",
    break_even: float | None = None,
    promised: int | None = None,
    of: str = "not reached before",
    done: str = "were reached by it",
) -> go.Figure:
    """found: attempt, at_risk, contacted, hazard, low, high (empty under 30: not drawn). of, done: whom a share is of and what it did.

    break_even: the chance at which an attempt pays for itself, a dashed line. promised: attempts promised, a thin line after it.
    customdata of a point: [attempt].
    """
    shown = found.filter(pl.col("hazard").is_not_null())
    if shown.is_empty():
        return nothing(mode, HEIGHT, f"Fewer than {wording.MINIMUM_N} leads were tried: too few to say.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=46, right=20, top=30, bottom=52)
    last = int(shown["attempt"].max())
    top = max(shown["high"].max(), break_even or 0 if (break_even or 0) <= 1 else 0)
    values, texts, top = share_ticks(top)
    for row in shown.iter_rows(named=True):
        figure.add_scatter(
            x=[row["attempt"]] * 2,
            y=[row["low"], min(row["high"], top)],
            mode="lines",
            line={"color": faded(colours.reached, 0.55), "width": 2},
            hoverinfo="skip",
        )
        if shown.height <= 12 or row["attempt"] <= 8:  # more would run into each other; the hover has them all
            figure.add_annotation(
                x=row["attempt"],
                y=min(row["high"], top),
                xanchor="center",
                yanchor="bottom",
                yshift=-1,
                showarrow=False,
                text=f"<b>{wording.share(row['hazard']).replace('under ', '< ')}</b>",
                font={"size": 12},
            )
    figure.add_scatter(
        x=shown["attempt"].to_list(),
        y=shown["hazard"].to_list(),
        mode="lines+markers",
        line={"color": faded(colours.reached, 0.35), "width": 1.4},
        marker={"size": 10, "color": colours.reached},
        customdata=[[attempt] for attempt in shown["attempt"]],
        hovertext=[
            hover(
                f"<b>Attempt {row['attempt']}</b>",
                f"{wording.share(row['hazard'])} of {wording.count(row['at_risk'])} {of} {done}",
                f"{wording.share(row['low'])} to {wording.share(row['high'])} likely",
            )
            for row in shown.iter_rows(named=True)
        ],
        hoverinfo="text",
        unselected={"marker": {"opacity": 0.65}},
    )
    if break_even is not None and 0 <= break_even <= top:
        figure.add_shape(type="line", x0=0.4, x1=last + 0.7, y0=break_even, y1=break_even, line={"color": colours.lost, "width": 1.4, "dash": "dash"})
        figure.add_annotation(
            x=0.45, xanchor="left", y=break_even, yanchor="bottom", showarrow=False, text=f"pays for itself from {_exact(break_even)} on",
            font={"size": 12, "color": colours.lost}, bgcolor=colours.page,
        )  # fmt: skip
    if promised is not None and 0 < promised < last:
        at = promised + 0.5
        figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1, yref="paper", line={"color": colours.quiet_text, "width": 1.2, "dash": "dot"})
        figure.add_annotation(
            x=at,
            y=1,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            text=f"promised: {promised} attempts",
            font={"size": 12, "color": colours.quiet_text},
        )
    every = 1 if last <= 14 else 2
    marks = [attempt for attempt in shown["attempt"] if attempt % every == 1 % every or last <= 14]
    n = {row["attempt"]: row["at_risk"] for row in shown.iter_rows(named=True)}
    figure.update_xaxes(
        range=[0.4, last + 0.8],
        tickvals=marks,
        ticktext=[f"{mark}<br>{'n ' if place == 0 or len(marks) <= 8 else ''}{wording.short_count(n[mark])}" for place, mark in enumerate(marks)],
        tickangle=0,
        ticklabelstandoff=4,
    )
    figure.update_yaxes(range=[0, top * 1.02], tickvals=values, ticktext=texts, showgrid=True)
    return figure


def _exact(value: float) -> str:
    return wording.share(value) if value >= 0.095 else f"{wording.decimal(value * 100)} %"


def attempt_hazards_alt(found: pl.DataFrame) -> str:
    """'Chance of contact: 36 % of 2,370 at attempt 1, 33 % of 1,264 at attempt 2, ...'"""
    shown = found.filter(pl.col("hazard").is_not_null())
    if shown.is_empty():
        return "Chance of contact by attempt: too few leads were tried to say."
    told = [f"{wording.share(row['hazard'])} of {wording.count(row['at_risk'])} at attempt {row['attempt']}" for row in shown.iter_rows(named=True)]
    return f"Chance of contact: {', '.join(told)}."


def if_everyone_got(band: pl.DataFrame, *, mode: Mode = "light") -> go.Figure:
    """band: attempt, optimistic, pessimistic with their limits (of statistics.persistence.if_everyone_got). No clicks."""
    if band.is_empty():
        return nothing(mode, HEIGHT, f"Fewer than {wording.MINIMUM_N} leads were tried: too few to say.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=46, right=210, top=14, bottom=44)
    x = band["attempt"].to_list()
    high, low = band["optimistic"].to_list(), band["pessimistic"].to_list()
    figure.add_scatter(
        x=x + x[::-1], y=high + low[::-1], fill="toself", fillcolor=faded(colours.reached, 0.2), line={"width": 0}, mode="lines", hoverinfo="skip"
    )
    values, texts, top = share_ticks(max(value for value in high if value is not None))
    ends = spread([low[-1] / (1.02 * top), high[-1] / (1.02 * top)], 0.15, 0.08, 1.0)
    for name, line, words in (
        ("optimistic", high, "if those given up are like the others"),
        ("pessimistic", low, "if those given up were beyond reach"),
    ):
        hovers = [
            hover(f"<b>{attempt} attempts for everyone</b>", f"{wording.share(value)} reached {words}", _limits(row, name))
            for attempt, value, row in zip(x, line, band.iter_rows(named=True), strict=True)
        ]
        figure.add_scatter(
            x=x,
            y=line,
            mode="lines+markers",
            marker={"size": 6},
            line={"color": colours.reached, "width": 2, "dash": "solid" if line is high else "dot"},
            hovertext=hovers,
            hoverinfo="text",
        )
        figure.add_annotation(
            xref="paper", x=1, xanchor="left", xshift=8, yref="paper", y=ends[1 if line is high else 0], showarrow=False, align="left",
            text=f"<b>{wording.share(line[-1])}</b> {words.replace(' are ', ' are<br>').replace(' were ', ' were<br>')}",
            font={"size": 12, "color": colours.reached},
        )  # fmt: skip
    figure.update_xaxes(
        range=[0.6, max(x) + 0.3],
        tickvals=x if len(x) < 15 else x[::2],
        ticktext=[str(k) for k in (x if len(x) < 15 else x[::2])],
        ticklabelstandoff=4,
    )
    figure.update_yaxes(range=[0, top * 1.02], tickvals=values, ticktext=texts, showgrid=True)
    return figure


def _limits(row: dict, name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return "" if low is None else f"{wording.share(low)} to {wording.share(high)} likely"


def if_everyone_got_alt(band: pl.DataFrame) -> str:
    """'If everyone got 6 attempts, between 61 % and 84 % of those tried would be reached.'"""
    if band.is_empty():
        return "Too few leads were tried to say what more attempts would bring."
    row = band.row(-1, named=True)
    return (
        f"If everyone got {row['attempt']} attempts, between {wording.share(row['pessimistic'])} and {wording.share(row['optimistic'])} of the leads "
        "tried would be reached."
    )
