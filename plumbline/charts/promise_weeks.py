"""Every promise in every week of a quarter: kept, missed, too few or too early, with the figure of the week in the cell."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import hover, nothing, safe, sheet
from plumbline.colours import Mode, palette

_ROW, _GAP = 30, 0.06
_LEFT = 168


def promise_weeks(rows: pl.DataFrame, *, mode: Mode = "light", size: int = 12) -> go.Figure:
    """rows: kind, promise (title), side, week (Monday), status (met, missed, too_few, too_early, no_data), label, told (the cell in words).

    Promises and weeks in the order of the rows. customdata of a cell: [kind, week].
    """
    if rows.is_empty():
        return nothing(mode, 120, "No week of the quarter is judged by a version.")
    colours = palette(mode)
    names = rows.unique("kind", maintain_order=True).select("kind", "promise", "side").to_dicts()
    weeks = sorted(set(rows["week"].to_list()))
    across, down = {week: n for n, week in enumerate(weeks)}, {one["kind"]: n for n, one in enumerate(names)}
    figure = sheet(mode, _ROW * len(names) + 52, left=_LEFT, right=4, top=6, bottom=46)
    shapes, x, y, texts, inks, hovers, data = [], [], [], [], [], [], []
    for row in rows.iter_rows(named=True):
        column, line, status = across[row["week"]], -down[row["kind"]], row["status"]
        fill = {"met": colours.reached, "missed": colours.lost}.get(status, "rgba(0,0,0,0)")
        edge = {"too_few": colours.too_few, "too_early": colours.rule, "no_data": colours.rule}.get(status, fill)
        shapes.append(
            {
                "type": "rect", "layer": "below", "x0": column - 0.5 + _GAP, "x1": column + 0.5 - _GAP, "y0": line - 0.42, "y1": line + 0.42,
                "fillcolor": fill, "line": {"color": edge, "width": 1, "dash": "dot" if status == "too_early" else "solid"},
            }
        )  # fmt: skip
        x.append(column)
        y.append(line)
        texts.append(f"{safe(row['label'])}{' ▾' if status == 'missed' else ''}")
        inks.append({"met": colours.on_reached, "missed": colours.on_lost}.get(status, colours.quiet_text))
        hovers.append(hover(f"<b>{safe(row['promise'])}</b>", safe(row["told"])))
        data.append([row["kind"], row["week"].isoformat()])
    figure.add_scatter(
        x=x, y=y, mode="markers+text", text=texts, textposition="middle center", textfont={"size": size, "color": inks}, hovertext=hovers,
        marker={"size": 24, "symbol": "square", "opacity": 0}, hoverinfo="text", customdata=data,
    )  # fmt: skip
    hues = {"marketing": colours.marketing, "sales": colours.sales}
    figure.layout.annotations = [
        {
            "x": 0, "xref": "paper", "xanchor": "right", "xshift": -8, "y": -n, "showarrow": False, "text": safe(one["promise"], 26),
            "font": {"size": 13, "color": hues.get(one["side"], colours.text)},
        }
        for n, one in enumerate(names)
    ]  # fmt: skip
    figure.layout.shapes = shapes
    step = 1 if len(weeks) <= 7 else 2
    ticks = [n for n in range(len(weeks)) if (len(weeks) - 1 - n) % step == 0]
    figure.layout.xaxis.update(
        range=[-0.5, len(weeks) - 0.5], tickvals=ticks, ticktext=[f"{weeks[n].day}<br>{weeks[n]:%b}" for n in ticks], side="bottom"
    )
    figure.layout.yaxis.update(range=[-len(names) + 0.5, 0.5], visible=False)
    return figure


def promise_weeks_alt(rows: pl.DataFrame) -> str:
    """'Acceptance: kept in 2 of 13 weeks; First touch: ...'"""
    told = []
    for (name,), group in rows.group_by("promise", maintain_order=True):
        judged = group.filter(pl.col("status").is_in(["met", "missed"])).height
        kept = group.filter(pl.col("status") == "met").height
        told.append(f"{name}: kept in {wording.count(kept)} of {wording.plural(judged, 'week')}" if judged else f"{name}: no week to judge")
    return f"{'; '.join(told)}." if told else "No week of the quarter is judged by a version."
