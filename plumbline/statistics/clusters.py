"""Bootstrap by cluster (account): leads of one account are not independent."""

from __future__ import annotations

import numpy as np


def bootstrap_sums(clusters: np.ndarray, counts: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Sums of `counts` in bootstrap samples that draw whole clusters with replacement (Davison and Hinkley 1997, 3.8).

    clusters (n): a whole number per row. counts (n, c): whole numbers to be summed. Returns (draws, c) float64.
    Clusters with the same sums are exchangeable, so the draw is one multinomial over the distinct sums: no cluster is looked at twice.
    """
    if not len(clusters):
        return np.zeros((draws, counts.shape[1]))
    _, place = np.unique(clusters, return_inverse=True)
    sums = np.stack([np.bincount(place, weights=column) for column in counts.T], axis=1)
    patterns, times = np.unique(sums, axis=0, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(int(times.sum()), times / times.sum(), size=draws)
    return drawn @ patterns
