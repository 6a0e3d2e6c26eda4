"""Why a lead was passed, in words for the rep; what was missing where it was not; and the picture of its score."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from plumbline import charts
from plumbline.charts.score_steps import spans
from plumbline.definition import parse
from plumbline.replay.explain import Act, Rows, Story, state
from plumbline.replay.why import found_in_words, lacking, standing, why

DAY = 86_400_000_000
START = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()) * 1_000_000
SCORE = """
required_fields: [email]
fit: [{field: employees, at_least: 100}]
exclude: [{field: is_competitor, is: true}]
score:
  threshold: 60
  points:
    - {activity: demo_request, points: 25}
    - {activity: webinar, points: 10, cap: 30}
    - {field: seniority, one_of: [vp], points: 15}
    - {field: need, is: true, points: 5}
    - {activity: unsubscribe, points: -20}
"""
CELLS = {
    "email": ("a@b.c", []),
    "employees": ("250", []),
    "seniority": (None, [(START + 13 * DAY, "vp")]),
    "need": ("TRUE", []),
    "is_competitor": (None, []),
}
ACTS = [("demo_request", 2), ("webinar", 5), ("webinar", 9)]


def rows(acts=ACTS, **cells) -> Rows:
    told = [Act(name, START + day * DAY, START + day * DAY) for name, day in acts]
    changes = [known for _, listed in (CELLS | cells).values() for known, _ in listed]
    return Rows(START, tuple(told), CELLS | cells, tuple(sorted({START, *(act.known for act in told), *changes})))


def at(day: float, text: str = SCORE, told: Rows | None = None):
    return state(parse(text), told or rows(), START + round(day * DAY))


def test_why_it_was_passed() -> None:
    told = at(13)
    assert told.qualifies
    assert why(told) == "Demo request (25), webinar twice (20), seniority vp (15), need yes (5): 65 points against 60. Also: employees 250."
    assert standing(told) == why(told)
    assert why(at(13, told=rows([*ACTS, *[("demo_request", 3)] * 2, ("unsubscribe", 4)]))).startswith(
        "Demo request 3 times (75), webinar twice (20), less unsubscribe (20), seniority vp (15), 1 more (5): 95 points"
    )
    gates = "behaviour: [{activity: webinar, times: 2, within_days: 10}]\nfit: [{field: employees, at_least: 100}]"
    assert why(at(9, gates)) == "Webinar twice in the last 10 days, employees 250."


def test_what_was_missing() -> None:
    assert lacking(at(9)) == "10 points short."
    assert standing(at(9)) == "Demo request (25), webinar twice (20), need yes (5): 50 points against 60. 10 points short."
    barred = rows(is_competitor=("yes", []), email=(None, []), employees=("20", []))
    assert lacking(at(13, told=barred)) == "Not yet: email is known, employees is 100 or more; barred: is competitor is yes."
    situation = "criteria: {at_least: 2, of: [{field: need, is: true}, {activity: webinar, within_days: 1}, {field: seniority, is: vp}]}"
    assert lacking(at(12, situation)) == ("1 of 3 criteria where 2 are needed (not yet: webinar at least once in the last day, seniority is vp).")
    almost = SCORE.replace("threshold: 60", "threshold: 50.4")
    assert standing(at(9, almost)).endswith(": 50 points against 50.4. 0.4 points short.")


def test_what_a_rule_found() -> None:
    told = [found_in_words(one, UTC) for one in at(9).found]
    assert told == ["a@b.c", "250", "once, on 3 Mar 2026", "twice, last on 10 Mar 2026", "not known", "yes", "never", "not known"]


def story(text: str = SCORE) -> Story:
    definition, told = parse(text), rows()
    return Story(definition, told, tuple(state(definition, told, moment) for moment in told.instants), START + 20 * DAY)


def test_a_story_knows_its_day_and_its_nearest() -> None:
    assert story().decided.at == START + 13 * DAY
    higher = story(SCORE.replace("threshold: 60", "threshold: 70"))
    assert higher.decided is None
    assert (higher.closest.at, higher.closest.score) == (START + 13 * DAY, 65)


def line(hold: list[bool | None]) -> pl.DataFrame:
    begin = datetime(2026, 3, 1)
    return pl.DataFrame({"at": [begin + timedelta(days=n) for n in range(len(hold))], "score": [10.0 * n for n in range(len(hold))], "holds": hold},
                        schema_overrides={"holds": pl.Boolean})  # fmt: skip


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_picture_of_a_score(mode: str) -> None:
    told = line([False, True, True, False, True])
    acts = pl.DataFrame({"at": told["at"][1:2], "score": [10.0], "rise": [10.0], "said": ["<img src=x> webinar"]})
    figure = charts.score_steps(told, acts, threshold=20, decided=told["at"][2], mode=mode)
    assert figure.layout.height == 320
    assert "<img" not in figure.to_json()
    assert any("Qualified" in (note.text or "") for note in figure.layout.annotations)
    assert spans(told) == [(told["at"][1], told["at"][3]), (told["at"][4], told["at"][4])]
    assert charts.score_steps_alt(told, acts, 20, told["at"][2]) == (
        "One lead over time, 1 event that count: at most 40 points against 20; qualified on 3 Mar 2026."
    )
    assert charts.score_steps(told.clear(), acts.clear(), threshold=20, decided=None, mode=mode).layout.annotations[0].text
    assert "never qualified" in charts.score_steps_alt(line([None]), acts.clear(), 20, None)
    assert charts.score_steps(line([None]), acts.clear(), threshold=20, decided=None, mode=mode).layout.height == 320  # of one instant
