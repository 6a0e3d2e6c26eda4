"""Drafts of definitions that were saved by name: one YAML file each, in the folder `drafts` of Plumbline's home.

Two drafts of one name are one: saving replaces it, whole or not at all. The name in the file counts, not the file's.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from plumbline.definition import Definition, load, to_yaml
from plumbline.errors import InputError
from plumbline.settings import home
from plumbline.text import clean

MOST_NAME = 120  # characters of a name
MOST_DRAFTS = 500  # files that a list looks at


@dataclass(frozen=True)
class Saved:
    """One file of the folder. `definition` is None where it cannot be read, and `problem` says why in one line."""

    name: str
    path: Path
    definition: Definition | None
    problem: str = ""


def folder() -> Path:
    """Where drafts are kept; it need not exist."""
    return home() / "drafts"


def save(definition: Definition) -> Path:
    """Keeps a draft under its own name, in place of one of that name. Raises InputError."""
    name = clean(definition.name) or ""
    if not name:
        raise InputError("a draft needs a name to be saved", "the draft", "give it one")
    if len(name) > MOST_NAME:
        raise InputError(f"the name is longer than {MOST_NAME} characters", "the draft", "shorten it")
    path = _path(name)
    aside = path.with_name(f".{path.name}.{os.getpid()}.aside")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("w", encoding="utf-8", newline="\n") as out:
            out.write(to_yaml(definition))
            out.flush()
            os.fsync(out.fileno())
        os.replace(aside, path)
    except OSError as problem:
        to_do = "name a home folder that can be written (PLUMBLINE_HOME), or free space"
        raise InputError(problem.strerror or "cannot be written", str(path.parent), to_do) from None
    finally:
        with suppress(OSError):
            aside.unlink()
    return path


def saved() -> list[Saved]:
    """Every saved draft by name, those that cannot be read among them."""
    try:
        paths = sorted(path for path in folder().iterdir() if path.suffix == ".yaml" and not path.name.startswith("."))[:MOST_DRAFTS]
    except OSError:
        return []
    return sorted((_read(path) for path in paths), key=lambda one: (one.name.casefold(), one.path.name))


def delete(path: Path) -> None:
    """Removes a saved draft; one that is gone already is no fault. Raises InputError for what is no saved draft."""
    if path.parent != folder() or path.suffix != ".yaml":
        raise InputError("is no saved draft", str(path), "choose one of the list")
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be deleted", str(path), "check the folder") from None


def _read(path: Path) -> Saved:
    try:
        definition = load(path)
    except InputError as refusal:
        return Saved(path.stem, path, None, refusal.one_line)
    return Saved(definition.name or path.stem, path, definition)


def _path(name: str) -> Path:
    """A file name of plain letters that begins like the name, and a mark of the whole name: two names never meet."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40].strip("-") or "draft"
    return folder() / f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:12]}.yaml"
