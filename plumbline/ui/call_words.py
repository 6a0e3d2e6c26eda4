"""What the call list says: its headline, its figures, its notes. Counts in, parts of text out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plumbline import wording
from plumbline.definition import Definition
from plumbline.speed.calls import LISTED, SILENT_DAYS, TRIED, UNTRIED
from plumbline.ui.text import Bold, Figure, Link, Part

NOBODY = "(no owner)"
PARTS = {"hot": ("hot",), "first": ("first",), "more": ("hot_due", "due"), "late": ("late",), "missed": ("missed",), "neglected": ("neglected",),
         "done": ("done",)}  # fmt: skip
"""A part of the list by its name in the address -> the groups in it."""
IN_WORDS = {
    "hot": "hot and never tried, the latest sign first",
    "first": "never tried, the promise still runs, the nearest deadline first",
    "more": "tried, and more calls or emails due; hot ones first, then the nearest deadline",
    "late": "never tried, and the promise is over; the latest hand-over first",
    "missed": "tried too little, and the promise is over; the latest hand-over first",
    "neglected": f"no hand-over, touch or sign for over {SILENT_DAYS} days; the latest hand-over first",
    "done": "got all that was promised, not reached; the latest hand-over first",
}
HOW = (
    "First the hot ones that nobody tried, the latest sign first; then those never tried within the days of the promise, the nearest deadline "
    "first; hot ones that were tried, with calls or emails due; others with some due, the nearest deadline first; those never tried in time; those "
    f"tried too little in time. The last two only with a hand-over, a touch by a person or a sign of interest in the last {SILENT_DAYS} days. "
    "Calls and emails count from the hand-over, or from MQL where nobody got the lead."
)
Href = Callable[[str], str]


def headline(counts: Mapping[str, int], whose: str, has_signs: bool) -> list[Part]:
    """'43 leads wait for a first call, 12 of them hot; 96 more have calls or emails due'. whose: a rep's name, '' for all."""
    untried, tried = sum(counts[name] for name in UNTRIED), sum(counts[name] for name in TRIED)
    parts: list[Part] = [f"{wording.shortened(whose, 40)}: "] if whose else []
    if not untried and not tried:
        return [*parts, "nobody waits for a call now" if parts else "Nobody waits for a call now"]
    if not untried:
        return [*parts, Bold(wording.plural(tried, "lead")), f" {'has' if tried == 1 else 'have'} calls or emails due; all were tried"]
    parts += [Bold(wording.plural(untried, "lead")), f" {'waits' if untried == 1 else 'wait'} for a first call"]
    if counts["hot"]:
        parts += [", ", Bold(wording.count(counts["hot"])), " of them hot" if untried > 1 else " hot"]
    elif has_signs:
        parts += [", none of them hot"] if untried > 1 else []
    if tried:
        parts += ["; ", Bold(f"{wording.count(tried)} more"), f" {'has' if tried == 1 else 'have'} calls or emails due"]
    return parts


def terms(definition: Definition | None, has_signs: bool, has_acts: bool, promised: str, hot_days: int) -> list[str]:
    """By what hot is meant, and what was promised. promised: '3 calls and 3 emails in 14 days'."""
    promise = f"Promised: {promised} from hand-over."
    if has_signs:
        name = f"“{wording.shortened(definition.name, 60)}”" if definition.name else "the draft"
        return [f"Hot: high interest by {name}, with a sign of it in the last {hot_days} days of the data. {promise}"]
    if not has_acts:
        return [f"These data hold no activities of leads: who is hot cannot be told, and the order goes by the promise alone. {promise}"]
    if definition is None:
        return [f"No definition is at hand to say who is hot: the order goes by the promise alone. {promise}"]
    return [f"This definition asks nothing of what leads do, so nobody counts as hot: choose another under “Hot by”. {promise}"]


def unknown(has_owners: bool, has_contacts: bool) -> list[str]:
    """What these data do not say, and what that does to the list."""
    told = []
    if not has_owners:
        told.append("These data do not say who has a lead: the list cannot be split by rep, and the promise counts from MQL.")
    if not has_contacts:
        told.append("These data do not say what came of an attempt: leads that were reached may stand on the list.")
    return told


def moved(n: int) -> str:
    """That some leads have another owner than the filters go by."""
    have = wording.plural(n, "of these leads has", "of these leads have")
    return f"{have} changed hands since the hand-over: the list names who has {'it' if n == 1 else 'them'} now, the filters ask for the first."


def strip(counts: Mapping[str, int], has_signs: bool, href: Href, has_contacts: bool = True) -> list[Figure]:
    """The parts of the list, each a way to its leads."""

    def part(name: str, label: str, under: str, meaning: str, is_broken: bool = False) -> Figure:
        n = sum(counts[group] for group in PARTS[name])
        return Figure(label, wording.count(n), n=under, href=href(name) if n else "", meaning=meaning, is_broken=is_broken and n > 0, broken_word="")

    hot = part("hot", "Hot, never tried", "latest sign first", "High interest now by the definition, and nobody has tried to reach them.")
    if not has_signs:
        hot = Figure("Hot, never tried", wording.ABSENT, n="cannot be told", meaning="No definition that asks what leads do is at hand.")
    return [
        hot,
        part("first", "Never tried, in time", "the promise still runs", "Nobody has tried to reach them, and the days of the promise are not over."),
        part(
            "more",
            "More calls or emails due",
            f"{wording.count(counts['hot_due']) if counts['hot_due'] else 'none'} of them hot" if has_signs else "the promise still runs",
            f"Tried{', not reached,' if has_contacts else ''} and less was done than promised. The promise still runs"
            f"{', or the lead is hot' if has_signs else ''}.",
        ),
        part("late", "Never tried, too late", "the promise is over", "Nobody tried to reach them in the days of the promise, nor since.", True),
        part("missed", "Tried too little", "the promise is over", "Fewer calls or emails than promised, in its days and since.", True),
    ]


def left_out(counts: Mapping[str, int], href: Href, has_contacts: bool = True) -> list[Part]:
    """Who waits and is not on the list, so that the parts add up."""
    waiting, listed = sum(counts.values()), sum(counts[name] for name in LISTED)
    open_leads = wording.plural(waiting, "open lead")
    parts: list[Part] = [
        f"{wording.count(listed)} of {open_leads}{' that nobody has reached' if has_contacts else ''} {'is' if listed == 1 else 'are'} listed."
    ]
    if n := counts["neglected"]:
        has = "has" if n == 1 else "have"
        parts += [" ", Link(f"{wording.count(n)} more", href("neglected")), f" {has} lain for over {SILENT_DAYS} days: neglected."]
    if n := counts["done"]:
        was = "was" if n == 1 else "were"
        parts += [" ", Link(wording.count(n), href("done")), f" got all that was promised{f' and {was} not reached' if has_contacts else ''}."]
    return parts


def why_none(counts: Mapping[str, int], is_part: bool) -> str:
    """Why a list is empty, with these filters and for this rep."""
    if is_part and any(counts[name] for name in LISTED):
        return "No lead stands in this part of the list now; others do."
    if counts["neglected"] or counts["done"]:
        return "Those that wait have waited too long to be called for here, or got all that was promised."
    return "Every lead was reached, became an SQL or left, as the data end."
