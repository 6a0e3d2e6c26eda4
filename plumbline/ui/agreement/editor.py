"""The editor of a draft, as a form and as text: two views of one value. Nothing is saved while it holds a fault, or where somebody was first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from plumbline.agreement import draft_text, versions
from plumbline.agreement.canonical import canonical
from plumbline.agreement.check import advice, check
from plumbline.agreement.diff import diff
from plumbline.agreement.draft_faults import WHERE, Fault, Judged, fault_of, judge
from plumbline.agreement.model import Agreement
from plumbline.agreement.parse import FIRST_YEAR, LAST_YEAR, MOST_DESCRIPTION, MOST_NAME
from plumbline.agreement.promises import SIDES, kinds_of
from plumbline.agreement.version import Version
from plumbline.agreement.words import told as sentences_of
from plumbline.definition.write import tree as definition_tree
from plumbline.errors import InputError
from plumbline.identity import Identity
from plumbline.ui import data, judged_by, profile, text
from plumbline.ui.agreement import desk, pieces, promise_form, words
from plumbline.ui.agreement.desk import Desk
from plumbline.ui.lab.desk import packed
from plumbline.wording import listing

_KEY, _VIEW = "agreement.edit", "agreement.edit.view"


@dataclass(frozen=True)
class Edit:
    """A draft under somebody's hands: `edition` of the saved text that the change began with, which is `base`; `text` as it is now.

    `generation`: grows with every change by more than a field of the form: widgets then forget what they showed.
    """

    number: int
    edition: int
    base: str
    text: str
    generation: int = 0


def show(on: Desk, version: Version) -> None:
    """Draws the editor. What is typed stays in the session until it is saved or undone."""
    now = _taken_up(version)
    _warnings(on, version, now)
    view = st.segmented_control("Draft as", ["Form", "Text"], default="Form", key=_VIEW, label_visibility="collapsed") or "Form"
    top = st.container()
    judged = _judged(on, version, now.text)
    new = _text(now) if view == "Text" else _form(now, judged)
    if new != now.text:
        st.session_state[_KEY] = now = replace(now, text=new)
        st.rerun()  # so that sentences and faults are those of what is typed
    with top:
        _faults(judged)
    _changes(version, judged)
    _save(on, version, now, judged)


def _taken_up(version: Version) -> Edit:
    now: Edit | None = st.session_state.get(_KEY)
    is_untouched = now is not None and now.text == now.base
    if now is None or now.number != version.number or (is_untouched and now.edition != version.edition):
        generation = now.generation + 1 if now else 0
        st.session_state[_KEY] = now = Edit(version.number, version.edition, version.yaml, version.yaml, generation)
    return now


def _again(version: Version) -> None:
    """Lays the saved text under the hands again."""
    now: Edit = st.session_state[_KEY]
    st.session_state[_KEY] = Edit(version.number, version.edition, version.yaml, version.yaml, now.generation + 1)
    desk.forget_refusal("save")


def is_touched(version: Version) -> bool:
    """Whether this visit has changes of the version that are not saved."""
    now: Edit | None = st.session_state.get(_KEY)
    return now is not None and now.number == version.number and now.text != now.base


def _warnings(on: Desk, version: Version, now: Edit) -> None:
    if version.signatures:
        who = listing([one.by for one in version.signatures])
        text.note(
            f"{who} signed version {version.number}. Any change but of name and description makes a new draft without signatures; "
            f"version {version.number} stays as it is until it is withdrawn."
        )
    elif version.frozen:
        text.note("A change takes the simulation away: signatures need a new one. Name and description alone can change without.")
    if now.edition != version.edition:
        text.amiss(
            f"{version.edited_by} saved another text at {words.moment(version.edited_at, on.zone)}, after you began: yours cannot be saved over it."
        )


def _judged(on: Desk, version: Version, told: str) -> Judged:
    """All faults at once: of the text, of the history, of the effective day."""
    found = judge(told, lambda agreement: check(agreement, data.history(), where=WHERE))
    if found.agreement is None or canonical(found.agreement) == version.canonical:
        return found
    late = versions.day_fault(found.agreement.effective, [one for one in on.versions if one.number != version.number], WHERE)
    return replace(found, faults=(*found.faults, fault_of(late.one_line))) if late else found


def _faults(judged: Judged) -> None:
    if not judged.faults:
        return
    few = len(judged.faults) == 1
    text.amiss([text.Bold("One fault" if few else f"{len(judged.faults)} faults"), " to mend before it can be saved:"])
    st.html(pieces.list_html([one.whole for one in judged.faults]))


def _text(now: Edit) -> str:
    key = f"agreement.text.{now.number}.{now.generation}"
    return st.text_area("The draft as text", now.text, height=620, key=key, label_visibility="collapsed")


def _form(now: Edit, judged: Judged) -> str:
    try:
        tree = draft_text.read(now.text, WHERE)
    except InputError as refusal:
        text.empty_state("The text cannot be shown as a form", f"{refusal.one_line}. Mend it under Text.")
        return now.text
    key, made = f"agreement.form.{now.number}.{now.generation}", tree
    by_place: dict[str, list[Fault]] = {}
    for fault in judged.faults:
        by_place.setdefault(fault.place, []).append(fault)
    made = _top(made, key, by_place)
    made = _definition(made, key, by_place, judged)
    said = {line.kind: line.sentence for line in sentences_of(judged.agreement)} if judged.agreement else {}
    fields = [row["attribute"] for row in data.history().fields.values() if row["attribute"] is not None]
    promised = draft_text.promises(tree)
    for side in SIDES:
        st.html(f'<h2 class="pl-sub pl-{side}">{words.WHO[side]} promise{"" if side == "both" else "s"}</h2>')
        for kind in kinds_of(side):
            wanted = promise_form.show(kind, promised.get(kind), f"{key}.{kind}", fields, said.get(kind, ""), by_place.get(kind, []))
            if wanted != promised.get(kind):
                made = draft_text.with_promise(made, kind, wanted)
    return now.text if made == tree else draft_text.to_text(made)


def _top(tree: draft_text.Tree, key: str, faults: dict[str, list[Fault]]) -> draft_text.Tree:
    made = dict(tree)
    with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        with st.container(width=330):
            name = st.text_input("Name", str(tree.get("name") or ""), max_chars=MOST_NAME, key=f"{key}.name")
            _beside(faults, "name")
        with st.container(width=190):
            day = st.date_input(
                "Effective day",
                _day(tree.get("effective")),
                date(FIRST_YEAR, 1, 1),
                date(LAST_YEAR, 12, 31),
                format="YYYY-MM-DD",
                key=f"{key}.effective",
                help="In force from this day on; it judges the weeks that begin on it or later. It is signed like all the rest.",
            )
            _beside(faults, "effective")
    description = st.text_area("Description", str(tree.get("description") or ""), height=80, max_chars=MOST_DESCRIPTION, key=f"{key}.description")
    _beside(faults, "description")
    if name != str(tree.get("name") or ""):
        made["name"] = name
    if day is not None and day.isoformat() != str(tree.get("effective")):
        made["effective"] = day.isoformat()
    if description != str(tree.get("description") or ""):
        made["description"] = description
    return {name: value for name, value in made.items() if name != "description" or value}


def _day(told: Any) -> date | None:
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        return None


def _beside(faults: dict[str, list[Fault]], place: str) -> None:
    for fault in faults.get(place, []):
        text.amiss(fault.sentence)


def _definition(tree: draft_text.Tree, key: str, faults: dict[str, list[Fault]], judged: Judged) -> draft_text.Tree:
    text.subheading("A qualified lead")
    if judged.agreement:
        st.html(pieces.list_html([line.sentence for line in sentences_of(judged.agreement) if line.kind in ("qualified", "never")]))
    for place in ("qualified", "accepted", "sales_qualified"):
        _beside(faults, place)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        with (popover := st.popover("Take another definition", key=f"{key}.definition", on_change="rerun")):
            if popover.open:
                offered = judged_by.offered()
                name = st.selectbox("Definition", list(offered), None, key=f"{key}.definition.name", placeholder="Choose one")
                if name is not None and st.button("Take it", type="primary", key=f"{key}.definition.take"):
                    _lay(draft_text.to_text(tree | {"qualified": definition_tree(offered[name])}))
        if judged.agreement and (token := packed(judged.agreement.qualified)):
            lab = text.Link("Definition lab", f"definition?draft={token}")
            text.note(["Rules are changed in the ", lab, ", which shows what each would have done."])
    return tree


def _lay(told: str) -> None:
    """Another text under the hands: the widgets forget what they showed."""
    now: Edit = st.session_state[_KEY]
    st.session_state[_KEY] = replace(now, text=told, generation=now.generation + 1)
    st.rerun()


def _changes(version: Version, judged: Judged) -> None:
    if judged.agreement is None:
        return
    found = diff(version.agreement(), judged.agreement)
    if found.changes:
        text.subheading("What you changed")
        st.html(pieces.changes_html([(one.sentence, "") for one in found.changes]))
    is_first = not version.published_at and version.number == 1
    for line in advice(judged.agreement, is_first):
        text.note(line)


def _save(on: Desk, version: Version, now: Edit, judged: Judged) -> None:
    is_same = now.text == now.base
    cannot = is_same or judged.agreement is None or bool(judged.faults)
    who = profile.current() if cannot else profile.ask("edit", "Every change is kept with the name of who made it.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if who is not None or cannot:
            is_asked = st.button("Save the draft", type="primary", key="agreement.save", disabled=cannot)
            if is_asked and who is not None and judged.agreement is not None and not judged.faults:
                _keep(version, now, judged.agreement, who)
        if not is_same and st.button("Undo my changes", key="agreement.undo"):
            _again(version)
            st.rerun()
        st.download_button(
            "Download as YAML", now.text, f"agreement-{version.number}.yaml", "text/yaml", type="tertiary", key="agreement.yaml", on_click="ignore"
        )
    if refusal := desk.refusal("save"):
        text.amiss(refusal)
        with st.container(horizontal=True, gap="small"):
            if st.button("Take the saved text, drop mine", key="agreement.save.theirs"):
                _again(version)
                st.rerun()
            if judged.agreement is not None and who is not None and st.button("Keep mine as a draft of its own", key="agreement.save.own"):
                _as_new(judged.agreement, who)


def _keep(version: Version, now: Edit, agreement: Agreement, who: Identity) -> None:
    try:
        made = versions.edit(version.number, agreement, now.edition, desk.act_of(who))
    except InputError as refusal:
        desk.refuse("save", words.refused(refusal, version.number))
        st.rerun()
    st.session_state.pop(_KEY, None)
    desk.forget_refusal("save")
    if made.number != version.number:
        desk.flash(f"Saved as a new draft, version {made.number}: nobody has signed it yet. Version {version.number} stays as it was.")
        desk.open_version(made.number, "edit")
    else:
        desk.flash("Saved.")
    st.rerun()


def _as_new(agreement: Agreement, who: Identity) -> None:
    try:
        made = versions.new(agreement, desk.act_of(who))
    except InputError as refusal:
        desk.refuse("save", words.refused(refusal, 0))
        st.rerun()
    st.session_state.pop(_KEY, None)
    desk.forget_refusal("save")
    desk.flash(f"Yours is kept as a draft of its own, version {made.number}.")
    desk.open_version(made.number, "edit")
    st.rerun()
