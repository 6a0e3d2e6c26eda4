"""How leads stood at instants of their own, as known then: whether they met a definition, and which fields were known.

Only the leads that are asked about are read, each as often as it is asked about; parts.py judges them. Slow twins: explain.py and
tests/oracle/replay.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from plumbline.definition.model import Definition
from plumbline.history.connection import History
from plumbline.replay.facts import Column
from plumbline.replay.kernel import TOLERANCE
from plumbline.replay.parts import parts
from plumbline.sqlfiles import sql
from plumbline.text import common_form

_NONE = np.empty(0, np.int64)


def meets(history: History, definition: Definition, lead_no: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """(n, bool) whether each lead met the definition at its moment: gates, criteria, exclusions, required fields, score.

    `lead_no` (int): leads of the history, in any order and as often as wanted; `moments`: microseconds since 1970 UTC.
    """
    if not len(lead_no):
        return np.zeros(0, np.bool_)
    asked = _Asked(history, lead_no, definition.fields(), definition.activities())
    made = parts(definition, asked, np.arange(len(lead_no)), moments)
    met = np.ones(len(lead_no), np.bool_)
    for part in ("required_fields", "fit", "behaviour"):
        met &= made.holds[made.which(part)].all(axis=0)
    met &= made.holds[made.which("criteria")].sum(axis=0) >= definition.at_least
    met &= ~made.holds[made.which("exclude")].any(axis=0)
    if definition.threshold is not None:
        met &= made.points.sum(axis=0) >= definition.threshold - TOLERANCE
    return met


def known(history: History, fields: Iterable[str], lead_no: np.ndarray, moments: np.ndarray, until: np.ndarray) -> np.ndarray:
    """(n, bool) whether every field, each by itself, was known at the moment of its lead or at some instant after it, `until` included."""
    fields = tuple(fields)
    if not len(lead_no):
        return np.zeros(0, np.bool_)
    asked = _Asked(history, lead_no, fields, ())
    told = np.ones(len(lead_no), np.bool_)
    for name in fields:
        column = asked.presence(name)
        pair, at = asked.pair_of_change[column.rows], asked.events.change_known[column.rows]
        is_known = column.at_first != 0
        before = at <= moments[pair]
        is_known[pair[before]] = column.of_changes[before] != 0  # in order of knowing: of several, the last stays
        is_last = np.append((np.diff(pair) != 0) | (np.diff(at) != 0), True)[: len(pair)]  # what becomes known at one instant counts together
        later = is_last & ~before & (at <= until[pair]) & (column.of_changes != 0)
        is_known[pair[later]] = True
        told &= is_known
    return told


@dataclass(frozen=True)
class _Events:
    """What parts.py reads of replay/prepare.Events, of pairs of a lead and a moment in place of leads."""

    offsets: np.ndarray
    kind: np.ndarray
    occurred: np.ndarray
    late_at: np.ndarray
    late_known: np.ndarray
    change_offsets: np.ndarray
    change_known: np.ndarray
    kinds: tuple[str, ...]


class _Asked:
    """The facts of n pairs, as replay/facts.Facts has them of all leads. `pair_of_change` (changes): whose each change is."""

    def __init__(self, history: History, lead_no: np.ndarray, fields: Iterable[str], activities: Iterable[str]) -> None:
        self.leads = len(lead_no)
        self._pairs = pl.DataFrame({"lead_no": pl.Series(lead_no, dtype=pl.Int32), "pair": pl.Series(np.arange(self.leads), dtype=pl.Int64)})
        self._wanted = self._pairs["lead_no"].unique().sort()
        self._names = list(dict.fromkeys(fields))
        own = {row["attribute"]: row["column_name"] for row in history.fields.values() if row["attribute"] and row["column_name"]}
        self._columns = {name: own[name] for name in self._names if name in own}
        self._today = self._cells(history)
        created = self._today["created_us"].to_numpy()
        changes = self._changes(history)
        self.pair_of_change = changes["pair"].to_numpy()
        known_us = np.maximum(changes["known_us"].to_numpy(), created[self.pair_of_change])
        order = np.lexsort((changes["row_no"].to_numpy(), changes["occurred_us"].to_numpy(), known_us, self.pair_of_change))
        self.pair_of_change = self.pair_of_change[order]
        self._changed = changes[order] if len(order) else changes
        kinds, acts = self._acts(history, activities)
        pair = acts["pair"].to_numpy()
        act_known = np.maximum(acts["known_us"].to_numpy(), created[pair])
        placed = np.lexsort((act_known, pair))
        every = np.arange(self.leads + 1)
        offsets = np.searchsorted(pair[placed], every)
        self.events = _Events(
            offsets=offsets,
            kind=acts["kind"].to_numpy()[placed].astype(np.int64),
            occurred=acts["occurred_us"].to_numpy()[placed].astype(np.int64),
            late_at=offsets[:-1],
            late_known=act_known[placed].astype(np.int64),
            change_offsets=np.searchsorted(self.pair_of_change, every),
            change_known=known_us[order].astype(np.int64),
            kinds=kinds,
        )

    def column(self, name: str) -> Column:
        """The cells of one field. A name that the history lacks is missing for every lead."""
        rows = np.flatnonzero(self._changed["field"].to_numpy() == name) if self._changed.height else _NONE
        changed = self._changed[rows] if len(rows) else self._changed.clear()
        today = self._today[self._columns[name]] if name in self._columns else pl.Series([None] * self.leads, dtype=pl.String)
        texts = pl.concat([today.drop_nulls(), changed["value"].drop_nulls(), changed["old_value"].drop_nulls()]).unique().sort()
        kind = pl.Enum(texts)
        at_first = _codes(today, kind)
        pair = self.pair_of_change[rows]
        opening = np.flatnonzero(np.diff(pair, prepend=-1)) if len(rows) else _NONE
        at_first[pair[opening]] = _codes(changed["old_value"], kind)[opening]
        return Column((None, *texts.to_list()), at_first, _codes(changed["value"], kind), rows)

    presence = column

    def _cells(self, history: History) -> pl.DataFrame:
        """Of every pair: created_us, and a column for each field that the leads of the history have."""
        # Names of columns are the history's own (a0, a1, ...), never names from a file.
        told = ", ".join(f"cells.{column}::varchar as {column}" for column in self._columns.values()) or "null as no_cells"
        rows = history.query(sql("replay/cells_of_leads").replace("its_cells", told), self._bound())
        return self._pairs.join(rows, on="lead_no", how="left", maintain_order="left")

    def _changes(self, history: History) -> pl.DataFrame:
        rows = history.query(sql("replay/changes_of_leads"), self._bound() | {"fields": self._names})
        return rows.join(self._pairs, on="lead_no")

    def _acts(self, history: History, activities: Iterable[str]) -> tuple[tuple[str, ...], pl.DataFrame]:
        """The kinds that the activities are written as in this history; the acts of those kinds by pair."""
        forms = {common_form(name) for name in activities}
        kinds = (
            tuple(name for name in history.query(sql("replay/activity_kinds"))["activity"].to_list() if common_form(name) in forms) if forms else ()
        )
        rows = history.query(sql("replay/acts_of_leads"), self._bound() | {"activities": list(kinds)})
        numbers = pl.DataFrame({"activity": kinds, "kind": range(len(kinds))}, schema={"activity": pl.String, "kind": pl.Int64})
        return kinds, rows.join(numbers, on="activity").join(self._pairs, on="lead_no")

    def _bound(self) -> dict[str, object]:
        return {"leads": self._wanted.to_list()}


def _codes(cells: pl.Series, kind: pl.Enum) -> np.ndarray:
    """Codes of the cells, from 1; missing is 0."""
    if not len(cells):
        return np.empty(0, np.int64)
    return (cells.cast(kind).to_physical().cast(pl.Int64) + 1).fill_null(0).to_numpy().copy()
