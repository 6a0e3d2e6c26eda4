"""Agreements for tests: the whole example, and such at random."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from plumbline.agreement.model import Agreement, Promise, Within
from plumbline.agreement.promises import KINDS
from plumbline.definition import Definition
from plumbline.definition.parse import mistakes, of_mapping
from tests.oracle.random_definitions import random_definition

FULL = """\
name: Q1 2027
effective: 2027-01-04
qualified:
  name: Mid-size with intent
  required_fields: [email, company]
  fit: [{field: employees, at_least: 100}]
  exclude: [{field: is_competitor, is: true}, {activity: unsubscribe, within_days: 90}]
accepted:
  fit: [{field: need, present: true}]
sales_qualified:
  criteria:
    at_least: 3
    of: [{field: need, is: true}, {field: budget, present: true}, {field: authority, present: true}, {field: timeline, present: true}]
acceptance: {within: 14d, share: 0.9}
marketing:
  volume: {leads: 390}
  meets_definition: {share: 0.95}
  required_fields: {share: 0.95}
  hand_over: {within: 4h, share: 0.9}
  returned: {within: 10d, share: 0.8}
  recycled: {within: 60d, share: 0.5}
sales:
  decision: {within: 24h, share: 0.9}
  first_touch: {within: 30m, share: 0.8, clock: working}
  follow_up: {within: 48h, share: 0.9}
  touches: {calls: 3, emails: 3, within: 14d, share: 0.8}
  first_week_calls: {calls: 4, share: 0.8}
  status: {within: 14d, share: 0.9}
  reason: {share: 1.0}
  evidence: {fields: [need, budget], share: 0.9}
  open_leads: {per_rep: 500, share: 1.0}
"""
NAMES = [
    "2027-01-04",
    "Q1 2027",
    "2027",
    "1.10",
    "NO",
    "true",
    "~",
    "null",
    "- a",
    "a: b",
    "#1",
    '"quoted"',
    "Größe & Ä",
    "日本",
    "0x1f",
    "x" * 200,
    "🙂",
    "'",
    "%",
    "2027-01-04",
]
DESCRIPTIONS = ["", "", "One line.", "Two\nlines", "First.\n\nAfter a gap: #1", "- no list\n- of ours", "here → there"]
FIELDS = ["email", "company", "need", "1e3", "budget: x", "Größe", "a, b", "yes"]


def random_agreement(seed: int | str) -> Agreement:
    """The same agreement for the same seed; valid by docs/agreement.md, whatever a history holds."""
    rng = Random(f"agreement {seed}")
    qualified = _definition(rng)
    kinds = rng.sample(sorted(KINDS), rng.randint(1, len(KINDS)))
    promises = tuple(_promise(name, rng, qualified) for name in KINDS if name in kinds)
    return Agreement(
        name=rng.choice(NAMES),
        effective=date.fromordinal(rng.randint(date(1990, 1, 1).toordinal(), date(2100, 12, 31).toordinal())),
        qualified=qualified,
        promises=promises,
        accepted=_definition(rng) if rng.random() < 0.4 else None,
        sales_qualified=_definition(rng) if rng.random() < 0.4 else None,
        description=rng.choice(DESCRIPTIONS),
    )


def _definition(rng: Random) -> Definition:
    while True:
        told = random_definition(rng.randrange(10**9))
        if not mistakes(told):
            return of_mapping(told)


def _promise(name: str, rng: Random, qualified: Definition) -> Promise:
    kind = KINDS[name]
    values: dict = {}
    if "share" in kind.keys:
        values["share"] = Decimal(rng.choice(["1", "1.0", "0.9", "0.90", ".5", "0.925", "0.333333333333333", "1e-3", "9E-1"]))
    if "clock" in kind.keys:
        values["clock"] = rng.choice(["wall", "wall", "working"])
    if "within" in kind.keys:
        unit = rng.choice("mh" if values.get("clock") == "working" else "mhd")
        values["within"] = Within(rng.choice([1, 2, 7, 14, 30, 48, 3650]), unit)
    if name == "touches":
        values["calls"], values["emails"] = rng.choice([(3, 3), (0, 1), (1, 0), (1000, 2)])
    for key in ("leads", "per_rep", "calls"):
        if key in kind.required:
            values[key] = rng.choice([1, 4, 390, 1000])
    if "fields" in kind.required or ("fields" in kind.optional and (rng.random() < 0.5 or not qualified.required_fields)):
        values["fields"] = tuple(rng.sample(FIELDS, rng.randint(1, 3)))
    return Promise(name, **values)
