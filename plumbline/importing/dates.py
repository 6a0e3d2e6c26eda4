"""Dates that a mapping leaves open are asked, never guessed."""

from __future__ import annotations

import csv as csv_module
import re
from pathlib import Path

import duckdb

from plumbline.errors import InputError
from plumbline.history.schema import TABLES
from plumbline.importing.feed import Cell, Plan, Source
from plumbline.importing.parquet_file import first_rows
from plumbline.text import common_form

_LOOKS_LOCAL = re.compile(r"^\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b")
_ISO = re.compile(r"^\s*\d{4}-\d{2}-\d{2}([T ]|\s*$)")
_LOOKED_AT = 2000  # lines of a file
_OFFSET = re.compile(r"(Z|z|[+-]\d{2}:?(\d{2})?)\s*$")


def ask_about_dates(con: duckdb.DuckDBPyConnection, plan: Plan, workspace: Path) -> None:
    """Refuses what would have to be guessed: days that could be read two ways, times of no declared zone. Reads files: only in the child."""
    for source in plan.sources:
        asked = {}
        for feed in source.feeds:
            for name, cell in feed.cells.items():
                column = TABLES[feed.table].column(name)
                if column is not None and column.kind in ("time", "date") and cell.constant is None:
                    asked.setdefault(common_form(cell.column), []).append((name, cell, column.kind))
        if asked:
            if source.is_parquet:
                _look_at_parquet(con, source, asked, plan.mapping, workspace)
            else:
                _look_at_csv(source, asked, plan.mapping)


def _look_at_parquet(con: duckdb.DuckDBPyConnection, source: Source, asked: dict[str, list], mapping: str, workspace: Path) -> None:
    """Texts are asked about as those of a CSV; columns whose type is a day or a time only for their zone, where the type has none."""
    columns, rows = first_rows(con, source.path, workspace, _LOOKED_AT)
    for place, (told, kind) in enumerate(columns):
        name = " ".join(told.split())
        for _, cell, wanted in asked.get(common_form(name), []):
            is_local = kind.startswith(("TIMESTAMP", "DATE")) and not kind.startswith("TIMESTAMP WITH")
            if is_local and wanted == "time" and not cell.zone:
                raise _no_zone(f"the type {kind}", f"{source.path.name}, column {name}", mapping)
            for number, text in enumerate((row[place] for row in rows), 1):
                if kind == "VARCHAR" and text and text.strip() and not cell.is_missing(text):
                    _look_at_one(text.strip(), cell, wanted, f"{source.path.name}, row {number}, column {name}", mapping)


def _look_at_csv(source: Source, asked: dict[str, list], mapping: str) -> None:
    try:
        with source.path.open(encoding=source.encoding or "utf-8-sig", newline="") as file:
            reader = csv_module.DictReader(file, delimiter=source.delimiter)
            for row in reader:
                for name in list(asked):
                    text = next((value for key, value in row.items() if key is not None and common_form(key) == name), None)
                    if not isinstance(text, str) or not text.strip():
                        continue
                    for _, cell, kind in asked[name]:
                        if not cell.is_missing(text):
                            _look_at_one(text.strip(), cell, kind, f"{source.path.name}, line {reader.line_num}, column {cell.column}", mapping)
                if reader.line_num > _LOOKED_AT:
                    break
    except (UnicodeDecodeError, LookupError, csv_module.Error, OSError):
        return  # said better by the reader itself


def _look_at_one(text: str, cell: Cell, kind: str, where: str, mapping: str) -> None:
    if not cell.date_format and _LOOKS_LOCAL.match(text) and not _ISO.match(text):
        reading, hint = _readings(text)
        raise InputError(f"{text!r} could be {reading}", where, f"add date_format to {mapping}, for example {hint!r}")
    if kind == "time" and not cell.zone and not (":" in text and _OFFSET.search(text)) and "%z" not in cell.date_format:
        raise _no_zone(repr(text), where, mapping)


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
