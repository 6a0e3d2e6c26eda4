"""The instants that the Speed screen measures between: one row per pass with an observed MQL (queries/speed/waits.sql)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl

from plumbline.clock import DAY

NEVER = np.iinfo(np.int64).max  # later than anything
NOBODY = -1
DATED = {"mql": 1, "attempt": 2, "handed": 4}
_INSTANTS = ("mql", "handed", "attempt", "contact", "left", "sql")


@dataclass(frozen=True)
class Waits:
    """Columns of equal length, in order of the episode. Instants are int64 microseconds since 1970 UTC, NEVER where it did not happen.

    `ends`: where the watch ends, by the next pass or with the data. `left`, `sql`: when it left the funnel, when it reached SQL.
    `rep`, `team`: value numbers at hand-over, NOBODY where none. `through`: where the data end. `dated`: bits of DATED, which of them are days
    without a time of day; None: none is.
    """

    episode: np.ndarray
    lead: np.ndarray
    mql: np.ndarray
    handed: np.ndarray
    attempt: np.ndarray
    contact: np.ndarray
    ends: np.ndarray
    left: np.ndarray
    sql: np.ndarray
    rep: np.ndarray
    team: np.ndarray
    through: int
    dated: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.mql)

    def only(self, mask: np.ndarray) -> Waits:
        """The rows of a mask, or of indices."""
        columns = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "through"}
        return Waits(**{name: column if column is None else column[mask] for name, column in columns.items()}, through=self.through)

    def share_dated(self, thing: str) -> float:
        """Of the MQLs (attempts, hand-overs) that there are, the share that are days without a time of day."""
        there = getattr(self, thing) != NEVER
        return float((self.dated[there] & DATED[thing] != 0).mean()) if self.dated is not None and there.any() else 0.0

    @property
    def has_no_clock(self) -> np.ndarray:
        """(n) whether the MQL or the first attempt is a day without a time of day."""
        return np.zeros(len(self), bool) if self.dated is None else self.dated & (DATED["mql"] | DATED["attempt"]) != 0

    def by_day(self, local: Callable[[np.ndarray], np.ndarray]) -> Waits:
        """The same in whole days of the organisation. local: microseconds of its time, of instants."""
        told = {"ends": _where_there(self.ends, local), "through": int(local(np.array([self.through]))[0])}
        return replace(self, **told, **{name: _where_there(getattr(self, name), lambda at: local(at) // DAY * DAY) for name in _INSTANTS})


def _where_there(at: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    there = at != NEVER
    changed = at.copy()
    changed[there] = change(at[there])
    return changed


def from_frame(rows: pl.DataFrame, through: int) -> Waits:
    """Waits of the rows of speed/waits. `through`: the end of the data in microseconds."""

    def column(name: str, absent: int, kind: type = np.int64) -> np.ndarray:
        return np.ascontiguousarray(rows[name].fill_null(absent).to_numpy(), kind)

    times = {name: column(f"{name}_us", NEVER) for name in ("mql", "handed", "attempt", "contact", "ends", "left", "sql")}
    return Waits(
        episode=column("episode_no", 0, np.int32),
        lead=column("lead_no", 0, np.int32),
        rep=column("rep_no", NOBODY, np.int32),
        team=column("team_no", NOBODY, np.int32),
        through=through,
        dated=sum((rows[f"{thing}_is_day"].to_numpy().astype(np.uint8) * bit for thing, bit in DATED.items()), np.zeros(rows.height, np.uint8)),
        **times,
    )
