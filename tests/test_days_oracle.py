"""Funnel, speed and persistence against the slow oracle, on random histories some of whose times are dates without a time of day, or no dates at all.

The random follow-ups have exits and mqls at one instant, and tables of reps that are empty.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import test_against_oracle, test_follow_up_oracle
from tests.figures import measured
from tests.in_processes import in_processes
from tests.oracle.days import placed
from tests.oracle.random_days import with_dates, with_no_dates
from tests.oracle.random_follow_ups import random_follow_ups, random_questions
from tests.oracle.random_histories import random_filters, random_history

SHORT, FEW, WHOLE = 40, 8, 3_000


def funnel_differences(seed: int, folder: Path) -> list[str]:
    times = random_history(seed)
    history = with_dates(times, seed)
    return test_against_oracle.disagreeing(with_no_dates(history, seed), placed(history), random_filters(seed, times), folder)


def follow_up_differences(seed: int, folder: Path) -> list[str]:
    times = random_follow_ups(seed)
    history = with_dates(times, seed)
    return test_follow_up_oracle.disagreeing(with_no_dates(history, seed), placed(history), random_questions(seed, times), folder)


def _compare(name: str, count: int, first: int = 0) -> None:
    cases = {"funnel": funnel_differences, "speed and persistence": follow_up_differences}
    differing = {seed: found for seed, found in in_processes(cases[name], first, count, 2).items() if found}
    measured(f"{name} against the slow oracle with dates: {count} histories, {len(differing)} differ {dict(list(differing.items())[:5])}")
    assert not differing


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("name", "count"), [("funnel", SHORT), ("speed and persistence", FEW)])
def test_dates_agree_with_oracle(name: str, count: int) -> None:
    _compare(name, int(os.environ.get("TEST_HISTORIES", count)))


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize(("name", "count"), [("funnel", SHORT), ("speed and persistence", FEW)])
def test_dates_agree_with_oracle_on_many(name: str, count: int) -> None:
    _compare(name, WHOLE - count, count)
