"""Inverse-propensity weighting: two groups made alike in what is recorded by weighting each lead, and a refusal where they cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from plumbline.statistics.differences import Estimate, Share, difference, ratio, weighted_share
from plumbline.statistics.shares import MINIMUM_N

LEAST_EFFECTIVE = 0.30
REACH = 20.0
_RIDGE = 1e-6  # keeps a coefficient finite that nothing holds; far under any rounding on a screen

Refusal = Literal["too_few", "no_overlap", "small_effective_sample"]


@dataclass(frozen=True)
class Weighted:
    """attempted, not_yet: weighted shares that converted, each n what its leads are worth. n: leads weighted; n_attempted of them in the first
    group; trimmed: left out, since the other group holds nobody like them. effective_share: Kish's effective over real number, in the group where
    it is smaller. refusal: why there is no figure (all shares and estimates are None then): too_few (under 30 in a group, or worth under 30 once
    weighted), no_overlap (nobody left after trimming), small_effective_sample (effective_share under 30 %)."""

    n: int
    n_attempted: int
    trimmed: int
    effective_share: float | None
    refusal: Refusal | None
    attempted: Share | None = None
    not_yet: Share | None = None
    difference: Estimate | None = None
    ratio: Estimate | None = None

    @property
    def excludes_zero(self) -> bool:
        return self.difference is not None and self.difference.excludes(0)


@dataclass(frozen=True)
class Patterns:
    """Rows alike in every covariate, told once. of_row (n): the pattern of each row. levels (patterns, categories): a whole number each,
    0..; numbers (patterns, numeric columns): centred, in standard deviations."""

    of_row: np.ndarray
    levels: np.ndarray
    numbers: np.ndarray

    def __len__(self) -> int:
        return len(self.levels)


def patterns(covariates: Sequence[ArrayLike]) -> Patterns:
    """Columns of n values each: floats are numbers (not finite: a level of its own, and the mean), anything else is a category."""
    categories, numbers = [], []
    for column in map(np.asarray, covariates):
        if column.dtype.kind != "f":
            categories.append(codes(column))
            continue
        known = np.isfinite(column)
        mean, spread = (float(column[known].mean()), float(column[known].std())) if known.any() else (0.0, 0.0)
        if not known.all():
            categories.append((~known).astype(np.int64))
        if spread > 0:
            numbers.append(np.where(known, (column - mean) / spread, 0.0))
    rows = len(np.asarray(covariates[0]))
    levels = np.stack(categories, axis=1) if categories else np.zeros((rows, 0), np.int64)
    if numbers:
        return Patterns(np.arange(rows), levels, np.stack(numbers, axis=1))
    code = np.zeros(rows, np.int64)
    for column in levels.T:
        code = codes(code * (column.max(initial=0) + 1) + column)
    first = np.zeros(int(code.max(initial=-1)) + 1, np.int64)
    first[code] = np.arange(rows)
    return Patterns(code, levels[first], np.zeros((len(first), 0)))


def codes(values: np.ndarray) -> np.ndarray:
    """(n) each value's place among the distinct ones, ascending. Whole numbers that lie close together are placed without sorting."""
    if values.dtype.kind in "iub" and len(values):
        values = values.astype(np.int64)
        low = int(values.min())
        if int(values.max()) - low <= 4 * len(values) + 10_000:
            there = np.bincount(values - low) > 0
            return (np.cumsum(there) - 1)[values - low]
    return np.unique(values, return_inverse=True)[1]


