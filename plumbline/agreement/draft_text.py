"""The text of a draft as mappings that may still hold faults, so that a form can change one promise of it and leave the rest as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from plumbline import plain_yaml
from plumbline.agreement.model import Promise
from plumbline.agreement.parse import DEFINITIONS, MOST_TEXT, TOP, parse
from plumbline.agreement.promises import KINDS, SIDES, kinds_of
from plumbline.agreement.write import flow, text_of
from plumbline.definition import write as definition_text
from plumbline.definition.parse import of_mapping
from plumbline.errors import InputError

Tree = dict[str, Any]


def read(text: str, where: str = "the draft") -> Tree:
    """The mappings of a text: shares as the decimals that are written, all else as YAML means it. Raises InputError where it is no YAML."""
    told = plain_yaml.read(text, where, "agreement", "mend the text (docs/agreement.md)", most_text=MOST_TEXT)
    if not isinstance(told, dict):
        raise InputError("should be a mapping of names to values", where, "see docs/agreement.md")
    written = plain_yaml.read(text, where, "agreement", only_texts=True, most_text=MOST_TEXT)
    tree = dict(told)
    for name in ("name", "description"):
        if isinstance(written.get(name), str):
            tree[name] = written[name]
    for side in SIDES:
        section, texts = (tree, written) if side == "both" else (tree.get(side), written.get(side))
        if not isinstance(section, dict):
            continue
        section = dict(section)
        for kind in kinds_of(side):
            if isinstance(section.get(kind), dict):
                section[kind] = _decimal(section[kind], texts[kind])
        tree = section if side == "both" else tree | {side: section}
    return tree


def _decimal(promise: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(promise)
    if isinstance(told.get("share"), int | float) and not isinstance(told["share"], bool):
        try:
            told["share"] = Decimal(str(written["share"]))
        except InvalidOperation:
            told["share"] = Decimal(str(told["share"]))
    return told


def promises(tree: Tree) -> dict[str, dict[str, Any]]:
    """Kind -> its keys, of every promise that is a mapping."""
    found: dict[str, dict[str, Any]] = {}
    for name, kind in KINDS.items():
        section = tree if kind.side == "both" else tree.get(kind.side)
        if isinstance(section, dict) and isinstance(section.get(name), dict):
            found[name] = section[name]
    return found


def with_promise(tree: Tree, kind: str, told: Mapping[str, Any] | None) -> Tree:
    """Another promise of that kind in place of the one that stands there; None: none."""
    side = KINDS[kind].side
    section = dict(tree) if side == "both" else dict(tree[side]) if isinstance(tree.get(side), dict) else {}
    section.pop(kind, None)
    if told is not None:
        section[kind] = {key: told[key] for key in KINDS[kind].keys if key in told}
    if side == "both":
        return section
    rest = {name: value for name, value in tree.items() if name != side}
    return rest | ({side: section} if section else {})


def usual(kind: str) -> dict[str, Any]:
    """What a promise of that kind begins with: the example of docs/agreement.md."""
    side, line = KINDS[kind].side, f"{kind}: {KINDS[kind].example}"
    return promises(read(line if side == "both" else f"{side}:\n  {line}"))[kind]


@cache
def example(kind: str) -> Promise:
    """The same as a promise."""
    around = {"name": "x", "effective": "2027-01-04", "qualified": {"required_fields": ["x"], "fit": [{"field": "x", "present": True}]}}
    return parse(to_text(with_promise(around, kind, usual(kind)))).promises[0]


def to_text(tree: Tree) -> str:
    """The YAML text, in the order of the file; what has no place there comes last, for the check to find. read(to_text(t)) says the same as t."""
    told: Tree = {}
    for name in (*TOP, *(name for name in tree if name not in TOP)):
        if name not in tree:
            continue
        value = tree[name]
        if name in DEFINITIONS:
            value = _definition(value)
        elif name in ("marketing", "sales") and isinstance(value, dict):
            value = {kind: _promise(value[kind]) for kind in (*kinds_of(name), *(one for one in value if one not in kinds_of(name))) if kind in value}
        elif name in KINDS:
            value = _promise(value)
        elif name == "effective":
            value = _day(value)
        told[name] = value
    return text_of(told)


def _day(told: Any) -> Any:
    try:
        return date.fromisoformat(told) if isinstance(told, str) and len(told) == len("2027-01-04") else told
    except ValueError:
        return told


def _definition(told: Any) -> Any:
    try:
        return definition_text.tree(of_mapping(told, "definition"))
    except InputError:
        return told


def _promise(told: Any) -> Any:
    return flow(told) if isinstance(told, dict) else told
