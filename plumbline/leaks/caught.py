"""Whom a definition would have barred at the hand-over: of those that sales sent back, and of those that it accepted; rule by rule.

A gate bars who does not meet it, an exclusion who matches it; criteria bar together (fewer than k of n), points bar together (under the threshold).
Each pass is judged at its opening, as its lead was known then (replay/parts.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.definition.model import Definition
from plumbline.replay.facts import Facts
from plumbline.replay.kernel import TOLERANCE
from plumbline.replay.parts import Parts, parts
from plumbline.replay.states import Asked

GATES = ("required_fields", "fit", "behaviour")
CRITERIA, POINTS, WHOLE = "criteria", "points", "whole"


@dataclass(frozen=True)
class Passes:
    """What sales judged: (n) lead (index), its pass number, microseconds of the opening, whether it was sent back, whether it became an SQL. The rest
    was accepted and kept."""

    lead: np.ndarray
    number: np.ndarray
    opened: np.ndarray
    is_rejected: np.ndarray
    is_sql: np.ndarray


@dataclass(frozen=True)
class Barred:
    """What one rule does. `part`: of the definition, or WHOLE; `rule` None: criteria together, points together, the whole definition.

    `caught` of `rejected` would have been barred, `lost` of `accepted` too, `sqls` of which became SQLs. `mask` (n): who is barred.
    """

    part: str
    rule: Asked | None
    caught: int
    rejected: int
    lost: int
    accepted: int
    sqls: int
    mask: np.ndarray


def caught(definition: Definition, facts: Facts, passes: Passes) -> list[Barred]:
    """The whole definition first, then each rule in the order of the definition."""
    told: list[tuple[str, Asked | None]] = []
    masks: list[np.ndarray] = []
    rounds = [np.flatnonzero(passes.number == number) for number in np.unique(passes.number)]  # a lead at most once in each
    for chosen in rounds:
        made = parts(definition, facts, passes.lead[chosen], passes.opened[chosen])
        found = _barring(definition, made)
        if not masks:
            told = [(part, rule) for part, rule, _ in found]
            masks = [np.zeros(len(passes.lead), np.bool_) for _ in found]
        for mask, (_, _, held) in zip(masks, found, strict=True):
            mask[chosen] = held
    if not masks:
        return []
    whole = np.logical_or.reduce(masks)
    return [_counted(part, rule, mask, passes) for (part, rule), mask in zip([(WHOLE, None), *told], [whole, *masks], strict=True)]


def _barring(definition: Definition, made: Parts) -> list[tuple[str, Asked | None, np.ndarray]]:
    found: list[tuple[str, Asked | None, np.ndarray]] = []
    for part in GATES:
        found += [(part, made.rules[n], ~made.holds[n]) for n in made.which(part)]
    if definition.criteria:
        found.append((CRITERIA, None, made.holds[made.which(CRITERIA)].sum(axis=0) < definition.at_least))
    if definition.threshold is not None:
        found.append((POINTS, None, made.points[made.which(POINTS)].sum(axis=0) < definition.threshold - TOLERANCE))
    return found + [("exclude", made.rules[n], made.holds[n]) for n in made.which("exclude")]


def _counted(part: str, rule: Asked | None, mask: np.ndarray, passes: Passes) -> Barred:
    back, kept = passes.is_rejected, ~passes.is_rejected
    return Barred(
        part,
        rule,
        int((mask & back).sum()),
        int(back.sum()),
        int((mask & kept).sum()),
        int(kept.sum()),
        int((mask & kept & passes.is_sql).sum()),
        mask,
    )
