"""The business clock: against an oracle that counts minutes, against businesstimedelta, and by hand where the clocks change."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import polars as pl
import pytest
import pytz
from businesstimedelta import HolidayRule, LunchTimeRule, Rules, WorkDayRule
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.working_time import NAT, Calendar, Calendars, OpenHours, from_history, parse
from plumbline.working_time.holiday_codes import days_off
from plumbline.working_time.shifts import read_hours
from tests.figures import measured
from tests.in_processes import in_processes
from tests.oracle.working_time import WEEKDAYS, Minutes, Team, micros, random_team

SHORT, WHOLE, PAIRS, TEAMS = 5, 68, 300, 3
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
NO_CALENDARS = pl.DataFrame(schema={"team": pl.String, "day": pl.String, "opens": pl.String, "closes": pl.String})
NO_REPS = pl.DataFrame(schema={"team": pl.String, "time_zone": pl.String})
CHANGES = ((3, 8), (3, 29), (4, 5), (4, 6), (9, 6), (10, 4), (10, 25), (11, 1), (12, 26), (2, 15), (3, 20))  # about when clocks change; and holidays


def _week(**hours: str) -> tuple:
    return tuple(read_hours(hours.get(day, hours.get("every", "closed")), day) for day in WEEKDAYS)


def _hours(calendar: Calendar, first: str, last: str) -> OpenHours:
    return OpenHours(Calendars((("", calendar),)), _us(first), _us(last))


def _us(text: str) -> int:
    return micros(datetime.fromisoformat(text).astimezone(UTC) if "+" in text else datetime.fromisoformat(text).replace(tzinfo=UTC))


# Against the oracle


def _as_tables(teams: dict[str, Team]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All of it as a history says it: several shifts of a day are several rows, and every weekday and date has one at least."""
    rows = []
    for name, team in teams.items():
        for day, shifts in team.hours.items():
            rows += [(name, day, opens, closes) for opens, closes in shifts] or [(name, day, None, None)]
    reps = [(name, team.zone) for name, team in teams.items()]
    return pl.DataFrame(rows, NO_CALENDARS.schema, orient="row"), pl.DataFrame(reps, NO_REPS.schema, orient="row")


def _as_yaml(teams: dict[str, Team], days: tuple[str, ...] | None = None) -> str:
    """What a history cannot say, the holidays, and of each day or of some the hours."""
    lines = ["teams:"]
    for name, team in teams.items():
        lines += [f"  {name}:", f"    time_zone: {team.zone}", f"    holidays: {team.holidays or 'none'}"]
        for day, shifts in team.hours.items():
            if days is None or day in days:
                lines.append(f'    {day}: "{" ".join(f"{opens}-{closes}" for opens, closes in shifts) or "closed"}"')
    return "\n".join(lines)


def _calendars_of(rng: Random, teams: dict[str, Team]) -> Calendars:
    """By one of three ways: the settings alone, the history with holidays over it, and a history that the settings correct."""
    way = rng.randrange(3)
    if way == 0:
        return from_history(NO_CALENDARS, NO_REPS, "UTC", parse(_as_yaml(teams)))
    if way == 1:
        return from_history(*_as_tables(teams), "UTC", parse(_as_yaml(teams, ())))
    wrong = {name: Team("Asia/Tokyo", {**team.hours, "tue": [("03:00", "04:00")], "sun": []}) for name, team in teams.items()}
    return from_history(*_as_tables(wrong), "UTC", parse(_as_yaml(teams, ("tue", "sun"))))


