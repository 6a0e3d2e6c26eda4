"""How much a definition hands over each week: against the quota of marketing, and against what reps can take."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from plumbline.clock import DAY, day_start, monday, time_zone
from plumbline.replay.facts import micros
from plumbline.statistics import kaplan_meier

OPEN_CAP = 500  # open leads per rep: more than anybody can work
TOUCHES = 6  # of the persistence promise: 3 calls and 3 emails


@dataclass(frozen=True)
class Weeks:
    """The weeks of a period, Monday to Monday in the organisation's zone; the first and the last may be cut. `edges`: instants, ends included."""

    starts: tuple[date, ...]
    edges: np.ndarray
    working_days: np.ndarray
    since: date
    until: date

    @property
    def whole(self) -> np.ndarray:
        """Which weeks are not cut by the period: all seven days lie in it."""
        return np.array([start >= self.since and start + timedelta(days=7) <= self.until for start in self.starts], bool)


def weeks(since: date, until: date, zone: str) -> Weeks:
    first = monday(since)
    starts = [first + timedelta(days=7 * n) for n in range(-(-(until - first).days // 7))]
    place = time_zone(zone)
    edges = [max(since, start) for start in starts] + [until]
    working = [sum((a + timedelta(days=n)).weekday() < 5 for n in range((b - a).days)) for a, b in itertools.pairwise(edges)]
    return Weeks(tuple(starts), np.array([micros(day_start(day, place)) for day in edges], np.int64), np.array(working, np.int64), since, until)


def quota_of(weeks: Weeks, per_quarter: float) -> np.ndarray:
    """The quota of each week: pro rata by working day (Monday to Friday) of its quarter."""
    shares = []
    edges = [max(weeks.since, start) for start in weeks.starts] + [weeks.until]
    for a, b in itertools.pairwise(edges):
        days = [a + timedelta(days=n) for n in range((b - a).days)]
        shares.append(sum(1 / _working_days_of_quarter(day) for day in days if day.weekday() < 5))
    return per_quarter * np.array(shares)


def _working_days_of_quarter(day: date) -> int:
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    following = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
    return sum((first + timedelta(days=n)).weekday() < 5 for n in range((following - first).days))


def per_week(moments: np.ndarray, weeks: Weeks) -> np.ndarray:
    """How many of `moments` lie in each week."""
    return np.histogram(moments, weeks.edges)[0] if len(weeks.edges) > 1 else np.zeros(0, np.int64)


def weekly_draws(moments: np.ndarray, accounts: np.ndarray, weeks: Weeks, draws: int, seed: int) -> np.ndarray:
    """(draws, weeks) weekly counts as they would vary with the accounts that came: normal, with the variance of whole accounts."""
    week = np.searchsorted(weeks.edges, moments, side="right") - 1
    n_weeks = len(weeks.starts)
    inside = (week >= 0) & (week < n_weeks)
    cells, size = np.unique(accounts[inside].astype(np.int64) * n_weeks + week[inside], return_counts=True)
    cell_week = cells % n_weeks
    mean = np.bincount(cell_week, weights=size, minlength=n_weeks)
    variance = np.bincount(cell_week, weights=size**2.0, minlength=n_weeks)
    noise = np.random.default_rng(seed).standard_normal((draws, n_weeks))
    return np.maximum(0.0, mean + noise * np.sqrt(variance))


def busy_week(drawn: np.ndarray, seen: np.ndarray, share: float = 0.95) -> float:
    """What a week holds at most in `share` of weeks. drawn (draws, weeks): of weekly_draws; seen (weeks): how many came.

    The weeks seen already differ by luck, which the draws add once more: the weeks are moved together until luck counts once.
    """
    noise, spread = float(drawn.var(axis=0).mean()), float(seen.var(ddof=1)) if len(seen) > 1 else 0.0
    kept = np.sqrt(max(0.0, 1 - noise / spread)) if spread > 0 else 0.0
    return max(0.0, float(np.quantile(drawn - (1 - kept) * (seen - seen.mean()), share)))


def stays_open(opened: np.ndarray, closed: np.ndarray, never: int, data_through: int) -> tuple[np.ndarray, np.ndarray]:
    """(days, share still open from that day on): Kaplan-Meier of the time from opening to closing."""
    there = opened != never
    ended = closed[there] != never
    days = (np.where(ended, closed[there], data_through) - opened[there]) / DAY
    curve = kaplan_meier(np.maximum(0.0, np.floor(days)), ended)
    return curve["time"].to_numpy(), 1 - curve["reached"].to_numpy()


def open_leads(
    moments: np.ndarray,
    opened: np.ndarray,
    closed: np.ndarray,
    never: int,
    data_through: int,
    weeks: Weeks,
    reps: int,
    curve: tuple[np.ndarray, np.ndarray] | None = None,
) -> dict[str, object]:
    """Open leads per rep if each stays open as long as leads were seen to. curve: of `stays_open`, where it is known already."""
    time, still = curve or stays_open(opened, closed, never, data_through)
    if not reps or not len(moments):
        return {"per_rep_at_end": None, "per_rep_at_most": None, "cap": OPEN_CAP}
    moments = np.sort(moments)
    by_day = np.histogram(moments, np.arange(weeks.edges[0], weeks.edges[-1] + DAY, DAY))[0]
    age = np.arange(len(by_day))
    survival = still[np.searchsorted(time, age, side="right") - 1]
    open_by_day = np.convolve(by_day, survival)[: len(by_day)]
    return {"per_rep_at_end": float(open_by_day[-1] / reps), "per_rep_at_most": float(open_by_day.max() / reps), "cap": OPEN_CAP}
