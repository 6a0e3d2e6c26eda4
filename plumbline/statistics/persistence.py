"""How likely each further attempt is to make contact, what it would come to if everyone got K of them, and from where one no longer pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from plumbline.statistics.incidence import aalen_johansen
from plumbline.statistics.shares import MINIMUM_N, wilson
from plumbline.statistics.waiting import kaplan_meier

DRAWS = 1000


def hazards(tried: ArrayLike, contact_attempt: ArrayLike, counts: ArrayLike | None = None, *, level: float = 0.95) -> pl.DataFrame:
    """The chance of contact at attempt k among those that got a k-th attempt without contact so far, for k = 1 to the most attempts made.

    tried (n): attempts made while not yet contacted, the contacting one included. contact_attempt (n): which attempt made contact, 0 = none
    did. counts (n): how many episodes each row stands for (default 1). Contact by another touch, giving up and the end of the data all end the
    watch after `tried` attempts; episodes without an attempt (tried 0) are in no row.

    Returns attempt, at_risk, contacted (whole numbers), hazard, low, high (Wilson; null while at_risk is under 30).
    Raises ValueError where contact_attempt is neither 0 nor `tried`, or a number is negative.
    """
    tried, contact, counts = _checked(tried, contact_attempt, counts)
    most = int(tried[counts > 0].max(initial=0))
    made = np.bincount(tried, weights=counts, minlength=most + 1)[: most + 1].astype(float)
    at_risk = made[::-1].cumsum()[::-1][1:]
    contacted = np.bincount(contact, weights=counts, minlength=most + 1)[1 : most + 1].astype(float)
    low, high = wilson(contacted, at_risk, level)
    shown = at_risk >= MINIMUM_N
    return pl.DataFrame(
        {
            "attempt": np.arange(1, most + 1),
            "at_risk": np.rint(at_risk).astype(np.int64),
            "contacted": np.rint(contacted).astype(np.int64),
            "hazard": np.where(shown, contacted / at_risk, np.nan),
            "low": np.where(shown, low, np.nan),
            "high": np.where(shown, high, np.nan),
        }
    ).with_columns(pl.selectors.float().fill_nan(None))


def if_everyone_got(
    tried: ArrayLike,
    contact_attempt: ArrayLike,
    is_given_up: ArrayLike,
    counts: ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> pl.DataFrame:
    """The share contacted by attempt K if every episode with at least one attempt had got K of them: a band between two assumptions.

    Optimistic: those given up would have been reached like those called on, 1 - product of (1 - hazard) (Kaplan-Meier on attempts, Greenwood).
    Pessimistic: they would never have been reached (the Aalen-Johansen incidence of contact with giving up as the competing end, with its
    interval). In both, episodes contacted by another touch and those still being called are censored after their last attempt.
    is_given_up (n): no contact and no further attempt. The others as for `hazards`.

    Returns attempt, at_risk, pessimistic, pessimistic_low, pessimistic_high, optimistic, optimistic_low, optimistic_high, for K with 30 or more
    at risk; the limits are null while the share is 0 or 1. Raises ValueError as `hazards`, and where an episode contacted is given up.
    """
    tried, contact, counts = _checked(tried, contact_attempt, counts)
    given_up = np.asarray(is_given_up).astype(bool).ravel()
    if len(given_up) != len(tried):
        raise ValueError("tried, contact_attempt and is_given_up must be of one length")
    if (given_up & (contact > 0)).any():
        raise ValueError("an episode that was contacted is not given up")
    rows = tried > 0
    tried, contact, counts, given_up = tried[rows], contact[rows] > 0, counts[rows], given_up[rows]
    # attempt k is at 2 k, giving up after it at 2 k + 1: who is still being called after k has not decided yet
    ended = aalen_johansen(2 * tried + given_up, np.where(contact, 1, np.where(given_up, 2, 0)), counts, names=("contact", "given_up"), level=level)
    waiting = kaplan_meier(tried, contact, counts, level=level)
    table = hazards(tried, np.where(contact, tried, 0), counts).filter(pl.col("at_risk") >= MINIMUM_N).select("attempt", "at_risk")
    pessimistic = _at(ended, 2 * table["attempt"], {"contact": "pessimistic", "contact_low": "pessimistic_low", "contact_high": "pessimistic_high"})
    optimistic = _at(waiting, table["attempt"], {"reached": "optimistic", "low": "optimistic_low", "high": "optimistic_high"})
    return pl.concat([table, pessimistic, optimistic], how="horizontal")


def _checked(tried: ArrayLike, contact_attempt: ArrayLike, counts: ArrayLike | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    tried, contact = (np.asarray(one).astype(np.int64).ravel() for one in (tried, contact_attempt))
    counts = np.ones(len(tried)) if counts is None else np.asarray(counts, dtype=float).ravel()
    if not len(tried) == len(contact) == len(counts):
        raise ValueError("tried, contact_attempt and counts must be of one length")
    if min(tried.min(initial=0), contact.min(initial=0), counts.min(initial=0)) < 0:
        raise ValueError("attempts and counts must not be negative")
    if ((contact > 0) & (contact != tried)).any():
        raise ValueError("the attempt that made contact is the last one that counts: contact_attempt must be 0 or tried")
    return tried, contact, counts


def _at(curve: pl.DataFrame, times: pl.Series, names: dict[str, str]) -> pl.DataFrame:
    """The curve's value at each time: that of the last step up to it."""
    place = np.searchsorted(curve["time"].to_numpy(), times.to_numpy(), side="right") - 1
    return curve[place].select(pl.col(old).alias(new) for old, new in names.items())


