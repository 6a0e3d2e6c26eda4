"""A number promised for a quarter, and what came of it, week by week, added up."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import count_top, day_ticks, hover, legend_above, nothing, sheet
from plumbline.colours import Mode, faded, palette

HEIGHT = 260


def volume_so_far(rows: pl.DataFrame, *, mode: Mode = "light") -> go.Figure:
    """rows: week (Monday), came, came_so_far (null: the week has not begun), target, target_so_far (null: nothing promised so far), is_over."""
    if rows.is_empty():
        return nothing(mode, HEIGHT, "No number of leads was promised.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=46, right=16, top=40, bottom=44)
    shown = rows.filter(pl.col("came_so_far").is_not_null())
    figure.add_bar(
        x=shown["week"],
        y=shown["came_so_far"],
        width=5.2 * 86_400_000,
        marker={
            "color": [colours.reached if one else faded(colours.reached, 0.25) for one in shown["is_over"]],
            "line": {"width": [0 if one else 1 for one in shown["is_over"]], "color": colours.reached},
        },
        name="Qualified leads so far",
        hovertext=[
            hover(
                f"<b>{wording.week(row['week'])}</b>" + ("" if row["is_over"] else ", not over"),
                f"{wording.count(row['came'])} in the week, {wording.count(row['came_so_far'])} so far",
                f"promised: {wording.decimal(row['target'])} in the week, {wording.count(row['target_so_far'])} so far"
                if row["target"] is not None
                else "nothing promised for this week",
            )
            for row in shown.to_dicts()
        ],
        hoverinfo="text",
    )
    figure.add_scatter(
        x=rows["week"],
        y=rows["target_so_far"],
        mode="lines",
        line={"color": colours.marketing, "width": 1.8, "dash": "dash", "shape": "hvh"},
        name="Promised by marketing",
        hoverinfo="skip",
    )
    top = count_top(max(rows["target_so_far"].max() or 0, shown["came_so_far"].max() or 0, 1))
    ticks, texts = day_ticks(rows["week"].to_list())
    figure.layout.xaxis.update(tickvals=ticks, ticktext=texts)
    figure.layout.yaxis.update(
        range=[0, top * 1.03], tickvals=[0, top / 2, top], ticktext=[wording.short_count(v) for v in (0, top / 2, top)], showgrid=True
    )
    legend_above(figure, mode)
    return figure


def volume_so_far_alt(rows: pl.DataFrame) -> str:
    done = rows.filter(pl.col("is_over"))
    if done.is_empty():
        return "No week of the quarter is over yet."
    last = done.row(-1, named=True)
    promised = "" if last["target_so_far"] is None else f", {wording.count(last['target_so_far'])} were promised by then"
    return f"{wording.plural(last['came_so_far'] or 0, 'qualified lead')} came up to the {wording.week(last['week'])}{promised}."
