"""Shrunk shares and times of reps: against slow integration and lifelines, and in worlds where the true values are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times
from scipy.optimize import minimize_scalar
from scipy.stats import beta as beta_distribution
from scipy.stats import betabinom, chi2_contingency
from statsmodels.stats.meta_analysis import combine_effects

from plumbline.statistics import kaplan_meier, median_interval, quantile, shrunk_medians, shrunk_shares, shrunk_to, wilson
from plumbline.statistics.shrinkage import _normal_normal
from tests.figures import measured
from tests.in_processes import in_processes

SHORT, WHOLE = 24, 200
EIGHT_SCHOOLS = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18])


def _slow_shares(k: list[int], n: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of each true share, over a plain grid of (mean, (a + b) ** -0.5), weighed by scipy's beta-binomial."""
    middle, root = np.meshgrid(np.linspace(0.0025, 0.9975, 200), np.linspace(0.006, 1.4, 234))
    a, b = middle.ravel() / root.ravel() ** 2, (1 - middle.ravel()) / root.ravel() ** 2
    log = sum(betabinom.logpmf(x, m, a, b) for x, m in zip(k, n, strict=True))
    weight = np.exp(log - log.max()) / np.exp(log - log.max()).sum()
    means, seconds = [], []
    for x, m in zip(k, n, strict=True):
        mean, variance = beta_distribution.stats(a + x, b + m - x, moments="mv")
        means.append(weight @ mean)
        seconds.append(weight @ (variance + mean**2))
    return np.array(means), np.array(seconds) - np.array(means) ** 2


def test_shares_are_those_of_slow_integration() -> None:
    k, n = [9, 30, 4, 22, 0, 41, 12], [40, 90, 31, 45, 12, 160, 50]
    mean, variance = _slow_shares(k, n)
    table = shrunk_shares(k, n).table
    assert table["shrunk"].to_list() == pytest.approx(mean, abs=0.002)
    for row, m, v in zip(table.iter_rows(named=True), mean, variance, strict=True):
        worth = m * (1 - m) / v - 1
        told = beta_distribution.ppf([0.025, 0.975], m * worth, (1 - m) * worth)
        assert (row["low"], row["high"]) == pytest.approx(told, abs=0.006)
        assert row["low"] < row["shrunk"] < row["high"]


