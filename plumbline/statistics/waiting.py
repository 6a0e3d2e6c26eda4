"""How long until it happens, for all who wait: those to whom it has not happened yet count too."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.special import ndtri

from plumbline.statistics._risk_table import risk_table

_ROUNDING = 1e-12


def kaplan_meier(times: ArrayLike, happened: ArrayLike, weights: ArrayLike | None = None, *, level: float = 0.95) -> pl.DataFrame:
    """The Kaplan-Meier estimate (JASA 53, 1958, 457-481) of the share reached by each time.

    times: time under watch of each row, >= 0, any unit. happened: true where it happened at that time, false where the watch
    ended without it (censored). weights: how many each row stands for (default 1).

    Returns one row per distinct time, ascending, the first at time 0: time, at_risk (just before), happened (weight at that time),
    reached (1 minus the curve, 0..1), low, high (Greenwood's variance on the scale log(-log), Kalbfleisch and Prentice;
    null while reached is 0 or 1). Nothing under watch: one row, reached 0.
    """
    table = risk_table(times, np.asarray(happened).astype(bool), weights, 1)
    n, d = table.at_risk, table.ended[:, 0]
    waiting = np.cumprod(np.divide(n - d, n, out=np.ones_like(n), where=n > 0))
    greenwood = np.cumsum(np.divide(d, n * (n - d), out=np.zeros_like(n), where=n > d))
    inside = (waiting > 0) & (waiting < 1)
    s = np.where(inside, waiting, 0.5)
    shift = float(ndtri(0.5 + level / 2)) * np.sqrt(greenwood) / -np.log(s)
    low, high = 1 - s ** np.exp(-shift), 1 - s ** np.exp(shift)
    return pl.DataFrame(
        {
            "time": table.time,
            "at_risk": n,
            "happened": d,
            "reached": 1 - waiting,
            "low": np.where(inside, low, np.nan),
            "high": np.where(inside, high, np.nan),
        }
    ).with_columns(pl.col("low", "high").fill_nan(None))


def quantile(curve: pl.DataFrame, share: float) -> float | None:
    """The smallest time at which the curve of `kaplan_meier` has reached `share` (0 < share <= 1); None: not reached."""
    if not 0 < share <= 1:
        raise ValueError("quantile wants a share above 0 and up to 1")
    there = curve.filter(pl.col("reached") >= share - _ROUNDING)
    return None if there.is_empty() else float(there["time"][0])


def reached_by(curve: pl.DataFrame, time: float) -> float:
    """The share that had reached it by `time` (inclusive), from the curve of `kaplan_meier`."""
    before = curve.filter(pl.col("time") <= time)
    return 0.0 if before.is_empty() else float(before["reached"][-1])
