"""What earlier imports kept, loaded from a snapshot: to add to it, or to move it from an older format to the present one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from plumbline.history.migrate import Layout, layout_of
from plumbline.history.schema import TABLES
from plumbline.importing.stage import Stage, typed_columns

# What further columns said, as convert.py writes it now (by name, without those that say nothing): older versions wrote it in the file's order.
_BESIDE = """nullif(to_json(map_from_entries(list_sort(list_filter(map_entries(from_json({extra}, '"MAP(VARCHAR,VARCHAR)"')),
 lambda entry: entry.value is not null))))::varchar, '{{}}')"""
_REJECT = ("table_name", "file", "line", "column_name", "reason")


@dataclass(frozen=True)
class Earlier:
    """The organisation's settings as the snapshot has them, else the defaults. `rejects`, `tables`: the account of its own import."""

    time_zone: str = "UTC"
    currency: str = ""
    is_sample: bool = False
    data_through: datetime | None = None
    rejects: tuple[dict, ...] = ()
    tables: dict[str, dict[str, int]] = field(default_factory=dict)
    snapshot: str = ""
    zone_of_unmarked_days: str = ""  # of an older format, which did not mark days without a time of day


def load_previous(con: duckdb.DuckDBPyConnection, stage: Stage, file: Path, with_account: bool = False) -> Earlier:
    """Fills the typed tables (file 0, feed 0) from the canonical tables of a snapshot of any format that Plumbline knows.

    `with_account`: gives the snapshot's own rejects and ledger too.
    """
    con.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as previous (read_only)")
    about = _rows(con, "select * from previous.main.about")[0]
    layout = layout_of(about["format"])
    there = _columns(con)
    renamed = {stage.add_attribute(name): column for name, column in _attributes(con, layout, there)}
    con.execute("insert into lead_ids select lead_no, lead_id, is_orphan from previous.canonical.lead_ids")
    first = 0
    for table in TABLES.values():
        if f"canonical.{table.name}" not in there:
            continue
        columns = _sources(table.name, list(typed_columns(table)), renamed, layout, there)
        con.execute(
            f"insert into typed_{table.name} (file_no, feed_no, record, {', '.join(columns)})"
            f" select 0, 0, row_no, {', '.join(columns.values())} from previous.canonical.{table.name} order by row_no"
        )
        first = max(first, con.execute(f"select coalesce(max(row_no) + 1, 0) from previous.canonical.{table.name}").fetchall()[0][0])
    stage.first_row = first
    rejects = _rows(con, f"select {', '.join(_REJECT)} from previous.main.rejects") if with_account and "main.rejects" in there else []
    ledger = _rows(con, "select * from previous.main.ledger") if with_account and "main.ledger" in there else []
    con.execute("detach previous")
    known = {name: about[name] for name in ("time_zone", "currency", "is_sample", "data_through", "snapshot") if about.get(name) is not None}
    told = tuple({"table": r["table_name"], "file": r["file"], "line": r["line"], "column": r["column_name"], "reason": r["reason"]} for r in rejects)
    unmarked = "" if "is_day" in there["canonical.leads"] else known.get("time_zone", "UTC")
    tables = {r["table_name"]: {name: r[name] for name in ("seen", "kept", "rejected")} for r in ledger}
    return Earlier(**known, rejects=told, tables=tables, zone_of_unmarked_days=unmarked)


def _rows(con: duckdb.DuckDBPyConnection, statement: str) -> list[dict]:
    rows = con.execute(statement).fetchall()
    names = [column[0] for column in con.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """schema.table -> its columns, of the attached snapshot."""
    found: dict[str, list[str]] = {}
    listed = "select schema_name || '.' || table_name, column_name from duckdb_columns() where database_name = 'previous' order by column_index"
    for table, column in con.execute(listed).fetchall():
        found.setdefault(table, []).append(column)
    return found


def _attributes(con: duckdb.DuckDBPyConnection, layout: Layout, there: dict[str, list[str]]) -> list[tuple[str, str]]:
    """(name, column of canonical.leads) of every attribute of leads. Without a list of them the further columns have their own names."""
    if layout.fields in there:
        return con.execute(f"select attribute, column_name from previous.{layout.fields} where column_name is not null order by field_no").fetchall()
    own = {column.name for column in TABLES["leads"].columns} | {"lead_no", "row_no"}
    return [(column, _quoted(column)) for column in there["canonical.leads"] if column not in own]


def _sources(name: str, columns: list[str], renamed: dict[str, str], layout: Layout, there: dict[str, list[str]]) -> dict[str, str]:
    """Each typed column that the snapshot has, or that has a default -> the expression over its canonical table."""
    own = {column: layout.renamed.get((name, column), column) for column in columns}
    found = {column: source for column, source in own.items() if source in there[f"canonical.{name}"]}
    if "extra" in found:
        found["extra"] = _BESIDE.format(extra=found["extra"])
    absent = {column.name: f"'{str(column.default).lower()}'" for column in TABLES[name].columns if column.default is not None}
    if "is_day" in columns:
        absent["is_day"] = "false"
    return {**absent, **found, **(renamed if name == "leads" else {})}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
