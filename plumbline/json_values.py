"""Values as JSON may hold them (RFC 8259)."""

from __future__ import annotations

import math


def finite(value: object) -> object:
    """The same value with null in place of infinities and of what is no number, at any depth: JSON has neither."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(part) for key, part in value.items()}
    return [finite(part) for part in value] if isinstance(value, list | tuple) else value
