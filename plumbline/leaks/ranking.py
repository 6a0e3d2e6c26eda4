"""Which segments lose more leads at a step than was to be expected, each leak once, at the level that explains it.

Looked at: all leads, every value of every attribute, every pair of values of two attributes, at each step (candidates.py). One-sided exact tests that
count how well the expectation is known; Benjamini-Hochberg over everything looked at, single segments and pairs weighing the same together (Genovese,
Roeder and Wasserman 2006, Biometrika 93, 509-524). Leaks are taken one by one, the one that explains most first. After each, what all those taken
lose is told apart anew (leads may be in several of them) and taken off every other segment; one that is no leak any more beside the others is given
back. So a fall of all leads is one leak, and five segments that fall are five, not a fall of all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from plumbline.leaks.candidates import Candidates, StepRows, candidates
from plumbline.leaks.cells import Cells
from plumbline.leaks.cubes import Layout
from plumbline.leaks.expected import LEAST, MOST
from plumbline.statistics import lower_tail

__all__ = ["FALSE_SHARE", "LEAST_LOSS", "Found", "Leak", "StepRows", "find"]

LEAST_LOSS = 5.0
FALSE_SHARE = 0.10  # of the leaks shown, at most so many are chance, on average
MOST_LEAKS = 40
MOST_PERHAPS = 3
_ALONE = 0.01  # looked at alone, chance would bring so much in one of a hundred segments
_CLEARLY = 3.0  # so much more, in log likelihood, must a pair explain than one of its two: twenty times as likely
_HALF = 0.5  # where the other leads of a wider segment fall at least half as far, it is the wider one that leaks
_HARDLY = 0.1  # a wider segment that has hardly any other leads


@dataclass(frozen=True)
class Leak:
    """One leak. `fields`, `codes`: none for all leads, one, or two. `n` mature entries of the period, `k` of them went on; `expected`: the share that
    should have; `shrunk`: the share that did, pulled towards it; `low`, `high`: its 95 % interval; `earlier`: how many leads the expectation
    rests on; `is_own_past`: it is the segment's own; `lost`: leads of the next stage; `q`; `residual`: the part of `lost` that leaks taken before
    it do not have."""

    step: int
    fields: tuple[int, ...]
    codes: tuple[int, ...]
    n: int
    k: int
    expected: float
    shrunk: float
    low: float
    high: float
    earlier: float
    is_own_past: bool
    lost: float
    residual: float
    q: float


@dataclass(frozen=True)
class Found:
    """`leaks` the one that was taken first first; `looked_at`: segments tested; `perhaps`: single segments that lose much beside these, and that are
    not beyond chance among so many, the least likely by chance first."""

    leaks: tuple[Leak, ...]
    looked_at: int
    perhaps: tuple[Leak, ...] = ()


@dataclass
class _Search:
    """One step: its candidates, which are taken, which are not to be taken again, and how many leads each of those taken shares with all."""

    all: Candidates
    weights: tuple[float, float]
    looked_at: int
    taken: list[int] = field(default_factory=list)
    given_back: list[int] = field(default_factory=list)
    shared: dict[int, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.update()

    def take(self, at: int, others: int) -> None:
        """Takes a candidate, and gives back those that are none beside the others. others: leaks taken at other steps."""
        self.taken.append(at)
        self.shared.setdefault(at, self.all.shared_with(at))
        while len(self.taken) > 1:
            judged = [self.beside_others(one) for one in self.taken]
            worst = max(range(len(judged)), key=lambda place: judged[place][0])
            if judged[worst][0] / (len(self.taken) + others) <= FALSE_SHARE and min(left for _, left in judged) >= LEAST_LOSS:
                break
            if judged[worst][0] / (len(self.taken) + others) <= FALSE_SHARE:
                worst = min(range(len(judged)), key=lambda place: judged[place][1])
            self.given_back.append(self.taken.pop(worst))
        self.update()

    def update(self) -> None:
        """p (over all looked at, before it is shared among the leaks found), what is left to lose, and how much each candidate would explain: its
        log likelihood, less what the best of so many explains by chance."""
        of, explained = self.all, self._explained(self.taken)
        expected = np.clip(of.expected - explained, LEAST, MOST)
        self.p = lower_tail(of.k, of.n, expected, of.earlier) * self._price()
        self.left = of.n * (of.expected - explained - of.shrunk)
        self.gap = gap = of.n * expected - of.k
        spread = of.n * expected * (1 - expected) * (1 + of.n / of.earlier)
        many = np.log(np.maximum(1, np.where(of.is_pair, of.is_pair.sum(), (~of.is_pair).sum())))
        self.score = np.where(gap > 0, gap**2 / spread / 2, 0.0) - np.where(of.place < 0, 0.0, many + _CLEARLY * of.is_pair)
        self.score[self.taken + self.given_back] = -np.inf

    def best(self, so_many: int) -> int | None:
        """The candidate that explains most of those that would be a leak as the so many-th."""
        fits = (self.p / so_many <= FALSE_SHARE) & (self.all.lost >= LEAST_LOSS) & (self.left >= LEAST_LOSS) & np.isfinite(self.score)
        for one, off in zip(self.taken, self._off(self.taken), strict=True):  # a part of a leak is another only where it falls half as far again
            fits &= ~self._within(one) | (self.gap >= _HALF * off * self.all.n)
        return self._level(int(np.argmax(np.where(fits, self.score, -np.inf))), fits) if fits.any() else None

    def perhaps(self) -> list[tuple[float, int]]:
        """(p of it alone, candidate) of single segments that are no leak, and that one would take for one who had looked at nothing else."""
        alone = self.p / self._price()
        fits = (alone <= _ALONE) & (self.left >= LEAST_LOSS) & (self.all.lost >= LEAST_LOSS) & ~self.all.is_pair & (self.all.place >= 0)
        fits[self.taken] = False
        return [(float(alone[at]), int(at)) for at in np.flatnonzero(fits)]

    def _level(self, at: int, fits: np.ndarray) -> int:
        """The candidate, or the wider one around it (one of its two values alone, all leads) whose other leads fall at least half as far."""
        of = self.all
        while True:
            fields, codes = of.segment(at)
            places = [of.layout.single[f] + c for f, c in zip(fields, codes, strict=True)] if len(fields) == 2 else [-1] * len(fields)
            wider = np.flatnonzero(np.isin(of.place, places) & fits) if places else np.zeros(0, np.int64)
            rest = of.n[wider] - of.n[at]
            falls = (self.gap[wider] - self.gap[at]) / np.maximum(rest, 1) >= _HALF * self.gap[at] / of.n[at]
            wider = wider[falls | (rest < _HARDLY * of.n[wider])]
            if not len(wider):
                return at
            at = int(wider[np.argmax(self.gap[wider])])

    def beside_others(self, at: int) -> tuple[float, float]:
        """(p over all looked at, loss) of one that is taken, without what the others explain."""
        of = self.all
        explained = self._explained([one for one in self.taken if one != at])[at]
        p = lower_tail(of.k[at], of.n[at], np.clip(of.expected[at] - explained, LEAST, MOST), of.earlier[at])
        return float(p * self._price()[at]), float(of.n[at] * (of.expected[at] - explained - of.shrunk[at]))

    def leak(self, at: int, so_many: int) -> Leak:
        of = self.all
        p, left = self.beside_others(at)
        numbers = float(of.expected[at]), float(of.shrunk[at]), *of.interval(at), float(of.earlier[at])
        counts = int(of.n[at]), int(of.k[at])
        return Leak(of.rows.step, *of.segment(at), *counts, *numbers, bool(of.is_own[at]), float(of.lost[at]), left, min(1.0, p / so_many))

    def _price(self) -> np.ndarray:
        return self.looked_at / np.where(self.all.is_pair, self.weights[1], self.weights[0])

    def _within(self, at: int) -> np.ndarray:
        """Which candidates are pairs with the single segment `at`; none where that is a pair, or all leads."""
        of = self.all
        fields, codes = of.segment(at)
        if len(fields) != 1:
            return np.zeros(len(of.n), bool)
        f, c, g, d = (side[of.place] for side in of.layout.sides)
        return of.is_pair & (((f == fields[0]) & (c == codes[0])) | ((g == fields[0]) & (d == codes[0])))

    def _off(self, leaks: list[int]) -> np.ndarray:
        """By how much each of these leaks lowers the share of its leads, told apart by least squares where leads are in several."""
        of = self.all
        if not leaks:
            return np.zeros(0)
        shared = np.stack([self.shared[one] for one in leaks])
        return np.linalg.solve(shared[:, leaks] + np.eye(len(leaks)), of.n[leaks] * of.expected[leaks] - of.k[leaks])

    def _explained(self, leaks: list[int]) -> np.ndarray:
        """The share of each candidate's leads that these leaks lose."""
        of = self.all
        return self._off(leaks) @ np.stack([self.shared[one] for one in leaks]) / of.n if leaks else np.zeros(len(of.n))


