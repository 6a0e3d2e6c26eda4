"""What is in force, what waits, and every version as a line in time."""

from __future__ import annotations

import streamlit as st

from plumbline import wording
from plumbline.agreement.version import Version
from plumbline.ui import text
from plumbline.ui.agreement import pieces, propose, scene, words
from plumbline.ui.agreement.desk import Desk


def show(on: Desk) -> None:
    """The screen without a version in its address."""
    top = st.container()
    now = on.in_force
    if now:
        text.reading_sentence(words.agreed(now, on.zone))
    scene.done()
    for line in [*(words.notes(now, on.today) if now else []), *_waiting(on)]:
        text.note(line)
    if now:
        scene.in_force(now)
    if on.versions:
        _timeline(on)
    why = "" if on.versions else propose.show(on)
    with top:
        text.headline(["No agreement is in force, and ", text.Bold(why)] if why else words.headline(on))
    if not on.versions:
        return
    if now is None:
        with (expander := st.expander("Propose another from your own history", key="agreement.another", on_change="rerun")):
            if expander.open:
                propose.show(on)


def _waiting(on: Desk) -> list[list[text.Part]]:
    """What waits for somebody, each with its way; what the headline says already is left out."""
    told: list[list[text.Part]] = []
    coming = on.to_come
    if coming and on.in_force:
        told.append([text.Link(words.title(coming), words.href(coming)), f" begins on {wording.day(coming.effective)}, {words.signed_by(coming)}."])
    is_said = on.in_force is None and coming is None
    for one in on.open[1 if is_said else 0 :][:4]:
        told.append([text.Link(words.title(one), words.href(one)), f" {words.waits(one, on.today)}."])
    return [[_capital(line[0]), *line[1:]] for line in told]


def _capital(link: text.Part) -> text.Part:
    return text.Link(link.text[:1].upper() + link.text[1:], link.href) if isinstance(link, text.Link) else link


def _timeline(on: Desk) -> None:
    text.chart_title("Versions", "The latest first. Open one to read it, to see what it changes, or to sign it.")
    st.html(pieces.timeline_html([_stop(on, one) for one in reversed(on.versions)]))


def _stop(on: Desk, one: Version) -> pieces.Stop:
    who = words.signed_by(one) or f"written by {one.edited_by}, {words.day_of(one.edited_at, on.zone)}"
    return pieces.Stop(
        one.number, one.name, words.href(one), words.state(one, on.today), words.when(one, on.today), who,
        is_now=one == on.in_force, is_open=one in on.open,
    )  # fmt: skip
