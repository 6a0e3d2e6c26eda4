"""A first agreement proposed from a history, against plain arithmetic on single weeks; the text of a draft; days, defaults and faults of drafts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from plumbline.agreement import dates, draft_text
from plumbline.agreement.check import check
from plumbline.agreement.defaults import Agreed, FirstTouch, Touches
from plumbline.agreement.draft_faults import judge
from plumbline.agreement.items import ground
from plumbline.agreement.parse import parse
from plumbline.agreement.promises import KINDS
from plumbline.agreement.proposal import FEW, GOOD, WEEKS, lower_quarter, propose
from plumbline.agreement.review import review_day, review_due
from plumbline.agreement.scorecard import scorecard
from plumbline.agreement.weeks import last_full
from plumbline.agreement.write import to_yaml
from plumbline.clock import time_zone
from plumbline.definition import Definition, FieldRule
from plumbline.history.connection import History
from tests.agreement_homes import Q1
from tests.agreements import FULL, random_agreement
from tests.importing_support import build_history, write_table

BAR = Definition("Mid-size", ("email", "company"), (FieldRule("employees", "at_least", 100),))
DAY = date(2026, 12, 14)


def test_each_share_is_the_highest_five_percent_that_three_weeks_of_four_reached(sample_file: Path) -> None:
    history = History(sample_file)
    told = propose(history, BAR, "Q4 2026", DAY)
    assert 7 <= len(told.lines) <= 10 and check(told.agreement, history) == []
    assert [line.promise.kind for line in told.lines] == [kind for kind in KINDS if told.agreement.promise(kind)]
    known = ground(history, told.agreement)
    last = last_full(history.about.data_through, time_zone(history.about.time_zone))
    weeks = [scorecard(known, last + -back) for back in range(WEEKS)]  # one week at a time: a way of its own
    for place, line in enumerate(told.lines):
        rows = [week[place] for week in weeks]
        assert {row.promise for row in rows} == {line.promise.kind}
        if line.promise.kind == "volume":
            counts = sorted(row.met for row in rows)
            assert line.promise.leads == counts[WEEKS // 4] * 13 // 10 * 10
            continue
        shares = [Fraction(row.met, row.n) for row in rows if row.n >= FEW]
        reached = [k for k in range(1, 21) if 4 * sum(share >= Fraction(k, 20) for share in shares) >= 3 * len(shares)]
        assert line.promise.share == Decimal(max(reached) * 5) / 100, line
        assert line.reached == sum(share >= line.kept for share in shares) and line.weeks == len(shares)


def test_the_lower_quarter_is_what_three_of_four_reach() -> None:
    rng = Random("lower quarter")
    for _ in range(300):
        told = [Fraction(rng.randint(0, 20), 20) for _ in range(rng.randint(4, 12))]
        level = lower_quarter(told)
        assert level in told and 4 * sum(one >= level for one in told) >= 3 * len(told)
        assert all(4 * sum(one >= other for one in told) < 3 * len(told) for other in told if other > level)


def test_what_cannot_be_measured_is_left_out_with_the_reason(tmp_path: Path) -> None:
    weeks = [date(2026, 1, 5) + timedelta(days=7 * n + d) for n in range(14) for d in range(5)]
    write_table(tmp_path / "h", "leads", "lead_id,created_at,employees\n" + "\n".join(f"L{n},{day},200" for n, day in enumerate(weeks)))
    rows = [f"L{n},{stage},{day}T0{hour}:00:00Z" for n, day in enumerate(weeks) for stage, hour in (("mql", 8), ("sal", 9))]
    write_table(tmp_path / "h", "stage_changes", "lead_id,stage,occurred_at\n" + "\n".join(rows))
    history = build_history(tmp_path / "h", tmp_path / "h.duckdb")
    told = propose(history, Definition("Big", (), (FieldRule("employees", "at_least", 100),)), "Q2 2026", DAY)
    assert {line.promise.kind for line in told.lines} == {"acceptance", "volume", "meets_definition"}
    assert told.agreement.promise("acceptance").share == 1 and told.agreement.promise("volume").leads == 5 * 13 // 10 * 10
    left = dict(told.left_out)
    assert "no touch" in left["First touch"].lower() or "touches" in left["First touch"]
    assert {"Hand-over", "Required fields", "Decision", "Follow-up", "Calls and emails", "Reason for leaving"} <= set(left)
    assert check(told.agreement, history) == []


def test_a_history_without_weeks_proposes_nothing(tmp_path: Path) -> None:
    write_table(tmp_path / "h", "leads", "lead_id,created_at\nL1,2026-01-05")
    write_table(tmp_path / "h", "stage_changes", "lead_id,stage,occurred_at\nL1,mql,2026-01-05T08:00:00Z")
    told = propose(build_history(tmp_path / "h", tmp_path / "h.duckdb"), Definition("x", (), (FieldRule("source", "present"),)), "Q1 2026", DAY)
    assert told.agreement is None and told.lines == () and len(told.left_out) == len(GOOD)


def test_good_teams_promise_what_the_document_says() -> None:
    said = {one.kind: (one.within.text if one.within else "", one.share) for one in GOOD if one.share is not None}
    assert said == {
        "acceptance": ("14d", Decimal("0.9")), "hand_over": ("4h", Decimal("0.9")), "required_fields": ("", Decimal("0.95")),
        "decision": ("24h", Decimal("0.9")), "first_touch": ("30m", Decimal("0.8")), "follow_up": ("48h", Decimal("0.9")),
        "touches": ("14d", Decimal("0.8")),
    }  # fmt: skip
    touches = next(one for one in GOOD if one.kind == "touches")
    assert (touches.calls, touches.emails) == (3, 3)


def test_a_draft_begins_on_a_monday_at_least_a_week_away_and_after_the_last() -> None:
    for shift in range(800):
        today = date(2026, 1, 1) + timedelta(days=shift)
        day = dates.next_effective(today)
        assert day.weekday() == 0 and 7 <= (day - today).days <= 13
        later = dates.next_effective(today, after=date(2027, 1, 4))
        assert later.weekday() == 0 and later >= day and later > date(2027, 1, 4)
        assert later == day or later == date(2027, 1, 11)


def test_names_are_of_the_quarter_and_free() -> None:
    assert [dates.quarter_name(date(2027, month, 1)) for month in (1, 3, 4, 12)] == ["Q1 2027", "Q1 2027", "Q2 2027", "Q4 2027"]
    assert dates.free_name(date(2027, 1, 4), {"Q1 2027", "Q1 2027 (2)"}) == "Q1 2027 (3)"


def test_a_review_is_due_from_two_weeks_before() -> None:
    due = review_day(date(2027, 1, 4))
    assert review_due(date(2027, 1, 4), due - timedelta(days=15)) is None
    assert review_due(date(2027, 1, 4), due - timedelta(days=14)) == due == review_due(date(2027, 1, 4), due + timedelta(days=200))


@pytest.mark.parametrize("seed", range(60))
def test_the_text_of_a_draft_says_the_same_after_a_form_has_read_it(seed: int) -> None:
    agreement = random_agreement(seed)
    tree = draft_text.read(to_yaml(agreement))
    assert parse(draft_text.to_text(tree)) == agreement
    for kind in KINDS:
        other = parse(draft_text.to_text(draft_text.with_promise(tree, kind, draft_text.usual(kind)))) if kind != "required_fields" else None
        if other:
            assert other.promise(kind) == draft_text.example(kind)
            assert [one for one in other.promises if one.kind != kind] == [one for one in agreement.promises if one.kind != kind]
    if len(agreement.promises) > 1:
        kind = agreement.promises[0].kind
        assert parse(draft_text.to_text(draft_text.with_promise(tree, kind, None))).promise(kind) is None


def test_faults_are_shown_where_they_are() -> None:
    told = judge(Q1.replace("share: 0.25", "share: 25").replace("hand_over", "hand_ovr").replace("name: Q1 2027\n", "").replace("2027-01-04", "soon"))
    assert {fault.place for fault in told.faults} == {"first_touch", "", "name", "effective"}
    assert judge("x: [").faults[0].place == "" and judge(FULL).faults == ()


def test_what_is_in_force_as_other_screens_ask_for_it() -> None:
    agreed = Agreed("Q1 2027", parse(FULL))
    assert agreed.first_touch == FirstTouch(parse(FULL).promise("first_touch").within, True, 80)
    assert agreed.touches == Touches(3, 3, 14, 80) and agreed.open_leads == 500
    assert agreed.hours("hand_over") == 4 and agreed.hours("first_touch") is None and agreed.hours("status") == 14 * 24
    odd = FULL.replace("touches: {calls: 3, emails: 3, within: 14d, share: 0.8}", "touches: {calls: 3, within: 36h, share: 0.8}")
    odd = odd.replace("first_touch: {within: 30m, share: 0.8, clock: working}", "first_touch: {within: 30m, share: 0.825}").replace(
        "  open_leads: {per_rep: 500, share: 1.0}\n", ""
    )
    agreed = Agreed("Q1 2027", parse(odd))
    assert agreed.touches is None and agreed.first_touch is None and agreed.open_leads is None and agreed.hours("first_touch") == 0.5
