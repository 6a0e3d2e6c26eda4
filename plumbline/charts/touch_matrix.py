"""Calls by emails in the promised days: how many leads got so many, and what share of them became SQLs. The promise is drawn into it."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, sheet
from plumbline.colours import Mode, palette

HEIGHT = 380
MOST = 6


def touch_matrix(rows: pl.DataFrame, *, mode: Mode = "light", calls: int = 3, emails: int = 3, became: str = "became an SQL") -> go.Figure:
    """rows: calls, emails (0..6, 6 = 6 and more), leads, old_enough, qualified. calls, emails: promised. Under 30 old enough no share.
    became: what the qualified did.

    customdata of a cell: [calls, emails]. Streamlit selects points and not cells of a heat map, so each cell holds an unseen one.
    """
    if rows.is_empty():
        return nothing(mode, HEIGHT, "No lead is old enough to tell in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=58, right=8, top=8, bottom=46)
    cells = {(row["calls"], row["emails"]): row for row in rows.iter_rows(named=True)}
    top = max([row["qualified"] / row["old_enough"] for row in cells.values() if row["old_enough"] >= wording.MINIMUM_N], default=0.1)
    values: list[list[float | None]] = []
    hovers: list[list[str]] = []
    for call in range(MOST + 1):
        line, said = [], []
        for email in range(MOST + 1):
            row = cells.get((call, email))
            n = row["leads"] if row else 0
            old = row["old_enough"] if row else 0
            rate = None if old < wording.MINIMUM_N else row["qualified"] / old
            line.append(rate)
            rated = f"<b>{wording.share(rate)}</b> of {wording.count(old)} old enough {became}" if rate is not None else wording.TOO_FEW if n else ""
            said.append(hover(f"{_many(call, 'call')}, {_many(email, 'email')}: {wording.plural(n, 'lead')}", rated))
            if n:
                strong = rate is not None and rate > 0.55 * top
                text = f"<b>{wording.share(rate)}</b><br>n {wording.short_count(n)}" if rate is not None else f"n {wording.short_count(n)}"
                hue = colours.on_reached if strong else colours.text if rate is not None else colours.quiet_text
                figure.add_annotation(x=email, y=call, showarrow=False, text=text, font={"size": 12, "color": hue})
        values.append(line)
        hovers.append(said)
    figure.add_heatmap(
        z=values,
        x=list(range(MOST + 1)),
        y=list(range(MOST + 1)),
        colorscale=[[0, colours.panel], [1, colours.reached]],
        zmin=0,
        zmax=max(0.1, top),
        showscale=False,
        xgap=3,
        ygap=3,
        hoverinfo="skip",
    )
    places = [(call, email) for call in range(MOST + 1) for email in range(MOST + 1)]
    figure.add_scatter(
        x=[email for _, email in places],
        y=[call for call, _ in places],
        mode="markers",
        marker={"size": 38, "symbol": "square", "color": colours.page, "opacity": 0},
        hovertext=[hovers[call][email] for call, email in places],
        hoverinfo="text",
        customdata=[list(place) for place in places],
        unselected={"marker": {"opacity": 0}},
        selected={"marker": {"opacity": 0}},
    )
    if calls <= MOST and emails <= MOST:
        figure.add_shape(
            type="rect", x0=emails - 0.5, x1=MOST + 0.5, y0=calls - 0.5, y1=MOST + 0.5, line={"color": colours.sales, "width": 2.4}, layer="above"
        )
        figure.add_annotation(
            x=MOST + 0.46, y=MOST + 0.46, xanchor="right", yanchor="bottom", showarrow=False, text="<b>the promise</b>",
            font={"size": 12, "color": colours.sales},
        )  # fmt: skip
    names = [*(str(number) for number in range(MOST)), f"{MOST}+"]
    numbers = list(range(MOST + 1))
    figure.update_xaxes(range=[-0.52, MOST + 0.52], tickvals=numbers, ticktext=[f"{name} emails" if i == 0 else name for i, name in enumerate(names)])
    figure.update_yaxes(range=[MOST + 0.52, -0.52], tickvals=numbers, ticktext=[f"{name} calls" if i == 0 else name for i, name in enumerate(names)])
    return figure


def _many(number: int, word: str) -> str:
    return f"{MOST} or more {word}s" if number == MOST else wording.plural(number, word)


def touch_matrix_alt(rows: pl.DataFrame, *, calls: int = 3, emails: int = 3) -> str:
    """'12 of 2,700 leads got the promised 3 calls and 3 emails; ...'"""
    if rows.is_empty():
        return "Calls by emails: no lead is old enough to tell."
    got = rows.filter((pl.col("calls") >= calls) & (pl.col("emails") >= emails))
    neither = rows.filter((pl.col("calls") == 0) & (pl.col("emails") == 0))["leads"].sum()
    return (
        f"Calls by emails: {wording.count(got['leads'].sum())} of {wording.count(rows['leads'].sum())} leads got {wording.plural(calls, 'call')} and "
        f"{wording.plural(emails, 'email')} or more; {wording.count(neither)} got neither."
    )
