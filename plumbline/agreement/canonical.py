"""The bytes that a signature is of, and the seal over all that it binds.

Two agreements have the same canonical bytes where their documents read the same, name and description apart: 0.9 and 0.90 are one promise, and so are
a clock of `wall` that is written and one that is not; 24h and 1d are two texts, as are rules in another order and definitions of another name.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from plumbline.agreement.figures import plain
from plumbline.agreement.model import Agreement, Promise
from plumbline.agreement.promises import KINDS
from plumbline.definition.model import ActivityRule, Definition, Rule

FORMAT = 1  # of these bytes; a change makes old seals fail, and wants another number
_PARTS = ("agreement", "snapshot", "product", "seed", "simulation")


def canonical(agreement: Agreement) -> bytes:
    """JSON with sorted names, UTF-8, without white space; `name` and `description` of the agreement left out."""
    told: dict[str, Any] = {"format": FORMAT, "effective": agreement.effective.isoformat()}
    for part in ("qualified", "accepted", "sales_qualified"):
        if (definition := getattr(agreement, part)) is not None:
            told[part] = _definition(definition)
    for side in ("both", "marketing", "sales"):
        if made := {one.kind: _promise(one) for one in agreement.promises if KINDS[one.kind].side == side}:
            told[side] = made
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def seal(agreement: bytes, snapshot: bytes | str | None = None, product: str | None = None, seed: int | None = None,
         simulation: bytes | None = None) -> str:  # fmt: skip
    """SHA-256, as 64 hexadecimal digits, of what a signature binds; a part that is None is absent, which is not the same as empty.

    agreement: its canonical bytes. snapshot: the fingerprint of what the history holds. product: its version. seed, simulation: frozen results.
    Each part is written as its name, its length in bytes ("-" where absent), and its bytes: no two sets of parts give the same text.
    """
    hashed = hashlib.sha256(b"plumbline agreement 1\n")
    told = (agreement, snapshot, product, None if seed is None else str(seed), simulation)
    for name, part in zip(_PARTS, told, strict=True):
        content = part.encode("utf-8") if isinstance(part, str) else part
        hashed.update(f"{name} {'-' if content is None else len(content)}\n".encode())
        hashed.update(content or b"")
    return hashed.hexdigest()


def short(of: str) -> str:
    """A seal as screens show it: its first twelve digits in fours."""
    return " ".join(of[at : at + 4] for at in (0, 4, 8))


def _promise(promise: Promise) -> dict[str, Any]:
    told: dict[str, Any] = {key: getattr(promise, key) for key in KINDS[promise.kind].keys}
    if promise.share is not None:
        told["share"] = plain(promise.share)
    if promise.within is not None:
        told["within"] = promise.within.text
    return {key: list(value) if isinstance(value, tuple) else value for key, value in told.items()}


def _definition(definition: Definition) -> dict[str, Any]:
    points = [{"rule": _rule(one.rule), "points": _number(one.points), "cap": _number(one.cap)} for one in definition.points]
    return {
        "name": definition.name,
        "required_fields": list(definition.required_fields),
        "fit": [_rule(rule) for rule in definition.fit],
        "behaviour": [_rule(rule) for rule in definition.behaviour],
        "criteria": {"at_least": definition.at_least, "of": [_rule(rule) for rule in definition.criteria]},
        "exclude": [_rule(rule) for rule in definition.exclude],
        "score": {"threshold": _number(definition.threshold), "half_life_days": _number(definition.half_life_days), "points": points},
    }


def _rule(rule: Rule) -> dict[str, Any]:
    if isinstance(rule, ActivityRule):
        return {"activity": rule.activity, "times": rule.times, "within_days": _number(rule.within_days)}
    value = [_number(one) for one in rule.value] if isinstance(rule.value, tuple) else _number(rule.value)
    return {"field": rule.field, "operator": rule.operator, "value": value}


def _number(value: Any) -> Any:
    """Whole numbers without a point (100.0 -> 100), whatever is no number as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
