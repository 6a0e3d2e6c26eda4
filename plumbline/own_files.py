"""Files that a command writes where a user named a place: one is replaced only where Plumbline wrote it. What a user made is never overwritten."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from plumbline.errors import InputError

_HEAD = 65_536  # bytes by which a file is recognised


def refuse_foreign_file(path: Path, option: str, is_ours: Callable[[str], bool]) -> None:
    """Raises InputError where another file lies at the path. is_ours: tells from the first 64 KiB. Empty files, pipes and devices are let be."""
    path = Path(os.path.expanduser(path))
    try:
        if not path.exists() or (not path.is_file() and not path.is_dir()):
            return
        if path.is_dir():
            raise InputError("is a folder", str(path), f"name a file with {option}")
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8", "replace")
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be read", str(path), f"name another file with {option}") from None
    if head and not is_ours(head):
        raise InputError("is there already, and this command did not write it", str(path), f"name another file with {option}, or move that one away")


def write_whole(path: Path, data: bytes, option: str) -> None:
    """Puts a file in place, whole or not at all. Raises InputError."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.aside")
    try:
        with aside.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(aside, path)
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be written", str(path), f"name another file with {option}") from None
    finally:
        with suppress(OSError):
            aside.unlink()