@dataclass(frozen=True)
class GiveUpPoint:
    """attempt: the first that is not worth its cost; None: each of the `observed` attempts (those with 30 or more at risk) is. low, high: its
    interval; None: beyond the observed attempts. break_even: the chance of contact at which an attempt pays for itself (may be over 1, inf).
    Without an observed attempt or a contact, attempt, low, high and break_even are all None: look at is_too_few first.
    smoothed: the chance of contact by attempt that the point was read from, one for each observed attempt. is_rising: the chance rises
    significantly somewhere (p in rise_p), so it was not assumed to fall all along; None: not looked at. p_sql, p_sql_n: SQLs per contact."""

    attempt: int | None
    low: int | None
    high: int | None
    observed: int
    break_even: float | None
    smoothed: tuple[float, ...]
    is_rising: bool | None
    rise_p: float | None
    p_sql: float | None
    p_sql_n: int

    @property
    def is_too_few(self) -> bool:
        """No attempt with 30 at risk, or SQLs of under 30 contacts."""
        return self.observed == 0 or self.p_sql_n < MINIMUM_N


def give_up_point(
    found: pl.DataFrame,
    p_sql_given_contact: tuple[int, int],
    value: float,
    cost: float,
    rng: np.random.Generator,
    *,
    falling: bool | None = None,
    draws: int = DRAWS,
    level: float = 0.95,
) -> GiveUpPoint:
    """The first attempt k with hazard_k x P(SQL | contact) x value < cost.

    found: what `hazards` gives. p_sql_given_contact: (k, n) SQLs of contacts. value: of an SQL, cost: of an attempt, in one currency.
    A raw first crossing comes too early, since any one of the noisy hazards may dip. So they are smoothed: by default falling along the attempts
    (isotonic regression, weights at_risk), which reads off the number of attempts with the largest total of value minus cost in the data itself.
    falling: True assumes that; False only that they rise to one peak and fall from there, the point being looked for from the peak on; None
    assumes it unless a rise is significant at 5 % (the misfit of the falling curve, against `draws` drawn from it).
    Interval: parametric bootstrap with `rng`, of contacts from the hazards and of SQLs from the contacts, with the peak as found.
    Raises ValueError for a negative value or cost, or k over n.
    """
    sqls, contacts = p_sql_given_contact
    if not (value >= 0 and cost >= 0):
        raise ValueError("value and cost must not be negative")
    if not 0 <= sqls <= contacts:
        raise ValueError("p_sql_given_contact wants 0 <= k <= n")
    seen = found.filter(pl.col("at_risk") >= MINIMUM_N).sort("attempt")
    k, n = seen["contacted"].to_numpy().astype(float), seen["at_risk"].to_numpy().astype(float)
    p_sql = sqls / contacts if contacts else None
    if not len(n) or p_sql is None:
        return GiveUpPoint(None, None, None, len(n), None, tuple(float(h) for h in k / n), None, None, p_sql, contacts)
    break_even = float(_break_even(np.array(p_sql), value, cost))
    rise_p = rise(k, n, rng, draws) if falling is None else None
    is_rising = None if rise_p is None else rise_p < 0.05
    peak = rising_then_falling(k, n)[1] if falling is False or is_rising else 0
    smoothed = rising_then_falling(k, n)[0] if peak else _falling(k, n)
    point = int(_first_below(k[None, :], n, np.array([break_even]), peak)[0])
    # hazards a little inside 0 and 1, so that an attempt nobody answered is not drawn as one that nobody can
    drawn_k = rng.binomial(n.astype(np.int64), (smoothed * n + 0.5) / (n + 1), (draws, len(n)))
    drawn_p = rng.binomial(contacts, (sqls + 0.5) / (contacts + 1), draws) / contacts
    drawn = _first_below(drawn_k.astype(float), n, _break_even(drawn_p, value, cost), peak)
    low, high = (int(one) for one in np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2], method="inverted_cdf"))
    last = len(n)
    told = [one + 1 if one < last else None for one in (point, min(low, point), max(high, point))]
    return GiveUpPoint(*told, last, break_even, tuple(float(h) for h in smoothed), is_rising, rise_p, p_sql, contacts)


