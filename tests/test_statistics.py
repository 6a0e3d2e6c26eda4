"""Estimators against lifelines, statsmodels and slow twins."""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from statsmodels.stats.proportion import proportion_confint

from plumbline.statistics import aalen_johansen, kaplan_meier, quantile, reached_by, wilson
from tests.figures import measured

CAUSES = ("advanced", "rejected", "recycled", "lost")


def test_wilson_equals_statsmodels():
    rng = np.random.default_rng(1)
    n = np.concatenate([rng.integers(1, 60, 2000), rng.integers(60, 5_000_000, 2000)])
    k = rng.binomial(n, rng.random(len(n)) ** 3)
    for level in (0.8, 0.95, 0.99):
        low, high = wilson(k, n, level)
        expected_low, expected_high = proportion_confint(k, n, alpha=1 - level, method="wilson")
        assert np.abs(low - expected_low).max() <= 1e-12
        assert np.abs(high - expected_high).max() <= 1e-12


def test_wilson_at_the_ends():
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0 and wilson(10, 10)[1] == 1.0
    low, high = wilson(84, 100)
    assert isinstance(low, float) and low < 0.84 < high
    low, high = wilson([[1, 2], [3, 4]], 10)
    assert low.shape == high.shape == (2, 2)
    with pytest.raises(ValueError):
        wilson(11, 10)
    with pytest.raises(ValueError):
        wilson(-1, 10)


def test_wilson_covers():
    """Exact coverage (no drawing) over a grid of n and shares: mean 93-97 %, none under 83 % (the known dip next to 0 and 1)."""
    from scipy.stats import binom

    covered = []
    for n in (30, 50, 100, 400):
        k = np.arange(n + 1)
        low, high = wilson(k, np.full(n + 1, n))
        for p in np.linspace(0.02, 0.98, 97):
            covered.append(binom.pmf(k, n, p)[(low <= p) & (p <= high)].sum())
    measured(f"Wilson coverage: mean {np.mean(covered):.4f}, min {np.min(covered):.4f}")
    assert 0.93 <= np.mean(covered) <= 0.97
    assert np.min(covered) >= 0.90


def _slow(times, causes, number):
    """A twin in exact fractions, straight from the definition."""
    rows, open_, incidence = [], Fraction(1), [Fraction(0)] * number
    for t in sorted({0, *times}):
        n = sum(1 for x in times if x >= t)
        d = [sum(1 for x, c in zip(times, causes, strict=True) if x == t and c == cause) for cause in range(1, number + 1)]
        if n:
            incidence = [f + open_ * Fraction(dk, n) for f, dk in zip(incidence, d, strict=True)]
            open_ *= 1 - Fraction(sum(d), n)
        rows.append((t, n, *incidence, open_))
    return rows


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), max_size=40))
def test_incidence_equals_the_slow_twin_on_tied_data(rows):
    times, causes = [t for t, _ in rows], [c for _, c in rows]
    got = aalen_johansen(times, causes, names=CAUSES)
    expected = _slow(times, causes, 4)
    assert got.columns == ["time", "at_risk", *CAUSES, "still_open"]
    assert np.abs(got.to_numpy() - np.array(expected, dtype=float).reshape(-1, 7)).max() <= 1e-12


def _untied(rng):
    n = int(rng.integers(2, 60))
    times = rng.permutation(np.arange(1, n + 1)) * rng.uniform(0.01, 100)
    causes = rng.choice(4, n, p=rng.dirichlet(np.ones(4)))
    return times, causes


def _against_lifelines(count: int) -> float:
    rng = np.random.default_rng(20261114)
    worst = 0.0
    for data_set in range(count):
        times, causes = _untied(rng)
        got = aalen_johansen(times, causes, names=CAUSES[:3], level=0.95)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            number = data_set % 3 + 1
            name = CAUSES[number - 1]
            fitter = AalenJohansenFitter().fit(times, causes, event_of_interest=number)
            worst = max(worst, np.abs(got[name].to_numpy() - fitter.cumulative_density_.to_numpy()[:, 0]).max())
            variance, expected = got[f"{name}_variance"].to_numpy(), fitter.variance_.to_numpy()
            finite = np.isfinite(expected)
            worst = max(worst, np.abs(variance - expected)[finite].max())
            low, high = got[f"{name}_low"].to_numpy(), got[f"{name}_high"].to_numpy()
            theirs = np.sort(fitter.confidence_interval_.to_numpy(), axis=1)
            both = np.isfinite(theirs).all(axis=1) & np.isfinite(low) & finite & (expected > 1e-12)
            if both.any():
                worst = max(worst, np.abs(low - theirs[:, 0])[both].max(), np.abs(high - theirs[:, 1])[both].max())
            ties = np.round(times).astype(int) % 50
            happened = causes > 0
            curve = kaplan_meier(ties, happened)
            km = KaplanMeierFitter().fit(ties, happened)
            worst = max(worst, np.abs(1 - curve["reached"].to_numpy() - km.survival_function_.to_numpy()[:, 0]).max())
            band = 1 - km.confidence_interval_.to_numpy()[:, ::-1]
            ours = curve.select("low", "high").to_numpy()
            both = np.isfinite(band).all(axis=1) & np.isfinite(ours).all(axis=1)
            if both.any():
                worst = max(worst, np.abs(ours - np.sort(band, axis=1))[both].max())
    return worst


