"""Opens the store: reading() and writing() give a connection in a transaction of its own.

Whoever writes waits for whoever writes (SQLite: BEGIN IMMEDIATE; PostgreSQL: an advisory lock), so what a writer reads stays true until it is done.
A store of an older version is moved forward at its first opening. Reading finds an empty store where there is none, and makes none.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, StaticPool, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError

from plumbline.errors import StateError
from plumbline.state.address import VARIABLE, Address, address
from plumbline.state.faults import told_of
from plumbline.state.migrate import is_current, move_forward
from plumbline.state.tables import METADATA

_PATIENCE = 30  # seconds that a writer waits for another
_WRITERS = 7_586_232_653  # the advisory lock of PostgreSQL that writers hold
_WRITES = "plumbline_writes"
_here = threading.Lock()


@contextmanager
def reading(place: Address | None = None) -> Iterator[Connection]:
    """A connection to read with: everything as it stood when it was opened. Raises StateError."""
    place = place or address()
    if _is_absent(place):
        with _empty() as connection:
            yield connection
        return
    with told_of(place):
        connection, found = _opened(place)
    if found is False:
        connection.close()
        _move(place)
        with told_of(place):
            connection, found = _opened(place)
    with told_of(place), connection:
        if found:
            yield connection
            return
    with _empty() as connection:
        yield connection


def _opened(place: Address) -> tuple[Connection, bool | None]:
    """(a connection to read with, whether the store is of this version, None where nothing is there).

    On a full disk SQLite cannot begin in the usual way: then the file is read as it lies there.
    """
    usual, is_whole = _reader(place), place.file is not None and _size(_wal(place.file)) == 0
    try:
        return _asked(usual, place)
    except DBAPIError:
        if not is_whole:
            raise
    return _asked(_as_it_lies(place.file, True), place)


def _asked(engine: Engine, place: Address) -> tuple[Connection, bool | None]:
    connection = engine.connect()
    try:
        return connection, is_current(connection, place)
    except BaseException:
        connection.close()
        raise


@contextmanager
def writing(place: Address | None = None) -> Iterator[Connection]:
    """A connection to write with: all of it is kept when the block ends, nothing where it raises. Makes the store at its first use.

    Raises StateError.
    """
    place = place or address()
    if place.file:
        _make_ready(place)
    with told_of(place), _engine(place.url, False).connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        if not place.file:
            connection.execute(select(func.pg_advisory_xact_lock(_WRITERS)))
        if not is_current(connection, place):
            move_forward(connection)
        yield connection


def _move(place: Address) -> None:
    try:
        with writing(place):
            pass
    except StateError as refusal:
        raise StateError(f"is of an older version and must be moved forward, but {refusal.what}", place.told, refusal.to_do) from None


def _is_absent(place: Address) -> bool:
    return place.file is not None and _size(place.file) == 0 and _size(_wal(place.file)) == 0


def _wal(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except OSError as problem:
        raise StateError(problem.strerror or "cannot be read", str(file), "check the name and the rights") from None


def _make_ready(place: Address) -> None:
    """The folder, and the file in WAL mode: which is made by one process while others wait."""
    file = place.file
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and (not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK)):
            raise PermissionError(13, "cannot be written")
        if _size(file):
            return
        with _here, file.with_name(f"{file.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _size(file):
                made = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
                try:
                    made.execute("pragma journal_mode = wal").fetchall()
                finally:
                    made.close()
                _sync(file.parent)
    except OSError as problem:
        to_do = f"name a home folder that can be written (PLUMBLINE_HOME), or another store ({VARIABLE})"
        raise StateError((problem.strerror or "cannot be written").casefold(), place.told, to_do) from None
    except sqlite3.Error as problem:
        raise StateError(f"cannot be made ({problem})", place.told, "check the folder and the free space") from None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reader(place: Address) -> Engine:
    """The usual way; or, where SQLite may not write what even a reader of WAL writes, the file as it lies there."""
    if place.file and not (os.access(place.file, os.W_OK) and os.access(place.file.parent, os.W_OK)):
        return _as_it_lies(place.file, _size(_wal(place.file)) == 0)
    return _engine(place.url, True)


@lru_cache(maxsize=16)
def _engine(url: URL, is_reader: bool) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _PATIENCE})
        _as_sqlite(engine, is_reader)
        return engine
    options = f"-c lock_timeout={_PATIENCE}s -c timezone=UTC"
    more = {"isolation_level": "REPEATABLE READ"} if is_reader else {}
    return create_engine(url, pool_pre_ping=True, pool_size=4, connect_args={"connect_timeout": 10, "options": options}, **more)


def _as_it_lies(file: Path, is_whole: bool) -> Engine:
    """is_whole: nothing waits in a WAL beside it."""
    name = f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if is_whole else ''}"
    engine = create_engine("sqlite+pysqlite://", creator=lambda: sqlite3.connect(name, uri=True, timeout=_PATIENCE), poolclass=NullPool)
    _as_sqlite(engine, True)
    return engine


def _as_sqlite(engine: Engine, is_reader: bool) -> None:
    @event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for said in ("foreign_keys = on", "synchronous = full", *(["query_only = on"] if is_reader else [])):
            connection.execute(f"pragma {said}")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql("begin immediate" if connection.get_execution_options().get(_WRITES) else "begin")


@contextmanager
def _empty() -> Iterator[Connection]:
    engine = create_engine("sqlite+pysqlite://", poolclass=StaticPool)
    METADATA.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
