"""Import of canonical CSV, beside DuckDB's own typed reader on the same files into a DuckDB file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from benchmarks.measure import Row, median, once, peak_of_children_gb
from plumbline.history.connection import History
from plumbline.history.schema import KNOWN_ATTRIBUTES, TABLES
from plumbline.importing.run import Options, import_files

_TYPES = {
    "text": "VARCHAR",
    "id": "VARCHAR",
    "time": "TIMESTAMP",
    "date": "DATE",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
    "clock": "VARCHAR",
    "day": "VARCHAR",
}
_NUMBERS = ("employees", "annual_revenue", "budget")
_FLAGS = ("need", "is_competitor")


def plain(folder: Path, target: Path) -> None:
    """Every file with its types given, as a user would by hand: no checks, no account of rejects, nothing prepared."""
    target.unlink(missing_ok=True)
    with duckdb.connect(str(target)) as con:
        for path in sorted(folder.glob("*.csv")):
            header = path.open(encoding="utf-8").readline().strip().split(",")
            con.execute(
                f"create table {path.stem} as select * from read_csv($path, auto_detect = false, header = true, columns = $columns)",  # noqa: S608
                {"path": str(path), "columns": {name: _type(path.stem, name) for name in header}},
            )
        con.execute("checkpoint")


def _type(table: str, name: str) -> str:
    column = TABLES[table].column(name)
    if column is None and name in KNOWN_ATTRIBUTES:
        return "BIGINT" if name in _NUMBERS else "BOOLEAN" if name in _FLAGS else "VARCHAR"
    return _TYPES[column.kind] if column else "VARCHAR"


def measured(folder: Path, workspace: Path, now: datetime, runs: int) -> tuple[Path, Path, list[Row]]:
    """(history, plain database, rows). Both kinds of run in turn, so that a busy machine is busy for both."""
    history, other = workspace / "history.duckdb", workspace / "plain.duckdb"
    ours, theirs = [], []
    for _ in range(runs):
        theirs.append(once(lambda: plain(folder, other)))
        for path in [history, *workspace.glob("history.duckdb.snapshots/*")]:
            path.unlink(missing_ok=True)
        ours.append(once(lambda: import_files("canonical", [folder], history, Options(), now=now)))
    mine, beside = (sorted(spent, key=lambda one: one.wall)[len(spent) // 2] for spent in (ours, theirs))
    opening = median(lambda: History(history).close(), 3)
    ratio = mine.wall / beside.wall
    return (
        history,
        other,
        [
            Row("import from canonical CSV", mine.wall, ratio, "plain typed read_csv", "<= 2 x", ratio <= 2),
            Row("its processor time", mine.cpu, mine.cpu / beside.cpu, "plain typed read_csv's", "", None),
            Row("plain typed read_csv of the same files", beside.wall),
            Row(f"peak memory of the import: {peak_of_children_gb():.1f} GB", float("nan"), None, "", "<= 8 GB", peak_of_children_gb() <= 8),
            Row("opening the history", opening, None, "", "<= 1 s", opening <= 1),
        ],
    )
