"""A definition as a value: what the YAML of docs/definitions.md says, checked. Two equal definitions decide alike.

Definition
├── required_fields   fields that must be known at the decision
├── fit               rules on fields: every one holds
├── behaviour         rules on activities: every one holds
├── criteria          rules of both kinds: at least k of them hold
├── exclude           rules of both kinds: any one bars the lead
└── points            rules of both kinds with points; their sum must reach the threshold
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Value = str | bool | int | float


@dataclass(frozen=True)
class FieldRule:
    """A rule on an attribute. `operator`: a name of definition/kinds.py; `value`: what it takes (a tuple where it takes several)."""

    field: str
    operator: str
    value: Any = True


@dataclass(frozen=True)
class ActivityRule:
    """At least `times` acts of one kind; `within_days`: only those of the last so many days (None: ever)."""

    activity: str
    times: int = 1
    within_days: float | None = None


Rule = FieldRule | ActivityRule


@dataclass(frozen=True)
class Points:
    """What a rule gives to the score. `cap`: the most that an activity can give in all (absolute value; None: no cap)."""

    rule: Rule
    points: float
    cap: float | None = None


@dataclass(frozen=True)
class Definition:
    """The whole bar. `at_least`: how many of `criteria` must hold (0 without criteria); `threshold` None: no score part."""

    name: str = ""
    required_fields: tuple[str, ...] = ()
    fit: tuple[FieldRule, ...] = ()
    behaviour: tuple[ActivityRule, ...] = ()
    criteria: tuple[Rule, ...] = ()
    at_least: int = 0
    exclude: tuple[Rule, ...] = ()
    points: tuple[Points, ...] = ()
    threshold: float | None = None
    half_life_days: float | None = None

    def rules(self) -> list[tuple[str, Rule]]:
        """Every rule with its place in words ("fit, rule 2"), in the order of the YAML."""
        parts = (
            ("fit", self.fit),
            ("behaviour", self.behaviour),
            ("criteria", self.criteria),
            ("exclude", self.exclude),
            ("score.points", tuple(one.rule for one in self.points)),
        )
        return [(f"{part}, rule {number}", rule) for part, rules in parts for number, rule in enumerate(rules, 1)]

    def fields(self) -> list[str]:
        """Every attribute that it asks about, each once."""
        named = [*self.required_fields, *(rule.field for _, rule in self.rules() if isinstance(rule, FieldRule))]
        return list(dict.fromkeys(named))

    def activities(self) -> list[str]:
        """Every kind of activity that it asks about, each once."""
        return list(dict.fromkeys(rule.activity for _, rule in self.rules() if isinstance(rule, ActivityRule)))


@dataclass(frozen=True)
class Known:
    """What a history can be asked about: its fields and activities, and the fields whose changes were not recorded."""

    fields: tuple[str, ...]
    activities: tuple[str, ...]
    untracked: frozenset[str] = field(default_factory=frozenset)
