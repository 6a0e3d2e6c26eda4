"""The value of a week: the same numbers as the metrics and the Leaks screen give; on histories that lack something it is made without a fault."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from plumbline import metrics, workspace
from plumbline.agreement import behind, items, scorecard, weeks
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.leaks.ranked import ranked
from plumbline.meeting import changes, followed, weekly
from plumbline.meeting.week import Agreed, Week
from plumbline.state.actions import Action
from plumbline.words import actions as action_words
from plumbline.words import scorecard as promise_words
from plumbline.words import weekly as words
from plumbline.words.parts import plain
from tests import histories_derived, weekly_support

MONDAY = date(2026, 11, 2)
TODAY = date(2026, 11, 16)
UNMEASURED = {
    "no_touches": {"first_touch", "follow_up", "touches"},
    "no_assignments": {"required_fields", "hand_over", "decision", "first_touch", "touches", "open_leads"},
    "days_only": {"hand_over", "first_touch"},
}
ITS = weeks.Week(MONDAY)


@pytest.fixture(scope="module")
def space(sample_file: Path) -> workspace.Workspace:
    return workspace.plain(History(sample_file))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))


def action(number: int, about: tuple[str, str], done_on: date | None = None, week: str = "2026-W40", due: date = TODAY, outcome: str = "") -> Action:
    outcome = outcome or ("done" if done_on else "")
    return Action(number, f"Action {number}", "Bo", due, *about, week, "Ann", 1, outcome, "", done_on)


def every_sentence(week: Week) -> list[str]:
    """Everything that is said of a week."""
    told = [plain(said(week)) for said in (words.verdict, words.call_now, words.rejections, words.wins, action_words.open_actions)]
    told += [words.leaks_of(week), words.review_due(week), words.call_terms(week, ""), *week.not_recorded]
    for one in week.promises:
        told += [one.target, one.sentence, promise_words.actual(one.row), promise_words.why(one.row), promise_words.quarter(one)]
        told += [promise_words.quarter_short(one, week.monday), *(promise_words.trend_point(row, week.monday) for row in one.trend)]
    return told + [part for one in week.actions for part in (one.about, action_words.became(one), action_words.helped(one))]


def test_the_week_says_what_the_scorecard_says(space: workspace.Workspace) -> None:
    week = weekly.week(space, weekly_support.agreed(), MONDAY)
    known = items.ground(space.history, weekly_support.agreement())
    assert [one.row for one in week.promises] == scorecard.scorecard(known, ITS)
    quarter = {row.promise: row for row in scorecard.quarter_so_far(known, ITS)}
    for one in week.promises:
        assert len(one.trend) == 8 and one.trend[-1] == one.row
        assert one.quarter == quarter.get(one.kind)
        assert behind.of_week(known, one.promise, ITS).height == (one.row.n if one.kind != "open_leads" else 0) + (one.row.too_early or 0) or (
            one.kind == "open_leads"
        )
    assert list(week.changes) == changes.changes(space.history, MONDAY, space.windows())


def test_its_leaks_are_those_of_the_metric_in_the_same_period(space: workspace.Workspace) -> None:
    week = weekly.week(space, Agreed(why_not="none"), MONDAY)
    filters = weekly.leak_filters(ITS)
    assert (filters.since, filters.until) == (MONDAY - timedelta(weeks=25), MONDAY + timedelta(weeks=1))
    rows = metrics.rows(space.history, "leaks/ranked", filters, {"only_recorded": True, **space.windows()})
    found = ranked(space.history, rows)
    assert [one.key for one in week.leaks.shown] == [found.key(leak) for leak in found.leaks[:3]]
    assert week.leaks.found == len(found.leaks)


def test_the_last_full_week_and_the_running_one(space: workspace.Workspace) -> None:
    assert weekly.last_full(space) == MONDAY
    running = weekly.week(space, weekly_support.agreed(), MONDAY + timedelta(weeks=1))
    assert not running.is_over
    assert {one.row.status for one in running.promises} <= {"too_early", "met"}


def test_actions_are_carried_over_until_they_are_settled(space: workspace.Workspace) -> None:
    told = [
        action(1, ("", ""), due=date(2026, 11, 10)),
        action(2, ("", ""), week="2026-W46"),
        action(3, ("", ""), done_on=date(2026, 10, 1)),
        action(4, ("", ""), done_on=date(2026, 8, 1)),
        action(5, ("", ""), done_on=date(2026, 11, 5), outcome="dropped"),
        action(6, ("", ""), done_on=date(2026, 10, 20), outcome="dropped"),
    ]
    found = followed.followed(space, Agreed(), ITS, told, TODAY)
    assert [one.action.action_id for one in found] == [1, 3, 5]
    assert [one.is_overdue for one in found] == [True, False, False]
    later = followed.followed(space, Agreed(), ITS + 1, told, TODAY)
    assert [one.action.action_id for one in later] == [1, 2, 3]


def test_a_done_action_is_judged_by_what_it_is_about(space: workspace.Workspace) -> None:
    done = date(2026, 9, 14)
    told = [
        action(1, ("leak", "mql->sal|region=Asia Pacific"), done),
        action(2, ("promise", "decision"), done),
        action(3, ("promise", "volume"), done),
        action(4, ("promise", "evidence"), done),
        action(5, ("leak", "mql->sal|no_such_field=x"), done),
        action(6, ("leak", "mql->sal"), done),
    ]
    leak, decision, volume, evidence, unknown, everyone = followed.followed(space, weekly_support.agreed(), ITS, told, TODAY)
    assert leak.helped is not None and leak.helped.others is not None and leak.about == "leak: region Asia Pacific, MQL → SAL"
    assert decision.helped is not None and decision.helped.group.n_before > 200 and decision.helped.others is None
    known = items.ground(space.history, weekly_support.agreement())
    promise = weekly_support.agreement().promise("decision")
    assert promise is not None
    by_hand = items.items(known, promise, items.micros(datetime(2026, 1, 1)), known.through).frame()
    first, last = (items.micros(datetime.combine(done + timedelta(weeks=w), datetime.min.time())) for w in (-8, 0))
    before = by_hand.filter((by_hand["start"] >= first) & (by_hand["start"] < last) & (by_hand["outcome"] != "too_early"))
    assert (decision.helped.group.n_before, decision.helped.group.k_before) == (before.height, int((before["outcome"] == "met").sum()))
    assert (volume.helped, evidence.helped, unknown.helped) == (None, None, None)
    assert "a number" in volume.why_not and "not made any more" in evidence.why_not and "cannot tell" in unknown.why_not
    assert everyone.helped is not None and everyone.helped.others is None


def test_a_week_is_made_once(space: workspace.Workspace) -> None:
    asked: list[str] = []

    def ask(name: str, filters: Filters | None = None, **parameters) -> object:
        asked.append(name)
        return space.ask(name, filters, **parameters)

    kept: dict[tuple[str, str], object] = {}

    def keep(name: str, key: str, make) -> object:
        if (name, key) not in kept:
            kept[name, key] = make()
        return kept[name, key]

    watched = workspace.Workspace(space.history, ask, keep)
    first = weekly.week(watched, weekly_support.agreed(), MONDAY, today=TODAY)
    made, told = len(kept), len(asked)
    assert weekly.week(watched, weekly_support.agreed(), MONDAY, today=TODAY) == first
    assert (len(kept), len(asked)) == (made, told)


@pytest.mark.parametrize("name", ["no_touches", "no_assignments", "one_instant", "days_only", "one_lead", "no_mql", "only_implied"])
def test_histories_that_lack_something(name: str, tmp_path: Path) -> None:
    space = workspace.plain(History(histories_derived.build(name, tmp_path)))
    for by in (Agreed(why_not="none"), weekly_support.agreed()):
        week = weekly.week(space, by, weekly.last_full(space), [action(1, ("promise", "decision"), date(2026, 10, 1))], TODAY)
        assert all(isinstance(one, str) for one in every_sentence(week))
    unmeasured = {one.kind for one in week.promises if one.row.why}
    assert UNMEASURED.get(name, set()) <= unmeasured
    for one in week.promises:
        if one.row.why:
            assert (one.row.status, promise_words.actual(one.row), promise_words.counts(one.row)) == ("no_data", "–", "")
            assert promise_words.quarter(one) == promise_words.quarter_short(one, week.monday) == ""
    if name == "one_instant":
        assert (week.promises, week.changes, week.wins.won, week.rejections.reasons) == ((), (), (), ())
    if name == "no_touches":
        assert week.calls.counts is None and "not recorded" in week.calls.why_not
    space.history.close()