def differences(seed: int, folder: Path, days: int = 75) -> list[str]:
    """Where product and oracle differ on random calendars `seed`, over PAIRS intervals within some months about a change of the clocks."""
    rng = Random(f"working time {seed}")
    first = date(rng.randint(2012, 2030), *rng.choice(CHANGES)) - timedelta(days=rng.randint(2, days - 2))
    begins = datetime.combine(first, time(), UTC)
    teams = {f"Team {number}": random_team(rng, first, days) for number in range(TEAMS)}
    count = days * 1440
    told = [Minutes(team, begins, count) for team in teams.values()]
    base = micros(begins)
    hours = OpenHours(_calendars_of(rng, teams), base, base + count * MINUTE)
    places = hours.index(pl.Series(list(teams)))
    found = []

    of = [rng.randrange(TEAMS) for _ in range(PAIRS)]
    starts = [rng.randrange(count) * MINUTE + (rng.randrange(MINUTE) if rng.random() < 0.4 else 0) for _ in range(PAIRS)]
    longest = [rng.choice((3 * MINUTE, 6 * HOUR, 3 * DAY, days * DAY)) for _ in range(PAIRS)]
    ends = [min(start + rng.randrange(most), count * MINUTE - 1) for start, most in zip(starts, longest, strict=True)]
    ends = [end if rng.random() < 0.4 else end // MINUTE * MINUTE for end in ends]
    a, b, team = np.array(starts) + base, np.array(ends) + base, places[of]
    wanted = [told[of[n]].microseconds(starts[n], ends[n]) for n in range(PAIRS)]
    if (wrong := np.flatnonzero(hours.elapsed(a, b, team) != wanted)).size:
        found.append(f"elapsed: {wrong.size} of {PAIRS}")
    for n in range(0, PAIRS, 50):  # the oracle's sums are sums
        minute, until = starts[n] // MINUTE, max(ends[n] // MINUTE, starts[n] // MINUTE)
        assert told[of[n]].microseconds(minute * MINUTE, until * MINUTE) == told[of[n]].minutes(minute, until) * MINUTE
    spent = [n for n in range(PAIRS) if wanted[n]]
    due = hours.used_up(a[spent], np.array(wanted)[spent], team[spent])
    if not np.array_equal(due - base, [_last_of_it(told[of[n]], ends[n]) for n in spent]):
        found.append("used_up")
    for n in spent[:20]:
        since = hours.earliest(int(b[n]), wanted[n])
        before = hours.elapsed(since - 1, b[n], np.arange(len(hours.teams))) if since > base else np.array([wanted[n] + 1])
        if (before <= wanted[n]).any() or (hours.elapsed(since, b[n], np.arange(len(hours.teams))) > wanted[n]).all():
            found.append(f"earliest of {n}")
    if not np.array_equal(hours.is_open(a, team), [told[of[n]].is_open[starts[n] // MINUTE] for n in range(PAIRS)]):
        found.append("is_open")
    if not np.array_equal(hours.local_hour_of_week(a, team), [told[of[n]].hour_of_week(starts[n] // MINUTE) for n in range(PAIRS)]):
        found.append("local_hour_of_week")
    for number, minutes in enumerate(told):
        wanted, openings = minutes.closings()
        until = openings[-1] if openings else 0  # of a closing after it the window does not tell what comes next, of the first days what was before
        closings = (hours.closings(places[number]) - base) // MINUTE
        if [n for n in closings if 2880 <= n < until] != [n for n in wanted if n >= 2880]:
            found.append(f"closings of {number}")
    return found


def _last_of_it(minutes: Minutes, end: int) -> int:
    """The last open instant up to an end: there the time until the end was used up."""
    minute = end // MINUTE
    if end % MINUTE and minutes.is_open[minute]:
        return end
    while not minutes.is_open[minute - 1]:
        minute -= 1
    return minute * MINUTE


def test_business_time_agrees_with_counted_minutes() -> None:
    differing = {seed: found for seed in range(SHORT) if (found := differences(seed, Path(), days=16))}
    measured(f"business time against counted minutes: {SHORT * PAIRS:,} intervals, differing {differing}")
    assert not differing


@pytest.mark.long
@pytest.mark.timeout(0)
def test_business_time_agrees_with_counted_minutes_on_many() -> None:
    count = int(os.environ.get("TEST_HISTORIES", WHOLE))
    differing = {seed: found for seed, found in in_processes(differences, 1000, count, 2).items() if found}
    measured(f"business time against counted minutes: {count * PAIRS:,} intervals, differing {differing}")
    assert not differing


# Against businesstimedelta


@pytest.mark.parametrize(
    ("zone", "code"), [("America/New_York", "US"), ("Europe/Berlin", "DE-BY"), ("Asia/Kolkata", "IN"), ("Australia/Sydney", "AU-NSW")]
)
def test_business_time_agrees_with_businesstimedelta(zone: str, code: str) -> None:
    """Day shifts only, and whole seconds: of shifts past midnight it loses the part after midnight, and it drops microseconds."""
    place = pytz.timezone(zone)
    theirs = Rules(
        [
            WorkDayRule(time(8, 30), time(17, 45), [0, 1, 2, 3, 4], tz=place),
            LunchTimeRule(time(12), time(12, 30), [0, 1, 2, 3, 4], tz=place),
            HolidayRule(holidays.country_holidays(*code.split("-")), tz=place),
        ]
    )
    calendar = Calendar(zone, _week(every="08:30-12:00 12:30-17:45", sat="closed", sun="closed"), holidays=code)
    hours = _hours(calendar, "2024-01-01", "2026-12-31")
    rng = Random(zone)
    for _ in range(60):
        start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(1000 * 86_400))
        end = start + timedelta(seconds=rng.choice((rng.randrange(7200), rng.randrange(3 * 86_400), rng.randrange(40 * 86_400))))
        assert int(hours.elapsed(micros(start), micros(end), 0)) == theirs.difference(start, end).timedelta // timedelta(microseconds=1), (start, end)


# By hand

NIGHT = Calendar("Europe/Berlin", _week(sat="22:00-06:00"))
EARLY = Calendar("Europe/Berlin", _week(every="02:00-03:00"))
HALF = Calendar("Australia/Lord_Howe", _week(every="01:00-03:00"))
OFFICE = Calendar("Europe/Berlin", _week(every="09:00-17:00", sat="closed", sun="closed"))


@pytest.mark.parametrize(
    ("calendar", "start", "end", "expected"),
    [
        (NIGHT, "2026-10-24T00:00", "2026-10-26T00:00", 9),  # an hour is repeated
        (NIGHT, "2026-03-28T00:00", "2026-03-30T00:00", 7),  # an hour is skipped
        (NIGHT, "2026-06-06T00:00", "2026-06-08T00:00", 8),
        (NIGHT, "2026-06-07T00:00", "2026-06-08T00:00", 4),  # belongs to Saturday, of which four hours are on Sunday in UTC
        (EARLY, "2026-10-24T22:00", "2026-10-25T22:00", 2),  # open twice
        (EARLY, "2026-03-28T23:00", "2026-03-29T20:00", 0),  # its hour never was
        (HALF, "2026-04-04T12:00", "2026-04-05T12:00", 2.5),  # clocks go back by half an hour
        (HALF, "2026-10-03T12:00", "2026-10-04T12:00", 1.5),
        (OFFICE, "2026-01-05T08:00", "2026-01-05T16:00", 8),
        (OFFICE, "2026-07-06T07:00", "2026-07-06T15:00", 8),  # summer time
        (OFFICE, "2026-07-06T06:30", "2026-07-06T07:30", 0.5),
        (OFFICE, "2026-07-03T14:30", "2026-07-06T07:30", 1),  # over a weekend
        (OFFICE, "2026-07-06T10:00", "2026-07-06T09:00", 0),  # the end is earlier
        (OFFICE, "2026-07-06T10:00", "2026-07-06T10:00", 0),
    ],
)
def test_by_hand(calendar: Calendar, start: str, end: str, expected: float) -> None:
    assert _hours(calendar, "2026-01-01", "2026-12-31").elapsed(_us(start), _us(end), 0) == expected * HOUR


def test_holidays_and_dates_by_hand() -> None:
    calendar = Calendar(
        "America/New_York",
        _week(every="09:00-17:00", thu="22:00-06:00", sat="closed", sun="closed"),
        dates=((date(2026, 9, 7), read_hours("10:00-12:00", "")), (date(2026, 9, 8), ()), (date(2026, 9, 12), read_hours("09:00-10:00", ""))),
        holidays="US",
    )
    hours = _hours(calendar, "2026-01-01", "2026-12-31")

    def on(day: str) -> float:
        start = micros(datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("America/New_York")))
        return hours.elapsed(start, start + DAY, 0) / HOUR

    assert on("2026-09-07") == 2  # Labor Day, opened by its date
    assert on("2026-09-08") == 0  # a Tuesday that is closed
    assert on("2026-09-12") == 1  # a Saturday that is opened
    assert on("2026-05-25") == 0  # Memorial Day
    assert on("2026-07-03") == 6  # Independence Day as observed: closed, but Thursday's night ends on it
    assert on("2026-11-26") == 0 and on("2026-11-27") == 8  # Thanksgiving is a Thursday: its night does not take place


@pytest.mark.parametrize("code", ["US", "US-CA", "GB", "GB-SCT", "DE-BY", "TH", "JP", "SA", "AU-NSW", "FR"])
def test_holidays_are_those_of_the_library(code: str) -> None:
    theirs = holidays.country_holidays(*code.split("-"))
    for year in (2019, 2024, 2026, 2028):
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(366 if year % 4 == 0 else 365)]
        assert [day for day, _ in days_off(code, year)] == [day for day in days if day in theirs]


# What must hold of any calendar

SPAN = ("2025-06-01", "2026-06-01")
ANY = Calendars(
    (
        ("", Calendar("UTC")),
        ("Nights", Calendar("Australia/Lord_Howe", _week(every="21:30-02:15 13:00-14:00", wed="closed"), holidays="AU-NSW")),
        ("Split", Calendar("America/New_York", _week(every="08:00-12:00 13:00-24:00", sun="closed"), ((date(2025, 12, 24), ()),), "US")),
        ("Never", Calendar("Asia/Kolkata", ((),) * 7)),
        ("Always", Calendar("Europe/London", _week(every="00:00-24:00"))),
    )
)
ALL = OpenHours(ANY, _us(SPAN[0]), _us(SPAN[1]))
INSTANT = st.integers(_us(SPAN[0]), _us(SPAN[1]))
PLACE = st.integers(0, len(ANY.teams) - 1)


@settings(max_examples=300, deadline=None)
@given(st.lists(INSTANT, min_size=3, max_size=3).map(sorted), PLACE)
def test_parts_add_up_and_never_shrink(at: list[int], team: int) -> None:
    a, b, c = at
    ab, bc, ac = (int(ALL.elapsed(start, end, team)) for start, end in ((a, b), (b, c), (a, c)))
    assert ab + bc == ac
    assert 0 <= ab <= ac <= c - a
    assert ALL.elapsed(c, a, team) == 0


@settings(max_examples=200, deadline=None)
@given(INSTANT, PLACE)
def test_open_agrees_with_elapsed(at: int, team: int) -> None:
    if at < _us(SPAN[1]):
        assert int(ALL.elapsed(at, at + 1, team)) == int(ALL.is_open(at, team))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 23), st.integers(1, 24)), max_size=3), min_size=7, max_size=7),
    st.sampled_from(["UTC", "Asia/Kolkata", "Europe/Berlin", "America/Santiago"]),
    st.integers(0, 6 * 7 * 24),
)
def test_a_week_without_a_change_of_clocks_is_the_sum_of_its_shifts(week: list, zone: str, start: int) -> None:
    """Any seven days in a row; 14 June to 2 August 2026 has no change in these zones."""
    shifts = tuple(read_hours(" ".join(f"{a:02d}:00-{b:02d}:00" for a, b in day), "") for day in week)
    covered = {(day * 24 + hour) % 168 for day, told in enumerate(week) for a, b in told for hour in range(a, b if b > a else b + 24)}
    hours = _hours(Calendar(zone, shifts), "2026-06-14", "2026-08-02")
    at = _us("2026-06-14") + start * HOUR
    assert hours.elapsed(at, at + 7 * DAY, 0) == len(covered) * HOUR


