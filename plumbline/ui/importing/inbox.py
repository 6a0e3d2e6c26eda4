"""Where a viewer's uploads wait: a private folder of their session under PLUMBLINE_HOME/uploads, gone when the session is."""

from __future__ import annotations

import os
import shutil
import threading
import time
import unicodedata
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from plumbline.errors import InputError
from plumbline.settings import home, setting

MOST_FILES = 60
_STALE_SECONDS = 2 * 86_400  # what a killed server left behind
_LONGEST = 120
_TAKING = threading.Lock()


def safe_name(told: str) -> str:
    """A file name that stays in its folder, whatever the browser said: no separators, no control characters, no leading dots."""
    text = unicodedata.normalize("NFC", told)
    text = "".join("_" if c in '/\\:"<>|' else c for c in text if c.isprintable() and unicodedata.category(c) not in ("Cf", "Cs", "Co"))
    stem, dot, suffix = " ".join(text.split()).lstrip("._- ").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    while len(stem.encode()) > _LONGEST:
        stem = stem[:-1]
    return f"{stem.strip() or 'file'}.{suffix.lower()[:10]}" if suffix else stem or "file"


class Inbox:
    """The files of one session. `names`: name on disk -> the name that the browser said, for showing only.

    Its folder is made when it is first needed: InputError where it cannot be.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.replaced: list[str] = []
        self._folder: Path | None = None
        self._end: weakref.finalize | None = None

    @property
    def folder(self) -> Path:
        if self._folder is None:
            self._folder = _new_folder()
            self._end = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def place(self) -> str:
        """Where the files lie, empty while there is no such folder."""
        return str(self._folder / "files") if self._folder else ""

    @property
    def is_lost(self) -> bool:
        """Whether somebody removed the folder."""
        return self._folder is not None and not self.files.is_dir()

    def take(self, told: str, content: BinaryIO) -> Path:
        """Writes one upload; a later one of the same name replaces it, which `replaced` remembers. Raises InputError."""
        name = safe_name(told)
        if name not in self.names and len(self.names) >= MOST_FILES:
            raise InputError(f"more than {MOST_FILES} files", told, "import them in parts, or from a folder")
        with _TAKING:
            self._refuse_too_much(told, name, content)
            try:
                with (self.files / name).open("wb") as target:
                    shutil.copyfileobj(content, target, 1 << 20)
            except OSError as problem:
                (self.files / name).unlink(missing_ok=True)
                self.names.pop(name, None)
                raise InputError(problem.strerror or "cannot be written", told, "free space on the server's disk, then upload again") from None
        if name in self.names:
            self.replaced.append(told)
        self.names[name] = told
        return self.files / name

    def _refuse_too_much(self, told: str, name: str, content: BinaryIO) -> None:
        """One sum for the files of all sessions."""
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
        replaced = (self.files / name).stat().st_size if (self.files / name).exists() else 0
        most = int(setting("uploads_mb"))
        if held_bytes() - replaced + size > most << 20:
            to_do = "import or remove files first, wait for other viewers, or raise PLUMBLINE_UPLOADS_MB"
            raise InputError(f"the uploads of all viewers together would be over {most:,} MiB", told, to_do)

    def paths(self, *suffixes: str) -> list[Path]:
        """The files that wait, by name, of these suffixes or all."""
        return [self.files / name for name in sorted(self.names) if not suffixes or Path(name).suffix in suffixes]

    def remove(self, name: str) -> None:
        if name in self.names:
            del self.names[name]
            (self.files / name).unlink(missing_ok=True)

    def write_mapping(self, text: str) -> Path:
        """The mapping as a file beside the uploads, not among them."""
        path = self.folder / "mapping.yaml"
        try:
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError as problem:
            raise InputError(problem.strerror or "cannot be written", str(path), "free space on the server's disk, then try again") from None
        return path

    def shown(self, name: str) -> str:
        """The name of a file as its owner knows it."""
        return self.names.get(name, name)

    def told(self, line: str) -> str:
        """A sentence with the names on disk as their owner knows them."""
        for name, told in self.names.items():
            if name != told:
                line = line.replace(name, told)
        return line

    def close(self) -> None:
        if self._end:
            self._end()


def held_bytes() -> int:
    """Size of all uploads that wait, of all sessions."""
    return sum(path.stat().st_size for path in (home() / "uploads").glob("*/files/*") if path.is_file())


def _new_folder() -> Path:
    place = home() / "uploads"
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(place)
        folder = Path(mkdtemp(dir=place))
        (folder / "files").mkdir(mode=0o700)
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be written", str(place), "name a home folder that can be written (PLUMBLINE_HOME)") from None
    return folder


def _sweep(place: Path) -> None:
    for left in _folders(place):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _folders(place: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (child for child in place.iterdir() if child.is_dir() and not child.is_symlink())
