"""The leads behind a part of the Speed screen: how each was followed up. A click opens its story."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.charts.response_sum import BANDS
from plumbline.speed.promise import Promise, missed
from plumbline.speed.waits import Waits
from plumbline.ui import data, leads_table, on_record, text
from plumbline.ui.speed import figures, words
from plumbline.ui.speed.figures import Scene

_SHOWN = 50


def behind_band(scene: Scene, promise: Promise) -> None:
    """The leads of the band that the address names; nothing where it names none."""
    band = st.query_params.get("band", "")
    if band == "untried":
        listed(scene.waits, ~scene.total.happened, "not tried so far", "band")
    elif band == "missed":
        listed(scene.waits, missed(scene.total, promise), f"not tried {promise.in_words(scene.clock)}", "band")
    elif band in BANDS and not scene.is_dated:
        named = {"never": "never tried, though 48 h have passed", "early": "not tried yet, less than 48 h old"}.get(
            band, f"first tried {BANDS[band]}"
        )
        listed(scene.waits, scene.bands == words.BAND_NAMES.index(band), named, "band")


def listed(waits: Waits, mask: np.ndarray, named: str, key: str) -> None:
    """The passes of a mask, the latest first. key: unique on the page."""
    rows = np.flatnonzero(mask)
    shown(waits.episode[rows[np.argsort(-waits.mql[rows], kind="stable")]], named, f"speed.{key}", "band")


def shown(episodes: np.ndarray, named: str, key: str, asked_by: str) -> None:
    """The first of these passes; the download holds all. key: begins with the screen's name; asked_by: what in the address asks for them."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text.subheading([text.Bold(wording.plural(len(episodes), "lead")), f" · {named}"])
        st.button("Close", key=f"{key}.close", type="tertiary", on_click=lambda: st.query_params.pop(asked_by, None))
    if not len(episodes):
        text.empty_state("No lead here", f"None {named} with these filters.")
        return
    text.note((f"The latest {_SHOWN} are shown. " if len(episodes) > _SHOWN else "") + "A click on a lead opens its story.")
    leads_table.table(passes(episodes[:_SHOWN]), key, lambda: passes(episodes))


def passes(episodes: np.ndarray) -> pl.DataFrame:
    """The rows of these passes, the latest first."""
    is_dated = figures.is_dated()
    rows = data.screen("passes_followed", episode_nos=episodes.tolist())
    tried = (pl.col("first_attempt_at") - pl.col("opened_at")).dt.total_microseconds() / 1e6
    if is_dated:  # days of the calendar
        zone = data.history().about.time_zone
        day = {name: pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date() for name in ("first_attempt_at", "opened_at")}
        tried = (day["first_attempt_at"] - day["opened_at"]).dt.total_days() * 86_400.0
    told = rows.with_columns(waited=tried).with_columns(
        pl.col("waited").map_elements(lambda seconds: wording.span(max(seconds, 0), is_dated), return_dtype=pl.String)
    )
    names = {"advanced": f"reached {wording.stage_short(on_record.steps().stands('sql'))}", "open": "open"}
    names |= {name: wording.outcome(name) for name in ("rejected", "recycled", "lost")}
    columns = ["lead_id", "company", "source", "source_today", "pass_no", "opened_at", "first_attempt_at", "waited", "attempts", "first_contact_at"]
    return told.with_columns(pl.col("became").replace(names)).select(*columns, "became", "rep_id", "team").rename({"opened_at": "became_mql_at"})
