"""The canonical import: what is kept, what is rejected and why, and when an extract ends. One rule of docs/import.md a test."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import polars as pl
import pytest

from plumbline.errors import InputError
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.importing.job import Outcome
from plumbline.instants import NO_DATE, NO_OFFSET
from plumbline.metrics import run
from tests.importing_support import build_file, write_table

LEADS = """lead_id,created_at,source
    L1,2026-01-01T00:00:00Z,web
    L2,2026-01-02T00:00:00Z,ads
    L3,2026-01-03T00:00:00Z,web"""
CHANGES = """lead_id,stage,occurred_at
    L1,mql,2026-01-10T00:00:00Z
    L1,sal,2026-01-12T00:00:00Z
    L2,mql,2026-01-11T00:00:00Z
    L3,rejected,2026-01-20T00:00:00Z"""

NO_DATES = ["1900-01-01", "1970-01-01T00:00:00Z", "1899-12-30", "1989-12-31 23:59", "2050-01-01", "2099-12-31T10:00:00Z", "2101-01-01", "9999-12-31"]
STRAY = "closings with no pass open before them, which close nothing: 1 (rejected 1)"  # of the rows in CHANGES
TOO_LARGE = "is too large for a number (at most 1e15)"


class Case:
    """A folder of tables and the history that it gives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.last: Path | None = None
        self.opened: list[History] = []

    def given(self, **tables: str) -> Case:
        for name, text in tables.items():
            write_table(self.folder / "in", name, text)
        return self

    def given_bytes(self, name: str, content: bytes) -> Case:
        (self.folder / "in").mkdir(parents=True, exist_ok=True)
        (self.folder / "in" / name).write_bytes(content)
        return self

    def imported(self, **options: object) -> Outcome:
        self.count += 1
        target = self.folder / f"history{self.count}.duckdb"
        previous = self.last if options.get("append") else None
        outcome = build_file(self.folder / "in", target, previous=previous, **options)
        self.last = target if target.exists() else self.last
        return outcome

    def appended(self, **tables: str) -> Outcome:
        for old in (self.folder / "in").iterdir():
            old.unlink()
        return self.given(**tables).imported(append=True)

    def rows(self, statement: str) -> list[tuple]:
        history = History(self.last)
        self.opened.append(history)
        return history.query(statement).rows()

    def history(self) -> History:
        history = History(self.last)
        self.opened.append(history)
        return history


@pytest.fixture
def case(tmp_path: Path):
    made = Case(tmp_path)
    yield made
    for history in made.opened:
        history.close()


def reasons(outcome: Outcome) -> list[tuple]:
    return [(reject["file"], reject["line"], reject["column"], reject["reason"]) for reject in outcome.rejects]


def counts(outcome: Outcome, table: str) -> tuple[int, int, int]:
    found = outcome.tables[table]
    return found["seen"], found["kept"], found["rejected"]


# texts


def test_text_is_kept_in_nfc_with_white_space_folded(case: Case) -> None:
    case.given(leads="lead_id,created_at,company\nL1,2026-01-01,Cafe\u0301\u00a0\t  Zoë ").imported()
    assert case.rows("select company from leads") == [("Café Zoë",)]


def test_lead_ids_are_compared_after_cleaning(case: Case) -> None:
    outcome = case.given(
        leads="lead_id,created_at\nCafe\u0301,2026-01-01", stage_changes="lead_id,stage,occurred_at\n\u00a0Café ,mql,2026-01-02"
    ).imported()
    assert counts(outcome, "stage_changes") == (1, 1, 0)
    assert case.rows("select count(*) from episodes") == [(1,)]


def test_lead_ids_are_compared_as_they_stand(case: Case) -> None:
    outcome = case.given(leads="lead_id,created_at\nA,2026-01-01\na,2026-01-01").imported()
    assert counts(outcome, "leads") == (2, 2, 0)


def test_attribute_values_are_grouped_by_their_folded_form_and_shown_in_the_most_frequent(case: Case) -> None:
    leads = "lead_id,created_at,city\n" + "".join(f"L{n},2026-01-01,{city}\n" for n, city in enumerate(["STRASSE", "Straße", "Straße"]))
    case.given(leads=leads, stage_changes="lead_id,stage,occurred_at\n" + "".join(f"L{n},mql,2026-01-02\n" for n in range(3))).imported()
    rows = run(case.history(), "funnel/breakdown", Filters(), {"by": "city"}).rows()
    assert {row[0] for row in rows} == {"Straße"}


@pytest.mark.parametrize("blank", ["", " ", "   ", "\u00a0", "\u3000", '" "', '""'])
def test_blank_cells_are_missing(case: Case, blank: str) -> None:
    table = f"lead_id,channel,occurred_at,outcome,is_automated,rep_id\nL1,call,2026-01-02,{blank},{blank},{blank}"
    outcome = case.given(leads="lead_id,created_at\nL1,2026-01-01", touches=table).imported()
    assert reasons(outcome) == []
    assert case.rows("select outcome, is_automated, rep_id from history.canonical.touches") == [(None, False, None)]


@pytest.mark.parametrize("blank", [" ", "\u00a0", '"  "'])
def test_blank_times_and_numbers_are_missing(case: Case, blank: str) -> None:
    deals = f"deal_id,lead_id,amount,closed_at,is_won\nD1,L1,{blank},{blank},{blank}"
    outcome = case.given(leads="lead_id,created_at\nL1,2026-01-01", deals=deals).imported()
    assert reasons(outcome) == []


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u3000", '"\t"'])
def test_a_blank_lead_id_is_rejected(case: Case, blank: str) -> None:
    outcome = case.given(leads=f"lead_id,created_at\nL1,2026-01-01\n{blank},2026-01-02").imported()
    assert reasons(outcome) == [("leads.csv", 3, "lead_id", "lead_id is empty")]


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u3000", '"\t"'])
def test_an_event_of_a_blank_lead_id_is_rejected(case: Case, blank: str) -> None:
    outcome = case.given(leads=LEADS, stage_changes=f"lead_id,stage,occurred_at\nL1,mql,2026-01-02\n{blank},mql,2026-01-02").imported()
    assert reasons(outcome) == [("stage_changes.csv", 3, "lead_id", "lead_id is empty")]


