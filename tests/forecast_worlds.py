"""Leads that go from step to step by known rates: what an extract shows of them, and what came after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from plumbline.clock import DAY

STEPS = 4


@dataclass(frozen=True)
class World:
    """`rows`: as queries/forecast/open.sql gives them. `at_step`: step at which each lead is open at the end (-1: none), `source` of each;
    `came` (leads, 2): days after the end at which it became an SQL, and won (inf: never)."""

    rows: pl.DataFrame
    at_step: np.ndarray
    source: np.ndarray
    came: np.ndarray


def world(rng: np.random.Generator, leads: int, sources: int, days: float = 730.0, looked_back: float = 182.0) -> World:
    """Leads come evenly over `days`. At each step going on and leaving compete, with Weibull times of which a part never comes; sources do either
    so many times as often as others, at every age."""
    opened = np.sort(rng.uniform(0, days, leads))
    source = rng.choice(sources, leads, p=rng.dirichlet(np.full(sources, 4.0)))
    came = np.full((leads, 2), np.inf)
    at_step = np.full(leads, -1)
    entered, there = opened.copy(), np.ones(leads, bool)
    told = []
    for step in range(STEPS):
        ends = []
        for _kind in range(2):
            usual, spread, shape = rng.uniform(0.5, 1.6), rng.uniform(*((1, 15), (3, 30), (3, 30), (10, 60))[step]), rng.uniform(0.7, 1.6)
            often = np.exp(rng.normal(0, 0.35, sources))[source] * usual
            part = rng.exponential(size=leads) / often
            with np.errstate(divide="ignore", invalid="ignore"):
                ends.append(np.where(part < 1, spread * (-np.log1p(-np.minimum(part, 1))) ** (1 / shape), np.inf))
        on, left = ends
        lasted = np.minimum(np.minimum(on, left), np.maximum(days - entered, 0))
        is_seen = there & (entered <= days)
        is_open = is_seen & (entered + np.minimum(on, left) > days)
        at_step[is_open] = step
        kind = np.where(is_open, 2, np.where(on <= left, 0, 1))
        began = days - looked_back
        kept = is_seen & (entered + lasted >= began)
        told.append(
            pl.DataFrame(
                {
                    "stage_rank": np.full(int(kept.sum()), step + 1),
                    "value_no": source[kept],
                    "ended": kind[kept],
                    "entered_ago_us": np.round((days - entered[kept]) * DAY).astype(np.int64),
                    "ended_ago_us": np.round((days - entered - lasted)[kept] * DAY).astype(np.int64),
                    "is_asked": is_open[kept],
                }
            )
        )
        there = there & (on <= left) & np.isfinite(on)
        entered = np.where(there, entered + np.where(np.isfinite(on), on, 0), np.inf)
        if step in (1, 3):
            came[:, step // 2] = np.where(there, entered - days, np.inf)
    return World(pl.concat(told), at_step, source, np.where(came > 0, came, np.inf))
