"""Two groups of leads, treated or not, counted by stratum and by whether they converted."""

from __future__ import annotations

import numpy as np

from plumbline.statistics.differences import Estimate, difference, share_of

Arm = tuple[int, int]


def tallied(stratum: np.ndarray, treated: np.ndarray, converted: np.ndarray) -> np.ndarray:
    """(strata, 2, 2) counts by [stratum][treated][converted]. stratum (n): codes from 0; treated, converted (n): booleans."""
    return np.bincount(4 * stratum + 2 * treated + converted, minlength=4 * (int(stratum.max(initial=-1)) + 1)).reshape(-1, 2, 2)


def arms(counts: np.ndarray) -> tuple[Arm, Arm]:
    """((converted, all) of the treated, the same of the others) over all strata."""
    (no, yes), (treated_no, treated_yes) = counts.sum(axis=0).tolist()
    return (treated_yes, treated_no + treated_yes), (yes, no + yes)


def apart(one: Arm, other: Arm) -> Estimate | None:
    """The difference of the two shares; None where a group is empty."""
    share, other_share = share_of(*one), share_of(*other)
    return difference(share, other_share) if share and other_share else None
