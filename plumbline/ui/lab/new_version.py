"""From the lab to the agreement: the draft on the desk as the qualified lead of a new version."""

from __future__ import annotations

import streamlit as st

from plumbline import wording
from plumbline.ui import profile, text
from plumbline.ui.agreement import acts, propose
from plumbline.ui.agreement import desk as agreements
from plumbline.ui.lab import desk


def show() -> None:
    """The button, and what it makes. The promises are those in force, or proposed from the history where none are."""
    with (popover := st.popover("Propose as a new version", key="lab.propose", on_change="rerun")):
        if not popover.open:
            return
        draft = desk.draft()
        if desk.is_unfinished(draft):
            text.note("Nothing qualifies a lead yet: add a rule first.")
            return
        on = agreements.read()
        agreement, promises = propose.with_definition(on, draft)
        if agreement is None:
            text.note("This history can measure no promise, so there is nothing to agree on yet.")
            return
        text.note(
            f"A draft of the agreement, {agreement.name}, with this definition of a qualified lead and {promises}. It would begin on "
            f"{wording.day(agreement.effective)}. Both sides sign it on the screen Agreement; nothing changes until then."
        )
        who = profile.ask("lab", "A draft is kept with the name of who made it.")
        is_asked = who is not None and st.button("Propose it", type="primary", key="lab.propose.now")
        said = "Proposed from the Definition lab. Look at what it changes, then simulate it."
        if is_asked and (made := propose.make(agreement, who, said)):
            st.switch_page("pages/agree/agreement.py", query_params={"version": str(made.number)})
        acts.beside("propose")
