"""Bootstrap by cluster (account): leads of one account are not independent."""

from __future__ import annotations

import numpy as np


def bootstrap_sums(clusters: np.ndarray, counts: np.ndarray, draws: int, seed: int, total: int = 0) -> np.ndarray:
    """Sums of `counts` in bootstrap samples that draw whole clusters with replacement (Davison and Hinkley 1997, 3.8).

    clusters (n): a whole number per row. counts (n, c): whole numbers to be summed. `total`: clusters in all, those without a row too; where
    they are left out, a draw of clusters of one row each always has as many rows, as if who came had been certain. Returns (draws, c) float64.
    Clusters with the same sums are exchangeable, so the draw is one multinomial over the distinct sums: no cluster is looked at twice.
    """
    if not len(clusters):
        return np.zeros((draws, counts.shape[1]))
    sums = _sums(clusters, counts)
    patterns, times = _patterns(sums)
    if total > len(sums):
        patterns, times = np.concatenate([np.zeros((1, patterns.shape[1])), patterns]), np.r_[total - len(sums), times]
    drawn = np.random.default_rng(seed).multinomial(int(times.sum()), times / times.sum(), size=draws)
    return drawn @ patterns


def _sums(clusters: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """(clusters that have a row, c) sums of counts. Numbers that are not too sparse are counted in place, without sorting."""
    place = clusters
    if clusters.min() < 0 or clusters.max() > 20 * len(clusters) + 1_000_000:
        _, place = np.unique(clusters, return_inverse=True)
    there = np.bincount(place) > 0
    return np.stack([np.bincount(place, weights=column)[there] for column in counts.T], axis=1)


def _patterns(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct rows of whole numbers, and how often each is there: by one number a row where they fit into one."""
    widths = sums.max(axis=0).astype(np.int64) + 1
    if sums.min() < 0 or float(np.prod(widths.astype(np.float64))) > 2.0**62:
        return np.unique(sums, axis=0, return_counts=True)
    code = np.zeros(len(sums), np.int64)
    for column, width in zip(sums.T, widths, strict=True):
        code = code * width + column.astype(np.int64)
    _, first, times = np.unique(code, return_index=True, return_counts=True)
    return sums[first], times
