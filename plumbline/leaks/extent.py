"""From which week on a segment leaks, and the leads that are meant: those of the whole period, or since the week from which fewer go on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.leaks.beginnings import Beginning, beginning
from plumbline.leaks.candidates import Candidates
from plumbline.leaks.expected import LEAST, MOST
from plumbline.statistics import MINIMUM_N


@dataclass(frozen=True)
class Extent:
    """`start`: number of the first week, None: the whole period; `began`: since when fewer go on, where that stands out; `mine` (rows): its leads;
    `n` of them, `k` went on, `expected` share."""

    start: int | None
    began: Beginning | None
    mine: np.ndarray
    n: int
    k: int
    expected: float

    @property
    def gap(self) -> float:
        """Leads of the next stage that it lacks."""
        return self.n * self.expected - self.k


def extent(of: Candidates, at: int) -> Extent:
    """The part of the period that the candidate was tested in is one of a few (spans.py): where a week stands out, it is counted from there."""
    rows, start = of.rows, of.start(at)
    inside = of.cells.are_in(rows.episode, *of.segment(at))
    if start is None:
        began = beginning(rows.week[inside], rows.good[inside]) if rows.week is not None else None
        return Extent(None, began, inside & rows.is_now, int(of.n[at]), int(of.k[at]), float(of.expected[at]))
    base = of.spans.is_base
    near = inside & (rows.is_now | base) & (rows.week >= rows.week[base].min())
    began = beginning(rows.week[near], rows.good[near])
    if began is not None and began.week > rows.week[base].max():
        mine = inside & rows.is_now & (rows.week >= began.week)
        if (n := int(mine.sum())) >= MINIMUM_N:
            expected = float(np.clip(of.chance[mine].mean() + of.own_past[at], LEAST, MOST))
            return Extent(began.week, began, mine, n, int(rows.good[mine].sum()), expected)
    n, k = int(of.n[at]), int(of.k[at])
    began = Beginning(start, False, float(rows.good[inside & base].mean()), k / n)
    return Extent(start, began, inside & rows.is_now & (rows.week >= start), n, k, float(of.expected[at]))
