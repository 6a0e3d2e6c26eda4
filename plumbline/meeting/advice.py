"""Raise, keep, loosen, drop: what the record of a promise over a quarter speaks for (docs/quarterly-review.md). The meeting decides, not the rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from plumbline.agreement.model import Promise
from plumbline.agreement.scorecard import Row
from plumbline.meeting.quarter import Advice
from plumbline.statistics import MINIMUM_N

LEAST_WEEKS = 4  # weeks judged, under which nothing is advised
NEARLY_ALL = Fraction(9, 10)
MOST = Fraction(3, 4)
VOLUME_ROOM = Fraction(1, 10)  # beyond, or short of, the leads that were promised
_CENT = Decimal("0.01")


def advised(promise: Promise, rows: Sequence[Row], low: float | None, high: float | None, target: Fraction, why: str = "") -> Advice:
    """rows: of the weeks that are over. low, high: the interval of the whole share, None where it has none. target: of volume, over these weeks."""
    if why:
        return Advice("drop", "not_measured")
    judged = [row for row in rows if row.status in ("met", "missed")]
    n = sum(row.n for row in rows)
    if len(judged) < LEAST_WEEKS:
        return Advice("too_few", "weeks")
    if promise.kind not in ("volume", "open_leads") and n < MINIMUM_N:
        return Advice("too_few", "items")
    kept = sum(row.status == "met" for row in judged)
    if promise.kind == "volume":
        return _of_volume(kept, len(judged), n, target)
    if kept >= NEARLY_ALL * len(judged):
        share = higher(promise.share)
        if share == promise.share:
            return Advice("keep", "at_the_top")
        if low is not None and low >= share:
            return Advice("raise", "room", float(share), kept_at(judged, share))
        return Advice("keep", "no_room", float(share), kept_at(judged, share))
    if kept <= (1 - NEARLY_ALL) * len(judged):
        share = reached(judged) if promise.kind != "open_leads" else Decimal(0)  # there the number is what may move
        if high is None or high < promise.share:
            return Advice("loosen", "broken", float(share) if share else None, kept_at(judged, share) if share else 0)
        return Advice("keep", "short_by_chance")
    return Advice("keep", "short" if high is not None and high < promise.share else "mixed")


def _of_volume(kept: int, judged: int, n: int, target: Fraction) -> Advice:
    if kept >= NEARLY_ALL * judged:
        return Advice("raise", "volume_room") if n >= (1 + VOLUME_ROOM) * target else Advice("keep", "volume_kept")
    if kept <= (1 - NEARLY_ALL) * judged and n < (1 - VOLUME_ROOM) * target:
        return Advice("loosen", "volume_broken")
    return Advice("keep", "volume_mixed")


def higher(share: Decimal) -> Decimal:
    """Half way to all, cut to a whole percent: 0.9 -> 0.95, 0.8 -> 0.9; the same share where no percent is left between."""
    told = ((1 + share) / 2).quantize(_CENT, ROUND_FLOOR)
    return max(share, told) if told < 1 else share


def reached(judged: Sequence[Row]) -> Decimal:
    """The whole percent that was reached in three of four weeks judged."""
    shares = sorted((Fraction(row.met, row.n) for row in judged if row.n), reverse=True)
    if not shares:
        return Decimal(0)
    least = shares[math.ceil(MOST * len(shares)) - 1]
    return Decimal(math.floor(least * 100)) / 100


def kept_at(judged: Sequence[Row], share: Decimal) -> int:
    """In how many of these weeks that share would have been kept."""
    return sum(row.met >= Fraction(share) * row.n for row in judged)
