"""How many open leads a rep has: now, and at the moment at which another was handed over. Whether load goes with slowness."""

from __future__ import annotations

import numpy as np

from plumbline.speed.waits import NEVER, NOBODY


def open_at_hand_over(rep: np.ndarray, handed: np.ndarray, closed: np.ndarray) -> np.ndarray:
    """(n) open leads that the rep of each pass had just before it was handed over: handed over earlier and not closed by then.

    rep: number or NOBODY; handed, closed: microseconds, NEVER. -1 where it was never handed over to a rep. Of ALL passes of the history: what
    the filters leave out still lay on the desk.
    """
    told = np.full(len(rep), -1, np.int64)
    there = np.flatnonzero((rep != NOBODY) & (handed != NEVER))
    if not len(there):
        return told
    _, place = np.unique(rep[there], return_inverse=True)
    closed = np.maximum(closed, np.minimum(handed, NEVER - 1) + 1)  # one that had left before its hand-over never lay on the desk
    moments = np.unique(np.r_[handed[there], closed[there]])  # as ranks, so that rep and moment fit into one number
    width = len(moments) + 1
    start = place * width + np.searchsorted(moments, handed[there])
    end = place * width + np.searchsorted(moments, closed[there])
    base = place * width
    began = np.searchsorted(np.sort(start), start, "left") - np.searchsorted(np.sort(start), base, "left")
    ended = np.searchsorted(np.sort(end), start, "right") - np.searchsorted(np.sort(end), base, "left")
    told[there] = began - ended
    return told


def open_now(rep: np.ndarray, handed: np.ndarray, closed: np.ndarray, through: int) -> dict[int, int]:
    """rep number -> leads handed over to it that are open at the end of the data."""
    open_ = (rep != NOBODY) & (handed <= through) & (closed > through)
    reps, counts = np.unique(rep[open_], return_counts=True)
    return dict(zip(reps.tolist(), counts.tolist(), strict=True))
