"""Volume, rejections, feedback and drafts of a quarter, in sentences."""

from __future__ import annotations

import math
from datetime import date, timedelta

from plumbline import wording
from plumbline.agreement.promises import KINDS
from plumbline.meeting.quarter import Barring, Draft, Opinion, Quarter
from plumbline.wording import count, day, plural
from plumbline.words.reasons import REASONS

_CASES = 3  # reasons that the title of the rejections names


def volume_title(quarter: Quarter) -> str:
    """'337 qualified leads came by 4 Oct 2026 where 384 were promised: 47 short'."""
    due = [week for week in quarter.volume if week.is_over and week.target is not None]
    if not quarter.volume:
        return "No number of leads was promised"
    if not due:
        return "No week of the quarter is over yet"
    came, target = sum(week.came or 0 for week in due), math.ceil(sum(week.target or 0.0 for week in due) - 1e-9)
    through = day(max(week.monday for week in due) + timedelta(days=6))
    left = target - came
    end = f"{count(left)} short" if left > 0 else f"{count(-left)} more" if left < 0 else "as many"
    return f"{plural(came, 'qualified lead')} came by {through} where {count(target)} were promised: {end}"


def volume_note(quarter: Quarter) -> str:
    """Which weeks are in it."""
    without = sum(week.target is None for week in quarter.volume)
    said = "Weeks that begin in the quarter, each against its part of the working days; added up."
    return f"{said} For {plural(without, 'week')} no number was promised." if without else said


def rejections_title(quarter: Quarter) -> str:
    """'94 of 282 leads that sales decided were sent back: wrong target 31, ...'."""
    found = quarter.rejections
    n = found.rejected + found.accepted
    if found.why_not:
        return f"{found.why_not[:1].upper()}{found.why_not[1:]}"
    if not n:
        return "No lead that opened in the quarter has been accepted or sent back yet"
    named = ", ".join(f"{REASONS[name]} {count(k)}" for name, k in found.reasons[:_CASES])
    verb = "was" if found.rejected == 1 else "were"
    return f"{count(found.rejected)} of {plural(n, 'lead')} that sales decided {verb} sent back" + (f": {named}" if named else "")


def barring_name(one: Barring | Draft) -> str:
    """'Draft 3, “Larger companies”', 'Version 1, “Mid-size”'."""
    is_draft = one.is_draft if isinstance(one, Barring) else True
    return f"{'Draft' if is_draft else 'Version'} {one.number}, “{wording.shortened(one.name, 60)}”"


def barring_title(one: Barring, quarter: Quarter) -> str:
    """'Draft 4, “No webinars”, would have barred 52 of the 94 sent back, and 71 of the 188 accepted, of whom 41 became SQLs'."""
    found = quarter.rejections
    sqls = f", of whom {count(one.whole.sqls)} became {'an SQL' if one.whole.sqls == 1 else 'SQLs'}" if one.whole.sqls else ""
    return (
        f"{barring_name(one)}, would have barred {count(one.whole.caught)} of the {count(found.rejected)} sent back,"
        f" and {count(one.whole.lost)} of the {count(found.accepted)} accepted and kept{sqls}"
    )


def opinion_title(said: Opinion, about: str) -> str:
    """'2 of 3 reps agree with version 2'."""
    if not said.n:
        return f"No rep has said what they think of {about}"
    verb = "agrees" if said.agree == 1 else "agree"
    return f"{count(said.agree)} of {plural(said.n, 'rep')} {verb} with {about}"


def rule_name(rule: str) -> str:
    """The rule that a rep spoke of: the title of a promise, else as it stands."""
    return KINDS[rule].title if rule in KINDS else wording.shortened(rule[:1].upper() + rule[1:], 120)


FIGURES = {
    "period": "Simulated on",
    "qualified leads a week": "Qualified leads a week",
    "acceptance, of those known": "Accepted, of those known",
    "became SQL, of those known": "Became SQL, of those known",
    "chance that the volume is met": "Chance that the volume is met",
    "leads per rep in a busy week": "Leads a rep in a busy week",
}


def draft_figure(name: str, told: str) -> str:
    """A headline figure of a frozen simulation as it is read; the period as days."""
    if name != "period":
        return told
    first, last = (date.fromisoformat(one) for one in told.split(" to "))
    return wording.period(first, last + timedelta(days=1))


def drafts_title(quarter: Quarter) -> str:
    """'2 drafts are on the table'."""
    n = len(quarter.drafts)
    if not n:
        return "No draft is on the table"
    return f"{plural(n, 'draft')} {'is' if n == 1 else 'are'} on the table"


def draft_note(one: Draft) -> str:
    """Its state, its day, what does not change."""
    state = {
        "draft": "not simulated yet",
        "simulated": "simulated, signed by nobody",
        "signed": f"signed for {wording.listing(list(one.signed))}",
        "needs_attention": "signed by somebody who no longer holds the role",
    }.get(one.state, one.state)
    told = f"Would be in force from {day(one.effective)}; {state}."
    if one.against is None:
        return f"{told} There is no version in force to compare it with."
    return f"{told} Against version {one.against}; {plural(one.same, 'part')} of the agreement {'does' if one.same == 1 else 'do'} not change."
