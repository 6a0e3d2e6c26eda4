"""What a database says, as one line that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from plumbline.errors import StateError
from plumbline.state.address import VARIABLE, Address

_HOME = f"name a home folder that can be written (PLUMBLINE_HOME), or another store ({VARIABLE})"
# what the message holds, in lower case -> what is told, what to do
_SAID = (
    (r"database or disk is full|no space left", "there is no space left on the disk, and nothing was changed", "free some space"),
    (r"disk i/o error", "the disk refused, and nothing was changed", "free some space, or look after the disk"),
    (r"readonly|read-only|unable to open database file|permission denied", "the store cannot be written", _HOME),
    (r"database is locked|lock timeout|lock_timeout", "another writer has held the store for half a minute", "try again"),
    (
        r"malformed|not a database|could not decode|invalid page|checksum",
        "the store is damaged",
        "put back a copy of it, and see: python -m plumbline check",
    ),
    (r"password authentication failed|no password supplied|role .* does not exist", "the database refused the log-in", f"check {VARIABLE}"),
    (r"database \".*\" does not exist", "there is no such database", f"make it with createdb, or name another ({VARIABLE})"),
    (
        r"connection|could not translate host|timeout|server closed|failed to resolve|name or service",
        "the database cannot be reached",
        f"start it, or check {VARIABLE}",
    ),
)


@contextmanager
def told_of(address: Address) -> Iterator[None]:
    """Whatever the database refuses becomes a StateError that names the store."""
    try:
        yield
    except SQLAlchemyError as problem:
        raise fault(problem, address) from None


def fault(problem: Exception, address: Address) -> StateError:
    said = str(problem.orig if isinstance(problem, DBAPIError) else problem)
    for pattern, what, to_do in _SAID:
        if re.search(pattern, said.casefold()):
            return StateError(what, address.told, to_do)
    return StateError(f"the store refused ({' '.join(said.split())[:160]})", address.told, "see: python -m plumbline check")
