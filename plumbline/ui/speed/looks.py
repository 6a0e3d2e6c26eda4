"""The second half of the Speed screen: one closer look at a time. Only the one that is open is computed."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.charts.week_hours import DAYS
from plumbline.speed.promise import Promise
from plumbline.statistics import MINIMUM_N, wilson
from plumbline.ui import filter_bar, findings, on_record, panels, text, theme, widen
from plumbline.ui.choices import GRAINS
from plumbline.ui.speed import desks, followed, goes_with, ground, reps, whose
from plumbline.ui.speed.figures import Scene, trend

LOOKS = {
    "whose": "Whose delay",
    "hours": "Hours of the week",
    "trend": "Trend",
    "reps": "Reps",
    "load": "Load",
    "goes": "What goes with speed",
}


def show(told: Scene, promise: Promise) -> None:
    """The choice of a look, then that look."""
    st.space("small")
    no_owners = not on_record.has("owners") or on_record.of_won_alone("owners")  # then nobody's delay, desk or load can be told
    left_out = {*(("hours",) if told.is_dated else ()), *(("whose", "reps", "load") if no_owners else ())}
    looks = {name: shown for name, shown in LOOKS.items() if name not in left_out}
    if no_owners and (asked := st.query_params.get("closer")) in {LOOKS[name] for name in left_out}:
        text.note(f"{asked}: {on_record.why_not('owners')}")
    usual = next(iter(looks))
    look = st.segmented_control("Look closer", list(looks), default=usual, format_func=looks.get, key="closer", bind="query-params") or usual
    if look in ("whose", "goes"):
        {"whose": whose.show, "goes": goes_with.show}[look](told)
    else:
        {"hours": _hours, "trend": _trend, "reps": reps.show, "load": _load}[look](told, promise)


def _hours(told: Scene, promise: Promise) -> None:
    limit = promise.micros
    hour = ground.hours().hour_of_week(told.waits.mql, told.waits.team)
    old = told.total.age >= limit
    in_time = old & told.total.happened & (told.total.time <= limit)
    counts = [np.bincount(hour, weights, 168)[:168] for weights in (np.ones(len(hour)), old, in_time)]
    rows = pl.DataFrame(
        {
            "weekday": np.arange(168) // 24,
            "hour": np.arange(168) % 24,
            **{name: values.astype(np.int64) for name, values in zip(("arrivals", "n", "k"), counts, strict=True)},
        }
    )
    columns = st.container(key="heat")
    with columns:
        left, right = st.columns(2, gap="medium")
    with left:
        panels.chart(
            charts.week_hours(rows, mode=theme.mode()), "arrivals", None, charts.week_hours_alt(rows),
            title="When leads come in",
            subtitle=f"Leads by the hour in which they became an MQL, in their team's time zone. n {wording.count(len(hour))}.",
            is_clickable=False,
        )  # fmt: skip
    with right:
        within = f"{promise.limit}{' of working time' if told.clock == 'open' else ''}"
        panels.chart(
            charts.week_hours(rows, mode=theme.mode(), what="share", within=within),
            "promptness",
            rows.with_columns(weekday=pl.col("weekday").replace_strict(dict(enumerate(DAYS)))).rename({"n": "old_enough", "k": "in_time"}),
            charts.week_hours_alt(rows, what="share", within=within),
            title=_hours_title(rows, within),
            headings={"weekday": "Day", "hour": "Hour", "arrivals": "Became an MQL", "old_enough": "Old enough to tell", "in_time": "Tried in time"},
            file="hours of the week",
            subtitle=f"Share of those leads tried within {within}. Outlined: fewer than {MINIMUM_N}, too few to say.",
            is_clickable=False,
        )  # fmt: skip


def _hours_title(rows: pl.DataFrame, within: str) -> str:
    weekend = rows.filter(pl.col("weekday") >= 5).select(pl.col("k", "n").sum()).row(0)
    week = rows.filter(pl.col("weekday") < 5).select(pl.col("k", "n").sum()).row(0)
    if min(weekend[1], week[1]) < MINIMUM_N:
        return f"Which hours are answered within {within}?"
    return f"Within {within}: {wording.share(week[0] / week[1])} on weekdays, {wording.share(weekend[0] / weekend[1])} at weekends"


def _trend(told: Scene, promise: Promise) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        names = list(promise.limits)
        limit_name = st.segmented_control("Tried within", names, default=promise.limit, key="within", bind="query-params") or promise.limit
        period = told.filters.since
        usual = "month" if period is None or (filter_bar.last_day() - period).days > 200 else "week"
        grain = st.segmented_control("By", list(GRAINS), default=usual, format_func=GRAINS.get, key="speed_grain", bind="query-params") or usual
    limit = promise.limits[limit_name]
    rows = trend(told, limit, grain)
    young = _young(limit)
    done = f"were tried within {limit_name}"
    picked = panels.chart(
        charts.cohort_trend(rows, "mql", young, mode=theme.mode(), entered="Became an MQL", done=done),
        "speed_trend",
        rows.drop("stage"),
        charts.cohort_trend_alt(rows, "mql", young),
        title=_trend_title(rows, limit_name, grain, young),
        headings={
            "cohort": f"{grain.capitalize()} of MQL",
            "entered": "Became an MQL",
            "mature": "Old enough to tell",
            "converted": f"Tried within {limit_name}",
        },
        file=f"tried within {limit_name} by {grain}",
        subtitle=f"Share of all leads tried within {limit_name}{' of working time' if told.clock == 'open' else ''}, with its 95 % interval, "
        f"by {grain} of MQL; {wording.count(rows['mature'].sum())} leads old enough. Click a point to see its leads.",
    )
    if picked and len(picked) == 2:
        first = date.fromisoformat(str(picked[1]))
        after = pl.Series([first]).dt.offset_by("1mo" if grain == "month" else "7d")[0]
        day = ground.days(told.waits.mql)
        span = [(one - date(1970, 1, 1)).days for one in (first, after)]
        named = f"month of {first:%B} {first.year}" if grain == "month" else wording.week(first)
        followed.listed(told.waits, (day >= span[0]) & (day < span[1]), f"that became an MQL in the {named}", "trend")


def _young(limit: int) -> date:
    """The first day of MQL on which some lead has not had the limit."""
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(ground.days(np.array([ground.through() - limit]))[0]))


def _trend_title(rows: pl.DataFrame, limit: str, grain: str, young: date) -> str:
    told = findings.trend(rows, "mql", (), grain, None, young)
    step = "MQL → SAL "
    return f"The share tried within {limit} {told.removeprefix(step)}" if told.startswith(step) else f"Does the share tried within {limit} change?"


def _load(told: Scene, promise: Promise) -> None:
    """Open leads of a rep against how soon the next one is tried; and what each rep has now, against the cap."""
    cap = reps.cap()
    _by_load(told, promise)
    desks.show(cap)


def _by_load(told: Scene, promise: Promise) -> None:
    human = told.measured("human")
    chosen = ground.open_before()[told.waits.episode[human.of]]
    limit = promise.micros
    old = (human.age >= limit) & (chosen >= 0)
    if old.sum() < 2 * MINIMUM_N:
        widen.empty("Too few leads were handed over to a rep to compare loads", [], "A lead counts here once a rep has it.")
        return
    groups = int(np.clip(old.sum() // (2 * MINIMUM_N), 2, 5))
    edges = np.unique(np.quantile(chosen[old], np.linspace(0, 1, groups + 1)).astype(int))
    group = np.clip(np.searchsorted(edges, chosen, "right") - 1, 0, max(0, len(edges) - 2))
    rows = []
    for place in range(max(1, len(edges) - 1)):
        mine = old & (group == place)
        last = edges[place + 1] - (1 if place < len(edges) - 2 else 0) if len(edges) > 1 else edges[0]
        span = f"{edges[place]:,} to {last:,}" if last > edges[place] else f"{edges[place]:,}"
        rows.append((f"{span} open leads", int((mine & human.happened & (human.time <= limit)).sum()), int(mine.sum())))
    frame = pl.DataFrame(rows, schema={"value": pl.String, "k": pl.Int64, "n": pl.Int64}, orient="row")
    done = f"tried within {promise.limit} of the hand-over"
    panels.chart(
        charts.ordered_shares(frame, mode=theme.mode(), done=done), "load",
        frame.rename({"value": "open_leads", "k": "in_time", "n": "leads"}), charts.ordered_shares_alt(frame, done=done),
        title=_load_title(frame, promise.limit),
        headings={"open_leads": "Open leads of the rep", "in_time": f"Tried within {promise.limit}", "leads": "Leads old enough"},
        file="open leads of the rep and first touch",
        subtitle=f"Share {done}, by how many open leads the rep had just then; {wording.count(int(old.sum()))} leads old enough. "
        "Reps differ in more than their load: an association, not its effect.",
        is_clickable=False,
    )  # fmt: skip


def _load_title(rows: pl.DataFrame, until: str) -> str:
    told = rows.filter(pl.col("n") >= MINIMUM_N)
    if told.height < 2:
        return "Are leads tried later when their rep has many?"
    first, last = told.row(0, named=True), told.row(-1, named=True)
    (_, high), (low, _) = wilson(last["k"], last["n"]), wilson(first["k"], first["n"])
    emptiest, fullest = (wording.share(row["k"] / row["n"]) for row in (first, last))
    if high < low:
        return f"The fuller the desk, the later the next lead is tried: {emptiest} within {until} at the emptiest, {fullest} at the fullest"
    return f"How full a desk is makes little difference: {emptiest} within {until} at the emptiest, {fullest} at the fullest"
