"""Whose delay it is: the time until a lead is handed over to a rep beside the time until that rep tries it, by segment."""

from __future__ import annotations

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.charts.clock_axis import HALF_A_DAY
from plumbline.speed.waits import NEVER, NOBODY
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, panels, text, theme, widen
from plumbline.ui.speed import followed, ground, words
from plumbline.ui.speed.figures import SECOND, Scene

_MOST = 12


def show(told: Scene, has_attempts: bool = True) -> None:
    """The two delays by the values of an attribute; where no attempt is on record the time until the hand-over alone."""
    options = data.breakdown_options()
    if not options:
        widen.empty("There is nothing to compare", [], "No attribute of this history has between 2 and 200 values.")
        return
    usual = data.usual_breakdown(options, "source")
    field = st.selectbox("Compare", options, usual, format_func=lambda name: name.replace("_", " "), key="compare", bind="query-params", width=260)
    sides = charts.SIDES if has_attempts else charts.SIDES[:1]
    frame, left_out = rows(told, field, sides[-1])
    by = field.replace("_", " ")
    picked = panels.chart(
        charts.two_delays(frame, mode=theme.mode(), shortest=HALF_A_DAY if told.is_dated else 30.0, sides=sides),
        "delays",
        _table(frame, has_attempts, told.is_dated),
        charts.two_delays_alt(frame, sides, is_dated=told.is_dated),
        title=_title(told, has_attempts),
        headings={
            "value": wording.words(field),
            "leads": "Leads that became an MQL",
            "handed": "Handed over to a rep",
            "system": "Half are handed over within",
            "human": "Half are tried after that within",
        },
        file=f"whose delay by {by}",
        subtitle=f"Half of the leads wait at most so long, by {by}; the slowest first. "
        + (
            "Marketing's side is the time from MQL to the rep, sales' side the time from there to the first attempt."
            if has_attempts
            else "The time from MQL to the hand-over to a rep."
        )
        + (f" The {left_out} smallest are left out." if left_out > 0 else "")
        + " Click a point to see its leads.",
    )
    if has_attempts:
        text.note(words.sum_of_parts(told.parts(), told.clock, told.is_dated))
        if flagged := told.measured("human").flagged:
            text.note(f"{wording.plural(flagged, 'lead was', 'leads were')} tried before the hand-over: counted as no delay.")
    if picked:
        here = next((code for code, name in ground.labels(field).items() if name == picked[0]), NOBODY)
        is_human = len(picked) > 1 and picked[1] == "human"
        mine = (ground.field_of(told.waits, field) == here) & ((told.waits.handed != NEVER) | (not is_human))
        followed.listed(told.waits, mine, f"{by} {picked[0] or 'not known'}" + (", handed over to a rep" if is_human else ""), "delays")


def rows(told: Scene, field: str, last: str) -> tuple[pl.DataFrame, int]:
    """The largest values of an attribute as charts.two_delays reads them, the slowest on the side `last` first; and how many are left out."""
    names = ground.labels(field)
    by_system = told.groups("system", field, 0)
    by_human = {group.code: group for group in told.groups("human", field, 0)}
    found = []
    for group in sorted(by_system, key=lambda group: -group.passes)[:_MOST]:
        then = by_human.get(group.code)
        found.append(
            {
                "value": names.get(group.code),
                "passes": group.passes,
                "handed": then.passes if then else 0,
                "system": None if group.median is None else group.median / SECOND,
                "human": None if then is None or then.median is None else then.median / SECOND,
                "is_few": group.passes < MINIMUM_N,
            }
        )
    schema = {"value": pl.String, "passes": pl.Int64, "handed": pl.Int64, "system": pl.Float64, "human": pl.Float64, "is_few": pl.Boolean}
    frame = pl.DataFrame(found, schema=schema).sort("is_few", last, descending=[False, True], nulls_last=False)
    return frame, len(by_system) - frame.height


def _table(frame: pl.DataFrame, has_attempts: bool, is_dated: bool = False) -> pl.DataFrame:
    """The rows in words of their own, the times as durations."""
    times = {name: [None if value is None else wording.span(value, is_dated) for value in frame[name]] for name in ("system", "human")}
    told = frame.select(
        "value",
        pl.col("passes").alias("leads"),
        "handed",
        pl.Series("system", times["system"], pl.String),
        pl.Series("human", times["human"], pl.String),
    )
    return told if has_attempts else told.drop("human")


def _title(told: Scene, has_attempts: bool) -> str:
    one, other = told.groups("system", "", 0), told.groups("human", "", 0)
    if not one or one[0].passes < MINIMUM_N or one[0].median is None or (has_attempts and not other):
        return "Whose delay is it?" if has_attempts else "How soon are leads handed over to a rep?"
    handed = wording.within(one[0].median / SECOND, told.is_dated) if one[0].median or told.is_dated else "at once"
    said = f"Half of the leads are handed over to a rep {handed}"
    if not has_attempts:
        return said
    if other[0].median is None:
        return f"{said}, half are never tried after that"
    return f"{said}, then {wording.span(other[0].median / SECOND, told.is_dated)} until that rep tries"
