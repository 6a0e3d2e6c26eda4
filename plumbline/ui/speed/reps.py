"""Reps side by side: how soon each one's leads are tried, shrunk towards the others where there are few, and how many are open."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.speed.promise import Promise
from plumbline.speed.waits import NOBODY
from plumbline.statistics import MINIMUM_N
from plumbline.statistics.shrinkage import shrunk_shares
from plumbline.ui import address, agreed, panels, text, widen
from plumbline.ui.speed import followed, ground
from plumbline.ui.speed.figures import SECOND, Scene

CAP, _MOST = 500, 100_000
EVENED = "Evened out"
_IN_FILE = {
    "rank": "Rank",
    "rep": "Rep",
    "team": "Team",
    "leads": "Leads",
    "k": "Tried in time",
    "n": "Leads old enough",
    "raw": "Share in time",
    "shrunk": "Share evened out",
    "low": "Likely from",
    "high": "Likely to",
    "median": "Half tried within, seconds",
    "open": "Open now",
    "is_over": "Over the cap",
    "is_few": "Too few to rank",
}


def cap() -> int:
    """The most open leads a rep should have, chosen on screen and kept in the address."""
    return int(st.number_input("Most open leads a rep should have", 1, _MOST, usual_cap(), key="cap", bind=address.bind("cap"), width=250))


def cap_now() -> int:
    """The same where the control is not drawn."""
    return address.number("cap", 1, _MOST, usual_cap())


def usual_cap() -> int:
    """What the version in force promises; 500 without one."""
    now = agreed.now()
    return min(now.open_leads, _MOST) if now and now.open_leads else CAP


def table(told: Scene, most: int, limit: int) -> pl.DataFrame:
    """One row per rep with leads among these: raw counts, the shrunk share, its rank, median wait, open leads. Best first, the thin last."""
    groups = [group for group in told.groups("human", "rep", limit) if group.code != NOBODY]
    if not groups:
        return pl.DataFrame()
    k, n = np.array([group.k for group in groups]), np.array([group.n for group in groups])
    shrunk = shrunk_shares(k, n)
    now, ids = ground.open_now(), ground.labels("rep")
    details = ground.rep_details()
    rows = [
        {
            "code": group.code,
            "rep": details[group.code][0],
            "team": details[group.code][1],
            "leads": group.passes,
            "k": group.k,
            "n": group.n,
            "raw": group.k / group.n if group.n else None,
            **{name: shrunk.table[name][place] for name in ("shrunk", "low", "high", "rank")},
            "is_alike": shrunk.is_alike,
            "median": None if group.median is None else group.median / SECOND,
            "open": now.get(ids[group.code], 0),
            "is_over": now.get(ids[group.code], 0) > most,
            "is_few": group.n < MINIMUM_N,
        }
        for place, group in enumerate(groups)
    ]
    return pl.DataFrame(rows).sort("is_few", "rank", "rep")


def show(told: Scene, promise: Promise) -> None:
    """The table of reps; a click on a row lists the rep's leads."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        limits = list(promise.limits)
        until = st.segmented_control("Tried within", limits, default=promise.limit, key="rep_within", bind="query-params") or promise.limit
        most = cap()
    rows = table(told, most, promise.limits[until])
    if rows.is_empty():
        widen.empty("No lead was handed over to a rep in this period", [], "A lead counts here once a rep has it.")
        return
    enough = rows.filter(~pl.col("is_few"))
    text.chart_title(
        _title(enough, until),
        f"Share of each rep's leads tried within {until} of the hand-over to the rep, of those old enough. Ranked by the share drawn towards "
        "everybody's where there are few leads, so that luck ranks nobody; no rank where chance explains it all. "
        "For managers: reps get different leads. Click a row to see its leads.",
    )
    shown = rows.select(
        pl.when(pl.col("is_few") | pl.col("is_alike")).then(None).otherwise("rank").alias("Rank"),
        pl.col("rep").alias("Rep"),
        pl.col("team").alias("Team"),
        pl.when("is_few").then(None).otherwise(pl.col("shrunk") * 100).alias(EVENED),
        pl.Series(
            "Likely",
            [f"{wording.share(row['low'])} to {wording.share(row['high'])}" if not row["is_few"] else wording.TOO_FEW for row in rows.to_dicts()],
        ),
        pl.Series(f"In {until}", [f"{row['k']} of {row['n']}" if row["is_few"] else wording.share_of(row["k"], row["n"]) for row in rows.to_dicts()]),
        pl.Series("Half within", ["never" if row["median"] is None else wording.span(row["median"], told.is_dated) for row in rows.to_dicts()]),
        pl.col("open").alias("Open now"),
        pl.Series("Load", [f"over {wording.count(most)}" if row["is_over"] else "" for row in rows.to_dicts()]),
    )
    if not rows["is_over"].any():
        shown = shown.drop("Load")
    if enough.is_empty():
        shown = shown.drop(EVENED)
    if shown["Rank"].null_count() == shown.height:
        shown = shown.drop("Rank")
    event = st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height="content" if shown.height <= 40 else 1200,
        placeholder="",
        column_config={
            EVENED: st.column_config.NumberColumn(
                format="%.0f %%", width=72, help="Drawn towards everybody's where there are few leads; the raw count is beside it"
            ),
            "Rank": st.column_config.NumberColumn(width=55),
            "Rep": st.column_config.TextColumn(width=104),
            "Team": st.column_config.TextColumn(width=118),
            "Likely": st.column_config.TextColumn(width=92),
            "Half within": st.column_config.TextColumn(width=80),
            "Open now": st.column_config.NumberColumn(format="localized", width=68),
        },
        key="reps.table",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
    )
    panels.download(rows.select(pl.col(name).alias(words) for name, words in _IN_FILE.items()), f"reps, first touch within {until}", key="reps.csv")
    few = rows.height - enough.height
    if few:
        text.note(f"{wording.plural(few, 'rep has', 'reps have')} fewer than {MINIMUM_N} leads old enough: too few to rank, listed last.")
    if (picked := panels.picked_row(event)) is not None:
        code = rows["code"][picked]
        followed.listed(told.waits, told.waits.rep == code, f"of {wording.shortened(rows['rep'][picked], 40)}", "reps")


def _title(enough: pl.DataFrame, until: str) -> str:
    if enough.height < 2:
        return "How soon does each rep try?"
    first, last = enough.row(0, named=True), enough.row(-1, named=True)
    if first["is_alike"]:
        return f"Reps differ by no more than chance: {wording.share(last['shrunk'])} to {wording.share(first['shrunk'])} within {until}"
    return f"Within {until}, the quickest reps try {wording.share(first['shrunk'])} of their leads, the slowest {wording.share(last['shrunk'])}"
