"""The rule of Accounts: in how many days somebody must have been active. Chosen on screen, kept in the address."""

from __future__ import annotations

from typing import Any

import streamlit as st

from plumbline.ui import address
from plumbline.ui.choices import ACCOUNT_KINDS

USUAL, _MOST = 60, 730
_KEY = "accounts.active"


def active_days(bar: Any) -> int:
    """The control, in a popover of the filter bar. A closed popover loses what is bound to the address, so it is written here."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = address.number("active", 1, _MOST, USUAL)
    with bar.popover("Rule", help="When an account is worth nurturing"):
        days = st.number_input("Worth nurturing: no open pass, and active in the last so many days", 1, _MOST, key=_KEY, persist_state="session")
    address.tell("active", str(days) if days != USUAL else "")
    return days


def choose_kind(picked: list[Any]) -> None:
    """A click on a part of the strip chooses its accounts."""
    if picked and picked[0] in ACCOUNT_KINDS:
        st.session_state["kind"] = picked[0]
