"""Moves a store forward: each revision once, all in one transaction. One that a newer Plumbline wrote is refused."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, Table, Text, inspect, select

from plumbline.errors import StateError
from plumbline.state.address import Address
from plumbline.state.tables import METADATA

REVISIONS = ("0001", "0002", "0003", "0004")  # the oldest first; migrations/versions has a file for each
VERSION_TABLE = "plumbline_store"
_version = Table(VERSION_TABLE, MetaData(), Column("version_num", Text))


def is_current(connection: Connection, place: Address) -> bool | None:
    """True; False: an older one; None: there is nothing yet. Raises StateError for a newer one and for what is no store."""
    found = inspect(connection)
    if not found.has_table(VERSION_TABLE):
        others = set(found.get_table_names())
        if others and (place.file or others & set(METADATA.tables)):
            raise StateError("is no store of Plumbline", place.told, "name another (PLUMBLINE_STATE), or move it away")
        return None
    revision = connection.execute(select(_version.c.version_num)).scalar()
    if revision not in REVISIONS:
        raise StateError(f"was written by a newer Plumbline (version {str(revision)[:20]} of the store)", place.told, "update Plumbline here")
    return revision == REVISIONS[-1]


def revision_of(connection: Connection) -> str | None:
    """The revision of a store that is there."""
    return connection.execute(select(_version.c.version_num)).scalar() if inspect(connection).has_table(VERSION_TABLE) else None


def move_forward(connection: Connection, to: str = "head") -> None:
    """Runs the revisions that are missing, in the transaction of `connection`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
