"""Versions of the agreement in the store: rows in, rows out. What may follow on what is the affair of plumbline/agreement."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from plumbline.state.tables import declines, endings, feedback, signatures, versions

Row = dict[str, object]
_SIMULATION = ("simulated_at", "simulated_by", "snapshot", "fingerprint", "product", "seed", "results", "of_today")


def all_rows(connection: Connection) -> list[Row]:
    """Every version by number, with `signatures`, `declines` and `endings` as lists of rows, the oldest first."""
    found = [dict(row) for row in connection.execute(select(versions).order_by(versions.c.number)).mappings()]
    beside = {table.name: _by_version(connection, table) for table in (signatures, declines, endings)}
    return [{**row, **{name: rows.get(row["number"], []) for name, rows in beside.items()}} for row in found]


def _by_version(connection: Connection, table: Table) -> dict[object, list[Row]]:
    found: dict[object, list[Row]] = {}
    for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings():
        found.setdefault(row["version"], []).append(dict(row))
    return found


def next_number(connection: Connection) -> int:
    return (connection.execute(select(func.max(versions.c.number))).scalar() or 0) + 1


def add(connection: Connection, row: Row) -> None:
    """A new version."""
    connection.execute(insert(versions).values(row))


def change(connection: Connection, number: int, row: Row) -> None:
    """New values of some columns of a version."""
    connection.execute(update(versions).where(versions.c.number == number).values(row))


def forget_simulation(connection: Connection, number: int) -> None:
    change(connection, number, dict.fromkeys(_SIMULATION))


def sign(connection: Connection, row: Row) -> None:
    """A signature, in place of one of that side."""
    _put(connection, signatures, row)


def take_signatures(connection: Connection, number: int) -> None:
    connection.execute(delete(signatures).where(signatures.c.version == number))


def mark_left(connection: Connection, signature: int, at: str) -> None:
    """From `at` on the signer no longer holds the role."""
    connection.execute(update(signatures).where(signatures.c.signature_id == signature).values(left_at=at))


def decline(connection: Connection, row: Row) -> None:
    connection.execute(insert(declines).values(row))


def end(connection: Connection, row: Row) -> None:
    """One side's word that a version ends, in place of an older one of that side."""
    _put(connection, endings, row)


def take_endings(connection: Connection, number: int) -> None:
    connection.execute(delete(endings).where(endings.c.version == number))


def _put(connection: Connection, table: Table, row: Row) -> None:
    connection.execute(delete(table).where(table.c.version == row["version"], table.c.side == row["side"]))
    connection.execute(insert(table).values(row))


def feedback_of(connection: Connection, number: int) -> list[Row]:
    """What reps said of a version, by rep."""
    return [dict(row) for row in connection.execute(select(feedback).where(feedback.c.version == number).order_by(feedback.c.rep_key)).mappings()]


def give_feedback(connection: Connection, row: Row) -> None:
    """A rep's word, in place of an older one on that version."""
    connection.execute(delete(feedback).where(feedback.c.version == row["version"], feedback.c.rep_key == row["rep_key"]))
    connection.execute(insert(feedback).values(row))
