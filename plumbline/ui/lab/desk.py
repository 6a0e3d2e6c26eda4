"""The draft that lies on the desk: in the session while it is edited, in the address when it is shared."""

from __future__ import annotations

import base64
import zlib
from datetime import date, timedelta

import streamlit as st

from plumbline.clock import monday
from plumbline.definition import Definition, parse, to_yaml
from plumbline.definition.check import check
from plumbline.definition.presets import presets
from plumbline.errors import InputError
from plumbline.history.schema import KNOWN_ATTRIBUTES
from plumbline.replay import facts as lab
from plumbline.replay.run import warm_up
from plumbline.simulation.run import Ground, Settings, ground
from plumbline.ui import data, filter_bar

_DRAFT, _BASE, _SELECTED, _VERSION = "lab.draft", "lab.base", "lab.selected", "lab.version"
_MOST_SHARED = 6000  # characters of an address that every browser and proxy takes
PERIODS = {"26w": "26 weeks", "52w": "52 weeks", "104w": "104 weeks"}


def stage() -> Ground:
    """The history in memory, ready for replays; shared by all viewers. Raises HistoryError."""
    return _ground(data.history().about.snapshot, data.history())


@st.cache_resource(max_entries=2, show_spinner="Reading the history for replays")
def _ground(snapshot: str, _history) -> Ground:
    facts = lab.load(_history)
    warm_up(facts)
    return ground(facts)


def starts() -> dict[str, Definition]:
    """Definitions to start from, of what this history holds."""
    return presets(stage().facts.known(), data.field_options())


def draft() -> Definition:
    """The draft on the desk. The first time: the one in the address, else the first preset."""
    if _DRAFT not in st.session_state:
        st.session_state[_DRAFT] = _shared() or next(iter(starts().values()), None)
    return st.session_state[_DRAFT]


def put(definition: Definition) -> None:
    """Lays another draft on the desk, and its text into the address."""
    st.session_state[_DRAFT] = definition
    st.session_state[_SELECTED] = None
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1
    if token := shared_token(definition):
        st.query_params["draft"] = token
    else:
        st.query_params.pop("draft", None)


def version() -> int:
    """Grows with every change: keys of widgets that must forget what they showed."""
    return st.session_state.get(_VERSION, 0)


def shared_token(definition: Definition) -> str:
    """The definition as a piece of an address; empty where it is too long for one."""
    token = base64.urlsafe_b64encode(zlib.compress(to_yaml(definition).encode(), 9)).decode().rstrip("=")
    return token if len(token) <= _MOST_SHARED else ""


def _shared() -> Definition | None:
    if not (token := st.query_params.get("draft", "")):
        return None
    try:
        packed = base64.urlsafe_b64decode(token[:_MOST_SHARED] + "=" * (-len(token) % 4))
        text = zlib.decompressobj().decompress(packed, 200_000).decode()
        found = parse(text, "the shared draft")
        check(found, stage().facts.known(), KNOWN_ATTRIBUTES, "the shared draft")
        return found
    except (ValueError, zlib.error):
        st.session_state["lab.refusal"] = "The address holds no draft that can be read; it was left out."
    except InputError as refusal:
        st.session_state["lab.refusal"] = refusal.one_line
    return None


def period(weeks: int) -> tuple[date, date]:
    """The latest `weeks` whole weeks whose leads are old enough to have become SQL: [since, until)."""
    until = monday(filter_bar.last_day() - timedelta(days=14 + 45))
    return until - timedelta(weeks=weeks), until


def settings(weeks: int, quota: float | None, capacity: float | None) -> Settings:
    since, until = period(weeks)
    return Settings(since, until, quota or None, capacity or None)