# times


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-01T10:00:00Z", "2026-03-01 10:00:00"),
        ("2026-03-01T10:00:00z", "2026-03-01 10:00:00"),
        ("2026-03-01 10:00:00", "2026-03-01 10:00:00"),
        ("2026-03-01T10:00", "2026-03-01 10:00:00"),
        ("2026-03-01", "2026-03-01 00:00:00"),
        ("2026-03-01T10:00:00+02:00", "2026-03-01 08:00:00"),
        ("2026-03-01T10:00:00+0200", "2026-03-01 08:00:00"),
        ("2026-03-01T10:00:00+02", "2026-03-01 08:00:00"),
        ("2026-03-01T10:00:00-05:30", "2026-03-01 15:30:00"),
        ("2026-03-01T10:00:00.5Z", "2026-03-01 10:00:00.500000"),
        ("2026-03-01T10:00:00.123456Z", "2026-03-01 10:00:00.123456"),
        ("2026-03-01T10:00:00.123456789Z", "2026-03-01 10:00:00.123456"),
        ('"2026-03-01T10:00:00,5Z"', "2026-03-01 10:00:00.500000"),
        ("20260301T100000Z", "2026-03-01 10:00:00"),
        ("20260301", "2026-03-01 00:00:00"),
        ("2026-W09-7", "2026-03-01 00:00:00"),
        (" 2026-03-01T10:00:00Z ", "2026-03-01 10:00:00"),
    ],
)
def test_iso_8601_times_are_read(case: Case, text: str, instant: str) -> None:
    outcome = case.given(leads=f"lead_id,created_at\nL0,2026-01-01\nL1,{text}").imported()
    assert reasons(outcome) == []
    assert case.rows("select created_at from history.canonical.leads where lead_id = 'L1'") == [(datetime.fromisoformat(instant),)]


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2026",
        "20-10-16",
        "16-10-2020",
        "2026-02-30",
        "2026-03-01T25:00",
        "2026-03-01T24:00",
        "2026-03-01T10:00:60Z",
        "20260301 10:00 CET",
        "yesterday",
        "infinity",
        "epoch",
        "1767225600",
        "now",
        "-1",
    ],
)
def test_what_is_no_iso_8601_time_is_rejected(case: Case, text: str) -> None:
    outcome = case.given(leads=f"lead_id,created_at\nL0,2026-01-01\nL1,{text}").imported()
    assert reasons(outcome) == [("leads.csv", 3, "created_at", f"{text} is no ISO 8601 time")]


@pytest.mark.parametrize("text", ["2026/01/05", "2026-1-5", "2026 01 05", "2026-01-5T10:00", "2026/01/05 10:00:00", "2026.01.05", "2026\\01\\05"])
@pytest.mark.parametrize("table", ["leads", "stage_changes"])
def test_a_day_that_is_nearly_iso_8601_is_rejected_with_what_to_do(case: Case, table: str, text: str) -> None:
    """Leads take the careful way, stage changes the quick one."""
    given = {"leads": "lead_id,created_at\nL0,2026-01-01", "stage_changes": "lead_id,stage,occurred_at\nL0,mql,2026-01-01"}
    given[table] += f"\nL1,{text}" if table == "leads" else f"\nL0,sal,{text}"
    column = "created_at" if table == "leads" else "occurred_at"
    reason = f"{text} is no ISO 8601 time (write YYYY-MM-DD, or name its date_format in a mapping)"
    assert reasons(case.given(**given).imported()) == [(f"{table}.csv", 3, column, reason)]


@pytest.mark.parametrize("text", ["2026-03-01T1:2:3", "2026-03-01 10:00:00 CST", "2026-03-01 10:00:00 Europe/Berlin", "2026-03-01 (BC)"])
def test_a_time_of_day_or_zone_that_is_not_iso_8601_is_rejected(case: Case, text: str) -> None:
    outcome = case.given(
        leads="lead_id,created_at\nL0,2026-01-01", stage_changes=f"lead_id,stage,occurred_at\nL0,mql,2026-01-01\nL0,sal,{text}"
    ).imported()
    assert reasons(outcome) == [("stage_changes.csv", 3, "occurred_at", f"{text} is no ISO 8601 time")]


def test_the_quick_way_and_the_careful_way_read_the_same_times(case: Case) -> None:
    """`beside` makes touches take the careful way; the same texts go the quick one as activities."""
    texts = [
        "2026-03-01 10:00:00 Z",
        "2026-03-01 10:00:00 UTC",
        "2026-03-01T10:00:00+05:30",
        "2026-03-01 10:00",
        "2026-03-01",
        "2026-03-01T10:00:00.5",
    ]
    case.given(
        leads="lead_id,created_at\nL1,2026-01-01",
        touches="lead_id,channel,occurred_at,beside\n" + "\n".join(f"L1,call,{text},x" for text in texts),
        activities="lead_id,activity,occurred_at\n" + "\n".join(f"L1,visit,{text}" for text in texts),
    )
    assert reasons(case.imported()) == []
    quick, careful = (case.rows(f"select occurred_at from history.canonical.{name} order by row_no") for name in ("activities", "touches"))
    assert quick == careful


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "1899-12-31", "1989-12-31", "2050-01-01", "2099-12-31", "2101-01-01", "9999-12"])
def test_a_day_of_spend_that_stands_for_no_date_is_rejected(case: Case, text: str) -> None:
    outcome = case.given(leads=LEADS, spend=f"date,source,amount\n2026-01,web,1\n1990-01-01,web,1\n2100-12-31,web,1\n{text},web,2").imported()
    assert reasons(outcome) == [("spend.csv", 5, "date", f"{text} {NO_DATE}")]