def weighted_difference(found: Patterns, tallies: np.ndarray, *, reach: float = REACH, level: float = 0.95) -> Weighted:
    """The difference in conversion after inverse-propensity weighting, by Hajek means.

    Lunceford and Davidian, Statistics in Medicine 23, 2004, 2937-2960.
    tallies (patterns, 2, 2): counts by [attempted][converted]. The propensity is a logistic regression on the main effects of the covariates,
    fitted again after trimming. Left out, with the estimand going over to the rest: levels of a category with one group only; leads outside the
    range of propensities that both groups reach; leads whose odds of being attempted are more than `reach` times above or below the usual odds
    (a cut on the preference score, Walker et al., Comparative Effectiveness Research 3, 2013, 11-20).
    Estimand: the mean difference over the leads that are kept. Interval: the sandwich variance, estimated propensities included, never under that
    of known ones nor under what the weights alone cost; each share by Wilson at its effective n, the difference by square-and-add with the
    correlation of the two.
    """
    population = int(tallies.sum())
    if _smaller_group(tallies) < MINIMUM_N:
        return Weighted(population, int(tallies[:, 1].sum()), 0, None, "too_few")
    kept = overlap(found, tallies, reach)
    seen = np.where(kept[:, None, None], tallies, 0)
    n, n_attempted = int(seen.sum()), int(seen[:, 1].sum())
    if _smaller_group(seen) < MINIMUM_N:
        return Weighted(n, n_attempted, population - n, None, "too_few" if _smaller_group(seen) else "no_overlap")
    design = _design(found, kept)
    count = seen[kept].astype(float)
    propensity = fit_propensity(design, count[:, 1].sum(axis=1), count.sum(axis=(1, 2)))
    weight = np.stack([1 / (1 - propensity), 1 / propensity], axis=1)
    size = count.sum(axis=2)
    effective = (weight * size).sum(axis=0) ** 2 / (weight**2 * size).sum(axis=0)
    share = float((effective / size.sum(axis=0)).min())
    refusal: Refusal | None = "small_effective_sample" if share < LEAST_EFFECTIVE else "too_few" if effective.min() < MINIMUM_N else None
    if refusal:
        return Weighted(n, n_attempted, population - n, share, refusal)
    means, covariance, known = _means(design, count, propensity, weight)
    small = size.sum(axis=0) / (size.sum(axis=0) - 1)
    floor = np.maximum(known * small, means * (1 - means) / effective)
    wider = np.sqrt(np.maximum(1.0, floor / np.maximum(np.diag(covariance), 1e-300)))
    covariance = covariance * np.outer(wider, wider)
    not_yet, attempted = (weighted_share(float(means[a]), float(covariance[a, a]), float(effective[a]), level) for a in (0, 1))
    spread = float(np.sqrt(covariance[0, 0] * covariance[1, 1]))
    correlation = float(covariance[0, 1]) / spread if spread > 0 else 0.0
    return Weighted(
        n, n_attempted, population - n, share, None, attempted, not_yet, difference(attempted, not_yet, correlation), ratio(attempted, not_yet)
    )


def overlap(found: Patterns, tallies: np.ndarray, reach: float = REACH) -> np.ndarray:
    """(patterns) bool: which are kept, see `weighted_difference`. It looks at who was attempted, never at who converted."""
    size = tallies.sum(axis=2).astype(float)
    kept = _both_groups(found, size, size.sum(axis=1) > 0)
    if not kept.any():
        return kept
    propensity = np.full(len(size), np.nan)
    propensity[kept] = fit_propensity(_design(found, kept), size[kept, 1], size[kept].sum(axis=1))
    ranges = [propensity[kept & (size[:, a] > 0)] for a in (0, 1)]
    low, high = max(one.min() for one in ranges), min(one.max() for one in ranges)
    usual = size[kept, 1].sum() / size[kept, 0].sum()
    with np.errstate(invalid="ignore"):
        odds = propensity / (1 - propensity) / usual
        inside = (propensity >= low - 1e-9) & (propensity <= high + 1e-9) & (odds >= 1 / reach) & (odds <= reach)
    return _both_groups(found, size, kept & inside)


