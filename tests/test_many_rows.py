"""What grows with the rows that are odd: long chains of merges, and rejects by the hundred thousand."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from plumbline.history.build import survivors
from plumbline.history.connection import History
from plumbline.importing.ledger import MOST_GROUPS, MOST_LISTED, Groups, Reject
from plumbline.importing.run import Options, import_files
from tests.cli_support import plumbline
from tests.figures import measured

DAY = datetime(2026, 1, 1)


def slowly(into: dict, there: set[int]) -> dict:
    """By walking each lead's whole way."""
    found = {}
    for start in into:
        node, survivor, since, latest = start, None, None, None
        while node in into:
            node, merged_at = into[node]
            latest = max(filter(None, (latest, merged_at)), default=None)
            if node in there:
                survivor, since = node, latest
        if survivor is not None:
            found[start] = (survivor, since)
    return found


def test_survivors_are_those_of_a_walk() -> None:
    draw = random.Random(5)
    for _ in range(400):
        leads = list(range(draw.randrange(2, 30)))
        draw.shuffle(leads)
        into = {}
        for place, lead in enumerate(leads[:-1]):  # into a later one only: no circle
            if draw.random() < 0.8:
                when = None if draw.random() < 0.3 else DAY + timedelta(days=draw.randrange(9))
                into[lead] = (leads[draw.randrange(place + 1, len(leads))], when)
        there = {lead for lead in leads if draw.random() < 0.6}
        assert survivors(into, there) == slowly(into, there)


def test_a_chain_of_a_hundred_thousand_merges(tmp_path: Path) -> None:
    n = 100_000
    (tmp_path / "leads.csv").write_text("lead_id,created_at\n" + "".join(f"L{number},2026-01-01\n" for number in range(n)), encoding="utf-8")
    (tmp_path / "stage_changes.csv").write_text("lead_id,stage,occurred_at\nL0,mql,2026-01-03\nL0,sal,2026-01-04\n", encoding="utf-8")
    merges = "".join(f"L{number},L{number + 1},2026-01-02\n" for number in range(n - 1))
    (tmp_path / "merges.csv").write_text(f"lead_id,into_lead_id,merged_at\n{merges}", encoding="utf-8")
    began = time.monotonic()
    assert survivors({number: (number + 1, DAY) for number in range(n)}, {n})[0] == (n, DAY)
    alone = time.monotonic() - began
    import_files("canonical", [tmp_path], tmp_path / "h.duckdb", Options())
    whole = time.monotonic() - began
    opened = History(tmp_path / "h.duckdb")
    assert opened.query("select count(*) as n from leads")["n"][0] == 1
    assert opened.query("select lead_id from episodes inner join leads using (lead_no)")["lead_id"].to_list() == [f"L{n - 1}"]
    opened.close()
    assert alone < 5
    measured(f"a chain of {n:,} merges: {alone:.2f} s for the chain, {whole:.1f} s for the whole import")


def peak_while(folder: Path, history: Path) -> tuple[object, int]:
    """The result of an import, and the most memory that its reading process took, in MiB."""
    most = 0

    def look(step: str, share: float) -> None:
        nonlocal most
        for child in psutil.Process().children():
            most = max(most, child.memory_info().rss >> 20)

    return import_files("canonical", [folder], history, Options(), look), most


def test_rejects_are_counted_and_not_held_in_the_server(tmp_path: Path) -> None:
    n = 60_000
    rows = "".join(f"L{number},{'2026-01-01' if number < 10 else f'no day {number}'}\n" for number in range(n))
    (tmp_path / "leads.csv").write_text(f"lead_id,created_at\n{rows}", encoding="utf-8")
    result, _ = peak_while(tmp_path, tmp_path / "h.duckdb")
    assert result.tables["leads"] == {"seen": n, "kept": 10, "rejected": n - 10}
    assert len(result.rejects) == MOST_LISTED and [one["line"] for one in result.rejects[:3]] == [12, 13, 14]
    assert sum(one["rows"] for one in result.groups) == n - 10 and len(result.groups) == 1
    assert result.summary()["rejects_total"] == n - 10 and len(result.summary()["rejects"]) == 100
    opened = History(tmp_path / "h.duckdb")
    kept = opened.query("select line, reason from rejects")
    opened.close()
    assert kept.height == n - 10 and kept["line"].to_list() == list(range(12, n + 2))  # the snapshot holds all, in the file's order
    again = import_files("canonical", [tmp_path], tmp_path / "h.duckdb", Options())
    assert not again.is_new and again.rejects == result.rejects and again.groups == result.groups
    checked = plumbline("check", "--history", tmp_path / "h.duckdb")
    assert f"rejects of the last import {n - 10:,}" in " ".join(checked.out.split())


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_million_rejects_in_bounded_memory(tmp_path: Path) -> None:
    n = 1_000_000
    rows = "".join(f"L{number},{'2026-01-01' if number < 10 else f'no day {number}'}\n" for number in range(n))
    (tmp_path / "leads.csv").write_text(f"lead_id,created_at\n{rows}", encoding="utf-8")
    before = psutil.Process().memory_info().rss >> 20
    result, most = peak_while(tmp_path, tmp_path / "h.duckdb")
    grown = (psutil.Process().memory_info().rss >> 20) - before
    assert result.tables["leads"]["rejected"] == n - 10 and grown < 100
    measured(f"{n - 10:,} rejects: the reading process took {most} MiB, the parent grew by {grown} MiB")


def test_reasons_are_bounded_too() -> None:
    groups = Groups()
    for number in range(MOST_GROUPS * 3):
        groups.add(Reject("leads", "leads.csv", number, "c", f"label {number} is not mapped"))
    listed = groups.listed()
    assert len(listed) == MOST_GROUPS + 1 and sum(one["rows"] for one in listed) == MOST_GROUPS * 3
    assert listed[0]["reason"] == "other reasons"