def _break_even(p_sql: np.ndarray, value: float, cost: float) -> np.ndarray:
    worth = p_sql * value
    return np.where(worth > 0, cost / np.where(worth > 0, worth, 1.0), np.inf if cost > 0 else 0.0)


def _first_below(k: np.ndarray, n: np.ndarray, break_even: np.ndarray, peak: int) -> np.ndarray:
    """(draws) place from `peak` on of the first falling-smoothed hazard under break_even; len(n) where none is.

    The smoothed hazards are the slopes of the concave hull of the running contacts over the running attempts (Barlow et al. 1972), so the slopes
    stay at or over break_even up to the last maximum of contacts - break_even x attempts. k: (draws, attempts).
    """
    if not len(n):
        return np.zeros(len(k), np.int64)
    limit = np.minimum(break_even, 2.0)[:, None]  # a hazard is never over 1
    net = np.cumsum(k[:, peak:] - limit * n[peak:], axis=1)
    net = np.concatenate([np.zeros((len(k), 1)), net], axis=1)
    near = net >= net.max(axis=1, keepdims=True) - 1e-9 * n.sum()
    return peak + near.shape[1] - 1 - near[:, ::-1].argmax(axis=1)


def _falling(k: np.ndarray, n: np.ndarray) -> np.ndarray:
    from scipy.optimize import isotonic_regression  # a second to import: only who asks for it waits

    return isotonic_regression(k / n, weights=n, increasing=False).x


def rising_then_falling(k: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, int]:
    """Smoothed hazards that rise to one peak and fall from there, by weighted least squares, and the peak's place (the earliest of equals)."""
    best, place, least = k / n, 0, np.inf
    for peak in range(len(n)):
        up = -_falling(-k[:peak], n[:peak]) if peak else np.zeros(0)
        fit = np.concatenate([up, _falling(k[peak:], n[peak:])])
        misfit = float((n * (k / n - fit) ** 2).sum())
        if misfit < least - 1e-12:
            best, place, least = fit, peak, misfit
    return best, place


def rise(k: np.ndarray, n: np.ndarray, rng: np.random.Generator, draws: int = DRAWS) -> float:
    """p that hazards which only fall look as much like rising as these: k of n, in the order of the attempts."""

    def misfit(one: np.ndarray) -> float:
        fit = _falling(one, n)
        return float((n * (one / n - fit) ** 2 / np.maximum(fit * (1 - fit), 1e-12)).sum())

    seen = misfit(k)
    if seen < 1e-12:
        return 1.0
    drawn = rng.binomial(n.astype(np.int64), _falling(k, n), (draws, len(n))).astype(float)
    return float((1 + sum(misfit(one) >= seen for one in drawn)) / (draws + 1))
