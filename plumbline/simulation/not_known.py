"""Of how many leads a criterion of a draft is not known: k of n counts that as not met, so the screen says it."""

from __future__ import annotations

import numpy as np

from plumbline.definition.model import Definition, FieldRule
from plumbline.replay.kernel import NEVER
from plumbline.simulation.conditions import cells_at
from plumbline.simulation.run import Ground, Simulation


def not_known(draft: Definition, found: Simulation, ground: Ground) -> tuple[dict[str, int], int]:
    """(field of a criterion -> leads of whom it was not known, leads of the period): of leads that either side hands over in it, as known when the
    draft did, else when the other side did. Fields known of all are left out."""
    leads = np.flatnonzero(found.sides.draft_in | found.sides.baseline_in)
    moments = np.where(found.sides.draft[leads] != NEVER, found.sides.draft[leads], found.sides.baseline[leads])
    told = {}
    for rule in draft.criteria:
        if isinstance(rule, FieldRule) and rule.operator != "missing" and rule.field not in told:
            told[rule.field] = int((cells_at(ground.facts.presence(rule.field), ground.facts, leads, moments) == 0).sum())
    return {name: n for name, n in told.items() if n}, len(leads)
