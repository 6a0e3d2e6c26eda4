"""The preset csv: what a mapping says, and what becomes of it. The refusals are in test_bad_input.py."""

from __future__ import annotations

import csv
import random
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from plumbline.errors import InputError
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.importing.job import Job, Outcome, run_job
from plumbline.importing.run import Options, make_plan
from plumbline.metrics import run
from plumbline.ui.importing import mapping as form
from tests.importing_support import NOW

HEAD = "time_zone: UTC\nfiles:\n  - file: data.csv\n    tables:\n"


class Desk:
    """A data.csv, a mapping of its tables, and the history that the two give."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.opened: list[History] = []

    def imported(self, data: str | bytes | pl.DataFrame, tables: str, head: str = HEAD, name: str = "data.csv", **options: object) -> Outcome:
        """A frame is written as Parquet, under a name that the mapping then has too."""
        if isinstance(data, pl.DataFrame):
            name = "data.parquet" if name == "data.csv" else name
            data.write_parquet(self.place / name)
        else:
            (self.place / name).write_bytes(data.encode() if isinstance(data, str) else data)
        told = head.replace("data.csv", name) + "".join(f"      {line}\n" for line in tables.strip().splitlines())
        (self.place / "map.yaml").write_text(told, encoding="utf-8")
        return self.run([self.place / name], "h.duckdb", **options)

    def run(self, paths: list[Path], target: str, previous: Path | None = None, **options: object) -> Outcome:
        plan = make_plan("csv", paths, Options(mapping=self.place / "map.yaml", **options))
        self.close()
        workspace = self.place / "workspace"
        shutil.rmtree(workspace, ignore_errors=True)
        workspace.mkdir()
        (self.place / target).unlink(missing_ok=True)
        return run_job(Job(plan, workspace, self.place / target, "test", NOW, previous, threads=1))

    def history(self) -> History:
        self.opened.append(History(self.place / "h.duckdb"))
        return self.opened[-1]

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()

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
    made.close()


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


ROW_LEADS = "leads: {lead_id: {row: true}, created_at: {value: 2026-01-01}, city: Ort}"
CALLS = "touches: {lead_id: Id, channel: {value: call}, occurred_at: Created, repeat: Calls}"


def _lead_ids(desk: Desk) -> list[str]:
    return [row[0] for row in desk.history().query("select lead_id from leads order by lead_no").rows()]


def test_a_row_without_an_id_is_called_after_its_file_and_line(desk: Desk) -> None:
    outcome = desk.imported('Ort,Note\nBonn,a\n\nKöln\nUlm,"two\nlines"\nUlm,b\n', ROW_LEADS)
    assert [(reject["line"], reject["reason"]) for reject in outcome.rejects] == [(4, "has fewer fields than the header")]
    assert _lead_ids(desk) == ["data-0000002", "data-0000005", "data-0000007"]


def test_a_row_keeps_its_name_when_another_is_mended(desk: Desk) -> None:
    desk.imported("Ort,Note\nBonn,a\nKöln\nUlm,b\n", ROW_LEADS)
    before = dict(desk.history().query("select lead_id, a0 from history.canonical.leads").rows())
    desk.imported("Ort,Note\nBonn,a\nKöln,c\nUlm,b\n", ROW_LEADS)
    after = dict(desk.history().query("select lead_id, a0 from history.canonical.leads").rows())
    assert before == {"data-0000002": "Bonn", "data-0000004": "Ulm"}
    assert after == before | {"data-0000003": "Köln"}


def test_what_a_row_without_an_id_feeds_is_its_own(desk: Desk) -> None:
    tables = f"""{ROW_LEADS}
