"""Whether the store's file is whole, as far as the database itself can tell."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from plumbline.state.opening import Connection

_MOST = 20  # lines


def faults(connection: Connection) -> list[str]:
    """What SQLite says of its file, one line a fault; PostgreSQL looks after its own."""
    if connection.dialect.name != "sqlite":
        return []
    found = []
    for name in ("integrity_check", "foreign_key_check"):
        try:
            told = connection.exec_driver_sql(f"pragma {name}").fetchmany(_MOST)
        except (SQLAlchemyError, ValueError) as problem:
            return [f"the file of the store is damaged ({' '.join(str(problem).split())[:120]})"]
        found += [f"the file of the store is damaged ({' '.join(str(part) for part in row)[:120]})" for row in told if row[0] != "ok"]
    return found
