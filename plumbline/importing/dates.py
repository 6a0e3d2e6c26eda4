"""Dates that a mapping leaves open are asked, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np

from plumbline.errors import InputError
from plumbline.history.schema import TABLES
from plumbline.importing.csv_file import CsvFile, lines_of_kept, rows_of
from plumbline.importing.feed import Cell, Plan, Source
from plumbline.importing.parquet_file import first_rows, open_parquet
from plumbline.patterns import Pattern
from plumbline.text import common_form

_LOOKS_LOCAL = re.compile(r"^\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b")
_ISO = re.compile(r"^\s*\d{4}-\d{2}-\d{2}([T ]|\s*$)")
_LOOKED_AT = 2000  # records of a file
_LONGEST = 300  # characters of a text of a time
_OFFSET = re.compile(r"(Z|z|[+-]\d{2}:?(\d{2})?)\s*$")


def ask_about_dates(con: duckdb.DuckDBPyConnection, plan: Plan, workspace: Path, opened: Callable[[int, Source], CsvFile]) -> None:
    """Refuses what would have to be guessed: days that could be read two ways, times of no declared zone. Reads files: only in the child."""
    for index, source in enumerate(plan.sources):
        asked: dict[tuple, _Column] = {}
        for feed in source.feeds:
            for name, cell in feed.cells.items():
                column = TABLES[feed.table].column(name)
                if column is not None and column.kind in ("time", "date") and cell.constant is None:
                    asked.setdefault((common_form(cell.column), column.kind, cell.date_formats, cell.zone), _Column(cell.column, cell, column.kind))
        if asked:
            if source.is_parquet:
                _look_at_parquet(con, source, list(asked.values()), plan.mapping, workspace)
            else:
                _look_at_csv(opened(index, source), list(asked.values()), plan.mapping)


@dataclass
class _Column:
    """What was seen of one cell of the mapping: how many texts, how many could be read two ways, the first of them, the first without a zone."""

    name: str
    cell: Cell
    kind: str
    texts: int = 0
    unclear: int = 0
    first_unclear: tuple[str, int] | None = None
    first_without_zone: tuple[str, int] | None = None

    def add(self, text: str, record: int) -> None:
        cell = self.cell
        if cell.is_missing(text):
            return
        self.texts += 1
        if not cell.date_formats and _LOOKS_LOCAL.match(text) and not _ISO.match(text):
            self.unclear += 1
            self.first_unclear = self.first_unclear or (text, record)
        says_zone = (":" in text and _OFFSET.search(text)) or any(Pattern(pattern).has_offset for pattern in cell.date_formats)
        if self.kind == "time" and not cell.zone and not says_zone:
            self.first_without_zone = self.first_without_zone or (text, record)

    def ask(self, mapping: str, place_of: Callable[[int], str]) -> None:
        """Raises InputError with what would have to be guessed. `place_of`: file and line of a record."""
        if self.first_unclear:
            text, record = self.first_unclear
            where = f"{place_of(record)}, column {self.name}"
            reading, hint = _readings(text)
            others = (
                "" if self.unclear == self.texts else f" ({self.unclear} of the {self.texts} values looked at; ISO 8601 is read beside a date_format)"
            )
            raise InputError(f"{text!r} could be {reading}{others}", where, f"add date_format to {mapping}, for example {hint!r}")
        if self.first_without_zone:
            text, record = self.first_without_zone
            raise _no_zone(repr(text), f"{place_of(record)}, column {self.name}", mapping)


def _look_at_parquet(con: duckdb.DuckDBPyConnection, source: Source, asked: list[_Column], mapping: str, workspace: Path) -> None:
    """Texts are asked about as those of a CSV; columns whose type is a day or a time only for their zone, where the type has none."""
    file = open_parquet(con, source.path, workspace)
    wanted = {common_form(column.name) for column in asked}
    columns, rows = first_rows(con, file, _LOOKED_AT, _LONGEST, {name for name in file.header if common_form(name) in wanted})
    rows = list(rows)
    for place, told in enumerate(columns):
        for column in [column for column in asked if common_form(column.name) == common_form(told.name)]:
            is_local = told.kind.startswith(("TIMESTAMP", "DATE")) and not told.kind.startswith(("TIMESTAMP WITH", "TIMESTAMPTZ"))
            if is_local and column.kind == "time" and not column.cell.zone:
                raise _no_zone(f"the type {told.kind}", f"{source.path.name}, column {column.name}", mapping)
            for record, text in enumerate(row[place] for row in rows):
                if told.kind == "VARCHAR" and text:
                    column.add(text.strip(), record)
            column.ask(mapping, lambda record: f"{source.path.name}, row {record + 1}")


def _look_at_csv(file: CsvFile, asked: list[_Column], mapping: str) -> None:
    places = [(place, column) for place, name in enumerate(file.header) for column in asked if common_form(name) == common_form(column.name)]
    for record, row in enumerate(islice(rows_of(file), _LOOKED_AT)):
        for place, column in places:
            column.add(row[place].strip(), record)
    for _, column in places:
        column.ask(mapping, lambda record: f"{file.path.name}, line {lines_of_kept(file, np.array([record]))[0]}")


def _no_zone(told: str, where: str, mapping: str) -> InputError:
    return InputError(f"{told} says no time zone", where, f"add time_zone to {mapping}, for example 'Europe/Berlin' or 'UTC'")


def _readings(text: str) -> tuple[str, str]:
    """How a date that is not ISO 8601 could be read, and the pattern of one such reading, its time of day included."""
    parts = re.findall(r"\d+", text)[:3]
    mark = re.search(r"[/.-]", text).group()
    first, second = int(parts[0]), int(parts[1])
    if len(parts[0]) == 4:
        reading, order = ("year/day/month", ("%Y", "%d", "%m")) if second > 12 else ("year/month/day", ("%Y", "%m", "%d"))
    else:
        year = "%Y" if len(parts[2]) == 4 else "%y"
        reading = "day/month" if first > 12 else "month/day" if second > 12 else "day/month or month/day"
        order = ("%d", "%m", year) if first > 12 else ("%m", "%d", year)
    clock = re.search(r"\d{1,2}:\d{2}(:\d{2})?\s*([AaPp][Mm])?", text)
    if not clock:
        return reading, mark.join(order)
    hour = "%I" if clock.group(2) else "%H"
    return reading, f"{mark.join(order)} {hour}:%M{':%S' if clock.group(1) else ''}{' %p' if clock.group(2) else ''}"
