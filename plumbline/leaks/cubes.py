"""Counts of all segments and all pairs of segments in one pass over the rows. Compiled: a million rows by twelve fields take some 0.1 s."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numba import njit

from plumbline.leaks.cells import Cells

_FEW = 20_000  # rows that one thread counts as fast as two
_HALF = 32  # bits of a count


@dataclass(frozen=True)
class Layout:
    """Where each segment and pair of segments has its place in an array of counts.

    `single[f] + code`: a segment of field f, `pair[f, g] + code of f * sizes[g] + code of g` for f < g: a pair. `singles`, `places`: how many of
    the first kind, and of both.
    """

    sizes: np.ndarray
    single: np.ndarray
    pair: np.ndarray
    singles: int
    places: int

    @classmethod
    def of(cls, cells: Cells) -> Layout:
        sizes = cells.sizes
        fields = len(sizes)
        single = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if fields else np.zeros(0, np.int64)
        at = singles = int(sizes.sum())
        pair = np.full((fields, fields), -1, np.int64)
        for f in range(fields):
            for g in range(f + 1, fields):
                pair[f, g] = at
                at += int(sizes[f] * sizes[g])
        return cls(sizes, single, pair, singles, at)

    @cached_property
    def sides(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """(first field, its code, second field, its code) of every place; the second is -1 for a single one."""
        told = np.full((4, self.places), -1, np.int64)
        for f, size in enumerate(self.sizes):
            there = slice(self.single[f], self.single[f] + size)
            told[0, there], told[1, there] = f, np.arange(size)
            for g in range(f + 1, len(self.sizes)):
                area = size * self.sizes[g]
                there = slice(self.pair[f, g], self.pair[f, g] + area)
                told[0, there], told[2, there] = f, g
                told[1, there], told[3, there] = np.divmod(np.arange(area), self.sizes[g])
        return tuple(told)


def tallied(layout: Layout, codes: np.ndarray, episode: np.ndarray, good: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rows, rows that are good) of every place, float64 (places). `episode` (n): the rows of `codes` that are meant; good (n): booleans."""
    both = summed(layout, codes, episode, (1 << _HALF) + good.astype(np.int64))  # two counts in one number: half the memory to walk
    return (both >> _HALF).astype(np.float64), (both & ((1 << _HALF) - 1)).astype(np.float64)


def summed(layout: Layout, codes: np.ndarray, episode: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The sum of `value` (n), int64 or float64, over the rows of every place (places)."""
    out = np.zeros(layout.places, value.dtype)
    fields = np.arange(len(layout.sizes))
    shares = [fields[(fields % 4 == 0) | (fields % 4 == 3)], fields[(fields % 4 == 1) | (fields % 4 == 2)]]  # about as many pairs in each

    def add(own: np.ndarray) -> None:
        _add(codes, episode, value, layout.single, layout.pair, layout.sizes, own, out)

    if len(episode) < _FEW:
        add(fields)
    else:
        list(_threads().map(add, shares))
    return out


@cache
def _threads() -> ThreadPoolExecutor:
    """Two threads; each counts fields of its own, so no two write to one place."""
    return ThreadPoolExecutor(2, "leaks")


@njit(cache=True, nogil=True)
def _add(codes, episode, value, single, pair, sizes, own, out):
    fields = codes.shape[1]
    code = np.empty(fields, np.int64)
    for row in range(len(episode)):
        e = episode[row]
        v = value[row]
        for f in range(fields):
            code[f] = codes[e, f]
        for f in own:
            c = code[f]
            out[single[f] + c] += v
            for g in range(f + 1, fields):
                out[pair[f, g] + c * sizes[g] + code[g]] += v
