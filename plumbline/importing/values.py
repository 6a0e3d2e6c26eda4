"""What a cell's text says: instants, numbers, flags, days and times of day as expressions, null where it cannot be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl

from plumbline.history.schema import DAYS, Table
from plumbline.importing import days
from plumbline.importing.amount_columns import is_text, number_of
from plumbline.importing.feed import Cell, Feed
from plumbline.importing.statement import UNIT, Statement, cleaned

_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
TRUE_WORDS, FALSE_WORDS = ("true", "yes", "1", "t", "y"), ("false", "no", "0", "f", "n")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199  # outside: a sentinel such as 9999-12-31 or a two-digit year
IN_RANGE = f"between {_FIRST_YEAR} and {_LAST_YEAR}"
_ISO = r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|UTC|[+-]\d\d(:?\d\d)?))?)?"
YEAR_FIRST = r"\s*\d{4}([^\d-]\d{1,2}\D\d{1,2}|-\d\D\d{1,2}|-\d\d-\d)(\D.*)?"  # a day, its year first, in another form than ISO 8601


def _is_iso(text: str) -> str:
    """Whether a text has the form of ISO 8601: DuckDB also reads 2026/01/05, 2026-1-5 and names of zones such as CST. The usual forms come first."""
    usual = f"({text} like '____-__-__T__:__%' and not contains({text}, ' ')) or {text} like '____-__-__ __:__:__' or {text} like '____-__-__'"
    return f"({usual} or regexp_full_match({text}, '{_ISO}'))"


def instant_of(statement: Statement, cell: Cell, text: str) -> str:
    """The instant in UTC that a text says, of whatever year; null where it cannot be read. A day stands at its beginning, in `day_zone`."""
    if cell.date_format:
        parsed = f"try_strptime(trim({text}), {statement.bind(cell.date_format)})"
        zone = cell.zone if days.has_clock(cell.date_format) else days.zone_of(cell)
        value = parsed if zone in ("UTC", "") else f"(timezone({statement.bind(zone)}, {parsed}) at time zone 'UTC')"
    elif days.zone_of(cell) != (cell.zone or "UTC"):
        of_day, of_time = (replace(cell, zone=zone, day_zone="") for zone in (days.zone_of(cell), cell.zone))
        is_day = days.says_day(cell, text)
        value = f"(case when {is_day} then {instant_of(statement, of_day, text)} else {instant_of(statement, of_time, text)} end)"
    elif cell.zone in ("UTC", ""):
        value = f"(case when {_is_iso(text)} then make_timestamp(epoch_us(try_cast({text} as timestamptz))) end)"
    else:
        has_offset = f"regexp_matches({text}, '[0-9](Z|z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$') and length({text}) > 12"
        local = f"timezone({statement.bind(cell.zone)}, try_cast({text} as timestamp))"
        instant = f"case when {has_offset} then try_cast({text} as timestamptz) else {local} end"
        value = f"(case when {_is_iso(text)} then {instant} end at time zone 'UTC')"
    return value


def _time(con, raw, statement: Statement, cell: Cell, text: str, types, fixes) -> str:
    column = statement.header.get(cell.column, "")
    kind = types.get(column, "VARCHAR")
    if cell.missing and kind != "VARCHAR":
        column = f"(case when {text} is not null then {column} end)"
    if kind.startswith("TIMESTAMP WITH"):
        return f"(case when year({column}) {IN_RANGE} then {column} at time zone 'UTC' end)"
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        zone = days.zone_of(cell) if kind == "DATE" else cell.zone
        value = f"(timezone({statement.bind(zone)}, {column}::timestamp) at time zone 'UTC')" if zone not in ("UTC", "") else f"{column}::timestamp"
        return f"(case when year({column}) {IN_RANGE} then {value} end)"
    value = instant_of(statement, cell, text)
    value = f"(case when year({value}) {IN_RANGE} then {value} end)"
    if fixes:
        lookup = f"fix_{statement.next()}"
        con.register(
            "pairs", pl.DataFrame({"raw": list(fixes), "instant": list(fixes.values())}, schema={"raw": pl.String, "instant": pl.Datetime("us")})
        )
        con.execute(f"create or replace temp table {lookup} as select * from pairs")
        con.unregister("pairs")
        statement.joins.append(f"left join {lookup} on {lookup}.raw = {column}")
        value = f"coalesce({lookup}.instant, {value})"
    return value


def iso_fixes(con, raw: str, header: dict[str, str], types: dict[str, str], table: Table, feed: Feed, rows) -> dict[str, dict[str, datetime]]:
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
        found = {text: instant for (text,) in texts if text and (instant := _iso_by_python(text, cell))}
        if found:
            fixes[name] = found
    return fixes


def _iso_by_python(text: str, cell: Cell) -> datetime | None:
    from zoneinfo import ZoneInfo

    zone = days.zone_of(cell) if days.is_day_text(text) else cell.zone or "UTC"
    try:
        moment = datetime.fromisoformat(text.strip().replace(" Z", "Z").replace("z", "Z"))
        instant = (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return instant if _FIRST_YEAR <= instant.year <= _LAST_YEAR else None


def _plain(con, raw, statement, cell, text, types, fixes) -> str:
    return cleaned(con, raw, statement, cell, text)


def _number(con, raw, statement, cell, text, types, fixes) -> str:
    if is_text(cell, statement.header, types):
        return number_of(con, raw, statement, cell, text)
    number = f"try_cast(trim({text}) as double)"
    return f"(case when regexp_full_match(trim({text}), '{_NUMBER}') and isfinite({number}) then {number} end)"


def _flag(con, raw, statement, cell, text, types, fixes) -> str:
    return flag_value(cleaned(con, raw, statement, cell, text) if cell.labels is not None else text)


def flag_value(text: str) -> str:
    """Yes or no; null where the text is neither."""
    # Not by `in` or list_contains: of five values DuckDB makes a join, for every row, after which records come in any order.
    is_true, is_false = (f"regexp_full_match(lower(trim({text})), '{'|'.join(words)}')" for words in (TRUE_WORDS, FALSE_WORDS))
    in_any_case = f"case when {is_true} then true when {is_false} then false end"
    return f"(case when {text} = 'false' then false when {text} = 'true' then true else {in_any_case} end)"


def whole_number(text: str) -> str:
    """A number of events; null where the text is none. 3.0, as some write a whole number, is one."""
    return f"(case when regexp_full_match(trim({text}), '[0-9]{{1,15}}(\\.0+)?') then try_cast(trim({text}) as double)::bigint end)"


def _is_typed(statement: Statement, cell: Cell, types: dict[str, str]) -> bool:
    """Whether the column has a type of its own (Parquet), so that a pattern of texts says nothing of it."""
    return types.get(statement.header.get(cell.column, ""), "VARCHAR") != "VARCHAR"


def _date(con, raw, statement, cell, text, types, fixes) -> str:
    if cell.date_format and not _is_typed(statement, cell, types):
        parsed = f"try_strptime(trim({text}), {statement.bind(cell.date_format)})"
        return f"(case when year({parsed}) {IN_RANGE} then strftime({parsed}, '%Y-%m-%d') end)"
    month = f"try_cast(case when regexp_full_match(trim({text}), '\\d{{4}}-\\d{{2}}') then trim({text}) || '-01' end as date)"
    return f"coalesce({_whole_day(text)}, case when year({month}) {IN_RANGE} then trim({text}) end)"


def _whole_day(text: str) -> str:
    """YYYY-MM-DD, maybe with a time of day of midnight, as such; else null."""
    pattern = r"\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?Z?)?"
    parsed = f"try_cast(case when regexp_full_match(trim({text}), '{pattern}') then left(trim({text}), 10) end as date)"
    return f"(case when year({parsed}) {IN_RANGE} then left(trim({text}), 10) end)"


def _clock(con, raw, statement, cell, text, types, fixes) -> str:
    parsed = f"try_strptime(trim({text}), ['%H:%M', '%H:%M:%S'])"
    return f"(case when regexp_full_match(trim({text}), '24:00(:00)?') then '24:00' else strftime({parsed}, '%H:%M') end)"


def _day(con, raw, statement, cell, text, types, fixes) -> str:
    listed = ", ".join(f"'{day}'" for day in DAYS)
    has_pattern = cell.date_format and not _is_typed(statement, cell, types)
    day = _date(con, raw, statement, cell, text, types, fixes) if has_pattern else _whole_day(text)
    return f"(case when lower(trim({text})) in ({listed}) then lower(trim({text})) else {day} end)"


VALUES = {"text": _plain, "id": _plain, "time": _time, "number": _number, "flag": _flag, "date": _date, "clock": _clock, "day": _day}
YEAR_FIRST_HINT = " (write YYYY-MM-DD, or name its date_format in a mapping)"
KIND_NAMES = {
    "time": "ISO 8601 time",
    "number": "number",
    "flag": "yes or no",
    "date": "date (YYYY-MM-DD, or YYYY-MM for a month, 1900 to 2199)",
    "clock": "time of day (HH:MM)",
    "day": "day (mon..sun or YYYY-MM-DD)",
}
