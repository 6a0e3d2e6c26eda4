"""The leads behind one promise: from when to when each had, when it happened, and what became of it."""

from __future__ import annotations

import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.agreement import behind, canonical, items
from plumbline.agreement.promises import KINDS
from plumbline.history.recorded import sentence as capital
from plumbline.meeting.week import Judged
from plumbline.ui import address, data, leads_table, text
from plumbline.ui.weekly import actions
from plumbline.ui.weekly.ground import Scene
from plumbline.words import actions as action_words
from plumbline.words import scorecard as words

_SHOWN = 200
_TALL = 228  # pixels: with the columns above it in one view
OUTCOMES = {"missed_open": "not done", "missed_late": "too late", "met": "in time", "too_early": "not due yet"}
_ORDER = list(OUTCOMES)
_AT_ONCE = ("meets_definition", "required_fields", "reason", "evidence", "volume")  # due at the instant itself
_SAID = {"met": "met", "missed_open": "missed", "missed_late": "missed", "too_early": "not due yet"}


def show(scene: Scene, one: Judged) -> None:
    """The list, with the promise as it was signed, and a way to make it an action."""
    rows = of_week(scene, one)
    with st.container(key="behind", gap="xsmall"):
        counted = ", ".join(part for part in (words.counts(one.row), "" if one.row.why else words.why(one.row)) if part)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            text.subheading([text.Bold(one.title), f" · {words.status(one)}{f' · {counted}' if counted else ''}"])
            actions.opener(scene, "promise", one.kind, one.open_actions)
            st.button("Close", key="behind.close", type="tertiary", on_click=_close)
        text.note(" ".join(part for part in (one.sentence, f"It is {KINDS[one.kind].measured}.", _dot(words.quarter(one))) if part))
        actions.form(scene, "promise", one.kind, action_words.action_about_promise(one))
        if rows.is_empty():
            text.empty_state("No lead here", _dot(capital(one.row.why)) or "Nothing of this promise was due in this week.")
            return
        if rows.height > _SHOWN:
            text.note(f"The first {_SHOWN} are shown, what was missed before the rest; the download holds all.")
        leads_table.table(_listed(one, rows.head(_SHOWN)), f"weekly.{one.kind}", lambda: _file(one, rows), _TALL)


def _close() -> None:
    address.tell("promise", "")


def _dot(said: str) -> str:
    return f"{said}." if said and not said.endswith(".") else said


def of_week(scene: Scene, one: Judged) -> pl.DataFrame:
    """The items of the week, those that were missed first; kept for all viewers."""
    agreement = scene.week.agreed.agreement
    if agreement is None or one.row.why:
        return pl.DataFrame(schema=dict.fromkeys(behind.COLUMNS, pl.String))
    workspace = data.workspace()

    def made() -> pl.DataFrame:
        rows = behind.of_week(items.ground(workspace.history, agreement), one.promise, scene.its)
        return rows.sort(pl.col("outcome").cast(pl.Enum(_ORDER)), "deadline", descending=[False, True], maintain_order=True)

    key = f"{one.kind} {scene.its.name} {canonical.seal(canonical.canonical(agreement))} {items.calendars_of(workspace.history)!r}"
    return workspace.keep("week.behind", key, made)


def _listed(one: Judged, rows: pl.DataFrame) -> pl.DataFrame:
    """As it is read: the company beside the lead, words for codes, no column of instants that are all the same."""
    companies = data.screen("companies", lead_ids=rows["lead_id"].to_list())
    said = _SAID if one.kind in _AT_ONCE else OUTCOMES
    told = rows.join(companies, on="lead_id", how="left", maintain_order="left").with_columns(
        pl.col("outcome").replace(said).alias("judged"),
        started_at=pl.col("start"),
        due_at=pl.col("deadline"),
        happened_at=pl.col("met_at"),
    )
    names = ["lead_id", "company", "judged", "started_at", *([] if one.kind in _AT_ONCE else ["due_at", "happened_at"])]
    if "stage" in rows.columns:
        told = told.with_columns(in_stage=pl.col("stage").replace({name: known.short for name, known in wording.STAGE_NAMES.items()}))
        names.insert(2, "in_stage")
    if "rep_id" in rows.columns:
        reps = data.workspace().reps()
        told = told.with_columns(rep=pl.Series([reps.get(rep, (rep, ""))[0] for rep in rows["rep_id"]], dtype=pl.String))
        names = ["lead_id", "company", "rep", "judged", "opened_at"]
    return told.select(names)


def _file(one: Judged, rows: pl.DataFrame) -> pl.DataFrame:
    """Exactly what the metric sla/items gives, and the company."""
    companies = data.screen("companies", lead_ids=rows["lead_id"].to_list())
    return rows.join(companies, on="lead_id", how="left", maintain_order="left")
