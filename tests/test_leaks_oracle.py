"""Leak classes against the slow oracle of tests/oracle/leaks.py, on random histories. Cases worked out by hand: test_leaks_by_hand.py."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from plumbline.filters import Filters
from plumbline.metrics import run
from tests.figures import measured
from tests.in_processes import in_processes
from tests.oracle.leaks import CLASSES, NOT_RECORDED, K, leaks, rows, step_of
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
    listed = [(step_of(stage), name) for stage in CLASSES for name in CLASSES[stage] if name != NOT_RECORDED]  # below, in histories without touches
    rare = {kind: kinds[kind] for kind in listed if kinds[kind] < OFTEN}
    assert not rare or histories < SHORT


@pytest.mark.long
@pytest.mark.timeout(0)
def test_leak_classes_agree_with_oracle_on_many() -> None:
    _compare(SHORT, WHOLE - SHORT)


@pytest.mark.parametrize("absent", [("touches",), ("assignments",), ("touches", "assignments")])
def test_leak_classes_of_what_is_not_recorded_agree_with_oracle(absent: tuple[str, ...], tmp_path: Path) -> None:
    for seed in range(2):
        history = random_leaks(seed)
        history = replace(history, tables={name: rows for name, rows in history.tables.items() if name not in absent})
        opened = build(history, tmp_path / str(seed))
        theirs = rows(leaks(history, all_passes(history)))
        ours = run(opened, "leaks/classes", Filters(episodes="all")).to_dicts()
        opened.close()
        assert agree(ours, theirs)
        assert any(row["class"] == NOT_RECORDED for row in ours) == ("touches" in absent)
