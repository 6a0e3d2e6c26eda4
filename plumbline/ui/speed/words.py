"""What the Speed screen says: its headline, its figures, and the bands in which leads are first tried. Numbers in, parts of sentences out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from plumbline import wording
from plumbline.clock import DAY
from plumbline.speed.delays import HOUR, LIMITS, MINUTE, Delays, Parts, within
from plumbline.speed.promise import Verdict
from plumbline.statistics import MINIMUM_N
from plumbline.ui.funnel_words import change_of_share, difference_interval
from plumbline.ui.text import Bold, Figure, Link, Part

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


def headline(now: Tried, verdict: Verdict, href: Href, was: Verdict | None, then: str, *, clock: str = "wall") -> list[Part]:
    """'47 % of 3,031 leads were tried within 24 hours of becoming an MQL, against 90 % promised; half are first tried within 1.3 days, and ...'.

    verdict, was: the promise held against these leads, and against those of the period before.
    """
    if not now.passes:
        return ["No lead became an MQL in this period"]
    if now.passes < MINIMUM_N:
        return [f"Too few to say: {wording.plural(now.passes, 'lead')} became an MQL, {wording.count(now.tried)} of them tried so far"]
    hours = " of working time" if clock == "open" else ""
    parts: list[Part] = [*_verdict(verdict, clock), *_against(verdict, was, then), "; "]
    if now.median is None:
        parts += ["fewer than half are ever tried"]
    else:
        before, span = _within(now.median, verdict.promise.is_dated)
        parts += [f"half are first tried {before}", Bold(span + hours)]
    never = now.passes - now.tried
    if never:
        parts += [", and ", Link(f"{wording.count(never)} of {wording.count(now.passes)} have not been tried at all", href("untried"))]
    return parts


def _within(seconds: float, is_dated: bool) -> tuple[str, str]:
    """('within ', '1.3 days'), ('', 'on the day itself')."""
    told = wording.within(seconds, is_dated)
    return ("within ", told.removeprefix("within ")) if told.startswith("within ") else ("", told)


def _verdict(told: Verdict, clock: str) -> list[Part]:
    """'47 % of 3,031 leads were tried within 24 hours of becoming an MQL, against 90 % promised'."""
    promise = told.promise
    if told.is_thin:
        return [f"Too few to say whether the promise was kept: {wording.plural(told.n, 'lead')} had the time for it"]
    share = wording.share(told.k / told.n)
    if told.is_kept:
        end: list[Part] = [f": the promise of {promise.percent} % was kept"]
    elif share == f"{promise.percent} %":
        end = [f", just under the {promise.percent} % promised"]
    else:
        end = [f", against {promise.percent} % promised"]
    return [Bold(share), f" of {wording.count(told.n)} leads were tried {promise.in_words(clock)}", *end]


def _against(now: Verdict, was: Verdict | None, then: str) -> list[Part]:
    if was is None or now.is_thin or was.is_thin:
        return []
    low, high = difference_interval(now.k, now.n, was.k, was.n)
    change = round(now.k / now.n, 2) - round(was.k / was.n, 2)
    if not round(change * 100):
        return [f" ({wording.share(was.k / was.n)} {then}, about the same)"]
    if low <= 0 <= high:
        return [f" ({wording.share(was.k / was.n)} {then}: no more than chance apart)"]
    return [" (", "up from " if change > 0 else "down from ", f"{wording.share_of(was.k, was.n)} {then})"]


def quantiles(now: Tried, verdict: Verdict, clock: str) -> str:
    """'Half are tried within 1.5 days; it never comes to 9 of 10', and how many are too young for the promise."""
    hours = " of working time" if clock == "open" else ""
    dated = verdict.promise.is_dated
    half = "Fewer than half are ever tried" if now.median is None else f"Half are tried {wording.within(now.median, dated)}{hours}"
    most = "it never comes to 9 of 10" if now.p90 is None else f"9 of 10 {wording.within(now.p90, dated)}{hours}"
    young = f" Too early to say of {wording.count(verdict.early)}: they have not had the time promised." if verdict.early else ""
    working = " Only working time counts." if clock == "open" else ""
    return f"{half}; {most}. Those never tried are in all these figures.{working}{young}"


def strip(now: Tried, verdict: Verdict, href: Href, before: Tried | None, was: Verdict | None, then: str, clock: str = "wall") -> list[Figure]:
    """One figure a limit: the share of ALL leads old enough, those never tried included. The promised limit says whether the promise was kept."""
    promise = verdict.promise
    limits = promise.limits
    shares = dict(sorted({**now.shares, promise.limit: (verdict.k, verdict.n)}.items(), key=lambda item: limits[item[0]]))
    earlier = {**before.shares, promise.limit: (was.k, was.n)} if before and was else {}
    told = []
    for name, (k, n) in shares.items():
        thin = n < MINIMUM_N
        then_k, then_n = earlier.get(name, (0, 0))
        change, against = change_of_share(k, n, then_k, then_n, then)
        is_promised = name == promise.limit
        early = now.passes - n
        told.append(
            Figure(
                label=f"Tried within {name}" if name != "the day itself" else "Tried on the day itself",
                value="too few" if thin else wording.share(k / n),
                change=change,
                n=" · ".join(
                    (*((f"{promise.percent} % promised",) if is_promised else ()), f"of {wording.count(n)}")
                    + ((f"{wording.count(early)} too early",) if is_promised and early else ())
                ),
                is_broken=is_promised and verdict.is_broken,
                href=href("missed") if is_promised and verdict.is_broken else "",
                meaning=f"Of all leads that became an MQL at least {name} before the data end, the share first tried by a person within {name}"
                + (" of working time." if clock == "open" else ".")
                + (f" Promised: at least {promise.percent} %." if is_promised else "")
                + (f" {against}" if against else ""),
            )
        )
    return told


BAND_NAMES = (*BANDS, "later", "never", "early")


def band_of(waited: Delays) -> np.ndarray:
    """(n) index into BAND_NAMES of the band in which each pass was first tried; never: not tried in 48 h and more, early: younger."""
    tried_in = np.searchsorted(np.array(list(BANDS.values())), waited.time, "left").astype(np.int8)
    not_tried = np.where(waited.age >= BANDS["48h"], np.int8(len(BANDS) + 1), np.int8(len(BANDS) + 2))
    return np.where(waited.happened, tried_in, not_tried)


def clockless(passes: int, without_mql: int) -> str:
    """Why Persistence counts more leads; '' where it does not."""
    if not without_mql:
        return ""
    have = "1 more lead has no MQL of its own" if without_mql == 1 else f"{wording.count(without_mql)} more leads have no MQL of their own"
    return f"{have}, only a later stage: without a clock here, counted by Persistence, which has {wording.count(passes)}."


def sum_of_parts(told: Parts, clock: str, is_dated: bool = False) -> str:
    """That medians do not add up, and the means of the same leads, which do."""
    said = "The two middle values do not add up to the middle of the whole wait."
    if told.n < MINIMUM_N or not told.total:
        return said
    hours = " of working time" if clock == "open" else ""
    system, human = (f"{wording.decimal(part / DAY)} days" if is_dated else wording.duration(part / 1e6) for part in (told.system, told.human))
    return (
        f"{said} Averages do: the {wording.count(told.n)} leads handed over and tried waited {wording.duration(told.total / 1e6)}{hours} on average, "
        f"{system} ({wording.share(told.system / told.total)}) until the hand-over to a rep and {human} after it."
    )


def unassigned_note(handed: int, passes: int) -> str:
    """What of the leads were never handed over to anybody; '' where all were."""
    missing = passes - handed
    return f"{wording.count(missing)} of {wording.count(passes)} leads were never handed over to a rep." if missing else ""
