"""Who had each open pass, and when: how many open leads a rep had as another was handed over, and who has a lead as the data end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from plumbline.history.episodes import NEVER

NOBODY = -1


@dataclass(frozen=True)
class Assignments:
    """In order of lead, time, event id (empty last), line: `lead` int32, `at` int64 microseconds, `rep` int32 (a number for each id)."""

    lead: np.ndarray
    at: np.ndarray
    rep: np.ndarray


@dataclass(frozen=True)
class Passes:
    """In order of lead and number: `lead` int32; int64 microseconds `opened`, `closed` (NEVER while open), `handed` (NEVER); `rep` int32: who got
    each then, NOBODY."""

    lead: np.ndarray
    opened: np.ndarray
    closed: np.ndarray
    handed: np.ndarray
    rep: np.ndarray


@dataclass(frozen=True)
class Owners:
    """Per pass (n): `open_leads` int32: open passes that the rep had at the hand-over, this one counted (-1 without one); `last_row` int64: the last
    assignment of its lead from the hand-over on (-1)."""

    open_leads: np.ndarray
    last_row: np.ndarray


def find_owners(assignments: Assignments, passes: Passes) -> Owners:
    """A rep has a pass while it is open and the lead's latest assignment is the rep's."""
    room = len(assignments.lead) + len(passes.lead)
    last_row = np.full(len(passes.lead), -1, np.int64)
    rep, begins, ends = np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.int64)
    made = _walk(
        assignments.lead, assignments.at, assignments.rep, passes.lead, passes.opened, passes.closed, passes.handed, last_row, rep, begins, ends
    )  # fmt: skip
    return Owners(_open_at(passes.rep, passes.handed, rep[:made], begins[:made], ends[:made]), last_row)


def _open_at(rep: np.ndarray, when: np.ndarray, span_rep: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """(n) spans of the rep that hold the moment, the beginning within, the end without."""
    told = np.full(len(rep), -1, np.int32)
    asked = np.flatnonzero((rep != NOBODY) & (when != NEVER))
    asked = asked[np.argsort(rep[asked], kind="stable")]
    order = np.argsort(span_rep, kind="stable")
    by_rep = span_rep[order]
    for number, start, stop in zip(*_runs(rep[asked]), strict=True):
        own = order[np.searchsorted(by_rep, number) : np.searchsorted(by_rep, number, "right")]
        moments = when[asked[start:stop]]
        begun, ended = (np.searchsorted(np.sort(times[own]), moments, "right") for times in (begins, ends))
        told[asked[start:stop]] = begun - ended
    return told


def _runs(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(value, start, stop) of each run of equal values."""
    starts = np.flatnonzero(np.diff(values, prepend=values[:1] - 1)) if len(values) else np.zeros(0, np.int64)
    return values[starts], starts, np.append(starts[1:], len(values)).astype(np.int64)[: len(starts)]


@njit(cache=True, nogil=True)
def _walk(a_lead, a_at, a_rep, e_lead, e_opened, e_closed, e_handed, last_row, rep, begins, ends):
    size = len(a_lead)
    first = 0
    made = 0
    for e in range(len(e_lead)):
        while first < size and a_lead[first] < e_lead[e]:
            first += 1
        row = first
        while row < size and a_lead[row] == e_lead[e]:
            if e_handed[e] != NEVER and a_at[row] >= e_handed[e]:
                last_row[e] = row
            start = max(a_at[row], e_opened[e])
            end = np.iinfo(np.int64).max if e_closed[e] == NEVER else e_closed[e]
            if row + 1 < size and a_lead[row + 1] == a_lead[row]:
                end = min(end, a_at[row + 1])
            if start < end:
                rep[made] = a_rep[row]
                begins[made] = start
                ends[made] = end
                made += 1
            row += 1
    return made
