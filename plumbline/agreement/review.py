"""When a version is looked at again."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

MONTHS = 3
NOTICE = timedelta(weeks=2)  # before it, from when on the Meet screens say it


def review_day(effective: date) -> date:
    """A quarter after the effective day: the same day of the month three months later, or that month's last."""
    year, month = divmod(effective.month - 1 + MONTHS, 12)
    year, month = effective.year + year, month + 1
    return date(year, month, min(effective.day, calendar.monthrange(year, month)[1]))


def review_due(effective: date, today: date) -> date | None:
    """The review day of a version in force where it is two weeks away or less, or past; None where it is further off."""
    due = review_day(effective)
    return due if today >= due - NOTICE else None
