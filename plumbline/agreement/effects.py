"""What a changed rule does, from the frozen simulation of the version that has it: who would be handed over without it."""

from __future__ import annotations

from plumbline.agreement.model import Agreement
from plumbline.definition.model import ActivityRule, FieldRule, Points
from plumbline.wording import plural


def effect_of(path: str, agreement: Agreement, told: dict | None) -> str:
    """'without it, 12 leads more and 3 leads fewer in the year that was simulated'; "" where nothing is known of the change.

    path: of a change (qualified.fit.employees). told: the results of the agreement's frozen simulation.
    """
    parts = path.split(".", 2)
    if told is None or len(parts) < 3 or parts[0] != "qualified":
        return ""
    part = "points" if parts[1] == "score" else parts[1]
    about = parts[2].removeprefix("points.").removeprefix("of.")
    rules = getattr(agreement.qualified, part, ())
    places = [place for place, rule in enumerate(rules if isinstance(rules, tuple) else ()) if _about(rule) == about]
    found = [one for one in told["rules"] if one["part"] == part and one["place"] in places]
    if not found:
        return ""
    said = [_words(one["joins"], one["leaves"]) for one in found]
    return f"without it, {'; '.join(said)} in the period that was simulated"


def _words(joins: int, leaves: int) -> str:
    if not joins and not leaves:
        return "the same leads"
    told = [f"{plural(n, 'lead')} {way}" for n, way in ((joins, "more"), (leaves, "fewer")) if n]
    return " and ".join(told)


def _about(rule: FieldRule | ActivityRule | Points | str) -> str:
    if isinstance(rule, Points):
        rule = rule.rule
    return rule if isinstance(rule, str) else rule.field if isinstance(rule, FieldRule) else rule.activity
