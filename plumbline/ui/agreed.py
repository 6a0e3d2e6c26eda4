"""What is in force today, for the screens that ask for a promise: their controls begin with it, and say so."""

from __future__ import annotations

from plumbline.agreement.defaults import Agreed, agreed_on
from plumbline.errors import StateError
from plumbline.ui import clock


def now() -> Agreed | None:
    """The version in force today; None where none is, or where the store cannot be read, which the screen Agreement tells."""
    try:
        return agreed_on(clock.today())
    except StateError:
        return None


def said(agreed: Agreed, promised: str, is_the_same: bool, aside: str = "") -> str:
    """Whether a screen judges by what is promised: 'As promised in Q1 2027: …', or 'Q1 2027 promises …: here you try another.'"""
    if is_the_same:
        return f"As promised in {agreed.name}: {promised}.{f' {aside}' if aside else ''}"
    return f"{agreed.name} promises {promised}; here another promise is tried."
