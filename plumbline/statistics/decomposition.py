"""A rate rose or fell between two periods: how much because other groups came (mix), how much because groups themselves changed (rate)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.special import ndtri

from plumbline.statistics.differences import Estimate, difference, share_of
from plumbline.statistics.shares import MINIMUM_N, wilson


@dataclass(frozen=True)
class Decomposition:
    """table: one row per group, in the order given, see `mix_and_rate`. n0, k0, n1, k1: all leads of each period. rate0, rate1, change: theirs,
    change by Newcombe's method 10. mix, rate: the two parts, which add up to change. All None where a period has no leads."""

    table: pl.DataFrame
    n0: int
    k0: int
    n1: int
    k1: int
    rate0: float | None = None
    rate1: float | None = None
    change: Estimate | None = None
    mix: Estimate | None = None
    rate: Estimate | None = None


def mix_and_rate(n0: ArrayLike, k0: ArrayLike, n1: ArrayLike, k1: ArrayLike, *, level: float = 0.95) -> Decomposition:
    """Symmetric parts of the change of a rate (Kitagawa 1955, JASA 50, 1168-1194): k of n leads per group, period 0 before, period 1 after.

    w: a group's share of its period's leads, r: its rate. Mix part (w1 - w0) (r1 + r0) / 2, rate part (r1 - r0) (w1 + w0) / 2; over all groups
    they sum to the change. A group that is absent in one period has there the rate of the other: its coming or going is all mix, its rate part
    is 0 and has no interval. One that is absent in both has parts of 0.

    Table: n0, k0, n1, k1, share0, share1 (w), rate0, rate1 (r, null where n = 0), mix (as above), mix_centred (w1 - w0) ((r1 + r0) / 2 - the
    mean of the two overall rates), rate, rate_low, rate_high, is_too_few (under 30 leads in a period). mix sums to the same as mix_centred, but
    only the latter can be read group by group: more leads of a group that is better than most are a gain, fewer of one that is worse too.

    Intervals: delta method, in which a rate's own part is Newcombe's square-and-add of two Wilson intervals rather than Wald's (1998, Statistics
    in Medicine 17, 873-890), and the shares of the groups are multinomial. Raises ValueError unless 0 <= k <= n and all are of one length.
    """
    n0, k0, n1, k1 = _checked(n0, k0, n1, k1)
    total0, total1 = n0.sum(), n1.sum()
    w0, w1 = (n / total if total else np.zeros(len(n)) for n, total in ((n0, total0), (n1, total1)))
    r0, r1 = (np.divide(k, n, out=np.full(len(n), np.nan), where=n > 0) for k, n in ((k0, n0), (k1, n1)))
    before, after = np.nan_to_num(np.where(n0 > 0, r0, r1)), np.nan_to_num(np.where(n1 > 0, r1, r0))
    middle, gap, weight = (before + after) / 2, after - before, (w0 + w1) / 2
    overall = (k0.sum() / total0 + k1.sum() / total1) / 2 if total0 and total1 else 0.0
    mix, rate = (w1 - w0) * middle, gap * weight

    z = float(ndtri(0.5 + level / 2))
    both = (n0 > 0) & (n1 > 0)
    arms = _arms(k0, n0, level), _arms(k1, n1, level)
    sides = np.where(both, np.hypot(arms[1], arms[0][::-1]), np.nan)  # (2, groups): how far the interval of r1 - r0 reaches below and above
    of_shares = (gap / 2) ** 2 * (_share_variance(w0, total0) + _share_variance(w1, total1))
    below, above = np.sqrt((weight * sides) ** 2 + z * z * of_shares)
    columns = {
        **{name: one.astype(np.int64) for name, one in (("n0", n0), ("k0", k0), ("n1", n1), ("k1", k1))},
        **{"share0": w0, "share1": w1, "rate0": r0, "rate1": r1, "mix": mix, "mix_centred": (w1 - w0) * (middle - overall)},
        **{"rate": rate, "rate_low": rate - below, "rate_high": rate + above, "is_too_few": np.minimum(n0, n1) < MINIMUM_N},
    }
    table = pl.DataFrame(columns, nan_to_null=True)
    sums = tuple(int(one.sum()) for one in (n0, k0, n1, k1))
    if not (total0 and total1):
        return Decomposition(table, *sums)

    whole = difference(share_of(sums[3], sums[2], level), share_of(sums[1], sums[0], level))
    sides = np.nan_to_num(sides)
    spread = sum(_mean_variance(gap / 2, w, total) for w, total in ((w0, total0), (w1, total1)))
    below, above = np.sqrt(((weight * sides) ** 2).sum(axis=1) + z * z * spread)
    rate_total = Estimate(float(rate.sum()), float(rate.sum() - below), float(rate.sum() + above))
    spread = sum(_mean_variance(middle, w, total) for w, total in ((w0, total0), (w1, total1)))
    of_sum = np.where(both, np.hypot(*arms), 2 * np.where(n0 > 0, *arms))  # the interval of r1 + r0
    of_sum = np.where(w1 >= w0, of_sum, of_sum[::-1]) * np.abs(w1 - w0) / 2
    below, above = np.sqrt((of_sum**2).sum(axis=1) + z * z * spread)
    mix_total = Estimate(float(mix.sum()), float(mix.sum() - below), float(mix.sum() + above))
    return Decomposition(table, *sums, sums[1] / sums[0], sums[3] / sums[2], whole, mix_total, rate_total)


