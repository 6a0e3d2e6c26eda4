"""What a text says as a day, a month, a day of the week or a time of day; each text of a column is read once."""

from __future__ import annotations

import re
from datetime import date

from plumbline.history.schema import DAYS
from plumbline.instants import FIRST_YEAR, LAST_YEAR, NO_DATE, NO_DATES
from plumbline.patterns import Pattern
from plumbline.text import clean

_MIDNIGHT = r"(?:[T ]00:00(?::00(?:[.,]0+)?)?(?:Z|\+00(?::?00)?)?)?"  # of a column that has a type, or of a day padded with a time
_DAY = re.compile(rf"(\d{{4}}-\d\d-\d\d){_MIDNIGHT}", re.ASCII)
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,](\d+))?)?", re.ASCII)
_MIDNIGHT_AFTER = re.compile(r"24:00(?::00(?:\.0+)?)?", re.ASCII)

Said = tuple[str | None, str | None]  # the value, or why there is none; neither of a blank text


def day_or_month(text: str, patterns: tuple[Pattern, ...] = ()) -> Said:
    """YYYY-MM-DD, or YYYY-MM of a month."""
    told = clean(text)
    if told and not patterns and _MONTH.fullmatch(told):
        return (told, None) if FIRST_YEAR <= int(told[:4]) <= LAST_YEAR else _no(told, NO_DATE)
    return _day(told, patterns, f"is no date (YYYY-MM-DD, or YYYY-MM for a month, {FIRST_YEAR} to {LAST_YEAR})")


def weekday_or_day(text: str, patterns: tuple[Pattern, ...] = ()) -> Said:
    """mon..sun, or YYYY-MM-DD."""
    told = clean(text)
    if told and told.lower() in DAYS:
        return told.lower(), None
    return _day(told, patterns, "is no day (mon..sun or YYYY-MM-DD)")


def _day(told: str | None, patterns: tuple[Pattern, ...], otherwise: str) -> Said:
    if not told:
        return None, None
    read = [(pattern, said[0].date()) for pattern in patterns if (said := pattern.read(told))]
    days = {day for _, day in read}
    if len(days) > 1:
        return _no(told, f"is of several forms that say different days ({' or '.join(pattern.text for pattern in patterns)})")
    if not days and not any(pattern.is_year_day_month for pattern in patterns) and (found := _DAY.fullmatch(told)):
        try:
            days = {date.fromisoformat(found[1])}
        except ValueError:
            return _no(told, otherwise)
    if not days:
        return _no(told, f"is not of the form {' or '.join(pattern.text for pattern in patterns)}" if patterns else otherwise)
    day = days.pop()
    written = day.isoformat() if not read or read[0][0].has_day else f"{day:%Y-%m}"
    return (written, None) if FIRST_YEAR <= day.year <= LAST_YEAR and day not in NO_DATES else _no(told, NO_DATE)


def time_of_day(text: str) -> Said:
    """HH:MM. A day that ends at its last second ends at 24:00; other seconds are no time of a calendar, and are not dropped."""
    told = clean(text)
    if not told:
        return None, None
    if _MIDNIGHT_AFTER.fullmatch(told):
        return "24:00", None
    found = _CLOCK.fullmatch(told)
    if not found:
        return _no(told, "is no time of day (HH:MM)")
    hour, minute, second, part = int(found[1]), int(found[2]), int(found[3] or 0), int(found[4] or 0)
    if (hour, minute, second) == (23, 59, 59):
        return "24:00", None
    if second or part:
        return _no(told, "has seconds, which hours of work do not know (write HH:MM)")
    return f"{hour:02d}:{minute:02d}", None


def _no(text: str, reason: str) -> Said:
    return None, f"{text[:60]} {reason}"
