"""A chart with its words and its table; how a figure is computed; a download. What pages are built of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.charts.canvas import CONFIG
from plumbline.charts.parts import PARTS
from plumbline.exports import csv_bytes
from plumbline.ui import text


class Explained(Protocol):
    """What `how_computed` needs of a metric. Texts from our own files, yet never read as Markdown."""

    title: str
    grain: str
    unit: str


def chart(
    fig: go.Figure,
    key: str,
    table: pl.DataFrame | None,
    alt: str,
    on_click: Callable[[list[Any]], None] | None = None,
    *,
    title: text.Part | Sequence[text.Part] = "",
    subtitle: text.Part | Sequence[text.Part] = "",
    column_config: dict[str, Any] | None = None,
    is_clickable: bool = True,
    is_lazy: bool = False,
    headings: Mapping[str, str] | None = None,
    file: str = "",
) -> list[Any] | None:
    """A chart, its title above, its table one click away below. Returns the `customdata` of the point clicked last, or None.

    on_click: called with that customdata before the page runs again (a callback: it may write to session state, not draw).
    Without on_click a click still reruns the page and is returned. key: unique on the page. table: what the popover shows and
    the download holds (None: neither). alt: the finding in one sentence. is_clickable: False where a click would show nothing.
    is_lazy: the table is built when it is opened, which runs the page. headings: column -> words, in the table and in the file; file: the
    download's name in words.
    """

    def clicked() -> None:
        data = clicked_point(st.session_state.get(key))
        if on_click is not None and data is not None:
            on_click(data)

    with st.container(gap="xxsmall"):
        if title:
            text.chart_title(title, subtitle)
        event = st.plotly_chart(
            fig,
            width="stretch",
            height="content",
            theme=None,
            key=key,
            on_select=clicked if on_click is not None else "rerun" if is_clickable else "ignore",
            selection_mode="points",
            config=CONFIG,
            alt=alt,
        )
        if table is not None:
            table_popover(table, key=f"{key}.table", alt=alt, column_config=column_config, is_lazy=is_lazy, headings=headings, file=file)
    return clicked_point(event) if is_clickable else None


def clicked_point(event: Any) -> list[Any] | None:
    """The customdata of the point in a selection event, as a list; None when nothing, or nothing of ours, is selected."""
    points = (event or {}).get("selection", {}).get("points", [])
    for point in points:
        data = point.get("customdata")
        if data is not None:
            # a list may arrive as {"0": ..., "1": ...}
            return list(data.values()) if isinstance(data, dict) else list(data) if isinstance(data, list | tuple) else [data]
    return None


def picked_row(event: Any) -> int | None:
    """The row of a table that was clicked, by the row or by a cell."""
    rows = [*event.selection.rows, *(row for row, _ in event.selection.cells)]
    return rows[0] if rows else None


def table_popover(
    table: pl.DataFrame,
    *,
    key: str,
    alt: str = "",
    column_config: dict[str, Any] | None = None,
    is_lazy: bool = False,
    headings: Mapping[str, str] | None = None,
    file: str = "",
) -> None:
    """The figures as a table in words, and exact as a file, behind one button."""
    with (popover := st.popover("Table", type="tertiary", key=key, on_change="rerun" if is_lazy else "ignore")):
        if is_lazy and not popover.open:
            return
        shown = in_words(table)
        st.dataframe(
            shown,
            hide_index=True,
            width="stretch",
            placeholder="",
            column_config=columns_in_words(shown, headings) | (column_config or {}),
            alt=alt or None,
            key=f"{key}.rows",
        )
        named = {name: words for name, words in (headings or {}).items() if name in table.columns}
        download(table.rename(named), file or key.removesuffix(".table"), key=f"{key}.csv")


_SHARES = ("share", "conversion", "hazard", "rate", "acceptance", "still_open", "advanced")
_SHARES_WHERE_NAMED = (
    *_SHARES,
    "low",
    "high",
    "difference",
    *(f"{end}{of}" for end in ("pessimistic", "optimistic") for of in ("", "_low", "_high")),
)
_SECONDS = ("median", "p90", "time")
_HEADINGS = {"p90": "9 of 10 within", "median": "Half within", "time": "Time since entry", "at_risk": "Still watched", "opened": "Ever an MQL"}


def in_words(table: pl.DataFrame) -> pl.DataFrame:
    """The table for reading: stages by their names, an absent value as 'not known', seconds as durations. Other gaps stay empty."""
    shown = table
    if {*PARTS} <= {*table.columns}:  # in the order of the pictures
        before, after = _around(table.columns)
        shown = table.select(*before, *PARTS, *after)
    if "stage" in table.columns:
        shown = shown.with_columns(pl.col("stage").cast(pl.String).replace({name: known.short for name, known in wording.STAGE_NAMES.items()}))
    if "value" in table.columns:
        shown = shown.with_columns(pl.col("value").cast(pl.String).fill_null("not known"))
    for name in (name for name in _SECONDS if name in table.columns):
        shown = shown.with_columns(pl.Series(name, [None if value is None else wording.duration(value) for value in table[name]], pl.String))
    return shown


def _around(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns before the first of the outcomes, and those after it that are none."""
    first = min(names.index(part) for part in PARTS)
    return list(names[:first]), [name for name in names[first:] if name not in PARTS]


