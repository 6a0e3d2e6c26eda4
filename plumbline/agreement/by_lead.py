"""What is looked up lead by lead, read once a history: instants of a kind in order, and the passes. UTC microseconds since 1970 (int64)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit

from plumbline.history.connection import History
from plumbline.sqlfiles import sql
from plumbline.working_time import NEVER

NONE = -1


@dataclass(frozen=True)
class Timeline:
    """Instants of leads: `lead` int32, `at` int64, in order of both."""

    lead: np.ndarray
    at: np.ndarray

    def latest(self, lead_no: np.ndarray, moments: np.ndarray) -> np.ndarray:
        """The row of the last instant of each lead up to its moment; NONE."""
        rows = _up_to(self.lead, self.at, lead_no, moments) - 1
        rows[rows >= 0] = np.where(self.lead[rows[rows >= 0]] == lead_no[rows >= 0], rows[rows >= 0], NONE)
        return rows

    def first(self, lead_no: np.ndarray, since: np.ndarray) -> np.ndarray:
        """The first instant of each lead from its `since` on; NEVER."""
        rows = _up_to(self.lead, self.at, lead_no, since - 1)
        found = np.full(len(rows), NEVER, np.int64)
        there = np.flatnonzero(rows < len(self.lead))
        there = there[self.lead[rows[there]] == lead_no[there]]
        found[there] = self.at[rows[there]]
        return found


@dataclass(frozen=True)
class Passes:
    """Every pass by its number (episode_no), so by lead and then by time: `lead`, `number` (which of the lead's) int32; int64 instants `opened`,
    `handed` (handed over; NEVER), `ends` (from when on it was no longer the lead's open one; NEVER)."""

    lead: np.ndarray
    number: np.ndarray
    opened: np.ndarray
    handed: np.ndarray
    ends: np.ndarray

    def next_handed(self, episode_no: np.ndarray) -> np.ndarray:
        """When the lead's next pass was handed over; NEVER, also where there is none."""
        following = np.minimum(episode_no + 1, len(self.lead) - 1)
        is_next = (following > episode_no) & (self.lead[following] == self.lead[episode_no])
        return np.where(is_next, self.handed[following], NEVER)


def timeline(history: History, name: str) -> Timeline:
    """queries/promises/NAME.sql of an open history: lead_no, stands_us in order."""

    def read() -> Timeline:
        told = history.query(sql(f"promises/{name}"))
        return Timeline(told["lead_no"].to_numpy(), told["stands_us"].to_numpy())

    return history.keep(f"promises/{name}", read)


def passes(history: History) -> Passes:
    """Those of an open history."""

    def read() -> Passes:
        told = history.query(sql("promises/passes"))
        instants = (told[name].fill_null(NEVER).to_numpy() for name in ("opened_us", "handed_us", "ends_us"))
        return Passes(told["lead_no"].to_numpy(), told["pass_no"].to_numpy(), *instants)

    return history.keep("promises/passes", read)


def instants(column: pl.Series) -> np.ndarray:
    """The instants of a column of times; NEVER where there is none."""
    return column.to_physical().fill_null(NEVER).to_numpy()


@njit(cache=True, nogil=True)
def _up_to(lead, at, asked, moments):
    """How many rows come before, or are of the lead and stand by its moment."""
    found = np.empty(len(asked), np.int64)
    for n in range(len(asked)):
        low, high = 0, len(lead)
        while low < high:
            middle = (low + high) // 2
            if lead[middle] < asked[n] or (lead[middle] == asked[n] and at[middle] <= moments[n]):
                low = middle + 1
            else:
                high = middle
        found[n] = low
    return found
