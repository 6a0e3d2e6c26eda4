"""Where a viewer's uploads wait: a private folder of their session under PLUMBLINE_HOME/uploads, gone when the session is."""

from __future__ import annotations

import shutil
import time
import unicodedata
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from plumbline.errors import InputError
from plumbline.settings import home

MOST_FILES = 60
_STALE_SECONDS = 2 * 86_400  # what a killed server left behind
_LONGEST = 120


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
    """The files of one session. `names`: name on disk -> the name that the browser said, for showing only."""

    def __init__(self) -> None:
        place = home() / "uploads"
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(place)
        self.folder = Path(mkdtemp(dir=place))
        self.files = self.folder / "files"
        self.files.mkdir(mode=0o700)
        self.names: dict[str, str] = {}
        self.replaced: list[str] = []
        self._end = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def take(self, told: str, content: BinaryIO) -> Path:
        """Writes one upload; a later one of the same name replaces it, which `replaced` remembers. Raises InputError."""
        name = safe_name(told)
        if name not in self.names and len(self.names) >= MOST_FILES:
            raise InputError(f"more than {MOST_FILES} files", told, "import them in parts, or from a folder")
        if name in self.names:
            self.replaced.append(told)
        try:
            with (self.files / name).open("wb") as target:
                shutil.copyfileobj(content, target, 1 << 20)
        except OSError as problem:
            (self.files / name).unlink(missing_ok=True)
            raise InputError(problem.strerror or "cannot be written", told, "free space on the server's disk, then upload again") from None
        self.names[name] = told
        return self.files / name

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
        path.write_text(text, encoding="utf-8")
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
        self._end()


def _sweep(place: Path) -> None:
    for left in _folders(place):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _folders(place: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (child for child in place.iterdir() if child.is_dir() and not child.is_symlink())
