"""Meetings in the store: begun, a note at each step, closed with minutes that are frozen.

A meeting is about a week, or it is the review of a quarter: one of each kind may go on at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from plumbline.errors import InputError
from plumbline.state.audit import Act, append
from plumbline.state.tables import meeting_notes, meetings

MOST_NOTE = 4_000  # characters
KINDS = ("weekly", "quarterly")


@dataclass(frozen=True)
class Meeting:
    """One meeting. week: '2026-W46', of a quarter '2026-Q4'; version: of the agreement, or None; kind: one of KINDS.

    snapshot, history: name and content of what was served when it began. closed_at: None while it goes on; minutes: as they were frozen.
    """

    meeting_id: int
    week: str
    begun_at: str
    begun_by: str
    snapshot: str
    history: str
    version: int | None
    closed_at: str | None
    closed_by: str | None
    minutes: bytes | None
    kind: str = "weekly"


@dataclass(frozen=True)
class Note:
    """What was written at a step. edition: 0 before anything is written."""

    text: str = ""
    edition: int = 0


def running(connection: Connection, kind: str = "weekly") -> Meeting | None:
    """The meeting of that kind that has begun and is not closed; None: there is none."""
    return _first(connection, meetings.c.closed_at.is_(None) & (meetings.c.kind == kind))


def numbered(connection: Connection, meeting: int) -> Meeting | None:
    """The meeting of that number, running or closed."""
    return _first(connection, meetings.c.meeting_id == meeting)


def of_week(connection: Connection, week: str) -> Meeting | None:
    """The latest closed meeting about that week, or that quarter, that left minutes."""
    return _first(connection, (meetings.c.week == week) & meetings.c.closed_at.is_not(None) & (func.length(meetings.c.minutes) > 0))


def latest(connection: Connection, before_week: str = "") -> Meeting | None:
    """The latest closed meeting about a week, before that one where it is named (weeks compare as texts)."""
    where = meetings.c.closed_at.is_not(None) & (meetings.c.kind == "weekly")
    return _first(connection, where & (meetings.c.week < before_week) if before_week else where)


def begin(connection: Connection, act: Act, week: str, snapshot: str, history: str, version: int | None, kind: str = "weekly") -> Meeting:
    """Begins a meeting. Raises InputError while another of its kind goes on."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of meeting")
    if (other := running(connection, kind)) is not None:
        about = "week" if kind == "weekly" else "quarter"
        raise InputError(f"a meeting of {other.begun_by} goes on", f"{about} {other.week}", "join it, or close it first")
    number = (connection.execute(select(func.max(meetings.c.meeting_id))).scalar() or 0) + 1
    values = {"week": week, "begun_at": act.at_text, "begun_by": act.by, "snapshot": snapshot, "history": history, "version": version}
    connection.execute(insert(meetings).values(meeting_id=number, kind=kind, **values))
    append(connection, act, "meeting begun", {"meeting": number, "kind": kind, "week": week, "history": history, "version": version})
    found = _first(connection, meetings.c.meeting_id == number)
    assert found is not None
    return found


def notes(connection: Connection, meeting: int) -> dict[str, Note]:
    """step -> note."""
    found = connection.execute(select(meeting_notes).where(meeting_notes.c.meeting == meeting)).mappings()
    return {row["step"]: Note(row["text"], row["edition"]) for row in found}


def note(connection: Connection, act: Act, meeting: int, step: str, text: str, edition: int) -> int:
    """Keeps the note of a step; gives its edition. The same text again changes nothing. Raises InputError where the meeting is closed, where the
    text is too long, and where another wrote since `edition`: then nothing is overwritten."""
    _still_running(connection, meeting)
    if len(text) > MOST_NOTE:
        raise InputError(f"the note is longer than {MOST_NOTE} characters", step, "shorten it")
    before = notes(connection, meeting).get(step, Note())
    if before.text == text:
        return before.edition
    if before.edition != edition:
        raise InputError("someone else wrote here meanwhile", f"the note on {step}", f"theirs is kept: {before.text[:200]}")
    values = {"text": text, "edition": edition + 1, "edited_at": act.at_text, "edited_by": act.by}
    place = (meeting_notes.c.meeting == meeting) & (meeting_notes.c.step == step)
    if not connection.execute(update(meeting_notes).where(place).values(values)).rowcount:
        number = (connection.execute(select(func.max(meeting_notes.c.note_id))).scalar() or 0) + 1
        connection.execute(insert(meeting_notes).values(note_id=number, meeting=meeting, step=step, **values))
    append(connection, act, "meeting note", {"meeting": meeting, "step": step, "text": text})
    return edition + 1


def close(connection: Connection, act: Act, meeting: int, minutes: bytes) -> Meeting:
    """Freezes the minutes and closes the meeting; one that is closed stays as it is, whatever is brought now."""
    found = _first(connection, meetings.c.meeting_id == meeting)
    if found is None:
        raise InputError("there is no such meeting", f"meeting {meeting}", "load the page again")
    if found.closed_at is not None:
        return found
    connection.execute(update(meetings).where(meetings.c.meeting_id == meeting).values(closed_at=act.at_text, closed_by=act.by, minutes=minutes))
    append(connection, act, "meeting closed", {"meeting": meeting, "week": found.week, "minutes": len(minutes)})
    closed = _first(connection, meetings.c.meeting_id == meeting)
    assert closed is not None
    return closed


def _still_running(connection: Connection, meeting: int) -> None:
    found = _first(connection, meetings.c.meeting_id == meeting)
    if found is None or found.closed_at is not None:
        raise InputError("the meeting is closed", f"meeting {meeting}", "its minutes stay as they are")


def _first(connection: Connection, where) -> Meeting | None:
    row = connection.execute(select(meetings).where(where).order_by(meetings.c.meeting_id.desc()).limit(1)).mappings().first()
    return Meeting(**{name: row[name] for name in Meeting.__dataclass_fields__}) if row else None
