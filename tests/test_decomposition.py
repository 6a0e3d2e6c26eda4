"""Mix and rate, and the parts of a product: against exact fractions, limits taken numerically, and worlds whose truth is known."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import log
from pathlib import Path

import numpy as np
import pytest

from plumbline.statistics import funnel_parts, log_mean_parts, mix_and_rate, simpson
from tests.figures import measured
from tests.in_processes import in_processes

SOME = pytest.mark.parametrize("cases", [1000, pytest.param(5000, marks=pytest.mark.long)])
SHORT, WHOLE = 150, 4000


def _counts(rng: np.random.Generator, groups: int | None = None) -> tuple[np.ndarray, ...]:
    """n0, k0, n1, k1: up to 12 groups, some absent in a period or in both, some without a success."""
    groups = int(rng.integers(1, 13)) if groups is None else groups
    largest = int(rng.choice([3, 40, 2000, 1_000_000]))
    n0, n1 = (rng.integers(0, largest, groups) * (rng.random(groups) < 0.85) for _ in range(2))
    k0, k1 = (rng.binomial(n, rng.choice([0, 0.02, 0.3, 1.0], groups)) for n in (n0, n1))
    return n0, k0, n1, k1


def _slow(n0: list[int], k0: list[int], n1: list[int], k1: list[int]) -> list[tuple[Fraction, Fraction, Fraction]]:
    """(mix, mix centred, rate) of each group, in exact fractions from the definition."""
    told, total0, total1 = [], sum(n0), sum(n1)
    overall = (Fraction(sum(k0), total0) + Fraction(sum(k1), total1)) / 2
    for a, x, b, y in zip(n0, k0, n1, k1, strict=True):
        if not a and not b:
            told.append((Fraction(0),) * 3)
            continue
        before = Fraction(x, a) if a else Fraction(y, b)
        after = Fraction(y, b) if b else Fraction(x, a)
        moved, middle = Fraction(b, total1) - Fraction(a, total0), (before + after) / 2
        told.append((moved * middle, moved * (middle - overall), (after - before) * (Fraction(b, total1) + Fraction(a, total0)) / 2))
    return told


def test_the_parts_are_those_of_exact_fractions() -> None:
    rng = np.random.default_rng(1)
    for _ in range(400):
        counts = _counts(rng)
        if not counts[0].sum() or not counts[2].sum():
            continue
        table = mix_and_rate(*counts).table
        for row, told in zip(table.iter_rows(named=True), _slow(*(one.tolist() for one in counts)), strict=True):
            assert (row["mix"], row["mix_centred"], row["rate"]) == pytest.approx([float(one) for one in told], abs=1e-13)


@SOME
def test_the_parts_sum_to_the_change(cases: int) -> None:
    rng = np.random.default_rng(2)
    worst, absent = 0.0, 0
    for _ in range(cases):
        n0, k0, n1, k1 = _counts(rng)
        if not n0.sum() or not n1.sum():
            assert mix_and_rate(n0, k0, n1, k1).change is None
            continue
        found = mix_and_rate(n0, k0, n1, k1)
        change = float(Fraction(int(k1.sum()), int(n1.sum())) - Fraction(int(k0.sum()), int(n0.sum())))
        table = found.table
        sums = [table[name].sum() + table["rate"].sum() for name in ("mix", "mix_centred")] + [found.mix.value + found.rate.value, found.change.value]
        worst = max(worst, *(abs(one - change) for one in sums))
        absent += bool(((n0 == 0) != (n1 == 0)).any())
        for one in (found.mix, found.rate):
            assert one.low <= one.value <= one.high
    measured(f"mix + rate against the change, {cases} cases, {absent} with a group absent in one period: off by at most {worst:.1e}")
    assert worst <= 1e-12 and absent > cases / 5


def test_a_group_that_came_is_all_mix() -> None:
    """Webinars (50 %) came in beside 100 search leads at 20 %, whose own rate did not change."""
    found = mix_and_rate([100, 0], [20, 0], [100, 100], [20, 50])
    new = found.table.row(1, named=True)
    assert new["rate"] == 0 and new["rate_low"] is None and new["rate_high"] is None and new["rate0"] is None
    assert new["mix"] == pytest.approx(0.25) and new["mix_centred"] == pytest.approx(0.5 * (0.5 - (0.2 + 0.35) / 2))
    assert found.change.value == pytest.approx(0.15) and found.rate.value == 0 and found.mix.value == pytest.approx(0.15)
    gone = mix_and_rate([100, 100], [20, 50], [100, 0], [20, 0])
    assert gone.mix.value == pytest.approx(-0.15) and gone.table["is_too_few"].to_list() == [False, True]


def test_nothing_and_what_cannot_be() -> None:
    empty = mix_and_rate([], [], [], [])
    assert empty.table.is_empty() and empty.change is None and empty.mix is None
    assert mix_and_rate([3], [1], [0], [0]).table["rate"].to_list() == [0.0]
    for wrong in (([1], [2], [1], [1]), ([1], [-1], [1], [1]), ([1, 2], [1], [1], [1])):
        with pytest.raises(ValueError):
            mix_and_rate(*wrong)
        with pytest.raises(ValueError):
            simpson(*wrong)


def test_simpson() -> None:
    """Kidney stones (Charig et al. 1986, as in Julious and Mullee 1994): worse by size of stone, better in all. And three that are none."""
    reversed_ = simpson([87, 263], [81, 192], [270, 80], [234, 55])
    assert reversed_.is_reversed and reversed_.judged == reversed_.groups == 2 and reversed_.covered == 1.0
    planted = simpson([9000, 1000], [1800, 600], [2000, 8000], [300, 4400])
    assert planted.is_reversed and planted.is_beyond_chance
    assert not simpson([100, 100], [20, 30], [100, 100], [25, 35]).is_reversed
    few = simpson([87, 263, 20], [81, 192, 2], [270, 80, 20], [234, 55, 20])
    assert few.is_reversed and few.judged == 2 and few.groups == 3 and few.covered == pytest.approx(700 / 740)
    assert not simpson([87], [81], [270], [234]).is_reversed
    assert not simpson([100, 300], [90, 210], [300, 100], [270, 69]).is_reversed  # one group did not change: 90 % and 90 %


@SOME
def test_simpson_is_what_fractions_say(cases: int) -> None:
    rng = np.random.default_rng(4)
    seen = 0
    for _ in range(cases):
        groups = int(rng.integers(2, 4))
        n0, n1 = rng.integers(20, 200, (2, groups))
        base = np.linspace(0.1, 0.8, groups)
        k0, k1 = rng.binomial(n0, base), rng.binomial(n1, base + 0.03)
        changes = [Fraction(int(y), int(b)) - Fraction(int(x), int(a)) for a, x, b, y in zip(n0, k0, n1, k1, strict=True) if min(a, b) >= 30]
        pooled = Fraction(int(k1.sum()), int(n1.sum())) - Fraction(int(k0.sum()), int(n0.sum()))
        told = len(changes) >= 2 and (all(pooled < 0 < one for one in changes) or all(one < 0 < pooled for one in changes))
        found = simpson(n0, k0, n1, k1)
        assert found.is_reversed == told and found.judged == len(changes)
        assert found.is_reversed or not found.is_beyond_chance
        seen += told
    measured(f"Simpson's reversal in {seen} of {cases} random pairs of periods")
    assert seen > cases / 50


def parts_case(seed: int, _folder: Path) -> tuple[int, int, bool, bool, bool]:
    """(groups with an interval, of which hold the true rate part; the totals of rate, mix and change hold the truth), leads drawn in both periods."""
    rng = np.random.default_rng(seed)
    groups = int(rng.integers(2, 9))
    truth = []
    counts = []
    shares, rates = rng.dirichlet(np.full(groups, 2.0)), rng.beta(2, 4, groups)
    for _ in range(2):
        truth.append((shares, rates))
        n = rng.multinomial(int(rng.choice([80, 300, 1500])), shares)
        counts += [n, rng.binomial(n, rates)]
        shares = rng.dirichlet(1 + 20 * shares)
        rates = np.clip(rates + rng.normal(0, 0.08, groups), 0.01, 0.99)
    (w0, r0), (w1, r1) = truth
    rate, mix = (r1 - r0) * (w1 + w0) / 2, (w1 - w0) * (r1 + r0) / 2
    found = mix_and_rate(*counts)
    low, high = (found.table[name].fill_null(np.nan).to_numpy() for name in ("rate_low", "rate_high"))
    there = ~np.isnan(low)
    held = (low <= rate) & (rate <= high)
    pairs = ((found.rate, rate.sum()), (found.mix, mix.sum()), (found.change, mix.sum() + rate.sum()))
    return int(there.sum()), int(held[there].sum()), *(bool(one.low <= value <= one.high) for one, value in pairs)


def _judge(found: list[tuple[int, int, bool, bool, bool]], slack: float) -> None:
    groups, held, rate, mix, change = np.array(found, float).T
    by_group = held.sum() / groups.sum()
    measured(f"{len(found)} pairs of periods: intervals hold {by_group:.1%} of the groups' rate parts, "
             f"{rate.mean():.1%} of rate totals, {mix.mean():.1%} of mix totals, {change.mean():.1%} of changes")  # fmt: skip
    for one in (by_group, rate.mean(), mix.mean()):
        assert 0.93 - slack <= one <= 0.97 + slack


def test_intervals_of_the_parts_cover() -> None:
    _judge([parts_case(seed, Path()) for seed in range(4 * SHORT)], 0.015)


@pytest.mark.long
def test_intervals_of_the_parts_cover_in_all_worlds() -> None:
    _judge(list(in_processes(parts_case, 0, WHOLE, chunk=100).values()), 0.0)


# log-mean parts


def test_log_mean_parts_as_published() -> None:
    """By hand from L(a, b) = (a - b) / ln(a / b): 100 x 0.5 x 0.2 = 10 became 120 x 0.4 x 0.25 = 12."""
    mean = 2 / log(1.2)
    assert log_mean_parts([100, 0.5, 0.2], [120, 0.4, 0.25]) == pytest.approx([mean * log(1.2), mean * log(0.8), mean * log(1.25)], rel=1e-12)
    assert log_mean_parts([2.0, 3.0], [3.0, 2.0]) == pytest.approx([6 * log(1.5), -6 * log(1.5)])  # L(v, v) = v
    assert log_mean_parts([2.0, 3.0], [2.0, 3.0]).tolist() == [0.0, 0.0]


@SOME
def test_log_mean_parts_sum_to_the_change_and_turn_round(cases: int) -> None:
    rng = np.random.default_rng(5)
    worst = 0.0
    for _ in range(cases):
        factors = int(rng.integers(1, 6))
        before, after = np.exp(rng.normal(0, rng.choice([0.001, 0.3, 4.0]), (2, factors))) * (rng.random((2, factors)) < rng.choice([0.8, 1.0]))
        parts = log_mean_parts(before, after)
        v0, v1 = before.prod(), after.prod()
        worst = max(worst, abs(parts.sum() - (v1 - v0)) / max(v0, v1, 1e-300))
        assert np.allclose(log_mean_parts(after, before), -parts, rtol=1e-12, atol=0)
        order = rng.permutation(factors)
        assert np.allclose(log_mean_parts(before[order], after[order]), parts[order], rtol=1e-9, atol=1e-300)
    measured(f"log-mean parts against the change of the product, {cases} cases: off by at most {worst:.1e} of it")
    assert worst <= 1e-12


def test_zeros_are_the_limit_of_small_numbers() -> None:
    """Every pattern of zeros in three factors, against the formula with 10 ** -(10 ** 4) and so on in place of zero (in logarithms)."""
    rng = np.random.default_rng(6)
    for pattern in range(64):
        zero = np.array([pattern >> bit & 1 for bit in range(6)], bool).reshape(2, 3)
        values = np.exp(rng.normal(0, 1, (2, 3)))
        before, after = np.where(zero, 0.0, values)
        small = np.where(zero, -1e9, np.log(values))  # ln of what stands for zero
        ratio, (v0, v1) = small[1] - small[0], small.sum(axis=1)
        mean = (np.exp(v1) - np.exp(v0)) / (v1 - v0) if v1 != v0 else np.exp(v0)
        assert log_mean_parts(before, after) == pytest.approx(mean * ratio, abs=1e-6)
        assert log_mean_parts(before, after).sum() == pytest.approx(after.prod() - before.prod(), rel=1e-12, abs=0)


def test_a_step_fell_to_nothing() -> None:
    gone = funnel_parts([100, 40, 10], [100, 0, 0])
    assert (gone.change, gone.volume, gone.mix, gone.steps) == (-10, 0, 0, (-10, 0))
    nobody = funnel_parts([0, 0, 0], [50, 20, 5])
    assert (nobody.volume, nobody.mix, nobody.steps) == (5, 0, (0, 0))
    came = funnel_parts([[100, 40, 10], [0, 0, 0]], [[100, 40, 10], [60, 30, 6]])
    assert came.by_group[1, 0] == 0 and came.by_group[1, 1] == 6 and came.by_group[1, 2:].tolist() == [0, 0]
    assert came.volume + came.mix == pytest.approx(6) and came.steps == (0, 0)
    assert funnel_parts([0, 0], [0, 0]).change == 0


@SOME
def test_the_parts_of_a_funnel_sum_to_its_change(cases: int) -> None:
    rng = np.random.default_rng(7)
    worst = 0.0
    for _ in range(cases):
        groups, stages = int(rng.integers(1, 7)), int(rng.integers(2, 5))
        both = []
        for _ in range(2):
            counts = [rng.integers(0, rng.choice([4, 60, 5000]), groups)]
            for _ in range(stages - 1):
                counts.append(rng.binomial(counts[-1], rng.choice([0.05, 0.4, 1.0])))
            both.append(np.stack(counts, axis=1))
        found = funnel_parts(*both)
        v0, v1 = (one[:, -1].sum() for one in both)
        assert found.change == v1 - v0 and np.isfinite(found.by_group).all()
        worst = max(worst, abs(found.volume + found.mix + sum(found.steps) - found.change) / max(v0, v1, 1))
        by_group = found.by_group.sum(axis=1) - (both[1][:, -1] - both[0][:, -1])
        worst = max(worst, np.abs(by_group).max() / max(v0, v1, 1))
    measured(f"volume + mix + steps against the change of a funnel, {cases} cases: off by at most {worst:.1e} of it")
    assert worst <= 1e-12


def test_without_groups_the_mix_is_nothing() -> None:
    one = funnel_parts([1000, 400, 90], [1200, 400, 120])
    assert one.mix == 0 and one.volume == pytest.approx(log_mean_parts([1000, 0.4, 0.225], [1200, 1 / 3, 0.3])[0])
    assert one.volume > 0 > one.steps[0] and one.steps[1] > 0


def test_log_mean_is_near_the_mean_over_all_orders() -> None:
    """A second method that leaves no rest: the mean over all orders in which the factors may change (Shapley). Close for moderate changes."""
    before, after = np.array([1000.0, 0.4, 0.22]), np.array([1300.0, 0.34, 0.25])
    told = np.zeros(3)
    for order in permutations(range(3)):
        now = before.copy()
        for place in order:
            was = now.prod()
            now[place] = after[place]
            told[place] += (now.prod() - was) / 6
    assert log_mean_parts(before, after) == pytest.approx(told, rel=0.02)


def test_a_product_that_cannot_be_is_refused() -> None:
    for wrong in (([1.0], [1.0, 2.0]), ([-1.0], [1.0]), (1.0, 2.0)):
        with pytest.raises(ValueError):
            log_mean_parts(*wrong)
    for wrong in (([1], [1]), ([1, -1], [1, 1]), ([0, 1], [1, 1]), ([[1, 2]], [[1, 2], [3, 4]])):
        with pytest.raises(ValueError):
            funnel_parts(*wrong)
