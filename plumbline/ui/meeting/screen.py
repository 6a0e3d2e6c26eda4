"""Meeting mode, at the weekly review's address with ?meeting=1: one step at a time, from one snapshot, with room for notes and actions."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from plumbline import wording
from plumbline.agreement import weeks
from plumbline.agreement.versions import version_in_force
from plumbline.errors import HistoryError, InputError, PlumblineError
from plumbline.history.connection import History
from plumbline.identity import Identity
from plumbline.meeting import room, weekly
from plumbline.meeting.agenda import BY_KEY, STEPS, Step
from plumbline.reports.minutes import Minutes
from plumbline.reports.texts import escaped
from plumbline.reports.weekly import afresh, report
from plumbline.reports.weekly_html import weekly_html
from plumbline.state import actions, meetings
from plumbline.state.opening import Connection, reading
from plumbline.ui import address, data, profile, text, theme
from plumbline.ui.clock import today_there
from plumbline.ui.meeting import clock, lobby, look, steps, writing
from plumbline.workspace import plain

_IN = "meeting.in"  # in the session: the number of the meeting that this screen is in
_KEYS = [step.key for step in STEPS]


def is_wanted() -> bool:
    """Whether the address asks for meeting mode."""
    return st.query_params.get("meeting", "") == "1"


def door(its: weeks.Week) -> None:
    """On the weekly review: the way into a meeting about that week, and its minutes."""
    with reading() as connection:
        running, held = meetings.running(connection), meetings.of_week(connection, its.name)
    is_over = its.monday <= weekly.last_full(data.workspace())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if running is not None:
            label = f"Join the meeting about {weeks.parse(running.week).days}"
            st.button(label, key="meeting.door", on_click=_enter, args=(running.week,), icon=":material/groups:", type="primary")
        elif is_over:
            st.button("Meeting mode", key="meeting.door", on_click=_enter, args=(its.name,), icon=":material/groups:")
        if is_over:
            history = data.history()
            with st.popover("Minutes", key="meeting.minutes"):
                told = (
                    "As the meeting about this week froze them."
                    if held
                    else "No meeting was held about this week: they are made of the data as they are."
                )
                text.note(told)
                lobby.downloads(its.name, lambda: _report(history, its.monday), "door")


def _report(history: History, monday: date):
    with reading() as connection:
        return report(plain(history), monday, connection)


def _enter(week: str) -> None:
    st.query_params["meeting"] = "1"
    st.query_params["week"] = week


def _leave() -> None:
    for name in ("meeting", "step"):
        st.query_params.pop(name, None)
    st.session_state.pop(_IN, None)


def show() -> None:
    """The whole screen. Raises HistoryError, StateError."""
    theme.apply(meeting=True)
    st.html(f"<style>{look.style(theme.mode())}</style>")
    with st.container(key="meeting"):
        with reading() as connection:
            running = meetings.running(connection)
            mine = meetings.numbered(connection, st.session_state[_IN]) if _IN in st.session_state else None
        if running is not None:
            st.session_state[_IN] = running.meeting_id
            _running(running)
        elif mine is not None:
            lobby.after(mine)
            _way_out("Back to the weekly review")
        else:
            its = _week()
            found = version_in_force(its.monday)
            lobby.before(its, found.number if found else None)
            _way_out("Not now")


def _way_out(label: str) -> None:
    st.button(label, key="meeting.leave", type="tertiary", on_click=_leave)


def _week() -> weeks.Week:
    """The week of the address where it is over, else the last full one."""
    last = weeks.Week(weekly.last_full(data.workspace()))
    try:
        asked = weeks.parse(st.query_params.get("week", "") or last.name)
    except InputError:
        return last
    return asked if asked <= last else last


def _history(meeting: meetings.Meeting) -> History:
    """What the meeting began with. Raises HistoryError where it is gone."""
    current = data.history()
    if current.content == meeting.history:
        return current
    opened = data.snapshot(room.file_of(meeting, data.history_path()))
    if opened.content != meeting.history:
        raise room.gone(meeting)
    return opened


def _running(meeting: meetings.Meeting) -> None:
    try:
        history = _history(meeting)
    except HistoryError as refusal:
        text.empty_state(refusal.what[:1].upper() + refusal.what[1:], f"{refusal.where}: {refusal.to_do}")
        _close_without(meeting)
        return
    step = BY_KEY[_step()]
    with reading() as connection:
        minutes = _minutes(meeting, history, connection)
        notes, still = meetings.notes(connection, meeting.meeting_id), [one for one in actions.listed(connection) if one.is_open]
    _top(meeting, step)
    if data.history().content != meeting.history:
        _later_import()
    left, right = st.columns([0.68, 0.32], gap="large")
    with left:
        st.html(steps.step_html(step.key, minutes, theme.mode()))
    with right:
        who = profile.ask("meeting", "Notes and actions are kept with the name of who wrote them down.")
        if who is not None:
            writing.note(meeting, step, notes.get(step.key, meetings.Note()), who)
            if step.key == "actions":
                writing.settle(meeting, still, _today(history), who)
            writing.action(meeting, step, _about(step, minutes), _due(meeting, history), who)
            if step.key == "close":
                _close(meeting, history, who)


def _minutes(meeting: meetings.Meeting, history: History, connection: Connection) -> Minutes:
    monday = weeks.parse(meeting.week).monday
    return afresh(data.workspace(history), monday, connection, _today(history))


def _today(history: History) -> date:
    return today_there(history.about.time_zone)


def _due(meeting: meetings.Meeting, history: History) -> date:
    """When an action is due that says nothing else: at the next meeting, in a week at the earliest."""
    return max(weeks.parse(meeting.week).monday + timedelta(weeks=2), _today(history) + timedelta(weeks=1))


def _step() -> str:
    asked = st.query_params.get("step", _KEYS[0])
    return asked if asked in _KEYS else _KEYS[0]


def _go(by: int) -> None:
    place = min(max(_KEYS.index(_step()) + by, 0), len(_KEYS) - 1)
    address.tell("step", _KEYS[place] if place else "")


def _top(meeting: meetings.Meeting, step: Step) -> None:
    place = _KEYS.index(step.key)
    its = weeks.parse(meeting.week)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="meeting_top"):
        st.button("Back", key="meeting.back", shortcut="Left", on_click=_go, args=(-1,), disabled=place == 0)
        st.button("Next", key="meeting.next", shortcut="Right", on_click=_go, args=(1,), disabled=place == len(_KEYS) - 1, type="primary")
        told = f"{place + 1} of {len(STEPS)} · {step.title}: {step.question[:1].lower()}{step.question[1:]} · {its.days} {its.sunday.year}"
        st.html(f'<p class="pl-m-quiet">{escaped(told)}</p>', width="stretch")
        _way_out("Leave, and come back later")
    st.html(clock.clock_html(step.key, clock.seconds_since(meeting.begun_at, clock.now())))


def _later_import() -> None:
    about = data.history().about
    through = wording.instant(about.data_through, about.time_zone)
    st.html(
        f'<p class="pl-m-waits" role="status">{escaped(f"A later import waits: its numbers (data through {through}) come after the meeting.")}</p>'
    )


def _about(step: Step, minutes: Minutes) -> writing.About:
    """What an action of this step can be about."""
    if step.key == "promises":
        return {("promise", one.kind): f"Promise: {one.title}" for one in minutes.promises}
    if step.key == "leaks":
        return {("leak", one.key): f"Leak: {one.named}" for one in minutes.leaks}
    return {}


def _close(meeting: meetings.Meeting, history: History, who: Identity) -> None:
    st.html('<p class="pl-m-small">Closing writes the minutes and freezes them: numbers, agreement, actions and notes.</p>')
    if not st.button("Close the meeting", key="meeting.close", type="primary", icon=":material/check:"):
        return
    act = writing.act_of(who)
    monday = weeks.parse(meeting.week).monday
    workspace, today = data.workspace(history), _today(history)
    try:
        room.close(meeting, act, lambda connection: weekly_html(afresh(workspace, monday, connection, today, act)))
    except PlumblineError as refusal:
        text.amiss(f"{refusal.what[:1].upper()}{refusal.what[1:]}: {refusal.to_do}.")
    else:
        st.rerun()


def _close_without(meeting: meetings.Meeting) -> None:
    who = profile.ask("meeting.gone", "Who closes the meeting is kept.")
    if who is not None and st.button("Close the meeting without minutes", key="meeting.abandon"):
        room.close(meeting, writing.act_of(who), lambda _: b"")
        st.rerun()
