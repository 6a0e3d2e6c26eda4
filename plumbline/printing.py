"""How results of the command line are printed: one JSON value, or rows as CSV or as a table. No text of the data steers the terminal."""

from __future__ import annotations

import csv
import json
import math
import sys
from datetime import date, datetime
from enum import StrEnum

from plumbline.json_values import finite
from plumbline.terminal import visible, visible_json


class Format(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"


def show(result: list[dict] | dict, output: Format) -> None:
    """Prints a result: one object or list as JSON (RFC 8259: a number that is none is null), or its rows as CSV or as a table."""
    if output is Format.json:
        print(visible_json(json.dumps(finite(result), default=_plain, ensure_ascii=False, allow_nan=False)))
        return
    rows = result if isinstance(result, list) else [result]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if output is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([_neutral(name) for name in columns])
        writer.writerows([_neutral(_cell(row.get(name))) for name in columns] for row in rows)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, header_style="bold")
    for name in columns:
        numeric = all(isinstance(row.get(name), int | float | None) for row in rows)
        table.add_column(visible(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(_in_table(row.get(name)))) for name in columns))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def say(line: str) -> None:
    """One line on stderr."""
    print(visible(line), file=sys.stderr)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return value.isoformat() if isinstance(value, date) else str(value)


def _cell(value: object) -> object:
    value = finite(value)
    return (
        ""
        if value is None
        else json.dumps(value, default=_plain, ensure_ascii=False)
        if isinstance(value, dict | list)
        else value
        if isinstance(value, int | float | str)
        else _plain(value)
    )


def _neutral(cell: object) -> object:
    """No text is a live formula when a spreadsheet opens it, and none steers the terminal."""
    from plumbline.exports import neutral_text

    return visible(neutral_text(cell)) if isinstance(cell, str) and cell else cell


def _in_table(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) and math.isfinite(value) and not value.is_integer() else str(_cell(value))
