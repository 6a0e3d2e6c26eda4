"""What changed in a week: each headline figure against the mean of the eight weeks before, and whether it is the mix of leads or the rate itself.

A count belongs to the week in which the stage was entered, a share to the week in which the time agreed for the step ended, so that no week is
unfinished. A change is told where chance would bring one as large in one of a hundred weeks; groups under 10 leads are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

import polars as pl
from scipy.stats import binomtest

from plumbline import hindsight
from plumbline.clock import day_start, time_zone
from plumbline.history.connection import History
from plumbline.sqlfiles import sql
from plumbline.statistics import MINIMUM_N, mix_and_rate
from plumbline.statistics.differences import difference, share_of

WEEKS = 8
LEAST_GROUP = 10
LEVEL = 0.99
DIMENSIONS = ("source", "region", "team", "size_band", "industry")  # among which the reason of a change is looked for, in this order
_MOST_OF_IT = 0.5  # a group or the mix is named from this part of the change on


@dataclass(frozen=True)
class Figure:
    """One headline figure. stage_rank: the stage that is entered (counts), or from which leads go on (shares)."""

    key: str
    name: str
    stage_rank: int
    is_share: bool


FIGURES = (
    Figure("mqls", "new MQLs", 1, False),
    Figure("sals", "leads accepted", 2, False),
    Figure("sqls", "new SQLs", 3, False),
    Figure("opportunities", "new opportunities", 4, False),
    Figure("won", "won deals", 5, False),
    Figure("acceptance", "share of MQLs accepted", 1, True),
    Figure("sql_rate", "share of accepted leads that became SQLs", 2, True),
)


@dataclass(frozen=True)
class Why:
    """What most of a change comes from. kind: mix (other leads came), rate (a group itself changed), count (a group brought more or fewer).

    dimension, value: the attribute and the group; '' for the value where it is the mix as a whole. now, before: the group's count or share.
    """

    kind: Literal["mix", "rate", "count"]
    dimension: str
    value: str
    now: float
    before: float


@dataclass(frozen=True)
class Change:
    """A figure of the week. now: a count or a share; before: the mean of the eight weeks before, or their share. n_now, n_before: what shares are of.

    is_told: beyond what chance brings once in a hundred weeks. is_thin: too few to say (a share of under 30 in the week, or under 8 a week before).
    """

    figure: Figure
    now: float
    before: float
    n_now: int
    n_before: int
    is_told: bool
    is_thin: bool
    why: Why | None = None


def changes(history: History, monday: date, days: Mapping[str, float], figures: Sequence[Figure] = FIGURES) -> list[Change]:
    """The figures of the week from `monday` on, in the order of `figures`; those that the history never records are left out.

    days: the windows ($mql_days and so on).
    """
    told = []
    for figure in figures:
        rows = _parts(history, figure, monday, days, None)
        if not _is_recorded(history, figure) or rows.is_empty():
            continue
        change = judged(figure, rows)
        told.append(_explained(history, change, monday, days) if change.is_told else change)
    return told


def _is_recorded(history: History, figure: Figure) -> bool:
    stages = ("mql", "sal", "sql", "opportunity", "won")
    wanted = [stages[figure.stage_rank - 1], *([stages[figure.stage_rank]] if figure.is_share else [])]
    return all(history.recorded.stage(stage) == "own" for stage in wanted)


def judged(figure: Figure, rows: pl.DataFrame) -> Change:
    """Whether a figure of the week is another than before. rows: is_now, n, k."""
    (n_now, k_now), (n_before, k_before) = (_sums(rows.filter(pl.col("is_now") == is_now)) for is_now in (True, False))
    if not figure.is_share:
        is_thin = n_before < WEEKS * WEEKS
        is_told = not is_thin and bool(binomtest(n_now, n_now + n_before, 1 / (WEEKS + 1)).pvalue <= 1 - LEVEL)
        return Change(figure, n_now, n_before / WEEKS, n_now, n_before, is_told, is_thin)
    is_thin = n_now < MINIMUM_N or n_before < MINIMUM_N
    now, before = share_of(k_now, n_now, LEVEL), share_of(k_before, n_before, LEVEL)
    is_told = not is_thin and difference(now, before).excludes(0)
    return Change(figure, now.value if now else 0.0, before.value if before else 0.0, n_now, n_before, is_told, is_thin)


def _explained(history: History, change: Change, monday: date, days: Mapping[str, float]) -> Change:
    """The change with what most of it comes from, by the first attribute that tells it."""
    withheld = hindsight.withheld(history)
    for name in DIMENSIONS:
        if name not in history.fields or name in withheld:
            continue
        groups = _groups(_parts(history, change.figure, monday, days, history.fields[name]["field_no"]))
        why = of_a_share(change, name, groups) if change.figure.is_share else of_a_count(change, name, groups)
        if why is not None:
            return replace(change, why=why)
    return change


def of_a_count(change: Change, name: str, groups: pl.DataFrame) -> Why | None:
    """The group whose own count moved by most of the whole change, in the same direction."""
    whole = change.now - change.before
    told = groups.with_columns(moved=pl.col("n1") - pl.col("n0") / WEEKS).filter(
        (pl.max_horizontal(pl.col("n1"), pl.col("n0") / WEEKS) >= LEAST_GROUP) & (pl.col("moved") / whole >= _MOST_OF_IT)
    )
    if told.is_empty() or groups.height < 2:
        return None
    row = told.sort(pl.col("moved") / whole, descending=True).row(0, named=True)
    return Why("count", name, row["value"] or "", row["n1"], row["n0"] / WEEKS)


def of_a_share(change: Change, name: str, groups: pl.DataFrame) -> Why | None:
    """The mix where it is most of the change; else the group whose own rate is."""
    if groups.height < 2:
        return None
    parts = mix_and_rate(*(groups[column].to_numpy() for column in ("n0", "k0", "n1", "k1")))
    whole = change.now - change.before
    rows = pl.concat([groups.select("value"), parts.table], how="horizontal").filter(pl.min_horizontal("n0", "n1") >= LEAST_GROUP)
    if parts.mix and parts.mix.value / whole >= _MOST_OF_IT and parts.mix.excludes(0):
        moved = rows.sort(pl.col("mix_centred") / whole, descending=True)
        if moved.height:
            row = moved.row(0, named=True)
            return Why("mix", name, row["value"] or "", row["share1"], row["share0"])
    told = rows.filter(pl.col("rate") / whole >= _MOST_OF_IT).sort(pl.col("rate") / whole, descending=True)
    if told.is_empty():
        return None
    row = told.row(0, named=True)
    return Why("rate", name, row["value"] or "", row["rate1"], row["rate0"])


def _sums(rows: pl.DataFrame) -> tuple[int, int]:
    return int(rows["n"].sum()), int(rows["k"].sum())


def _groups(rows: pl.DataFrame) -> pl.DataFrame:
    """value, n0, k0, n1, k1: a row per value, 0 the eight weeks before, 1 the week."""
    sides = [
        rows.filter(pl.col("is_now") == is_now).select("value", pl.col("n").alias(f"n{number}"), pl.col("k").alias(f"k{number}"))
        for number, is_now in ((0, False), (1, True))
    ]
    joined = sides[0].join(sides[1], on="value", how="full", coalesce=True, nulls_equal=True)
    return joined.with_columns(pl.col("n0", "k0", "n1", "k1").fill_null(0)).sort("value", nulls_last=True)


def _parts(history: History, figure: Figure, monday: date, days: Mapping[str, float], field_no: int | None) -> pl.DataFrame:
    first, now, last = bounds(monday, history.about.time_zone)
    values = {"stage_rank": figure.stage_rank, "is_share": figure.is_share, "field_no": field_no, "first": first, "now": now, "last": last}
    return history.query(sql("screens/week_parts"), {**values, **days})


def bounds(monday: date, zone: str) -> tuple[datetime, datetime, datetime]:
    """Naive UTC: where the eight weeks before begin, where the week begins, where it ends (exclusive)."""
    return tuple(day_start(monday + timedelta(weeks=weeks), time_zone(zone)) for weeks in (-WEEKS, 0, 1))
