"""The quick way for event files with nothing amiss: read, parsed and resolved in one pass, without a copy of the file as text.

It never judges: at the first record that does not pass it gives up, and the careful way (convert.py) reads the file
again and says what is wrong with which line. Both keep the same rows.
"""

from __future__ import annotations

from collections import Counter

import duckdb

from plumbline.history.coding import few_values, fixed_enum, make_enum
from plumbline.history.schema import TABLES, Column, day_column
from plumbline.importing.convert import add_lead_ids
from plumbline.importing.csv_file import CsvFile, records_of
from plumbline.importing.feed import ROW_ID, Feed
from plumbline.importing.statement import ODD, Statement, lookup_table, text_of
from plumbline.importing.time_cells import usual_day, usual_doubt, usual_instant
from plumbline.importing.values import flag_value
from plumbline.importing.zone_shift import SKIPPED, TWICE
from plumbline.text import clean


def is_simple(feed: Feed) -> bool:
    """Whether the feed is an event table's, every cell a column of the file, nothing mapped, kept beside or left out."""
    table = TABLES[feed.table]
    is_plain = all(
        table.column(name) and cell.constant is None and cell.labels is None and cell.column != ROW_ID for name, cell in feed.cells.items()
    )
    return table.is_event and is_plain and not feed.when and not feed.optional and feed.repeat is None


