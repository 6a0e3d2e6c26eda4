"""From typed tables to a finished snapshot: the canonical tables as they were brought in, and the prepared ones that screens read.

Canonical rows keep the lead they came with (`lead_no`) and the lead they count for (`subject_no`: after merges; null where the
lead is not there, or the event lies after data_through). Prepared tables hold facts, not verdicts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import numpy as np
import polars as pl

from plumbline.clock import local_days, time_zone
from plumbline.history.coding import few_values, make_enum
from plumbline.history.episodes import NEVER, find_episodes
from plumbline.history.schema import FORMAT, KNOWN_ATTRIBUTES, TABLES
from plumbline.importing.text import clean, fold
from plumbline.sqlfiles import sql

MANY_VALUES = 20_000  # an attribute with more values than this, and than half the leads, names leads and groups nothing
_STAGES = ("mql", "sal", "sql", "opportunity", "won")


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
    progress("settling whose each event is", 0.0)
    _subjects(con, organisation)
    for share, name in enumerate(TABLES):
        progress(f"writing {name}", 0.05 + 0.05 * share)
        _canonical(con, name, organisation, attributes)
        drop(name)
    progress("finding episodes", 0.62)
    _episodes(con, organisation)
    progress("attributes as known when each episode opened", 0.7)
    _attributes(con, attributes)
    progress("preparing what the screens read", 0.9)
    con.execute(sql("prepare/50_steps"))
    _leads(con, organisation, attributes)


def _subjects(con: duckdb.DuckDBPyConnection, organisation: Organisation) -> None:
    until = {"data_through": organisation.data_through}
    con.execute(
        "create table active_leads as select ids.lead_no, leads.created_at from typed_leads as leads"
        " inner join lead_ids as ids on ids.lead_id = leads.lead_id where leads.created_at <= $data_through",
        until,
    )
    rows = con.execute(
        "select lead_no, into_lead_no, merged_at from typed_merges where merged_at is null or merged_at <= $data_through", until
    ).fetchall()
    into = {lead: (target, merged_at) for lead, target, merged_at in rows}
    nodes = sorted({node for lead, (target, _) in into.items() for node in (lead, target)})
    there = {no for (no,) in con.execute("select lead_no from active_leads where list_contains($nodes, lead_no)", {"nodes": nodes}).fetchall()}
    merged = []
    for start in into:
        node, survivor, visible_from, on_the_way = start, None, None, None
        while node in into:
            node, merged_at = into[node]
            on_the_way = max(filter(None, (on_the_way, merged_at)), default=None)
            if node in there:
                survivor, visible_from = node, on_the_way
        if survivor is not None:
            merged.append((start, survivor, visible_from))
    frame = pl.DataFrame(merged, schema={"lead_no": pl.Int32, "survivor_no": pl.Int32, "visible_from": pl.Datetime("us")}, orient="row")
    con.register("merged", frame)
    con.execute(sql("prepare/10_subjects"))
    con.unregister("merged")
    con.execute(sql("prepare/20_leads_resolved"))


def _canonical(con: duckdb.DuckDBPyConnection, name: str, organisation: Organisation, attributes: dict[str, str]) -> None:
    """Writes one canonical table. Events lie in the order of the lead they count for."""
    from plumbline.importing.stage import typed_columns

    table = TABLES[name]
    columns = {column: f"typed.{column}" for column in typed_columns(table)}
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
    """Turns the texts of few values among `columns` into enums."""
    kinds = con.execute(
        "select column_name from duckdb_columns() where table_name = $name and data_type = 'VARCHAR'", {"name": f"typed_{name}"}
    ).fetchall()
    for (column,) in kinds:
        if (
            column in columns
            and column not in absent
            and column not in ("lead_id", "event_id", "extra")
            and (few := few_values(con, f"typed_{name}", column))
        ):
            columns[column] = f"{columns[column]}::{make_enum(con, f'values_{name}_{column}', few)}"


def _episodes(con: duckdb.DuckDBPyConnection, organisation: Organisation) -> None:
    changes = con.sql(sql("prepare/30_stage_changes_in_order")).pl()
    lead, at, rank = (changes[name].to_numpy() for name in ("lead_no", "occurred_us", "rank"))
    found = find_episodes(np.ascontiguousarray(lead, np.int32), np.ascontiguousarray(at, np.int64), np.ascontiguousarray(rank, np.int8))
    zone = time_zone(organisation.time_zone)

    def instant(micros: np.ndarray) -> pl.Series:
        return pl.Series(micros).set(pl.Series(micros == NEVER), None).cast(pl.Datetime("us"))

    def day(micros: np.ndarray) -> pl.Series:
        never = micros == NEVER
        return pl.Series(local_days(np.where(never, 0, micros), zone)).set(pl.Series(never), None).cast(pl.Date)

    def told(column: str, rows: np.ndarray) -> pl.Series:
        return (
            changes[column].gather(pl.Series(np.maximum(rows, 0))).set(pl.Series(rows < 0), None) if len(changes) else pl.Series([], dtype=pl.String)
        )

    columns = {
        "episode_no": np.arange(len(found.lead), dtype=np.int32),
        "lead_no": found.lead,
        "pass_no": found.number,
        "opened_at": instant(found.opened_at),
        "opened_day": day(found.opened_at),
        "is_implied": found.is_implied,
        "repeats": found.repeats,
        "exit_stage": told("stage", found.exit_row),
        "exit_reason": told("reason", found.exit_row),
        "exit_actor_id": told("actor_id", found.exit_row),
        "sal_actor_id": told("actor_id", found.reached_row[:, 1]),
        "closed_at": instant(found.closed_at),
        "next_opened_at": instant(found.next_opened_at),
        "is_out_of_order": _out_of_order(found.reached),
    }
    for index, stage in enumerate(_STAGES):
        columns[f"{stage}_at"] = instant(found.reached[:, index])
        columns[f"{stage}_day"] = day(found.reached[:, index])
    con.register("found_episodes", pl.DataFrame(columns))
    con.execute(sql("prepare/40_episodes"))
    con.unregister("found_episodes")
    strays = pl.DataFrame(
        {"lead_no": changes["lead_no"].gather(pl.Series(found.stray_rows)), "stage": changes["stage"].gather(pl.Series(found.stray_rows))}
    )
    con.register("strays", strays)
    con.execute("create table history.main.stray_exits as select lead_no, stage from strays")
    con.unregister("strays")


def _out_of_order(reached: np.ndarray) -> np.ndarray:
    """Whether some later stage was observed more than 60 s before an earlier one. `reached` (n, 5) in microseconds."""
    flag = np.zeros(len(reached), bool)
    latest = reached[:, 0].copy()
    for index in range(1, 5):
        seen = reached[:, index] != NEVER
        flag |= seen & (latest != NEVER) & (reached[:, index] < latest - 60_000_000)
        latest = np.maximum(latest, reached[:, index])
    return flag


def _attributes(con: duckdb.DuckDBPyConnection, attributes: dict[str, str]) -> None:
    changed = [name for (name,) in con.execute("select distinct field from history.canonical.lead_changes order by 1").fetchall()]
    names = [*attributes, *(name for name in changed if name not in attributes)]
    own = {"rep": "rep", "team": "team"}
    rows = [(number, f"lead {name}" if name in own else name, name, None) for number, name in enumerate(names)]
    rows += [(len(rows) + index, name, None, name) for index, name in enumerate(own)]
    fields = pl.DataFrame(rows, schema={"field_no": pl.Int16, "name": pl.String, "attribute": pl.String, "built_in": pl.String}, orient="row")
    fields = fields.with_columns(
        column_name=pl.col("attribute").replace_strict(attributes, default=None, return_dtype=pl.String),
        is_tracked=pl.col("attribute").is_in(changed),
    )
    con.register("named", fields)
    con.execute("create table history.main.fields as select *, false as is_identifier, 0::bigint as n_values from named order by field_no")
    con.unregister("named")
    columns = {row["column_name"]: row["field_no"] for row in fields.drop_nulls("column_name").to_dicts()}
    _cells(con, columns)
    odd = [label for (label,) in con.execute("select distinct label from counted_cells where strlen(label) <> length(label)").fetchall()]
    con.register("folded_labels", pl.DataFrame({"label": odd, "key": [fold(label) for label in odd]}, schema={"label": pl.String, "key": pl.String}))
    con.execute("create temp table folded as select * from folded_labels")
    con.unregister("folded_labels")
    con.execute(sql("prepare/60_field_values"))
    con.execute(
        "create temp table value_labels as select cells.field_no, cells.label, field_values.value_no from counted_cells as cells"
        " left join folded on folded.label = cells.label"
        " inner join history.main.field_values as field_values on field_values.field_no = cells.field_no"
        " and field_values.key = coalesce(folded.key, lower(cells.label))"
        " group by all"
    )
    con.execute(
        f"create temp table lead_cells as {_lead_cells(columns)}"
        if columns
        else "create temp table lead_cells (lead_no integer, field_no smallint, value_no integer)"
    )
    con.execute(sql("prepare/70_episode_values"))
    con.execute("update history.main.fields set n_values = (select count(*) from history.main.field_values as v where v.field_no = fields.field_no)")
    for name in ("counted_cells", "folded", "value_labels", "lead_cells"):
        con.execute(f"drop table {name}")


def _cells(con: duckdb.DuckDBPyConnection, columns: dict[str, int]) -> None:
    """counted_cells (field_no, label, n): every value that any attribute has or had; attributes that name leads are left out."""
    con.execute("create temp table counted_cells (field_no smallint, label varchar, n bigint)")
    leads = con.execute("select count(*) from resolved_leads").fetchall()[0][0]
    for column, field_no in list(columns.items()):
        con.execute(
            f"insert into counted_cells select {field_no}, leads.{column}, count(*) from history.canonical.leads as leads"
            f" inner join resolved_leads using (lead_no) where leads.{column} is not null group by leads.{column}"
        )
        n = con.execute(f"select count(*) from counted_cells where field_no = {field_no}").fetchall()[0][0]
        if n > max(MANY_VALUES, leads / 2):
            con.execute(f"delete from counted_cells where field_no = {field_no}")
            con.execute(f"update history.main.fields set is_identifier = true where field_no = {field_no}")
            del columns[column]
    con.execute(
        "insert into counted_cells select fields.field_no, told.label, count(*)"
        " from (select field, value as label from history.canonical.lead_changes where subject_no = lead_no"
        " union all select field, old_value from history.canonical.lead_changes where subject_no = lead_no) as told"
        " inner join history.main.fields as fields on fields.attribute = told.field"
        " where told.label is not null and not fields.is_identifier group by all"
    )
    con.execute(
        "insert into counted_cells select fields.field_no, owned.label, count(*)"
        " from (select 'rep' as built_in, rep_id as label from history.main.episodes"
        " union all select 'team', team from history.main.episodes) as owned"
        " inner join history.main.fields as fields on fields.built_in = owned.built_in where owned.label is not null group by all"
    )


def _lead_cells(columns: dict[str, int]) -> str:
    """One row per lead and attribute with a value: today's value, for attributes that never changed."""
    parts = [
        f"select leads.lead_no, {field_no}::smallint as field_no, labels.value_no from history.canonical.leads as leads"
        f" inner join resolved_leads using (lead_no)"
        f" inner join value_labels as labels on labels.field_no = {field_no} and labels.label = leads.{column}"
        for column, field_no in columns.items()
    ]
    return " union all ".join(parts)


