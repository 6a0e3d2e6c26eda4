"""The metric forecast/open: from counts of ages to SQLs and won deals to come, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy.stats import binom, nbinom

from plumbline.clock import DAY
from plumbline.forecast.ages import ends
from plumbline.forecast.chances import HORIZONS, OUTCOMES, Expected, expected
from plumbline.forecast.rates import rates
from plumbline.forecast.watched import Watched, watched
from plumbline.history.connection import History
from plumbline.sqlfiles import sql

DRAWS = 100
SEED = 20_261_114
MOST_GROUPS = 12
STAGES = ("mql", "sal", "sql", "opportunity")
OTHERS = "all others"
_REST = -1
SCHEMA = {
    "outcome": pl.String, "days": pl.Int64, "group": pl.String, "name": pl.String, "open": pl.Int64, "expected": pl.Float64, "low": pl.Int64,
    "high": pl.Int64, "beyond": pl.Int64, "followed_days": pl.Float64,
}  # fmt: skip
_GOAL = {"sql": 2, "won": 4}  # steps until there


def finished(history: History, rows: pl.DataFrame, parameters: Mapping[str, object]) -> pl.DataFrame:
    """One row per outcome, horizon and group.

    open: leads that can still come to it; beyond: of these, older than anybody that was followed (nothing is promised of them); followed_days: up to
    which age leads of the stage were followed (of a group of several stages: the shortest).
    """
    told = history.query(sql("screens/field_labels"), {"field_no": parameters["by"]}) if parameters["by"] is not None else None
    seen, numbers = counted(rows, round(float(parameters["past_days"]) * DAY))  # type: ignore[arg-type]
    labels = {} if told is None else dict(told.iter_rows())
    names = [OTHERS if number == _REST else labels.get(number) for number in numbers]
    return table(seen, names, np.random.default_rng(SEED))


def counted(rows: pl.DataFrame, past: int) -> tuple[Watched, list[int | None]]:
    """The rows of forecast/open.sql as counts, and the value number of each group, the largest first (None: not known, or nothing to tell apart by;
    -1: those past the most frequent ones, together). past: microseconds looked back on."""
    by_size = rows.group_by("value_no").agg(pl.len().alias("n")).sort("n", "value_no", descending=[True, False])
    numbers = by_size["value_no"].to_list()
    if len(numbers) > MOST_GROUPS:
        numbers = [*numbers[: MOST_GROUPS - 1], _REST]
    place = np.full(max((number for number in by_size["value_no"] if number is not None), default=0) + 2, len(numbers) - 1, np.int64)
    for group, number in enumerate(numbers):
        if number != _REST:
            place[-1 if number is None else number] = group
    seen = watched(
        rows["stage_rank"].to_numpy() - 1,
        place[rows["value_no"].fill_null(-1).to_numpy()],
        *(rows[name].to_numpy() for name in ("ended", "entered_ago_us", "ended_ago_us", "is_asked")),
        max(len(numbers), 1),
        past,
    )
    return seen, numbers


def table(seen: Watched, names: list[str | None], rng: np.random.Generator, draws: int = DRAWS) -> pl.DataFrame:
    """All of SCHEMA: everything together, by stage, by group where there are several."""
    known = rates(seen, rng, draws)
    told = expected(seen, known)
    some = known.known.any(axis=1)
    last = np.where(some, known.known.shape[1] - 1 - np.argmax(known.known[:, ::-1], axis=1), -1)
    followed = np.where(some, ends(known.known.shape[1])[np.maximum(last, 0)] / 24, 0.0)
    beyond = np.where(np.arange(known.known.shape[1])[None, None, :] > last[None, :, None], seen.asked, 0).sum(axis=2)
    leads = seen.asked.sum(axis=2)
    rows = []
    every_group = np.arange(len(leads))
    for place, outcome in enumerate(OUTCOMES):
        steps = np.arange(_GOAL[outcome])
        cells: list[tuple[str, str | None, np.ndarray, np.ndarray]] = [("all", None, every_group, steps)]
        cells += [("stage", STAGES[step], every_group, np.array([step])) for step in steps]
        cells += [("value", name, np.array([group]), steps) for group, name in enumerate(names)] if len(names) > 1 else []
        for group, name, mine, there in cells:
            at_ = np.ix_(mine, there)
            for horizon, days in enumerate((*HORIZONS, None)):
                value, low, high = _interval(told, at_, place, horizon)
                counts = int(leads[at_].sum()), value, low, high, int(beyond[at_].sum()), float(followed[there].min())
                rows.append((outcome, days, group, name, *counts))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _interval(told: Expected, at_: tuple[np.ndarray, np.ndarray], outcome: int, horizon: int) -> tuple[float, int, int]:
    """(expected, low, high): 95 % of the numbers that may come, from the uncertainty of the rates and the luck of each lead."""
    means = told.mean[:, at_[0], at_[1], outcome, horizon].sum(axis=(1, 2))
    variance = float(means[1:].var(ddof=1)) + float(told.chance[at_[0], at_[1], outcome, horizon].sum())
    return float(means[0]), *between(float(means[0]), variance)


def between(mean: float, variance: float, level: float = 0.95) -> tuple[int, int]:
    """Two counts between which `level` of a count with this mean and variance lies: negative binomial where it varies more than a Poisson one,
    binomial where less (both have its first two moments)."""
    if mean <= 0:
        return 0, 0
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    if variance > mean * 1.0001:
        shape = mean**2 / (variance - mean)
        low, high = nbinom.ppf(tails, shape, shape / (shape + mean))
    else:
        many = max(1.0, np.ceil(mean**2 / max(mean - variance, mean * 1e-4)), np.ceil(mean))
        low, high = binom.ppf(tails, many, min(1.0, mean / many))
    return int(low), int(high)
