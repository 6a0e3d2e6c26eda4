"""The table that every estimator of times stands on: per distinct time, how many were at risk and what happened to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class RiskTable:
    """time: distinct times, ascending, always with 0 first. at_risk: weight still under watch just before each time.
    ended: (times, causes) weight that ended by each cause at that time. Those censored at a time are still at risk at it."""

    time: np.ndarray
    at_risk: np.ndarray
    ended: np.ndarray


def risk_table(times: ArrayLike, causes: ArrayLike, weights: ArrayLike | None, number_of_causes: int) -> RiskTable:
    """times: >= 0, any unit. causes: whole numbers, 0 = censored, 1..number_of_causes. weights: >= 0, how many each row stands for."""
    times = np.asarray(times, dtype=float).ravel()
    causes = np.asarray(causes).astype(np.int64).ravel()
    weights = np.ones(len(times)) if weights is None else np.asarray(weights, dtype=float).ravel()
    if not len(times) == len(causes) == len(weights):
        raise ValueError("times, causes and weights must be of one length")
    if len(times) and not (np.isfinite(times).all() and times.min() >= 0):
        raise ValueError("times must be finite and not negative")
    if len(times) and not (np.isfinite(weights).all() and weights.min() >= 0):
        raise ValueError("weights must be finite and not negative")
    if len(causes) and not (causes.min() >= 0 and causes.max() <= number_of_causes):
        raise ValueError(f"causes must be 0 (censored) to {number_of_causes}")
    kept = weights > 0
    times, causes, weights = times[kept], causes[kept], weights[kept]
    time, place = np.unique(np.append(times, 0.0), return_inverse=True)
    width = number_of_causes + 1
    cells = np.bincount(place[:-1] * width + causes, weights=weights, minlength=len(time) * width).astype(float).reshape(len(time), width)
    leaving = cells.sum(axis=1)
    at_risk = leaving[::-1].cumsum()[::-1]
    return RiskTable(time, at_risk, cells[:, 1:])