def name_leads(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the type `lead_names`: an enum of the ids of all leads whose codes are their numbers. Looking one up is then a cast.

    (A join would be quicker where leads lie at random, but its rows come in any order, and a record is known by its place.)
    """
    con.execute("create type lead_names as enum (select lead_id from lead_ids order by lead_no)")


def load(
    con: duckdb.DuckDBPyConnection, file: CsvFile, header: dict[str, str], feed: Feed, file_no: int, feed_no: int, doubtful: Counter
) -> tuple[str, list[str]] | None:
    """The file as (a select over a table `loaded_<feed_no>` made here, its columns of typed_<table>); None: take the careful way."""
    loaded = f"loaded_{feed_no}"
    statement = Statement(header)
    reader, values = records_of(file)
    try:
        con.execute(f"create or replace table {loaded} as {_parsed(statement, feed, reader)}", {**values, **statement.values})
    except duckdb.InvalidInputException:  # said by the careful way
        return None
    kept, failed = con.execute(f"select count(*), count(*) filter (is_failing) from {loaded}").fetchall()[0]
    columns = _resolved(con, loaded, feed, feed_no) if kept == file.kept and not failed else {}
    if not columns:
        con.execute(f"drop table {loaded}")
        return None
    _note_doubts(con, loaded, feed, doubtful)
    expressions = ", ".join(f"{expression} as {name}" for name, (expression, _) in columns.items())
    joins = " ".join(join for _, join in columns.values())
    select = (
        f"select {file_no}::integer as file_no, {feed_no}::integer as feed_no, loaded.rowid as record, {expressions} from {loaded} as loaded {joins}"
    )
    return select, list(columns)


def _parsed(statement: Statement, feed: Feed, reader: str) -> str:
    """The select that parses the file's texts, each once, with `is_failing`: whether any cell of a record cannot be read."""
    types = dict.fromkeys(statement.header.values(), "VARCHAR")
    parsed, kept, tests = [], [], ["false"]
    for name, cell in feed.cells.items():
        column, text = TABLES[feed.table].column(name), text_of(statement, cell, types)
        if name == "lead_id":
            parsed += [f"{text} as lead_id", f"enum_code(try_cast({text} as lead_names))::integer as lead_no"]
            kept += ["lead_no", "case when lead_no is null then lead_id end as unknown_lead"]
            continue
        value = text
        if column.kind == "time":
            value = usual_instant(statement, cell, text)
            if doubt := usual_doubt(statement, cell, text):
                parsed.append(f"{doubt} as doubt_{name}")
                kept.append(f"doubt_{name}::utinyint as doubt_{name}")
            if name == day_column(TABLES[feed.table]):
                parsed.append(f"{usual_day(statement, cell, text)} as is_day")
                kept.append("is_day")
        elif column.kind == "flag":
            value = flag_value(text)
        elif column.allowed:
            value = f"try_cast({text} as {fixed_enum(column.allowed)})"
        if column.required:
            tests.append(f"{name} is null")
        elif value != text:
            parsed.append(f"{text} is not null as has_{name}")
            tests.append(f"(has_{name} and {name} is null)")
        parsed.append(f"{value} as {name}")
        kept.append(name if column.default is None else f"coalesce({name}, {_default(column)}) as {name}")
    failing = f"coalesce({' or '.join(tests)}, false)"
    return f"select {', '.join(kept)}, {failing} as is_failing from (select {', '.join(parsed)} from {reader})"


def _note_doubts(con: duckdb.DuckDBPyConnection, loaded: str, feed: Feed, doubtful: Counter) -> None:
    """Counts the times of an hour that comes twice, or never, where the columns beside them say so."""
    names = [name for (name,) in con.execute("select column_name from duckdb_columns() where table_name = $loaded", {"loaded": loaded}).fetchall()]
    for column in [name for name in names if name.startswith("doubt_")]:
        for kind in (TWICE, SKIPPED):
            count = con.execute(f"select count(*) filter ({column} = {kind}) from {loaded}").fetchall()[0][0]
            doubtful[feed.table, column.removeprefix("doubt_"), kind] += count


def _default(column: Column) -> str:
    return str(column.default).lower() if column.kind == "flag" else f"'{column.default}'::{fixed_enum(column.allowed)}"


def _resolved(con: duckdb.DuckDBPyConnection, loaded: str, feed: Feed, feed_no: int) -> dict[str, tuple[str, str]]:
    """For each column its expression over `loaded` and the join that it needs; empty where a required text turns out to be missing."""
    columns = {"lead_no": ("loaded.lead_no", "")}
    without = con.execute(f"select count(*), count(unknown_lead) from {loaded} where lead_no is null").fetchall()[0]
    if without[0]:
        unknown = con.execute(
            f"select distinct unknown_lead from {loaded} anti join lead_aliases on raw = unknown_lead where lead_no is null"
        ).fetchall()
        if without[0] > without[1] or not all(clean(value) for (value,) in unknown):
            return {}
        add_lead_ids(con, [value for (value,) in unknown])
        columns["lead_no"] = ("coalesce(loaded.lead_no, unknown.lead_no)", "left join lead_aliases as unknown on unknown.raw = loaded.unknown_lead")
    for name in feed.cells:
        column = TABLES[feed.table].column(name)
        if name == "lead_id":
            continue
        if column.kind not in ("text", "id") or column.allowed:
            columns[name] = (f"loaded.{name}", "")
            continue
        columns[name] = _text(con, loaded, column, feed_no)
        if not columns[name][0]:
            return {}
    columns["is_day"] = ("loaded.is_day", "")
    return columns


def _text(con: duckdb.DuckDBPyConnection, loaded: str, column: Column, feed_no: int) -> tuple[str, str]:
    """A column of text, cleaned where cleaning changes anything, as an enum where it has few values. Empty: a required one is missing."""
    name, expression, join = column.name, f"loaded.{column.name}", ""
    few = few_values(con, loaded, name)
    told = few
    if told is None:
        told = [
            value for (value,) in con.execute(f"select distinct {name} from {loaded} where regexp_matches({name}, $odd)", {"odd": ODD}).fetchall()
        ]
    changed = {value: cleaned for value in told if (cleaned := clean(value)) != value}
    if column.required and not all(changed.values()):
        return "", ""
    if changed:
        lookup = lookup_table(con, f"cleaned_{feed_no}_{name}", list(changed.items()))
        expression, join = (
            f"case when {lookup}.raw is null then loaded.{name} else {lookup}.clean end",
            f"left join {lookup} on {lookup}.raw = loaded.{name}",
        )
    if few:
        values = {changed.get(value, value) for value in few} - {None}
        expression = f"({expression})::{make_enum(con, f'values_{feed_no}_{name}', values)}" if values else expression
    return expression, join
