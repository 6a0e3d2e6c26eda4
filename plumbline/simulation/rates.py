"""Acceptance and SQL rates of what a definition hands over, and how much they would vary with the accounts that came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.simulation.outcomes import Outcomes, Verdicts
from plumbline.statistics import wilson
from plumbline.statistics.clusters import bootstrap_sums

PROMISED = 0.9  # acceptance below this means that the two teams disagree on the definition (PRODUCT.md)


@dataclass(frozen=True)
class Drawn:
    """Bootstrap draws (draws) of the accepted and SQL shares, and of the number handed over."""

    acceptance: np.ndarray
    sql_rate: np.ndarray
    volume: np.ndarray


def drawn(mask: np.ndarray, judged: Verdicts, found: Outcomes, draws: int, seed: int) -> Drawn:
    """1,000 draws of whole accounts from the leads in `mask`."""
    rows = np.flatnonzero(mask)
    counts = np.stack([one[rows] for one in (judged.judged, judged.is_accepted, judged.sql_judged, judged.is_sql)], axis=1).astype(np.int64)
    counts = np.concatenate([counts, np.ones((len(rows), 1), np.int64)], axis=1)
    sums = bootstrap_sums(found.account[rows], counts, draws, seed)

    def share(k: int, n: int) -> np.ndarray:
        return np.divide(sums[:, k], sums[:, n], out=np.full(draws, np.nan), where=sums[:, n] > 0)

    return Drawn(share(1, 0), share(3, 2), sums[:, 4])


def rate(mask: np.ndarray, judged: np.ndarray, hits: np.ndarray, drawn: np.ndarray) -> dict[str, float | int | None]:
    """Share among those with an outcome old enough: k, n, rate, Wilson interval, interval by account; null where there is nobody."""
    n, k = int((mask & judged).sum()), int((mask & judged & hits).sum())
    low, high = wilson(k, n)
    told: dict[str, float | int | None] = {"k": k, "n": n, "rate": k / n if n else None, "low": low if n else None, "high": high if n else None}
    drawn = drawn[~np.isnan(drawn)]
    told["by_account_low"] = float(np.quantile(drawn, 0.025)) if len(drawn) and n else None
    told["by_account_high"] = float(np.quantile(drawn, 0.975)) if len(drawn) and n else None
    return told
