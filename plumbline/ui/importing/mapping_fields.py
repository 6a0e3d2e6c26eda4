"""The fields of the form of a mapping: what stands in them, and a spot below each where it is said what is amiss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from zoneinfo import available_timezones

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from plumbline import wording
from plumbline.history.schema import CHANNELS, EXITS, OUTCOMES, STAGES, TABLES
from plumbline.importing.preview import Look
from plumbline.ui import text
from plumbline.ui.importing import form_problems, mapping
from plumbline.ui.importing.form import AN_ACT, LABELLED
from plumbline.ui.importing.guessing import filled, with_formats
from plumbline.ui.importing.words import table_words

Spots = dict[form_problems.Place, DeltaGenerator]
Key = Callable[[str], str]
_FORMATS = ("", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M")
_FORMAT_WORDS = {
    "": "as each column shows",
    "%d/%m/%Y": "31/03/2026",
    "%m/%d/%Y": "03/31/2026",
    "%d.%m.%Y": "31.03.2026",
    "%d-%m-%Y": "31-03-2026",
    "%d/%m/%Y %H:%M": "31/03/2026 18:05",
    "%m/%d/%Y %H:%M": "03/31/2026 18:05",
    "%m/%d/%Y %I:%M %p": "03/31/2026 06:05 PM",
    "%d.%m.%Y %H:%M": "31.03.2026 18:05",
}
_FIRST = 8  # columns that are always in sight; only leads have more
_NOTHING = "(means nothing)"
_DECIMALS = {"": "as each column shows", ".": "1,234.50", ",": "1.234,50"}
_CHOICES = {"stage": (*STAGES, *EXITS, _NOTHING), "channel": (*CHANNELS, AN_ACT, _NOTHING), "outcome": (*OUTCOMES, _NOTHING)}
_WIDE = (("owner", "Owner"), ("amount", "Value of the deal won"), ("reason", "Reason of leaving"))


def zones() -> list[str]:
    return sorted(
        zone for zone in available_timezones() if ("/" in zone and not zone.startswith(("Etc/", "posix", "right", "SystemV"))) or zone == "UTC"
    )


def draw(form: mapping.Form, looks: Mapping[str, Look], file: str, version: int, spots: Spots) -> mapping.Form:
    """The form as it is now. Fills `spots`: (file, field) -> the place below the field."""

    def key(name: str) -> str:
        return f"import.map.{version}.{name}"

    changed = _shared(form, looks, key, spots)
    one = next((entry for entry in changed.files if entry.file == file), None)
    if one is None or file not in looks:
        return changed
    new = _file(one, looks[file], key, spots)
    if not changed.date_format:
        new = _with_new_formats(new, one, looks[file])
    return replace(changed, files=tuple(new if entry.file == file else entry for entry in changed.files))


def _with_new_formats(new: mapping.FileForm, before: mapping.FileForm, look: Look) -> mapping.FileForm:
    """The patterns that columns chosen just now show; what was said of the others stays."""
    known = set(before.times().values())
    found = with_formats(new, look).formats
    times = set(new.times().values())
    return replace(
        new,
        formats={
            column: pattern
            for column, pattern in {**found, **before.formats}.items()
            if column in times and (column in before.formats or column not in known)
        },
    )


def _shared(form: mapping.Form, looks: Mapping[str, Look], key: Key, spots: Spots) -> mapping.Form:
    """What holds for all files."""
    first = st.columns(4, gap="small", vertical_alignment="top")
    with first[0]:
        listed = ["", *zones()]
        zone = st.selectbox(
            "Time zone of the times",
            listed if form.time_zone in listed else [*listed, form.time_zone],
            index=listed.index(form.time_zone) if form.time_zone in listed else len(listed),
            format_func=lambda name: name or "each time says its own",
            key=key("zone"),
        )
        spots["", form_problems.ZONE] = st.empty()
    with first[1]:
        found = dict.fromkeys(pattern for look in looks.values() for one in look.times.values() for pattern in one["patterns"])
        written = _choice("How dates are written", [*_FORMATS, *found], form.date_format, _FORMAT_WORDS, key("format"))
        spots["", form_problems.DATES] = st.empty()
    with first[2]:
        decimal = _choice("How fractions are written", list(_DECIMALS), form.decimal, _DECIMALS, key("decimal"))
    with first[3]:
        missing = st.text_input("Texts for “not known”", ", ".join(word for word in form.missing if word), key=key("missing"))
    if written != form.date_format:
        form = replace(form, files=tuple(_refreshed(file, looks, written) for file in form.files))
    words = ("", *dict.fromkeys(word.strip() for word in missing.split(",") if word.strip()))
    return replace(form, time_zone=zone, date_format=written, decimal=decimal, missing=words if form.missing or missing else ())


def _choice(label: str, usual: list[str], chosen: str, words: Mapping[str, str], key: str) -> str:
    """A choice among the usual ones and the one that is chosen; `words` says some of them otherwise."""
    options = list(dict.fromkeys([*usual, chosen]))
    return st.selectbox(label, options, options.index(chosen), format_func=lambda name: words.get(name, name), key=key)


def _refreshed(file: mapping.FileForm, looks: Mapping[str, Look], written: str) -> mapping.FileForm:
    """The file once another way of writing dates is chosen for all."""
    return with_formats(file, looks[file.file]) if not written and file.file in looks and file.table else replace(file, formats={})


def _file(one: mapping.FileForm, look: Look, key: Key, spots: Spots) -> mapping.FileForm:
    tables = ["", *TABLES]
    table = st.selectbox(
        "One row of this file is",
        tables,
        index=tables.index(one.table),
        format_func=lambda name: f"{table_words(name)}: {TABLES[name].grain}" if name else "nothing: leave the file aside",
        key=key(f"{one.file}.table"),
        width=420,
    )
    spots["", form_problems.TABLE] = st.empty()
    if table != one.table:
        one = mapping.with_table(one, table, look)
    if not table:
        return one
    names = mapping.columns_of(table)
    columns = {name: value for name, value in one.columns.items() if name not in names}  # further attributes, added in the text
    labelled = [(name, wording.words(name) + (" (needed)" if name in TABLES[table].required else "")) for name in names]
    place = f"{one.file}.{table}"
    columns |= _grid(labelled[:_FIRST], one.columns, look, key, place, one.file, spots)
    if labelled[_FIRST:]:
        with st.expander("More about a lead", expanded=any(name in one.columns for name, _ in labelled[_FIRST:])):
            columns |= _grid(labelled[_FIRST:], one.columns, look, key, place, one.file, spots)
    changed = replace(one, columns=columns)
    if table == "leads":
        changed = _beside(changed, look, key, spots)
    for field, attribute in ((LABELLED.get(table, ""), "labels"), ("outcome" if table == "touches" else "", "outcomes")):
        if column := columns.get(field, ""):
            chosen = getattr(one, attribute)
            if column != one.columns.get(field):
                chosen = getattr(filled(changed, look), attribute)
            labels = look.labels.get(column)
            changed = replace(changed, **{attribute: _labels(chosen, field, labels, key(f"{one.file}.{attribute}.{column}"))})
            spots[one.file, attribute] = st.empty()
        elif field:
            changed = replace(changed, **{attribute: {}})
    return changed


def _beside(one: mapping.FileForm, look: Look, key: Key, spots: Spots) -> mapping.FileForm:
    """What a row of a lead says beside it: dates of its stages, its owner, its deal."""
    with st.expander("Columns with the date of a stage", expanded=bool(one.stage_dates)):
        stages = [(stage, f"{wording.stage_short(stage)} on") for stage in (*STAGES, *EXITS)]
        dates = _grid(stages, one.stage_dates, look, key, f"{one.file}.dates", one.file, spots)
    wide = [field for field in _WIDE if field[0] != "reason" or set(dates) & set(EXITS)]
    chosen = {name: getattr(one, name) for name, _ in _WIDE if getattr(one, name)}
    with st.expander("Owner and deal of the lead", expanded=bool(chosen)):
        found = _grid(wide, chosen, look, key, f"{one.file}.wide", one.file, spots)
        text.note("The owner has had the lead from its creation on. A row with a value, and a day of winning where it is chosen above, is a deal.")
    return replace(one, stage_dates=dates, **{name: found.get(name, "") for name, _ in _WIDE})


def _grid(names: list[tuple[str, str]], chosen: Mapping[str, str], look: Look, key: Key, prefix: str, file: str, spots: Spots) -> dict[str, str]:
    found: dict[str, str] = {}
    options = ["", *look.header]
    for start in range(0, len(names), 4):
        cells = st.columns(4, gap="small", vertical_alignment="top")
        for cell, (name, label) in zip(cells, names[start : start + 4], strict=False):
            listed = options if chosen.get(name, "") in options else [*options, chosen[name]]
            with cell:
                value = st.selectbox(
                    label, listed, index=listed.index(chosen.get(name, "")), format_func=lambda column: column or "–", key=key(f"{prefix}.{name}")
                )
                spots[file, name] = st.empty()
            if value:
                found[name] = value
    return found


def _labels(chosen: Mapping[str, str | None], field: str, labels: list[str] | None, key: str) -> dict[str, str | None]:
    """The labels of a column and what each means."""
    what = wording.words(field)
    if not labels and not chosen:
        if labels is None:
            text.note(f"The column of the {field} has more than 40 different values: it is hardly one. Map its labels in the text if it is.")
        return {}
    every = list(dict.fromkeys([*(labels or []), *chosen]))
    rows = pl.DataFrame(
        {"In the file": every, what: [_NOTHING if label in chosen and chosen[label] is None else chosen.get(label) for label in every]},
        schema={"In the file": pl.String, what: pl.String},
    )
    more = " Rows of labels that are acts of the lead become its acts, of that name." if field == "channel" else ""
    text.note(f"Which {field} each label means. Nothing is guessed: rows of a label without one are left out or rejected, and counted.{more}")
    edited = st.data_editor(
        rows,
        hide_index=True,
        width=520,
        disabled=["In the file"],
        placeholder="not mapped",
        column_config={what: st.column_config.SelectboxColumn(what, options=["", *_CHOICES[field]])},
        key=key,
    )
    return {row["In the file"]: None if row[what] == _NOTHING else row[what] for row in edited.to_dicts() if row[what]}
