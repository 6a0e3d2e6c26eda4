"""Files that stay files (calendars, attributes that are allowed): written whole or not at all, with a row in the audit log."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from plumbline.state.audit import Act, append
from plumbline.state.opening import writing

_MOST_TOLD = 20_000  # characters of a text that the log repeats


def keep(path: Path, text: str, act: Act) -> None:
    """Puts the text in place of the file. Raises OSError, StateError: then the file is as it was."""
    before = _sha256(path)
    data = text.encode()
    aside = path.with_name(f".{path.name}.{os.getpid()}.aside")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        with writing() as connection:
            told = {"file": path.name, "before": before, "after": hashlib.sha256(data).hexdigest()}
            append(connection, act, "file changed", told | ({"text": text} if len(text) <= _MOST_TOLD else {}))
            os.replace(aside, path)
    finally:
        with suppress(OSError):
            aside.unlink()


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
