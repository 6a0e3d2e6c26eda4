"""Why a lead was passed, in words for the rep who calls it; or what was missing. Of a State (states.py), whoever made it."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from plumbline import wording
from plumbline.definition.kinds import said, sentence, shown
from plumbline.definition.model import ActivityRule
from plumbline.replay.states import Found, State

MOST_PARTS = 4  # named in a sentence; the rest is counted
_LONGEST_CELL = 40
_OFTEN = {1: "", 2: " twice"}
_YES_NO = {"true": "yes", "false": "no"}


def why(state: State) -> str:
    """'Demo request (25), webinar twice (20), seniority vp (15): 62 points against 60. Also: employees 250.'

    Of a lead that does not qualify: what is `lacking`.
    """
    if not state.qualifies:
        return lacking(state)
    others = [briefly(one) for one in _gates(state)]
    if state.score is None:
        told = ", ".join(others[: 2 * MOST_PARTS]) or "nothing bars it"
        return f"{told[:1].upper()}{told[1:]}."
    parts = points_in_words(state)
    told = f"{parts[:1].upper()}{parts[1:]}: {score_in_words(state)}." if parts else f"{score_in_words(state).capitalize()}."
    new = [one for one in dict.fromkeys(others) if one not in {briefly(given) for given in state.of("points")}]
    return f"{told} Also: {', '.join(new[:MOST_PARTS])}." if new else told


def standing(state: State) -> str:
    """The same of a lead as it stands now: 'Pricing page twice (20): 20 points against 60. 40 points short.'"""
    if state.qualifies:
        return why(state)
    there = points_in_words(state)
    there = f"{there}: {score_in_words(state)}" if there else ", ".join(briefly(one) for one in _gates(state)[:MOST_PARTS])
    return " ".join(part for part in (f"{there[:1].upper()}{there[1:]}." if there else "", lacking(state)) if part)


def lacking(state: State) -> str:
    """'12 points short; not yet: webinar at least once in the last 60 days.' Empty where nothing is missing."""
    told = []
    if state.short:
        told.append(f"{_number(state.short)} {'point' if _number(state.short) == '1' else 'points'} short")
    not_yet = [sentence(one.asked.rule) for part in ("required_fields", "fit", "behaviour") for one in state.of(part) if not one.holds]
    if state.criteria_met < state.definition.at_least:
        not_met = [sentence(one.asked.rule) for one in state.of("criteria") if not one.holds]
        met = f"{state.criteria_met} of {len(state.of('criteria'))} criteria where {state.definition.at_least} are needed"
        told.append(f"{met} (not yet: {_listed(not_met)})")
    if not_yet:
        told.append(f"not yet: {_listed(not_yet)}")
    if barred := [sentence(one.asked.rule) for one in state.of("exclude") if one.holds]:
        told.append(f"barred: {_listed(barred)}")
    line = "; ".join(told)
    return f"{line[:1].upper()}{line[1:]}." if line else ""


def points_in_words(state: State) -> str:
    """The parts of the score, the largest first: 'demo request (25), webinar twice (20), less unsubscribe (20)'. Empty where nothing gave any."""
    given = sorted((one for one in state.of("points") if abs(one.points) >= 0.05), key=lambda one: -abs(one.points))
    told = [f"{'less ' if one.points < 0 else ''}{briefly(one)} ({_number(abs(one.points))})" for one in given[:MOST_PARTS]]
    if rest := given[MOST_PARTS:]:
        told.append(f"{len(rest)} more ({_number(sum(one.points for one in rest))})")
    return ", ".join(told)


def score_in_words(state: State) -> str:
    """'62 points against 60'."""
    return f"{_number(state.score or 0.0, state.short)} points against {shown(state.definition.threshold or 0.0)}"


def briefly(one: Found) -> str:
    """What was found, as one says it aloud: 'webinar twice', 'seniority vp', 'email known'."""
    rule = one.asked.rule
    if isinstance(rule, ActivityRule):
        if not one.times:
            return f"no {said(rule.activity)}"
        often = _OFTEN.get(one.times, f" {wording.count(one.times)} times")
        days = "" if rule.within_days is None else f" in the last {'day' if rule.within_days == 1 else f'{shown(rule.within_days)} days'}"
        return f"{said(rule.activity)}{often}{days}"
    if one.cell is None:
        return f"{said(rule.field)} not known"
    return f"{said(rule.field)} {cell_in_words(one.cell)}"


def cell_in_words(cell: str) -> str:
    """A cell as one says it: yes and no for true and false."""
    return _YES_NO.get(cell.casefold()) or wording.shortened(cell, _LONGEST_CELL) or "known"


def found_in_words(one: Found, zone: tzinfo) -> str:
    """What a rule met with, for a table: 'vp', 'not known', 'twice, last on 12 Mar 2026', 'never'."""
    if not isinstance(one.asked.rule, ActivityRule):
        return "not known" if one.cell is None else cell_in_words(one.cell)
    if not one.times:
        return "never" if one.asked.rule.within_days is None else "not in that time"
    often = {1: "once", 2: "twice"}.get(one.times, f"{wording.count(one.times)} times")
    return f"{often}, {'last ' if one.times > 1 else ''}on {wording.day(moment(one.latest or 0, zone))}"


def moment(micros: int, zone: tzinfo) -> datetime:
    """An instant (microseconds since 1970 UTC) in a zone."""
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000).astimezone(zone)


def _gates(state: State) -> list[Found]:
    """What was asked beside points and holds, but for that which is merely known."""
    return [one for part in ("behaviour", "fit", "criteria") for one in state.of(part) if one.holds]


def _listed(clauses: list[str]) -> str:
    more = len(clauses) - MOST_PARTS
    return ", ".join(clauses[:MOST_PARTS]) + (f" and {more} more" if more > 0 else "")


def _number(value: float, apart: float = 0.0) -> str:
    """Whole from ten on, unless a point decides. `apart`: how far from the threshold, 0 where it is reached."""
    return wording.decimal(value, 0 if abs(value) >= 9.95 and not 0 < apart < 1 else 1)
