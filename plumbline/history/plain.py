"""What a snapshot file says of itself, of whatever format: for files without a manifest, and for older ones that are to be migrated."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb

from plumbline.errors import HistoryError
from plumbline.history.schema import FORMAT, TABLES

SEAL = ("python_enable_replacements = false", "allow_community_extensions = false", "enable_external_access = false", "lock_configuration = true")
_TO_DO = "import the files again, or roll back with: imports --roll-back SNAPSHOT"


@dataclass(frozen=True)
class Told:
    """`about`: its one row, without the columns that its format has not; `holds`: rows per canonical table; `tables`: seen, kept, rejected."""

    format: int
    about: dict[str, object]
    holds: dict[str, int]
    tables: dict[str, dict[str, int]]
    rejects_total: int
    warnings: list[str]


def tell(file: Path) -> Told:
    """Reads the file and verifies its counts: of all tables, of an older format only of the canonical ones. Raises HistoryError."""
    stat = file.stat()
    return _tell(file, (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino))


@lru_cache(maxsize=64)
def _tell(file: Path, identity: tuple[int, ...]) -> Told:
    con = duckdb.connect(":memory:")
    try:
        con.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as history (read_only)")
        for setting in SEAL:
            con.execute(f"set {setting}")
        return _read(con, file)
    except (duckdb.Error, ValueError, TypeError) as problem:
        raise HistoryError(f"cannot be read as a history ({str(problem).splitlines()[0][:120]})", str(file), _TO_DO) from None
    finally:
        con.close()


def _read(con: duckdb.DuckDBPyConnection, file: Path) -> Told:
    found = con.execute("select schema_name, table_name from duckdb_tables() where database_name = 'history'").fetchall()
    if ("main", "about") not in found:
        raise HistoryError("this DuckDB file is no history of Plumbline", str(file), "import one, or name another file with --history")
    rows = con.execute("select * from history.main.about").fetchall()
    names = [column[0] for column in con.description]
    if not rows or not isinstance((about := dict(zip(names, rows[0], strict=True))).get("format"), int):
        raise ValueError("it does not say its format")
    counts = dict(con.execute("select table_name, rows from history.main.table_counts").fetchall()) if ("main", "table_counts") in found else {}
    for told, rows_then in counts.items():
        schema, _, name = told.partition(".")
        if (schema == "canonical" or about["format"] == FORMAT) and ((schema, name) not in found or _count(con, schema, name) != rows_then):
            raise HistoryError(f"the table {told} has lost rows", str(file), _TO_DO)
    holds = {name: _count(con, "canonical", name) for name in TABLES if ("canonical", name) in found}
    ledger = con.execute("select table_name, seen, kept, rejected from history.main.ledger").fetchall() if ("main", "ledger") in found else []
    tables = {name: {"seen": seen, "kept": kept, "rejected": rejected} for name, seen, kept, rejected in ledger}
    warnings = json.loads(str(about.get("warnings") or "[]"))
    return Told(about["format"], about, holds, tables, sum(count["rejected"] for count in tables.values()), warnings)


def _count(con: duckdb.DuckDBPyConnection, schema: str, name: str) -> int:
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
    return con.execute(f"select count(*) from history.{quoted}").fetchall()[0][0]
