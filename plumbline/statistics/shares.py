"""Shares and their intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

MINIMUM_N = 30
"""Under so many in the denominator a share is "too few to say": drawn grey and hollow, ranked last."""


def wilson(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[np.ndarray, np.ndarray] | tuple[float, float]:
    """The Wilson score interval of the share k / n (Wilson 1927, JASA 22, 209-212), without continuity correction.

    k, n: counts, 0 <= k <= n, scalars or arrays that broadcast. Returns (low, high), floats for scalars, else float64
    arrays of the common shape, each in [0, 1]. n = 0 gives (0, 1): nothing is known. ValueError where k or n is out of range.
    """
    k, n = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    if not (np.all(k >= 0) and np.all(k <= n)):
        raise ValueError("wilson wants 0 <= k <= n")
    if not 0 < level < 1:
        raise ValueError("wilson wants a level between 0 and 1")
    z = float(ndtri(0.5 + level / 2))
    wide = n + z * z
    middle = (k + z * z / 2) / wide
    half = z / wide * np.sqrt(k * np.divide(n - k, n, out=np.zeros_like(k), where=n > 0) + z * z / 4)
    low = np.where(k == 0, 0.0, np.clip(middle - half, 0, 1))
    high = np.where(k == n, 1.0, np.clip(middle + half, 0, 1))
    if k.ndim == 0:
        return float(low), float(high)
    return low, high
