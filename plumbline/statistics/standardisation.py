"""What if the leads that were not treated (called in time, say) had been treated like their peers: direct standardisation within strata."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from plumbline.statistics.differences import Estimate, Share, difference, weighted_share
from plumbline.statistics.shares import MINIMUM_N

AT_LEAST = 10
"""Leads that each arm must have in a stratum for the stratum to say anything."""

Refusal = Literal["nobody_untreated", "no_overlap"]


@dataclass(frozen=True)
class WhatIf:
    """n: untreated leads; covered: those in strata where both arms have enough, n_treated: their treated peers there; strata: how many such strata
    of strata_seen (those with an untreated lead). actual: what the covered ones converted; expected: what they would have, had they converted
    like their treated peers. difference: expected - actual, gained: that in leads, of the covered ones only. refusal: nobody_untreated or
    no_overlap (no stratum has enough of both): nothing can be learnt, gained is 0 and the rest None. An association, as all such figures:
    whatever drives both the treatment and the outcome within a stratum is in it."""

    n: int
    covered: int
    n_treated: int
    strata: int
    strata_seen: int
    refusal: Refusal | None = None
    actual: Share | None = None
    expected: Share | None = None
    difference: Estimate | None = None
    gained: Estimate = field(default_factory=lambda: Estimate(0.0, 0.0, 0.0))
    is_association: bool = field(default=True, init=False)

    @property
    def coverage(self) -> float:
        """Share of the untreated leads that the figure speaks of."""
        return self.covered / self.n if self.n else 0.0

    @property
    def is_too_few(self) -> bool:
        """Under 30 leads in an arm, or treated ones so unevenly spread over the strata that they are worth under 30."""
        return self.expected is None or round(min(self.covered, self.n_treated, self.expected.n), 6) < MINIMUM_N

    @property
    def excludes_zero(self) -> bool:
        return self.difference is not None and self.difference.excludes(0)


def what_if(tallies: ArrayLike, *, at_least: int = AT_LEAST, level: float = 0.95) -> WhatIf:
    """The untreated leads, each converting like the treated ones of its own stratum (direct standardisation to the untreated).

    tallies (strata, 2, 2): counts by [treated][converted]; a stratum is source x fit band, say. Who the untreated and who their peers are is the
    caller's: the peers may come from outside the set that is looked at. at_least: leads each arm must have in a stratum, 1 or more.
    Each share as in `standardised_share`, the difference by Newcombe's square-and-add (1998, Statistics in Medicine 17, 873-890, method 10).
    Raises ValueError for counts that are negative or of another shape, or at_least under 1.
    """
    tallies = np.asarray(tallies, dtype=float)
    if tallies.ndim != 3 or tallies.shape[1:] != (2, 2) or not (tallies >= 0).all():
        raise ValueError("what_if wants counts (strata, 2, 2) by [treated][converted]")
    if at_least < 1:
        raise ValueError("at_least must be 1 or more")
    size = tallies.sum(axis=2)
    both = (size >= at_least).all(axis=1)
    covered, n_treated = (int(one) for one in size[both].sum(axis=0))
    n = int(size[:, 0].sum())
    place = (n, covered, n_treated, int(both.sum()), int((size[:, 0] > 0).sum()))
    if not covered:
        return WhatIf(*place, "no_overlap" if n else "nobody_untreated")
    weight = size[both, 0] / covered
    actual, expected = (standardised_share(weight, tallies[both, arm, 1], size[both, arm], level) for arm in (0, 1))
    apart = difference(expected, actual)
    return WhatIf(*place, None, actual, expected, apart, Estimate(apart.value * covered, apart.low * covered, apart.high * covered))


def standardised_share(weight: np.ndarray, k: np.ndarray, n: np.ndarray, level: float = 0.95) -> Share:
    """Sum of weight x k / n over strata (weights sum to 1, n > 0), with Wilson's interval at its effective n.

    The variance of a stratum's share is its own, with that of the whole standardised share as one further observation, so that a stratum with a
    single lead does not pass for certain; in all it is never under what the weights alone cost (Kish). With one stratum it is k of n.
    """
    value = float((weight * k / n).sum())
    inside = k * (n - k) / n  # (n - 1) times the unbiased variance inside the stratum
    total = float(n.sum())
    middle = value * (1 - value) * total / max(total - 1, 1.0)
    variance = float((weight**2 * (inside + middle) / n / n).sum())
    kish = 1 / float((weight**2 / n).sum())
    # against a simple sample of the same n, whose unbiased variance is value (1 - value) / (n - 1)
    return weighted_share(value, max(variance * (total - 1) / total, value * (1 - value) / kish), kish, level)
