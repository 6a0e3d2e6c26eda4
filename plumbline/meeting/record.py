"""What was decided in a review, as a value: from the notes of its meeting in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from plumbline.agreement.promises import KINDS
from plumbline.meeting.quarter import Quarter
from plumbline.state.meetings import Meeting, Note

QUESTIONS = {"raise": "Raise", "keep": "Keep", "loosen": "Loosen", "drop": "Drop"}
NOTE, NEXT_REVIEW = "decisions", "next_review"
_PROMISE = "promise"


@dataclass(frozen=True)
class Record:
    """decided: (number of the version, kind of the promise, one of QUESTIONS), in their order. closed_at: naive UTC, None while it is not written."""

    quarter: str
    begun_by: str
    begun_at: str
    closed_by: str
    closed_at: datetime | None
    decided: tuple[tuple[int, str, str], ...]
    note: str
    next_review: date


def step_of(version: int, kind: str) -> str:
    """The step of the meeting under which the word on a promise is kept."""
    return f"{_PROMISE}.{version}.{kind}"


def of_notes(meeting: Meeting, notes: Mapping[str, Note], quarter: Quarter, closed_by: str, closed_at: datetime | None) -> Record:
    """notes: of the meeting, by step."""
    order = list(KINDS)
    decided = []
    for step, note in notes.items():
        part, _, rest = step.partition(".")
        number, _, kind = rest.partition(".")
        if part == _PROMISE and number.isdigit() and kind in KINDS and note.text in QUESTIONS:
            decided.append((int(number), kind, note.text))
    decided.sort(key=lambda one: (one[0], order.index(one[1])))
    said = notes.get(NEXT_REVIEW, Note()).text
    return Record(
        meeting.week,
        meeting.begun_by,
        meeting.begun_at,
        closed_by,
        closed_at,
        tuple(decided),
        notes.get(NOTE, Note()).text,
        date.fromisoformat(said) if said else quarter.next_review,
    )
