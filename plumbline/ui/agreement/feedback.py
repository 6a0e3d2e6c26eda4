"""What reps think of a version: counted, each in their words; and the form in which a rep says it, until the version is published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from plumbline import people, wording
from plumbline.agreement import feedback
from plumbline.agreement.feedback import MOST_TEXT, Feedback
from plumbline.agreement.version import Version
from plumbline.definition.kinds import points_sentence
from plumbline.definition.kinds import sentence as rule_sentence
from plumbline.definition.model import Definition, Points
from plumbline.ui import profile, text
from plumbline.ui.agreement import acts, desk, pieces
from plumbline.words.parts import Bold, Part

_SAYS = {True: "I agree", False: "I disagree"}


def counted(given: Sequence[Feedback]) -> str:
    """'3 reps agree and 1 disagrees'."""
    if not given:
        return "No rep has said anything of this version yet."
    agree = sum(one.agrees for one in given)
    others = len(given) - agree
    told = [f"{wording.plural(agree, 'rep')} {'agrees' if agree == 1 else 'agree'}"] if agree else []
    told += [f"{wording.count(others) if agree else wording.plural(others, 'rep')} {'disagrees' if others == 1 else 'disagree'}"] if others else []
    return f"{wording.listing(told)}."


def rules_of(definition: Definition) -> list[str]:
    """Every rule of a definition in words, in its order: what a rep may speak of."""
    told = [f"{name.replace('_', ' ')} is on record" for name in definition.required_fields]
    for part in ("fit", "behaviour", "criteria", "points", "exclude"):
        for one in getattr(definition, part):
            said = points_sentence(one, definition.half_life_days) if isinstance(one, Points) else rule_sentence(one)
            told.append(f"never while {said}" if part == "exclude" else said)
    return list(dict.fromkeys(told))


def show(version: Version) -> None:
    """The count, what each rep said, and the form where the version still takes it."""
    given = feedback.given(version.number)
    text.chart_title("What the reps say", counted(given))
    if given:
        st.html(pieces.list_html([_told(one) for one in given]))
    if version.published_at or version.withdrawn_at or version.declines:
        return
    with (popover := st.popover("Say what you think of it", key="agreement.feedback.open", on_change="rerun")):
        if popover.open:
            _form(version, given)


def _told(one: Feedback) -> list[Part]:
    said = [f"“{one.text}”"] if one.text else []
    said += [f"on “{rule}”: “{word}”" for rule, word in one.rules.items()]
    return [Bold(one.rep), f" {'agrees' if one.agrees else 'disagrees'}", f": {'; '.join(said)}" if said else "."]


def _form(version: Version, given: Sequence[Feedback]) -> None:
    who = profile.ask("feedback", "Each rep speaks once of a version, and may change it until the version is published.")
    if who is None:
        return
    mine = next((one for one in given if people.is_same(one.rep, who.name)), None)
    key = f"agreement.feedback.{version.number}.{who.key}"
    st.segmented_control("This version", list(_SAYS), default=mine.agrees if mine else None, format_func=_SAYS.get, key=f"{key}.agrees")
    st.text_area("What is a qualified lead to you?", mine.text if mine else "", key=f"{key}.text", max_chars=MOST_TEXT, height=90)
    rules = rules_of(version.agreement().qualified)[: feedback.MOST_RULES]
    with st.expander("Rule by rule"):
        for place, rule in enumerate(rules):
            text.note(rule)
            said = mine.rules.get(rule, "") if mine else ""
            own = f"{key}.rule.{place}"
            st.text_input(f"Rule {place + 1}", said, key=own, max_chars=MOST_TEXT, label_visibility="collapsed", placeholder="Your word on it")

    def act() -> None:
        state: Any = st.session_state
        if state.get(f"{key}.agrees") is None:
            desk.refuse("feedback", "Say whether you agree or disagree.")
            return
        said = {rule: state.get(f"{key}.rule.{place}", "") for place, rule in enumerate(rules)}
        acts.done(
            "feedback",
            version.number,
            lambda: feedback.give(version.number, who.name, state[f"{key}.agrees"], state[f"{key}.text"], said, desk.act_of(who)),
            "Thank you: your word is kept. You may change it until the version is published.",
        )

    st.button("Change my word" if mine else "Say it", type="primary", key="agreement.feedback", on_click=act)
    acts.beside("feedback")
