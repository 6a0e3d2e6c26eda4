"""Actions on screen: made out of a leak or a promise, carried over, done or dropped with a note, and whether they helped."""

from __future__ import annotations

from datetime import date

import streamlit as st

from plumbline import people, wording
from plumbline.errors import InputError
from plumbline.identity import Identity
from plumbline.meeting.week import Followed
from plumbline.state import actions
from plumbline.state.opening import writing
from plumbline.ui import profile, text
from plumbline.ui.weekly.ground import Scene, due_usually
from plumbline.words import actions as words

_FORM, _SETTLE = "weekly.form", "weekly.settle"  # in the session: what the open form is about (kind, key); (number, outcome)
_WHY = "An action is kept with the name of who wrote it down."
_VERBS = {"done": "Done", "dropped": "Drop"}


def opener(scene: Scene, kind: str, key: str, open_actions: tuple[int, ...] = (), label: str = "Make it an action") -> None:
    """The button that opens the form; how many are open about it already."""
    if open_actions:
        label = f"{label} ({wording.count(len(open_actions))} open)"
    st.button(label, key=f"act_{kind}_{key}", type="tertiary", icon=":material/add_task:", on_click=_toggle, args=((kind, key),))


def _toggle(about: tuple[str, str]) -> None:
    st.session_state[_FORM] = None if st.session_state.get(_FORM) == about else about
    st.session_state.pop(_SETTLE, None)


def form(scene: Scene, kind: str, key: str, proposed: str) -> None:
    """The form, where it is open: what, who, by when. proposed: its text to begin with."""
    if st.session_state.get(_FORM) != (kind, key):
        return
    who = profile.ask(f"action.{kind}.{key}", _WHY)
    if who is None:
        return
    with st.form(f"action.{kind}.{key}", border=True):
        said = st.text_input("What is to be done", proposed[: actions.MOST_TEXT], max_chars=actions.MOST_TEXT, key=f"action.text.{kind}.{key}")
        left, right = st.columns([2, 1])
        owner = left.text_input("Who does it", max_chars=actions.MOST_NAME, key=f"action.owner.{kind}.{key}")
        due = right.date_input("By", due_usually(scene), format="YYYY-MM-DD", key=f"action.due.{kind}.{key}")
        if not st.form_submit_button("Add the action", type="primary"):
            return
    try:
        with writing() as connection:
            actions.add(
                connection, people.acting(who.name), said, owner, due or due_usually(scene), scene.week.name, (kind, key) if key else ("", "")
            )
    except InputError as refusal:
        text.amiss(f"{refusal.what[:1].upper()}{refusal.what[1:]}: {refusal.to_do}.")
        return
    st.session_state[_FORM] = None
    st.rerun()


def listed(scene: Scene) -> None:
    """Every action of the week: the open ones, the one due first first; then what was done lately and whether it helped."""
    week = scene.week
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text.chart_title("Actions", words.open_actions(week))
        opener(scene, "", "", label="Add an action")
    form(scene, "", "", "")
    still, settled = ([one for one in week.actions if one.action.is_open == is_open] for is_open in (True, False))
    for one in still:
        _open(scene, one)
    if settled:
        text.note("Done or dropped lately. Whether it helped: the eight weeks before beside those since, and the same weeks of everybody else.")
    for one in settled:
        st.html(row_html(one))
        if words.helped(one):
            text.note(words.helped(one))


def row_html(one: Followed) -> str:
    """What, who, what it is about, by when."""
    action = one.action
    late = " pl-late" if one.is_overdue else ""
    about = f'<span class="pl-n">{text._shown(one.about)}</span>' if one.about else ""
    return (
        f'<div class="pl-action{" pl-settled" if not action.is_open else ""}"><div class="pl-task">{text._shown(action.text)} {about}</div>'
        f'<div class="pl-who"><bdi>{text._shown(action.owner)}</bdi></div><div class="pl-when{late}">{text._shown(words.became(one))}</div></div>'
    )


def _open(scene: Scene, one: Followed) -> None:
    number = one.action.action_id
    with st.container(key=f"action_{number}", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(row_html(one), width="stretch")
        for outcome, verb in _VERBS.items():
            st.button(verb, key=f"{outcome}_{number}", type="tertiary", on_click=_settling, args=(number, outcome), help=f"Say that it is {outcome}")
    if (settling := st.session_state.get(_SETTLE)) and settling[0] == number:
        _settle(one, settling[1], scene.today)


def _settling(number: int, outcome: str) -> None:
    told = (number, outcome)
    st.session_state[_SETTLE] = None if st.session_state.get(_SETTLE) == told else told
    st.session_state.pop(_FORM, None)


def _settle(one: Followed, outcome: str, today: date) -> None:
    who: Identity | None = profile.ask(f"settle.{one.action.action_id}", _WHY)
    if who is None:
        return
    with st.form(f"settle.{one.action.action_id}", border=True):
        label = "What was done, in a sentence (may stay empty)" if outcome == "done" else "Why it is dropped (may stay empty)"
        note = st.text_input(label, max_chars=actions.MOST_NOTE, key=f"settle.note.{one.action.action_id}")
        if not st.form_submit_button("It is done" if outcome == "done" else "Drop it", type="primary"):
            return
    try:
        with writing() as connection:
            actions.settle(connection, people.acting(who.name), one.action.action_id, one.action.edition, outcome, today, note)
    except InputError as refusal:
        text.amiss(f"{refusal.what[:1].upper()}{refusal.what[1:]}: {refusal.to_do}.")
        return
    st.session_state.pop(_SETTLE, None)
    st.rerun()
