"""Opens one Parquet file for the importer. Its columns may have types; they mean the same as the text that a CSV would hold."""

from __future__ import annotations

from pathlib import Path

import duckdb

from plumbline.errors import InputError
from plumbline.importing.csv_file import CsvFile, check_names, plain_path
from plumbline.text import clean

READER = "read_parquet($path, hive_partitioning = false)"


def read_parquet(con: duckdb.DuckDBPyConnection, path: Path, workspace: Path, table: str) -> CsvFile:
    """Reads every row into `table` (columns c0..cn, rowid = order). Raises InputError."""
    values = {"path": str(plain_path(path, workspace))}
    try:
        described = con.execute(f"describe select * from {READER}", values).fetchall()
        cells = ", ".join(f"{_plain_cell(name, kind)} as c{number}" for number, (name, kind, *_) in enumerate(described))
        con.execute(f"create or replace table {table} as select {cells} from {READER}", values)
    except duckdb.Error as problem:
        raise InputError(f"is no Parquet file that can be read ({str(problem).splitlines()[0][:120]})", path.name, "export it again") from None
    header = tuple(clean(name) or "" for name, *_ in described)
    check_names(header, path)
    rows = con.execute(f"select count(*) from {table}").fetchall()[0][0]
    return CsvFile(path, path, header, "", rows, rows)


def first_rows(con: duckdb.DuckDBPyConnection, path: Path, workspace: Path, most: int) -> tuple[list[tuple[str, str]], list[tuple[str | None, ...]]]:
    """Name and type of each column, and the first rows as text; nothing where the file cannot be read."""
    values = {"path": str(plain_path(path, workspace))}
    try:
        columns = [(name, kind) for name, kind, *_ in con.execute(f"describe select * from {READER}", values).fetchall()]
        return columns, con.execute(f"select columns(*)::varchar from {READER} limit {int(most)}", values).fetchall()
    except duckdb.Error:
        return [], []


def _plain_cell(name: str, kind: str) -> str:
    """A column as the importer takes it: texts, times, numbers and flags; a number that is none is missing, all else is text."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind in ("DOUBLE", "FLOAT"):
        return f"case when isfinite({quoted}) then {quoted} end"
    is_simple = (
        kind in ("VARCHAR", "BOOLEAN", "DATE") or kind.startswith(("TIMESTAMP", "DECIMAL")) or kind.endswith("INT") or kind.endswith("INTEGER")
    )
    return quoted if is_simple else f"{quoted}::varchar"
