"""The leads behind a part of the Persistence screen."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline.clock import DAY
from plumbline.filters import Filters
from plumbline.ui import data
from plumbline.ui.persistence.terms import Promise
from plumbline.ui.speed import followed, ground

KINDS = {
    "missed": ("without the promised touches", ~pl.col("is_kept") & pl.col("is_mature")),
    "abandoned": ("given up early", pl.col("is_abandoned")),
    "made": ("with all the calls and emails promised", pl.col("part") == "made"),
    "released": ("reached, qualified or gone before all were made", pl.col("part") == "released"),
    "gone_unseen": ("sent off before anybody tried to reach them", pl.col("part") == "gone_unseen"),
    "some": ("tried, but with too few calls and emails", pl.col("part") == "some"),
    "none": ("not tried at all", pl.col("part") == "none"),
    "too_early": ("too young to tell", pl.col("part") == "too_early"),
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
    show(rows["episode_no"].to_numpy(), named, key)


def old(days: float, since: str) -> pl.Expr:
    """Passes whose `since` (opened_us, start_us) lies at least so many days before the end of the data."""
    return ground.through() - pl.col(since) >= int(days * DAY)


def show(numbers: np.ndarray, named: str, key: str) -> None:
    """The first of these passes; the download holds all."""
    followed.shown(numbers, named, f"persistence.{key}", "behind")
