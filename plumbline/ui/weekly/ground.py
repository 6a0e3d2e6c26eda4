"""Which week is looked at, and everything that is shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from plumbline.agreement import weeks
from plumbline.agreement.versions import all_versions
from plumbline.clock import monday
from plumbline.definition import Definition
from plumbline.errors import InputError
from plumbline.meeting import weekly
from plumbline.meeting.week import Week
from plumbline.state import actions
from plumbline.state.opening import reading
from plumbline.ui import address, clock, data, filter_bar, on_record, text
from plumbline.ui.lab import desk

_MOST = 105  # weeks that can be chosen


@dataclass(frozen=True)
class Scene:
    """`week`: everything that is shown; `its`: which week it is; `today`: a day of the organisation's zone; `hot_by`: the definition by which leads
    that wait are hot, None where none is at hand."""

    week: Week
    its: weeks.Week
    today: date
    hot_by: Definition | None


def scene(its: weeks.Week) -> Scene:
    """Asks for everything. Raises HistoryError, StateError."""
    workspace, today = data.workspace(), clock.today()
    with reading() as connection:
        versions, kept = all_versions(connection), actions.listed(connection)
    by = weekly.agreed(its.monday, versions)
    hot_by = None
    if on_record.has("attempts", "activities") and not on_record.is_one_instant():
        hot_by = by.agreement.qualified if by.agreement else next(iter(desk.starts().values()), None)
    return Scene(weekly.week(workspace, by, its.monday, kept, today, hot_by), its, today, hot_by)


def choose() -> weeks.Week:
    """The one control: the week, kept in the address by its name. The last full one is the usual one, and is left out of the address."""
    usual = weeks.Week(weekly.last_full(data.workspace()))
    offered = _offered(usual)
    asked = _asked(usual)
    if asked not in offered:
        offered.append(asked)
    key = "weekly.week"
    if key not in st.session_state or st.session_state.get("weekly.week.asked") != asked.name:  # another one is in the address
        st.session_state[key] = asked
    chosen = st.selectbox("Week", offered, key=key, format_func=lambda one: _named(one, usual), width=330, label_visibility="collapsed") or usual
    st.session_state["weekly.week.asked"] = chosen.name
    if chosen != asked:
        address.tell("promise", "")
        address.tell("week", chosen.name if chosen != usual else "")
    return chosen


def _asked(usual: weeks.Week) -> weeks.Week:
    told = st.query_params.get("week", "")
    if not told:
        return usual
    try:
        return weeks.parse(told)
    except InputError as refusal:
        text.note(f"{refusal.what[:1].upper()}{refusal.what[1:]}: the last full week is shown.")
        return usual


def _offered(usual: weeks.Week) -> list[weeks.Week]:
    """The running week where the data reach into it, the last full one, and those before as far as the history goes; the latest first."""
    first = weeks.Week(monday(filter_bar.first_day()))
    last = weeks.Week(monday(filter_bar.last_day()))
    told = [last] if last > usual else []
    return [*told, *(usual + -back for back in range(_MOST) if back == 0 or usual + -back >= first)]


def _named(week: weeks.Week, usual: weeks.Week) -> str:
    year = "" if week.monday.year != week.sunday.year else f" {week.sunday.year}"
    which = " · last full week" if week == usual else " · not over yet" if week > usual else ""
    return f"{week.days}{year}{which}"


def due_usually(scene_: Scene) -> date:
    """When an action is due: at the next meeting; in a week's time, where that is past."""
    return max(scene_.week.next_meeting, scene_.today + timedelta(weeks=1)) if scene_.week.next_meeting < scene_.today else scene_.week.next_meeting
