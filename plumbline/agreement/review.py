"""When a version is looked at again."""

from __future__ import annotations

import calendar
from datetime import date

MONTHS = 3


def review_day(effective: date) -> date:
    """A quarter after the effective day: the same day of the month three months later, or that month's last."""
    year, month = divmod(effective.month - 1 + MONTHS, 12)
    year, month = effective.year + year, month + 1
    return date(year, month, min(effective.day, calendar.monthrange(year, month)[1]))
