"""The lower tail of a segment against what was expected of it: against scipy, plain integration, and every pair of counts; and q of many."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta, betabinom, binom, binomtest, false_discovery_control, fisher_exact, hypergeom

from plumbline.statistics import lower_tail, q_values
from plumbline.statistics._lower_tail import beta_binomial, fisher, saddle, tails
from tests.figures import measured


def test_with_whole_counts_it_is_fishers_test() -> None:
    rng = np.random.default_rng(1)
    worst = 0.0
    for largest in (6, 60, 1000, 100_000, 1_000_000):
        for _ in range(60 if largest < 10_000 else 8):
            n, n0 = (int(one) for one in rng.integers(1, largest, 2))
            rate = rng.choice([0.01, 0.2, 0.5, 0.97])
            k, k0 = int(rng.binomial(n, rate * rng.uniform(0.8, 1))), int(rng.binomial(n0, rate))
            told = fisher_exact([[k, n - k], [k0, n0 - k0]], alternative="less").pvalue
            worst = max(worst, abs(lower_tail(k, n, k0 / n0, n0) - told))
    measured(f"whole counts, to a million: off Fisher's exact p by at most {worst:.1e}")
    assert worst <= 1e-9


def test_thousands_at_once_as_scipy() -> None:
    rng = np.random.default_rng(2)
    n, n0 = rng.integers(0, 5000, (2, 20_000))
    k, k0 = rng.binomial(n, 0.12), rng.binomial(n0, 0.15)
    told = hypergeom.cdf(k, n + n0, k + k0, n)
    ours = lower_tail(k, n, np.divide(k0, n0, out=np.zeros(len(n)), where=n0 > 0), n0)
    assert np.abs(ours - told).max() <= 1e-9


def test_with_a_known_rate_it_is_the_binomial_test() -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(0, rng.choice([40, 3000, 1_000_000], 3000))
    expected = rng.choice([0.0, 0.003, 0.2, 0.5, 1.0], 3000)
    k = rng.binomial(n, expected * rng.choice([0.9, 1.0], 3000))
    ours, told = lower_tail(k, n, expected), binom.cdf(k, n, expected)
    summed = (n * expected * (1 - expected) < 3600) | ((told > 2e-7) & (told < 0.24))
    measured(f"a known rate: off the binomial p by at most {np.abs(ours - told)[summed].max():.1e}, {np.abs(ours - told).max():.1e} where not summed")
    assert np.abs(ours - told)[summed].max() < 1e-11 and np.abs(ours - told).max() < 1e-5
    assert lower_tail(7, 40, 0.3) == pytest.approx(binomtest(7, 40, 0.3, alternative="less").pvalue, abs=1e-12)


@pytest.mark.parametrize("k0", [1.0, 3.0, 3.4, 11.7, 0.02, 20.0])
def test_it_is_the_chance_under_althams_priors(k0: float) -> None:
    """P(p < q), p ~ Beta(k0, n0 - k0 + 1), q ~ Beta(k + 1, n - k), by plain integration: Fisher's p where k0 is whole."""
    n, n0 = 14, 20
    for k in (0, 2, 6, 13):
        p, q = beta(k0, n0 - k0 + 1), beta(k + 1, n - k)
        told = quad(lambda x: p.cdf(x) * q.pdf(x), 0, 1, limit=200)[0]  # noqa: B023
        assert lower_tail(k, n, k0 / n0, n0) == pytest.approx(told, abs=1e-7)
        if k0 % 1 == 0:
            assert fisher_exact([[k, n - k], [int(k0), n0 - int(k0)]], alternative="less").pvalue == pytest.approx(told, abs=1e-7)


def test_with_broken_counts_it_is_the_beta_binomial_tail() -> None:
    rng = np.random.default_rng(4)
    n, n0 = rng.integers(1, 400, 800), rng.uniform(0.3, 3000, 800)
    k0, k = rng.uniform(0.01, 1, 800) * n0, rng.integers(0, n)
    assert lower_tail(k, n, k0 / n0, n0) == pytest.approx(betabinom.cdf(k, n, k0, n0 - k0 + 1), abs=1e-8)
    whole = lower_tail(6, 40, np.array([9.0, 9.5, 10.0]) / 50, 50)
    assert whole[0] > whole[1] > whole[2]  # broken counts lie between the whole ones
    assert lower_tail(20, 100, 0.3, 1e13) == pytest.approx(lower_tail(20, 100, 0.3), rel=1e-6)


