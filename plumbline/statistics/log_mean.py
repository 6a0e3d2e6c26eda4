"""A product (leads x rate x rate ...) grew or shrank: how much of it each factor did. Log-mean Divisia parts, which leave no rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class FunnelParts:
    """before, after, change: of what came out of the last stage. volume: the part of the leads that came in; mix: of their spread over groups
    (0 without groups); steps: of each step's rate. by_group (groups, 2 + steps): volume, share, and each step of every group. The parts of all
    groups, and volume + mix + steps, sum to change."""

    before: float
    after: float
    change: float
    volume: float
    mix: float
    steps: tuple[float, ...]
    by_group: np.ndarray


def log_mean_parts(before: ArrayLike, after: ArrayLike) -> np.ndarray:
    """Additive LMDI-I parts of the change of products (Ang 2005, Energy Policy 33, 867-871; the method: Ang 2004, Energy Policy 32, 1131-1139).

    before, after (..., f): the factors in each period, >= 0; NaN = not known there (0 of 0), for which the other period's value stands: such a
    factor has no part. Returns (..., f) parts that sum to prod(after) - prod(before).
    Part i is L(V1, V0) ln(x1 / x0), L the logarithmic mean. Zeros: the limit of one small number in place of each zero (Ang and Liu 2007, Energy
    Policy 35, 238-246), taken exactly: where the product is 0 in one period, the factors that are 0 there share the whole change evenly, and the
    others have none; where it is 0 in both, all parts are 0. Raises ValueError for negative factors or shapes that differ.
    """
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if before.shape != after.shape or before.ndim == 0:
        raise ValueError("before and after must be of one shape")
    before, after = np.where(np.isnan(before), after, before), np.where(np.isnan(after), before, after)
    before, after = np.nan_to_num(before, nan=0.0), np.nan_to_num(after, nan=0.0)
    if (before < 0).any() or (after < 0).any():
        raise ValueError("factors must not be negative")
    v0, v1 = before.prod(axis=-1, keepdims=True), after.prod(axis=-1, keepdims=True)
    both = (v0 > 0) & (v1 > 0)
    logs = np.log(np.where(both, after, 1.0)) - np.log(np.where(both, before, 1.0))
    parts = _log_mean(v0, v1, logs.sum(axis=-1, keepdims=True)) * logs
    for product, other, factors, sign in ((v0, v1, before, 1.0), (v1, v0, after, -1.0)):
        ended = (product == 0) & (other > 0)
        zero = factors == 0
        parts = np.where(ended, sign * other * zero / np.maximum(zero.sum(axis=-1, keepdims=True), 1), parts)
    return parts


def funnel_parts(before: ArrayLike, after: ArrayLike) -> FunnelParts:
    """Parts of the change of what a funnel brings: counts (stages) or (groups, stages) of each period, from the leads that came in to the outcome.

    Each stage's count is of those in the stage before it, so a step's rate is the ratio of two neighbours (it may exceed 1 where counts are of
    events). With groups: outcome = sum over groups of volume x share x step x step ... A group that is absent in one period is all mix; a rate
    of 0 of 0 is that of the other period. Raises ValueError for negative counts, fewer than two stages, or shapes that differ.
    """
    before, after = (np.atleast_2d(np.asarray(one, dtype=float)) for one in (before, after))
    if before.shape != after.shape or before.ndim != 2 or before.shape[1] < 2:
        raise ValueError("a funnel wants counts of two stages or more, of one shape in both periods")
    if not ((before >= 0).all() and (after >= 0).all()):
        raise ValueError("counts must not be negative")
    parts = log_mean_parts(_factors(before), _factors(after))
    by_factor = parts.sum(axis=0)
    outcome0, outcome1 = (float(one[:, -1].sum()) for one in (before, after))
    steps = tuple(float(one) for one in by_factor[2:])
    return FunnelParts(outcome0, outcome1, outcome1 - outcome0, float(by_factor[0]), float(by_factor[1]), steps, parts)


def _log_mean(v0: np.ndarray, v1: np.ndarray, log_ratio: np.ndarray) -> np.ndarray:
    """(v1 - v0) / ln(v1 / v0), from the smaller one on, so that it neither cancels nor overflows; 0 where either is 0."""
    low, grown = np.minimum(v0, v1), np.abs(log_ratio)
    there = grown > 1e-300
    return low * np.divide(np.expm1(grown), grown, out=np.ones_like(grown), where=there)


def _factors(counts: np.ndarray) -> np.ndarray:
    """(groups, 2 + steps): volume, share, rates. NaN: 0 of 0. A count that follows a 0 makes the rate from there on unknown: refused."""
    volume = counts[:, 0].sum()
    above, below = counts[:, :-1], counts[:, 1:]
    if ((above == 0) & (below > 0)).any():
        raise ValueError("a stage cannot be reached from an empty one")
    rates = np.divide(below, above, out=np.full_like(above, np.nan), where=above > 0)
    share = counts[:, :1] / volume if volume else np.full((len(counts), 1), np.nan)
    return np.concatenate([np.full((len(counts), 1), volume), share, rates], axis=1)
