"""The items of a promise that are due in a span of time, and what became of each (docs/agreement.md says what each promise looks at).

One query a promise (queries/promises) tells from when to when; deadlines, definitions and verdicts are worked out here, of all weeks at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl

from plumbline.agreement.deadlines import calendars_of, clock_of
from plumbline.agreement.model import Agreement, Promise
from plumbline.history.connection import History
from plumbline.replay import states_at
from plumbline.sqlfiles import sql
from plumbline.working_time import Calendars

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

    @property
    def through(self) -> int:
        """The end of the data, in UTC microseconds."""
        return micros(self.history.about.data_through)


def ground(history: History, agreement: Agreement) -> Ground:
    """Raises SettingError where the hours of this installation cannot be read."""
    return Ground(history, agreement, calendars_of(history))


def items(known: Ground, promise: Promise, first: int, last: int) -> pl.DataFrame:
    """The items due from `first` to `last` (UTC microseconds, both included), of every kind but open_leads, in no order.

    Columns: lead_no, pass_no (which of the lead's passes), opened_at, start, deadline, met_at (int64, UTC microseconds; met_at null: not),
    is_released (a release came before the thing itself), outcome (OUTCOMES), `stage` for status. Of volume only the passes that met the definition.
    """
    clock = clock_of(known.history, known.calendars, promise, last)
    since, until = (instant(at) for at in clock.starts(first, last))
    asked: dict[str, object] = {"since": since, "until": until}
    if _QUERIES[promise.kind] == "touches":
        asked |= {"calls": promise.calls, "emails": promise.emails}
    told = known.history.query(sql(f"promises/{_QUERIES[promise.kind]}"), asked)
    times = {"opened_at": "opened_at", "start_at": "start", "done_at": "done", "released_at": "released"}
    told = told.with_columns(pl.col(name).to_physical().alias(as_) for name, as_ in times.items()).drop("start_at", "done_at", "released_at")
    told = told.with_columns(deadline=clock.due(told)).filter(pl.col("deadline").is_between(first, last))
    told = told.with_columns(done=pl.when(_held(known, promise, told)).then("deadline")) if promise.kind in _SEEN_THEN else told
    if promise.kind == "volume":
        told = told.filter(pl.col("done").is_not_null())
    return told.select(
        "lead_no",
        "pass_no",
        "opened_at",
        "start",
        "deadline",
        pl.min_horizontal("done", "released").alias("met_at"),
        (pl.col("released") < pl.col("done").fill_null(_LATEST)).fill_null(False).alias("is_released"),
        *(["stage"] if "stage" in told.columns else []),
    ).with_columns(outcome=_outcome(known.through))


def open_leads(known: Ground, ends: list[int]) -> pl.DataFrame:
    """The open leads of every rep at each of `ends`: lead_no, pass_no, opened_at, deadline (the end, int64), rep_id, outcome (of the rep)."""
    told = known.history.query(sql("promises/open_leads"), {"ends": [instant(end) for end in ends]})
    told = told.with_columns(pl.col("opened_at").to_physical(), deadline=pl.col("ends_at").to_physical()).drop("ends_at")
    most = known.agreement.promise("open_leads").per_rep
    is_met = pl.len().over("deadline", "rep_id") <= most
    return told.with_columns(outcome=pl.when(is_met).then(pl.lit("met")).otherwise(pl.lit("missed_open")))


def open_leads_by_rep(known: Ground, ends: list[int]) -> pl.DataFrame:
    """How many open leads every rep had at each of `ends` who had any: deadline (int64), rep_id, n."""
    told = known.history.query(sql("promises/open_leads_by_rep"), {"ends": [instant(end) for end in ends]})
    return told.select(pl.col("ends_at").to_physical().alias("deadline"), "rep_id", "n")


_SEEN_THEN = ("volume", "meets_definition", "required_fields", "evidence")


def _held(known: Ground, promise: Promise, told: pl.DataFrame) -> pl.Series:
    """Whether the lead met the definition, or its fields were known, when the item was due."""
    lead_no, at = told["lead_no"].to_numpy(), told["deadline"].to_numpy()
    if promise.kind in ("volume", "meets_definition"):
        return pl.Series(states_at.meets(known.history, known.agreement.qualified, lead_no, at))
    fields = known.agreement.required_fields() if promise.kind == "required_fields" else promise.fields
    return pl.Series(states_at.known(known.history, fields, lead_no, at, np.minimum(at + SHORTLY, known.through)))


def _outcome(through: int) -> pl.Expr:
    return (
        pl.when(pl.col("deadline") > through)
        .then(pl.lit("too_early"))
        .when(pl.col("met_at").is_null())
        .then(pl.lit("missed_open"))
        .when(pl.col("met_at") <= pl.col("deadline"))
        .then(pl.lit("met"))
        .otherwise(pl.lit("missed_late"))
    )


def instant(at: int) -> datetime:
    """The naive UTC time of a microsecond; one beyond any row of a history for what lies further."""
    return np.datetime64(min(max(at, _EARLIEST), _LATEST), "us").astype(datetime)


def micros(moment: datetime) -> int:
    """UTC microseconds since 1970 of a naive UTC time."""
    return int(np.datetime64(moment, "us").astype(np.int64))
