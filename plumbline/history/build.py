"""From typed tables to a finished snapshot: the canonical tables as they were brought in, and the prepared ones that screens read.

Canonical rows keep the lead they came with (`lead_no`) and the lead they count for (`subject_no`: after merges; null where the
lead is not there, or the event lies after data_through). Prepared tables hold facts, not verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import polars as pl

from plumbline.clock import time_zone
from plumbline.history.attributes import prepare_attributes
from plumbline.history.coding import few_values, make_enum
from plumbline.history.hindsight import prepare_hindsight
from plumbline.history.prepare import prepare_episodes, prepare_follow_ups, prepare_leads, prepare_stray_exits
from plumbline.history.record_tables import prepare_record
from plumbline.history.schema import FORMAT, TABLES, day_column
from plumbline.sqlfiles import sql

_CODED = 200  # columns of texts of one table that become enums


@dataclass(frozen=True)
class Organisation:
    """Settings that travel with the snapshot."""

    data_through: datetime
    time_zone: str = "UTC"
    currency: str = ""
    is_sample: bool = False


def build(
    con: duckdb.DuckDBPyConnection,
    organisation: Organisation,
    attributes: dict[str, str],
    progress: Callable[[str, float], None],
    drop: Callable[[str], None],
) -> None:
    """Fills the attached database `history` from the typed tables of `con`.

    `attributes`: name of an attribute -> column of typed_leads. `drop`: frees the typed table of a name, once it is written.
    """
    con.execute("create schema history.canonical")
    con.execute(sql("prepare/05_size_band"))
    progress("settling whose each event is", 0.0)
    _subjects(con, organisation)
    for share, name in enumerate(TABLES):
        progress(f"writing {name}", 0.05 + 0.05 * share)
        _canonical(con, name, organisation, attributes)
        drop(name)
    progress("finding episodes", 0.62)
    zone = time_zone(organisation.time_zone)
    prepare_episodes(con, zone)
    progress("attributes as known when each episode opened", 0.7)
    prepare_attributes(con, attributes, organisation.data_through)
    progress("who tried to reach whom", 0.85)
    prepare_follow_ups(con, organisation.data_through, zone)
    progress("preparing what the screens read", 0.9)
    con.execute(sql("prepare/50_steps"))
    prepare_record(con, zone, organisation.data_through)
    prepare_leads(con, zone, attributes, organisation.data_through)
    prepare_hindsight(con, attributes)


def build_stray_exits(con: duckdb.DuckDBPyConnection, organisation: Organisation, attributes: dict[str, str]) -> None:
    """Fills of the attached database `history` no more than the exits that close nothing need."""
    con.execute("create schema history.canonical")
    _subjects(con, organisation)
    _canonical(con, "stage_changes", organisation, attributes)
    prepare_stray_exits(con, time_zone(organisation.time_zone))


def _subjects(con: duckdb.DuckDBPyConnection, organisation: Organisation) -> None:
    until = {"data_through": organisation.data_through}
    con.execute(
        "create table active_leads as select ids.lead_no, leads.created_at, coalesce(leads.is_day, false) as is_day from typed_leads as leads"
        " inner join lead_ids as ids on ids.lead_id = leads.lead_id where leads.created_at <= $data_through",
        until,
    )
    rows = con.execute(
        "select lead_no, into_lead_no, merged_at from typed_merges where merged_at is null or merged_at <= $data_through", until
    ).fetchall()
    into = {lead: (target, merged_at) for lead, target, merged_at in rows}
    nodes = sorted({target for target, _ in into.values()})
    there = {no for (no,) in con.execute("select lead_no from active_leads where lead_no in (select unnest($nodes))", {"nodes": nodes}).fetchall()}
    merged = [(lead, *found) for lead, found in survivors(into, there).items()]
    frame = pl.DataFrame(merged, schema={"lead_no": pl.Int32, "survivor_no": pl.Int32, "visible_from": pl.Datetime("us")}, orient="row")
    con.register("merged", frame)
    con.execute(sql("prepare/10_subjects"))
    con.unregister("merged")
    con.execute(sql("prepare/20_leads_resolved"))


def survivors(into: Mapping[int, tuple[int, datetime | None]], there: set[int]) -> dict[int, tuple[int, datetime | None]]:
    """Of each lead that was merged: the last lead on its way that is `there`, and since when (the latest merge on the way to it).

    into: lead -> (lead it was merged into, when); without circles. Each merge is looked at once, however long the chains.
    """
    found: dict[int, tuple[int, datetime | None] | None] = {}
    for start in into:
        way, node = [], start
        while node in into and node not in found:
            way.append(node)
            node = into[node][0]
        for lead in reversed(way):
            target, merged_at = into[lead]
            survivor, since = found.get(target) or ((target if target in there else None), None)
            found[lead] = None if survivor is None else (survivor, max(filter(None, (since, merged_at)), default=None))
    return {lead: one for lead, one in found.items() if one is not None}


def _canonical(con: duckdb.DuckDBPyConnection, name: str, organisation: Organisation, attributes: dict[str, str]) -> None:
    """Writes one canonical table. Events lie in the order of the lead they count for."""
    from plumbline.importing.stage import typed_columns

    table = TABLES[name]
    columns = {column: f"typed.{column}" for column in typed_columns(table)}
    if day_column(table):
        columns["is_day"] = "coalesce(typed.is_day, false)"
    rows = f"from typed_{name} as typed"
    row_no = "list_extract($first_rows, typed.file_no + 1) + typed.record as row_no"
    values: dict[str, object] = {"first_rows": [row for (row,) in con.execute("select first_row from file_offsets order by file_no").fetchall()]}
    order = "row_no"
    if name == "leads":
        columns |= {column: f"typed.{column}" for column in attributes.values()}
        columns = {"lead_no": "ids.lead_no", **columns}
        rows += " inner join lead_ids as ids on ids.lead_id = typed.lead_id"
        order = "lead_no"
    elif "lead_no" in columns and name != "merges":
        subject = "subjects.subject_no"
        if table.is_event:
            subject = f"case when typed.occurred_at > $data_through then null else {subject} end"
            values["data_through"] = organisation.data_through
        columns = {"lead_no": columns.pop("lead_no"), "subject_no": subject, **columns}
        rows += " left join history.canonical.lead_ids as subjects on subjects.lead_no = typed.lead_no"
        order = "subject_no nulls last, occurred_at, row_no" if table.is_event else "subject_no nulls last, row_no"
    absent = _absent(con, name, columns) if table.is_event else {}
    if table.is_event or name == "leads":
        _code(con, name, columns, absent)
    sorted_columns = ", ".join(f"{expression} as {column}" for column, expression in columns.items() if column not in absent)
    listed = ", ".join(f"null::{absent[column]} as {column}" if column in absent else column for column in columns)
    con.execute(
        f"create table history.canonical.{name} as select {listed}, row_no from (select {sorted_columns}, {row_no} {rows} order by {order})", values
    )


def _absent(con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str]) -> dict[str, str]:
    """Columns of a typed table without any value, with their types: they need no sorting."""
    kinds = dict(con.execute("select column_name, data_type from duckdb_columns() where table_name = $name", {"name": f"typed_{name}"}).fetchall())
    own = [column for column in columns if column in kinds and column not in (*TABLES[name].required, "lead_no")]
    counts = con.execute(f"select {', '.join(f'count({column})' for column in own)} from typed_{name}").fetchall()[0]
    return {column: kinds[column] for column, count in zip(own, counts, strict=True) if not count}


def _code(con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], absent: dict[str, str]) -> None:
    """Turns the texts of few values among `columns` into enums; of very many columns the first, as each costs as much as all that there are."""
    kinds = con.execute(
        "select column_name from duckdb_columns() where table_name = $name and data_type = 'VARCHAR'", {"name": f"typed_{name}"}
    ).fetchall()
    for (column,) in kinds[:_CODED]:
        if (
            column in columns
            and column not in absent
            and column not in ("lead_id", "event_id", "extra")
            and (few := few_values(con, f"typed_{name}", column))
        ):
            columns[column] = f"{columns[column]}::{make_enum(con, f'values_{name}_{column}', few)}"


def write_about(con: duckdb.DuckDBPyConnection, organisation: Organisation, snapshot: str, created_at: datetime, details: dict[str, object]) -> None:
    """The one row that says what the snapshot is, and the counts by which it is verified when opened."""
    row = {
        "format": FORMAT,
        "snapshot": snapshot,
        "created_at": created_at.astimezone(UTC).replace(tzinfo=None) if created_at.tzinfo else created_at,
        "data_through": organisation.data_through,
        "time_zone": organisation.time_zone,
        "currency": organisation.currency,
        "is_sample": organisation.is_sample,
        **details,
    }
    con.register("about_row", pl.DataFrame([row]))
    con.execute("create table history.main.about as select * from about_row")
    con.unregister("about_row")
    tables = con.execute("select schema_name, table_name from duckdb_tables() where database_name = 'history' order by all").fetchall()
    counts = [(f"{schema}.{name}", con.execute(f"select count(*) from history.{schema}.{name}").fetchall()[0][0]) for schema, name in tables]
    con.register("counted", pl.DataFrame(counts, schema={"table_name": pl.String, "rows": pl.Int64}, orient="row"))
    con.execute("create table history.main.table_counts as select * from counted")
    con.unregister("counted")
