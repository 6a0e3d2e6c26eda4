"""Who owned a lead at an instant, and which passes every rep had open then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from plumbline.agreement.by_lead import NONE, Passes, Timeline, passes
from plumbline.history.connection import History
from plumbline.sqlfiles import sql


@dataclass(frozen=True)
class Owners:
    """The assignments in order of lead, time, event id (empty last) and line, with their `owner` (index into `names`).

    `is_rep` (names): of the reps, or any owner where no reps were brought in; `team` (names): of the rep, '' without one.
    """

    given: Timeline
    owner: np.ndarray
    names: tuple[str, ...]
    is_rep: np.ndarray
    team: tuple[str, ...]
    passes: Passes

    def teams_at(self, lead_no: np.ndarray, moments: np.ndarray) -> list[str]:
        """The team of the rep whose each lead was by the latest assignment up to its moment; '' for nobody's, no rep's, and without a team."""
        return [self.team[self.owner[row]] if row != NONE else "" for row in self.given.latest(lead_no, moments).tolist()]

    def open_leads(self, end: int) -> tuple[np.ndarray, np.ndarray]:
        """(passes, names): the passes that were open at an instant with a rep, as their numbers, and the index of the rep's name."""
        there = np.flatnonzero((self.passes.opened <= end) & (self.passes.ends > end))
        rows = self.given.latest(self.passes.lead[there], np.full(len(there), end))
        owned = rows != NONE
        there, owner = there[owned], self.owner[rows[owned]]
        return there[self.is_rep[owner]], owner[self.is_rep[owner]]


def owners(history: History) -> Owners:
    """Those of an open history, read at their first use."""
    return history.keep("promises/assignments", lambda: _read(history))


def _read(history: History) -> Owners:
    given = history.query(sql("promises/assignments"))
    names = given["rep_id"].unique().sort()
    teams = dict(history.query(sql("screens/reps")).select("rep_id", "team").iter_rows())
    return Owners(
        given=Timeline(given["lead_no"].to_numpy(), given["stands_us"].to_numpy()),
        owner=given["rep_id"].cast(pl.Enum(names)).to_physical().cast(pl.Int32).to_numpy(),
        names=tuple(names),
        is_rep=np.array([name in teams or not teams for name in names], np.bool_),
        team=tuple(teams.get(name) or "" for name in names),
        passes=passes(history),
    )