@dataclass(frozen=True)
class Simpson:
    """Whether the pooled change and the changes of the groups point to opposite sides. judged: groups with 30 leads or more in both periods;
    groups: those with a lead; covered: share of the leads of both periods that the judged groups hold. is_reversed: two groups or more are judged,
    and every one of them changed to the other side than all together. is_beyond_chance: reversed, and the intervals of the pooled change and of
    the rate part (the change within groups) each leave out 0, on opposite sides."""

    is_reversed: bool
    is_beyond_chance: bool
    judged: int
    groups: int
    covered: float


def simpson(n0: ArrayLike, k0: ArrayLike, n1: ArrayLike, k1: ArrayLike, *, level: float = 0.95) -> Simpson:
    """Simpson's reversal (Simpson 1951, JRSS B 13, 238-241) between two periods: all together fell while every group rose, or the reverse.

    Arguments as for `mix_and_rate`. Signs are told from whole counts, so equal rates are no change.
    """
    n0, k0, n1, k1 = (one.astype(np.int64) for one in _checked(n0, k0, n1, k1))
    judged = np.minimum(n0, n1) >= MINIMUM_N
    signs = np.sign(k1 * n0 - k0 * n1)[judged]
    pooled = int(np.sign(int(k1.sum()) * int(n0.sum()) - int(k0.sum()) * int(n1.sum())))
    leads = n0 + n1
    covered = float(leads[judged].sum() / leads.sum()) if leads.sum() else 0.0
    is_reversed = pooled != 0 and len(signs) >= 2 and bool((signs == -pooled).all())
    beyond = False
    if is_reversed:
        found = mix_and_rate(n0, k0, n1, k1, level=level)
        beyond = found.change.excludes(0) and found.rate.excludes(0) and np.sign(found.rate.value) == -pooled
    return Simpson(is_reversed, bool(beyond), int(judged.sum()), int((leads > 0).sum()), covered)


def _checked(*counts: ArrayLike) -> tuple[np.ndarray, ...]:
    n0, k0, n1, k1 = (np.asarray(one, dtype=float).ravel() for one in counts)
    if len({len(one) for one in (n0, k0, n1, k1)}) != 1:
        raise ValueError("n0, k0, n1 and k1 must be of one length")
    if not all(((k >= 0) & (k <= n)).all() for k, n in ((k0, n0), (k1, n1))):
        raise ValueError("a decomposition wants 0 <= k <= n in both periods")
    return n0, k0, n1, k1


def _arms(k: np.ndarray, n: np.ndarray, level: float) -> np.ndarray:
    """(2, groups) how far Wilson's interval of k / n reaches below and above it; 0 where n = 0."""
    low, high = wilson(k, n, level)
    p = np.divide(k, n, out=np.zeros(len(n)), where=n > 0)
    return np.where(n > 0, np.stack([p - low, high - p]), 0.0)


def _share_variance(w: np.ndarray, total: float) -> np.ndarray:
    return w * (1 - w) / max(total, 1)


def _mean_variance(value: np.ndarray, w: np.ndarray, total: float) -> float:
    """Variance of the sum of value times share, shares multinomial."""
    return max(0.0, float((w * value**2).sum() - (w * value).sum() ** 2)) / total