def test_both_ways_of_summing_are_one_where_counts_are_whole() -> None:
    rng = np.random.default_rng(5)
    for _ in range(500):
        n, n0 = rng.integers(1, 3000, 2).astype(float)
        k, k0 = float(rng.integers(0, n)), float(rng.integers(1, n0 + 1))
        assert fisher(k, n, k0, n0) == pytest.approx(beta_binomial(k, n, k0, n0), abs=1e-10)


def test_the_error_of_the_saddle_point() -> None:
    """Against exact sums, by how wide the distribution is; it stands in only for wide ones far from a decision, and for the very widest."""
    rng = np.random.default_rng(6)
    n, n0 = np.rint(np.exp(rng.uniform(np.log(30), np.log(1e6), (2, 12_000))))
    rate = rng.uniform(0.01, 0.99, 12_000)
    k0 = rng.binomial(n0.astype(int), rate).astype(float).clip(1)
    spread = np.sqrt(rate * (1 - rate) * n * n0 / (n + n0))
    k = np.rint(n * k0 / n0 + rng.uniform(-5, 1.5, 12_000) * np.sqrt(rate * (1 - rate) * n * (1 + n / n0))).clip(0, n - 1)
    exact, near = (np.array([one(*row) for row in zip(k, n, k0, n0, strict=True)]) for one in (fisher, saddle))
    told = []
    for low, high in ((2, 10), (10, 60), (60, np.inf)):
        rows = (spread >= low) & (spread < high)
        likely = rows & (exact > 1e-9) & (exact < 0.3)
        told.append((np.abs(exact - near)[rows].max(), np.abs(near / exact - 1)[likely].max()))
        measured(f"saddle point, standard deviation {low} to {high}, {rows.sum()} cases: off by {told[-1][0]:.1e}, by {told[-1][1]:.1e} of p")
    assert told[-1][0] < 1e-5 and told[-1][1] < 1e-5 and told[0][1] < 0.02


def test_few_leads_behind_the_expected_rate_and_a_million_in_the_segment() -> None:
    """Broken k0 of some twenty, where terms are too many to sum: the chance is that of a beta distribution, the segment's own rate being known."""
    worst = 0.0
    for n0 in (12.5, 20.0, 200.0, 3000.0):
        for share in (0.23, 0.41):
            for at in (0.001, 0.01, 0.05, 0.2):
                law = beta(n0 * share + 0.013, n0 * (1 - share) + 1 - 0.013)
                k = int(1e6 * law.ppf(at))
                p = lower_tail(k, 1_000_000, share + 0.013 / n0, n0)
                told = law.cdf(beta(k + 1, 1_000_000 - k).ppf(np.arange(0.0005, 1, 0.001))).mean()
                worst = max(worst, abs(p / told - 1))
    measured(f"a million leads against a rate of a dozen to thousands: off by at most {worst:.1e} of p")
    assert worst < 0.01


def test_twenty_thousand_candidates() -> None:
    """Segments of 1 to a million leads: all are answered, those near a decision exactly."""
    rng = np.random.default_rng(7)
    n, n0 = np.rint(np.exp(rng.uniform(0, np.log(1e6), (2, 20_000))))
    rate = rng.uniform(0.02, 0.6, 20_000)
    for broken in (0.0, 0.3):
        k0 = np.minimum(rng.binomial(n0.astype(int), rate) + broken, n0)
        k = rng.binomial(n.astype(int), rate).astype(float)
        p = lower_tail(k, n, k0 / n0, n0)
        assert np.isfinite(p).all() and p.min() >= 0 and p.max() <= 1
        assert 0.02 < (p <= 0.05).mean() <= 0.055
        if not broken:
            rows = np.flatnonzero((p > 1e-6) & (p < 0.2) & (k < n) & (k0 > 0))[:1000]
            assert p[rows] == pytest.approx(hypergeom.cdf(k, n + n0, k + k0, n)[rows], abs=1e-9)


