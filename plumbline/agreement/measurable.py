"""Which promises a history cannot measure. What it does not record is never told: such a promise keeps its row, without data, and says why."""

from __future__ import annotations

from plumbline.agreement.check import unmeasurable
from plumbline.agreement.items import Ground
from plumbline.agreement.promises import KINDS


def whys_not(known: Ground) -> dict[str, str]:
    """Kind of promise -> why it cannot be measured, as a clause; those that can are left out."""
    told: dict[str, str] = {}
    for what, place, _ in unmeasurable(known.agreement, known.history, None):
        told.setdefault(next(name for name in place if name in KINDS), what)
    return told
