"""The table of accounts, a hundred a page, and the leads of the one that is opened."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.ui import data, filter_bar, leads_table, on_record, panels, text

_HEADINGS = {
    "company": "Company",
    "contacts": "Contacts",
    "engaged": "Engaged",
    "furthest": "Came as far as",
    "passes": "Passes",
    "open_passes": "Open",
    "last_activity_at": "Last act",
    "last_touch_at": "Last touch",
    "standing": "Stands",
}


def table(rows: pl.DataFrame, everything: Callable[[], pl.DataFrame]) -> None:
    """Draws a page of accounts/list; a click on one opens its leads. `everything`: all rows for the download."""
    shown = readable(rows, data.history().about.time_zone, not on_record.is_one_instant())
    times = {
        name: st.column_config.DatetimeColumn(_HEADINGS[name], format="D MMM YYYY", width=110)
        for name in ("last_activity_at", "last_touch_at")
        if name in shown.columns
    }
    others = {
        name: st.column_config.Column(_HEADINGS[name], width=200 if name == "standing" else None)
        for name in shown.columns
        if name in _HEADINGS and name not in times
    }
    event = st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        placeholder="",
        column_config={**others, **times, "account_id": st.column_config.TextColumn("Account", pinned=True)},
        key=f"accounts.table.{st.session_state.get('accounts.opened', 0)}",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        height="content" if shown.height < 12 else 460,
        alt="Accounts with their contacts, how far they came, and when anything last happened",
    )
    panels.download(everything, "accounts", key="accounts.csv", label="Download all as CSV")
    if (picked := panels.picked_row(event)) is not None:
        st.session_state["accounts.opened"] = st.session_state.get("accounts.opened", 0) + 1
        st.query_params["account"] = rows["account_id"][picked]
        st.rerun()


def readable(rows: pl.DataFrame, zone: str, has_times: bool = True) -> pl.DataFrame:
    """Rows for reading: times in the organisation's zone, the standing in words, no column without a value. has_times: not all at one instant."""
    if not has_times:
        unknown = ("is_alive", "is_worth", "is_revived", "engaged", "last_activity_at", "last_touch_at")
        rows = rows.with_columns(pl.lit(None, dtype=rows.schema[name]).alias(name) for name in unknown)
    now = (
        pl.when("is_alive").then(pl.lit("open and worked"))
        .when(pl.col("open_passes") > 0).then(pl.when(pl.col("is_alive").is_null()).then(pl.lit("open")).otherwise(pl.lit("open, untouched")))
        .when("is_worth").then(pl.lit("worth nurturing"))
        .when(pl.col("is_worth").is_null()).then(pl.lit("no open pass"))
        .otherwise(pl.lit("silent"))
    )  # fmt: skip
    standing = pl.concat_str([now, pl.when("is_revived").then(pl.lit("revived"))], separator=", ", ignore_nulls=True)
    shown = rows.with_columns(
        pl.col(pl.Datetime).dt.replace_time_zone("UTC").dt.convert_time_zone(zone),
        pl.col("furthest").replace({name: known.short for name, known in wording.STAGE_NAMES.items()}),
        standing=standing,
    )
    first = ["account_id", "company", "standing"]
    shown = shown.select(*first, *(name for name in shown.columns if name not in (*first, "is_alive", "is_worth", "is_dead", "is_revived")))
    return shown.drop([name for name in ("company", "engaged", "last_activity_at", "last_touch_at") if shown[name].null_count() == shown.height])


def opened(account: str) -> None:
    """The leads of the account that the address names."""
    rows = data.metric("accounts/leads", account=account)
    company = next((name for name in rows["company"] if name), "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text.subheading([text.Bold(wording.plural(rows.height, "lead")), f" of account {account}{f' · {company}' if company else ''}"])
        st.button("Close", key="account.close", type="tertiary", on_click=lambda: st.query_params.pop("account", None))
    if rows.is_empty():
        way = text.Link("All accounts", filter_bar.link("accounts"))
        text.empty_state("No lead belongs to this account", "The link may come from another history.", way)
        return
    text.note("Everybody known there, whatever the filters. A click on a lead opens its story.")
    leads_table.table(rows, "accounts.leads", lambda: rows)
