"""Which promises a history cannot measure, and why: they keep their row, without data, and say so."""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.agreement.asked import asked
from plumbline.agreement.check import asked_fields
from plumbline.agreement.items import Ground
from plumbline.agreement.promises import KINDS
from plumbline.history.connection import History


def whys_not(known: Ground) -> dict[str, str]:
    """Kind of promise -> why it cannot be measured, as a clause; those that can are left out."""
    return known.whys_not


def notes(history: History, parameters: Mapping[str, object]) -> list[str]:
    """A line for each promise that a metric sla/* was asked about and that cannot be measured, and for fields that the history does not have."""
    known, _ = asked(history, {"week": None, "agreement": None, **parameters})
    there = {row["attribute"] for row in history.fields.values()}
    lacking = [name for name in asked_fields(known.agreement) if name not in there]
    told = [f"{KINDS[name].title.lower()} ({name}): {why}" for name, why in known.whys_not.items() if parameters.get("promise") in (None, name)]
    return [*told, *(f"this history has no field {name}: it counts as not known for every lead" for name in lacking)]
