"""Reps, their teams, calendars, and who gets which lead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from plumbline.sample import world
from plumbline.sample.draw import stream
from plumbline.sample.hours import CLOSES, OPENS

_TEAM_SHARES = (0.38, 0.15, 0.26, 0.21)
_WEEKS = 105


@dataclass(frozen=True)
class Staff:
    """Reps are numbered through the teams: team t has `size[t]` reps from `start[t]` on."""

    size: np.ndarray
    start: np.ndarray
    capacity: np.ndarray

    @property
    def count(self) -> int:
        return int(self.size.sum())

    def draw(self, team: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A rep of the team for each; the newer half gets fewer leads."""
        return self.start[team] + (rng.random(len(team)) ** 1.15 * self.size[team]).astype(np.int64)


def make_staff(leads: int, seed: int) -> Staff:
    """24 reps, and one more for every 3,000 leads beyond 72,000, so that a rep gets some 20 leads a week at most."""
    rng = stream(leads, seed, "staff")
    size = np.maximum(np.ceil(np.array(_TEAM_SHARES) * max(24, leads // 3000)).astype(np.int64), 3)
    start = np.concatenate(([0], np.cumsum(size)[:-1]))
    load = leads * 0.6 / _WEEKS / size.sum()
    capacity = np.maximum(np.rint(load * rng.uniform(1.2, 2.0, int(size.sum()))), 2).astype(np.int64)
    return Staff(size, start, capacity)


def rep_ids(staff: Staff) -> pl.Series:
    return pl.Series([f"R{number + 1:03d}" for number in range(staff.count)])


def reps_table(staff: Staff) -> pl.DataFrame:
    rows = []
    for team, name in enumerate(world.TEAMS):
        for place in range(int(staff.size[team])):
            names = world.REP_NAMES[team]
            suffix = "" if place < len(names) else f" {place // len(names) + 1}"
            rows.append((names[place % len(names)] + suffix, name, world.ZONES[team]))
    frame = pl.DataFrame(rows, schema=["name", "team", "time_zone"], orient="row")
    return frame.select(rep_ids(staff).alias("rep_id"), "name", "team", "time_zone", pl.Series("capacity", staff.capacity))


def calendars_table() -> pl.DataFrame:
    rows = []
    for team, holidays in zip(world.TEAMS, world.HOLIDAYS, strict=True):
        rows += [(team, day, f"{OPENS:02d}:00", f"{CLOSES:02d}:00") for day in ("mon", "tue", "wed", "thu", "fri")]
        rows += [(team, day, None, None) for day in ("sat", "sun", *holidays)]
    return pl.DataFrame(rows, schema={"team": pl.String, "day": pl.String, "opens": pl.String, "closes": pl.String}, orient="row")
