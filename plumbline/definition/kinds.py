"""The one table of rule kinds: how each operator is checked, evaluated on a cell, and said in English.

A cell is text as it was imported (clean, None when missing). Texts compare in case-folded form; a boolean in a rule matches
true/false, yes/no, 1/0; a number in a rule matches an equal number (docs/definitions.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plumbline.definition.model import ActivityRule, FieldRule, Points, Rule
from plumbline.text import clean, fold

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


def number_of(cell: str) -> float | None:
    """The number that a cell is: [+-]digits[.digits][e[+-]digits] in ASCII; None where it is none."""
    return float(cell) if _NUMBER.fullmatch(cell) else None


def same(cell: str, wanted: object) -> bool:
    """Whether a cell is what a rule names: a boolean, a number or a text."""
    if isinstance(wanted, bool):
        return fold(cell) in (_TRUE if wanted else _FALSE)
    if isinstance(wanted, int | float):
        return number_of(cell) == float(wanted)
    return fold(cell) == fold(clean(str(wanted)) or "")


def _number_holds(test: Callable[[float], bool], cell: str | None) -> bool:
    number = None if cell is None else number_of(cell)
    return number is not None and test(number)


@dataclass(frozen=True)
class Operator:
    """One operator on a field. `takes`: value, values, number, range or true; `holds(cell, value)`; `says`: English with {field} and {value}."""

    name: str
    takes: str
    holds: Callable[[str | None, Any], bool]
    says: str
    label: str


OPERATORS = {
    operator.name: operator
    for operator in (
        Operator("is", "value", lambda cell, value: cell is not None and same(cell, value), "{field} is {value}", "is"),
        Operator("is_not", "value", lambda cell, value: cell is not None and not same(cell, value), "{field} is known and not {value}", "is not"),
        Operator(
            "one_of",
            "values",
            lambda cell, value: cell is not None and any(same(cell, one) for one in value),
            "{field} is {value}",
            "is one of",
        ),
        Operator(
            "none_of",
            "values",
            lambda cell, value: cell is not None and not any(same(cell, one) for one in value),
            "{field} is known and not {value}",
            "is none of",
        ),
        Operator("at_least", "number", lambda cell, value: _number_holds(lambda n: n >= value, cell), "{field} is {value} or more", "is at least"),
        Operator("at_most", "number", lambda cell, value: _number_holds(lambda n: n <= value, cell), "{field} is {value} or less", "is at most"),
        Operator(
            "between",
            "range",
            lambda cell, value: _number_holds(lambda n: value[0] <= n <= value[1], cell),
            "{field} is from {value}",
            "is between",
        ),
        Operator("present", "true", lambda cell, value: cell is not None, "{field} is known", "is known"),
        Operator("missing", "true", lambda cell, value: cell is None, "{field} is not known", "is not known"),
    )
}


def holds(rule: FieldRule, cell: str | None) -> bool:
    """Whether a rule on a field holds for one cell."""
    return OPERATORS[rule.operator].holds(cell, rule.value)


def problem_with(operator: str, value: object) -> str:
    """What is wrong with the value given to an operator, in a clause; empty when nothing is."""
    takes = OPERATORS[operator].takes
    if takes == "value":
        return "" if _is_value(value) else f"{operator} takes one text, number, true or false"
    if takes == "values":
        if not isinstance(value, list | tuple) or not value or not all(_is_value(one) for one in value):
            return f"{operator} takes a list of texts or numbers, at least one"
        return ""
    if takes == "number":
        return "" if is_number(value) else f"{operator} takes a number"
    if takes == "range":
        if not isinstance(value, list | tuple) or len(value) != 2 or not all(is_number(one) for one in value):
            return "between takes two numbers, for example [100, 500]"
        return f"nothing lies between {shown(value[0])} and {shown(value[1])}" if value[0] > value[1] else ""
    return "" if value is True else f"{operator} takes only true" + (": say missing: true" if operator == "present" and value is False else "")


def _is_value(value: object) -> bool:
    return isinstance(value, bool) or is_number(value) or (isinstance(value, str) and bool(clean(value)))


def is_number(value: object) -> bool:
    """A finite number, and no boolean."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def shown(value: object) -> str:
    """A value of a rule as people write it: 10,000; yes; director."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.6f}".rstrip("0").rstrip(".") if not float(value).is_integer() else f"{value:,.0f}"
    return str(value)


def said(name: str) -> str:
    """The code of a field or an activity in words: annual_revenue -> annual revenue."""
    return name.replace("_", " ")


def sentence(rule: Rule) -> str:
    """A rule in English, as a clause without a full stop."""
    if isinstance(rule, ActivityRule):
        often = "at least once" if rule.times == 1 else f"at least {shown(rule.times)} times"
        if rule.within_days is None:
            return f"{said(rule.activity)} {often}"
        days = "day" if rule.within_days == 1 else f"{shown(rule.within_days)} days"
        return f"{said(rule.activity)} {often} in the last {days}"
    operator = OPERATORS[rule.operator]
    if operator.takes == "values":
        values = [shown(one) for one in rule.value]
        value = values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"
    elif operator.takes == "range":
        value = f"{shown(rule.value[0])} to {shown(rule.value[1])}"
    else:
        value = shown(rule.value)
    return operator.says.format(field=said(rule.field), value=value)


def points_sentence(one: Points, half_life_days: float | None) -> str:
    """A rule with points in English: "+10 for each webinar, 30 at most, half after 30 days"."""
    sign = f"{'+' if one.points >= 0 else '−'}{shown(abs(one.points))}"
    if isinstance(one.rule, FieldRule):
        return f"{sign} while {sentence(one.rule)}"
    text = f"{sign} for each {said(one.rule.activity)}"
    if one.cap is not None:
        text += f", {shown(one.cap)} at most"
    if half_life_days is not None and one.points > 0:
        text += f", half after {shown(half_life_days)} days"
    return text
