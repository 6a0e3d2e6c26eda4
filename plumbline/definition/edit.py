"""Changes of one rule of a definition; the rest follows: a score without points is gone, a bar of k of n stays within n."""

from __future__ import annotations

from dataclasses import replace

from plumbline.definition.model import Definition

FIRST_THRESHOLD = 50.0


def changed(definition: Definition, part: str, place: int | None, made: object | None) -> Definition:
    """The definition with rule `place` of `part` (a name of the YAML; "points") made anew; `made` None: without it; `place` None: one more."""
    rules = list(getattr(definition, part))
    if place is None:
        rules.append(made)
    elif made is None:
        rules.pop(place)
    else:
        rules[place] = made
    changes: dict[str, object] = {part: tuple(rules)}
    if part == "points":
        changes["threshold"] = None if not rules else FIRST_THRESHOLD if definition.threshold is None else definition.threshold
        changes["half_life_days"] = definition.half_life_days if rules else None
    if part == "criteria":
        changes["at_least"] = min(max(1, definition.at_least), len(rules)) if rules else 0
    return replace(definition, **changes)
