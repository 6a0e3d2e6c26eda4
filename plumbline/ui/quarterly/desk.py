"""What the Quarterly review stands on: the quarter that is chosen, its value kept for all viewers, the review that goes on or was closed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from plumbline import working_time
from plumbline.agreement import feedback
from plumbline.agreement.versions import all_versions
from plumbline.errors import HistoryError
from plumbline.history.connection import History
from plumbline.meeting import quarters, room
from plumbline.meeting.quarter import Quarter, Signed
from plumbline.meeting.quarterly import quarter
from plumbline.meeting.quarters import Span
from plumbline.replay import facts
from plumbline.simulation.run import Ground, ground
from plumbline.state import meetings
from plumbline.state.audit import Act
from plumbline.state.meetings import Meeting, Note
from plumbline.state.opening import reading
from plumbline.ui import clock, data, filter_bar, profile
from plumbline.ui.lab import desk as lab
from plumbline.words.quarterly import main_version


@dataclass(frozen=True)
class Scene:
    """quarter: from `history`, which is the one that a running review began with. running: the review of this quarter; other: of another one.
    closed: the latest closed one of this quarter. is_older: newer data were imported since the review began."""

    quarter: Quarter
    history: History
    running: Meeting | None
    other: Meeting | None
    closed: Meeting | None
    is_older: bool

    def notes(self) -> dict[str, Note]:
        """What was written in the review that goes on, else in the one that was closed last."""
        meeting = self.running or self.closed
        if meeting is None:
            return {}
        with reading() as connection:
            return meetings.notes(connection, meeting.meeting_id)


def choose() -> Span:
    """The one control of the screen: the quarter, in the address as ?quarter=2026-Q4; the last one that the data reach, where none is named."""
    names = [one.name for one in quarters.between(filter_bar.first_day(), filter_bar.last_day())]
    name = st.selectbox("Quarter", names, len(names) - 1, key="quarter", bind="query-params", width=150)
    return quarters.parse(name or names[-1])


def scene(span: Span) -> Scene:
    """Raises HistoryError, StateError."""
    with reading() as connection:
        going_on, closed = meetings.running(connection, "quarterly"), meetings.of_week(connection, span.name)
        versions = all_versions(connection)
    running = going_on if going_on is not None and going_on.week == span.name else None
    history = data.history()
    is_older = running is not None and running.history != history.content
    if is_older:
        history = _earlier(running) or history
    heard = {one.number: feedback.given(one.number) for one in versions}
    key = repr((versions, heard, working_time.load()))
    told = _quarter(history.content, span.name, key, history, span, versions, heard)
    return Scene(told, history, running, going_on if running is None else None, closed, is_older)


@st.cache_resource(max_entries=12, show_spinner="Holding the quarter against what was signed")
def _quarter(snapshot: str, name: str, key: str, _history: History, _span: Span, _versions, _heard) -> Quarter:
    return quarter(_history, _span, _versions, _heard, lambda: stage(_history))


def stage(history: History) -> Ground:
    """The history in memory; shared with the Definition lab where it is the one that is served."""
    return lab.stage() if history.content == data.content() else _stage(history.content, history)


@st.cache_resource(max_entries=1, show_spinner="Reading the history for replays")
def _stage(snapshot: str, _history: History) -> Ground:
    return ground(facts.load(_history))


def _earlier(meeting: Meeting) -> History | None:
    """The history that a review began with, where its snapshot is still there."""
    try:
        opened = _opened(room.file_of(meeting, data.history_path()))
    except HistoryError:
        return None
    return opened if opened.content == meeting.history else None


@st.cache_resource(max_entries=2, show_spinner=False, on_release=lambda opened: opened.close())
def _opened(file: Path) -> History:
    return History(file)


def version(told: Quarter) -> Signed | None:
    """The version that is looked at; a control where the quarter has several, in the address as ?version=Version+2."""
    usual = main_version(told)
    if usual is None or len(told.signed) == 1:
        return usual
    names = {f"Version {one.number}": one for one in told.signed}
    chosen = st.segmented_control("Version", list(names), default=f"Version {usual.number}", key="version", bind="query-params", required=True)
    return names.get(chosen or "", usual)


def act() -> Act | None:
    """Who acts, now; None: nobody has said who sits here."""
    known = profile.current()
    return None if known is None else Act(known.name, clock.now())


@dataclass(frozen=True)
class About:
    """What 'How this is computed' says of the screen."""

    title: str = "The signed version against what happened in the weeks that it judges."
    grain: str = "one promise in one week; a week is judged by the version in force on its Monday, in the quarter in which that Monday lies"
    unit: str = "items of the promise: passes of leads, stages entered, exits, reps"


ABOUT = About()
