"""When each team works: hours of the week, dates with other hours, public holidays, time zone. What is not known is assumed, and flagged as such."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from plumbline.clock import time_zone
from plumbline.errors import InputError
from plumbline.history.schema import DAYS
from plumbline.text import fold
from plumbline.working_time.holiday_codes import days_off
from plumbline.working_time.shifts import Shifts, merged, shift

Week = tuple[Shifts, ...]  # seven, Monday first
Dates = tuple[tuple[date, Shifts], ...]  # in order; no shifts: closed

NO_TEAM = ""  # whose calendar leads without a team are measured by: the organisation's
ASSUMED_WEEK: Week = (((9 * 60, 17 * 60),),) * 5 + ((), ())  # Monday to Friday, 09:00 to 17:00
_UNSAID = (None,) * 7


@dataclass(frozen=True)
class PartialCalendar:
    """What the settings say of one team; what they leave out is None. `holidays`: a code, "" for none."""

    time_zone: str | None = None
    week: tuple[Shifts | None, ...] = _UNSAID
    dates: Dates = ()
    holidays: str | None = None


@dataclass(frozen=True)
class Calendar:
    """When one team works, on the wall clock of `time_zone`. A shift that runs past midnight belongs to the day it began on.

    dates           hours of single dates, in place of their weekday's and of a holiday
    holidays        a code of the `holidays` library, "" for none; a holiday is closed unless `dates` has it
    is_assumed      nobody gave the hours of the week
    is_zone_assumed neither the settings nor a rep gave the time zone: it is the organisation's
    """

    time_zone: str
    week: Week = ASSUMED_WEEK
    dates: Dates = ()
    holidays: str = ""
    is_assumed: bool = False
    is_zone_assumed: bool = False

    def hours(self, day: date) -> Shifts:
        """The shifts that begin on a local day."""
        given = dict(self.dates).get(day)
        if given is not None:
            return given
        return () if day in self.holidays_of(day.year) else self.week[day.weekday()]

    def holidays_of(self, year: int) -> dict[date, str]:
        """Day and name of the public holidays of a year, whether `dates` opens them or not."""
        return dict(days_off(self.holidays, year)) if self.holidays else {}

    def differing(self, first: date, last: date) -> dict[date, tuple[Shifts, str]]:
        """The days from `first` to `last` whose hours are not those of their weekday: those hours, and the holiday's name or ""."""
        named = {day: name for year in range(first.year, last.year + 1) for day, name in self.holidays_of(year).items()}
        given = dict(self.dates)
        found = {day: given.get(day, ()) for day in sorted({*named, *given}) if first <= day <= last}
        return {day: (hours, named.get(day, "")) for day, hours in found.items() if hours != self.week[day.weekday()]}

    def overlaid(self, said: PartialCalendar) -> Calendar:
        """With what the settings say put over it. Where the week was only assumed, one weekday said makes the unsaid ones closed."""
        says_week = said.week != _UNSAID
        base = ((),) * 7 if says_week and self.is_assumed else self.week
        return Calendar(
            time_zone=said.time_zone or self.time_zone,
            week=tuple(was if now is None else now for was, now in zip(base, said.week, strict=True)),
            dates=tuple(sorted({**dict(self.dates), **dict(said.dates)}.items())),
            holidays=self.holidays if said.holidays is None else said.holidays,
            is_assumed=self.is_assumed and not says_week,
            is_zone_assumed=self.is_zone_assumed and said.time_zone is None,
        )


def difference(base: Calendar, edited: Calendar) -> PartialCalendar:
    """The least that settings must say so that `base`, the calendar without them, has the hours, zone and holidays of `edited`.

    A date of `base` that `edited` no longer has is said with the hours that it then has.
    """
    whole_week = base.is_assumed and (not edited.is_assumed or edited.week != base.week)
    was, now = dict(base.dates), dict(edited.dates)
    dates = {day: edited.hours(day) for day in sorted({*was, *now}) if was.get(day) != now.get(day)}
    return PartialCalendar(
        time_zone=edited.time_zone if edited.time_zone != base.time_zone or (base.is_zone_assumed and not edited.is_zone_assumed) else None,
        week=tuple(new if whole_week or new != old else None for old, new in zip(base.week, edited.week, strict=True)),
        dates=tuple(dates.items()),
        holidays=edited.holidays if edited.holidays != base.holidays else None,
    )


