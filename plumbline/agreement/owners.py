"""Who owned a lead at an instant, and what every rep had open then: two walks over what is loaded once a history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit

from plumbline.history.connection import History
from plumbline.sqlfiles import sql

NOBODY = -1
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Owners:
    """Assignments in order of lead, time, event id (empty last) and line: `lead` int32, `at` int64 microseconds, `owner` (index into `names`).

    `is_rep` (names): of the reps, or any owner where no reps were brought in; `team` (names): of the rep, '' without one.
    Passes in order of lead and number: `pass_lead` int32, `pass_no`, int64 microseconds `opened`, `ends` (closed, or the next one opened; _NEVER).
    """

    lead: np.ndarray
    at: np.ndarray
    owner: np.ndarray
    names: tuple[str, ...]
    is_rep: np.ndarray
    team: tuple[str, ...]
    pass_lead: np.ndarray
    pass_no: np.ndarray
    opened: np.ndarray
    ends: np.ndarray

    def teams_at(self, lead_no: np.ndarray, moments: np.ndarray) -> list[str]:
        """The team of the rep whose each lead was by the latest assignment up to its moment; '' for nobody's, no rep's, and without a team."""
        rows = _latest(self.lead, self.at, lead_no, moments)
        return [self.team[self.owner[row]] if row != NOBODY else "" for row in rows.tolist()]

    def open_leads(self, end: int) -> tuple[np.ndarray, np.ndarray]:
        """(passes, names): the passes that were open at an instant with a rep, as indices, and the index of the rep's name."""
        there = np.flatnonzero((self.opened <= end) & (self.ends > end))
        rows = _latest(self.lead, self.at, self.pass_lead[there], np.full(len(there), end))
        owned = rows != NOBODY
        there, owner = there[owned], self.owner[rows[owned]]
        reps = self.is_rep[owner]
        return there[reps], owner[reps]


def owners(history: History) -> Owners:
    """Those of an open history, read at their first use."""
    return history.keep("owners", lambda: _read(history))


def _read(history: History) -> Owners:
    given = history.query(sql("promises/assignments"))
    passes = history.query(sql("promises/passes"))
    names = given["rep_id"].unique().sort()
    teams = dict(history.query(sql("screens/reps")).select("rep_id", "team").iter_rows())
    return Owners(
        lead=given["lead_no"].to_numpy(),
        at=given["occurred_us"].to_numpy(),
        owner=given["rep_id"].cast(pl.Enum(names)).to_physical().cast(pl.Int32).to_numpy(),
        names=tuple(names),
        is_rep=np.array([name in teams or not teams for name in names], np.bool_),
        team=tuple(teams.get(name) or "" for name in names),
        pass_lead=passes["lead_no"].to_numpy(),
        pass_no=passes["pass_no"].to_numpy(),
        opened=passes["opened_us"].to_numpy(),
        ends=passes["ends_us"].fill_null(_NEVER).to_numpy(),
    )


@njit(cache=True, nogil=True)
def _latest(lead, at, asked, moments):
    """The row of the last assignment of each lead up to its moment; NOBODY."""
    rows = np.full(len(asked), NOBODY, np.int64)
    for n in range(len(asked)):
        low, high = 0, len(lead)
        while low < high:
            middle = (low + high) // 2
            if lead[middle] < asked[n] or (lead[middle] == asked[n] and at[middle] <= moments[n]):
                low = middle + 1
            else:
                high = middle
        if low > 0 and lead[low - 1] == asked[n]:
            rows[n] = low - 1
    return rows
