"""The form of one promise: on or off, and what it takes; below it the sentence that it says, and what is amiss with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from plumbline.agreement.draft_faults import Fault
from plumbline.agreement.draft_text import example, usual
from plumbline.agreement.figures import plain
from plumbline.agreement.promises import KINDS
from plumbline.agreement.promises import sentence as sentence_of
from plumbline.definition.kinds import said
from plumbline.ui import text

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_CLOCKS = {"wall": "On the clock", "working": "In working hours"}
_COUNTS = {"leads": "Leads a quarter", "per_rep": "At most, a rep", "calls": "Calls", "emails": "Emails"}
_WITHIN = re.compile(r"([0-9]{1,9})([mhd])")
_ITEMS = {"evidence": "% of the SQLs", "reason": "% of those that left", "open_leads": "% of the reps", "status": "% of the stages"}


def show(kind: str, told: Mapping[str, Any] | None, key: str, fields: Sequence[str], sentence: str, faults: Sequence[Fault]) -> dict[str, Any] | None:
    """What the form says now: the keys of the promise, None where it is off. told: what the text says of it; sentence: in English, "" where it is
    faulty or off; fields: those of the history."""
    off = "" if told is not None else f"Not promised. For example: {sentence_of(example(kind))}"
    row, align = ("row", "bottom") if told is not None else ("off", "center")
    with st.container(horizontal=True, vertical_alignment=align, gap="small", key=f"{key}.{row}".replace(".", "-")):
        is_on = st.checkbox(KINDS[kind].title, told is not None, key=f"{key}.on", width=215)
        made = _asked(kind, told or usual(kind), key, fields) if is_on else None
        if off:
            text.note(off)
    if sentence and is_on:
        text.note(sentence)
    for fault in faults:
        text.amiss(fault.sentence)
    return made


def _asked(kind: str, told: Mapping[str, Any], key: str, fields: Sequence[str]) -> dict[str, Any]:
    """What the fields say. One whose value cannot be shown stands empty, and leaves the text as it is until somebody fills it."""
    made: dict[str, Any] = {}
    for name in KINDS[kind].keys:
        there = told.get(name)
        if name in _COUNTS:
            value = _count(kind, name, there, f"{key}.{name}")
        elif name == "within":
            value = _limit(there, key)
        elif name == "fields":
            value = _fields(kind, there, key, fields)
        elif name == "share":
            value = _share(there, key, _ITEMS.get(kind, "% of the leads"))
        else:
            value = _clock(there, key)
        if value is not None:
            made[name] = value
        elif name in told and there is not None:
            made[name] = there
    if made.get("clock") == "wall" and "clock" not in told:
        made.pop("clock")  # the usual one, which nobody writes
    if not made.get("fields", True) and "fields" not in KINDS[kind].required:
        made.pop("fields")
    return made


def _count(kind: str, name: str, told: Any, key: str) -> int | None:
    least = 0 if kind == "touches" else 1
    is_whole = isinstance(told, int) and not isinstance(told, bool) and told >= least
    start = told if is_whole else None if told is not None else least
    value = st.number_input(_COUNTS[name], least, None, start, 1, key=key, width=140 if name in ("leads", "per_rep") else 105)
    return None if value is None else int(value)


def _limit(told: Any, key: str) -> str | None:
    found = _WITHIN.fullmatch(told) if isinstance(told, str) else None
    is_shown = found is not None and int(found[1]) > 0
    number = st.number_input("Within", 1, None, int(found[1]) if is_shown else None, 1, key=f"{key}.number", width=105)
    units = list(_UNITS)
    place = units.index(found[2]) if found else 1
    unit = st.selectbox("Unit of time", units, place, format_func=_UNITS.get, key=f"{key}.unit", width=115, label_visibility="collapsed")
    return None if number is None else f"{int(number)}{unit}"


def _fields(kind: str, told: Any, key: str, fields: Sequence[str]) -> list[str] | None:
    is_list = isinstance(told, list) and all(isinstance(one, str) for one in told)
    named = list(dict.fromkeys(told)) if is_list else []
    placeholder = "Those of the definition" if "fields" not in KINDS[kind].required else "Choose fields"
    options = list(dict.fromkeys([*named, *fields]))
    chosen = st.multiselect("Fields", options, named, format_func=said, key=f"{key}.fields", placeholder=placeholder, width=300)
    return None if not chosen and told is not None and not is_list else chosen


def _share(told: Any, key: str, label: str) -> Decimal | None:
    """A share, asked in percent. What is written with more places than a field shows stays as it is while nobody changes it."""
    is_share = isinstance(told, Decimal) and 0 < told <= 1
    shown = min(100.0, max(0.1, float(told * 100))) if is_share else None
    value = st.number_input(label, 0.1, 100.0, shown, 5.0, format="%g", key=f"{key}.share", width=150)
    if value is None:
        return None
    return told if value == shown else Decimal(plain(Decimal(str(round(value, 4))) / 100))


def _clock(told: Any, key: str) -> str | None:
    clocks = list(_CLOCKS)
    place = clocks.index(told) if told in clocks else None if told is not None else 0
    return st.selectbox("Time", clocks, place, format_func=_CLOCKS.get, key=f"{key}.clock", width=165, placeholder="Choose")
