"""Reads a definition from YAML (1.2). Every mistake is one line: what is wrong, in which rule, what would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from plumbline import plain_yaml
from plumbline.definition.kinds import OPERATORS, is_number, problem_with, shown
from plumbline.definition.model import ActivityRule, Definition, FieldRule, Points, Rule
from plumbline.errors import InputError
from plumbline.text import clean

TOP = ("name", "required_fields", "fit", "behaviour", "criteria", "exclude", "score")
_SCORE = ("threshold", "half_life_days", "points")
_ACTIVITY = ("activity", "times", "within_days")
MOST = 1_000_000  # times and days beyond this are slips of the pen
MOST_RULES = 64
MOST_TEXT = 200_000  # characters


def load(path: Path) -> Definition:
    """The definition in a file. Raises InputError."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.name)
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be read", str(path), "check the name of the definition") from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", path.name, "save the definition as UTF-8") from None


def parse(text: str, where: str = "definition") -> Definition:
    """The definition that a YAML text says. Raises InputError naming the rule."""
    return of_mapping(_yaml(text, where), where)


def of_mapping(value: object, where: str = "definition") -> Definition:
    """The definition that a value of YAML says, alone or within another file. Raises InputError naming the rule."""
    told = _mapping(value, where)
    _refuse_unknown(told, TOP, where)
    name = told.get("name")
    if name is not None and not isinstance(name, str | int | float):
        raise InputError("name takes a text", where, "write name: and a short title")
    score = _score(told, where)
    criteria, at_least = _criteria(told, where)
    definition = Definition(
        name=clean(str(name)) or "" if name is not None else "",
        required_fields=_names(told, where),
        fit=_rules(told.get("fit"), f"{where}, fit", "fields"),
        behaviour=_rules(told.get("behaviour"), f"{where}, behaviour", "activities"),
        criteria=criteria,
        at_least=at_least,
        exclude=_rules(told.get("exclude"), f"{where}, exclude", "exclusions"),
        **score,
    )
    _check_whole(definition, where)
    return definition


def mistakes(value: object, where: str = "definition") -> list[InputError]:
    """Every mistake of a value that is no definition: of each name, each rule, each part, then of the whole; none of one that is."""
    found: dict[str, InputError] = {}

    def seek(reader: Callable[..., object], *told: object) -> None:
        try:
            reader(*told)
        except InputError as mistake:
            found.setdefault(mistake.one_line, mistake)

    told = value if isinstance(value, dict) else {}
    for name in told:
        seek(_refuse_unknown, {str(name): None}, TOP, where)
    criteria, score = (told.get(part) if isinstance(told.get(part), dict) else {} for part in ("criteria", "score"))
    lists = (("fit", told, "fields"), ("behaviour", told, "activities"), ("exclude", told, "exclusions"), ("of", criteria, "both"))
    for part, holder, takes in lists:
        listed = holder.get(part)
        place = f"{where}, {'criteria' if holder is criteria else part}"
        for number, one in enumerate(listed if isinstance(listed, list) else (), 1):
            seek(_rule, one, f"{place}, rule {number}", takes)
    for number, one in enumerate(score["points"] if isinstance(score.get("points"), list) else (), 1):
        seek(_points, one, f"{where}, score, points rule {number}")
    for part in ("fit", "behaviour", "exclude"):
        seek(_list, told.get(part), f"{where}, {part}")
    for reader in (_names, _criteria, _score):
        seek(reader, told, where)
    if not found:
        seek(of_mapping, value, where)
    return list(found.values())


def _yaml(text: str, where: str) -> object:
    if len(text) > MOST_TEXT:
        raise InputError("is longer than any definition", where, "check that this is the right file")
    return plain_yaml.read(text, where)


def _mapping(told: object, where: str) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise InputError("should be a mapping of names to values", where, "see docs/definitions.md")
    return {str(key): value for key, value in told.items()}


