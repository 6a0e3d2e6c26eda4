"""The scorecard: of every promise, how many of the items that were due in a week were treated as promised, and whether that is enough.

One week, a run of weeks in one pass, or the quarter so far. The arithmetic is exact: shares are the decimals as written, working days fractions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import polars as pl

from plumbline.agreement import weeks
from plumbline.agreement.asked import asked
from plumbline.agreement.items import OUTCOMES, Ground, items, open_leads_by_rep
from plumbline.agreement.measurable import whys_not
from plumbline.agreement.model import Promise
from plumbline.agreement.promises import KINDS
from plumbline.clock import time_zone
from plumbline.history.connection import History

FEW = 5  # items, under which no share is judged
_NUMBERS = ("volume", "open_leads")  # judged however few


@dataclass(frozen=True)
class Row:
    """One promise in one span of days. `target`, `actual`: a share, or for volume a number of leads; actual None: nothing to judge.

    n = met + missed_late + missed_open. `released`: of the met, those of whom the duty ended before the thing itself. Of volume the misses are None.
    `why`: why it cannot be measured; '' where it can.
    """

    side: str
    promise: str
    target: float
    actual: float | None
    n: int
    met: int
    missed_late: int | None
    missed_open: int | None
    too_early: int | None
    needed: int
    short: int
    status: str
    released: int = 0
    why: str = ""

    @property
    def may_miss(self) -> int:
        """How many more may miss before it is short; 0 where it is."""
        return max(0, self.met - self.needed)


COLUMNS = tuple(name for name in Row.__dataclass_fields__ if name not in ("released", "why"))
_TEXTS, _SHARES = ("side", "promise", "status"), ("target", "actual")
_SCHEMA = {name: pl.String if name in _TEXTS else pl.Float64 if name in _SHARES else pl.Int64 for name in COLUMNS}
Days = tuple[date, date]  # first and last, both included


def scorecard(known: Ground, week: weeks.Week) -> list[Row]:
    """The rows of one week, in the order of the agreement."""
    return trend(known, [week])[0]


def trend(known: Ground, several: Sequence[weeks.Week]) -> list[list[Row]]:
    """The rows of each week. Every promise is asked about once for all of them."""
    return _rows(known, [(week.monday, week.sunday) for week in several], known.agreement.promises)


def quarter_so_far(known: Ground, week: weeks.Week) -> list[Row]:
    """The rows of the calendar quarter of the week's Monday, up to the end of the week or of the quarter. Open leads are a state, and left out."""
    first, last = weeks.quarter(week.monday)
    promises = tuple(one for one in known.agreement.promises if one.kind != "open_leads")
    return _rows(known, [(first, min(last, week.sunday))], promises)[0]


def trend_and_quarter(known: Ground, several: Sequence[weeks.Week]) -> tuple[list[list[Row]], list[Row]]:
    """`trend` of these weeks and `quarter_so_far` of the last of them, every promise asked about once for both."""
    first, last = weeks.quarter(several[-1].monday)
    days = [*((week.monday, week.sunday) for week in several), (first, min(last, several[-1].sunday))]
    *trend_, quarter = _rows(known, days, known.agreement.promises)
    return trend_, [row for row in quarter if row.promise != "open_leads"]


def _rows(known: Ground, spans: list[Days], promises: Sequence[Promise]) -> list[list[Row]]:
    told: list[list[Row]] = [[] for _ in spans]
    whys = whys_not(known)
    for promise in promises:
        why = whys.get(promise.kind, "")
        counted = [_Count()] * len(spans) if why else _counts(known, promise, spans)
        for rows, days, count in zip(told, spans, counted, strict=True):
            rows.append(_row(known, promise, days, count, why))
    return told


@dataclass(frozen=True)
class _Count:
    """In the order of OUTCOMES, then of the met those that were released."""

    met: int = 0
    missed_late: int = 0
    missed_open: int = 0
    too_early: int = 0
    released: int = 0


def _counts(known: Ground, promise: Promise, spans: list[Days]) -> list[_Count]:
    bounds = [_bounds(known, days) for days in spans]
    if promise.kind == "open_leads":
        held = [open_leads_by_rep(known, min(last, known.through)) for _, last in bounds]
        return [_Count(met=int((n <= promise.per_rep).sum()), missed_open=int((n > promise.per_rep).sum())) for n in held]
    told = items(known, promise, min(first for first, _ in bounds), max(last for _, last in bounds))
    was_released = told.is_released & (told.outcome == OUTCOMES.index("met"))
    counted = []
    for first, last in bounds:
        due = (told.deadline >= first) & (told.deadline <= last)
        counted.append(_Count(*np.bincount(told.outcome[due], minlength=len(OUTCOMES)).tolist(), int(was_released[due].sum())))
    return counted


def _row(known: Ground, promise: Promise, days: Days, count: _Count, why: str) -> Row:
    side = KINDS[promise.kind].side
    n = count.met + count.missed_late + count.missed_open
    is_running = _bounds(known, days)[1] > known.through
    if promise.kind == "volume":
        target = volume_target(promise.leads, *days)
        needed = math.ceil(target)
        short = max(0, needed - n)
        status = "no_data" if why else "too_early" if is_running and n < target else "missed" if short else "met"
        return Row(side, promise.kind, float(target), float(n), n, n, None, None, None, needed, short, status, why=why)
    needed = needed_of(promise, n)
    short = max(0, needed - count.met)
    if why:
        status = "no_data"
    elif is_running:
        status = "too_early"
    elif not n:
        status = "no_data"
    elif n < FEW and promise.kind not in _NUMBERS:
        status = "too_few"
    else:
        status = "missed" if short else "met"
    actual = count.met / n if n else None
    numbers = (n, count.met, count.missed_late, count.missed_open, count.too_early, needed, short)
    return Row(side, promise.kind, float(promise.share), actual, *numbers, status, count.released, why)


def needed_of(promise: Promise, n: int) -> int:
    """The smallest whole k with k / n >= share, as it is written; 0 where n is 0."""
    return math.ceil(Fraction(promise.share) * n)


def volume_target(leads: int, first: date, last: date) -> Fraction:
    """The part of a quarter's leads that falls on the days from `first` to `last`: each working day of its own quarter."""
    told = Fraction(0)
    for day in weeks.working_days(first, last):
        told += Fraction(leads, sum(1 for _ in weeks.working_days(*weeks.quarter(day))))
    return told


def _bounds(known: Ground, days: Days) -> tuple[int, int]:
    return weeks.bounds(*days, time_zone(known.history.about.time_zone))


def finished(history: History, _rows: pl.DataFrame, parameters: Mapping[str, object]) -> pl.DataFrame:
    """The rows of sla/scorecard."""
    rows = scorecard(*asked(history, parameters))
    return pl.DataFrame([[getattr(row, name) for name in COLUMNS] for row in rows], schema=_SCHEMA, orient="row")
