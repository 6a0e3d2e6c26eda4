"""A whole agreement in plain sentences: what both sides read before they sign. Behind each stands how it is measured, or that it is not."""

from __future__ import annotations

from typing import NamedTuple

from plumbline.agreement.figures import fields_words
from plumbline.agreement.model import Agreement, Side
from plumbline.agreement.promises import KINDS, sentence
from plumbline.agreement.review import review_day
from plumbline.definition.kinds import points_sentence, shown
from plumbline.definition.kinds import sentence as rule_sentence
from plumbline.definition.model import Definition
from plumbline.wording import day, listing

NOT_MEASURED = "not measured"
_BESIDE = "measured beside the scorecard, as the share of {} that showed it then; it is no promise"
_OPENINGS = {
    "qualified": ("A lead qualifies only", "A lead never qualifies"),
    "accepted": ("A lead should be accepted only", "A lead should never be accepted"),
    "sales_qualified": ("A lead should become an SQL only", "A lead should never become an SQL"),
}


class Told(NamedTuple):
    """`kind`: of the promise, or effective, review, qualified, never, accepted, sales_qualified. `measured`: 'measured by ...' or 'not measured'."""

    side: Side
    kind: str
    sentence: str
    measured: str


def told(agreement: Agreement) -> list[Told]:
    """The agreement, sentence by sentence: its days, who qualifies and who never, what is asked later on, then the promises in their order."""
    begins, again = day(agreement.effective), day(review_day(agreement.effective))
    by = [KINDS[name].title for name in ("volume", "meets_definition") if agreement.promise(name)]
    qualified = f"measured by the {'promise' if len(by) == 1 else 'promises'} {listing([f'“{title}”' for title in by])}" if by else NOT_MEASURED
    in_force = f"The agreement is in force from {begins} on: it judges the weeks that begin on that day or later."
    lines = [
        Told("both", "effective", in_force, NOT_MEASURED),
        Told("both", "review", f"On {again} both sides look at it again, promise by promise: raise, keep, loosen or drop.", NOT_MEASURED),
        *_definition(agreement.qualified, "qualified", qualified),
    ]
    if agreement.accepted:
        lines += _definition(agreement.accepted, "accepted", _BESIDE.format("acceptances"))
    if agreement.sales_qualified:
        lines += _definition(agreement.sales_qualified, "sales_qualified", _BESIDE.format("SQLs"))
    for promise in agreement.promises:
        kind = KINDS[promise.kind]
        fields = agreement.required_fields() if promise.kind == "required_fields" else ()
        lines.append(Told(kind.side, kind.name, sentence(promise, fields), kind.measured))
    return lines


def _definition(definition: Definition, part: str, measured: str) -> list[Told]:
    only, never = _OPENINGS[part]
    clauses = []
    if definition.required_fields:
        clauses.append(f"with {fields_words(definition.required_fields)} on record")
    if definition.fit:
        clauses.append(f"while {listing([rule_sentence(rule) for rule in definition.fit])}")
    if definition.behaviour:
        clauses.append(f"after {listing([rule_sentence(rule) for rule in definition.behaviour])}")
    if definition.criteria:
        rules = [rule_sentence(rule) for rule in definition.criteria]
        clauses.append(f"while {_of(definition.at_least, len(rules))}: {'; '.join(rules)}" if len(rules) > 1 else f"while {rules[0]}")
    if definition.points:
        points = [points_sentence(one, definition.half_life_days) for one in definition.points]
        clauses.append(f"with a score of {shown(definition.threshold or 0)} or more: {'; '.join(points)}")
    lines = [Told("both", part, f"{only} {clause}.", measured) for clause in clauses]
    if definition.exclude:
        bars = listing([rule_sentence(rule) for rule in definition.exclude], "or")
        lines.append(Told("both", "never" if part == "qualified" else part, f"{never} while {bars}.", measured))
    return lines


def _of(least: int, rules: int) -> str:
    return f"all {rules} of these are so" if least == rules else f"at least {least} of these {rules} {'is' if least == 1 else 'are'} so"
