"""Columns of amounts: what stands before the fraction is settled for each, and each of its texts becomes a number."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from plumbline.errors import InputError
from plumbline.importing import amounts
from plumbline.importing.feed import Cell, Feed
from plumbline.importing.statement import Statement, text_of

_LOOKED_AT = 20_000  # different texts of a column by which it is settled
_OPEN = r"[+-]?0*[1-9][0-9]{0,2}\.[0-9]{3}"
_POINT = r"[+-]?[0-9]+\.[0-9]+([eE][+-]?[0-9]+)?"
SAFE = {  # texts that SQL may read as they stand, by what stands before the fraction
    ".": r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?",
    "": r"[+-]?([0-9]+|[0-9]{4,}\.[0-9]+|0+\.[0-9]+|[0-9]+\.([0-9]{1,2}|[0-9]{4,}))([eE][+-]?[0-9]+)?",
    ",": r"[+-]?[0-9]+",
}


def with_decimals(con, raw: str, header: dict[str, str], types: dict[str, str], feed: Feed, file: str, mapping: str) -> Feed:
    """The feed, each of its columns of amounts with what its own texts settle. Raises InputError where they leave 1.200 open."""
    found = {}
    for name, cell in feed.cells.items():
        if cell.decimal == "" and is_text(cell, header, types):
            usual, still = _settled(con, raw, header, types, cell)
            if still and not usual:
                point, comma = amounts.readings(still)
                what = f"{still!r} could be {_plain(comma)} or {_plain(point)}"
                raise InputError(
                    what, f"{file}, column {cell.column}", f"""add decimal: "." (or ",") to {mapping}: what stands before the fraction"""
                )
            found[name] = replace(cell, usual=usual)
    return replace(feed, cells={**feed.cells, **found}) if found else feed


def is_text(cell: Cell, header: dict[str, str], types: dict[str, str]) -> bool:
    """Whether the cell's texts are to be read as amounts: a column of the file that has no type of its own."""
    return cell.decimal is not None and cell.constant is None and types[header[cell.column]] == "VARCHAR"


def number_of(con, raw: str, statement: Statement, cell: Cell, text: str) -> str:
    """The number that a text says, as an expression; null where it says none."""
    lookup = _lookup(con, raw, statement, cell)
    return (
        f"(case when regexp_full_match(trim({text}), '{SAFE[cell.decimal]}') then {_finite(text)} when {text} is not null then {lookup}.number end)"
    )


def plain_text_of(con, raw: str, statement: Statement, cell: Cell, text: str, otherwise: str) -> str:
    """The same as a plain text, for attributes; `otherwise` where the text says no number."""
    number = number_of(con, raw, statement, cell, text)
    whole = f"case when {number} = trunc({number}) and abs({number}) < 1e15 then {number}::bigint::varchar else {number}::varchar end"
    return f"coalesce({whole}, {otherwise})"


def _finite(text: str) -> str:
    number = f"try_cast(trim({text}) as double)"
    return f"(case when isfinite({number}) then {number} end)"


def _lookup(con, raw: str, statement: Statement, cell: Cell) -> str:
    """A table (raw, number) of the column's texts that SQL does not read, joined to the statement."""
    column = statement.header[cell.column]
    odd = f"select distinct {column} from {raw} where {column} is not null and not regexp_full_match(trim({column}), '{SAFE[cell.decimal]}')"
    pairs = [(text, _number(text, cell)) for (text,) in con.execute(odd).fetchall()]
    name = f"amounts_{statement.next()}"
    con.register("pairs", pl.DataFrame(pairs, schema={"raw": pl.String, "number": pl.Float64}, orient="row"))
    con.execute(f"create or replace temp table {name} as select * from pairs")
    con.unregister("pairs")
    statement.joins.append(f"left join {name} on {name}.raw = {column}")
    return name


def _number(text: str, cell: Cell) -> float | None:
    try:
        return amounts.read(text, cell.decimal or "")
    except amounts.Open:
        return amounts.read(text, cell.usual) if cell.usual else None


def _settled(con, raw: str, header: dict[str, str], types: dict[str, str], cell: Cell) -> tuple[str, str]:
    """(what stands before the fraction, a text that is still open), as amounts.settled says; plain numbers are looked at by SQL."""
    statement = Statement(header)
    text = f"trim({text_of(statement, cell, types)})"
    shapes = {"open": _OPEN, "point": _POINT, "safe": SAFE[""]}
    tests = {name: f"regexp_full_match({text}, '{shape}')" for name, shape in shapes.items()}
    seen = con.execute(
        f"select max({text}) filter (where {tests['open']}), max({text}) filter (where {tests['point']} and {tests['safe']}) from {raw}",
        statement.values,
    ).fetchall()[0]
    odd = f"select distinct {text} from {raw} where {text} <> '' and not {tests['safe']} and not {tests['open']} limit {_LOOKED_AT}"
    plain = [one for one in seen if one]
    return amounts.settled([*plain, *(one for (one,) in con.execute(odd, statement.values).fetchall())])


def _plain(number: float | None) -> str:
    return f"{number:.15g}" if number is not None else "nothing"
