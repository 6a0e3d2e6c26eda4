"""Where the store is: the setting `state`, else the file state.db in the home folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from plumbline.errors import SettingError
from plumbline.settings import home, setting

VARIABLE = "PLUMBLINE_STATE"
_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")
_TO_DO = "write postgresql://USER@HOST/DATABASE, sqlite:////absolute/path/state.db, or unset it"


@dataclass(frozen=True)
class Address:
    """`file`: of SQLite; None for PostgreSQL. `told`: as it may be shown, without a password."""

    url: URL
    file: Path | None

    @property
    def told(self) -> str:
        return str(self.file) if self.file else self.url.set(drivername="postgresql").render_as_string(hide_password=True)


def address() -> Address:
    """The store in force. Raises SettingError for a URL that is none."""
    said = str(setting("state")).strip()
    if not said:
        return _of_file(home() / "state.db")
    try:
        url = make_url(said)
    except (ArgumentError, ValueError):
        raise SettingError("is no URL of a database", VARIABLE, _TO_DO) from None
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        if not url.database or url.database == ":memory:" or url.query:
            raise SettingError("names no file", VARIABLE, _TO_DO)
        return _of_file(Path(os.path.expanduser(url.database)))
    if url.drivername not in _POSTGRES:
        raise SettingError(f"{url.drivername[:40]!r} is no database that Plumbline keeps its store in", VARIABLE, _TO_DO)
    if not url.database:
        raise SettingError("names no database", VARIABLE, _TO_DO)
    return Address(url.set(drivername="postgresql+psycopg"), None)


def _of_file(path: Path) -> Address:
    return Address(URL.create("sqlite+pysqlite", database=str(path)), path)
