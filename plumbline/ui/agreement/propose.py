"""A first agreement, proposed from the history: what was kept, what is proposed, what good teams promise; one click makes it a draft."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import streamlit as st

from plumbline import drafts, wording
from plumbline.agreement import versions
from plumbline.agreement.check import check
from plumbline.agreement.dates import free_name, next_effective
from plumbline.agreement.draft_faults import WHERE, fault_of
from plumbline.agreement.figures import percent
from plumbline.agreement.model import Agreement
from plumbline.agreement.promises import KINDS, sentence
from plumbline.agreement.proposal import WEEKS, Line, Proposal, propose
from plumbline.agreement.version import Version
from plumbline.definition import Definition, to_yaml
from plumbline.errors import InputError
from plumbline.identity import Identity
from plumbline.ui import data, foretelling, judged_by, profile, text
from plumbline.ui.agreement import acts, desk, pieces, words
from plumbline.ui.agreement.desk import Desk
from plumbline.ui.lab import desk as lab

_SIDES = ("both", "marketing", "sales")


def show(on: Desk) -> str:
    """The proposal for a definition that is chosen, and the button that makes it a draft. Gives '', or why there is none, as a clause."""
    offered = definitions()
    if not offered:
        text.empty_state(
            "No definition of a qualified lead fits this history",
            f"A first agreement needs one, and {lab.why_no_start()}.",
            text.Link("Write one in the Definition lab", "definition"),
        )
        return "no definition of a qualified lead fits this history yet"
    names = list(offered)
    key = f"agreement.propose.{hashlib.sha256(repr(names).encode()).hexdigest()[:8]}"
    name = st.selectbox("A qualified lead is", names, key=key, width=380) or names[0]
    told = proposed(on, offered[name])
    if told.agreement is None:
        why = _left_out(told)
        text.empty_state("Nothing that could be promised can be measured", f"{why[:1].upper()}{why[1:]}.", text.Link("Bring in more", "import"))
        return "this history can measure no promise yet"
    agreement = told.agreement
    n, span = len(told.lines), wording.period(told.first_week, _after(told.last_week))
    text.chart_title(
        f"{wording.words(wording.plural(n, 'promise'))} that your own history can measure",
        f"Each at what was kept in three of four of the last {WEEKS} weeks ({span}), rounded down to a whole 5 %. They begin where you are: "
        "raise them in the draft.",
    )
    st.html(_table(told))
    if told.left_out:
        text.note(f"Not offered: {_left_out(told)}.")
    begins = f"It would begin on {wording.day(agreement.effective)}, the first Monday at least a week away"
    who = profile.ask("propose", "A draft is kept with the name of who made it.")
    if who is not None and st.button(f"Make it a draft: {agreement.name}", type="primary", key="agreement.propose"):
        make_and_open(agreement, who, "Proposed from your own history. Change what you like, then simulate it.")
    acts.beside("propose")
    text.note(f"{begins}. All of it can be changed before anybody signs.")
    return ""


def definitions() -> dict[str, Definition]:
    """Name -> definition: the latest saved draft of the lab first, then what this history is offered."""
    told: dict[str, Definition] = {}
    if (name := drafts.latest()) and (saved := {one.name: one.definition for one in drafts.saved()}.get(name)):
        told[name] = saved
    for name, definition in judged_by.offered().items():
        if definition not in told.values():
            told.setdefault(name, definition)
    return {name: one for name, one in told.items() if not lab.is_unfinished(one) and _can_be_asked(one)}


def _can_be_asked(definition: Definition) -> bool:
    try:
        lab.notes(definition)
    except InputError:
        return False
    return True


def first_day(on: Desk) -> date:
    """The day on which a new draft begins: the next Monday at least a week away, after the version published last."""
    return next_effective(on.today, on.last_published.effective if on.last_published else None)


def proposed(on: Desk, definition: Definition) -> Proposal:
    """The proposal for a definition, kept while the history stays."""
    effective = first_day(on)
    name = free_name(effective, {one.name for one in on.versions})
    return _proposed(data.content(), foretelling.key(), to_yaml(definition), effective, name, definition)


@st.cache_data(max_entries=12, show_spinner="Measuring what was kept in the last weeks")
def _proposed(snapshot: str, without: tuple[str, ...], told: str, effective: date, name: str, _definition: Definition) -> Proposal:
    return propose(data.history(), _definition, name, effective)


def with_definition(on: Desk, definition: Definition) -> tuple[Agreement | None, str]:
    """(a new draft with this definition, what its promises come from: the version in force, or to come; else they are proposed)."""
    base = on.in_force or on.to_come or on.last_published
    if base is None:
        return proposed(on, definition).agreement, "promises proposed from your own history"
    was = base.agreement()
    promises = was.promises
    if not definition.required_fields:  # the fields that those before asked for, which the definition no longer names
        promises = tuple(replace(one, fields=was.required_fields()) if one.kind == "required_fields" else one for one in promises)
    effective = first_day(on)
    name = free_name(effective, {one.name for one in on.versions})
    return replace(was, name=name, effective=effective, qualified=definition, promises=promises), f"the promises of {words.title(base)}"


def make(agreement: Agreement, who: Identity, said: str, look: str = "edit") -> Version | None:
    """A new draft, held against the history first; None where it is refused, which then stands beside the button."""
    try:
        if faults := check(agreement, data.history(), where=WHERE):
            desk.refuse("propose", f"It cannot be made a draft. {fault_of(faults[0]).whole}")
            return None
        made = versions.new(agreement, desk.act_of(who))
    except InputError as refusal:
        desk.refuse("propose", words.refused(refusal, 0))
        return None
    desk.forget_refusal()
    desk.flash(said)
    return made


def make_and_open(agreement: Agreement, who: Identity, said: str) -> None:
    """The same, and the draft is opened."""
    if made := make(agreement, who, said):
        desk.open_version(made.number, "edit")
    st.rerun()


def _left_out(told: Proposal) -> str:
    return "; ".join(f"{title[:1].lower()}{title[1:]} ({why})" for title, why in told.left_out)


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _table(told: Proposal) -> str:
    rows = []
    for side in _SIDES:
        rows += [_row(told, line, side) for line in told.lines if KINDS[line.promise.kind].side == side]
    return pieces.proposal_html(rows)


def _row(told: Proposal, line: Line, side: str) -> pieces.Proposed:
    promise, kind = line.promise, KINDS[line.promise.kind]
    fields = told.agreement.required_fields() if promise.kind == "required_fields" else ()
    if promise.kind == "volume":
        kept, wanted = f"{wording.decimal(float(line.kept))} a week", f"{wording.count(promise.leads)} a quarter"
    else:
        kept, wanted = wording.share(float(line.kept)), percent(promise.share)
    good = percent(Decimal(line.good)) if line.good is not None else wording.ABSENT
    return pieces.Proposed(
        words.WHO[side], side, kind.title, sentence(promise, fields), wanted, kept, f"in {line.reached} of {line.weeks} weeks", good
    )