def test_always_and_never() -> None:
    a, b = _us("2025-07-01T10:11:12.345678"), _us("2026-04-30T01:02:03.000004")
    assert ALL.elapsed(a, b, 4) == b - a and ALL.elapsed(a, b, 3) == 0
    assert len(ALL.closings(3)) == len(ALL.closings(4)) == 0
    assert ALL.is_open(a, 4) and not ALL.is_open(a, 3)


def test_closings_are_those_of_the_day_and_not_of_a_break() -> None:
    zone, off = ZoneInfo("America/New_York"), holidays.country_holidays("US")
    days = [date(2025, 5, 31) + timedelta(days=n) for n in range(366)]
    worked = [day for day in days if day.weekday() < 6 and day not in off and day != date(2025, 12, 24)]
    midnights = [datetime.combine(day + timedelta(days=1), time(), zone) for day in worked]
    assert ALL.closings(2).tolist() == [micros(at) for at in midnights if micros(at) <= _us(SPAN[1])]
    assert len(midnights) > 290
    single = _hours(Calendar("UTC", ((),) * 7, ((date(2026, 5, 4), read_hours("09:00-10:00 11:00-12:00", "")),)), "2026-05-01", "2026-05-31")
    assert single.closings(0).tolist() == [_us("2026-05-04T12:00")]


