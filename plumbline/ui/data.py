"""The history on screen: one sealed connection for all viewers, and cached frames of what they asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from plumbline import hindsight, metrics
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.history.snapshots import identity, published
from plumbline.settings import default_history
from plumbline.sqlfiles import sql
from plumbline.workspace import Workspace, as_screens_ask


def history_path() -> Path:
    return default_history()


def history() -> History:
    """The published snapshot, opened once for all viewers; another file in its place is served from the next run on. Raises HistoryError."""
    file = published(history_path())
    return _opened(str(history_path()), str(file), identity(file))


def snapshot(file: Path) -> History:
    """One snapshot, whether it is published or not, opened once for all viewers. Raises HistoryError."""
    return _opened(str(file), str(file), identity(file))


@st.cache_resource(max_entries=3, show_spinner=False, on_release=lambda opened: opened.close())
def _opened(path: str, file: str, identity: str) -> History:
    return History(Path(path))


def content() -> str:
    """What tells the content of the history on screen from any other: the key of whatever is kept of it. Raises HistoryError."""
    return history().content


def metric(name: str, filters: Filters | None = None, **parameters: Any) -> pl.DataFrame:
    """A metric's rows for these filters, kept per content of the history. Screens judge only what is recorded, pass by pass, where a metric can."""
    return _asked(history(), name, filters, parameters)


def _asked(opened: History, name: str, filters: Filters | None, parameters: dict[str, Any]) -> pl.DataFrame:
    wanted = filters or Filters()
    parameters = as_screens_ask(name) | parameters
    return _metric(opened, opened.content, name, repr(wanted), repr(sorted(parameters.items())), wanted, parameters)


@st.cache_data(max_entries=500, show_spinner=False)
def _metric(
    _history: History, snapshot: str, name: str, filters: str, parameters: str, _filters: Filters, _parameters: dict[str, Any]
) -> pl.DataFrame:
    return metrics.run(_history, name, _filters, _parameters)


# name -> how many of it are kept, and what is said while one is made
_KEPT: dict[str, tuple[int, str | bool]] = {
    "leaks.cells": (2, False),
    "leaks.judged": (3, False),
    "leaks.ranked": (24, "Looking for leaks in every segment"),
    "stage": (2, "Reading the history for replays"),
    "waiting": (8, False),
    "reps": (4, False),
    "week.promises": (60, "Counting what was promised and kept"),
    "week.changes": (60, "Looking for what changed"),
    "week.behind": (30, False),
    "week.helped": (200, False),
    "week.rejections": (60, False),
    "week.wins": (60, False),
}
_USUAL = (20, False)


def workspace(of: History | None = None) -> Workspace:
    """What several screens need of the history (of: of another snapshot), kept for all viewers while its content stays. Raises HistoryError."""
    opened = of or history()

    def ask(name: str, filters: Filters | None = None, **parameters: Any) -> pl.DataFrame:
        return _asked(opened, name, filters, parameters)

    def keep(name: str, key: str, make: Callable[[], Any]) -> Any:
        return _keeper(name)(opened.content, key, make)

    return Workspace(opened, ask, keep)


@cache
def _keeper(name: str) -> Callable[[str, str, Callable[[], Any]], Any]:
    """A cache of its own for each name."""

    def kept(snapshot: str, key: str, _make: Callable[[], Any]) -> Any:
        return _make()

    kept.__qualname__ = f"kept {name}"  # by which Streamlit tells one cache from another
    most, spinner = _KEPT.get(name, _USUAL)
    return st.cache_resource(max_entries=most, show_spinner=spinner)(kept)


def screen(name: str, **values: Any) -> pl.DataFrame:
    """The rows of queries/screens/<name>.sql: what a screen needs that is no metric."""
    return history().query(sql(f"screens/{name}"), values)


@st.cache_data(max_entries=4, show_spinner=False)
def _options(snapshot: str) -> dict[str, list[tuple[str, int]]]:
    options: dict[str, list[tuple[str, int]]] = {}
    for name, label, n in screen("field_options").iter_rows():
        options.setdefault(name, []).append((label, n))
    return options


def breakdown_options() -> list[str]:
    """Attributes with 2 to 200 values; those that tell how leads ended come last, and none of them is taken unless it is chosen."""
    options = [name for name, values in field_options().items() if 2 <= len(values) <= 200]
    telling = hindsight.withheld(history())
    honest = [name for name in options if name not in telling]
    return [*honest, *(name for name in options if name in telling)] if honest else []


def usual_breakdown(options: list[str], *names: str) -> int:
    """The place of the first of `names` among `options` (of breakdown_options) that does not tell how leads ended; else 0."""
    telling = hindsight.withheld(history())
    return next((options.index(name) for name in names if name in options and name not in telling), 0)


def field_options() -> dict[str, list[tuple[str, int]]]:
    """Values of each attribute that groups leads, with how many leads have it, most frequent first."""
    return _options(content())
