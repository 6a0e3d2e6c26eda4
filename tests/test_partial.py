"""Intervals of what is known only between bounds, bootstrap by account, and the area under the ROC curve: against their definitions, by drawing."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import norm, ttest_ind

from plumbline.simulation.choice import count_interval
from plumbline.simulation.thresholds import _area
from plumbline.simulation.volume import busy_week, weekly_draws, weeks
from plumbline.statistics.clusters import bootstrap_sums
from plumbline.statistics.partial import imbens_manski
from tests.figures import measured


def _critical(gap: float, low_error: float = 1.0, high_error: float = 1.0, level: float = 0.95) -> float:
    low, _ = imbens_manski(0.0, gap, low_error, high_error, level)
    return -low / low_error


def test_the_critical_value_is_two_sided_without_a_band_and_one_sided_for_a_wide_one():
    assert _critical(0.0) == pytest.approx(norm.ppf(0.975), abs=1e-6)
    assert _critical(50.0) == pytest.approx(norm.ppf(0.95), abs=1e-6)
    assert _critical(50.0, level=0.9) == pytest.approx(norm.ppf(0.9), abs=1e-6)
    between = [_critical(gap) for gap in np.linspace(0, 6, 40)]
    assert all(a >= b - 1e-9 for a, b in pairwise(between))


@pytest.mark.parametrize(
    ("gap", "low_error", "high_error"), [(0.01, 0.02, 0.02), (0.05, 0.02, 0.03), (0.2, 0.03, 0.01), (0.0, 0.01, 0.04), (1, 0, 0.1)]
)
def test_the_critical_value_solves_its_equation(gap, low_error, high_error):
    low, high = imbens_manski(0.3, 0.3 + gap, low_error, high_error)
    c = (high - 0.3 - gap) / high_error
    assert norm.cdf(c + gap / max(low_error, high_error)) - norm.cdf(-c) == pytest.approx(0.95, abs=1e-9)
    assert low == pytest.approx(0.3 - c * low_error, abs=1e-12)


def test_bounds_without_an_error_are_the_interval_and_nonsense_is_refused():
    assert imbens_manski(0.2, 0.4, 0.0, 0.0) == (0.2, 0.4)
    for wrong in ((0.4, 0.2, 0.1, 0.1), (0.2, 0.4, -0.1, 0.1), (0.2, 0.4, 0.1, -0.1)):
        with pytest.raises(ValueError):
            imbens_manski(*wrong)


@pytest.mark.parametrize("unknown", [0.0, 0.005, 0.02, 0.05, 0.3])
def test_interval_covers_a_truth_at_either_end(unknown):
    """4,000 samples of 600 of which a share is never seen: the truth is at one end, where the interval has the least to spare."""
    rng = np.random.default_rng(17)
    p, n = 0.4, 600
    seen = round(n * (1 - unknown))
    hits = rng.binomial(seen, p, 4000)
    share = 1 - seen / n
    error = np.sqrt(hits / seen * (1 - hits / seen) / seen) * (1 - share)
    found = np.array([imbens_manski(k / n, k / n + share, e, e) for k, e in zip(hits, error, strict=True)])
    told = {}
    for name, truth in (("low", p * (1 - share)), ("high", p * (1 - share) + share), ("middle", p * (1 - share) + share / 2)):
        told[name] = float(((found[:, 0] <= truth) & (truth <= found[:, 1])).mean())
    measured(f"Imbens-Manski, {unknown:.1%} unknown: coverage {told}")
    assert 0.93 <= told["low"] <= 0.97 and 0.93 <= told["high"] <= 0.97
    assert told["middle"] >= 0.93


def _clusters(rng, accounts=300):
    sizes = np.minimum(rng.geometric(0.45, accounts), 12)
    clusters = np.repeat(np.arange(accounts) * 7 - 50, sizes)
    quality = np.repeat(rng.random(accounts), sizes)
    hit = rng.random(len(clusters)) < quality
    return clusters, np.stack([np.ones(len(clusters), np.int64), hit.astype(np.int64)], axis=1)


def _naive(clusters, counts, draws, seed, total=0):
    """Draws accounts one by one and adds up their rows."""
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(clusters == one) for one in np.unique(clusters)]
    members += [np.empty(0, np.int64)] * max(0, total - len(members))
    found = np.empty((draws, counts.shape[1]))
    for n in range(draws):
        rows = np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))])
        found[n] = counts[rows].sum(axis=0)
    return found


@pytest.mark.parametrize("total", [0, 2000])
def test_bootstrap_of_clusters_is_the_naive_one_but_quicker(total):
    clusters, counts = _clusters(np.random.default_rng(5))
    began = time.process_time()
    slow = _naive(clusters, counts, 3000, 1, total)
    middle = time.process_time()
    quick = bootstrap_sums(clusters, counts, 3000, 2, total)
    ended = time.process_time()
    measured(f"bootstrap of {len(clusters)} leads, {total} accounts in all: {(middle - began) / max(ended - middle, 1e-4):.0f} x the naive one")
    for one in (lambda drawn: drawn[:, 1] / drawn[:, 0], lambda drawn: drawn[:, 0], lambda drawn: drawn[:, 1]):
        ours, theirs = one(quick), one(slow)
        assert ttest_ind(ours, theirs).pvalue > 1e-4
        wide = theirs.std()
        for share in (0.025, 0.5, 0.975):
            assert abs(np.quantile(ours, share) - np.quantile(theirs, share)) < 0.2 * wide
        assert 0.93 < ours.std() / wide < 1.07


def test_accounts_without_a_row_make_the_volume_uncertain():
    """300 leads of an account each, of 5,000 accounts: as many come as in a Poisson count; of 300 accounts always all of them would."""
    clusters, counts = np.arange(300), np.ones((300, 1), np.int64)
    assert bootstrap_sums(clusters, counts, 500, 1)[:, 0].std() == 0
    volume = bootstrap_sums(clusters, counts, 5000, 1, 5000)[:, 0]
    assert volume.mean() == pytest.approx(300, abs=2)
    assert volume.std() == pytest.approx(np.sqrt(300 * (1 - 300 / 5000)), rel=0.05)


def test_bootstrap_of_nobody():
    assert bootstrap_sums(np.empty(0, np.int64), np.empty((0, 3), np.int64), 10, 1, 5).tolist() == np.zeros((10, 3)).tolist()


def test_weekly_draws_vary_as_accounts_do():
    """Mean and variance of each week against the naive bootstrap of accounts, of many that could have come."""
    rng = np.random.default_rng(8)
    period = weeks(date(2026, 1, 5), date(2026, 3, 2), "Europe/Berlin")
    accounts = np.repeat(np.arange(400), np.minimum(rng.geometric(0.4, 400), 9))
    near = rng.integers(period.edges[0], period.edges[-1], 400)[accounts]
    moments = np.clip(near + rng.integers(-3, 4, len(accounts)) * 86_400_000_000, period.edges[0], period.edges[-1] - 1)
    drawn = weekly_draws(moments, accounts, period, 4000, 3)
    week = np.searchsorted(period.edges, moments, side="right") - 1
    one_hot = (week[:, None] == np.arange(len(period.starts))).astype(np.int64)
    naive = _naive(accounts, one_hot, 4000, 4, total=8000)
    assert drawn.shape == naive.shape
    measured(
        f"weekly draws: mean {drawn.mean(axis=0).round(1)} and {naive.mean(axis=0).round(1)}"
        f", sd {drawn.std(axis=0).round(2)} and {naive.std(axis=0).round(2)}"
    )
    assert np.abs(drawn.mean(axis=0) / naive.mean(axis=0) - 1).max() < 0.02
    assert np.abs(drawn.std(axis=0) / naive.std(axis=0) - 1).max() < 0.06


@pytest.mark.parametrize("season", [0.0, 0.5])
def test_a_busy_week_counts_luck_once(season):
    """100 years of 52 weeks, 20 leads a week on average: the 95th percentile of what weeks really hold, and what each year says of it."""
    rng = np.random.default_rng(12)
    period = weeks(date(2026, 1, 5), date(2027, 1, 4), "UTC")
    expected = 20 * (1 + season * np.sin(np.arange(52) / 52 * 2 * np.pi))
    truth = np.quantile(rng.poisson(expected, (20_000, 52)), 0.95)
    told, naive = [], []
    for year in range(100):
        seen = rng.poisson(expected)
        moments = np.repeat(period.edges[:-1], seen) + 1
        drawn = weekly_draws(moments, np.arange(len(moments)), period, 400, year)
        told.append(busy_week(drawn, seen))
        naive.append(np.quantile(drawn, 0.95))
    measured(f"a busy week, season {season}: truth {truth}, told {np.mean(told):.1f}, quantile of the draws {np.mean(naive):.1f}")
    assert np.mean(told) == pytest.approx(truth, rel=0.04)
    assert np.mean(naive) > np.mean(told)
    assert busy_week(np.zeros((10, 1)), np.zeros(1)) == 0.0


def _mann_whitney(hits: list[int], others: list[int]) -> float:
    won = sum((a > b) + (a == b) / 2 for a in hits for b in others)
    return won / (len(hits) * len(others))


def test_area_is_the_share_of_pairs_that_are_in_order():
    rng = np.random.default_rng(2)
    for levels in (2, 5, 101):
        for _ in range(20):
            hits, others = rng.integers(0, levels, rng.integers(30, 80)), rng.integers(0, levels, rng.integers(30, 80))
            area, low, high = _area(np.bincount(hits, minlength=levels), np.bincount(others, minlength=levels))
            assert area == pytest.approx(_mann_whitney(hits.tolist(), others.tolist()), abs=1e-12)
            assert 0 <= low <= area <= high <= 1
    assert _area(np.array([29, 0]), np.array([0, 500])) is None
    assert _area(np.array([0, 40]), np.array([40, 0]))[0] == 1.0


@pytest.mark.parametrize("apart", [0.0, 0.3, 0.8])
def test_interval_of_the_area_covers(apart):
    rng = np.random.default_rng(9)
    truth = norm.cdf(apart / np.sqrt(2))
    inside = 0
    for _ in range(1500):
        hits, others = rng.normal(apart, 1, 120), rng.normal(0, 1, 400)
        edges = np.linspace(-5, 6, 400)
        a, b = (np.bincount(np.searchsorted(edges, one), minlength=401) for one in (hits, others))
        _, low, high = _area(a, b)
        inside += low <= truth <= high
    measured(f"area {truth:.3f}: interval of Hanley and McNeil covers {inside / 1500:.3f}")
    assert 0.93 <= inside / 1500 <= 0.98


def test_interval_of_a_count_covers():
    rng = np.random.default_rng(4)
    for mean in (3, 10, 60, 400):
        low, high = count_interval(rng.poisson(mean, 20_000))
        assert 0.93 <= ((low <= mean) & (mean <= high)).mean() <= 0.97
