"""Opens one Parquet file for the importer. Its columns may have types; they mean the same as the text that a CSV would hold.

What a file says of itself (names, types, rows, sizes) is judged before any cell is read: a few kilobytes can stand for gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from plumbline.errors import InputError
from plumbline.importing.csv_file import MOST_COLUMNS, CsvFile, check_names, plain_path
from plumbline.importing.csv_scan import MOST_CELL
from plumbline.text import clean

READER = "read_parquet($path, hive_partitioning = false)"
MOST_LEVELS = 4  # of lists, structures and maps within each other; turning them into text takes twice as long for each level
_NESTED = 2 * MOST_LEVELS  # levels of a file's schema: a list is two of them
_BASE, _TIMES = 256 << 20, 200  # bytes that a file may stand for: so many, and so many times its own size
_CELL = 8  # bytes that any cell takes
_AT_ONCE = 1000  # rows
_AS_THEY_ARE = ("VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE")


@dataclass(frozen=True)
class ParquetColumn:
    """One column: its name as the file has it, the reader's own name for it, its type there, and the expression as which it is imported."""

    name: str
    own_name: str
    kind: str
    expression: str


@dataclass(frozen=True)
class ParquetFile:
    """What a file says of itself. `left_out`: names of columns that are nested too deeply."""

    path: Path
    columns: tuple[ParquetColumn, ...]
    rows: int
    left_out: tuple[str, ...]
    values: dict[str, object]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def notes(self) -> tuple[str, ...]:
        if not self.left_out:
            return ()
        names = ", ".join(name[:60] for name in self.left_out[:6])
        return (f"{self.path.name}: columns nested more than {MOST_LEVELS} levels deep were left out: {names}",)


def open_parquet(con: duckdb.DuckDBPyConnection, path: Path, workspace: Path) -> ParquetFile:
    """Judges a file by its schema and its sizes. Raises InputError."""
    values: dict[str, object] = {"path": str(plain_path(path, workspace))}
    try:
        schema = con.execute("select name, coalesce(num_children, 0) from parquet_schema($path)", values).fetchall()
        sizes = "select coalesce(sum(total_uncompressed_size), 0) from parquet_metadata($path)"
        size = con.execute(sizes, values).fetchall()[0][0]
        rows = con.execute("select num_rows from parquet_file_metadata($path)", values).fetchall()[0][0]
        names = _top_level(schema)
        if len(names) > MOST_COLUMNS:
            raise InputError(f"has {len(names):,} columns; at most {MOST_COLUMNS:,} are read", path.name, "leave out columns that you do not need")
        _check_budget(path, max(size, rows * len(names) * _CELL))
        described = con.execute(f"describe select * from {READER}", values).fetchall()
    except duckdb.Error as problem:
        raise _unreadable(path, problem) from None
    if len(described) != len(names):
        raise InputError("has columns that its schema does not name", path.name, "export it again")
    if any("\0" in name for name, _ in names):
        raise InputError("the name of a column holds a NUL byte", path.name, "export it again")
    header = tuple(clean(name) or "" for name, _ in names)
    check_names(header, path)
    columns, left_out = [], []
    for name, (_, depth), (own_name, kind, *_) in zip(header, names, described, strict=True):
        if depth > _NESTED:
            left_out.append(name)
        else:
            columns.append(ParquetColumn(name, own_name, kind, _imported(own_name, kind)))
    if not columns:
        raise InputError("has no column that can be read", path.name, "export it again")
    return ParquetFile(path, tuple(columns), rows, tuple(left_out), values)


def read_parquet(con: duckdb.DuckDBPyConnection, path: Path, workspace: Path, table: str) -> CsvFile:
    """Reads every row into `table` (columns c0..cn, rowid = order). Raises InputError."""
    file = open_parquet(con, path, workspace)
    _check_texts(con, file)
    cells = ", ".join(f"{column.expression} as c{number}" for number, column in enumerate(file.columns))
    try:
        con.execute(f"create or replace table {table} as select {cells} from {READER}", file.values)
    except duckdb.Error as problem:
        raise _unreadable(path, problem, _culprit(con, file)) from None
    rows = con.execute(f"select count(*) from {table}").fetchall()[0][0]
    return CsvFile(path, path, file.header, "", rows, rows, notes=file.notes)