stage_changes: {{lead_id: {{row: true}}, stage: {{value: won}}, occurred_at: {{value: 2026-01-02}}, when: {{Won: [yes]}}}}
deals: {{deal_id: {{row: true}}, lead_id: {{row: true}}, amount: Amount}}"""
    outcome = desk.imported("Ort,Won,Amount\nBonn,no,1\nKöln,yes,2\nUlm,yes,x\n", tables)
    assert [row[0] for row in desk.changes()] == ["data-0000003", "data-0000004"]
    deals = desk.history().query("select deal_id, ids.lead_id, amount from deals join history.canonical.lead_ids as ids using (lead_no)").rows()
    assert sorted(deals) == [("data-0000002", "data-0000002", 1.0), ("data-0000003", "data-0000003", 2.0)]
    assert [(r["table"], r["line"], r["column"]) for r in outcome.rejects] == [("deals", 4, "amount")]


def test_rows_of_two_files_are_not_taken_for_each_other(desk: Desk) -> None:
    head = "time_zone: UTC\nfiles:\n" + "".join(f"  - {{file: {name}.csv, tables: {{{ROW_LEADS}}}}}\n" for name in ("may", "june"))
    for name in ("may", "june"):
        (desk.place / f"{name}.csv").write_text("Ort\nBonn\nUlm\n", encoding="utf-8")
    (desk.place / "map.yaml").write_text(head, encoding="utf-8")
    assert desk.run([desk.place], "h.duckdb").tables["leads"] == {"seen": 4, "kept": 4, "rejected": 0}
    assert sorted(_lead_ids(desk)) == ["june-0000002", "june-0000003", "may-0000002", "may-0000003"]


def test_a_row_stands_for_as_many_touches_as_it_says(desk: Desk) -> None:
    outcome = desk.imported("Id,Created,Calls\nL1,2026-01-01,3\nL2,2026-01-02, 1 \nL3,2026-01-03,0\nL4,2026-01-04,2.0\n", f"{LEADS}\n{CALLS}")
    assert outcome.tables["touches"] == {"seen": 3, "kept": 3, "rejected": 0}
    assert outcome.holds["touches"] == 6
    assert outcome.warnings[-1] == "rows that stand for as many events as their column says: touches 3 rows, 6 events"
    assert dict(desk.history().query("select lead_id, touches from leads").rows()) == {"L1": 3, "L2": 1, "L3": 0, "L4": 2}
    row = desk.history().query("select * from touches join leads using (lead_no) where lead_id = 'L1'")
    assert row.n_unique() == 1


@pytest.mark.parametrize("text", ["", "x", "-1", "2.5", "1001", "1e2", "9" * 40, "1,5"])
def test_a_number_of_touches_that_is_none_is_a_reject(desk: Desk, text: str) -> None:
    outcome = desk.imported(f'Id,Created,Calls\nL1,2026-01-01,1000\nL2,2026-01-02,"{text}"\n', f"{LEADS}\n{CALLS}")
    reason = f"{text} is no whole number from 0 to 1000" if text else "repeat is empty"
    assert [(r["table"], r["line"], r["column"], r["reason"]) for r in outcome.rejects] == [("touches", 3, "repeat", reason)]
    assert (outcome.tables["touches"], outcome.holds["touches"]) == ({"seen": 2, "kept": 1, "rejected": 1}, 1000)


def test_an_optional_number_of_touches_may_be_missing(desk: Desk) -> None:
    tables = CALLS.replace("repeat: Calls", 'repeat: {column: Calls, optional: true, missing: ["-1"]}')
    outcome = desk.imported("Id,Created,Calls\nL1,2026-01-01,\nL2,2026-01-02,-1\nL3,2026-01-02,2\n", f"{LEADS}\n{tables}")
    assert (outcome.tables["touches"], outcome.holds["touches"]) == ({"seen": 1, "kept": 1, "rejected": 0}, 2)


@pytest.mark.parametrize("seed", range(3))
def test_repeats_are_those_of_a_slow_reading(desk: Desk, seed: int) -> None:
    draw = random.Random(seed)
    texts = ["0", "1", "2", "7", "1000", "1001", "", " ", "3.0", "3.5", "-2", "many", "07"]
    rows = [(f"L{n}", f"2026-01-{draw.randint(1, 28):02}", draw.choice(texts), draw.choice("ab")) for n in range(120)]
    lines = ["Id,Created,Calls,Kind", *(",".join(row) if draw.random() > 0.05 else row[0] for row in rows)]
    outcome = desk.imported("\n".join(lines), f"{LEADS}\n{CALLS[:-1]}, when: {{Kind: [a]}}}}")
    wanted, bad, seen = {}, [], 0
    for line, row in enumerate(csv.reader(lines[1:]), 2):
        if len(row) < 4:
            seen, bad = seen + 1, [*bad, line]
        elif row[3] == "a":
            number = int(float(row[2])) if row[2].strip() and row[2] not in ("many", "3.5", "-2") else -1
            seen += number != 0
            if number < 0 or number > 1000:
                bad.append(line)
            elif number:
                wanted[row[0]] = number
    assert [r["line"] for r in outcome.rejects if r["table"] == "touches"] == bad
    assert outcome.tables["touches"] == {"seen": seen, "kept": seen - len(bad), "rejected": len(bad)}
    assert dict(desk.history().query("select lead_id, touches from leads where touches > 0").rows()) == wanted


def test_rows_that_come_again_are_rejected_once_however_often_they_count(desk: Desk) -> None:
    desk.imported("Id,Created,Calls\nL1,2026-01-01,5\nL2,2026-01-02,2\n", f"{LEADS}\n{CALLS}")
    again = desk.run([desk.place / "data.csv"], "h2.duckdb", desk.place / "h.duckdb")
    assert again.has_news is False
    assert again.tables["touches"] == {"seen": 2, "kept": 0, "rejected": 2}
    assert again.holds["touches"] == 7
    assert not any("stand for" in warning for warning in again.warnings)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("leads: {lead_id: {row: true, column: Id}, created_at: Created}", "row says true, and nothing beside it"),
        ("leads: {lead_id: {row: 1}, created_at: Created}", "row says true, and nothing beside it"),
        ("leads: {lead_id: {raw: true}, created_at: Created}", "does not know 'raw'; did you mean 'row'"),
        ("leads: {lead_id: Id, created_at: {row: true}}", "it is for lead_id and deal_id"),
        ("leads: {lead_id: Id, created_at: Created, repeat: Calls}", "repeat is for touches and activities"),
        (f"{LEADS}\n{CALLS.replace('repeat: Calls', 'repeat: 3')}", "'3' is no column"),
        (f"{LEADS}\n{CALLS.replace('repeat: Calls', 'repeat: null')}", "'' is no column"),
        (f"{LEADS}\n{CALLS.replace('repeat: Calls', 'repeat: {colum: Calls}')}", "did you mean 'column'"),
        (f"{LEADS}\n{CALLS.replace('repeat: Calls', 'repeat: {value: 3}')}", "does not know 'value'"),
        (f"{LEADS}\n{CALLS.replace('repeat: Calls', 'repeat: Call')}", "there is no column 'Call' (for touches.repeat); data.csv"),
        (f"{LEADS}\n{CALLS.replace('repeat: Calls', 'repeats: Calls')}", "did you mean 'repeat'"),
        (f"{LEADS}\n{CALLS.replace('repeat: Calls', 'repeat: Calls, event_id: Id')}", "cannot share one event_id"),
    ],
)
def test_a_wrong_row_or_repeat_is_refused_in_one_line(desk: Desk, entry: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        desk.imported("Id,Created,Calls\nL1,2026-01-01,1\n", entry)
    assert said.split("; data.csv")[0] in refused.value.one_line
    assert "\n" not in refused.value.one_line


@pytest.mark.parametrize("tables", [ROW_LEADS, CALLS])
def test_a_mapping_of_rows_and_repeats_is_more_than_the_form_shows(tables: str) -> None:
    text = HEAD + f"      {tables}\n"
    assert form.read(text) is None
    plain = {"{row: true}": "Id", ", repeat: Calls": "", "{value: 2026-01-01}": "Created", "{value: call}": "How"}
    for more, less in plain.items():
        text = text.replace(more, less)
    assert form.read(text) is not None


def test_a_file_in_a_folder_below_is_pointed_at(desk: Desk) -> None:
    (desk.place / "in" / "tables").mkdir(parents=True)
    (desk.place / "in" / "tables" / "data.csv").write_text("Id,Created\nL1,2026-01-01\n", encoding="utf-8")
    (desk.place / "map.yaml").write_text(f"{HEAD}      {LEADS}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"name .*tables, where it is"):
        desk.run([desk.place / "in"], "h.duckdb")


WIDE = {
    "Id": ["L1", "L2", "L3", None],
    "Created": [date(2026, 1, 1), date(2026, 1, 2), date(2026, 7, 3), date(2026, 1, 4)],
    "Changed": [datetime(2026, 1, 2, 9, 30), datetime(2026, 1, 3, 10), None, datetime(2026, 1, 5)],
    "Won": [True, False, None, True],
    "Calls": [2, None, 1, 4],
    "Size": [10.5, float("nan"), None, 3.0],
    "Level": [3, -1, 12, 5],
}
WIDE_TABLES = """leads: {lead_id: Id, created_at: Created, size: Size, level: {column: Level, missing: ["-1"]}, is_won: Won}
stage_changes:
  - {lead_id: Id, stage: {value: mql}, occurred_at: {column: Changed, optional: true}}
  - {lead_id: Id, stage: {column: Won, labels: {true: won, false: lost}}, occurred_at: Changed, when: {Won: [true, false]}}
