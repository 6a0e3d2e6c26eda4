"""The week as the meeting sees it: one value, from which the screen, the minutes and meeting mode draw the same figures in the same words.

Nothing is asked here: plumbline/meeting/weekly.py makes it. Sentences about it are in plumbline/words/weekly.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from plumbline.agreement.model import Agreement, Promise, Side
from plumbline.meeting.changes import Change
from plumbline.meeting.did_it_help import Helped
from plumbline.state.actions import Action

if TYPE_CHECKING:
    from plumbline.agreement.scorecard import Row

TREND = 8  # weeks of the small picture beside a promise, the week itself the last of them


@dataclass(frozen=True)
class Agreed:
    """What the week is judged by. agreement None: nothing, and `why_not` says why, as a sentence without its full stop.

    number: of the version in the store; None for an agreement that lies in a file. review_due: when both sides look at it again.
    """

    agreement: Agreement | None = None
    number: int | None = None
    review_due: date | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Judged:
    """One promise in the week. title: 'First touch'; target: in words, '80 % within 30 minutes of working time'; sentence: the promise as it was
    signed. row: of the week; trend: the rows of TREND weeks, the oldest first; quarter: so far, None where it has none. open_actions: their
    numbers, of those about it."""

    promise: Promise
    side: Side
    title: str
    target: str
    sentence: str
    row: Row
    trend: tuple[Row, ...]
    quarter: Row | None
    open_actions: tuple[int, ...] = ()

    @property
    def kind(self) -> str:
        """Its name in the file and in the address: first_touch."""
        return self.promise.kind


@dataclass(frozen=True)
class LeakOfWeek:
    """One of the leaks worth the most. key: as the address of the Leaks screen says it; step: 'mql->sal'; segment: (attribute, value) pairs.

    named: 'Source webinar'; lost: 'about 12 SQLs lost'; rates, cause: sentences without a full stop ('' where no one way of leaking stands out).
    value: in the reporting currency, None where no deal is known; side: fit, follow-up, both, outside, neither, unknown.
    """

    key: str
    step: str
    segment: tuple[tuple[str, str], ...]
    named: str
    lost: str
    rates: str
    cause: str
    value: float | None
    side: str
    open_actions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Leaks:
    """The leaks of the weeks from `since` to the end of the week, `shown` the three worth the most of `found`; `looked_at` segments.

    why_none: why there is none, as a sentence without its full stop.
    """

    shown: tuple[LeakOfWeek, ...]
    found: int
    looked_at: int
    since: date
    until: date  # exclusive
    why_none: str = ""


@dataclass(frozen=True)
class ToCall:
    """Who waits for a call as the data end. counts: group of plumbline/speed/calls.GROUPS -> leads; None: it is not recorded, `why_not` says why.

    has_signs: whether hot ones could be told (hot and hot_due are 0 where not). calls, emails, days: of the promise that is counted by.
    """

    counts: Mapping[str, int] | None
    has_signs: bool
    calls: int
    emails: int
    days: int
    why_not: str = ""


@dataclass(frozen=True)
class Reason:
    """Rejections for one class of reasons (plumbline/leaks/reasons.CLASSES): n of the week, n_before of the eight weeks before together."""

    reason: str
    n: int
    n_before: int


@dataclass(frozen=True)
class Rejections:
    """reasons: the commonest first. why_not: rejections are not recorded, as a sentence without its full stop."""

    reasons: tuple[Reason, ...]
    why_not: str = ""

    @property
    def n(self) -> int:
        return sum(one.n for one in self.reasons)

    @property
    def n_before(self) -> int:
        return sum(one.n_before for one in self.reasons)


@dataclass(frozen=True)
class Win:
    """One lead that was won in the week. amount: in the reporting currency, None: none known. won_at: naive UTC."""

    lead_id: str
    company: str
    source: str
    rep: str
    won_at: datetime
    amount: float | None


@dataclass(frozen=True)
class Wins:
    """The largest first. why_not: won deals are not recorded, as a sentence without its full stop."""

    won: tuple[Win, ...]
    why_not: str = ""

    @property
    def amount(self) -> float | None:
        """Of those that are known, together; None where none is."""
        known = [one.amount for one in self.won if one.amount is not None]
        return sum(known) if known else None


@dataclass(frozen=True)
class Followed:
    """One action, open or settled lately. about: what it is about in words ('' for nothing). is_overdue: open, and due before today.

    helped: None where it is not done, is about nothing, or cannot be judged any more: `why_not` says which, as a sentence without its full stop.
    """

    action: Action
    about: str
    is_overdue: bool
    helped: Helped | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Week:
    """Everything. monday, name ('2026-W46'), days ('Mon 9 - Sun 15 Nov'); is_over: the data reach to its end.

    promises: in the order of the agreement; empty without one. not_recorded: what the history does not record and the week would tell, sentences.
    """

    monday: date
    name: str
    days: str
    is_over: bool
    data_through: datetime
    time_zone: str
    currency: str
    agreed: Agreed
    promises: tuple[Judged, ...]
    changes: tuple[Change, ...]
    leaks: Leaks
    calls: ToCall
    rejections: Rejections
    wins: Wins
    actions: tuple[Followed, ...]
    not_recorded: tuple[str, ...] = ()

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def next_meeting(self) -> date:
        """The Monday on which the meeting after the one about this week can be held."""
        return self.monday + timedelta(weeks=2)

    def of_side(self, side: Side) -> tuple[Judged, ...]:
        return tuple(one for one in self.promises if one.side == side)

    def promise(self, kind: str) -> Judged | None:
        return next((one for one in self.promises if one.kind == kind), None)
