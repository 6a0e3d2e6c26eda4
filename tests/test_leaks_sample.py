"""The leaks of the shipped sample: what was planted is found, with its class; lists and parts add up; what the screen says of them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from plumbline import charts, wording
from plumbline.clock import time_zone
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.leaks.judged import of_period, year_before
from plumbline.leaks.ranked import CLASSES, SIDES, STEPS, ranked
from plumbline.metrics import metric, rows, run
from plumbline.ui.leaks import words
from plumbline.ui.leaks.ground import Scene
from plumbline.ui.persistence.terms import Promise
from tests.conftest import SAMPLE
from tests.importing_support import build_history, write_table

TRUTH = json.loads((SAMPLE.parent / "truth.json").read_text(encoding="utf-8"))
THIS_YEAR = Filters(since=date(2026, 1, 1))
CLASS = {"apac_unowned": {"never_assigned", "never_touched", "rejected"}}  # half of its leads reach a rep who never tries
STAGES = ("mql", "sal", "sql", "opportunity")


@pytest.fixture(scope="module")
def history(sample_file: Path):
    opened = History(sample_file)
    yield opened
    opened.close()


def test_the_planted_leaks_of_the_year_are_told_and_no_other(history: History) -> None:
    found = run(history, "leaks/ranked", THIS_YEAR)
    told = {(row["step"], row["segment_field"], row["segment_value"]): row for row in found.to_dicts()}
    planted = {(leak["step"], *next(iter(leak["segment"].items()))): leak for leak in TRUTH["leaks"]}
    assert set(told) == set(planted)
    for key, leak in planted.items():
        assert told[key]["class"] in CLASS.get(leak["name"], {leak["leak_class"]}), key
    assert found["rank"].to_list() == list(range(1, found.height + 1))
    assert found["value"].is_sorted(descending=True)
    assert (found["q"] <= 0.1).all() and (found["n"] >= 30).all() and (found["lost"] >= 5).all()
    sides = {key[2]: row["side"] for key, row in told.items()}
    assert sides["webinar"] == "fit" and sides["it"] == "follow-up" and sides["partner"] == "follow-up" and sides["education"] == "fit"


def test_the_quarter_in_which_only_the_mix_moved_has_no_leak(history: History) -> None:
    since, until = (date.fromisoformat(TRUTH["mix_only_drop"]["by_created_at"][name][:10]) for name in ("since", "until"))
    assert run(history, "leaks/ranked", Filters(since=since, until=until)).is_empty()


def test_leaks_and_what_went_on_add_up_to_entries(history: History) -> None:
    for filters in (Filters(), THIS_YEAR, Filters(episodes="all", segments={"source": ("webinar", "partner")})):
        stages = {row["stage"]: row for row in run(history, "funnel/stages", filters).to_dicts()}
        classes = run(history, "leaks/classes", filters)
        for stage, step in zip(STAGES, ("mql->sal", "sal->sql", "sql->opportunity", "opportunity->won"), strict=True):
            leaked = classes.filter(pl.col("step") == step)
            row = stages[stage]
            assert row["reached_next"] + row["open_in_window"] + leaked["n"].sum() == row["entered"]
            assert leaked["share"].sum() == pytest.approx(1.0)


def test_the_leads_behind_a_class_are_as_many(history: History) -> None:
    counted = {(row["step"].split("->")[0], row["class"]): row["n"] for row in run(history, "leaks/classes", THIS_YEAR).to_dicts()}
    listed: Counter = Counter()
    for stage in STAGES:
        behind = run(history, "leaks/leaked", THIS_YEAR, {"step": stage, "most": 100_000})
        assert behind.is_empty() or (behind["total"] == behind.height).all()
        assert behind["entered_at"].is_sorted(descending=True)
        listed.update((stage, name) for name in behind["leaked_as"])
    assert dict(listed) == counted
    some = run(history, "leaks/leaked", THIS_YEAR, {"step": "mql", "class": "never_touched", "most": 5, "skipped": 3})
    assert some.height == 5 and set(some["leaked_as"]) == {"never_touched"} and some["total"][0] == counted["mql", "never_touched"]


def test_without_a_period_segments_are_held_against_the_others(history: History) -> None:
    raw = rows(history, "leaks/ranked")
    assert raw["is_now"].all()
    assert ("source", "paid_social") in set(run(history, "leaks/ranked").select("segment_field", "segment_value").iter_rows())


def test_the_year_before_is_asked_too(history: History) -> None:
    raw = rows(history, "leaks/ranked", Filters(since=date(2026, 6, 1), until=date(2026, 9, 1)))
    weeks = raw.group_by("is_now").agg(pl.col("opened_week").min().alias("first"), pl.col("opened_week").max().alias("last"))
    told = {row["is_now"]: (row["first"], row["last"]) for row in weeks.to_dicts()}
    assert told[False][0] >= date(2025, 5, 26) and told[False][1] <= date(2026, 6, 1) and told[True][1] <= date(2026, 8, 31)


def test_what_may_be_chance_is_told_beside_the_leaks(history: History) -> None:
    judged = rows(history, "leaks/ranked", Filters(since=date(2025, 11, 17)))
    found = ranked(history, judged)
    listed = {(leak.step, found.segment(leak)) for leak in found.leaks}
    perhaps = [(leak.step, found.segment(leak)) for leak in found.perhaps]
    assert perhaps and not listed & set(perhaps) and len(perhaps) <= 3
    assert all(leak.q > 0.1 and leak.residual >= 5 for leak in found.perhaps)


def test_a_leak_that_began_in_spring_is_told_with_both_rates_whatever_the_period(history: History) -> None:
    """Asia Pacific leaks since 1 June, webinars since 2 March: within the last year, the last 38 weeks and all time."""
    for since in (date(2025, 11, 17), date(2026, 2, 22), None):
        told = {row["segment_value"]: row for row in run(history, "leaks/ranked", Filters(since=since)).to_dicts() if row["step"] == "mql->sal"}
        for value, began in {"Asia Pacific": date(2026, 6, 1), "webinar": date(2026, 3, 2)}.items():
            row = told[value]
            assert abs((row["since"] - began).days) <= 14, (since, value)
            assert row["rate_before"] - row["rate_since"] > 0.2 and row["q"] <= 0.1
            inside = Filters(since=row["since"], segments={row["segment_field"]: (value,)})
            mql = run(history, "funnel/stages", inside).row(0, named=True)
            assert row["rate_since"] == pytest.approx(mql["conversion"], abs=1e-9)


def test_leads_that_go_on_too_late_leak_without_a_class(tmp_path: Path) -> None:
    """Accepted after the window: neither gone nor open, so no class fits."""
    days = {number: (5 if number % 10 < 7 else 60) if number < 300 else 60 for number in range(600)}
    opened = {number: date(2025, 3, 1) if number < 300 else date(2026, 3, 1) for number in days}
    rows = [f"L{n},mql,{opened[n]}\nL{n},sal,{opened[n] + timedelta(days=wait)}" for n, wait in days.items()]
    write_table(tmp_path / "in", "leads", "lead_id,created_at,source\n" + "\n".join(f"L{n},{day},web" for n, day in opened.items()))
    write_table(tmp_path / "in", "stage_changes", "lead_id,stage,occurred_at\n" + "\n".join(rows))
    late = build_history(tmp_path / "in", tmp_path / "h.duckdb", data_through="2026-09-01T00:00:00Z")
    (leak,) = run(late, "leaks/ranked", Filters(since=date(2026, 1, 1))).to_dicts()
    assert (leak["step"], leak["segment_field"], leak["n"], leak["class"], leak["side"]) == ("mql->sal", None, 300, None, "neither")
    late.close()


def test_a_metric_that_is_finished_in_python_says_so() -> None:
    assert metric("leaks/ranked").then == "leaks.ranked" and metric("leaks/classes").then == ""


def test_classes_have_one_list_in_sql_in_python_and_in_words(history: History) -> None:
    listed = history.query("select class from leak_classes order by place")["class"].to_list()
    assert listed == list(CLASSES) == list(charts.LEAK_CLASSES) == [name for name in wording.LEAK_NAMES if name not in ("went_on", "in_window")]
    assert set(words.CLASSES) == set(CLASSES) and set(words.SIDES) == set(SIDES)
    steps = history.query("select step from leak_steps order by stage_rank")["step"].to_list()
    assert steps == list(STEPS) == list(charts.LEAK_STEPS)
    flags = history.query("select flag, bit from leak_flags order by place")
    assert flags["flag"].to_list() == list(wording.FLAG_NAMES) and flags["bit"].to_list() == [1 << place for place in range(flags.height)]


@pytest.mark.parametrize(
    ("since", "until", "segments"),
    [
        (date(2026, 1, 1), None, {}),
        (date(2025, 11, 17), date(2026, 5, 1), {"source": ("webinar", "partner")}),
        (None, date(2026, 3, 29), {}),
        (date(2026, 3, 29), date(2026, 10, 25), {}),
        (None, None, {"region": ("Europe",)}),
    ],
)
def test_a_period_cut_out_of_all_time_is_the_period_asked_for(history: History, since: date | None, until: date | None, segments: dict) -> None:
    asked = rows(history, "leaks/ranked", Filters(since=since, until=until, segments=segments))
    cut = of_period(rows(history, "leaks/ranked", Filters(segments=segments)), since, until, time_zone(history.about.time_zone))
    assert asked.height > 300 and cut.equals(asked)


def test_a_year_before_the_leap_day_is_the_28th() -> None:
    assert year_before(datetime(2028, 2, 29, 23)) == datetime(2027, 2, 28, 23)


def test_all_leaks_together_cost_no_less_than_one_of_them(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two leaks of the same leads explain each other away: what they lose together is still what one loses."""
    monkeypatch.setattr(words, "currency", lambda: "USD")
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(history.path))
    found = ranked(history, rows(history, "leaks/ranked", THIS_YEAR))
    leaks = tuple(replace(leak, step=1, lost=200.0, residual=5.0) for leak in found.leaks[:2])
    found = replace(found, leaks=leaks, sides={leak: {"fit": 1.0} for leak in leaks})
    parts = pl.DataFrame({"step": [STEPS[0]], "class": ["rejected"], "n": [500]})
    lost = words.strip(Scene(THIS_YEAR, {}, Promise(3, 3, 14, 90), found, pl.DataFrame(), parts))[2]
    assert lost.value == wording.money(found.worth.of_leads(1, 200.0)[2], "USD")
    assert words.is_costliest(found) and not words.is_costliest(replace(found, leaks=(replace(leaks[0], lost=100.0), leaks[1])))
