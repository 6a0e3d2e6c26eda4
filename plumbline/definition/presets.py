"""Definitions to start from, built of what the history really holds: a rule is offered only where there is something to ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from plumbline.definition.kinds import number_of
from plumbline.definition.model import ActivityRule, Definition, FieldRule, Known, Points, Rule
from plumbline.definition.parse import most_points

# What leads do, strongest sign first, with the points that such scores usually give, and the most they give in all.
SIGNS = (
    ("demo_request", 30, 60),
    ("contact_request", 25, 50),
    ("trial_start", 25, 50),
    ("pricing_page", 10, 30),
    ("webinar", 10, 30),
    ("event_visit", 10, 20),
    ("download", 5, 20),
    ("form_submit", 5, 20),
    ("email_click", 3, 15),
    ("web_visit", 2, 10),
)
AGAINST = (("unsubscribe", -20), ("careers_page", -10))
_USUAL_THRESHOLD = 50.0
_LEADING = ("c_level", "c-level", "cxo", "chief", "owner", "founder", "president", "vp", "vice president", "head", "director")

USUAL_FIELDS = frozenset({"employees", "annual_revenue", "seniority", "role", "need", "budget", "authority", "timeline"})  # that presets ask about

Values = Mapping[str, Sequence[tuple[str, int]]]  # field -> its values with how many leads have each, most frequent first


def presets(known: Known, values: Values) -> dict[str, Definition]:
    """Name -> definition. A preset of which nothing is left, for want of data, is not there."""
    offered = {
        "Who they are and what they do": _fit_and_behaviour(known, values),
        "Most of need, budget, authority, timing": _situation(known, values),
        "Score only": _score(known, values),
    }
    return {name: made for name, made in offered.items() if made is not None}


def _exclusions(known: Known) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    if "is_competitor" in known.fields:
        rules.append(FieldRule("is_competitor", "is", True))
    if "unsubscribe" in known.activities:
        rules.append(ActivityRule("unsubscribe", 1, 90.0))
    return tuple(rules)


def _contact(known: Known) -> tuple[str, ...]:
    return tuple(name for name in ("email", "company") if name in known.fields)


def _fit_and_behaviour(known: Known, values: Values) -> Definition | None:
    fit = _fit(known, values)
    signs = [name for name, *_ in SIGNS if name in known.activities]
    if not fit and not signs:
        return None
    behaviour = (ActivityRule(signs[0], 1, 30.0),) if signs else ()
    return Definition("Who they are and what they do", _contact(known), tuple(fit), behaviour, exclude=_exclusions(known))


def _situation(known: Known, values: Values) -> Definition | None:
    rules: list[Rule] = []
    if "need" in known.fields:
        rules.append(FieldRule("need", "is", True))
    if "budget" in known.fields:
        middle = _middle(values.get("budget", ()))
        rules.append(FieldRule("budget", "at_least", middle) if middle is not None else FieldRule("budget", "present"))
    if "authority" in known.fields:
        named = [value for value, _ in values.get("authority", ()) if "decision" in value.casefold()]
        rules.append(FieldRule("authority", "is", named[0]) if named else FieldRule("authority", "present"))
    if "timeline" in known.fields:
        soon = [value for value, _ in values.get("timeline", ()) if value.strip()[:1] in "0123"]
        rules.append(FieldRule("timeline", "one_of", tuple(soon)) if soon else FieldRule("timeline", "present"))
    rules += _leading(known, values)
    if len(rules) < 2:
        return None
    return Definition("Most of need, budget, authority, timing", _contact(known), criteria=tuple(rules), at_least=max(1, len(rules) - 1),
                      exclude=_exclusions(known))  # fmt: skip


def _score(known: Known, values: Values) -> Definition | None:
    points = [Points(rule, 15.0) for rule in [*_leading(known, values), *_fit(known, values)]]
    points += [Points(ActivityRule(name), float(given), float(cap)) for name, given, cap in SIGNS if name in known.activities]
    points += [Points(ActivityRule(name), float(given)) for name, given in AGAINST if name in known.activities]
    if not any(one.points > 0 for one in points):
        return None
    made = Definition("Score only", exclude=_exclusions(known), points=tuple(points), threshold=_USUAL_THRESHOLD, half_life_days=30.0)
    return replace(made, threshold=threshold_of(most_points(made)))


def threshold_of(most: float) -> float:
    """The threshold of a score that can reach `most`: the usual 50, but no more than half of all points together, in steps of five."""
    return float(min(_USUAL_THRESHOLD, max(5.0, 5.0 * (most / 2 // 5))))


def _fit(known: Known, values: Values) -> list[FieldRule]:
    for name in ("employees", "annual_revenue"):
        if name in known.fields:
            return [FieldRule(name, "at_least", 100 if name == "employees" else 1_000_000)]
    return []


def _leading(known: Known, values: Values) -> list[FieldRule]:
    for name in ("seniority", "role"):
        if name in known.fields:
            found = [value for value, _ in values.get(name, ()) if any(word in value.casefold() for word in _LEADING)]
            if found:
                return [FieldRule(name, "one_of", tuple(sorted(found)))]
    return []


def _middle(values: Sequence[tuple[str, int]]) -> float | int | None:
    """The middle number of a field's cells."""
    numbers = sorted((number, n) for value, n in values if (number := number_of(value)) is not None)
    half = sum(n for _, n in numbers) / 2
    running = 0
    for number, n in numbers:
        running += n
        if running >= half:
            return int(number) if number.is_integer() else number
    return None