def columns_in_words(table: pl.DataFrame, headings: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Headings as words, counts with thousands, shares as percent: a start for st.dataframe(column_config=...).

    headings: column -> words where the name does not say enough; then the ends of intervals are shares too.
    """
    shares = _SHARES_WHERE_NAMED if headings else _SHARES
    columns: dict[str, Any] = {}
    for name, kind in table.schema.items():
        label = (headings or {}).get(name) or _HEADINGS.get(name) or wording.words(wording.OUTCOME_NAMES.get(name, name))
        is_share = name in shares or name.startswith("within_") or name.endswith("_share") or name in wording.OUTCOME_NAMES
        if kind.is_float() and is_share:
            columns[name] = st.column_config.NumberColumn(label, format="percent")
        elif kind.is_numeric():
            columns[name] = st.column_config.NumberColumn(label, format="localized")
        elif kind == pl.Date:
            columns[name] = st.column_config.DateColumn(label, format="D MMM YYYY")
        else:
            columns[name] = st.column_config.Column(label)
    return columns


def download(table: pl.DataFrame | Callable[[], pl.DataFrame], name: str, *, key: str, label: str = "Download CSV") -> None:
    """A button that gives the rows as CSV, formulas neutralised (plumbline/exports.py). A callable is asked at the click only."""
    st.download_button(
        label,
        data=(lambda: csv_bytes(table())) if callable(table) else csv_bytes(table),
        file_name=f"{''.join(c if c.isalnum() else '-' for c in name).strip('-') or 'plumbline'}.csv",
        mime="text/csv",
        key=key,
        on_click="ignore",
        type="tertiary",
    )


def how_computed(metric: Explained, formula: str = "", limits: str = "", what: str = "this") -> None:
    """'How this is computed', folded: title, grain, unit, formula in words, limits. What the metric does not say may be given."""
    with st.expander(f"How {what} is computed"):
        st.html(how_computed_html(metric, formula, limits))


def how_computed_html(metric: Explained, formula: str = "", limits: str = "") -> str:
    said = (
        ("What it is", metric.title),
        ("One row is", metric.grain),
        ("Unit", metric.unit),
        ("Formula", formula or getattr(metric, "formula", "")),
        ("Limits", limits or getattr(metric, "limits", "")),
    )
    rows = "".join(f"<dt>{text._shown(term)}</dt><dd>{text._shown(words)}</dd>" for term, words in said if words)
    return f'<dl class="pl-how">{rows}</dl>'
