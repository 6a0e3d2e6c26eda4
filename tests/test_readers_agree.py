"""Every reader gives one and the same row: times as Python's datetime says, files alike through the quick and the careful reader."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import duckdb
import polars as pl
import pytest

from plumbline.errors import InputError
from plumbline.history.schema import TABLES
from plumbline.importing.csv_file import open_csv, read_records, rows_of
from plumbline.importing.feed import Cell, Feed, Plan, Source
from plumbline.importing.stage import Stage, create_typed_tables, typed_columns
from plumbline.importing.statement import Statement, add_functions, text_of
from plumbline.importing.time_cells import time_cell, usual_day, usual_instant
from plumbline.instants import Notation
from plumbline.patterns import Pattern
from tests.csv_texts import HEADER, touches
from tests.figures import measured
from tests.oracle.csv_records import account
from tests.time_texts import PATTERNS, ZONES, any_text, by_datetime


@pytest.mark.parametrize("cells", [10_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_a_time_means_what_datetime_says_in_every_reader(cells: int) -> None:
    """Whatever is taken is what datetime gives; the quick reader takes nothing that the definition reads otherwise."""
    counts: Counter[str] = Counter()
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    for seed in range(cells // 500):
        _agree(con, random.Random(seed), 500, counts)
    con.close()
    assert counts["accepted"] > cells // 3
    assert counts["quick"] > cells // 5
    assert counts["local"] > cells // 5
    assert counts["doubtful"] > cells // 200
    measured(
        f"cells of times through every reader: {cells}, accepted {counts['accepted']}, of them by the quick reader {counts['quick']},"
        f" of local time {counts['local']}, of hours that come twice or never {counts['doubtful']}; differences 0"
    )


def _agree(con: duckdb.DuckDBPyConnection, draw: random.Random, cells: int, counts: Counter[str]) -> None:
    zone, day_zone = draw.choice(ZONES), draw.choice(ZONES)
    patterns = tuple(draw.sample(PATTERNS, draw.choice((0, 0, 1, 1, 1, 2))))
    texts = [any_text(draw, patterns, zone) for _ in range(cells)]
    con.register("texts", pl.DataFrame({"c0": texts}))
    con.execute("create or replace table raw as select * from texts")
    con.unregister("texts")
    statement, cell, types = Statement({"at": "c0"}), Cell("at", date_formats=patterns, zone=zone, day_zone=day_zone), {"c0": "VARCHAR"}
    text = text_of(statement, cell, types)
    read = time_cell(con, "raw", statement, cell, text, types)
    quick, day = usual_instant(statement, cell, text), usual_day(statement, cell, text)
    rows = con.execute(
        f"select {read.instant}, {read.reason}, {read.doubt}, {read.is_day}, {quick}, {day} from raw {' '.join(statement.joins)} order by raw.rowid",
        statement.values,
    ).fetchall()
    notation = Notation(zone, day_zone, tuple(Pattern(pattern) for pattern in patterns))
    for written, (instant, reason, doubt, is_day, at_once, is_day_at_once) in zip(texts, rows, strict=True):
        said = notation.read(written)
        about = (written, zone, day_zone, patterns)
        assert (instant, reason or "") == (said.instant, said.reason), about
        if instant is None:
            assert at_once is None, about
            continue
        assert {instant} == by_datetime(written, zone, day_zone, patterns), about
        assert bool(is_day) == said.is_day, about
        assert doubt == (0 if said.is_day else 1 if said.is_twice else 2 if said.is_skipped else 0), about
        if at_once is not None:
            assert (at_once, bool(is_day_at_once)) == (said.instant, said.is_day), about
        counts["accepted"] += 1
        counts["quick"] += at_once is not None
        counts["local"] += not any(mark in written for mark in "Zz+") and zone != "UTC"
        counts["doubtful"] += doubt > 0


@pytest.mark.parametrize("files", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_file_gives_the_same_account_and_rows_through_both_readers(files: int, tmp_path: Path) -> None:
    """The quick and the careful reader, and the cells of both as the rules of CSV have them, letter by letter."""
    counts: Counter[str] = Counter()
    for first in range(0, files, 50):
        paths = _sound_files(range(first, first + 50), tmp_path / str(first), counts)
        quick, careful = (_staged(paths, tmp_path, is_quick) for is_quick in (True, False))
        for path in paths:
            assert quick[path.name] == careful[path.name], path.read_bytes()
            counts["kept"] += len(quick[path.name]["rows"])
            counts["left out"] += len(quick[path.name]["rejects"])
    assert counts["kept"] > files
    assert counts["left out"] > files // 2
    measured(
        f"files through the quick and the careful reader: {files}, {counts['kept']} rows kept, {counts['left out']} left out,"
        f" {counts['refused']} files refused for a quote that is never closed; differences 0"
    )


def _sound_files(seeds: range, place: Path, counts: Counter[str]) -> list[Path]:
    """Files whose cells are read as the rules of CSV say; those that the rules refuse are refused."""
    place.mkdir()
    found = []
    for seed in seeds:
        text = touches(random.Random(seed))
        path = place / f"file{seed}.csv"
        path.write_bytes(text.encode())
        if (expected := account(text)) is None:
            with pytest.raises(InputError, match="never closed"):
                open_csv(path, place)
            counts["refused"] += 1
            continue
        assert _records(path, place) == expected, text
        found.append(path)
    return found


def _staged(paths: list[Path], place: Path, is_quick: bool) -> dict[str, dict[str, object]]:
    """For each file of touches its typed rows and its account. A constant beside the columns makes it take the careful way."""
    leads = place / "leads.csv"
    leads.write_text("lead_id\nL1\nL2\nL3\n", encoding="utf-8")
    feed = Feed("leads", {"lead_id": Cell("lead_id"), "created_at": Cell(constant="2026-01-01")})
    sources = [Source(leads, (feed,)), *(Source(path, (_feed(path, place, is_quick),)) for path in paths)]
    con = duckdb.connect()
    try:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set threads = 1")
        add_functions(con)
        stage = Stage(con, Plan(sources), place, lambda step, share: None)
        stage.day_zone = "Asia/Kolkata"
        create_typed_tables(con)
        stage.run()
        names = ", ".join(name for name in typed_columns(TABLES["touches"]) if name not in ("lead_no", "extra"))
        rows = con.execute(f"select file_no, record, lead_id, {names} from typed_touches join lead_ids using (lead_no) order by all").fetchall()
        found: dict[str, dict[str, object]] = {path.name: {"rows": [], "rejects": [], "notes": []} for path in paths}
        for file_no, *row in rows:
            found[sources[file_no - 1].path.name]["rows"].append(row)
        for reject in stage.ledger.listed([source.path.name for source in sources], 1_000_000):
            found[reject["file"]]["rejects"].append((reject["line"], reject["column"], reject["reason"]))
        for path in paths:
            found[path.name]["rejects"].sort()
            found[path.name]["notes"] = [note for note in stage.notes if note.startswith((f"{path.name},", f"{path.name}:"))]
        return found
    finally:
        con.close()


def _feed(path: Path, place: Path, is_quick: bool) -> Feed:
    cells = {name: Cell(name) for name in open_csv(path, place).header if name in HEADER}
    return Feed("touches", cells if is_quick else {**cells, "beside": Cell(constant="x")})


def _records(path: Path, place: Path) -> tuple[list[list[str]], list[tuple[int, str]]]:
    """The cells of the records kept, by both ways of reading text, and those left out."""
    file = open_csv(path, place)
    con = duckdb.connect()
    try:
        read_records(con, file, "raw")
        rows = [["" if cell is None else cell for cell in row] for row in con.execute("select * from raw order by rowid").fetchall()]
    finally:
        con.close()
    assert rows == list(rows_of(file))
    return rows, list(file.refused)
