"""The leads behind a part of the sections on what became of leaks."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.colours import palette
from plumbline.ui import data, leads_table, text, theme
from plumbline.ui.leaks import wider

_SHOWN = 50


def show(numbers: Sequence[int], named: str, key: str, first: str = "the latest", more: pl.DataFrame | None = None) -> None:
    """The first of these passes (numbers of episodes, in the order wanted), the download holds all. named: what they are; key: unique on the page;
    more: episode_no and further columns, shown after the source."""
    numbers = list(numbers)
    text.subheading([text.Bold(wording.plural(len(numbers), "lead")), f" · {named}"])
    if not numbers:
        text.empty_state("No lead here", f"None {named} with these filters.", wider.all_leads())
        return
    text.note((f"{wording.words(first)} {_SHOWN} are shown. " if len(numbers) > _SHOWN else "") + "A click on a lead opens its story.")
    leads_table.table(_rows(numbers[:_SHOWN], more), f"leaks.{key}", lambda: _rows(numbers, more))


def _rows(numbers: list[int], more: pl.DataFrame | None) -> pl.DataFrame:
    told = data.screen("passes_left", episode_nos=numbers)
    order = pl.DataFrame({"episode_no": pl.Series(numbers, dtype=told.schema["episode_no"])})
    if more is not None:
        told = told.join(more, on="episode_no", how="left")
        own = [name for name in more.columns if name != "episode_no"]
        after = told.columns.index("source_today") + 1
        others = [name for name in told.columns if name not in own]
        told = told.select(*others[:after], *own, *others[after:])
    return order.join(told, on="episode_no", how="left", maintain_order="left").drop("episode_no")


def is_recorded(table: str) -> bool:
    """Whether the history has any row of that canonical table: touches, activities, assignments."""
    return table in data.screen("table_rows")["table"].to_list()


def greyed(rows: pl.DataFrame, is_thin: pl.Series) -> object:
    """The table with the rows of small samples in grey."""
    if not is_thin.any():
        return rows
    hue = palette(theme.mode()).quiet_text
    return rows.to_pandas().style.apply(lambda row: [f"color: {hue}" if is_thin[row.name] else ""] * len(row), axis=1)


def bar(label: str, most: float, meaning: str = "", width: int | None = None) -> object:
    """A column of shares in percent (0..100) as bars that end at the largest, `most` (0..1)."""
    return st.column_config.ProgressColumn(label, format="%.0f %%", min_value=0.0, max_value=max(100 * most, 1.0), help=meaning or None, width=width)