def first_rows(
    con: duckdb.DuckDBPyConnection, file: ParquetFile, most: int, longest: int, names: set[str] | None = None
) -> tuple[list[ParquetColumn], Iterator[tuple[str | None, ...]]]:
    """Columns (all, or those of `names`), and their first rows as text cut at `longest` characters, before the connection does anything else.
    Raises InputError."""
    columns = [column for column in file.columns if names is None or column.name in names]
    if not columns:
        return [], iter(())
    cells = ", ".join(f"left(({column.expression})::varchar, {int(longest)}) as c{number}" for number, column in enumerate(columns))
    try:
        con.execute(f"select {cells} from {READER} limit {int(most)}", file.values)
        return columns, (row for rows in iter(lambda: con.fetchmany(_AT_ONCE), []) for row in rows)
    except duckdb.Error as problem:
        raise _unreadable(file.path, problem, _culprit(con, file)) from None


def _top_level(schema: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """(name, levels below) of each column, of a schema that lists every node before its children."""
    found: list[tuple[str, int]] = []
    waiting: list[int] = []  # children still to come, of each node on the way down
    for name, children in schema:
        while waiting and waiting[-1] == 0:
            waiting.pop()
        if waiting:
            waiting[-1] -= 1
            if len(waiting) == 1:
                found.append((name, 0))
            else:
                found[-1] = (found[-1][0], max(found[-1][1], len(waiting) - 1))
        waiting.append(children)
    return found


def _imported(own_name: str, kind: str) -> str:
    """A column as the importer takes it: texts, times in microseconds, numbers and flags; a number that is none is missing, all else is text."""
    quoted = '"' + own_name.replace('"', '""') + '"'
    if kind in ("DOUBLE", "FLOAT"):
        return f"case when not isnan({quoted}) then {quoted} end"
    if kind in ("TIMESTAMP_NS", "TIMESTAMPTZ_NS"):  # cut off, as in a text; a cast would round
        return f"{'make_timestamp' if kind == 'TIMESTAMP_NS' else 'make_timestamptz'}(epoch_ns({quoted}) // 1000)"
    if kind in ("TIMESTAMP_S", "TIMESTAMP_MS"):
        return f"{quoted}::timestamp"
    if kind in _AS_THEY_ARE or kind.startswith("DECIMAL") or kind.removeprefix("U") in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"):
        return quoted
    return f"{quoted}::varchar"


def _check_budget(path: Path, size: int) -> None:
    if size > (most := _BASE + _TIMES * path.stat().st_size):
        what = f"stands for more than {size >> 20:,} MB, {size // max(1, path.stat().st_size):,} times its size; at most {most >> 20:,} MB are read"
        raise InputError(what, path.name, "export it in parts, or as CSV")


def _check_texts(con: duckdb.DuckDBPyConnection, file: ParquetFile) -> None:
    """Refuses texts that hold a NUL, are too long, or come to too much; they are looked at where they lie, without a copy."""
    texts = [column for column in file.columns if column.kind == "VARCHAR"]
    if not texts:
        return
    quoted = ['"' + column.own_name.replace('"', '""') + '"' for column in texts]
    told = ", ".join(f"coalesce(sum(strlen({name})), 0), coalesce(max(strlen({name})), 0), bool_or(contains({name}, chr(0)))" for name in quoted)
    try:
        found = con.execute(f"select {told} from {READER}", file.values).fetchall()[0]
    except duckdb.Error as problem:
        raise _unreadable(file.path, problem) from None
    _check_budget(file.path, sum(found[::3]))
    for number, (column, name) in enumerate(zip(texts, quoted, strict=True)):
        longest, has_nul = found[3 * number + 1], found[3 * number + 2]
        if longest > MOST_CELL or has_nul:
            test = f"contains({name}, chr(0))" if has_nul else f"strlen({name}) > {MOST_CELL}"
            row = con.execute(f"select min(file_row_number) + 1 from {_NUMBERED} where {test}", file.values).fetchall()[0][0]
            what = "holds a NUL byte" if has_nul else f"holds a cell of more than {MOST_CELL:,} bytes"
            raise InputError(what, f"{file.path.name}, row {row}, column {column.name[:60]}", "mend the cell, or leave the column out")


_NUMBERED = "read_parquet($path, hive_partitioning = false, file_row_number = true)"


def _culprit(con: duckdb.DuckDBPyConnection, file: ParquetFile) -> ParquetColumn | None:
    """The first column that cannot be read by itself."""
    for column in file.columns:
        try:
            con.execute(f"select max(strlen(({column.expression})::varchar)) from {READER}", file.values).fetchall()
        except duckdb.Error:
            return column
    return None


def _unreadable(path: Path, problem: Exception, column: ParquetColumn | None = None) -> InputError:
    if column is not None:
        what = f"the column {column.name[:60]!r} is of the type {column.kind[:60]}, which cannot be read"
        return InputError(what, path.name, "export it as text, or leave the column out")
    return InputError(f"is no Parquet file that can be read ({str(problem).splitlines()[0][:120]})", path.name, "export it again")