def test_curves_equal_lifelines():
    worst = _against_lifelines(200)
    measured(f"Aalen-Johansen and Kaplan-Meier against lifelines, 200 data sets: largest difference {worst:.1e}")
    assert worst <= 1e-9


@pytest.mark.long
def test_curves_equal_lifelines_long():
    worst = _against_lifelines(1000)
    measured(f"Aalen-Johansen and Kaplan-Meier against lifelines, 1,000 data sets: largest difference {worst:.1e}")
    assert worst <= 1e-9


def test_incidences_and_the_open_add_to_one_and_counting_changes_nothing():
    rng = np.random.default_rng(3)
    times, causes = rng.integers(0, 2000, 200_000), rng.integers(0, 5, 200_000)
    row_by_row = aalen_johansen(times, causes, names=CAUSES)
    counted = pl.DataFrame({"time": times, "cause": causes}).group_by("time", "cause").len()
    by_count = aalen_johansen(counted["time"], counted["cause"], counted["len"], names=CAUSES)
    assert (row_by_row.select(pl.sum_horizontal(*CAUSES, "still_open") - 1).to_series().abs()).max() <= 1e-12
    assert np.abs(row_by_row.to_numpy() - by_count.to_numpy()).max() == 0


def test_nothing_under_watch():
    got = aalen_johansen([], [], names=CAUSES, level=0.95)
    assert got.height == 1 and got["still_open"][0] == 1.0 and got["advanced"][0] == 0.0 and got["advanced_low"][0] is None
    curve = kaplan_meier([], [])
    assert curve["reached"].to_list() == [0.0] and quantile(curve, 0.5) is None and reached_by(curve, 5) == 0.0


def test_bad_input_is_refused():
    for times, causes, weights in (([-1], [1], None), ([float("nan")], [1], None), ([1], [5], None), ([1], [1], [-1]), ([1, 2], [1], None)):
        with pytest.raises(ValueError):
            aalen_johansen(times, causes, weights, names=CAUSES)


@pytest.mark.parametrize("n", [2, 3, 7, 10, 49, 1000])
def test_a_quantile_is_the_smallest_time_that_reaches_it(n):
    curve = kaplan_meier(np.arange(1, n + 1), np.ones(n))
    for k in range(1, n + 1):
        assert quantile(curve, k / n) == k


def test_a_quantile_that_is_not_reached_is_none():
    curve = kaplan_meier([10, 20, 30, 30], [1, 0, 0, 0])
    assert quantile(curve, 0.25) == 10 and quantile(curve, 0.5) is None
    assert reached_by(curve, 9.9) == 0 and reached_by(curve, 10) == 0.25


def test_interval_of_the_incidence_covers():
    """600 drawn worlds with two competing ends and censoring: how often the interval at t = 1 holds the true incidence."""
    rng = np.random.default_rng(11)
    rates = np.array([0.8, 0.5])
    truth = rates[0] / rates.sum() * (1 - np.exp(-rates.sum()))
    inside = 0
    for _ in range(600):
        ends = rng.exponential(1 / rates.sum(), 150)
        cause = rng.choice([1, 2], 150, p=rates / rates.sum())
        watch = rng.uniform(0.2, 3, 150)
        curve = aalen_johansen(np.minimum(ends, watch), np.where(ends <= watch, cause, 0), names=CAUSES[:2], level=0.95)
        at_one = curve.filter(pl.col("time") <= 1).row(-1, named=True)
        inside += at_one["advanced_low"] <= truth <= at_one["advanced_high"]
    measured(f"Aalen-Johansen interval coverage: {inside / 600:.3f}")
    assert 0.92 <= inside / 600 <= 0.98
