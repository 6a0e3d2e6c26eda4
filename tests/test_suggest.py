"""Suggestions and the profile of past wins: conditions and counts against the slow oracle, planted patterns, worlds without any, no look-ahead."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from plumbline.definition import ActivityRule, Definition, FieldRule, Points, parse, to_yaml
from plumbline.definition.edit import changed
from plumbline.history.connection import History
from plumbline.replay import facts
from plumbline.replay.kernel import NEVER
from plumbline.sample import generate, write_folder
from plumbline.simulation import conditions, profile, suggest
from plumbline.simulation.run import Ground, Settings, ground
from tests.conftest import SAMPLE
from tests.figures import measured
from tests.importing_support import build_file
from tests.oracle import replay as slow
from tests.oracle import simulation as oracle
from tests.oracle.random_futures import other_future
from tests.oracle.random_replay_histories import random_replay_history
from tests.oracle.random_simulations import random_simulation_history
from tests.test_replay_oracle import EPOCH, MICROSECOND, loaded

SHORT, WHOLE = 10, 200  # random histories
WORLDS, ALL_WORLDS = 40, 200  # shuffled ones
SPRING = Settings(date(2026, 3, 16), date(2026, 9, 14))  # all of it after the webinar list turned bad
TWO_YEARS = Settings(date(2024, 9, 16), date(2026, 9, 14))


@pytest.fixture(scope="module")
def sample(sample_file: Path) -> Iterator[Ground]:
    opened = History(sample_file)
    yield ground(facts.load(opened))
    opened.close()


# Against the slow oracle


def as_yaml(rule: FieldRule | ActivityRule) -> dict:
    if isinstance(rule, FieldRule):
        return {"field": rule.field, rule.operator: rule.value}
    return {"activity": rule.activity, "times": rule.times} | ({"within_days": rule.within_days} if rule.within_days is not None else {})


def instant(micros: int) -> datetime:
    return EPOCH + int(micros) * MICROSECOND


def all_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small histories: nothing is too few, too weak or told already."""
    for module in (conditions, suggest, profile):
        monkeypatch.setattr(module, "MINIMUM_N", 1)
    for module in (suggest, profile):
        monkeypatch.setattr(module, "FALSE_DISCOVERY", 1.0)
        monkeypatch.setattr(module, "_APART", 1.0)
        monkeypatch.setattr(module, "LEAST", -1.0)
    monkeypatch.setattr(suggest, "MOST", 10_000)
    monkeypatch.setattr(profile, "MORE", 10_000)
    monkeypatch.setattr(profile, "LESS", 10_000)
    monkeypatch.setattr(suggest, "_is_news", lambda *_: True)
    monkeypatch.setattr(profile, "_is_news", lambda *_: True)


def naive_counts(history: oracle.History, asked: oracle.Question, rule: dict, is_older: bool, cut: datetime) -> list[int]:
    """The eight counts of suggest.Counts, lead by lead."""
    subjects = {subject.lead.lead_id: subject for subject in slow.subjects(history)}
    told = []
    for case in oracle.cases(history, asked, {}):
        if not oracle.is_inside(case.before, history, asked) or not oracle.is_old_enough(case, history, 59) or (case.before < cut) != is_older:
            continue
        is_sql = oracle.is_in_time(case, "sql", 59)
        is_rejected = case.episode.exit_stage == "rejected" and oracle.reached(case.episode, "sal") is None
        told.append((slow.rule_holds(subjects[case.lead_id], rule, case.before), is_rejected, is_sql, oracle.is_in_time(case, "sal", 14)))
    return [
        sum(held and rejected for held, rejected, *_ in told),
        sum(rejected for _, rejected, *_ in told),
        sum(held and sql for held, _, sql, _ in told),
        sum(sql for *_, sql, _ in told),
        sum(held and accepted for held, *_, accepted in told),
        sum(held for held, *_ in told),
        sum(not held and accepted for held, *_, accepted in told),
        sum(not held for held, *_ in told),
    ]


