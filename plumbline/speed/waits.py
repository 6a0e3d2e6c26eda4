"""The instants that the Speed screen measures between: one row per pass with an observed MQL (queries/speed/waits.sql)."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

NEVER = np.iinfo(np.int64).max  # later than anything
NOBODY = -1


@dataclass(frozen=True)
class Waits:
    """Columns of equal length, in order of the episode. Instants are int64 microseconds since 1970 UTC, NEVER where it did not happen.

    `ends`: where the watch ends, by the next pass or with the data. `left`, `sql`: when it left the funnel, when it reached SQL.
    `rep`, `team`: value numbers at hand-over, NOBODY where none. `through`: where the data end.
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

    def __len__(self) -> int:
        return len(self.mql)

    def only(self, mask: np.ndarray) -> Waits:
        """The rows of a mask, or of indices."""
        return Waits(**{one.name: getattr(self, one.name)[mask] for one in fields(self) if one.name != "through"}, through=self.through)


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
        **times,
    )
