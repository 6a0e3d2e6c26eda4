"""Definitions of a qualified lead at random, valid by docs/definitions.md, that fit the histories of random_replay_histories.py."""

from __future__ import annotations

from random import Random

from .random_histories import ALIKE
from .random_replay_histories import ACTIVITIES, CHANGED_ONLY, DAYS, EXTRA_FIELDS, FIELDS, FLAGS, NUMBERS, WORDS

KINDS = FIELDS | EXTRA_FIELDS | {CHANGED_ONLY: "word"}
RULE_NUMBERS = [100, 100.0, 5, -5, 0, -0.0, 0.1, 10000, 1e4, 1, 99.5, 1e22]
POINTS = [10, 15, 20, 5, 0.1, 0.2, 0.3, 33.3, 1, 0, -5, -10, -20, -0.1]
OPERATORS = ["is", "is_not", "one_of", "none_of", "at_least", "at_most", "between", "present", "missing"]
PASSES_OFTEN = ["present", "present", "is_not", "is_not", "none_of", "none_of", "at_most"]  # a definition of narrow rules alone qualifies nobody


def random_definition(seed: int | str) -> dict:
    """The same definition for the same seed, as parsed YAML. It has at least one part that a lead could meet."""
    return _Maker(Random(f"definition {seed}")).definition()


class _Maker:
    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def definition(self) -> dict:
        rng = self.rng
        parts = rng.choice([["score"], ["score"], ["fit"], ["behaviour"], ["criteria"], ["criteria", "score"], ["fit", "score"], None])
        if parts is None:
            parts = rng.sample(["fit", "behaviour", "criteria", "score"], rng.randint(1, 4))
        told: dict = {"name": "at random"} if self.chance(0.3) else {}
        if self.chance(0.25):
            told["required_fields"] = rng.sample(sorted(KINDS), rng.randint(1, 2))
        if "fit" in parts:
            told["fit"] = [self.field_rule() for _ in range(rng.choice([1, 1, 2, 3]))]
        if "behaviour" in parts:
            told["behaviour"] = [self.activity_rule() for _ in range(rng.choice([1, 1, 2]))]
        if "criteria" in parts:
            rules = [self.rule() for _ in range(rng.randint(1, 7) if self.chance(0.95) else rng.randint(30, 40))]
            told["criteria"] = {"at_least": min(rng.randint(1, len(rules)), rng.randint(1, len(rules))), "of": rules}
        if self.chance(0.4):
            told["exclude"] = [self.exclusion() for _ in range(rng.choice([1, 1, 2]))]
        if "score" in parts:
            told["score"] = self.score()
        if self.chance(0.3):
            told = dict(rng.sample(list(told.items()), len(told)))
        return told

    def rule(self) -> dict:
        return self.field_rule() if self.chance(0.5) else self.activity_rule()

    def activity_rule(self) -> dict:
        rng = self.rng
        rule = {"activity": rng.choice(ACTIVITIES) if self.chance(0.95) else rng.choice(["kind 1", "kind 80", "never_done"])}
        if self.chance(0.6):
            rule["times"] = rng.choice([1, 1, 1, 2, 2, 3, 4, 2.0])
        if self.chance(0.6):
            rule["within_days"] = rng.choice([*DAYS, 1.0])
        return rule

    def exclusion(self) -> dict:
        """Never `missing`, which the grammar refuses here."""
        while True:
            rule = self.activity_rule() if self.chance(0.6) else self.field_rule()
            if "missing" not in rule:
                return rule

    def field_rule(self) -> dict:
        rng = self.rng
        field = rng.choice([*KINDS, *FIELDS, *FIELDS])
        operator = rng.choice([*OPERATORS, *PASSES_OFTEN])
        kind = KINDS[field] if self.chance(0.9) else rng.choice(["alike", "number", "flag", "word"])
        if operator in ("at_least", "at_most", "between"):
            if kind != "number" and self.chance(0.7):
                field, kind = rng.choice([name for name, of in KINDS.items() if of == "number"]), "number"
            low, high = sorted(rng.choices(RULE_NUMBERS, k=2))
            return {"field": field, operator: [low, high] if operator == "between" else rng.choice([low, high])}
        if operator in ("present", "missing"):
            return {"field": field, operator: True}
        if operator in ("one_of", "none_of"):
            return {"field": field, operator: [self.value(kind) for _ in range(rng.randint(1, 5))]}
        return {"field": field, operator: self.value(kind)}

    def value(self, kind: str) -> str | bool | int | float:
        """What an `is` may ask for: of the field's own kind most often, and as text, number or boolean alike."""
        rng = self.rng
        if kind == "number":
            return rng.choice([rng.choice(RULE_NUMBERS), rng.choice(RULE_NUMBERS), rng.choice(NUMBERS)])
        if kind == "flag":
            return rng.choice([True, False, rng.choice(FLAGS), 1, 0])
        return rng.choice(WORDS) if kind == "word" else rng.choice(rng.choice(ALIKE))

    def score(self) -> dict:
        rng = self.rng
        rules = []
        for _ in range(rng.randint(1, 6)):
            rule = self.field_rule() if self.chance(0.4) else {"activity": rng.choice(ACTIVITIES)}
            rule["points"] = rng.choice(POINTS)
            if "activity" in rule and self.chance(0.4):
                rule["cap"] = rng.choice([30, 10, 5, 0.3, 25.5])
            rules.append(rule)
        part = {"threshold": self.threshold(rules), "points": rules}
        if self.chance(0.6):
            part["half_life_days"] = rng.choice([*DAYS, 1e-6, 1000])
        return part

    def threshold(self, rules: list[dict]) -> float:
        """Within reach; often a sum that some lead has exactly, or a half or a quarter of one (after one or two half-lives)."""
        rng = self.rng
        most = most_points(rules)
        if self.chance(0.7):
            wanted = sum(rule["points"] * (rng.choice([1, 1, 2, 3, 0.5, 0.25]) if "activity" in rule else 1) for rule in rules if self.chance(0.4))
        else:
            wanted = rng.choice([0, -10, 1, 10, 25, 60, rng.uniform(-20, 80)])
        return min(wanted, most)


def most_points(rules: list[dict]) -> float:
    """The highest score that any lead could have."""
    return sum(rule["points"] if "field" in rule else rule.get("cap", float("inf")) for rule in rules if rule["points"] > 0)


__all__ = ["most_points", "random_definition"]
