"""From a file's records as text to the typed rows of one canonical table, with a reason for every record left out.

The statements are generated from the table's definition (history/schema.py); names and values of the file are bound,
its columns are c0..cn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import duckdb

from plumbline.history.schema import TABLES, Column, Table, day_column
from plumbline.importing.amount_columns import is_text, plain_text_of
from plumbline.importing.feed import MOST_REPEATS, Cell, Condition, Feed
from plumbline.importing.statement import UNIT, Statement, cleaned, common, forms, odd_columns, run_with, text_of
from plumbline.importing.values import VALUES, whole_number
from plumbline.importing.zone_shift import SKIPPED, TWICE
from plumbline.text import clean


@dataclass
class Problem:
    """One record that did not pass: its index among the kept records of the file, the column and the reason."""

    record: int
    column: str
    reason: str


def convert(
    con: duckdb.DuckDBPyConnection,
    raw: str,
    header: dict[str, str],
    types: dict[str, str],
    feed: Feed,
    file_no: int,
    feed_no: int,
    attributes: dict[str, str],
    doubtful: Counter,
):
    """Adds the rows of `raw` to the typed table of `feed`, each as often as its `repeat` says. Returns (records seen, problems).

    `header` maps the file's column names to raw's; `types` gives raw's DuckDB types; `attributes` maps a lead's attribute
    to its column a0..an of typed_leads (filled by the caller for every attribute of the feed); `doubtful`: times of an hour that comes twice,
    or never, by (table, column, TWICE or SKIPPED), added to.
    """
    table = TABLES[feed.table]
    statement = Statement(header)
    told = [header[cell.column] for cell in feed.cells.values() if cell.constant is None]
    statement.odd = odd_columns(con, raw, (column for column in told if types[column] == "VARCHAR"))
    selected, problems, doubts = _columns(con, raw, statement, table, feed, types, attributes)
    times = _times(statement, feed, types, problems)
    where = _condition(statement, feed, types)
    source = f"{raw} {' '.join(statement.joins)}"
    names = ", ".join(selected)
    expressions = ", ".join(f"{expression} as {name}" for name, expression in [*selected.items(), *times.items()])
    every = "select *, unnest(range(times)) as nth from" if times else "select * from"
    checked = f"select {raw}.rowid as record, {expressions}, {_first(problems)} as problem from {source} where {where}"
    seen = _count(con, f"select count(*) from {raw} where {_condition(only := Statement(header), feed, types)}", only.values)
    run_with(
        con,
        f"insert into typed_{table.name} (file_no, feed_no, record, {names})"
        f" select {file_no}, {feed_no}, record, {names} from ({every} ({checked}) where problem is null)",
        statement.values,
    )
    _note_doubts(con, statement, doubts, f"{source} where {where}", table.name, doubtful)
    if _count(con, f"select count({'distinct record' if times else '*'}) from typed_{table.name} where feed_no = {feed_no}", {}) == seen:
        return seen, []
    rows = run_with(con, f"select record, problem from ({checked}) where problem is not null order by record", statement.values)
    return seen, [Problem(record, *problem.split(UNIT, 1)) for record, problem in rows]


def _note_doubts(con, statement: Statement, doubts: dict[str, str], source: str, table: str, doubtful: Counter) -> None:
    """Counts the times of an hour that comes twice, or never."""
    for name, doubt in doubts.items():
        for kind in (TWICE, SKIPPED):
            doubtful[table, name, kind] += _count(con, f"select count(*) filter ({doubt} = {kind}) from {source}", statement.values)


def _count(con: duckdb.DuckDBPyConnection, statement: str, values: dict[str, object]) -> int:
    return run_with(con, statement, values)[0][0]


def _first(problems: list[tuple[str, str]]) -> str:
    return "case " + " ".join(f"when {test} then {text}" for test, text in problems) + " end" if problems else "null::varchar"


def _condition(statement: Statement, feed: Feed, types: dict[str, str]) -> str:
    """Which records feed the table at all."""
    parts = [meets(statement, feed)]
    parts += [f"nullif({common(text_of(statement, feed.cell(name), types))}, '') is not null" for name in feed.optional]
    if feed.repeat is not None:
        parts.append(f"{whole_number(text_of(statement, feed.repeat, types))} is distinct from 0")
    return " and ".join(parts)


def _times(statement: Statement, feed: Feed, types: dict[str, str], problems: list[tuple[str, str]]) -> dict[str, str]:
    """{"times": how often each record counts}, or nothing; what cannot be read goes into `problems`."""
    if feed.repeat is None:
        return {}
    text = text_of(statement, feed.repeat, types)
    times = whole_number(text)
    problems.append((f"nullif(trim({text}), '') is null", f"'repeat{UNIT}repeat is empty'"))
    problems.append(
        (f"not coalesce({times} <= {MOST_REPEATS}, false)", f"'repeat{UNIT}' || left({text}, 60) || ' is no whole number from 0 to {MOST_REPEATS}'")
    )
    return {"times": times}


def meets(statement: Statement, feed: Feed) -> str:
    """Which records `when` lets through."""
    return " and ".join(["true", *(_is_one_of(statement, condition) for condition in feed.when)])


def _is_one_of(statement: Statement, condition: Condition) -> str:
    text = f"coalesce({statement.header[condition.column]}::varchar, '')"
    return f"list_contains({statement.bind(forms(condition.values))}::varchar[], {common(text)})"


def _columns(con, raw, statement, table: Table, feed: Feed, types, attributes):
    """(column -> expression, [(test, text of the problem)], column -> expression of what is doubtful of its time)."""
    selected: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    doubts: dict[str, str] = {}
    extra: list[tuple[str, str]] = []
    for name, cell in feed.cells.items():
        column = table.column(name) or Column(name)
        text = text_of(statement, cell, types)
        if table.name == "leads" and table.column(name) is None:
            selected[attributes[name]] = kept = cleaned(con, raw, statement, cell, text)
            if is_text(cell, statement.header, types):
                selected[attributes[name]] = plain_text_of(con, raw, statement, cell, text, kept)
            _unmapped(statement, cell, name, text, problems)
            continue
        if table.column(name) is None:
            extra.append((name, cleaned(con, raw, statement, cell, text)))
            continue
        if name in ("lead_id", "into_lead_id") and table.name != "leads":
            selected[name.replace("_id", "_no")] = number = _lead_no(con, raw, statement, cell, text)
            problems.append((f"{text} is null or {number} is null", f"'{name}{UNIT}{name} is empty'"))
            continue
        read = VALUES[column.kind](con, raw, statement, cell, text, types)
        value = read.value
        if name == day_column(table):
            selected["is_day"] = f"coalesce({read.is_day}, false)"
        if read.doubt != "0":
            doubts[name] = read.doubt
        if column.required:
            is_empty = f"{value} is null and {read.reason} is null" if cell.labels is None else f"nullif(trim({text}), '') is null"
            problems.append((is_empty, f"'{name}{UNIT}{name} is empty'"))
        _unmapped(statement, cell, name, text, problems)
        if column.kind not in ("text", "id"):
            problems.append((f"{read.reason} is not null", f"'{name}{UNIT}' || {read.reason}"))
        elif column.allowed:
            listed = ", ".join(f"'{choice}'" for choice in column.allowed)
            problems.append(
                (
                    f"{value} not in ({listed})",
                    f"'{name}{UNIT}' || left({value}, 60) || ' is no {name} that Plumbline knows ({', '.join(column.allowed)})'",
                )
            )
        if column.default is not None:
            value = f"coalesce({value}, {str(column.default).lower() if column.kind == 'flag' else repr(column.default)})"
        selected[name] = value
    if extra:
        selected["extra"] = _beside(statement, extra)
    return selected, problems, doubts


def _beside(statement: Statement, cells: list[tuple[str, str]]) -> str:
    """What further columns say, in one order and without those that say nothing: the same row stays the same whatever the file's columns are."""
    pairs = ", ".join(f"{statement.bind(name)}::varchar, {value}" for name, value in sorted(cells))
    return f"nullif(json_merge_patch('{{}}', json_object({pairs}))::varchar, '{{}}')"


