"""Options that many commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from plumbline.errors import SettingError
from plumbline.printing import Format
from plumbline.settings import default_history

HistoryOption = Annotated[
    Path | None, typer.Option("--history", help="The history file. Default: the setting PLUMBLINE_HISTORY, else the one in PLUMBLINE_HOME.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How results are printed.")]


def history_of(option: Path | None) -> Path:
    """The file that --history names. Raises SettingError for a name that no file can have."""
    path = Path(os.path.expanduser(option)) if option is not None else default_history()
    if not path.name or path.name == "..":
        raise SettingError(f"{str(option if option is not None else path)!r} names no file", "--history", "name a file, for example history.duckdb")
    return path
