"""The reason beside each lead of a list: why it was passed, or what it had and what was missing."""

from __future__ import annotations

import numpy as np

from plumbline.definition.model import Definition
from plumbline.replay.facts import Facts
from plumbline.replay.parts import parts
from plumbline.replay.why import standing


def reasons(definition: Definition, facts: Facts, leads: np.ndarray, moments: np.ndarray | int) -> list[str]:
    """One text for each of `leads` (indices), as it stood at its moment (microseconds): 1,000 leads take some 50 ms."""
    made = parts(definition, facts, leads, moments)
    return [standing(made.state(place)) for place in range(len(leads))]
