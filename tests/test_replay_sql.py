"""The SQL form of a definition against the kernel: every lead's instant, and its score within 1e-9."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

import numpy as np
import pytest

from plumbline.definition import Definition, parse
from plumbline.definition.presets import presets
from plumbline.history.connection import History
from plumbline.replay import facts, run, sql_form
from tests.figures import measured
from tests.in_processes import in_processes
from tests.oracle.random_definitions import random_definition
from tests.oracle.random_replay_histories import random_replay_history
from tests.test_replay_oracle import EPOCH, MICROSECOND, loaded, random_until

SHORT, WHOLE = 40, 1000
DEFINITIONS = 4  # of each history


def unlike(definition: Definition, found: facts.Facts, until: int | None = None) -> str:
    """What the two decide differently; empty where nothing."""
    ours, told = run.replay(definition, found, until), sql_form.replay(definition, found, until)
    if told["lead_no"].to_list() != found.events.lead_no.tolist():
        return "not the same leads"
    at, score = told["qualified_us"].fill_null(run.NEVER).to_numpy(), told["score"].fill_null(np.nan).to_numpy()
    wrong = (at != ours.qualified_at) | (np.isnan(score) != np.isnan(ours.score)) | (np.abs(score - ours.score) > 1e-9)
    here = np.flatnonzero(wrong)[:1]
    return f"{wrong.sum()} leads, {here}: SQL {at[here]}, {score[here]}; kernel {ours.qualified_at[here]}, {ours.score[here]}" if len(here) else ""


def differences(seed: int, folder: Path) -> list[str]:
    """Definitions that SQL and kernel replay differently on random history `seed`."""
    history, rng = random_replay_history(seed), Random(f"SQL until of {seed}")
    told = []
    with loaded(history, folder) as found:
        for number in range(DEFINITIONS):
            definition, until = parse(json.dumps(random_definition(f"{seed} {number}"), ensure_ascii=False)), random_until(history, rng)
            if wrong := unlike(definition, found, None if until is None else (until - EPOCH) // MICROSECOND):
                told.append(f"definition {seed} {number}, until {until}: {wrong}")
    return told


def _compare(first: int, count: int) -> None:
    differing = {seed: found for seed, found in in_processes(differences, first, count, chunk=3).items() if found}
    measured(f"SQL form against the kernel: {count} histories x {DEFINITIONS}, {len(differing)} differ {dict(list(differing.items())[:5])}")
    assert not differing


@pytest.mark.timeout(600)
def test_sql_agrees_with_the_kernel() -> None:
    _compare(20_000, int(os.environ.get("TEST_HISTORIES", SHORT)))


@pytest.mark.long
@pytest.mark.timeout(0)
def test_sql_agrees_with_the_kernel_on_many() -> None:
    _compare(20_000 + SHORT, WHOLE - SHORT)


def test_sql_agrees_on_the_sample(sample_file: Path) -> None:
    opened = History(sample_file)
    found = facts.load(opened)
    options = opened.query(
        "select fields.attribute, field_values.label, field_values.n from field_values join fields using (field_no) order by n desc"
    )
    values: dict[str, list[tuple[str, int]]] = {}
    for name, label, n in options.rows():
        values.setdefault(name, []).append((label, n))
    offered = presets(found.known(), values)
    assert len(offered) == 3
    for definition in offered.values():
        assert run.replay(definition, found).qualified.any()
        assert unlike(definition, found) == ""
    opened.close()


def test_all_that_a_definition_names_is_bound(sample_file: Path) -> None:
    text = """
    fit: [{field: industry, is: "x'; drop table leads --"}]
    behaviour: [{activity: "demo_request'", times: 7, within_days: 123.25}]
    exclude: [{field: "seniority') or true --", one_of: [odd_cell]}]
    score: {threshold: 77.125, half_life_days: 41.5, points: [{activity: webinar, points: 99.5, cap: 333.75}]}
    """
    opened = History(sample_file)
    made = sql_form.form(parse(text), facts.load(opened))
    named = ("drop table", "demo_request", "seniority", "odd_cell", "webinar", "industry", "123", "77.125", "41.5", "99.5", "333")
    assert [one for one in named if one in made.statement] == []
    assert len(opened.query(made.statement, made.values)) == facts.load(opened).leads
    opened.close()
