"""Which older formats of a snapshot can be moved to the present one, and what is said of the others.

The canonical tables hold all that was ever brought in; everything else is built from them. So an older snapshot is moved by building a new one
from its canonical tables. To raise FORMAT: add the present one to OLDER, with what is called otherwise in it.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path

from plumbline.errors import HistoryError
from plumbline.history.schema import FORMAT


@dataclass(frozen=True)
class Layout:
    """Where a format keeps what cannot be built anew.

    `fields`: the table that names the attributes of leads (attribute, column_name, field_no); `renamed`: (table, column) of the present
    -> the column's name then. Tables and columns that a format does not have are simply absent.
    """

    fields: str = "main.fields"
    renamed: dict[tuple[str, str], str] = field(default_factory=dict)


PRESENT = Layout()
# Before the first release: the same canonical tables (days without a time of day not marked before 6), other prepared ones.
OLDER = {0: Layout(), 1: Layout(), 2: Layout(), 3: Layout(), 4: Layout(), 5: Layout()}


def layout_of(format_: int) -> Layout:
    """Raises HistoryError for a format that Plumbline does not know."""
    known = {**OLDER, FORMAT: PRESENT}
    if format_ not in known:
        raise HistoryError(f"the history has format {format_}, which this Plumbline cannot move", "the history", "import the files again")
    return known[format_]


def refusal(found: object, file: Path, history: Path) -> HistoryError:
    """What to say of a file of another format than the present one, and which command mends it."""
    what = f"the history has format {found if isinstance(found, int) else 'unknown'}, this Plumbline reads format {FORMAT}"
    if isinstance(found, int) and found > FORMAT:
        return HistoryError(what, str(file), "it was made by a newer Plumbline: update Plumbline, or roll back with: imports --roll-back SNAPSHOT")
    if found in OLDER:
        return HistoryError(what, str(file), f"move it with: {command(history)}")
    return HistoryError(what, str(file), "import the same files again: python -m plumbline import")


def command(history: Path) -> str:
    """The command that moves a history to the present format."""
    return f"python -m plumbline imports --migrate --history {shlex.quote(str(history))}"
