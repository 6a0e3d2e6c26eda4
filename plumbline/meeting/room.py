"""A meeting while it goes on: which history its numbers come from, and what its minutes are made of when it closes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from plumbline.errors import HistoryError, InputError
from plumbline.history.connection import History
from plumbline.history.snapshots import folder_of, published
from plumbline.state import actions, audit, meetings
from plumbline.state.audit import Act
from plumbline.state.opening import Connection, reading, writing

Written = Callable[[Connection], bytes]  # minutes from what the store holds as the meeting closes


def begin(history: History, week: str, version: int | None, act: Act) -> meetings.Meeting:
    """Begins a meeting about that week on what this history holds now. Raises InputError while another goes on, StateError."""
    with writing() as connection:
        return meetings.begin(connection, act, week, history.file.stem, history.content, version)


def file_of(meeting: meetings.Meeting, history: Path) -> Path:
    """The file of the snapshot that a meeting began with: the published one, or an older one beside it. Raises HistoryError where it is gone."""
    kept = folder_of(history) / f"{meeting.snapshot}.duckdb"
    if kept.parent == folder_of(history) and kept.is_file():
        return kept
    current = published(history)
    if current.stem == meeting.snapshot:
        return current
    raise gone(meeting)


def gone(meeting: meetings.Meeting) -> HistoryError:
    """The refusal where what a meeting began with is not there any more."""
    return HistoryError(
        "the data that this meeting began with are not there any more", f"snapshot {meeting.snapshot}", "close it without minutes, and begin again"
    )


def adds(act: Act, meeting: meetings.Meeting, text: str, owner: str, due: date, about: tuple[str, str] = ("", "")) -> int:
    """A new action of the meeting; gives its number. Raises InputError, StateError."""
    with writing() as connection:
        if (running := meetings.running(connection)) is None or running.meeting_id != meeting.meeting_id:
            raise InputError("the meeting is closed", f"meeting {meeting.meeting_id}", "its minutes stay as they are")
        return actions.add(connection, act, text, owner, due, meeting.week, about)


def close(meeting: meetings.Meeting, act: Act, written: Written) -> meetings.Meeting:
    """Closes a meeting with its minutes. One that is closed stays as it is: nothing is written. Raises InputError, StateError."""
    with writing() as connection:
        running = meetings.running(connection)
        if running is None or running.meeting_id != meeting.meeting_id:
            return meetings.close(connection, act, meeting.meeting_id, b"")
        return meetings.close(connection, act, meeting.meeting_id, written(connection))


def state() -> tuple[meetings.Meeting | None, dict[str, meetings.Note], list[actions.Action], str]:
    """The meeting that goes on, its notes, all actions, and the head of the log: as they stand together. Raises StateError."""
    with reading() as connection:
        running = meetings.running(connection)
        notes = meetings.notes(connection, running.meeting_id) if running else {}
        return running, notes, actions.listed(connection), audit.head(connection)
