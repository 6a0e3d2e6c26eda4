"""The items of a promise that are due in a span of time, and what became of each (docs/agreement.md says what each promise looks at).

One query a promise (queries/promises) tells from when to when; deadlines, definitions and verdicts are worked out here, of all weeks at once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
import polars as pl

from plumbline.agreement.check import unmeasurable
from plumbline.agreement.deadlines import calendars_of, clock_of
from plumbline.agreement.model import Agreement, Promise
from plumbline.agreement.owners import owners
from plumbline.agreement.promises import KINDS
from plumbline.history.connection import History
from plumbline.replay import states_at
from plumbline.replay.facts import kept
from plumbline.sqlfiles import sql
from plumbline.working_time import NEVER, Calendars

OUTCOMES = ("met", "missed_late", "missed_open", "too_early")
SHORTLY = 60_000_000  # microseconds after a hand-over, or an SQL, within which a field is still known then
_QUERIES = {
    "acceptance": "acceptance",
    "volume": "openings",
    "meets_definition": "openings",
    "required_fields": "handed_over",
    "hand_over": "hand_over",
    "returned": "returned",
    "recycled": "recycled",
    "decision": "decision",
    "first_touch": "first_touch",
    "follow_up": "follow_up",
    "touches": "touches",
    "first_week_calls": "touches",
    "status": "status",
    "reason": "reason",
    "evidence": "became_sql",
}
_EARLIEST, _LATEST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000 for year in (1000, 3000))  # beyond any row of a history


@dataclass(frozen=True)
class Ground:
    """A history and an agreement, and the hours by which working time is counted."""

    history: History
    agreement: Agreement
    calendars: Calendars

    @cached_property
    def whys_not(self) -> dict[str, str]:
        """Kind of promise -> why the history cannot measure it, as a clause. What is not recorded is never told: such a promise has no items."""
        told: dict[str, str] = {}
        for what, place, _ in unmeasurable(self.agreement, self.history, None):
            told.setdefault(next(name for name in place if name in KINDS), what)
        return told

    @property
    def through(self) -> int:
        """The end of the data, in UTC microseconds."""
        return micros(self.history.about.data_through)


def ground(history: History, agreement: Agreement) -> Ground:
    """Raises SettingError where the hours of this installation cannot be read."""
    return Ground(history, agreement, calendars_of(history))


@dataclass(frozen=True)
class Items:
    """The items of a promise, in no order. Instants are int64 UTC microseconds.

    `pass_no`: which of the lead's passes. `met_at`: when the thing happened, or what releases from it; NEVER. `is_released`: a release came before
    the thing itself. `outcome`: index into OUTCOMES. `stage`: of status, else None.
    """

    lead_no: np.ndarray
    pass_no: np.ndarray
    opened_at: np.ndarray
    start: np.ndarray
    deadline: np.ndarray
    met_at: np.ndarray
    is_released: np.ndarray
    outcome: np.ndarray
    stage: pl.Series | None = None

    def frame(self) -> pl.DataFrame:
        """The same as columns; met_at is null where it is NEVER, outcome is a text."""
        told = pl.DataFrame({one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) is not None})
        names = pl.Series(self.outcome).replace_strict(range(len(OUTCOMES)), OUTCOMES, return_dtype=pl.String)
        return told.with_columns(outcome=names, met_at=pl.when(pl.col("met_at") != NEVER).then("met_at"))


def items(known: Ground, promise: Promise, first: int, last: int) -> Items:
    """The items due from `first` to `last` (UTC microseconds, both included), of every kind but open_leads. Of volume only the passes that met the
    definition."""
    clock = clock_of(known.history, known.calendars, promise, last)
    since, until = (instant(at) for at in clock.starts(first, last))
    asked: dict[str, object] = {"since": since, "until": until}
    if _QUERIES[promise.kind] == "touches":
        asked |= {"calls": promise.calls, "emails": promise.emails}
    told = known.history.query(sql(f"promises/{_QUERIES[promise.kind]}"), asked)
    lead_no, start = told["lead_no"].to_numpy(), _instants(told["start_at"])
    deadline = clock.due(lead_no, start)
    due = (deadline >= first) & (deadline <= last)
    if promise.kind in _SEEN_THEN:
        done = np.where(_held(known, promise, lead_no, deadline, due), deadline, NEVER)
        due = due & (done != NEVER) if promise.kind == "volume" else due
    else:
        done = _instants(told["done_at"])
    released = _instants(told["released_at"])
    met_at = np.minimum(done, released)
    verdicts = ((deadline > known.through, _TOO_EARLY), (met_at == NEVER, _MISSED_OPEN), (met_at <= deadline, _MET))
    outcome = np.select(*zip(*verdicts, strict=True), _MISSED_LATE).astype(np.int8)
    every = Items(lead_no, told["pass_no"].to_numpy(), _instants(told["opened_at"]), start, deadline, met_at, released < done, outcome)
    chosen = {one.name: getattr(every, one.name)[due] for one in fields(every) if one.name != "stage"}
    return Items(**chosen, stage=told["stage"].filter(pl.Series(due)) if "stage" in told.columns else None)


def open_leads(known: Ground, promise: Promise, end: int) -> pl.DataFrame:
    """The open leads of every rep at an instant: lead_no, pass_no, opened_at, deadline (the end, int64), rep_id, outcome (of the rep)."""
    every = owners(known.history)
    passes, owner = every.open_leads(end)
    too_many = np.bincount(owner, minlength=len(every.names)) > promise.per_rep
    columns = {
        "lead_no": every.pass_lead[passes],
        "pass_no": every.pass_no[passes],
        "opened_at": every.opened[passes],
        "deadline": np.full(len(passes), end, np.int64),
        "rep_id": pl.Series([every.names[one] for one in owner.tolist()], dtype=pl.String),
        "outcome": pl.Series(["missed_open" if is_over else "met" for is_over in too_many[owner].tolist()], dtype=pl.String),
    }
    return pl.DataFrame(columns)


def open_leads_by_rep(known: Ground, end: int) -> np.ndarray:
    """How many open leads every rep had at an instant who had any."""
    counts = np.bincount(owners(known.history).open_leads(end)[1])
    return counts[counts > 0]


_SEEN_THEN = ("volume", "meets_definition", "required_fields", "evidence")
_MET, _MISSED_LATE, _MISSED_OPEN, _TOO_EARLY = range(4)


def _held(known: Ground, promise: Promise, lead_no: np.ndarray, at: np.ndarray, due: np.ndarray) -> np.ndarray:
    """Of the items that are `due`, whether the lead met the definition, or its fields were known, at its instant."""
    held = np.zeros(len(at), np.bool_)
    facts = kept(known.history)
    if promise.kind in ("volume", "meets_definition"):
        held[due] = states_at.meets(facts, known.agreement.qualified, lead_no[due], at[due])
        return held
    names = known.agreement.required_fields() if promise.kind == "required_fields" else promise.fields
    held[due] = states_at.known(facts, names, lead_no[due], at[due], np.minimum(at[due] + SHORTLY, known.through))
    return held


def _instants(column: pl.Series) -> np.ndarray:
    """UTC microseconds; NEVER where there is none."""
    return column.to_physical().fill_null(NEVER).to_numpy()


def instant(at: int) -> datetime:
    """The naive UTC time of a microsecond; one beyond any row of a history for what lies further."""
    return np.datetime64(min(max(at, _EARLIEST), _LATEST), "us").astype(datetime)


def micros(moment: datetime) -> int:
    """UTC microseconds since 1970 of a naive UTC time."""
    return int(np.datetime64(moment, "us").astype(np.int64))
