"""Times by a mapping: one instant whatever the notation, patterns that say a whole day, and reasons that are true."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.history.connection import History
from plumbline.importing.job import Job, Outcome, run_job
from plumbline.importing.run import Options, make_plan
from plumbline.instants import is_date_only
from plumbline.patterns import Pattern
from tests.importing_support import NOW


def _imported(place: Path, rows: list[str], head: str, at: str = "at") -> Outcome:
    """Leads named A, B, ... of one column of times."""
    lines = [f"{chr(65 + number)};{row}" for number, row in enumerate(rows)]
    (place / "rows.csv").write_text("\n".join(["id;at", *lines]) + "\n", encoding="utf-8")
    entry = f'  - file: rows.csv\n    delimiter: ";"\n    tables:\n      leads: {{lead_id: id, created_at: {at}}}\n'
    (place / "map.yaml").write_text(f"{head}\nfiles:\n{entry}", encoding="utf-8")
    plan = make_plan("csv", [place], Options(mapping=place / "map.yaml", data_through="2027-01-01"))
    shutil.rmtree(place / "workspace", ignore_errors=True)
    (place / "workspace").mkdir()
    (place / "h.duckdb").unlink(missing_ok=True)
    return run_job(Job(plan, place / "workspace", place / "h.duckdb", "test", NOW, threads=1))


def _instants(place: Path) -> list[tuple[str, datetime]]:
    opened = History(place / "h.duckdb")
    rows = opened.query("select lead_id, created_at from history.canonical.leads order by lead_id").rows()
    opened.close()
    return rows


def test_an_hour_that_comes_twice_is_the_first_in_every_notation(tmp_path: Path) -> None:
    notations = ["2026-11-01 01:30:00", "20261101T013000", "2026-W44-7T01:30", "2026-11-01T01:30:00.000", " 2026-11-01 01:30"]
    outcome = _imported(tmp_path, notations, "time_zone: America/New_York")
    assert {moment for _, moment in _instants(tmp_path)} == {datetime(2026, 11, 1, 5, 30)}
    assert "local times of an hour that comes twice (clocks go back), read as the first: leads.created_at 5" in outcome.warnings


def test_an_hour_that_never_came_is_the_instant_after_the_gap(tmp_path: Path) -> None:
    outcome = _imported(tmp_path, ["2026-03-08 02:30", "20260308T0230", "2026-03-08 03:30"], "time_zone: America/New_York")
    assert {moment for _, moment in _instants(tmp_path)} == {datetime(2026, 3, 8, 7, 30)}
    assert [text.rsplit(" ", 2)[1:] for text in outcome.warnings if "never came" in text] == [["leads.created_at", "2"]]


def test_an_offset_in_the_text_says_the_instant_under_any_declared_zone(tmp_path: Path) -> None:
    rows = ["05/01/2026 10:00 -0500", "05/01/2026 10:00 +0000", "05/01/2026 10:00 +05:30", "05/01/2026 10:00 Z", "05/01/2026 10:00 +05"]
    _imported(tmp_path, rows, 'time_zone: America/New_York\ndate_format: "%d/%m/%Y %H:%M %z"')
    assert [moment.hour + moment.minute / 60 for _, moment in _instants(tmp_path)] == [15, 10, 4.5, 10, 5]
    outcome = _imported(tmp_path, ["05/01/2026 10:00 UTC", "05/01/2026 10:00 CST"], 'time_zone: Asia/Tokyo\ndate_format: "%d/%m/%Y %H:%M %Z"')
    assert _instants(tmp_path) == [("A", datetime(2026, 1, 5, 10))]
    assert [r["reason"] for r in outcome.rejects] == ["05/01/2026 10:00 CST is not of the form %d/%m/%Y %H:%M %Z"]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("%d/%m", "has no year"),
        ("%H:%M", "has no year"),
        ("%m/%Y", "has no day"),
        ("%d/%Y", "has no month"),
        ("%d/%m/%Y %I:%M", "has %I without %p"),
        ("%d/%m/%Y %H:%M %p", "has %p, which goes with %I"),
        ("%d/%m/%Y :%M", "no hour"),
        ("%d/%d/%m/%Y", "says the same twice"),
        ("%d/%m/%Y %Q", "is no pattern of a date"),
        ("d/m/Y", "is no pattern of a date"),
    ],
)
def test_a_pattern_that_says_no_whole_time_is_refused_with_the_mapping(tmp_path: Path, pattern: str, why: str) -> None:
    with pytest.raises(InputError) as refused:
        _imported(tmp_path, ["01/02"], f'time_zone: UTC\ndate_format: "{pattern}"')
    assert why in refused.value.what
    assert "map.yaml" in refused.value.where


def test_iso_8601_is_read_where_it_stands_beside_a_date_format(tmp_path: Path) -> None:
    cell = '{column: at, date_format: "%d.%m.%Y %H:%M"}'
    rows = ["2026-06-01T09:00:00+05:00", "14.06.2026 09:20", "2026-06-02 09:00", "31.02.2026 10:00", "soon"]
    outcome = _imported(tmp_path, rows, "time_zone: Asia/Yekaterinburg", cell)
    assert _instants(tmp_path) == [("A", datetime(2026, 6, 1, 4)), ("B", datetime(2026, 6, 14, 4, 20)), ("C", datetime(2026, 6, 2, 4))]
    assert [r["reason"] for r in outcome.rejects] == [
        "31.02.2026 10:00 is of the form %d.%m.%Y %H:%M, but no day or time of day that exists",
        "soon is not of the form %d.%m.%Y %H:%M",
    ]


def test_a_pattern_that_reads_the_year_first_and_then_the_day_leaves_no_room_for_iso_8601(tmp_path: Path) -> None:
    outcome = _imported(tmp_path, ["2026-05-01", "2026-01-25"], 'time_zone: UTC\ndate_format: "%Y-%d-%m"')
    assert _instants(tmp_path) == [("A", datetime(2026, 1, 5))]
    assert [r["line"] for r in outcome.rejects] == [3]


def test_a_date_format_may_be_a_list_and_what_two_of_them_read_otherwise_is_rejected(tmp_path: Path) -> None:
    outcome = _imported(tmp_path, ["13/02/2026", "02/14/2026", "03/04/2026", "05/05/2026"], 'time_zone: UTC\ndate_format: ["%d/%m/%Y", "%m/%d/%Y"]')
    assert _instants(tmp_path) == [("A", datetime(2026, 2, 13)), ("B", datetime(2026, 2, 14)), ("D", datetime(2026, 5, 5))]
    assert [r["reason"] for r in outcome.rejects] == ["03/04/2026 is of several forms that say different times (%d/%m/%Y or %m/%d/%Y)"]


def test_a_refusal_says_how_many_of_the_values_it_is_about(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        _imported(tmp_path, ["2026-06-01T09:00:00+05:00"] * 11 + ["14.06.2026 09:20"], "time_zone: UTC")
    assert "1 of the 12 values" in refused.value.what
    assert "ISO 8601 is read beside a date_format" in refused.value.what


def test_far_down_a_file_a_local_time_of_no_zone_is_a_reject_and_no_guess(tmp_path: Path) -> None:
    lines = ["id;at"] + [f"L{number};2026-01-01T10:00:00Z" for number in range(2100)] + ["X;2026-01-01 10:00"]
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(
        'files:\n  - {file: rows.csv, delimiter: ";", tables: {leads: {lead_id: id, created_at: at}}}\n', encoding="utf-8"
    )
    (tmp_path / "workspace").mkdir()
    plan = make_plan("csv", [tmp_path], Options(mapping=tmp_path / "map.yaml", data_through="2027-01-01"))
    outcome = run_job(Job(plan, tmp_path / "workspace", None, "test", NOW, threads=1))
    assert [(r["line"], r["reason"]) for r in outcome.rejects] == [(2102, "2026-01-01 10:00 says no time zone")]


def test_a_day_is_of_the_organisation_also_where_a_mapping_declares_another_zone(tmp_path: Path) -> None:
    head = 'time_zone: UTC\norganisation: {time_zone: America/Bogota}\ndate_format: ["%d/%m/%Y", "%d/%m/%Y %H:%M"]'
    _imported(tmp_path, ["02/03/2026", "2026-03-02", "02/03/2026 15:00"], head)
    assert [moment for _, moment in _instants(tmp_path)] == [datetime(2026, 3, 2, 5), datetime(2026, 3, 2, 5), datetime(2026, 3, 2, 15)]


@pytest.mark.parametrize("text", ["2026-03-02", "20260302", "2026-W10-1", " 2026-03-02 "])
def test_a_date_without_a_time_is_no_midnight(text: str) -> None:
    assert is_date_only(text)
    assert not is_date_only(f"{text.strip()}T00:00")
    assert is_date_only("02/03/2026", (Pattern("%d/%m/%Y"),))
    assert not is_date_only("02/03/2026 00:00", (Pattern("%d/%m/%Y %H:%M"),))
