"""Text columns with few values as enums: a byte or two a row, so they sort, group and write several times faster. To queries they are texts.

Values are in the order of the alphabet, so that ordering by such a column is ordering by its text.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

_FEW = 1000
_SAMPLE = 100_000


def fixed_enum(values: Iterable[str]) -> str:
    """The DuckDB type of texts that are one of `values`, which the program knows (never values of a file)."""
    return f"enum({', '.join(repr(value) for value in sorted(values))})"


def make_enum(con: duckdb.DuckDBPyConnection, name: str, values: Iterable[str]) -> str:
    """Makes a type `name` of texts that are one of `values`."""
    con.register("enum_values", pl.DataFrame({"value": sorted(values)}, schema={"value": pl.String}))
    con.execute(f"create type {name} as enum (select value from enum_values)")
    con.unregister("enum_values")
    return name


def few_values(con: duckdb.DuckDBPyConnection, table: str, column: str) -> list[str] | None:
    """The values of a column (missing ones aside), or None where there are many."""
    for source in (f"(select {column} from {table} limit {_SAMPLE})", table):
        found = con.execute(f"select distinct {column} from {source} where {column} is not null limit {_FEW + 1}").fetchall()
        if len(found) > _FEW:
            return None
    return [value for (value,) in found]