def find(cells: Cells, steps: list[StepRows]) -> Found:
    """The leaks of the period."""
    layout = Layout.of(cells)
    all_ = [one for rows in steps if len((one := candidates(layout, cells, rows)).place)]
    looked_at = sum(len(one.place) for one in all_)
    pairs = sum(int(one.is_pair.sum()) for one in all_)
    weights = (looked_at / 2 / (looked_at - pairs), looked_at / 2 / pairs) if 0 < pairs < looked_at else (1.0, 1.0)
    searches = [_Search(one, weights, looked_at) for one in all_]
    order: list[tuple[_Search, int]] = []
    while len(order) < MOST_LEAKS:
        found = [(one.score[at], place, at) for place, one in enumerate(searches) if (at := one.best(len(order) + 1)) is not None]
        if not found:
            break
        _, place, at = max(found)
        searches[place].take(at, len(order) - len(searches[place].taken))
        order = [(one, at) for one, at in [*order, (searches[place], at)] if at in one.taken]
    near = sorted((p, place, at) for place, one in enumerate(searches) for p, at in one.perhaps())[:MOST_PERHAPS]
    perhaps = tuple(searches[place].leak(at, len(order) + 1) for _, place, at in near)
    return Found(tuple(one.leak(at, len(order)) for one, at in order), looked_at, perhaps)
