"""What a cell's text says: instants, numbers, flags, days and times of day as expressions, null where it cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from plumbline.importing.amount_columns import SAFE, is_text, number_of
from plumbline.importing.day_texts import Said, day_or_month, time_of_day, weekday_or_day
from plumbline.importing.feed import Cell
from plumbline.importing.statement import Statement, cleaned, run_with
from plumbline.importing.time_cells import time_cell
from plumbline.patterns import Pattern

_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
TRUE_WORDS, FALSE_WORDS = ("true", "yes", "1", "t", "y"), ("false", "no", "0", "f", "n")
_BLANK = r"[\s\x0b\x1c-\x1f\x{85}\p{Z}]*"
MOST_AMOUNT = 1e15  # a number beyond it, either way, is none that anybody meant, and sums of it would not be numbers
TOO_LARGE = "is too large for a number (at most 1e15)"


@dataclass(frozen=True)
class Value:
    """Expressions over a cell: its value, the reason where there should be one, and of a time whether its hour is doubtful and it is a day."""

    value: str
    reason: str = "null::varchar"
    doubt: str = "0"
    is_day: str = "false"


def _time(con, raw, statement: Statement, cell: Cell, text: str, types) -> Value:
    read = time_cell(con, raw, statement, cell, text, types)
    return Value(read.instant, read.reason, read.doubt, read.is_day)


def _plain(con, raw, statement, cell, text, types) -> Value:
    return Value(cleaned(con, raw, statement, cell, text))


def _number(con, raw, statement, cell, text, types) -> Value:
    shape = _NUMBER
    if is_text(cell, statement.header, types):
        number, shape = number_of(con, raw, statement, cell, text), SAFE[cell.decimal]
    else:
        number = f"try_cast(case when regexp_full_match(trim({text}), '{_NUMBER}') then trim({text}) end as double)"
    value = f"(case when abs({number}) <= {MOST_AMOUNT} then {number} end)"
    reason = f"case when isfinite({number}) or regexp_full_match(trim({text}), '{shape}') then '{TOO_LARGE}' else 'is no number' end"
    return Value(value, _unread(text, value, reason))


def _flag(con, raw, statement, cell, text, types) -> Value:
    value = flag_value(cleaned(con, raw, statement, cell, text) if cell.labels is not None else text)
    return Value(value, _unread(text, value, "'is no yes or no'"))


def _unread(text: str, value: str, reason: str) -> str:
    """The reason where a text gives no value. White space alone is a missing value; looked at only where a value could not be read."""
    is_unread = f"{text} is not null and {value} is null and not regexp_full_match({text}, '{_BLANK}')"
    return f"(case when {is_unread} then left({text}, 60) || ' ' || {reason} end)"


def flag_value(text: str) -> str:
    """Yes or no; null where the text is neither."""
    # Not by `in` or list_contains: of five values DuckDB makes a join, for every row, after which records come in any order.
    is_true, is_false = (f"regexp_full_match(lower(trim({text})), '{'|'.join(words)}')" for words in (TRUE_WORDS, FALSE_WORDS))
    in_any_case = f"case when {is_true} then true when {is_false} then false end"
    return f"(case when {text} = 'false' then false when {text} = 'true' then true else {in_any_case} end)"


def whole_number(text: str) -> str:
    """A number of events; null where the text is none. 3.0, as some write a whole number, is one."""
    return f"(case when regexp_full_match(trim({text}), '[0-9]{{1,15}}(\\.0+)?') then try_cast(trim({text}) as double)::bigint end)"


def _looked_up(read: Callable[[str, tuple[Pattern, ...]], Said]):
    """A value of which each text of the column is read once, and looked up."""

    def value(con, raw, statement: Statement, cell: Cell, text: str, types) -> Value:
        is_text = cell.constant is not None or types[statement.header[cell.column]] == "VARCHAR"
        patterns = tuple(Pattern(pattern) for pattern in cell.date_formats) if is_text else ()  # a pattern says nothing of a column with a type
        if cell.constant is not None:
            said, reason = read(cell.constant, patterns)
            return Value(f"{statement.bind(said)}::varchar", f"{statement.bind(reason)}::varchar")
        rows = run_with(con, f"select distinct {text} from {raw} where {text} is not null", statement.values)
        lookup = f"days_{statement.next()}"
        schema = {"raw": pl.String, "said": pl.String, "reason": pl.String}
        con.register("readings", pl.DataFrame([(told, *read(told, patterns)) for (told,) in rows], schema=schema, orient="row"))
        con.execute(f"create or replace temp table {lookup} as select raw, said, reason from readings")
        con.unregister("readings")
        statement.joins.append(f"left join {lookup} on {lookup}.raw = {text}")
        return Value(f"{lookup}.said", f"{lookup}.reason")

    return value


VALUES = {
    "text": _plain,
    "id": _plain,
    "time": _time,
    "number": _number,
    "flag": _flag,
    "date": _looked_up(day_or_month),
    "clock": _looked_up(lambda text, patterns: time_of_day(text)),
    "day": _looked_up(weekday_or_day),
}
