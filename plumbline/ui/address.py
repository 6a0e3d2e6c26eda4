"""What a control keeps in the address: a number or a word under a name; the usual one is left out.

Anybody can write an address. What no control would have written is as if it were not there, before any control reads it.
"""

from __future__ import annotations

import re

import streamlit as st

_MOST_NAMES = 100
_MOST_VALUES = 300  # of one name: a filter by many labels
_LONGEST = 2_000  # characters of a value
_LONGEST_DRAFT = 20_000  # a whole definition, compressed
_DRAFTS = ("draft", "base")
_MOST_DIGITS = 15
_NUMBERS = ("page", "cap", "cost", "worth")  # controls that Streamlit itself reads from the address
_PLAIN_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_REFUSED = "address.refused"
_NEVER_WRITTEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def bound() -> None:
    """Takes out of the address whatever is longer, more or other than any control writes."""
    names = list(st.query_params)
    for number, name in enumerate(names):
        values = st.query_params.get_all(name)
        if number >= _MOST_NAMES or len(values) > _MOST_VALUES or not all(_is_writable(name, value) for value in values):
            st.query_params.pop(name, None)
            st.session_state.setdefault(_REFUSED, set()).add(name)


def bind(name: str) -> str | None:
    """How a control of numbers keeps its value in the address: not at all where the address held none that can be read.

    Streamlit reads it from the address as it stood when the page was opened, and fails over an infinite one.
    """
    return None if name in st.session_state.get(_REFUSED, ()) else "query-params"


def _is_writable(name: str, value: str) -> bool:
    if len(value) > (_LONGEST_DRAFT if name in _DRAFTS else _LONGEST) or _NEVER_WRITTEN.search(value):
        return False
    if name in _NUMBERS:
        return bool(_PLAIN_NUMBER.fullmatch(value))
    return len(value) <= _MOST_DIGITS or not _is_long_number(value)


def _is_long_number(value: str) -> bool:
    return bool(re.fullmatch(r"\s*[+-]?[\d_.]{16,}(e[+-]?\d+)?\s*", value, re.IGNORECASE))


def whole(told: str, low: int, high: int, usual: int) -> int:
    """The whole number that a text says; `usual` where it says none from `low` to `high`."""
    is_number = 0 < len(told) <= _MOST_DIGITS and told.isascii() and told.isdigit()
    return int(told) if is_number and low <= int(told) <= high else usual


def within(value: object, low: int, high: int, usual: int) -> int:
    """The same for a value that a control holds: it may have come from the address as it stood there, infinite or no number at all."""
    return int(value) if isinstance(value, int | float) and low <= value <= high else usual


def number(name: str, low: int, high: int, usual: int) -> int:
    """The whole number under that name; `usual` where there is none from `low` to `high`."""
    return whole(st.query_params.get(name, ""), low, high, usual)


def tell(name: str, value: str) -> None:
    """Writes it, or takes it out where it is empty; nothing where it says so already."""
    if st.query_params.get(name, "") == value:
        return
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
