"""The filters that all screens share: one line of compact controls, kept in the URL, said back as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import streamlit as st

from plumbline.clock import monday, time_zone
from plumbline.filters import MISSING, Filters
from plumbline.ui import data
from plumbline.ui.choices import PASSES, PERIODS, in_url

_FIRST = ("source", "campaign", "region", "industry", "team", "rep")
NOT_KNOWN = "(not known)"
_KEPT = ("period", "from", "to", *_FIRST, "field", "value", "passes", "mature", "mql_days", "sal_days", "sql_days", "opportunity_days")


def filter_bar() -> Filters:
    """Draws the controls, called once by app.py before the page. The values live in the URL and survive a change of screen."""
    options = data.field_options()
    st.session_state["filters.unknown"] = _unknown(options)
    bar = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters")
    st.session_state["filters.bar"] = bar
    with bar:
        period = st.selectbox("Handed over", list(PERIODS), index=3, format_func=PERIODS.get, key="period", bind="query-params", width=170)
        first, last = _custom_period() if period == "custom" else (None, None)
        chosen = {"source": _values("source", options, width=250)} if "source" in options else {}
        if "region" in options:
            chosen["region"] = _values("region", options, width=210)
        with st.popover("More filters", key="more"):
            passes = _more(options, chosen)
    since, until = period_days(period) if period != "custom" else (first, last)
    segments = {name: tuple(MISSING if value == NOT_KNOWN else value for value in values) for name, values in chosen.items() if values}
    return Filters(since, until, segments, passes)


def _more(options: dict[str, list[tuple[str, int]]], chosen: dict[str, list[str]]) -> str:
    """The filters behind "more". Streamlit drops what a closed popover binds to the URL at a change of screen, so we write these ourselves."""
    for name in _FIRST[1:]:
        if name in options and name != "region":
            chosen[name] = _kept_values(name, name, options)
    others = [name for name in options if name not in _FIRST and 2 <= len(options[name]) <= 50]
    if others:
        _recall("field", lambda told: told[0] if told and told[0] in others else "")
        field = st.selectbox(
            "Another attribute", ["", *others], format_func=lambda name: name.replace("_", " ") or "none", key="filter.field", persist_state="session"
        )
        _tell("field", [field] if field else [])
        if field:
            chosen[field] = _kept_values("value", field, options)
        else:
            _tell("value", [])
    _recall("passes", lambda told: "all" if told and told[0] == PASSES["all"] else "first")
    passes = st.segmented_control("Passes of a lead", list(PASSES), format_func=PASSES.get, key="filter.passes", persist_state="session") or "first"
    _tell("passes", [PASSES["all"]] if passes == "all" else [])
    return passes


def _kept_values(name: str, field: str, options: dict[str, list[tuple[str, int]]]) -> list[str]:
    labels = _labels(field, options)
    key = f"filter.{name}"
    _recall(name, lambda told: [value for value in told if value in labels])
    st.session_state[key] = [value for value in st.session_state[key] if value in labels]
    label = field.replace("_", " ").capitalize() if name != "value" else "is one of"
    values = st.multiselect(label, labels, key=key, persist_state="session", placeholder=f"All {_many(field)}")
    _tell(name, values)
    return values


def _recall(name: str, read: Callable[[list[str]], object]) -> None:
    """The first time, a control has what the URL says."""
    if f"filter.{name}" not in st.session_state:
        st.session_state[f"filter.{name}"] = read(st.query_params.get_all(name))


def _tell(name: str, values: list[str]) -> None:
    if st.query_params.get_all(name) != values:
        if values:
            st.query_params[name] = values
        else:
            st.query_params.pop(name, None)


def _unknown(options: dict[str, list[tuple[str, int]]]) -> list[str]:
    """What a shared link asked for that this history does not have."""
    return [
        f"{name.replace('_', ' ')} {value!r}"
        for name in ("source", "region")
        for value in st.query_params.get_all(name)
        if value not in (_labels(name, options) if name in options else [])
    ]


def _many(name: str) -> str:
    word = name.replace("_", " ")
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _labels(name: str, options: dict[str, list[tuple[str, int]]]) -> list[str]:
    return [*(label for label, _ in options[name]), NOT_KNOWN]


def _values(name: str, options: dict[str, list[tuple[str, int]]], width: int) -> list[str]:
    label = name.replace("_", " ").capitalize()
    return st.multiselect(label, _labels(name, options), key=name, bind="query-params", placeholder=f"All {_many(name)}", width=width)


def _custom_period() -> tuple[date | None, date | None]:
    end = last_day()
    first = st.date_input("from", value=end - timedelta(days=90), key="from", bind="query-params", format="YYYY-MM-DD", width=130)
    last = st.date_input("to", value=end, key="to", bind="query-params", format="YYYY-MM-DD", width=130)
    return first, last + timedelta(days=1) if last else None


def local_day(instant: datetime) -> date:
    """The day of an instant (naive UTC) in the organisation's zone."""
    zone = time_zone(data.history().about.time_zone)
    return instant.replace(tzinfo=UTC).astimezone(zone).date()


def last_day() -> date:
    """The last day that the history covers, in the organisation's zone."""
    return local_day(data.history().about.data_through)


def first_day() -> date:
    """The day on which the first episode opened; the last day where there is none."""
    opened = data.screen("first_opening")["opened_at"][0]
    return local_day(opened) if opened else last_day()


def period_days(period: str) -> tuple[date | None, date | None]:
    """First day and the day after the last of a period that ends with the history, in whole weeks."""
    if period not in PERIODS or period in ("all", "custom"):
        return None, None
    weeks = int(period.removesuffix("w"))
    return monday(last_day()) - timedelta(weeks=weeks - 1), None


def period_before(filters: Filters) -> Filters | None:
    """The same filters on the period of equal length just before, or None where there is no period."""
    if filters.since is None:
        return None
    until = filters.until or last_day() + timedelta(days=1)
    return replace(filters, since=filters.since - (until - filters.since), until=filters.since)


def names_in_url(field: str) -> tuple[str, ...]:
    """The names under which a filter on this attribute stands in the URL."""
    return (field,) if field in _FIRST else ("field", "value")


def link_to(page: str, filters: Filters, /, **more: object) -> str | None:
    """A link to the very leads of `filters`, that keeps the rest of the URL; None where the filter bar cannot show them all."""
    wanted: dict[str, object] = {"mature": None, "page": None}
    if filters.since or filters.until:
        first, last = filters.since or first_day(), filters.until or last_day() + timedelta(days=1)
        wanted |= {"period": "custom", "from": first.isoformat(), "to": (last - timedelta(days=1)).isoformat()}
    others = [name for name in filters.segments if name not in _FIRST]
    if len(others) > 1 or any(not 2 <= len(data.field_options().get(name, ())) <= 50 for name in others):
        return None
    for name, values in filters.segments.items():
        shown = [value or NOT_KNOWN for value in values]
        wanted |= {name: shown} if name in _FIRST else {"field": name, "value": shown}
    return link(page, **wanted, **more)


def link(page: str, /, **more: object) -> str:
    """A link within the app that keeps the filters of the URL and adds `more`; None drops a name, a list stands for several values."""
    kept = {name: st.query_params.get_all(name) for name in st.query_params if name in _KEPT}
    for name, value in more.items():
        kept.pop(name, None)
        if value is not None:
            kept[name] = value if isinstance(value, list) else [in_url(name, value)]
    query = urlencode(kept, doseq=True)
    return f"{page}?{query}" if query else page
