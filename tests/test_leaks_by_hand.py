"""Leak classes and their slow oracle, in cases small enough to work out by hand.

Every step and class here was written from docs/leaks.md, not from a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from tests.importing_support import build_history
from tests.oracle import funnel
from tests.oracle import leaks as oracle
from tests.oracle.history import History as Told
from tests.oracle.random_histories import write_csv_folder

MQL_AT = datetime(2025, 1, 6, 9)
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
STAGES = ("mql", "sal", "sql", "opportunity", "won", "rejected", "recycled", "disqualified", "lost")
OUTCOMES = ("no_answer", "connected", "replied", "bounced", "booked", "held", "no_show", "rescheduled", "cancelled")
# The data end after 200 days: 14 days before that is 186d, 45 are 155d, 180 are 20d.
END = "200d"
NONE = ""


@dataclass
class Case:
    """`told`: what happened, "what when how": a stage, a channel or an owner; when after 6 January 09:00, + or - a microsecond; outcome, inbound,
    automated, id=. `leaks`: "step class", and "1 of 2" where more than one pass leaked at the step; all passes.
    """

    told: str
    leaks: str
    k: int = 6


R1 = "mql 0; owner 0 R1"  # handed over at once
ACCEPTED = "mql 0; owner 0 R1; sal 2d"
CASES = {
    # mql->sal
    "nobody's": Case("mql 0", "mql->sal never_assigned"),
    "nobody's goes before a contact": Case("mql 0; call 1d connected", "mql->sal never_assigned"),
    "a queue's is nobody's": Case("mql 0; owner 1d queue; call 2d", "mql->sal never_assigned"),
    "taken back before the mql": Case("owner -2d R1; owner -1d queue; mql 0; call 1d", "mql->sal never_assigned"),
    "handed over after the end": Case("mql 0; owner 200d+ R1; call 1d", "mql->sal never_assigned"),
    "a rep's before the mql": Case("owner -1d R1; mql 0", "mql->sal never_touched"),
    "handed over at the end": Case("mql 0; owner 200d R1", "mql->sal never_touched"),
    "inbound and automated are no attempts": Case(f"{R1}; call 1d inbound; email 2d automated", "mql->sal never_touched"),
    "nor is a lead that calls": Case(f"{R1}; call 1d connected inbound", "mql->sal never_touched"),
    "an attempt just before the opening": Case(f"{R1}; call 0-", "mql->sal never_touched"),
    "an attempt after the end": Case(f"{R1}; call 200d+", "mql->sal never_touched"),
    "an attempt before the hand-over": Case("mql 0; call 1d; owner 2d R1", "mql->sal gave_up_early"),
    "contact": Case(f"{R1}; call 1d; call 2d connected", "mql->sal contacted_no_decision"),
    "contact by the lead": Case(f"{R1}; email 1d replied inbound; call 2d", "mql->sal contacted_no_decision"),
    "contact by a machine": Case(f"{R1}; call 1d; email 2d replied automated", "mql->sal contacted_no_decision"),
    "contact at the opening": Case(f"{R1}; meeting 0 held", "mql->sal contacted_no_decision"),
    "contact just before it": Case(f"{R1}; call 0- connected; call 1d", "mql->sal gave_up_early"),
    "contact goes before six attempts": Case(f"{R1}" + "; call 1d" * 6 + "; call 2d held", "mql->sal contacted_no_decision"),
    "six attempts": Case(f"{R1}" + "; call 1d" * 6, "mql->sal worked_no_answer"),
    "five": Case(f"{R1}" + "; call 1d" * 5, "mql->sal gave_up_early"),
    "six with the inbound one are five": Case(f"{R1}" + "; call 1d" * 5 + "; sms 3d inbound", "mql->sal gave_up_early"),
    "six of one id are one": Case(f"{R1}" + "; call 1d id=1" * 6, "mql->sal gave_up_early"),
    "six, the last of them today": Case(f"{R1}" + "; call 1d" * 5 + "; email 200d bounced", "mql->sal worked_no_answer"),
    "two of two": Case(f"{R1}; call 1d; social 2d", "mql->sal worked_no_answer", 2),
    "two of three": Case(f"{R1}; call 1d; other 2d", "mql->sal gave_up_early", 3),
    "14 days of silence": Case(f"{R1}; call 186d", "mql->sal still_worked"),
    "and a little more": Case(f"{R1}; call 186d-", "mql->sal gave_up_early"),
    "what machines and leads do later": Case(f"{R1}; call 1d; email 199d automated; call 199d inbound", "mql->sal gave_up_early"),
    "the last attempt counts, not the first": Case(f"{R1}; call 190d; call 1d", "mql->sal still_worked"),
    "an attempt at the end": Case(f"{R1}; call 200d", "mql->sal still_worked"),
    "a no-show before acceptance is an attempt": Case(f"{R1}; meeting 1d booked; meeting 2d no_show", "mql->sal gave_up_early"),
    "14 days old": Case("mql 186d", "mql->sal never_assigned"),
    "a little younger": Case("mql 186d+", NONE),
    "a repeat is no new start": Case(f"{R1}; call 1d; mql 199d", "mql->sal gave_up_early"),
    # Exits
    "sent back at once": Case("mql 199d; rejected 199d", "mql->sal rejected"),
    "recycled": Case(f"{R1}; recycled 100d", "mql->sal recycled"),
    "disqualified after contact": Case(f"{R1}; call 1d connected; disqualified 2d", "mql->sal disqualified"),
    "lost after six attempts": Case(f"{R1}" + "; call 1d" * 6 + "; lost 2d", "mql->sal lost"),
    "the first exit counts": Case("mql 0; recycled 1d; lost 2d", "mql->sal recycled"),
    "accepted, then sent back": Case("mql 0; sal 1d; rejected 1d", "sal->sql rejected"),
    "lost in the end": Case("mql 0; opportunity 1d; lost 2d", "opportunity->won lost"),
    "an exit after the end": Case("mql 0; rejected 200d+", "mql->sal never_assigned"),
    "an exit of nothing": Case("rejected 1d", NONE),
    "accepted a minute after the exit": Case("mql 0; rejected 1d; sal 86460s", "sal->sql rejected"),
    "and a second later": Case("mql 0; rejected 1d; sal 86461s", "mql->sal rejected; sal->sql never_touched_since_accepted"),
    "won a minute after the exit": Case("mql 0; lost 1d; won 86460s", NONE),
    # The next pass
    "two passes": Case(f"{R1}; call 1d; lost 2d; mql 3d", "mql->sal lost 1 of 2; mql->sal never_touched 1 of 2"),
    "what comes at its opening": Case(f"{R1}; lost 2d; mql 3d; call 3d", "mql->sal lost 1 of 2; mql->sal gave_up_early 1 of 2"),
    "contact between two passes": Case(f"{R1}; lost 2d; call 3d- held; mql 3d; call 4d", "mql->sal lost 1 of 2; mql->sal gave_up_early 1 of 2"),
    "two of a kind": Case("mql 0; lost 2d; mql 3d; lost 4d", "mql->sal lost 2 of 2"),
    # sal->sql
    "untouched since": Case("mql 0; owner 0 R1; call 1d connected; sal 2d", "sal->sql never_touched_since_accepted"),
    "just before acceptance": Case(f"{ACCEPTED}; call 2d-", "sal->sql never_touched_since_accepted"),
    "at its instant": Case(f"{ACCEPTED}; call 2d", "sal->sql gave_up_early"),
    "only the lead calls": Case(f"{ACCEPTED}; call 3d connected inbound", "sal->sql never_touched_since_accepted"),
    "nobody's, but accepted": Case("mql 0; sal 2d; call 3d", "sal->sql gave_up_early"),
    "contact before acceptance": Case("mql 0; call 1d held; sal 2d; call 3d", "sal->sql gave_up_early"),
    "contact since": Case(f"{ACCEPTED}; call 3d; email 4d replied", "sal->sql contacted_no_decision"),
    "five since": Case("mql 0; call 1d; sal 2d" + "; call 3d" * 5, "sal->sql gave_up_early"),
    "six since": Case(ACCEPTED + "; call 3d" * 6, "sal->sql worked_no_answer"),
    "worked since": Case(f"{ACCEPTED}; call 186d", "sal->sql still_worked"),
    "silent since": Case(f"{ACCEPTED}; call 186d-; email 199d inbound", "sal->sql gave_up_early"),
    "no-show": Case(f"{ACCEPTED}; meeting 5d booked; meeting 6d no_show", "sal->sql no_show"),
    "no-show, then a call answered": Case(f"{ACCEPTED}; meeting 6d no_show; call 7d connected", "sal->sql no_show"),
    "no-show goes before six attempts": Case(ACCEPTED + "; call 3d" * 6 + "; call 7d no_show", "sal->sql no_show"),
    "no-show, then booked anew": Case(f"{ACCEPTED}; meeting 6d no_show; meeting 7d booked", "sal->sql gave_up_early"),
    "no-show, then rescheduled": Case(f"{ACCEPTED}; meeting 6d no_show; meeting 190d rescheduled", "sal->sql still_worked"),
    "no-show, then cancelled": Case(f"{ACCEPTED}; meeting 6d no_show; meeting 7d cancelled inbound", "sal->sql gave_up_early"),
    "no-show, then held": Case(f"{ACCEPTED}; meeting 6d no_show; meeting 7d held", "sal->sql contacted_no_decision"),
    "held, then no-show": Case(f"{ACCEPTED}; meeting 6d held; meeting 7d no_show", "sal->sql no_show"),
    "no-show of an inbound meeting": Case(f"{ACCEPTED}; call 3d; meeting 6d no_show inbound", "sal->sql no_show"),
    "which is no attempt": Case(f"{ACCEPTED}; meeting 6d no_show inbound", "sal->sql never_touched_since_accepted"),
    "no-show before acceptance": Case("mql 0; meeting 2d- no_show; sal 2d; call 3d", "sal->sql gave_up_early"),
    "no-show at its instant": Case("mql 0; meeting 2d no_show; sal 2d", "sal->sql no_show"),
    "no-show after the end": Case(f"{ACCEPTED}; call 3d; meeting 200d+ no_show", "sal->sql gave_up_early"),
    "ids order an instant: no-show last": Case(f"{ACCEPTED}; meeting 5d no_show id=9; meeting 5d held id=10", "sal->sql no_show"),
    "ids order an instant: held last": Case(f"{ACCEPTED}; meeting 5d held id=9; meeting 5d no_show id=10", "sal->sql contacted_no_decision"),
    "lines, where there are no ids": Case(f"{ACCEPTED}; meeting 5d held; meeting 5d no_show", "sal->sql no_show"),
    "a row without an id comes last": Case(f"{ACCEPTED}; meeting 5d held; meeting 5d no_show id=z", "sal->sql contacted_no_decision"),
    "45 days since acceptance": Case("mql 0; sal 155d; call 155d booked", "sal->sql gave_up_early"),
    "a little less": Case("mql 0; sal 155d+", NONE),
    "accepted only": Case("sal 0; call 190d", "sal->sql still_worked"),
    "an mql within its minute": Case("sal 0; mql 60s; call 30s", "sal->sql gave_up_early"),
    "accepted twice": Case("mql 0; sal 2d; call 3d; sal 199d", "sal->sql gave_up_early"),
    # Later
    "an SQL of 45 days": Case("mql 0; sal 1d; sql 155d", "sql->opportunity open_past_window"),
    "a younger one": Case("mql 0; sal 1d; sql 155d+", NONE),
    "an SQL straight away": Case("mql 0; sql 2d; call 3d connected", "sql->opportunity open_past_window"),
    "an SQL before its acceptance": Case("mql 0; sql 154d; sal 156d", "sql->opportunity open_past_window"),
    "an opportunity of 180 days": Case("mql 0; opportunity 20d", "opportunity->won open_past_window"),
    "a younger opportunity": Case("mql 0; opportunity 20d+", NONE),
    "won": Case("mql 0; won 1d", NONE),
    "won, then new": Case("mql 0; won 1d; mql 2d", "mql->sal never_assigned"),
}


def at(text: str) -> datetime:
    """ "0", "5m", "-1d", and a microsecond more or less."""
    nudge = {"+": 1, "-": -1}.get(text[-1], 0)
    text = text[:-1] if nudge else text
    seconds = int(text[:-1]) * UNITS[text[-1]] if text[-1] in UNITS else int(text)
    return MQL_AT + timedelta(seconds=seconds, microseconds=nudge)


def _tables(told: dict[str, str]) -> dict[str, list[dict]]:
    """A lead of its own for each text of `told`, found again by its attribute."""
    tables: dict[str, list[dict]] = {"leads": [], "stage_changes": [], "touches": [], "assignments": []}
    for lead_id, text in told.items():
        tables["leads"].append({"lead_id": lead_id, "created_at": at("-3d"), "case": lead_id})
        for event in text.split("; "):
            what, when, *how = event.split()
            ids = [f"{lead_id} {word[3:]}" for word in how if word.startswith("id=")]
            row: dict = {"lead_id": lead_id, "occurred_at": at(when), "event_id": "".join(ids)}
            if what == "owner":
                tables["assignments"].append(row | {"rep_id": how[0]})
            elif what in STAGES:
                tables["stage_changes"].append(row | {"stage": what})
            else:
                row |= {"channel": what, "direction": "inbound" if "inbound" in how else "", "is_automated": "automated" in how}
                tables["touches"].append(row | {"outcome": "".join(word for word in how if word in OUTCOMES)})
    return tables


def told_of(told: dict[str, str], **more: list[dict]) -> Told:
    return Told(_tables(told) | {"reps": [{"rep_id": "R1", "name": "Ann"}]} | more, at(END))


def _build(history: Told, folder: Path) -> History:
    options = write_csv_folder(history, folder / "in")
    return build_history(folder / "in", folder / "h.duckdb", **options)


def _rows(history: History, filters: Filters | None = None, **parameters: float) -> list[dict]:
    return run(history, "leaks/classes", filters or Filters(episodes="all"), parameters).to_dicts()


def _expected(leaks: str) -> list[dict]:
    """ "step class", or "step class 1 of 2", as rows."""
    rows = []
    for leak in leaks.split("; ") if leaks else []:
        step, name, *counts = leak.split()
        n, of = (int(counts[0]), int(counts[2])) if counts else (1, 1)
        rows.append({"step": step, "class": name, "n": n, "share": n / of})
    return rows


@pytest.fixture(scope="module")
def told() -> Told:
    return told_of({name: case.told for name, case in CASES.items()})


def test_oracle_by_hand(told: Told) -> None:
    wrong = {}
    for name, case in CASES.items():
        found = oracle.classes(told, funnel.Filters(segments={"case": [name]}, passes="all"), k=case.k)
        if found != _expected(case.leaks):
            wrong[name] = found
    assert not wrong


def test_product_by_hand(told: Told, tmp_path: Path) -> None:
    opened = _build(told, tmp_path)
    wrong = {}
    for name, case in CASES.items():
        found = _rows(opened, Filters(segments={"case": (name,)}, episodes="all"), k=case.k)
        if found != _expected(case.leaks):
            wrong[name] = found
    opened.close()
    assert not wrong


# Together

MANY = {
    **{f"rejected {n}": f"mql {n}d; rejected 190d" for n in range(3)},
    "recycled": "mql 0; recycled 1d",
    "disqualified": "mql 0; disqualified 1d",
    "lost": "mql 0; lost 1d",
    "nobody's": "mql 0",
    "untouched": R1,
    "contacted": f"{R1}; call 1d held",
    "worked": f"{R1}" + "; call 1d" * 6,
    "given up": f"{R1}; call 1d",
    "at work": f"{R1}; call 190d",
    "too young": "mql 190d",
    "sal: rejected": "sal 0; rejected 1d",
    "sal: recycled": "sal 0; recycled 1d",
    "sal: disqualified": "sal 0; disqualified 1d",
    "sal: lost": "sal 0; lost 1d",
    "sal: untouched": "sal 0",
    "sal: no-show": "sal 0; call 1d no_show",
    "sal: contacted": "sal 0; call 1d held",
    "sal: worked": "sal 0" + "; call 1d" * 6,
    "sal: given up": "sal 0; call 1d",
    "sal: at work": "sal 0; call 190d",
    "sal: too young": "sal 190d",
    "sql: lost": "sql 0; lost 1d",
    "sql: open": "sql 0",
    "sql: open too": "sql 0",
    "opportunity: rejected": "opportunity 0; rejected 1d",
    "opportunity: open": "opportunity 0",
    "won": "won 0",
}
TABLE = [
    *(("mql->sal", name, n, n / 12) for name, n in [("rejected", 3), ("recycled", 1), ("disqualified", 1), ("lost", 1), ("never_assigned", 1)]),
    *(("mql->sal", name, 1, 1 / 12) for name in ("never_touched", "contacted_no_decision", "worked_no_answer", "gave_up_early", "still_worked")),
    *(("sal->sql", name, 1, 1 / 10) for name in ("rejected", "recycled", "disqualified", "lost", "never_touched_since_accepted", "no_show")),
    *(("sal->sql", name, 1, 1 / 10) for name in ("contacted_no_decision", "worked_no_answer", "gave_up_early", "still_worked")),
    ("sql->opportunity", "lost", 1, 1 / 3),
    ("sql->opportunity", "open_past_window", 2, 2 / 3),
    ("opportunity->won", "rejected", 1, 1 / 2),
    ("opportunity->won", "open_past_window", 1, 1 / 2),
]


def test_order_and_shares(tmp_path: Path) -> None:
    """Every class of every step that it can have; shares of a step add up to one."""
    history = told_of(MANY)
    opened = _build(history, tmp_path)
    for found in (oracle.classes(history), _rows(opened, Filters())):
        assert [tuple(row) for row in found] == [("step", "class", "n", "share")] * len(TABLE)
        assert [tuple(row.values()) for row in found] == TABLE
    opened.close()


def test_windows(tmp_path: Path) -> None:
    """Each step has its own; half a day, and none at all."""
    history = told_of({"a": "mql 199d", "b": "mql 0; sal 190d", "c": "mql 0; sql 190d", "d": "mql 0; opportunity 190d"})
    opened = _build(history, tmp_path)
    cases = (
        ({}, ""),
        ({"mql": 1}, "mql->sal not_recorded"),
        ({"mql": 1.5}, ""),
        ({"mql": 0}, "mql->sal not_recorded"),
        ({"sal": 10}, "sal->sql not_recorded"),
        ({"sal": 10.5, "sql": 10}, "sql->opportunity open_past_window"),
        ({"opportunity": 10, "sql": 11}, "opportunity->won open_past_window"),
    )
    for horizons, leaks in cases:
        assert oracle.classes(history, horizons=horizons) == _expected(leaks)
        assert _rows(opened, **{f"{stage}_days": days for stage, days in horizons.items()}) == _expected(leaks)
    opened.close()


def test_filters(tmp_path: Path) -> None:
    """First passes or all, and the day of the opening: until is exclusive."""
    history = told_of({"a": "mql 0; lost 1d; mql 2d", "b": "mql 2d; recycled 150d"})
    opened = _build(history, tmp_path)
    two, three = at("2d").date(), at("3d").date()
    cases = (
        ({}, "first", "mql->sal recycled 1 of 2; mql->sal lost 1 of 2"),
        ({}, "all", "mql->sal recycled 1 of 3; mql->sal lost 1 of 3; mql->sal not_recorded 1 of 3"),
        ({"since": two}, "all", "mql->sal recycled 1 of 2; mql->sal not_recorded 1 of 2"),
        ({"until": two}, "all", "mql->sal lost"),
        ({"since": two, "until": three}, "first", "mql->sal recycled"),
        ({"since": three}, "all", ""),
    )
    for days, passes, leaks in cases:
        assert oracle.classes(history, funnel.Filters(**days, passes=passes)) == _expected(leaks)
        assert _rows(opened, Filters(**days, episodes=passes)) == _expected(leaks)
    opened.close()


@pytest.mark.parametrize("reps", [[], None])
def test_any_owner_counts_without_reps(reps: list[dict] | None, tmp_path: Path) -> None:
    """ "without a reps table, or with an empty one, any owner counts" """
    told = {"a": "mql 0; owner 1d queue", "b": "mql 0"}
    history = told_of(told, reps=reps) if reps is not None else Told(_tables(told), at(END))
    folder = tmp_path / "in"
    options = write_csv_folder(history, folder)
    if reps is not None:
        (folder / "reps.csv").write_text("rep_id,name\n", encoding="utf-8")
    opened = build_history(folder, tmp_path / "h.duckdb", **options)
    expected = _expected("mql->sal never_assigned 1 of 2; mql->sal not_recorded 1 of 2")
    assert oracle.classes(history) == expected
    assert _rows(opened) == expected
    opened.close()


def test_a_merged_lead_brings_its_owner_and_touches(tmp_path: Path) -> None:
    """ "the survivor has the union of the events" """
    told = {"a": "mql 0; call 1d", "b": "owner 1d R1; call 2d; email 3d replied inbound", "c": f"{R1}", "d": "sal 100d; call 101d no_show"}
    merges = [{"lead_id": "b", "into_lead_id": "a", "merged_at": at("5d")}, {"lead_id": "d", "into_lead_id": "c", "merged_at": None}]
    expected = _expected("mql->sal contacted_no_decision; sal->sql no_show")
    history = told_of(told, merges=merges)
    opened = _build(history, tmp_path)
    assert oracle.classes(history) == expected
    assert _rows(opened) == expected
    opened.close()
