"""Two shares beside each other: difference, ratio, their intervals, and how strong a hidden cause would have to be."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

from plumbline.statistics.shares import wilson


@dataclass(frozen=True)
class Estimate:
    """A value and its interval. A ratio may be inf where nobody of the second group has it."""

    value: float
    low: float
    high: float

    def excludes(self, number: float) -> bool:
        """Whether `number` lies outside the interval."""
        return number < self.low or number > self.high


@dataclass(frozen=True)
class Share:
    """A share with its Wilson interval. n: rows it stands for, or for a weighted share the rows it is worth (need not be whole)."""

    value: float
    low: float
    high: float
    n: float


def share_of(k: float, n: float, level: float = 0.95) -> Share | None:
    """k of n; None for n = 0."""
    if n == 0:
        return None
    low, high = wilson(k, n, level)
    return Share(k / n, low, high, n)


def weighted_share(value: float, variance: float, fallback: float, level: float = 0.95) -> Share:
    """A weighted share with Wilson's interval at its effective n, value (1 - value) / variance.

    Korn and Graubard, Survey Methodology 24, 1998, 193-201.
    `fallback`: the effective n where the variance says nothing (a share of 0 or 1, or no variance): Kish's, of the weights alone.
    """
    value = min(1.0, max(0.0, value))
    spread = value * (1 - value)
    n = spread / variance if spread > 1e-12 and variance > 0 else fallback
    low, high = wilson(value * n, n, level)
    return Share(value, low, high, n)


def difference(one: Share, other: Share, correlation: float = 0.0) -> Estimate:
    """one - other: square-and-add of the two intervals (Newcombe 1998, Statistics in Medicine 17, 873-890, method 10).

    `correlation` of the two estimates, 0 for groups drawn apart (Zou and Donner 2008, Statistics in Medicine 27, 1693-1702).
    """

    def reach(a: float, b: float) -> float:
        return sqrt(max(0.0, a * a + b * b - 2 * correlation * a * b))

    value = one.value - other.value
    below = reach(one.value - one.low, other.high - other.value)
    above = reach(one.high - one.value, other.value - other.low)
    return Estimate(value, max(-1.0, value - below), min(1.0, value + above))


def ratio(one: Share, other: Share) -> Estimate | None:
    """one / other, MOVER-R of the two intervals (Donner and Zou 2012, Statistical Methods in Medical Research 21, 347-359).

    Its interval leaves out 1 exactly where that of `difference` leaves out 0. None where both shares are 0; inf where the other is.
    """
    p, q = one.value, other.value
    if p == q == 0:
        return None
    numerator_low, denominator_low = one.low * (2 * p - one.low), other.high * (2 * q - other.high)
    root = sqrt(max(0.0, (p * q) ** 2 - numerator_low * denominator_low))
    low = numerator_low / (p * q + root) if p * q + root > 0 else 0.0  # (p q - root) / denominator_low, without its 0 / 0
    numerator_high, denominator_high = one.high * (2 * p - one.high), other.low * (2 * q - other.low)
    root = sqrt(max(0.0, (p * q) ** 2 - numerator_high * denominator_high))
    high = (p * q + root) / denominator_high if denominator_high > 0 else inf
    return Estimate(p / q if q > 0 else inf, max(0.0, low), high)


def e_value(risk_ratio: float) -> float:
    """The E-value of a risk ratio (VanderWeele and Ding, Annals of Internal Medicine 167, 2017, 268-274); 1 for a ratio of 1, inf for 0 or inf.

    So much more frequent in one group, and so much more likely to succeed, something unrecorded would have to be to explain the whole ratio.
    """
    if not risk_ratio >= 0:
        raise ValueError("e_value wants a ratio of 0 or more")
    if risk_ratio in (0, inf):
        return inf
    up = max(risk_ratio, 1 / risk_ratio)
    return up + sqrt(up * (up - 1))


def e_value_of_limit(risk_ratio: Estimate) -> float:
    """The E-value of the interval's limit nearest to 1: what would bring 1 into the interval. 1 where it is there already."""
    if not risk_ratio.excludes(1):
        return 1.0
    return e_value(risk_ratio.low if risk_ratio.low > 1 else risk_ratio.high)
