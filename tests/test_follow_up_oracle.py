"""Speed and persistence against the slow oracle of tests/oracle/follow_up.py, on random histories; and both against lifelines and
statsmodels. Cases worked out by hand: test_follow_up_by_hand.py.
"""

from __future__ import annotations

import os
from dataclasses import replace
from math import isclose
from pathlib import Path

import pytest

from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from tests.figures import measured
from tests.importing_support import build_history
from tests.in_processes import in_processes
from tests.oracle import follow_up as oracle
from tests.oracle import funnel
from tests.oracle.follow_up import Promise
from tests.oracle.history import History as Told
from tests.oracle.random_follow_ups import LOTS, random_follow_ups, random_questions
from tests.oracle.random_histories import write_csv_folder
from tests.oracle.touches import all_passes, chosen

# An import takes as long for 100 leads as for one: so few histories, and big ones. 20 have about 1,300 leads.
SHORT, WHOLE = 20, 3_000
CROWDED = [17, 26, 58]  # with 30 passes at risk and many quantiles
EMPTY = {"touches": "lead_id,channel,occurred_at\n", "assignments": "lead_id,rep_id,occurred_at\n", "reps": "rep_id,name\n"}


def _rows(history: History, name: str, filters: Filters, parameters: dict | None = None) -> list[dict]:
    return run(history, name, filters, parameters or {}).to_dicts()


def _same(mine: object, other: object) -> bool:
    """Counts exactly, shares and seconds within 1e-9 (of a second or, where there are many, of their number)."""
    if mine is None or other is None or isinstance(other, int | str):
        return mine == other and type(mine) is type(other)
    return isclose(mine, other, rel_tol=1e-12, abs_tol=1e-9)


def agree(ours: list[dict], theirs: list[dict]) -> bool:
    """Whether rows are the same, in the same order, with the same columns."""
    return len(ours) == len(theirs) and all(
        list(mine) == list(other) and all(_same(mine[name], other[name]) for name in other) for mine, other in zip(ours, theirs, strict=True)
    )


def build(history: Told, folder: Path) -> History:
    """Through the import; a table that is there without a row is a file without a row."""
    options = write_csv_folder(history, folder / "in")
    for name, header in EMPTY.items():
        if history.tables.get(name) == []:
            (folder / "in" / f"{name}.csv").write_text(header, encoding="utf-8")
    return build_history(folder / "in", folder / "h.duckdb", **options)


def askable(opened: History, asked: funnel.Filters) -> tuple[funnel.Filters, Filters]:
    """The same question to both; attributes that the history does not have are left out."""
    known = {name: values for name, values in asked.segments.items() if name in opened.fields}
    segments = {name: tuple(values) for name, values in known.items() if values}
    if asked.sources:
        segments["source"] = tuple(asked.sources)
    return replace(asked, segments=known), Filters(asked.since, asked.until, segments, asked.passes)


def _few(number: int, promises: list[Promise]) -> list[Promise]:
    """All promises of the first question, one of each other."""
    return promises if number == 0 else promises[number % len(promises) :][:1]


def differences(seed: int, folder: Path) -> list[str]:
    """What was asked where product and oracle differ on random history `seed`."""
    history = random_follow_ups(seed)
    return disagreeing(history, history, random_questions(seed, history), folder)


def disagreeing(files: Told, history: Told, asked: tuple[list[funnel.Filters], list[Promise]], folder: Path) -> list[str]:
    """What was asked where they differ. files: what is imported; history: the same as the oracle reads it."""
    opened = build(files, folder)
    questions, promises = asked
    found = []
    passes = all_passes(history)
    for number, asked in enumerate(questions):
        wanted, filters = askable(opened, asked)
        some = chosen(passes, history, wanted)
        for name, parameters, theirs in (
            ("speed/first_attempt", {}, oracle.speed(some, history)),
            ("persistence/attempts", {}, oracle.attempts(some)),
            *(("persistence/promise", vars(promise), oracle.kept_promises(some, history, promise)) for promise in _few(number, promises)),
        ):
            if not agree(_rows(opened, name, filters, parameters), theirs):
                found.append(f"{name} {parameters} question {number}")
    opened.close()
    return found


def _compare(first: int, count: int) -> None:
    differing = {seed: found for seed, found in in_processes(differences, first, count, 2).items() if found}
    measured(f"speed and persistence against the slow oracle: {count} histories, {len(differing)} differ {dict(list(differing.items())[:5])}")
    assert not differing


@pytest.mark.timeout(1200)
def test_follow_up_agrees_with_oracle() -> None:
    _compare(0, int(os.environ.get("TEST_HISTORIES", SHORT)))


@pytest.mark.long
@pytest.mark.timeout(0)
def test_follow_up_agrees_with_oracle_on_many() -> None:
    _compare(SHORT, WHOLE - SHORT)


# Libraries


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", CROWDED)
def test_quantiles_and_hazards_agree_with_lifelines_and_statsmodels(seed: int, tmp_path: Path) -> None:
    from lifelines import KaplanMeierFitter  # slow to load, and the other processes need neither
    from lifelines.utils import qth_survival_times
    from statsmodels.stats.proportion import proportion_confint

    history = random_follow_ups(seed)
    opened = build(history, tmp_path)
    passes = all_passes(history)
    quantiles = hazards = 0
    for asked in [funnel.Filters(passes="all"), *(funnel.Filters(segments={"lot": [f"lot {number}"]}) for number in range(LOTS))]:
        _, filters = askable(opened, asked)
        some = chosen(passes, history, asked)
        waits = [oracle.wait(each, history) for each in some if not each.episode.is_implied]
        [row] = _rows(opened, "speed/first_attempt", filters)
        if waits:
            curve = KaplanMeierFitter().fit([wait.total_seconds() for wait, _ in waits], [ended for _, ended in waits])
            for name, still in (("median", 0.5), ("p90", 0.1)):
                found = float(qth_survival_times(still + 1e-9, curve.survival_function_))  # its curve is a float's width beside the exact one
                assert _same(row[name], None if found == float("inf") else found)
                quantiles += row[name] is not None
        counts = [count for each in some if (count := oracle.attempts_before_contact(each))[0]]
        rows = _rows(opened, "persistence/attempts", filters)
        assert len(rows) == max((k for k, _ in counts), default=0)
        if counts:
            table = KaplanMeierFitter().fit(*zip(*counts, strict=True)).event_table.reindex(range(1, len(rows) + 1))
            assert [row["at_risk"] for row in rows] == table["at_risk"].bfill().to_list()
            assert [row["contacted"] for row in rows] == table["observed"].fillna(0).to_list()
        for row in rows:
            if row["at_risk"] >= 30:
                low, high = proportion_confint(row["contacted"], row["at_risk"], method="wilson")
                assert (row["hazard"], row["low"], row["high"]) == pytest.approx((row["contacted"] / row["at_risk"], low, high), abs=1e-9)
                hazards += 1
    opened.close()
    assert quantiles >= 5
    assert hazards >= 1
