"""A list of leads: the ones behind a figure, or all. A row opens the lead."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st
from streamlit.errors import StreamlitAPIException

from plumbline import wording
from plumbline.filters import Filters
from plumbline.ui import data, filter_bar, on_record, panels, text
from plumbline.ui.choices import OUTCOMES

_HEADINGS = {
    "company": "Company",
    "source": "Source",
    "source_today": "Source today",
    "pass_no": "Pass",
    "opened_at": "Handed over",
    "entered_at": "Entered",
    "created_at": "Created",
    "draft_at": "By the draft",
    "before_at": "Handed over",
    "other_at": "By the other",
    "met_at": "Met the bar",
    "last_sign_at": "Last sign",
    "fits": "Fit",
    "why": "Why",
    "stands_at": "Stands at",
    "outcome": "Outcome",
    "outcome_at": "When",
    "leaked_as": "Leaked",
    "flags": "Marks",
    "reason": "Reason",
    "rep_id": "Rep",
    "team": "Team",
    "passes": "Passes",
    "first_opened_at": "First handed over",
    "touches": "Touches",
    "last_touch_at": "Last touch",
    "activities": "Acts",
    "last_activity_at": "Last act",
    "missed_at": "Missed",
    "died_of": "Dead because",
    "died_at": "Dead since",
    "recent_acts": "Acts lately",
    "last_act": "What it did last",
    "is_implied": "Recorded",
    "waited": "Waited",
    "attempts": "Attempts",
    "first_attempt_at": "First tried",
    "first_contact_at": "First reached",
    "became": "Became",
    "handed_over_at": "Handed over to rep",
    "became_mql_at": "Became an MQL",
    "urgency": "Why now",
    "rep": "Rep",
    "next_due_at": "Due",
    "phone": "Phone",
    "email": "Email",
    "job_title": "Title",
    "judged": "Outcome",
    "in_stage": "In stage",
    "started_at": "From",
    "due_at": "Due by",
    "happened_at": "Happened",
}
_EVERYTHING = 1_000_000
ORIGIN = "origin"  # name in the address: the screen that listed the lead
_ORIGINS = {
    "weekly": ("pages/meet/weekly.py", "the Weekly review"),
    "quarterly": ("pages/meet/quarterly.py", "the Quarterly review"),
    "funnel": ("pages/explore/funnel.py", "the Funnel"),
    "speed": ("pages/explore/speed.py", "Speed to lead"),
    "persistence": ("pages/explore/persistence.py", "Persistence"),
    "leaks": ("pages/explore/leaks.py", "Leaks"),
    "sources": ("pages/explore/sources.py", "Sources and cost"),
    "accounts": ("pages/explore/accounts.py", "Accounts"),
    "definition": ("pages/agree/definition.py", "the Definition lab"),
}
# how the key of a table begins -> the screen; else the Funnel
_OF_KEY = {"lab": "definition", **{name: name for name in ("weekly", "quarterly", "speed", "persistence", "leaks", "sources", "accounts")}}


def behind(
    filters: Filters, windows: dict[str, float], *, stage: str, outcome: str | None, limit: int, offset: int = 0, search: str | None = None
) -> tuple[pl.DataFrame, int]:
    """The leads that entered `stage` with this outcome: a page of rows, and how many there are in all."""
    rows = data.metric("leads/behind", filters, **windows, stage=stage, outcome=outcome, search=search, most=limit, skipped=offset)
    return rows.drop("total"), (rows["total"][0] if rows.height else 0)


def preview(filters: Filters, windows: dict[str, float], *, stage: str, outcome: str | None, where: str = "", key: str = "behind") -> None:
    """The latest leads behind a mark of a picture, with the way to all of them. where: what the mark is of, in words; key: unique on the page."""
    rows, total = behind(filters, windows, stage=stage, outcome=outcome, limit=50)
    text.subheading([text.Bold(wording.plural(total, "lead")), f" · {named(stage, outcome)}" + (f" · {where}" if where else "")])
    if not total:
        text.empty_state("No lead here", f"None {named(stage, outcome)} with these filters.")
        return
    days = {name: f"{value:g}" for name, value in windows.items()}
    narrowed = filter_bar.link_to("leads", filters, stage=stage, outcome=outcome, **days) if where else None
    link = narrowed or (None if where else filter_bar.link("leads", stage=stage, outcome=outcome, **days))
    told = f"The latest {wording.count(rows.height)} are shown. " if total > rows.height else ""
    way: list[text.Part] = [text.Link("See them on the Leads screen", link), ". "] if link else []
    text.note([told, *way, "A click on a lead opens its story."])
    table(rows, key, lambda: behind(filters, windows, stage=stage, outcome=outcome, limit=_EVERYTHING)[0])


def named(stage: str, outcome: str | None) -> str:
    implied = ", which is only implied by a later stage" if stage in on_record.steps().implied else ""
    return f"entered {wording.stage_short(stage)}{implied}" + (f", {OUTCOMES[outcome][0].lower()}{OUTCOMES[outcome][1:]}" if outcome else "")


def table(rows: pl.DataFrame, key: str, everything: Callable[[], pl.DataFrame], most: int = 460) -> None:
    """Draws rows of leads; a click on one opens its story. `everything` gives all rows for the download; `most`: pixels of height."""
    zone = data.history().about.time_zone
    shown = readable(rows, zone)
    times = {
        name: st.column_config.DatetimeColumn(_HEADINGS[name], format="D MMM YYYY, HH:mm", width=150)
        for name in shown.columns
        if shown.schema[name].is_temporal()
    }
    wide = {"reason": "medium", "flags": 290, "team": "medium", "why": 440, "urgency": 430}
    others = {
        name: st.column_config.Column(heading, width=wide.get(name))
        for name, heading in _HEADINGS.items()
        if name in shown.columns and name not in times
    }
    event = st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        placeholder="",
        column_config={**others, **times, "lead_id": st.column_config.TextColumn("Lead", pinned=True)},
        key=f"{key}.table.{st.session_state.get('leads.opened', 0)}",  # a new table after each lead: the way back does not open it again
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        height="content" if shown.height < most // 38 else most,
    )
    panels.download(everything, "leads", key=f"{key}.csv", label="Download all as CSV")
    if (picked := panels.picked_row(event)) is not None:
        st.session_state["leads.opened"] = st.session_state.get("leads.opened", 0) + 1
        lead = rows["lead_id"][picked]
        if key.startswith("leads"):  # already on the Leads screen
            st.query_params["lead"] = lead
            st.rerun()
        told = {name: st.query_params.get_all(name) for name in st.query_params}
        st.session_state["leads.left"] = told
        origin = _OF_KEY.get(key.split(".")[0], "funnel")
        ours = {name: values for name, values in told.items() if _is_ours(name)}
        st.switch_page("pages/explore/leads.py", query_params={**ours, "lead": lead, ORIGIN: origin})


def _is_ours(name: str) -> bool:
    """Whether a name in the address is written by us. One that is bound to a widget goes along by itself, and may not be given."""
    try:
        st.query_params[name] = st.query_params.get_all(name)
    except StreamlitAPIException:
        return False
    return True


def way_back() -> bool:
    """The way from a lead's story to the screen that listed it, as that was left; False where that is the Leads screen."""
    if (origin := st.query_params.get(ORIGIN)) not in _ORIGINS:
        return False
    page, words = _ORIGINS[origin]
    told = st.session_state.get("leads.left", {}) | {name: st.query_params.get_all(name) for name in st.query_params}
    left = {name: values for name, values in told.items() if name not in ("lead", ORIGIN) and not (name in st.query_params and not _is_ours(name))}
    st.page_link(page, label=f"Back to {words}", icon=":material/arrow_back:", query_params=left, width="content")  # keeps the session: no reload
    return True


