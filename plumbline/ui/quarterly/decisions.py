"""What is decided: a word on each promise, a note, the next review day; begun and closed by somebody, with minutes that are frozen."""

from __future__ import annotations

from datetime import date

import streamlit as st

from plumbline.errors import InputError
from plumbline.meeting.quarter import Signed
from plumbline.meeting.record import NEXT_REVIEW, NOTE, QUESTIONS, of_notes, step_of
from plumbline.reports import quarterly_html
from plumbline.state import meetings
from plumbline.state.audit import head
from plumbline.state.meetings import Meeting, Note
from plumbline.state.opening import writing
from plumbline.ui import filter_bar, profile, text
from plumbline.ui.quarterly import desk
from plumbline.ui.quarterly.desk import Scene
from plumbline.words import quarterly as words
from plumbline.words.decided import decided_lines

_REFUSED = "quarterly.refused"


def show(scene: Scene, version: Signed | None) -> None:
    """Draws the part, as far as the review is."""
    text.chart_title("What do we decide?", "Kept with the review, and in its minutes.")
    if refusal := st.session_state.pop(_REFUSED, ""):
        text.amiss(refusal)
    if scene.running is not None:
        _running(scene, scene.running, version)
    else:
        if scene.closed is not None:
            _closed(scene, scene.closed)
        _begin(scene, version)


def _begin(scene: Scene, version: Signed | None) -> None:
    title = scene.quarter.span.title
    if scene.other is not None:
        about = scene.other.week
        link = text.Link(about, filter_bar.link("quarterly", quarter=about))
        text.note([f"{scene.other.begun_by} has begun the review of ", link, ": it is closed first."])
        return
    if profile.ask("quarterly", "Whoever begins the review stands in its minutes.") is None:
        return
    label = f"Review {title} again" if scene.closed else f"Begin the review of {title}"
    if st.button(label, type="secondary" if scene.closed else "primary", key="quarterly.begin"):
        act = desk.act()
        try:
            with writing() as connection:
                number = version.number if version else None
                name, history = scene.quarter.span.name, scene.history
                meetings.begin(connection, act, name, history.file.stem, history.content, number, "quarterly")
        except InputError as refusal:
            st.session_state[_REFUSED] = refusal.one_line
        st.rerun()


def _running(scene: Scene, meeting: Meeting, version: Signed | None) -> None:
    text.note(f"Begun by {meeting.begun_by} at {meeting.begun_at[:16].replace('T', ' ')} UTC. What you choose is kept at once.")
    if profile.ask("quarterly", "Whoever decides stands in the minutes.") is None:
        return
    notes = scene.notes()
    if version is not None:
        columns = st.columns(3)
        for place, one in enumerate(version.promises):
            step = step_of(version.number, one.kind)
            before = notes.get(step, Note())
            with columns[place % 3]:
                key = f"quarterly.{meeting.meeting_id}.{step}"
                st.session_state[key] = before.text or None
                st.selectbox(
                    one.title, list(QUESTIONS), format_func=QUESTIONS.get, key=key, placeholder=f"The record: {words.question(one).casefold()}",
                    on_change=_keep, args=(meeting.meeting_id, step, key, before.edition),
                )  # fmt: skip
    before = notes.get(NOTE, Note())
    key = f"quarterly.{meeting.meeting_id}.note.{before.edition}"
    st.text_area(
        "Decisions, in your own words", before.text, key=key, max_chars=meetings.MOST_NOTE, height=120,
        on_change=_keep, args=(meeting.meeting_id, NOTE, key, before.edition),
    )  # fmt: skip
    before = notes.get(NEXT_REVIEW, Note())
    key = f"quarterly.{meeting.meeting_id}.next.{before.edition}"
    day = date.fromisoformat(before.text) if before.text else scene.quarter.next_review
    st.date_input(
        "Next review", day, key=key, width=180, format="YYYY-MM-DD", on_change=_keep, args=(meeting.meeting_id, NEXT_REVIEW, key, before.edition)
    )
    st.button("Close the review and write its minutes", type="primary", key="quarterly.close", on_click=_close, args=(scene, meeting))


def _keep(meeting: int, step: str, key: str, edition: int) -> None:
    """Before the page runs again: keeps what was chosen or written."""
    value, act = st.session_state.get(key), desk.act()
    told = value.isoformat() if isinstance(value, date) else str(value or "").strip()
    if act is None:
        return
    try:
        with writing() as connection:
            meetings.note(connection, act, meeting, step, told, edition)
    except InputError as refusal:
        st.session_state[_REFUSED] = refusal.one_line


def _close(scene: Scene, meeting: Meeting) -> None:
    act = desk.act()
    if act is None:
        return
    try:
        with writing() as connection:
            kept = of_notes(meeting, meetings.notes(connection, meeting.meeting_id), scene.quarter, act.by, act.at)
            meetings.close(connection, act, meeting.meeting_id, quarterly_html.minutes(scene.quarter, kept, head(connection)))
    except InputError as refusal:
        st.session_state[_REFUSED] = refusal.one_line


def _closed(scene: Scene, meeting: Meeting) -> None:
    at = (meeting.closed_at or "")[:16].replace("T", " ")
    text.note(f"The review of {scene.quarter.span.title} was closed by {meeting.closed_by} at {at} UTC. Its minutes stay as they were written.")
    for line in decided_lines(of_notes(meeting, scene.notes(), scene.quarter, meeting.closed_by or "", None)):
        text.paragraph(line)
    if meeting.minutes:
        st.download_button(
            "Minutes (HTML)", meeting.minutes, f"review-{meeting.week}.html", "text/html", key="quarterly.minutes", on_click="ignore", type="primary"
        )