touches: {lead_id: Id, channel: {value: call}, occurred_at: Created, repeat: {column: Calls, optional: true}, is_automated: Won}
deals: {deal_id: Id, lead_id: Id, amount: Size, is_won: Won, closed_at: Changed}
spend: {date: Created, source: {value: web}, amount: Level}"""


def _all_rows(desk: Desk) -> dict[str, list[tuple]]:
    names = ("leads", "stage_changes", "touches", "deals", "spend")
    return {name: desk.history().query(f"select * from history.canonical.{name} order by all").rows() for name in names}


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_a_parquet_file_means_what_a_csv_of_the_same_texts_means(desk: Desk, zone: str) -> None:
    frame, head = pl.DataFrame(WIDE), HEAD.replace("UTC", zone)
    texts = frame.with_columns(pl.col("Size").fill_nan(None)).select(pl.all().cast(pl.String))
    typed = desk.imported(frame, WIDE_TABLES, head)
    rows = _all_rows(desk)
    as_text = desk.imported(texts, WIDE_TABLES, head)
    assert _all_rows(desk) == rows
    as_csv = desk.imported(texts.write_csv(), WIDE_TABLES, head)
    assert _all_rows(desk) == rows
    assert typed.tables == as_text.tables == as_csv.tables
    assert [(r["table"], r["line"], r["reason"]) for r in typed.rejects] == [(r["table"], r["line"] - 1, r["reason"]) for r in as_csv.rejects]
    assert {name: (count["kept"], count["rejected"]) for name, count in typed.tables.items()} == {
        "leads": (3, 1),
        "stage_changes": (4, 2),
        "touches": (2, 1),
        "deals": (3, 1),
        "spend": (4, 0),
    }
    assert len(rows["touches"]) == 3


def test_parquet_times_with_a_zone_of_their_own_keep_it(desk: Desk) -> None:
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    frame = pl.DataFrame({"Id": ["L1"], "Created": pl.Series([at]).dt.convert_time_zone("Asia/Tokyo")})
    desk.imported(frame, LEADS, HEAD.replace("time_zone: UTC\n", ""))
    assert desk.history().query("select created_at from leads").rows() == [(datetime(2026, 1, 1, 12),)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 1, 1), "the type DATE says no time zone"),
        (datetime(2026, 1, 1, 9), "the type TIMESTAMP says no time zone"),
        ("2026-01-01", "'2026-01-01' says no time zone"),
        ("01/02/2026", "'01/02/2026' could be day/month or month/day"),
    ],
)
def test_what_a_parquet_file_leaves_open_is_asked(desk: Desk, value: object, said: str) -> None:
    frame = pl.DataFrame({"Id": ["L1"], "Created": [value]})
    with pytest.raises(InputError) as refused:
        desk.imported(frame, LEADS, HEAD.replace("time_zone: UTC\n", ""))
    assert said in refused.value.one_line
    assert "data.parquet, " in refused.value.one_line


def test_a_pattern_of_dates_is_for_texts_and_says_nothing_of_a_type(desk: Desk) -> None:
    frame = pl.DataFrame({"Id": ["L1"], "Created": [date(2026, 2, 1)], "At": ["01/03/2026"]})
    tables = """leads: {lead_id: Id, created_at: Created, day: {column: Created}}
