"""Counts of what was watched of the open leads in the days looked back on: by part of that time, group, step and age. Compiled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from plumbline.forecast.ages import bin_of

STEPS = 4
PARTS = 6
ON, LEFT, OPEN = 0, 1, 2


@dataclass(frozen=True)
class Watched:
    """Counts by part of the days looked back on (the earliest first), group, step (0: MQL to SAL, .. 3: opportunity to won) and bin of age.

    `ended` (parts, groups, steps, 3, bins): went on, left, still open when the part ended. `joined` (parts, groups, steps, bins): older than that
    when the part began. `fresh` (parts, groups, steps): entered later. `asked` (groups, steps, bins): open at the end of the data, and asked for.
    """

    ended: np.ndarray
    joined: np.ndarray
    fresh: np.ndarray
    asked: np.ndarray

    @property
    def exposed(self) -> np.ndarray:
        """(parts, groups, steps, bins) leads under watch in each bin, those that joined or were cut off in it for half of it."""
        joined = np.cumsum(self.joined, axis=-1) - self.joined / 2
        ended = self.ended.sum(axis=3)
        gone = np.cumsum(ended, axis=-1) - ended + self.ended[:, :, :, OPEN] / 2
        return np.maximum(self.fresh[..., None] + joined - gone, 0.0)


def watched(
    step: np.ndarray, group: np.ndarray, kind: np.ndarray, entered_ago: np.ndarray, ended_ago: np.ndarray, asked: np.ndarray, groups: int, past: int
) -> Watched:
    """Counts rows of leads at a step (arrays of equal length).

    step, group: from 0 on. kind: ON, LEFT or OPEN. entered_ago, ended_ago: microseconds before the end of the data at which it entered, and at which
    that ended (0: still open). asked: the forecast is of it. past: microseconds looked back on; rows that ended before are not counted.
    """
    oldest = int(entered_ago.max(initial=0)) - int(ended_ago.min(initial=0))
    count = int(bin_of(float(oldest))) + 2
    out = Watched(
        np.zeros((PARTS, groups, STEPS, 3, count), np.int64),
        np.zeros((PARTS, groups, STEPS, count), np.int64),
        np.zeros((PARTS, groups, STEPS), np.int64),
        np.zeros((groups, STEPS, count), np.int64),
    )
    _count(step, group, kind, entered_ago, ended_ago, asked, past / PARTS, out.ended, out.joined, out.fresh, out.asked)
    return out


@njit(cache=True, nogil=True)
def _count(step, group, kind, entered_ago, ended_ago, is_asked, length, ended, joined, fresh, asked):
    parts = len(ended)
    for row in range(len(step)):
        s, g, entered, left = step[row], group[row], float(entered_ago[row]), float(ended_ago[row])
        for part in range(parts):
            begins, ends = length * (parts - part), length * (parts - 1 - part)
            is_last = part == parts - 1
            if left > begins or (entered <= ends and not is_last):
                continue
            if entered > begins:
                joined[part, g, s, bin_of(entered - begins)] += 1
            else:
                fresh[part, g, s] += 1
            if left > ends or is_last:
                ended[part, g, s, kind[row], bin_of(entered - left)] += 1
            else:
                ended[part, g, s, 2, bin_of(entered - ends)] += 1
        if is_asked[row] and kind[row] == 2:
            asked[g, s, bin_of(entered - left)] += 1
