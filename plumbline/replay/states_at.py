"""How leads stood at instants of their own, as known then: whether they met a definition, and which fields were known.

What it takes grows with the leads that are asked about, not with the history. Slow twins: explain.py and tests/oracle/replay.py.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numba import njit

from plumbline.definition.model import Definition
from plumbline.replay.facts import Column, Facts
from plumbline.replay.kernel import TOLERANCE
from plumbline.replay.parts import parts


def meets(facts: Facts, definition: Definition, lead_no: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """(n, bool) whether each lead met the definition at its moment: gates, criteria, exclusions, required fields, score.

    `lead_no` (int): leads of the history, in any order and as often as wanted; `moments`: microseconds since 1970 UTC.
    """
    if not len(lead_no):
        return np.zeros(0, np.bool_)
    made = parts(definition, facts, facts.indices(lead_no), moments, _cells)
    met = np.ones(len(lead_no), np.bool_)
    for part in ("required_fields", "fit", "behaviour"):
        met &= made.holds[made.which(part)].all(axis=0)
    met &= made.holds[made.which("criteria")].sum(axis=0) >= definition.at_least
    met &= ~made.holds[made.which("exclude")].any(axis=0)
    if definition.threshold is not None:
        met &= made.points.sum(axis=0) >= definition.threshold - TOLERANCE
    return met


def known(facts: Facts, fields: Iterable[str], lead_no: np.ndarray, moments: np.ndarray, until: np.ndarray) -> np.ndarray:
    """(n, bool) whether every field, each by itself, was known at the moment of its lead or at some instant after it, `until` included."""
    told = np.ones(len(lead_no), np.bool_)
    if not len(lead_no):
        return told
    leads = facts.indices(lead_no)
    for name in fields:
        column = facts.presence(name)
        told &= _was_known(column.at_first[leads] != 0, *_own(column, facts, leads), moments, until)
    return told


def _cells(columns: dict[str, Column], facts: Facts, leads: np.ndarray, moments: np.ndarray) -> dict[str, np.ndarray]:
    """The cell of each lead at its moment: that of the latest change known then, else the one before its first change."""
    return {name: _last(column.at_first[leads].astype(np.int64), *_own(column, facts, leads), moments) for name, column in columns.items()}


def _own(column: Column, facts: Facts, leads: np.ndarray) -> tuple[np.ndarray, ...]:
    """The changes of a field, in order of knowing, that belong to each of the leads: (first, end, when each was known, its cell)."""
    begins, ends = (np.searchsorted(column.rows, facts.events.change_offsets[leads + after]) for after in (0, 1))
    return begins, ends, column.rows, facts.events.change_known, column.of_changes


@njit(cache=True, nogil=True)
def _last(cells, begins, ends, rows, change_known, of_changes, moments):
    for n in range(len(cells)):
        for i in range(begins[n], ends[n]):
            if change_known[rows[i]] > moments[n]:
                break
            cells[n] = of_changes[i]
    return cells


@njit(cache=True, nogil=True)
def _was_known(is_known, begins, ends, rows, change_known, of_changes, moments, until):
    """What becomes known at one instant counts together: of several changes the last."""
    for n in range(len(is_known)):
        for i in range(begins[n], ends[n]):
            at = change_known[rows[i]]
            if at > until[n]:
                break
            if at <= moments[n]:
                is_known[n] = of_changes[i] != 0
            elif of_changes[i] != 0 and (i + 1 == ends[n] or change_known[rows[i + 1]] > at):
                is_known[n] = True
    return is_known