def readable(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Rows for reading: times in the organisation's zone, words for codes, no column that says nothing."""
    shown = rows.with_columns(pl.col(pl.Datetime).dt.replace_time_zone("UTC").dt.convert_time_zone(zone))
    if "outcome" in shown.columns:
        shown = shown.with_columns(pl.col("outcome").replace(OUTCOMES))
    if "stands_at" in shown.columns:
        names = {name: wording.words(wording.outcome(name)) for name in ("rejected", "recycled", "disqualified", "lost")}
        names |= {name: wording.stage_short(name) for name in ("inquiry", "mql", "sal", "sql", "opportunity", "won")}
        shown = shown.with_columns(pl.col("stands_at").replace(names))
    if "leaked_as" in shown.columns:
        shown = shown.with_columns(pl.col("leaked_as").replace({name: wording.words(named) for name, named in wording.LEAK_NAMES.items()}))
    if "flags" in shown.columns:
        shown = shown.with_columns(pl.col("flags").str.replace_many(wording.FLAG_NAMES))
    if "is_implied" in shown.columns:
        shown = shown.with_columns(pl.when("is_implied").then(pl.lit("implied")).otherwise(None).alias("is_implied"))
    drop = {name for name in shown.columns if name != "lead_id" and shown[name].null_count() == shown.height}
    if {"source", "source_today"} <= set(shown.columns) and shown["source"].eq_missing(shown["source_today"]).all():
        drop.add("source_today")
    if {"opened_at", "entered_at"} <= set(shown.columns) and shown["opened_at"].eq_missing(shown["entered_at"]).all():
        drop.add("entered_at")
    if "pass_no" in shown.columns and (shown["pass_no"] == 1).all():
        drop.add("pass_no")
    return shown.drop(drop)
