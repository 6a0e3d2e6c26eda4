"""How one lead stands against a definition at one moment: each rule, what was found, what it gave."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.definition.model import ActivityRule, Definition, FieldRule, Rule
from plumbline.replay.kernel import TOLERANCE

PARTS = ("required_fields", "fit", "behaviour", "criteria", "points", "exclude")


@dataclass(frozen=True)
class Asked:
    """A rule of a definition in its part (a name of PARTS). `points`, `cap`: of a rule with points."""

    part: str
    rule: Rule
    points: float = 0.0
    cap: float | None = None


@dataclass(frozen=True)
class Found:
    """What a rule met with. `holds`: of a rule with points, whether it gave any. `cell`: of a field; "" where only known or not was asked.

    `times`, `latest` (microseconds; None: never): of an act, those that the rule counts.
    """

    asked: Asked
    holds: bool
    points: float = 0.0
    cell: str | None = None
    times: int = 0
    latest: int | None = None


@dataclass(frozen=True)
class State:
    """One lead at one moment (microseconds). `score` None: the definition has no points."""

    at: int
    score: float | None
    found: tuple[Found, ...]
    definition: Definition

    def of(self, part: str) -> tuple[Found, ...]:
        return tuple(one for one in self.found if one.asked.part == part)

    @property
    def criteria_met(self) -> int:
        return sum(one.holds for one in self.of("criteria"))

    @property
    def gates_hold(self) -> bool:
        """All that is asked but the score."""
        must = all(one.holds for part in ("required_fields", "fit", "behaviour") for one in self.of(part))
        return must and self.criteria_met >= self.definition.at_least and not any(one.holds for one in self.of("exclude"))

    @property
    def short(self) -> float:
        """Points that are missing; 0 where none are."""
        threshold = self.definition.threshold
        return 0.0 if threshold is None or self.score is None or self.score >= threshold - TOLERANCE else threshold - self.score

    @property
    def qualifies(self) -> bool:
        return self.gates_hold and not self.short

    @property
    def conditions(self) -> tuple[int, int]:
        """(met, asked) of what is asked but the score: each gate, each criterion up to as many as are needed, each exclusion that does not match."""
        gates = [one.holds for part in ("required_fields", "fit", "behaviour") for one in self.of(part)]
        gates += [not one.holds for one in self.of("exclude")]
        needed = self.definition.at_least
        return sum(gates) + min(self.criteria_met, needed), len(gates) + needed


def asked(definition: Definition) -> tuple[Asked, ...]:
    """Every rule of a definition, part by part in the order of PARTS."""
    told = [Asked("required_fields", FieldRule(name, "present")) for name in definition.required_fields]
    for part in ("fit", "behaviour", "criteria"):
        told += [Asked(part, rule) for rule in getattr(definition, part)]
    told += [Asked("points", one.rule, one.points, one.cap) for one in definition.points]
    return (*told, *(Asked("exclude", rule) for rule in definition.exclude))


def is_act(one: Asked) -> bool:
    return isinstance(one.rule, ActivityRule)


def by_presence(definition: Definition) -> set[str]:
    """Fields of which a definition asks only whether they are known."""
    needed: dict[str, bool] = {}
    for one in asked(definition):
        if isinstance(one.rule, FieldRule):
            needed[one.rule.field] = needed.get(one.rule.field, True) and one.rule.operator in ("present", "missing")
    return {name for name, is_presence in needed.items() if is_presence}
