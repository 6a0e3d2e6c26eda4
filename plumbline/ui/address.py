"""What a control keeps in the address: a number or a word under a name; the usual one is left out."""

from __future__ import annotations

import streamlit as st


def number(name: str, low: int, high: int, usual: int) -> int:
    """The whole number under that name; `usual` where there is none from `low` to `high`."""
    told = st.query_params.get(name, "")
    return int(told) if told.isascii() and told.isdigit() and low <= int(told) <= high else usual


def tell(name: str, value: str) -> None:
    """Writes it, or takes it out where it is empty; nothing where it says so already."""
    if st.query_params.get(name, "") == value:
        return
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
