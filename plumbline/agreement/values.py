"""What stands behind the keys of a promise: shares, limits, counts, fields. One reader a key; BadValueError says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from plumbline.agreement.figures import plain
from plumbline.agreement.model import Within
from plumbline.definition.kinds import is_number
from plumbline.text import clean

MOST_PLACES = 15  # of a share, after the point
MOST_DAYS = 3_650  # of a limit
MOST_TOUCHES = 1_000  # calls or emails
MOST_LEADS = 10_000_000
MOST_FIELDS = 64
_WITHIN = re.compile(r"([0-9]{1,9})([mhd])")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")


class BadValueError(Exception):
    """`what` is wrong with a value, and what `to_do`."""

    def __init__(self, what: str, to_do: str) -> None:
        self.what, self.to_do = what, to_do
        super().__init__(what)


def value_of(key: str, told: Any, written: Any, promise: str) -> Any:
    """The value of one key. told: as YAML means it; written: the same with every number as its text. Raises BadValueError."""
    return _READERS[key](key, told, written, promise)


def _share(_key: str, told: Any, written: Any, _promise: str) -> Decimal:
    to_do = "write a number over 0 and up to 1, for example 0.9 for 90 %"
    if isinstance(told, bool) or not isinstance(told, int | float):
        raise BadValueError(f"is {_shown(told)}, no number", to_do)
    try:
        share = Decimal(written) if _DECIMAL.fullmatch(written) else Decimal(told)
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or not 0 < share <= 1:
        is_percent = share.is_finite() and 2 <= share <= 100 and len(written) < 10
        raise BadValueError(f"is {written[:40]}", f"write {plain(share / 100)} for {plain(share)} %" if is_percent else to_do)
    if -share.normalize().as_tuple().exponent > MOST_PLACES:
        raise BadValueError(f"has more than {MOST_PLACES} places after the point", "round it")
    return share


def _within(_key: str, told: Any, written: Any, _promise: str) -> Within:
    found = _WITHIN.fullmatch(told) if isinstance(told, str) else None
    if not found:
        raise BadValueError(f"is {_shown(written)}", "write a whole number and m, h or d, for example 30m, 24h or 14d")
    limit = Within(int(found[1]), found[2])
    if not limit.number:
        raise BadValueError(f"is {told}", "write a number over 0, for example 30m")
    if limit.micros > Within(MOST_DAYS, "d").micros:
        raise BadValueError(f"is {told}, more than ten years", "write a shorter limit, for example 14d")
    return limit


def _clock(_key: str, told: Any, _written: Any, _promise: str) -> str:
    if told not in ("wall", "working"):
        raise BadValueError(f"is {_shown(told)}", "write working (the hours of the teams), or wall (the default)")
    return told


def _count(key: str, told: Any, written: Any, promise: str) -> int:
    least = 0 if promise == "touches" else 1
    most = MOST_TOUCHES if key in ("calls", "emails") else MOST_LEADS
    if not is_number(told) or told != int(told) or told < least:
        raise BadValueError(f"is {_shown(written)}", f"write a whole number, {least} or more")
    if told > most:
        raise BadValueError(f"is {_shown(written)}, more than {most:,}", "write a smaller number")
    return int(told)


def _fields(_key: str, told: Any, written: Any, _promise: str) -> tuple[str, ...]:
    if not isinstance(told, list) or not told:
        raise BadValueError("should be a list of fields, at least one", "write for example [need, budget]")
    names = []
    for value, text in zip(told, written, strict=True):
        name = "" if isinstance(value, bool) or not isinstance(value, str | int | float) else clean(text)
        if not name:
            told_as = "an empty entry" if text in (None, "") else _shown(value)
            raise BadValueError(f"has {told_as} in place of the name of a field", "write for example [need, budget]")
        names.append(name)
    if len(names) > MOST_FIELDS:
        raise BadValueError(f"lists more than {MOST_FIELDS} fields", "ask for fewer")
    return tuple(dict.fromkeys(names))


_READERS: dict[str, Callable[[str, Any, Any, str], Any]] = {
    "share": _share,
    "within": _within,
    "clock": _clock,
    "calls": _count,
    "emails": _count,
    "leads": _count,
    "per_rep": _count,
    "fields": _fields,
}


def _shown(value: Any) -> str:
    return repr(value)[:60]