def fit_propensity(design: np.ndarray, attempted: np.ndarray, size: np.ndarray) -> np.ndarray:
    """(patterns) the fitted chance of being attempted: maximum likelihood of a logistic regression on counts."""
    from scipy.optimize import minimize  # a second to import: only who asks for it waits

    scale = size.sum()

    def loss(b: np.ndarray) -> float:
        line = design @ b
        return float((size * np.logaddexp(0, line) - attempted * line).sum() + _RIDGE * b @ b / 2) / scale

    def slope(b: np.ndarray) -> np.ndarray:
        return (design.T @ (size * expit(design @ b) - attempted) + _RIDGE * b) / scale

    def bend(b: np.ndarray) -> np.ndarray:
        p = expit(design @ b)
        return (design.T @ (design * (size * p * (1 - p))[:, None]) + _RIDGE * np.eye(len(b))) / scale

    start = np.zeros(design.shape[1])
    start[0] = np.log((attempted.sum() + 0.5) / (scale - attempted.sum() + 0.5))
    solved = minimize(loss, start, jac=slope, hess=bend, method="trust-exact", options={"gtol": 1e-10, "maxiter": 200})
    return np.clip(expit(design @ solved.x), 1e-9, 1 - 1e-9)


def _smaller_group(tallies: np.ndarray) -> int:
    return int(tallies.sum(axis=(0, 2)).min())


def _both_groups(found: Patterns, size: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Drops levels that only one group has, until every level that is left has both."""
    while True:
        before = kept
        for column in found.levels.T:
            there = np.stack([np.bincount(column[kept], size[kept, a], column.max(initial=0) + 1) for a in (0, 1)])
            kept = kept & (there > 0).all(axis=0)[column]
        if (kept == before).all():
            return kept


def _design(found: Patterns, kept: np.ndarray) -> np.ndarray:
    """(kept patterns, terms): the intercept, each category's levels but its first, the numbers."""
    columns = [np.ones((int(kept.sum()), 1))]
    for column in found.levels[kept].T:
        there = np.unique(column)
        columns.append((column[:, None] == there[None, 1:]).astype(float))
    return np.concatenate([*columns, found.numbers[kept]], axis=1)


def _means(design: np.ndarray, count: np.ndarray, propensity: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The two weighted shares [not yet, attempted], their sandwich covariance (2, 2), and their variances were the propensities known."""
    size = count.sum(axis=2)
    total = (weight * size).sum(axis=0)
    means = (weight * count[:, :, 1]).sum(axis=0) / total
    information = design.T @ (design * (size.sum(axis=1) * propensity * (1 - propensity))[:, None]) + _RIDGE * np.eye(design.shape[1])
    gap = np.array([0.0, 1.0])[None, None, :] - means[None, :, None]  # (1, group, converted)
    own = np.zeros((len(count), 2, 2, 2))  # pattern, group, converted, whose mean
    for a in (0, 1):
        own[:, a, :, a] = weight[:, [a]] * gap[:, a, :]
    # a weight 1 / p(own group) falls with the chance of the own group: d weight / d line = -+ weight (1 - p(own group))
    chance = np.stack([1 - propensity, propensity], axis=1)
    sign = np.array([1.0, -1.0])
    bent = np.stack([design.T @ (sign[a] * (weight[:, [a]] * (1 - chance[:, [a]]) * gap[:, a, :] * count[:, a, :]).sum(axis=1)) for a in (0, 1)])
    pull = np.linalg.solve(information, bent.T)  # (terms, 2)
    score = np.stack([-propensity, 1 - propensity], axis=1)  # (pattern, group)
    full = own + (design @ pull)[:, None, None, :] * score[:, :, None, None]
    known, estimated = (_second_moments(one / total, count) for one in (own, full))
    return means, estimated, np.diag(known)


def _second_moments(influence: np.ndarray, count: np.ndarray) -> np.ndarray:
    flat = influence.reshape(-1, 2)
    return (flat * count.reshape(-1, 1)).T @ flat
