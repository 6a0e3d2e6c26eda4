"""A whole definition in English: what leaders read before they sign."""

from __future__ import annotations

from plumbline.definition.kinds import points_sentence, said, sentence, shown
from plumbline.definition.model import Definition


def paragraphs(definition: Definition) -> list[tuple[str, list[str]]]:
    """(what a part asks, its rules as clauses), in the order in which a lead is judged."""
    told: list[tuple[str, list[str]]] = []
    if definition.required_fields:
        told.append(("On record", [f"{said(name)} is known" for name in definition.required_fields]))
    if definition.fit:
        told.append(("Who it is: all of", [sentence(rule) for rule in definition.fit]))
    if definition.behaviour:
        told.append(("What it did: all of", [sentence(rule) for rule in definition.behaviour]))
    if definition.criteria:
        told.append((f"At least {definition.at_least} of {len(definition.criteria)}", [sentence(rule) for rule in definition.criteria]))
    if definition.points:
        points = [points_sentence(one, definition.half_life_days) for one in definition.points]
        told.append((f"A score of {shown(definition.threshold or 0)} or more", points))
    if definition.exclude:
        told.append(("Never, while", [sentence(rule) for rule in definition.exclude]))
    return told
