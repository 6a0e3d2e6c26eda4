"""Promises worked out by hand: deadlines to the microsecond, releases, weeks in which clocks change, working hours, shares and quarters."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from plumbline.agreement import parse, scorecard, weeks
from plumbline.agreement.behind import of_week
from plumbline.agreement.items import Ground, ground, items
from plumbline.agreement.model import Promise
from plumbline.errors import InputError
from tests.importing_support import build_history, write_table

REPS = "rep_id,name,team,time_zone\nR1,Ada,north,Europe/Berlin\nR2,Bob,south,Europe/Berlin\n"


def agreed(promises: str, qualified: str = "{fit: [{field: need, present: true}]}") -> str:
    return f"name: A\neffective: 2026-01-05\nqualified: {qualified}\n{dedent(promises).strip()}\n"


def known(tmp_path: Path, promises: str, qualified: str = "{fit: [{field: need, present: true}]}", zone: str = "UTC", **tables: str) -> Ground:
    folder = tmp_path / "in"
    for name, text in tables.items():
        if name != "through":
            write_table(folder, name, text)
    through = tables.get("through", "2026-03-31T00:00:00Z")
    opened = build_history(folder, tmp_path / "h.duckdb", data_through=through, time_zone=zone)
    return ground(opened, parse.parse(agreed(promises, qualified)))


def leads(count: int, beside: str = "") -> str:
    return f"lead_id,created_at,need{beside}\n" + "\n".join(f"L{n},2026-01-01T00:00:00Z,yes" for n in range(1, count + 1))


def told(ground_: Ground, kind: str, week: str) -> list[tuple]:
    """(lead, deadline, met, outcome, ...) of the items of a week."""
    made = of_week(ground_, ground_.agreement.promise(kind), weeks.parse(week))
    return made.drop("opened_at", "start").rows()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def counts(ground_: Ground, week: str, kind: str) -> tuple:
    row = next(row for row in scorecard.scorecard(ground_, weeks.parse(week)) if row.promise == kind)
    return row.n, row.met, row.missed_late, row.missed_open, row.too_early, row.needed, row.short, row.status


# Deadlines


def test_the_deadline_is_met_to_the_microsecond(tmp_path: Path) -> None:
    changes = """lead_id,stage,occurred_at
        L1,mql,2026-03-02T10:00:00Z
        L1,sal,2026-03-03T10:00:00Z
        L2,mql,2026-03-02T10:00:00Z
        L2,sal,2026-03-03T10:00:00.000001Z
        L3,mql,2026-03-02T10:00:00Z"""
    found = known(tmp_path, "acceptance: {within: 1d, share: 0.9}", leads=leads(3), stage_changes=changes)
    due = at("2026-03-03T10:00:00")
    assert told(found, "acceptance", "2026-W10") == [
        ("L1", due, due, "met"),
        ("L2", due, at("2026-03-03T10:00:00.000001"), "missed_late"),
        ("L3", due, None, "missed_open"),
    ]


def test_a_week_holds_what_is_due_in_it_to_its_last_microsecond(tmp_path: Path) -> None:
    changes = """lead_id,stage,occurred_at
        L1,mql,2026-03-01T22:59:59.999999Z
        L2,mql,2026-03-01T23:00:00Z
        L3,mql,2026-03-08T22:59:59.999999Z
        L4,mql,2026-03-08T23:00:00Z"""
    found = known(tmp_path, "acceptance: {within: 1d, share: 0.9}", zone="Europe/Berlin", leads=leads(4), stage_changes=changes)
    assert [lead for lead, *_ in told(found, "acceptance", "2026-W10")] == ["L1", "L2"]  # from Monday, 2 March: 1 March 23:00 UTC
    assert [lead for lead, *_ in told(found, "acceptance", "2026-W11")] == ["L3", "L4"]


def test_a_week_in_which_clocks_change_is_an_hour_shorter_or_longer() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    hours = {
        name: (last + 1 - first) / 3_600_000_000
        for name in ("2026-W12", "2026-W13", "2026-W43")
        for first, last in [weeks.parse(name).bounds(berlin)]
    }
    assert hours == {"2026-W12": 168, "2026-W13": 167, "2026-W43": 169}
    assert (
        weeks.bounds(date(2018, 11, 4), date(2018, 11, 4), ZoneInfo("America/Sao_Paulo"))[0]
        == weeks.bounds(date(2018, 11, 3), date(2018, 11, 3), ZoneInfo("America/Sao_Paulo"))[1] + 1
    )  # a day that begins at one o'clock


def test_a_running_week_counts_nothing_that_is_not_due_however_early_it_was_met(tmp_path: Path) -> None:
    changes = """lead_id,stage,occurred_at
        L1,mql,2026-03-02T10:00:00Z
        L1,sal,2026-03-02T11:00:00Z
        L2,mql,2026-03-03T10:00:00Z
        L2,sal,2026-03-03T10:00:00Z
        L3,mql,2026-03-03T10:00:00.000001Z
        L3,sal,2026-03-03T11:00:00Z"""
    found = known(
        tmp_path, "acceptance: {within: 1d, share: 0.9}", leads=leads(3), stage_changes=changes, through="2026-03-04T10:00:00Z"
    )  # L2 is due at the last instant
    assert counts(found, "2026-W10", "acceptance") == (2, 2, 0, 0, 1, 2, 0, "too_early")
    assert told(found, "acceptance", "2026-W10")[2] == ("L3", at("2026-03-04T10:00:00.000001"), at("2026-03-03T11:00:00"), "too_early")


# Releases


HANDED = """lead_id,rep_id,occurred_at
    L1,R1,2026-03-02T10:00:00Z
    L2,R1,2026-03-02T10:00:00Z
    L3,R1,2026-03-02T10:00:00Z
    L4,R1,2026-03-02T10:00:00Z
    L5,R1,2026-03-02T10:00:00Z"""


def mqls(count: int) -> str:
    return "lead_id,stage,occurred_at\n" + "".join(f"L{n},mql,2026-03-02T10:00:00Z\n" for n in range(1, count + 1))


def test_a_release_counts_as_the_thing_by_the_deadline_and_late_after_it(tmp_path: Path) -> None:
    changes = mqls(5) + "L1,rejected,2026-03-02T10:30:00Z\nL2,rejected,2026-03-02T10:30:00.000001Z\n"
    touches = """lead_id,channel,direction,outcome,occurred_at
        L3,call,inbound,connected,2026-03-02T09:59:59Z
        L4,email,inbound,replied,2026-03-02T10:20:00Z
        L5,call,outbound,connected,2026-03-02T10:30:00Z"""
    promises = "sales: {first_touch: {within: 30m, share: 0.9}}"
    found = known(tmp_path, promises, leads=leads(5), stage_changes=changes, assignments=HANDED, reps=REPS, touches=touches)
    due = at("2026-03-02T10:30:00")
    assert told(found, "first_touch", "2026-W10") == [
        ("L1", due, due, "met"),
        ("L2", due, at("2026-03-02T10:30:00.000001"), "missed_late"),
        ("L3", due, None, "missed_open"),  # a contact before the pass is none of it
        ("L4", due, at("2026-03-02T10:20:00"), "met"),
        ("L5", due, due, "met"),
    ]
    [row] = scorecard.scorecard(found, weeks.parse("2026-W10"))
    assert (row.met, row.released, row.side, row.target, row.actual) == (3, 2, "sales", 0.9, 0.6)  # L1 and L4; the call of L5 is an attempt itself


def test_touches_count_from_the_hand_over_and_the_later_of_the_last_of_both_decides(tmp_path: Path) -> None:
    changes = "lead_id,stage,occurred_at\nL1,mql,2026-03-02T09:00:00Z\nL2,mql,2026-03-02T09:00:00Z\n"
    touches = """lead_id,channel,direction,outcome,occurred_at,is_automated
        L1,call,outbound,no_answer,2026-03-02T09:30:00Z,
        L1,call,outbound,no_answer,2026-03-02T10:00:00Z,
        L1,email,outbound,,2026-03-03T10:00:00Z,true
        L1,email,outbound,,2026-03-04T10:00:00Z,
        L1,call,outbound,no_answer,2026-03-03T10:00:00Z,
        L2,call,outbound,connected,2026-03-02T09:30:00Z,"""
    promises = "sales: {touches: {calls: 2, emails: 1, within: 7d, share: 1}, first_week_calls: {calls: 2, share: 1}}"
    found = known(tmp_path, promises, leads=leads(2), stage_changes=changes, assignments=HANDED, reps=REPS, touches=touches)
    due = at("2026-03-09T10:00:00")
    assert told(found, "touches", "2026-W11") == [
        ("L1", due, at("2026-03-04T10:00:00"), "met"),
        ("L2", due, at("2026-03-02T09:30:00"), "met"),  # released by a contact before the hand-over
    ]
    assert told(found, "first_week_calls", "2026-W11")[0][2] == at("2026-03-03T10:00:00")


def test_a_decision_may_come_before_the_hand_over_and_a_repeat_decides_nothing(tmp_path: Path) -> None:
    changes = """lead_id,stage,occurred_at
        L1,mql,2026-03-02T08:00:00Z
        L1,sal,2026-03-02T09:00:00Z
        L2,mql,2026-03-02T08:00:00Z
        L2,mql,2026-03-02T11:00:00Z
        L3,mql,2026-03-02T08:00:00Z
        L3,won,2026-03-02T12:00:00Z"""
    found = known(tmp_path, "sales: {decision: {within: 24h, share: 1}}", leads=leads(3), stage_changes=changes, assignments=HANDED, reps=REPS)
    assert [(lead, met, outcome) for lead, _, met, outcome in told(found, "decision", "2026-W10")] == [
        ("L1", at("2026-03-02T09:00:00"), "met"),
        ("L2", None, "missed_open"),
        ("L3", at("2026-03-02T12:00:00"), "met"),
    ]


def test_status_is_told_by_a_later_stage_at_any_time_an_exit_or_a_repeat_after_the_start(tmp_path: Path) -> None:
    changes = """lead_id,stage,occurred_at
        L1,mql,2026-03-02T08:00:00Z
        L1,mql,2026-03-02T10:00:00Z
        L2,mql,2026-03-02T08:00:00Z
        L2,mql,2026-03-02T10:00:00Z
        L2,mql,2026-03-02T10:00:00.000001Z
        L3,mql,2026-03-02T08:00:00Z
        L3,sql,2026-03-02T09:00:00Z
        L3,sal,2026-03-03T09:00:00Z
        L4,sal,2026-03-02T08:00:00Z
        L5,mql,2026-03-02T08:00:00Z
        L5,rejected,2026-03-02T10:30:00Z
        L5,mql,2026-03-02T10:20:00Z"""
    found = known(tmp_path, "sales: {status: {within: 1d, share: 1}}", leads=leads(5), stage_changes=changes, assignments=HANDED, reps=REPS)
    rows = {(lead, stage): (due, met, outcome) for lead, due, met, outcome, stage in told(found, "status", "2026-W10")}
    due = at("2026-03-03T10:00:00")
    assert rows == {
        ("L1", "mql"): (due, None, "missed_open"),  # repeated at the start, not after it
        ("L2", "mql"): (due, at("2026-03-02T10:00:00.000001"), "met"),
        ("L3", "mql"): (due, at("2026-03-02T09:00:00"), "met"),
        ("L3", "sal"): (at("2026-03-04T09:00:00"), at("2026-03-02T09:00:00"), "met"),  # the SQL came first
        ("L3", "sql"): (due, None, "missed_open"),  # an SAL is no later stage
        ("L4", "sal"): (due, None, "missed_open"),  # its MQL is implied: no entry of its own
        ("L5", "mql"): (due, at("2026-03-02T10:20:00"), "met"),
    }


# Ways out


def test_what_becomes_of_rejected_leads(tmp_path: Path) -> None:
    changes = """lead_id,stage,occurred_at,event_id
        L1,mql,2026-03-02T08:00:00Z,
        L1,rejected,2026-03-02T09:00:00Z,b
        L1,lost,2026-03-02T09:00:00Z,c
        L2,mql,2026-03-02T08:00:00Z,
        L2,rejected,2026-03-02T09:00:00Z,
        L2,mql,2026-03-02T12:00:00Z,
        L2,recycled,2026-03-02T13:00:00Z,
        L2,mql,2026-03-02T14:00:00Z,
        L3,mql,2026-03-02T08:00:00Z,
        L3,rejected,2026-03-02T09:00:00Z,
        L3,mql,2026-03-02T12:00:00Z,
        L3,disqualified,2026-03-03T09:00:00.000001Z,
        L4,mql,2026-03-02T08:00:00Z,
        L4,rejected,2026-03-02T09:00:00Z,b
        L4,lost,2026-03-02T09:00:00Z,a"""
    owners = "lead_id,rep_id,occurred_at\nL2,R1,2026-03-02T14:00:00Z\nL3,queue,2026-03-02T12:00:00Z\n"
    promises = "marketing: {returned: {within: 1d, share: 0.8}}\nsales: {reason: {share: 1}}"
    found = known(tmp_path, promises, leads=leads(4), stage_changes=changes, assignments=owners, reps=REPS)
    due = at("2026-03-03T09:00:00")
    assert told(found, "returned", "2026-W10") == [
        ("L1", due, at("2026-03-02T09:00:00"), "met"),  # lost after it, at the same instant
        ("L2", due, None, "missed_open"),  # handed over in the pass after the next
        ("L3", due, at("2026-03-03T09:00:00.000001"), "missed_late"),
    ]  # L4 was lost first: its rejection closed nothing
    assert counts(found, "2026-W10", "reason")[:4] == (6, 0, 0, 6)


def test_recycled_leads_want_a_machine_or_a_next_pass(tmp_path: Path) -> None:
    changes = "lead_id,stage,occurred_at\n" + "".join(f"L{n},mql,2026-03-02T08:00:00Z\nL{n},recycled,2026-03-02T09:00:00Z\n" for n in range(1, 5))
    touches = """lead_id,channel,direction,occurred_at,is_automated
        L1,email,outbound,2026-03-02T09:00:00Z,true
        L2,email,outbound,2026-03-02T09:00:00.000001Z,true
        L3,email,outbound,2026-03-02T10:00:00Z,false
        L3,email,inbound,2026-03-02T10:00:00Z,true"""
    found = known(
        tmp_path,
        "marketing: {recycled: {within: 1d, share: 0.5}}",
        leads=leads(4),
        stage_changes=changes + "L4,sal,2026-03-03T09:00:00Z\n",
        touches=touches,
    )
    assert [(lead, met, outcome) for lead, _, met, outcome in told(found, "recycled", "2026-W10")] == [
        ("L1", None, "missed_open"),
        ("L2", at("2026-03-02T09:00:00.000001"), "met"),
        ("L3", None, "missed_open"),
        ("L4", at("2026-03-03T09:00:00"), "met"),
    ]


# What was known


def test_fields_are_known_at_the_hand_over_or_a_minute_after_each_by_itself(tmp_path: Path) -> None:
    changes = """lead_id,field,value,old_value,occurred_at,recorded_at
        L1,need,yes,,2026-03-02T10:01:00Z,
        L2,need,yes,,2026-03-02T10:01:00.000001Z,
        L3,need,,yes,2026-03-02T10:00:30Z,
        L3,budget,100,,2026-03-02T10:00:40Z,
        L4,need,yes,,2026-03-02T10:00:00Z,2026-03-02T10:02:00Z
        L5,budget,false,,2026-03-02T09:00:00Z,
        L5,need,no,,2026-03-02T09:00:00Z,"""
    rows = "lead_id,created_at,need,budget\n" + "".join(f"L{n},2026-01-01T00:00:00Z,,5\n" for n in range(1, 6))
    promises = "marketing: {required_fields: {share: 1, fields: [need, budget]}}"
    found = known(tmp_path, promises, leads=rows, stage_changes=mqls(5), assignments=HANDED, reps=REPS, lead_changes=changes)
    outcomes = {lead: outcome for lead, _, _, outcome in told(found, "required_fields", "2026-W10")}
    assert outcomes == {"L1": "met", "L2": "missed_open", "L3": "met", "L4": "missed_open", "L5": "met"}


def test_the_definition_holds_as_known_at_the_opening(tmp_path: Path) -> None:
    changes = """lead_id,field,value,old_value,occurred_at,recorded_at
        L1,need,yes,,2026-03-02T10:00:00Z,
        L2,need,yes,,2026-03-02T10:00:00Z,2026-03-02T10:00:00.000001Z"""
    rows = "lead_id,created_at,need\nL1,2026-01-01T00:00:00Z,\nL2,2026-01-01T00:00:00Z,\nL3,2026-01-01T00:00:00Z,yes\n"
    promises = "marketing: {meets_definition: {share: 0.5}, volume: {leads: 64}}"
    found = known(tmp_path, promises, leads=rows, stage_changes=mqls(3), lead_changes=changes)
    assert [(lead, outcome) for lead, _, _, outcome in told(found, "meets_definition", "2026-W10")] == [
        ("L1", "met"),
        ("L2", "missed_open"),
        ("L3", "met"),
    ]
    assert [lead for lead, *_ in told(found, "volume", "2026-W10")] == ["L1", "L3"]
    volume, meets = scorecard.scorecard(found, weeks.parse("2026-W10"))
    assert (volume.target, volume.actual, volume.needed, volume.short, volume.status, volume.missed_open) == (5.0, 2.0, 5, 3, "missed", None)
    assert (meets.n, meets.status) == (3, "too_few")


# Working time


def hours(tmp_path: Path, promises: str, changes: str, owners: str = "") -> Ground:
    calendars = "team,day,opens,closes\n" + "".join(f"north,{day},09:00,17:00\n" for day in ("mon", "tue", "wed", "thu", "fri"))
    calendars += "south,mon,22:00,06:00\nsouth,2026-03-10,,\n"
    tables = {"assignments": owners} if owners else {}
    return known(
        tmp_path, promises, zone="Europe/Berlin", leads=leads(5), stage_changes=changes, reps=REPS, calendars=calendars, touches=TOUCH, **tables
    )


TOUCH = "lead_id,channel,occurred_at\nL9,call,2026-03-02T10:00:00Z\nL1,call,2026-01-02T10:00:00Z\n"


def test_working_time_used_up_at_closing_is_due_at_closing(tmp_path: Path) -> None:
    changes = "lead_id,stage,occurred_at\n" + "".join(f"L{n},mql,2026-03-06T12:00:00Z\n" for n in (1, 2, 3))  # Friday, 13:00 in Berlin
    owners = """lead_id,rep_id,occurred_at
        L1,R1,2026-03-06T14:00:00Z
        L2,R1,2026-03-06T14:00:00.000001Z
        L3,R2,2026-03-06T14:00:00Z"""
    found = hours(tmp_path, "sales: {first_touch: {within: 2h, share: 1, clock: working}}", changes, owners)
    assert told(found, "first_touch", "2026-W10") == [("L1", at("2026-03-06T16:00:00"), None, "missed_open")]
    assert [(lead, due) for lead, due, *_ in told(found, "first_touch", "2026-W11")] == [
        ("L2", at("2026-03-09T08:00:00.000001")),  # a microsecond is left for Monday
        ("L3", at("2026-03-09T23:00:00")),  # the night of Monday, from 22:00
    ]


def test_nobody_owns_a_lead_before_its_hand_over(tmp_path: Path) -> None:
    changes = "lead_id,stage,occurred_at\nL1,mql,2026-03-06T15:30:00Z\n"
    owners = "lead_id,rep_id,occurred_at\nL1,R2,2026-03-09T08:30:00Z\n"
    found = hours(tmp_path, "marketing: {hand_over: {within: 1h, share: 1, clock: working}}", changes, owners)
    due = at("2026-03-09T08:30:00")  # the hours of leads without a team, 09:00 to 17:00 in Berlin: half an hour on Friday
    assert told(found, "hand_over", "2026-W11") == [("L1", due, due, "met")]


def test_the_team_is_of_who_owns_the_lead_at_the_start(tmp_path: Path) -> None:
    changes = mqls(2) + "L1,sal,2026-03-06T15:30:00Z\nL2,sal,2026-03-06T15:30:00Z\n"
    owners = """lead_id,rep_id,occurred_at
        L1,R1,2026-03-02T12:00:00Z
        L1,R2,2026-03-06T15:30:00Z
        L2,R2,2026-03-02T12:00:00Z
        L2,queue,2026-03-06T15:30:00Z"""
    found = hours(tmp_path, "sales: {follow_up: {within: 1h, share: 1, clock: working}}", changes, owners)
    assert [(lead, due) for lead, due, *_ in told(found, "follow_up", "2026-W11")] == [
        ("L2", at("2026-03-09T08:30:00")),  # a queue has no team
        ("L1", at("2026-03-09T22:00:00")),
    ]


# Rows


def test_needed_is_exact() -> None:
    def needed(share: str, n: int) -> int:
        return scorecard.needed_of(Promise("reason", share=Decimal(share)), n)

    assert [needed("0.9", 10), needed("0.35", 20), needed("0.29", 100), needed("1.0", 7), needed("0.07", 100), needed("0.9", 0)] == [
        9,
        7,
        29,
        7,
        7,
        0,
    ]
    assert needed("0.900000000000001", 10) == 10


def test_few_and_none(tmp_path: Path) -> None:
    changes = "lead_id,stage,occurred_at\n" + "".join(f"L{n},mql,2026-03-0{2 if n < 5 else 9}T10:00:00Z\n" for n in range(1, 10))
    changes += "".join(f"L{n},sal,2026-03-09T11:00:00Z\n" for n in range(5, 10))
    found = known(tmp_path, "acceptance: {within: 1d, share: 0.9}\nmarketing: {volume: {leads: 1}}", leads=leads(9), stage_changes=changes)
    assert counts(found, "2026-W10", "acceptance") == (4, 0, 0, 4, 0, 4, 4, "too_few")
    assert counts(found, "2026-W11", "acceptance") == (5, 5, 0, 0, 0, 5, 0, "met")
    assert counts(found, "2026-W12", "acceptance") == (0, 0, 0, 0, 0, 0, 0, "no_data")
    assert counts(found, "2026-W12", "volume") == (0, 0, None, None, None, 1, 1, "missed")
    assert scorecard.scorecard(found, weeks.parse("2026-W12"))[0].actual is None
    assert counts(found, "2026-W14", "volume")[-1] == "too_early"


def test_a_week_belongs_to_both_quarters_of_its_days() -> None:
    # Mon 30 March to Fri 3 April 2026: two of the 64 working days of the first quarter, three of the 65 of the second
    assert scorecard.volume_target(390, date(2026, 3, 30), date(2026, 4, 5)) == Fraction(390 * 2, 64) + Fraction(390 * 3, 65)
    assert scorecard.volume_target(390, date(2026, 1, 1), date(2026, 3, 31)) == 390
    assert scorecard.volume_target(7, date(2026, 3, 28), date(2026, 3, 29)) == 0
    assert weeks.quarter(date(2026, 12, 31)) == (date(2026, 10, 1), date(2026, 12, 31))


def test_the_quarter_so_far_is_a_count(tmp_path: Path) -> None:
    changes = "lead_id,stage,occurred_at\n" + "".join(f"L{n},mql,2026-01-{n:02d}T10:00:00Z\n" for n in range(1, 13))
    changes += "".join(f"L{n},sal,2026-01-{n:02d}T11:00:00Z\n" for n in range(1, 11))
    found = known(tmp_path, "acceptance: {within: 1d, share: 0.8}\nmarketing: {volume: {leads: 64}}", leads=leads(12), stage_changes=changes)
    acceptance, volume = scorecard.quarter_so_far(found, weeks.parse("2026-W02"))  # up to 11 January: L1 to L10 are due
    assert (acceptance.n, acceptance.met, acceptance.needed, acceptance.short, acceptance.may_miss) == (10, 10, 8, 0, 2)
    assert (volume.n, volume.target) == (11, 7.0)
    assert [row.n for row in scorecard.quarter_so_far(found, weeks.parse("2026-W14"))] == [12, 12]
    assert [row.n for row in scorecard.quarter_so_far(found, weeks.parse("2026-W15"))] == [0, 0]


def test_reps_with_open_leads_are_the_items(tmp_path: Path) -> None:
    changes = mqls(5) + "L1,rejected,2026-03-08T23:59:59.999999Z\nL2,rejected,2026-03-09T00:00:00Z\n"
    owners = HANDED + "\nL3,R2,2026-03-08T23:59:59.999999Z\nL4,queue,2026-03-05T00:00:00Z\nL5,R2,2026-03-09T00:00:00Z"
    found = known(tmp_path, "sales: {open_leads: {per_rep: 1, share: 1}}", leads=leads(5), stage_changes=changes, assignments=owners, reps=REPS)
    end = at("2026-03-08T23:59:59.999999")
    assert told(found, "open_leads", "2026-W10") == [
        ("L2", end, None, "missed_open", "R1"),
        ("L5", end, None, "missed_open", "R1"),
        ("L3", end, None, "met", "R2"),
    ]
    assert counts(found, "2026-W10", "open_leads") == (2, 1, 0, 1, 0, 2, 1, "missed")
    assert counts(found, "2026-W09", "open_leads")[-1] == "no_data"
    assert counts(found, "2026-W14", "open_leads")[-1] == "too_early"  # as the data end


def test_what_cannot_be_measured_keeps_its_row(tmp_path: Path) -> None:
    promises = "sales: {decision: {within: 24h, share: 1}, first_touch: {within: 30m, share: 1}, reason: {share: 1}}"
    found = known(tmp_path, promises, leads=leads(2), stage_changes=mqls(2))
    rows = scorecard.scorecard(found, weeks.parse("2026-W10"))
    assert [(row.promise, row.n, row.status, bool(row.why)) for row in rows] == [
        ("decision", 0, "no_data", True),
        ("first_touch", 0, "no_data", True),
        ("reason", 0, "no_data", False),
    ]
    assert told(found, "decision", "2026-W10") == []


# Weeks


def test_weeks_by_name() -> None:
    assert weeks.parse("2026-W46").days == "Mon 9 - Sun 15 Nov"
    assert weeks.parse("2026-W40").days == "Mon 28 Sep - Sun 4 Oct"
    assert weeks.parse("2020-W53").days == "Mon 28 Dec 2020 - Sun 3 Jan 2021"
    assert weeks.week_of(date(2021, 1, 3)).name == "2020-W53"
    assert [one.name for one in weeks.span(weeks.parse("2026-W01"), 2)] == ["2025-W52", "2026-W01"]


@pytest.mark.parametrize(
    "text", ["2026-W54", "2025-W53", "2026-W00", "2026W46", "2026-46", "2026-W4", "0001-W01", "9999-W52", "", "２０２６-W46", "2026-W46 "]
)
def test_a_week_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        weeks.parse(text)


def test_the_last_full_week_ends_by_the_end_of_the_data() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert weeks.last_full(at("2026-03-08T22:59:59.999998"), berlin).name == "2026-W09"
    assert weeks.last_full(at("2026-03-08T22:59:59.999999"), berlin).name == "2026-W10"
    assert weeks.last_full(at("2026-03-08T22:59:59.999999"), ZoneInfo("UTC")).name == "2026-W09"


def test_the_columns_of_items(tmp_path: Path) -> None:
    found = known(tmp_path, "acceptance: {within: 1d, share: 0.9}", leads=leads(1), stage_changes=mqls(1))
    first, last = weeks.parse("2026-W10").bounds(ZoneInfo("UTC"))
    told_ = items(found, found.agreement.promise("acceptance"), first, last).frame()
    assert told_.columns == ["lead_no", "pass_no", "opened_at", "start", "deadline", "met_at", "is_released", "outcome"]
    assert told_.schema["deadline"] == pl.Int64
