"""Writes a document where a user named a place: whole or not at all, and never over a file that is not ours."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from plumbline.errors import InputError
from plumbline.own_files import refuse_foreign_file, write_whole

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
    """Writes the file, whole or not at all. Raises InputError."""
    refuse(path, option)
    write_whole(path.expanduser(), content, option)


def _is_our_deck(path: Path) -> bool:
    try:
        with ZipFile(path) as found:
            return b">Plumbline</dc:creator>" in found.read("docProps/core.xml")
    except (BadZipFile, KeyError, OSError):
        return False
