"""A team's calendar in plain words, for a line on a screen."""

from __future__ import annotations

from datetime import date

from plumbline.wording import count, plural
from plumbline.working_time.calendars import Calendar, Week
from plumbline.working_time.shifts import DAY, Shifts, clock_text

_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def in_words(calendar: Calendar, year: int) -> str:
    """'Mon to Fri 09:00 to 18:00, 14 days closed in 2026'; of an assumed week it says so."""
    said = week_in_words(calendar.week) + (" (assumed: no hours are given)" if calendar.is_assumed else "")
    differing = calendar.differing(date(year, 1, 1), date(year, 12, 31))
    closed = sum(not hours for hours, _ in differing.values())
    other = len(differing) - closed
    parts = [f"{plural(closed, 'day')} closed"] if closed else []
    if other:
        parts.append(f"{count(other) if closed else plural(other, 'day')} with other hours")
    return f"{said}, {' and '.join(parts)} in {year}" if parts else said


def week_in_words(week: Week) -> str:
    """'Mon to Thu 09:00 to 18:00, Fri 09:00 to 12:00 and 13:00 to 16:00'. Days that are not named are closed."""
    if not any(week):
        return "closed all week"
    runs: list[tuple[int, int]] = []
    for day in range(7):
        if runs and week[day] == week[runs[-1][0]]:
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
    return ", ".join(f"{_days(*run)} {hours_in_words(week[run[0]])}" for run in runs if week[run[0]])


def hours_in_words(shifts: Shifts) -> str:
    """'09:00 to 12:00 and 13:00 to 16:00', '22:00 to 06:00 the next day', 'all day', 'closed'."""
    said = [_shift(opens, closes) for opens, closes in shifts]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0] if said else "closed"


def _shift(opens: int, closes: int) -> str:
    if (opens, closes) == (0, DAY):
        return "all day"
    return f"{clock_text(opens)} to {clock_text(closes)}" + (" the next day" if closes > DAY else "")


def _days(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return "every day"
    if first == last:
        return _NAMES[first]
    return f"{_NAMES[first]} {'and' if last == first + 1 else 'to'} {_NAMES[last]}"
