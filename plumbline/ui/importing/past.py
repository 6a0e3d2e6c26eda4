"""The history of imports: newest first, each with its account, and the way back to an earlier one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.errors import PlumblineError
from plumbline.history.connection import History
from plumbline.history.snapshots import folder_of, identity, listed, roll_back
from plumbline.importing.ledger import account_of
from plumbline.sqlfiles import sql
from plumbline.ui import text
from plumbline.ui.importing import account
from plumbline.ui.importing.flow import Flow


def instant(text_: str) -> datetime | None:
    """A manifest's time (2026-11-14T18:00:00Z) as naive UTC."""
    try:
        return datetime.fromisoformat(text_.removesuffix("Z").split("+")[0])
    except ValueError:
        return None


def rows(history: Path, zone: str) -> pl.DataFrame:
    """One row per import, newest first, ready for the screen."""
    told = []
    for row in listed(history):
        state = ("in use" if row["is_published"] else "") if not row["is_damaged"] else "damaged"
        files = row.get("files", [])
        told.append(
            (
                wording.instant(instant(row["created_at"]), zone) if row["created_at"] else row["snapshot"],
                state,
                row.get("leads"),
                sum(counts["seen"] for counts in row.get("tables", {}).values()) if files else None,
                row.get("rejects_total"),
                wording.day(instant(row["data_through"])) if row.get("data_through") else wording.ABSENT,
                f"{len(files)}: {wording.shortened(', '.join(files), 48)}" if files else wording.ABSENT,
            )
        )
    schema = {
        "When": pl.String,
        "State": pl.String,
        "Leads": pl.Int64,
        "Rows seen": pl.Int64,
        "Rejected": pl.Int64,
        "Data through": pl.String,
        "Files": pl.String,
    }
    return pl.DataFrame(told, schema=schema, orient="row")


@st.cache_data(max_entries=20, show_spinner=False)
def _rejects(file: str, identity: str) -> tuple[list[dict], list[dict]]:
    opened = History(Path(file))
    try:
        return account_of(opened.query(sql("screens/rejects")))
    finally:
        opened.close()


def rejects_of(history: Path, snapshot: str) -> tuple[list[dict], list[dict]]:
    """(the first rejects that lie in a snapshot, all of them by reason). Raises HistoryError."""
    return rejects_in(folder_of(history) / f"{snapshot}.duckdb")


def rejects_in(file: Path) -> tuple[list[dict], list[dict]]:
    """The same of a snapshot file."""
    return _rejects(str(file), identity(file))


def show(flow: Flow, history: Path, zone: str) -> None:
    """Draws nothing where there was no import yet."""
    known = listed(history)
    if not known:
        return
    if flow.checked and not flow.done:  # a check stands above, waiting for its answer
        with st.expander(f"Imports so far ({len(known)})"):
            _list(flow, history, zone, known)
    else:
        text.subheading("Imports so far")
        _list(flow, history, zone, known)


def _list(flow: Flow, history: Path, zone: str, known: list[dict]) -> None:
    text.note("The app shows the one in use. Choose one to see its account, or to go back to it; nothing is deleted by going back.")
    numbers = {name: st.column_config.NumberColumn(name, format="localized", width="small") for name in ("Leads", "Rows seen", "Rejected")}
    event = st.dataframe(
        rows(history, zone),
        hide_index=True,
        height="content" if len(known) <= 10 else 390,
        column_config={**numbers, "When": st.column_config.Column("When", width="medium"), "Files": st.column_config.Column("Files", width="large")},
        on_select="rerun",
        selection_mode="single-row",
        key=f"import.past.{known[0]['snapshot']}.{len(known)}",
        alt="Imports so far, newest first",
    )
    picked = (event.selection.rows or [None])[0] if event else None
    if picked is not None and picked < len(known):
        _one(flow, history, known[picked], zone)


def _one(flow: Flow, history: Path, row: dict, zone: str) -> None:
    when = wording.instant(instant(row["created_at"]), zone) if row["created_at"] else row["snapshot"]
    text.subheading(["The import of ", text.Bold(when)])
    if row["is_damaged"]:
        text.note(f"Going back to it is refused: {row['problem']}.")
        if "tables" not in row:
            return
    elif row["problem"]:
        text.note(f"{row['problem'][:1].upper()}{row['problem'][1:]}.")
    text.note(f"Files: {', '.join(row['files'])}" if row["files"] else "A file that lay here before the first import, or whose files are not known.")
    if not row["is_published"] and not row["is_damaged"]:
        _way_back(flow, history, row["snapshot"], when)
    try:
        rejects, groups = rejects_of(history, row["snapshot"]) if row["rejects_total"] else ([], [])
    except PlumblineError as refusal:
        rejects, groups = [], []
        text.note(f"{refusal.what[:1].upper()}{refusal.what[1:]}.")
    account.show(row["tables"], rejects, row["warnings"], key="import.past", rejects_total=row["rejects_total"], groups=groups)


def _way_back(flow: Flow, history: Path, snapshot: str, when: str) -> None:
    asked = st.session_state.get("import.back") == snapshot

    def ask(answer: str) -> None:
        st.session_state["import.back"] = answer

    def go() -> None:
        ask("")
        try:
            roll_back(history, snapshot)
            flow.went_back, flow.refusal, flow.done = when, None, None
        except PlumblineError as refusal:
            flow.refusal = refusal

    if not asked:
        st.button("Go back to this one", key="import.back.ask", on_click=ask, args=(snapshot,))
        return
    with st.container(border=True):
        text.paragraph(
            ["Everyone who opens the app will see the history as of ", text.Bold(when), " from now on. The one in use stays in this list."]
        )
        with st.container(horizontal=True):
            st.button("Yes, go back", key="import.back.yes", type="primary", on_click=go)
            st.button("No", key="import.back.no", on_click=ask, args=("",))
