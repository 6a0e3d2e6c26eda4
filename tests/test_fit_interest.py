"""Where leads stand in the four fields: by hand, and against each lead's own story on random histories and definitions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from plumbline.definition import ActivityRule, Definition, parse
from plumbline.replay.explain import explain
from plumbline.replay.facts import Facts, load
from plumbline.replay.kernel import NEVER
from plumbline.replay.parts import NOT_YET
from plumbline.replay.states import State
from plumbline.simulation.fit_interest import FIELDS, Standing, hot, matrix, prequalified, stand
from plumbline.simulation.outcomes import outcomes, verdicts
from plumbline.ui.fit_words import advice, doubts, headline, how_judged
from tests.importing_support import build_history
from tests.oracle.random_definitions import random_definition
from tests.oracle.random_replay_histories import random_replay_history
from tests.test_replay_oracle import loaded

DAY = 86_400_000_000
SCORE = """
fit: [{field: employees, at_least: 100}]
exclude: [{field: is_competitor, is: true}, {activity: unsubscribe, within_days: 90}]
score:
  threshold: 40
  half_life_days: 10
  points:
    - {field: seniority, one_of: [vp], points: 10}
    - {field: country, is: US, points: 5}
    - {activity: webinar, points: 10, cap: 30}
    - {activity: careers_page, points: -10}