def test_eight_schools() -> None:
    """Gelman et al., Bayesian Data Analysis, 5.5: the posterior medians 10, 8, 7, 8, 5, 6, 10, 8 are a little under the means of skewed ends."""
    x, error = EIGHT_SCHOOLS
    mean, variance, centre, _ = _normal_normal(x, error**2)
    assert mean == pytest.approx([11, 8, 6.5, 8, 5, 6, 10.5, 8.5], abs=0.7)
    assert centre == pytest.approx(8, abs=0.3)
    # the same by drawing: spread and common mean from a plain grid, then each school
    rng = np.random.default_rng(1)
    spread, middle = np.linspace(0, 60, 301)[:, None, None], np.linspace(-60, 80, 281)[None, :, None]
    whole = np.sqrt(error**2 + spread**2)
    weight = np.exp((-np.log(whole) - ((x - middle) / whole) ** 2 / 2).sum(axis=2)).ravel()
    drawn = rng.choice(len(weight), 400_000, p=weight / weight.sum())
    spread, middle = np.linspace(0, 60, 301)[drawn // 281][:, None], np.linspace(-60, 80, 281)[drawn % 281][:, None]
    pull = error**2 / (error**2 + spread**2)
    schools = rng.normal(x + pull * (middle - x), error * np.sqrt(1 - pull))
    assert mean == pytest.approx(schools.mean(axis=0), abs=0.15)
    assert np.sqrt(variance) == pytest.approx(schools.std(axis=0), rel=0.02)


def test_the_order_of_reps() -> None:
    """2 of 2 is no champion; those with under 30 leads come after all others; equal ones by leads."""
    found = shrunk_shares([2, 60, 45, 20, 0, 20], [2, 100, 100, 80, 0, 80])
    table = found.table
    assert table.columns == ["k", "n", "raw", "shrunk", "low", "high", "rank", "is_too_few"]
    assert table["rank"].to_list() == [5, 1, 2, 3, 6, 4]
    assert table["is_too_few"].to_list() == [True, False, False, False, True, False]
    assert table["raw"].to_list() == [1.0, 0.6, 0.45, 0.25, None, 0.25]
    assert table["shrunk"][0] < 0.75 and 0.25 < table["shrunk"][3] < table["shrunk"][2] < 0.45 + 1e-9
    assert table["shrunk"][4] == pytest.approx(found.middle, abs=0.02)
    assert shrunk_shares([2, 60, 45, 20, 0, 20], [2, 100, 100, 80, 0, 80], highest_first=False).table["rank"].to_list() == [6, 4, 3, 1, 5, 2]
    assert not found.is_alike and found.spread > 0.05


def test_a_share_is_pulled_the_more_the_fewer_its_leads() -> None:
    table = shrunk_shares([3, 30, 300, 20, 12, 90, 25], [10, 100, 1000, 100, 80, 500, 90]).table
    gap = (table["raw"] - table["shrunk"]).abs().to_list()
    assert gap[0] > gap[1] > gap[2]


@pytest.mark.parametrize("k", [0, 1])
def test_where_all_or_none_succeeded(k: int) -> None:
    n = [40, 12, 0]
    found = shrunk_shares([k * one for one in n], n)
    assert found.table["shrunk"].to_list() == [k, k, k] and found.middle == k and found.is_alike
    assert (found.table["low"][0], found.table["high"][0]) == pytest.approx(wilson(k * 40, 40))


def test_nobody_and_one_rep() -> None:
    assert shrunk_shares([], []).table.is_empty() and shrunk_shares([], []).middle is None
    alone = shrunk_shares([10], [40])
    assert alone.table["shrunk"][0] == 0.25 and (alone.table["low"][0], alone.table["high"][0]) == pytest.approx(wilson(10, 40))
    untouched = shrunk_shares([0, 0], [0, 0])
    assert untouched.middle is None and untouched.table["shrunk"].to_list() == [None, None]
    one = shrunk_medians([3600.0], [1800.0], [7200.0], [40])
    assert one.table.select("shrunk", "low", "high").row(0) == pytest.approx((3600.0, 1800.0, 7200.0))
    for wrong in (([3], [2]), ([1, 2], [3]), ([-1], [2])):
        with pytest.raises(ValueError):
            shrunk_shares(*wrong)
    with pytest.raises(ValueError):
        shrunk_medians([1.0], [1.0], [1.0, 2.0], [3])


@pytest.mark.parametrize("seed", range(6))
def test_alike_is_judged_as_scipy_and_statsmodels_do(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = rng.integers(20, 200, 9)
    k = rng.binomial(n, rng.beta(8, 20, 9) if seed % 2 else 0.3)
    assert shrunk_shares(k, n).p_alike == pytest.approx(chi2_contingency(np.stack([k, n - k]), correction=False).pvalue, rel=1e-9)
    x, error = rng.normal(8, 0.4 if seed % 2 else 0.05, 9), rng.uniform(0.1, 0.5, 9)
    reach = 1.959963984540054 * error
    found = shrunk_medians(np.exp(x), np.exp(x - reach), np.exp(x + reach), np.full(9, 1000))
    with np.errstate(invalid="ignore"):
        theirs = combine_effects(x, error**2, method_re="dl")
    assert found.p_alike == pytest.approx(theirs.test_homogeneity().pvalue, rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_the_interval_of_a_median_is_that_of_lifelines(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 150))
    times = np.ceil(rng.exponential(40, n) / (1 + 9 * (seed % 2))) * (1 + 9 * (seed % 2))
    happened = rng.random(n) < rng.choice([0.4, 0.8, 1.0])
    curve = kaplan_meier(times, happened)
    theirs = median_survival_times(KaplanMeierFitter().fit(times, happened).confidence_interval_).to_numpy().ravel()
    if curve["reached"][-1] == 1:  # there is no interval at a curve that has come to its end; lifelines takes the end itself
        theirs = np.where(theirs == curve["time"][-1], np.inf, theirs)
    ours = [np.inf if one is None else one for one in median_interval(curve)]
    assert ours == pytest.approx(sorted(theirs))


def test_times_by_hand() -> None:
    """Three quick reps, one slow, one with 8 leads, one whose median is not reached, one that always answers at once."""
    medians = [600.0, 700.0, 650.0, 9000.0, 60.0, np.nan, 0.0]
    lows = [400.0, 500.0, 450.0, 6000.0, 5.0, 5000.0, 0.0]
    highs = [900.0, 980.0, 940.0, np.inf, np.nan, np.nan, 0.0]
    found = shrunk_medians(medians, lows, highs, [80, 90, 85, 60, 8, 50, 200])
    table = found.table
    assert table.columns == ["n", "raw", "shrunk", "low", "high", "rank", "is_too_few"]
    assert table["rank"].to_list() == [2, 4, 3, 5, 6, 7, 1]
    assert table["shrunk"][5] is None and table["raw"][5] is None and table["is_too_few"].to_list() == [False] * 4 + [True, False, False]
    assert table["shrunk"][4] > 60 and table["shrunk"][3] < 9000 and table["raw"][6] == 0.0
    for row in table.drop_nulls("shrunk").iter_rows(named=True):
        assert 0 < row["low"] < row["shrunk"] < row["high"]
    assert shrunk_medians(medians, lows, highs, [80, 90, 85, 60, 8, 50, 200], lowest_first=False).table["rank"].to_list() == [4, 2, 3, 1, 6, 7, 5]
    nobody = shrunk_medians([np.nan], [np.nan], [np.nan], [10])
    assert nobody.middle is None and nobody.table["shrunk"][0] is None
    no_interval = shrunk_medians([10.0, 20.0], [np.nan, np.nan], [np.nan, np.nan], [40, 90])
    assert 10 <= no_interval.table["shrunk"][0] <= no_interval.table["shrunk"][1] <= 20


# segments towards what was expected of each


def test_towards_the_expected_rate_by_slow_integration() -> None:
    """Mean and variance over a fine plain grid of m ** -0.5, weighed by scipy's beta-binomial."""
    k, n, expected = [9, 30, 4, 22, 0, 41, 12], [40, 90, 31, 45, 12, 160, 50], [0.3, 0.25, 0.3, 0.4, 0.1, 0.3, 0.15]
    worths = np.linspace(0.0012, 1.4, 3000) ** -2
    log = sum(betabinom.logpmf(x, m, worths * e, worths * (1 - e)) for x, m, e in zip(k, n, expected, strict=True))
    weight = np.exp(log - log.max()) / np.exp(log - log.max()).sum()
    found = shrunk_to(k, n, expected)
    assert found.table.columns == ["k", "n", "expected", "raw", "shrunk", "low", "high", "is_too_few"]
    for row, x, m, e in zip(found.table.iter_rows(named=True), k, n, expected, strict=True):
        mean, variance = beta_distribution.stats(worths * e + x, worths * (1 - e) + m - x, moments="mv")
        middle = weight @ mean
        spread = weight @ (variance + mean**2) - middle**2
        whole = middle * (1 - middle) / spread - 1
        assert row["shrunk"] == pytest.approx(middle, abs=0.002)
        assert (row["low"], row["high"]) == pytest.approx(beta_distribution.ppf([0.025, 0.975], middle * whole, (1 - middle) * whole), abs=0.006)
        assert min(e, x / m) - 1e-9 <= row["shrunk"] <= max(e, x / m) + 1e-9
    assert np.log(found.worth) == pytest.approx(weight @ np.log(worths), abs=0.15)


def test_many_segments_tell_what_the_expected_rate_is_worth() -> None:
    rng = np.random.default_rng(4)
    for worth in (3.0, 40.0, 600.0):
        expected, n = rng.uniform(0.05, 0.7, 3000), rng.integers(5, 400, 3000)
        k = rng.binomial(n, rng.beta(worth * expected, worth * (1 - expected)))
        told = minimize_scalar(lambda m: -betabinom.logpmf(k, n, np.exp(m) * expected, np.exp(m) * (1 - expected)).sum(), bounds=(0, 9))  # noqa: B023
        assert shrunk_to(k, n, expected).worth == pytest.approx(np.exp(told.x), rel=0.02) == pytest.approx(worth, rel=0.25)
    alike = shrunk_to(rng.binomial(n, expected), n, expected)
    assert alike.worth > 20_000 and np.abs(alike.table["shrunk"] - alike.table["expected"]).max() < 0.02


def test_segments_without_leads_and_rates_at_the_ends() -> None:
    found = shrunk_to([0, 10, 0, 40], [0, 40, 50, 40], [0.3, 0.0, 1.0, 0.9])
    empty = found.table.row(0, named=True)
    assert empty["raw"] is None and empty["shrunk"] == pytest.approx(0.3) and empty["is_too_few"]
    assert found.table["shrunk"].is_finite().all() and (found.table["low"] <= found.table["high"]).all()
    assert shrunk_to([], [], []).worth is None and shrunk_to([], [], []).table.is_empty()
    nobody = shrunk_to([0], [0], [0.4])
    assert nobody.worth is None and nobody.table["shrunk"][0] == pytest.approx(0.4)
    for wrong in (([3], [2], [0.5]), ([1], [2], [1.5]), ([1], [2], [np.nan]), ([1, 2], [3, 3], [0.5])):
        with pytest.raises(ValueError):
            shrunk_to(*wrong)


# worlds: 20 to 60 reps of 10 to 300 leads


def share_case(seed: int, _folder: Path, *, alike: bool = False) -> tuple[bool, float, float, float]:
    """(nearer the truth than raw shares, error relative to raw, share of reps whose interval holds the truth, spread relative to raw)."""
    rng = np.random.default_rng(seed)
    reps, middle, worth = int(rng.integers(20, 61)), rng.uniform(0.1, 0.6), np.exp(rng.uniform(np.log(30), np.log(300)))
    n = np.exp(rng.uniform(np.log(10), np.log(300), reps)).astype(int)
    truth = np.full(reps, middle) if alike else rng.beta(middle * worth, (1 - middle) * worth, reps)
    k = rng.binomial(n, truth)
    table = shrunk_shares(k, n).table
    return _beside_raw(table["shrunk"].to_numpy(), k / n, truth, table["low"].to_numpy(), table["high"].to_numpy())


def alike_case(seed: int, folder: Path) -> tuple[bool, float, float, float]:
    return share_case(seed, folder, alike=True)


def expected_case(seed: int, _folder: Path) -> tuple[bool, float, float, float]:
    """60 to 400 segments of 3 to 500 leads, each spread about an expected rate of its own."""
    rng = np.random.default_rng(seed)
    segments, worth = int(rng.integers(60, 401)), np.exp(rng.uniform(np.log(15), np.log(1000)))
    n = np.exp(rng.uniform(np.log(3), np.log(500), segments)).astype(int)
    expected = rng.beta(2, 4, segments).clip(0.01, 0.99)
    truth = rng.beta(worth * expected, worth * (1 - expected))
    k = rng.binomial(n, truth)
    table = shrunk_to(k, n, expected).table
    return _beside_raw(table["shrunk"].to_numpy(), k / n, truth, table["low"].to_numpy(), table["high"].to_numpy())


def time_case(seed: int, _folder: Path) -> tuple[bool, float, float, float]:
    """Waits that are log-normal about each rep's own median, some still waiting when the data end; medians by Kaplan-Meier."""
    rng = np.random.default_rng(seed)
    reps = int(rng.integers(20, 61))
    n = np.exp(rng.uniform(np.log(15), np.log(200), reps)).astype(int)
    truth = rng.uniform(6, 10) + rng.normal(0, rng.uniform(0.05, 0.3), reps)
    told = []
    for middle, leads in zip(truth, n, strict=True):
        waits, ends = np.exp(rng.normal(middle, 1.3, leads)), np.exp(rng.normal(middle + 1.5, 1, leads))
        curve = kaplan_meier(np.minimum(waits, ends), waits <= ends)
        told.append([np.nan if one is None else one for one in (quantile(curve, 0.5), *median_interval(curve))])
    medians, lows, highs = np.array(told).T
    known = np.isfinite(medians)
    table = shrunk_medians(medians, lows, highs, n).table
    shrunk, low, high = (np.log(table[name].to_numpy()[known]) for name in ("shrunk", "low", "high"))
    return _beside_raw(shrunk, np.log(medians[known]), truth[known], low, high)


def _beside_raw(shrunk: np.ndarray, raw: np.ndarray, truth: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[bool, float, float, float]:
    ours, theirs = ((shrunk - truth) ** 2).mean(), ((raw - truth) ** 2).mean()
    return bool(ours < theirs), float(ours / theirs), float(((low <= truth) & (truth <= high)).mean()), float(shrunk.std() / raw.std())


def _judge(found: list[tuple[bool, float, float, float]], name: str, least: float) -> None:
    better, error, held, spread = (float(np.mean(one)) for one in zip(*found, strict=True))
    measured(f"{name}, {len(found)} worlds: nearer the truth than raw in {better:.1%}, squared error {error:.2f} of raw's, ")
    measured(f"  intervals hold {held:.1%} of the reps, spread {spread:.2f} of raw's")
    assert better >= least and held >= 0.92


def _judge_expected(found: list[tuple[bool, float, float, float]]) -> None:
    _judge(found, "towards the expected rate", 0.99)
    assert 0.93 <= np.mean([one[2] for one in found]) <= 0.97


def _judge_alike(found: list[tuple[bool, float, float, float]]) -> None:
    _judge(found, "reps truly alike", 0.95)
    spreads = [one[3] for one in found]
    measured(f"  the spread is under a third of raw's in {np.mean(np.array(spreads) < 1 / 3):.1%}, largest {max(spreads):.2f}")
    assert np.mean(spreads) < 0.15 and np.mean(np.array(spreads) < 1 / 3) >= 0.95


def test_shrunk_is_nearer_the_truth_than_raw() -> None:
    _judge([share_case(seed, Path()) for seed in range(SHORT)], "shares", 0.9)
    _judge_expected([expected_case(seed, Path()) for seed in range(SHORT)])
    _judge([time_case(seed, Path()) for seed in range(SHORT)], "median times", 0.9)
    _judge_alike([alike_case(seed, Path()) for seed in range(SHORT)])


@pytest.mark.long
def test_shrunk_is_nearer_the_truth_than_raw_in_all_worlds() -> None:
    _judge(list(in_processes(share_case, 0, WHOLE).values()), "shares", 0.95)
    _judge_expected(list(in_processes(expected_case, 0, WHOLE).values()))
    _judge(list(in_processes(time_case, 0, WHOLE).values()), "median times", 0.95)
    _judge_alike(list(in_processes(alike_case, 0, WHOLE).values()))
