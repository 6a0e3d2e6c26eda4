"""The effect of each rule alone against the slow oracle: the definition without it, replayed and counted row by row."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import pytest

from plumbline.definition import ActivityRule, Definition, FieldRule, Points, parse
from plumbline.definition.edit import changed
from plumbline.history.connection import History
from plumbline.replay import facts, run
from plumbline.replay.plan import plan, without
from plumbline.simulation.rules import PARTS, Handed, each_added, each_rule
from plumbline.simulation.run import Settings, ground, simulate
from tests.figures import measured
from tests.oracle import simulation as oracle
from tests.oracle.random_simulations import random_question, random_simulation_history
from tests.test_replay_oracle import loaded

SHORT, WHOLE = 8, 200  # histories
_RULES = 5  # of each draft, against the oracle


def dropped(definition: dict) -> Iterator[tuple[str, int, dict]]:
    """(part, place, the YAML without that rule), in the order in which the lab tells them."""
    lists = {
        **{part: definition.get(part) or [] for part in ("required_fields", "fit", "behaviour", "exclude")},
        "criteria": (definition.get("criteria") or {}).get("of", []),
        "points": (definition.get("score") or {}).get("points", []),
    }
    for part in PARTS:
        for place in range(len(lists[part])):
            left = [rule for number, rule in enumerate(lists[part]) if number != place]
            other = dict(definition)
            if part == "criteria":
                other["criteria"] = {"at_least": min(definition["criteria"]["at_least"], len(left)), "of": left} if left else None
            elif part == "points":
                other["score"] = definition["score"] | {"points": left} if left else None
            else:
                other[part] = left
            yield part, place, {name: value for name, value in other.items() if value is not None}


def counted(history: oracle.History, asked: oracle.Question, definition: dict) -> tuple[set[str], tuple[int, ...]]:
    """(who is handed over in the period, (leads, accepted, judged, SQLs, unknown, decided before)) by the oracle."""
    threshold = oracle.own_threshold(definition)
    cases = oracle.cases(history, asked, oracle.passing(history, definition, [threshold])[threshold])
    members = oracle.handed_over(cases, history, asked)["definition"]
    accepted, judged = oracle.acceptance(members, history, asked, "draft")
    sqls, _ = oracle.sql_rate(members, history, asked, "draft")
    unknown, late = sum(case.episode is None for case in members), len(members) - len(oracle.undecided(members, "draft"))
    return {case.lead_id for case in members}, (len(members), accepted, judged, sqls, unknown, late)


def figures(found: Handed) -> tuple[int, ...]:
    return found.leads, found.accepted, found.judged, found.sqls, found.unknown, found.decided_before


def differences(seed: int, folder: Path) -> list[str]:
    history = random_simulation_history(seed)
    asked = random_question(seed, history)
    told = []
    with loaded(history, folder) as found:
        draft = parse(json.dumps(asked.definition, ensure_ascii=False))
        effects = each_rule(draft, ground(found), Settings(asked.since, asked.until))
    own, numbers = counted(history, asked, asked.definition)
    if figures(effects.draft) != numbers:
        told.append(f"{seed}: the draft {figures(effects.draft)}, oracle {numbers}")
    others = list(dropped(asked.definition))
    if [(one.part, one.place) for one in effects.rules] != [(part, place) for part, place, _ in others]:
        return [*told, f"{seed}: other rules"]
    for n in Random(seed).sample(range(len(others)), min(_RULES, len(others))):
        part, place, other = others[n]
        who, numbers = counted(history, asked, other)
        ours = effects.rules[n]
        if (figures(ours.after), ours.joins, ours.leaves) != (numbers, len(who - own), len(own - who)):
            told.append(f"{seed}: without {part} {place} {ours}, oracle {numbers} {len(who - own)} {len(own - who)}")
    return told


def _compare(first: int, count: int, tmp_path: Path) -> None:
    told = [line for seed in range(first, first + count) for line in differences(seed, tmp_path / str(seed))]
    measured(f"each rule against the slow oracle: {count} histories, {len(told)} differ {told[:3]}")
    assert not told


@pytest.mark.timeout(600)
def test_each_rule_agrees_with_oracle(tmp_path: Path) -> None:
    _compare(0, int(os.environ.get("TEST_HISTORIES", SHORT)), tmp_path)


@pytest.mark.long
@pytest.mark.timeout(0)
def test_each_rule_agrees_with_oracle_on_many(tmp_path: Path) -> None:
    _compare(SHORT, WHOLE - SHORT, tmp_path)


DRAFT = Definition(
    required_fields=("email",),
    fit=(FieldRule("employees", "at_least", 20),),
    behaviour=(ActivityRule("web_visit"),),
    criteria=(FieldRule("need", "is", True), ActivityRule("webinar", 1, 60.0), FieldRule("seniority", "one_of", ("vp", "director"))),
    at_least=1,
    exclude=(FieldRule("is_competitor", "is", True), ActivityRule("unsubscribe", 1, 90.0)),
    points=(
        Points(FieldRule("industry", "is", "software"), 10.0),
        Points(ActivityRule("demo_request"), 30.0, 60.0),
        Points(ActivityRule("webinar"), 20.0),
    ),
    threshold=20.0,
    half_life_days=30.0,
)
SETTINGS = Settings(date(2026, 3, 16), date(2026, 9, 14))


@pytest.fixture(scope="module")
def sample(sample_file: Path) -> Iterator[facts.Facts]:
    opened = History(sample_file)
    yield facts.load(opened)
    opened.close()


def test_a_plan_without_a_rule_decides_as_one_made_anew(sample: facts.Facts) -> None:
    made = plan(DRAFT, sample)
    for part in PARTS:
        for place in range(len(getattr(DRAFT, part))):
            left = changed(DRAFT, part, place, None)
            ours = run.replay_plan(without(made, DRAFT, part, place, left, sample), left, sample)
            anew = run.replay(left, sample)
            assert np.array_equal(ours.qualified_at, anew.qualified_at), (part, place)
            assert np.array_equal(ours.score, anew.score, equal_nan=True), (part, place)


def test_the_draft_is_counted_as_in_the_simulation(sample: facts.Facts) -> None:
    stage = ground(sample)
    found, summary = each_rule(DRAFT, stage, SETTINGS).draft, simulate(DRAFT, None, stage, SETTINGS).summary
    assert found.leads == summary["qualified"]["definition"]
    assert (found.accepted, found.judged) == tuple(summary["acceptance"]["definition"][name] for name in ("k", "n"))
    assert found.interval == tuple(summary["acceptance"]["definition"][name] for name in ("low", "high"))
    assert found.unknown == summary["bounds"]["unknown"]


def test_a_rule_added_and_dropped_again_is_no_change(sample: facts.Facts) -> None:
    stage = ground(sample)
    added = ("exclude", FieldRule("source", "is", "webinar"))
    before, (effect,) = each_added(DRAFT, [added], stage, SETTINGS)
    more = changed(DRAFT, "exclude", None, added[1])
    back = each_rule(more, stage, SETTINGS)
    assert back.draft == effect.after
    assert effect.changes and not effect.joins and effect.leaves
    (same,) = [one for one in back.rules if (one.part, one.place) == ("exclude", 2)]
    assert same.after == before and (same.joins, same.leaves) == (effect.leaves, effect.joins)


def test_what_follows_from_a_change() -> None:
    three = replace(DRAFT, at_least=3)
    assert changed(three, "criteria", 0, None).at_least == 2
    alone = replace(DRAFT, criteria=DRAFT.criteria[:1])
    assert (changed(alone, "criteria", 0, None).criteria, changed(alone, "criteria", 0, None).at_least) == ((), 0)
    one = replace(DRAFT, points=DRAFT.points[:1])
    assert (changed(one, "points", 0, None).threshold, changed(one, "points", 0, None).half_life_days) == (None, None)
    assert changed(Definition(), "points", None, DRAFT.points[0]).threshold == 50.0
    assert changed(DRAFT, "fit", 0, FieldRule("employees", "at_least", 50)).fit == (FieldRule("employees", "at_least", 50),)


def test_a_draft_of_one_rule_leaves_everybody(sample: facts.Facts) -> None:
    effects = each_rule(Definition(fit=(FieldRule("industry", "is", "software"),)), ground(sample), SETTINGS)
    created = sample.events.created
    since, until = (run.np.datetime64(day, "us").astype(np.int64) for day in (SETTINGS.since, SETTINGS.until))
    assert effects.rules[0].after.leads == int(((created >= since) & (created < until)).sum())
