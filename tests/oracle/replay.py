"""When each lead first qualifies (docs/definitions.md, "When a lead qualifies"): lead by lead, instant by instant, row by row.

The definition is the parsed YAML as it stands: a dict of lists and dicts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from .attributes import changes_in_order, compared, known_at, shown
from .history import History, Lead, lead_rows, merges_in_force, resolve, rows_up_to, survivor

MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000  # microseconds
TOLERANCE = 1e-9
NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?")
NOT_OPERATORS = ("field", "points", "cap")


@dataclass
class Act:
    """One activity of a lead; `known`: from when replay sees it."""

    activity: str
    occurred_at: datetime
    known: datetime


@dataclass
class Subject:
    """One lead with what replay may see of it: its changes field by field, in order, and its activities."""

    lead: Lead
    changes: dict[str, list[dict]]
    acts: list[Act]


def replay(history: History, definition: dict, until: datetime | None = None) -> dict[str, tuple[datetime | None, float | None]]:
    """Lead -> first instant at which it qualifies and its score then; (None, None) when never. Without a score part the score is None."""
    last = history.data_through if until is None else until
    return {subject.lead.lead_id: first_qualified(subject, definition, last) for subject in subjects(history)}


def first_qualified(subject: Subject, definition: dict, until: datetime) -> tuple[datetime | None, float | None]:
    """ "The lead qualifies at the first instant where no exclusion matches, every gate holds and the score >= threshold" """
    for t in decision_instants(subject):
        if t <= until and qualifies(subject, definition, t):
            return t, (score(subject, definition["score"], t) if definition.get("score") else None)
    return None, None


def decision_instants(subject: Subject) -> list[datetime]:
    """ "created_at and the known-times of its activities and attribute changes" """
    instants = {subject.lead.created_at}
    instants |= {act.known for act in subject.acts}
    instants |= {known_at(row, subject.lead) for rows in subject.changes.values() for row in rows}
    return sorted(instants)


# What is known


def subjects(history: History) -> list[Subject]:
    """Survivors of merges with their own changes and the activities of their whole group."""
    there, into = lead_rows(history), merges_in_force(history)
    found: dict[str, Subject] = {}
    for lead in resolve(history):
        fields = dict.fromkeys(row["field"] for _, row in lead.lead_changes)
        found[lead.lead_id] = Subject(lead, {field: changes_in_order(lead, field) for field in fields}, [])
    for _, row in rows_up_to(history, "activities", "occurred_at"):
        final = survivor(row["lead_id"], into, there)
        if final is None:
            continue
        known = known_at(row, found[final].lead)
        visible_from = latest_merge(history, row["lead_id"], final, into)
        if visible_from is not None:
            known = max(known, visible_from)
        found[final].acts.append(Act(row["activity"], row["occurred_at"], known))
    return list(found.values())


def latest_merge(history: History, lead_id: str, final: str, into: dict[str, str]) -> datetime | None:
    """ "a loser's events only from the latest merged_at on their way (absent: from their own time)" """
    merged_at: dict[str, datetime | None] = {}
    for _, row in rows_up_to(history, "merges", "merged_at"):
        merged_at.setdefault(row["lead_id"], row.get("merged_at"))
    times = []
    here = lead_id
    while here != final:
        if merged_at[here] is not None:
            times.append(merged_at[here])
        here = into[here]
    return max(times) if times else None


def cell_at(subject: Subject, field: str, t: datetime) -> str | None:
    """ "the value of its latest known change ...; before its first change it has that change's old_value (none given:
    missing); an attribute that never changed has the value of `leads`"
    """
    changes = subject.changes.get(field, [])
    if not changes:
        return shown(subject.lead.attributes.get(field))
    known = [row for row in changes if known_at(row, subject.lead) <= t]
    return shown(known[-1].get("value")) if known else shown(changes[0].get("old_value"))


# The definition at an instant


def qualifies(subject: Subject, definition: dict, t: datetime) -> bool:
    if any(rule_holds(subject, rule, t) for rule in definition.get("exclude") or []):
        return False
    if any(cell_at(subject, field, t) is None for field in definition.get("required_fields") or []):
        return False
    if not all(rule_holds(subject, rule, t) for rule in [*(definition.get("fit") or []), *(definition.get("behaviour") or [])]):
        return False
    criteria = definition.get("criteria")
    if criteria and sum(rule_holds(subject, rule, t) for rule in criteria["of"]) < criteria["at_least"]:
        return False
    points = definition.get("score")
    return not points or score(subject, points, t) >= points["threshold"] - TOLERANCE


def rule_holds(subject: Subject, rule: dict, t: datetime) -> bool:
    if "field" in rule:
        (operator,) = (key for key in rule if key not in NOT_OPERATORS)
        return operator_holds(operator, cell_at(subject, rule["field"], t), rule[operator])
    acts = [act for act in subject.acts if folded(act.activity) == folded(rule["activity"]) and act.known <= t]
    if "within_days" in rule:
        acts = [act for act in acts if is_within(act.occurred_at, t, rule["within_days"])]
    return len(acts) >= rule.get("times", 1)


def is_within(occurred_at: datetime, t: datetime, days: float) -> bool:
    """ "the activities in (t - d days, t]" """
    age = (t - occurred_at) // MICROSECOND
    return 0 <= age < Fraction(str(days)) * DAY


def operator_holds(operator: str, cell: str | None, value: object) -> bool:
    """ "A missing value satisfies only `missing`" """
    if cell is None:
        return operator == "missing"
    number = number_of(cell)
    match operator:
        case "missing":
            return False
        case "present":
            return True
        case "is":
            return matches(cell, value)
        case "is_not":
            return not matches(cell, value)
        case "one_of":
            return any(matches(cell, one) for one in value)
        case "none_of":
            return not any(matches(cell, one) for one in value)
        case "at_least":
            return number is not None and number >= value
        case "at_most":
            return number is not None and number <= value
        case "between":
            return number is not None and value[0] <= number <= value[1]
    raise ValueError(operator)


def matches(cell: str, value: object) -> bool:
    """ "a boolean in a rule matches true/false, yes/no, 1/0 in any case; a number matches an equal number"; a text the same
    text in "Unicode full case folding" (docs/meaning.md: in NFC)
    """
    if value is True:
        return folded(cell) in ("true", "yes", "1")
    if value is False:
        return folded(cell) in ("false", "no", "0")
    if isinstance(value, str):
        return folded(cell) == folded(value)
    return number_of(cell) == float(value)


def folded(text: str) -> str:
    return unicodedata.normalize("NFC", compared(text) or "")


def number_of(cell: str) -> float | None:
    """ "([+-]digits[.digits][e[+-]digits], ASCII)" """
    return float(cell) if NUMBER.fullmatch(cell) else None


# Points


def score(subject: Subject, part: dict, t: datetime) -> float:
    """ "Score at t = sum over rules." """
    return float(sum(points_of(subject, rule, part.get("half_life_days"), t) for rule in part["points"]))


def points_of(subject: Subject, rule: dict, half_life_days: float | None, t: datetime) -> float:
    """ "A field rule gives its points while it holds. An activity rule gives points x sum over its known activities of
    2^(-(t - occurred_at) / half_life), clipped to `cap` in absolute value; negative points do not decay"
    """
    if "field" in rule:
        return rule["points"] if rule_holds(subject, rule, t) else 0.0
    total = 0.0
    for act in subject.acts:
        if folded(act.activity) == folded(rule["activity"]) and act.known <= t:
            if half_life_days is None or rule["points"] < 0:
                total += 1.0
            else:
                total += 2.0 ** -(((t - act.occurred_at) // MICROSECOND) / (half_life_days * DAY))
    given = rule["points"] * total
    cap = rule.get("cap")
    return given if cap is None else max(-cap, min(cap, given))
