"""Whether instants have a time of day, or are dates that only look like instants. Minutes are never read out of dates."""

from __future__ import annotations

import numpy as np

from plumbline.clock import DAY

NEARLY_ALL = 0.98
_ENOUGH = 20


def are_dates(local: np.ndarray) -> bool:
    """Whether instants (microseconds of local time) are dates: nearly all at one time of day. Of fewer than 20 only when all are."""
    if not len(local):
        return False
    _, counts = np.unique(local % DAY, return_counts=True)
    return bool(counts.max() >= len(local) * (1.0 if len(local) < _ENOUGH else NEARLY_ALL)) and len(local) > 1


def are_one_instant(at: np.ndarray) -> bool:
    """Whether all instants are the same: the history holds no times at all, only that something happened."""
    return len(at) > 1 and bool(at.min() == at.max())
