"""What a rule of a definition would have done to the leads that sales judged, in words."""

from __future__ import annotations

from plumbline import wording
from plumbline.definition import Definition
from plumbline.definition.kinds import sentence, shown
from plumbline.leaks.caught import CRITERIA, POINTS, WHOLE, Barred
from plumbline.statistics import MINIMUM_N
from plumbline.statistics.differences import difference, share_of

_MANY = 0.5  # of the accepted leads: a rule that bars so many is no help, however well it tells
_CLEAR, _SLIGHT = 0.10, 0.02  # between the shares of rejected and of accepted leads that a rule bars


def rule_in_words(one: Barred, definition: Definition) -> str:
    """'Employees is 100 or more', 'At least 3 of 5 criteria', 'Never, while unsubscribe at least once in the last 90 days'."""
    if one.part == WHOLE:
        return "The whole definition"
    if one.part == CRITERIA:
        return f"At least {definition.at_least} of {wording.plural(len(definition.criteria), 'criterion', 'criteria')}"
    if one.part == POINTS:
        return f"{shown(definition.threshold or 0)} points or more"
    told = sentence(one.rule.rule)
    return f"Never, while {told}" if one.part == "exclude" else f"{told[:1].upper()}{told[1:]}"


def verdict(one: Barred) -> str:
    """Whether a rule tells rejected leads from accepted ones beyond chance."""
    if not one.caught and not one.lost:
        return "bars nobody"
    if min(one.rejected, one.accepted) < MINIMUM_N:
        return wording.TOO_FEW
    apart_by = difference(share_of(one.caught, one.rejected), share_of(one.lost, one.accepted))
    if not apart_by.excludes(0):
        return "no better than chance"
    if abs(apart_by.value) < _SLIGHT:
        return "hardly tells"
    if apart_by.value > 0 and one.lost >= _MANY * one.accepted:
        return "bars most good ones too"
    return "bars the good ones more" if apart_by.value < 0 else "tells them apart" if apart_by.value >= _CLEAR else "tells a little"
