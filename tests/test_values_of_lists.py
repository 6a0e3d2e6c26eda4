"""Lists say the value that the number counted, with today's beside it; today's is that of the latest known change, whatever `leads` says."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from plumbline.filters import MISSING, Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from plumbline.ui.leads_table import readable
from tests.importing_support import build_file, build_history, write_table

LEADS = """lead_id,created_at,source,company,city,account_id
A,2026-01-01T09:00:00Z,web,Atlas,Straße,one
B,2026-01-01T09:00:00Z,web,Birch,Straße,one
C,2026-01-01T09:00:00Z,web,Cedar,,two
D,2026-01-01T09:00:00Z,,Dune,Strasse,
E,2026-01-01T09:00:00Z,fair,Elm,,two"""
STAGES = "lead_id,stage,occurred_at\n" + "\n".join(f"{lead},mql,2026-01-05T09:00:00Z" for lead in "ABCDE")
# A: changed after the hand-over. B: known only after it, though it happened before. C: emptied. D: recorded after the end of the data.
# E: back and forth at one instant, the later line counts; and its company and account.
CHANGES = """lead_id,field,value,old_value,occurred_at,recorded_at
A,source,ads,web,2026-01-10T09:00:00Z,
B,source,ads,web,2026-01-03T09:00:00Z,2026-01-20T09:00:00Z
C,source,,web,2026-01-12T09:00:00Z,
D,source,ads,,2026-01-12T09:00:00Z,2026-06-01T09:00:00Z
E,source,web,fair,2026-01-12T09:00:00Z,
E,source,fair,web,2026-01-12T09:00:00Z,
E,company,Écho Elm,Elm,2026-01-12T09:00:00Z,
E,account_id,one,two,2026-01-12T09:00:00Z,"""


@pytest.fixture
def history(tmp_path: Path):
    for name, text in (("leads", LEADS), ("stage_changes", STAGES), ("lead_changes", CHANGES)):
        write_table(tmp_path / "in", name, text)
    opened = build_history(tmp_path / "in", tmp_path / "h.duckdb", data_through="2026-03-01")
    yield opened
    opened.close()


def sources(rows: pl.DataFrame) -> dict[str, tuple[str | None, str | None]]:
    return {lead: (then, today) for lead, then, today in rows.select("lead_id", "source", "source_today").iter_rows()}


EXPECTED = {"A": ("web", "ads"), "B": ("web", "ads"), "C": ("web", None), "D": (None, None), "E": ("fair", "fair")}


def test_a_list_shows_the_source_that_the_number_counted_and_todays_beside_it(history: History) -> None:
    assert sources(run(history, "leads/behind")) == EXPECTED
    assert sources(run(history, "leaks/leaked")) == EXPECTED
    for source in ("web", "fair"):
        counted = run(history, "funnel/breakdown").filter((pl.col("value") == source) & (pl.col("stage") == "mql"))["entered"][0]
        listed = run(history, "leads/behind", Filters(segments={"source": (source,)}))
        assert listed["source"].to_list() == [source] * counted


def test_the_leads_of_today_are_those_of_the_latest_known_change(history: History) -> None:
    def leads(**segments: tuple[str, ...]) -> str:
        return "".join(sorted(run(history, "leads/everyone", Filters(segments=segments))["lead_id"]))

    assert (leads(source=("ads",)), leads(source=("web",)), leads(source=("fair",)), leads(source=(MISSING,))) == ("AB", "", "E", "CD")
    assert leads(source=("ads", MISSING)) == "ABCD"
    assert leads(source=("ads",), city=("STRASSE",)) == "AB"
    assert leads(city=("strasse",)) == "ABD"
    shown = {row["lead_id"]: row["source"] for row in run(history, "leads/everyone").to_dicts()}
    assert shown == {lead: today for lead, (_, today) in EXPECTED.items()}


def test_names_and_accounts_of_today_are_searched_and_grouped(history: History) -> None:
    assert run(history, "leads/everyone", None, {"search": "echo"})["lead_id"].to_list() == ["E"]
    assert sorted(run(history, "accounts/leads", None, {"account": "one"})["lead_id"]) == ["A", "B", "E"]
    assert run(history, "accounts/leads", None, {"account": "two"})["lead_id"].to_list() == ["C"]


def test_the_source_at_creation_stays_what_it_was(history: History) -> None:
    assert sorted(run(history, "sources/created", Filters(segments={"source": ("web",)}))["lead_id"]) == ["A", "B", "C"]


def test_the_screen_leaves_todays_source_out_where_it_is_the_same(history: History) -> None:
    rows = run(history, "leads/behind").drop("total")
    assert "source_today" in readable(rows, "UTC").columns
    same = rows.filter(pl.col("lead_id") == "E")
    assert "source_today" not in readable(same, "UTC").columns
    assert readable(same, "UTC")["source"].to_list() == ["fair"]


def test_the_account_of_the_import_says_where_both_tables_contradict_each_other(tmp_path: Path) -> None:
    for name, text in (("leads", LEADS), ("stage_changes", STAGES), ("lead_changes", CHANGES)):
        write_table(tmp_path / "in", name, text)
    told = [line for line in build_file(tmp_path / "in", tmp_path / "h.duckdb", data_through="2026-03-01").warnings if "today" in line]
    said = "leads and lead_changes say different values of today, the latest change counts: source 3, account_id 1, company 1 (numbers of leads)"
    assert told == [said]


def test_the_same_text_or_number_is_no_contradiction(tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", "lead_id,created_at,source,employees\nA,2026-01-01T09:00:00Z,Straße,100\nB,2026-01-01T09:00:00Z,,7")
    write_table(
        tmp_path / "in",
        "lead_changes",
        "lead_id,field,value,occurred_at\nA,source,STRASSE,2026-01-02T09:00:00Z\nA,employees,100.0,2026-01-02T09:00:00Z\nB,source,web,2026-01-02T09:00:00Z",
    )
    assert not [line for line in build_file(tmp_path / "in", tmp_path / "h.duckdb").warnings if "today" in line]
