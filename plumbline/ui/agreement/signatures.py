"""The way of a draft to a version in force: simulate, what the simulation shows, sign for each side, publish."""

from __future__ import annotations

import streamlit as st

from plumbline.agreement import frozen, signing
from plumbline.agreement.canonical import short
from plumbline.agreement.check import check
from plumbline.agreement.draft_faults import WHERE, fault_of
from plumbline.agreement.frozen import Figure
from plumbline.agreement.version import OPEN, SIDES, Version
from plumbline.definition.kinds import said
from plumbline.errors import InputError
from plumbline.identity import Identity
from plumbline.reports.agreement_document import LEVEL
from plumbline.ui import data, profile, text
from plumbline.ui.agreement import acts, desk, pieces, simulation_words, words
from plumbline.ui.agreement.desk import Desk
from plumbline.ui.lab import can_tell
from plumbline.wording import day, listing


def steps(on: Desk, version: Version) -> None:
    """Simulated, signed by marketing, by sales, published: what is done, by whom, when."""
    made = version.frozen
    ran = pieces.Step("Simulation", "frozen", f"{made.by}, {words.day_of(made.at, on.zone)}", True) if made else None
    told = [ran or pieces.Step("Simulation", "not yet")]
    for side in SIDES:
        one = version.signature(side)
        label = f"Signature of {side}"
        if one is None:
            told.append(pieces.Step(label, "not yet", side=side))
        elif one.left_at:
            told.append(pieces.Step(label, f"{one.by}, no longer in the role", f"signed {words.day_of(one.at, on.zone)}", side=side))
        else:
            told.append(pieces.Step(label, one.by, words.moment(one.at, on.zone), True, side))
    if version.published_at:
        told.append(pieces.Step("Published", words.day_of(version.published_at, on.zone), f"by {version.published_by}", True))
    else:
        told.append(pieces.Step("Published", "not yet", f"would begin on {day(version.effective)}"))
    st.html(pieces.steps_html(told))


def simulation(on: Desk, version: Version) -> None:
    """What the frozen simulation shows, in plain words; and what the data of now move in it."""
    made = version.frozen
    if made is None:
        return
    told = made.told()
    span = simulation_words.period(told)
    text.chart_title("What it would have done", f"{span}, as leads were known then, against what happened. Frozen: this is what signatures bind.")
    st.html(pieces.list_html(simulation_words.sentences(told, version.agreement(), can_tell.of_history())))
    if version.state(on.today) in OPEN and (moved := _moved(version)):
        text.note("The data have changed since. With those of now the same simulation says:")
        st.html(pieces.list_html([f"{one.name}: {one.frozen} → {one.now}" for one in moved]))
        text.note("What is signed is the frozen one. Who wants the new one simulates again, and then both sides sign.")


def _moved(version: Version) -> list[Figure]:
    return _kept(data.content(), version.seal, version)


@st.cache_data(max_entries=20, show_spinner="Simulating with the data of now")
def _kept(snapshot: str, seal: str, _version: Version) -> list[Figure]:
    return frozen.moved(_version, data.history())


def panel(on: Desk, version: Version) -> None:
    """The buttons of a draft, for whoever sits at the screen."""
    who = profile.ask("sign", "Who simulates, signs or publishes is kept with it.")
    if who is None:
        return
    _who(who)
    if version.frozen is None:
        _simulate(on, version, "Simulate", is_first=True)
        return
    text.note(f"Seal {short(version.seal)}: {LEVEL}. {words.NAMES if not who.is_verified else ''}")
    missing = words.missing(version)
    if missing:
        _sign(version, who, missing)
    else:
        acts.publish(on, version, who)
    with (popover := st.popover("Simulate again", key="agreement.again", on_change="rerun", type="tertiary")):
        if popover.open:
            _simulate(on, version, "Simulate again", is_first=False)


def _who(who: Identity) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(text.note_html(["You act as ", text.Bold(who.name), f" for {who.side}." if who.side else ", for neither side."]), width="content")
        st.button("Someone else", key="agreement.someone", type="tertiary", on_click=_hand_over)


def _hand_over() -> None:
    desk.forget_refusal()
    profile.forget()


def _sign(version: Version, who: Identity, missing: list[str]) -> None:
    if who.side not in SIDES:
        text.note(f"{listing([words.WHO[side] for side in missing])} signs here, by its leader: hand the screen over.")
        return
    if who.side not in missing:
        text.note(f"{words.WHO[who.side]} has signed. Hand the screen over to {missing[0]}.")
    today, ticked = version.frozen.of_today, f"agreement.today.{version.number}.{version.seal}"
    side = who.side if who.side in missing else ""
    if not side:
        return
    if today:
        fields = listing([said(name) for name in today])
        st.checkbox(f"Changes of {_escaped(fields)} were not recorded; their values of today stand in, and that is acceptable.", key=ticked)
    st.button(f"Sign for {side}", type="primary", key=f"agreement.sign.{side}", on_click=acts.sign, args=(version, side, version.seal, who, ticked))
    acts.beside(f"sign.{side}")


def _escaped(words_: str) -> str:
    """A label is Markdown: names of fields are taken as they stand."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()<>#+-.!|$:~" else letter for letter in words_)


def _simulate(on: Desk, version: Version, label: str, is_first: bool) -> None:
    who = profile.current()
    if not is_first:
        gone = listing([one.by for one in version.signatures])
        text.note("Runs it anew with the data of now." + (f" It takes away the signatures of {gone}: both sides sign again." if gone else ""))
    elif version.signatures:
        return
    else:
        text.note("Before anybody signs, last year's leads are run through it: how many qualify, what sales did with them, what nobody can know.")
    if st.button(label, type="primary", key="agreement.simulate") and who is not None:
        _run(on, version, who)
    acts.beside("simulate")


def _run(on: Desk, version: Version, who: Identity) -> None:
    history = data.history()
    with st.status("Simulating: reading the history", expanded=False) as status:
        try:
            agreement = version.agreement()
            if faults := check(agreement, history, where=WHERE):
                desk.refuse("simulate", f"It cannot be simulated with these data. {fault_of(faults[0]).whole}")
            else:
                made = frozen.run(agreement, history, desk.act_of(who), progress=lambda what: status.update(label=f"Simulating: {what}"))
                taken = signing.freeze(version.number, made, version.edition, on.today, desk.act_of(who)).taken
                gone = f" The signatures of {listing([one.by for one in taken])} are taken away." if taken else ""
                desk.forget_refusal()
                desk.flash(f"Simulated and frozen.{gone}")
        except InputError as refusal:
            desk.refuse("simulate", words.refused(refusal, version.number))
    st.rerun()
