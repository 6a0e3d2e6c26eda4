"""The mapping on screen: a form and a text, two views of one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import available_timezones

import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.history.schema import EXITS, STAGES, TABLES
from plumbline.importing.preview import Look
from plumbline.ui import text
from plumbline.ui.importing import mapping
from plumbline.ui.importing.flow import Flow
from plumbline.ui.importing.words import table_words

SHIPPED = Path(__file__).resolve().parents[3] / "sample_data" / "mappings"
_FORMATS = ("", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M")
_FORMAT_WORDS = {
    "": "2026-03-31 (ISO 8601)",
    "%d/%m/%Y": "31/03/2026",
    "%m/%d/%Y": "03/31/2026",
    "%d.%m.%Y": "31.03.2026",
    "%d-%m-%Y": "31-03-2026",
    "%d/%m/%Y %H:%M": "31/03/2026 18:05",
    "%m/%d/%Y %H:%M": "03/31/2026 18:05",
    "%m/%d/%Y %I:%M %p": "03/31/2026 06:05 PM",
    "%d.%m.%Y %H:%M": "31.03.2026 18:05",
}
_STAGE_CHOICES = ("", *STAGES, *EXITS, "(means nothing)")
_FIRST = 8  # columns that are always in sight; only leads have more
_NOTHING = _STAGE_CHOICES[-1]


def zones() -> list[str]:
    return sorted(
        zone for zone in available_timezones() if ("/" in zone and not zone.startswith(("Etc/", "posix", "right", "SystemV"))) or zone == "UTC"
    )


def show(flow: Flow, looks: Mapping[str, Look], file: str) -> None:
    """The mapping of all files; the columns of `file`, the one that is looked at. What is chosen goes into flow.mapping at once."""
    if not flow.mapping:
        flow.set_mapping(mapping.text_of(mapping.guessed(looks)))
        flow.guessed = set(looks)
    shipped = sorted(path.name for path in SHIPPED.glob("*.yaml"))
    uploaded = [path.name for path in flow.inbox.paths(".yaml", ".yml")]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control("Mapping", ["Form", "Text"], default="Form", required=True, key="import.map.view", persist_state="session")
        start = st.selectbox(
            "Start from", ["", *uploaded, *shipped], format_func=lambda name: name or "the headers of these files", key="import.map.start", width=260
        )
        st.button("Start again", key="import.map.again", on_click=_start, args=(flow, start, looks))
    if view == "Text":
        _text(flow)
        return
    form = mapping.read(flow.mapping, tuple(looks))
    if form is not None and (
        new := [name for name in looks if name not in flow.guessed and not any(file.file == name and file.table for file in form.files)]
    ):
        form = replace(form, files=tuple(mapping.guess_file(file.file, looks[file.file]) if file.file in new else file for file in form.files))
        flow.mapping = mapping.text_of(form)
    flow.guessed |= set(looks)
    if form is None:
        refusal = mapping.problem(flow.mapping)
        text.note(refusal.one_line if refusal else "This mapping says more than the form can show. Change it as text.")
        return
    changed = _form(form, looks, file, flow.mapping_version)
    if changed != form:
        flow.mapping = mapping.text_of(changed)


def _start(flow: Flow, start: str, looks: Mapping[str, Look]) -> None:
    place = flow.inbox.files / start if start in flow.inbox.names else SHIPPED / start
    flow.set_mapping(mapping.text_from(place) if start else mapping.text_of(mapping.guessed(looks)))


def _text(flow: Flow) -> None:
    key = f"import.map.text.{flow.mapping_version}"
    if st.session_state.get(key) != flow.mapping:
        st.session_state[key] = flow.mapping

    def edited() -> None:
        flow.set_mapping(st.session_state[key])

    st.text_area("The mapping as YAML (docs/mappings.md)", key=key, height=420, on_change=edited)
    st.download_button(
        "Download the mapping",
        data=flow.mapping.encode(),
        file_name="mapping.yaml",
        mime="text/yaml",
        key="import.map.file",
        on_click="ignore",
        type="tertiary",
    )


def _form(form: mapping.Form, looks: Mapping[str, Look], file: str, version: int) -> mapping.Form:
    def key(name: str) -> str:
        return f"import.map.{version}.{name}"

    with st.container(horizontal=True, vertical_alignment="bottom"):
        listed = ["", *zones()]
        zone = st.selectbox(
            "Time zone of the times in the files",
            listed if form.time_zone in listed else [*listed, form.time_zone],
            index=listed.index(form.time_zone) if form.time_zone in listed else len(listed),
            format_func=lambda name: name or "each time says its own",
            key=key("zone"),
            width=260,
        )
        formats = list(_FORMATS) if form.date_format in _FORMATS else [*_FORMATS, form.date_format]
        written = st.selectbox(
            "How dates are written",
            formats,
            index=formats.index(form.date_format),
            format_func=lambda name: _FORMAT_WORDS.get(name, name),
            key=key("format"),
            width=230,
        )
        missing = st.text_input("Texts that mean “not known”", ", ".join(word for word in form.missing if word), key=key("missing"), width=230)
    words = ("", *dict.fromkeys(word.strip() for word in missing.split(",") if word.strip()))
    form = replace(form, time_zone=zone, date_format=written, missing=words if form.missing or missing else ())
    one = next((entry for entry in form.files if entry.file == file), None)
    if one is None or file not in looks:
        return form
    changed = _file(one, looks[file], key)
    return replace(form, files=tuple(changed if entry.file == file else entry for entry in form.files))


def _file(one: mapping.FileForm, look: Look, key) -> mapping.FileForm:
    tables = ["", *TABLES]
    table = st.selectbox(
        "One row of this file is",
        tables,
        index=tables.index(one.table),
        format_func=lambda name: f"{table_words(name)}: {TABLES[name].grain}" if name else "nothing: leave the file aside",
        key=key(f"{one.file}.table"),
        width=420,
    )
    if table != one.table:
        one = mapping.with_table(one, table, look)
    if not table:
        return one
    names = mapping.columns_of(table)
    columns = {name: value for name, value in one.columns.items() if name not in names}  # further attributes, added in the text
    labelled = [(name, wording.words(name) + (" (needed)" if name in TABLES[table].required else "")) for name in names]
    place = f"{one.file}.{table}"
    columns |= _grid(labelled[:_FIRST], one.columns, look, key, place)
    if labelled[_FIRST:]:
        with st.expander("More about a lead", expanded=any(name in one.columns for name, _ in labelled[_FIRST:])):
            columns |= _grid(labelled[_FIRST:], one.columns, look, key, place)
    labels = _labels(one, look.labels.get(columns.get("stage", "")), key) if table == "stage_changes" and columns.get("stage") else {}
    dates: dict[str, str] = {}
    if table == "leads":
        with st.expander("Columns with the date of a stage", expanded=bool(one.stage_dates)):
            dates = _grid(
                [(stage, f"{wording.stage_short(stage)} on") for stage in (*STAGES, *EXITS)], one.stage_dates, look, key, f"{one.file}.dates"
            )
    return replace(one, columns=columns, labels=labels, stage_dates=dates)


def _grid(names: list[tuple[str, str]], chosen: Mapping[str, str], look: Look, key, prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    options = ["", *look.header]
    for start in range(0, len(names), 4):
        cells = st.columns(4, gap="small", vertical_alignment="bottom")
        for cell, (name, label) in zip(cells, names[start : start + 4], strict=False):
            listed = options if chosen.get(name, "") in options else [*options, chosen[name]]
            with cell:
                value = st.selectbox(
                    label, listed, index=listed.index(chosen.get(name, "")), format_func=lambda column: column or "–", key=key(f"{prefix}.{name}")
                )
            if value:
                found[name] = value
    return found


def _labels(one: mapping.FileForm, labels: list[str] | None, key) -> dict[str, str | None]:
    if not labels and not one.labels:
        text.note("The column of the stage has more than 40 different values: it is hardly a stage. Map its labels in the text if it is.")
        return {}
    every = list(dict.fromkeys([*(labels or []), *one.labels]))
    rows = pl.DataFrame(
        {
            "In the file": every,
            "Stage": [_NOTHING if label in one.labels and one.labels[label] is None else one.labels.get(label) for label in every],
        },
        schema={"In the file": pl.String, "Stage": pl.String},
    )
    text.note("Which stage each label means. A label without a stage is rejected with its row: nothing is guessed.")
    edited = st.data_editor(
        rows,
        hide_index=True,
        width=520,
        disabled=["In the file"],
        placeholder="not mapped",
        column_config={"Stage": st.column_config.SelectboxColumn("Stage", options=list(_STAGE_CHOICES))},
        key=key(f"{one.file}.labels.{one.columns.get('stage', '')}"),
    )
    return {row["In the file"]: None if row["Stage"] == _NOTHING else row["Stage"] for row in edited.to_dicts() if row["Stage"]}
