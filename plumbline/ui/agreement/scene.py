"""One version of the Agreement screen: what it says, what it changes, its editor; then its simulation, its signatures, what reps say of it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from plumbline.agreement.canonical import short
from plumbline.agreement.check import notes
from plumbline.agreement.dates import free_name
from plumbline.agreement.version import OPEN, Version
from plumbline.agreement.words import told
from plumbline.reports.agreement_document import LEVEL
from plumbline.ui import data, profile, text
from plumbline.ui.agreement import acts, changes, desk, downloads, editor, feedback, pieces, propose, signatures, words
from plumbline.ui.agreement.desk import Desk

LOOKS = {"changes": "What it changes", "says": "What it says", "edit": "Edit"}


def done() -> None:
    """What was just done, and who acts."""
    if said := desk.told_once():
        st.html(f'<p class="pl-said" role="status">{text._shown(said)}</p>')


def in_force(version: Version) -> None:
    """What is agreed now, to be read: the sentences of both sides, how each is measured, the seal."""
    st.html(pieces.document_html(told(version.agreement()), skip=("effective", "review")))
    text.note(f"Seal {short(version.seal)}: {LEVEL}. {words.NAMES}")
    text.note([text.Link("Open this version", words.href(version)), " to make a new draft from it, to end it, or to correct its name."])
    downloads.show(version)


def one_version(on: Desk, version: Version) -> None:
    """The page of one version."""
    text.note([text.Link("All versions", "agreement")])
    text.headline(words.headline_of(version, on.today, on.zone))
    text.reading_sentence(words.reading(version, on.zone))
    done()
    for line in words.notes(version, on.today):
        text.note(line)
    if version.description:
        text.paragraph(version.description)
    signatures.steps(on, version)
    is_open = version.state(on.today) in OPEN
    look = _look(on, version, is_open)
    if look == "edit":
        editor.show(on, version)
        return
    if editor.is_touched(version):
        text.note("You have changes of this version that are not saved: they wait under Edit.")
    if look == "says":
        st.html(pieces.document_html(told(version.agreement())))
        for line in notes(version.agreement(), data.history()):
            text.note(line)
    else:
        changes.show(on, version)
    signatures.simulation(on, version)
    if is_open:
        text.chart_title("Simulate, sign, publish" if version.frozen is None else "Sign and publish")
        signatures.panel(on, version)
    feedback.show(version)
    text.chart_title("Files and changes of state")
    downloads.show(version)
    _others(on, version)


def _look(on: Desk, version: Version, is_open: bool) -> str:
    """What of it is shown; kept in the address."""
    shown = {"changes": on.before(version) is not None, "says": True, "edit": is_open}
    looks = {name: label for name, label in LOOKS.items() if shown[name]}
    usual = "changes" if shown["changes"] and version != on.in_force else "says"
    if len(looks) == 1:
        return usual
    asked = st.query_params.get("look", "")
    key = f"agreement.look.{version.number}.{asked}.{is_open}"
    start = asked if asked in looks else usual
    chosen = st.segmented_control("Look", list(looks), default=start, format_func=looks.get, key=key, label_visibility="collapsed") or start
    if chosen != start:
        desk.open_version(version.number, chosen)
        st.rerun()
    return chosen


def _others(on: Desk, version: Version) -> None:
    """What is rarely done to it, and the way to a new draft of it."""
    who = profile.current()
    state = version.state(on.today)
    if state == "published" and who is None:
        with st.expander("End it, or correct its name"):
            who = profile.ask("others", "Who ends or corrects a version is kept with it.")
        if who is None:
            _new_from(on, version)
            return
    acts.more(on, version, who)
    if state not in OPEN:
        _new_from(on, version)


def _new_from(on: Desk, version: Version) -> None:
    with (popover := st.popover("New draft from this", key="agreement.new.open", on_change="rerun")):
        if not popover.open:
            return
        text.note("A draft with the same promises and the same definition, which begins on the next Monday that it can. Then change it.")
        who = profile.ask("new", "A draft is kept with the name of who made it.")
        if who is not None and st.button("Make the draft", type="primary", key="agreement.new"):
            effective = propose.first_day(on)
            name = free_name(effective, {one.name for one in on.versions})
            propose.make_and_open(replace(version.agreement(), name=name, effective=effective), who, f"A draft made from version {version.number}.")
        acts.beside("propose")
