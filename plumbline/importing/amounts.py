"""Amounts as people write them: $22,700.00, EUR 2.900,50, 1 234,50, 1'234.50, 1,77,000.00, $115.00K, 2,5 Mio, (1,200.00).

What stands before the fraction is said by a mapping (`decimal`), or settled by the column's own values; where these leave 1.200 open, it is asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

_SPACES = "\u0020\u00a0\u2007\u2009\u202f"
_QUOTES = "'\u2019\u02bc"
_MANY = {
    "k": 1e3,
    "m": 1e6,
    "mm": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "mln": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "mrd": 1e9,
    "lakh": 1e5,
    "lac": 1e5,
    "cr": 1e7,
    "crore": 1e7,
}
_SIGN = re.compile(r"[^\W\d_]{0,3}[$€£¥₹₽₩₺₪₫฿₴₦₱₡₲₵₸₭₮₼₾¢]|[A-Z]{3}|Rs\.?|kr\.?|Kč|zł|Ft|lei|лв\.?|руб\.?|Fr\.?|SFr\.?|R|د\.إ")
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_UNIT = re.compile(rf"([0-9])[{_SPACES}]?({'|'.join(sorted(_MANY, key=len, reverse=True))})\.?", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+")
_THREES = re.compile(r"[0-9]{1,3}(?P<mark>\D)[0-9]{3}((?P=mark)[0-9]{3})*")
_INDIAN = re.compile(r"[0-9]{1,2}(?P<mark>\D)([0-9]{2}(?P=mark))+[0-9]{3}")
MARKS = ".,"


class Open(Exception):  # noqa: N818 - no error: two answers
    """A text that could be read two ways, such as 1.200."""


def read(text: str, decimal: str = "") -> float | None:
    """The number that a text says; None where it says none, or is longer than 60 characters.

    decimal: what stands before the fraction, empty = not said. Raises Open."""
    bare = _bare(text) if len(text.strip()) <= 60 else None
    if bare is None:
        return None
    digits, sign, times = bare
    if digits.isascii() and "e" in digits.lower() and _PLAIN.fullmatch(digits):
        return sign * times * float(digits) if decimal != "," and math.isfinite(float(digits)) else None
    whole = _whole(digits, decimal)
    if whole is None:
        return None
    number = sign * times * float(whole)
    # 115.00 x 1000, without what multiplying in binary leaves behind
    return float(f"{number:.15g}") if math.isfinite(number) else None


def settled(texts: Iterable[str]) -> tuple[str, str]:
    """(what stands before the fraction by the texts that leave no doubt, a text that is still open): either is empty where there is none.

    Texts that contradict each other settle nothing."""
    marks, still = set(), ""
    for text in texts:
        try:
            if read(text) is not None and (mark := _mark(text)):
                marks.add(mark)
        except Open:
            still = still or text
    return (marks.pop() if len(marks) == 1 else ""), still


def readings(text: str) -> tuple[float | None, float | None]:
    """What a text says with a decimal point, and with a decimal comma."""
    return read(text, "."), read(text, ",")


def _mark(text: str) -> str:
    """What stands before the fraction in a text that leaves no doubt; empty where it has neither fraction nor groups by point or comma."""
    point, comma = readings(text)
    has_mark = any(mark in text for mark in MARKS)
    return "" if not has_mark or point == comma else "." if comma is None else "," if point is None else ""


def _bare(text: str) -> tuple[str, int, float] | None:
    """The digits and marks of a text, its sign, and what it is to be multiplied by; None where something else is in it."""
    rest, sign, times = text.strip().replace("\u2212", "-").replace("\u2013", "-"), 1, 1.0
    if rest.startswith("(") and rest.endswith(")"):
        rest, sign = rest[1:-1].strip(), -1
    if not (_PLAIN.fullmatch(rest) and "e" in rest.lower()):
        has_sign = has_money = False
        for _ in range(4):  # sign and currency in either order, before and after
            if not has_sign and sign == 1 and rest[:1] in "+-" and rest:
                rest, has_sign, sign = rest[1:].strip(), True, -1 if rest[0] == "-" else 1
            if not has_sign and sign == 1 and rest.endswith(("-", "+")):
                rest, has_sign, sign = rest[:-1].strip(), True, -1 if rest[-1] == "-" else 1
            if not has_money and (found := _SIGN.match(rest)) and not rest[: found.end()].isdigit():
                rest, has_money = rest[found.end() :].strip(), True
            if not has_money and (found := re.search(rf"(?:{_SIGN.pattern})$", rest)) and (found.start() == 0 or not _is_unit(rest, found.start())):
                rest, has_money = rest[: found.start()].strip(), True
        if (found := _UNIT.search(rest)) and found.end() == len(rest):
            rest, times = rest[: found.start() + 1], _MANY[found.group(2).lower()]
    elif rest[0] in "+-":
        rest, sign = rest[1:], sign * (-1 if rest[0] == "-" else 1)
    return (rest, sign, times) if (rest and rest.isascii()) or re.fullmatch(rf"[0-9.,{_SPACES}{_QUOTES}]+", rest) else None


def _is_unit(rest: str, start: int) -> bool:
    """Whether what stands at the end is a multiplier (115K), not a currency."""
    return rest[start:].strip(". ").lower() in _MANY


def _whole(digits: str, decimal: str) -> str | None:
    """Digits and marks as a plain number. Raises Open."""
    digits = re.sub(f"[{_SPACES}]", " ", re.sub(f"[{_QUOTES}]", "'", digits))
    if not re.fullmatch(r"[0-9][0-9., ']*|[.,][0-9]+", digits):
        return None
    points, commas = digits.count("."), digits.count(",")
    spaced = " " in digits or "'" in digits
    if points and commas:
        last = max(MARKS, key=digits.rfind)
        return None if decimal not in ("", last) or digits.count(last) > 1 else _joined(digits, last)
    mark = "." if points else ","
    if not points and not commas:
        return _joined(digits, "")
    if points + commas > 1:
        return None if decimal == mark else _joined(digits, "")
    if decimal:
        return _joined(digits, mark if decimal == mark else "")
    before, _, after = digits.partition(mark)
    if spaced or len(after) != 3 or len(before) > 3 or not before.strip("0"):
        return _joined(digits, mark)
    raise Open(digits)


def _joined(digits: str, decimal: str) -> str | None:
    """Groups put together, where they are groups of three (or of two and a last of three) by one mark."""
    before, mark, after = digits.partition(decimal) if decimal else (digits, "", "")
    if mark and not _DIGITS.fullmatch(after):
        return None
    if before and not (_DIGITS.fullmatch(before) or _THREES.fullmatch(before) or _INDIAN.fullmatch(before)):
        return None
    whole = re.sub(r"\D", "", before) or "0"
    return f"{whole}.{after}" if mark else whole
