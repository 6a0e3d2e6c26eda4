"""One lead's story decides as the replay does; and all leads at once stand as each one's story says."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest

from plumbline.definition import parse
from plumbline.replay import run
from plumbline.replay.explain import explain
from plumbline.replay.parts import parts
from tests.oracle.random_definitions import random_definition
from tests.oracle.random_replay_histories import random_replay_history
from tests.test_replay_oracle import EPOCH, MICROSECOND, loaded, random_until

HISTORIES, DEFINITIONS = 6, 8


def definitions(seed: int):
    return [parse(json.dumps(random_definition(f"{seed} {number}"), ensure_ascii=False)) for number in range(DEFINITIONS)]


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_story_decides_as_the_replay(seed: int, tmp_path: Path) -> None:
    history = random_replay_history(seed)
    rng = Random(f"story {seed}")
    decided = 0
    with loaded(history, tmp_path) as found:
        for definition in definitions(seed):
            until = random_until(history, rng)
            until = None if until is None else (until - EPOCH) // MICROSECOND
            decisions = run.replay(definition, found, until)
            for lead in range(found.leads):
                story = explain(definition, found, lead, until)
                first = story.decided
                assert (run.NEVER if first is None else first.at) == decisions.qualified_at[lead]
                if first is None or definition.threshold is None:
                    assert np.isnan(decisions.score[lead])
                else:
                    assert first.score == pytest.approx(decisions.score[lead], abs=1e-9)
                    decided += 1
    assert decided or seed  # some histories qualify nobody by points; the first does


def test_a_curve_passes_through_every_instant_and_fades_between(tmp_path: Path) -> None:
    definition = parse(json.dumps({"score": {"threshold": 1, "half_life_days": 5, "points": [{"activity": "webinar", "points": 10}]}}))
    with loaded(random_replay_history(3), tmp_path) as found:
        for lead in range(found.leads):
            story = explain(definition, found, lead)
            curve = story.curve(50)
            assert [one.at for one in curve] == sorted({one.at for one in curve})
            assert {one.at for one in story.states} <= {one.at for one in curve}
            known = {act.known for act in story.rows.acts if act.activity == "webinar"}
            for before, after in pairwise(curve):
                assert after.score <= before.score + 1e-12 or after.at in known


@pytest.mark.parametrize("seed", range(20, 20 + HISTORIES))
def test_all_leads_at_once_stand_as_each_story_says(seed: int, tmp_path: Path) -> None:
    history = random_replay_history(seed)
    rng = Random(f"moments {seed}")
    with loaded(history, tmp_path) as found:
        for definition in definitions(seed):
            leads = rng.sample(range(found.leads), rng.randint(1, found.leads))
            stories = [explain(definition, found, lead) for lead in leads]
            moments = [rng.choice([*story.rows.instants, found.data_through, story.rows.created + rng.randrange(10**12)]) for story in stories]
            made = parts(definition, found, np.array(leads), np.array(moments))
            for place, (story, moment) in enumerate(zip(stories, moments, strict=True)):
                slow, fast = story.at(moment), made.state(place)
                assert [(one.holds, one.cell, one.times, one.latest) for one in fast.found] == [
                    (one.holds, one.cell, one.times, one.latest) for one in slow.found
                ]
                assert [one.points for one in fast.found] == pytest.approx([one.points for one in slow.found], abs=1e-9)
                assert fast.qualifies == slow.qualifies or abs(slow.score - definition.threshold + 1e-9) < 1e-9
