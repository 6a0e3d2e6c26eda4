"""The attributes of leads and the values that they have or had, numbered, and which of them each episode opened with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import duckdb
import polars as pl

from plumbline.sqlfiles import sql
from plumbline.text import fold

SIZE_BAND = "size_band"
_WIDE = 100  # columns that are read from where they lie
MANY_VALUES = 20_000  # an attribute with more values than this, and than half the leads, names leads and groups nothing


def prepare_attributes(con: duckdb.DuckDBPyConnection, attributes: dict[str, str], data_through: datetime) -> None:
    """Fills main.fields, main.field_values, main.episode_values and main.today_values; leaves values_today. `attributes`: name of an attribute ->
    column of canonical.leads."""
    changed = [name for (name,) in con.execute("select distinct field from history.canonical.lead_changes order by 1").fetchall()]
    names = [*attributes, *(name for name in changed if name not in attributes)]
    own = ("rep", "team")
    rows = [(number, shown, name, None) for number, (name, shown) in enumerate(_shown_fields(names, own).items())]
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
    con.execute(sql("prepare/55_keyed_cells"))
    con.execute(sql("prepare/60_field_values"))
    con.execute(
        "create temp table value_labels as select cells.field_no, cells.label, field_values.value_no from keyed_cells as cells"
        " inner join history.main.field_values as field_values on field_values.field_no = cells.field_no and field_values.key = cells.key"
        " group by all"
    )
    con.execute(
        "create temp table episode_leads as select episodes.episode_no, leads.* from history.main.episodes as episodes"
        " inner join history.canonical.leads as leads on leads.lead_no = episodes.lead_no"
    )
    con.execute("create temp table lead_cells (episode_no integer, lead_no integer, field_no smallint, value_no integer)")
    for part, source in _in_parts(con, columns, "episode_leads as leads", "leads.episode_no, leads.lead_no, "):
        con.execute(f"insert into lead_cells {_lead_cells(part, source)}")
    con.execute(sql("prepare/68_attribute_changes"))
    con.execute(sql("prepare/69_values_today"), {"data_through": data_through})
    con.execute(sql("prepare/70_episode_values"))
    con.execute(sql("prepare/71_today_values"))
    _size_bands(con, names)
    con.execute("update history.main.fields set n_values = (select count(*) from history.main.field_values as v where v.field_no = fields.field_no)")
    for name in ("counted_cells", "keyed_cells", "folded", "value_labels", "episode_leads", "lead_cells"):
        con.execute(f"drop table {name}")


def _size_bands(con: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    """Adds the attribute size_band, made of the number of employees; not where the history has one of its own."""
    if "employees" not in names or SIZE_BAND in names:
        return
    employees = con.execute("select field_no from history.main.fields where attribute = 'employees'").fetchall()[0][0]
    con.execute(sql("prepare/72_size_bands"), {"employees": employees})
    if not con.execute("select count(*) from size_bands").fetchall()[0][0]:
        return
    number = con.execute("select max(field_no) + 1 from history.main.fields").fetchall()[0][0]
    first = con.execute("select max(value_no) + 1 from history.main.field_values").fetchall()[0][0]
    con.execute(
        "insert into history.main.fields select $number, $name, null, $name, null, is_tracked, false, 0 from history.main.fields"
        " where attribute = 'employees'",
        {"number": number, "name": SIZE_BAND},
    )
    con.execute(
        "insert into history.main.field_values"
        " select ($first + dense_rank() over (order by bands.place) - 1)::integer, $number, bands.label, bands.label, sum(bands.n)::bigint"
        " from size_bands as bands"
        " group by bands.place, bands.label order by bands.place",
        {"first": first, "number": number},
    )
    con.execute(
        "insert into history.main.episode_values select $number, told.episode_no, named.value_no from history.main.episode_values as told"
        " inner join size_bands as bands on bands.of_value_no = told.value_no"
        " inner join history.main.field_values as named on named.field_no = $number and named.label = bands.label"
        " where told.field_no = $employees order by told.episode_no",
        {"number": number, "employees": employees},
    )
    con.execute("drop table size_bands")


def _shown_fields(names: list[str], own: tuple[str, ...]) -> dict[str, str]:
    """How each attribute of leads is called: by its name, but for `own` (which mean the owner): `lead rep`, or the first of `lead rep 2`.. left."""
    taken = {*names, *own}
    shown = {}
    for name in names:
        called, number = f"lead {name}" if name in own else name, 1
        while name in own and called in taken:
            number += 1
            called = f"lead {name} {number}"
        taken.add(called)
        shown[name] = called
    return shown


def _cells(con: duckdb.DuckDBPyConnection, columns: dict[str, int]) -> None:
    """counted_cells (field_no, label, n): every value that any attribute has or had; attributes that name leads are left out."""
    con.execute("create temp table counted_cells (field_no smallint, label varchar, n bigint)")
    leads = con.execute("select count(*) from resolved_leads").fetchall()[0][0]
    everywhere = "history.canonical.leads as leads inner join resolved_leads using (lead_no)"
    for column, field_no, source in _with_sources(con, dict(columns), everywhere):
        con.execute(
            f"insert into counted_cells select {field_no}, leads.{column}, count(*) from {source}"
            f" where leads.{column} is not null group by leads.{column}"
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


def _with_sources(con: duckdb.DuckDBPyConnection, columns: dict[str, int], everywhere: str) -> Iterator[tuple[str, int, str]]:
    for part, source in _in_parts(con, columns, everywhere, ""):
        yield from ((column, field_no, source) for column, field_no in part.items())


def _in_parts(con: duckdb.DuckDBPyConnection, columns: dict[str, int], everywhere: str, beside: str) -> Iterator[tuple[dict[str, int], str]]:
    """The columns, and where to read them. Of very many, some at a time from a narrow copy: a statement costs as much as its table has columns."""
    if len(columns) <= _WIDE:
        if columns:
            yield columns, everywhere
        return
    named = list(columns.items())
    for first in range(0, len(named), _WIDE):
        part = dict(named[first : first + _WIDE])
        con.execute(f"create or replace temp table narrow_part as select {beside}{', '.join(f'leads.{column}' for column in part)} from {everywhere}")
        yield part, "narrow_part as leads"
    con.execute("drop table narrow_part")


def _lead_cells(columns: dict[str, int], source: str) -> str:
    """One row per episode and attribute of which its lead has a value: today's value, for attributes that never changed."""
    parts = [
        f"select leads.episode_no, leads.lead_no, {field_no}::smallint as field_no, labels.value_no from {source}"
        f" inner join value_labels as labels on labels.field_no = {field_no} and labels.label = leads.{column}"
        for column, field_no in columns.items()
    ]
    return " union all ".join(parts)
