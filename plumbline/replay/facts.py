"""What a replay knows of a history: the mapped columns of events, and attributes read at their first use."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from plumbline.definition.model import Known
from plumbline.history.connection import History
from plumbline.history.snapshots import is_among_snapshots
from plumbline.replay import prepare
from plumbline.sqlfiles import sql


@dataclass(frozen=True)
class Column:
    """One attribute. `texts`: its distinct cells, first of all None (missing); the codes are indices into them.

    `at_first` (leads): the cell before its first change; `of_changes`: its cell from that change on; `rows`: which changes they are.
    """

    texts: tuple[str | None, ...]
    at_first: np.ndarray
    of_changes: np.ndarray
    rows: np.ndarray


class Facts:
    """One history, ready to be replayed. Safe to share between threads; `events` is never written to."""

    def __init__(self, history: History, events: prepare.Events) -> None:
        self.history, self.events = history, events
        self.data_through = micros(history.about.data_through)
        self.attributes = {row["attribute"]: row["column_name"] for row in history.fields.values() if row["attribute"] is not None}
        self.many = {row["attribute"] for row in history.fields.values() if row["is_identifier"]}
        self._columns: dict[tuple[str, bool], Column] = {}
        self._changed: tuple[pl.Series, pl.Series] | None = None
        self._lock = threading.RLock()

    @property
    def leads(self) -> int:
        return len(self.events.lead_no)

    def known(self) -> Known:
        """Fields and activities that a definition may name in this history."""
        untracked = frozenset(name for name in self.attributes if name not in self.events.changed_fields)
        return Known(tuple(self.attributes), self.events.kinds, untracked)

    def lead_ids(self) -> pl.Series:
        """The ids of the leads, in the order of the indices."""
        return self.history.query(sql("replay/lead_ids"))["lead_id"]

    def indices(self, lead_no: np.ndarray) -> np.ndarray:
        """The indices (int64) of leads by their numbers; all of them must be there."""
        return np.searchsorted(self.events.lead_no, lead_no)

    def column(self, name: str) -> Column:
        """An attribute's cells. A name that the history lacks is missing for every lead."""
        return self._kept(name, False, self._cells)

    def presence(self, name: str) -> Column:
        """The same, telling only known ("") from missing: much cheaper for an attribute that nearly every lead has its own value of."""
        return self._kept(name, True, self._known)

    def _kept(self, name: str, is_presence: bool, read: Callable[[str], Column]) -> Column:
        with self._lock:
            key = (name, is_presence)
            if key not in self._columns:
                self._columns[key] = read(name)
            return self._columns[key]

    def _of_today(self, query: str, name: str) -> pl.Series | None:
        """The attribute of every lead by index, None where no lead row has a column for it."""
        if not (column := self.attributes.get(name)):
            return None
        # The column's name is the history's own (a0, a1, ...), never a name from a file.
        cells = self.history.query(sql(query).replace("attribute_column", column))
        if len(cells) == self.leads:
            return cells["cell"]
        at = np.full(int(cells["lead_no"].max()) + 1, -1, np.int64)
        at[cells["lead_no"].to_numpy()] = np.arange(len(cells))
        return cells["cell"].gather(pl.Series(at[self.events.lead_no]))

    def _changes(self, name: str) -> tuple[np.ndarray, pl.Series, pl.Series, np.ndarray, np.ndarray]:
        """(rows, new cells, cells before the first change of a lead, leads of those) of the changes of one attribute."""
        events = self.events
        if name not in events.changed_fields:
            empty = np.empty(0, np.int64)
            return empty, pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.String), empty
        rows = np.flatnonzero(events.change_field == events.changed_fields.index(name))
        if self._changed is None:
            told = self.history.query(sql("replay/lead_changes"))
            by_row = told.select("row_no", pl.col("value").cast(pl.String), pl.col("old_value").cast(pl.String)).sort("row_no")
            place = pl.Series(np.searchsorted(by_row["row_no"].to_numpy(), events.change_row))
            self._changed = by_row["value"].gather(place), by_row["old_value"].gather(place)
        value, old = (cells.gather(pl.Series(rows)) for cells in self._changed)
        lead = np.searchsorted(events.change_offsets, rows, side="right") - 1
        opening = np.flatnonzero(np.r_[True, lead[1:] != lead[:-1]]) if len(rows) else rows
        return rows, value, old.gather(pl.Series(opening)), lead[opening]

    def _cells(self, name: str) -> Column:
        today = self._of_today("replay/attribute", name)
        rows, value, before, leads = self._changes(name)
        if today is None:
            today = pl.Series([None], dtype=pl.String).new_from_index(0, self.leads)
        of_today = today.drop_nulls().unique().cast(pl.String)
        texts = pl.concat([of_today, value.drop_nulls(), before.drop_nulls()]).unique().sort()
        kind = pl.Enum(texts)
        at_first = _codes(today, kind)
        at_first[leads] = _codes(before, kind)
        return Column((None, *texts.to_list()), at_first, _codes(value, kind), rows)

    def _known(self, name: str) -> Column:
        today = self._of_today("replay/attribute_known", name)
        rows, value, before, leads = self._changes(name)
        at_first = np.zeros(self.leads, np.uint32) if today is None else today.to_numpy().astype(np.uint32)
        at_first[leads] = before.is_not_null().to_numpy().astype(np.uint32)
        return Column((None, ""), at_first, value.is_not_null().to_numpy().astype(np.uint32), rows)


def _codes(cells: pl.Series, kind: pl.Enum) -> np.ndarray:
    """Codes of the cells, from 1; missing is 0."""
    if not len(cells):
        return np.empty(0, np.uint32)
    physical = cells.cast(kind).to_physical().cast(pl.UInt32)
    return (physical + 1).fill_null(0).to_numpy().astype(np.uint32)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of a naive UTC time."""
    return int(np.datetime64(moment, "us").astype(np.int64))


def kept(history: History) -> Facts:
    """The facts of an open history, loaded at their first use and kept as long as it is."""
    return history.keep("facts", lambda: load(history))


def load(history: History) -> Facts:
    """Opens a history for replays: the columns made at import, or made now where they are not there."""
    path = prepare.path_of(history.file)
    found = prepare.read(path, history.about.snapshot)
    if found is None:
        found = prepare.events(history.query)
        if is_among_snapshots(history.file):  # never beside a file that lies among a user's own
            with suppress(OSError):
                prepare.write(found, history.about.snapshot, path)
    return Facts(history, found)
