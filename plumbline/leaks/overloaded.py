"""Whether leads handed over to reps with too many open leads go on less often: crude, and among leads of the same source. An association."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.statistics import MINIMUM_N, Estimate, Standardised
from plumbline.statistics.arms import apart, arms, tallied
from plumbline.statistics.response import standardise


@dataclass(frozen=True)
class Overloaded:
    """`over`, `others`: (how many went on in time, of how many) of leads handed over to reps at or over the cap, and of the others. `crude`: the
    difference of the two shares, `alike`: the same at one mix of sources."""

    over: tuple[int, int]
    others: tuple[int, int]
    crude: Estimate | None
    alike: Standardised

    @property
    def is_too_few(self) -> bool:
        return min(self.over[1], self.others[1]) < MINIMUM_N


def overloaded(before: np.ndarray, stratum: np.ndarray, good: np.ndarray, cap: int) -> Overloaded:
    """before (n): open leads of the rep when each lead was handed over, -1 for those without (left out); stratum (n) codes from 0; good (n): went on
    in time; cap: the most open leads a rep should have, so that one more is too many."""
    handed = before >= 0
    counts = tallied(stratum[handed], before[handed] >= cap, good[handed])
    over, others = arms(counts)
    return Overloaded(over, others, apart(over, others), standardise(counts))
