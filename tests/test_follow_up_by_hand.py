"""Speed and persistence, and their slow oracle, in cases small enough to work out by hand.

Every figure here was written from docs/meaning.md, not from a run.
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
from tests.oracle import follow_up as oracle
from tests.oracle.follow_up import Promise
from tests.oracle.history import History as Told
from tests.oracle.random_histories import write_csv_folder
from tests.oracle.touches import all_passes

MICROSECOND = timedelta(microseconds=1)
MQL_AT = datetime(2025, 1, 6, 9)
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
STAGES = ("mql", "sal", "sql", "opportunity", "won", "rejected", "recycled", "disqualified", "lost")


@dataclass
class Case:
    """`told`: what happened, "what when how": a stage, a channel or an owner; when after 6 January 09:00, + or - a microsecond; outcome, inbound,
    automated, id=. Speed is (passes, attempted, median, within_5m), promise 1 call and 1 email in 14 days: (mature, kept); all passes.
    """

    told: str
    speed: tuple
    attempts: list[tuple[int, int]]
    promise: tuple[int, int]


WAITS = (1, 0, None, 0.0)
CASES = {
    "never touched": Case("mql 0", WAITS, [], (1, 0)),
    "a touch at the mql": Case("mql 0; call 0", (1, 1, 0.0, 1.0), [(1, 0)], (1, 0)),
    "a touch just before it is of no pass": Case("mql 0; call 0-; email 0- held", WAITS, [], (1, 0)),
    "five minutes are within five": Case("mql 0; sms 5m bounced", (1, 1, 300.0, 1.0), [(1, 0)], (1, 0)),
    "and no more": Case("mql 0; other 5m+", (1, 1, 300.000001, 0.0), [(1, 0)], (1, 0)),
    "inbound and automated are no attempts": Case("mql 0; call 1m inbound; email 1m automated", WAITS, [], (1, 0)),
    "contact by the second": Case("mql 0; call 1d; call 2d connected; call 3d", (1, 1, 86_400.0, 0.0), [(1, 0), (1, 1)], (1, 1)),
    "a lead that calls ends the count": Case("mql 0; call 1d; call 2d connected inbound; call 3d", (1, 1, 86_400.0, 0.0), [(1, 0)], (1, 1)),
    "a machine that is answered too": Case("mql 0; email 1d replied automated; call 2d", (1, 1, 172_800.0, 0.0), [], (1, 1)),
    "ids order an instant: contact first": Case("mql 0; call 1d id=2; email 1d replied inbound id=10", (1, 1, 86_400.0, 0.0), [], (1, 1)),
    "ids order an instant: attempt first": Case("mql 0; email 1d replied inbound id=9; call 1d id=10", (1, 1, 86_400.0, 0.0), [(1, 0)], (1, 1)),
    "lines, where there are no ids": Case("mql 0; call 1d; email 1d replied inbound", (1, 1, 86_400.0, 0.0), [(1, 0)], (1, 1)),
    "a row without an id comes last": Case("mql 0; call 1d; email 1d replied inbound id=z", (1, 1, 86_400.0, 0.0), [], (1, 1)),
    "the first row of an id counts": Case("mql 0; call 1d id=1; call 2d connected id=1", (1, 1, 86_400.0, 0.0), [(1, 0)], (1, 0)),
    "at the end of the extract": Case("mql 0; call 40d", (1, 1, 40 * 86_400.0, 0.0), [(1, 0)], (1, 0)),
    "a touch of the future": Case("mql 0; call 40d+; call 50d held", WAITS, [], (1, 0)),
    "an exit ends no touches": Case("mql 0; rejected 1d; call 2d", (1, 1, 172_800.0, 0.0), [(1, 0)], (1, 1)),
    "the next pass takes what comes at its opening": Case("mql 0; lost 1d; mql 2d; call 2d", (2, 1, 0.0, 0.5), [(1, 0)], (2, 1)),
    "half have waited": Case("mql 0; lost 1d; mql 2d; call 1d; call 3d", (2, 2, 86_400.0, 0.0), [(2, 0)], (2, 1)),
    "one after the other leaves the curve": Case("mql 0; lost 1m; mql 2m; call 1h", (2, 1, 3_480.0, 0.0), [(1, 0)], (2, 1)),
    "implied: no speed, but touches": Case("sal 0; call 1d; call 2d held", (0, 0, None, None), [(1, 0), (1, 1)], (1, 1)),
    "an mql within a minute is its own": Case("sal 0; mql 60s; call 30s; call 2m", (1, 1, 60.0, 1.0), [(1, 0), (1, 0)], (1, 0)),
    "a contact before it is the pass's": Case("sal 0; mql 60s; call 30s held; call 2m", (1, 1, 60.0, 1.0), [(1, 1)], (1, 1)),
    "and its age counts": Case("sal 57595m; mql 3455730s", (1, 0, None, None), [], (0, 0)),
    "and the promise runs from it": Case("sal 0; owner 10s R1; mql 30s; call 20s; email 1d", (1, 1, 86_370.0, 0.0), [(1, 0), (1, 0)], (1, 0)),
    "the promise, at its last instant": Case("mql 0; call 0; email 14d", (1, 1, 0.0, 1.0), [(1, 0), (1, 0)], (1, 1)),
    "and after it": Case("mql 0; call 0; email 14d+", (1, 1, 0.0, 1.0), [(1, 0), (1, 0)], (1, 0)),
    "contact after it releases nobody": Case("mql 0; call 14d+ connected", (1, 1, 1_209_600.000001, 0.0), [(1, 1)], (1, 0)),
    "an SQL by then": Case("mql 0; sal 1d; sql 14d", WAITS, [], (1, 1)),
    "implied by a later stage": Case("mql 0; opportunity 14d", WAITS, [], (1, 1)),
    "an SQL too late": Case("mql 0; sal 1d; sql 14d+", WAITS, [], (1, 0)),
    "an exit by then": Case("mql 0; recycled 14d", WAITS, [], (1, 1)),
    "an exit too late": Case("mql 0; recycled 14d+", WAITS, [], (1, 0)),
    "from the hand-over": Case("owner -1d queue; mql 0; owner 1d R1; call 15d; email 15d", (1, 1, 15 * 86_400.0, 0.0), [(1, 0), (1, 0)], (1, 1)),
    "not what came before": Case("mql 0; owner 1d R1; call 1d-; email 2d", (1, 1, 86_399.999999, 0.0), [(1, 0), (1, 0)], (1, 0)),
    "but a contact before releases": Case("mql 0; owner 1d R1; call 1h held", (1, 1, 3_600.0, 0.0), [(1, 1)], (1, 1)),
    "a rep's before the mql": Case("owner -1d R1; mql 0; owner 1d R1; call 0; email 0", (1, 1, 0.0, 1.0), [(1, 0), (1, 0)], (1, 1)),
    "taken back before it": Case("owner -2d R1; owner -1d queue; mql 0; owner 27d R1; call 27d", (1, 1, 27 * 86_400.0, 0.0), [(1, 0)], (0, 0)),
    "old enough": Case("mql 0; owner 26d R1", WAITS, [], (1, 0)),
    "too early": Case("mql 0; owner 26d+ R1; call 27d held", (1, 1, 27 * 86_400.0, 0.0), [(1, 1)], (0, 0)),
    "a queue's is no hand-over": Case("mql 0; owner 27d queue", WAITS, [], (1, 0)),
    "nor one of the next pass": Case("mql 0; lost 1d; mql 27d; owner 27d R1", (2, 0, None, 0.0), [], (1, 1)),
    "taken back at the very mql": Case("owner -1d R1; owner 0 queue; mql 0; owner 27d R1", WAITS, [], (0, 0)),
    "a rep's for an instant": Case("owner 0 R1; owner 0 queue; mql 0; owner 27d R1", WAITS, [], (1, 0)),
    "ids order owners too": Case("owner -1d R1 id=9; owner -1d queue id=10; mql 0; owner 27d R1", WAITS, [], (1, 0)),
    "lines do, where there are none": Case("owner -1d R1; owner -1d queue; mql 0; owner 27d R1", WAITS, [], (0, 0)),
}


def _rows(history: History, name: str, filters: Filters, parameters: dict | None = None) -> list[dict]:
    return run(history, name, filters, parameters or {}).to_dicts()


def _build(history: Told, folder: Path) -> History:
    options = write_csv_folder(history, folder / "in")
    return build_history(folder / "in", folder / "h.duckdb", **options)


def _limits() -> Told:
    """Of each span two leads tried at its end and just after it, and two that are old enough and nearly so."""
    tables: dict[str, list[dict]] = {"leads": [], "stage_changes": [], "touches": []}
    end = _at("40d")
    for name, span in oracle.SPANS.items():
        told = ((MQL_AT, span), (MQL_AT, span + MICROSECOND), (end - span, None), (end - span + MICROSECOND, timedelta(0)))
        for number, (mql_at, wait) in enumerate(told):
            lead = {"lead_id": f"{name} {number}"}
            tables["leads"].append(lead | {"created_at": MQL_AT, "span": name})
            tables["stage_changes"].append(lead | {"stage": "mql", "occurred_at": mql_at})
            if wait is not None:
                tables["touches"].append(lead | {"channel": "call", "occurred_at": mql_at + wait})
    return Told(tables, end)


def _at(text: str) -> datetime:
    """ "0", "5m", "-1d", and a microsecond more or less."""
    nudge = {"+": 1, "-": -1}.get(text[-1], 0)
    text = text[:-1] if nudge else text
    seconds = int(text[:-1]) * UNITS[text[-1]] if text[-1] in UNITS else int(text)
    return MQL_AT + timedelta(seconds=seconds, microseconds=nudge)


def _by_hand() -> Told:
    """A lead of its own for each case, found again by its attribute."""
    tables: dict[str, list[dict]] = {"leads": [], "stage_changes": [], "touches": [], "assignments": [], "reps": [{"rep_id": "R1", "name": "Ann"}]}
    for lead_id, case in CASES.items():
        tables["leads"].append({"lead_id": lead_id, "created_at": _at("-3d"), "case": lead_id})
        tables["leads"].append({"lead_id": f"beside {lead_id}", "created_at": _at("-3d"), "case": lead_id})
        for event in case.told.split("; "):
            what, when, *how = event.split()
            ids = [f"{lead_id} {word[3:]}" for word in how if word.startswith("id=")]
            row: dict = {"lead_id": lead_id, "occurred_at": _at(when), "event_id": "".join(ids)}
            if what == "owner":
                tables["assignments"].append(row | {"rep_id": how[0]})
            elif what in STAGES:
                tables["stage_changes"].append(row | {"stage": what})
            else:
                outcome = [word for word in how if word in ("connected", "replied", "held", "bounced")]
                row |= {"channel": what, "direction": "inbound" if "inbound" in how else "", "is_automated": "automated" in how}
                tables["touches"].append(row | {"outcome": "".join(outcome)})
    return Told(tables, _at("40d"))


def _figures(speed: list[dict], attempts: list[dict], promise: list[dict]) -> tuple:
    return (
        tuple(speed[0][name] for name in ("episodes", "attempted", "median", "within_5m")),
        [(row["at_risk"], row["contacted"]) for row in attempts],
        (promise[0]["mature"], promise[0]["kept"]),
    )


def test_cases_by_hand(tmp_path: Path) -> None:
    history = _by_hand()
    opened = _build(history, tmp_path)
    passes = all_passes(history)
    promise = Promise(1, 1, 14)
    wrong = {}
    for name, case in CASES.items():
        some = [each for each in passes if each.episode.lead_id == name]
        filters = Filters(segments={"case": (name,)}, episodes="all")
        theirs = _figures(oracle.speed(some, history), oracle.attempts(some), oracle.kept_promises(some, history, promise))
        queries = (("speed/first_attempt", {}), ("persistence/attempts", {}), ("persistence/promise", vars(promise)))
        ours = _figures(*(_rows(opened, query, filters, parameters) for query, parameters in queries))
        if ours != theirs or theirs != (case.speed, case.attempts, case.promise):
            wrong[name] = {"oracle": theirs, "product": ours, "by hand": (case.speed, case.attempts, case.promise)}
    opened.close()
    assert not wrong


def test_limits_by_hand(tmp_path: Path) -> None:
    """Of three old enough, one is tried within the span."""
    history = _limits()
    opened = _build(history, tmp_path)
    passes = all_passes(history)
    for name in oracle.SPANS:
        [theirs] = oracle.speed([each for each in passes if each.episode.lead_id.startswith(f"{name} ")], history)
        [ours] = _rows(opened, "speed/first_attempt", Filters(segments={"span": (name,)}))
        assert (name, ours["episodes"], ours[name], theirs[name]) == (name, 4, pytest.approx(1 / 3), pytest.approx(1 / 3))
    opened.close()


def test_hazards_are_hidden_under_30(tmp_path: Path) -> None:
    """30 leads tried once, one of them reached; 29 in the other group."""
    tables: dict[str, list[dict]] = {"leads": [], "stage_changes": [], "touches": []}
    for group, size in (("thirty", 30), ("fewer", 29)):
        for number in range(size):
            lead = {"lead_id": f"{group} {number}"}
            tables["leads"].append(lead | {"created_at": MQL_AT, "group": group})
            tables["stage_changes"].append(lead | {"stage": "mql", "occurred_at": MQL_AT})
            tables["touches"].append(lead | {"channel": "call", "occurred_at": MQL_AT, "outcome": "" if number else "connected"})
    opened = _build(Told(tables, _at("40d")), tmp_path)
    few, enough = (_rows(opened, "persistence/attempts", Filters(segments={"group": (group,)})) for group in ("fewer", "thirty"))
    opened.close()
    assert few == [{"attempt": 1, "at_risk": 29, "contacted": 1, "hazard": None, "low": None, "high": None}]
    assert (enough[0]["at_risk"], enough[0]["contacted"], enough[0]["hazard"]) == (30, 1, pytest.approx(1 / 30))
    assert 0 < enough[0]["low"] < 1 / 30 < enough[0]["high"] < 1


def test_quantiles_by_hand(tmp_path: Path) -> None:
    """(leads, those tried: one a minute after another) -> minutes until half, and nine in ten, had been tried; the others wait to the end."""
    expected = {(10, 10): (5, 9), (19, 19): (10, 18), (20, 18): (10, 18), (10, 5): (5, None), (11, 5): (None, None), (10, 8): (5, None)}
    tables: dict[str, list[dict]] = {"leads": [], "stage_changes": [], "touches": []}
    for size, tried in expected:
        for number in range(1, size + 1):
            lead = {"lead_id": f"{size} {tried} {number}"}
            tables["leads"].append(lead | {"created_at": MQL_AT, "group": f"{tried} of {size}"})
            tables["stage_changes"].append(lead | {"stage": "mql", "occurred_at": MQL_AT})
            if number <= tried:
                tables["touches"].append(lead | {"channel": "call", "occurred_at": MQL_AT + number * timedelta(minutes=1)})
    opened = _build(Told(tables, _at("40d")), tmp_path)
    found = {}
    for size, tried in expected:
        [row] = _rows(opened, "speed/first_attempt", Filters(segments={"group": (f"{tried} of {size}",)}))
        assert (row["episodes"], row["attempted"]) == (size, tried)
        found[size, tried] = tuple(row[name] and row[name] / 60 for name in ("median", "p90"))
    opened.close()
    assert found == expected