def compare_with_oracle(seed: int, folder: Path) -> int:
    """How many conditions of random history `seed` were compared, cell by cell and as patterns."""
    history = random_simulation_history(seed)
    last = oracle.local_date(history.data_through, history.time_zone)
    asked = oracle.Question({}, None, date(2000, 1, 1), last)
    with loaded(history, folder) as found:
        stage = ground(found)
        settings = Settings(max(asked.since, last - timedelta(days=3000)), last)
        leads = suggest.learnt_from(stage, settings)
        if not len(leads.rows):
            return 0
        ids = found.lead_ids().to_list()
        subjects = {subject.lead.lead_id: subject for subject in slow.subjects(history)}
        seen = conditions.look(found, leads.rows, leads.opened, np.ones(len(leads.rows), bool))
        for c, condition in enumerate(seen.conditions):
            rule = as_yaml(condition.rule)
            theirs = [slow.rule_holds(subjects[ids[row]], rule, instant(at)) for row, at in zip(leads.rows, leads.opened, strict=True)]
            assert seen.holds[:, c].tolist() == theirs, (seed, rule)
        mined = suggest.mine(stage, settings)
        for pattern in mined.patterns:
            for is_older, counts in ((True, pattern.older), (False, pattern.later)):
                theirs = naive_counts(history, asked, as_yaml(pattern.condition.rule), is_older, instant(mined.cut))
                assert [getattr(counts, one.name) for one in fields(counts)] == theirs, (seed, pattern)
        return len(seen.conditions) + len(mined.patterns)


@pytest.mark.timeout(600)
def test_conditions_and_counts_agree_with_oracle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_told(monkeypatch)
    compared = [compare_with_oracle(seed, tmp_path / str(seed)) for seed in range(int(os.environ.get("TEST_HISTORIES", SHORT)))]
    measured(f"conditions and patterns against the slow oracle: {sum(compared)} on {len(compared)} histories, 0 differ")
    assert sum(compared) > 20 * len(compared)


@pytest.mark.long
@pytest.mark.timeout(0)
def test_conditions_and_counts_agree_with_oracle_on_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_told(monkeypatch)
    compared = sum(compare_with_oracle(seed, tmp_path / str(seed)) for seed in range(SHORT, WHOLE))
    measured(f"conditions and patterns against the slow oracle: {compared} on {WHOLE - SHORT} histories, 0 differ")


def test_the_profile_counts_as_a_naive_recount(sample: Ground) -> None:
    found = profile.profile(sample, TWO_YEARS)
    assert found.outcome == "won" and found.traits
    history, data_through = sample.facts.history, sample.facts.history.about.data_through
    leads = history.query("select * from leads").join(
        history.query("select lead_no, opened_at, won_at from episodes where pass_no = 1"), on="lead_no", how="left"
    )
    leads = leads.filter(
        pl.col("created_at") >= pl.lit(datetime(2024, 9, 16)),
        pl.col("created_at") < pl.lit(datetime(2026, 9, 14)),
        pl.col("created_at") <= data_through - timedelta(days=14 + 45 + 45 + 180),
    )
    assert (found.leads, found.wins) == (leads.height, leads["won_at"].is_not_null().sum())
    cells = pl.read_csv(SAMPLE / "leads.csv", columns=["lead_id", "source", "industry"])
    for one in found.traits:
        rule = one.condition.rule
        if isinstance(rule, FieldRule) and rule.field in ("source", "industry") and rule.operator == "is":
            held = leads.join(cells, on="lead_id").filter(pl.col(rule.field) == rule.value)
            assert (one.all_k, one.k) == (held.height, held["won_at"].is_not_null().sum())
        assert 0 <= one.low <= one.k / one.n <= one.high <= 1
        assert one.q <= profile.FALSE_DISCOVERY


# What is planted is found


def test_the_planted_webinar_list_is_found_and_holds(sample: Ground) -> None:
    found = suggest.mine(sample, SPRING)
    by_rule = {pattern.condition.rule: pattern for pattern in found.patterns}
    webinar = by_rule[FieldRule("source", "is", "webinar")]
    measured(f"{found.looked_at} looked at; webinar q {webinar.q:.4f}, {webinar.verdict}; {len(found.patterns)} told")
    assert webinar.is_against and webinar.verdict == "held" and webinar.q <= 0.10
    assert webinar.older.of_rejections > webinar.older.of_sqls + 0.1
    assert not any(isinstance(rule, FieldRule) and rule.field == "campaign" and rule.value.startswith("webinar") for rule in by_rule)


@pytest.mark.long
@pytest.mark.timeout(0)
def test_the_planted_webinar_list_is_found_in_other_draws(tmp_path: Path) -> None:
    found = 0
    for seed in range(10):
        write_folder(generate(20_000, 900 + seed), tmp_path / f"{seed}", "parquet")
        build_file(tmp_path / f"{seed}", tmp_path / f"{seed}.duckdb", data_through="2026-11-14T18:00:00Z")
        opened = History(tmp_path / f"{seed}.duckdb")
        rules = {pattern.condition.rule: pattern for pattern in suggest.mine(ground(facts.load(opened)), SPRING).patterns}
        webinar = rules.get(FieldRule("source", "is", "webinar"))
        found += webinar is not None and webinar.verdict == "held"
        opened.close()
    measured(f"the planted webinar list: found and held in {found} of 10 draws of 20,000 leads")
    assert found >= 9