def test_a_day_of_spend_in_another_form_is_rejected(case: Case) -> None:
    outcome = case.given(leads=LEADS, spend="date,source,amount\n2026-01,web,1\n2026/01/05,web,2").imported()
    assert reasons(outcome) == [("spend.csv", 3, "date", "2026/01/05 is no date (YYYY-MM-DD, or YYYY-MM for a month, 1990 to 2100)")]


@pytest.mark.parametrize("text", NO_DATES)
@pytest.mark.parametrize("table", ["leads", "stage_changes"])
def test_what_stands_for_no_date_is_rejected_with_that_reason(case: Case, table: str, text: str) -> None:
    """Leads take the careful way, stage changes the quick one."""
    given = {"leads": "lead_id,created_at\nL0,2026-01-01", "stage_changes": "lead_id,stage,occurred_at\nL0,mql,2026-01-01"}
    given[table] += f"\nL1,{text}" if table == "leads" else f"\nL0,sal,{text}"
    column = "created_at" if table == "leads" else "occurred_at"
    assert reasons(case.given(**given).imported()) == [(f"{table}.csv", 3, column, f"{text} {NO_DATE}")]


@pytest.mark.parametrize("offset", ["+99:99", "+24:00", "-77:00", "+14:30", "-13:00", "+05:60", "+1401", "-12:01", " +15"])
@pytest.mark.parametrize("table", ["leads", "stage_changes"])
def test_an_offset_that_no_place_has_is_rejected(case: Case, table: str, offset: str) -> None:
    given = {"leads": "lead_id,created_at\nL0,2026-01-01", "stage_changes": "lead_id,stage,occurred_at\nL0,mql,2026-01-01"}
    text = f"2026-01-01T12:00:00{offset}"
    given[table] += f"\nL1,{text}" if table == "leads" else f"\nL0,sal,{text}"
    column = "created_at" if table == "leads" else "occurred_at"
    assert reasons(case.given(**given).imported()) == [(f"{table}.csv", 3, column, f"{text} {NO_OFFSET}")]


@pytest.mark.parametrize(("zone", "start"), [("America/Bogota", "2026-03-02 05:00:00"), ("Asia/Tokyo", "2026-03-01 15:00:00")])
def test_a_date_without_a_time_is_a_day_of_the_organisation(case: Case, zone: str, start: str) -> None:
    case.given(leads="lead_id,created_at\nL1,2026-03-02", stage_changes="lead_id,stage,occurred_at\nL1,mql,2026-03-02\nL1,sal,2026-03-02T09:00")
    case.imported(time_zone=zone)
    moments = [datetime.fromisoformat(start)]
    assert case.rows("select created_at from history.canonical.leads") == [(moments[0],)]
    assert case.rows("select occurred_at from history.canonical.stage_changes order by row_no") == [(moments[0],), (datetime(2026, 3, 2, 9),)]


@pytest.mark.parametrize(
    ("amount", "reason"), [("1.7e308", TOO_LARGE), ("-1e16", TOO_LARGE), ("1e999", TOO_LARGE), ("inf", "is no number"), ("nan", "is no number")]
)
def test_an_amount_that_nobody_meant_is_rejected(case: Case, amount: str, reason: str) -> None:
    outcome = case.given(leads=LEADS, spend=f"date,source,amount\n2026-01,web,1e15\n2026-02,web,{amount}").imported()
    assert reasons(outcome) == [("spend.csv", 3, "amount", f"{amount} {reason}")]


def test_a_table_of_amounts_that_nobody_meant_gives_no_figure_and_refuses_nothing(case: Case) -> None:
    outcome = case.given(leads=LEADS, spend="date,source,amount\n2026-01,web,1.7e308\n2026-02,web,1.7e308").imported()
    assert counts(outcome, "spend") == (2, 0, 2)
    assert run(case.history(), "sources/cost")["spend"].to_list() == [None, None]


@pytest.mark.parametrize("written", ["23:59:59", "24:00", "24:00:00", "23:59:59.999"])
def test_a_day_that_closes_at_its_last_second_closes_at_its_end(case: Case, written: str) -> None:
    assert reasons(case.given(leads=LEADS, calendars=f"team,day,opens,closes\nA,mon,00:00,{written}\nA,tue,9:00,17:00:00").imported()) == []
    assert case.rows("select opens::varchar, closes::varchar from history.canonical.calendars order by row_no") == [
        ("00:00", "24:00"),
        ("09:00", "17:00"),
    ]


def test_seconds_of_a_calendar_are_not_dropped(case: Case) -> None:
    outcome = case.given(leads=LEADS, calendars="team,day,opens,closes\nA,mon,09:00,17:00\nA,tue,09:00,17:30:15").imported()
    assert reasons(outcome) == [("calendars.csv", 3, "closes", "17:30:15 has seconds, which hours of work do not know (write HH:MM)")]


def test_a_parquet_day_of_spend_that_stands_for_no_date_is_rejected(case: Case) -> None:
    days = pl.DataFrame({"date": [date(2026, 1, 5), date(9999, 12, 31)], "source": ["web", "web"], "amount": [1.0, 2.0]})
    (case.folder / "in").mkdir()
    days.write_parquet(case.folder / "in" / "spend.parquet")
    outcome = case.given(leads=LEADS).imported()
    assert [(r["line"], r["column"]) for r in outcome.rejects] == [(2, "date")]


def test_half_a_row_of_a_calendar_is_rejected_and_overnight_and_closed_days_are_kept(case: Case) -> None:
    rows = (
        "team,day,opens,closes\nA,mon,09:00,17:00\nA,tue,09:00,\nA,wed,,17:00\nA,thu,22:00,06:00\nA,fri,,\nA,sat,24:00,06:00\nA,2026-01,09:00,17:00"
    )
    assert reasons(case.given(leads=LEADS, calendars=rows).imported()) == [
        ("calendars.csv", 3, "closes", "opens without closes; write both, or neither for a day that is closed"),
        ("calendars.csv", 4, "opens", "closes without opens; write both, or neither for a day that is closed"),
        ("calendars.csv", 7, "opens", "24:00 is the end of a day and no time to open"),
        ("calendars.csv", 8, "day", "2026-01 is no day (mon..sun or YYYY-MM-DD)"),
    ]
    kept = [("thu", "22:00", "06:00"), ("fri", None, None)]
    assert case.rows("select day::varchar, opens::varchar, closes::varchar from history.canonical.calendars order by row_no")[1:] == kept


