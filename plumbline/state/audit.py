"""The log of changes: one row each, chained by hashes, so that no row can be changed, removed or slipped in unseen.

A row's hash is SHA-256 of its number, instant, person, kind and details (JSON) and of the hash before it. Rows that are removed from the end leave a
chain that fits: the head, which exported documents show, tells that they were there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from plumbline.state.opening import reading
from plumbline.state.tables import audit_log

BEGINNING = "0" * 64  # what the first row has for the hash before it
_COLUMNS = ("row_no", "changed_at", "changed_by", "what", "details", "previous", "hash")


@dataclass(frozen=True)
class Act:
    """Who does something, and when (naive UTC)."""

    by: str
    at: datetime

    @property
    def at_text(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%S.%f}Z"


def append(connection: Connection, act: Act, what: str, details: dict[str, object]) -> str:
    """Adds a row in the transaction of the change that it tells of; gives the new head. connection: of writing(). details: plain JSON values."""
    last = connection.execute(select(audit_log.c.row_no, audit_log.c.hash).order_by(audit_log.c.row_no.desc()).limit(1)).first()
    row: dict[str, object] = {
        "row_no": last.row_no + 1 if last else 1,
        "changed_at": act.at_text,
        "changed_by": act.by,
        "what": what,
        "details": json.dumps(details, sort_keys=True, separators=(",", ":")),
        "previous": last.hash if last else BEGINNING,
    }
    row["hash"] = _hash(row)
    connection.execute(insert(audit_log).values(row))
    return str(row["hash"])


def head(connection: Connection) -> str:
    """The hash of the last row."""
    return connection.execute(select(audit_log.c.hash).order_by(audit_log.c.row_no.desc()).limit(1)).scalar() or BEGINNING


def holds(connection: Connection, known: str) -> bool:
    """Whether a head that a document shows (whole, or its first characters) is in the log: rows after it may have come, none went."""
    return known == BEGINNING or connection.execute(select(func.count()).where(audit_log.c.hash.startswith(known, autoescape=True))).scalar() > 0


def rows(connection: Connection, since: int = 1) -> list[dict[str, object]]:
    """The log from row `since` on: row_no, changed_at, changed_by, what, details (a mapping), hash."""
    found = connection.execute(select(audit_log).where(audit_log.c.row_no >= since).order_by(audit_log.c.row_no)).mappings()
    return [{**{name: row[name] for name in _COLUMNS if name != "previous"}, "details": json.loads(row["details"])} for row in found]


def verify(connection: Connection | None = None) -> list[str]:
    """Walks the whole log; names the first row that does not fit, in one line; [] where all fit. Raises StateError."""
    if connection is None:
        with reading() as opened:
            return verify(opened)
    previous, place = BEGINNING, 0
    for place, row in enumerate(_each(connection), 1):
        if row is None:
            return [f"row {place} of the audit log cannot be read"]
        types = [type(row[name]) for name in _COLUMNS]
        if types != [int] + [str] * 6:
            return [f"row {place} of the audit log holds what no row holds"]
        if row["row_no"] != place:
            return [f"row {place} of the audit log is missing" if row["row_no"] > place else f"row {row['row_no']} of the audit log was slipped in"]
        if row["previous"] != previous:
            return [f"row {place} of the audit log does not follow the row before it"]
        if row["hash"] != _hash(row):
            return [f"row {place} of the audit log is not what was written"]
        previous = str(row["hash"])
    return []


def _each(connection: Connection) -> Iterator[dict[str, object] | None]:
    """The rows in order; None for one that cannot be read, which ends them."""
    found = connection.execute(select(*(audit_log.c[name] for name in _COLUMNS)).order_by(audit_log.c.row_no)).mappings()
    try:
        for row in found:
            yield dict(row)
    except (SQLAlchemyError, ValueError):
        yield None


def _hash(row: dict[str, object]) -> str:
    told = [row[name] for name in _COLUMNS if name != "hash"]
    return hashlib.sha256(json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
