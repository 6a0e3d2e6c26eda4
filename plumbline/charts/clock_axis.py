"""A clock that widens: seconds on a logarithmic axis with the ticks that people think in."""

from __future__ import annotations

import math

SHORTEST = 60.0
HALF_A_DAY = 43_200.0  # where an axis of days begins
_TICKS = (
    (60.0, "1 min"),
    (300.0, "5 min"),
    (1800.0, "30 min"),
    (3600.0, "1 h"),
    (4 * 3600.0, "4 h"),
    (86_400.0, "24 h"),
    (172_800.0, "48 h"),
    (7 * 86_400.0, "7 days"),
    (30 * 86_400.0, "30 days"),
    (90 * 86_400.0, "90 days"),
    (365 * 86_400.0, "1 year"),
    (1095 * 86_400.0, "3 years"),
)
_DAYS = tuple((days * 86_400.0, f"{days} day{'s' if days > 1 else ''}") for days in (1, 2, 4, 7, 14, 30, 60, 90, 180, 365, 730))


def place(seconds: float, shortest: float = SHORTEST) -> float:
    """Where a time stands on the axis; what is shorter than the shortest stands at its beginning."""
    return math.log10(max(seconds, shortest))


def ticks(first: float, last: float, room: float = 0.0) -> tuple[list[float], list[str]]:
    """Places and texts of the ticks between two times (seconds). room: of two ticks closer than this (in powers of ten) the later is left out.

    An axis that begins with half a day or more counts in days.
    """
    places: list[float] = []
    texts: list[str] = []
    for seconds, text in _TICKS if first < HALF_A_DAY else _DAYS:
        if first * 0.999 <= seconds <= last * 1.001:
            at = math.log10(seconds)
            if places and at - places[-1] < room:
                continue
            places.append(at)
            texts.append(text)
    return places, texts
