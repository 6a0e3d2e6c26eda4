"""When an item is due: its start and the limit, on the clock or in the working hours of the team that owns the lead then.

All instants are UTC microseconds since 1970 (int64); `lead_no`, `start`: of the items, of equal length.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from plumbline import working_time
from plumbline.agreement.model import Promise
from plumbline.agreement.owners import owners
from plumbline.agreement.promises import KINDS
from plumbline.history.connection import History
from plumbline.sqlfiles import sql
from plumbline.working_time import Calendars, OpenHours

_NOBODY_YET = ("hand_over",)  # the lead is still in the hours of leads without a team


def calendars_of(history: History) -> Calendars:
    """The hours of the teams: the history's, with the settings of this installation over them. Raises SettingError."""
    tables = (history.query(sql(f"screens/{name}")) for name in ("calendars", "reps"))
    return working_time.from_history(*tables, history.about.time_zone, working_time.load())


@dataclass(frozen=True)
class OnTheClock:
    """A limit in microseconds; 0: due at once."""

    limit: int

    def starts(self, first: int, last: int) -> tuple[int, int]:
        """(first, last) start of the items that can be due from `first` to `last`."""
        return first - self.limit, last - self.limit

    def due(self, _lead_no: np.ndarray, start: np.ndarray) -> np.ndarray:
        """Deadlines of items."""
        return start + self.limit


class InWorkingHours:
    """A limit in microseconds of open time of the owning team; NEVER is due what the team is never open for."""

    def __init__(self, history: History, calendars: Calendars, promise: Promise, last: int) -> None:
        self._owners = owners(history)
        self._hours = _open_hours(calendars, int(self._owners.opened.min(initial=last)), last)
        self._limit, self._last = promise.within.micros, last
        self._is_nobodys = promise.kind in _NOBODY_YET

    def starts(self, first: int, last: int) -> tuple[int, int]:
        return self._hours.earliest(first, self._limit), last

    def due(self, lead_no: np.ndarray, start: np.ndarray) -> np.ndarray:
        """Deadlines of items; none starts later than the end that was named."""
        return self._hours.used_up(start, self._limit, self._teams(lead_no, start))

    def _teams(self, lead_no: np.ndarray, start: np.ndarray) -> np.ndarray:
        if self._is_nobodys or not len(start):
            return np.zeros(len(start), np.int64)
        return self._hours.index(pl.Series(self._owners.teams_at(lead_no, start), dtype=pl.String))


def clock_of(history: History, calendars: Calendars, promise: Promise, last: int) -> OnTheClock | InWorkingHours:
    """How a promise counts its limit; no item is asked about that starts after `last`."""
    if promise.clock == "working":
        return InWorkingHours(history, calendars, promise, last)
    limit = KINDS[promise.kind].limit(promise)
    return OnTheClock(limit.micros if limit else 0)


@lru_cache(maxsize=8)
def _open_hours(calendars: Calendars, first: int, last: int) -> OpenHours:
    return OpenHours(calendars, first, last)
