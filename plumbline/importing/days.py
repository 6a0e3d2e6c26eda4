"""Dates without a time of day: which cells are such, and in which zone their day lies.

A day is stored as the instant at which it begins in the organisation's zone, whatever zone the file declares for its times, and `is_day` beside it.
"""

from __future__ import annotations

import re

from plumbline.importing.feed import Cell
from plumbline.importing.statement import Statement

_CLOCK = re.compile(r"%-?[cfgHIMnpSX]")  # what a pattern of a time of day is made of
_DAY_LENGTH = 10  # of 2026-03-02, and no ISO 8601 text with a time of day is shorter, but for 2026W10T10


def zone_of(cell: Cell) -> str:
    """The zone in which a day of this cell lies."""
    return cell.day_zone or cell.zone or "UTC"


def has_clock(date_format: str) -> bool:
    """Whether a pattern reads a time of day."""
    return bool(_CLOCK.search(date_format.replace("%%", "")))


def is_day_text(text: str) -> bool:
    """Whether a text of a time, in a form of ISO 8601, says a day alone."""
    return len(text.strip()) <= _DAY_LENGTH and not re.search(r"[Tt: ]", text.strip())


def says_day(cell: Cell, text: str) -> str:
    """The same as an expression over the cell's text, or its pattern's word for it. Of what can be read at all."""
    if cell.date_format:
        return "false" if has_clock(cell.date_format) else "true"
    is_long = f"strlen({text}) > 15 and contains({text}, ':')"  # nearly all times, and quickly told
    bare = f"trim({text})"
    return f"(case when {is_long} then false when length({bare}) <= {_DAY_LENGTH} then not regexp_matches({bare}, '[Tt: ]') else false end)"


def is_day(statement: Statement, cell: Cell, text: str, types: dict[str, str]) -> str:
    """Whether the cell holds a day without a time of day: an expression, never null."""
    kind = types.get(statement.header.get(cell.column, ""), "VARCHAR")
    if kind == "DATE":
        return "true"
    return "false" if kind != "VARCHAR" else f"coalesce({says_day(cell, text)}, false)"
