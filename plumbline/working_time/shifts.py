"""The shifts of one day, as minutes, and as the text that the settings file and a form hold: "09:00-12:00 13:00-16:00", "closed"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plumbline.errors import SettingError

Shift = tuple[int, int]  # minutes since midnight of the day it begins: opens 0..1439, closes up to 1440 later; past 1440 is the next day
Shifts = tuple[Shift, ...]

DAY = 1440  # minutes
CLOSED = "closed"
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])|(24):(00)")
_RANGE = re.compile(r"([0-9:]+)\s*[-–]\s*([0-9:]+)")
_FORM = "write hours such as 09:00-17:00, several with a space between them, or closed"


def shift(opens: str, closes: str) -> Shift:
    """The shift between two times of day. One that closes at or before it opens runs into the next day. Raises ValueError."""
    begins, ends = _minutes(opens), _minutes(closes)
    if begins == DAY:
        raise ValueError("24:00 is the end of a day and no time to open")
    return begins, ends if ends > begins else ends + DAY


def merged(shifts: Iterable[Shift]) -> Shifts:
    """In order, with those that overlap or touch as one; two that together are longer than a day stay two."""
    found: list[Shift] = []
    for opens, closes in sorted(shifts):
        if found and opens <= found[-1][1]:
            begun, until = found[-1]
            if closes <= until:
                continue
            if closes - begun <= DAY:
                found[-1] = begun, closes
                continue
        found.append((opens, closes))
    return tuple(found)


def read_hours(told: object, where: str) -> Shifts:
    """The shifts that a cell of the settings file or of a form says; none for nothing and for "closed". Raises SettingError naming `where`."""
    if told is None:
        return ()
    if not isinstance(told, str):
        raise SettingError(f"{str(told)[:40]!r} is no opening hours", where, _FORM)
    text = told.strip()
    if text.casefold() in ("", CLOSED):
        return ()
    if _RANGE.sub("", text).strip(" ,"):
        raise SettingError(f"{text[:40]!r} is no opening hours", where, _FORM)
    try:
        return merged(shift(opens, closes) for opens, closes in _RANGE.findall(text))
    except ValueError as problem:
        raise SettingError(str(problem), where, _FORM) from None


def hours_text(shifts: Shifts) -> str:
    """The text of shifts. read_hours(hours_text(s)) == s for merged ones."""
    return " ".join(f"{clock_text(opens)}-{clock_text(closes)}" for opens, closes in shifts) or CLOSED


def clock_text(minute: int) -> str:
    """510 -> '08:30', 1440 -> '24:00', 1830 -> '06:30' (of the next day)."""
    minute = minute if minute <= DAY else minute - DAY
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _minutes(text: str) -> int:
    if not (found := _TIME.fullmatch(text)):
        raise ValueError(f"{text[:20]!r} is no time of day")
    hour, minute = (part for part in found.groups() if part is not None)
    return int(hour) * 60 + int(minute)
