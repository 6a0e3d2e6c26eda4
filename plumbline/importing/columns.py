"""The columns that a mapping names, under the names that the file's header has."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from plumbline.errors import InputError
from plumbline.importing.feed import ROW_ID, Cell, Feed
from plumbline.text import common_form


def with_columns(feed: Feed, header: tuple[str, ...], file: str) -> Feed:
    """The feed with each column called as in `header`: as it stands there, else the one whose name is the same text. Raises InputError."""

    def named(cell: Cell, of: str) -> Cell:
        if cell.constant is not None or cell.column == ROW_ID:
            return cell
        return replace(cell, column=column_of(cell.column, header, file, f"{feed.table}.{of}"))

    return replace(
        feed,
        cells={name: named(cell, name) for name, cell in feed.cells.items()},
        when=tuple(replace(one, column=column_of(one.column, header, file, f"{feed.table}.{one.column}")) for one in feed.when),
        repeat=feed.repeat and named(feed.repeat, "repeat"),
    )


def column_of(name: str, header: tuple[str, ...], file: str, what: str) -> str:
    """The column of `header` that `name` means. `what` it is for, such as deals.amount."""
    if name in header:
        return name
    same = [column for column in header if common_form(column) == common_form(name)]
    if len(same) == 1:
        return same[0]
    if same:
        raise InputError(f"{name!r} could be the column {same[0]!r} or {same[1]!r} (for {what})", file, "write the name as the file has it")
    near = get_close_matches(name, header, 1)
    hint = f"did the export call it {near[0]!r}" if near else f"the file has {', '.join(header[:12])}"
    raise InputError(f"there is no column {name!r} (for {what})", file, hint)
