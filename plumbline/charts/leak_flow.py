"""Where leads go at each step: on, still waiting, or out, by the way in which they leaked. One bar a step; its parts add up to all that entered."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import HATCH, hover, nothing, sheet
from plumbline.colours import Mode, faded, palette

STEPS = ("mql->sal", "sal->sql", "sql->opportunity", "opportunity->won")
NAMES = {"mql->sal": "MQL → SAL", "sal->sql": "SAL → SQL", "sql->opportunity": "SQL → Opportunity", "opportunity->won": "Opportunity → Won"}
CLASSES = tuple(wording.LEAK_NAMES)[2:]
WENT_ON, WAITING = "went_on", "in_window"
_ROW = 84
_NAMED = 2  # ways of leaking that are named under a bar


def leak_flow(
    parts: pl.DataFrame, *, mode: Mode = "light", names: Mapping[str, str] = NAMES, ways: Mapping[str, str] = wording.LEAK_NAMES
) -> go.Figure:
    """parts: step, class (went_on, in_window, or a class of leaks), n, in the order drawn. Small parts have their words in the hover only.
    names, ways: what the steps, and what became of leads, are called, where not all is recorded.

    customdata of a part: [step, class].
    """
    steps = [step for step in STEPS if step in parts["step"].to_list()]
    if not steps or not parts["n"].sum():
        return nothing(mode, 180, "No lead entered a stage in this period.")
    colours = palette(mode)
    figure = sheet(mode, _ROW * len(steps) + 12, left=4, right=4, top=6, bottom=6)
    for place, step in enumerate(steps):
        rows = parts.filter((pl.col("step") == step) & (pl.col("n") > 0))
        total = int(rows["n"].sum())
        stage = step.split("->")[0]
        base, tone = 0.0, 0
        for name, n in rows.select("class", "n").iter_rows():
            share = n / total
            look, tone = _look(mode, stage, name, tone)
            words = ways[name]
            figure.add_bar(
                y=[-place + 0.05],
                x=[share],
                base=[base],
                orientation="h",
                width=0.36,
                marker=look | {"line": {"width": 1, "color": colours.page}},
                customdata=[[step, name]],
                text=["" if name == WAITING else f"{wording.count(n)} {words}"],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                hovertext=[hover(f"<b>{wording.count(n)}</b> {words}", f"{wording.share(share)} of {wording.count(total)} at {names[step]}")],
                hoverinfo="text",
                unselected={"marker": {"opacity": 0.65}},
            )
            base += share
        common = {"xref": "paper", "showarrow": False}
        for x, y, anchor, words, hue in (
            (0, 0.27, "left", f"<b>{names[step]}</b> \u00a0{wording.count(total)} entered", colours.text),
            (0, -0.37, "left", _ahead(rows), colours.reached),
            (1, -0.37, "right", _leaked(rows, ways), colours.lost),
        ):
            size = 13 if y > 0 else 12
            figure.add_annotation(**common, x=x, y=-place + y, xanchor=anchor, yanchor="bottom", text=words, font={"size": size, "color": hue})
    figure.layout.barmode = "overlay"
    figure.layout.uniformtext = {"minsize": 11, "mode": "hide"}  # words that do not fit into their part stand in the hover only
    figure.layout.xaxis.update(range=[0, 1.001], visible=False)
    figure.layout.yaxis.update(range=[-len(steps) + 0.6, 0.56], visible=False)
    return figure


def leak_flow_alt(parts: pl.DataFrame, names: Mapping[str, str] = NAMES, ways: Mapping[str, str] = wording.LEAK_NAMES) -> str:
    """'MQL → SAL: 1,169 entered, 560 went on, 120 sent back, ...; SAL → SQL: ...'"""
    told = []
    for step in (step for step in STEPS if step in parts["step"].to_list()):
        rows = parts.filter((pl.col("step") == step) & (pl.col("n") > 0))
        listed = ", ".join(f"{wording.count(n)} {ways[name]}" for name, n in rows.select("class", "n").iter_rows())
        told.append(f"{names[step]}: {wording.count(rows['n'].sum())} entered, {listed}")
    return "; ".join(told) + "."


def _look(mode: Mode, stage: str, name: str, tone: int) -> tuple[dict, int]:
    """The marker of a part, and how many parts of leaks there are now: neighbours among them differ in tone."""
    colours = palette(mode)
    if name == WENT_ON:
        return {"color": colours.reached}, tone
    if name == WAITING:
        hue = colours.stages[stage]
        return {"color": hue, "pattern": HATCH | {"fgcolor": hue, "bgcolor": colours.page}}, tone
    return {"color": faded(colours.lost, (0.95, 0.72, 0.52)[tone % 3])}, tone + 1


def _ahead(rows: pl.DataFrame) -> str:
    """'361 went on · 45 still in window'."""
    told = rows.filter(pl.col("class").is_in([WENT_ON, WAITING]))
    return " · ".join(f"<b>{wording.count(n)}</b> {wording.LEAK_NAMES[name]}" for name, n in told.select("class", "n").iter_rows())


def _leaked(rows: pl.DataFrame, words: Mapping[str, str]) -> str:
    """'430 leaked: 133 sent back, 114 never tried, 183 otherwise'."""
    told = rows.filter(~pl.col("class").is_in([WENT_ON, WAITING])).sort("n", descending=True, maintain_order=True)
    if told.is_empty():
        return ""
    most = [f"{wording.count(n)} {words[name]}" for name, n in told.head(_NAMED).select("class", "n").iter_rows()]
    ways, rest = told.height - _NAMED, told["n"].sum() - told.head(_NAMED)["n"].sum()
    others = [f"{wording.count(rest)} in {ways} other ways" if ways > 1 else f"{wording.count(rest)} {words[told['class'][-1]]}"]
    return f"<b>{wording.count(told['n'].sum())}</b> leaked: " + ", ".join([*most, *(others if ways > 0 else [])])
