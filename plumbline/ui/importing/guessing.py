"""A started mapping: which table a file feeds, and which column is what, by its name, its header and its values. Every guess is to be looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

from plumbline.history.schema import CHANNELS, EXITS, KNOWN_ATTRIBUTES, TABLES
from plumbline.importing.preview import Look
from plumbline.text import common_form
from plumbline.ui.importing.form import AN_ACT, LABELLED, FileForm, Form
from plumbline.ui.importing.header_words import ACT_WORDS, AROUND, CHANNEL_WORDS, OTHER_NAMES, OUTCOME_WORDS, STAGE_LABELS, STAGE_WORDS, WIDE

_NEAR = 0.78


def columns_of(table: str) -> tuple[str, ...]:
    """The canonical columns that a form offers for a table, required ones first."""
    known = TABLES[table].columns
    names = [column.name for column in known if column.required] + [column.name for column in known if not column.required]
    return (*names, *KNOWN_ATTRIBUTES) if table == "leads" else tuple(names)


def guessed(looks: Mapping[str, Look], time_zone: str = "") -> Form:
    """A started mapping for files by their names and headers. Every guess is to be looked at."""
    return Form(tuple(guess_file(name, look) for name, look in looks.items()), time_zone)


def guess_file(name: str, look: Look) -> FileForm:
    return with_table(FileForm(name, delimiter=look.delimiter or ","), guess_table(name, look), look)


def with_table(file: FileForm, table: str, look: Look) -> FileForm:
    """The file feeding another table, its columns and labels guessed anew."""
    if not table:
        return FileForm(file.file, delimiter=file.delimiter)
    columns: dict[str, str] = {}
    for column in columns_of(table):
        if found := guess_column(column, [name for name in look.header if name not in columns.values()]):
            columns[column] = found
    return filled(replace(file, table=table, columns=columns), look)


def filled(file: FileForm, look: Look) -> FileForm:
    """The file with labels, patterns of dates and what a wide row says beside its lead, guessed for the columns that it has."""
    column = file.columns.get(LABELLED.get(file.table, ""), "")
    known = look.labels.get(column, [])
    labels = guess_labels(known) if file.table == "stage_changes" else guess_channels(known) if file.table == "touches" else {}
    outcomes = guess_words(look.labels.get(file.columns.get("outcome", ""), []), OUTCOME_WORDS) if file.table == "touches" else {}
    file = replace(file, labels=labels, outcomes=outcomes, stage_dates={}, owner="", reason="", amount="")
    if file.table == "leads":
        free = [name for name in look.header if name not in file.columns.values()]
        dates = guess_stage_dates(free, look)
        wide = {name: _named(names, free) for name, names in WIDE.items()}
        wide["reason"] = wide["reason"] if set(dates) & set(EXITS) else ""
        file = replace(file, stage_dates=dates, **wide)
    return with_formats(file, look)


def with_formats(file: FileForm, look: Look) -> FileForm:
    """The file with the pattern of each column of dates whose values show one and no other."""
    found = {}
    for column in file.times().values():
        patterns = look.times.get(column, {}).get("patterns", [])
        if len(patterns) == 1 and patterns[0]:
            found[column] = patterns[0]
    return replace(file, formats=found)


def guess_stage_dates(header: list[str], look: Look) -> dict[str, str]:
    """Stage -> the column of dates whose name is about that stage."""
    found: dict[str, str] = {}
    for column in header:
        plain = AROUND.sub("", AROUND.sub("", _plain(column)))
        stage = next((stage for stage, words in STAGE_WORDS.items() if plain in words), "")
        if stage and stage not in found and column in look.times:
            found[stage] = column
    return found


def guess_table(name: str, look: Look) -> str:
    """The table whose name is nearest to the file's; else by the columns that only one table has. A name with "lead" in it says little."""
    stem = _plain(Path(name).stem)
    named = [table for table in sorted(TABLES, key=len, reverse=True) if _plain(table) in stem or _plain(table).rstrip("s") in stem]
    if named and named[0] != "leads":
        return named[0]
    header = [_plain(column) for column in look.header]
    for words, table in (
        (("newvalue",), "stage_changes"),
        (("channel", "outcome", "disposition"), "touches"),
        (("becamea", "createdate", "createddate", "createdon"), "leads"),
        (("stage",), "stage_changes"),
        (("amount", "closedate"), "deals"),
        (("cost",), "spend"),
    ):
        if any(word in column for word in words for column in header) and not (named and table not in ("leads", "stage_changes", "touches")):
            return table
    return "leads" if named or any("lead" in column or "created" in column for column in header) else ""


def guess_column(wanted: str, header: list[str]) -> str:
    """The column of `header` that is called most like a canonical column; "" where none is near."""
    if exact := _named((_plain(wanted), *OTHER_NAMES.get(wanted, ())), header):
        return exact
    near = [(SequenceMatcher(None, _plain(wanted), _plain(name)).ratio(), name) for name in header]
    best = max(near, default=(0.0, ""))
    return best[1] if best[0] >= _NEAR else ""


def guess_labels(labels: list[str]) -> dict[str, str | None]:
    """Labels that are plainly a stage; the others are left out: they are for a person to map."""
    found: dict[str, str | None] = {}
    for label in labels:
        plain = " ".join(label.casefold().replace("_", " ").split())
        stage = next((stage for stage, words in STAGE_LABELS.items() if plain == stage or plain in words), None)
        if stage:
            found[label] = stage
    return found


def guess_words(labels: list[str], words: Mapping[str, tuple[str, ...]]) -> dict[str, str | None]:
    """Labels that are plainly one of ours, by the words for it."""
    found: dict[str, str | None] = {}
    for label in labels:
        plain = " ".join(common_form(label).replace("_", " ").split())
        ours = next((name for name, meant in words.items() if plain == name.replace("_", " ") or plain in meant), None)
        if ours:
            found[label] = ours
    return found


def guess_channels(labels: list[str]) -> dict[str, str | None]:
    """The same for channels, with the labels that are plainly acts of the lead; nothing where they are our channels already."""
    if all(label in CHANNELS for label in labels):
        return {}
    found = guess_words(labels, CHANNEL_WORDS)
    for label in labels:
        plain = common_form(label).replace("_", " ")
        if label not in found and any(word in plain for word in ACT_WORDS):
            found[label] = AN_ACT
    return found


def _named(names: tuple[str, ...], header) -> str:
    return next((column for name in names for column in header if _plain(column) == name), "")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
