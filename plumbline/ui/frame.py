"""What surrounds every screen: the menu, the filter bar, the state of the history, and the one place where a refusal is shown."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from plumbline import wording
from plumbline.errors import HistoryError, PlumblineError
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.ui import data, filter_bar, profile, text

ICON = str(Path(__file__).with_name("plumbline.png"))  # a file of our own: a named icon would be fetched from outside
WITH_FILTERS = ("funnel", "leaks", "speed", "persistence", "sources", "accounts", "leads")


def menu() -> dict[str, list[st.Page]]:
    """Screens by moment of use. A screen appears when it exists."""
    return {
        "": [st.Page(_start, title="Plumbline", default=True, visibility="hidden")],
        "Meet": [
            st.Page(
                "pages/meet/weekly.py",
                title="Weekly review",
                icon=":material/groups:",
                help="What both teams promised and kept last week, what leaks, who does what by when.",
            ),
            st.Page(
                "pages/meet/quarterly.py",
                title="Quarterly review",
                icon=":material/event_repeat:",
                help="Whether what both sides signed did what it was signed for, and what to change.",
            ),
        ],
        "Explore": [
            st.Page(
                "pages/explore/funnel.py", title="Funnel", icon=":material/filter_alt:", help="How many leads reach each stage, and where they leave."
            ),
            st.Page(
                "pages/explore/leaks.py",
                title="Leaks",
                icon=":material/water_drop:",
                help="Which leaks cost most, since when, on whose side, and the leads behind each.",
            ),
            st.Page(
                "pages/explore/speed.py",
                title="Speed to lead",
                icon=":material/timer:",
                help="How soon leads are followed up, and whom they wait for.",
            ),
            st.Page(
                "pages/explore/persistence.py",
                title="Persistence",
                icon=":material/phone_callback:",
                help="How often leads are tried, and what more attempts would bring.",
            ),
            st.Page(
                "pages/explore/sources.py",
                title="Sources and cost",
                icon=":material/payments:",
                help="What each source and campaign brings, and what it costs.",
            ),
            st.Page(
                "pages/explore/accounts.py",
                title="Accounts",
                icon=":material/domain:",
                help="The same leads by account, and accounts worth nurturing.",
            ),
            st.Page("pages/explore/leads.py", title="Leads", icon=":material/group:", help="Search leads, and read one lead's story."),
        ],
        "Agree": [
            st.Page(
                "pages/agree/definition.py",
                title="Definition lab",
                icon=":material/tune:",
                url_path="definition",
                help="Move the bar for a qualified lead, and see what would have happened.",
            ),
            st.Page(
                "pages/agree/agreement.py",
                title="Agreement",
                icon=":material/handshake:",
                help="What marketing and sales promise each other: what is in force, drafts, signatures.",
            ),
        ],
        "Data": [
            st.Page("pages/data/import.py", title="Import", icon=":material/upload_file:", help="Bring in a history, and account for every row.")
        ],
    }


def _start() -> None:
    """The address without a name leads to the first screen, which has its own: links to it stay true when another starts."""
    st.switch_page("pages/meet/weekly.py", query_params={name: st.query_params.get_all(name) for name in st.query_params})


def side_bar() -> None:
    """How far the data reach, under the menu on every screen."""
    with st.sidebar:
        try:
            about = data.history().about
        except PlumblineError:
            return
        text.data_through_line(about.data_through, about.time_zone)
        if about.is_sample:
            text.sample_badge()
        profile.line()


def filters(history: History) -> Filters:
    """The filter bar and its sentence. What was chosen is in st.session_state["filters.chosen"] for the page."""
    chosen = filter_bar.filter_bar()
    st.session_state["filters.chosen"] = chosen
    if st.query_params.get("lead"):  # one lead's story: the filters of the list wait, unseen
        st.html("<style>.st-key-filters { display: none; }</style>")
        return chosen
    if unknown := st.session_state.get("filters.unknown"):
        text.note(f"This link asked for {wording.listing(unknown)}, which no lead of this history has; it is left out.")
    if chosen.since and chosen.until and chosen.until <= chosen.since:
        text.note("The period ends before it begins: choose a later end, or an earlier beginning.")
    text.reading_sentence(f"{chosen.sentence()} · days in {history.about.time_zone}")
    return chosen


def chosen() -> Filters:
    """The filters of this run."""
    return st.session_state.get("filters.chosen", Filters())


def bar() -> st.container:
    """The line of filters, for a control that only one screen has."""
    return st.session_state["filters.bar"]


def refused(refusal: PlumblineError) -> None:
    """What happened, where, what to do; and the way out where there is one."""
    widen = text.Link("Bring in a history", "import") if isinstance(refusal, HistoryError) else None
    text.empty_state(refusal.what[:1].upper() + refusal.what[1:], " · ".join(part for part in (refusal.where, refusal.to_do) if part), widen)
