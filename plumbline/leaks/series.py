"""A leak over time: its leads, and since when the share of them that goes on has been another one."""

from __future__ import annotations

from datetime import date

import polars as pl

from plumbline.leaks.cells import Cells
from plumbline.leaks.ranking import Leak
from plumbline.statistics import change_point

_SURE = 3  # weeks: a change that is known this well is told without "about"


def inside(cells: Cells, rows: pl.DataFrame, leak: Leak) -> pl.DataFrame:
    """The judged steps (rows of leaks/ranked.sql) of the leak's segment, now and in the year before."""
    there = rows.filter(pl.col("stage_rank") == leak.step)
    return there.filter(pl.Series(cells.are_in(there["episode_no"].to_numpy(), leak.fields, leak.codes)))


def since(cells: Cells, rows: pl.DataFrame, leak: Leak) -> tuple[date | None, bool]:
    """(the first week of the lower rate, whether it is known within a few weeks); None where no one week stands out, or the rate rose there."""
    counts = inside(cells, rows, leak).group_by("opened_week").agg(n=pl.len(), k=(pl.col("kind") == 0).sum()).sort("opened_week")
    found = change_point(counts["n"].to_numpy(), counts["k"].to_numpy())
    if not found.is_found or not found.is_fall:
        return None, False
    return counts["opened_week"][found.week], len(found.weeks) <= _SURE
