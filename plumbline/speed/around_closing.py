"""Leads that came just before their team went home, and just after: alike but for the night that lies between them and an answer."""

from __future__ import annotations

import numpy as np

NEITHER, BEFORE, AFTER = 0, 1, 2


def side_of_closing(at: np.ndarray, closings: np.ndarray, within: int) -> np.ndarray:
    """(n) BEFORE or AFTER for instants at most `within` before or after one of the closings (ascending, all in one unit); else NEITHER.

    An instant at a closing is after it. Where two closings are near, the nearer one counts.
    """
    if not len(closings):
        return np.zeros(len(at), np.int8)
    following = np.searchsorted(closings, at, "right")
    there = following < len(closings)
    until = np.where(there, closings[np.minimum(following, len(closings) - 1)] - at, within + 1)
    since = np.where(following > 0, at - closings[np.maximum(following - 1, 0)], within + 1)
    told = np.where((until <= within) & (until < since), BEFORE, np.where(since <= within, AFTER, NEITHER))
    return told.astype(np.int8)
