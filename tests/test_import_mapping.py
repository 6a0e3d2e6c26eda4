"""The preset csv: what a mapping says, and what becomes of it. The refusals are in test_bad_input.py."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.importing.job import Job, Outcome, run_job
from plumbline.importing.run import Options, make_plan
from plumbline.metrics import run
from tests.importing_support import NOW

HEAD = "time_zone: UTC\nfiles:\n  - file: data.csv\n    tables:\n"


class Desk:
    """A data.csv, a mapping of its tables, and the history that the two give."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.opened: list[History] = []

    def imported(self, data: str | bytes, tables: str, head: str = HEAD, **options: object) -> Outcome:
        (self.place / "data.csv").write_bytes(data.encode() if isinstance(data, str) else data)
        (self.place / "map.yaml").write_text(head + "".join(f"      {line}\n" for line in tables.strip().splitlines()), encoding="utf-8")
        plan = make_plan("csv", [self.place / "data.csv"], Options(mapping=self.place / "map.yaml", **options))
        workspace = self.place / "workspace"
        shutil.rmtree(workspace, ignore_errors=True)
        workspace.mkdir()
        (self.place / "h.duckdb").unlink(missing_ok=True)
        return run_job(Job(plan, workspace, self.place / "h.duckdb", "test", NOW, threads=1))

    def history(self) -> History:
        self.opened.append(History(self.place / "h.duckdb"))
        return self.opened[-1]

    def changes(self) -> list[tuple]:
        statement = (
            "select ids.lead_id, stage, occurred_at from history.canonical.stage_changes"
            " join history.canonical.lead_ids as ids using (lead_no) order by occurred_at, stage"
        )
        return self.history().query(statement).rows()


@pytest.fixture
def desk(tmp_path: Path):
    made = Desk(tmp_path)
    yield made
    for history in made.opened:
        history.close()


LEADS = "leads: {lead_id: Id, created_at: Created}"


def test_each_wide_column_of_dates_is_a_change(desk: Desk) -> None:
    tables = f"""{LEADS}
stage_changes:
  - {{lead_id: Id, stage: {{value: mql}}, occurred_at: {{column: Qualified, optional: true}}}}
  - {{lead_id: Id, stage: {{value: won}}, occurred_at: {{column: Won, optional: true}}}}"""
    outcome = desk.imported("Id,Created,Qualified,Won\nL1,2026-01-01,2026-01-02,2026-01-05\nL2,2026-01-01,2026-01-03,\nL3,2026-01-01,,\n", tables)
    assert outcome.tables["stage_changes"] == {"seen": 3, "kept": 3, "rejected": 0}
    assert [row[:2] for row in desk.changes()] == [("L1", "mql"), ("L2", "mql"), ("L1", "won")]


def test_labels_are_mapped_and_others_rejected(desk: Desk) -> None:
    tables = f"{LEADS}\nstage_changes: {{lead_id: Id, stage: {{column: Status, labels: {{Working: mql, Done: won}}}}, occurred_at: At}}"
    outcome = desk.imported("Id,Created,Status,At\nL1,2026-01-01,Working,2026-01-02\nL2,2026-01-01,Junk,2026-01-02\n", tables)
    assert [(r["line"], r["column"], r["reason"]) for r in outcome.rejects] == [(3, "stage", "the label Junk is not mapped")]


def test_only_rows_that_meet_the_condition_feed_a_table(desk: Desk) -> None:
    tables = f"{LEADS}\nstage_changes: {{lead_id: Id, stage: {{value: won}}, occurred_at: At, when: {{Status: [Won, Closed]}}}}"
    outcome = desk.imported(
        "Id,Created,Status,At\nL1,2026-01-01,Won,2026-01-02\nL2,2026-01-01,Lost,never\nL3,2026-01-01, Closed ,2026-01-03\n", tables
    )
    assert outcome.tables["stage_changes"] == {"seen": 2, "kept": 2, "rejected": 0}


@pytest.mark.parametrize("said", ["true", "[true]", '"true"'])
def test_a_condition_on_true_means_the_word_true(desk: Desk, said: str) -> None:
    tables = f"{LEADS}\nstage_changes: {{lead_id: Id, stage: {{value: won}}, occurred_at: At, when: {{IsWon: {said}}}}}"
    outcome = desk.imported("Id,Created,IsWon,At\nL1,2026-01-01,true,2026-01-02\nL2,2026-01-01,false,2026-01-02\n", tables)
    assert outcome.tables["stage_changes"]["kept"] == 1