# Worlds in which nothing is to be found


def shuffled(leads: suggest.Judged, rng: np.random.Generator) -> suggest.Judged:
    """The same verdicts on other leads."""
    order = rng.permutation(len(leads.rows))
    return replace(leads, **{name: getattr(leads, name)[order] for name in ("is_rejected", "is_sql", "is_accepted")})


def by_account(leads: suggest.Judged, rng: np.random.Generator) -> suggest.Judged:
    """Verdicts that hang together within accounts and on nothing else."""
    _, place = np.unique(leads.account, return_inverse=True)
    luck = rng.standard_normal(place.max() + 1)[place] + 0.7 * rng.standard_normal(len(place))
    low, high = np.quantile(luck, [leads.is_rejected.mean(), 1 - leads.is_sql.mean()])
    return replace(leads, is_rejected=luck <= low, is_sql=luck > high, is_accepted=luck > np.quantile(luck, 1 - leads.is_accepted.mean()))


def looked_once(module, monkeypatch: pytest.MonkeyPatch) -> None:
    """Conditions do not hang on outcomes: shuffled worlds share one look."""
    seen: list[conditions.Looked] = []

    def look(*asked) -> conditions.Looked:
        if not seen:
            seen.append(conditions.look(*asked))
        return seen[0]

    monkeypatch.setattr(module, "look", look)


