"""The Definition lab: the editor on the left, what the draft would have done on the right. Only this fragment runs again as one edits."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from plumbline import drafts, wording
from plumbline.definition import Definition
from plumbline.errors import InputError, PlumblineError
from plumbline.replay.plan import Plan, plan
from plumbline.simulation.not_known import not_known
from plumbline.simulation.run import Settings, Simulation, simulate
from plumbline.simulation.thresholds import Heights, heights
from plumbline.ui import data, foretelling, frame, on_record, text
from plumbline.ui.lab import can_tell, consequences, desk, editor, past_wins, words

_HAPPENED, _KEPT = "what happened", "the one chosen before"


def show() -> None:
    """The whole screen."""
    desk.arrive()
    _lab()


@st.fragment
def _lab() -> None:
    try:
        with st.container(key="lab"):
            _draw()
    except PlumblineError as refusal:  # a run of the fragment alone never comes by app.py
        frame.refused(refusal)


def _draw() -> None:
    known = desk.stage().facts.known()
    if _period() is None or not (known.fields or known.activities):
        text.headline("There is nothing in this history that a definition could ask about.")
        text.empty_state("No rule can be made", "The history has neither attributes of leads nor acts.", text.Link("Bring in a history", "import"))
        return
    top = st.container(gap="small")
    left, right = st.columns([6, 9], gap="large")
    with left:
        editor.show()
        _terms()
    desk.tell()
    draft, terms, period = desk.draft(), desk.terms(), _period()
    with top:
        if refusal := st.session_state.pop(desk.REFUSAL, ""):
            text.note(refusal)
        if desk.is_unfinished(draft):
            if desk.starts():
                text.headline("Nothing qualifies a lead yet.")
                text.reading_sentence("An empty draft: add the first rule, or start from a definition that fits this history.")
            else:
                text.headline("No preset fits this history: nothing to score.")
                text.reading_sentence(f"An empty draft, for {desk.why_no_start()}: add the first rule.")
            with right:
                past_wins.show(desk.settings(period))
            foretelling.note("lab", acts=True)
            return
        try:
            notes = desk.notes(draft)
        except InputError as refusal:
            text.headline("The draft asks about something that this history does not have.")
            text.empty_state("The draft cannot be replayed", f"{refusal.one_line}. Change or remove that rule.")
            return
        settings = desk.settings(period)
        against = "" if terms.base is None else terms.base.name or "the other draft"
        found, seen = simulated(draft, terms.base, settings)
        can = can_tell.of_history()
        text.headline(words.headline(found, against, can))
        text.reading_sentence(words.reading(draft.name, period, against))
        if not can.times:
            text.note(on_record.why_no_times())
        text.figure_strip(words.strip(found, against, can))
    with right:
        consequences.show(draft, settings, found, seen, against)
    for note in [*notes, *words.not_known(*not_known(draft, found, desk.stage()))]:
        text.note(note)
    foretelling.note("lab", acts=True)


def _period() -> desk.Period | None:
    return desk.period(int(desk.terms().span.removesuffix("w")))


def _terms() -> None:
    """One button for the terms on which the draft is judged; the sentence under the headline says them."""
    terms = desk.terms()
    with (popover := st.popover("Judged on", key="lab.terms.open", on_change="rerun")):
        if not popover.open:
            return
        with st.container(horizontal=True, gap="medium"):
            spans = list(desk.PERIODS)
            span = st.selectbox("Weeks that can be judged", spans, spans.index(terms.span), format_func=desk.PERIODS.get, key="lab.span", width=200)
            bases = _bases(terms.base)
            now = next(name for name, one in bases.items() if one == terms.base)
            base = bases[st.selectbox("Held against", list(bases), list(bases).index(now), key="lab.base")]
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            quota = st.number_input(
                "Marketing promises: qualified leads a quarter", 1.0, None, terms.quota, 10.0, format="%g", key="lab.quota", placeholder="no quota"
            )
            capacity = st.number_input(
                "Sales can take: new leads per rep and week", 0.1, None, terms.capacity, 1.0, format="%g", key="lab.capacity", placeholder="no limit"
            )
    wanted = replace(terms, span=span, base=base, quota=quota, capacity=capacity)
    if wanted != terms:
        desk.agree(wanted)


def _bases(now: Definition | None) -> dict[str, Definition | None]:
    """What a draft can be held against, by the words of the choice."""
    found: dict[str, Definition | None] = {_HAPPENED: None, **desk.starts()}
    for one in drafts.saved():
        if one.definition is not None:
            found[f"saved: {one.name}"] = one.definition
    if now not in found.values():
        found[wording.shortened(now.name, 60) if now.name and now.name not in found else _KEPT] = now
    return found


def simulated(draft: Definition, base: Definition | None, settings: Settings) -> tuple[Simulation, Heights]:
    """The simulation of a draft, kept for all viewers while the history stays."""
    return _simulated(data.content(), repr(draft), repr(base), repr(settings), draft, base, settings)


@st.cache_resource(max_entries=4, show_spinner=False)
def _plan(snapshot: str, rules: str, _draft: Definition) -> Plan:
    """The rules laid out for the kernel: the same for every threshold."""
    return plan(_draft, desk.stage().facts)


@st.cache_resource(max_entries=12, show_spinner=False)
def _simulated(
    snapshot: str, told: str, against: str, period: str, _draft: Definition, _base: Definition | None, _settings: Settings
) -> tuple[Simulation, Heights]:
    made = _plan(snapshot, repr(replace(_draft, name="", threshold=None)), _draft)
    found = simulate(_draft, _base, desk.stage(), _settings, made)
    return found, heights(found.swept, found.verdicts)