def test_a_label_that_is_true_means_the_word_true(desk: Desk) -> None:
    tables = f"{LEADS}\nstage_changes: {{lead_id: Id, stage: {{column: IsWon, labels: {{true: won, false: lost}}}}, occurred_at: At}}"
    outcome = desk.imported("Id,Created,IsWon,At\nL1,2026-01-01,true,2026-01-02\nL2,2026-01-01,false,2026-01-02\n", tables)
    assert outcome.rejects == []


def test_no_and_on_are_texts(desk: Desk) -> None:
    tables = f"{LEADS}\nstage_changes: {{lead_id: Id, stage: {{column: Ok, labels: {{ON: mql, NO: rejected}}}}, occurred_at: At}}"
    assert desk.imported("Id,Created,Ok,At\nL1,2026-01-01,ON,2026-01-02\nL2,2026-01-01,NO,2026-01-02\n", tables).rejects == []


def test_missing_words_are_missing(desk: Desk) -> None:
    head = 'time_zone: UTC\nmissing: [N/A, "-"]\nfiles:\n  - file: data.csv\n    tables:\n'
    tables = "leads: {lead_id: Id, created_at: Created, region: Region}\n" + (
        "stage_changes: {lead_id: Id, stage: {value: mql}, occurred_at: {column: At, optional: true}}"
    )
    outcome = desk.imported("Id,Created,Region,At\nL1,2026-01-01,N/A,2026-01-02\nL2,2026-01-01,-,N/A\n-,2026-01-01,EMEA,N/A\n", tables, head)
    assert [(r["line"], r["reason"]) for r in outcome.rejects] == [(4, "lead_id is empty")]
    assert outcome.tables["stage_changes"]["kept"] == 1


@pytest.mark.parametrize(
    ("zone", "text", "instant"),
    [
        ("Asia/Dubai", "2026-01-02", datetime(2026, 1, 1, 20)),
        ("Europe/Berlin", "2026-07-01 10:00", datetime(2026, 7, 1, 8)),
        ("Europe/Berlin", "2026-01-01T10:00:00Z", datetime(2026, 1, 1, 10)),
        ("Europe/Berlin", "2026-01-01T10:00:00-05:00", datetime(2026, 1, 1, 15)),
        ("America/New_York", "2026-03-08 03:30", datetime(2026, 3, 8, 7, 30)),
    ],
)
def test_times_without_offset_are_of_the_declared_zone(desk: Desk, zone: str, text: str, instant: datetime) -> None:
    desk.imported(f"Id,Created\nL1,{text}\n", LEADS, HEAD.replace("UTC", zone))
    assert desk.history().query("select created_at from leads").rows() == [(instant,)]


@pytest.mark.parametrize(
    ("pattern", "text", "instant"),
    [
        ("%d/%m/%Y", "03/01/2026", datetime(2026, 1, 3)),
        ("%m/%d/%Y", "03/01/2026", datetime(2026, 3, 1)),
        ("%m/%d/%Y %I:%M %p", "7/1/2026 9:05 PM", datetime(2026, 7, 1, 21, 5)),
        ("%d.%m.%y", "16.10.20", datetime(2020, 10, 16)),
    ],
)
def test_a_date_format_decides_what_could_be_read_two_ways(desk: Desk, pattern: str, text: str, instant: datetime) -> None:
    desk.imported(f"Id,Created\nL1,{text}\n", LEADS, f'date_format: "{pattern}"\n{HEAD}')
    assert desk.history().query("select created_at from leads").rows() == [(instant,)]


def test_a_date_format_is_not_for_constants(desk: Desk) -> None:
    tables = "leads: {lead_id: Id, created_at: {value: 2026-01-02}}"
    assert desk.imported("Id\nL1\n", tables, f'date_format: "%d/%m/%Y"\n{HEAD}').rejects == []


@pytest.mark.parametrize("constant", ["2026-01-02T00:00:00Z", '"2026-01-02T00:00:00Z"', "2026-01-02T04:00:00+04:00", '"2026-01-02 04:00"'])
def test_a_constant_instant_means_what_is_written(desk: Desk, constant: str) -> None:
    desk.imported("Id\nL1\n", f"leads: {{lead_id: Id, created_at: {{value: {constant}}}}}", HEAD.replace("UTC", "Asia/Dubai"))
    assert desk.history().query("select created_at from leads").rows() == [(datetime(2026, 1, 2),)]


def test_a_file_of_one_column_is_read(desk: Desk) -> None:
    outcome = desk.imported("Id\nL1\n\nL2\n", "leads: {lead_id: Id, created_at: {value: 2026-01-01}}")
    assert outcome.tables["leads"] == {"seen": 2, "kept": 2, "rejected": 0}


