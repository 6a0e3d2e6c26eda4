"""Business time by counting: every UTC minute is asked what the wall clock shows and whether a shift covers it. Slow, plain, and all its own."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

import holidays

ZONES = (
    "America/New_York",
    "Europe/London",
    "America/Santiago",  # summer is at the turn of the year
    "Australia/Lord_Howe",  # moves by half an hour
    "Asia/Kolkata",  # half an hour off, never moves
    "America/St_Johns",  # half an hour off, and moves
    "Africa/Casablanca",  # moves twice around Ramadan
)
CODES = ("", "", "US", "GB-SCT", "DE-BY", "IN", "AU-NSW", "CL", "CA-QC")
HOURS = (0, 1, 1, 2, 2, 3, 6, 8, 9, 12, 13, 17, 18, 22, 23)
MINUTES = (0, 0, 0, 15, 30, 30, 45, 1, 59)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Team:
    """Hours as pairs of texts: {"mon": [("09:00", "17:00")], "2026-12-24": []}; a day that is absent is closed."""

    zone: str
    hours: dict[str, list[tuple[str, str]]]
    holidays: str = ""


def random_team(rng: Random, first: date, days: int) -> Team:
    """Weekdays, and some dates of the window, with up to three shifts: at odd hours, overnight, overlapping, none."""
    zone = rng.choice(ZONES)
    style = rng.random()
    usual = _shifts(rng, rng.randint(1, 3))
    hours = {day: list(usual) if style < 0.4 and day not in ("sat", "sun") else _shifts(rng, rng.choice((0, 1, 1, 2, 3))) for day in WEEKDAYS}
    for _ in range(rng.randint(0, 8)):
        hours[(first + timedelta(days=rng.randrange(days))).isoformat()] = _shifts(rng, rng.choice((0, 0, 1, 2)))
    return Team(zone, hours, rng.choice(CODES))


def _shifts(rng: Random, count: int) -> list[tuple[str, str]]:
    return [
        (_clock(rng), "24:00" if rng.random() < 0.05 else _clock(rng)) if rng.random() < 0.9 else (same := _clock(rng), same) for _ in range(count)
    ]


def _clock(rng: Random) -> str:
    return f"{rng.choice(HOURS):02d}:{rng.choice(MINUTES):02d}"


class Minutes:
    """What a team does in each minute from `first` (UTC, a whole minute) on. `owners[n]`: the days whose shifts cover minute n."""

    def __init__(self, team: Team, first: datetime, count: int) -> None:
        self.zone = ZoneInfo(team.zone)
        self.first = first
        self._team = team
        self._off = holidays.country_holidays(*team.holidays.split("-")) if team.holidays else ()
        self._days: dict[date, list[tuple[int, int]]] = {}
        self.owners = [self._owners(first + timedelta(minutes=n)) for n in range(count)]
        self.is_open = [bool(owners) for owners in self.owners]
        self._open_before = [0, *accumulate(self.is_open)]

    def _of(self, day: date) -> list[tuple[int, int]]:
        if day not in self._days:
            told = self._team.hours.get(day.isoformat())
            if told is None:
                told = [] if day in self._off else self._team.hours.get(WEEKDAYS[day.weekday()], [])
            self._days[day] = [(_minute(opens), _minute(closes)) for opens, closes in told]
        return self._days[day]

    def _owners(self, moment: datetime) -> list[date]:
        """The days whose shifts cover a minute: its own, or the day before with a shift that runs past midnight."""
        local = moment.astimezone(self.zone)
        day, minute = local.date(), local.hour * 60 + local.minute
        found = []
        yesterday = day - timedelta(days=1)
        for opens, closes in self._of(yesterday):
            if closes <= opens and minute < closes:
                found.append(yesterday)
        for opens, closes in self._of(day):
            if opens <= minute and (closes <= opens or minute < closes):
                found.append(day)
        return found

    def minutes(self, start: int, end: int) -> int:
        """Open minutes from one minute's beginning to another's."""
        return sum(self.is_open[start:end])

    def microseconds(self, start: int, end: int) -> int:
        """The same between two instants in microseconds since `first`: whole minutes between them, and what is left of the first and last."""
        if end <= start:
            return 0
        a, b = start // 60_000_000, end // 60_000_000
        if a == b:
            return (end - start) * self.is_open[a]
        ends = ((a + 1) * 60_000_000 - start) * self.is_open[a] + ((end - b * 60_000_000) * self.is_open[b] if end % 60_000_000 else 0)
        return ends + 60_000_000 * (self._open_before[b] - self._open_before[a + 1])

    def closings(self) -> tuple[list[int], list[int]]:
        """Minutes at whose beginning the team has closed and next opens for the shift of a later day than any before; and those at which it opens."""
        found, latest = [], date.min
        openings = [n for n in range(1, len(self.is_open)) if self.is_open[n] and not self.is_open[n - 1]]
        for n, owners in enumerate(self.owners):
            if not owners and n and self.owners[n - 1]:
                later = bisect_right(openings, n)
                if later < len(openings) and min(self.owners[openings[later]]) > latest:
                    found.append(n)
            latest = max([latest, *owners])
        return found, openings

    def hour_of_week(self, minute: int) -> int:
        local = (self.first + timedelta(minutes=minute)).astimezone(self.zone)
        return local.weekday() * 24 + local.hour


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
