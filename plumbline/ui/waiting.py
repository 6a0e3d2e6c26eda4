"""The leads that wait for a call now, kept for all viewers; and the line by which other screens point to the call list."""

from __future__ import annotations

import streamlit as st

from plumbline import wording
from plumbline.filters import Filters
from plumbline.speed import calls
from plumbline.ui import data, filter_bar, text
from plumbline.ui.persistence import terms
from plumbline.ui.persistence.terms import Promise
from plumbline.ui.speed import ground


def waiting(filters: Filters, promise: Promise) -> calls.Waiting:
    """Those that the filters on attributes, rep and team let through, whatever the period and the passes."""
    segments = Filters(segments=filters.segments)
    return _waiting(data.content(), repr(segments), promise.days, segments)


@st.cache_resource(max_entries=8, show_spinner=False)
def _waiting(snapshot: str, filters: str, days: int, _filters: Filters) -> calls.Waiting:
    return calls.from_frame(data.metric("persistence/waiting", _filters, days=days), days, ground.through(), set(reps()))


def reps() -> dict[str, tuple[str, str]]:
    """Id of a rep -> name (else the id), team."""
    return _reps(data.content())


@st.cache_data(max_entries=4, show_spinner=False)
def _reps(snapshot: str) -> dict[str, tuple[str, str]]:
    return {row["rep_id"]: (row["name"] or row["rep_id"], row["team"] or "") for row in data.screen("reps").to_dicts()}


def pointer(filters: Filters, promise: Promise | None = None) -> None:
    """A quiet line that leads to the call list; nothing where nobody waits for a first call."""
    promise = promise or terms.usual()
    n = calls.fresh(waiting(filters, promise))
    if n:
        way = text.Link("see the call list", filter_bar.link("leads", view="call", **in_address(promise)))
        said = f"{wording.plural(n, 'lead')} of the last {calls.SILENT_DAYS} days {'waits' if n == 1 else 'wait'} for a first call now: "
        text.note([said, way, "."])


def in_address(promise: Promise) -> dict[str, int]:
    """How a promise stands in the address: what differs from the usual one."""
    usual = terms.usual()
    return {name: value for name, value in promise.parameters.items() if value != usual.parameters[name]}
