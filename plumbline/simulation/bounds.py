"""What can be said of a rate when some leads were never offered to sales: bounds, by how much one is willing to assume.

worst       nothing is assumed: every unknown lead could have failed, or succeeded (Manski 1989)
monotone    leads that were never offered do no better than the weakest fifth of those that were and that the same definition passes:
            past hand-over was no worse than chance. Offered leads that the definition does not pass are no measure: they are below its bar
explored    a random sample of all leads was handed over whatever the definition said: those of them that it would pass stand for all
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from plumbline.statistics import MINIMUM_N, wilson
from plumbline.statistics.partial import imbens_manski

_Z = 1.959963984540054
BANDS = 5


@dataclass(frozen=True)
class Known:
    """Of the leads that a definition hands over: `hits` of `judged` with an outcome, `unknown` without; those too early are in neither."""

    hits: int
    judged: int
    unknown: int

    @property
    def n(self) -> int:
        return self.judged + self.unknown


@dataclass(frozen=True)
class Band:
    """A rate that the unknown are compared with. `shared`: how many of its leads are among the known ones too."""

    hits: int
    n: int
    shared: int = 0

    @property
    def rate(self) -> float:
        return self.hits / self.n


def bounds(known: Known, weakest: Band | None, explored: Band | None) -> dict[str, dict[str, float | int] | None]:
    """low, high (the bounds), ci_low, ci_high (Imbens-Manski 95 %) for each way; None where it cannot be had."""
    if not known.n:
        return {"worst": None, "monotone": None, "explored": None}
    return {
        "worst": _between(known, None),
        "monotone": _between(known, weakest) if weakest is not None and weakest.n >= MINIMUM_N else None,
        "explored": _sampled(explored) if explored is not None and explored.n >= MINIMUM_N else None,
    }


def _between(known: Known, most: Band | None) -> dict[str, float | int]:
    """Bounds where the unknown have at most the rate `most` (None: all of them could succeed), and could all fail."""
    share = known.unknown / known.n
    low = known.hits / known.n
    high = (known.hits + (1.0 if most is None else most.rate) * known.unknown) / known.n
    low_error = high_error = _error(known.hits, known.judged) * (1 - share)
    if most is not None and share:
        other = _error(most.hits, most.n)
        together = other**2 * most.shared / known.judged if known.judged else 0.0  # leads that are in both move both
        high_error = float(np.sqrt(low_error**2 + (share * other) ** 2 + 2 * share * (1 - share) * together))
    ci_low, ci_high = imbens_manski(low, high, low_error, high_error)
    return {"low": low, "high": high, "ci_low": max(0.0, ci_low), "ci_high": min(1.0, ci_high), "seen": 0 if most is None else most.n}


def _sampled(explored: Band) -> dict[str, float | int]:
    """A small sample stands for all: the exact interval (Clopper and Pearson 1934), which holds the truth at least as often as it says."""
    low, high = binomtest(explored.hits, explored.n).proportion_ci(0.95, method="exact")
    return {"low": explored.rate, "high": explored.rate, "ci_low": low, "ci_high": high, "seen": explored.n}


def _error(hits: int, n: int) -> float:
    """Standard error of a share; half of Wilson's interval, so that 0 of 12 is not taken for certain."""
    if not n:
        return 0.0
    low, high = wilson(hits, n)
    return (high - low) / (2 * _Z)


def weakest_band(hits: np.ndarray, order: np.ndarray, is_known: np.ndarray) -> Band | None:
    """The rate of the lowest of five bands of leads with an outcome (n). `order`: what ranks them, for example the score; ties stay together.

    `is_known`: which of them are among the known ones of the same bound. None where there are under 150 leads.
    """
    if len(order) < BANDS * MINIMUM_N:
        return None
    lowest = order <= np.quantile(order, 1 / BANDS)
    return Band(int(hits[lowest].sum()), int(lowest.sum()), int(is_known[lowest].sum()))


@dataclass(frozen=True)
class Asked:
    """Masks by lead: `handed` over by the definition in the period; `passed` by it at any time; `offered` to sales; `explored`: at random.

    `rank` (by lead): what orders those passed, None: nothing does, and no weakest fifth can be told.
    """

    handed: np.ndarray
    passed: np.ndarray
    offered: np.ndarray
    explored: np.ndarray
    rank: np.ndarray | None


def of_leads(asked: Asked, judged: np.ndarray, hits: np.ndarray) -> dict[str, dict[str, float | int] | None]:
    """The bounds of one rate. `judged`: leads whose outcome is old enough; `hits`: those of them that came to it."""
    seen = asked.handed & judged
    known = Known(int((seen & hits).sum()), int(seen.sum()), int((asked.handed & ~asked.offered).sum()))
    rows = np.flatnonzero(asked.passed & judged)
    weakest = None if asked.rank is None else weakest_band(hits[rows], asked.rank[rows], asked.handed[rows])
    sampled = seen & asked.explored
    return bounds(known, weakest, Band(int((sampled & hits).sum()), int(sampled.sum())))