def test_delimiter_and_encoding_are_the_files(desk: Desk) -> None:
    head = "time_zone: UTC\nfiles:\n  - file: data.csv\n    delimiter: ';'\n    encoding: cp1252\n    tables:\n"
    desk.imported(
        "Id;Created;Ort\nL1;2026-01-01;München\nL2;2026-01-01;Köln, Nord\n".encode("cp1252"),
        "leads: {lead_id: Id, created_at: Created, city: Ort}",
        head,
    )
    assert desk.history().query("select a0 from history.canonical.leads order by lead_id").rows() == [("München",), ("Köln, Nord",)]


def test_tabs_separate(desk: Desk) -> None:
    head = 'time_zone: UTC\nfiles:\n  - file: data.csv\n    delimiter: "\\t"\n    tables:\n'
    assert desk.imported("Id\tCreated\nL1\t2026-01-01\n", LEADS, head).tables["leads"]["kept"] == 1


def test_headers_with_odd_white_space_are_found(desk: Desk) -> None:
    outcome = desk.imported(
        " Lead  ID ,Created On\u00a0,Is Won\nL1,2026-01-01,1\n", "leads: {lead_id: Lead ID, created_at: Created On, won: {column: ' Is Won'}}"
    )
    assert outcome.tables["leads"]["kept"] == 1


def test_further_names_of_leads_become_attributes_and_of_events_are_kept(desk: Desk) -> None:
    tables = f"{LEADS[:-1]}, Lead Rating: Rating}}\nstage_changes: {{lead_id: Id, stage: {{value: mql}}, occurred_at: Created, comment: Note}}"
    desk.imported("Id,Created,Rating,Note\nL1,2026-01-01,Hot,called\n", tables)
    assert run(desk.history(), "funnel/stages", Filters(segments={"Lead Rating": ("hot",)})).rows()[0][1] == 1
    assert desk.history().query("select extra from history.canonical.stage_changes").rows() == [('{"comment":"called"}',)]


def test_one_file_may_feed_every_table(desk: Desk) -> None:
    tables = f"""{LEADS}
assignments: {{lead_id: Id, rep_id: Owner, occurred_at: Created}}
touches: {{lead_id: Id, channel: {{value: call}}, occurred_at: Created, is_automated: {{value: false}}}}
spend: {{date: Created, source: {{value: web}}, amount: Cost, currency: {{value: EUR}}}}
deals: {{deal_id: Id, lead_id: Id, amount: Cost, currency: {{value: EUR}}, is_won: {{value: true}}}}"""
    outcome = desk.imported("Id,Created,Owner,Cost\nL1,2026-01-01,Ann,5\nL2,2026-01-01,Bob,x\n", tables)
    assert {name: count["kept"] for name, count in outcome.tables.items()} == {"leads": 2, "assignments": 2, "touches": 2, "spend": 1, "deals": 1}
    assert outcome.currency == "EUR"


def test_the_organisation_of_the_mapping_counts_unless_the_option_says_otherwise(desk: Desk) -> None:
    head = f"organisation: {{time_zone: Asia/Tokyo, currency: JPY, data_through: 2026-02-01}}\n{HEAD}"
    outcome = desk.imported("Id,Created\nL1,2026-01-01\n", LEADS, head)
    assert (outcome.time_zone, outcome.currency, outcome.data_through) == ("Asia/Tokyo", "JPY", datetime(2026, 2, 1, 14, 59, 59, 999999))
    outcome = desk.imported("Id,Created\nL1,2026-01-01\n", LEADS, head, time_zone="UTC", currency="EUR", data_through="2026-03-01T00:00:00Z")
    assert (outcome.time_zone, outcome.currency, outcome.data_through) == ("UTC", "EUR", datetime(2026, 3, 1))


def test_an_ambiguous_day_far_down_the_file_is_a_reject_not_a_guess(desk: Desk) -> None:
    rows = "".join(f"L{number},2026-01-01\n" for number in range(3000))
    outcome = desk.imported(f"Id,Created\n{rows}X,01/02/2026\n", LEADS)
    assert [(r["line"], r["reason"]) for r in outcome.rejects] == [(3002, "01/02/2026 is no ISO 8601 time")]


def test_a_label_of_nothing_where_a_value_is_required_is_refused(desk: Desk) -> None:
    tables = f"{LEADS}\ntouches: {{lead_id: Id, channel: {{column: Kind, labels: {{Phone: call, Note: null}}}}, occurred_at: Created}}"
    with pytest.raises(InputError, match="Note"):
        desk.imported("Id,Created,Kind\nL1,2026-01-01,Phone\nL2,2026-01-01,Note\n", tables)
