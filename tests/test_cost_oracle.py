"""Sources and cost against the slow oracle of tests/oracle/cost.py, on random histories. Cases worked out by hand: test_cost_by_hand.py."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import pairwise
from math import isclose
from pathlib import Path

import pytest

from plumbline.filters import MISSING, Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from plumbline.statistics import wilson
from plumbline.text import clean, fold
from tests.figures import measured
from tests.importing_support import build_history
from tests.in_processes import in_processes
from tests.oracle import cost as oracle
from tests.oracle import funnel
from tests.oracle.random_histories import write_csv_folder
from tests.oracle.random_spend import random_spend_history, random_spend_questions

SHORT, WHOLE = 12, 2_000
WINDOWS = {"mql_days": 7, "sal_days": 30}
COUNTS = ("mqls", "mature", "accepted", "old_enough", "qualified", "in_window")


def _key(value: str | None) -> str | None:
    return fold(clean(value) or "") or None


def _theirs(key: str | None) -> str | None:
    return None if key is None else fold(key)


def _same(ours: dict, theirs: dict) -> bool:
    """Counts exactly, money within a ten-thousandth of a cent or 1e-9 of it."""
    for name, other in theirs.items():
        mine = ours[name]
        if mine is None or other is None or isinstance(other, int):
            if mine != other:
                return False
        elif not isclose(mine, float(other), rel_tol=1e-9, abs_tol=1e-6):
            return False
    return True


def _in_order(rows: list[dict]) -> bool:
    """By spend, the highest first, none last."""
    amounts = [float("-inf") if row["spend"] is None else row["spend"] for row in rows]
    return all(before >= after for before, after in pairwise(amounts))


def _agree(rows: list[dict], mine: dict, theirs: dict) -> bool:
    return len(mine) == len(rows) and mine.keys() == theirs.keys() and all(_same(mine[key], theirs[key]) for key in theirs) and _in_order(rows)


def _asked(opened: History, asked: funnel.Filters) -> tuple[funnel.Filters, Filters]:
    """The same question to both; attributes that the history does not have are left out."""
    known = {name: values for name, values in asked.segments.items() if name in opened.fields}
    segments = {name: tuple(MISSING if value is None else value for value in values) for name, values in known.items()}
    return replace(asked, segments=known), Filters(asked.since, asked.until, segments, asked.passes)


def differences(seed: int, folder: Path) -> list[str]:
    """What was asked where product and oracle differ on random history `seed`."""
    history = random_spend_history(seed)
    opened = build_history(folder / "in", folder / "h.duckdb", **write_csv_folder(history, folder / "in"))
    found = []
    for number, question in enumerate(random_spend_questions(seed, history)):
        told, filters = _asked(opened, question)
        rows = run(opened, "sources/cost", filters).to_dicts()
        mine = {_key(row["source"]): row for row in rows}
        theirs = {_theirs(key): row for key, row in oracle.cost(history, told).items()}
        if not _agree(rows, mine, theirs):
            found.append(f"cost {number}")
        rows = run(opened, "sources/campaigns", filters).to_dicts()
        split = {(_key(row["source"]), _key(row["campaign"])): row for row in rows}
        theirs = {(_theirs(source), _theirs(campaign)): row for (source, campaign), row in oracle.campaigns(history, told).items()}
        if not _agree(rows, split, theirs):
            found.append(f"campaigns {number}")
        by = ("source", "campaign")[number % 2]
        rows = run(opened, "sources/quality", filters, WINDOWS | {"by": by}).to_dicts()
        good = {(_key(row["source"]), _key(row["campaign"])): row for row in rows}
        theirs = {(_theirs(key[0]), _theirs(key[1])): row for key, row in oracle.quality(history, told, *WINDOWS.values(), by).items()}
        if good.keys() != theirs.keys() or any({name: good[key][name] for name in COUNTS} != theirs[key] for key in theirs):
            found.append(f"quality {number}")
        if not all(_has_its_intervals(row) for row in rows):
            found.append(f"intervals {number}")
    opened.close()
    return found


def _has_its_intervals(row: dict) -> bool:
    for k, n, names in (
        ("accepted", "mature", ("acceptance", "acceptance_low", "acceptance_high")),
        ("qualified", "old_enough", ("sql_share", "sql_low", "sql_high")),
    ):
        told = [row[name] for name in names]
        if not row[n]:
            if told != [None, None, None]:
                return False
            continue
        low, high = wilson(row[k], row[n])
        if not all(isclose(mine, other, rel_tol=1e-9, abs_tol=1e-12) for mine, other in zip(told, (row[k] / row[n], low, high), strict=True)):
            return False
    return True


def _compare(first: int, count: int) -> None:
    differing = {seed: found for seed, found in in_processes(differences, first, count).items() if found}
    told = dict(list(differing.items())[:5])
    measured(f"sources and cost against the slow oracle: {count} histories, 7 questions each, {len(differing)} differ {told}")
    assert not differing


@pytest.mark.timeout(600)
def test_sources_and_cost_agree_with_oracle() -> None:
    _compare(0, int(os.environ.get("TEST_HISTORIES", SHORT)))


@pytest.mark.long
@pytest.mark.timeout(0)
def test_sources_and_cost_agree_with_oracle_on_many() -> None:
    _compare(SHORT, WHOLE - SHORT)
