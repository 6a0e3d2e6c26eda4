"""The days that a lead has at each step, and the switch to mature cohorts: one control on every screen that judges by windows, kept in the URL."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from plumbline import wording
from plumbline.filters import Filters
from plumbline.steps import NEXT, WINDOWS, Steps
from plumbline.ui import address, data, filter_bar, frame, funnel_words, on_record

_LONGEST = 3650


def show(filters: Filters, hidden: tuple[str, ...] = (), through: str = "sal") -> tuple[dict[str, float], Filters, str]:
    """Draws the control into the bar: the window of each stage in days, the filters (cut where only mature cohorts are wanted), that cut in words.

    hidden: stages that are only implied; the days run to the next one that is recorded, usually the windows of the steps between together.
    through: which stage (sal, sql) a lead of a mature cohort is old enough to have reached. A closed popover loses what Streamlit binds to the
    URL at a change of screen, so the values are kept in the session and written into the URL here, those that differ from the usual.
    """
    spans = Steps(hidden)
    times = {row["stage"]: row for row in data.metric("funnel/time_in_stage").to_dicts()}
    days = {}
    with frame.bar().popover("Windows", help="How long a lead has at each stage before it counts as not converted"):
        for stage, (name, _) in WINDOWS.items():
            default = int(spans.window(stage))
            key = _key(stage, spans)
            # said anew: another screen's control is another one
            st.session_state[key] = st.session_state.get(key) or address.number(name, 1, _LONGEST, default)
            p90 = times.get(stage, {}).get("p90")
            if stage in hidden:
                days[stage] = float(st.session_state[key])
                continue
            days[stage] = float(
                st.number_input(
                    f"Days from {wording.stage_short(stage)} to {wording.stage_short(funnel_words.following(stage, hidden))}",
                    1,
                    _LONGEST,
                    key=key,
                    persist_state="session",
                    help=f"9 of 10 observed passages took at most {wording.duration(p90)}" if p90 else None,
                )
            )
        st.session_state["window.mature"] = st.session_state.get("window.mature", st.query_params.get("mature", "").lower() == "true")
        is_mature = st.toggle(
            f"Only leads old enough to {on_record.steps().become(through)}", key="window.mature", persist_state="session", help="Mature cohorts only"
        )
    for stage, (name, _) in WINDOWS.items():
        address.tell(name, f"{days[stage]:g}" if days[stage] != spans.window(stage) else "")
    address.tell("mature", "true" if is_mature else "")
    enough = days["mql"] + (days["sal"] if through == "sql" and "sal" not in hidden else 0)
    return days, *(old_enough(filters, enough, through) if is_mature else (filters, ""))


def parameters(days: dict[str, float]) -> dict[str, float]:
    """The windows as parameters of a metric: $mql_days and so on."""
    return {WINDOWS[stage][0]: days[stage] for stage in NEXT}


def to_sql(days: dict[str, float], steps: Steps) -> dict[str, float]:
    """$mql_days and $sal_days such that both together are the time from MQL to SQL, or to the first stage after it that is recorded."""
    return {"mql_days": days["mql"], "sal_days": 0.0 if "sal" in steps.implied else days["sal"]}


def told() -> dict[str, float]:
    """The windows in the address as parameters of a metric, for parts of a screen that do not draw the control."""
    spans = Steps(on_record.steps().implied)
    return {name: float(address.number(name, 1, _LONGEST, int(spans.window(stage)))) for stage, (name, _) in WINDOWS.items()}


def _key(stage: str, spans: Steps) -> str:
    """Where the session keeps the days of a step; those of a step that spans others stand apart from its own."""
    name, usual = WINDOWS[stage]
    return f"window.{name}" if spans.window(stage) == usual else f"window.{name}.{spans.end(stage)}"


def old_enough(filters: Filters, days: float, through: str = "sal") -> tuple[Filters, str]:
    """The filters cut to leads that have had `days` days since hand-over, and that said in words."""
    last = filter_bar.local_day(funnel_words.cut_off(data.history().about.data_through, days))
    until = min(filters.until, last) if filters.until else last
    note = f"Mature cohorts only: leads handed over before {wording.day(last)}, who have had their {wording.decimal(days)} days "
    note += f"to {on_record.steps().become(through)}."
    return replace(filters, until=until), note
