"""What stands for a leak in an address and in an action about it: 'mql->sal|source=webinar|region=Europe'. Written here, read back here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

STEPS = ("mql->sal", "sal->sql", "sql->opportunity", "opportunity->won")
Segment = tuple[tuple[str, str], ...]


def written(step: int, segment: Sequence[tuple[str, str]]) -> str:
    """step: 1 (from MQL) to 4; segment: (attribute, value) pairs, "" for a value that is not known."""
    return "|".join([STEPS[step - 1], *(f"{name}={value}" for name, value in segment)])


def read(key: str, fields: Iterable[str]) -> tuple[int, Segment] | None:
    """(step, segment) of a key; None where it is none, or names an attribute that is not among `fields`.

    A value may hold any sign: a pair begins only where the name of an attribute stands between | and =.
    """
    step, _, rest = key.partition("|")
    if step not in STEPS:
        return None
    if not rest:
        return (STEPS.index(step) + 1, ()) if key == step else None
    names = sorted(map(re.escape, fields), key=len, reverse=True)
    found = list(re.finditer(rf"(?:^|\|)({'|'.join(names)})=", rest)) if names else []
    if not found or found[0].start():
        return None
    ends = [*(one.start() for one in found[1:]), len(rest)]
    return STEPS.index(step) + 1, tuple((one[1], rest[one.end() : end]) for one, end in zip(found, ends, strict=True))
