"""What every look of the Persistence screen is about, and what two of them must say."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from plumbline import wording
from plumbline.filters import Filters
from plumbline.ui.persistence.terms import Promise

SURVIVORS = (
    "Mind who is in which group: a lead that was reached early needs no more calls, and one that seems promising gets more. "
    "So this is no reason to call less, or more: the chance per attempt is the fair comparison."
)


@dataclass(frozen=True)
class Scene:
    """What every look is about. found: the rows of persistence/attempts. has_contacts: some touch says that it reached the lead; is_timeless: all
    stands at one instant."""

    filters: Filters
    promise: Promise
    found: pl.DataFrame
    has_contacts: bool
    is_timeless: bool


def count(name: str, number: int) -> pl.Expr:
    """Passes with so many in column `name`; 6 stands for 6 and more."""
    return pl.col(name) >= 6 if number == 6 else pl.col(name) == number


def many(number: int, word: str) -> str:
    """'1 call', '6 or more calls'."""
    return f"6 or more {word}s" if number == 6 else wording.plural(number, word)
