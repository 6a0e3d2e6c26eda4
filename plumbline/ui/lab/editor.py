"""The editor of the draft: its dials, one table of its rules with a form for the one that is picked; and the same draft as text."""

from __future__ import annotations

from dataclasses import replace
from math import floor, inf

import polars as pl
import streamlit as st

from plumbline import drafts, people
from plumbline.definition import Definition, parse, to_yaml
from plumbline.definition.parse import most_points
from plumbline.errors import InputError
from plumbline.text import clean
from plumbline.ui import text
from plumbline.ui.lab import desk, new_version, rule_form
from plumbline.ui.lab.rule_form import PARTS

_ROOM = 41  # characters of a rule that fit on one line of the table at 1440 pixels


def show() -> None:
    """Draws the editor; a change lies on the desk when it returns."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _start()
        view = st.segmented_control("Draft as", ["Form", "Text"], default="Form", key="lab.view", label_visibility="collapsed") or "Form"
        _save()
        new_version.show()
    if view == "Text":
        _text()
    else:
        _form()


def _start() -> None:
    with (popover := st.popover("Start from", key=f"lab.start.{desk.version()}", on_change="rerun")):
        if not popover.open:
            return
        for number, (name, definition) in enumerate([*desk.starts().items(), ("Nothing: an empty draft", Definition())]):
            if st.button(name, key=f"lab.start.at.{number}", type="tertiary"):
                _open(definition)
        kept = {one.name: one for one in drafts.saved()}
        if not kept:
            text.note("Drafts that you save are listed here.")
            return
        name = st.selectbox("Saved drafts", list(kept), None, key="lab.saved", placeholder="Choose one")
        if name is None:
            return
        one = kept[name]
        if one.definition is None:
            text.note(one.problem)
        with st.container(horizontal=True):
            if st.button("Open", type="primary", key="lab.saved.open", disabled=one.definition is None):
                _open(one.definition)
            if st.button("Delete", key="lab.saved.delete"):
                drafts.delete(one.name, people.acting())
                st.rerun(scope="fragment")


def _open(definition: Definition) -> None:
    desk.put(definition)
    st.rerun(scope="fragment")


def _save() -> None:
    with (popover := st.popover("Save", key="lab.save", on_change="rerun")):
        if not popover.open:
            return
        draft = desk.draft()
        name = clean(st.text_input("Name", draft.name, max_chars=drafts.MOST_NAME, key=f"lab.name.{desk.version()}", placeholder="Q4 2026")) or ""
        if name != draft.name:
            desk.move(replace(draft, name=name))
        if st.button("Save as a draft", type="primary", key="lab.save.now", disabled=not name or desk.is_unfinished(draft)):
            drafts.save(desk.draft(), people.acting())
            text.note(["Saved as ", text.Bold(name), ". It is listed under Start from."])
        else:
            text.note("A saved draft of the same name is replaced. The address of this page holds the draft too: copy it to share it.")


def _text() -> None:
    draft = desk.draft()
    told = "" if draft == Definition() else to_yaml(draft)
    told = st.text_area("The draft as text", told, height=460, key=f"lab.text.{desk.version()}", label_visibility="collapsed")
    with st.container(horizontal=True):
        is_applied = st.button("Apply", type="primary", key="lab.apply")
        st.download_button("Download", told, "definition.yaml", "text/yaml", type="tertiary", key="lab.download", on_click="ignore")
    if is_applied:
        try:
            definition = parse(told, "the draft")
            desk.notes(definition)
        except InputError as refusal:
            text.empty_state("The draft cannot be read", refusal.one_line)
        else:
            _open(definition)


def _form() -> None:
    _dials(desk.draft())
    draft = desk.draft()
    rows = [(part, place) for part in PARTS for place in range(len(getattr(draft, part)))]
    picked = _table(draft, rows) if rows else None
    adding = st.toggle("Add a rule", not rows, key=f"lab.adding.{desk.version()}")
    if picked is not None:
        rule_form.show(draft, *rows[picked])
    elif adding:
        rule_form.show(draft, "points" if draft.points else "fit", None)
    elif rows:
        text.note("Pick a rule to change or remove it.")


def _table(draft: Definition, rows: list[tuple[str, int]]) -> int | None:
    """The rules as a table; the one that is picked."""
    told = [rule_form.rule_words(getattr(draft, part)[place]) for part, place in rows]
    is_long = any(len(one) > _ROOM for one in told)
    picked = st.dataframe(
        pl.DataFrame({"Part": [PARTS[part] for part, _ in rows], "Rule": told}, schema={"Part": pl.String, "Rule": pl.String}),
        hide_index=True,
        width="stretch",
        height="content" if len(rows) < (7 if is_long else 12) else 430,
        row_height=66 if is_long else None,
        column_config={"Part": st.column_config.Column(width=82), "Rule": st.column_config.Column(width=245)},
        on_select="rerun",
        selection_mode="single-row",
        key=f"lab.rules.{desk.version()}",
        alt="The rules of the draft",
    ).selection.rows
    return picked[0] if picked and picked[0] < len(rows) else None


def _dials(draft: Definition) -> None:
    """The numbers that are moved most: the threshold, the half-life, and how many criteria."""
    if draft.threshold is not None:
        low, top = _reach(draft)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            value = draft.threshold
            if top > low:
                value = st.slider(
                    "Threshold: points that qualify", low, top, float(draft.threshold), 1.0, format="%g", key=f"lab.threshold.{desk.version()}"
                )
            half = st.number_input(
                "Half-life, days",
                0.5,
                None,
                draft.half_life_days,
                1.0,
                format="%g",
                key=f"lab.half.{desk.version()}",
                width=130,
                placeholder="never",
                help="After so many days an act gives half of its points. Empty: points do not fade.",
            )
        if (value, half) != (draft.threshold, draft.half_life_days):
            desk.move(replace(draft, threshold=value, half_life_days=half))
    if len(draft.criteria) > 1:
        key = f"lab.at_least.{desk.version()}"
        value = st.slider(f"How many of the {len(draft.criteria)} criteria", 1, len(draft.criteria), draft.at_least, key=key)
        if value != draft.at_least:
            desk.move(replace(desk.draft(), at_least=value))


def _reach(draft: Definition) -> tuple[float, float]:
    """Ends of the slider, the same until the draft is laid down anew: a dial must not move under the hand."""
    kept = st.session_state.get("lab.reach")
    if not kept or kept[0] != desk.version():
        most, wanted = most_points(draft), max(2 * draft.threshold, 20.0)
        top = max(float(floor(most)) if most != inf and most < wanted else float(round(wanted)), float(draft.threshold))
        kept = st.session_state["lab.reach"] = (desk.version(), min(0.0, float(draft.threshold)), top)
    return kept[1], kept[2]
