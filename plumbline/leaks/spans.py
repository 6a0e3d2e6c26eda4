"""The spans of a period in which a leak may have begun: each runs from one week to the end, the longest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.statistics import MINIMUM_N

_PARTS = (0.75, 0.5, 0.35, 0.25)  # of the period; each next one at most half as long again as the one before, so no beginning is far from one
YEAR = 52  # weeks
_SHORTEST = 4


@dataclass(frozen=True)
class Spans:
    """`starts` (spans) the week in which each begins, ascending; `is_base` (n) the rows that they are held against: those of the year before."""

    starts: np.ndarray
    is_base: np.ndarray

    def place(self, week: np.ndarray) -> np.ndarray:
        """(n) how many spans hold a row of that week."""
        return np.searchsorted(self.starts, week, side="right")


def spans(week: np.ndarray | None, is_now: np.ndarray) -> Spans | None:
    """week (n): in which each row opened, None where that is not known; is_now (n): of the period, else of the year before it. Where that year has
    too few rows, or no period is chosen, the last year of the period, or its later half, is held against what came before; None: too short."""
    if week is None or not is_now.any():
        return None
    first, last = int(week[is_now].min()), int(week[is_now].max())
    parts, is_base = _PARTS, ~is_now
    if is_base.sum() < MINIMUM_N:
        first = max(last + 1 - YEAR, (first + last + 1) // 2)
        parts, is_base = (1.0, *_PARTS), is_now & (week < first) & (week >= first - YEAR)
        if is_base.sum() < MINIMUM_N:
            return None
    whole = last + 1 - first
    lengths = {round(whole * part) for part in parts}
    starts = sorted(last + 1 - length for length in lengths if length >= _SHORTEST)
    return Spans(np.array(starts, np.int64), is_base) if starts else None
