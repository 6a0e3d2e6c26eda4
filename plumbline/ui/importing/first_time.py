"""Before there is a history: what files Plumbline takes, empty ones to fill, and the sample."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl
import streamlit as st

from plumbline.history.schema import KNOWN_ATTRIBUTES, TABLES
from plumbline.ui import text

SAMPLE = Path(__file__).resolve().parents[3] / "sample_data" / "history"


def templates() -> bytes:
    """A ZIP with one CSV per canonical table that holds its header only."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in TABLES.values():
            names = [column.name for column in table.columns] + (list(KNOWN_ATTRIBUTES) if table.name == "leads" else [])
            archive.writestr(zipfile.ZipInfo(f"{table.name}.csv", (2026, 1, 1, 0, 0, 0)), ",".join(names) + "\n")
    return out.getvalue()


def table_of_tables() -> pl.DataFrame:
    """File, what one row is, columns that it needs, columns that it may have."""
    rows = []
    for table in TABLES.values():
        may = [column.name for column in table.columns if not column.required] + (list(KNOWN_ATTRIBUTES) if table.name == "leads" else [])
        more = ", and any further column as an attribute" if table.name == "leads" else ""
        rows.append((f"{table.name}.csv", table.grain.removeprefix("one row per "), ", ".join(table.required), ", ".join(may) + more))
    return pl.DataFrame(rows, schema=["File", "One row per", "Needs", "May also have"], orient="row")


def tables() -> None:
    """The tables that Plumbline takes, with empty files to start from."""
    text.paragraph(
        "One CSV (or Parquet) file per table, in UTF-8, times as 2026-03-31T18:05:00Z. Only leads is required; "
        "changes of stage make the funnel, sales touches make speed and persistence."
    )
    widths = {"File": "medium", "One row per": "medium", "Needs": "medium", "May also have": "large"}
    st.dataframe(
        table_of_tables(),
        hide_index=True,
        height="content",
        column_config={name: st.column_config.Column(name, width=width) for name, width in widths.items()},
        key="import.tables",
        alt="The tables that Plumbline takes, with the columns that each needs",
    )
    st.download_button(
        "Download empty files (ZIP)",
        data=templates,
        file_name="plumbline-tables.zip",
        mime="application/zip",
        key="import.templates",
        on_click="ignore",
        type="tertiary",
    )


def tables_folded(expanded: bool) -> None:
    with st.expander("Which tables and columns", expanded=expanded):
        tables()


def welcome(try_sample) -> None:
    """The first-time screen's opening. try_sample: called when the sample is asked for."""
    text.headline("There is no history here yet. Bring in your leads, or try the sample.")
    text.paragraph(
        "Plumbline reads exports of your CRM: a file of leads and, as far as you have them, what happened to them. "
        "It checks every row first, says which ones it cannot keep and why, and changes nothing until you say so."
    )
    st.button(
        "Try the sample", key="import.sample", on_click=try_sample, help="6,000 made-up leads over two years. Your own files replace them later."
    )
