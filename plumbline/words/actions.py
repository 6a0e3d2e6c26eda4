"""Actions in words: a first text for one, what became of it, whether it helped. Never that something came because of it."""

from __future__ import annotations

from plumbline import wording
from plumbline.meeting.did_it_help import Helped
from plumbline.meeting.week import Followed, Judged, LeakOfWeek, Week
from plumbline.words.parts import Bold, Part
from plumbline.words.scorecard import actual

# What is done about a promise, as a first proposal for the text of an action.
_TO_KEEP = {
    "acceptance": "Go through the leads that were not accepted, and agree on what must change",
    "volume": "Bring more leads that meet the definition",
    "meets_definition": "Stop passing leads that do not meet the definition",
    "required_fields": "Fill the required fields before leads are handed over",
    "hand_over": "Hand leads over in time",
    "returned": "Mend or give up the leads that came back",
    "recycled": "Take up recycled leads again",
    "decision": "Decide on each lead in time",
    "first_touch": "Make the first call or email in time",
    "follow_up": "Get back to accepted leads in time",
    "touches": "Make all the calls and emails that were promised",
    "first_week_calls": "Make all the calls of the first week",
    "status": "Keep the stage of each lead up to date",
    "reason": "Say why a lead left",
    "evidence": "Write down the evidence when a lead becomes an SQL",
    "open_leads": "Share out leads, so that nobody has too many open",
}


def action_about_leak(one: LeakOfWeek) -> str:
    """A first text for an action about a leak: 'Source webinar: find out why nobody tried to reach them'."""
    cause = one.cause.split(" (")[0]
    return f"{one.named}: find out why {cause or 'fewer go on than before'}"


def action_about_promise(one: Judged) -> str:
    """A first text for an action about a promise: 'Make the first call or email in time (61 % of 88; promised: 80 % within 30 minutes)'."""
    told = f"{actual(one.row)} of {wording.count(one.row.n)}" if one.row.promise != "volume" and one.row.n else actual(one.row)
    return f"{_TO_KEEP[one.kind]} ({told}; agreed: {one.target})"


def became(one: Followed) -> str:
    """What became of an action: 'due 23 Nov 2026', 'overdue since ...', 'done on ...: ...'."""
    action = one.action
    if action.is_open:
        return f"{'overdue since' if one.is_overdue else 'due'} {wording.day(action.due)}"
    return f"{action.outcome} on {wording.day(action.settled_on)}{f': {action.note}' if action.note else ''}"


def helped(one: Followed) -> str:
    """Whether it helped, as one sentence; '' where there is nothing to say. Never that something came because of it."""
    if one.why_not:
        return f"{one.why_not}."
    if one.helped is None:
        return ""
    return _helped(one.helped)


def _helped(found: Helped) -> str:
    group = found.group
    before, after = _share(group.k_before, group.n_before), _share(group.k_after, group.n_after)
    if found.verdict == "too_early":
        return f"Too early to say whether it helped: {before} before, {after} since; 30 on each side are needed."
    told = f"{before} before, {after} since"
    if found.others is not None:
        others = found.others
        told += f"; of all others {_share(others.k_before, others.n_before)} before, {_share(others.k_after, others.n_after)} since"
    beside = " beside the others" if found.others is not None else ""
    if found.verdict == "chance" or found.change is None:
        return f"No more than chance: {told}."
    moved = f"{wording.points(found.change.value)}{beside} ({wording.signed_points(found.change.low)} to {wording.signed_points(found.change.high)})"
    return f"{'Better' if found.verdict == 'helped' else 'Worse'} since: {moved}; {told}."


def _share(k: int, n: int) -> str:
    return f"{wording.share(k / n)} of {wording.count(n)}" if n else "none"


def open_actions(week: Week) -> list[Part]:
    """'5 actions are open, 2 of them overdue.'"""
    still = [one for one in week.actions if one.action.is_open]
    late = sum(one.is_overdue for one in still)
    if not still:
        return ["No action is open."]
    told: list[Part] = [Bold(wording.plural(len(still), "action")), f" {'is' if len(still) == 1 else 'are'} open"]
    if late:
        told.append(f", {wording.count(late)} of them overdue" if len(still) > 1 else ", and overdue")
    return [*told, "."]