def nearest(name: str, names: Iterable[str]) -> str:
    """What to do about an unknown name: the nearest one that exists, else those that exist."""
    listed = list(names)
    folded = {one.casefold().replace(" ", "_"): one for one in listed}
    near = get_close_matches(name.casefold().replace(" ", "_"), folded, 1, 0.5)
    if near:
        return f"did you mean {folded[near[0]]!r}"
    return f"use one of {', '.join(listed[:15])}" + (" and others" if len(listed) > 15 else "")


def _refuse_unknown(told: dict[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in told:
        if name not in names:
            raise InputError(f"nothing is called {name[:60]!r} here", where, nearest(name, names))


def _list(told: object, where: str) -> list[Any]:
    if told is None:
        return []
    if not isinstance(told, list):
        raise InputError("should be a list", where, "begin each rule with a dash")
    return told


def _names(told: dict[str, Any], where: str) -> tuple[str, ...]:
    names = _list(told.get("required_fields"), f"{where}, required_fields")
    for name in names:
        if isinstance(name, bool) or not isinstance(name, str | int | float) or not clean(str(name)):
            raise InputError("takes names of fields", f"{where}, required_fields", "for example [email, company]")
    return tuple(dict.fromkeys(clean(str(name)) for name in names))


def _rules(told: object, where: str, takes: str) -> tuple:
    return tuple(_rule(one, f"{where}, rule {number}", takes) for number, one in enumerate(_list(told, where), 1))


def _rule(told: object, where: str, takes: str) -> Rule:
    rule = _mapping(told, where)
    if "activity" in rule and "field" in rule:
        raise InputError("names both a field and an activity", where, "make two rules of it")
    if "activity" in rule:
        if takes == "fields":
            raise InputError("is about an activity", where, "fit takes rules on fields; move it to behaviour")
        return _activity_rule(rule, where)
    if "field" in rule:
        if takes == "activities":
            raise InputError("is about a field", where, "behaviour takes rules on activities; move it to fit")
        return _field_rule(rule, where, is_exclusion=takes == "exclusions")
    raise InputError("names neither a field nor an activity", where, "add field: or activity:")


def _name(rule: dict[str, Any], key: str, where: str) -> str:
    name = rule[key]
    if isinstance(name, bool) or not isinstance(name, str | int | float) or not clean(str(name)):
        raise InputError(f"{key} takes a name", where, f"write {key}: and its name")
    return clean(str(name))


def _activity_rule(rule: dict[str, Any], where: str) -> ActivityRule:
    _refuse_unknown(rule, _ACTIVITY, where)
    times, days = rule.get("times", 1), rule.get("within_days")
    if not is_number(times) or times != int(times) or not 1 <= times <= MOST:
        raise InputError(f"times is {times!r}"[:80], where, "say a whole number, 1 or more")
    if "within_days" in rule and (not is_number(days) or not 0 < days <= MOST):
        raise InputError(f"within_days is {days!r}"[:80], where, "say a number of days above 0")
    return ActivityRule(_name(rule, "activity", where), int(times), None if days is None else float(days))


def _field_rule(rule: dict[str, Any], where: str, is_exclusion: bool) -> FieldRule:
    name = _name(rule, "field", where)
    place = f"{where} (field {name[:60]})"
    operators = [key for key in rule if key != "field"]
    unknown = [key for key in operators if key not in OPERATORS]
    if unknown:
        if unknown[0] in ("times", "within_days", "cap"):
            raise InputError(f"{unknown[0]} does not go with a field", place, "it is for activities")
        raise InputError(f"no operator is called {unknown[0][:60]!r}", place, nearest(unknown[0], OPERATORS))
    if len(operators) != 1:
        told = f"has {len(operators)} operators ({', '.join(operators)})" if operators else "has no operator"
        raise InputError(told, place, "one operator a rule; make two rules of it" if operators else f"add one of {', '.join(OPERATORS)}")
    operator, value = operators[0], rule[operators[0]]
    if problem := problem_with(operator, value):
        raise InputError(problem, place, "mend its value")
    if is_exclusion and operator == "missing":
        raise InputError("missing cannot exclude", place, "an exclusion wants a definite match; ask for the field under required_fields")
    return FieldRule(name, operator, tuple(_as_cell(one) for one in value) if isinstance(value, list) else _as_cell(value))


def _as_cell(value: Any) -> Any:
    """A text is cleaned as the cells were that it is compared with."""
    return clean(value) if isinstance(value, str) else value


def _criteria(told: dict[str, Any], where: str) -> tuple[tuple[Rule, ...], int]:
    where = f"{where}, criteria"
    if told.get("criteria") is None:
        return (), 0
    criteria = _mapping(told["criteria"], where)
    _refuse_unknown(criteria, ("at_least", "of"), where)
    rules = _rules(criteria.get("of"), where, "both")
    if not rules:
        raise InputError("lists no rules", where, "add of: and a list of rules")
    at_least = criteria.get("at_least")
    if not is_number(at_least) or at_least != int(at_least) or at_least < 1:
        raise InputError("at_least should be a whole number, 1 or more" if "at_least" in criteria else "has no at_least", where, "say how many")
    if at_least > len(rules):
        raise InputError(f"asks for {shown(at_least)} of {len(rules)} rules", where, "no lead can meet that; lower at_least")
    return rules, int(at_least)


def _score(told: dict[str, Any], where: str) -> dict[str, Any]:
    where = f"{where}, score"
    if told.get("score") is None:
        return {}
    score = _mapping(told["score"], where)
    _refuse_unknown(score, _SCORE, where)
    if not is_number(score.get("threshold")):
        raise InputError("threshold should be a number" if "threshold" in score else "has no threshold", where, "say how many points qualify")
    half_life = score.get("half_life_days")
    if "half_life_days" in score and (not is_number(half_life) or not 0 < half_life <= MOST):
        raise InputError(f"half_life_days is {half_life!r}"[:80], where, "say a number of days above 0, or leave it out")
    points = tuple(_points(one, f"{where}, points rule {number}") for number, one in enumerate(_list(score.get("points"), f"{where}, points"), 1))
    if not points:
        raise InputError("gives no points", where, "add points: and a list of rules")
    return {"points": points, "threshold": float(score["threshold"]), "half_life_days": None if half_life is None else float(half_life)}


def _points(told: object, where: str) -> Points:
    rule = _mapping(told, where)
    if "points" not in rule:
        raise InputError("gives no points", where, "add points: and a number")
    points = rule.pop("points")
    if not is_number(points):
        raise InputError("points should be a number", where, "write for example points: 10")
    if "activity" in rule:
        for name in ("within_days", "times"):
            if name in rule:
                raise InputError(f"{name} does not go with points", where, "every act gives points; they fade by half_life_days")
        cap = rule.pop("cap", None)
        if cap is not None and (not is_number(cap) or cap <= 0):
            raise InputError("cap should be a number above 0", where, "it is the most that this rule can give, in points")
        return Points(_rule(rule, where, "both"), float(points), None if cap is None else float(cap))
    return Points(_rule(rule, where, "both"), float(points))


def _check_whole(definition: Definition, where: str) -> None:
    if not (definition.fit or definition.behaviour or definition.criteria or definition.points):
        raise InputError("says nothing that a lead could meet", where, "add at least one of fit, behaviour, criteria, score")
    if len(definition.rules()) + len(definition.required_fields) > MOST_RULES:
        raise InputError(f"has more than {MOST_RULES} rules", where, "a bar that nobody can read is none; join some with one_of")
    if definition.threshold is not None and (most := most_points(definition)) < definition.threshold - 1e-9:
        raise InputError(
            f"the threshold of {shown(definition.threshold)} is out of reach: all points together are {shown(most)}",
            f"{where}, score",
            "lower the threshold or give more points",
        )


def most_points(definition: Definition) -> float:
    """The highest score that any lead could have: infinite where an activity without a cap gives points."""
    most = 0.0
    for one in definition.points:
        if one.points > 0:
            most += one.points if isinstance(one.rule, FieldRule) else float("inf") if one.cap is None else one.cap
    return most
