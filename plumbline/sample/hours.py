"""When people work: opening hours of the teams as a table by hour, so that five million instants move in one step."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from plumbline.sample import world
from plumbline.sample.plan import DAY, FIRST_LEAD, HOUR

OPENS, CLOSES = 9, 18
START = FIRST_LEAD - 30 * DAY
_HOURS = 24 * 1200


def _open_hours(zone: str, closed: frozenset[date]) -> np.ndarray:
    local = (datetime.fromtimestamp(START + hour * HOUR, UTC).astimezone(ZoneInfo(zone)) for hour in range(_HOURS))
    return np.array([at.weekday() < 5 and OPENS <= at.hour < CLOSES and at.date() not in closed for at in local])


class Hours:
    """Opening hours of every team; `forward` moves instants out of hours to the next opening."""

    def __init__(self) -> None:
        closed = [frozenset(date.fromisoformat(day) for day in days) for days in world.HOLIDAYS]
        self._is_open = np.stack([_open_hours(zone, days) for zone, days in zip(world.ZONES, closed, strict=True)])
        places = np.where(self._is_open, np.arange(_HOURS), _HOURS - 1)
        self._next = np.minimum.accumulate(places[:, ::-1], axis=1)[:, ::-1].astype(np.int64)

    def forward(self, at: np.ndarray, team: np.ndarray, rng: np.random.Generator, diligence: float = 0.93) -> np.ndarray:
        """`at` (seconds), or, out of hours and with chance `diligence`, some time in the first hours of the next opening."""
        hour = np.clip((at - START) // HOUR, 0, _HOURS - 1)
        shifted = START + self._next[team, hour] * HOUR + np.minimum(rng.exponential(2400.0, len(at)), 5 * HOUR).astype(np.int64)
        stays = self._is_open[team, hour] | (rng.random(len(at)) >= diligence)
        return np.where(stays, at, np.maximum(shifted, at))
