"""Shares, limits and fields of a promise as its sentences say them: exact, never rounded."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from plumbline.agreement.model import Within
from plumbline.definition.kinds import said
from plumbline.wording import listing, plural

_UNITS = {"m": "minute", "h": "hour", "d": "day"}


def percent(share: Decimal) -> str:
    """A share as it is written: 0.9 -> '90 %', 0.925 -> '92.5 %'."""
    return f"{plain(share * 100)} %"


def plain(number: Decimal) -> str:
    """A decimal without an exponent and without trailing zeros: 0.90 -> '0.9', 1E+2 -> '100'."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def span(within: Within) -> str:
    """'30 minutes', '1 hour', '14 days'."""
    return plural(within.number, _UNITS[within.unit])


def limit_words(within: Within, clock: str = "wall") -> str:
    """'30 minutes of working time', '14 days'."""
    return span(within) + (" of working time" if clock == "working" else "")


def fields_words(fields: Sequence[str]) -> str:
    """'email, company and annual revenue'."""
    return listing([said(name) for name in fields])
