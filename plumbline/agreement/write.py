"""Writes an agreement as YAML: the form and the text are two views of one thing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter

from plumbline.agreement.model import Agreement, Promise, Within
from plumbline.agreement.promises import KINDS, kinds_of
from plumbline.definition import write as definition_text


class _Representer(RoundTripRepresenter):
    """Decimals stand as they were written, or without an exponent."""


def _decimal(representer: RoundTripRepresenter, number: Decimal):  # the node that ruamel makes of it
    text = f"{number:f}"
    return representer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Representer.add_representer(Decimal, _decimal)


def to_yaml(agreement: Agreement) -> str:
    """The YAML text. parse(to_yaml(a)) == a."""
    told: dict[str, Any] = {"name": agreement.name}
    if agreement.description:
        told["description"] = agreement.description
    told["effective"] = agreement.effective
    for part in ("qualified", "accepted", "sales_qualified"):
        if (definition := getattr(agreement, part)) is not None:
            told[part] = definition_text.tree(definition)
    made = {one.kind: _mapping(one) for one in agreement.promises}
    told |= {name: made[name] for name in kinds_of("both") if name in made}
    for side in ("marketing", "sales"):
        if names := [name for name in kinds_of(side) if name in made]:
            told[side] = {name: made[name] for name in names}
    return text_of(told)


def text_of(told: dict[str, Any]) -> str:
    """Mappings and lists as the YAML text of an agreement; decimals stand as they were written."""
    return definition_text.text_of(told, _Representer)


def flow(told: dict[str, Any]) -> CommentedMap:
    """A promise on one line."""
    made = CommentedMap({key: _plain(tuple(value) if isinstance(value, list) else value) for key, value in told.items()})
    made.fa.set_flow_style()
    return made


def _mapping(promise: Promise) -> CommentedMap:
    kind = KINDS[promise.kind]
    told: dict[str, Any] = {}
    for key in kind.keys:
        value = getattr(promise, key)
        if key in kind.required or key in ("calls", "emails") or value != getattr(Promise(promise.kind), key):
            told[key] = value
    return flow(told)


def _plain(value: Any) -> Any:
    if isinstance(value, Within):
        return value.text
    if isinstance(value, tuple):
        listed = CommentedSeq(value)
        listed.fa.set_flow_style()
        return listed
    return value
