"""Who sits at this screen: asked once a visit, by name and side, and shown under the menu. A log-in will only replace where this comes from."""

from __future__ import annotations

import streamlit as st

from plumbline import people
from plumbline.errors import InputError
from plumbline.identity import NOT_VERIFIED, Identity, typed
from plumbline.ui import text

_KEY = "profile"
_SIDES = {"marketing": "Marketing", "sales": "Sales", "": "Neither"}


def current() -> Identity | None:
    """Who acts on this screen; None: nobody has said so yet."""
    return st.session_state.get(_KEY)


def ask(key: str, why: str) -> Identity | None:
    """Asks for name and side where nobody has said so yet. why: what the name is wanted for, one sentence. Returns who acts, once known."""
    known = current()
    if known is not None:
        return known
    with st.form(f"profile.{key}", border=True, width=560):
        text.paragraph(f"{why} The name is {NOT_VERIFIED}: it is what you type here.")
        name = st.text_input("Your name", max_chars=people.MOST_NAME, key=f"profile.{key}.name")
        side = st.segmented_control("Your side", list(_SIDES), format_func=_SIDES.get, key=f"profile.{key}.side")
        if st.form_submit_button("This is me", type="primary"):
            try:
                st.session_state[_KEY] = typed(name, side or "")
            except InputError as refusal:
                text.amiss(refusal.what[:1].upper() + refusal.what[1:] + ".")
            else:
                st.rerun()
    return None


def forget() -> None:
    """Another person sits down: the next thing that wants a name asks again."""
    st.session_state.pop(_KEY, None)


def line() -> None:
    """Under the menu: who acts, with a way to change it; nothing while nobody has said so."""
    known = current()
    if known is None:
        return
    text.note(f"You act as {known.in_words}.")
    st.button("Someone else", key="profile.forget", type="tertiary", on_click=forget)
