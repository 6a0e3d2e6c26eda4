"""Whether a share moved in one group more than in another over the same time."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from plumbline.statistics.differences import Estimate, difference, share_of


@dataclass(frozen=True)
class Counts:
    """k of n before a day, and k of n after it."""

    k_before: int
    n_before: int
    k_after: int
    n_after: int

    @property
    def least(self) -> int:
        """The smaller of both numbers of items."""
        return min(self.n_before, self.n_after)

    def change(self) -> Estimate | None:
        """The share after less the share before, with Newcombe's interval; None where either has no items."""
        before, after = share_of(self.k_before, self.n_before), share_of(self.k_after, self.n_after)
        return None if before is None or after is None else difference(after, before)

    def __sub__(self, part: Counts) -> Counts:
        """The items that are not of that part."""
        return Counts(self.k_before - part.k_before, self.n_before - part.n_before, self.k_after - part.k_after, self.n_after - part.n_after)


def difference_in_differences(group: Counts, others: Counts) -> Estimate | None:
    """The change of the group less that of the others, between -2 and 2; None where any of the four has no items.

    Interval: Newcombe's on each change (Newcombe 1998, Statistics in Medicine 17, 873-890, method 10), the two combined by square-and-add of
    their distances (MOVER: Zou and Donner 2008, Statistics in Medicine 27, 1693-1702). Group and others must share no item.
    """
    own, other = group.change(), others.change()
    if own is None or other is None:
        return None
    value = own.value - other.value
    below = sqrt((own.value - own.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((own.high - own.value) ** 2 + (other.value - other.low) ** 2)
    return Estimate(value, max(-2.0, value - below), min(2.0, value + above))
