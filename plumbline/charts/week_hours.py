"""The hours of the week as a grid: when leads come in, and what share of them is tried in time. Hours are pooled where there are few leads."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, sheet
from plumbline.colours import Mode, palette

HEIGHT = 262
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def week_hours(rows: pl.DataFrame, *, mode: Mode = "light", what: str = "arrivals", within: str = "1 h") -> go.Figure:
    """rows: weekday (0 Monday .. 6), hour (0..23), arrivals, n (old enough), k (tried in time). what: arrivals, or share (k of n).

    Shares of fewer than 30 leads are left out; hours are pooled into blocks until most leads are in a block of 30. customdata: [weekday, hour].
    """
    if rows.is_empty() or not rows["arrivals"].sum():
        return nothing(mode, HEIGHT, "No lead became an MQL in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=40, right=8, top=8, bottom=30)
    is_share = what != "arrivals"
    width = block_of(rows) if is_share else 1
    cells = {(row["weekday"], row["hour"]): row for row in _pooled(rows, width).iter_rows(named=True)}
    starts = range(0, 24, width)
    values: list[list[float | None]] = []
    hovers: list[list[str]] = []
    for day in range(7):
        line, said = [], []
        for hour in starts:
            row = cells[day, hour]
            few = row["n"] < wording.MINIMUM_N
            line.append((None if few else row["k"] / row["n"]) if is_share else row["arrivals"])
            tried = wording.TOO_FEW if few else f"<b>{wording.share(row['k'] / row['n'])}</b> tried within {within}"
            when = f"{DAYS[day]} {hour:02d}:00 to {hour + width:02d}:00"
            said.append(hover(when, tried if is_share else "", f"{wording.plural(row['arrivals'], 'lead')} came in"))
            if is_share and line[-1] is None and row["arrivals"]:
                edges = {"x0": hour + 0.06, "x1": hour + width - 0.06, "y0": day - 0.43, "y1": day + 0.43}
                figure.add_shape(type="rect", **edges, line={"color": colours.rule, "width": 1}, layer="above")
        values.append(line)
        hovers.append(said)
    top = max((value for line in values for value in line if value is not None), default=1)
    figure.add_heatmap(
        z=values,
        x=[hour + width / 2 for hour in starts],
        y=list(range(7)),
        colorscale=[[0, colours.panel], [1, colours.reached if is_share else colours.stages["mql"]]],
        zmin=0,
        zmax=max(0.1, top) if is_share else max(1, top),
        showscale=False,
        xgap=2,
        ygap=2,
        hovertext=hovers,
        hoverinfo="text",
        hoverongaps=True,
        customdata=[[[day, hour] for hour in starts] for day in range(7)],
    )
    if is_share and width > 1:
        for day in range(7):
            for place, hour in enumerate(starts):
                value = values[day][place]
                if value is not None:
                    strong = value > 0.55 * max(0.1, top)
                    figure.add_annotation(
                        x=hour + width / 2,
                        y=day,
                        showarrow=False,
                        text=wording.share(value),
                        font={"size": 11, "color": colours.on_reached if strong else colours.text},
                    )
    hours = (0, 3, 6, 9, 12, 15, 18, 21)
    figure.update_xaxes(range=[0, 24], tickvals=hours, ticktext=[f"{hour:02d}:00" for hour in hours], tickangle=0)
    figure.update_yaxes(range=[6.5, -0.5], tickvals=list(range(7)), ticktext=list(DAYS))
    return figure


def block_of(rows: pl.DataFrame) -> int:
    """How many hours are pooled so that most leads are in a block of 30 or more: 1, 2, 3, 4 or 6."""
    for width in (1, 2, 3, 4):
        pooled = _pooled(rows, width)
        if pooled.filter(pl.col("n") >= wording.MINIMUM_N)["n"].sum() >= 0.8 * pooled["n"].sum():
            return width
    return 6


def _pooled(rows: pl.DataFrame, width: int) -> pl.DataFrame:
    block = (pl.col("hour") // width * width).alias("hour")
    return rows.group_by("weekday", block).agg(pl.col("arrivals", "n", "k").sum()).sort("weekday", "hour")


def week_hours_alt(rows: pl.DataFrame, *, what: str = "arrivals", within: str = "1 h") -> str:
    """'Most leads come in Tue 10:00 (41); ...' or 'Tried within 1 h: most Tue 10:00 (34 % of 120), least ...'"""
    if rows.is_empty() or not rows["arrivals"].sum():
        return "No lead became an MQL in this period."

    def when(row: dict) -> str:
        return f"{DAYS[row['weekday']]} {row['hour']:02d}:00"

    if what == "arrivals":
        top = rows.sort("arrivals", descending=True).row(0, named=True)
        return f"Leads by hour of the week: most come in {when(top)} ({wording.count(top['arrivals'])} of {wording.count(rows['arrivals'].sum())})."
    told = (
        _pooled(rows, block_of(rows))
        .filter(pl.col("n") >= wording.MINIMUM_N)
        .with_columns(rate=pl.col("k") / pl.col("n"))
        .sort("rate", descending=True)
    )
    if told.height < 2:
        return f"Tried within {within} by hour of the week: too few leads in any hour to say."
    best, worst = told.row(0, named=True), told.row(-1, named=True)
    most, least = (f"{when(row)} ({wording.share_of(row['k'], row['n'])})" for row in (best, worst))
    return f"Tried within {within}: most of those that came from {most} on, least of those from {least} on."
