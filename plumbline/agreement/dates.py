"""Days on which a version may begin: Mondays, for a week is judged by what is in force on its Monday."""

from __future__ import annotations

from datetime import date, timedelta

from plumbline.clock import monday

_NOTICE = timedelta(days=7)


def next_effective(today: date, after: date | None = None) -> date:
    """The first Monday that is at least a week away, and later than `after` (the effective day of the version published last)."""
    earliest = max(today + _NOTICE, after + timedelta(days=1)) if after else today + _NOTICE
    return monday(earliest + timedelta(days=6))


def quarter_name(day: date) -> str:
    """'Q1 2027': what a version that begins on that day is called."""
    return f"Q{(day.month + 2) // 3} {day.year}"


def free_name(day: date, taken: set[str]) -> str:
    """The name of the quarter, with a number where a version has it already: 'Q1 2027', 'Q1 2027 (2)'."""
    name = quarter_name(day)
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