def test_hours_of_the_week_are_local() -> None:
    hours = _hours(OFFICE, "2026-01-01", "2026-12-31")
    at = [_us("2026-01-04T23:00"), _us("2026-01-04T22:59"), _us("2026-07-05T22:00"), _us("2026-10-25T00:30"), _us("2026-10-25T01:30")]
    assert hours.local_hour_of_week(np.array(at), 0).tolist() == [0, 167, 0, 6 * 24 + 2, 6 * 24 + 2]


# How it is asked


def test_nat_in_nat_out() -> None:
    frame = pl.DataFrame({"a": [datetime(2025, 7, 1), None, datetime(2025, 7, 1)], "b": [datetime(2025, 7, 2), datetime(2025, 7, 2), None]})
    a, b = frame["a"].to_numpy(), frame["b"].to_numpy()
    assert ALL.elapsed(a, b, 0).tolist() == [8 * HOUR, NAT, NAT]
    assert ALL.is_open(np.array([NAT, _us("2025-07-01T12:00")]), 0).tolist() == [False, True]
    assert ALL.local_hour_of_week(a, 0).tolist() == [24, -1, 24]
    assert pl.Series(ALL.elapsed(a, b, 0)).cast(pl.Duration("us")).len() == 3


def test_teams_by_name() -> None:
    assert ALL.teams == ("", "Nights", "Split", "Never", "Always")
    assert ALL.index(pl.Series(["Split", None, "nights", "", "Always"])).tolist() == [2, 0, 1, 0, 4]
    assert ALL.index(pl.Series([], dtype=pl.String)).tolist() == []
    assert ALL.index(pl.Series([None, None], dtype=pl.String)).tolist() == [0, 0]
    with pytest.raises(ValueError, match="no calendar of 'Days'"):
        ALL.index(pl.Series(["Split", "Days"]))


def test_no_instants_and_small_integers() -> None:
    none = np.empty(0, np.int64)
    assert ALL.elapsed(none, none, none).tolist() == ALL.is_open(none, none).tolist() == []
    at = np.full(5, _us("2026-01-05T12:00"))
    for kind in (np.int8, np.int32, np.uint8, np.int64):
        assert ALL.elapsed(at, at + HOUR, np.arange(5).astype(kind)).tolist() == [int(ALL.elapsed(at[0], at[0] + HOUR, n)) for n in range(5)]


def test_what_lies_outside_is_refused() -> None:
    first, last = _us(SPAN[0]), _us(SPAN[1])
    assert ALL.elapsed(first, last, 4) == last - first
    for a, b in ((first - 1, last), (first, last + 1)):
        with pytest.raises(ValueError, match="span"):
            ALL.elapsed(a, b, 0)
    for team in (-1, 5):
        with pytest.raises(ValueError, match="numbered 0 to 4"):
            ALL.elapsed(first, last, team)
    with pytest.raises(ValueError, match="ends before"):
        OpenHours(ANY, 1, 0)
