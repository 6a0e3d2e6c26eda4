"""What the Persistence screen says. Frames of the metrics in, parts of sentences out."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from plumbline import wording
from plumbline.statistics import MINIMUM_N, wilson
from plumbline.ui.funnel_words import change_of_share, difference_interval
from plumbline.ui.persistence.terms import Promise
from plumbline.ui.text import Bold, Figure, Link, Part

CHANCES = {
    "attempt": "Attempt",
    "at_risk": "Leads that got it",
    "contacted": "Reached by it",
    "hazard": "Chance of contact",
    "low": "Likely from",
    "high": "Likely to",
}
Href = Callable[..., str]


def headline(kept: dict, given_up: dict, promise: Promise, href: Href) -> list[Part]:
    """'The promise of 3 calls and 3 emails in 14 days was kept, or no longer needed, for 65 % of 2,995 leads; 273 were tried ...'."""
    if not kept["episodes"]:
        return ["No lead became an MQL in this period"]
    if kept["mature"] < MINIMUM_N:
        return [
            f"Too few to say: of {wording.plural(kept['episodes'], 'lead')} only {wording.count(kept['mature'])} had the "
            f"{wording.plural(promise.days, 'day')} of the promise"
        ]
    missed = kept["mature"] - kept["kept"]
    parts: list[Part] = [
        f"The promise of {promise.in_words()} was kept, or no longer needed, for ",
        Bold(wording.share(kept["share"])),
        f" of {wording.count(kept['mature'])} leads{_against(kept, promise)}",
    ]
    if missed:
        parts += ["; ", Link(f"{wording.count(missed)} got less", href("missed"))]
    if given_up["abandoned"]:
        parts += [
            ", and ",
            Link(f"{wording.count(given_up['abandoned'])} were tried, never reached and left before attempt {promise.attempts}", href("abandoned")),
        ]
    return parts


def is_broken(kept: dict, promise: Promise) -> bool:
    """Fewer than the promised share of leads old enough, of which there are enough to say."""
    return kept["mature"] >= MINIMUM_N and kept["kept"] * 100 < promise.percent * kept["mature"]


def _against(kept: dict, promise: Promise) -> str:
    """', against 90 % promised', ', just under the 65 % promised', ', as promised (at least 60 %)'."""
    if not is_broken(kept, promise):
        return f", as promised (at least {promise.percent} %)"
    is_near = wording.share(kept["share"]) == f"{promise.percent} %"
    return f", just under the {promise.percent} % promised" if is_near else f", against {promise.percent} % promised"


def headline_of_counts(passes: int, found: pl.DataFrame) -> list[Part]:
    """Where nothing is known but how often leads were tried: '45,211 of 45,211 leads were tried, half of them twice or less'."""
    tried = found["at_risk"][0]
    usual = found.filter(pl.col("at_risk") * 2 >= tried)["attempt"].max()
    often = {1: "once", 2: "once or twice"}.get(usual, f"{usual} times or less")
    return [Bold(wording.count(tried)), f" of {wording.plural(passes, 'lead')} were tried, half of them ", Bold(often)]


def strip(kept: dict, before: dict | None, given_up: dict, found: pl.DataFrame, meetings: pl.DataFrame, promise: Promise, then: str) -> list[Figure]:
    """Promise, chance at the first and at the promised last attempt, given up, no-shows. What is not recorded is said to be so."""
    if not found["contacted"].sum():
        return [
            _promise(kept, before, then, promise),
            *(_not_recorded(name) for name in ("The 1st attempt reaches", "Given up early")),
            _no_shows(meetings),
        ]
    return [
        _promise(kept, before, then, promise),
        *_chances(found, promise),
        _given_up(given_up, promise),
        _no_shows(meetings),
    ]


def _promise(kept: dict, before: dict | None, then: str, promise: Promise) -> Figure:
    thin = kept["mature"] < MINIMUM_N
    early = kept["episodes"] - kept["mature"]
    change, against = change_of_share(kept["kept"], kept["mature"], before["kept"], before["mature"], then) if before else ("", "")
    meaning = "Of the leads old enough: got the promised calls and emails in time, or were reached, became an SQL or left by then."
    return Figure(
        label="Promise kept",
        value="too few" if thin else wording.share(kept["share"]),
        change=change,
        n=f"{promise.percent} % promised · of {wording.count(kept['mature'])}" + (f", {wording.count(early)} too early" if early else ""),
        is_broken=is_broken(kept, promise),
        meaning=f"{meaning} Promised: at least {promise.percent} %. {against}".rstrip(),
    )


def _ordinal(number: int) -> str:
    """1 -> '1st', 12 -> '12th'."""
    last = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"


def _not_recorded(label: str) -> Figure:
    return Figure(label=label, value=wording.ABSENT, unit="not recorded", meaning="These data do not say whether a lead was reached.")


def _chances(found: pl.DataFrame, promise: Promise) -> list[Figure]:
    told = []
    for attempt, label in ((1, "The 1st attempt reaches"), (promise.attempts, f"The {_ordinal(promise.attempts)} attempt reaches")):
        row = next((row for row in found.to_dicts() if row["attempt"] == attempt), None)
        n = row["at_risk"] if row else 0
        known = row is not None and row["hazard"] is not None
        told.append(
            Figure(
                label=label,
                value=wording.share(row["hazard"]) if known else "too few",
                n=f"of {wording.count(n)} that got it",
                meaning=f"Of the leads not reached before that got attempt {attempt}, the share that it reached.",
            )
        )
    return told[:1] if promise.attempts == 1 else told


def _given_up(given_up: dict, promise: Promise) -> Figure:
    n = given_up["open_unreached"]
    return Figure(
        label="Given up early",
        value="too few" if n < MINIMUM_N else wording.share(given_up["share"]),
        n=f"{wording.count(given_up['abandoned'])} of {wording.count(n)} open, unreached",
        meaning=f"Of open leads tried and never reached: fewer than {promise.attempts} attempts, the last more than 14 days before the data end.",
    )


def _no_shows(meetings: pl.DataFrame) -> Figure:
    counts = dict(meetings.select("kind", "leads").iter_rows())
    if not sum(counts.values()):
        return Figure(label="No-shows left", value=wording.ABSENT, unit="not recorded", meaning="These data hold no meeting.")
    missed = sum(n for kind, n in counts.items() if kind.startswith("missed") and kind != "missed_lately")
    if not missed:
        when = " more than 7 days ago" if counts["missed_lately"] else ""
        return Figure(label="No-shows left", value="none", n=f"no meeting of {wording.count(sum(counts.values()))} leads was missed{when}")
    return Figure(
        label="No-shows left",
        value="too few" if missed < MINIMUM_N else wording.share(counts["missed_left"] / missed),
        n=f"{wording.count(counts['missed_left'])} of {wording.count(missed)} missed meetings",
        meaning="Of the leads that missed a meeting, those of which nothing more is on record for over 7 days: none set anew, held or called off.",
    )


def clockless(passes: int, without_mql: int) -> str:
    """Why Speed to lead counts fewer leads; '' where it does not."""
    if not without_mql:
        return ""
    have = "has no MQL of its own" if without_mql == 1 else "have no MQL of their own"
    return (
        f"{wording.count(without_mql)} of {wording.plural(passes, 'lead')} {have}, only a later stage: "
        f"counted here from that on, left out by Speed to lead, which has {wording.count(passes - without_mql)}."
    )


def chance_title(found: pl.DataFrame) -> str:
    """'The chance of contact falls from 36 % at the first attempt to 16 % at the 10th'."""
    shown = found.filter(pl.col("hazard").is_not_null())
    if shown.height < 2:
        return "How likely does the next attempt reach the lead?"
    first, last = shown.row(0, named=True), shown.row(-1, named=True)
    low, high = difference_interval(last["contacted"], last["at_risk"], first["contacted"], first["at_risk"])
    ends = f"{wording.share(first['hazard'])} at the first attempt"
    if high < 0:
        return f"The chance of contact falls from {ends} to {wording.share(last['hazard'])} at attempt {last['attempt']}"
    if low > 0:
        return f"The chance of contact rises from {ends} to {wording.share(last['hazard'])} at attempt {last['attempt']}"
    return f"The chance of contact hardly changes: {ends}, {wording.share(last['hazard'])} at attempt {last['attempt']}"


def rates_differ(k1: int, n1: int, k2: int, n2: int) -> bool:
    """Whether the intervals of two shares keep apart."""
    if min(n1, n2) < MINIMUM_N:
        return False
    (_, high1), (low2, _) = wilson(k1, n1), wilson(k2, n2)
    (low1, _), (_, high2) = wilson(k1, n1), wilson(k2, n2)
    return high1 < low2 or high2 < low1
