"""What is done to a version with one click: sign, decline, withdraw, publish, end, correct. Each acts on what the screen showed when it was clicked.

A refusal of the store stands as one sentence beside its button, and nothing has changed then.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from plumbline import wording
from plumbline.agreement import ending, signing, versions
from plumbline.agreement.parse import MOST_DESCRIPTION, MOST_NAME
from plumbline.agreement.version import OPEN, Version
from plumbline.errors import PlumblineError
from plumbline.identity import Identity
from plumbline.ui import clock, text
from plumbline.ui.agreement import desk, words
from plumbline.ui.agreement.desk import Desk


def done(button: str, number: int, act: Callable[[], object], said: str) -> None:
    """Runs an act of the store; its refusal, or what was done, is told at the next run."""
    try:
        act()
    except PlumblineError as refusal:
        desk.refuse(button, words.refused(refusal, number))
    else:
        desk.forget_refusal()
        desk.flash(said)


def beside(button: str) -> None:
    """The refusal that belongs to a button."""
    if refusal := desk.refusal(button):
        text.amiss(refusal)


def sign(version: Version, side: str, seal: str, who: Identity, ticked: str) -> None:
    """A callback: signs the seal that was shown. ticked: the key of the tick that acknowledges fields of today."""
    acknowledges = bool(st.session_state.get(ticked, False))
    other = "sales" if side == "marketing" else "marketing"
    is_last = version.signature(other) is not None
    said = f"{who.name} signed for {side}. " + ("Both sides have signed: it can be published." if is_last else f"Hand the screen over to {other}.")
    done(f"sign.{side}", version.number, lambda: signing.sign(version.number, side, seal, clock.today(), desk.act_of(who), acknowledges), said)


def publish(on: Desk, version: Version, who: Identity) -> None:
    """The button that makes it the one in force from its first day on."""
    begins = wording.day(version.effective)

    def act() -> None:
        said = f"Published: in force from {begins} on."
        done("publish", version.number, lambda: signing.publish(version.number, clock.today(), desk.act_of(who)), said)

    st.button(f"Publish: in force from {begins}", type="primary", key="agreement.publish", on_click=act)
    beside("publish")


def more(on: Desk, version: Version, who: Identity | None) -> None:
    """What is rarely done, each behind a button of its own."""
    state = version.state(on.today)
    with st.container(horizontal=True, gap="small"):
        if state in OPEN:
            _decline(version, who)
            _withdraw(version, who)
        if state == "published":
            _end(version, who)
        if state in (*OPEN, "published"):
            _correct(version, who)


def _popover(label: str, key: str, who: Identity | None) -> st.delta_generator.DeltaGenerator | None:
    """An open popover; None while it is closed, or nobody has said who acts."""
    popover = st.popover(label, key=f"agreement.{key}.open", on_change="rerun", type="tertiary")
    if not popover.open:
        return None
    if who is None:
        with popover:
            text.note("Say first who you are, above.")
        return None
    return popover


def _decline(version: Version, who: Identity | None) -> None:
    if (popover := _popover("Decline", "decline", who)) is None:
        return
    with popover:
        if not who.side:
            text.note(f"{who.name} acts for neither side. A side declines, by its leader.")
            return
        text.note(f"The no of {who.side} is kept with its reason; the draft then takes no signatures.")
        st.text_area("No, because", key="agreement.decline.why", max_chars=signing.MOST_WHY, height=90)

        def act() -> None:
            why = st.session_state["agreement.decline.why"]
            done(
                "decline", version.number,
                lambda: signing.decline(version.number, who.side, why, clock.today(), desk.act_of(who)), f"Declined for {who.side}.",
            )  # fmt: skip

        st.button(f"Decline for {who.side}", type="primary", key="agreement.decline", on_click=act)
        beside("decline")


def _withdraw(version: Version, who: Identity | None) -> None:
    if (popover := _popover("Withdraw", "withdraw", who)) is None:
        return
    with popover:
        text.note("Takes the draft off the table. It stays in the list, and takes no signatures any more.")

        def act() -> None:
            done("withdraw", version.number, lambda: signing.withdraw(version.number, clock.today(), desk.act_of(who)), "Withdrawn.")

        st.button("Withdraw it", type="primary", key="agreement.withdraw", on_click=act)
        beside("withdraw")


def _end(version: Version, who: Identity | None) -> None:
    if (popover := _popover("End it", "end", who)) is None:
        return
    with popover:
        if not who.side:
            text.note(f"{who.name} acts for neither side. It ends once both sides, by their leaders, name the same last day.")
            return
        text.note("It ends once both sides name the same last day. No other version has to follow.")
        if version.effective > clock.today():
            text.note(f"It has not begun: a last day before {wording.day(version.effective)} calls it off.")
        today = clock.today()
        other = next((one for one in version.endings if one.side != who.side and one.last_day >= today), None)
        usual = other.last_day if other else max(today, version.effective)
        st.date_input("Last day in force", usual, min(usual, today), date(2100, 12, 31), format="YYYY-MM-DD", key="agreement.end.day", width=190)
        st.text_area("Because", key="agreement.end.why", max_chars=signing.MOST_WHY, height=90)

        def act() -> None:
            last, why = st.session_state["agreement.end.day"], st.session_state["agreement.end.why"]
            said = f"{who.name} ended it for {who.side}."
            done("end", version.number, lambda: ending.end(version.number, who.side, last, why, clock.today(), desk.act_of(who)), said)

        st.button(f"End it for {who.side}", type="primary", key="agreement.end", on_click=act)
        beside("end")


def _correct(version: Version, who: Identity | None) -> None:
    if (popover := _popover("Correct name or description", "correct", who)) is None:
        return
    with popover:
        text.note("Name and description are not part of what is signed: signatures stay.")
        key = f"agreement.correct.{version.number}.{version.edition}"
        st.text_input("Name", version.name, max_chars=MOST_NAME, key=f"{key}.name")
        st.text_area("Description", version.description, max_chars=MOST_DESCRIPTION, key=f"{key}.description", height=110)

        def act() -> None:
            name, description = (st.session_state[f"{key}.{part}"] for part in ("name", "description"))
            done(
                "correct", version.number,
                lambda: versions.correct(version.number, name, description, desk.act_of(who), version.edition), "Corrected.",
            )  # fmt: skip

        st.button("Correct it", type="primary", key="agreement.correct", on_click=act)
        beside("correct")
