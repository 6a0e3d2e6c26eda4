"""What is written in a meeting: a note and actions at each step. What somebody else wrote meanwhile is never overwritten."""

from __future__ import annotations

from datetime import date

import streamlit as st

from plumbline import people
from plumbline.errors import PlumblineError
from plumbline.identity import Identity
from plumbline.meeting import room
from plumbline.meeting.agenda import STEPS, Step
from plumbline.state import actions, meetings
from plumbline.state.audit import Act
from plumbline.state.opening import writing
from plumbline.ui import text
from plumbline.ui.meeting.clock import now

_NOTHING = ("", "")
About = dict[tuple[str, str], str]  # (kind, key) of what an action can be about -> in words


def act_of(who: Identity) -> Act:
    """This person, now."""
    return people.acting(who.name, now())


def note(meeting: meetings.Meeting, step: Step, kept: meetings.Note, who: Identity) -> None:
    """The note of a step. It is saved as it is left; what others wrote shows at the next move."""
    key, seen = f"meeting.note.{meeting.meeting_id}.{step.key}", f"meeting.edition.{meeting.meeting_id}.{step.key}"
    refused = st.session_state.get(f"{key}.refused", "")
    if (key not in st.session_state or st.session_state.get(seen) != kept.edition) and not refused:
        st.session_state[key], st.session_state[seen] = kept.text, kept.edition
    st.text_area(
        f"Note on “{step.title}”", key=key, max_chars=meetings.MOST_NOTE, height=190,
        placeholder="What was said and decided. It stands in the minutes.",
        on_change=_save_note, args=(meeting.meeting_id, step.key, key, seen, who), persist_state="session",
    )  # fmt: skip
    if refused:
        text.amiss(f"{refused} Yours is not saved yet.")
        st.button("Put mine below theirs", key=f"{key}.both", on_click=_put_below, args=(meeting.meeting_id, step.key, key, seen, who))
        st.button("Take theirs", key=f"{key}.theirs", type="tertiary", on_click=_take_theirs, args=(key, seen))


def _save_note(meeting: int, step: str, key: str, seen: str, who: Identity) -> None:
    try:
        with writing() as connection:
            st.session_state[seen] = meetings.note(connection, act_of(who), meeting, step, st.session_state[key], st.session_state[seen])
        st.session_state.pop(f"{key}.refused", None)
    except PlumblineError as refusal:
        st.session_state[f"{key}.refused"] = f"{refusal.what[:1].upper()}{refusal.what[1:]}: {refusal.to_do}."
        st.session_state[f"{key}.unsaved"] = st.session_state[key]  # the field is gone where the meeting has closed meanwhile


def unsaved(meeting: int) -> list[str]:
    """What was typed on this screen as the meeting closed on another, and is in no note."""
    keys = [f"meeting.note.{meeting}.{step.key}" for step in STEPS]
    return [st.session_state[f"{key}.unsaved"] for key in keys if f"{key}.refused" in st.session_state]


def _put_below(meeting: int, step: str, key: str, seen: str, who: Identity) -> None:
    mine = st.session_state[key]
    try:
        with writing() as connection:
            theirs = meetings.notes(connection, meeting).get(step, meetings.Note())
            both = f"{theirs.text}\n{mine}" if theirs.text else mine
            st.session_state[seen] = meetings.note(connection, act_of(who), meeting, step, both, theirs.edition)
        st.session_state[key] = both
        st.session_state.pop(f"{key}.refused", None)
    except PlumblineError as refusal:
        st.session_state[f"{key}.refused"] = f"{refusal.what[:1].upper()}{refusal.what[1:]}: {refusal.to_do}."


def _take_theirs(key: str, seen: str) -> None:
    st.session_state.pop(f"{key}.refused", None)
    st.session_state.pop(seen, None)


def action(meeting: meetings.Meeting, step: Step, about: About, due: date, who: Identity) -> None:
    """A new action, about one of what the step shows, or about nothing. due: its usual day."""
    place = f"meeting.action.{meeting.meeting_id}.{step.key}"
    with st.form(place, clear_on_submit=True, border=True):
        words = st.text_input("A new action: what is done", key=f"{place}.text", max_chars=actions.MOST_TEXT)
        owner = st.text_input("Who does it", key=f"{place}.owner", max_chars=actions.MOST_NAME)
        day = st.date_input("By", due, key=f"{place}.due")
        names = {_NOTHING: "Nothing in particular", **about}
        chosen = st.selectbox("About", list(names), format_func=names.get, key=f"{place}.about") if about else _NOTHING
        if not st.form_submit_button("Add the action", type="primary"):
            return
    try:
        room.adds(act_of(who), meeting, words, owner, day, chosen or _NOTHING)
    except PlumblineError as refusal:
        text.amiss(f"{refusal.what[:1].upper()}{refusal.what[1:]}.")
    else:
        st.rerun()


def settle(meeting: meetings.Meeting, still: list[actions.Action], day: date, who: Identity) -> None:
    """One of the open actions is done or dropped."""
    if not still:
        return
    place = f"meeting.settle.{meeting.meeting_id}"
    with st.form(place, clear_on_submit=True, border=True):
        names = {one.action_id: f"{one.text} ({one.owner})" for one in still}
        number = st.selectbox("An action is settled", list(names), format_func=names.get, key=f"{place}.which")
        outcome = st.segmented_control("It is", ["done", "dropped"], default="done", key=f"{place}.outcome") or "done"
        note = st.text_input("What came of it", key=f"{place}.note", max_chars=actions.MOST_NOTE)
        if not st.form_submit_button("Settle it"):
            return
    try:
        with writing() as connection:
            edition = next(one.edition for one in still if one.action_id == number)
            actions.settle(connection, act_of(who), number, edition, outcome, day, note)
    except PlumblineError as refusal:
        text.amiss(f"{refusal.what[:1].upper()}{refusal.what[1:]}.")
    else:
        st.rerun()