@dataclass(frozen=True)
class Calendars:
    """The calendar of each team, by name, that of leads without a team (NO_TEAM) first. Hashable: equal ones may share a cache.

    `bad_zones`: time zones of reps that no time-zone database has, and that were passed over.
    """

    teams: tuple[tuple[str, Calendar], ...]
    bad_zones: tuple[str, ...] = ()
    _by_name: dict[str, Calendar] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {fold(name): calendar for name, calendar in self.teams})
        if NO_TEAM not in self._by_name or len(self._by_name) != len(self.teams):
            raise ValueError("calendars need each team once, and one for leads without a team")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.teams)

    def of(self, team: str | None) -> Calendar:
        """The calendar of a team, its name in any case; of None that of leads without a team. Raises KeyError."""
        return self._by_name[fold(team or NO_TEAM)]


def from_history(calendars: pl.DataFrame, reps: pl.DataFrame, zone: str, settings: Mapping[str, PartialCalendar] | None = None) -> Calendars:
    """The calendars of a history, with the settings over them.

    calendars: the canonical table (team, day, opens, closes); reps: the canonical table (team, time_zone); both may be empty. zone: the
    organisation's. Names of teams that differ only in case are one team. A team whose weekdays nobody gives has the assumed week; of one that
    has some, the others are closed. A team's zone is that of the settings, else the commonest of its reps (the first of the alphabet among equals),
    else the organisation's. Raises InputError for an unknown `zone`.
    """
    time_zone(zone, "the history's time zone")
    settings = settings or {}
    given, zones, bad = _hours_given(calendars), defaultdict(Counter), set()
    for team, told in reps.select("team", "time_zone").iter_rows():
        if told and not _is_zone(told):
            bad.add(told)
        elif told and team:
            zones[fold(team)][told] += 1
    found = {}
    for name in _spelled(settings, calendars["team"], reps["team"]):
        key = fold(name)
        own = _first_of(zones[key]) if name != NO_TEAM else zone
        made = replace(given.get(key, Calendar("", is_assumed=True)), time_zone=own or zone, is_zone_assumed=not own)
        said = next((one for team, one in settings.items() if fold(team) == key), None)
        found[name] = made.overlaid(said) if said else made
    return Calendars(tuple(found.items()), tuple(sorted(bad)))


def _hours_given(calendars: pl.DataFrame) -> dict[str, Calendar]:
    """By folded name, the zone still to be found."""
    days: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for team, day, opens, closes in calendars.select("team", "day", "opens", "closes").iter_rows():
        if team:
            days[fold(team)][day] += [shift(opens, closes)] if opens and closes else []
    made = {}
    for team, told in days.items():
        hours = {day: merged(shifts) for day, shifts in told.items()}
        has_week = any(day in hours for day in DAYS)
        made[team] = Calendar(
            time_zone="",
            week=tuple(hours.get(day, ()) for day in DAYS) if has_week else ASSUMED_WEEK,
            dates=tuple(sorted((date.fromisoformat(day), shifts) for day, shifts in hours.items() if day not in DAYS)),
            is_assumed=not has_week,
        )
    return made


def _spelled(*sources: Iterable[str | None]) -> list[str]:
    """Every team once, by name, NO_TEAM first; spelled as the last source has it most often."""
    spelled = {NO_TEAM: NO_TEAM}
    for names in sources:
        for name, _ in sorted(Counter(name for name in names if name).items(), key=lambda one: (one[1], one[0])):
            spelled[fold(name)] = name
    return sorted(spelled.values(), key=lambda name: (fold(name), name))


def _first_of(counted: Counter) -> str:
    return min(counted, key=lambda zone: (-counted[zone], zone), default="")


def _is_zone(name: str) -> bool:
    try:
        time_zone(name)
    except InputError:
        return False
    return True
