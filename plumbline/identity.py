"""Who acts: a name and a side. Until there is a log-in it is what somebody typed, and every screen and document says so."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.errors import InputError
from plumbline.text import clean, common_form

SIDES = ("marketing", "sales")
MOST_NAME = 120  # characters
NOT_VERIFIED = "not verified by a log-in"


@dataclass(frozen=True)
class Identity:
    """`side`: marketing, sales, or "" for neither (operations, a guest). `is_verified`: a log-in says so."""

    name: str
    side: str = ""
    is_verified: bool = False

    @property
    def key(self) -> str:
        """What tells one person from another: the name in its common form (case, white space and writing of letters folded)."""
        return common_form(self.name)

    @property
    def in_words(self) -> str:
        """'Anna Lee, marketing (not verified by a log-in)'."""
        side = f", {self.side}" if self.side else ""
        return f"{self.name}{side}" + ("" if self.is_verified else f" ({NOT_VERIFIED})")


def typed(name: str, side: str = "") -> Identity:
    """The identity that somebody typed. Raises InputError for no name, one that is too long, and a side that is none."""
    told = clean(name)
    if not told:
        raise InputError("a name is missing", "your name", "type it as others know you")
    if len(told) > MOST_NAME:
        raise InputError(f"the name is longer than {MOST_NAME} characters", "your name", "shorten it")
    if side not in ("", *SIDES):
        raise InputError(f"{side!r} is no side", "your side", "say marketing or sales")
    return Identity(told, side)
