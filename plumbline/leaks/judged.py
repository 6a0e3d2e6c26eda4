"""The judged rows of one period out of those of all time: the same as leaks/ranked.sql gives for it, without asking again."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import polars as pl

from plumbline.clock import day_start

Moment = TypeVar("Moment", date, datetime)


def of_period(rows: pl.DataFrame, since: date | None, until: date | None, zone: ZoneInfo) -> pl.DataFrame:
    """Passes opened from a year before `since` up to `until` (exclusive; days of the zone), with is_now: of the period itself.

    rows: of leaks/ranked.sql, asked without since and until, other filters alike.
    """
    begin = day_start(since, zone) if since else None
    kept = [pl.col("opened_at") >= year_before(begin)] if begin else []
    kept += [pl.col("opened_at") < day_start(until, zone)] if until else []
    chosen = rows.filter(*kept) if kept else rows
    return chosen.with_columns(is_now=pl.col("opened_at") >= begin) if begin else chosen


def year_before(moment: Moment) -> Moment:
    """The same day, and time, a year earlier; 28 February for the 29th."""
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:
        return moment.replace(year=moment.year - 1, day=28)
