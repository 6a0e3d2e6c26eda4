"""The definitions that a history is offered to start from: each hands over somebody; where none does, screens say so and show a way on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import streamlit as st

from plumbline.definition import ActivityRule, FieldRule
from plumbline.definition.model import Known
from plumbline.definition.parse import most_points
from plumbline.definition.presets import presets, threshold_of
from plumbline.history.connection import History
from plumbline.replay import facts as lab
from plumbline.replay.run import replay
from plumbline.simulation.starts import starts
from plumbline.ui.fit_words import headline, why_none_is_hot
from plumbline.ui.lab import thresholds
from tests.sentences import views, walk
from tests.test_hindsight import START, day, history_of

LATER = [("mql", 0), ("sal", 2), ("sql", 4)]


def values_of(history: History) -> dict[str, list[tuple[str, int]]]:
    told: dict[str, list[tuple[str, int]]] = {}
    rows = history.query("select fields.name, v.label, v.n from fields join field_values as v using (field_no) order by v.n desc")
    for name, label, n in rows.iter_rows():
        told.setdefault(name, []).append((label, n))
    return told


@pytest.mark.parametrize(("most", "threshold"), [(335, 50), (100, 50), (99, 45), (60, 30), (30, 15), (15, 5), (10, 5), (5, 5)])
def test_a_threshold_is_never_more_than_half_of_all_points(most: float, threshold: float) -> None:
    assert threshold_of(most) == threshold


def test_the_score_of_a_history_with_one_field_can_be_reached() -> None:
    made = presets(Known(("role",), ()), {"role": [("Owner", 60), ("Finance Lead", 60)]})
    assert list(made) == ["Score only"]
    assert (made["Score only"].threshold, most_points(made["Score only"])) == (5.0, 15.0)


def test_what_hands_over_nobody_is_not_offered(tmp_path: Path) -> None:
    """Companies of under 100: the rule on size passes nobody, alone or in a score; with one visit a lead the points fall short of the threshold."""
    leads = [{"stages": LATER, "employees": "20"} for _ in range(50)]
    history = history_of(tmp_path / "a", leads)
    assert presets(lab.load(history).known(), values_of(history)) and starts(lab.load(history), values_of(history)) == {}
    acts = [f"L{k},web_visit,{day(1)}" for k in range(50)]
    history = history_of(tmp_path / "b", leads, acts=acts)
    assert starts(lab.load(history), values_of(history)) == {}


def test_what_is_offered_hands_over_somebody(tmp_path: Path) -> None:
    leads = [{"stages": LATER, "role": "Owner" if k % 2 else "Finance Lead", "status": "Customer" if k % 5 == 0 else ""} for k in range(120)]
    facts = lab.load(history := history_of(tmp_path, leads))
    found = starts(facts, values_of(history))
    assert list(found) == ["Score only"]
    assert replay(found["Score only"], facts).qualified.sum() == 60


def test_what_hands_over_somebody_in_the_period_comes_first(tmp_path: Path) -> None:
    """The first preset passes one lead of January, the score passes leads of the period too."""
    leads = [{"stages": [("mql", 0)], "role": "Owner", "employees": "500" if k == 0 else "20"} for k in range(50)]
    acts = [f"L0,demo_request,{day(0.1)}"] + [f"L{k},demo_request,{day(60)}" for k in range(1, 50)]
    facts = lab.load(history := history_of(tmp_path, leads, acts=acts))
    period = (lab.micros(START + timedelta(days=50)), facts.data_through)
    assert next(iter(starts(facts, values_of(history)))) == "Who they are and what they do"
    assert next(iter(starts(facts, values_of(history), period))) == "Score only"


def test_a_rule_on_what_tells_the_outcome_is_in_no_preset(tmp_path: Path) -> None:
    """The role is known of won leads only, and demos follow the sale: neither is offered; whoever writes the rule may have it."""
    won = [("mql", 0), ("won", 5)]
    leads = [{"stages": won if k % 2 else [("mql", 0), ("lost", 5)], "role": "Owner" if k % 2 else ""} for k in range(120)]
    history = history_of(tmp_path, leads, acts=[f"L{k},demo_request,{day(30)}" for k in range(1, 120, 2)])
    facts = lab.load(history)
    rules = [rule for made in presets(facts.known(), values_of(history)).values() for _, rule in made.rules()]
    assert {type(rule) for rule in rules} == {FieldRule, ActivityRule}
    assert starts(facts, values_of(history)) == {}


# On screen


@pytest.fixture
def no_history_of_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    st.cache_resource.clear()  # histories that tests build are all of one name
    st.cache_data.clear()
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(tmp_path / "none.duckdb"))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))


def screens(history: Path, place: Path) -> dict[str, list[str]]:
    """What the lab and the looks of the Leads screen say, by look ('' for the lab)."""
    chosen = [one for one in views.base() if one.screen == "definition" or (one.screen == "leads" and "view" in one.address)]
    found = {}
    for one in walk.opened(history, place, chosen):
        assert not one.is_blank, one.view
        found[one.view.address.get("view", "")] = [said.text for said in one.sentences]
    return found


@pytest.mark.timeout(300)
def test_a_history_that_no_preset_fits_says_so_with_a_way_on(no_history_of_others: None, tmp_path: Path) -> None:
    history_of(tmp_path / "made", [{"stages": [("mql", 0)], "source": "web"} for _ in range(3)], end="2026-01-07").close()
    told = screens(tmp_path / "made" / "h.duckdb", tmp_path)
    assert "No preset fits this history: nothing to score." in told[""]
    for look in ("Fit and interest", "Hot leads", "Prequalified"):
        assert "No definition fits this history: it has no act and none of the usual fields" in told[look]
        assert "Write one in the Definition lab" in told[look]


@pytest.mark.timeout(300)
def test_the_first_sight_of_the_lab_hands_over_somebody(no_history_of_others: None, tmp_path: Path) -> None:
    leads = [{"stages": LATER if k % 3 else [("mql", 0)], "role": "Owner" if k % 2 else "Finance Lead"} for k in range(120)]
    history_of(tmp_path / "made", leads).close()
    told = screens(tmp_path / "made" / "h.duckdb", tmp_path)
    assert any(line.startswith("This draft hands over 50 % fewer leads (60 against 120)") for line in told[""])
    assert "Who shows interest cannot be told: acts of leads are not recorded" in told["Hot leads"]
    assert "60 of 120 leads fit; who shows interest is not recorded" in told["Fit and interest"]
    assert not any("interest" in line and "not recorded" not in line and "Interest is high" not in line for line in told["Fit and interest"])
    assert any("Value of today: changes of role were not recorded" in line for line in told["Fit and interest"])


# Words that name a best, or a more


def test_from_a_threshold_on_means_all_the_way_up() -> None:
    rows = pl.DataFrame({"threshold": [10.0, 20.0, 30.0, 40.0], "judged": [90] * 4, "acceptance": [0.95, 0.93, 0.96, 0.97]})
    low, high = [0.91, 0.88, 0.91, 0.92], [0.98] * 4
    said = thresholds._acceptance_title(rows.with_columns(acceptance_low=pl.Series(low), acceptance_high=pl.Series(high)), 0.9)
    assert said == "From 30 points on, those known keep the promised acceptance"
    low[-1] = 0.89
    said = thresholds._acceptance_title(rows.with_columns(acceptance_low=pl.Series(low), acceptance_high=pl.Series(high)), 0.9)
    assert said == "How does acceptance move with the threshold?"
    under = rows.with_columns(acceptance_low=pl.lit(0.5), acceptance_high=pl.lit(0.85), acceptance=pl.lit(0.7))
    assert thresholds._acceptance_title(under, 0.9) == "No threshold here reaches the promised 90 %"


def test_where_others_tie_none_is_called_best() -> None:
    best, tie = {"missed": [], "is_best": True, "is_tie_with_best": False}, {"missed": [], "is_best": False, "is_tie_with_best": True}
    assert thresholds.verdict(best, False) == "best that keeps all promises"
    assert thresholds.verdict(best, True) == "keeps all promises, most SQLs; others tie"
    assert thresholds.verdict(tie, True) == "tie with the one of most SQLs"
    assert thresholds.verdict({**tie, "missed": ["quota"]}, True) == "misses quota"


def test_a_choice_that_fell_by_chance_is_not_called_flattered() -> None:
    half = {"k": 80, "n": 100, "acceptance": 0.8, "sqls": 9}
    tried = {"chosen_threshold": 20.0, "weeks_older": 26, "weeks_later": 26, "candidates_tried": 90, "older": half, "drift": None}
    near, far = {"k": 74, "n": 100}, {"k": 50, "n": 100}
    assert "could be chance" in thresholds._held(tried | {"later": near, "optimism": 0.06})
    assert "flattered it by 30 points" in thresholds._held(tried | {"later": far, "optimism": 0.3})


class _Standing:
    asks_interest = True

    def __init__(self, interested: bool) -> None:
        self.is_interested = pl.Series([interested]).to_numpy()


def test_the_reason_why_nobody_is_hot() -> None:
    nothing = _Standing(False)
    nothing.asks_interest = False
    assert why_none_is_hot(nothing) == "this definition asks nothing about what leads do"
    assert why_none_is_hot(_Standing(False)) == "nobody shows interest now, by this definition"
    assert why_none_is_hot(_Standing(True)).startswith("of those who show interest, nobody did in the last 7 days")


def test_a_definition_that_asks_nothing_of_acts_finds_nobody_uninterested() -> None:
    class One:
        leads = 7
        never_tried = 0

    told = headline(dict.fromkeys(("hot", "nurture", "ask", "leave"), One()), asks_interest=False)
    assert "".join(part if isinstance(part, str) else part.text for part in told) == "7 leads of 28 fit; who shows interest is not asked"
