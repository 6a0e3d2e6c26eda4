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
    made: dict[str, Any] = {}
    for name in KINDS[kind].keys:
        if name in _COUNTS:
            least = 0 if kind == "touches" else 1
            value = told.get(name, 0)
            start = value if isinstance(value, int) and not isinstance(value, bool) and value >= least else least
            width = 140 if name in ("leads", "per_rep") else 105
            made[name] = int(st.number_input(_COUNTS[name], least, None, start, key=f"{key}.{name}", width=width))
        elif name == "within":
            made[name] = _limit(told.get(name), key)
        elif name == "fields":
            named = [one for one in told.get(name, ()) if isinstance(one, str)] if isinstance(told.get(name), list) else []
            placeholder = "Those of the definition" if name not in KINDS[kind].required else "Choose fields"
            chosen = st.multiselect(
                "Fields", list(dict.fromkeys([*named, *fields])), named, format_func=said, key=f"{key}.fields", placeholder=placeholder, width=300
            )
            if chosen or name in KINDS[kind].required:
                made[name] = chosen
        elif name == "share":
            made[name] = _share(told.get(name), key, _ITEMS.get(kind, "% of the leads"))
        elif name == "clock":
            clocks = list(_CLOCKS)
            place = clocks.index(told[name]) if told.get(name) in clocks else 0
            clock = st.selectbox("Time", clocks, place, format_func=_CLOCKS.get, key=f"{key}.clock", width=165)
            if clock != "wall":
                made[name] = clock
    return made


def _limit(told: Any, key: str) -> str:
    found = _WITHIN.fullmatch(told) if isinstance(told, str) else None
    number = st.number_input("Within", 1, None, max(1, int(found[1])) if found else 1, key=f"{key}.number", width=105)
    units = list(_UNITS)
    place = units.index(found[2]) if found else 1
    unit = st.selectbox("Unit of time", units, place, format_func=_UNITS.get, key=f"{key}.unit", width=115, label_visibility="collapsed")
    return f"{int(number)}{unit}"


def _share(told: Any, key: str, label: str) -> Decimal:
    """A share, asked in percent. What is written with more places than a field shows stays as it is while nobody changes it."""
    start = told if isinstance(told, Decimal) and 0 < told <= 1 else Decimal("0.9")
    shown = float(start * 100)
    value = st.number_input(label, 0.1, 100.0, min(100.0, max(0.1, shown)), 5.0, format="%g", key=f"{key}.share", width=150)
    if value == min(100.0, max(0.1, shown)):
        return start
    return Decimal(plain(Decimal(str(round(value, 4))) / 100))