def false_worlds(sample: Ground, make, worlds: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """(worlds in which any pattern is told, in which one is told to have held)."""
    looked_once(suggest, monkeypatch)
    leads, rng = suggest.learnt_from(sample, TWO_YEARS), np.random.default_rng(20_261_122)
    told = [suggest.mined(make(leads, rng), sample).patterns for _ in range(worlds)]
    held = sum(any(pattern.verdict == "held" for pattern in one) for one in told)
    measured(f"{make.__name__}: patterns in {sum(map(bool, told))} of {worlds} worlds without any, held in {held}")
    return sum(map(bool, told)), held


@pytest.mark.parametrize("make", [shuffled, by_account])
@pytest.mark.timeout(600)
def test_shuffled_worlds_have_few_patterns(sample: Ground, make, monkeypatch: pytest.MonkeyPatch) -> None:
    told, held = false_worlds(sample, make, WORLDS, monkeypatch)
    assert told <= 0.15 * WORLDS  # 10 % and the luck of 40 draws
    assert held <= 0.05 * WORLDS


@pytest.mark.long
@pytest.mark.parametrize("make", [shuffled, by_account])
@pytest.mark.timeout(0)
def test_many_shuffled_worlds_have_few_patterns(sample: Ground, make, monkeypatch: pytest.MonkeyPatch) -> None:
    told, held = false_worlds(sample, make, ALL_WORLDS, monkeypatch)
    assert told <= 0.10 * ALL_WORLDS
    assert held <= 0.02 * ALL_WORLDS


@pytest.mark.timeout(600)
def test_wins_at_random_have_no_profile(sample: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_once(profile, monkeypatch)
    rows = np.flatnonzero(sample.facts.events.created > 0)
    crowd, _ = profile.seen_at(rows, sample.verdicts(14, 45).sql, sample)
    rng = np.random.default_rng(3)
    told = sum(bool(profile.traits_of(replace(crowd, is_win=rng.permutation(crowd.is_win)), sample)[0]) for _ in range(WORLDS))
    measured(f"traits in {told} of {WORLDS} worlds where wins fell at random")
    assert told <= 0.15 * WORLDS


# No look-ahead


@pytest.mark.parametrize("seed", range(4))
def test_conditions_see_nothing_that_came_later(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "MINIMUM_N", 1)
    history = random_replay_history(seed)
    rng = Random(f"looks of {seed}")
    compared = 0

    def seen(of: oracle.History, folder: Path, t: datetime) -> dict[str, dict[str, bool]]:
        with loaded(of, folder) as found:
            moment = (t - EPOCH) // MICROSECOND
            rows = np.flatnonzero(found.events.created <= moment)
            ids = found.lead_ids().to_list()
            looked = conditions.look(found, rows, np.full(len(rows), moment), np.ones(len(rows), bool))
            held = dict(zip(map(repr, (one.rule for one in looked.conditions)), looked.holds.T.tolist(), strict=True))
            return {rule: dict(zip((ids[row] for row in rows), column, strict=True)) for rule, column in held.items()}

    for number in range(3):
        created = sorted(row["created_at"] for row in history.tables["leads"])
        t = min(rng.choice(created[len(created) // 2 :]) + timedelta(days=rng.choice([0, 1, 30])), history.data_through)
        before, after = seen(history, tmp_path / f"before {number}", t), seen(other_future(history, t, rng), tmp_path / f"after {number}", t)
        for rule in before.keys() & after.keys():
            assert before[rule] == after[rule], (seed, t, rule)
            compared += 1
    assert compared > 20


def test_suggestions_look_only_at_what_was_known_at_the_hand_over(sample: Ground) -> None:
    """A field that was filled in after the hand-over counts as not known."""
    leads = suggest.learnt_from(sample, TWO_YEARS)
    column = sample.facts.column("need")
    codes = conditions.cells_at(column, sample.facts, leads.rows, leads.opened)
    later = conditions.cells_at(column, sample.facts, leads.rows, np.full(len(leads.rows), NEVER - 1))
    filled_in = int(((codes == 0) & (later != 0)).sum())
    measured(f"need was recorded after the hand-over of {filled_in} of {len(codes)} leads")
    assert filled_in > 0


# How they are said, and how they are added


def test_round_edges() -> None:
    assert conditions.round_edges(np.array([3, 8, 15, 20, 40, 60, 90, 150, 400, 900, 2500])) == [10, 20, 50, 100, 200, 500, 1000]
    assert conditions.round_edges(np.linspace(0, 100, 101)) == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert conditions.round_edges(np.array([5.0] * 20)) == []
    assert all(-5 < edge <= 5 for edge in conditions.round_edges(np.linspace(-5, 5, 50)))


def test_the_same_news_is_told_once() -> None:
    under_50, under_100 = FieldRule("employees", "at_most", 49), FieldRule("employees", "at_most", 99)
    webinar, roundtable, region = (FieldRule(name, "is", value) for name, value in (("source", "w"), ("campaign", "w_r"), ("region", "EU")))
    leads = np.arange(100)
    few, some, most, apart = leads < 10, leads < 30, leads < 90, leads >= 70
    assert conditions.is_same_news(under_50, under_100, few, some)
    assert conditions.is_same_news(ActivityRule("webinar"), ActivityRule("webinar", 1, 30.0), some, few)
    assert conditions.is_same_news(roundtable, webinar, few, some) and conditions.is_same_news(webinar, roundtable, some, few)
    assert not conditions.is_same_news(webinar, region, some, apart)
    assert not conditions.is_same_news(region, webinar, few, most)
    assert not conditions.is_same_news(ActivityRule("webinar"), webinar, few, apart)


@pytest.mark.parametrize(
    "draft",
    [
        Definition(points=(Points(ActivityRule("webinar"), 10.0),), threshold=50.0),
        Definition(criteria=(FieldRule("need", "is", True),), at_least=1),
        Definition(fit=(FieldRule("employees", "at_least", 10),)),
    ],
)
def test_each_suggestion_fits_into_any_draft(sample: Ground, monkeypatch: pytest.MonkeyPatch, draft: Definition) -> None:
    monkeypatch.setattr(suggest, "FALSE_DISCOVERY", 0.9)
    monkeypatch.setattr(suggest, "_APART", 0.9)
    found = suggest.mine(sample, SPRING)
    told = suggest.suggestions(found, draft)
    assert len(told) == suggest.MOST and {one.pattern.is_against for one in told} == {True, False}
    for one in told:
        more = changed(draft, one.part, None, one.made)
        assert parse(to_yaml(more)) == more
        (again,) = [other for other in suggest.suggestions(found, more) if other.pattern == one.pattern and other.part == one.part]
        assert again.is_in_draft and not one.is_in_draft
        if one.part == "behaviour":
            assert one.who == one.pattern.condition.who_not
            assert one.older == one.pattern.older.turned() and one.older.turned() == one.pattern.older


def test_too_few_say_nothing(sample: Ground) -> None:
    week = Settings(date(2026, 9, 7), date(2026, 9, 14))
    assert suggest.mine(sample, week).patterns == ()
    assert profile.profile(sample, week).traits == ()
