"""The second half of the Funnel: one closer look at a time, at one step. Only the one that is open is computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.charts.time_in_stage import TIME_EDGES
from plumbline.filters import Filters
from plumbline.statistics import MINIMUM_N, aalen_johansen
from plumbline.ui import data, filter_bar, frame, funnel_words, panels, text, theme
from plumbline.ui.choices import GRAINS, LOOKS, STEPS
from plumbline.ui.funnel_words import NEXT, WINDOWS


def windows(filters: Filters) -> tuple[dict[str, float], Filters, str]:
    """The window of each step, the switch to mature cohorts only, and what that switch leaves out, in words."""
    times = {row["stage"]: row for row in data.metric("funnel/time_in_stage").to_dicts()}
    with frame.bar().popover("Windows", help="How long a lead has at each stage before it counts as not converted"):
        days = {}
        for stage, (name, default) in WINDOWS.items():
            p90 = times.get(stage, {}).get("p90")
            days[stage] = float(
                st.number_input(
                    f"Days from {wording.stage_short(stage)} to {wording.stage_short(NEXT[stage])}",
                    1,
                    3650,
                    default,
                    key=name,
                    bind="query-params",
                    help=f"9 of 10 observed passages took at most {wording.duration(p90)}" if p90 else None,
                )
            )
        mature = st.toggle(
            "Only leads old enough to have been accepted", key="mature", bind="query-params", help="Mature cohorts only, at the first step"
        )
    return days, *(old_enough(filters, days["mql"]) if mature else (filters, ""))


def old_enough(filters: Filters, days: float) -> tuple[Filters, str]:
    """The filters cut to leads that have had `days` days since hand-over, and that said in words."""
    last = filter_bar.local_day(funnel_words.cut_off(data.history().about.data_through, days))
    until = min(filters.until, last) if filters.until else last
    note = f"Mature cohorts only: leads handed over before {wording.day(last)}, who have had their {wording.decimal(days)} days to be accepted."
    return replace(filters, until=until), note


def show(filters: Filters, parameters: dict[str, float], days: dict[str, float], stages: pl.DataFrame) -> None:
    """The choice of a look and a step, then that look."""
    st.space("small")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        look = st.segmented_control("Look closer", list(LOOKS), default="trend", format_func=LOOKS.get, key="look", bind="query-params") or "trend"
        stage = "mql"
        if look in ("trend", "outcomes", "by"):
            stage = st.segmented_control("Step", list(STEPS), default="mql", format_func=STEPS.get, key="step", bind="query-params") or "mql"
    if look in ("trend", "outcomes"):
        row = funnel_words.rows_by_stage(stages)[stage]
        st.plotly_chart(
            charts.outcome_sum(row, mode=theme.mode()), theme=None, width="stretch", height="content", key="sum", alt=charts.outcome_sum_alt(row)
        )
    _SHOW[look](filters, parameters, days, stage)


def _trend(filters: Filters, parameters: dict[str, float], days: dict[str, float], stage: str) -> None:
    about = data.history().about
    grain = _grain(filters)
    cohorts = data.metric("funnel/cohorts", filters, **parameters, grain=grain)
    young = filter_bar.local_day(funnel_words.cut_off(about.data_through, days[stage]))
    step = f"{wording.stage_short(stage)} → {wording.stage_short(NEXT[stage])}"
    panels.chart(
        charts.cohort_trend(cohorts, stage, young, mode=theme.mode(), history_begins=_record_begins(stage, cohorts)),
        "trend",
        cohorts.filter(pl.col("stage") == stage),
        charts.cohort_trend_alt(cohorts, stage, young),
        title=f"{step} by the {grain} in which leads were handed over",
        subtitle=f"Share that got there within {wording.decimal(days[stage])} days, of leads old enough to tell, with 95 % interval. Cohort view.",
    )


def _record_begins(stage: str, cohorts: pl.DataFrame) -> date | None:
    """The day from which a step is recorded, where cohorts before it are on the picture."""
    row = next(row for row in data.metric("funnel/reach").to_dicts() if row["stage"] == stage)
    if not funnel_words.begins_late(row) or cohorts.is_empty():
        return None
    begins = filter_bar.local_day(row["recorded_from"])
    return begins if begins > cohorts["cohort"].min() else None


def _outcomes(filters: Filters, parameters: dict[str, float], days: dict[str, float], stage: str) -> None:
    told = data.metric("funnel/incidence", filters, stage=stage)
    names = ["advanced", "rejected", "recycled", "lost"]
    if told.is_empty():
        text.empty_state(
            "No lead entered this stage in this period",
            "Widen the period or the filters.",
            text.Link("Show all of all time", filter_bar.link("funnel", period="all")),
        )
        return
    codes = {name: number for number, name in enumerate(names, 1)}
    curve = aalen_johansen(
        told["hours"].to_numpy() * 3600.0,
        told["outcome"].replace_strict(codes, default=0, return_dtype=pl.Int64).to_numpy(),
        told["n"].to_numpy(),
        names=names,
    )
    horizon = days[stage] * 2 * 86400
    panels.chart(
        charts.incidence(curve, stage, mode=theme.mode(), horizon=horizon, window=days[stage] * 86400),
        "incidence",
        curve,
        charts.incidence_alt(curve, stage, horizon=horizon),
        title=f"When leads leave {wording.stage_short(stage)}, and how",
        subtitle=f"Share of {wording.count(told['n'].sum())} leads by time since entering. Leads still open count as long as they are seen; "
        "the parts add up to 100 %.",
    )


def _time(filters: Filters, parameters: dict[str, float], days: dict[str, float], stage: str) -> None:
    summary = data.metric("funnel/time_in_stage", filters)
    spread = data.metric("funnel/durations", filters, edges=tuple(float(edge) for edge in TIME_EDGES))
    panels.chart(
        charts.time_in_stage(spread, summary, mode=theme.mode()),
        "durations",
        summary,
        charts.time_in_stage_alt(summary),
        title="How long leads stay in a stage before they go on",
        subtitle="From an observed entry to the next later stage observed; leads that left or are still there are not in it.",
    )


def _by(filters: Filters, parameters: dict[str, float], days: dict[str, float], stage: str) -> None:
    options = [name for name, values in data.field_options().items() if 2 <= len(values) <= 200]
    if not options:
        text.empty_state("There is nothing to break down by", "The history has no attribute with a few values.")
        return
    field = st.selectbox("Break down by", options, format_func=lambda name: name.replace("_", " "), key="by", bind="query-params", width=260)
    rows = data.metric("funnel/breakdown", filters, **parameters, by=field).filter(pl.col("stage") == stage)
    panels.chart(
        charts.breakdown_bars(rows, mode=theme.mode(), stage=stage),
        "breakdown",
        rows,
        charts.breakdown_bars_alt(rows, stage=stage),
        title=f"{wording.stage_short(stage)} → {wording.stage_short(NEXT[stage])} by {field.replace('_', ' ')}",
        subtitle=f"Share within {wording.decimal(days[stage])} days with its 95 % interval, as known when the lead was handed over. "
        f"Under {MINIMUM_N}: too few to say.",
    )


def _activity(filters: Filters, parameters: dict[str, float], days: dict[str, float], stage: str) -> None:
    grain = _grain(filters)
    flow = data.metric("funnel/flow", filters, grain=grain)
    about = data.history().about
    current = filter_bar.local_day(about.data_through)
    partial = current - timedelta(days=current.weekday()) if grain == "week" else current.replace(day=1)
    panels.chart(
        charts.flow_trend(flow, mode=theme.mode(), partial_from=partial),
        "flow",
        flow,
        charts.flow_trend_alt(flow),
        title=f"How many leads entered each stage in each {grain}",
        subtitle="Activity view: by the date of each entry, whenever the lead was handed over. Not a conversion: different leads stand in each line.",
    )


def _inquiries(filters: Filters, parameters: dict[str, float], days: dict[str, float], stage: str) -> None:
    grain = _grain(filters)
    rows = data.metric("funnel/inquiries", filters, grain=grain)
    if rows.is_empty():
        text.empty_state(
            "No lead was created in this period", "Widen the period.", text.Link("Show all of all time", filter_bar.link("funnel", period="all"))
        )
        return
    cohorts = rows.select("cohort", pl.lit("mql").alias("stage"), pl.col("leads").alias("entered"), "mature", "converted", "conversion")
    young = filter_bar.local_day(funnel_words.cut_off(data.history().about.data_through, 90))
    leads, mature, converted = rows["leads"].sum(), rows["mature"].sum(), rows["converted"].sum()
    panels.chart(
        charts.cohort_trend(cohorts, "mql", young, mode=theme.mode()),
        "inquiries",
        rows,
        f"{wording.share_of(converted, mature)} leads became an MQL within 90 days of being created",
        title=f"{wording.share_of(converted, mature)} leads that were created became an MQL within 90 days",
        subtitle=f"By the {grain} in which {wording.count(leads)} leads were created. Only the period applies here: "
        "attributes are as known at hand-over.",
    )


def _grain(filters: Filters) -> str:
    """Week or month: weeks by default, months where the weeks would be too many or too thin to say anything."""
    entered = data.metric("funnel/stages", filters)["entered"][0]
    weeks = max(1.0, _weeks(filters))
    usual = "week" if weeks <= 13 or (weeks <= 60 and entered / weeks >= 40) else "month"
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
