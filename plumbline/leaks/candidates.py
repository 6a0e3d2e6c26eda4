"""The segments that have enough leads to be looked at, with what was to be expected of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from plumbline.leaks.cells import OTHERS, Cells
from plumbline.leaks.cubes import Layout, summed, tallied
from plumbline.leaks.expected import LEAST, MOST, fitted
from plumbline.statistics import MINIMUM_N, shrunk_to


@dataclass(frozen=True)
class StepRows:
    """The mature entries of one step: `episode` (n) rows of Cells.codes, `good` (n): the next stage was reached in time, `is_now` (n): of the period,
    else of the quarters before it."""

    step: int
    episode: np.ndarray
    good: np.ndarray
    is_now: np.ndarray


@dataclass(frozen=True)
class Candidates:
    """The segments of one step with 30 leads and more, as arrays of equal length: `place` in the layout (-1: all leads), `n` mature entries of the
    period, `k` of them went on, `expected` share, `earlier` leads that it rests on, `is_own`: they are the segment's own; `shrunk`: the
    share that went on, pulled towards the expected one, which is worth `pull` leads."""

    rows: StepRows
    layout: Layout
    cells: Cells
    place: np.ndarray
    n: np.ndarray
    k: np.ndarray
    expected: np.ndarray
    earlier: np.ndarray
    is_own: np.ndarray
    shrunk: np.ndarray
    pull: float

    @property
    def is_pair(self) -> np.ndarray:
        return self.place >= self.layout.singles

    @property
    def lost(self) -> np.ndarray:
        """Leads of the next stage that each should have brought and did not."""
        return self.n * (self.expected - self.shrunk)

    def segment(self, at: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """(fields, codes) of a candidate; two empty ones for all leads."""
        if self.place[at] < 0:
            return (), ()
        f, c, g, d = (int(side[self.place[at]]) for side in self.layout.sides)
        return ((f,), (c,)) if g < 0 else ((f, g), (c, d))

    def interval(self, at: int) -> tuple[float, float]:
        """95 % interval of the shrunk share."""
        hits = self.k[at] + self.pull * self.expected[at]
        low, high = beta.ppf((0.025, 0.975), hits, self.n[at] + self.pull - hits)
        return float(low), float(high)

    def shared_with(self, at: int) -> np.ndarray:
        """How many of the period's leads each candidate has in common with that one."""
        inside = self.rows.episode[self.rows.is_now]
        inside = inside[self.cells.are_in(inside, *self.segment(at))]
        shared = summed(self.layout, self.cells.codes, inside, np.ones(len(inside), np.int64))
        return np.append(shared, len(inside)).astype(np.float64)[self.place]


def candidates(layout: Layout, cells: Cells, rows: StepRows) -> Candidates:
    """Shares are pulled towards the expected ones as far as single segments tell: thousands of pairs that are nothing but chance would pull the one
    that is not to nothing. Expected of a segment is what the model of the quarters before says of its leads, moved by how far the segment was off the
    model then; where it had fewer than 30 leads then, the rate of all other leads of the period.
    """
    now, before = rows.is_now, ~rows.is_now
    good = rows.good.astype(np.float64)
    n0, k0 = tallied(layout, cells.codes, rows.episode[before], rows.good[before])
    has_past = before.sum() >= MINIMUM_N
    model = fitted(layout, n0, k0, float(good[before].mean())) if has_past else None
    chance = model.of_rows(layout, cells.codes, rows.episode) if model else np.zeros(len(good))
    n, k = tallied(layout, cells.codes, rows.episode[now], rows.good[now])
    of_model, of_model_before = (summed(layout, cells.codes, rows.episode[mine], chance[mine]) for mine in (now, before))
    places = np.flatnonzero((n >= MINIMUM_N) & ~_is_unnamed(layout))
    places = places[~_is_repeated(places, n, layout)]
    all_n, all_k = int(now.sum()), float(good[now].sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        own = of_model / n + (k0 - of_model_before) / n0  # the mean of the model, moved by how far the segment itself was off it before
        rest = (all_k - k) / (all_n - n)
    is_own = (n0 >= MINIMUM_N) & (model is not None)
    expected = np.where(is_own, own, rest)
    earlier = np.where(is_own, n0, all_n - n)
    worth = model.worth(layout, n, all_n) if model else np.zeros(0)
    if model:
        single = slice(0, layout.singles)
        earlier[single] = np.where(is_own[single], np.minimum(n0[single], worth[:-1]), earlier[single])
    keep = places[np.isfinite(expected[places]) & (earlier[places] >= MINIMUM_N)]
    columns = [array[keep].astype(np.float64) for array in (n, k, np.clip(expected, LEAST, MOST), earlier)] + [is_own[keep]]
    place = keep
    if model and all_n >= MINIMUM_N:  # all leads together
        whole = (all_n, all_k, float(np.clip(chance[now].mean(), LEAST, MOST)), min(float(before.sum()), float(worth[-1])), True)
        place = np.append(place, -1)
        columns = [np.append(array, value) for array, value in zip(columns, whole, strict=True)]
    n, k, expected, earlier, is_own = columns
    is_single = place < layout.singles
    pull = (shrunk_to(k[is_single], n[is_single], expected[is_single]).worth if is_single.any() else None) or 0.0
    shrunk = (k + pull * expected) / (n + pull)
    return Candidates(rows, layout, cells, place, n, k, expected, earlier, is_own.astype(bool), shrunk, pull)


def _is_unnamed(layout: Layout) -> np.ndarray:
    return (layout.sides[1] == OTHERS) | (layout.sides[3] == OTHERS)


def _is_repeated(places: np.ndarray, n: np.ndarray, layout: Layout) -> np.ndarray:
    """Pairs that are nothing but one of their two: a campaign and its source."""
    f, c, g, d = (side[places] for side in layout.sides)
    pair = g >= 0
    alone = np.where(pair, np.minimum(n[layout.single[f] + c], n[layout.single[g] + d]), np.inf)
    return pair & (n[places] >= 0.95 * alone)
