"""The patterns that a mapping declares for its dates: whether the reader takes them, and whether they name a whole day."""

from __future__ import annotations

import re
from functools import lru_cache

import duckdb

from plumbline.errors import InputError

_EXAMPLE = "write for example '%d/%m/%Y' or '%m/%d/%Y %I:%M %p'"
_YEARS = {"Y", "y", "G", "c", "x"}
_DAYS = ({"c"}, {"x"}, {"j"}, {"m", "d"}, {"b", "d"}, {"B", "d"}, {"V", "u"}, {"U", "w"}, {"W", "w"}, {"U", "a"}, {"W", "a"}, {"U", "A"}, {"W", "A"})
_MONTHS = (*_DAYS, {"m"}, {"b"}, {"B"})


@lru_cache(256)
def check(pattern: str, where: str) -> str:
    """The pattern, once the reader that will use it has taken it. Raises InputError."""
    if not pattern:
        return ""
    refusal = InputError(f"{pattern[:60]!r} is no pattern of a date", where, _EXAMPLE)
    if "%" not in pattern:
        raise refusal
    con = duckdb.connect(":memory:")
    try:
        con.execute("select try_strptime('', $pattern)", {"pattern": pattern}).fetchall()
    except duckdb.Error:
        raise refusal from None
    finally:
        con.close()
    return pattern


def check_parts(pattern: str, kind: str, where: str) -> None:
    """Refuses a pattern that leaves the year or the day open: the reader would make one up.

    `kind`: time, or date (where a month may stand for its days)."""
    parts = set(re.findall(r"%-?([a-zA-Z])", pattern.replace("%%", "")))
    if not parts & _YEARS:
        raise InputError(f"the pattern {pattern[:60]!r} has no year", where, _EXAMPLE)
    if not any(parts >= day for day in (_DAYS if kind == "time" else _MONTHS)):
        raise InputError(f"the pattern {pattern[:60]!r} has no {'day' if kind == 'time' else 'month'}", where, _EXAMPLE)


def refusal(pattern: str) -> str:
    """Why a pattern cannot read times; empty where it can."""
    try:
        check_parts(check(pattern, ""), "time", "")
    except InputError as problem:
        return problem.what
    return ""
