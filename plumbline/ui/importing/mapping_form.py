"""The mapping on screen: a form and a text, two views of one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st

from plumbline import wording
from plumbline.importing.preview import Look
from plumbline.ui import text
from plumbline.ui.importing import mapping, mapping_fields
from plumbline.ui.importing.flow import Flow
from plumbline.ui.importing.form_problems import problems

SHIPPED = Path(__file__).resolve().parents[3] / "sample_data" / "mappings"


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
    spots: mapping_fields.Spots = {}
    changed = mapping_fields.draw(form, looks, file, flow.mapping_version, spots)
    _say_amiss(changed, looks, file, spots, flow)
    if changed != form:
        flow.mapping = mapping.text_of(changed)


def _say_amiss(form: mapping.Form, looks: Mapping[str, Look], file: str, spots: mapping_fields.Spots, flow: Flow) -> None:
    """Each thing that is amiss, below its field; those of the other files in a line each."""
    found = problems(form, looks)
    elsewhere: dict[str, int] = {}
    for place, said in found.items():
        if place in spots:
            spots[place].html(text.amiss_html(said))
        elif place[0] in ("", file):
            text.note(said)
        else:
            elsewhere[place[0]] = elsewhere.get(place[0], 0) + 1
    refusal = mapping.problem(mapping.text_of(form))
    if refusal and not (found and refusal.what.startswith(("gives no ", "names no files", "no time zone"))):  # those stand beside their fields
        text.note(refusal.one_line)
    if elsewhere:
        told = [f"{flow.inbox.shown(name)} ({wording.count(n)})" for name, n in elsewhere.items()]
        text.note(f"Still to be settled in other files: {wording.listing(told)}. Choose a file above to see its fields.")


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
