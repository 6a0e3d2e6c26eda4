"""Edits of the hours of teams, as a form or a text gives them, held against the teams that there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from plumbline.errors import SettingError
from plumbline.text import fold
from plumbline.wording import listing, shortened
from plumbline.working_time.calendar_file import check_zone
from plumbline.working_time.calendars import Calendar, PartialCalendar, difference
from plumbline.working_time.holiday_codes import check
from plumbline.working_time.shifts import read_hours

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MOST_NAMED = 12


def check_teams(settings: Mapping[str, PartialCalendar], teams: Iterable[str], kept: Iterable[str] = (), where: str = "calendars.yaml") -> None:
    """Raises SettingError for a team that no rep has, naming those that there are. kept: names that were in the file before, perhaps of another
    history. Upper and lower case do not matter; "" stands for leads without a team."""
    there = [name for name in teams if name]
    known = {fold(name) for name in (*there, *kept, "")}
    for name in settings:
        if fold(name) not in known:
            told = [shortened(one, 40) for one in there[:_MOST_NAMED]] + ([f"{len(there) - _MOST_NAMED} more"] if len(there) > _MOST_NAMED else [])
            to_do = f"the teams are {listing(told)}" if told else 'no rep of this history has a team: write "" for all leads'
            raise SettingError(f"no rep is in a team called {shortened(name, 60)!r}", where, to_do)


def from_form(base: Calendar, now: Calendar, zone: str, hours: Sequence[str], holidays: str, team: str) -> PartialCalendar:
    """What the settings must say of a team so that it has this zone, these hours and holidays.

    base: its calendar without the settings; now: with them, whose dates stay. hours: seven texts such as "09:00-17:00", Monday first; empty: closed.
    holidays: a code, or nothing. Raises SettingError naming the team and the day.
    """
    where = f"team {team[:60]!r}" if team else "leads without a team"
    week = tuple(read_hours(told, f"{where}, {day}") for told, day in zip(hours, _NAMES, strict=True))
    code = holidays.strip()
    edited = replace(
        now,
        time_zone=check_zone(zone.strip(), f"{where}, time zone"),
        week=week,
        holidays=check(code, f"{where}, holidays") if code and code.casefold() != "none" else "",
        is_assumed=now.is_assumed and week == now.week,
        is_zone_assumed=now.is_zone_assumed and zone.strip() == now.time_zone,
    )
    return difference(base, edited)
