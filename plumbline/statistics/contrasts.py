"""Whether a condition is more frequent in one group than in another, for hundreds of conditions looked at together."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc, erfc, gammaln

_EXPECTED = 5  # under so many expected in any cell of a table the test is exact


def p_values(holds: np.ndarray, first: np.ndarray, second: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Two-sided p (c) that a condition holds as often in both groups: the larger of a test that counts leads and one that counts clusters.

    holds (n, c) bool; first, second (n) bool, disjoint; clusters (n): a number per account. Leads: Fisher's exact test where fewer than five
    are expected in a cell, else Pearson's chi-square. Clusters: the difference of the two shares against the variance of whole clusters, so
    that ten leads of one account do not pass for ten witnesses. 1.0 where a group is empty or a condition holds for all or none.
    """
    rows = np.flatnonzero(first | second)
    n_first, n_second = int(first.sum()), int(second.sum())
    told = np.ones(holds.shape[1])
    if not n_first or not n_second:
        return told
    is_first = first[rows]
    _, place = np.unique(clusters[rows], return_inverse=True)
    count = int(place.max()) + 1
    weight = np.where(is_first, 1 / n_first, -1 / n_second)
    expected_by_cluster = np.bincount(place, weight, count)
    for c in range(holds.shape[1]):
        there = np.flatnonzero(holds[rows, c])
        k = int(is_first[there].sum())
        if not 0 < len(there) < len(rows):
            continue
        by_lead = table_p(k, n_first, len(there), len(rows))
        by_cluster = np.bincount(place[there], weight[there], count) - len(there) / len(rows) * expected_by_cluster
        variance = float((by_cluster**2).sum()) * count / max(1, count - 1)
        gap = k / n_first - (len(there) - k) / n_second
        told[c] = max(by_lead, float(erfc(abs(gap) / np.sqrt(2 * variance)))) if variance > 0 else by_lead
    return told


def table_p(k: int, first: int, held: int, n: int) -> float:
    """Two-sided p of a 2 x 2 table: k of `first` hold, `held` of all n do. Fisher where an expected count is under five, else chi-square."""
    expected = np.outer((first, n - first), (held, n - held)) / n
    if expected.min() >= _EXPECTED:
        return float(chdtrc(1, (k - expected[0, 0]) ** 2 * (1 / expected).sum()))
    values = np.arange(max(0, first + held - n), min(first, held) + 1)
    log = _log_choose(held, values) + _log_choose(n - held, first - values) - _log_choose(n, np.array(first))
    mass = np.exp(log)
    return min(1.0, float(mass[mass <= mass[k - values[0]] * (1 + 1e-7)].sum()))


def _log_choose(n: int, k: np.ndarray) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def within_strata(holds: np.ndarray, first: np.ndarray, second: np.ndarray, stratum: np.ndarray) -> tuple[float, float]:
    """(z, two-sided p) of a condition among leads that are alike in `stratum` (n, small numbers): Mantel and Haenszel 1959, no correction.

    z is positive where it holds more often in the first group. (0, 1) where no stratum holds both sides of a comparison.
    """
    rows = first | second
    strata = int(stratum.max(initial=0)) + 1

    def count(mask: np.ndarray) -> np.ndarray:
        return np.bincount(stratum[mask], minlength=strata).astype(float)

    n, in_first, held, both = count(rows), count(first), count(rows & holds), count(first & holds)
    expected = np.divide(in_first * held, n, out=np.zeros(strata), where=n > 0)
    variance = np.divide(in_first * (n - in_first) * held * (n - held), n**2 * (n - 1), out=np.zeros(strata), where=n > 1).sum()
    if variance <= 0:
        return 0.0, 1.0
    z = float((both - expected).sum() / np.sqrt(variance))
    return z, float(erfc(abs(z) / np.sqrt(2)))
