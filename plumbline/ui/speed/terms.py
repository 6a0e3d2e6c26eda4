"""The control of the speed promise: how soon a first touch, and for what share of the leads. Chosen on screen, kept in the address."""

from __future__ import annotations

import streamlit as st

from plumbline.agreement.figures import limit_words, span
from plumbline.agreement.model import Within
from plumbline.speed.delays import DATED_LIMITS
from plumbline.speed.promise import PROMISED, Promise
from plumbline.speed.promise import usual as usual_of
from plumbline.ui import address, agreed

_SHORT = {"m": "min", "h": "h"}


def usual(is_dated: bool) -> Promise:
    """What the version in force promises; without one, a day for nine of ten."""
    now = agreed.now()
    told = now.first_touch if now else None
    limit = _limit(told.within, is_dated) if told else None
    if limit is None:
        return usual_of(is_dated)
    name, more = limit
    return Promise(name, told.percent, is_dated, more)


def _limit(within: Within, is_dated: bool) -> tuple[str, tuple[tuple[str, int], ...]] | None:
    """(name of a limit among those of the control, what is added to them); None where dates cannot be held against it."""
    if is_dated:
        days = within.micros / Within(1, "d").micros
        name = f"{days:g} {'day' if days == 1 else 'days'}"
        return (name, ()) if name in DATED_LIMITS else None
    known = next((name for name, micros in PROMISED.items() if micros == within.micros), None)
    if known:
        return known, ()
    name = f"{within.number} {_SHORT[within.unit]}" if within.unit in _SHORT else span(within)
    return name, ((name, within.micros),)


def is_working() -> bool:
    """Whether the first touch is promised in working time: then the screen begins with that clock."""
    now = agreed.now()
    return bool(now and now.first_touch and now.first_touch.is_working)


def said(promise: Promise, clock: str) -> str:
    """By what promise the screen judges, where a version in force makes one that it can ask for; else ''."""
    now = agreed.now()
    told = now.first_touch if now else None
    if told is None or _limit(told.within, promise.is_dated) is None:
        return ""
    limit = limit_words(told.within, "working" if told.is_working else "wall")
    is_clock_the_same = promise.is_dated or (clock == "open") == told.is_working
    aside = "There it counts from the hand-over, here from the MQL: what the hand-over took is in it."
    is_the_same = promise == usual(promise.is_dated) and is_clock_the_same
    return agreed.said(now, f"a first touch within {limit} for at least {told.percent} % of the leads", is_the_same, aside)


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
    chosen = Promise(st.session_state["touch.limit"], int(st.session_state["touch.percent"]), is_dated, standard.more)
    asked = in_address(chosen)
    for name in ("touch", "share"):
        address.tell(name, asked.get(name, ""))
    return chosen


def in_address(promise: Promise) -> dict[str, str]:
    """How the promise stands in the address: what differs from the usual one."""
    standard = usual(promise.is_dated)
    told = {"touch": (promise.limit, standard.limit), "share": (str(promise.percent), str(standard.percent))}
    return {name: value for name, (value, known) in told.items() if value != known}
