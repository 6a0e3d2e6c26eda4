"""Dates without a time of day (docs/meaning.md): a row whose time is a `date` happened on that day of the organisation's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .history import History

TIMES = ("occurred_at", "created_at", "recorded_at", "merged_at")


def local_day(t: datetime, time_zone: str) -> date:
    """The day of the organisation on which an instant lies."""
    return t.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone)).date()


def beginning(day: date, time_zone: str) -> datetime:
    """ "the instant at which it begins there stands for it" """
    return datetime.combine(day, time(0), ZoneInfo(time_zone)).astimezone(UTC).replace(tzinfo=None)


def is_date(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def placed(history: History) -> History:
    """The history with instants alone: a row whose own time is a date has `is_day`."""
    tables = {
        name: [
            {
                **{column: beginning(value, history.time_zone) if column in TIMES and is_date(value) else value for column, value in row.items()},
                "is_day": is_date(row.get("occurred_at", row.get("created_at"))),
            }
            for row in rows
        ]
        if name in ("leads", "lead_changes", "stage_changes", "assignments", "touches", "activities", "merges")
        else rows
        for name, rows in history.tables.items()
    }
    return History(tables, history.data_through, history.time_zone)


def after_that_day(row: dict, others: list[datetime], time_zone: str) -> datetime:
    """Where a date stands: at its beginning, or at the last of `others` on its day."""
    if not row.get("is_day"):
        return row["occurred_at"]
    day = local_day(row["occurred_at"], time_zone)
    return max([row["occurred_at"], *(t for t in others if local_day(t, time_zone) == day)])


def days_between(start: datetime, end: datetime, time_zone: str) -> timedelta:
    """By the calendar."""
    return timedelta(days=(local_day(end, time_zone) - local_day(start, time_zone)).days)
