"""What a mapping says and what a file says, in other spellings: the same text is the same text, and what matches nothing is said."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl
import pytest

from plumbline.errors import InputError
from plumbline.filters import Filters
from plumbline.importing.spellings import attribute_forms, other_spellings
from plumbline.metrics import run
from tests.importing_support import build_file, build_history, write_table
from tests.test_import_mapping import HEAD, LEADS, Desk, desk

__all__ = ["desk"]

SPELLINGS = ["Closed Won", "closed won", "Closed\u00a0Won", " Closed  Won ", "\u2003Closed \u3000Won"]
STAGE = "stage_changes: {lead_id: Id, stage: {column: Status, labels: {Closed Won: won, Gagné: sql}}, occurred_at: Created}"


def rows_of(statuses: list[str]) -> str:
    return "Id,Created,Status\n" + "".join(f'L{number},2026-01-0{number % 9 + 1},"{status}"\n' for number, status in enumerate(statuses))


def test_labels_are_the_same_text_in_every_spelling(desk: Desk) -> None:
    statuses = [*SPELLINGS, "Gagné", "GAGNE\u0301", "gagné\u00a0"]
    outcome = desk.imported(rows_of(statuses), f"{LEADS}\n{STAGE}")
    assert outcome.rejects == [] and outcome.warnings == []
    assert [row[1] for row in desk.changes()].count("won") == len(SPELLINGS)
    assert desk.imported(pl.DataFrame({"Id": ["L1"], "Created": ["2026-01-01"], "Status": ["closed\u00a0WON"]}), f"{LEADS}\n{STAGE}").rejects == []


def test_a_label_of_other_letters_stays_unmapped(desk: Desk) -> None:
    outcome = desk.imported(rows_of(["Closed Won", "Gagne", "ClosedWon"]), f"{LEADS}\n{STAGE}")
    assert [reject["reason"] for reject in outcome.rejects] == ["the label Gagne is not mapped", "the label ClosedWon is not mapped"]


def test_a_condition_and_a_missing_word_are_the_same_text_in_every_spelling(desk: Desk) -> None:
    head = "missing: [not  known]\n" + HEAD
    tables = f"""{LEADS[:-1]}, region: Region}}
