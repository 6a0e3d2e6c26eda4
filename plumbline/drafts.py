"""Drafts of definitions that were saved by name, in the app's own store.

Two drafts of one name are one: saving replaces it. They used to be files in the folder `drafts` of Plumbline's home: what lies there is taken over
once, at the first save or delete, and the files stay where they are.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from plumbline.definition import Definition, parse, to_yaml
from plumbline.errors import InputError
from plumbline.settings import home
from plumbline.state import drafts as kept
from plumbline.state.audit import Act
from plumbline.state.opening import Connection, reading, writing
from plumbline.text import clean

MOST_NAME = 120  # characters of a name
MOST_DRAFTS = 500  # that a list shows


@dataclass(frozen=True)
class Saved:
    """A saved draft. `definition` is None where it cannot be read, and `problem` says why in one line."""

    name: str
    definition: Definition | None
    problem: str = ""


def folder() -> Path:
    """Where drafts were kept as files; it need not exist."""
    return home() / "drafts"


def save(definition: Definition, act: Act) -> str:
    """Keeps a draft under its own name, in place of one of that name; gives the name. Raises InputError, StateError."""
    name = clean(definition.name) or ""
    if not name:
        raise InputError("a draft needs a name to be saved", "the draft", "give it one")
    if len(name) > MOST_NAME:
        raise InputError(f"the name is longer than {MOST_NAME} characters", "the draft", "shorten it")
    with writing() as connection:
        _take_over(connection, act)
        kept.keep(connection, name, to_yaml(definition), act)
    return name


def saved() -> list[Saved]:
    """Every saved draft by name, those that cannot be read among them. Raises StateError."""
    with reading() as connection:
        found = dict(kept.listed(connection, MOST_DRAFTS))
        if not kept.is_taken_over(connection, _place()):
            found = {**_files(), **found}
    return sorted((_read(name, yaml) for name, yaml in found.items()), key=lambda one: (one.name.casefold(), one.name))[:MOST_DRAFTS]


def latest() -> str:
    """The name of the draft that was saved last; "" where none was. Raises StateError."""
    with reading() as connection:
        return kept.latest(connection)


def delete(name: str, act: Act) -> None:
    """Removes a saved draft; one that is gone already is no fault. Raises StateError."""
    with writing() as connection:
        _take_over(connection, act)
        kept.remove(connection, name, act)


def _take_over(connection: Connection, act: Act) -> None:
    if folder().is_dir() and not kept.is_taken_over(connection, _place()):
        kept.take_over(connection, _place(), _files(), act)


def _place() -> str:
    """The folder by its whole name: homes of several machines may share one store."""
    return os.path.abspath(folder())


def _files() -> dict[str, str]:
    """Name -> YAML of the files in the folder. One that is no text is left out; one that is no definition goes by the name of its file."""
    found: dict[str, str] = {}
    try:
        paths = sorted(path for path in folder().iterdir() if path.suffix == ".yaml" and not path.name.startswith("."))[:MOST_DRAFTS]
    except OSError:
        return {}
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue
        told = _read(path.stem, text).definition
        found.setdefault((told.name if told else "") or path.stem, text.replace("\0", ""))
    return found


def _read(name: str, yaml: str) -> Saved:
    try:
        return Saved(name, parse(yaml, name))
    except InputError as refusal:
        return Saved(name, None, refusal.one_line)
