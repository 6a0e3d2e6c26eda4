"""Writes a document where a user named a place: whole or not at all, and never over a file that is not ours."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile, ZipFile

from plumbline.errors import InputError
from plumbline.own_files import refuse_foreign_file

ENDINGS = (".html", ".pptx")
_OURS = '<meta name="generator" content="Plumbline">'


def ending_of(path: Path, option: str = "--to") -> str:
    """'.html' or '.pptx'. Raises InputError for any other."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(f"{path.suffix or path.name!r} is neither .html nor .pptx", option, "name a file such as week.html or week.pptx")
    return ending


def refuse(path: Path, option: str = "--to") -> None:
    """Raises InputError where another file lies at the path, and where its folder is not there."""
    path = path.expanduser()
    folder = path.absolute().parent
    if not folder.is_dir():
        raise InputError("there is no such folder", str(folder), f"make it, or name another file with {option}")
    is_slides = ending_of(path, option) == ".pptx"
    refuse_foreign_file(path, option, (lambda _head: _is_our_deck(path)) if is_slides else (lambda head: _OURS in head))


def write(path: Path, content: bytes, option: str = "--to") -> None:
    """Writes the file beside its place and puts it there in one step. Raises InputError."""
    refuse(path, option)
    path = path.expanduser()
    if path.exists() and not path.is_file():  # a pipe or a device
        path.write_bytes(content)
        return
    _in_one_step(path, lambda file: file.write(content))


def _in_one_step(path: Path, fill: Callable) -> None:
    aside = None
    try:
        with NamedTemporaryFile(dir=path.absolute().parent, prefix=f".{path.name}.", delete=False) as file:
            aside = Path(file.name)
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        aside.chmod(0o644)
        os.replace(aside, path)
    except OSError as problem:
        if aside is not None:
            aside.unlink(missing_ok=True)
        raise InputError(problem.strerror or "cannot be written", str(path), "name another file, or free some space") from None


def _is_our_deck(path: Path) -> bool:
    try:
        with ZipFile(path) as found:
            return b">Plumbline</dc:creator>" in found.read("docProps/core.xml")
    except (BadZipFile, KeyError, OSError):
        return False
