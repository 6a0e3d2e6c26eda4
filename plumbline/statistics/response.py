"""Whether leads that were attempted early convert more often than those still waiting: crude, among alike leads, and weighted. An association."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from plumbline.statistics.differences import Estimate, Share, difference, e_value, e_value_of_limit, ratio, share_of
from plumbline.statistics.shares import MINIMUM_N
from plumbline.statistics.standardisation import standardised_share
from plumbline.statistics.weighting import Weighted, codes, patterns, weighted_difference

LANDMARKS = (300.0, 1800.0, 3600.0, 86_400.0, 172_800.0)
"""5 min, 30 min, 1 h, 24 h, 48 h, in seconds."""


@dataclass(frozen=True)
class Group:
    """n leads, k of them converted; share with its Wilson interval (None for n = 0)."""

    n: int
    k: int
    share: Share | None


@dataclass(frozen=True)
class Standardised:
    """Leads compared with leads of their own stratum. n: leads in strata with both groups, n_attempted and n_not_yet of them; strata: how many
    such strata of strata_seen; coverage: n over all leads of the landmark. attempted, not_yet: the shares if the strata were as frequent in
    each group as in the n leads; difference and ratio of them. e_value: of the ratio; e_value_limit: of its limit nearest to 1 (1 where the
    interval holds 1); both None where nobody converted. All None where no stratum has both groups."""

    n: int
    n_attempted: int
    n_not_yet: int
    strata: int
    strata_seen: int
    coverage: float
    attempted: Share | None = None
    not_yet: Share | None = None
    difference: Estimate | None = None
    ratio: Estimate | None = None
    e_value: float | None = None
    e_value_limit: float | None = None

    @property
    def is_too_few(self) -> bool:
        """Under 30 leads in a group, or so unevenly spread over the strata that they are worth under 30."""
        if self.attempted is None or self.not_yet is None:
            return True
        return round(min(self.n_attempted, self.n_not_yet, self.attempted.n, self.not_yet.n), 6) < MINIMUM_N

    @property
    def excludes_zero(self) -> bool:
        return self.difference is not None and self.difference.excludes(0)


@dataclass(frozen=True)
class ResponseBand:
    """Of the leads still open at `landmark` (seconds after mql): those attempted by then beside those not yet attempted."""

    landmark: float
    attempted: Group
    not_yet: Group
    crude_difference: Estimate | None
    crude_ratio: Estimate | None
    standardised: Standardised
    weighted: Weighted
    is_association: bool = field(default=True, init=False)

    @property
    def n(self) -> int:
        return self.attempted.n + self.not_yet.n

    @property
    def is_too_few(self) -> bool:
        """Under 30 in a group: nothing of this band is to be said in words."""
        return min(self.attempted.n, self.not_yet.n) < MINIMUM_N

    @property
    def excludes_zero(self) -> bool:
        """Whether the crude interval leaves out 0."""
        return self.crude_difference is not None and self.crude_difference.excludes(0)


def response_bands(
    wait: ArrayLike,
    closed: ArrayLike,
    converted: ArrayLike,
    strata: ArrayLike,
    covariates: Sequence[ArrayLike] | None = None,
    *,
    counts: ArrayLike | None = None,
    landmarks: Sequence[float] = LANDMARKS,
    level: float = 0.95,
) -> list[ResponseBand]:
    """Conversion by response band in landmark form (Anderson, Cain and Gelber, Journal of Clinical Oncology 1, 1983, 710-719), one per landmark.

    All arrays have one value per episode, every episode old enough for its horizon. wait: seconds from mql to the first attempt; inf or NaN =
    never. closed: seconds from mql to its exit or to the outcome, inf or NaN = open. converted: reached the outcome within the horizon.
    strata: any codes; leads of one code are compared with each other. covariates: columns for the propensity (floats are numbers, anything else
    categories; categories are quick at a million rows); default: the strata. counts: how many episodes each row stands for (default 1).

    A lead belongs to landmark t when closed > t, and to the first group when wait <= t. `converted` is then an outcome after t.
    Estimand of `standardised`: the mean over the leads in strata with both groups of what their stratum converts with and without an attempt
    by t (weights = those leads, both groups). Estimand of `weighted`: the same over the leads kept by `weighting.overlap`.
    Neither is an effect unless all that drives both is among the strata or covariates: is_association is always true.
    Raises ValueError for arrays of different lengths, a negative count or a landmark that is not positive.
    """
    wait, closed = _times(wait), _times(closed)
    converted, strata = np.asarray(converted).astype(bool).ravel(), np.asarray(strata).ravel()
    weights = np.ones(len(wait), np.int64) if counts is None else np.asarray(counts).astype(np.int64).ravel()
    columns = [np.asarray(column).ravel() for column in covariates] if covariates else [strata]
    if {len(one) for one in (wait, closed, converted, strata, weights, *columns)} != {len(wait)}:
        raise ValueError("wait, closed, converted, strata, counts and covariates must be of one length")
    if weights.min(initial=0) < 0:
        raise ValueError("counts must not be negative")
    if not all(t > 0 for t in landmarks):
        raise ValueError("a landmark must be a positive time")
    stratum = codes(strata)
    found = patterns(columns)
    bands = []
    for t in landmarks:
        still_open = closed > t
        cell = 2 * (wait <= t) + converted
        by_stratum = _tally(stratum, cell, weights, still_open)
        by_pattern = _tally(found.of_row, cell, weights, still_open)
        not_yet, attempted = by_stratum.sum(axis=0)
        groups = [Group(int(one.sum()), int(one[1]), share_of(int(one[1]), int(one.sum()), level)) for one in (attempted, not_yet)]
        shares = [one.share for one in groups]
        both = None not in shares
        bands.append(
            ResponseBand(
                float(t),
                *groups,
                difference(*shares) if both else None,
                ratio(*shares) if both else None,
                standardise(by_stratum, level=level),
                weighted_difference(found, by_pattern, level=level),
            )
        )
    return bands


def standardise(tallies: np.ndarray, *, level: float = 0.95) -> Standardised:
    """Direct standardisation to the leads in strata with both groups. tallies (strata, 2, 2): counts by [attempted][converted].

    Each share as in `standardised_share`, the difference by Newcombe's square-and-add: with one stratum it is the crude interval.
    """
    size = tallies.sum(axis=2).astype(float)
    both = (size > 0).all(axis=1)
    seen, everyone = int((size.sum(axis=1) > 0).sum()), float(size.sum())
    n_not_yet, n_attempted = (int(one) for one in size[both].sum(axis=0))
    n = n_attempted + n_not_yet
    place = (n, n_attempted, n_not_yet, int(both.sum()), seen, n / everyone if everyone else 0.0)
    if not n:
        return Standardised(*place)
    weight = size[both].sum(axis=1) / n
    not_yet, attempted = (standardised_share(weight, tallies[both, a, 1].astype(float), size[both, a], level) for a in (0, 1))
    risk_ratio = ratio(attempted, not_yet)
    return Standardised(
        *place,
        attempted,
        not_yet,
        difference(attempted, not_yet),
        risk_ratio,
        e_value(risk_ratio.value) if risk_ratio else None,
        e_value_of_limit(risk_ratio) if risk_ratio else None,
    )


def _times(values: ArrayLike) -> np.ndarray:
    values = np.asarray(values, dtype=float).ravel()
    return np.where(np.isnan(values), np.inf, values)


def _tally(place: np.ndarray, cell: np.ndarray, weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(places, 2, 2) whole counts by [attempted][converted]."""
    width = 4 * (int(place.max(initial=-1)) + 1)
    counted = np.bincount(place[rows] * 4 + cell[rows], weights=weights[rows], minlength=width)
    return np.rint(counted).astype(np.int64).reshape(-1, 2, 2)


