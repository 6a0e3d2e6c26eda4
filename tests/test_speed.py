"""The clocks of the Speed screen: delays, shares in time and quantiles against lifelines, loads against counting one by one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from plumbline.clock import DAY
from plumbline.history.precision import are_dates
from plumbline.speed.delays import HOUR, KINDS, LIMITS, MINUTE, by_group, delays, mean_parts, within
from plumbline.speed.waits import NEVER, NOBODY, Waits

THROUGH = 400 * DAY


def random_waits(seed: int, n: int = 300) -> Waits:
    """Passes with ties, attempts before the hand-over, nobody's leads, and instants on a coarse grid."""
    rng = np.random.default_rng(seed)
    grid = int(rng.choice([1, MINUTE, HOUR]))

    def instants(after: np.ndarray, scale: int, share: float) -> np.ndarray:
        at = after + (rng.exponential(scale, n) // grid * grid).astype(np.int64)
        return np.where((rng.random(n) < share) & (at <= THROUGH), at, NEVER)

    mql = np.sort(rng.integers(0, THROUGH, n)) // grid * grid
    handed = instants(mql, 3 * HOUR, 0.9)
    attempt = np.where(handed == NEVER, NEVER, instants(np.maximum(mql, handed - HOUR), DAY, 0.7))
    attempt = np.where((attempt < mql) & (attempt != NEVER), mql, attempt)
    ends = np.where(rng.random(n) < 0.2, np.minimum(mql + rng.integers(0, 90 * DAY, n), THROUGH), THROUGH)
    handed, attempt = (np.where(at <= ends, at, NEVER) for at in (handed, attempt))
    left = np.where(rng.random(n) < 0.5, np.minimum(mql + rng.integers(0, 60 * DAY, n), THROUGH), NEVER)
    rep = np.where(handed == NEVER, NOBODY, rng.integers(0, 6, n))
    never = np.full(n, NEVER)
    whole = np.arange(n, dtype=np.int32)
    return Waits(whole, whole, mql, handed, attempt, attempt, ends, left, never, rep.astype(np.int32), (rep % 3).astype(np.int32), THROUGH)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", KINDS)
def test_quantiles_of_every_group_are_those_of_lifelines(seed: int, kind: str) -> None:
    waits = random_waits(seed)
    waited = delays(waits, kind)
    codes = waits.rep[waited.of]
    for group in by_group(waited, codes, HOUR):
        mine = codes == group.code
        fitted = KaplanMeierFitter().fit(waited.time[mine] / 1e6, waited.happened[mine])
        for share, ours in ((0.5, group.median), (0.9, group.p90)):
            reached = fitted.survival_function_["KM_estimate"]
            there = reached[reached <= 1 - share + 1e-9]
            theirs = math.inf if there.empty else float(there.index[0])
            assert (math.inf if ours is None else ours / 1e6) == pytest.approx(theirs, abs=1e-9)
        old = mine & (waited.age >= HOUR)
        assert (group.n, group.k) == (old.sum(), (old & waited.happened & (waited.time <= HOUR)).sum())
        assert (group.passes, group.happened) == (mine.sum(), waited.happened[mine].sum())


def test_shares_count_those_never_tried_and_leave_out_the_young() -> None:
    at = np.array([THROUGH - 2 * HOUR, THROUGH - 10 * DAY, THROUGH - 10 * DAY, THROUGH - 10 * DAY])
    tried = np.array([NEVER, at[1] + 5 * MINUTE, at[2] + 25 * HOUR, NEVER])
    waits = replace(random_waits(1, 4), mql=at, handed=at, attempt=tried, ends=np.full(4, THROUGH))
    waited = delays(waits, "total")
    assert [within(waited, limit) for limit in LIMITS.values()] == [(1, 4), (1, 4), (1, 4), (1, 3), (2, 3)]


def test_an_attempt_before_the_hand_over_is_no_delay_and_is_flagged() -> None:
    at = np.array([0, 0, 0])
    waits = replace(random_waits(1, 3), mql=at, handed=np.array([HOUR, HOUR, NEVER]), attempt=np.array([MINUTE, 2 * HOUR, MINUTE]))
    human = delays(waits, "human")
    assert human.of.tolist() == [0, 1]  # never handed over: that delay does not exist
    assert (human.time.tolist(), human.flagged) == ([0, HOUR], 1)
    assert delays(waits, "total").time.tolist() == [MINUTE, 2 * HOUR, MINUTE]


@pytest.mark.parametrize("seed", range(6))
def test_the_mean_parts_of_the_same_leads_add_up_to_their_wait(seed: int) -> None:
    waits = random_waits(seed)
    both = waits.only((waits.handed != NEVER) & (waits.attempt != NEVER))
    told = mean_parts(waits)
    assert told.n == len(both)
    assert told.total == pytest.approx((both.attempt - both.mql).mean())
    assert told.human == pytest.approx(np.maximum(both.attempt - both.handed, 0).mean())
    assert mean_parts(waits.only(waits.attempt == NEVER)).n == 0


def test_a_clock_of_open_hours_measures_the_wait_and_the_age() -> None:
    waits = random_waits(3)

    def half(start: np.ndarray, end: np.ndarray, team: np.ndarray) -> np.ndarray:
        assert len(start) == len(end) == len(team)
        return (end - start) // 2

    ours, whole = delays(waits, "total", half), delays(waits, "total")
    assert (ours.time == whole.time // 2).all()
    assert (ours.age == whole.age // 2).all()


def test_dates_are_told_from_instants() -> None:
    rng = np.random.default_rng(1)
    days = rng.integers(0, 1000, 500) * DAY
    assert are_dates(days)
    assert are_dates(days + 9 * HOUR)
    assert not are_dates(days + rng.integers(0, DAY, 500))
    assert not are_dates(np.array([5 * HOUR]))
    assert not are_dates(np.array([], np.int64))
    mixed = days + np.where(rng.random(500) < 0.1, rng.integers(0, DAY, 500), 0)
    assert not are_dates(mixed)
