"""A PostgreSQL of the tests' own: in a temporary folder, on a port that is free, as a user that it takes (it refuses root)."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

_ME = "plumbline"
_numbers = count(1)


def programs() -> Path | None:
    """The folder of initdb and pg_ctl: on the path, else where Debian puts them, the newest first."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3].zfill(4), reverse=True)
    return versions[0].parent if versions else None


def why_not() -> str:
    """Why no PostgreSQL can be started here; "" where one can."""
    if programs() is None:
        return "there is no PostgreSQL on this machine"
    if os.geteuid() == 0 and (_other_user() is None or not shutil.which("runuser")):
        return "PostgreSQL does not run as root, and there is no other user to run it as"
    return ""


def _other_user() -> pwd.struct_passwd | None:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


@contextmanager
def server() -> Iterator[str]:
    """Starts a server; gives the beginning of its URLs, to which the name of a database is added."""
    folder = Path(tempfile.mkdtemp(prefix="plumbline-postgres-"))
    user = _other_user() if os.geteuid() == 0 else None
    as_user = ["runuser", "-u", user.pw_name, "--"] if user else []
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)

    def call(program: str, *arguments: str) -> None:
        words = [*as_user, str(programs() / program), *arguments]
        done = subprocess.run(words, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    data, log = str(folder / "data"), str(folder / "log")
    try:
        call("initdb", "-D", data, "-U", _ME, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c max_connections=120"
        # its output goes to its log alone: a pipe of ours would be held open by it
        words = [*as_user, str(programs() / "pg_ctl"), "-D", data, "-l", log, "-w", "-o", options, "start"]
        nowhere = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started = subprocess.run(words, cwd=folder, timeout=120, check=False, **nowhere)
        assert started.returncode == 0, Path(log).read_text() if Path(log).exists() else "it does not start"
        try:
            yield f"postgresql://{_ME}@127.0.0.1:{port}/"
        finally:
            call("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(beginning: str) -> str:
    """The URL of an empty database of its own."""
    name = f"store_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{beginning}postgres", autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("create database {}").format(psycopg.sql.Identifier(name)))
    return f"{beginning}{name}"
