"""How leads stood at instants of their own: against the slow oracle of the replay, and against one lead's story, on random histories."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest

from plumbline.definition import parse
from plumbline.replay.explain import explain
from plumbline.replay.states_at import known, meets
from tests.figures import measured
from tests.in_processes import in_processes
from tests.oracle import replay as oracle
from tests.oracle.attributes import known_at
from tests.oracle.random_definitions import KINDS, random_definition
from tests.oracle.random_histories import NEAR
from tests.oracle.random_replay_histories import random_replay_history
from tests.test_replay_oracle import EPOCH, MICROSECOND, loaded

SHORT, WHOLE = 12, 2_000
DEFINITIONS, PAIRS = 12, 60
MINUTE = timedelta(seconds=60)


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def moment_of(subject: oracle.Subject, through: datetime, rng: Random) -> datetime:
    """At, beside, or a minute from something that became known of the lead; or a window after it happened."""
    instants = oracle.decision_instants(subject)
    at = rng.choice([*instants, *[act.occurred_at for act in subject.acts], through])
    return at + rng.choice([timedelta(0), timedelta(0), *NEAR, MINUTE, -MINUTE, -MINUTE - MICROSECOND, timedelta(days=rng.choice([1, 7, 30]))])


def is_known(subject: oracle.Subject, field: str, at: datetime, until: datetime) -> bool:
    """Known at an instant, or at some later one up to `until`."""
    later = [known_at(row, subject.lead) for row in subject.changes.get(field, [])]
    return any(oracle.cell_at(subject, field, t) is not None for t in [at, *(t for t in later if at < t <= until)])


def differences(seed: int, folder: Path) -> list[str]:
    """Pairs of a lead and a moment on which product, story and oracle differ on random history `seed`."""
    history = random_replay_history(seed)
    rng = Random(f"states at of {seed}")
    told = []
    subjects = oracle.subjects(history)
    with loaded(history, folder) as found:
        number = {lead_id: place for place, lead_id in enumerate(found.lead_ids())}
        for one in range(DEFINITIONS):
            definition = random_definition(f"{seed} {one}")
            mine = parse(json.dumps(definition, ensure_ascii=False))
            pairs = [(subject, moment_of(subject, history.data_through, rng)) for subject in rng.choices(subjects, k=PAIRS)]  # many of them twice
            places = np.array([number[subject.lead.lead_id] for subject, _ in pairs])
            lead_no, moments = found.events.lead_no[places], np.array([micros(at) for _, at in pairs])
            ours = meets(found, mine, lead_no, moments)
            for (subject, at), place, answer in zip(pairs, places, ours, strict=True):
                state = explain(mine, found, int(place)).at(micros(at))
                theirs = oracle.qualifies(subject, definition, at)
                on_the_edge = state.score is not None and abs(state.score - definition["score"]["threshold"] + 1e-9) < 1e-12
                if (answer != theirs or answer != state.qualifies) and not on_the_edge:
                    told.append(f"definition {seed} {one}: {subject.lead.lead_id} at {at}: {answer}, {theirs}, {state.qualifies}")
            fields = rng.sample(sorted(KINDS), rng.randint(0, 3))
            ends = [at + rng.choice([MINUTE, MINUTE, timedelta(0), timedelta(days=5)]) for _, at in pairs]
            answers = known(found, fields, lead_no, moments, np.array([micros(end) for end in ends]))
            for (subject, at), end, answer in zip(pairs, ends, answers, strict=True):
                if answer != all(is_known(subject, field, at, end) for field in fields):
                    told.append(f"fields {fields} of {subject.lead.lead_id} from {at} to {end}: {answer}")
    return told


def _compare(first: int, count: int) -> None:
    differing = {seed: found for seed, found in in_processes(differences, first, count, 3).items() if found}
    measured(f"states at instants against the slow oracle: {count} histories, {len(differing)} differ {dict(list(differing.items())[:5])}")
    assert not differing


@pytest.mark.timeout(1200)
def test_states_agree_with_oracle() -> None:
    _compare(0, int(os.environ.get("TEST_HISTORIES", SHORT)))


@pytest.mark.long
@pytest.mark.timeout(0)
def test_states_agree_with_oracle_on_many() -> None:
    _compare(SHORT, WHOLE - SHORT)


def test_nobody_is_asked_about(tmp_path: Path) -> None:
    nobody = np.empty(0, np.int64)
    with loaded(random_replay_history(1), tmp_path) as found:
        assert not len(meets(found, parse("fit: [{field: employees, at_least: 1}]"), nobody, nobody))
        assert not len(known(found, ("need",), nobody, nobody, nobody))
