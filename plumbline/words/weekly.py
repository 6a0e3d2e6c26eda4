"""The week in sentences: the verdict, leaks, calls, rejections, wins. The screen and the minutes say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from plumbline import wording
from plumbline.agreement.promises import percent
from plumbline.meeting.changes import WEEKS
from plumbline.meeting.week import Judged, LeakOfWeek, Week
from plumbline.speed.touches_promised import Promise as Touches
from plumbline.words.leaks import SIDES
from plumbline.words.parts import Bold, Part
from plumbline.words.reasons import REASONS

if TYPE_CHECKING:
    from plumbline.agreement.version import Version

_DAYS_TO_REVIEW = 14  # before the day, from which on the review is spoken of


# The verdict


def verdict(week: Week) -> list[Part]:
    """The first sentence: what both sides kept, and what is furthest from it; without an agreement, that there is none."""
    if not week.agreed.agreement:
        return _without_agreement(week)
    judged = [one for one in week.promises if one.row.status in ("met", "missed")]
    if not judged:
        return [Bold("Nothing can be judged"), f" of the week {week.days}: {_why_nothing(week)}"]
    told: list[Part] = []
    for side in ("marketing", "sales"):
        mine = [one for one in week.of_side(side) if one in judged]
        if mine:
            kept = sum(one.row.status == "met" for one in mine)
            n = f"all {kept}" if kept == len(mine) > 2 else f"{kept} of {len(mine)}"
            told += [" and sales kept " if told else f"{side.capitalize()} kept ", Bold(n)]
    broken = sorted((one for one in judged if one.row.status == "missed"), key=_missing_part, reverse=True)
    shared = [one for one in judged if one.side == "both"]
    told = [*told, " promises" if told else "What both sides promised was "]
    if len(told) == 1:
        told.append(Bold("kept" if not broken else "broken"))
    if not week.is_over:
        told.append(" so far")
    if broken:
        worst = next((one for one in broken if one in shared), broken[0])
        told += [
            "; ",
            f"furthest short: {_lower(worst.title)}, " if worst.side != "both" else f"{_lower(worst.title)}, which both promised, was ",
            *_against(worst),
        ]
    elif shared:
        told += [f"; {_lower(shared[0].title)}, which both promised, was ", *_against(shared[0])]
    return told


def _missing_part(one: Judged) -> float:
    return one.row.short / max(1, one.row.needed)


def _against(one: Judged) -> list[Part]:
    row = one.row
    if row.promise == "volume":
        return [Bold(wording.count(row.n)), f" came where {wording.count(row.needed)} were due"]
    return [Bold(wording.share(row.actual)), f" against {percent(one.promise.share)} agreed" if one.promise.share else ""]


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _why_nothing(week: Week) -> str:
    if not week.promises:
        return "these data hold no times"
    if not week.is_over:
        return f"the data end on {wording.instant(week.data_through, week.time_zone)}"
    return "too little was due in it"


def _without_agreement(week: Week) -> list[Part]:
    told: list[Part] = [Bold("No agreement is in force"), ": there is nothing to keep or to break yet. "]
    if week.leaks.shown:
        first = week.leaks.shown[0]
        return [*told, "What costs most meanwhile is ", Bold(first.named[:1].lower() + first.named[1:]), f": {lost(first, week.currency)}"]
    return [*told, f"{week.leaks.why_none}"]


def why_no_version(monday: date, versions: Sequence[Version]) -> str:
    """Why no version judges the week, as a sentence without its full stop."""
    published = sorted((one for one in versions if one.published_at), key=lambda one: one.effective)
    day = wording.day(monday)
    if not versions:
        return "No agreement has been written yet"
    if not published:
        are = "is" if len(versions) == 1 else "are"
        return f"{wording.plural(len(versions), 'agreement')} {are} being worked on, none is published yet"
    if published[0].effective > monday:
        return f"The first agreement is in force from {wording.day(published[0].effective)} on, after the Monday of this week ({day})"
    ended = [one.last_day for one in published if one.last_day is not None and one.last_day < monday]
    return f"The agreement ended on {wording.day(max(ended))}" if ended else f"No agreement was in force on {day}"


def review_due(week: Week) -> str:
    """'On 4 Apr 2027 both sides look at the agreement again.', from two weeks before on; '' else."""
    due = week.agreed.review_due
    if due is None or week.next_meeting < due - timedelta(days=_DAYS_TO_REVIEW):
        return ""
    return f"The agreement is due for its quarterly review {'since' if due < week.next_meeting else 'on'} {wording.day(due)}."


# Leaks, calls, rejections, wins


def lost(leak: LeakOfWeek, currency: str) -> str:
    """'48 SQLs lost, worth $252 k'."""
    return f"{leak.lost}, worth {wording.money(leak.value, currency)}" if leak.value is not None else leak.lost


def leak(one: LeakOfWeek, currency: str) -> list[Part]:
    """'Source webinar: 48 SQLs lost, worth $252 k. 31 % of 140 leads were accepted, 69 % were to be expected; nobody tried to reach them.'"""
    told = f". {one.rates}{f'; {one.cause}' if one.cause else ''}."
    return [f"{one.named}: ", Bold(lost(one, currency)), told]


def side(one: LeakOfWeek) -> tuple[str, str]:
    """Whose side a leak is on: 'follow-up', and what that means."""
    return SIDES[one.side]


def leaks_of(week: Week) -> str:
    """'The 3 costliest of 7 leaks beyond chance, in the 26 weeks to 15 Nov 2026; 412 segments were looked at.'"""
    leaks = week.leaks
    if not leaks.shown:
        return f"{leaks.why_none}."
    n, over = len(leaks.shown), ""
    if leaks.since != date.min:
        over = f", in the {wording.plural((leaks.until - leaks.since).days // 7, 'week')} to {wording.day(leaks.until - timedelta(days=1))}"
    which = f"The {n} costliest of {leaks.found} leaks" if leaks.found > n else wording.words(wording.plural(n, "leak"))
    return f"{which} beyond chance{over}; {wording.count(leaks.looked_at)} segments were looked at."


def call_now(week: Week) -> list[Part]:
    """'43 leads wait for a first call, 12 of them hot; 96 more have calls or emails due.'"""
    counts_ = week.calls.counts
    if counts_ is None:
        return [f"{week.calls.why_not}."]
    untried, tried = (sum(counts_[name] for name in names) for names in (("hot", "first", "late"), ("hot_due", "due", "missed")))
    if not untried and not tried:
        return ["Nobody waits for a call as the data end."]
    told: list[Part] = []
    if untried:
        told += [Bold(wording.plural(untried, "lead")), f" {'waits' if untried == 1 else 'wait'} for a first call"]
        if counts_["hot"]:
            told += [", ", Bold(wording.count(counts_["hot"])), " of them hot"]
    if tried:
        more = (
            f"{wording.count(tried)} more {'has' if tried == 1 else 'have'}"
            if untried
            else f"{wording.plural(tried, 'lead')} {'has' if tried == 1 else 'have'}"
        )
        told.append(f"{'; ' if untried else ''}{more} calls or emails due")
    return [*told, "."]


def call_terms(week: Week, hot_by: str) -> str:
    """By what the calls are counted: 'Counted by 3 calls and 3 emails in 14 days from hand-over, as agreed; hot by “Mid-size with intent”.'"""
    found = week.calls
    made = Touches(found.calls, found.emails, found.days).in_words()
    is_agreed = week.agreed.agreement is not None and week.agreed.agreement.promise("touches") is not None
    hot = f"; hot by “{wording.shortened(hot_by, 60)}”" if found.has_signs and hot_by else ""
    return f"Counted by {made} from hand-over, {'as agreed' if is_agreed else 'the usual measure'}{hot}. A number opens its leads."


def rejections(week: Week) -> list[Part]:
    """'Sales sent back 14 leads, against 11 a week before; most often for no need (6).'"""
    found = week.rejections
    if found.why_not:
        return [f"{found.why_not}."]
    usual = f"{wording.decimal(found.n_before / WEEKS)} a week in the eight weeks before"
    if not found.n:
        return [f"No lead came back from sales in this week, against {usual}."]
    most = max(one.n for one in found.reasons)
    first = [REASONS.get(one.reason, wording.words(one.reason).lower()) for one in found.reasons if one.n == most]
    why = f"; most often: {first[0]} ({wording.count(most)})" if len(first) == 1 and most > 1 else ""
    return ["Sales sent back ", Bold(wording.plural(found.n, "lead")), f", against {usual}{why}."]


def no_rejections(has_exits: bool) -> str:
    """Why nothing is told of leads that came back, as a sentence without its full stop."""
    return "Leads that sales sent back are not recorded" if has_exits else "Leads that left the funnel are not recorded"


def wins(week: Week) -> list[Part]:
    """'3 deals were won, worth $84 k.'"""
    found = week.wins
    if found.why_not:
        return [f"{found.why_not}."]
    if not found.won:
        return ["No deal was won in this week."]
    n = len(found.won)
    known = sum(one.amount is not None for one in found.won)
    worth = f", worth {wording.money(found.amount, week.currency)}" if found.amount is not None else ""
    of = f" (the amount of {wording.count(known)} is known)" if 0 < known < n else ""
    return [Bold(wording.plural(n, "deal")), f" {'was' if n == 1 else 'were'} won{worth}{of}."]
