"""The Definition lab: the editor on the left, what the draft would have done on the right. Only this fragment runs again as one edits."""

from __future__ import annotations

import streamlit as st

from plumbline import wording
from plumbline.definition import Definition, to_yaml
from plumbline.definition.check import check
from plumbline.history.schema import KNOWN_ATTRIBUTES
from plumbline.simulation.run import Simulation, simulate
from plumbline.simulation.thresholds import Heights, heights
from plumbline.ui import data, text
from plumbline.ui.lab import consequences, desk, editor, words


@st.fragment
def show() -> None:
    """The whole screen."""
    if desk.draft() is None:
        text.headline("There is nothing in this history that a definition could ask about.")
        text.empty_state("No rule can be made", "The history has neither attributes of leads nor acts.", text.Link("Bring in a history", "import"))
        return
    top = st.container(gap="small")
    left, right = st.columns([5, 8], gap="large")
    with left:
        if refusal := st.session_state.pop("lab.refusal", ""):
            text.note(refusal)
        editor.show()
        weeks, quota, capacity = _terms()
    settings = desk.settings(weeks, quota, capacity)
    draft = desk.draft()
    found, seen = simulated(draft, settings)
    with top:
        text.headline(words.headline(found))
        span = wording.period(settings.since, settings.until)
        told = f"{draft.name or 'The draft'}, replayed over leads of {span} as they were known then, against what happened."
        text.reading_sentence(told)
        text.figure_strip(words.strip(found))
    with right:
        consequences.show(draft, settings, found, seen)
    for note in check(draft, desk.stage().facts.known(), KNOWN_ATTRIBUTES, "the draft"):
        text.note(note)


def _terms() -> tuple[int, float | None, float | None]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        span = st.selectbox(
            "Judged on", list(desk.PERIODS), 1, format_func=lambda one: f"{desk.PERIODS[one]} that can be judged", key="span", width=230
        )
        with st.popover("Promises", key="lab.promises"):
            quota = st.number_input(
                "Qualified leads per quarter", value=None, min_value=1.0, step=10.0, format="%g", key="lab.quota", placeholder="no quota"
            )
            capacity = st.number_input(
                "New leads per rep and week", value=None, min_value=0.1, step=1.0, format="%g", key="lab.capacity", placeholder="no limit"
            )
    return int(span.removesuffix("w")), quota, capacity


def simulated(draft: Definition, settings) -> tuple[Simulation, Heights]:
    """The simulation of a draft, kept for all viewers while the history stays."""
    return _simulated(data.history().about.snapshot, to_yaml(draft), repr(settings), draft, settings)


@st.cache_resource(max_entries=40, show_spinner=False)
def _simulated(snapshot: str, told: str, period: str, _draft: Definition, _settings) -> tuple[Simulation, Heights]:
    found = simulate(_draft, None, desk.stage(), _settings)
    return found, heights(found.swept, found.verdicts)
