"""How long each pass waited, by which clock, and whether the wait came to an end. Those still waiting count for as long as they were seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from plumbline.clock import DAY
from plumbline.speed.waits import NEVER, Waits

Elapsed = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""(start, end, team number) in microseconds -> microseconds between them: on the clock, or while the team was open."""

MINUTE, HOUR = 60_000_000, 3_600_000_000
LIMITS = {"5 min": 5 * MINUTE, "30 min": 30 * MINUTE, "1 h": HOUR, "24 h": 24 * HOUR, "48 h": 48 * HOUR}
DATED_LIMITS = {
    "the day itself": 2 * HOUR,
    "1 day": DAY + 2 * HOUR,
    "2 days": 2 * DAY + 2 * HOUR,
    "7 days": 7 * DAY + 2 * HOUR,
    "14 days": 14 * DAY + 2 * HOUR,
}
"""Where only dates are known: days later by the calendar; two hours of slack for a change of the clocks."""
KINDS = ("total", "system", "human", "contact")
_ROUNDING = 1e-9


def on_the_clock(start: np.ndarray, end: np.ndarray, team: np.ndarray) -> np.ndarray:
    """Time on the clock: every hour counts."""
    return end - start


@dataclass(frozen=True)
class Delays:
    """`time` (n) microseconds waited, until it happened or as long as it was watched. `happened` (n). `age` (n): from the start to the data's end.

    `of`: indices into the waits. `flagged`: of how many the end came before the start, counted as 0.
    """

    time: np.ndarray
    happened: np.ndarray
    age: np.ndarray
    of: np.ndarray
    flagged: int = 0

    def __len__(self) -> int:
        return len(self.time)


def delays(waits: Waits, kind: str, elapsed: Elapsed = on_the_clock) -> Delays:
    """One clock (docs/meaning.md, "Speed and persistence").

    total: MQL to first attempt. system: MQL to hand-over. human: hand-over to first attempt, of those handed over; 0 where the attempt came
    before. contact: MQL to first contact, 0 where it came before (a tie of an implied opening).
    """
    starts = waits.handed if kind == "human" else waits.mql
    ends = {"total": waits.attempt, "system": waits.handed, "human": waits.attempt, "contact": waits.contact}[kind]
    of = np.flatnonzero(starts != NEVER)
    start, end, watched, team = starts[of], ends[of], waits.ends[of], waits.team[of]
    happened = end != NEVER
    stop = np.where(happened, end, watched)
    early = stop < start
    time = np.maximum(elapsed(start, np.maximum(stop, start), team), 0)
    age = elapsed(start, np.full(len(of), waits.through, np.int64), team)
    return Delays(time, happened, age, of, int((early & happened).sum()))


def within(waited: Delays, limit: int) -> tuple[int, int]:
    """(k, n): of the passes old enough to have had `limit` microseconds, those to which it happened by then. Never-tried ones are in n."""
    old = waited.age >= limit
    return int((old & waited.happened & (waited.time <= limit)).sum()), int(old.sum())


@dataclass(frozen=True)
class Parts:
    """The mean wait of the leads that were handed over and tried, in microseconds, in two parts that add up to it."""

    n: int
    system: float
    human: float

    @property
    def total(self) -> float:
        return self.system + self.human


def mean_parts(waits: Waits, elapsed: Elapsed = on_the_clock) -> Parts:
    """MQL to hand-over and hand-over to first attempt of the same leads; a lead tried before its hand-over waited until then for the system alone."""
    of = np.flatnonzero((waits.handed != NEVER) & (waits.attempt != NEVER))
    if not len(of):
        return Parts(0, 0.0, 0.0)
    start, tried, team = waits.mql[of], np.maximum(waits.attempt[of], waits.mql[of]), waits.team[of]
    turn = np.clip(waits.handed[of], start, tried)
    return Parts(len(of), float(np.maximum(elapsed(start, turn, team), 0).mean()), float(np.maximum(elapsed(turn, tried, team), 0).mean()))


@dataclass(frozen=True)
class Group:
    """One group of a breakdown. `median`, `p90` in microseconds, None: not reached. `k`, `n`: in time, of those old enough."""

    code: int
    passes: int
    happened: int
    median: float | None
    p90: float | None
    k: int
    n: int


def by_group(waited: Delays, codes: np.ndarray, limit: int) -> list[Group]:
    """Every group of `codes` (one per wait of `waited`), by code. Kaplan-Meier quantiles as in statistics/waiting.py, all groups in one sort."""
    if not len(waited):
        return []
    order = np.lexsort((~waited.happened, waited.time, codes))
    code, time, happened = codes[order], waited.time[order], waited.happened[order]
    first = np.flatnonzero(np.r_[True, code[1:] != code[:-1]])
    size = np.diff(np.r_[first, len(code)])
    at_risk = np.repeat(size, size) - (np.arange(len(code)) - np.repeat(first, size))
    log = np.where(happened, np.where(at_risk == 1, -1e3, np.log1p(-1 / np.maximum(at_risk, 2))), 0.0)
    running = np.cumsum(log)
    curve = running - np.repeat(running[first] - log[first], size)
    old = waited.age[order] >= limit
    k = np.add.reduceat(old & happened & (time <= limit), first, dtype=np.int64)
    n = np.add.reduceat(old, first, dtype=np.int64)
    events = np.add.reduceat(happened, first, dtype=np.int64)
    quantiles = [_first_reached(curve, time, first, share) for share in (0.5, 0.9)]
    return [
        Group(int(code[start]), int(size[i]), int(events[i]), quantiles[0][i], quantiles[1][i], int(k[i]), int(n[i])) for i, start in enumerate(first)
    ]


def _first_reached(curve: np.ndarray, time: np.ndarray, first: np.ndarray, share: float) -> list[float | None]:
    """Per group the first time at which the share waiting is down to 1 - share. `curve`: its logarithm, falling within a group."""
    there = curve <= np.log(1 - share) + _ROUNDING
    at = np.where(there, np.arange(len(curve)), len(curve))
    found = np.minimum.reduceat(at, first)
    return [None if place == len(curve) else float(time[place]) for place in found]
