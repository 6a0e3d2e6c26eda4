"""What the Speed screen says: its headline, its figures, and the bands in which leads are first tried. Numbers in, parts of sentences out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from plumbline import wording
from plumbline.clock import DAY
from plumbline.speed.delays import HOUR, LIMITS, MINUTE, Delays, within
from plumbline.statistics import MINIMUM_N
from plumbline.ui.funnel_words import difference_interval
from plumbline.ui.text import Bold, Figure, Link, Part

DATED_LIMITS = {
    "the day itself": 2 * HOUR,
    "1 day": DAY + 2 * HOUR,
    "2 days": 2 * DAY + 2 * HOUR,
    "7 days": 7 * DAY + 2 * HOUR,
    "14 days": 14 * DAY + 2 * HOUR,
}
"""Where only dates are known: days later by the calendar; two hours of slack for a change of the clocks."""
BANDS = {"5m": 5 * MINUTE, "30m": 30 * MINUTE, "1h": HOUR, "24h": 24 * HOUR, "48h": 48 * HOUR}
Href = Callable[..., str]


@dataclass(frozen=True)
class Tried:
    """The first attempts of a choice of leads. `median`, `p90`: seconds, None where the curve has not come so far."""

    passes: int
    tried: int
    median: float | None
    p90: float | None
    shares: Mapping[str, tuple[int, int]]


def tried(waited: Delays, median: float | None, p90: float | None, limits: Mapping[str, int] = LIMITS) -> Tried:
    """Counts of one clock. median, p90: of the Kaplan-Meier curve, in seconds."""
    return Tried(len(waited), int(waited.happened.sum()), median, p90, {name: within(waited, limit) for name, limit in limits.items()})


def headline(now: Tried, is_dated: bool, href: Href, before: Tried | None, then: str, key: str = "30 min", clock: str = "wall") -> list[Part]:
    """'Half of the leads are first tried within 1.3 days; 13 % within 30 minutes, and 694 of 3,033 were never tried'."""
    if not now.passes:
        return ["No lead was handed over in this period"]
    if now.passes < MINIMUM_N:
        return [f"Too few to say: {wording.plural(now.passes, 'lead')} handed over, {wording.count(now.tried)} of them tried so far"]
    if not now.tried:
        return ["None of ", Bold(wording.plural(now.passes, "lead")), " handed over has an attempt on record: who was called is not in these data"]
    key = "1 day" if is_dated else key
    k, n = now.shares[key]
    hours = " of working time" if clock == "open" else ""
    parts: list[Part] = []
    if now.median is None:
        parts += ["Fewer than half of the leads are ever tried"]
    else:
        parts += ["Half of the leads are first tried within ", Bold(wording.duration(now.median) + hours)]
    if n >= MINIMUM_N:
        parts += ["; ", Bold(wording.share(k / n)), f" within {_spelled(key)}"]
        parts += _against(k, n, before.shares[key] if before else None, then)
    never = now.passes - now.tried
    if never:
        parts += [", and ", Link(f"{wording.count(never)} of {wording.count(now.passes)} have not been tried at all", href("untried"))]
    return parts


def _spelled(key: str) -> str:
    return {"30 min": "30 minutes", "5 min": "5 minutes", "1 h": "an hour", "24 h": "24 hours", "48 h": "48 hours"}.get(key, key)


def _against(k: int, n: int, before: tuple[int, int] | None, then: str) -> list[Part]:
    if before is None or before[1] < MINIMUM_N:
        return []
    low, high = difference_interval(k, n, *before)
    change = round(k / n, 2) - round(before[0] / before[1], 2)
    if low <= 0 <= high or not round(change * 100):
        return [f" ({wording.share(before[0] / before[1])} {then}, about the same)"]
    return [" (", "up from " if change > 0 else "down from ", f"{wording.share_of(*before)} {then})"]


def quantiles(now: Tried, clock: str) -> str:
    """'Half are tried within 1.5 days; 9 of 10 never were'."""
    hours = " of working time" if clock == "open" else ""
    half = "Fewer than half are ever tried" if now.median is None else f"Half are tried within {wording.duration(now.median)}{hours}"
    most = "9 of 10 is never reached" if now.p90 is None else f"9 of 10 within {wording.duration(now.p90)}{hours}"
    return f"{half}; {most}. Those never tried are in all these figures."


def strip(now: Tried, before: Tried | None, then: str, clock: str = "wall") -> list[Figure]:
    """One figure a limit: the share of ALL leads old enough, those never tried included."""
    told = []
    for name, (k, n) in now.shares.items():
        thin = n < MINIMUM_N
        was = before.shares[name] if before else None
        comparable = not thin and was is not None and was[1] >= MINIMUM_N
        told.append(
            Figure(
                label=f"Tried within {name}" if name != "the day itself" else "Tried on the day itself",
                value="too few" if thin else wording.share(k / n),
                unit="of working time" if clock == "open" else "",
                change=wording.points(round(k / n, 2) - round(was[0] / was[1], 2)) if comparable else "",
                n=f"of {wording.count(n)}",
                meaning=f"Of all leads that became an MQL at least {name} before the data end, the share first tried by a person within {name}."
                + (f" Against {wording.share_of(*was)} {then}." if comparable else ""),
            )
        )
    return told


BAND_NAMES = (*BANDS, "later", "never", "early")


def band_of(waited: Delays) -> np.ndarray:
    """(n) index into BAND_NAMES of the band in which each pass was first tried; never: not tried in 48 h and more, early: younger."""
    tried_in = np.searchsorted(np.array(list(BANDS.values())), waited.time, "left").astype(np.int8)
    not_tried = np.where(waited.age >= BANDS["48h"], np.int8(len(BANDS) + 1), np.int8(len(BANDS) + 2))
    return np.where(waited.happened, tried_in, not_tried)


def unassigned_note(handed: int, passes: int) -> str:
    """What of the leads were never handed over to anybody; '' where all were."""
    missing = passes - handed
    return f"{wording.count(missing)} of {wording.count(passes)} leads never got an owner." if missing else ""
