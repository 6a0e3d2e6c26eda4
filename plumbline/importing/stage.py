"""Reads every file of a plan into typed tables (typed_leads, typed_touches, ...), keeping the account of each record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from plumbline.errors import InputError
from plumbline.history.coding import fixed_enum
from plumbline.history.schema import TABLES, Column, Table, day_column
from plumbline.importing import quick, unmatched
from plumbline.importing.amount_columns import with_decimals
from plumbline.importing.columns import with_columns
from plumbline.importing.convert import Problem, convert
from plumbline.importing.csv_file import CsvFile, lines_of_kept, open_csv, read_records
from plumbline.importing.feed import ROW_ID, Cell, Feed, Plan, Source, is_parquet
from plumbline.importing.ledger import Ledger, LeftOut, shown_names
from plumbline.importing.parquet_file import read_parquet
from plumbline.importing.spellings import attribute_forms
from plumbline.importing.values import TOO_LARGE
from plumbline.text import clean, common_form

Progress = Callable[[str, float], None]
_ROW_DIGITS = 7
_TYPES = {
    "text": "varchar",
    "id": "varchar",
    "time": "timestamp",
    "date": "varchar",
    "number": "double",
    "flag": "boolean",
    "clock": "varchar",
    "day": "varchar",
}


def _with_defaults(feed: Feed) -> Feed:
    """A column that the file does not have, and that has a default, is read as that default in every row."""
    absent = {c.name: Cell(constant=str(c.default).lower()) for c in TABLES[feed.table].columns if c.default is not None and c.name not in feed.cells}
    return replace(feed, cells={**feed.cells, **absent}) if absent else feed


def column_name(column: Column, table: Table) -> str:
    """The typed column of a canonical column: ids of leads become numbers."""
    return column.name.replace("_id", "_no") if column.name in ("lead_id", "into_lead_id") and table.name != "leads" else column.name


def typed_columns(table: Table) -> dict[str, str]:
    """Name and DuckDB type of each column of typed_<table>, without attributes. `is_day`: its time is a day without a time of day."""
    columns = {column_name(column, table): _type(column, table) for column in table.columns}
    if day_column(table):
        columns["is_day"] = "boolean"
    return columns if table.name == "leads" else {**columns, "extra": "varchar"}


def _type(column: Column, table: Table) -> str:
    if column_name(column, table) != column.name:
        return "integer"
    return fixed_enum(column.allowed) if column.allowed else _TYPES[column.kind]


def create_typed_tables(con: duckdb.DuckDBPyConnection) -> None:
    for table in TABLES.values():
        _create_typed(con, table)
    con.execute("create table lead_ids (lead_no integer, lead_id varchar, is_orphan boolean)")
    con.execute("create table lead_aliases (raw varchar, lead_no integer)")


def _create_typed(con: duckdb.DuckDBPyConnection, table: Table, attributes: Iterable[str] = ()) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in [*typed_columns(table).items(), *((name, "varchar") for name in attributes)])
    con.execute(f"create table typed_{table.name} (file_no integer, feed_no integer, record bigint, {columns})")


class Stage:
    """One import's files on their way into typed tables."""

    def __init__(self, con: duckdb.DuckDBPyConnection, plan: Plan, workspace: Path, progress: Progress) -> None:
        self.con, self.plan, self.workspace, self.progress = con, plan, workspace, progress
        self.day_zone = "UTC"  # of dates without a time of day
        self.ledger = Ledger(con)
        self.shown = shown_names(source.path for source in plan.sources)
        self.attributes: dict[str, str] = {}  # attribute of a lead -> its column in typed_leads
        self.files: list[tuple[str, str, int]] = []  # name, path, records seen
        self.feed_sources: list[tuple[int, str]] = []  # by feed_no - 1: file_no, table
        self.feed_zones: list[str] = []  # by feed_no - 1: the zone of its times without an offset
        self.notes: list[str] = []  # what is to be said of files and of the mapping
        self.doubtful: Counter[tuple[str, str, int]] = Counter()  # times of an hour that comes twice, or never: by table, column, which
        self.repeating: dict[str, list[int]] = {}  # table -> numbers of the feeds of which a record stands for several rows
        self.first_file = 1  # file 0: what earlier imports brought
        self.first_row = 0
        self._open: dict[int, list] = {}
        self._views: dict[str, str] = {}  # typed tables that are views of a file read the quick way -> the table below

    def run(self) -> None:
        """Leads first, so that every other table can be told whose it is; then the rest."""
        total = sum(source.path.stat().st_size for source in self.plan.sources) or 1
        done = 0.0
        for leads_first in (True, False):
            for index, source in enumerate(self.plan.sources):
                share = source.path.stat().st_size / total
                feeds = [feed for feed in self._feeds(index, source) if (feed.table == "leads") == leads_first]
                if not feeds:
                    continue
                self.progress(f"reading {source.path.name}", done)
                self._feed(index, source, feeds)
                done = min(0.99, done + share)
            if leads_first:
                self._number_leads()

    def _feeds(self, index: int, source: Source) -> list[Feed]:
        if source.feeds:
            return [self._in_day_zone(_with_defaults(feed)) for feed in source.feeds]
        header = self._opened(index, source)[1]
        table = TABLES[source.table]
        for name in table.required:
            if name not in header:
                near = next((cell for cell in header if cell.lower().replace(" ", "_") == name), "")
                hint = f"rename its column {near!r}" if near else f"add it to the header, which has {', '.join(list(header)[:12])}"
                raise InputError(f"the required column {name!r} is missing", source.path.name, hint)
        return [self._in_day_zone(_with_defaults(Feed(source.table, {name: Cell(name) for name in header})))]

    def _in_day_zone(self, feed: Feed) -> Feed:
        columns = {column.name for column in TABLES[feed.table].columns if column.kind == "time"}
        return replace(feed, cells={name: replace(cell, day_zone=self.day_zone) if name in columns else cell for name, cell in feed.cells.items()})

    def _opened(self, index: int, source: Source):
        """[raw table or none yet, header, file] of a source, looked at once."""
        if index not in self._open:
            if source.is_parquet:
                raw = f"raw_{index}"
                file = read_parquet(self.con, source.path, self.workspace, raw)
                self._open[index] = [raw, {name: f"c{number}" for number, name in enumerate(file.header)}, file]
            else:
                file = open_csv(source.path, self.workspace, source.encoding or "", source.delimiter)
                self._open[index] = ["", {name: f"c{number}" for number, name in enumerate(file.header)}, file]
            self.notes.extend(file.notes)
        return self._open[index]

    def opened(self, index: int, source: Source) -> CsvFile:
        """A file that has passed the first look."""
        return self._opened(index, source)[2]

    def _feed(self, index: int, source: Source, feeds: list[Feed]) -> None:
        opened = self._opened(index, source)
        _, header, file = opened
        feeds = [with_columns(feed, file.header, source.path.name) for feed in feeds]
        self._account(index, source, file)
        if not source.is_parquet and len(self._feeds(index, source)) == 1 and quick.is_simple(feeds[0]) and self._load(index, header, feeds[0], file):
            return
        if not opened[0]:
            opened[0] = f"raw_{index}"
            read_records(self.con, file, opened[0])
        raw = opened[0]
        if ROW_ID not in header and any(cell.column == ROW_ID for feed in self._feeds(index, source) for cell in feed.cells.values()):
            header[ROW_ID] = f"c{len(header)}"
            self._add_row_ids(raw, header[ROW_ID], file)
        types = dict(self.con.execute("select column_name, data_type from duckdb_columns() where table_name = $raw", {"raw": raw}).fetchall())
        for feed in feeds:
            feed = with_decimals(self.con, raw, header, types, feed, self.shown[source.path], self.plan.mapping)
            self._convert(raw, header, types, feed, index, file)
        remaining = [feed for feed in self._feeds(index, source) if feed.table != "leads"]
        if feeds[0].table != "leads" or not remaining:
            self.con.execute(f"drop table {raw}")

    def _account(self, index: int, source: Source, file: CsvFile) -> None:
        """Puts the records that the file itself spoils into the account, once."""
        if any(number == index + self.first_file for number, *_ in self.files):
            return
        self.files.append((index + self.first_file, source.path.name, file.seen))
        for table in dict.fromkeys(feed.table for feed in self._feeds(index, source)):
            self.ledger.seen[table] += len(file.refused)
            for line, reason in file.refused:
                self.ledger.reject(table, self.shown[source.path], line, "", reason)

    def _load(self, index: int, header: dict[str, str], feed: Feed, file: CsvFile) -> bool:
        """Tries the quick way. False: nothing has happened but that ids of unknown leads may have got numbers."""
        table, file_no, feed_no = TABLES[feed.table], index + self.first_file, len(self.feed_sources) + 1
        if not (loaded := quick.load(self.con, file, header, feed, file_no, feed_no, self.doubtful)):
            return False
        view, columns = loaded
        self._number_feed(file_no, feed)
        self.ledger.seen[feed.table] += file.kept
        if feed.table in self._views or self.con.execute(f"select 1 from typed_{feed.table} limit 1").fetchall():
            self.as_table(feed.table)
            self.con.execute(f"insert into typed_{feed.table} by name {view}")
            self.con.execute(f"drop table loaded_{feed_no}")
        else:
            absent = ", ".join(f"null::{kind} as {name}" for name, kind in typed_columns(table).items() if name not in columns)
            self.con.execute(f"drop table typed_{feed.table}")
            self.con.execute(f"create view typed_{feed.table} as select *, {absent} from ({view})")
            self._views[feed.table] = f"loaded_{feed_no}"
        return True

    def _number_feed(self, file_no: int, feed: Feed) -> int:
        self.feed_sources.append((file_no, feed.table))
        cell = feed.cells.get(day_column(TABLES[feed.table]))
        self.feed_zones.append((cell.zone if cell else "") or "UTC")
        return len(self.feed_sources)

    def as_table(self, name: str) -> None:
        """Makes a typed table that is a view of a file into one that can be changed."""
        if name not in self._views:
            return
        self.con.execute(f"alter view typed_{name} rename to seen_{name}")
        _create_typed(self.con, TABLES[name])
        self.con.execute(f"insert into typed_{name} by name from seen_{name}")
        self.con.execute(f"drop view seen_{name}")
        self.con.execute(f"drop table {self._views.pop(name)}")

    def drop(self, name: str) -> None:
        """Frees what a typed table takes."""
        self.con.execute(f"drop {'view' if name in self._views else 'table'} typed_{name}")
        if name in self._views:
            self.con.execute(f"drop table {self._views.pop(name)}")

    def _convert(self, raw: str, header: dict[str, str], types: dict[str, str], feed: Feed, index: int, file: CsvFile) -> None:
        if feed.table == "leads":
            feed = replace(feed, cells=self._by_attribute(feed.cells))
        self.as_table(feed.table)
        feed_no = self._number_feed(index + self.first_file, feed)
        seen, problems = convert(self.con, raw, header, types, feed, index + self.first_file, feed_no, self.attributes, self.doubtful)
        self.ledger.seen[feed.table] += seen
        self._compare(raw, header, feed, self.shown[file.path])
        if feed.repeat is not None:
            self.repeating.setdefault(feed.table, []).append(feed_no)
        self._reject(feed.table, file, problems)

    def _compare(self, raw: str, header: dict[str, str], feed: Feed, shown: str) -> None:
        """Writes down what `when` left out, and which of the mapping's texts no row has."""
        rows, of = unmatched.left_out(self.con, raw, header, feed)
        if rows:
            self.ledger.left_out.append(LeftOut(shown, feed.entry, rows, of))
        self.notes += [f"{shown}, {line}" for line in unmatched.lines(self.con, raw, header, feed)]

    def _reject(self, table: str, file: CsvFile, problems: list[Problem], kind: str = "unreadable") -> None:
        if not problems:
            return
        problems = sorted(problems, key=lambda problem: problem.record)
        lines = self._lines(file, np.array([problem.record for problem in problems], np.int64))
        for problem, line in zip(problems, lines, strict=True):
            of = "size" if problem.reason.endswith(TOO_LARGE) else kind
            self.ledger.reject(table, self.shown[file.path], line, problem.column, problem.reason, of)

    def _lines(self, file: CsvFile, records: np.ndarray) -> np.ndarray:
        """What the account calls each record (ascending, from 0, of those kept): its line, in a Parquet file its row."""
        return records + 1 if is_parquet(file.path) else lines_of_kept(file, records)

    def _add_row_ids(self, raw: str, column: str, file: CsvFile) -> None:
        """Gives `raw` a column of ids of its records: the file's name and the line, by which they stay the same whatever else is refused."""
        count = self.con.execute(f"select count(*) from {raw}").fetchall()[0][0]
        lines = self._lines(file, np.arange(count, dtype=np.int64))
        ids = pl.Series(lines).cast(pl.String).str.zfill(_ROW_DIGITS)
        self.con.register("row_ids", pl.DataFrame({column: f"{clean(file.path.stem) or 'row'}-" + ids}))
        self.con.execute(f"create table with_ids as select * from {raw} positional join row_ids")
        self.con.unregister("row_ids")
        self.con.execute(f"drop table {raw}")
        self.con.execute(f"alter table with_ids rename to {raw}")

    def _by_attribute(self, cells: dict[str, Cell]) -> dict[str, Cell]:
        """Cells of leads under the names of their attributes, of which each has a column from now on."""
        found: dict[str, Cell] = {}
        own = {column.name for column in TABLES["leads"].columns}
        forms = attribute_forms() | {common_form(one): one for one in reversed(self.attributes) if one not in own}
        for name, cell in cells.items():
            called = name if name in own else forms.get(common_form(name), name)
            if called in found or (called != name and called in cells):  # the file has both spellings
                called = name
            found[called] = cell
            if called not in own:
                forms.setdefault(common_form(called), called)
        self.add_attributes([name for name in found if name not in own])
        return found

    def add_attributes(self, names: list[str]) -> None:
        """Makes columns of typed_leads for attributes that are new: all at once where there are no leads yet, for one by one thousands take long."""
        new = [name for name in names if name not in self.attributes]
        if new and "leads" not in self._views and not self.con.execute("select 1 from typed_leads limit 1").fetchall():
            self.attributes |= {name: f"a{len(self.attributes) + number}" for number, name in enumerate(new)}
            self.con.execute("drop table typed_leads")
            _create_typed(self.con, TABLES["leads"], self.attributes.values())
        for name in new:
            self.add_attribute(name)

    def add_attribute(self, name: str) -> str:
        """The column of typed_leads that holds the attribute `name`, made when it is new."""
        if name not in self.attributes:
            self.attributes[name] = f"a{len(self.attributes)}"
            self.con.execute(f"alter table typed_leads add column {self.attributes[name]} varchar")
        return self.attributes[name]

    def reject_rows(self, table: str, condition: str, column: str, reason: str, kind: str, values: dict | None = None) -> int:
        """Takes rows out of typed_<table> by a condition on it, and writes each into the ledger. Earlier imports' rows (feed 0) stay."""
        where = f"feed_no > 0 and ({condition})"
        rows = self.con.execute(  # a record that stands for several rows is one reject
            f"select distinct file_no, feed_no, record, {reason} from typed_{table} where {where} order by file_no, record, feed_no", values or {}
        ).fetchall()
        if rows:
            self.as_table(table)
            self.con.execute(f"delete from typed_{table} where {where}", values or {})
        by_file: dict[int, list[Problem]] = {}
        for file_no, _, record, text in rows:
            by_file.setdefault(file_no, []).append(Problem(record, column, text))
        for file_no, problems in by_file.items():
            self._reject(table, self._open[file_no - self.first_file][2], problems, kind)
        return len(rows)

    def _number_leads(self) -> None:
        """The first row of a lead_id counts; leads are numbered in the order of files and lines."""
        self.reject_repeats("leads", "lead_id")
        self.con.execute(
            "insert into lead_ids select (select coalesce(max(lead_no) + 1, 0) from lead_ids)"
            " + row_number() over (order by feed_no, record) - 1, lead_id, false"
            " from typed_leads anti join lead_ids using (lead_id)"
        )
        self.con.execute("update lead_ids set is_orphan = false where is_orphan and lead_id in (select lead_id from typed_leads)")
        self.con.execute("delete from lead_aliases")
        self.con.execute("insert into lead_aliases select lead_id, lead_no from lead_ids")
        quick.name_leads(self.con)

    def reject_repeats(self, table: str, key: str) -> None:
        """Rejects every row whose `key` an earlier row of the table has."""
        self.con.execute(
            f"create or replace temp table repeats as"
            f" with twice as (select {key} from typed_{table} where {key} is not null group by {key} having count(*) > 1),"
            f" numbered as (select feed_no, record, row_number() over (partition by {key} order by feed_no, record) as nth"
            f" from typed_{table} join twice using ({key}))"
            " select feed_no, record from numbered where nth > 1"
        )
        if not self.con.execute("select 1 from repeats limit 1").fetchall():
            return
        shown = f"(select lead_id from lead_ids where lead_ids.lead_no = typed_{table}.{key})" if key == "lead_no" else key
        self.reject_rows(
            table,
            "(feed_no, record) in (select (feed_no, record) from repeats)",
            key.replace("_no", "_id"),
            f"'duplicate: ' || left({shown}, 60) || ' stands in an earlier row'",
            "duplicate",
        )
