"""Whether an action helped: the weeks before it was done beside the weeks after, and the same weeks of everyone else. Never "because of".

Items are those of what the action is about: the leads of a leak that entered its step, or the items of a promise. An item belongs to the weeks in
which it began (entered the step, or started its time); only items that are old enough to be judged count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from plumbline.clock import day_start, time_zone
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.sqlfiles import sql
from plumbline.statistics import MINIMUM_N, Estimate
from plumbline.statistics.difference_in_differences import Counts, difference_in_differences

WEEKS = 8  # before the action was done, and after it
Verdict = Literal["too_early", "chance", "helped", "hurt"]


@dataclass(frozen=True)
class Helped:
    """What became of it. `others` None: there is nobody else (it was about everyone), and `change` is the group's own.

    verdict: too_early (under 30 items on either side of either group), chance (the interval holds nought), helped, hurt.
    """

    group: Counts
    others: Counts | None
    change: Estimate | None
    verdict: Verdict


def judged(group: Counts, others: Counts | None) -> Helped:
    """The verdict on these counts."""
    if others is not None and not others.n_before and not others.n_after:
        others = None
    change = group.change() if others is None else difference_in_differences(group, others)
    if change is None or min(one.least for one in (group, others) if one is not None) < MINIMUM_N:
        return Helped(group, others, change, "too_early")
    verdict: Verdict = "chance" if not change.excludes(0) else "helped" if change.value > 0 else "hurt"
    return Helped(group, others, change, verdict)


def of_a_step(history: History, stage_rank: int, segments: Mapping[str, tuple[str, ...]], done_on: date, days: Mapping[str, float]) -> Helped:
    """An action about a leak: who went on at the step (1: from MQL) in time, in the segment and among everyone else.

    segments: attribute -> values, as known when the pass opened; empty: everyone. days: the windows ($mql_days and so on).
    """
    group = _counts(history, stage_rank, Filters(segments=segments), done_on, days)
    others = _counts(history, stage_rank, Filters(), done_on, days) - group if segments else None
    return judged(group, others)


def of_a_promise(items: pl.DataFrame, done_on: date, zone_name: str, is_of_group: pl.Series | None = None) -> Helped:
    """An action about a promise. items: start (naive UTC), outcome; is_of_group: which of them it was about (None: all)."""
    first, day, last = (day_start(at, time_zone(zone_name)) for at in _weeks(done_on))
    near = (pl.col("start") >= first) & (pl.col("start") < last) & (pl.col("outcome") != "too_early")
    marked = items.with_columns((pl.lit(True) if is_of_group is None else is_of_group).alias("is_of_group")).filter(near)

    def counts(rows: pl.DataFrame) -> Counts:
        before, after = rows.filter(pl.col("start") < day), rows.filter(pl.col("start") >= day)
        return Counts(*(n for part in (before, after) for n in (int((part["outcome"] == "met").sum()), part.height)))

    return judged(counts(marked.filter("is_of_group")), None if is_of_group is None else counts(marked.filter(~pl.col("is_of_group"))))


def _weeks(done_on: date) -> tuple[date, date, date]:
    return done_on - timedelta(weeks=WEEKS), done_on, done_on + timedelta(weeks=WEEKS)


def _counts(history: History, stage_rank: int, filters: Filters, done_on: date, days: Mapping[str, float]) -> Counts:
    first, day, last = (day_start(at, time_zone(history.about.time_zone)) for at in _weeks(done_on))
    values = {**filters.bind(history), **days, "stage_rank": stage_rank, "first": first, "day": day, "last": last}
    row = history.query(sql("screens/around_a_day"), values).row(0, named=True)
    return Counts(row["k_before"], row["n_before"], row["k_after"], row["n_after"])
