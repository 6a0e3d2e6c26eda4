"""Says once what tells how leads ended and was therefore not looked at, with a button that allows it, and one that takes it back."""

from __future__ import annotations

import streamlit as st

from plumbline import hindsight, people, wording
from plumbline.ui import data, text

_MOST = 3  # buttons in a row


def key() -> tuple[str, ...]:
    """What caches of what is made without them depend on."""
    return hindsight.key(data.history())


def note(place: str, *, acts: bool = False) -> None:
    """A sentence and a button for each. place: where on the screen, for the keys of the buttons; acts: acts too, where rules are made of them."""
    history = data.history()
    left_out = [*hindsight.withheld(history).values(), *(hindsight.withheld_acts(history).values() if acts else ())]
    for found in left_out[:_MOST]:
        _one(f"{hindsight.sentence(found)} {hindsight.grounds(found)}", "Allow it", str(found["name"]), place, hindsight.allow)
    if names := [wording.words(str(found["name"])) for found in left_out[_MOST:]]:
        text.note(f"So {'does' if len(names) == 1 else 'do'} {wording.listing(names)}; {hindsight.file()} can allow them.")
    for name, found in hindsight.let_in(history).items():
        if acts or found["kind"] == "field":
            _one(
                f"{wording.words(name)} is looked at because it was allowed; it tells how the lead ended.",
                "Leave it out",
                name,
                place,
                hindsight.forbid,
            )


def _one(told: str, label: str, name: str, place: str, change) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text.note(told)
        st.button(label, key=f"hindsight.{place}.{label}.{name}", type="tertiary", on_click=lambda: change(name, people.acting()))