def test_an_expected_rate_that_is_no_luck_is_rarely_a_leak() -> None:
    """Over every pair of counts, no drawing: the chance of p <= 0.05 when the segment's rate is the expected one."""
    told = []
    for n, n0 in ((30, 30), (30, 400), (200, 100), (400, 400)):
        k, k0 = (one.ravel() for one in np.meshgrid(np.arange(n + 1), np.arange(n0 + 1)))
        p = lower_tail(k, n, k0 / n0, n0)
        naive = lower_tail(k, n, k0 / n0)
        for rate in (0.05, 0.2, 0.5, 0.8):
            chance = binom.pmf(k, n, rate) * binom.pmf(k0, n0, rate)
            told.append((chance[p <= 0.05].sum(), chance[(naive <= 0.05) & (k0 > 0)].sum()))
    ours, naive = np.array(told).T
    measured(f"p <= 0.05 without a leak: {ours.mean():.1%} (most {ours.max():.1%}); taking the expected rate for known: {naive.max():.1%} at worst")
    assert ours.max() <= 0.05 and naive.max() > 0.1


def test_an_expected_rate_put_together_from_strata_is_rarely_a_leak() -> None:
    """Broken k0: the expected rate is the peers' by source, weighed as the segment is; worth what its variance says."""
    rng = np.random.default_rng(8)
    worlds = 6000
    rates = rng.uniform(0.05, 0.6, (worlds, 3))
    peers, own = rng.integers(30, 400, (worlds, 3)), rng.integers(10, 120, (worlds, 3))
    seen = rng.binomial(peers, rates) / peers
    share = own / own.sum(axis=1, keepdims=True)
    expected = (share * seen).sum(axis=1)
    variance = (share**2 * np.maximum(seen * (1 - seen), 0.5 / peers) / peers).sum(axis=1)
    k, n = rng.binomial(own, rates).sum(axis=1), own.sum(axis=1)
    p = lower_tail(k, n, expected, expected * (1 - expected) / variance)
    measured(f"p <= 0.05 without a leak, expected rate put together from strata: {(p <= 0.05).mean():.1%} of {worlds}")
    assert 0.02 <= (p <= 0.05).mean() <= 0.055


def test_the_ends() -> None:
    assert (
        lower_tail(0, 0, 0.5) == lower_tail(0, 0, 0.5, 10) == lower_tail(5, 5, 0.5, 10) == lower_tail(0, 9, 0.0, 10) == lower_tail(0, 9, 0.4, 0) == 1
    )
    assert lower_tail(0, 9, 1.0) == 0 and lower_tail([], [], 0.5).shape == (0,) and lower_tail([[1, 2]], [[5, 6]], 0.5, 9.5).shape == (1, 2)
    assert lower_tail(3, 10, 1.0, 10) == pytest.approx(fisher_exact([[3, 7], [10, 0]], alternative="less").pvalue)
    assert len(tails(*(np.zeros(0) for _ in range(4)))) == 0
    for wrong in ((2, 1, 0.5), (-1, 1, 0.5), (0.5, 1, 0.5), (1, 2, 1.2), (1, 2, np.nan), (1, 2, 0.5, -1), (1, 2, 0.5, np.nan)):
        with pytest.raises(ValueError):
            lower_tail(*wrong)


def test_q_as_scipy_tells_it() -> None:
    rng = np.random.default_rng(3)
    for size in (1, 2, 200, 20_000):
        p = rng.random(size) ** 2
        assert q_values(p) == pytest.approx(false_discovery_control(p), abs=1e-12)
    assert q_values([0.04, 0.04, 1.0, 0.0]).tolist() == pytest.approx(false_discovery_control([0.04, 0.04, 1.0, 0.0]).tolist())
    assert q_values([]).tolist() == []
    for wrong in ([1.2], [np.nan], [-0.1, 0.5]):
        with pytest.raises(ValueError):
            q_values(wrong)


def test_how_many_finds_are_luck() -> None:
    """2,000 segments, 100 of which truly leak: of those with q <= 0.10 fewer than a tenth do not."""
    rng = np.random.default_rng(9)
    luck, found = [], []
    for _ in range(40):
        n, n0 = rng.integers(30, 600, (2, 2000))
        rate = rng.uniform(0.1, 0.6, 2000)
        leaks = np.arange(2000) < 100
        k, k0 = rng.binomial(n, rate * np.where(leaks, 0.6, 1.0)), rng.binomial(n0, rate)
        told = q_values(lower_tail(k, n, k0 / n0, n0)) <= 0.10
        luck.append((told & ~leaks).sum() / max(1, told.sum()))
        found.append(told[leaks].mean())
    measured(f"q <= 0.10 over 2,000 segments: {np.mean(luck):.1%} of the finds are luck, {np.mean(found):.0%} of the leaks are found")
    assert np.mean(luck) <= 0.10
