"""Promises against the slow oracle of tests/oracle/promises.py, on random histories and agreements. By hand: test_promises_by_hand.py."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from random import Random

import pytest

from plumbline.agreement import parse, scorecard, weeks
from plumbline.agreement.behind import of_week
from plumbline.agreement.items import ground
from tests.figures import measured
from tests.in_processes import in_processes
from tests.oracle import promises as oracle
from tests.oracle.days import placed
from tests.oracle.history import History as Told
from tests.oracle.random_days import with_dates
from tests.oracle.random_promises import random_agreement, random_promises
from tests.test_follow_up_oracle import build

# An import takes as long for 100 leads as for one: so few histories, and big ones, each asked a lot.
SHORT, WHOLE = 12, 5_000
AGREEMENTS, TREND = 2, 9  # of each history; weeks in one pass
ALONE = 0.2  # of the weeks are asked for by themselves too
DATED_FROM = 1_000_000  # seeds from here on have dates without times
STAGES = ("mql", "sal", "sql", "opportunity")
AS_SHOWN = ("lead_id", "opened_at", "start", "deadline", "met_at", "outcome")


def asked_week(world: oracle.World, every: dict[str, list[oracle.Item]], rng: Random) -> weeks.Week:
    """A week in which much is due, most often; or the one of the end or beside it, or any in which something is."""
    zone = world.history.time_zone
    due = Counter(oracle.monday_of(item.deadline, zone) for found in every.values() for item in found)
    end = oracle.monday_of(world.through, zone)
    busy = [monday for monday, _ in due.most_common(4)] or [end]
    near = [end + timedelta(days=days) for days in (0, 0, -7, 7)]
    return weeks.Week(rng.choice([rng.choice(busy), rng.choice(busy), rng.choice(near), rng.choice([*due, end])]))


def shown(item: oracle.Item) -> tuple:
    return tuple(getattr(item, name) for name in AS_SHOWN)


def in_order(kind: str, found: list[oracle.Item]) -> list[tuple]:
    """As sla/items shows them."""
    if kind == "open_leads":
        return [(*shown(one), one.beside) for one in sorted(found, key=lambda one: (one.beside, one.lead_id))]
    by_stage = {name: place for place, name in enumerate(STAGES)}
    rows = sorted(found, key=lambda one: (one.deadline, one.lead_id, one.opened_at, by_stage.get(one.beside, 0)))
    return [(*shown(one), one.beside) if kind == "status" else shown(one) for one in rows]


def differences(seed: int, folder: Path) -> list[str]:
    """What was asked where product and oracle differ on random history `seed`."""
    times = random_promises(seed % DATED_FROM)
    is_dated = seed >= DATED_FROM
    files = with_dates(times, seed) if is_dated else times
    return disagreeing(
        files, placed(files) if is_dated else times, [random_agreement(f"{seed} {number}", is_dated) for number in range(AGREEMENTS)], folder
    )


def disagreeing(files: Told, history: Told, agreements: list[dict], folder: Path) -> list[str]:
    """files: what is imported; history: the same as the oracle reads it."""
    opened = build(files, folder)
    rng = Random(f"weeks of {len(history.tables['leads'])}")
    told = []
    for number, agreement in enumerate(agreements):
        known = ground(opened, parse.parse(json.dumps(agreement, ensure_ascii=False)))
        world = oracle.World(history, agreement)
        promised = oracle.promised(agreement)
        last = history.data_through + timedelta(days=80)
        every = {kind: oracle.items(world, kind, says, last) for _, kind, says in promised if kind != "open_leads"}
        week = asked_week(world, every, rng)
        found = {kind: oracle.of_week(world, kind, says, week.monday, every.get(kind, [])) for _, kind, says in promised}
        for _, kind, _ in promised:
            ours = of_week(known, known.agreement.promise(kind), week)
            if ours.rows() != in_order(kind, found[kind]):
                lacking = set(in_order(kind, found[kind])) ^ set(ours.rows())
                told.append(f"agreement {number}, {week.name}, items of {kind}: {sorted(map(str, lacking))[:4]}")
        several = weeks.span(week + rng.randrange(TREND), TREND)
        for one, mine in zip(several, scorecard.trend(known, several), strict=True):
            ours = [{name: getattr(row, name) for name in scorecard.COLUMNS} for row in mine]
            theirs = [
                oracle.row(world, side, kind, says, one.monday, oracle.of_week(world, kind, says, one.monday, every.get(kind, [])))
                for side, kind, says in promised
            ]
            told += [f"agreement {number}, {one.name}: {a} and not {b}" for a, b in zip_longest(ours, theirs) if a != b or list(a) != list(b)]
            if one == week and rng.random() < ALONE and scorecard.scorecard(known, week) != mine:
                told.append(f"agreement {number}, {week.name}: alone it is another")
    opened.close()
    return told


def _compare(name: str, first: int, count: int) -> None:
    differing = {seed: found for seed, found in in_processes(differences, first, count, 1).items() if found}
    measured(f"promises against the slow oracle{name}: {count} histories, {len(differing)} differ {dict(list(differing.items())[:3])}")
    assert not differing


@pytest.mark.timeout(1200)
def test_promises_agree_with_oracle() -> None:
    _compare("", 0, int(os.environ.get("TEST_HISTORIES", SHORT)))


@pytest.mark.timeout(1200)
def test_promises_with_dates_agree_with_oracle() -> None:
    _compare(" with dates", DATED_FROM, int(os.environ.get("TEST_HISTORIES", SHORT)) // 2)


@pytest.mark.long
@pytest.mark.timeout(0)
def test_promises_agree_with_oracle_on_many() -> None:
    _compare("", SHORT, WHOLE - SHORT)
    _compare(" with dates", DATED_FROM + SHORT, WHOLE // 5)


def test_the_oracle_knows_weeks() -> None:
    assert oracle.week_bounds(datetime(2026, 3, 23).date(), "Europe/Berlin") == (datetime(2026, 3, 22, 23), datetime(2026, 3, 29, 21, 59, 59, 999999))
