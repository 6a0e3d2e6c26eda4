"""The replay of definitions against the slow oracle, on random histories; and that no decision ever looks ahead."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from plumbline.definition import parse
from plumbline.replay import facts, run
from tests.figures import measured
from tests.importing_support import build_history
from tests.in_processes import in_processes
from tests.oracle import replay as oracle
from tests.oracle.history import History
from tests.oracle.random_definitions import random_definition
from tests.oracle.random_futures import other_future
from tests.oracle.random_histories import write_csv_folder
from tests.oracle.random_replay_histories import random_replay_history

SHORT, WHOLE = 80, 1000  # histories: 960 and 12,000 pairs
DEFINITIONS = 12  # of each history
EPOCH = datetime(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)
Decided = dict[str, tuple[datetime | None, float | None]]


@contextmanager
def loaded(history: History, folder: Path) -> Iterator[facts.Facts]:
    """The facts of a history that went through the import."""
    options = write_csv_folder(history, folder / "in")
    opened = build_history(folder / "in", folder / "h.duckdb", **options)
    try:
        yield facts.load(opened)
    finally:
        opened.close()


def decided(found: facts.Facts, definition: dict, until: datetime | None = None) -> Decided:
    """What the product decides, in the oracle's words."""
    decisions = run.replay(parse(json.dumps(definition, ensure_ascii=False)), found, None if until is None else (until - EPOCH) // MICROSECOND)
    return {
        lead_id: (
            None if at == run.NEVER else EPOCH + timedelta(microseconds=int(at)),
            None if score != score else float(score),
        )
        for lead_id, at, score in zip(found.lead_ids(), decisions.qualified_at, decisions.score, strict=True)
    }


def unlike(ours: Decided, theirs: Decided) -> list[tuple]:
    """Leads that product and oracle decide differently: instants to the microsecond, scores within 1e-9."""
    if ours.keys() != theirs.keys():
        return [("leads", sorted(ours.keys() ^ theirs.keys()))]
    return [
        (lead_id, mine, theirs[lead_id])
        for lead_id, mine in ours.items()
        if mine[0] != theirs[lead_id][0]
        or (mine[1] is None) != (theirs[lead_id][1] is None)
        or (mine[1] is not None and abs(mine[1] - theirs[lead_id][1]) > 1e-9)
    ]


def random_until(history: History, rng: Random) -> datetime | None:
    """The end of the extract, or any instant, often one at which something is known; some after the end."""
    if rng.random() < 0.4:
        return None
    events = [row for table in ("activities", "lead_changes") for row in history.tables[table]] or [{"occurred_at": history.data_through}]
    row = rng.choice(events)
    at = rng.choice([row["occurred_at"], row.get("recorded_at") or row["occurred_at"], history.data_through])
    return at + rng.choice([timedelta(0), timedelta(0), MICROSECOND, -MICROSECOND, timedelta(days=2), timedelta(days=-2)])


def differences(seed: int, folder: Path) -> list[str]:
    """Definitions that product and oracle replay differently on random history `seed`."""
    history = random_replay_history(seed)
    rng = Random(f"until of {seed}")
    told = []
    with loaded(history, folder) as found:
        for number in range(DEFINITIONS):
            definition, until = random_definition(f"{seed} {number}"), random_until(history, rng)
            if wrong := unlike(decided(found, definition, until), oracle.replay(history, definition, until)):
                told.append(f"definition {seed} {number}, until {until}: {len(wrong)} leads, {wrong[0]}")
    return told


def _compare(first: int, count: int) -> None:
    differing = {seed: found for seed, found in in_processes(differences, first, count).items() if found}
    measured(f"replay against the slow oracle: {count} histories x {DEFINITIONS}, {len(differing)} differ {dict(list(differing.items())[:5])}")
    assert not differing


@pytest.mark.timeout(1200)
def test_replay_agrees_with_oracle() -> None:
    _compare(0, int(os.environ.get("TEST_HISTORIES", SHORT)))


@pytest.mark.long
@pytest.mark.timeout(0)
def test_replay_agrees_with_oracle_on_many() -> None:
    _compare(SHORT, WHOLE - SHORT)


def looks_ahead(seed: int, folder: Path, leads: int | None, instants: int) -> list[str]:
    """Definitions by which a decision up to an instant changed with what became known after it."""
    history = random_replay_history(seed, leads)
    definitions = [random_definition(f"{seed} {number}") for number in range(DEFINITIONS)]
    rng = Random(f"futures of {seed}")
    with loaded(history, folder / "before") as found:
        before = [decided(found, definition) for definition in definitions]
    made = [at for one in before for at, _ in one.values() if at is not None]
    told = []
    for number in range(instants):
        t = rng.choice(made) if made and rng.random() < 0.7 else rng.choice(history.tables["leads"])["created_at"]
        t = min(t + rng.choice([timedelta(0), timedelta(0), MICROSECOND, -MICROSECOND, timedelta(days=3)]), history.data_through)
        with loaded(other_future(history, t, rng), folder / f"after {number}") as found:
            for definition, then in zip(definitions, before, strict=True):
                now = decided(found, definition)
                if wrong := unlike(_up_to(t, then), _up_to(t, now)):
                    told.append(f"seed {seed}, {t}: {wrong[0]}, {definition}")
    return told


def _up_to(t: datetime, told: Decided) -> Decided:
    return {lead_id: (at, score) for lead_id, (at, score) in told.items() if at is not None and at <= t}


def _look(case: tuple[int, int | None, int]) -> list[str]:
    with TemporaryDirectory() as folder:
        return looks_ahead(case[0], Path(folder), case[1], case[2])


def _no_look_ahead(cases: list[tuple[int, int | None, int]]) -> None:
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
        told = [line for lines in workers.map(_look, cases) for line in lines]
    measured(f"look-ahead: {len(cases)} histories, {len(told)} decisions changed by what came later {told[:3]}")
    assert not told


@pytest.mark.timeout(600)
def test_no_decision_looks_ahead() -> None:
    _no_look_ahead([(seed, None, 3) for seed in range(12)])


@pytest.mark.long
@pytest.mark.timeout(0)
def test_no_decision_looks_ahead_on_many() -> None:
    _no_look_ahead([(seed, 1000, 20) for seed in range(100, 104)] + [(seed, None, 5) for seed in range(200, 400)])
