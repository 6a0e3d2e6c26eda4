"""What the leads of a period would have done by the rates of the quarters before, at today's mix of attributes.

A linear model of main effects on the earlier rows: by its normal equations it gives back the earlier rate of every single segment, so a segment is
held against its own past; and where the mix of the other attributes has moved, the expectation moves with it. A drop that is mix only is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.linalg import cho_factor, cho_solve

from plumbline.leaks.cubes import Layout

_RIDGE = 1.0  # leads: keeps values that always go together (a campaign and its source) from being told apart by nothing
LEAST, MOST = 0.002, 0.998  # no chance is held to be nought or certain


@dataclass(frozen=True)
class Model:
    """`middle`: the earlier rate of all; `effects` (singles): how far each value moves it; `inverse`: of the normal equations, for leverage."""

    middle: float
    effects: np.ndarray
    inverse: np.ndarray

    def of_rows(self, layout: Layout, codes: np.ndarray, episode: np.ndarray) -> np.ndarray:
        """(n) the expected chance of each row."""
        return _predicted(codes, episode, layout.single, self.effects, self.middle, LEAST, MOST)

    def worth(self, layout: Layout, n: np.ndarray, rows: int) -> np.ndarray:
        """(singles + 1) how many earlier leads the expectation of each single segment, and of all (last), rests on. n (places), rows: those of the
        period."""
        together = _gram(layout, n)
        of_single = np.diag(together)
        together = np.concatenate([together, of_single[None, :]])
        mean = together / np.maximum(np.append(of_single, rows), 1)[:, None]
        return 1 / np.maximum((mean @ self.inverse * mean).sum(axis=1), 1e-12)


def fitted(layout: Layout, n: np.ndarray, good: np.ndarray, middle: float) -> Model:
    """n, good (places): earlier rows and how many of them went on, of every segment and pair (cubes.tallied). middle: the share of all that did."""
    if not layout.singles:
        return Model(middle, np.zeros(0), np.zeros((0, 0)))
    gram = _gram(layout, n)
    aim = good[: layout.singles] - middle * n[: layout.singles]
    gram[np.diag_indices_from(gram)] += _RIDGE
    factor = cho_factor(gram, overwrite_a=False)
    inverse = cho_solve(factor, np.eye(layout.singles))
    return Model(middle, inverse @ aim, inverse)


def _gram(layout: Layout, n: np.ndarray) -> np.ndarray:
    """(singles, singles) how many rows have both values."""
    gram = np.zeros((layout.singles, layout.singles))
    for f, size in enumerate(layout.sizes):
        own = slice(layout.single[f], layout.single[f] + size)
        gram[own, own] = np.diag(n[own])
        for g in range(f + 1, len(layout.sizes)):
            other = slice(layout.single[g], layout.single[g] + layout.sizes[g])
            block = n[layout.pair[f, g] : layout.pair[f, g] + size * layout.sizes[g]].reshape(size, layout.sizes[g])
            gram[own, other], gram[other, own] = block, block.T
    return gram


@njit(cache=True, nogil=True)
def _predicted(codes, episode, single, effects, middle, least, most):
    told = np.empty(len(episode))
    for row in range(len(episode)):
        total = middle
        for f in range(codes.shape[1]):
            total += effects[single[f] + codes[episode[row], f]]
        told[row] = min(most, max(least, total))
    return told
