"""Times of a file's cells as expressions: the usual forms in one pass, every other text by the definition (instants.py), once each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from plumbline.importing.feed import Cell
from plumbline.importing.statement import Statement, run_with
from plumbline.importing.zone_shift import SKIPPED, TWICE, can_be_doubtful, doubt, to_utc
from plumbline.instants import FIRST_YEAR, LAST_YEAR, NO_DATE, NO_DATES, NO_TIME_ZONE, NO_ZONE, Notation, Reading
from plumbline.patterns import Pattern

_DAY = r"\d{4}-\d\d-\d\d"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
_OFFSET = r"(Z|\+(0\d|1[0-3])(:?[0-5]\d)?|\+14(:?00)?|-(0\d|1[01])(:?[0-5]\d)?|-12(:?00)?)"
_INSTANT, _LOCAL, _EITHER = f"{_DAY}[T ]{_CLOCK}{_OFFSET}", f"{_DAY}[T ]{_CLOCK}", f"{_DAY}[T ]{_CLOCK}{_OFFSET}?"
_FIRST, _END = (round((datetime(year, 1, 1) - datetime(1970, 1, 1)).total_seconds() * 1e6) for year in (FIRST_YEAR, LAST_YEAR + 1))


@dataclass(frozen=True)
class TimeCell:
    """Expressions over a cell: its instant, the reason of what has none, TWICE, SKIPPED or 0, and whether it is a date without a time."""

    instant: str
    reason: str
    doubt: str
    is_day: str


def notation_of(cell: Cell) -> Notation:
    """How the times of a cell are written."""
    return Notation(cell.zone, cell.day_zone or cell.zone or "UTC", tuple(Pattern(text) for text in cell.date_formats))


def usual_instant(statement: Statement, cell: Cell, text: str) -> str:
    """The instant in UTC that a text says, null where it says none or is not of a usual form."""
    notation = notation_of(cell)
    if not notation.patterns:
        return _by_iso(statement, notation, text)
    by_pattern = _by_pattern(statement, notation, text)
    if not by_pattern:
        return "null::timestamp"
    return f"coalesce({by_pattern}, {_by_iso(statement, notation, text)})" if notation.takes_iso else by_pattern


def usual_doubt(statement: Statement, cell: Cell, text: str) -> str:
    """TWICE or SKIPPED where a usual text is a local time of such an hour, else 0; "" where no text can be."""
    notation = notation_of(cell)
    if notation.zone == NO_ZONE or not can_be_doubtful(notation.zone):
        return ""
    local = f"epoch_us(case when regexp_full_match({text}, '{_LOCAL}') then try_cast({text} as timestamp) end)"
    if notation.patterns:
        pattern = notation.patterns[0]
        sure = pattern.sure_form if len(notation.patterns) == 1 and pattern.has_clock and not pattern.has_offset else ""
        parsed = f"epoch_us({_parsed(statement, pattern, text)})" if sure else "null::bigint"
        local = f"coalesce({parsed}, {local})" if notation.takes_iso else parsed
    found = f"coalesce({doubt(statement, local, notation.zone)}, 0)"
    return f"(case when {usual_day(statement, cell, text)} then 0 else {found} end)" if notation.patterns else found


def usual_day(statement: Statement, cell: Cell, text: str) -> str:
    """Whether a text of which `usual_instant` gives an instant is a date without a time."""
    notation = notation_of(cell)
    by_iso = f"regexp_full_match({text}, '{_DAY}')"
    if not notation.patterns:
        return by_iso
    pattern = notation.patterns[0]
    by_pattern = "" if pattern.has_clock or len(notation.patterns) > 1 else pattern.sure_form
    if not by_pattern:
        return by_iso if notation.takes_iso else "false"
    return f"(regexp_full_match({text}, {statement.bind_once(by_pattern)}) or {by_iso})" if notation.takes_iso else "true"


def _by_pattern(statement: Statement, notation: Notation, text: str) -> str:
    pattern = notation.patterns[0]
    if len(notation.patterns) > 1 or not pattern.sure_form:
        return ""
    zone = notation.zone if pattern.has_clock else notation.day_zone
    if zone == NO_ZONE:
        return ""
    local = f"epoch_us({_parsed(statement, pattern, text)})"
    return f"make_timestamp(case when {_is_date(local)} then {to_utc(statement, local, zone)} end)"


def _parsed(statement: Statement, pattern: Pattern, text: str) -> str:
    form = statement.bind_once(pattern.sure_form)
    return f"(case when regexp_full_match({text}, {form}) then try_strptime({text}, {statement.bind_once(pattern.text)}) end)"


def _by_iso(statement: Statement, notation: Notation, text: str) -> str:
    cast = f"epoch_us(try_cast({text} as timestamptz))"
    local, day = f"epoch_us(try_cast({text} as timestamp))", f"epoch_us(try_cast({text} as date))"
    if notation.zone == "UTC":
        forms = [(_EITHER, cast)]
    else:
        forms = [(_INSTANT, cast), *([(_LOCAL, to_utc(statement, local, notation.zone))] if notation.zone != NO_ZONE else [])]
    if notation.zone == notation.day_zone == "UTC":
        forms = [(f"{_DAY}([T ]{_CLOCK}{_OFFSET}?)?", cast)]
    else:
        forms.append((_DAY, to_utc(statement, day, notation.day_zone)))
    cases = " ".join(f"when regexp_full_match({text}, '{form}') then {value}" for form, value in forms)
    barred = " and ".join(f"not starts_with({text}, '{day}')" for day in NO_DATES)
    return f"make_timestamp(case when {text} >= '{FIRST_YEAR}' and {text} < '{LAST_YEAR + 1}' and {barred} then case {cases} end end)"


def _is_date(local: str) -> str:
    """Whether microseconds of local time are of a day that stands for a date."""
    barred = " and ".join(f"{local} not between {_micros(day)} and {_micros(day + timedelta(days=1)) - 1}" for day in NO_DATES)
    return f"{local} between {_FIRST} and {_END - 1} and {barred}"


def _micros(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400_000_000


def time_cell(con, raw: str, statement: Statement, cell: Cell, text: str, types: dict[str, str]) -> TimeCell:
    """A cell of a time: a constant of the mapping, a column that has a type, or texts."""
    if cell.constant is not None:
        return _constant(statement, cell)
    column = statement.header[cell.column]
    if types[column] != "VARCHAR":
        return _typed(statement, cell, f"(case when {text} is not null then {column} end)" if cell.missing else column, types[column])
    return _texts(con, raw, statement, cell, text)


def _constant(statement: Statement, cell: Cell) -> TimeCell:
    _, instant, reason, is_day, doubtful = _row(cell.constant or "", notation_of(cell).read(cell.constant or ""))
    return TimeCell(f"{statement.bind(instant)}::timestamp", f"{statement.bind(reason)}::varchar", str(doubtful), str(is_day).lower())


def _typed(statement: Statement, cell: Cell, column: str, kind: str) -> TimeCell:
    """DATE, TIMESTAMP or TIMESTAMP WITH TIME ZONE."""
    local = f"epoch_us({column})"
    zone = "UTC" if kind == "TIMESTAMP WITH TIME ZONE" else notation_of(cell).day_zone if kind == "DATE" else cell.zone
    shown = f"left({column}::varchar, 60) || ' "
    is_day = "true" if kind == "DATE" else "false"
    if zone == NO_ZONE:
        return TimeCell("null::timestamp", f"{shown}{NO_TIME_ZONE}'", "0", is_day)
    value = f"make_timestamp(case when {_is_date(local)} then {to_utc(statement, local, zone)} end)"
    reason = f"(case when {column} is not null and not coalesce({_is_date(local)}, false) then {shown}{NO_DATE}' end)"
    return TimeCell(value, reason, "0" if kind == "DATE" or not can_be_doubtful(zone) else f"coalesce({doubt(statement, local, zone)}, 0)", is_day)


def _texts(con, raw: str, statement: Statement, cell: Cell, text: str) -> TimeCell:
    """Texts of a usual form at once; the others are looked up, each read once by the definition."""
    column, usual = statement.header[cell.column], usual_instant(statement, cell, text)
    seldom, day = usual_doubt(statement, cell, text) or "0", usual_day(statement, cell, text)
    rows = run_with(con, f"select distinct {text} from {raw} where {text} is not null and {usual} is null", statement.values)
    if not rows:
        return TimeCell(usual, "null::varchar", seldom, day)
    notation = notation_of(cell)
    lookup = f"instants_{statement.next()}"
    schema = {"raw": pl.String, "instant": pl.Datetime("us"), "reason": pl.String, "is_day": pl.Boolean, "doubt": pl.Int32}
    con.register("readings", pl.DataFrame([_row(value, notation.read(value)) for (value,) in rows], schema=schema, orient="row"))
    con.execute(f"create or replace temp table {lookup} as select raw, instant, reason, is_day, doubt from readings")
    con.unregister("readings")
    statement.joins.append(f"left join {lookup} on {lookup}.raw = {column}")
    other = f"{lookup}.raw is not null"
    return TimeCell(
        f"(case when {other} then {lookup}.instant else {usual} end)",
        f"{lookup}.reason",
        f"(case when {other} then {lookup}.doubt else {seldom} end)",
        f"(case when {other} then {lookup}.is_day else {day} end)",
    )


def _row(text: str, reading: Reading) -> tuple[str, datetime | None, str | None, bool, int]:
    doubtful = 0 if reading.is_day else TWICE if reading.is_twice else SKIPPED if reading.is_skipped else 0
    return text, reading.instant, reading.reason or None, reading.is_day, doubtful
