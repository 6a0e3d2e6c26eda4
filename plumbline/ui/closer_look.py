"""The second half of the Funnel: one closer look at a time, at one step. Only the one that is open is computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.charts.time_in_stage import TIME_EDGES
from plumbline.filters import MISSING, Filters
from plumbline.statistics import MINIMUM_N, aalen_johansen
from plumbline.steps import Steps
from plumbline.ui import data, filter_bar, findings, funnel_words, leads_table, on_record, panels, theme, widen
from plumbline.ui.choices import GRAINS, LOOKS
from plumbline.ui.windows import parameters


@dataclass(frozen=True)
class Scene:
    """What every look is about. days: the window of each stage; hidden: stages that are only implied; never: outcomes that are never recorded;
    missing: stages that nobody of the whole history ever reached."""

    filters: Filters
    days: dict[str, float]
    hidden: tuple[str, ...]
    never: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def windows(self) -> dict[str, float]:
        return parameters(self.days)


def show(scene: Scene, stages: pl.DataFrame) -> None:
    """The choice of a look and a step, then that look."""
    st.space("small")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        look = st.segmented_control("Look closer", list(LOOKS), default="trend", format_func=LOOKS.get, key="look", bind="query-params") or "trend"
        stage = "mql"
        if look in ("trend", "outcomes", "by"):
            shown = Steps(scene.hidden, scene.missing)
            steps = {name: shown.name(name) for name in shown.begins}
            if not steps:
                widen.empty("No step to look at", [], "No stage after MQL is recorded.")
                return
            stage = st.segmented_control("Step", list(steps), default="mql", format_func=steps.get, key="step", bind="query-params") or "mql"
    if look in ("trend", "outcomes"):
        row = funnel_words.rows_by_stage(stages)[stage]
        picked = panels.chart(charts.outcome_sum(row, mode=theme.mode(), never=scene.never), "sum", None, charts.outcome_sum_alt(row, scene.never))
        if picked and picked[0] == stage:
            outcome = {"reached_next": "advanced"}.get(picked[1], picked[1])
            leads_table.preview(scene.filters, scene.windows, stage=stage, outcome=outcome, key="sum")
    if on_record.is_one_instant() and look in ("trend", "time", "activity", "outcomes", "inquiries"):
        widen.empty("Nothing can be told over time", [], on_record.why_no_times())
        return
    _SHOW[look](scene, stage)


def _trend(scene: Scene, stage: str) -> None:
    grain = _grain(scene.filters)
    cohorts = data.metric("funnel/cohorts", scene.filters, **scene.windows, grain=grain)
    young = filter_bar.local_day(funnel_words.cut_off(data.history().about.data_through, scene.days[stage]))
    begins = _record_begins(stage, cohorts)
    own = cohorts.filter(pl.col("stage") == stage)
    picked = panels.chart(
        charts.cohort_trend(cohorts, stage, young, mode=theme.mode(), history_begins=begins),
        "trend",
        funnel_words.as_recorded(own, (), scene.missing, scene.never),
        charts.cohort_trend_alt(cohorts, stage, young),
        title=findings.trend(cohorts, stage, scene.hidden, grain, begins, young),
        subtitle=f"{funnel_words.step(stage, scene.hidden)}: share that got there within {wording.decimal(scene.days[stage])} days, with its 95 % "
        f"interval, of {wording.count(own['mature'].sum())} leads old enough, by {grain} of hand-over. Click a point to see its leads.",
    )
    if picked and picked[0] == stage:
        first = date.fromisoformat(picked[1])
        narrowed = _cut(scene.filters, first, _next(first, grain))
        leads_table.preview(narrowed, scene.windows, stage=stage, outcome="mature", where=f"handed over in the {_named(first, grain)}", key="trend")


def _cut(filters: Filters, first: date, after: date) -> Filters:
    """The filters, with their period cut to [first, after)."""
    return replace(
        filters,
        since=max(first, filters.since) if filters.since else first,
        until=min(after, filters.until) if filters.until else after,
    )


def _next(day: date, grain: str) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) if grain == "month" else day + timedelta(days=7)


def _named(day: date, grain: str) -> str:
    return f"month of {day:%B} {day.year}" if grain == "month" else wording.week(day)


def _record_begins(stage: str, cohorts: pl.DataFrame) -> date | None:
    """The day from which a step is recorded, where cohorts before it are on the picture."""
    row = next(row for row in data.metric("funnel/reach").to_dicts() if row["stage"] == stage)
    if not funnel_words.begins_late(row) or cohorts.is_empty():
        return None
    begins = filter_bar.local_day(row["recorded_from"])
    return begins if begins > cohorts["cohort"].min() else None


def _outcomes(scene: Scene, stage: str) -> None:
    told = data.metric("funnel/incidence", scene.filters, stage=stage)
    names = ["advanced", "rejected", "recycled", "lost"]
    if told.is_empty():
        looked_for = f"No lead entered {wording.stage_short(stage)} in this period with these filters"
        widen.empty(looked_for, widen.ways(scene.filters, lambda chosen: entered(chosen, stage), "funnel"))
        return
    codes = {name: number for number, name in enumerate(names, 1)}
    curve = aalen_johansen(
        told["hours"].to_numpy() * 3600.0,
        told["outcome"].replace_strict(codes, default=0, return_dtype=pl.Int64).to_numpy(),
        told["n"].to_numpy(),
        names=names,
    )
    window = scene.days[stage] * 86400
    shown = curve.drop(scene.never)
    panels.chart(
        charts.incidence(shown, stage, mode=theme.mode(), horizon=2 * window, window=window),
        "incidence",
        shown.select("time", "at_risk", "advanced", "still_open", *(name for name in names[1:] if name in shown.columns)),
        charts.incidence_alt(shown, stage, horizon=2 * window),
        title=findings.outcomes(curve, stage, scene.hidden, told["n"].sum(), window),
        subtitle=f"Share of {wording.count(told['n'].sum())} leads by time since they entered {wording.stage_short(stage)}. Leads still open "
        "count as long as they are seen; the parts add up to 100 %. " + funnel_words.never_note(scene.never),
    )


def _time(scene: Scene, stage: str) -> None:
    hidden = (*scene.hidden, *scene.missing)
    summary = data.metric("funnel/time_in_stage", scene.filters).filter(~pl.col("stage").is_in(hidden))
    spread = data.metric("funnel/durations", scene.filters, edges=tuple(float(edge) for edge in TIME_EDGES))
    panels.chart(
        charts.time_in_stage(spread, summary, mode=theme.mode(), hidden=hidden),
        "durations",
        summary,
        charts.time_in_stage_alt(summary),
        title=findings.time_in_stage(summary, spread),
        subtitle="Time from an observed entry to the next later stage observed, on a clock that widens; n beside each stage. "
        "Leads that left or are still there are not in it.",
    )


def _by(scene: Scene, stage: str) -> None:
    options = data.breakdown_options()
    if not options:
        widen.empty("There is nothing to break down by", [], "No attribute of this history has between 2 and 200 values.")
        return
    field = st.selectbox("Break down by", options, format_func=lambda name: name.replace("_", " "), key="by", bind="query-params", width=260)
    rows = data.metric("funnel/breakdown", scene.filters, **scene.windows, by=field).filter(pl.col("stage") == stage)
    picked = panels.chart(
        charts.breakdown_bars(rows, mode=theme.mode(), stage=stage),
        "breakdown",
        funnel_words.as_recorded(rows, (), scene.missing, scene.never),
        charts.breakdown_bars_alt(rows, stage=stage),
        title=findings.breakdown(rows, field),
        subtitle=f"{funnel_words.step(stage, scene.hidden)} by {field.replace('_', ' ')}, as known when the lead was handed over: share within "
        f"{wording.decimal(scene.days[stage])} days with its 95 % interval, of {wording.count(rows['mature'].sum())} leads old enough. "
        f"Under {MINIMUM_N}: too few to say. Click a point to see its leads.",
    )
    if picked:
        values = charts.breakdown_pooled(rows, stage=stage) if picked[0] == "others" and len(picked) == 2 else [picked[0]]
        where = "the others together" if len(values) > 1 else f"{field.replace('_', ' ')} {values[0] or 'not known'}"
        narrowed = scene.filters.with_segment(field, [value or MISSING for value in values])
        leads_table.preview(narrowed, scene.windows, stage=stage, outcome="mature", where=where, key="by")


def _activity(scene: Scene, stage: str) -> None:
    grain = _grain(scene.filters)
    flow, hidden = data.metric("funnel/flow", scene.filters, grain=grain), (*scene.hidden, *scene.missing)
    current = filter_bar.local_day(data.history().about.data_through)
    partial = current - timedelta(days=current.weekday()) if grain == "week" else current.replace(day=1)
    panels.chart(
        charts.flow_trend(flow, mode=theme.mode(), partial_from=partial, hidden=hidden),
        "flow",
        flow.filter(~pl.col("stage").is_in(hidden)),
        charts.flow_trend_alt(flow, hidden),
        title=findings.activity(flow, grain, partial),
        subtitle=f"Leads that entered each stage in each {grain}, whenever they were handed over (activity view), "
        f"{wording.count(flow['entries'].sum())} entries. Not a conversion: different leads stand in each line.",
    )


def _inquiries(scene: Scene, stage: str) -> None:
    grain = _grain(scene.filters)
    rows = data.metric("funnel/inquiries", scene.filters, grain=grain)
    if rows.is_empty():
        by_period = replace(scene.filters, segments={}, episodes="first")
        widen.empty(
            "No lead was created in this period",
            widen.ways(by_period, lambda chosen: data.metric("funnel/inquiries", chosen, grain="month")["leads"].sum(), "funnel"),
        )
        return
    cohorts = rows.select("cohort", pl.lit("mql").alias("stage"), pl.col("leads").alias("entered"), "mature", "converted", "conversion")
    young = filter_bar.local_day(funnel_words.cut_off(data.history().about.data_through, 90))
    leads, mature, converted = rows["leads"].sum(), rows["mature"].sum(), rows["converted"].sum()
    enough = mature >= MINIMUM_N
    panels.chart(
        charts.cohort_trend(cohorts, "mql", young, mode=theme.mode()),
        "inquiries",
        rows,
        f"{wording.share_of(converted, mature)} leads became an MQL within 90 days of being created",
        title=f"{wording.share_of(converted, mature)} leads that were created became an MQL within 90 days"
        if enough
        else "How many of the leads that are created become an MQL?",
        subtitle=f"Share that became an MQL within 90 days, by the {grain} in which {wording.count(leads)} leads were created. "
        "Only the period applies here: attributes are as known at hand-over.",
        is_clickable=False,
    )


def entered(filters: Filters, stage: str) -> int:
    """How many entered `stage` with these filters."""
    return funnel_words.rows_by_stage(data.metric("funnel/stages", filters))[stage]["entered"]


def _grain(filters: Filters) -> str:
    """Week or month: weeks by default, months where the weeks would be too many or too thin to say anything."""
    leads = entered(filters, "mql")
    weeks = max(1.0, _weeks(filters))
    usual = "week" if weeks <= 13 or (weeks <= 60 and leads / weeks >= 40) else "month"
    return (
        st.segmented_control(
            "By", list(GRAINS), default=usual, format_func=GRAINS.get, key="grain", bind="query-params", label_visibility="collapsed"
        )
        or usual
    )


def _weeks(filters: Filters) -> float:
    since = filters.since or filter_bar.first_day()
    return ((filters.until or filter_bar.last_day()) - since).days / 7


_SHOW = {"trend": _trend, "outcomes": _outcomes, "time": _time, "by": _by, "activity": _activity, "inquiries": _inquiries}