def _leads(con: duckdb.DuckDBPyConnection, organisation: Organisation, attributes: dict[str, str]) -> None:
    known = ", ".join(f"{f'leads.{attributes[name]}::varchar' if name in attributes else 'null::varchar'} as {name}" for name in KNOWN_ATTRIBUTES)
    con.execute(
        f"create temp view lead_details as select *, concat_ws(' ', lead_id, company, email, job_title, phone, account_id) as search_text"
        f" from (select lead_no, lead_id, {known} from history.canonical.leads as leads)"
    )
    zone = time_zone(organisation.time_zone)
    created = con.sql("select lead_no, epoch_us(created_at) as us from resolved_leads order by lead_no").pl()
    days = pl.DataFrame({"lead_no": created["lead_no"], "created_day": pl.Series(local_days(created["us"].to_numpy(), zone)).cast(pl.Date)})
    con.register("created_days", days)
    con.register("folded_texts", _folded_texts(con))
    con.execute(sql("prepare/80_leads"))
    con.unregister("folded_texts")
    con.unregister("created_days")


def _folded_texts(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Folded search texts of the leads whose names are not plain ASCII; SQL's lower() serves the others."""
    rows = con.execute(
        "select lead_no, search_text from lead_details inner join resolved_leads using (lead_no) where strlen(search_text) <> length(search_text)"
    ).fetchall()
    return pl.DataFrame([(no, fold(clean(text) or "")) for no, text in rows], schema={"lead_no": pl.Int32, "search_text": pl.String}, orient="row")


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
