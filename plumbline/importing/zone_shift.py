"""Local times into UTC as expressions over microseconds: of an hour that comes twice the first, of one that is skipped the instant after the gap.

The offsets are Python's (tzdata), not those that the database brings along: it has its own tables, and takes the second of two.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from plumbline.clock import DAY, offsets, time_zone
from plumbline.importing.statement import Statement
from plumbline.instants import FIRST_YEAR, LAST_YEAR

TWICE, SKIPPED = 1, 2  # what is doubtful of a local time
_FIRST = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()) - 2 * 86_400
_LAST = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()) + 2 * 86_400
_DAYS_OF_A_SPAN = (96, 64, 48, 32, 16, 8, 4, 2, 1)


@dataclass(frozen=True)
class _Spans:
    """The zone's local time in spans of `width`, in each of which the offset changes once at most: at `until`, from `before` to `after`."""

    width: int
    first: int
    until: list[int]
    before: list[int]
    after: list[int]


@cache
def _spans(zone: str) -> _Spans:
    starts, moved = (values.tolist() for values in offsets(_FIRST, _LAST, time_zone(zone)))
    until = [start + max(before, after) for start, before, after in zip(starts[1:], moved[:-1], moved[1:], strict=True)]
    width = next(days * DAY for days in _DAYS_OF_A_SPAN if len({local // (days * DAY) for local in until}) == len(until))
    first, last = _FIRST * 1_000_000 // width, _LAST * 1_000_000 // width
    found: tuple[list[int], list[int], list[int]] = ([], [], [])
    for place in range(first, last + 1):
        change = bisect_right(until, place * width - 1)  # the next one at or after the beginning of the span
        until_here = until[change] if change < len(until) else (last + 1) * width
        after = moved[min(change + 1, len(moved) - 1)]
        for values, value in zip(found, (until_here, moved[change], after), strict=True):
            values.append(value)
    return _Spans(width, first, *found)


def to_utc(statement: Statement, local: str, zone: str) -> str:
    """Microseconds in UTC of `local`, an expression of microseconds of local time; null outside the years of dates."""
    if zone == "UTC":
        return local
    if (offset := _constant(zone)) is not None:
        return f"({local} - {offset})"
    until, before, after = _at(statement, local, zone)
    return f"({local} - case when {local} < {until} then {before} else {after} end)"


def doubt(statement: Statement, local: str, zone: str) -> str:
    """TWICE, SKIPPED or 0, of a local time as above."""
    if not can_be_doubtful(zone):
        return "0"
    until, before, after = _at(statement, local, zone)
    is_doubtful = f"{local} < {until} and {local} >= {until} - abs({after} - {before})"
    return f"(case when {is_doubtful} then case when {after} > {before} then {SKIPPED} else {TWICE} end else 0 end)"


def can_be_doubtful(zone: str) -> bool:
    """Whether the clocks of a zone change at all within the years of dates."""
    return zone != "UTC" and _constant(zone) is None


def _constant(zone: str) -> int | None:
    """The offset of a zone whose clocks never change."""
    spans = _spans(zone)
    return spans.before[0] if {*spans.before, *spans.after} == {spans.before[0]} else None


def _at(statement: Statement, local: str, zone: str) -> list[str]:
    """The next change, the offset before and after it, of the span of a local time."""
    spans = _spans(zone)
    place = f"{local} // {spans.width} - {spans.first - 1}"
    return [f"({statement.bind_once(values)}::bigint[])[{place}]" for values in (spans.until, spans.before, spans.after)]
