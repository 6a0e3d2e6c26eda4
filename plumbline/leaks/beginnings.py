"""Since when a leak leaks: the week from which fewer of its leads go on, and the two shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from plumbline.statistics import change_point

_SURE = 3  # weeks: a change that is known this well is told without "about"
_DAYS_TO_1970 = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Beginning:
    """`week`: number of the first week of the lower share (first_day); `is_sure`: known within a few weeks; `before`, `since`: the two shares."""

    week: int
    is_sure: bool
    before: float
    since: float

    @property
    def day(self) -> date:
        return first_day(self.week)


def week_numbers(days: pl.Series) -> np.ndarray:
    """(n) int64 the number of the week of each date, weeks counted from Monday 1 January of the year 1."""
    return (days.cast(pl.Date).cast(pl.Int32).to_numpy().astype(np.int64) + _DAYS_TO_1970 - 1) // 7


def first_day(week: int) -> date:
    return date.fromordinal(7 * week + 1)


def beginning(week: np.ndarray, good: np.ndarray) -> Beginning | None:
    """Of the leads of one leak, the year before its period with them; None where no one week stands out, or the share rose there."""
    if not len(week):
        return None
    first = int(week.min())
    n, k = np.bincount(week - first), np.bincount(week - first, good).astype(np.int64)
    found = change_point(n, k)
    if not found.is_found or not found.is_fall:
        return None
    return Beginning(first + found.week, len(found.weeks) <= _SURE, found.before.value, found.after.value)
