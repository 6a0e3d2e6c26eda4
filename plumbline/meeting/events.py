"""What happened in a week: what sales sent back and why, and what was won."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from plumbline.history.connection import History
from plumbline.leaks import reasons
from plumbline.meeting.changes import bounds
from plumbline.sqlfiles import sql


def rejections(history: History, monday: date) -> pl.DataFrame:
    """reason (a class of plumbline/leaks/reasons.py), n of the week, n_before of the eight weeks before together; the commonest first."""
    first, now, last = bounds(monday, history.about.time_zone)
    return history.query(sql("screens/week_rejections"), {"first": first, "now": now, "last": last, "reasons": reasons.mapped(history)})


def wins(history: History, monday: date) -> pl.DataFrame:
    """episode_no, lead_no, lead_id, company, source, rep_id, won_at (naive UTC), amount (reporting currency, null: none known); the largest first.

    A lead with several deals has their sum: which of them belongs to which pass is not recorded.
    """
    _, now, last = bounds(monday, history.about.time_zone)
    return wins_between(history, now, last)


def wins_between(history: History, first: datetime, last: datetime) -> pl.DataFrame:
    """The same from one instant to another (naive UTC), the last one exclusive."""
    return history.query(sql("screens/week_wins"), {"now": first, "last": last})
