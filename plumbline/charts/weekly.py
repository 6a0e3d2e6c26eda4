"""What a draft hands over each week, beside what happened and beside the quota."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import count_top, day_ticks, hover, legend_above, nothing, sheet
from plumbline.colours import Mode, faded, palette

HEIGHT = 260


def weekly_volume(rows: pl.DataFrame, *, mode: Mode = "light", was: str = "before") -> go.Figure:
    """rows: week (Monday), baseline, definition, quota (null: none), is_whole. Weeks that the period cuts are drawn hollow."""
    if rows.is_empty():
        return nothing(mode, HEIGHT, "The period holds no week.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=46, right=16, top=40, bottom=44)
    whole = rows["is_whole"].to_list()
    figure.add_bar(
        x=rows["week"],
        y=rows["definition"],
        width=5.2 * 86_400_000,
        marker={
            "color": [colours.reached if one else faded(colours.reached, 0.25) for one in whole],
            "line": {"width": [0 if one else 1 for one in whole], "color": colours.reached},
        },
        name="The draft",
        hovertext=[
            hover(
                f"<b>{wording.week(row['week'])}</b>" + ("" if row["is_whole"] else ", cut by the period"),
                f"draft {wording.count(row['definition'])}, {was} {wording.count(row['baseline'])}",
                f"quota {wording.count(row['quota'])}" if row["quota"] is not None else "",
            )
            for row in rows.to_dicts()
        ],
        hoverinfo="text",
    )
    figure.add_scatter(
        x=rows["week"], y=rows["baseline"], mode="lines", line={"color": colours.comparison, "width": 2}, name=wording.words(was), hoverinfo="skip"
    )
    if rows["quota"].null_count() < rows.height:
        figure.add_scatter(
            x=rows["week"],
            y=rows["quota"],
            mode="lines",
            line={"color": colours.marketing, "width": 1.6, "dash": "dash", "shape": "hvh"},
            name="Marketing's quota",
            hoverinfo="skip",
        )
    top = count_top(max(rows["definition"].max(), rows["baseline"].max(), rows["quota"].max() or 0, 1))
    ticks, texts = day_ticks(rows["week"].to_list())
    figure.update_xaxes(tickvals=ticks, ticktext=texts)
    figure.update_yaxes(
        range=[0, top * 1.03], tickvals=[0, top / 2, top], ticktext=[wording.short_count(v) for v in (0, top / 2, top)], showgrid=True
    )
    legend_above(figure, mode)
    return figure


def weekly_volume_alt(rows: pl.DataFrame, was: str = "before") -> str:
    whole = rows.filter("is_whole")
    if whole.is_empty():
        return "The period holds no whole week."
    text = f"The draft hands over {wording.decimal(whole['definition'].mean())} leads a week; {was}: {wording.decimal(whole['baseline'].mean())}."
    quota = whole.filter(pl.col("quota").is_not_null())
    if quota.height:
        met = quota.filter(pl.col("definition") >= pl.col("quota")).height
        text += f" The quota is met in {met} of {quota.height} weeks."
    return text