def test_a_second_row_of_a_team_and_day_is_rejected(case: Case) -> None:
    outcome = case.given(
        leads=LEADS, calendars="team,day,opens,closes\nA,mon,09:00,17:00\nA,Mon,08:00,16:00\nB,mon,09:00,17:00\nA,mon,09:00,17:00"
    ).imported()
    assert reasons(outcome) == [("calendars.csv", line, "day", "duplicate: A, mon stands in an earlier row") for line in (3, 5)]
    assert counts(case.appended(calendars="team,day,opens,closes\nA,mon,07:00,17:00\nC,mon,09:00,17:00"), "calendars") == (2, 1, 1)


# the reading of files


def test_records_seen_are_counted_by_the_rules_of_csv(case: Case) -> None:
    outcome = case.given_bytes("leads.csv", b'\n\nlead_id,created_at,note\n\nL1,2026-01-01,"a\nb\n\nc"\n\n\nL2,2026-01-02,x\n\n').imported()
    assert counts(outcome, "leads") == (2, 2, 0)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ends", [True, False])
def test_line_ends_and_marks_do_not_matter(case: Case, newline: str, bom: bytes, ends: bool) -> None:
    text = newline.join(["lead_id,created_at,note", 'L1,2026-01-01,"say ""hi"", twice"', "L2,2026-01-02,"]) + (newline if ends else "")
    outcome = case.given_bytes("leads.csv", bom + text.encode()).imported()
    assert counts(outcome, "leads") == (2, 2, 0)
    assert case.rows("select a0 from history.canonical.leads order by lead_id") == [('say "hi", twice',), (None,)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rejects_after_embedded_newlines_have_their_own_line(case: Case, newline: str) -> None:
    lines = [
        "lead_id,created_at,note",
        "",
        'L1,2026-01-01,"one',
        "two",
        "",
        'three"',
        "L2,nonsense,x",
        "L3,2026-01-03",
        "L4,2026-01-04,y",
        "L4,2026-01-05,z",
    ]
    outcome = case.given_bytes("leads.csv", newline.join(lines).encode()).imported()
    assert counts(outcome, "leads") == (5, 2, 3)
    assert [(line, column) for _, line, column, _ in reasons(outcome)] == [(7, "created_at"), (8, ""), (10, "lead_id")]


def test_ragged_rows_are_rejected_with_the_reason(case: Case) -> None:
    outcome = case.given(leads="lead_id,created_at,note\nL1,2026-01-01,a\nL2,2026-01-01\nL3,2026-01-01,a,b").imported()
    assert reasons(outcome) == [
        ("leads.csv", 3, "", "has fewer fields than the header"),
        ("leads.csv", 4, "", "has more fields than the header"),
    ]


def test_a_huge_cell_beside_a_ragged_row_is_read(case: Case) -> None:
    huge = "x" * 300_000
    outcome = case.given_bytes(
        "leads.csv", f'lead_id,created_at,note\r\nL1,2026-01-01,"{huge}"\nL2,2026-01-01\rL3,2026-01-02,"a"b\n'.encode()
    ).imported()
    assert outcome.tables["leads"]["seen"] == 3
    assert outcome.tables["leads"]["kept"] >= 1


def test_a_line_longer_than_the_reader_takes_is_accounted_for(case: Case) -> None:
    outcome = case.given_bytes(
        "leads.csv", b'lead_id,created_at,note\nL1,2026-01-01,a\nL2,2026-01-02,"' + b"x" * 17_000_000 + b'"\nL3,2026-01-03,b\n'
    ).imported()
    assert outcome.tables["leads"]["seen"] == 3
    assert outcome.tables["leads"]["kept"] in (2, 3)


def test_mixed_line_ends_lose_no_row(case: Case) -> None:
    outcome = case.given_bytes("leads.csv", b"lead_id,created_at\r\nL1,2026-01-01\nL2,2026-01-01\rL3,2026-01-01\r\n").imported()
    assert counts(outcome, "leads") == (3, 3, 0)


def test_every_column_may_be_quoted_and_in_any_order(case: Case) -> None:
    outcome = case.given(leads='"source","created_at","lead_id"\n"web","2026-01-01","L1"').imported()
    assert counts(outcome, "leads") == (1, 1, 0)


def test_parquet_with_typed_columns_equals_csv(case: Case, tmp_path: Path) -> None:
    berlin = timezone(timedelta(hours=2))
    (case.folder / "in").mkdir()
    frame = pl.DataFrame(
        {
            "lead_id": [1, 2, 3],
            "created_at": [datetime(2026, 1, 1, 2, tzinfo=berlin), datetime(2026, 1, 2, 2, tzinfo=berlin), datetime(2026, 1, 3, 2, tzinfo=berlin)],
            "employees": [10, None, 30],
            "is_competitor": [True, False, None],
            "source": ["web ", "ADS", "web"],
        }
    )
    frame.write_parquet(case.folder / "in" / "leads.parquet")
    changes = pl.DataFrame({"lead_id": [1, 2], "stage": ["mql", "mql"], "occurred_at": [date(2026, 1, 4), date(2026, 1, 5)]})
    changes.write_parquet(case.folder / "in" / "stage_changes.parquet")
    case.imported()
    from_parquet = (
        case.rows("select * exclude (search_text) from leads"),
        case.rows("select * from episodes"),
        case.rows("select * from field_values order by all"),
    )
    other = Case(tmp_path / "csv")
    other.given(
        leads="lead_id,created_at,employees,is_competitor,source\n"
        "1,2026-01-01T02:00:00+02:00,10,true,web \n2,2026-01-02T00:00:00Z,,false,ADS\n3,2026-01-03,30,,web",
        stage_changes="lead_id,stage,occurred_at\n1,mql,2026-01-04\n2,mql,2026-01-05",
    ).imported()
    from_csv = (
        other.rows("select * exclude (search_text) from leads"),
        other.rows("select * from episodes"),
        other.rows("select * from field_values order by all"),
    )
    other.opened[0].close()
    assert from_parquet == from_csv


def test_parquet_sentinel_dates_are_rejected_as_in_csv(case: Case) -> None:
    (case.folder / "in").mkdir()
    pl.DataFrame({"lead_id": ["L1", "L2"], "created_at": [date(2026, 1, 1), date(9999, 12, 31)]}).write_parquet(case.folder / "in" / "leads.parquet")
    assert counts(case.imported(), "leads") == (2, 1, 1)


def test_parquet_rejects_say_the_row(case: Case) -> None:
    (case.folder / "in").mkdir()
    pl.DataFrame({"lead_id": ["L1", None, "L3"], "created_at": ["2026-01-01", "2026-01-01", "x"]}).write_parquet(case.folder / "in" / "leads.parquet")
    assert [(line, column) for _, line, column, _ in reasons(case.imported())] == [(2, "lead_id"), (3, "created_at")]


# columns beyond the known ones


def test_further_columns_of_leads_become_attributes(case: Case) -> None:
    case.given(
        leads='lead_id,created_at,"Wunsch, ""genau"""\nL1,2026-01-01,ja', stage_changes="lead_id,stage,occurred_at\nL1,mql,2026-01-02"
    ).imported()
    assert run(case.history(), "funnel/stages", Filters(segments={'Wunsch, "genau"': ("JA",)})).rows()[0][1] == 1


def test_further_columns_of_events_are_kept(case: Case) -> None:
    case.given(leads=LEADS, touches='lead_id,channel,occurred_at,"no""te"\nL1,call,2026-01-02,"it\'s"').imported()
    assert case.rows("select extra from history.canonical.touches") == [('{"no\\"te":"it\'s"}',)]


def test_a_lead_attribute_called_rep_does_not_hide_the_owner(case: Case) -> None:
    case.given(
        leads="lead_id,created_at,rep\nL1,2026-01-01,Old",
        stage_changes="lead_id,stage,occurred_at\nL1,mql,2026-01-02",
        assignments="lead_id,rep_id,occurred_at\nL1,R1,2026-01-02",
    ).imported()
    assert sorted(case.history().fields) == ["lead rep", "rep", "team"]


def test_a_lead_attribute_called_rep_beside_one_called_lead_rep_has_a_name_of_its_own(case: Case) -> None:
    case.given(
        leads="lead_id,created_at,rep,lead rep,lead rep 2\nL1,2026-01-01,Old,Literal,Other",
        stage_changes="lead_id,stage,occurred_at\nL1,mql,2026-01-02",
    ).imported()
    assert sorted(case.history().fields) == ["lead rep", "lead rep 2", "lead rep 3", "rep", "team"]
    values = {name: run(case.history(), "funnel/breakdown", None, {"by": name})["value"][0] for name in ("lead rep", "lead rep 2", "lead rep 3")}
    assert values == {"lead rep": "Literal", "lead rep 2": "Other", "lead rep 3": "Old"}


# duplicates


def test_a_second_row_of_a_lead_is_rejected(case: Case) -> None:
    outcome = case.given(leads="lead_id,created_at,source\nL1,2026-01-01,web\nL1,2026-01-05,ads").imported()
    assert reasons(outcome) == [("leads.csv", 3, "lead_id", "duplicate: L1 stands in an earlier row")]
    assert case.rows("select source from leads") == [("web",)]


def test_the_first_row_of_an_event_id_counts(case: Case) -> None:
    outcome = case.given(
        leads=LEADS, touches="lead_id,channel,occurred_at,event_id\nL1,call,2026-01-02,E1\nL2,email,2026-01-03,E1\nL1,call,2026-01-02,E2"
    ).imported()
    assert reasons(outcome) == [("touches.csv", 3, "event_id", "duplicate: E1 stands in an earlier row")]


def test_identical_rows_without_ids_within_a_file_all_count(case: Case) -> None:
    outcome = case.given(leads=LEADS, touches="lead_id,channel,occurred_at\n" + "L1,call,2026-01-02\n" * 3).imported()
    assert counts(outcome, "touches") == (3, 3, 0)


def test_identical_rows_without_ids_in_two_files_count_once(case: Case) -> None:
    touches = "lead_id,channel,occurred_at\nL1,call,2026-01-02\nL1,call,2026-01-02\nL2,call,2026-01-02"
    case.given(leads=LEADS, touches=touches)
    pl.DataFrame({"lead_id": ["L1", "L3"], "channel": ["call", "call"], "occurred_at": ["2026-01-02", "2026-01-02"]}).write_parquet(
        case.folder / "in" / "touches.parquet"
    )
    outcome = case.imported()
    assert reasons(outcome) == [("touches.parquet", 1, "", "duplicate: the same row came with another file or an earlier import")]


def test_identical_rows_that_differ_in_an_extra_column_both_count(case: Case) -> None:
    case.given(leads=LEADS, touches="lead_id,channel,occurred_at,note\nL1,call,2026-01-02,a")
    pl.DataFrame({"lead_id": ["L1"], "channel": ["call"], "occurred_at": ["2026-01-02"], "note": ["b"]}).write_parquet(
        case.folder / "in" / "touches.parquet"
    )
    assert counts(case.imported(), "touches") == (2, 2, 0)


def test_duplicate_reps_and_deals_are_rejected(case: Case) -> None:
    outcome = case.given(leads=LEADS, reps="rep_id,name\nR1,Ann\nR1,Bob", deals="deal_id,lead_id,amount\nD1,L1,5\nD1,L2,6").imported()
    assert [(file, line) for file, line, *_ in reasons(outcome)] == [("reps.csv", 3), ("deals.csv", 3)]


# append


def test_appending_the_same_rows_brings_no_news(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES).imported()
    outcome = case.appended(leads=LEADS, stage_changes=CHANGES)
    assert not outcome.has_news
    assert (outcome.tables["leads"]["kept"], outcome.tables["stage_changes"]["kept"]) == (0, 0)


@pytest.mark.parametrize(
    "columns", ["direction,outcome,z,a", "direction,outcome,a,z,new", "z,direction,a,outcome,reason", "a,z,outcome,direction,event_id"]
)
def test_appending_the_same_rows_with_columns_in_another_order_or_empty_ones_brings_no_news(case: Case, columns: str) -> None:
    """Further columns are compared by their names; one without a value adds nothing."""
    cells = {"direction": "outbound", "outcome": "", "a": "x", "z": "y"}
    touches = "lead_id,channel,occurred_at,direction,outcome,a,z\nL1,call,2026-01-10,outbound,,x,y"
    assert counts(case.given(leads=LEADS, touches=touches).imported(), "touches") == (1, 1, 0)
    again = "L1,call,2026-01-10," + ",".join(cells.get(name, "") for name in columns.split(","))
    assert counts(case.appended(touches=f"lead_id,channel,occurred_at,{columns}\n{again}"), "touches") == (1, 0, 1)


def test_rows_that_an_older_version_wrote_in_the_order_of_the_file_are_the_same(case: Case) -> None:
    case.given(leads=LEADS, touches="lead_id,channel,occurred_at,a,z\nL1,call,2026-01-10,x,y").imported()
    con = duckdb.connect(str(case.last))
    con.execute("update canonical.touches set extra = $extra", {"extra": '{"z":"y","n":null,"a":"x"}'})
    con.close()
    assert counts(case.appended(touches="lead_id,channel,occurred_at,a,z\nL1,call,2026-01-10,x,y"), "touches") == (1, 0, 1)


def test_appending_rows_whose_further_columns_say_something_else_keeps_both(case: Case) -> None:
    case.given(leads=LEADS, touches="lead_id,channel,occurred_at,a,z\nL1,call,2026-01-10,x,y").imported()
    assert counts(case.appended(touches="lead_id,channel,occurred_at,a,z\nL1,call,2026-01-10,y,x"), "touches") == (1, 1, 0)
    assert counts(case.appended(touches="lead_id,channel,occurred_at,a,z,new\nL1,call,2026-01-10,x,y,w"), "touches") == (1, 1, 0)


def test_appending_only_touches_keeps_the_rest(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES).imported()
    outcome = case.appended(touches="lead_id,channel,occurred_at\nL1,call,2026-01-11")
    assert counts(outcome, "touches") == (1, 1, 0)
    assert case.rows("select (select count(*) from leads), (select count(*) from episodes), (select count(*) from history.canonical.touches)") == [
        (3, 2, 1)
    ]


def test_an_orphan_becomes_a_lead_when_its_lead_arrives(case: Case) -> None:
    outcome = case.given(leads=LEADS, stage_changes=f"{CHANGES}\nL9,mql,2026-01-15T00:00:00Z").imported()
    assert outcome.warnings == ["rows of leads that are not there, kept but counted nowhere: stage_changes 1", STRAY]
    assert case.rows("select count(*) from episodes") == [(2,)]
    outcome = case.appended(leads="lead_id,created_at,source\nL9,2026-01-05,web")
    assert outcome.warnings == [STRAY]
    assert case.rows("select count(*) from episodes") == [(3,)]


def test_appending_brings_new_attributes(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES).imported()
    case.appended(leads="lead_id,created_at,region\nL7,2026-01-05,EMEA", stage_changes="lead_id,stage,occurred_at\nL7,mql,2026-01-06")
    assert run(case.history(), "funnel/stages", Filters(segments={"region": ("emea",)})).rows()[0][1] == 1


def test_two_appends_equal_one_import(case: Case, tmp_path: Path) -> None:
    first, second = CHANGES.splitlines()[:3], [CHANGES.splitlines()[0], *CHANGES.splitlines()[3:]]
    case.given(leads=LEADS, stage_changes="\n".join(first)).imported()
    case.appended(stage_changes="\n".join(second))
    whole = Case(tmp_path / "whole")
    whole.given(leads=LEADS, stage_changes=CHANGES).imported()
    try:
        assert run(case.history(), "funnel/stages").equals(run(whole.history(), "funnel/stages"))
    finally:
        whole.opened[0].close()


def test_an_append_of_which_nothing_can_be_read_is_refused(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES).imported()
    with pytest.raises(InputError, match=r"touches.csv, line 2, column occurred_at"):
        case.appended(touches="lead_id,channel,occurred_at\nL1,call,soon")


def test_an_append_in_another_currency_is_refused(case: Case) -> None:
    case.given(leads=LEADS, deals="deal_id,lead_id,amount,currency\nD1,L1,5,EUR").imported()
    case.given(deals="deal_id,lead_id,amount,currency\nD2,L1,5,USD")
    with pytest.raises(InputError, match=r"--currency.*EUR"):
        case.imported(append=True, currency="USD")


def test_an_append_keeps_the_currency_of_the_history(case: Case) -> None:
    case.given(leads=LEADS, deals="deal_id,lead_id,amount,currency\nD1,L1,5,EUR").imported()
    outcome = case.appended(deals="deal_id,lead_id,amount,currency\nD2,L1,5,USD\nD3,L1,5,USD\nD4,L1,5,EUR")
    assert (outcome.currency, counts(outcome, "deals")) == ("EUR", (3, 1, 2))


# what is not there


def test_orphans_are_kept_counted_and_in_no_metric(case: Case) -> None:
    outcome = case.given(
        leads=LEADS, stage_changes=f"{CHANGES}\nX,mql,2026-01-15", touches="lead_id,channel,occurred_at\nX,call,2026-01-11\nY,call,2026-01-11"
    ).imported()
    assert outcome.warnings == ["rows of leads that are not there, kept but counted nowhere: stage_changes 1, touches 2", STRAY]
    assert counts(outcome, "touches") == (2, 2, 0)
    assert run(case.history(), "funnel/stages").rows()[0][1] == 2


def test_unknown_stages_and_channels_are_rejected_with_the_reason(case: Case) -> None:
    outcome = case.given(
        leads=LEADS, stage_changes=f"{CHANGES}\nL1,MQL,2026-01-15", touches="lead_id,channel,occurred_at\nL1,call,2026-01-11\nL1,fax,2026-01-11"
    ).imported()
    assert [(file, line, column) for file, line, column, _ in reasons(outcome)] == [("stage_changes.csv", 6, "stage"), ("touches.csv", 3, "channel")]


def test_an_empty_further_table_is_fine(case: Case) -> None:
    assert counts(case.given(leads=LEADS, touches="lead_id,channel,occurred_at").imported(), "touches") == (0, 0, 0)


@pytest.mark.parametrize(
    "table", ["lead_id,stage,occurred_at\nL1,Qualified,2026-01-01", "lead_id,stage,occurred_at\nL1,mql", "lead_id,stage,occurred_at\nL1,mql,1/2/26"]
)
def test_a_table_of_which_no_row_can_be_read_is_refused(case: Case, table: str) -> None:
    case.given(leads=LEADS, stage_changes=table)
    with pytest.raises(InputError, match=r"stage_changes.csv, line 2"):
        case.imported()


@pytest.mark.parametrize(
    ("name", "table"),
    [("merges", "lead_id,into_lead_id\nL1,L2\nL2,L1"), ("deals", "deal_id,lead_id,amount,currency\nD1,L1,5,CHF")],
)
def test_a_table_rejected_by_meaning_is_not_refused(case: Case, name: str, table: str) -> None:
    outcome = case.given(leads=LEADS, **{name: table}).imported(currency="EUR")
    assert outcome.tables[name]["kept"] == 0


# merges


def _survivors(case: Case) -> dict[str, str | None]:
    statement = (
        "select a.lead_id, b.lead_id from history.canonical.lead_ids as a"
        " left join history.canonical.lead_ids as b on b.lead_no = a.subject_no order by a.lead_no"
    )
    return dict(case.rows(statement))


def test_chains_of_merges_end_at_the_last_survivor(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES, merges="lead_id,into_lead_id,merged_at\nL1,L2,2026-01-12\nL2,L3,2026-01-11").imported()
    assert _survivors(case) == {"L1": "L3", "L2": "L3", "L3": "L3"}


def test_the_survivor_has_the_earliest_creation_and_its_own_attributes(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES, merges="lead_id,into_lead_id\nL1,L2").imported()
    assert case.rows("select lead_id, created_at, source from leads order by lead_id") == [
        ("L2", datetime(2026, 1, 1), "ads"),
        ("L3", datetime(2026, 1, 3), "web"),
    ]


def test_circular_merges_are_rejected_and_the_rest_counts(case: Case) -> None:
    outcome = case.given(leads=LEADS, stage_changes=CHANGES, merges="lead_id,into_lead_id\nL1,L2\nL2,L1\nL3,L1").imported()
    assert counts(outcome, "merges") == (3, 1, 2)
    assert _survivors(case) == {"L1": "L1", "L2": "L2", "L3": "L1"}


def test_a_lead_merged_into_itself_is_rejected(case: Case) -> None:
    outcome = case.given(leads=LEADS, stage_changes=CHANGES, merges="lead_id,into_lead_id\nL1,L1\nL2,L3").imported()
    assert counts(outcome, "merges") == (2, 1, 1)


def test_merges_after_the_end_of_the_extract_do_not_count(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES, merges="lead_id,into_lead_id,merged_at\nL1,L2,2026-06-01").imported()
    assert _survivors(case)["L1"] == "L1"


@pytest.mark.timeout(60)
def test_a_circle_that_closes_when_the_extract_grows_is_broken(case: Case) -> None:
    merges = "lead_id,into_lead_id,merged_at\nL1,L2,2026-01-11\nL2,L1,2026-01-30"
    case.given(leads=LEADS, stage_changes=CHANGES, merges=merges).imported()
    case.appended(stage_changes="lead_id,stage,occurred_at\nL3,mql,2026-02-10")
    assert set(_survivors(case)) == {"L1", "L2", "L3"}


def test_a_merge_into_a_lead_that_is_not_there_leaves_the_loser(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES, merges="lead_id,into_lead_id\nL1,X").imported()
    assert _survivors(case)["L1"] == "L1"


# the end of the extract


def test_the_extract_ends_with_the_last_stage_change_or_activity(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES, activities="lead_id,activity,occurred_at\nL1,visit,2026-01-22T10:00:00Z")
    outcome = case.given(touches="lead_id,channel,occurred_at\nL1,meeting,2026-05-01").imported()
    assert outcome.data_through == datetime(2026, 1, 22, 10)
    assert outcome.warnings == [
        "rows after the end of the extract (2026-01-22 10:00 UTC), not counted: touches 1",
        "closings with no pass open before them, which close nothing: 1 (rejected 1)",
    ]


def test_a_lone_date_far_in_the_future_is_refused_naming_the_option(case: Case) -> None:
    events = "".join(f"L1,visit,2026-01-{day:02d}T{hour:02d}:00:00Z\n" for day in range(2, 29) for hour in range(24)) * 2
    case.given(leads=LEADS, activities=f"lead_id,activity,occurred_at\n{events}L1,visit,2027-06-01")
    with pytest.raises(InputError, match="--data-through"):
        case.imported()
    assert case.imported(data_through="2026-01-31T00:00:00Z").data_through == datetime(2026, 1, 31)


@pytest.mark.parametrize(
    ("given", "zone", "instant"),
    [
        ("2026-01-15T10:00:00Z", "", datetime(2026, 1, 15, 10)),
        ("2026-01-15T10:00:00+02:00", "", datetime(2026, 1, 15, 8)),
        ("2026-01-15", "", datetime(2026, 1, 15, 23, 59, 59, 999999)),
        ("2026-01-15", "Asia/Tokyo", datetime(2026, 1, 15, 14, 59, 59, 999999)),
    ],
)
def test_the_end_may_be_given(case: Case, given: str, zone: str, instant: datetime) -> None:
    assert case.given(leads=LEADS, stage_changes=CHANGES).imported(data_through=given, time_zone=zone).data_through == instant


@pytest.mark.parametrize("given", ["soon", "15/01/2026", "2026-13-01", "9999-12-31", "0001-01-01", "0001-01-01T00:00:00+14:00"])
def test_an_end_that_is_no_time_is_refused(case: Case, given: str) -> None:
    with pytest.raises(InputError, match="--data-through"):
        case.given(leads=LEADS, stage_changes=CHANGES).imported(data_through=given, time_zone="Asia/Tokyo")


def test_rows_after_the_end_are_as_if_not_there(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES).imported(data_through="2026-01-11T00:00:00Z")
    assert run(case.history(), "funnel/stages").rows()[0][1:4] == (2, 0, 0)


def test_leads_created_after_the_end_are_as_if_not_there(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES).imported(data_through="2026-01-01T12:00:00Z")
    assert case.rows("select lead_id from leads") == [("L1",)]


def test_without_events_the_extract_ends_with_the_last_lead_and_says_so(case: Case) -> None:
    outcome = case.given(leads=LEADS).imported()
    assert outcome.data_through == datetime(2026, 1, 3)
    assert "taken to end with the last lead" in outcome.warnings[0]


# organisation


def test_the_most_frequent_currency_is_the_reporting_one(case: Case) -> None:
    outcome = case.given(
        leads=LEADS,
        deals="deal_id,lead_id,amount,currency\nD1,L1,5,EUR\nD2,L1,6,USD\nD3,L1,7,",
        spend="date,source,amount,currency\n2026-01,web,100,EUR",
    ).imported()
    assert outcome.currency == "EUR"
    assert reasons(outcome) == [("deals.csv", 3, "currency", "the amount is in USD, the reporting currency is EUR")]


def test_the_reporting_currency_may_be_given(case: Case) -> None:
    outcome = case.given(leads=LEADS, deals="deal_id,lead_id,amount,currency\nD1,L1,5,EUR\nD2,L1,6,EUR\nD3,L1,7,USD").imported(currency="USD")
    assert (outcome.currency, counts(outcome, "deals")) == ("USD", (3, 1, 2))


def test_weeks_are_those_of_the_organisation(case: Case) -> None:
    changes = "lead_id,stage,occurred_at\nL1,mql,2026-01-11T22:30:00Z"  # a Sunday in UTC, a Monday in Berlin from 23:00
    case.given(leads=LEADS, stage_changes=changes).imported(time_zone="Asia/Tokyo")
    assert run(case.history(), "funnel/cohorts").rows()[0][0] == date(2026, 1, 12)


@pytest.mark.parametrize("zone", ["Mars/Phobos", "../../etc/passwd", "Europe", "GMT+99", "europe/berlin\n"])
def test_an_unknown_time_zone_is_refused(case: Case, zone: str) -> None:
    with pytest.raises(InputError, match="IANA"):
        case.given(leads=LEADS, stage_changes=CHANGES).imported(time_zone=zone)


# the folder


def test_files_of_other_names_are_left_aside_and_said(case: Case) -> None:
    outcome = case.given(leads=LEADS, stage_changes=CHANGES, notes="a,b\n1,2").given_bytes("TOUCHES.CSV", b"x\n").imported()
    assert outcome.warnings[:2] == [
        "TOUCHES.CSV is named after no table of the history and was left aside",
        "notes.csv is named after no table of the history and was left aside",
    ]


def test_a_folder_called_like_a_table_is_left_aside(case: Case) -> None:
    (case.folder / "in" / "touches.csv").mkdir(parents=True)
    assert "touches.csv" in case.given(leads=LEADS, stage_changes=CHANGES).imported().warnings[0]


def test_the_mark_of_a_sample_travels(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES).given_bytes("SAMPLE.txt", b"").imported()
    assert case.history().about.is_sample


def test_instants_are_stored_to_the_microsecond_in_utc(case: Case) -> None:
    case.given(leads="lead_id,created_at\nL1,2026-06-01T12:00:00.000001+05:45").imported()
    assert case.rows("select created_at from leads") == [(datetime(2026, 6, 1, 6, 15, 0, 1),)]
    assert datetime(2026, 6, 1, 6, 15, tzinfo=UTC).utcoffset() == timedelta(0)


def test_columns_that_a_file_of_touches_does_not_have_take_their_defaults(case: Case) -> None:
    case.given(leads=LEADS, stage_changes=CHANGES, touches="lead_id,channel,occurred_at\nL1,call,2026-01-11T00:00:00Z").imported()
    assert case.rows("select direction::varchar, is_automated from touches") == [("outbound", False)]


def test_the_quick_and_the_careful_way_of_reading_events_give_the_same_history(tmp_path: Path) -> None:
    """A column kept beside the event takes the careful way; without it the file takes the quick one."""
    sample = Path(__file__).parent.parent / "sample_data" / "history"
    answers = []
    for way in ("quick", "careful"):
        folder = tmp_path / way
        folder.mkdir()
        for path in sample.glob("*.csv"):
            lines = path.read_text(encoding="utf-8").splitlines()[: 6001 if path.stem != "activities" else 20001]
            beside = way == "careful" and path.stem in ("touches", "activities", "stage_changes", "assignments")
            text = "\n".join([f"{lines[0]},beside", *(f"{line},x" for line in lines[1:])] if beside else lines) + "\n"
            (folder / path.name).write_text(text, encoding="utf-8")
        build_file(folder, tmp_path / f"{way}.duckdb", data_through="2026-11-14")
        opened = History(tmp_path / f"{way}.duckdb")
        tables = ["stage_changes", "touches", "activities", "assignments"]
        rows = [
            opened.query(f"select * exclude (extra) from history.canonical.{name} order by row_no").cast({pl.Categorical: pl.String}).rows()
            for name in tables
        ]
        answers.append([*rows, opened.query("from episodes order by episode_no").rows(), opened.query("from ledger order by all").rows()])
        opened.close()
    assert answers[0] == answers[1]