"""
LEADS = """lead_id,created_at,employees,seniority,country,is_competitor
hot,2026-01-01,250,vp,US,no
cold,2026-01-01,250,vp,US,no
small,2026-01-01,20,vp,US,no
unknown,2026-01-01,,vp,US,no
poor,2026-01-01,250,clerk,US,no
rival,2026-01-01,250,vp,US,yes
left,2026-01-01,250,vp,US,no
faded,2026-01-01,250,vp,US,no
"""
# lead -> (how many, on which day of January)
WEBINARS = {
    "hot": (3, 29),
    "small": (2, 30),
    "unknown": (2, 30),
    "poor": (2, 30),
    "rival": (2, 30),
    "left": (3, 30),
    "faded": (3, 20),
}


@pytest.fixture
def history(tmp_path: Path) -> Iterator[Facts]:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "leads.csv").write_text(LEADS)
    acts = [f"{lead},webinar,2026-01-{day:02}T0{n}:00:00Z" for lead, (times, day) in WEBINARS.items() for n in range(times)]
    acts += ["left,unsubscribe,2026-01-30T12:00:00Z", "hot,careers_page,2025-12-01T00:00:00Z"]
    (folder / "activities.csv").write_text("\n".join(["lead_id,activity,occurred_at", *acts]))
    (folder / "stage_changes.csv").write_text(
        "lead_id,stage,occurred_at\nhot,mql,2026-01-29T06:00:00Z\nhot,sal,2026-01-29T07:00:00Z\ncold,mql,2026-01-02T00:00:00Z\n"
    )
    opened = build_history(folder, tmp_path / "h.duckdb", data_through="2026-01-31T00:00:00Z")
    yield load(opened)
    opened.close()


def test_the_four_fields_by_hand(history: Facts) -> None:
    found = stand(parse(SCORE), history, np.arange(history.leads), history.data_through)
    told = dict(zip(history.lead_ids(), (FIELDS[number] for number in found.field), strict=True))
    # hot: 3 webinars two days ago, 30 x 2^-0.2 less 10 for the careers page: 16 of the 20 asked.
    # poor: 5 of the 15 points of fields is less than half. rival, left: barred. faded: 30 x 2^-1.1 = 14.
    assert told == {
        "hot": "nurture", "cold": "nurture", "small": "leave", "unknown": "leave", "poor": "leave", "rival": "leave", "left": "nurture",
        "faded": "nurture",
    }  # fmt: skip
    lower = parse(SCORE.replace("threshold: 40", "threshold: 30"))
    found = stand(lower, history, np.arange(history.leads), history.data_through)
    told = dict(zip(history.lead_ids(), (FIELDS[number] for number in found.field), strict=True))
    assert told == {
        "hot": "hot", "cold": "nurture", "small": "ask", "unknown": "ask", "poor": "ask", "rival": "ask", "left": "nurture", "faded": "nurture",
    }  # fmt: skip
    ids = list(history.lead_ids())
    assert [lead for lead, lacks in zip(ids, found.lacks["employees"], strict=True) if lacks] == ["unknown"]
    assert found.last_sign[ids.index("cold")] == NOT_YET


def test_counts_add_up_and_outcomes_are_of_the_moment_of_hand_over(history: Facts) -> None:
    results = outcomes(history)
    made = matrix(parse(SCORE.replace("threshold: 40", "threshold: 30")), history, results)
    judged = verdicts(results, history.data_through)
    tried = np.zeros(history.leads, np.bool_)
    fields = made.fields(np.ones(history.leads, np.bool_), judged, tried)
    assert sum(one.leads for one in fields.values()) == history.leads
    # At its hand-over "hot" had 30 points of webinars less 10: it stood in "hot". "cold" stood in "nurture", and is 29 days old.
    handed = dict(zip((history.lead_ids()[int(lead)] for lead in made.handed), (FIELDS[number] for number in made.then), strict=True))
    assert handed == {"hot": "hot", "cold": "nurture"}
    assert (fields["hot"].accepted.n, fields["nurture"].accepted.n, fields["nurture"].accepted.k) == (0, 1, 0)
    only = made.fields(np.array([lead == "cold" for lead in history.lead_ids()]), judged, tried)
    assert [one.leads for one in only.values()] == [0, 1, 0, 0]


def test_hot_leads_wait_for_a_call(history: Facts) -> None:
    ids = list(history.lead_ids())
    now = stand(parse(SCORE.replace("threshold: 40", "threshold: 30")), history, np.arange(history.leads), history.data_through)
    opened, nobody = outcomes(history).opened, np.full(history.leads, NEVER)
    through = history.data_through
    assert {ids[lead] for lead in hot(now, nobody, opened, through)} == {"hot", "small", "unknown", "poor", "rival"}
    everybody = np.zeros(history.leads, np.int64)
    assert {ids[lead] for lead in hot(now, everybody, opened, through)} == {"small", "unknown", "poor", "rival"}  # hot was handed over and tried
    assert [ids[lead] for lead in hot(now, nobody, opened, through)][-1] == "hot"  # the latest sign first
    assert len(hot(now, nobody, opened, through + 8 * DAY)) == 0


def test_prequalified_leads_met_the_bar_before_sales_saw_them() -> None:
    met = np.array([5, 5, 5, NEVER, 5, 7])
    opened = np.array([9, 3, NEVER, 9, 9, NEVER])
    tried = np.array([NEVER, NEVER, NEVER, NEVER, 4, 8])
    assert prequalified(met, tried, opened).tolist() == [5, 0, 2]


@pytest.mark.parametrize("seed", range(40, 46))
def test_many_leads_stand_as_each_story_says(seed: int, tmp_path: Path) -> None:
    with loaded(random_replay_history(seed), tmp_path) as found:
        everyone = np.arange(found.leads)
        for number in range(8):
            definition = parse(json.dumps(random_definition(f"{seed} fields {number}"), ensure_ascii=False))
            made = stand(definition, found, everyone, found.data_through)
            for lead in range(found.leads):
                end = explain(definition, found, lead).end
                assert made.fits[lead] == slow_fits(end, definition)
                assert made.is_interested[lead] == slow_interest(end, definition)


def of_acts(one) -> bool:
    return isinstance(one.asked.rule, ActivityRule)


def slow_fits(state: State, definition: Definition) -> bool:
    """docs/definitions.md, "Fit and interest", word by word."""
    if not all(one.holds for one in state.of("fit")) or any(one.holds for one in state.of("exclude") if not of_acts(one)):
        return False
    fields = [one for one in state.of("points") if not of_acts(one)]
    most = sum(one.asked.points for one in fields if one.asked.points > 0)
    if most and sum(one.points for one in fields) < most / 2 - 1e-9:
        return False
    criteria = [one.holds for one in state.of("criteria") if not of_acts(one)]
    return not criteria or sum(criteria) * len(definition.criteria) >= definition.at_least * len(criteria)


def slow_interest(state: State, definition: Definition) -> bool:
    if any(one.holds for one in state.of("exclude") if of_acts(one)):
        return False
    if state.of("behaviour") and all(one.holds for one in state.of("behaviour")):
        return True
    acts = [one for one in state.of("points") if of_acts(one)]
    if any(one.asked.points > 0 for one in acts):
        given = sum(one.points for one in acts)
        if given >= definition.threshold / 2 - 1e-9 if definition.threshold > 0 else given > 0:
            return True
    criteria = [one.holds for one in state.of("criteria") if of_acts(one)]
    return bool(criteria) and any(criteria) and sum(criteria) * len(definition.criteria) >= definition.at_least * len(criteria)


def test_what_the_screen_says(history: Facts) -> None:
    results = outcomes(history)
    everyone, tried = np.ones(history.leads, np.bool_), np.zeros(history.leads, np.bool_)
    definition = parse(SCORE.replace("threshold: 40", "threshold: 30"))
    fields = matrix(definition, history, results).fields(everyone, verdicts(results, history.data_through), tried)
    assert told(headline(fields)) == "1 lead of 8 fits and shows interest now; nobody has ever tried to reach it"
    assert told(advice("ask", fields["ask"], {"employees": 1})).startswith("Ask for employees: not known of 1")
    assert "Leave them to marketing" in advice("ask", fields["ask"], {"employees": 0})[0].text
    assert doubts(fields) == []  # too few to say
    assert "at least 15 points now" in how_judged(definition, _standing(True, True))[0]
    assert "asks nothing about what leads do" in how_judged(definition, _standing(True, False))[0]


def told(parts: list) -> str:
    return "".join(getattr(part, "text", part) for part in parts)


def _standing(fit: bool, interest: bool) -> Standing:
    nobody = np.zeros(0, np.bool_)
    return Standing(nobody, nobody, {}, np.zeros(0, np.int64), fit, interest)
