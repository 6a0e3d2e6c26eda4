"""Intervals for what is known only to lie between two bounds."""

from __future__ import annotations

from scipy.optimize import brentq
from scipy.special import ndtr


def imbens_manski(low: float, high: float, low_error: float, high_error: float, level: float = 0.95) -> tuple[float, float]:
    """The interval that holds the true value, not the whole band, with probability `level` (Imbens and Manski, Econometrica 72, 2004, 1845-1857).

    low, high: estimates of the two bounds; low_error, high_error: their standard errors. The critical value lies between the one-sided
    (a wide band: the truth cannot be at both ends) and the two-sided one (no band). Cut to [0, 1] by the caller where it is a share.
    """
    if high < low or low_error < 0 or high_error < 0:
        raise ValueError("imbens_manski wants low <= high and errors that are not negative")
    widest = max(low_error, high_error)
    if widest == 0:
        return low, high
    gap = (high - low) / widest
    critical = brentq(lambda c: float(ndtr(c + gap) - ndtr(-c)) - level, 0.0, 10.0)
    return low - critical * low_error, high + critical * high_error
