"""From a file's records as text to the typed rows of one canonical table, with a reason for every record left out.

The statements are generated from the table's definition (history/schema.py); names and values of the file are bound,
its columns are c0..cn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches

import duckdb

from plumbline.errors import InputError
from plumbline.history.schema import DAYS, TABLES, Column, Table
from plumbline.importing.feed import Cell, Condition, Feed
from plumbline.importing.text import clean

UNIT = "\x1f"
ODD = "[^!-~ ]|^ | $|  "  # what cleaning would change, or might
_BLANK = r"[\s\x0b\x1c-\x1f\x{85}\p{Z}]*"
_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
_TRUE, _FALSE = ("true", "yes", "1", "t", "y"), ("false", "no", "0", "f", "n")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199  # outside: a sentinel such as 9999-12-31 or a two-digit year
IN_RANGE = f"between {_FIRST_YEAR} and {_LAST_YEAR}"


@dataclass
class Problem:
    """One record that did not pass: its index among the kept records of the file, the column and the reason."""

    record: int
    column: str
    reason: str


class Statement:
    """A select list under construction, with its joins and bound values."""

    def __init__(self, header: dict[str, str]) -> None:
        self.header = header  # name of a file's column -> c0..cn
        self.joins: list[str] = []
        self.values: dict[str, object] = {}
        self.lookups = 0

    def next(self) -> int:
        """A number for a lookup table of this statement."""
        self.lookups += 1
        return self.lookups

    def bind(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"


def convert(
    con: duckdb.DuckDBPyConnection,
    raw: str,
    header: dict[str, str],
    types: dict[str, str],
    feed: Feed,
    file_no: int,
    feed_no: int,
    attributes: dict[str, str],
):
    """Adds the rows of `raw` to the typed table of `feed`. Returns (records seen, problems).

    `header` maps the file's column names to raw's; `types` gives raw's DuckDB types; `attributes` maps a lead's attribute
    to its column a0..an of typed_leads (filled by the caller for every attribute of the feed).
    """
    table = TABLES[feed.table]
    fixes: dict[str, dict[str, datetime]] = {}
    for attempt in (1, 2):
        statement = Statement(header)
        selected, problems = _columns(con, raw, statement, table, feed, types, attributes, fixes)
        where = _condition(statement, feed, types)
        source = f"{raw} {' '.join(statement.joins)}"
        names = ", ".join(selected)
        expressions = ", ".join(f"{expression} as {name}" for name, expression in selected.items())
        checked = f"select {raw}.rowid as record, {expressions}, {_first(problems)} as problem from {source} where {where}"
        seen = _count(con, f"select count(*) from {raw} where {_condition(only := Statement(header), feed, types)}", only.values)
        _run(
            con,
            f"insert into typed_{table.name} (file_no, feed_no, record, {names})"
            f" select {file_no}, {feed_no}, record, {names} from ({checked}) where problem is null",
            statement.values,
        )
        if _count(con, f"select count(*) from typed_{table.name} where feed_no = {feed_no}", {}) == seen:
            return seen, []
        rows = _run(con, f"select record, problem from ({checked}) where problem is not null order by record", statement.values)
        if attempt == 1 and (fixes := _iso_fixes(con, raw, header, types, table, feed, rows)):
            con.execute(f"delete from typed_{table.name} where feed_no = {feed_no}")
            continue
        return seen, [Problem(record, *problem.split(UNIT, 1)) for record, problem in rows]
    raise AssertionError("unreachable")


def _run(con: duckdb.DuckDBPyConnection, statement: str, values: dict[str, object]) -> list[tuple]:
    """Runs a statement with those of `values` that it names (DuckDB refuses others)."""
    named = set(re.findall(r"\$(v\d+)\b", statement))
    return con.execute(statement, {name: value for name, value in values.items() if name in named}).fetchall()


def _count(con: duckdb.DuckDBPyConnection, statement: str, values: dict[str, object]) -> int:
    return _run(con, statement, values)[0][0]


def _first(problems: list[tuple[str, str]]) -> str:
    return "case " + " ".join(f"when {test} then {text}" for test, text in problems) + " end" if problems else "null::varchar"


def _condition(statement: Statement, feed: Feed, types: dict[str, str]) -> str:
    """Which records feed the table at all."""
    parts = ["true"]
    for condition in feed.when:
        parts.append(_is_one_of(statement, condition))
    parts += [f"nullif(trim({text_of(statement, feed.cells[name], types)}), '') is not null" for name in feed.optional]
    return " and ".join(parts)


def _is_one_of(statement: Statement, condition: Condition) -> str:
    return f"list_contains({statement.bind(list(condition.values))}::varchar[], trim({statement.header[condition.column]}::varchar))"


def text_of(statement: Statement, cell: Cell, types: dict[str, str]) -> str:
    """The cell as text, null where it is empty or says that nothing is known."""
    if cell.constant is not None:
        return f"{statement.bind(cell.constant)}::varchar"
    column = statement.header[cell.column]
    if types[column] != "VARCHAR":
        return f"{column}::varchar"
    if cell.missing:
        return f"(case when list_contains({statement.bind([*cell.missing, ''])}::varchar[], trim({column})) then null else {column} end)"
    return f"nullif({column}, '')"


def _columns(con, raw, statement, table: Table, feed: Feed, types, attributes, fixes):
    selected: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    extra: list[str] = []
    for name, cell in feed.cells.items():
        column = table.column(name) or Column(name)
        text = text_of(statement, cell, types)
        if table.name == "leads" and table.column(name) is None:
            selected[attributes[name]] = _cleaned(con, raw, statement, cell, text)
            _unmapped(statement, cell, name, text, problems)
            continue
        if table.column(name) is None:
            extra.append(f"{statement.bind(name)}::varchar, {_cleaned(con, raw, statement, cell, text)}")
            continue
        if name in ("lead_id", "into_lead_id") and table.name != "leads":
            selected[name.replace("_id", "_no")] = number = _lead_no(con, raw, statement, cell, text)
            problems.append((f"{text} is null or {number} is null", f"'{name}{UNIT}{name} is empty'"))
            continue
        value = _VALUES[column.kind](con, raw, statement, cell, text, types, fixes.get(name, {}))
        if column.required:
            is_empty = f"{value} is null" if column.kind in ("text", "id") and cell.labels is None else f"nullif(trim({text}), '') is null"
            problems.append((is_empty, f"'{name}{UNIT}{name} is empty'"))
        _unmapped(statement, cell, name, text, problems)
        if column.kind not in ("text", "id"):
            shown = f"left({text}, 60)"
            unread = f"{text} is not null and {value} is null"
            if not column.required:  # white space alone is a missing value; looked at only where a value could not be read
                unread = f"case when {unread} then not regexp_full_match({text}, '{_BLANK}') else false end"
            problems.append((unread, f"'{name}{UNIT}' || {shown} || ' is no {_KIND_NAMES[column.kind]}'"))
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
        selected["extra"] = f"json_object({', '.join(extra)})"
    return selected, problems


def _unmapped(statement: Statement, cell: Cell, name: str, text: str, problems: list[tuple[str, str]]) -> None:
    if cell.labels is not None:
        known = statement.bind([clean(label) for label in cell.labels])
        problems.append(
            (
                f"{text} is not null and not list_contains({known}::varchar[], trim({text}))",
                f"{statement.bind(f'{name}{UNIT}the label ')}::varchar || left({text}, 60) || ' is not mapped'",
            )
        )


def _cleaned(con, raw: str, statement: Statement, cell: Cell, text: str) -> str:
    """Text cleaned once: the few values that cleaning changes are looked up, the others pass as they are."""
    if cell.constant is not None:
        return f"{statement.bind(clean(cell.constant))}::varchar"
    column = statement.header[cell.column]
    if cell.labels is not None:
        pairs = [(label, clean(ours)) for label, ours in cell.labels.items()]
        lookup = lookup_table(con, f"labels_{statement.next()}", pairs)
        statement.joins.append(f"left join {lookup} on {lookup}.raw = trim({column}::varchar)")
        return f"{lookup}.clean"
    if not con.execute(
        "select 1 from duckdb_columns() where table_name = $raw and column_name = $column and data_type = 'VARCHAR'", {"raw": raw, "column": column}
    ).fetchall():
        return text
    odd = con.execute(f"select distinct {column} from {raw} where regexp_matches({column}, $odd)", {"odd": ODD}).fetchall()
    if not odd:
        return text
    lookup = lookup_table(con, f"clean_{statement.next()}", [(value, clean(value)) for (value,) in odd])
    statement.joins.append(f"left join {lookup} on {lookup}.raw = {column}")
    if not cell.missing:
        return f"(case when {lookup}.raw is null then {text} else {lookup}.clean end)"
    return f"(case when {text} is null then null when {lookup}.raw is null then {text} else {lookup}.clean end)"


def lookup_table(con, name: str, pairs: list[tuple[str, str | None]]) -> str:
    """A temporary table (raw, clean)."""
    import polars as pl

    frame = pl.DataFrame(pairs, schema={"raw": pl.String, "clean": pl.String}, orient="row").unique("raw", keep="first")
    con.register("pairs", frame)
    con.execute(f"create or replace temp table {name} as select * from pairs")
    con.unregister("pairs")
    return name


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


def instant_of(statement: Statement, cell: Cell, text: str) -> str:
    """The instant in UTC that a text says, of whatever year; null where it cannot be read."""
    if cell.date_format:
        parsed = f"try_strptime(trim({text}), {statement.bind(cell.date_format)})"
        value = parsed if cell.zone in ("UTC", "") else f"(timezone({statement.bind(cell.zone)}, {parsed}) at time zone 'UTC')"
    elif cell.zone in ("UTC", ""):
        value = f"(case when {text} >= '0' and {text} < ':' then make_timestamp(epoch_us(try_cast({text} as timestamptz))) end)"
    else:
        has_offset = f"regexp_matches({text}, '[0-9](Z|z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$') and length({text}) > 12"
        local = f"timezone({statement.bind(cell.zone)}, try_cast({text} as timestamp))"
        instant = f"case when {has_offset} then try_cast({text} as timestamptz) else {local} end"
        value = f"(case when {text} >= '0' and {text} < ':' then {instant} end at time zone 'UTC')"
    return value


def _time(con, raw, statement: Statement, cell: Cell, text: str, types, fixes) -> str:
    column = statement.header.get(cell.column, "")
    kind = types.get(column, "VARCHAR")
    if kind.startswith("TIMESTAMP WITH"):
        return f"(case when year({column}) {IN_RANGE} then {column} at time zone 'UTC' end)"
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        value = (
            f"(timezone({statement.bind(cell.zone)}, {column}::timestamp) at time zone 'UTC')"
            if cell.zone not in ("UTC", "")
            else f"{column}::timestamp"
        )
        return f"(case when year({column}) {IN_RANGE} then {value} end)"
    value = instant_of(statement, cell, text)
    value = f"(case when year({value}) {IN_RANGE} then {value} end)"
    if fixes:
        lookup = f"fix_{statement.next()}"
        import polars as pl

        con.register(
            "pairs", pl.DataFrame({"raw": list(fixes), "instant": list(fixes.values())}, schema={"raw": pl.String, "instant": pl.Datetime("us")})
        )
        con.execute(f"create or replace temp table {lookup} as select * from pairs")
        con.unregister("pairs")
        statement.joins.append(f"left join {lookup} on {lookup}.raw = {column}")
        value = f"coalesce({lookup}.instant, {value})"
    return value


def _iso_fixes(con, raw: str, header: dict[str, str], types: dict[str, str], table: Table, feed: Feed, rows) -> dict[str, dict[str, datetime]]:
    """ISO 8601 texts that the quick reader does not take (week dates, basic form, comma fractions), read by Python."""
    failing = {problem.split(UNIT, 1)[0] for _, problem in rows}
    fixes: dict[str, dict[str, datetime]] = {}
    for name in failing:
        column, cell = table.column(name), feed.cells.get(name)
        if (
            column is None
            or column.kind != "time"
            or cell is None
            or cell.date_format
            or cell.constant is not None
            or types[header[cell.column]] != "VARCHAR"
        ):
            continue
        records = [record for record, problem in rows if problem.split(UNIT, 1)[0] == name]
        texts = con.execute(f"select distinct {header[cell.column]} from {raw} where list_contains($records, rowid)", {"records": records}).fetchall()
        found = {text: instant for (text,) in texts if text and (instant := _iso(text, cell.zone or "UTC"))}
        if found:
            fixes[name] = found
    return fixes


def _iso(text: str, zone: str) -> datetime | None:
    from zoneinfo import ZoneInfo

    try:
        moment = datetime.fromisoformat(text.strip().replace(" Z", "Z").replace("z", "Z"))
        instant = (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return instant if _FIRST_YEAR <= instant.year <= _LAST_YEAR else None


def _plain(con, raw, statement, cell, text, types, fixes) -> str:
    return _cleaned(con, raw, statement, cell, text)


def _number(con, raw, statement, cell, text, types, fixes) -> str:
    number = f"try_cast(trim({text}) as double)"
    return f"(case when regexp_full_match(trim({text}), '{_NUMBER}') and isfinite({number}) then {number} end)"


def _flag(con, raw, statement, cell, text, types, fixes) -> str:
    return flag_value(_cleaned(con, raw, statement, cell, text) if cell.labels is not None else text)


def flag_value(text: str) -> str:
    """Yes or no; null where the text is neither."""
    listed = {True: ", ".join(f"'{word}'" for word in _TRUE), False: ", ".join(f"'{word}'" for word in _FALSE)}
    in_any_case = f"case when lower(trim({text})) in ({listed[True]}) then true when lower(trim({text})) in ({listed[False]}) then false end"
    return f"(case when {text} = 'false' then false when {text} = 'true' then true else {in_any_case} end)"


def _date(con, raw, statement, cell, text, types, fixes) -> str:
    if cell.date_format:
        return f"strftime(try_strptime(trim({text}), {statement.bind(cell.date_format)}), '%Y-%m-%d')"
    day, month = r"\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?Z?)?", r"\d{4}-\d{2}"
    return (
        f"(case when regexp_full_match(trim({text}), '{day}') and try_cast(left(trim({text}), 10) as date) is not null then left(trim({text}), 10)"
        f" when regexp_full_match(trim({text}), '{month}') and try_cast(trim({text}) || '-01' as date) is not null then trim({text}) end)"
    )


def _clock(con, raw, statement, cell, text, types, fixes) -> str:
    parsed = f"try_strptime(trim({text}), ['%H:%M', '%H:%M:%S'])"
    return f"(case when regexp_full_match(trim({text}), '24:00(:00)?') then '24:00' else strftime({parsed}, '%H:%M') end)"


def _day(con, raw, statement, cell, text, types, fixes) -> str:
    listed = ", ".join(f"'{day}'" for day in DAYS)
    return f"(case when lower(trim({text})) in ({listed}) then lower(trim({text})) else {_date(con, raw, statement, cell, text, types, fixes)} end)"


_VALUES = {"text": _plain, "id": _plain, "time": _time, "number": _number, "flag": _flag, "date": _date, "clock": _clock, "day": _day}
_KIND_NAMES = {
    "time": "ISO 8601 time",
    "number": "number",
    "flag": "yes or no",
    "date": "date (YYYY-MM-DD, or YYYY-MM for a month)",
    "clock": "time of day (HH:MM)",
    "day": "day (mon..sun or YYYY-MM-DD)",
}


def check_cells(feed: Feed, header: tuple[str, ...], file: str) -> None:
    """Raises InputError where the feed asks for a column that the file does not have."""
    for name, cell in [*feed.cells.items(), *((f"when {item.column}", Cell(item.column)) for item in feed.when)]:
        if cell.constant is None and cell.column not in header:
            near = get_close_matches(cell.column, header, 1)
            hint = f"did the export call it {near[0]!r}" if near else f"the file has {', '.join(header[:12])}"
            raise InputError(f"there is no column {cell.column!r} (for {feed.table}.{name.removeprefix('when ')})", file, hint)
