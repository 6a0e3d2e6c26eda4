"""Which segments lose more leads at a step than was to be expected, each leak once, at the level that explains it.

Looked at: all leads, every value of every attribute, every pair of values of two attributes, at each step (candidates.py). One-sided exact tests that
count how well the expectation is known, of the whole period and of its later parts (spans.py); Benjamini-Hochberg over everything looked at, the
kinds of tests weighed by SHARES (Genovese, Roeder and Wasserman 2006, Biometrika 93, 509-524). Leaks are taken one by one, the one that explains
most first. After each, what all those taken lose is told apart anew (leads may be in several of them) and taken off every other segment, which is
judged by what its leads tell of it alone; one that is no leak any more beside the others is given back. So a fall of all leads is one leak, and five
segments that fall are five, not a fall of all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from scipy.stats import beta

from plumbline.leaks.beginnings import Beginning, first_day
from plumbline.leaks.candidates import Candidates, StepRows, candidates
from plumbline.leaks.cells import Cells
from plumbline.leaks.cubes import Layout
from plumbline.leaks.expected import LEAST, MOST
from plumbline.leaks.extent import Extent, extent
from plumbline.statistics import lower_tail

__all__ = ["FALSE_SHARE", "LEAST_LOSS", "Found", "Leak", "StepRows", "find"]

LEAST_LOSS = 5.0
FALSE_SHARE = 0.10  # of the leaks shown, at most so many are chance, on average
MOST_LEAKS = 40
MOST_PERHAPS = 3
_TINY = 1e-200  # a p under it is told by its normal approximation
_ALONE = 0.01  # looked at alone, chance would bring so much in one of a hundred segments
_CLEARLY = 3.0  # so much more, in log likelihood, must a pair explain than one of its two: twenty times as likely
_LATER = 0.5  # and so much more one that began within the period than one of all of it
SHARES = {(False, True): 0.5, (True, True): 0.22, (False, False): 0.2, (True, False): 0.08}  # (pair, is_chief): of all false alarms
_HALF = 0.5  # where the other leads of a wider segment fall at least half as far, it is the wider one that leaks
_HARDLY = 0.1  # a wider segment that has hardly any other leads


@dataclass(frozen=True)
class Leak:
    """One leak. `fields`, `codes`: none for all leads, one, or two. `n` mature entries of the period, `k` of them went on; `expected`: the share that
    should have; `shrunk`: the share that did, pulled towards it; `low`, `high`: its 95 % interval; `earlier`: how many leads the expectation
    rests on; `is_own_past`: it is the segment's own; `lost`: leads of the next stage; `q`; `residual`: the part of `lost` that the other leaks do not
    have. `start`: number of the week from which on its leads are meant, None: the whole period; `began`: since when fewer go on, where that
    stands out."""

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
    start: int | None = None
    began: Beginning | None = None

    @property
    def first_day(self) -> date | None:
        """From which on its leads are meant; None: the whole period."""
        return None if self.start is None else first_day(self.start)


@dataclass(frozen=True)
class Found:
    """`leaks` the one that was taken first first; `looked_at`: segments tested; `perhaps`: single segments that lose much beside these, and that are
    not beyond chance among so many, the least likely by chance first."""

    leaks: tuple[Leak, ...]
    looked_at: int
    perhaps: tuple[Leak, ...] = ()


@dataclass
class _Search:
    """One step: its candidates, by how much a p of each is multiplied, which are taken, which are not to be taken again, and how many leads each of
    those taken shares with all (`extents`: of which week on)."""

    all: Candidates
    price: np.ndarray
    taken: list[int] = field(default_factory=list)
    given_back: list[int] = field(default_factory=list)
    extents: dict[int, Extent] = field(default_factory=dict)
    shared: dict[int, np.ndarray] = field(default_factory=dict)
    overlaps: dict[tuple[int, int], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.update()

    def take(self, at: int, others: int) -> None:
        """Takes a candidate, and gives back those that are none beside the others. others: leaks taken at other steps."""
        self.taken.append(at)
        if at not in self.extents:
            self.extents[at] = extent(self.all, at)
            self.shared[at] = self.all.shared_with(self.extents[at].mine)
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
        """p (over all looked at, before it is shared among the leaks found), what is left to lose, and how much each candidate would explain: minus
        the logarithm of its p, less what the best of so many explains by chance."""
        of, explained = self.all, self._explained(self.taken)
        own = self._own_share(self.taken)
        expected = np.clip(of.expected - explained, LEAST, MOST)
        p = _tail_of_own(of.n, of.k, expected, of.earlier, own)
        self.p = p * self.price
        self.left = of.n * (of.expected - explained - of.shrunk)
        self.gap = gap = of.n * expected - of.k
        spread = of.n * own * expected * (1 - expected) * (1 + of.n / of.earlier)
        likely = np.where(p > _TINY, -np.log(np.maximum(p, _TINY)), np.maximum(0.0, gap) ** 2 / spread / 2)
        self.score = likely - self._chance
        self.score[np.isin(of.place, of.place[self.taken])] = -np.inf  # a segment leaks once, in whatever part of the period
        self.score[self.given_back] = -np.inf

    @cached_property
    def _chance(self) -> np.ndarray:
        """What the best of so many explains by chance."""
        of = self.all
        told = np.where(of.place < 0, 0.0, _CLEARLY * of.is_pair)
        for pair in (False, True):
            mine = of.is_pair == pair
            if not mine.any():
                continue
            many = max(1, int((mine & (of.span == 0)).sum()))
            told += np.where(mine, np.log(self.price / self.price[mine].min()) + (of.place >= 0) * np.log(many), 0.0)
        return told + _LATER * (of.has_past & (of.span > 0))

    def best(self, so_many: int) -> int | None:
        """The candidate that explains most of those that would be a leak as the so many-th."""
        fits = (self.p / so_many <= FALSE_SHARE) & (self.all.lost >= LEAST_LOSS) & (self.left >= LEAST_LOSS) & np.isfinite(self.score)
        for one, off in zip(self.taken, self._off(self.taken), strict=True):  # a part of a leak is another only where it falls half as far again
            fits &= ~self._within(one) | (self.gap >= _HALF * off * self.all.n)
        return self._level(int(np.argmax(np.where(fits, self.score, -np.inf))), fits) if fits.any() else None

    def perhaps(self) -> list[tuple[float, int]]:
        """(p of it alone, candidate) of single segments that are no leak, and that one would take for one who had looked at nothing else."""
        of = self.all
        alone = self.p / self.price
        fits = (alone <= _ALONE) & (self.left >= LEAST_LOSS) & (of.lost >= LEAST_LOSS) & ~of.is_pair & (of.place >= 0) & (of.span == 0)
        fits[np.isin(of.place, of.place[self.taken])] = False
        return [(float(alone[at]), int(at)) for at in np.flatnonzero(fits)]

    def _level(self, at: int, fits: np.ndarray) -> int:
        """The candidate, or the wider one around it (one of its two values alone, all leads) whose other leads fall at least half as far."""
        of = self.all
        while True:
            fields, codes = of.segment(at)
            places = [of.layout.single[f] + c for f, c in zip(fields, codes, strict=True)] if len(fields) == 2 else [-1] * len(fields)
            wider = np.flatnonzero(np.isin(of.place, places) & (of.span == of.span[at]) & fits) if places else np.zeros(0, np.int64)
            rest = of.n[wider] - of.n[at]
            falls = (self.gap[wider] - self.gap[at]) / np.maximum(rest, 1) >= _HALF * self.gap[at] / of.n[at]
            wider = wider[falls | (rest < _HARDLY * of.n[wider])]
            if not len(wider):
                return at
            at = int(wider[np.argmax(self.gap[wider])])

    def beside_others(self, at: int) -> tuple[float, float]:
        """(p over all looked at, loss) of one that is taken, without what the others explain."""
        of = self.all
        others = [one for one in self.taken if one != at]
        explained, own = self._explained(others)[at], self._own_share(others)[at]
        p = _tail_of_own(of.n[at], of.k[at], np.clip(of.expected[at] - explained, LEAST, MOST), of.earlier[at], own)
        return float(p * self.price[at]), float(of.n[at] * (of.expected[at] - explained - of.shrunk[at]))

    def leak(self, at: int, so_many: int) -> Leak:
        of = self.all
        p, left = self.beside_others(at)
        there = self.extents.get(at) or extent(of, at)
        pull = float(of.pull[at])
        hits, all_ = there.k + pull * there.expected, there.n + pull
        low, high = (float(one) for one in beta.ppf((0.025, 0.975), hits, all_ - hits))
        lost = there.n * (there.expected - hits / all_)
        numbers = there.n, there.k, there.expected, hits / all_, low, high, float(of.earlier[at]), bool(of.is_own[at])
        return Leak(of.rows.step, *of.segment(at), *numbers, lost, min(left, lost), min(1.0, p / so_many), there.start, there.began)

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
        if not leaks:
            return np.zeros(0)
        return np.linalg.solve(self._together(leaks), np.array([self.extents[one].gap for one in leaks]))

    def _together(self, leaks: list[int]) -> np.ndarray:
        """How many leads each two of these leaks share, and one more of its own for each: they may be the same."""
        told = np.eye(len(leaks))
        for i, one in enumerate(leaks):
            for j, other in enumerate(leaks[: i + 1]):
                if (one, other) not in self.overlaps:
                    self.overlaps[one, other] = self.overlaps[other, one] = float((self.extents[one].mine & self.extents[other].mine).sum())
                told[i, j] += self.overlaps[one, other]
                told[j, i] = told[i, j]
        return told

    def _own_share(self, leaks: list[int]) -> np.ndarray:
        """The share of each candidate's leads that tells of it alone, beside these leaks: the information on its own drop by least squares. A fall of
        all leads takes nothing: what is left of a segment beside it is known no better than the segment."""
        of = self.all
        leaks = [one for one in leaks if of.place[one] >= 0]
        if not leaks:
            return np.ones(len(of.n))
        shared = np.stack([self.shared[one] for one in leaks])
        told = (shared * np.linalg.solve(self._together(leaks), shared)).sum(axis=0)
        return np.clip(1 - told / of.n, 1e-6, 1.0)

    def _explained(self, leaks: list[int]) -> np.ndarray:
        """The share of each candidate's leads that these leaks lose."""
        of = self.all
        return self._off(leaks) @ np.stack([self.shared[one] for one in leaks]) / of.n if leaks else np.zeros(len(of.n))


