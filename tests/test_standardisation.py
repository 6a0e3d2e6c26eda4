"""What if the untreated had been treated like their peers: against exact fractions and a regression, and in worlds whose truth is known."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from plumbline.statistics import what_if, wilson
from plumbline.statistics.differences import difference, share_of
from plumbline.statistics.response import standardise
from tests.figures import measured
from tests.in_processes import in_processes

SHORT, WHOLE = 2000, 20_000


def _tables(seed: int, strata: int, largest: int = 120) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.integers(0, rng.integers(3, largest), (strata, 2, 2)) * (rng.random((strata, 2, 1)) < 0.8)


@pytest.mark.parametrize("seed", range(30))
def test_it_is_what_fractions_say(seed: int) -> None:
    tallies, at_least = _tables(seed, 1 + seed % 15), (1, 5, 10, 40)[seed % 4]
    rows = [one for one in tallies.tolist() if min(map(sum, one)) >= at_least]
    covered = sum(sum(untreated) for untreated, _ in rows)
    gained = sum(sum(untreated) * Fraction(treated[1], sum(treated)) - untreated[1] for untreated, treated in rows)
    found = what_if(tallies, at_least=at_least)
    assert found.n == tallies[:, 0].sum() and found.covered == covered and found.strata == len(rows)
    assert found.n_treated == sum(sum(treated) for _, treated in rows) and found.strata_seen == (tallies[:, 0].sum(axis=1) > 0).sum()
    if not covered:
        assert found.refusal in ("no_overlap", "nobody_untreated") and found.difference is None and found.is_too_few
        return
    assert found.refusal is None and found.coverage == pytest.approx(covered / found.n)
    assert found.gained.value == pytest.approx(float(gained), abs=1e-9)
    assert found.difference.value == pytest.approx(float(gained / covered), abs=1e-12)
    assert found.actual.value == pytest.approx(sum(untreated[1] for untreated, _ in rows) / covered, abs=1e-12)
    assert found.gained.low <= found.gained.value <= found.gained.high


def test_it_is_the_saturated_regression_averaged_over_the_untreated() -> None:
    tallies = _tables(5, 7) + 10
    stratum, treated, converted = np.array([(s, a, y) for s, a, y in np.ndindex(7, 2, 2) for _ in range(tallies[s, a, y])]).T
    dummies = np.equal.outer(stratum, np.arange(7)).astype(float)
    fitted = sm.OLS(converted, np.hstack([dummies, dummies * treated[:, None]])).fit()
    rows = treated == 0
    told = fitted.predict(np.hstack([dummies, dummies]))[rows].sum() - converted[rows].sum()
    assert what_if(tallies).gained.value == pytest.approx(told, abs=1e-8)


@pytest.mark.parametrize("seed", range(10))
def test_with_one_stratum_it_is_the_crude_interval(seed: int) -> None:
    tallies = _tables(seed, 1, 300)[:1] + 10
    (a, x), (b, y) = ((int(one.sum()), int(one[1])) for one in tallies[0])
    found, crude = what_if(tallies), difference(share_of(y, b), share_of(x, a))
    assert (found.difference.low, found.difference.high) == pytest.approx((crude.low, crude.high), abs=1e-9)
    assert (found.gained.low, found.gained.high) == pytest.approx((crude.low * a, crude.high * a), abs=1e-6)
    assert (found.expected.low, found.expected.high) == pytest.approx(wilson(y, b), abs=1e-9)
    both = standardise(tallies.astype(np.int64))
    assert found.difference.value == pytest.approx(both.difference.value)


def test_nothing_to_learn_is_an_answer() -> None:
    apart = what_if([[[40, 10], [0, 0]], [[0, 0], [50, 20]]])
    assert apart.refusal == "no_overlap" and apart.n == 50 and apart.coverage == 0 and apart.gained.value == 0 and not apart.excludes_zero
    few = what_if([[[40, 10], [5, 4]]])
    assert few.refusal == "no_overlap" and what_if([[[40, 10], [5, 4]]], at_least=9).refusal is None
    assert what_if([[[0, 0], [50, 20]]]).refusal == what_if(np.zeros((0, 2, 2))).refusal == "nobody_untreated"
    assert what_if([[[40, 10], [12, 4]]]).is_too_few and not what_if([[[40, 10], [32, 4]]]).is_too_few
    partly = what_if([[[40, 10], [60, 40]], [[200, 50], [3, 0]]])
    assert partly.covered == 50 and partly.n == 300 and partly.coverage == pytest.approx(1 / 6) and partly.strata_seen == 2
    assert partly.is_association and partly.excludes_zero and partly.gained.value == pytest.approx(10)
    for wrong in ([1, 2], [[[1, 2], [-1, 0]]], np.zeros((2, 2, 3))):
        with pytest.raises(ValueError):
            what_if(wrong)
    with pytest.raises(ValueError):
        what_if([[[1, 2], [3, 4]]], at_least=0)


def world_case(seed: int, _folder: Path) -> tuple[bool, bool, bool, float] | None:
    """(the interval holds the truth, the crude interval does, its sign is told, share covered): source x fit, better strata treated more often."""
    rng = np.random.default_rng(seed)
    sources, fits = int(rng.integers(2, 7)), 3
    good = rng.normal(-1.5, 0.5, sources)[:, None] + np.linspace(-0.8, 0.8, fits)
    base = 1 / (1 + np.exp(-good)).ravel()
    treated = 1 / (1 + np.exp(-(rng.uniform(-1.5, 1.0) + 0.8 * (good - good.mean())))).ravel()
    lift = rng.choice([0.0, rng.uniform(0.03, 0.15)])
    n = rng.multinomial(int(rng.choice([300, 1500, 6000])), rng.dirichlet(np.full(sources * fits, 1.5)))
    arms = rng.binomial(n, treated)
    sizes = np.stack([n - arms, arms], axis=1)
    chances = np.stack([base, np.minimum(base + lift, 0.98)], axis=1)
    k = rng.binomial(sizes, chances)
    tallies = np.stack([sizes - k, k], axis=2)
    found = what_if(tallies)
    if found.refusal:
        return None
    both = (sizes >= 10).all(axis=1)
    truth = float((sizes[both, 0] * (chances[both, 1] - chances[both, 0])).sum())
    untreated, peers = tallies[both].sum(axis=0)
    crude = difference(share_of(peers[1], peers.sum()), share_of(untreated[1], untreated.sum()))
    held = found.gained.low <= truth <= found.gained.high
    return held, crude.low <= truth / found.covered <= crude.high, found.excludes_zero == (lift > 0), found.coverage


def _judge(found: list[tuple[bool, bool, bool, float] | None]) -> None:
    told = [one for one in found if one]
    held, crude, sign, coverage = np.array(told, float).mean(axis=0)
    measured(
        f"what if, {len(told)} worlds, {len(found) - len(told)} refused: the interval holds the truth in {held:.1%}, the crude one in {crude:.1%}; "
    )
    measured(f"  says rightly whether there is a gain in {sign:.1%}, covers {coverage:.0%} of the untreated")
    assert 0.93 <= held <= 0.97 and crude < 0.9


def test_the_gain_is_within_its_interval() -> None:
    _judge([world_case(seed, Path()) for seed in range(SHORT)])


@pytest.mark.long
def test_the_gain_is_within_its_interval_in_all_worlds() -> None:
    _judge(list(in_processes(world_case, 0, WHOLE, chunk=500).values()))
