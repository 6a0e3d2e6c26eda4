"""How many open leads each rep has now, against the most that one should have."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.ui import panels, text, widen
from plumbline.ui.speed import ground


def show(cap: int) -> None:
    """Every rep with an open lead, the fullest desk first, whatever the filters: what they leave out still lies on the desk."""
    rows = table(ground.open_now(), ground.rep_cards(), cap)
    if rows.is_empty():
        why = "A lead counts here while it is open and a rep has it."
        widen.empty("No rep has an open lead as the data end", [], why, widen.bring_in("a table of assignments"))
        return
    text.chart_title(
        title(rows, cap),
        f"Open leads as the data end, of all sources and periods, against {wording.count(cap)}; {wording.plural(rows.height, 'rep')}.",
    )
    shown = rows.select(
        pl.col("rep").alias("Rep"),
        pl.col("team").alias("Team"),
        pl.col("open").alias("Open leads"),
        pl.Series("Of the most", [wording.share(n / cap) for n in rows["open"]]),
        pl.Series("Over", [f"by {wording.count(n - cap)}" if n > cap else "" for n in rows["open"]]),
    )
    most = max(cap, rows["open"].max())
    st.dataframe(
        shown if rows["open"].max() > cap else shown.drop("Over"),
        hide_index=True,
        width="stretch",
        height="content" if shown.height <= 12 else 460,
        column_config={"Open leads": st.column_config.ProgressColumn(format="localized", min_value=0, max_value=most, width=260)},
        key="desks.table",
    )
    panels.download(shown, "open leads by rep", key="desks.csv")


def table(now: Mapping[str, int], details: Mapping[str, tuple[str, str, float | None]], cap: int) -> pl.DataFrame:
    """rep, team, open, is_over; the fullest first. now: id of a rep -> open leads; details: id -> name, team and more."""
    told = sorted(((*details.get(rep, (rep, "", None))[:2], n, n > cap) for rep, n in now.items()), key=lambda row: (-row[2], row[0]))
    return pl.DataFrame(told, schema={"rep": pl.String, "team": pl.String, "open": pl.Int64, "is_over": pl.Boolean}, orient="row")


def title(rows: pl.DataFrame, cap: int) -> str:
    """'No rep has more than 500 open leads; most has Jürgen Groß, 73'."""
    over, first = int(rows["is_over"].sum()), rows.row(0, named=True)
    who = wording.plural(over, "rep has", "reps have") if over else "No rep has"
    return f"{who} more than {wording.count(cap)} open leads; most has {first['rep']}, {wording.count(first['open'])}"
