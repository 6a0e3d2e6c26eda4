"""Parquet files as they come: names, types and sizes are judged by what the file says of itself, before any cell is read."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plumbline.errors import InputError
from plumbline.importing.csv_file import CsvFile
from plumbline.importing.parquet_file import read_parquet
from plumbline.importing.preview import look_here
from tests.importing_support import build_file, write_table


def _read(place: Path, columns: dict[str, object] | pa.Table) -> tuple[CsvFile, list[tuple]]:
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    pq.write_table(table, place / "leads.parquet")
    con = duckdb.connect()
    try:
        con.execute("set TimeZone = 'UTC'")
        file = read_parquet(con, place / "leads.parquet", place, "raw")
        return file, con.execute("select * from raw order by rowid").fetchall()
    finally:
        con.close()


def _named(names: list[str]) -> pa.Table:
    return pa.Table.from_arrays([pa.array(["a"]) for _ in names], names=names)


@pytest.mark.parametrize(
    ("names", "refusal"),
    [
        (["lead_id", "x", "x"], "two columns are called 'x'"),
        (["lead_id", "created_at", ""], "column 3 has no name"),
        (["lead_id", " lead_id"], "two columns are called 'lead_id'"),
        (["lead_id", "\u200b"], "column 2 has no name"),
    ],
)
def test_names_are_those_of_the_file_and_not_the_readers(tmp_path: Path, names: list[str], refusal: str) -> None:
    with pytest.raises(InputError, match=refusal):
        _read(tmp_path, _named(names))
    with pytest.raises(InputError, match=refusal):
        look_here(tmp_path / "leads.parquet", tmp_path)


def test_names_that_differ_in_case_are_two(tmp_path: Path) -> None:
    assert _read(tmp_path, _named(["x", "X", "x_1", "C2"]))[0].header == ("x", "X", "x_1", "C2")


def test_a_nul_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        _read(tmp_path, {"lead_id": ["L1", "L2", "L\0003"], "source": ["web", "web", "web"]})
    assert (refused.value.what, refused.value.where) == ("holds a NUL byte", "leads.parquet, row 3, column lead_id")


@pytest.mark.parametrize("levels", [5, 30, 200])
def test_columns_nested_too_deeply_are_left_out_before_they_are_read(tmp_path: Path, levels: int) -> None:
    """Turning a list into text takes twice as long for each level: 30 levels took five minutes."""
    deep = pa.array(["x"])
    for _ in range(levels):
        deep = pa.ListArray.from_arrays([0, 1], deep)
    begun = time.process_time()
    file, rows = _read(tmp_path, {"lead_id": ["L1"], "deep": deep, "source": ["web"]})
    assert time.process_time() - begun < 3
    assert (file.header, rows) == (("lead_id", "source"), [("L1", "web")])
    assert file.notes == ("leads.parquet: columns nested more than 4 levels deep were left out: deep",)
    assert look_here(tmp_path / "leads.parquet", tmp_path).header == ("lead_id", "source")


def test_lists_and_structures_of_a_few_levels_are_their_text(tmp_path: Path) -> None:
    _, rows = _read(tmp_path, {"tags": [[["a"], ["b", "c"]]], "place": [{"city": {"name": "Bonn"}}]})
    assert rows == [("[[a], [b, c]]", "{'city': {'name': Bonn}}")]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York"])
def test_times_of_every_unit_and_zone_are_read(tmp_path: Path, unit: str, zone: str | None) -> None:
    moments = [datetime(2026, 1, 1, 12), datetime(2026, 7, 2, 12, 30), None]
    aware = moments if zone is None else [moment and moment.replace(tzinfo=UTC) for moment in moments]
    (tmp_path / "in").mkdir()
    pq.write_table(
        pa.table({"lead_id": ["L1", "L2", "L3"], "created_at": pa.array(aware, pa.timestamp(unit, zone))}), tmp_path / "in" / "leads.parquet"
    )
    outcome = build_file(tmp_path / "in", tmp_path / "h.duckdb", data_through="2026-12-31")
    assert [(r["line"], r["reason"]) for r in outcome.rejects] == [(3, "created_at is empty")]
    con = duckdb.connect(str(tmp_path / "h.duckdb"), read_only=True)
    assert [at for (at,) in con.execute("select created_at from canonical.leads order by lead_id").fetchall()] == moments[:2]
    con.close()


def test_nanoseconds_are_cut_off_as_in_a_text(tmp_path: Path) -> None:
    for zone in (None, "UTC"):
        _, rows = _read(tmp_path, {"at": pa.array([1767225600123456999], pa.timestamp("ns", zone))})
        assert rows[0][0].replace(tzinfo=None) == datetime(2026, 1, 1, 0, 0, 0, 123456)


def test_every_other_type_is_its_text(tmp_path: Path) -> None:
    columns = {
        "clock": pa.array([34_200_000_000], pa.time64("us")),
        "money": pa.array([b"12.50"]).cast(pa.string()).cast(pa.decimal128(10, 2)),
        "bytes": pa.array([b"abc"]),
        "kind": pa.array(["web"]).dictionary_encode(),
        "many": pa.array([2**63], pa.uint64()),
        "half": pa.array([1.5], pa.float16()),
        "nothing": pa.nulls(1),
    }
    _, rows = _read(tmp_path, columns)
    assert [None if cell is None else str(cell) for cell in rows[0]] == ["09:30:00", "12.50", "abc", "web", "9223372036854775808", "1.5", None]


def test_an_infinite_amount_is_rejected_and_one_that_is_none_is_missing(tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", "lead_id,created_at\nL1,2026-01-01")
    deals = {"deal_id": ["D1", "D2", "D3"], "lead_id": ["L1"] * 3, "amount": [float("inf"), float("nan"), 10.0]}
    pl.DataFrame(deals).write_parquet(tmp_path / "in" / "deals.parquet")
    outcome = build_file(tmp_path / "in", tmp_path / "h.duckdb", data_through="2026-12-31")
    assert [(r["line"], r["reason"]) for r in outcome.rejects] == [(1, "inf is no number")]


def test_what_a_small_file_stands_for_has_a_bound(tmp_path: Path) -> None:
    """50 KB that are 18 GB of text, and 200 KB that are 480 MB of numbers."""
    rows = 20_000
    long = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 900_000]))
    begun = time.process_time()
    with pytest.raises(InputError, match=r"stands for more than 17,1\d\d MB"):
        _read(tmp_path, {"lead_id": [f"L{row}" for row in range(rows)], "remark": long})
    many = pa.array([7] * 10_000_000, pa.int8())
    with pytest.raises(InputError, match="stands for more than 457 MB"):
        _read(tmp_path, {f"c{number}": many for number in range(6)})
    assert os.path.getsize(tmp_path / "leads.parquet") < 500_000
    assert time.process_time() - begun < 20
    with pytest.raises(InputError, match="row 2, column remark: holds a cell of more than 1,000,000 bytes"):
        _read(tmp_path, {"lead_id": ["L1", "L2"], "remark": ["x", "x" * 1_000_001]})


def test_very_many_columns_are_refused_before_they_are_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has 5,001 columns; at most 5,000 are read"):
        _read(tmp_path, _named([f"c{number}" for number in range(5001)]))