def _unmapped(statement: Statement, cell: Cell, name: str, text: str, problems: list[tuple[str, str]]) -> None:
    if cell.labels is not None:
        known = statement.bind(forms(cell.labels))
        problems.append(
            (
                f"{text} is not null and not list_contains({known}::varchar[], {common(text)})",
                f"{statement.bind(f'{name}{UNIT}the label ')}::varchar || left({text}, 60) || ' is not mapped'",
            )
        )


def _lead_no(con, raw: str, statement: Statement, cell: Cell, text: str) -> str:
    """The lead's number, by the table `lead_aliases`; ids that no lead has are numbered as orphans."""
    column = statement.header[cell.column]
    unknown = con.execute(
        f"select distinct {column}::varchar from {raw} anti join lead_aliases on lead_aliases.raw = {column}::varchar"
        f" where nullif({column}::varchar, '') is not null"
    ).fetchall()
    add_lead_ids(con, [value for (value,) in unknown])
    alias = f"alias_{statement.next()}"
    statement.joins.append(f"left join lead_aliases {alias} on {alias}.raw = {column}::varchar")
    return f"{alias}.lead_no"


def add_lead_ids(con, values: list[str]) -> None:
    """Numbers texts that are not yet among `lead_aliases`: by their clean form a known lead, else a new orphan."""
    import polars as pl

    cleaned = {value: clean(value) for value in values}
    names = sorted({name for name in cleaned.values() if name})
    if not names:
        return
    con.register("names", pl.DataFrame({"lead_id": names}))
    con.execute(
        "insert into lead_ids select (select coalesce(max(lead_no) + 1, 0) from lead_ids) + row_number() over (order by lead_id) - 1, lead_id, true"
        " from names anti join lead_ids using (lead_id)"
    )
    con.unregister("names")
    con.register(
        "pairs", pl.DataFrame([(raw, name) for raw, name in cleaned.items() if name], schema={"raw": pl.String, "lead_id": pl.String}, orient="row")
    )
    con.execute("insert into lead_aliases select raw, lead_no from pairs join lead_ids using (lead_id)")
    con.unregister("pairs")
