"""Since when a rate has been another one: the week at which k of n changed, if it did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, xlogy

from plumbline.statistics.differences import Share, share_of

_ENOUGH = 1500.0  # N p (1 - p) from which a series is thinned for its p: shares of weeks stay, the lattice is fine enough
_WIDE = 9.0  # standard deviations of a week's successes that are looked at
_TIE = 1e-9


@dataclass(frozen=True)
class ChangePoint:
    """p: of there being no change at all. week: place in the series of the first week at the new rate; None where p is over `alpha`, and all
    else is empty then. before, after: the two rates with Wilson's intervals (as if the week were known). weeks: the weeks that the likelihood
    does not tell apart from `week` at `level`, ascending; they need not be neighbours."""

    p: float
    week: int | None = None
    before: Share | None = None
    after: Share | None = None
    weeks: tuple[int, ...] = ()

    @property
    def is_found(self) -> bool:
        return self.week is not None

    @property
    def is_fall(self) -> bool:
        """The rate is lower since then."""
        return self.before is not None and self.after is not None and self.after.value < self.before.value


def change_point(n: ArrayLike, k: ArrayLike, *, alpha: float = 0.05, level: float = 0.95) -> ChangePoint:
    """One change of a binomial rate by maximum likelihood: k of n for each week, in order (Hinkley and Hinkley 1970, Biometrika 57, 477-488).

    n, k (weeks): whole counts, weeks with n = 0 allowed; the change is told at a week with leads. p: of the largest likelihood ratio over all
    weeks, given all successes (Worsley 1983, Biometrika 70, 455-464): the exact chance, by recursion over the weeks, that the count of successes
    stays where no week's ratio is as large, half of the chance of the very same ratio counted (mid-p: Lancaster 1961, JASA 56, 223-234). A
    series with N p (1 - p) over 1,500 is thinned to that for its p. Weeks: likelihood ratio under -2 ln(1 - sqrt(level)) of the
    largest, 7.35 at 95 % (the limit for small changes, and wide for large ones: Hansen 2000, Econometrica 68, 575-603). Of changes that are
    nearly always told it holds the week in 96 to 100 %; of weak ones, seen by luck, in fewer (some 80 % where only a third are told).

    It knows one step: a slow drift is told as a step in its midst, and leads that come in clumps of one fate (one account, one batch) make steps
    that are none. Raises ValueError unless 0 <= k <= n, whole, of one length.
    """
    n, k = np.asarray(n, dtype=float).ravel(), np.asarray(k, dtype=float).ravel()
    if len(n) != len(k) or not ((k >= 0) & (k <= n)).all() or (n % 1).any() or (k % 1).any():
        raise ValueError("change_point wants whole n and k of one length, 0 <= k <= n")
    there = np.flatnonzero(n > 0)
    n, k = n[there], k[there]
    leads, hits = float(n.sum()), float(k.sum())
    if len(n) < 2 or hits in (0.0, leads):
        return ChangePoint(1.0)
    below, found = n.cumsum()[:-1], k.cumsum()[:-1]
    ratios = _ratio(found, below, hits, leads)
    place = int(ratios.argmax())
    p = _p_of_largest(float(ratios[place]), n, hits)
    if p > alpha:
        return ChangePoint(p)
    near = ratios >= ratios[place] + 2 * np.log1p(-np.sqrt(level))
    before = share_of(float(found[place]), float(below[place]), level)
    after = share_of(hits - float(found[place]), leads - float(below[place]), level)
    return ChangePoint(p, int(there[place + 1]), before, after, tuple(int(one) for one in there[1:][near]))


def _ratio(found: np.ndarray, below: np.ndarray, hits: float, leads: float) -> np.ndarray:
    """Twice the log likelihood ratio of two rates, found of below and the rest of the rest, against one."""
    above, rest = leads - below, hits - found
    apart = _likelihood(found, below) + _likelihood(rest, above)
    return np.maximum(0.0, 2 * (apart - _likelihood(np.float64(hits), np.float64(leads))))


def _likelihood(k: np.ndarray, n: np.ndarray) -> np.ndarray:
    return xlogy(k, k) + xlogy(n - k, n - k) - xlogy(n, n)


def _p_of_largest(largest: float, n: np.ndarray, hits: float) -> float:
    leads = float(n.sum())
    factor = hits * (leads - hits) / leads / _ENOUGH
    if factor > 1:
        n = np.diff(np.rint(n.cumsum() / factor), prepend=0.0)
        n, hits = n[n > 0], float(np.rint(hits / factor))
        leads = float(n.sum())
    below = n.cumsum()[:-1]
    steps = _steps(n, hits / leads, int(hits))
    whole = np.exp(_log_binomial(np.float64(hits), leads, hits / leads))
    stays = [_stays(*_inside(bound, below, hits, leads), steps, int(hits)) for bound in (largest - _TIE, largest + _TIE)]
    return float(np.clip(1 - sum(stays) / 2 / whole, 0.0, 1.0))


def _inside(bound: float, below: np.ndarray, hits: float, leads: float) -> tuple[np.ndarray, np.ndarray]:
    """(first, last) counts of successes after each week but the last whose ratio is under `bound`; first > last where there is none.

    The ratio is convex in the count, with its minimum at below * hits / leads: two bisections for all weeks at once.
    """
    least, most = np.maximum(0.0, hits - (leads - below)), np.minimum(hits, below)
    middle = below * hits / leads
    ends = []
    for start, far, step in ((np.ceil(middle), least - 1, -1.0), (np.floor(middle), most + 1, 1.0)):
        near = np.clip(start, least, most)  # inside or next to it; far is outside
        far = far.copy()
        while (np.abs(far - near) > 1).any():
            half = np.rint((near + far) / 2)
            half = np.where(np.abs(far - near) > 1, half, near)
            good = _ratio(half, below, hits, leads) < bound
            moved = np.abs(far - near) > 1
            near, far = np.where(moved & good, half, near), np.where(moved & ~good, half, far)
        ends.append(np.where(_ratio(near, below, hits, leads) < bound, near, near - step))
    return ends[0].astype(np.int64), ends[1].astype(np.int64)


def _steps(n: np.ndarray, p: float, most: int) -> list[tuple[int, np.ndarray]]:
    """For each week (fewest successes looked at, their chances from there on)."""
    known: dict[float, tuple[int, np.ndarray]] = {}
    for one in np.unique(n):
        reach = _WIDE * np.sqrt(one * p * (1 - p)) + 5
        first = int(max(0, np.floor(one * p - reach)))
        counts = np.arange(first, int(min(one, most, np.ceil(one * p + reach))) + 1, dtype=float)
        known[float(one)] = first, np.exp(_log_binomial(counts, one, p))
    return [known[float(one)] for one in n]


def _log_binomial(k: np.ndarray, n: float, p: float) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + xlogy(k, p) + (n - k) * np.log1p(-p)


def _stays(first: np.ndarray, last: np.ndarray, steps: list[tuple[int, np.ndarray]], hits: int) -> float:
    """The chance that the count of successes is within first..last after each week but the last, and `hits` at the end."""
    if (first > last).any():
        return 0.0
    base, chance = 0, np.ones(1)
    for low, high, (fewest, mass) in zip(first.tolist(), last.tolist(), steps, strict=False):
        grown = np.convolve(chance, mass) if len(chance) > 1 else chance[0] * mass
        shift = low - base - fewest  # the first place of `grown` that is inside
        width = high - low + 1
        chance = grown[max(0, shift) : max(0, shift + width)]
        base = low + max(0, -shift)
        if not len(chance):
            return 0.0
    fewest, mass = steps[-1]
    wanted = hits - base - np.arange(len(chance)) - fewest
    fits = (wanted >= 0) & (wanted < len(mass))
    return float(chance[fits] @ mass[wanted[fits]])
