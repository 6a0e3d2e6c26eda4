"""The control of the speed promise: how soon a first touch, and for what share of the leads. Chosen on screen, kept in the address."""

from __future__ import annotations

import streamlit as st

from plumbline.speed.promise import Promise, usual
from plumbline.ui import address


def choose(bar: object, is_dated: bool) -> Promise:
    """The controls, in a popover of the filter bar. A closed popover loses what is bound to the address, so it is written here."""
    standard = usual(is_dated)
    if st.session_state.get("touch.limit") not in standard.limits:
        told = st.query_params.get("touch", "")
        st.session_state["touch.limit"] = told if told in standard.limits else standard.limit
    if "touch.percent" not in st.session_state:
        st.session_state["touch.percent"] = address.number("share", 1, 100, standard.percent)
    with bar.popover("Promise", help="How soon sales promised a first touch, and for how many of the leads"):
        st.selectbox("First touch within", list(standard.limits), key="touch.limit", persist_state="session")
        st.number_input("For at least, % of the leads", 1, 100, key="touch.percent", persist_state="session")
    chosen = Promise(st.session_state["touch.limit"], int(st.session_state["touch.percent"]), is_dated)
    asked = in_address(chosen)
    for name in ("touch", "share"):
        address.tell(name, asked.get(name, ""))
    return chosen


def in_address(promise: Promise) -> dict[str, str]:
    """How the promise stands in the address: what differs from the usual one."""
    standard = usual(promise.is_dated)
    told = {"touch": (promise.limit, standard.limit), "share": (str(promise.percent), str(standard.percent))}
    return {name: value for name, (value, known) in told.items() if value != known}
