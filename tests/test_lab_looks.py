"""What the looks "Each rule", "Suggestions" and "Past wins" of the lab say."""

from __future__ import annotations

import pytest

from plumbline.definition import ActivityRule, Definition, FieldRule
from plumbline.simulation.conditions import Condition
from plumbline.simulation.profile import Profile, Trait
from plumbline.simulation.rules import Effect, Effects, Handed
from plumbline.simulation.suggest import Counts, Mined, Pattern, suggestions
from plumbline.ui.lab import each_rule, past_wins
from plumbline.ui.lab import suggestions as told_as

DRAFT = Definition(fit=(FieldRule("employees", "at_least", 100),), behaviour=(ActivityRule("demo_request", 1, 30.0),))
OLD = Handed(leads=795, accepted=354, judged=757, sqls=187, unknown=38, months=6.0)
NEW = Handed(leads=718, accepted=333, judged=686, sqls=180, unknown=32, months=6.0)
UNDER_50 = Condition(FieldRule("employees", "at_most", 49), "leads under 50 employees")
DEMO = Condition(ActivityRule("demo_request"), "leads with at least one demo request", "leads without any demo request")
OLDER = Counts(rejected=41, rejections=100, sql=3, sqls=100, accepted=20, judged=80, others_accepted=150, others=200)
LATER = Counts(rejected=38, rejections=100, sql=5, sqls=100, accepted=18, judged=70, others_accepted=140, others=190)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def pattern(condition: Condition = UNDER_50, is_against: bool = True, verdict: str = "held") -> Pattern:
    return Pattern(condition, is_against, OLDER, LATER, 0.001, 0.01, verdict)


def test_each_rule_says_old_and_new() -> None:
    effects = Effects(OLD, (Effect("fit", 0, NEW, 4, 81), Effect("behaviour", 0, OLD, 0, 0)))
    assert each_rule.title(2, 1) == "1 of 2 rules changes nothing"
    assert each_rule.title(18, 3) == "3 of 18 rules change nothing"
    assert each_rule.title(2, 0) == "Every rule changes who is handed over"
    assert each_rule.title(2, 2) == "No rule changes anything alone"
    assert each_rule.title(1, 0) == "The one rule decides who is handed over"
    assert each_rule.figures(OLD) == "795 leads, 47 % of 757 accepted, 31.2 SQLs a month"
    (row,) = each_rule.table(DRAFT, effects, [effects.rules[0]]).to_dicts()
    assert row == {
        "Without": "employees is 100 or more",
        "Handed over": "795 → 718",
        "Accepted": "47 % → 49 % (45 to 52 %)",
        "SQLs a month": "31.2 → 30",
    }
    few = Handed(12, 3, 9, 1, 3, 6.0)
    (row,) = each_rule.table(DRAFT, effects, [Effect("fit", 0, few, 0, 783)]).to_dicts()
    assert row["Accepted"] == "47 % → too few to say"
    assert each_rule.figures(Handed(0, 0, 0, 0, 0, 6.0)) == "0 leads, none old enough to judge, 0 SQLs a month"


def test_a_suggestion_is_one_sentence_of_the_later_half() -> None:
    (one,) = suggestions(Mined((pattern(),), 120, 0, 100, 100), DRAFT)
    assert (one.part, one.made) == ("exclude", UNDER_50.rule)
    bold, rest = told_as.claim(one)
    assert bold.text + rest == "Leads under 50 employees: 38 % of all rejections, 5 % of SQLs."
    (young,) = suggestions(Mined((pattern(verdict="too_few"),), 120, 0, 100, 100), DRAFT)
    assert told_as.claim(young)[1] == ": 41 % of all rejections, 3 % of SQLs."
    assert told_as.half(OLDER) == (
        "41 % (32 to 51 %) of 100 rejections, 3 % (1 to 8 %) of 100 SQLs; 25 % (17 to 35 %) of 80 accepted, against 75 % (69 to 80 %) of 200 others"
    )
    assert told_as.effect_words(OLD, Effect("exclude", 0, NEW, 0, 77)) == "With it: 795 → 718 leads, accepted 47 % → 49 %, SQLs a month 31.2 → 30."
    assert told_as.effect_words(OLD, Effect("exclude", 0, OLD, 0, 0)) == "Added to the draft it changes nothing in this period."


def test_a_gate_is_said_of_those_whom_it_stops() -> None:
    (one,) = suggestions(Mined((pattern(DEMO, False),), 120, 0, 100, 100), DRAFT)
    assert (one.part, one.made, one.who) == ("behaviour", DEMO.rule, DEMO.who_not)
    assert one.later == LATER.turned()
    assert told_as.claim(one)[1] == ": 62 % of all rejections, 95 % of SQLs."


def test_titles_and_empty_answers() -> None:
    found = Mined((pattern(), pattern(DEMO, False, "did_not_hold")), 120, 0, 100, 100)
    told = suggestions(found, DRAFT)
    assert told_as.title(found, told) == "2 patterns in what sales sent back; 1 of 2 held on later leads"
    assert told_as.title(found, told[:1]) == "1 pattern in what sales sent back; it held on later leads"
    assert "120 conditions looked at, at most 10 %" in told_as.subtitle(found)
    nothing = Mined((), 0, 0, 12, 40)
    assert told_as.title(nothing, []) == "No rule stands out"
    assert "12 rejections and 40 SQLs: under 30 of either" in told_as.why_none(nothing)
    assert told_as.why_none(Mined((), 120, 0, 100, 100)).startswith("No condition is clearly more frequent")
    assert told_as.of_today([UNDER_50, DEMO]) == ""
    today = Condition(FieldRule("industry", "is", "education"), "leads whose industry is education", is_today=True)
    assert "changes of industry were not recorded" in told_as.of_today([today, today])


def test_past_wins_are_told_against_all_leads() -> None:
    trait = Trait(UNDER_50, 30, 100, 0.22, 0.4, 100, 1000, 0.01)
    found = Profile((trait,), "won", 100, 100, 1000, 155, 4.6)
    assert past_wins.title(found) == "Under 50 employees: 30 % of customers, 10 % of all leads"
    assert past_wins.subtitle(found) == "100 customers against all 1,000 leads created in the period and old enough to judge."
    (row,) = past_wins.table(found).to_dicts()
    assert row.pop("Ratio") == pytest.approx(3)
    assert row == {"Trait": "under 50 employees", "Of customers": 30.0, "95 % interval": "22 % to 40 %", "Of all leads": 10.0}
    assert past_wins.trait_words(DEMO) == "demo request, ever"
    assert past_wins.trait_words(Condition(ActivityRule("web_visit", 1, 30.0), "")) == "web visit in the last 30 days"
    sqls = Profile((), "sql", 12, 3, 1000, 0, 4.6)
    assert past_wins.title(sqls) == "What past SQLs had in common"
    assert past_wins.stand_in(sqls, True).endswith("under 30: leads that became SQL stand in for customers. A longer period may hold more.")
    assert past_wins.stand_in(sqls, False) == "Won deals are not recorded: leads that became SQL stand in for customers."
    assert past_wins.why_none(sqls) == "12 SQLs in the period: under 30 is too few to learn from. Judge the draft on a longer period."
