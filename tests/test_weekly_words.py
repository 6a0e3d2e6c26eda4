"""The week in words, worked out by hand: the verdict, each promise, leaks, calls, what became of actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from plumbline.agreement.model import Promise, Within
from plumbline.agreement.scorecard import Row
from plumbline.meeting.did_it_help import judged
from plumbline.meeting.week import Agreed, Followed, Judged, LeakOfWeek, Leaks, Reason, Rejections, ToCall, Week, Win, Wins
from plumbline.state.actions import Action
from plumbline.statistics.difference_in_differences import Counts
from plumbline.words import actions, scorecard, weekly
from plumbline.words.parts import plain
from tests import weekly_support

SHARES = {"acceptance": "0.9", "hand_over": "0.9", "decision": "0.9", "first_touch": "0.8"}
LEAK = LeakOfWeek(
    "mql->sal|source=webinar", "mql->sal", (("source", "webinar"),), "Source webinar", "48 SALs lost",
    "31 % of 140 leads were accepted, 69 % were to be expected", "nobody tried to reach them (28 more than usual)", 252_000.0, "follow-up",
)  # fmt: skip


def one(kind: str, side: str, met: int, n: int, needed: int, status: str = "", **more) -> Judged:
    promise = Promise(kind, Decimal(SHARES[kind]), Within(24, "h"))
    short = max(0, needed - met)
    row = Row(
        side, kind, float(promise.share), met / n if n else None, n, met, n - met, 0, 0, needed, short, status or ("missed" if short else "met")
    )
    row = replace(row, **more)
    return Judged(promise, side, kind.replace("_", " ").capitalize(), "90 % within 24 hours", "A sentence.", row, (row,) * 8, row)


def week(*promises: Judged, **more) -> Week:
    told = {
        "agreed": weekly_support.agreed() if promises else Agreed(why_not="No agreement has been written yet"),
        "leaks": Leaks((LEAK,), 4, 412, date(2026, 5, 18), date(2026, 11, 16)),
        "calls": ToCall({"hot": 12, "first": 20, "hot_due": 1, "due": 5, "late": 11, "missed": 90, "neglected": 7, "done": 3}, True, 3, 3, 14),
        "rejections": Rejections((Reason("no_need", 6, 40), Reason("bad_data", 2, 8))),
        "wins": Wins((Win("L1", "Acme", "web", "Bo", datetime(2026, 11, 10), 84_000.0), Win("L2", "", "web", "", datetime(2026, 11, 11), None))),
        "actions": (),
        "is_over": True,
    } | more
    days, is_over, agreed = "Mon 9 - Sun 15 Nov", told.pop("is_over"), told.pop("agreed")
    return Week(date(2026, 11, 9), "2026-W46", days, is_over, datetime(2026, 11, 20), "UTC", "USD", agreed, promises, (), **told)


BOTH, MARKETING = one("acceptance", "both", 36, 40, 36), one("hand_over", "marketing", 40, 40, 36)
DECISION, TOUCH = one("decision", "sales", 30, 40, 36), one("first_touch", "sales", 20, 40, 32)


@pytest.mark.parametrize(
    ("promises", "words"),
    [
        ((BOTH, MARKETING), "Marketing kept 1 of 1 promises; acceptance, which both promised, was 90 % against 90 % agreed"),
        ((MARKETING, DECISION), "Marketing kept 1 of 1 and sales kept 0 of 1 promises; furthest short: decision, 75 % against 90 % agreed"),
        (
            (BOTH, MARKETING, DECISION, TOUCH),
            "Marketing kept 1 of 1 and sales kept 0 of 2 promises; furthest short: first touch, 50 % against 80 % agreed",
        ),
        (
            (one("acceptance", "both", 20, 40, 36), MARKETING, TOUCH),
            "Marketing kept 1 of 1 and sales kept 0 of 1 promises; acceptance, which both promised, was 50 % against 90 % agreed",
        ),
        (
            (one("acceptance", "both", 20, 40, 36),),
            "What both sides promised was broken; acceptance, which both promised, was 50 % against 90 % agreed",
        ),
        ((one("decision", "sales", 0, 0, 0, "no_data"),), "Nothing can be judged of the week Mon 9 - Sun 15 Nov: too little was due in it"),
    ],
)
def test_the_verdict(promises: tuple[Judged, ...], words: str) -> None:
    assert plain(weekly.verdict(week(*promises))) == words


def test_without_an_agreement_the_verdict_says_so_first() -> None:
    told = plain(weekly.verdict(week()))
    assert told.startswith("No agreement is in force: ")
    assert told.endswith("What costs most meanwhile is source webinar: 48 SALs lost, worth $252 k")


def test_a_running_week_is_not_called_over() -> None:
    told = plain(weekly.verdict(week(one("decision", "sales", 3, 3, 3, "too_early", too_early=5), is_over=False)))
    assert told == "Nothing can be judged of the week Mon 9 - Sun 15 Nov: the data end on 20 Nov 2026, 00:00 UTC"


def test_one_promise_in_words() -> None:
    assert (scorecard.actual(TOUCH.row), scorecard.counts(TOUCH.row), scorecard.status(TOUCH), scorecard.why(TOUCH.row)) == (
        "50 %",
        "20 of 40 met",
        "broken",
        "12 short of 32",
    )
    assert scorecard.quarter(TOUCH) == "Quarter so far: 20 of 40 met, 32 needed: 12 short"
    assert scorecard.quarter(MARKETING) == "Quarter so far: 40 of 40 met, 36 needed: 4 more of those so far may miss"
    assert scorecard.quarter_short(TOUCH, date(2026, 11, 9)) == "Q4: 20 of 40"
    early = one("decision", "sales", 3, 3, 3, "too_early", too_early=5)
    assert (scorecard.status(early), scorecard.why(early.row)) == ("too early", "the week is not over in the data; 5 not due yet")
    unmeasured = one("decision", "sales", 0, 0, 0, "no_data", why="touches are not recorded")
    assert (scorecard.actual(unmeasured.row), scorecard.counts(unmeasured.row), scorecard.why(unmeasured.row)) == (
        "–",
        "",
        "touches are not recorded",
    )
    assert scorecard.why(one("decision", "sales", 4, 4, 4, "too_few").row) == "only 4 due"


@pytest.mark.parametrize(
    ("promise", "fields", "needed", "words"),
    [
        (Promise("volume", leads=390), (), 30, "30 this week, 390 a quarter"),
        (Promise("meets_definition", Decimal("0.95")), (), 0, "95 %"),
        (Promise("required_fields", Decimal("0.95")), ("email", "annual_revenue"), 0, "95 % with email and annual revenue"),
        (Promise("first_touch", Decimal("0.8"), Within(30, "m"), "working"), (), 0, "80 % within 30 minutes of working time"),
        (Promise("touches", Decimal("0.8"), Within(14, "d"), calls=3, emails=1), (), 0, "80 % with 3 calls and 1 email within 14 days"),
        (Promise("first_week_calls", Decimal("0.8"), calls=4), (), 0, "80 % with 4 calls within 7 days"),
        (Promise("open_leads", Decimal("1"), per_rep=500), (), 0, "at most 500 open leads a rep"),
        (Promise("open_leads", Decimal("0.9"), per_rep=500), (), 0, "90 % of reps with at most 500 open leads"),
    ],
)
def test_targets(promise: Promise, fields: tuple[str, ...], needed: int, words: str) -> None:
    assert scorecard.target(promise, fields, needed) == words


def test_leaks_calls_rejections_and_wins() -> None:
    told = week()
    assert weekly.leaks_of(told) == "The 1 costliest of 4 leaks beyond chance, in the 26 weeks to 15 Nov 2026; 412 segments were looked at."
    assert plain(weekly.leak(LEAK, "USD")).startswith("Source webinar: 48 SALs lost, worth $252 k. 31 % of 140 leads")
    assert plain(weekly.call_now(told)) == "43 leads wait for a first call, 12 of them hot; 96 more have calls or emails due."
    assert weekly.call_terms(told, "Mid-size") == (
        "Counted by 3 calls and 3 emails in 14 days from hand-over, the usual measure; hot by “Mid-size”. A number opens its leads."
    )
    assert plain(weekly.rejections(told)) == "Sales sent back 8 leads, against 6 a week in the eight weeks before; most often: no need (6)."
    assert plain(weekly.wins(told)) == "2 deals were won, worth $84 k (the amount of 1 is known)."
    none = week(calls=ToCall(None, False, 3, 3, 14, "No touch is recorded"), rejections=Rejections((), "Not recorded"), wins=Wins(()))
    assert [plain(said(none)) for said in (weekly.call_now, weekly.rejections, weekly.wins)] == [
        "No touch is recorded.",
        "Not recorded.",
        "No deal was won in this week.",
    ]


def test_the_review_is_spoken_of_from_two_weeks_before() -> None:
    told = week(MARKETING)
    assert weekly.review_due(told) == ""
    near = replace(told, agreed=replace(told.agreed, review_due=date(2026, 12, 7)))
    assert weekly.review_due(near) == "The agreement is due for its quarterly review on 7 Dec 2026."
    past = replace(told, agreed=replace(told.agreed, review_due=date(2026, 11, 1)))
    assert weekly.review_due(past) == "The agreement is due for its quarterly review since 1 Nov 2026."


ACTION = Action(1, "Call them", "Bo", date(2026, 11, 20), "leak", LEAK.key, "2026-W45", "Ann", 1, "", "", None)


def test_actions_in_words() -> None:
    assert actions.action_about_leak(LEAK) == "Source webinar: find out why nobody tried to reach them"
    assert actions.action_about_promise(TOUCH) == "Make the first call or email in time (50 % of 40; agreed: 90 % within 24 hours)"
    assert actions.became(Followed(ACTION, "", False)) == "due 20 Nov 2026"
    assert actions.became(Followed(ACTION, "", True)) == "overdue since 20 Nov 2026"
    done = replace(ACTION, outcome="done", note="all called", settled_on=date(2026, 11, 19))
    assert actions.became(Followed(done, "", False)) == "done on 19 Nov 2026: all called"
    assert plain(actions.open_actions(week(actions=(Followed(ACTION, "", True), Followed(ACTION, "", False), Followed(done, "", False))))) == (
        "2 actions are open, 1 of them overdue."
    )


@pytest.mark.parametrize(
    ("group", "others", "words"),
    [
        (Counts(10, 40, 12, 20), None, "Too early to say whether it helped: 25 % of 40 before, 60 % of 20 since; 30 on each side are needed."),
        (Counts(10, 40, 11, 40), None, "No more than chance: 25 % of 40 before, 28 % of 40 since."),
        (
            Counts(40, 200, 120, 200), Counts(100, 400, 100, 400),
            "Better since: +40 points beside the others (+30 points to +50 points); 20 % of 200 before, 60 % of 200 since; of all others 25 % of 400 "
            "before, 25 % of 400 since.",
        ),
    ],
)  # fmt: skip
def test_whether_it_helped(group: Counts, others: Counts | None, words: str) -> None:
    told = actions.helped(Followed(ACTION, "", False, judged(group, others)))
    assert told.split(" (+")[0] == words.split(" (+")[0] and told.split("; ")[-1] == words.split("; ")[-1]
    assert "because" not in told
