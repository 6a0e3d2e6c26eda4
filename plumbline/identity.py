"""Who acts: a name and a side. Until there is a log-in it is what somebody typed, and every screen and document says so."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline import people
from plumbline.errors import InputError

SIDES = ("marketing", "sales")
NOT_VERIFIED = "not verified by a log-in"


@dataclass(frozen=True)
class Identity:
    """`side`: marketing, sales, or "" for neither (operations, a guest). `is_verified`: a log-in says so."""

    name: str
    side: str = ""
    is_verified: bool = False

    @property
    def key(self) -> str:
        """What tells one person from another: all spellings of a name are one."""
        return people.key(self.name)

    @property
    def in_words(self) -> str:
        """'Anna Lee, marketing (not verified by a log-in)'."""
        side = f", {self.side}" if self.side else ""
        return f"{self.name}{side}" + ("" if self.is_verified else f" ({NOT_VERIFIED})")


def typed(name: str, side: str = "") -> Identity:
    """The identity that somebody typed. Raises InputError for what is no name, and a side that is none."""
    if side not in ("", *SIDES):
        raise InputError(f"{side!r} is no side", "your side", "say marketing or sales")
    return Identity(people.named(name, "your name"), side)
