"""Acceptance and SQL rates of what a definition hands over, and how much they would vary with the accounts that came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.simulation.outcomes import Outcomes, Verdicts
from plumbline.statistics import wilson
from plumbline.statistics.clusters import bootstrap_sums

PROMISED = 0.9  # acceptance below this means that the two teams disagree on the definition


@dataclass(frozen=True)
class Drawn:
    """Bootstrap draws (draws) of the accepted and SQL shares, and of the number handed over. `at_worst`: accepted if all unknown leads fail."""

    acceptance: np.ndarray
    at_worst: np.ndarray
    sql_rate: np.ndarray
    volume: np.ndarray


def drawn(mask: np.ndarray, judged: Verdicts, found: Outcomes, until: int, draws: int, seed: int) -> Drawn:
    """Draws of whole accounts, of all that had a lead before `until`; counted are the leads in `mask`. judged: as of the side that they are of."""
    rows = np.flatnonzero(mask)
    told = (judged.judged, judged.is_accepted, judged.sql_judged, judged.is_sql, judged.judged | ~judged.offered)
    counts = np.stack([*(one[rows] for one in told), np.ones(len(rows))], axis=1).astype(np.int64)
    sums = bootstrap_sums(found.account[rows], counts, draws, seed, found.accounts_until(until))

    def share(k: int, n: int) -> np.ndarray:
        return np.divide(sums[:, k], sums[:, n], out=np.full(draws, np.nan), where=sums[:, n] > 0)

    return Drawn(share(1, 0), share(1, 4), share(3, 2), sums[:, 5])


def chance(drawn: np.ndarray, promised: float) -> float | None:
    """The share of draws that keep `promised`, of those with anybody to judge; None where there is none."""
    drawn = drawn[~np.isnan(drawn)]
    return float(np.mean(drawn >= promised)) if len(drawn) else None


def rate(mask: np.ndarray, judged: np.ndarray, hits: np.ndarray, drawn: np.ndarray) -> dict[str, float | int | None]:
    """Share among those with an outcome old enough: k, n, rate, Wilson interval, interval by account; null where there is nobody."""
    n, k = int((mask & judged).sum()), int((mask & judged & hits).sum())
    low, high = wilson(k, n)
    told: dict[str, float | int | None] = {"k": k, "n": n, "rate": k / n if n else None, "low": low if n else None, "high": high if n else None}
    drawn = drawn[~np.isnan(drawn)]
    told["by_account_low"] = float(np.quantile(drawn, 0.025)) if len(drawn) and n else None
    told["by_account_high"] = float(np.quantile(drawn, 0.975)) if len(drawn) and n else None
    return told