def _prices(all_: list[Candidates]) -> list[np.ndarray]:
    """By how much a p of each candidate is multiplied: as many as there are of its kind, and the more, the smaller the share of the kind. Chief
    are the tests against a segment's own past: of the whole period where there is a past, else of its later parts."""
    chief = [(one.span == 0) == one.has_past for one in all_]
    both = list(zip(all_, chief, strict=True))
    kinds = [(pair, is_chief) for pair, is_chief in SHARES if any(((one.is_pair == pair) & (mine == is_chief)).any() for one, mine in both)]
    whole = sum(SHARES[kind] for kind in kinds)
    prices = [np.ones(len(one.place)) for one in all_]
    for pair, is_chief in kinds:
        theirs = [(one.is_pair == pair) & (mine == is_chief) for one, mine in both]
        for price, mine in zip(prices, theirs, strict=True):
            price[mine] = sum(int(one.sum()) for one in theirs) * whole / SHARES[pair, is_chief]
    return prices


def _tail_of_own(n: np.ndarray, k: np.ndarray, expected: np.ndarray, earlier: np.ndarray, own: np.ndarray) -> np.ndarray:
    """p of each candidate beside the leaks that take a part of its leads: all of the gap, in the share `own` of its leads that tells of it alone."""
    own_n = np.maximum(1.0, np.rint(n * own))
    own_k = np.clip(np.rint(own_n * expected - (n * expected - k)), 0, own_n)
    alone = own >= 1
    k, n, earlier = np.where(alone, k, own_k), np.where(alone, n, own_n), np.where(alone, earlier, earlier * own)
    p = np.ones(np.shape(k))
    near = n * expected - k >= np.sqrt(n * expected * (1 - expected) * (1 + n / earlier))  # nothing under one standard deviation is a leak
    p[near] = lower_tail(k[near], n[near], np.broadcast_to(expected, p.shape)[near], earlier[near])
    return p


def find(cells: Cells, steps: list[StepRows]) -> Found:
    """The leaks of the period."""
    layout = Layout.of(cells)
    all_ = [one for rows in steps if len((one := candidates(layout, cells, rows)).place)]
    searches = [_Search(one, price) for one, price in zip(all_, _prices(all_), strict=True)]
    looked_at = sum(int((one.span == 0).sum()) for one in all_)
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
