"""Choosing among thresholds: which are worth a look (frontier), and whether a choice made on the past holds on what came later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.simulation.rates import PROMISED
from plumbline.simulation.thresholds import Swept
from plumbline.statistics import MINIMUM_N, wilson

_Z = 1.959963984540054


@dataclass(frozen=True)
class Limits:
    """What a candidate must keep: acceptance; handed over in the period (None: no quota); handed over per week (None: no capacity)."""

    acceptance: float = PROMISED
    volume: float | None = None
    per_week: float | None = None


def frontier(found: Swept, limits: Limits, months: float, whole: np.ndarray) -> list[dict[str, object]]:
    """The candidates that no other beats on all of SQLs (known), load and acceptance.

    whole (weeks): which weeks the period does not cut; capacity is judged by the busiest in twenty of them. `is_best`: the most SQLs of those
    that keep all limits. A tie with it: its intervals of SQLs and of acceptance both overlap the best's.
    """
    rows = found.rows
    sqls, load = rows["is_sql"].to_numpy(), rows["qualified"].to_numpy()
    acceptance, low, high = (rows[name].to_numpy() for name in ("acceptance", "acceptance_low", "acceptance_high"))
    fewest, most = count_interval(sqls)
    busiest = np.quantile(found.by_week[:, whole] if whole.any() else found.by_week, 0.95, axis=1)
    enough = np.flatnonzero(rows["judged"].to_numpy() >= MINIMUM_N)
    listed = [i for i in enough if not _is_beaten(i, enough, sqls, load, acceptance)]
    missed = {i: _missed(limits, acceptance[i], load[i], busiest[i]) for i in listed}
    best = max((i for i in listed if not missed[i]), key=lambda i: sqls[i], default=None)
    return [
        {
            "threshold": float(found.thresholds[i]),
            "sqls": int(sqls[i]),
            "sqls_low": float(fewest[i]),
            "sqls_high": float(most[i]),
            "sqls_per_month": float(sqls[i] / months) if months else None,
            "load": int(load[i]),
            "no_outcome": int(rows["no_outcome"][int(i)]),
            "acceptance": float(acceptance[i]),
            "acceptance_low": float(low[i]),
            "acceptance_high": float(high[i]),
            "is_feasible": not missed[i],
            "missed": missed[i],
            "is_tie_with_best": best is not None and bool(i != best and _overlap(low, high, i, best) and _overlap(fewest, most, i, best)),
            "is_best": bool(i == best),
        }
        for i in listed
    ]


def _is_beaten(i: int, others: np.ndarray, sqls: np.ndarray, load: np.ndarray, acceptance: np.ndarray) -> bool:
    no_worse = (sqls[others] >= sqls[i]) & (load[others] <= load[i]) & (acceptance[others] >= acceptance[i])
    better = (sqls[others] > sqls[i]) | (load[others] < load[i]) | (acceptance[others] > acceptance[i])
    return bool((no_worse & better).any())


def _missed(limits: Limits, acceptance: float, load: int, busiest: float) -> list[str]:
    told = {
        "acceptance": acceptance < limits.acceptance,
        "quota": limits.volume is not None and load < limits.volume,
        "capacity": limits.per_week is not None and busiest > limits.per_week,
    }
    return [name for name, is_missed in told.items() if is_missed]


def count_interval(k: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % score interval of a Poisson count."""
    middle, half = k + _Z**2 / 2, _Z * np.sqrt(k + _Z**2 / 4)
    return np.maximum(0.0, middle - half), middle + half


def _overlap(low: np.ndarray, high: np.ndarray, i: int, j: int) -> bool:
    return bool(low[i] <= high[j] and low[j] <= high[i])


def validation(found: Swept, limits: Limits, cut: int) -> dict[str, object]:
    """Chooses a threshold on the first `cut` weeks of the period and judges it on the later ones.

    The choice sees only what was known at the cut: leads whose windows had run out by then. Chosen: the most SQLs among those that keep the
    acceptance, of as many the highest threshold; where none keeps it, the highest acceptance. `optimism`: by how much the older weeks
    flattered the choice, in shares; `drift`: by how much acceptance fell in the same weeks at the lowest threshold, which nobody chose: that
    part is the times', not the choice's. Null where there are under 30 leads to judge by.
    """
    counted, told = found.counted[:, 1:-1, :], found.groups
    result: dict[str, object] = {"candidates_tried": len(found.thresholds), "weeks_older": cut, "weeks_later": counted.shape[1] - cut}
    older = _summed(counted[:, :cut, :], told, "judged_then", "sql_judged_then")
    later = _summed(counted[:, cut:, :], told, "judged", "sql_judged")
    enough = older["judged"] >= MINIMUM_N
    if not enough.any():
        return {**result, "chosen_threshold": None, "older": None, "later": None, "optimism": None, "drift": None}
    rate = np.divide(older["accepted"], older["judged"], out=np.zeros(len(enough)), where=older["judged"] > 0)
    keeps = enough & (rate >= limits.acceptance)
    order = np.where(keeps, 2.0 + older["sqls"], np.where(enough, rate, -1.0))
    chosen = len(order) - 1 - int(order[::-1].argmax())
    result["chosen_threshold"] = float(found.thresholds[chosen])
    for name, half in (("older", older), ("later", later)):
        k, n = int(half["accepted"][chosen]), int(half["judged"][chosen])
        low, high = wilson(k, n)
        result[name] = {"k": k, "n": n, "acceptance": k / n if n else None, "low": low, "high": high, "sqls": int(half["sqls"][chosen])}
    n = result["later"]["n"]
    result["optimism"] = result["older"]["acceptance"] - result["later"]["acceptance"] if n >= MINIMUM_N else None
    (n_older, n_later), (k_older, k_later) = ([int(half[name][0]) for half in (older, later)] for name in ("judged", "accepted"))
    result["drift"] = k_older / n_older - k_later / n_later if min(n_older, n_later) >= MINIMUM_N else None
    return result


def _summed(counted: np.ndarray, told: dict[str, np.ndarray], judged: str, sql_judged: str) -> dict[str, np.ndarray]:
    """By threshold: leads old enough, of them accepted in time, and those that became SQL in time."""
    inside = counted.sum(axis=1)
    flags = {"judged": told[judged], "accepted": told[judged] & told["is_accepted"], "sqls": told[sql_judged] & told["is_sql"]}
    return {name: (inside * flag).sum(axis=1) for name, flag in flags.items()}
