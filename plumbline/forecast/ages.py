"""Bins of the time since a stage was entered: hours for a week, days until nine weeks, then weeks."""

from __future__ import annotations

import numpy as np
from numba import njit

HOURS, DAYS = 168, 56
HOUR = 3_600_000_000  # microseconds


def ends(count: int) -> np.ndarray:
    """(count) the end of each bin in hours; the first holds only those that stood at one instant."""
    bin_ = np.arange(count, dtype=float)
    days, weeks = bin_ - HOURS, bin_ - HOURS - DAYS
    return np.where(bin_ <= HOURS, bin_, np.where(days <= DAYS, HOURS + 24 * days, HOURS + 24 * DAYS + HOURS * weeks))


def middles(count: int) -> np.ndarray:
    """(count) the middle of each bin in hours."""
    last = ends(count)
    return np.concatenate([last[:1], (last[:-1] + last[1:]) / 2])


@njit(cache=True, nogil=True)
def bin_of(micros: float) -> int:
    """The bin of an age in microseconds; a bin holds its end."""
    hours = micros / HOUR
    if hours <= HOURS:
        return int(np.ceil(max(hours, 0.0)))
    days = (hours - HOURS) / 24
    return HOURS + int(np.ceil(days)) if days <= DAYS else HOURS + DAYS + int(np.ceil((days - DAYS) / 7))
