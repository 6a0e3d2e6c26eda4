"""Thousands of segments looked at together: is one's rate lower than was expected of it, and how many such finds are luck."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

_WHOLE = 1e-7  # expected x worth as near to a whole number is one


def lower_tail(k: ArrayLike, n: ArrayLike, expected: ArrayLike, worth: ArrayLike = np.inf) -> np.ndarray:
    """One-sided p that k of n, or fewer, come about when the rate is the expected one, itself estimated from `worth` leads.

    k, n: whole counts, 0 <= k <= n. expected: a rate in [0, 1]. worth: leads that it was estimated from, k0 = expected x worth of which
    succeeded; k0 need not be whole; inf: the rate is known. Scalars or arrays that broadcast; returns float64 of the common shape.

    inf: the exact binomial test. Whole k0 and worth: Fisher's exact test of k of n beside k0 of worth (alternative less). Otherwise the tail of
    the beta-binomial distribution of n with k0 and worth - k0 + 1: the chance that the rate behind n is above the other one under the priors
    that give Fisher's p (Altham 1969, JRSS B 31, 261-269), which therefore joins the values at whole k0.
    Summed exactly while the standard deviation of the terms is under 60, and up to 2,000 where p is between 1e-7 and 0.25; beyond, a saddle
    point, right to 1e-5 of itself where worth and n are in the thousands, to 1 % where worth is some twenty.
    p is 1 where n = 0 or the rate expected is 0. Raises ValueError where a count or a rate is out of range.
    """
    k, n, expected, worth = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (k, n, expected, worth)))
    shape = k.shape
    k, n, expected, worth = (np.ascontiguousarray(one).ravel() for one in (k, n, expected, worth))
    if not ((k >= 0) & (k <= n)).all() or (k % 1).any() or (n % 1).any():
        raise ValueError("lower_tail wants whole counts, 0 <= k <= n")
    if not ((expected >= 0) & (expected <= 1)).all() or not (worth >= 0).all():
        raise ValueError("lower_tail wants an expected rate in [0, 1] and a worth of 0 leads or more")
    p = np.ones(len(k))
    open_ = (k < n) & (expected > 0)
    known = np.isinf(worth)
    p[open_ & known & (expected == 1)] = 0.0
    rest = open_ & (worth > 0) & ~(known & (expected == 1))
    if rest.any():
        from plumbline.statistics._lower_tail import tails  # numba takes its time: only who asks for it waits

        hits = expected[rest] * np.where(known[rest], 1.0, worth[rest])
        whole = np.rint(hits)
        hits = np.where((np.abs(hits - whole) < _WHOLE) & (whole > 0) & ~known[rest], np.minimum(whole, worth[rest]), hits)
        p[rest] = tails(k[rest], n[rest], hits, worth[rest])
    return p.reshape(shape)


def q_values(p: ArrayLike) -> np.ndarray:
    """Benjamini-Hochberg q of each p (Benjamini and Hochberg 1995, JRSS B 57, 289-300): of the finds with q <= 0.10 a tenth at most are luck, on
    average. p (n) in [0, 1], else ValueError."""
    p = np.asarray(p, dtype=float).ravel()
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("q_values wants p in [0, 1]")
    if not len(p):
        return np.ones(0)
    order = np.argsort(p)[::-1]
    q = np.empty(len(p))
    q[order] = np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1))
    return np.minimum(q, 1.0)
