"""The leads behind a part of the Persistence screen."""

from __future__ import annotations

import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.filters import Filters
from plumbline.ui import data, leads_table, text
from plumbline.ui.persistence.terms import Promise
from plumbline.ui.speed import followed

_SHOWN = 50
KINDS = {
    "missed": ("without the promised touches", ~pl.col("is_kept") & pl.col("is_mature")),
    "abandoned": ("given up early", pl.col("is_abandoned")),
}


def behind(filters: Filters, promise: Promise) -> None:
    """The leads of the kind that the address names; nothing where it names none."""
    kind = st.query_params.get("behind", "")
    if kind in KINDS:
        named, chosen = KINDS[kind]
        listed(filters, promise, chosen, named, "behind")


def listed(filters: Filters, promise: Promise, chosen: pl.Expr, named: str, key: str) -> None:
    """The latest of the passes that `chosen` picks from persistence/passes; the download holds all. key: unique on the page."""
    rows = data.metric("persistence/passes", filters, **promise.parameters).filter(chosen).sort("opened_us", descending=True)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text.subheading([text.Bold(wording.plural(rows.height, "lead")), f" · {named}"])
        st.button("Close", key=f"{key}.close", type="tertiary", on_click=lambda: st.query_params.pop("behind", None))
    if rows.is_empty():
        text.empty_state("No lead here", f"None {named} with these filters.")
        return
    text.note((f"The latest {_SHOWN} are shown. " if rows.height > _SHOWN else "") + "A click on a lead opens its story.")
    numbers = rows["episode_no"].to_numpy()
    leads_table.table(followed.passes(numbers[:_SHOWN]), f"persistence.{key}", lambda: followed.passes(numbers))
