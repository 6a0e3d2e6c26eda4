"""Who ended how by when: cumulative incidence of competing ends, with those still open as censored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.special import ndtri

from plumbline.statistics._risk_table import RiskTable, risk_table


def aalen_johansen(
    times: ArrayLike,
    causes: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    level: float | None = None,
) -> pl.DataFrame:
    """The Aalen-Johansen estimate (Scand. J. Statist. 5, 1978, 141-150) under right censoring.

    times: time under watch of each row, >= 0, any unit. causes: 0 = censored (still open), 1, 2, ... = how it ended.
    weights: how many each row stands for (default 1), so that a million episodes may come counted by hour.
    names: one per cause, in the order 1, 2, ...; default `cause_1`, `cause_2`, ... up to the largest cause seen.
    Ends of several causes at one time share the same at-risk; who is censored at a time is at risk at it. No jitter.

    Returns one row per distinct time, ascending, the first at time 0:
    time, at_risk (just before), one column per cause (share ended so by then), still_open (the rest).
    The causes and still_open add to 1 in each row. Nothing under watch: one row, all open.
    With `level`: per cause also <name>_variance, <name>_low, <name>_high; the variance by the delta method
    (Collett, Modelling Survival Data in Medical Research, 3rd ed., 411), the interval on the scale log(-log);
    null while the incidence is 0 or 1.
    """
    causes = np.asarray(causes).astype(np.int64).ravel()
    if names is None:
        names = [f"cause_{number}" for number in range(1, int(causes.max(initial=0)) + 1)]
    table = risk_table(times, causes, weights, len(names))
    open_after, open_before = _still_open(table)
    share = np.divide(table.ended, table.at_risk[:, None], out=np.zeros_like(table.ended), where=table.at_risk[:, None] > 0)
    incidence = np.cumsum(open_before[:, None] * share, axis=0)
    columns: dict[str, np.ndarray] = {"time": table.time, "at_risk": table.at_risk}
    columns |= {name: incidence[:, cause] for cause, name in enumerate(names)}
    columns["still_open"] = open_after
    if level is not None:
        for cause, name in enumerate(names):
            columns |= _spread(table, open_before, incidence[:, cause], cause, name, level)
    return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))


def _still_open(table: RiskTable) -> tuple[np.ndarray, np.ndarray]:
    """The Kaplan-Meier curve of any end: its value after each time, and just before it."""
    ended = table.ended.sum(axis=1)
    staying = np.divide(table.at_risk - ended, table.at_risk, out=np.ones_like(ended), where=table.at_risk > 0)
    after = np.cumprod(staying)
    return after, np.concatenate(([1.0], after[:-1]))


def _spread(table: RiskTable, open_before: np.ndarray, incidence: np.ndarray, cause: int, name: str, level: float) -> dict[str, np.ndarray]:
    n, any_end, this_end = table.at_risk, table.ended.sum(axis=1), table.ended[:, cause]
    some = n > 0
    # sum over u <= t of (F(t) - F(u))^2 a(u) is F(t)^2 A - 2 F(t) B + C with running sums A, B, C: linear, not quadratic
    a = np.divide(any_end, n * (n - any_end), out=np.zeros_like(n), where=n > any_end)
    b = np.divide(open_before * this_end, n**2, out=np.zeros_like(n), where=some)
    own = np.divide(open_before**2 * this_end * (n - this_end), n**3, out=np.zeros_like(n), where=some)
    first = incidence**2 * np.cumsum(a) - 2 * incidence * np.cumsum(a * incidence) + np.cumsum(a * incidence**2)
    cross = incidence * np.cumsum(b) - np.cumsum(b * incidence)
    variance = np.maximum(first + np.cumsum(own) - 2 * cross, 0.0)
    inside = (incidence > 0) & (incidence < 1 - 1e-12)
    f = np.where(inside, incidence, 0.5)
    shift = float(ndtri(0.5 + level / 2)) * np.sqrt(variance) / (f * -np.log(f))
    low, high = np.exp(np.log(f) * np.exp(shift)), np.exp(np.log(f) * np.exp(-shift))
    return {
        f"{name}_variance": variance,
        f"{name}_low": np.where(inside, low, np.nan),
        f"{name}_high": np.where(inside, high, np.nan),
    }