stage_changes: {{lead_id: Id, stage: {{value: won}}, occurred_at: Created, when: {{status: [closed won]}}}}"""
    data = "Id,Created,Region,Status\n" + "".join(
        f"L{number},2026-01-01,{region},{status}\n"
        for number, (region, status) in enumerate(zip(["Not Known", "not\u00a0known", " NOT KNOWN", "EMEA", ""], SPELLINGS, strict=True))
    )
    outcome = desk.imported(data, tables, head)
    assert outcome.tables["stage_changes"]["kept"] == 5
    assert desk.history().query("select lead_id, a0 from history.canonical.leads where a0 is not null").rows() == [("L3", "EMEA")]


def test_an_empty_cell_can_be_a_condition(desk: Desk) -> None:
    tables = f"{LEADS}\nstage_changes: {{lead_id: Id, stage: {{value: mql}}, occurred_at: Created, when: {{Merged: ['']}}}}"
    outcome = desk.imported('Id,Created,Merged\nL1,2026-01-01,\nL2,2026-01-01,L1\nL3,2026-01-01," "\n', tables)
    assert [row[0] for row in desk.changes()] == ["L1", "L3"]
    assert outcome.warnings[-1] == "rows of data.csv left out on purpose (when): stage_changes[1] 1 of 3"


def test_two_spellings_of_a_label_must_mean_one_thing(desk: Desk) -> None:
    tables = f"{LEADS}\nstage_changes: {{lead_id: Id, stage: {{column: Status, labels: {{Won: won, WON: lost}}}}, occurred_at: Created}}"
    with pytest.raises(InputError, match="the labels 'Won' and 'WON' are the same text"):
        desk.imported(rows_of(["Won"]), tables)
    assert desk.imported(rows_of(["Won"]), tables.replace("WON: lost", "WON: won")).rejects == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_file_is_found_by_its_name_as_any_system_writes_it(desk: Desk, form: str) -> None:
    name = unicodedata.normalize(form, "Über Leads.csv")
    (desk.place / name).write_text("Id,Created\nL1,2026-01-01\n", encoding="utf-8")
    for said in ("Über Leads.csv", unicodedata.normalize("NFD", "Über Leads.csv"), "über  leads.CSV"):
        (desk.place / "map.yaml").write_text(HEAD.replace("data.csv", said) + f"      {LEADS}\n", encoding="utf-8")
        for paths in ([desk.place], [desk.place / name]):
            assert desk.run(paths, "h.duckdb").tables["leads"]["kept"] == 1


def test_a_name_that_fits_two_files_is_asked_about(desk: Desk) -> None:
    for name in ("Data.csv", "DATA.csv"):
        (desk.place / name).write_text("Id,Created\nL1,2026-01-01\n", encoding="utf-8")
    (desk.place / "map.yaml").write_text(HEAD + f"      {LEADS}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"'data.csv' could be 'DATA.csv' or 'Data.csv'"):
        desk.run([desk.place], "h.duckdb")
    (desk.place / "data.csv").write_text("Id,Created\nL1,2026-01-01\n", encoding="utf-8")
    assert desk.run([desk.place], "h.duckdb").tables["leads"]["kept"] == 1


def test_columns_are_found_in_every_spelling_and_two_are_asked_about(desk: Desk) -> None:
    assert (
        desk.imported("LEAD id,created\u00a0 on\nL1,2026-01-01\n", "leads: {lead_id: Lead ID, created_at: Created On}").tables["leads"]["kept"] == 1
    )
    with pytest.raises(InputError, match="'ID' could be the column 'Id' or 'id'"):
        desk.imported("Id,id,At\nL1,L2,2026-01-01\n", "leads: {lead_id: ID, created_at: At}")
    desk.imported("Id,id,At\nL1,L2,2026-01-01\n", "leads: {lead_id: id, created_at: At}")
    assert desk.history().query("select lead_id from leads").rows() == [("L2",)]
    with pytest.raises(InputError, match="could be day/month"):
        desk.imported("Id,CREATED\nL1,01/02/2026\n", LEADS)


def test_our_own_names_are_found_in_every_spelling(desk: Desk) -> None:
    desk.imported("Id,Created,Src\nL1,2026-01-01,web\n", "leads: {Lead_ID: Id, CREATED_AT: Created, Source: Src}")
    assert "source" in desk.history().fields
    with pytest.raises(InputError, match="'source' is given twice"):
        desk.imported("Id,Created,Src\nL1,2026-01-01,web\n", "leads: {lead_id: Id, created_at: Created, source: Src, Source: Src}")


# --- what matches nothing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "warning"),
    [
        ("{Status: [Close Won]}", "stage_changes[1]: no row has Status = Close Won; did you mean Closed Won"),
        ("{Status: [Closed Won, Wonn]}", "stage_changes[1]: no row has Status = Wonn; the most frequent there: Closed Won, Open"),
        ("{Converted: [true]}", "stage_changes[1]: no row has Converted = true; did you mean 1"),
        ("{Converted: [FALSE, 'yes']}", "stage_changes[1]: no row has Converted = FALSE; did you mean 0"),
        ("{Status: [Open], Converted: [1]}", "stage_changes[1]: no row meets all of its conditions together (Status, Converted)"),
    ],
)
def test_a_condition_that_no_row_meets_is_said_with_the_nearest(desk: Desk, when: str, warning: str) -> None:
    tables = f"{LEADS}\nstage_changes: {{lead_id: Id, stage: {{value: won}}, occurred_at: Created, when: {when}}}"
    outcome = desk.imported("Id,Created,Status,Converted\nL1,2026-01-01,Closed Won,1\nL2,2026-01-01,Open,0\nL3,2026-01-01,Closed Won,1\n", tables)
    assert f"data.csv, {warning}" in outcome.warnings


def test_a_label_that_no_row_has_is_said_with_the_nearest(desk: Desk) -> None:
    outcome = desk.imported(rows_of(["Gagne", "Closed Won"]), f"{LEADS}\n{STAGE}")
    assert outcome.warnings == ["data.csv, stage_changes[1].stage: no row has Status = Gagné; did you mean Gagne"]


def test_a_file_without_rows_is_not_said_to_lack_texts(desk: Desk) -> None:
    (desk.place / "empty.csv").write_text("Id,Created,Status\n", encoding="utf-8")
    (desk.place / "data.csv").write_text("Id,Created\nL1,2026-01-01\n", encoding="utf-8")
    text = HEAD + f"      {LEADS}\n  - {{file: empty.csv, tables: {{{STAGE}}}}}\n"
    (desk.place / "map.yaml").write_text(text, encoding="utf-8")
    assert not any("no row has" in line for line in desk.run([desk.place], "h.duckdb").warnings)


def test_rows_left_out_on_purpose_stand_in_the_account_file_by_file(desk: Desk) -> None:
    for name in ("north", "south"):
        (desk.place / f"{name}.csv").write_text(rows_of(["Won", "Lost", "Won", "Open"]).replace("L", name[0]), encoding="utf-8")
    entry = "stage_changes: [{lead_id: Id, stage: {value: mql}, occurred_at: Created}, "
    entry += "{lead_id: Id, stage: {value: won}, occurred_at: Created, when: {Status: Won}}]"
    text = "time_zone: UTC\nfiles:\n" + "".join(f"  - {{file: {name}.csv, tables: {{{LEADS}, {entry}}}}}\n" for name in ("north", "south"))
    (desk.place / "map.yaml").write_text(text, encoding="utf-8")
    outcome = desk.run([desk.place], "h.duckdb")
    assert outcome.tables["stage_changes"] == {"seen": 12, "kept": 12, "rejected": 0}
    assert outcome.tables["leads"] == {"seen": 8, "kept": 8, "rejected": 0}
    assert outcome.warnings == [f"rows of {name}.csv left out on purpose (when): stage_changes[2] 2 of 4" for name in ("north", "south")]


# --- names that are texts too -----------------------------------------------------------------------------------------


def test_a_field_is_the_attribute_of_which_its_name_is_a_spelling(tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", "lead_id,created_at,source\nA,2026-01-01,ads")
    write_table(
        tmp_path / "in",
        "lead_changes",
        "lead_id,field,value,old_value,occurred_at\nA,SOURCE ,ads,web,2026-01-10\nA,Tier,2,1,2026-01-11\nA,tier,3,2,2026-01-12",
    )
    write_table(tmp_path / "in", "stage_changes", "lead_id,stage,occurred_at\nA,mql,2026-01-05\n")
    history = build_history(tmp_path / "in", tmp_path / "h.duckdb", data_through="2026-03-01")
    assert {name for name in history.fields if name.lower() in ("source", "tier")} == {"source", "Tier"}
    assert run(history, "funnel/breakdown", Filters(), {"by": "source"}).rows()[0][0] == "web"
    history.close()


def test_an_attribute_of_another_file_or_import_is_the_same_in_another_spelling(tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", "lead_id,created_at,Source,Fav Colour\nA,2026-01-01,ads,red")
    write_table(tmp_path / "more", "leads", "lead_id,created_at,source,fav  colour\nB,2026-01-02,web,blue")
    build_file(tmp_path / "in", tmp_path / "h.duckdb")
    history = build_history(tmp_path / "more", tmp_path / "h2.duckdb", previous=tmp_path / "h.duckdb")
    assert {"source", "Fav Colour"} <= set(history.fields) and len({name.lower() for name in history.fields}) == len(history.fields)
    assert history.query("select lead_id, a0, a1 from history.canonical.leads order by 1").rows() == [("A", "ads", "red"), ("B", "web", "blue")]
    history.close()


def test_acts_and_reasons_have_one_spelling_the_most_frequent(tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", "lead_id,created_at\nA,2026-01-01\nB,2026-01-01")
    write_table(tmp_path / "in", "activities", "lead_id,activity,occurred_at\nA,webinar,2026-01-05\nA,Webinar,2026-01-06\nB,Webinar ,2026-01-07")
    write_table(
        tmp_path / "in",
        "stage_changes",
        "lead_id,stage,occurred_at,reason\nA,mql,2026-01-05,\nA,lost,2026-01-06,no budget\nB,lost,2026-01-06,No  Budget",
    )
    history = build_history(tmp_path / "in", tmp_path / "h.duckdb")
    assert history.query("select distinct activity from history.canonical.activities").rows() == [("Webinar",)]
    assert history.query("select distinct reason from history.canonical.stage_changes where reason is not null").rows() == [("No Budget",)]
    history.close()


def test_the_usual_spelling() -> None:
    assert other_spellings({"a": 1, "A": 2, "ß": 1, "SS": 1, "b": 1}) == {"a": "A", "ß": "SS"}
    assert other_spellings({"SOURCE": 9, "x": 1}, ["source", "Source"]) == {"SOURCE": "source"}
    assert {form: name for form, name in attribute_forms().items() if form in ("country", "lead_id", "job_title")} == {
        "country": "country",
        "job_title": "job_title",
    }
