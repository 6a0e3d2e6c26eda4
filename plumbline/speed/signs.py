"""Which leads are hot by a definition, and by which act: what a call list needs of fit_interest and of the rules."""

from __future__ import annotations

import numpy as np

from plumbline.clock import DAY
from plumbline.definition.model import Definition
from plumbline.replay.facts import Facts
from plumbline.replay.parts import NOT_YET, parts
from plumbline.simulation.fit_interest import HOT_DAYS, in_favour, stand
from plumbline.speed.calls import Signs


def signs(definition: Definition, facts: Facts, lead_nos: np.ndarray) -> Signs | None:
    """Of leads, by their numbers, at the end of the data; None where the definition asks nothing of what leads do.

    Hot, as on the look "Hot leads": high interest by the definition, with an act that counts in favour in the last 7 days of the data.
    """
    n = len(lead_nos)
    known = facts.events.lead_no
    place = np.minimum(np.searchsorted(known, lead_nos), max(0, len(known) - 1))
    is_there = np.flatnonzero(known[place] == lead_nos) if len(known) else np.zeros(0, np.int64)
    now = stand(definition, facts, place[is_there], facts.data_through)
    if not now.asks_interest:
        return None
    at, is_hot, acts = np.full(n, NOT_YET, np.int64), np.zeros(n, np.bool_), [None] * n
    at[is_there] = now.last_sign
    is_hot[is_there] = now.is_interested & (now.last_sign > facts.data_through - HOT_DAYS * DAY)
    hot = np.flatnonzero(is_hot)
    for index, name in zip(hot, latest_acts(definition, facts, place[hot]), strict=True):
        acts[index] = name
    return Signs(at, is_hot, acts)


def latest_acts(definition: Definition, facts: Facts, leads: np.ndarray) -> list[str | None]:
    """The latest act of leads (indices) that counts in favour; of several at one instant, that of the first rule. None where there is none."""
    made = parts(definition, facts, leads, facts.data_through)
    wanted = in_favour(made)
    if not wanted or not len(leads):
        return [None] * len(leads)
    latest = made.latest[wanted]
    first = latest.argmax(axis=0)
    names = [made.rules[number].rule.activity for number in wanted]
    return [None if latest[rule, place] == NOT_YET else names[rule] for place, rule in enumerate(first)]
