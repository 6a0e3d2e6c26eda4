"""Weeks of the organisation's zone, from Monday to the last microsecond of Sunday: what a promise is judged by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from plumbline.clock import day_start, monday
from plumbline.errors import InputError

FIRST_YEAR, LAST_YEAR = 1900, 2199  # of a week that can be asked for, as of a day
_NAMED = re.compile(r"([0-9]{4})-W([0-9]{2})")
_WEEK = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, order=True)
class Week:
    """One week, by its Monday."""

    monday: date

    @property
    def name(self) -> str:
        """'2026-W46' (ISO 8601)."""
        year, number, _ = self.monday.isocalendar()
        return f"{year:04d}-W{number:02d}"

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> str:
        """'Mon 3 - Sun 9 Nov'; the month, and the year, of the Monday too where they are others."""
        first, last = self.monday, self.sunday
        begins = f"Mon {first.day}"
        if first.month != last.month:
            begins += f" {first:%b}"
        if first.year != last.year:
            return f"{begins} {first.year} - Sun {last.day} {last:%b} {last.year}"
        return f"{begins} - Sun {last.day} {last:%b}"

    def __add__(self, weeks: int) -> Week:
        return Week(self.monday + weeks * _WEEK)

    def bounds(self, zone: ZoneInfo) -> tuple[int, int]:
        """(first, last) microsecond of the week, UTC microseconds since 1970, both in it."""
        return bounds(self.monday, self.sunday, zone)


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[int, int]:
    """(first, last) microsecond of the days from `first` to `last`, both included."""
    return start_of(first, zone), start_of(last + timedelta(days=1), zone) - 1


def start_of(day: date, zone: ZoneInfo) -> int:
    """The UTC microsecond at which a day begins in the zone."""
    return (day_start(day, zone).replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND


def parse(text: str, where: str = "--week") -> Week:
    """The week called `text`, as 2026-W46. Raises InputError, for one that does not exist too."""
    found = _NAMED.fullmatch(text)
    if not found:
        raise InputError(f"{text[:60]!r} is no week", where, "write it as YYYY-Www, for example 2026-W46")
    year, number = int(found[1]), int(found[2])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(f"there is no week {text}", where, f"name one of {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return Week(date.fromisocalendar(year, number, 1))
    except ValueError:
        last = date(year, 12, 28).isocalendar().week
        raise InputError(f"there is no week {text}", where, f"{year} has the weeks {year}-W01 to {year}-W{last}") from None


def week_of(day: date) -> Week:
    """The week in which a day lies."""
    return Week(monday(day))


def last_full(data_through: datetime, zone: ZoneInfo) -> Week:
    """The last week that ended by `data_through` (naive UTC), its last microsecond included."""
    through = (data_through.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
    week = week_of(data_through.replace(tzinfo=UTC).astimezone(zone).date())
    return week if week.bounds(zone)[1] <= through else week + -1


def span(last: Week, count: int) -> tuple[Week, ...]:
    """The `count` weeks up to `last`, in order."""
    return tuple(last + -back for back in range(count - 1, -1, -1))


def quarter(day: date) -> tuple[date, date]:
    """(first, last) day of the calendar quarter of a day."""
    month = (day.month - 1) // 3 * 3 + 1
    following = date(day.year, month + 3, 1) if month < 10 else date(day.year + 1, 1, 1)
    return date(day.year, month, 1), following - timedelta(days=1)


def working_days(first: date, last: date) -> Iterator[date]:
    """The days from Monday to Friday from `first` to `last`, both included; holidays are not left out."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.weekday() < 5:
            yield day
