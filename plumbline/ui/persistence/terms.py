"""The promise by which persistence is judged: so many calls and emails in so many days. Chosen on screen, kept in the address."""

from __future__ import annotations

import streamlit as st

from plumbline.speed.touches_promised import Promise as Promise
from plumbline.ui import address

_LIMITS = {"calls": (0, 50), "emails": (0, 50), "days": (1, 365), "percent": (1, 100)}
_LABELS = {"calls": "Calls", "emails": "Emails", "days": "Days from hand-over", "percent": "For at least, % of the leads"}


def choose(bar: object) -> Promise:
    """The controls, in a popover of the filter bar. A closed popover loses what is bound to the address, so it is written here."""
    usual = Promise()
    with bar.popover("Promise", help="How many calls and emails sales promised, and in how many days of the hand-over to a rep"):
        for name, (low, high) in _LIMITS.items():
            key = f"promise.{name}"
            if key not in st.session_state:
                st.session_state[key] = address.number(name, low, high, getattr(usual, name))
            st.number_input(_LABELS[name], low, high, key=key, persist_state="session")
    chosen = Promise(**{name: int(st.session_state[f"promise.{name}"]) for name in _LIMITS})
    for name in _LIMITS:
        value = getattr(chosen, name)
        address.tell(name, str(value) if value != getattr(usual, name) else "")
    return chosen
