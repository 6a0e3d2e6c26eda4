"""The promise by which persistence is judged: so many calls and emails in so many days. Chosen on screen, kept in the address."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from plumbline import wording
from plumbline.ui import address


@dataclass(frozen=True)
class Promise:
    """So many calls and emails within so many days of the hand-over, for at least so many percent of the leads."""

    calls: int = 3
    emails: int = 3
    days: int = 14
    percent: int = 90  # of the leads, at least

    @property
    def attempts(self) -> int:
        """K: attempts before a lead may be given up; 6 where nothing is promised (docs/meaning.md)."""
        return self.calls + self.emails or 6

    @property
    def parameters(self) -> dict[str, int]:
        return {"calls": self.calls, "emails": self.emails, "days": self.days}

    def in_words(self) -> str:
        """'3 calls and 3 emails in 14 days'."""
        parts = [wording.plural(n, word) for n, word in ((self.calls, "call"), (self.emails, "email")) if n]
        return f"{wording.listing(parts) or 'nothing'} in {wording.plural(self.days, 'day')}"


_LIMITS = {"calls": (0, 50), "emails": (0, 50), "days": (1, 365), "percent": (1, 100)}
_LABELS = {"calls": "Calls", "emails": "Emails", "days": "Days from hand-over", "percent": "For at least, % of the leads"}


def choose(bar: object) -> Promise:
    """The controls, in a popover of the filter bar. A closed popover loses what is bound to the address, so it is written here."""
    usual = Promise()
    with bar.popover("Promise", help="How many calls and emails sales promised, and in how many days of the hand-over to a rep"):
        for name, (low, high) in _LIMITS.items():
            key = f"promise.{name}"
            if key not in st.session_state:
                st.session_state[key] = address.number(name, low, high, getattr(usual, name))
            st.number_input(_LABELS[name], low, high, key=key, persist_state="session")
    chosen = Promise(**{name: int(st.session_state[f"promise.{name}"]) for name in _LIMITS})
    for name in _LIMITS:
        value = getattr(chosen, name)
        address.tell(name, str(value) if value != getattr(usual, name) else "")
    return chosen
