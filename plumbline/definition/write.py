"""Writes a definition as YAML: the form and the text are two views of one thing."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter

from plumbline.definition.model import Definition, FieldRule, Rule


def to_yaml(definition: Definition) -> str:
    """The YAML text. parse(to_yaml(d)) == d."""
    return text_of(tree(definition))


def text_of(told: dict[str, Any], representer: type[RoundTripRepresenter] = RoundTripRepresenter) -> str:
    """Mappings and lists as YAML text, in the manner of all files that Plumbline writes for people."""
    yaml = YAML()
    yaml.Representer = representer
    yaml.width = 200
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(told, out)
    return out.getvalue()


def tree(definition: Definition) -> dict[str, Any]:
    """The same as mappings and lists, to be written within another file."""
    tree: dict[str, Any] = {}
    if definition.name:
        tree["name"] = definition.name
    if definition.required_fields:
        tree["required_fields"] = _flow(list(definition.required_fields))
    for part in ("fit", "behaviour"):
        if rules := getattr(definition, part):
            tree[part] = [_rule(rule) for rule in rules]
    if definition.criteria:
        tree["criteria"] = {"at_least": definition.at_least, "of": [_rule(rule) for rule in definition.criteria]}
    if definition.exclude:
        tree["exclude"] = [_rule(rule) for rule in definition.exclude]
    if definition.threshold is not None:
        score: dict[str, Any] = {"threshold": _plain(definition.threshold)}
        if definition.half_life_days is not None:
            score["half_life_days"] = _plain(definition.half_life_days)
        score["points"] = []
        for one in definition.points:
            rule = _rule(one.rule)
            rule["points"] = _plain(one.points)
            if one.cap is not None:
                rule["cap"] = _plain(one.cap)
            score["points"].append(rule)
        tree["score"] = score
    return tree


def _rule(rule: Rule) -> CommentedMap:
    if isinstance(rule, FieldRule):
        value = _flow([_plain(one) for one in rule.value]) if isinstance(rule.value, tuple) else _plain(rule.value)
        told = CommentedMap({"field": rule.field, rule.operator: value})
    else:
        told = CommentedMap({"activity": rule.activity})
        if rule.times != 1:
            told["times"] = rule.times
        if rule.within_days is not None:
            told["within_days"] = _plain(rule.within_days)
    told.fa.set_flow_style()
    return told


def _flow(values: list[Any]) -> CommentedSeq:
    listed = CommentedSeq(values)
    listed.fa.set_flow_style()
    return listed


def _plain(value: Any) -> Any:
    """Whole numbers without a decimal point."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