stage_changes: {lead_id: Id, stage: {value: mql}, occurred_at: At}
spend: {date: Created, source: {value: web}, amount: {value: 1}}"""
    outcome = desk.imported(frame, tables, f'date_format: "%d/%m/%Y"\n{HEAD}')
    assert outcome.rejects == []
    assert desk.history().query("select created_at from leads").rows() == [(datetime(2026, 2, 1),)]
    assert desk.history().query("select date from history.canonical.spend").rows() == [("2026-02-01",)]
    assert desk.changes() == [("L1", "mql", datetime(2026, 3, 1))]


def test_a_missing_word_is_missing_in_a_column_with_a_type(desk: Desk) -> None:
    frame = pl.DataFrame({"Id": [1, 2], "Created": [date(2026, 1, 1)] * 2, "At": [date(2026, 1, 2), date(2050, 1, 1)], "Level": [4, -1]})
    tables = f"""{LEADS[:-1]}, level: {{column: Level, missing: ["-1"]}}}}
stage_changes: {{lead_id: Id, stage: {{value: mql}}, occurred_at: {{column: At, optional: true, missing: [2050-01-01]}}}}"""
    outcome = desk.imported(frame, tables)
    assert outcome.tables["stage_changes"] == {"seen": 1, "kept": 1, "rejected": 0}
    assert desk.history().query("select lead_id, a0 from history.canonical.leads order by 1").rows() == [("1", "4"), ("2", None)]


def test_rows_of_a_parquet_file_are_told_and_called_by_their_number(desk: Desk) -> None:
    frame = pl.DataFrame({"Ort": ["Bonn", "Ulm"], "At": ["2026-01-02", "soon"]})
    tables = f"{ROW_LEADS}\nstage_changes: {{lead_id: {{row: true}}, stage: {{value: mql}}, occurred_at: At}}"
    outcome = desk.imported(frame, tables, name="Data.PARQUET")
    assert [(r["file"], r["line"], r["reason"]) for r in outcome.rejects] == [("Data.PARQUET", 2, "soon is no ISO 8601 time")]
    assert [row[0] for row in desk.changes()] == ["Data-0000001"]


def test_a_parquet_file_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(InputError, match="is no Parquet file that can be read"):
        desk.imported(b"PAR1 not at all", LEADS, name="data.parquet")
