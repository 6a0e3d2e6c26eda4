"""The product against the slow oracle of tests/oracle, on random histories full of ties, skips, re-entries and merges."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from plumbline.filters import MISSING, Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from plumbline.text import clean, fold
from tests.figures import measured
from tests.importing_support import build_history
from tests.in_processes import in_processes
from tests.oracle import funnel as oracle
from tests.oracle.funnel import Filters as Asked
from tests.oracle.history import History as Told
from tests.oracle.random_histories import random_filters, random_history, write_csv_folder

SHORT, WHOLE = 500, 10_000
_PARAMETERS = {"mql": "mql_days", "sal": "sal_days", "sql": "sql_days", "opportunity": "opportunity_days"}


def _rows(history: History, name: str, filters: Filters, parameters: dict) -> list[dict]:
    return run(history, name, filters, parameters).to_dicts()


def _close(ours: list[dict], theirs: list[dict]) -> bool:
    if len(ours) != len(theirs):
        return False
    for mine, other in zip(ours, theirs, strict=True):
        if mine.keys() != other.keys():
            return False
        for name, value in mine.items():
            if isinstance(value, float) and other[name] is not None:
                if abs(value - other[name]) > 1e-5:
                    return False
            elif value != other[name]:
                return False
    return True


def differences(seed: int, folder: Path) -> list[str]:
    """Names of the metrics in which product and oracle differ on random history `seed`."""
    history = random_history(seed)
    return disagreeing(history, history, random_filters(seed), folder)


def disagreeing(files: Told, history: Told, asked: tuple[Asked, dict[str, int]], folder: Path) -> list[str]:
    """Names of the metrics in which they differ. files: what is imported; history: the same as the oracle reads it."""
    options = write_csv_folder(files, folder / "in")
    opened = build_history(folder / "in", folder / "h.duckdb", **options)
    wanted, horizons = asked
    known = {name: values for name, values in dict(wanted.segments or {}).items() if name in opened.fields}  # an unknown attribute is refused
    wanted = replace(wanted, segments=known)
    segments = {name: tuple(values) for name, values in known.items() if values}
    if wanted.sources:
        segments["source"] = tuple(wanted.sources)
    filters = Filters(wanted.since, wanted.until, segments, wanted.passes)
    windows = {_PARAMETERS[stage]: days for stage, days in horizons.items()}
    found = []
    for name, parameters, theirs in (
        ("funnel/stages", windows, oracle.stages(history, wanted, horizons)),
        ("funnel/cohorts", {**windows, "grain": "week"}, oracle.cohorts(history, wanted, "week", horizons)),
        ("funnel/cohorts", {**windows, "grain": "month"}, oracle.cohorts(history, wanted, "month", horizons)),
        ("funnel/flow", {"grain": "week"}, oracle.flow(history, wanted, "week")),
        ("funnel/time_in_stage", {}, oracle.time_in_stage(history, wanted)),
        ("funnel/inquiries", {"grain": "month"}, oracle.inquiries(history, wanted, "month")),
    ):
        if not _close(_rows(opened, name, filters, parameters), theirs):
            found.append(name)
    for field in ("source", "industry"):
        if field in opened.fields:
            ours = [
                {**row, "value": fold(row["value"]) if row["value"] else None}
                for row in _rows(opened, "funnel/breakdown", filters, {**windows, "by": field})
            ]
            theirs = [{**row, "value": fold(clean(row["value"]) or "") or None} for row in oracle.breakdown(history, field, wanted, horizons)]
            key = lambda row: (row["value"] or MISSING, ["mql", "sal", "sql", "opportunity", "won"].index(row["stage"]))  # noqa: E731
            if not _close(sorted(ours, key=key), sorted(theirs, key=key)):
                found.append(f"funnel/breakdown by {field}")
    opened.close()
    return found


def _compare(first: int, count: int) -> None:
    differing = {seed: found for seed, found in in_processes(differences, first, count).items() if found}
    measured(f"funnel against the slow oracle: {count} histories, {len(differing)} differences {dict(list(differing.items())[:5])}")
    assert not differing


@pytest.mark.timeout(1200)
def test_funnel_agrees_with_oracle() -> None:
    _compare(0, int(os.environ.get("TEST_HISTORIES", SHORT)))


@pytest.mark.long
@pytest.mark.timeout(0)
def test_funnel_agrees_with_oracle_on_many() -> None:
    _compare(SHORT, WHOLE - SHORT)
