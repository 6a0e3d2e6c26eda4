"""The flags beside the class of a leak against the slow oracle of tests/oracle/leak_flags.py, on random histories; owners, counted one by one."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from plumbline.history.episodes import NEVER
from plumbline.history.owners import NOBODY, Assignments, Passes, find_owners
from plumbline.metrics import run
from plumbline.statistics import wilson
from plumbline.ui.leaks import marks
from tests.figures import measured
from tests.in_processes import in_processes
from tests.oracle import leak_flags
from tests.oracle.funnel import HORIZONS
from tests.oracle.history import History as Told
from tests.oracle.history import resolve
from tests.oracle.leaks import STEPS, is_past_window, leaks, step_of
from tests.oracle.random_leaks import random_leak_questions, random_leaks
from tests.oracle.touches import Pass, all_passes, chosen
from tests.test_follow_up_oracle import askable, build

SHORT, WHOLE = 15, 2_000
FLAGS = ("untouched", "late_hand_over", "late_first_touch", "overloaded_rep", "status_stale", "over_60_days")
HOURS, STALE, CAPS = [0, 1, 24, 72, 2400], [0, 1, 14, 60], [0, 1, 2, 3, 5, 500]


def flags_of(history: Told, passes: list[Pass], hand_over: float, touch: float, stale: float, cap: int) -> dict[int, set[str]]:
    """id of a pass -> the flags it carries."""
    leads = {lead.lead_id: lead for lead in resolve(history)}
    told = {}
    for each in passes:
        marks = {
            "untouched": leak_flags.is_untouched(each),
            "late_hand_over": leak_flags.is_late_hand_over(each, history, timedelta(hours=hand_over)),
            "late_first_touch": leak_flags.is_late_first_touch(each, history, timedelta(hours=touch)),
            "overloaded_rep": leak_flags.is_rep_overloaded(each, history, passes, cap),
            "status_stale": leak_flags.is_status_stale(each, leads[each.episode.lead_id], history, timedelta(days=stale)),
            "over_60_days": leak_flags.is_neglected(each, history),
        }
        told[id(each)] = {name for name, holds in marks.items() if holds}
    return told


def went_on(each: Pass, stage: str, following: str, history: Told, days: float) -> bool:
    """Old enough, and the next stage came within the window."""
    entered, then = each.episode.entered.get(stage), each.episode.entered.get(following)
    if entered is None or then is None or not is_past_window(each.episode, stage, history, days):
        return False
    return then - entered <= timedelta(days=days)


def differences(seed: int, folder: Path) -> tuple[list[str], Counter]:
    """What was asked where the two differ on random history `seed`; how often each flag is on a leak."""
    history, rng = random_leaks(seed), Random(f"flags of {seed}")
    opened = build(history, folder)
    passes = all_passes(history)
    found, often = [], Counter()
    for number, (asked, terms) in enumerate(random_leak_questions(seed, history)):
        wanted, filters = askable(opened, asked)
        some = chosen(passes, history, wanted)
        horizons, k = terms[-1]
        limits = rng.choice(HOURS), rng.choice(HOURS), rng.choice(STALE), rng.choice(CAPS)
        flags = flags_of(history, passes, *limits)
        asked_for = dict(zip(("hand_over_hours", "touch_hours", "stale_days", "cap"), limits, strict=True))
        parameters = {f"{stage}_days": days for stage, days in horizons.items()} | ({} if k is None else {"k": k})
        theirs = []
        leaked = leaks(history, some, horizons)
        for stage, following in zip(STEPS, (*STEPS[1:], "won"), strict=True):
            own = [leak.each for leak in leaked if leak.stage == stage]
            on = [each for each in some if went_on(each, stage, following, history, (HORIZONS | horizons)[stage])]
            for name in FLAGS if own else ():
                n = sum(name in flags[id(each)] for each in own)
                often[name] += n
                compared = sum(name in flags[id(each)] for each in on) if name in ("late_hand_over", "overloaded_rep") else None
                theirs.append((step_of(stage), name, len(own), n, n / len(own), *wilson(n, len(own)), len(on), compared))
        ours = run(opened, "leaks/flags", filters, parameters | asked_for).rows()
        if len(ours) != len(theirs) or any(not same(one, other) for one, other in zip(ours, theirs, strict=True)):
            found.append(f"question {number} {parameters} {asked_for}: {[pair for pair in zip(ours, theirs, strict=False) if not same(*pair)][:2]}")
        listed = run(opened, "leaks/leaked", filters, parameters | asked_for | {"step": "mql", "most": 10**6})
        counted = Counter(name for told in listed["flags"].drop_nulls() for name in told.split(", "))
        if counted != Counter({row[1]: row[3] for row in theirs if row[0] == "mql->sal" and row[3]}):
            found.append(f"question {number}: the list has other flags")
    opened.close()
    return found, often


def same(one: tuple, other: tuple) -> bool:
    return all(a == b or (isinstance(a, float) and isinstance(b, float) and abs(a - b) < 1e-9) for a, b in zip(one, other, strict=True))


def _compare(first: int, count: int) -> Counter:
    results = in_processes(differences, first, count, 2)
    differing = {seed: found for seed, (found, _) in results.items() if found}
    often = sum((counted for _, counted in results.values()), Counter())
    measured(f"flags of leaks against the slow oracle: {count} histories, {dict(often)}, {len(differing)} histories differ "
             f"{dict(list(differing.items())[:3])}")  # fmt: skip
    assert not differing
    return often


@pytest.mark.timeout(1200)
def test_flags_of_leaks_agree_with_oracle() -> None:
    histories = int(os.environ.get("TEST_HISTORIES", SHORT))
    often = _compare(0, histories)
    assert min(often[name] for name in FLAGS) > 50 or histories < SHORT


@pytest.mark.long
@pytest.mark.timeout(0)
def test_flags_of_leaks_agree_with_oracle_on_many() -> None:
    _compare(SHORT, WHOLE - SHORT)


@pytest.mark.parametrize("seed", range(30))
def test_open_leads_of_a_rep_are_those_counted_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    leads, end = int(rng.integers(1, 40)), 100
    given = sorted((int(rng.integers(leads)), int(rng.integers(end)), int(rng.integers(4))) for _ in range(int(rng.integers(0, 3 * leads))))
    told = []
    for lead in range(leads):
        at = int(rng.integers(end))
        for _ in range(int(rng.integers(0, 3))):
            closed = at + int(rng.integers(0, 30))
            handed = at + int(rng.integers(0, 20))
            told.append((lead, at, closed if rng.random() < 0.7 else NEVER, handed if rng.random() < 0.8 else NEVER, int(rng.integers(-1, 4))))
            if told[-1][2] == NEVER:
                break
            at = closed + int(rng.integers(0, 10))
    assignments = Assignments(*(np.array([row[n] for row in given], kind) for n, kind in enumerate((np.int32, np.int64, np.int32))))
    kinds = (np.int32, np.int64, np.int64, np.int64, np.int32)
    passes = Passes(*(np.array([row[n] for row in told], kind) for n, kind in enumerate(kinds)))
    found = find_owners(assignments, passes)
    for place, (lead, _, _, handed, rep) in enumerate(told):
        later = [row for row, (of, at, _) in enumerate(given) if of == lead and handed != NEVER and at >= handed]
        assert found.last_row[place] == (later[-1] if later else -1)
        if rep == NOBODY or handed == NEVER:
            assert found.open_leads[place] == -1
            continue
        holds = 0
        for other, opened, closed, _, _ in told:
            owners = [by for of, at, by in given if of == other and at <= handed]
            holds += opened <= handed and (closed == NEVER or handed < closed) and owners[-1:] == [rep]
        assert found.open_leads[place] == holds


def test_marks_are_told_beside_those_that_went_on_where_they_can_be_compared() -> None:
    n, on = 100, 50
    rows = pl.DataFrame(
        {
            "episode_no": range(n + on),
            "went_on": [False] * n + [True] * on,
            "untouched": [True] * 40 + [False] * 60 + [False] * on,
            "late_hand_over": [True] * 30 + [False] * 70 + [True] * 5 + [False] * 45,
            "overloaded_rep": [False] * (n + on),
            "status_stale": [True] * 90 + [False] * (10 + on),
        }
    )
    told = marks.table(rows, 500)
    assert told["Mark"].to_list() == [marks.named(name, 500) for name in ("untouched", "late_hand_over", "status_stale")]  # the desk: nobody's
    assert told.row(1)[:5] == ("handed over later than 24 h after the MQL, or never", "30 % of 100", "10 % of 50", "+20 (+6 to +31)", False)
    assert told.row(0)[2] == "0 % of 50" and told.row(2)[2:4] == ("not compared", "")  # what only open leads can have
    assert (
        marks.title(told, n)
        == "What they have in common most: nobody tried to reach them until then (40 % of 100, 40 points more than of those that went on)"
    )
    alike = marks.table(rows.with_columns(untouched=True, late_hand_over=pl.col("episode_no") % 10 == 0), 500)
    assert alike["Mark"][0].startswith("nobody tried")  # of all that leaked, and of all that went on: nothing that they alone have in common
    assert marks.title(alike, n) == "No mark is more common among the leads that leaked than among those that went on, beyond chance"
    unknown = marks.table(rows.with_columns(untouched=pl.when("went_on").then(None).otherwise("untouched")), 500)
    assert unknown.row(0)[2:4] == ("not compared", "")  # not recorded of any that went on
    few = marks.table(rows.filter(pl.col("episode_no") < 20), 500)
    assert few["is_thin"].all() and "too few leads (20)" in marks.title(few, 20)
    assert marks.table(rows.filter("went_on").with_columns(untouched=False), 500).is_empty()