@dataclass(frozen=True)
class ClosingComparison:
    """before, after: leads that came just before closing time and just after it, with how many converted; answered_before, answered_after: how
    many of them were attempted within the time asked for. difference, answered_difference: before minus after (None for an empty side)."""

    before: Group
    after: Group
    answered_before: Group
    answered_after: Group
    difference: Estimate | None
    answered_difference: Estimate | None
    is_association: bool = field(default=True, init=False)

    @property
    def is_too_few(self) -> bool:
        return min(self.before.n, self.after.n) < MINIMUM_N

    @property
    def excludes_zero(self) -> bool:
        return self.difference is not None and self.difference.excludes(0)

    @property
    def is_answered_alike(self) -> bool:
        """No difference in how many were answered in time is seen: the comparison then says nothing about speed."""
        return self.answered_difference is None or not self.answered_difference.excludes(0)


def just_around_closing(before: tuple[int, int, int], after: tuple[int, int, int], *, level: float = 0.95) -> ClosingComparison:
    """Leads that came just before closing time beside those just after: alike but for the night that lies between lead and answer.

    before, after: (n leads, k converted, how many were attempted within the time asked for). Differences by Newcombe's method 10.
    Raises ValueError where a count is over its n or negative.
    """
    groups = [Group(n, k, share_of(k, n, level)) for n, k in (before[:2], after[:2], before[::2], after[::2])]

    def apart(one: Group, other: Group) -> Estimate | None:
        return difference(one.share, other.share) if one.share and other.share else None

    return ClosingComparison(*groups, apart(groups[0], groups[1]), apart(groups[2], groups[3]))
