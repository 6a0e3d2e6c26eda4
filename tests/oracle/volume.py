"""Weeks, quota and load of the simulation (docs/definitions.md, "The simulation"), day by day and assignment by assignment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from .episodes import Episode
from .funnel import local_date, period_of
from .history import History, lead_rows, merges_in_force, rows_up_to, survivor

if TYPE_CHECKING:
    from .simulation import Question


def mondays(asked: Question) -> list[date]:
    found = [period_of(asked.since, "week")]
    while found[-1] + timedelta(days=7) < asked.until:
        found.append(found[-1] + timedelta(days=7))
    return found


def days_of(start: date, asked: Question) -> list[date]:
    """The days of a week that lie in the period."""
    return [day for day in (start + timedelta(days=n) for n in range(7)) if asked.since <= day < asked.until]


def quota_of_day(day: date, per_quarter: float) -> float:
    """ "spread over the working days (Monday to Friday) of each quarter" """
    if day.weekday() >= 5:
        return 0.0
    months = {3 * ((day.month - 1) // 3) + n for n in (1, 2, 3)}
    year = (date(day.year, 1, 1) + timedelta(days=n) for n in range(366))
    return per_quarter / sum(other.year == day.year and other.month in months and other.weekday() < 5 for other in year)


def by_week(moments: list[datetime], history: History, asked: Question) -> list[int]:
    weeks = [period_of(local_date(t, history.time_zone), "week") for t in moments]
    return [weeks.count(start) for start in mondays(asked)]


def rep_of(episode: Episode, following: datetime | None, history: History) -> str | None:
    """ "Hand-over = mql_at when a rep of the reps table owned the lead then, else the first assignment to one at or after mql_at
    and before the next episode; without a reps table, or with an empty one, any owner counts" (lines settle ties; no event ids)
    """
    there, into = lead_rows(history), merges_in_force(history)
    reps = {row["rep_id"] for row in history.tables.get("reps", [])}
    own = [
        (row["occurred_at"], line, row["rep_id"])
        for line, row in rows_up_to(history, "assignments", "occurred_at")
        if survivor(row["lead_id"], into, there) == episode.lead_id
    ]
    own.sort()
    start = episode.observed.get("mql", episode.opened_at)
    until_then = [rep for at, _, rep in own if at <= start]
    if until_then and (not reps or until_then[-1] in reps):
        return until_then[-1]
    after = [(at, rep) for at, _, rep in own if at >= start and (following is None or at < following) and (not reps or rep in reps)]
    return after[0][1] if after else None


def load(weekly: list[int], whole: list[bool], reps: int, asked: Question) -> dict | None:
    """ "new leads per rep per week" of whole weeks (of all, where the period has no whole one)"""
    if not reps:
        return None
    each = [n / reps for n, is_whole in zip(weekly, whole, strict=True) if is_whole or not any(whole)]
    return {
        "per_rep_per_week_mean": sum(each) / len(each),
        "per_rep_per_week_most": max(each),
        "touches_per_rep_per_week": 6 * sum(each) / len(each),
        "weeks_over_capacity": None if asked.capacity is None else sum(n > asked.capacity for n in each),
    }
