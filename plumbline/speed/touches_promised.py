"""The promise by which persistence is judged: so many calls and emails in so many days of the hand-over."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline import wording


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
