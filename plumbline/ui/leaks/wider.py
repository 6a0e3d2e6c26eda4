"""The ways on from an empty look of the Leaks screen: fewer filters, with the look kept open."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from plumbline.filters import Filters
from plumbline.ui import filter_bar, widen
from plumbline.ui.text import Link

_KEPT = ("sight", "calls", "emails", "days", "percent", "cap")


def ways(filters: Filters, count: Callable[[Filters], int]) -> list[widen.Way]:
    """Each filter by itself, and all of them. count: how many leads there are with these filters."""
    return widen.ways(filters, count, "leaks", _kept())


def each(filters: Filters, count: Callable[[Filters], int]) -> list[widen.Way]:
    """Each filter by itself alone."""
    return widen.each(filters, count, "leaks", _kept())


def with_period(period: str, words: str) -> Link:
    """The same look of another period."""
    return Link(words, filter_bar.link("leaks", **_kept(), period=period, **dict.fromkeys(("from", "to", "mature"))))


def all_leads() -> Link:
    """The same look without what is opened in it."""
    return Link("Back to the look", filter_bar.link("leaks", **_kept()))


def _kept() -> dict[str, object]:
    return {name: st.query_params.get(name) for name in _KEPT}
