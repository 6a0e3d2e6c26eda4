"""A leak in words: whose leads, how many went on, how they leaked, on whose side. Screens and minutes say the same."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline import wording
from plumbline.leaks.ranked import Ranked
from plumbline.leaks.ranking import Leak
from plumbline.steps import ALL, Steps

CLASSES = {
    "rejected": "sales sent them back",
    "recycled": "sales sent them back to marketing to wait",
    "disqualified": "they were disqualified",
    "lost": "they were lost",
    "never_assigned": "nobody was given them",
    "never_touched": "nobody tried to reach them",
    "never_touched_since_accepted": "nobody tried to reach them since they were accepted",
    "no_show": "they missed the meeting, and no other was set",
    "contacted_no_decision": "they were reached, and nobody decided",
    "worked_no_answer": "they were tried often and never reached",
    "gave_up_early": "reps gave up early",
    "still_worked": "they are still being worked",
    "open_past_window": "they are still open past the time agreed",
    "not_recorded": "they are past the window",
}
SIDES = {
    "fit": ("fit", "the leads did not fit"),
    "follow-up": ("follow-up", "a promise of sales was missed"),
    "both": ("both sides", "they did not fit, and a promise of sales was missed"),
    "outside": ("outside", "nobody in the company had it in hand"),
    "neither": ("neither side", "no promise was missed, and no reason says that they did not fit"),
    "unknown": ("cannot be told", "whether a promise of sales was missed is not recorded"),
}
_NEARLY = 0.75  # a second way of leaking is named beside the first from this part of it on


def segment(found: Ranked, leak: Leak) -> str:
    """'Source partner', 'Role it in region Europe', 'All leads'."""
    words = pairs(found.segment(leak))
    return words[:1].upper() + words[1:]


def pairs(segment: Sequence[tuple[str, str]]) -> str:
    """'source partner and region not known'; 'all leads' for none. segment: (attribute, value) pairs, "" for a value that is not known."""
    told = [f"{name.replace('_', ' ')} {wording.shortened(value, 40) or 'not known'}" for name, value in segment]
    return " and ".join(told) or "all leads"


def as_known_today(names: Sequence[str]) -> str:
    """'; region as known today': changes of these attributes were not recorded; '' for none."""
    return f"; {wording.listing(list(names))} as known today" if names else ""


def causes(found: Ranked, leak: Leak, missing: str, most: int = 2) -> str:
    """'They missed the meeting, and none was held (28 more than usual)'; two ways (`most`) where the second is nearly as much; '' where none
    is in excess. missing: what is not recorded of how leads leak (on_record.what_is_missing)."""
    told = sorted(((more, name) for name, more in found.classes[leak].items() if more >= 0.5), reverse=True)
    near = [name for more, name in told[:most] if more >= _NEARLY * told[0][0]]
    counts = {name: wording.count(more) for more, name in told}
    if not near:
        return ""
    unknown = {name: f"; {missing} not recorded" if name == "not_recorded" else "" for name in near}
    words = f"{CLASSES[near[0]]} ({counts[near[0]]} more than usual{unknown[near[0]]})"
    return words if len(near) == 1 else f"{words}, or {CLASSES[near[1]]} ({counts[near[1]]}{unknown[near[1]]})"


def rates(leak: Leak, steps: Steps = ALL) -> str:
    """'31 % of 140 accepted leads became SQLs, 69 % were to be expected'."""
    _, many, _, did = steps.who(leak.step)
    since = f" since {wording.day(leak.first_day)}" if leak.first_day else ""
    return f"{wording.share(leak.k / leak.n)} of {wording.count(leak.n)} {many}{since} {did}, {wording.share(leak.expected)} were to be expected"


def lost(leak: Leak, steps: Steps) -> str:
    """'48 SQLs lost'."""
    return f"{wording.count(leak.lost)} {steps.reached(leak.step)} lost"


def lost_and_worth(found: Ranked, leak: Leak, steps: Steps, currency: str) -> str:
    """'48 SQLs lost, worth $252 k'."""
    value = found.worth.of_leads(leak.step, leak.lost)[2]
    return f"{lost(leak, steps)}, worth {wording.money(value, currency)}" if value is not None else lost(leak, steps)


def why_none(found: Ranked, rows_now: int, has_steps: bool) -> str:
    """Why no leak is shown, as a sentence without its full stop. rows_now: mature entries of the step that has most."""
    if not has_steps:
        return "No stage after MQL is recorded: where leads leak cannot be told"
    if not found.looked_at and rows_now < wording.MINIMUM_N:
        return "Too few leads are old enough to tell a leak from chance"
    if not found.looked_at:
        return "No leads to hold these against: nothing is recorded that tells one from another, and none of the year before"
    return f"No leak beyond chance, with {wording.count(found.looked_at)} segments looked at"
