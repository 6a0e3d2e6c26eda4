"""Values of many reps, each pulled towards what all have in common, the more so the fewer leads it rests on: for rankings that are not luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.special import betaincinv, betaln, chdtrc, expit, gammaln, logit, ndtri

from plumbline.statistics.shares import MINIMUM_N, wilson

_LEAST_PRIOR, _MOST_PRIOR = 0.5, 1e6  # leads that the common share is worth; at the most the reps are alike
_LEAST_EXPECTED = 0.001  # an expected rate of 0 or 1 is taken for so near to it: any other outcome would be impossible
_FLOOR = 0.1  # times 1 / sqrt(n): no log median is known better, however many times are equal


@dataclass(frozen=True)
class Shrunk:
    """table: one row per rep, in the order given, see the function. middle: the value all are pulled to (None without data). spread: estimated
    standard deviation of the true values between reps, of shares, or of log times. p_alike: p of a test that all reps are alike."""

    table: pl.DataFrame
    middle: float | None
    spread: float
    p_alike: float

    @property
    def is_alike(self) -> bool:
        """What is seen between the reps is no more than chance would bring (5 %)."""
        return self.p_alike >= 0.05


def shrunk_shares(k: ArrayLike, n: ArrayLike, *, highest_first: bool = True, level: float = 0.95) -> Shrunk:
    """Empirical-Bayes shares: k of n for each rep, the true shares spread as a beta distribution whose two parameters come from all reps.

    The parameters are weighed by their likelihood over a grid, not set to its maximum: with few reps the maximum often says that all are alike when
    they are not. Beside it, uniform in the mean a / (a + b) and in (a + b) ** -0.5 (Gelman et al., Bayesian Data Analysis, 3rd ed., 5.3).
    Table: k, n, raw (null for n = 0), shrunk, low, high (a beta distribution with the mean and variance of the true share), rank (1, 2, ...; those
    with n under 30 after all others; equal values by larger n, then by order), is_too_few (n under 30). Where all or none succeeded the interval
    is Wilson's of the rep alone. p_alike: Pearson's chi-square. Raises ValueError unless 0 <= k <= n.
    """
    k, n = np.asarray(k, dtype=float).ravel(), np.asarray(n, dtype=float).ravel()
    if len(k) != len(n) or not ((k >= 0) & (k <= n)).all():
        raise ValueError("shrunk_shares wants k and n of one length, 0 <= k <= n")
    raw = np.divide(k, n, out=np.full(len(k), np.nan), where=n > 0)
    pooled = float(k.sum() / n.sum()) if n.sum() else None
    if pooled in (None, 0.0, 1.0) or len(k) == 1:
        shrunk, (low, high) = np.full(len(k), np.nan if pooled is None else pooled), wilson(k, n, level)
        return Shrunk(_table({"k": k.astype(np.int64)}, n, raw, shrunk, low, high, highest_first), pooled, 0.0, 1.0)
    shrunk, variance, middle, spread = _beta_binomial(k, n)
    worth = shrunk * (1 - shrunk) / variance - 1
    low, high = (betaincinv(shrunk * worth, (1 - shrunk) * worth, one) for one in (0.5 - level / 2, 0.5 + level / 2))
    there = n > 0
    chi = float(((k - n * pooled)[there] ** 2 / (n[there] * pooled * (1 - pooled))).sum())
    table = _table({"k": k.astype(np.int64)}, n, raw, shrunk, low, high, highest_first)
    return Shrunk(table, middle, spread, float(chdtrc(there.sum() - 1, chi)))


@dataclass(frozen=True)
class ShrunkTo:
    """table: one row per segment, in the order given, see `shrunk_to`. worth: what a segment's expected rate is worth, in leads (None without
    leads): one with as many of its own lies half way between its own rate and the expected one."""

    table: pl.DataFrame
    worth: float | None


def shrunk_to(k: ArrayLike, n: ArrayLike, expected: ArrayLike, *, level: float = 0.95) -> ShrunkTo:
    """Empirical-Bayes rates of segments, each pulled towards its own expected rate e: true rate ~ Beta(m e, m (1 - e)), m common to all.

    k of n: of each segment. m is weighed by its likelihood over a grid from 0.5 to a million leads, not set to its maximum, uniform in m ** -0.5
    beside it, as in `shrunk_shares`. The expected rates are taken as given; 0 and 1 as 0.001 and 0.999. Segments share m, so those that hold the
    same leads (a source, and a team with that source) count as often as they are given. With a single segment m is what one count can tell.
    Table: k, n, expected, raw (null for n = 0), shrunk, low, high (a beta distribution with the mean and variance of the true rate; with n = 0
    what is expected of such a segment), is_too_few (n under 30). Raises ValueError unless 0 <= k <= n and expected is in [0, 1].
    """
    k, n, expected = (np.asarray(one, dtype=float).ravel() for one in (k, n, expected))
    if len({len(k), len(n), len(expected)}) != 1 or not ((k >= 0) & (k <= n) & (expected >= 0) & (expected <= 1)).all():
        raise ValueError("shrunk_to wants k, n and expected of one length, 0 <= k <= n, expected a rate")
    centre = expected.clip(_LEAST_EXPECTED, 1 - _LEAST_EXPECTED)
    worth = np.exp(np.linspace(np.log(_LEAST_PRIOR), np.log(_MOST_PRIOR), 31))
    likely = np.flatnonzero(_weigh_worth(k, n, centre, worth) > 1e-6)
    worth = np.exp(np.linspace(*np.log(worth[[max(0, likely[0] - 1), min(30, likely[-1] + 1)]]), 41))  # many segments tell m within a step
    weight = _weigh_worth(k, n, centre, worth)
    first, second = np.zeros(len(k)), np.zeros(len(k))
    for one, share in zip(worth, weight, strict=True):
        if share < 1e-9:
            continue
        mean = (k + one * centre) / (n + one)
        first += share * mean
        second += share * (mean**2 + mean * (1 - mean) / (n + one + 1))
    both = first * (1 - first) / (second - first**2) - 1  # what the two parameters of the beta distribution sum to
    low, high = (betaincinv(first * both, (1 - first) * both, one) for one in (0.5 - level / 2, 0.5 + level / 2))
    raw = np.divide(k, n, out=np.full(len(k), np.nan), where=n > 0)
    columns = {"k": k.astype(np.int64), "n": n.astype(np.int64), "expected": expected, "raw": raw, "shrunk": first, "low": low, "high": high}
    table = pl.DataFrame({**columns, "is_too_few": n < MINIMUM_N}, nan_to_null=True)
    return ShrunkTo(table, float(np.exp(weight @ np.log(worth))) if n.sum() else None)


def _weigh_worth(k: np.ndarray, n: np.ndarray, centre: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """The weight of each worth, by the beta-binomial likelihood of all segments."""
    k, n, centre = (one[n > 0] for one in (k, n, centre))
    log = -np.log(worth) / 2
    for at, one in enumerate(worth):
        a, b = one * centre, one * (1 - centre)
        log[at] += (gammaln(k + a) - gammaln(a) + gammaln(n - k + b) - gammaln(b) - gammaln(n + one)).sum() + len(k) * float(gammaln(one))
    weight = np.exp(log - log.max())
    return weight / weight.sum()


def shrunk_medians(
    medians: ArrayLike, lows: ArrayLike, highs: ArrayLike, n: ArrayLike, *, lowest_first: bool = True, at_least: float = 1.0, level: float = 0.95
) -> Shrunk:
    """Empirical-Bayes median times: log medians, normal about true ones that are normal between reps, whose spread is weighed by its likelihood
    over a grid (uniform beside it; Gelman, Bayesian Analysis 1, 2006, 515-534).

    medians: each rep's, NaN or inf = not reached. lows, highs: its interval at `level` (`median_interval`), NaN or inf where not reached; the
    standard error of the log median is taken from it. n: leads of each. at_least: times under it (0, say) count as it.
    Table: n, raw, shrunk, low, high (times, not logs; all null where the median is not reached), rank (n under 30 after the others, without a
    median last), is_too_few. A rep whose median is not reached is not a quick one: rank by `shrunk_shares` of those within a time instead.
    p_alike: Cochran's Q. Raises ValueError for arrays of different lengths.
    """
    columns = [np.asarray(one, dtype=float).ravel() for one in (medians, lows, highs, n)]
    if len({len(one) for one in columns}) != 1:
        raise ValueError("medians, lows, highs and n must be of one length")
    medians, lows, highs, n = columns
    known = np.isfinite(medians) & (n > 0)
    shrunk, low, high = (np.full(len(n), np.nan) for _ in range(3))
    middle, spread, p_alike = None, 0.0, 1.0
    if known.any():
        z = float(ndtri(0.5 + level / 2))
        x = np.log(np.maximum(medians[known], at_least))
        error = _log_errors(x, np.maximum(lows[known], at_least), np.maximum(highs[known], at_least), n[known], z)
        point, variance, centre, spread = _normal_normal(x, error**2)
        half = z * np.sqrt(variance)
        shrunk[known], low[known], high[known] = np.exp(point), np.exp(point - half), np.exp(point + half)
        middle = float(np.exp(centre))
        weight = error**-2
        p_alike = float(chdtrc(len(x) - 1, (weight * (x - (weight * x).sum() / weight.sum()) ** 2).sum())) if len(x) > 1 else 1.0
    raw = np.where(known, medians, np.nan)
    return Shrunk(_table({}, n, raw, shrunk, low, high, not lowest_first), middle, spread, p_alike)


def median_interval(curve: pl.DataFrame, share: float = 0.5) -> tuple[float | None, float | None]:
    """The interval of the quantile of `kaplan_meier`'s curve, at the curve's level: the times at which its two bands reach `share`
    (Brookmeyer and Crowley 1982, Biometrics 38, 29-41). None: a band does not."""

    def first(band: str) -> float | None:
        there = curve.filter(pl.col(band) >= share)
        return None if there.is_empty() else float(there["time"][0])

    return first("high"), first("low")


def _table(
    before: dict[str, np.ndarray], n: np.ndarray, raw: np.ndarray, shrunk: np.ndarray, low: np.ndarray, high: np.ndarray, highest_first: bool
) -> pl.DataFrame:
    few = n < MINIMUM_N
    key = np.where(np.isnan(shrunk), np.inf, -shrunk if highest_first else shrunk)
    order = np.lexsort((np.arange(len(n)), -n, key, few, np.isnan(shrunk)))
    rank = np.empty(len(n), np.int64)
    rank[order] = np.arange(1, len(n) + 1)
    columns = {**before, "n": n.astype(np.int64), "raw": raw, "shrunk": shrunk, "low": low, "high": high, "rank": rank, "is_too_few": few}
    return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))


def _beta_binomial(k: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, float]:
    """(each rep's mean, its variance, the mean of all reps, the standard deviation between them), averaged over a grid of the two parameters."""
    prior = np.exp(np.linspace(np.log(_LEAST_PRIOR), np.log(_MOST_PRIOR), 61))
    alike = n[:, None] / (1 + (n[:, None] - 1).clip(0) / (prior + 1))  # leads that each rep's count is worth for the common share
    share = ((k / np.maximum(n, 1))[:, None] * alike).sum(axis=0) / alike.sum(axis=0)
    error = 1 / np.sqrt(share * (1 - share) * alike.sum(axis=0))
    shares = expit(logit(share)[:, None] + error[:, None] * np.linspace(-4.5, 4.5, 25))  # (priors, steps)
    log = np.empty_like(shares)
    for at, (worth, row) in enumerate(zip(prior, shares, strict=True)):
        a, b = row * worth, (1 - row) * worth
        likelihood = (betaln(k[:, None] + a, (n - k)[:, None] + b) - betaln(a, b)).sum(axis=0)
        log[at] = likelihood + np.log(error[at] * row * (1 - row) / np.sqrt(worth))
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    first, second = np.zeros(len(k)), np.zeros(len(k))
    for worth, row, share_of_row in zip(prior, shares, weight, strict=True):
        mean = (k[:, None] + row * worth) / (n[:, None] + worth)
        first += mean @ share_of_row
        second += (mean**2 + mean * (1 - mean) / (n[:, None] + worth + 1)) @ share_of_row
    between = float((weight * shares * (1 - shares) / (prior[:, None] + 1)).sum())
    return first, second - first**2, float((weight * shares).sum()), float(np.sqrt(between))


def _normal_normal(x: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, float]:
    """(each rep's mean, its variance, the mean of all reps, the standard deviation between them), averaged over a grid of the last, the mean of all
    integrated out."""
    if len(x) == 1:
        return x, variance, float(x[0]), 0.0
    spread = np.linspace(0, 4 * float(np.sqrt(x.var() + variance.max())), 401)[:, None]
    weight = 1 / (variance + spread**2)
    total = weight.sum(axis=1, keepdims=True)
    centre = (weight * x).sum(axis=1, keepdims=True) / total
    log = (np.log(weight).sum(axis=1) - np.log(total[:, 0]) - (weight * (x - centre) ** 2).sum(axis=1)) / 2
    share = np.exp(log - log.max())[:, None]
    share /= share.sum()
    pull = variance * weight
    mean = x + pull * (centre - x)
    first = (mean * share).sum(axis=0)
    second = ((mean**2 + variance * (1 - pull) + pull**2 / total) * share).sum(axis=0)
    return first, second - first**2, float((centre * share).sum()), float(np.sqrt((spread**2 * share).sum()))


def _log_errors(x: np.ndarray, lows: np.ndarray, highs: np.ndarray, n: np.ndarray, z: float) -> np.ndarray:
    """Standard errors of log medians from their intervals; from one side where the other is not reached, from all reps where neither is."""
    below = np.where(np.isfinite(lows), x - np.log(np.where(np.isfinite(lows), lows, 1.0)), np.nan)
    above = np.where(np.isfinite(highs), np.log(np.where(np.isfinite(highs), highs, 1.0)) - x, np.nan)
    sides = np.stack([below, above])
    there = np.isfinite(sides)
    error = np.where(there, sides, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1) / z
    neither = ~there.any(axis=0)
    if neither.any():
        usual = np.median(error[~neither] * np.sqrt(n[~neither])) if (~neither).any() else 1.0
        error = np.where(neither, usual / np.sqrt(n), error)
    return np.maximum(error, _FLOOR / np.sqrt(n))
