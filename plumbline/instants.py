"""What instant a text says: the one definition for every reader and option (docs/import.md, "Times").

A reader that is quicker (importing/time_cells.py) may take a text only where it gives the same instant; tests hold it against this one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from plumbline.patterns import Pattern
from plumbline.text import clean

FIRST_YEAR, LAST_YEAR = 1990, 2100
NO_DATES = (date(2050, 1, 1), date(2099, 12, 31))  # days within those years that systems write where they have none
NO_ZONE = ""  # as a zone: of texts that must carry an offset

_DAY = r"(?P<day>\d{4}-\d\d-\d\d|\d{8}|\d{4}-W\d\d-[1-7]|\d{4}W\d\d[1-7])"
_EXTENDED_DAY = r"(?P<day>\d{4}-\d\d-\d\d)"
_CLOCK = r"(?P<clock>(?:[01]\d|2[0-3])(?::[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?|[0-5]\d(?:[0-5]\d(?:[.,]\d+)?)?)?)"
_OFFSET = r" ?(?P<offset>[Zz]|UTC|[+-]\d\d(?::?\d\d)?)"
_ISO = re.compile(f"{_DAY}(?:[Tt ]{_CLOCK}(?:{_OFFSET})?)?", re.ASCII)
_EXTENDED = re.compile(f"{_EXTENDED_DAY}(?:[Tt ]{_CLOCK}(?:{_OFFSET})?)?", re.ASCII)
_FARTHEST_WEST, _FARTHEST_EAST = timedelta(hours=-12), timedelta(hours=14)
_YEAR_FIRST = re.compile(r"\d{4}([^\d-]\d{1,2}\D\d{1,2}|-\d\D\d{1,2}|-\d\d-\d)(\D.*)?", re.ASCII)  # a day, its year first, in another form
_MOST_SHOWN = 60  # characters of a text in a reason

NO_OFFSET = "has an offset that no place has (they lie between -12:00 and +14:00)"
NO_DATE = "stands for no date (days before 1990 or after 2100, 2050-01-01 and 2099-12-31 are what systems write where they have none)"
NO_TIME_ZONE = "says no time zone"


@dataclass(frozen=True)
class Reading:
    """What a text says. `instant` is naive UTC, or none; then `reason` follows the text in a sentence, and is empty for a blank text.

    `is_day`: a date without a time, whose instant is the beginning of that day. `is_twice`: of an hour that comes twice, read as the first;
    `is_skipped`: of an hour that never came, read as the instant after the gap.
    """

    instant: datetime | None = None
    reason: str = ""
    is_day: bool = False
    is_twice: bool = False
    is_skipped: bool = False


@dataclass(frozen=True)
class Notation:
    """How the times of a column are written. `zone`: of times without an offset (NO_ZONE: they must carry one); `day_zone`: the organisation's.

    A date without a time is a day of the organisation, never midnight moved across zones. `patterns` empty: ISO 8601 alone.
    """

    zone: str = "UTC"
    day_zone: str = "UTC"
    patterns: tuple[Pattern, ...] = ()

    @property
    def takes_iso(self) -> bool:
        """Whether ISO 8601 is read where it stands: not where a pattern gives the same characters another meaning."""
        return not any(pattern.is_year_day_month for pattern in self.patterns)

    def read(self, text: str) -> Reading:
        """The instant of `text`, or why it has none."""
        told = clean(text)
        if not told:
            return Reading()
        return _by_patterns(told, self) if self.patterns else _by_iso(told, self, _ISO) or _no_form(told, self)

    def is_date_only(self, text: str) -> bool:
        """Whether `text` is a date without a time."""
        return self.read(text).is_day


def is_date_only(text: str, patterns: tuple[Pattern, ...] = ()) -> bool:
    """Whether a text is a date without a time, in ISO 8601 or by one of the patterns."""
    return Notation(patterns=patterns).is_date_only(text)


def _by_patterns(text: str, notation: Notation) -> Reading:
    readings = [_of_moment(text, *said, notation) for pattern in notation.patterns if (said := pattern.read(text))]
    if len({reading.instant for reading in readings}) > 1:
        return Reading(reason=f"{text[:_MOST_SHOWN]} is of several forms that say different times ({_shown(notation)})")
    if readings:
        return readings[0]
    return (notation.takes_iso and _by_iso(text, notation, _EXTENDED)) or _no_form(text, notation)


def _by_iso(text: str, notation: Notation, form: re.Pattern) -> Reading | None:
    """None: not of the form of ISO 8601, or no day or time of day that exists."""
    if not (found := form.fullmatch(text)):
        return None
    day, clock, offset = found["day"], found["clock"], found["offset"]
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}" if clock else day)
    except ValueError:
        return None
    return _of_moment(text, moment, offset, not clock, notation)


def _of_moment(text: str, moment: datetime, offset: str | None, is_day: bool, notation: Notation) -> Reading:
    """The reading of a wall time, with the offset as written if there is one."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR or moment.date() in NO_DATES:
        return _refused(text, NO_DATE)
    if offset is not None:
        if (ahead := _offset(offset)) is None:
            return _refused(text, NO_OFFSET)
        return Reading(moment - ahead)
    zone = notation.day_zone if is_day else notation.zone
    if zone == NO_ZONE:
        return _refused(text, NO_TIME_ZONE)
    first, second = (moment.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    return Reading(first.astimezone(UTC).replace(tzinfo=None), "", is_day, before > after, before < after)


def _offset(text: str) -> timedelta | None:
    if text in ("Z", "z", "UTC"):
        return timedelta()
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    ahead = timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)
    return ahead if minutes < 60 and _FARTHEST_WEST <= ahead <= _FARTHEST_EAST else None


def _no_form(text: str, notation: Notation) -> Reading:
    for pattern in notation.patterns:
        if pattern.has_shape(text):
            return _refused(text, f"is of the form {pattern.text}, but no day or time of day that exists")
    if notation.patterns:
        return _refused(text, f"is not of the form {_shown(notation)}")
    hint = " (write YYYY-MM-DD, or name its date_format in a mapping)" if _YEAR_FIRST.fullmatch(text) else ""
    return _refused(text, f"is no ISO 8601 time{hint}")


def _shown(notation: Notation) -> str:
    return " or ".join(pattern.text for pattern in notation.patterns)


def _refused(text: str, reason: str) -> Reading:
    return Reading(reason=f"{text[:_MOST_SHOWN]} {reason}")
