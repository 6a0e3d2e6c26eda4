"""What if a leak were plugged: its leads tried within half an hour, tried K times, or accepted like their peers. Each an association, within strata.

In time is a landmark (Anderson, Cain and Gelber 1983, Journal of Clinical Oncology 1, 710-719): of the leads still open half an hour after their MQL,
those tried by then tell what the others would have done. Tried K times is a sequence of such landmarks (Hernan, Lanoy, Costagliola and Robins 2006,
Basic & Clinical Pharmacology & Toxicology 98, 237-242): a lead that reps stopped trying after j attempts is held against alike leads that were at j
attempts without contact too and were tried on, until contact, SQL, exit or attempt K; those that stopped later on are stood in for by those that went
on from there (inverse probability of censoring). Standardised to the leads of the leak (statistics.what_if); strata are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.clock import DAY
from plumbline.speed.waits import NEVER, Waits
from plumbline.statistics import Estimate, Share, WhatIf, what_if
from plumbline.statistics.arms import apart, arms, tallied
from plumbline.statistics.standardisation import AT_LEAST

IN_TIME = 30 * 60_000_000
NEVER_STOPPED = -1


@dataclass(frozen=True)
class Tries:
    """Of n passes: `tries` until contact, SQL or exit; `stopped_after` so many (NEVER_STOPPED); `is_reached`: the last of them reached the lead;
    `is_cut`: the next pass or the end of the data came before anybody could tell."""

    tries: np.ndarray
    stopped_after: np.ndarray
    is_reached: np.ndarray
    is_cut: np.ndarray


@dataclass(frozen=True)
class Plugged:
    """`found`: of which `gained` is in leads that convert; `crude`: the difference without any strata (None: nobody in one arm)."""

    found: WhatIf
    crude: Estimate | None

    @property
    def is_confounded(self) -> bool:
        """The strata make it another figure: the crude difference lies outside the interval among alike leads, or the two have opposite signs."""
        if self.crude is None or self.found.difference is None:
            return False
        apart = self.found.difference.excludes(self.crude.value)
        return apart or (self.found.difference.excludes(0) and self.crude.value * self.found.difference.value < 0)


def in_time(waits: Waits, stratum: np.ndarray, is_in: np.ndarray, horizon: int, limit: int = IN_TIME) -> Plugged:
    """Tried within `limit` microseconds of the MQL. waits: passes (n); stratum (n) codes from 0; is_in (n): of the leak. An SQL counts within
    `horizon` of the MQL; younger passes are left out."""
    kept = (waits.through - waits.mql >= horizon) & (np.minimum(waits.left, waits.sql) - waits.mql > limit)
    tried = (waits.attempt != NEVER) & (waits.attempt - waits.mql <= limit)
    mine = kept & (tried | is_in)
    return _of(stratum[mine], tried[mine], became_sql(waits, horizon)[mine])


def became_sql(waits: Waits, horizon: int) -> np.ndarray:
    return (waits.sql != NEVER) & (waits.sql - waits.mql <= horizon)


def like_peers(stratum: np.ndarray, is_in: np.ndarray, good: np.ndarray) -> Plugged:
    """The leak's leads, had they gone on like the others of the period. good (n): went on in time."""
    return _of(stratum, ~is_in, good)


def tried_on(tries: Tries, stratum: np.ndarray, is_in: np.ndarray, converted: np.ndarray, most: int) -> Plugged:
    """Tried until contact, SQL, exit or attempt `most`. All arrays (n); converted: became an SQL in time."""
    is_stopped = (tries.stopped_after >= 0) & (tries.stopped_after < most)
    made = np.minimum(np.where(is_stopped, tries.stopped_after, tries.tries), most)  # attempts as far as they count
    is_censored = is_stopped | (tries.is_cut & (made < most))
    untreated = is_in & is_stopped
    tallies = np.zeros((int(stratum.max(initial=-1)) + 1, 2, 2))
    uncovered = []
    for place in np.unique(stratum[untreated]):
        here = stratum == place
        peers = _Peers(made[here], is_censored[here], converted[here], most)
        mine = untreated & here
        alone = mine & (peers.size < AT_LEAST)[np.minimum(made, most - 1)]
        uncovered.append([[int(alone.sum() - converted[alone].sum()), int(converted[alone].sum())], [0, 0]])
        counts = np.bincount(made[mine & ~alone], minlength=most)
        if not counts.sum():
            continue
        k = int(converted[mine & ~alone].sum())
        rate, worth = peers.standardised(counts / counts.sum())
        tallies[place] = [[counts.sum() - k, k], [worth * (1 - rate), worth * rate]]
    found = what_if(np.concatenate([tallies, np.array(uncovered, float).reshape(-1, 2, 2)]))
    treated = ~is_censored & (made > 0)
    return Plugged(found, apart((int(converted[treated].sum()), int(treated.sum())), (int(converted[untreated].sum()), int(untreated.sum()))))


class _Peers:
    """The leads of one stratum that were tried on. made (n): attempts; censored (n): nobody knows how trying on would have ended."""

    def __init__(self, made: np.ndarray, censored: np.ndarray, converted: np.ndarray, most: int) -> None:
        stopped = np.bincount(made[censored], minlength=most + 1)[:most]
        went_on = np.bincount(made, minlength=most + 1)[::-1].cumsum()[::-1][1:]  # from so many attempts to one more
        chance = np.divide(went_on, went_on + stopped, out=np.ones(most), where=went_on > 0)
        self.until = np.cumprod(np.maximum(chance, 1e-12))
        kept = ~censored & (made > 0)
        self.made, self.converted = made[kept], converted[kept].astype(float)
        self.size = np.bincount(self.made, minlength=most + 1)[::-1].cumsum()[::-1][1:]

    def standardised(self, share: np.ndarray) -> tuple[float, float]:
        """(rate, leads it is worth by Kish) of those tried on from j attempts, averaged over `share` (most) of the untreated."""
        weight = np.zeros(len(self.made))
        for j in np.flatnonzero(share):
            own = np.where(self.made > j, self.until[j] / self.until[self.made - 1], 0.0)
            weight += share[j] * own / own.sum()
        return min(1.0, float(weight @ self.converted)), float(1 / (weight**2).sum())


def onward(gained: Estimate, share: Share) -> Estimate:
    """So many more leads, and of these the share that goes on: square-and-add of the two intervals (MOVER, as `differences`)."""
    value = gained.value * share.value
    low, high = gained.value - gained.low, gained.high - gained.value
    down, up = share.value - share.low, share.high - share.value
    if gained.value < 0:
        down, up = up, down
    size = abs(gained.value)
    return Estimate(value, value - np.hypot(low * share.value, size * down), value + np.hypot(high * share.value, size * up))


def _of(stratum: np.ndarray, treated: np.ndarray, converted: np.ndarray) -> Plugged:
    counts = tallied(stratum, treated, converted)
    return Plugged(what_if(counts), apart(*arms(counts)))


def horizon(mql_days: float, sal_days: float) -> int:
    """Microseconds from the MQL within which an SQL counts: the windows of the two steps."""
    return round((mql_days + sal_days) * DAY)
