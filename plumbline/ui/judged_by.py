"""The definition by which a screen outside the lab judges leads: the draft of this visit, a preset, or a saved draft."""

from __future__ import annotations

import hashlib

import streamlit as st

from plumbline import drafts
from plumbline.definition import Definition
from plumbline.errors import InputError
from plumbline.ui import filter_bar, text
from plumbline.ui.lab import desk


def offered() -> dict[str, Definition]:
    """Name -> definition: the draft first, then the presets, then what was saved."""
    told: dict[str, Definition] = {}
    here = desk.at_hand()
    if here is not None and not desk.is_unfinished(here):
        told[here.name or "The draft"] = here
    saved = {one.name: one.definition for one in drafts.saved() if one.definition is not None}
    for name, definition in (desk.starts() | saved).items():
        if definition not in told.values():
            told[name if name not in told else f"{name} (as it was)"] = definition
    return told


def choose_other(label: str, usual: str, key: str) -> Definition | None:
    """A second definition, beside the draft: `usual` by name until another is chosen. Its name stands in the address under `key`."""
    choices = offered()
    if not choices:
        return None
    names = list(choices)
    name = st.selectbox(label, names, names.index(usual) if usual in names else 0, key=key, bind="query-params", width=330)
    return choices[name] if name and is_readable(choices[name]) else None


def choose(label: str, *, is_needed: bool = True, width: int = 330) -> Definition | None:
    """A control that lays its choice into the address, where links and the story of a lead find it. None where nothing is chosen.

    is_needed: the first of those offered, where the visit has no draft yet.
    """
    choices = offered()
    if not choices:
        return None
    here = desk.at_hand()
    if refusal := st.session_state.pop(desk.REFUSAL, ""):
        text.note(refusal)
    names = list(choices)
    place = next((n for n, name in enumerate(names) if choices[name] == here), 0 if is_needed else None)
    key = f"judged.{hashlib.sha256(repr((names, place)).encode()).hexdigest()[:12]}"
    name = st.selectbox(label, names, place, key=key, width=width, placeholder="Choose a definition")
    if name is None:
        return None
    chosen = choices[name]
    if chosen != here and (token := desk.packed(chosen)):
        st.query_params["draft"] = token
    return chosen if is_readable(chosen) else None


def nothing_offered() -> bool:
    """Whether there is no definition to judge by: then says why, with a way on, in the place of a screen."""
    if offered():
        return False
    text.headline(["No definition fits this history: ", desk.why_no_start()])
    text.empty_state("Leads cannot be judged without one", "A definition says what a good lead is.", _way_on())
    return True


def note_nothing_offered() -> None:
    """The same in a line, for a part of a screen; nothing where there is a definition to choose."""
    if not offered():
        text.note([f"No definition fits this history: {desk.why_no_start()}. ", _way_on(), "."])


def _way_on() -> text.Link:
    return text.Link("Write one in the Definition lab", filter_bar.link("definition"))


def is_readable(definition: Definition) -> bool:
    """Whether this history can be asked; where not, says what it lacks."""
    try:
        desk.notes(definition, definition.name or "the draft")
    except InputError as refusal:
        text.empty_state("The definition asks for what this history does not have", refusal.one_line)
        return False
    return True
