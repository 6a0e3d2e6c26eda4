"""Leak classes against the slow oracle of tests/oracle/leaks.py, on random histories. Cases worked out by hand: test_leaks_by_hand.py."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from plumbline.metrics import run
from tests.figures import measured
from tests.in_processes import in_processes
from tests.oracle.leaks import CLASSES, K, leaks, rows, step_of
from tests.oracle.random_leaks import random_leak_questions, random_leaks
from tests.oracle.touches import all_passes, chosen
from tests.test_follow_up_oracle import agree, askable, build

# 20 histories have about 3,000 passes of leads.
SHORT, WHOLE = 20, 3_000
OFTEN = 20  # each class of each step at least, in the short run


def differences(seed: int, folder: Path) -> tuple[list[str], Counter]:
    """What was asked where product and oracle differ on random history `seed`; and how many leaks of each kind it has, by the oracle."""
    history = random_leaks(seed)
    opened = build(history, folder)
    passes = all_passes(history)
    found = []
    for number, (asked, terms) in enumerate(random_leak_questions(seed, history)):
        wanted, filters = askable(opened, asked)
        some = chosen(passes, history, wanted)
        for horizons, k in terms:
            parameters = {f"{stage}_days": days for stage, days in horizons.items()} | ({} if k is None else {"k": k})
            theirs = rows(leaks(history, some, horizons, K if k is None else k))
            if not agree(run(opened, "leaks/classes", filters, parameters).to_dicts(), theirs):
                found.append(f"{parameters} question {number}")
    opened.close()
    return found, Counter((step_of(leak.stage), leak.leak_class) for leak in leaks(history, passes))


def _compare(first: int, count: int) -> Counter:
    """How often each kind of leak occurred."""
    results = in_processes(differences, first, count, 2)
    differing = {seed: found for seed, (found, _) in results.items() if found}
    kinds = sum((counted for _, counted in results.values()), Counter())
    measured(f"leak classes against the slow oracle: {count} histories, {kinds.total()} leaks, {len(differing)} histories differ "
             f"{dict(list(differing.items())[:5])}")  # fmt: skip
    assert not differing
    return kinds


@pytest.mark.timeout(1200)
def test_leak_classes_agree_with_oracle() -> None:
    histories = int(os.environ.get("TEST_HISTORIES", SHORT))
    kinds = _compare(0, histories)
    rare = {
        (step_of(stage), name): kinds[step_of(stage), name] for stage in CLASSES for name in CLASSES[stage] if kinds[step_of(stage), name] < OFTEN
    }
    assert not rare or histories < SHORT


@pytest.mark.long
@pytest.mark.timeout(0)
def test_leak_classes_agree_with_oracle_on_many() -> None:
    _compare(SHORT, WHOLE - SHORT)
