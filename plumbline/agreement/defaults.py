"""What the version in force promises, in the form in which other screens ask for a promise: their controls begin with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plumbline.agreement.model import Agreement, Within
from plumbline.agreement.promises import KINDS
from plumbline.agreement.versions import version_in_force

_HOUR, _DAY = Within(1, "h").micros, Within(1, "d").micros


@dataclass(frozen=True)
class FirstTouch:
    """A first touch within `within`, by the clock or in working time, for at least `percent` of the leads."""

    within: Within
    is_working: bool
    percent: int


@dataclass(frozen=True)
class Touches:
    """So many calls and emails within so many days, for at least `percent` of the leads."""

    calls: int
    emails: int
    days: int
    percent: int


@dataclass(frozen=True)
class Agreed:
    """`name`: of the version. What it does not promise, or promises in a way that a screen cannot ask for, is None."""

    name: str
    agreement: Agreement

    @property
    def first_touch(self) -> FirstTouch | None:
        one = self.agreement.promise("first_touch")
        percent = _whole_percent(one.share) if one else None
        return FirstTouch(one.within, one.clock == "working", percent) if one and percent else None

    @property
    def touches(self) -> Touches | None:
        one = self.agreement.promise("touches")
        percent = _whole_percent(one.share) if one else None
        if one is None or percent is None or one.within.micros % _DAY:
            return None
        return Touches(one.calls, one.emails, one.within.micros // _DAY, percent)

    def hours(self, kind: str) -> float | None:
        """The limit of a promise in hours of the clock; None where it is not made, or counts working time."""
        one = self.agreement.promise(kind)
        limit = KINDS[kind].limit(one) if one and one.clock == "wall" else None
        return limit.micros / _HOUR if limit else None

    @property
    def open_leads(self) -> int | None:
        """The most open leads that a rep may have."""
        one = self.agreement.promise("open_leads")
        return one.per_rep if one else None


def agreed_on(day: date) -> Agreed | None:
    """What is in force on a day of the organisation's zone; None where no version is. Raises StateError."""
    found = version_in_force(day)
    return Agreed(found.name, found.agreement()) if found else None


def _whole_percent(share: Decimal | None) -> int | None:
    """A share in percent where it is a whole number of them, as controls ask for it."""
    percent = None if share is None else share * 100
    return int(percent) if percent is not None and percent == percent.to_integral_value() else None
