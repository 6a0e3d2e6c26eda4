"""Calendar quarters of the organisation's zone, and the weeks that are judged in each: those that begin in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from plumbline.agreement import weeks
from plumbline.agreement.weeks import FIRST_YEAR, LAST_YEAR, Week
from plumbline.errors import InputError

_NAMED = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, order=True)
class Span:
    """One quarter, by its first day."""

    first: date

    @property
    def name(self) -> str:
        """'2026-Q4', as it stands in the address."""
        return f"{self.first.year:04d}-Q{(self.first.month + 2) // 3}"

    @property
    def title(self) -> str:
        """'Q4 2026'."""
        return f"Q{(self.first.month + 2) // 3} {self.first.year}"

    @property
    def last(self) -> date:
        return weeks.quarter(self.first)[1]

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks whose Monday lies in the quarter: each week is judged in one quarter, by the version in force on its Monday."""
        monday = self.first + timedelta(days=-self.first.weekday() % 7)
        return tuple(Week(monday + timedelta(weeks=n)) for n in range((self.last - monday).days // 7 + 1))

    @property
    def after(self) -> Span:
        return Span(self.last + timedelta(days=1))

    @property
    def before(self) -> Span:
        return of(self.first - timedelta(days=1))


def of(day: date) -> Span:
    """The quarter in which a day lies."""
    return Span(weeks.quarter(day)[0])


def parse(text: str, where: str = "quarter") -> Span:
    """The quarter called `text`, as 2026-Q4. Raises InputError."""
    found = _NAMED.fullmatch(text)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise InputError(f"{text[:60]!r} is no quarter", where, "write it as YYYY-Qn, for example 2026-Q4")
    return Span(date(int(found[1]), 3 * int(found[2]) - 2, 1))


def between(first: date, last: date) -> Iterator[Span]:
    """The quarters from that of `first` to that of `last`, in order."""
    quarter = of(first)
    while quarter.first <= last:
        yield quarter
        quarter = quarter.after
