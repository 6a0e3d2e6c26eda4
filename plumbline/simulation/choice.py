"""Choosing among thresholds: which are worth a look (frontier), and whether a choice made on the past holds on what came later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.simulation.rates import PROMISED
from plumbline.simulation.thresholds import Swept
from plumbline.statistics import MINIMUM_N, wilson


@dataclass(frozen=True)
class Limits:
    """What a candidate must keep: acceptance; handed over in the period (None: no quota); handed over per week (None: no capacity)."""

    acceptance: float = PROMISED
    volume: float | None = None
    per_week: float | None = None


def frontier(found: Swept, limits: Limits, months: float) -> list[dict[str, object]]:
    """The candidates that no other beats on all of SQLs (known), load and acceptance. Overlapping intervals are a tie, and said to be one."""
    rows = found.rows
    sqls, load = rows["is_sql"].to_numpy(), rows["qualified"].to_numpy()
    acceptance, low, high = (rows[name].to_numpy() for name in ("acceptance", "acceptance_low", "acceptance_high"))
    enough = rows["judged"].to_numpy() >= MINIMUM_N
    busiest = found.by_week.max(axis=1) if found.by_week.shape[1] else np.zeros(len(load))
    best = -1
    listed = []
    for i in np.flatnonzero(enough):
        others = np.flatnonzero(enough)
        no_worse = (sqls[others] >= sqls[i]) & (load[others] <= load[i]) & (acceptance[others] >= acceptance[i])
        better = (sqls[others] > sqls[i]) | (load[others] < load[i]) | (acceptance[others] > acceptance[i])
        if (no_worse & better).any():
            continue
        missed = []
        if acceptance[i] < limits.acceptance:
            missed.append("acceptance")
        if limits.volume is not None and load[i] < limits.volume:
            missed.append("quota")
        if limits.per_week is not None and busiest[i] > limits.per_week:
            missed.append("capacity")
        listed.append(i)
        if not missed and (best < 0 or sqls[i] > sqls[best]):
            best = i
        if len(listed) == 1:
            told = []
        told.append(
            {
                "threshold": float(found.thresholds[i]),
                "sqls": int(sqls[i]),
                "sqls_per_month": float(sqls[i] / months) if months else None,
                "load": int(load[i]),
                "acceptance": float(acceptance[i]),
                "acceptance_low": float(low[i]),
                "acceptance_high": float(high[i]),
                "is_feasible": not missed,
                "missed": missed,
            }
        )
    if not listed:
        return []
    for i, row in zip(listed, told, strict=True):
        row["is_tie_with_best"] = bool(best >= 0 and i != best and low[i] <= high[best] and low[best] <= high[i])
        row["is_best"] = bool(i == best)
    return told


def validation(found: Swept, limits: Limits) -> dict[str, object]:
    """Chooses a threshold on the older half of the period and judges it on the later one.

    Chosen: the most SQLs among those that keep the acceptance; where none does, the highest acceptance. `optimism`: by how much the older
    half flattered the choice, in shares. Null where a half has under 30 leads to judge by.
    """
    counted, told = found.counted[:, 1:-1, :], found.groups
    weeks = counted.shape[1]
    cut = weeks // 2
    result: dict[str, object] = {"candidates_tried": len(found.thresholds), "weeks_older": cut, "weeks_later": weeks - cut}
    halves = []
    for half in (counted[:, :cut, :].sum(axis=1), counted[:, cut:, :].sum(axis=1)):
        halves.append({name: (half * told[name]).sum(axis=1) for name in ("judged", "is_accepted", "sql_judged", "is_sql")})
    older, later = halves
    enough = older["judged"] >= MINIMUM_N
    if not enough.any():
        return {**result, "chosen_threshold": None, "older": None, "later": None, "optimism": None}
    rate = np.divide(older["is_accepted"], older["judged"], out=np.zeros(len(enough)), where=older["judged"] > 0)
    keeps = enough & (rate >= limits.acceptance)
    order = np.where(keeps, 2.0 + older["is_sql"], np.where(enough, rate, -1.0))
    chosen = int(order.argmax())
    result["chosen_threshold"] = float(found.thresholds[chosen])
    for name, half in (("older", older), ("later", later)):
        k, n = int(half["is_accepted"][chosen]), int(half["judged"][chosen])
        low, high = wilson(k, n)
        result[name] = {"k": k, "n": n, "acceptance": k / n if n else None, "low": low, "high": high, "sqls": int(half["is_sql"][chosen])}
    n = result["later"]["n"]
    result["optimism"] = result["older"]["acceptance"] - result["later"]["acceptance"] if n >= MINIMUM_N else None
    return result
