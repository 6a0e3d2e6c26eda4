"""Patterns of dates (`date_format` of a mapping): checked when the mapping is read, and read as Python's strptime reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

EXAMPLE = "write for example '%d/%m/%Y' or '%m/%d/%Y %I:%M %p'"
_WHOLE = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y"}  # short for several
_YEAR, _MONTH, _DAY = ("Y", "y"), ("m", "b", "B"), ("d",)
_CLOCK = ("H", "I", "M", "S", "f", "p")
_ZONE = ("z", "Z")
_KNOWN = (*_YEAR, *_MONTH, *_DAY, *_CLOCK, *_ZONE, "a", "A", "j", "%")
_TWICE = (_YEAR, _MONTH, _DAY, ("H", "I"), ("M",), ("S",), ("f",), ("p",), _ZONE)
_ZONE_NAMES = ("UTC", "GMT", "Z")  # of %Z: other names (CST, IST) are those of several zones
_SURE = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}  # directives that all readers of patterns take alike, and their digits
_PART = re.compile(r"%(-?)(.?)", re.DOTALL)
_SHAPES = {"Y": r"\d{4}", "y": r"\d\d", "f": r"\d{1,6}", "p": "[AaPp][Mm]", "j": r"\d{1,3}", "z": r"[+-]\d\d:?(\d\d)?|Z", "%": "%"}
_SHAPES |= dict.fromkeys("mdHIMS", r"\d{1,2}") | dict.fromkeys("bBaA", r"[^\W\d]+\.?")
_HOURS_AT_END = re.compile(r"[+-]\d\d$", re.ASCII)


@dataclass(frozen=True)
class Pattern:
    """One pattern as it was written."""

    text: str

    @cached_property
    def parts(self) -> list[str]:
        """Its directives without the %, in order; those that stand for several are spelled out."""
        return [letter for _, letter in _PART.findall(self._plain) if letter != "%"]

    @cached_property
    def _plain(self) -> str:
        return _PART.sub(lambda part: _WHOLE.get(part[2], f"%{part[2]}"), self.text)

    @property
    def has_clock(self) -> bool:
        """Whether it reads a time of day; without one, what it reads are dates without a time."""
        return "H" in self.parts or "I" in self.parts

    @property
    def has_day(self) -> bool:
        """Whether it says a day; without one, a month."""
        return "d" in self.parts or "j" in self.parts

    @property
    def has_offset(self) -> bool:
        """Whether the text says its own offset."""
        return any(part in _ZONE for part in self.parts)

    @cached_property
    def is_year_day_month(self) -> bool:
        """Whether it reads the characters of an ISO 8601 day otherwise."""
        order = "".join("Y" if part in _YEAR else "m" if part in _MONTH else part for part in self.parts if part in (*_YEAR, *_MONTH, *_DAY))
        return order == "Ydm"

    @cached_property
    def _shape(self) -> re.Pattern:
        pieces, at = [], 0
        for part in _PART.finditer(self._plain):
            pieces.append(_literal(self._plain[at : part.start()]))
            pieces.append(f"(?:{_SHAPES.get(part[2], '|'.join(_ZONE_NAMES))})")
            at = part.end()
        return re.compile("".join([*pieces, _literal(self._plain[at:])]), re.IGNORECASE | re.ASCII)

    @cached_property
    def sure_form(self) -> str:
        """A regular expression (RE2) of the texts that every reader of patterns takes alike; empty where there is none to be sure of."""
        pieces, at = [], 0
        for part in _PART.finditer(self._plain):
            before, after = self._plain[at : part.start()], self._plain[part.end() : part.end() + 1]
            digits = _SURE.get(part[2])
            if digits is None or not before.isascii():
                return ""
            is_alone = not after or not (after == "%" or after.isalnum())
            pieces.append(re.escape(before) + (r"\d{1,2}" if digits == 2 and is_alone else rf"\d{{{digits}}}"))
            at = part.end()
        rest = self._plain[at:]
        return "".join([*pieces, re.escape(rest)]) if rest.isascii() else ""

    def has_shape(self, text: str) -> bool:
        """Whether `text` has digits and marks where the pattern has them, whatever they say."""
        return bool(self._shape.fullmatch(text))

    def read(self, text: str) -> tuple[datetime, str | None, bool] | None:
        """(wall time, offset as written or none, whether it is a date without a time); None where the text is not of this pattern."""
        for plain, zone in self._spellings:
            try:
                moment = datetime.strptime(text, plain)
            except ValueError:
                if not (plain.endswith("%z") and _HOURS_AT_END.search(text)):
                    continue
                try:  # +05 is as good as +0500
                    moment = datetime.strptime(f"{text}00", plain)
                except ValueError:
                    continue
            return moment.replace(tzinfo=None), _written(moment, zone), not self.has_clock
        return None

    @cached_property
    def _spellings(self) -> list[tuple[str, str | None]]:
        """The patterns for strptime, and the offset that each says by itself: %Z is spelled out, for strptime takes it for no offset."""
        if "Z" not in self.parts:
            return [(self._plain, None)]
        return [(self._plain.replace("%Z", name), "UTC") for name in _ZONE_NAMES]


def refusal(text: str) -> str:
    """Why a pattern cannot be used at all, or nothing."""
    pattern = Pattern(text)
    if not pattern.parts or any(part not in _KNOWN for part in pattern.parts):
        return "is no pattern of a date"
    for alike in _TWICE:
        if sum(part in alike for part in pattern.parts) > 1:
            return f"says the same twice (%{' or %'.join(alike)})"
    if _has(pattern, ("I",)) != _has(pattern, ("p",)):
        return "has %I without %p, so the half of the day cannot be known" if _has(pattern, ("I",)) else "has %p, which goes with %I"
    if not pattern.has_clock and _has(pattern, (*_CLOCK, *_ZONE)):
        return "" if not _has(pattern, _YEAR) else "has a part of a time of day, but no hour (%H)"
    return ""


def gap(text: str, kind: str) -> str:
    """What a pattern leaves open of the year or the day, or nothing. `kind`: time, or date (where a month may stand for its days)."""
    pattern = Pattern(text)
    if not _has(pattern, _YEAR):
        return "has no year"
    if _has(pattern, ("j",)):
        return ""
    if not _has(pattern, _MONTH):
        return "has no month"
    return "has no day" if kind == "time" and not _has(pattern, _DAY) else ""


def problem(text: str) -> str:
    """Why a pattern cannot read times, as a sentence; empty where it can."""
    if why := refusal(text):
        return f"{text[:60]!r} {why}"
    return f"the pattern {text[:60]!r} {why}" if (why := gap(text, "time")) else ""


def _has(pattern: Pattern, letters: tuple[str, ...]) -> bool:
    return any(part in letters for part in pattern.parts)


def _written(moment: datetime, zone: str | None) -> str | None:
    """The offset that a text says, as ISO 8601 writes it."""
    if moment.tzinfo is None:
        return zone
    ahead = moment.utcoffset()
    minutes, seconds = divmod(round(ahead.total_seconds()), 60)
    if seconds or ahead.microseconds:
        return "+99:99"
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _literal(text: str) -> str:
    return r"\s+".join(re.escape(piece) for piece in re.split(r"\s+", text))
