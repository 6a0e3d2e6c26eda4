"""Flags beside the class of a leak, and whose side its reason is on (docs/leaks.md), one episode at a time.

Limits are the promises' and are given; none has a default here but the 60 days of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from .attributes import compared
from .follow_up import first_attempt
from .history import History, Lead
from .leaks import attempts
from .replay import Subject, qualifies
from .touches import Pass, assignment_of_hand_over, hand_over

AGE = timedelta(days=60)
FIT = ("wrong_target", "cannot_pay", "bad_data", "duplicate", "competitor")
REASONS = (*FIT, "happy_elsewhere", "no_need", "bad_timing", "unreachable", "outside", "other", "unstated")


# Flags of touches


def is_untouched(each: Pass) -> bool:
    """ "untouched"; ""Never touched" = no attempt", in the whole episode."""
    return not attempts(each.touches)


def last_sign_of_sales(each: Pass) -> datetime:
    """The last touch of any kind, also inbound or automated; where there was none, the opening."""
    return each.touches[-1]["occurred_at"] if each.touches else each.episode.opened_at


def is_neglected(each: Pass, history: History) -> bool:
    """ "age over 60 days without a touch": still open, and no touch of any kind for more than 60 days before data_through."""
    return each.episode.is_open and history.data_through - last_sign_of_sales(each) > AGE


# Flags of time


def watched_until(each: Pass, history: History) -> datetime:
    """ "to the next episode's opening or data_through, a closing does not end them" """
    return each.next_opened_at or history.data_through


def is_late_hand_over(each: Pass, history: History, limit: timedelta) -> bool:
    """ "late_hand_over": "System delay = mql to hand-over" over the limit, or no hand-over while it ran over the limit."""
    return (hand_over(each, history) or watched_until(each, history)) - each.mql_at > limit


def is_late_first_touch(each: Pass, history: History, limit: timedelta) -> bool:
    """ "late_first_touch": "human delay = hand-over to first attempt (0 ... when the attempt came before the hand-over)" over the limit, or
    no attempt while it ran over the limit. "Never assigned: ... the human delay does not exist", so it is not late: never_assigned says it.
    """
    handed_over_at = hand_over(each, history)
    if handed_over_at is None:
        return False
    return (first_attempt(each) or watched_until(each, history)) - handed_over_at > limit


def is_status_stale(each: Pass, lead: Lead, history: History, limit: timedelta) -> bool:
    """ "status_stale"; "status updated within U days": still open, and its last stage change, a repeat too, longer ago than the limit."""
    changes = [row["occurred_at"] for _, row in lead.stage_changes]
    return each.episode.is_open and history.data_through - max(changes) > limit


# Flags of what it was


def misses_required_field(each: Pass, fields: Iterable[str]) -> bool:
    """ "missing_required_field"; "required_fields ... present at the decision": as known when the episode opened, as segments are."""
    return any(each.episode.attributes.get(field) is None for field in fields)


def misses_definition(each: Pass, subject: Subject, definition: dict) -> bool:
    """ "did_not_meet_definition": the bar in force did not hold at the instant of the opening, as the lead was known then."""
    return not qualifies(subject, definition, each.episode.opened_at)


def open_leads_of(rep_id: str, passes: Iterable[Pass], t: datetime) -> int:
    """Episodes open at `t` whose lead the rep owned then."""
    found = 0
    for each in passes:
        is_open = each.episode.opened_at <= t and (each.episode.closed_at is None or t < each.episode.closed_at)
        owners = [row["rep_id"] for row in each.assignments if row["occurred_at"] <= t]
        found += is_open and owners[-1:] == [rep_id]
    return found


def is_rep_overloaded(each: Pass, history: History, passes: Iterable[Pass], cap: int) -> bool:
    """ "overloaded_rep"; "open leads per rep within the cap": over it at the hand-over, this lead counted."""
    row = assignment_of_hand_over(each, history)
    return row is not None and open_leads_of(row["rep_id"], passes, hand_over(each, history)) > cap


# Sides


def reason_of(each: Pass, mapped: Mapping[str, str]) -> str:
    """ "Reasons are mapped onto: ... other, unstated". `mapped`: text of the organisation -> reason, compared by its folded form. The
    twelve stand for themselves, no text is unstated, any other one is other.
    """
    text = compared(each.episode.exit_reason)
    if text is None:
        return "unstated"
    given = {compared(label): reason for label, reason in mapped.items()} | {reason: reason for reason in REASONS}
    return given.get(text, "other")


def side(reason: str, is_definition_missed: bool, is_promise_missed: bool) -> str:
    """ "Side: fit = the definition in force was not met, or a fit reason (...); follow-up = a sales promise was missed; both; outside = an
    outside reason; neither." An outside reason counts where neither fit nor follow-up holds.
    """
    is_fit = is_definition_missed or reason in FIT
    if is_fit and is_promise_missed:
        return "both"
    if is_fit or is_promise_missed:
        return "fit" if is_fit else "follow-up"
    return "outside" if reason == "outside" else "neither"
