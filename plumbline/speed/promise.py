"""The promise by which speed is judged: a first touch within so long for at least such a share of the leads.

Its meaning stands in docs/meaning.md, "Speed and persistence".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from plumbline.speed.delays import DATED_LIMITS, HOUR, MINUTE, Delays, within
from plumbline.statistics import MINIMUM_N

PROMISED = {"5 min": 5 * MINUTE, "30 min": 30 * MINUTE, "1 h": HOUR, "4 h": 4 * HOUR, "24 h": 24 * HOUR, "48 h": 48 * HOUR}
"""What can be promised, in microseconds; where only dates are known, `DATED_LIMITS`."""
_SPELLED = {"5 min": "5 minutes", "30 min": "30 minutes", "1 h": "an hour", "4 h": "4 hours", "24 h": "24 hours", "48 h": "48 hours"}


@dataclass(frozen=True)
class Promise:
    """A first touch within `limit` (a name) for at least `percent` of the leads; `limits`: name -> microseconds, all that could be promised."""

    limit: str = "24 h"
    percent: int = 90
    is_dated: bool = False
    more: tuple[tuple[str, int], ...] = ()  # limits beside the usual ones, as names and microseconds

    @property
    def limits(self) -> Mapping[str, int]:
        usual_ones = DATED_LIMITS if self.is_dated else PROMISED
        return dict(sorted((usual_ones | dict(self.more)).items(), key=lambda one: one[1])) if self.more else usual_ones

    @property
    def micros(self) -> int:
        return self.limits[self.limit]

    def in_words(self, clock: str = "wall") -> str:
        """'within 24 hours of becoming an MQL', 'within 24 hours of working time after becoming an MQL', 'on the day they became an MQL'."""
        if self.limit == "the day itself":
            return "on the day they became an MQL"
        after = " of working time after" if clock == "open" else " of"
        return f"within {_SPELLED.get(self.limit, self.limit)}{after} becoming an MQL"


def usual(is_dated: bool) -> Promise:
    """A day at most, for nine of ten."""
    return Promise("1 day" if is_dated else "24 h", 90, is_dated)


@dataclass(frozen=True)
class Verdict:
    """What became of the promise. k, n: in time, of those old enough; early: too young to tell."""

    promise: Promise
    k: int
    n: int
    early: int

    @property
    def is_thin(self) -> bool:
        return self.n < MINIMUM_N

    @property
    def is_kept(self) -> bool:
        return self.k * 100 >= self.promise.percent * self.n

    @property
    def is_broken(self) -> bool:
        return not self.is_thin and not self.is_kept


def judge(waited: Delays, promise: Promise) -> Verdict:
    """The promise held against the first attempts of a choice of leads."""
    k, n = within(waited, promise.micros)
    return Verdict(promise, k, n, len(waited) - n)


def missed(waited: Delays, promise: Promise) -> np.ndarray:
    """(n) whether a lead old enough was not tried in time."""
    return (waited.age >= promise.micros) & ~(waited.happened & (waited.time <= promise.micros))
