"""Old and dead leads, and what sales sent back, of a history that stands at one instant: how many there are, and nothing of when."""

from __future__ import annotations

import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.filters import Filters
from plumbline.ui import data, on_record, text, waiting
from plumbline.ui.leaks import after_words as words

_FATES = {"handed_over_again": "Fixed and handed over again", "discarded": "Thrown away", "lying": "Lying"}


def old_leads(filters: Filters) -> None:
    """Open leads by who has them; what became of those sent back; the dead ones by kind."""
    open_ = data.metric("leaks/ageing", filters)
    n = int(open_["open"].sum())
    text.subheading([text.Bold(wording.plural(n, "lead")), f" {'is' if n == 1 else 'are'} still open"])
    text.note(f"{on_record.why_no_times()} How long leads lie is not known.")
    if n and on_record.has("owners") and not on_record.of_won_alone("owners"):
        _owners(open_)
    back = data.metric("leaks/returned", filters).filter(pl.col("n") > 0)
    text.chart_title(returned_title(int(back["n"].sum())))
    if back.height:
        _table(back.select(pl.col("fate").replace(_FATES).alias("What became of them"), pl.col("n").alias("Leads")), "returned")
    dead = data.metric("leaks/dead", filters).filter((pl.col("kind") != "neglected") & (pl.col("dead") > 0))
    text.chart_title(dead_title(int(dead["dead"].sum())), "" if on_record.has("exits") else on_record.why_not("exits"))
    if dead.height:
        _table(dead.select(pl.col("kind").replace(words.KINDS).alias("Dead leads"), pl.col("dead").alias("Leads")), "dead")


def _owners(rows: pl.DataFrame) -> None:
    known = waiting.reps()
    told = rows.group_by("rep").agg(pl.col("open").sum()).sort("open", "rep", descending=[True, False], nulls_last=True)
    names = ["No owner" if rep is None else known.get(rep, (rep, ""))[0] for rep in told["rep"]]
    text.chart_title("Who has the open leads")
    _table(told.select(pl.Series("Rep", names), pl.col("open").alias("Open")), "owners")


def reasons(rows: pl.DataFrame) -> None:
    """Why sales sent leads back, without when. rows: leaks/reasons."""
    told = words.by_reason(rows)
    text.chart_title("Why does sales send leads back?", f"{wording.plural(int(told['n'].sum()), 'lead')} sent back, by the reason given.")
    text.note(on_record.why_no_times())
    _table(told.select(pl.col("reason").replace(words.REASONS).alias("Reason"), pl.col("n").alias("Leads")), "reasons")


def returned_title(n: int) -> str:
    if not n:
        return "Sales sent no lead back with these filters" if on_record.has("exit:rejected") else "Leads that sales sent back are not recorded"
    return f"{wording.plural(n, 'lead')} {'was' if n == 1 else 'were'} sent back by sales"


def dead_title(n: int) -> str:
    if not n:
        return "No lead is known to be dead"
    return f"{wording.plural(n, 'lead')} {'is' if n == 1 else 'are'} dead: recycled or disqualified"


def _table(rows: pl.DataFrame, key: str) -> None:
    st.dataframe(
        rows,
        hide_index=True,
        width="content",
        height="content" if rows.height <= 12 else 460,
        key=f"without_times.{key}",
        column_config={rows.columns[1]: st.column_config.NumberColumn(format="localized")},
    )
