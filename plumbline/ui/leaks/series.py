"""A leak over time: the share that went on, week by week, and since when it has been another one."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from plumbline.leaks.ranking import Leak
from plumbline.statistics import change_point
from plumbline.ui.leaks.ground import Scene

_SURE = 3  # weeks: a change that is known this well is told without "about"


def weeks(scene: Scene, leak: Leak) -> pl.DataFrame:
    """week, n, k of the leak's segment, in order: the period and the year before it."""
    rows = inside(scene, leak)
    counted = rows.group_by("opened_week").agg(pl.len().alias("n"), (pl.col("kind") == 0).sum().alias("k")).sort("opened_week")
    return counted.rename({"opened_week": "week"})


def inside(scene: Scene, leak: Leak) -> pl.DataFrame:
    """The judged steps of the leak's segment, now and in the year before."""
    rows = scene.rows.filter(pl.col("stage_rank") == leak.step)
    is_in = np.ones(rows.height, bool)
    episode = rows["episode_no"].to_numpy()
    for field, code in zip(leak.fields, leak.codes, strict=True):
        is_in &= scene.found.cells.codes[episode, field] == code
    return rows.filter(pl.Series(is_in))


def since(scene: Scene, leak: Leak) -> tuple[date | None, bool]:
    """(the first week of the lower rate, whether it is known within a few weeks); None where no one week stands out, or the rate rose there."""
    counts = weeks(scene, leak)
    found = change_point(counts["n"].to_numpy(), counts["k"].to_numpy())
    if not found.is_found or not found.is_fall:
        return None, False
    return counts["week"][found.week], len(found.weeks) <= _SURE
