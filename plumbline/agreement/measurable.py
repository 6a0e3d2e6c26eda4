"""Whether a history can measure a promise at all. What it does not record is never told: such a promise keeps its row, without data, and says why."""

from __future__ import annotations

from plumbline.agreement.items import Ground
from plumbline.agreement.model import Promise


def why_not(known: Ground, promise: Promise) -> str:
    """Why the promise cannot be measured, as a clause; '' where it can."""
    return ""
