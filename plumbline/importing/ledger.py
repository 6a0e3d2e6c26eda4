"""The account of an import: for every table seen = kept + rejected, and every reject with file, line, column and reason."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

MOST_LISTED = 20_000  # rejects that an account holds one by one; the snapshot holds all
MOST_GROUPS = 1_000
_AT_ONCE = 20_000
_REJECT = ("table", "file", "line", "column", "reason")
_SCHEMA = {"table_name": pl.String, "file": pl.String, "line": pl.Int64, "column_name": pl.String, "reason": pl.String}
_GENERAL = (
    (re.compile(r"^.* is no (?P<what>\S.*?)( \([^()]*\))?$", re.DOTALL), lambda m: f"the value is no {m['what']}"),
    (re.compile(r"^duplicate: .* stands in an earlier row$", re.DOTALL), lambda _: "duplicate: the same id stands in an earlier row"),
)


def general(reason: str) -> str:
    """The reason without the value: '2026-13-01 is no time' -> 'the value is no time'. Labels stay: each is to be mapped."""
    return next((words(found) for pattern, words in _GENERAL if (found := pattern.match(reason))), reason)


@dataclass(frozen=True)
class Reject:
    """One record that was not kept. `line` counts from 1 at the header, 0 where a file has no lines (Parquet: row)."""

    table: str
    file: str
    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class LeftOut:
    """Records of a file that an entry of the mapping leaves out on purpose, by `when`."""

    file: str
    entry: str
    rows: int
    of: int


# Rejected by meaning, in a file that is otherwise as it should be: such rejects never make a whole file refused.
BY_MEANING = frozenset({"duplicate", "circular", "currency", "size"})


def shown_names(paths: Iterable[Path]) -> dict[Path, str]:
    """How each file is called in the account: its name, with as much of its path as tells it from others of that name."""
    parts = {path: Path(os.path.abspath(path)).parts for path in paths}
    shown = {}
    for path, own in parts.items():
        others = [other for other in parts.values() if other != own and other[-1] == own[-1]]
        length = 1
        while length < len(own) and any(other[-length:] == own[-length:] for other in others):
            length += 1
        shown[path] = str(Path(*own[-length:]))
    return shown


class Groups:
    """Rejects counted by reason without its value, table and column; of each the first. Bounded, however many rows are rejected."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], list] = {}

    def add(self, reject: Reject) -> None:
        key = (general(reject.reason), reject.table, reject.column)
        known = self._found.get(key)
        if known is None and len(self._found) >= MOST_GROUPS:
            key = ("other reasons", reject.table, "")
            known = self._found.get(key)
        if known is None:
            self._found[key] = [1, reject]
        else:
            known[0] += 1

    def listed(self) -> list[dict]:
        """The most frequent first: rows, reason, table, column, and the file, line and reason of the first."""
        ordered = sorted(self._found.items(), key=lambda item: -item[1][0])
        return [
            {"rows": rows, "reason": key[0], "table": key[1], "column": key[2], "file": first.file, "line": first.line, "first": first.reason}
            for key, (rows, first) in ordered
        ]


class Ledger:
    """Counts per table, and all rejects. These lie in a table of the import's database, which goes to disk where memory ends."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.seen: Counter[str] = Counter()
        self.kinds: Counter[tuple[str, str]] = Counter()
        self.left_out: list[LeftOut] = []
        self.groups = Groups()
        self._con = con.cursor()  # one of its own: rejects come while the import reads results
        self._rejected: Counter[str] = Counter()
        self._blank: Counter[str] = Counter()
        self._first: dict[str, Reject] = {}
        self._waiting: list[tuple] = []
        self._con.execute("create table rejected_rows (table_name varchar, file varchar, line bigint, column_name varchar, reason varchar)")

    def reject(self, table: str, file: str, line: int, column: str, reason: str, kind: str = "unreadable") -> None:
        one = Reject(table, file, int(line), column, reason)
        self.kinds[table, kind] += 1
        self._rejected[table] += 1
        self._blank[table] += reason == f"{column} is empty"
        self._first.setdefault(table, one)
        self.groups.add(one)
        self._waiting.append((table, file, int(line), column, reason))
        if len(self._waiting) >= _AT_ONCE:
            self._write()

    def _write(self) -> None:
        rows = pl.DataFrame(self._waiting, schema=_SCHEMA, orient="row")
        self._waiting = []
        self._con.register("rejected_now", rows)
        self._con.execute("insert into rejected_rows select * from rejected_now")
        self._con.unregister("rejected_now")

    def first(self, table: str) -> Reject | None:
        """The first reject of a table, as they came."""
        return self._first.get(table)

    def is_blank(self, table: str) -> bool:
        """Whether every reject of a table is for an empty cell."""
        return self._blank[table] == self._rejected[table]

    def listed(self, files: list[str], most: int) -> list[dict]:
        """The first rejects by file, in the order of `files`, and line."""
        self._write()
        found = self._con.execute(f"select * from rejected_rows order by {_order(files)} limit $most", {**_bound(files), "most": most}).fetchall()
        return [dict(zip(_REJECT, row, strict=True)) for row in found]

    def write_to(self, table: str, files: list[str]) -> None:
        """All of them in that order as a table of the history."""
        self._write()
        self._con.execute(f"create table {table} as select * from rejected_rows order by {_order(files)}", _bound(files))

    def tables(self) -> dict[str, dict[str, int]]:
        """`{name: {seen, kept, rejected}}` of every table that a file fed. Rows that `when` leaves out are not among the seen."""
        counts = self._rejected
        return {name: {"seen": self.seen[name], "kept": self.seen[name] - counts[name], "rejected": counts[name]} for name in self.seen}

    def left_out_lines(self) -> list[str]:
        """What was left out on purpose, a line for each file."""
        files: dict[str, list[str]] = {}
        for one in self.left_out:
            files.setdefault(one.file, []).append(f"{one.entry} {one.rows} of {one.of}")
        return [f"rows of {file} left out on purpose (when): {', '.join(entries)}" for file, entries in files.items()]


def _order(files: list[str]) -> str:
    return "list_position($files, file), line, rowid" if files else "rowid"  # without files: an account that is moved, in its own order


def _bound(files: list[str]) -> dict[str, object]:
    return {"files": files} if files else {}


def account_of(rejects: pl.DataFrame) -> tuple[list[dict], list[dict]]:
    """(the first rejects one by one, all of them by reason) of a frame of table, file, line, column, reason."""
    groups = Groups()
    for row in rejects.select(_REJECT).iter_rows():
        groups.add(Reject(*row))
    return rejects.head(MOST_LISTED).select(_REJECT).to_dicts(), groups.listed()
