"""What became of returned and dead leads (docs/leaks.md, "After the leak"), one at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .episodes import passes as passes_of
from .history import History, resolve
from .leak_flags import AGE, is_neglected, last_sign_of_sales, watched_until
from .leaks import last_stage
from .touches import Pass, hand_over, is_automated, is_outbound, rows_of_leads


@dataclass
class Returned:
    """`fate`: handed_over_again, discarded or lying; `took`: until then, or until now."""

    each: Pass
    fate: str
    took: timedelta


@dataclass
class Dead:
    """`signs`, any of them together: re_engaged, re_nurtured, revived, won."""

    each: Pass
    died_at: datetime
    signs: list[str] = field(default_factory=list)


def later_passes(each: Pass, passes: list[Pass]) -> list[Pass]:
    """The lead's passes after this one, in order."""
    return [other for other in passes if other.episode.lead_id == each.episode.lead_id and other.episode.number > each.episode.number]


# Returned


def discards(history: History) -> dict[str, list[datetime]]:
    """Lead -> when it was disqualified or lost while no episode was open: an exit that closes nothing."""
    found = {}
    for lead in resolve(history):
        strays = passes_of(lead.lead_id, lead.stage_changes).stray_exits
        found[lead.lead_id] = [row["occurred_at"] for row in strays if row["stage"] in ("disqualified", "lost")]
    return found


def is_returned(each: Pass) -> bool:
    """Sales gave it back: it left by rejected, at whatever step."""
    return each.episode.exit_stage == "rejected" and last_stage(each.episode) != "won"


def returned(history: History, passes: list[Pass]) -> list[Returned]:
    """ "Returned leads: fixed and handed over again, discarded, or lying (days)", first that fits. `passes`: all of the history's."""
    thrown = discards(history)
    found = []
    for each in passes:
        if is_returned(each):
            since = each.episode.exit_at
            again = [hand_over(other, history) for other in later_passes(each, passes)[:1]]
            away = [t for t in thrown[each.episode.lead_id] if since <= t and each.is_before_next(t)]
            if again and again[0] is not None:
                found.append(Returned(each, "handed_over_again", again[0] - since))
            elif away:
                found.append(Returned(each, "discarded", min(away) - since))
            else:
                found.append(Returned(each, "lying", history.data_through - since))
    return found


# Dead


def died_at(each: Pass, history: History) -> datetime | None:
    """ "Dead leads (recycled, disqualified, open and untouched over 60 days)": from the exit, or from the end of the 60 days."""
    if each.episode.exit_stage in ("recycled", "disqualified") and last_stage(each.episode) != "won":
        return each.episode.exit_at
    return last_sign_of_sales(each) + AGE if is_neglected(each, history) else None


def dead(history: History, passes: list[Pass]) -> list[Dead]:
    """ "re-engaged (new activity), re-nurtured, revived (new episode), won after revival". `passes`: all of the history's.

    An activity counts after the death, up to the opening that it may have led to; nurturing is what machines send in that time.
    """
    activities = rows_of_leads(history, "activities")
    found = []
    for each in passes:
        end = died_at(each, history)
        if end is None:
            continue
        case = Dead(each, end)
        acts = [row["occurred_at"] for row in activities.get(each.episode.lead_id, [])]
        if any(end < t <= watched_until(each, history) for t in acts):
            case.signs.append("re_engaged")
        if any(end < touch["occurred_at"] and is_automated(touch) and is_outbound(touch) for touch in each.touches):
            case.signs.append("re_nurtured")
        later = later_passes(each, passes)
        if later:
            case.signs.append("revived")
        if any(last_stage(other.episode) == "won" for other in later):
            case.signs.append("won")
        found.append(case)
    return found
