"""Business time of many intervals at once, beside businesstimedelta, which is asked one interval at a time.

`python -m benchmarks.working_time` prints the figures.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta

import numpy as np

from benchmarks.measure import Row, median, once
from plumbline.working_time import ASSUMED_WEEK, Calendar, Calendars, OpenHours

INTERVALS, LONGEST, TEAMS, CALLS, GOAL = 1_000_000, 20 * 86_400, 10, 500, 2.0
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)
ZONES = ("America/New_York", "Europe/Berlin", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata")
CODES = ("US", "DE-BY", "GB-SCT", "AU-NSW", "IN")


def measured() -> list[Row]:
    """Rows of the report: building the open hours, all intervals, and as many calls of businesstimedelta."""
    rng = np.random.default_rng(7)
    teams = [(f"Team {n}", Calendar(ZONES[n % 5], ASSUMED_WEEK, holidays=CODES[n % 5])) for n in range(TEAMS)]
    calendars = Calendars((("", Calendar("UTC")), *teams))
    seconds = int((LAST - FIRST).total_seconds())
    start = rng.integers(0, seconds - LONGEST, INTERVALS)
    end = start + rng.integers(0, LONGEST, INTERVALS)
    team = rng.integers(1, TEAMS + 1, INTERVALS)
    first = int(FIRST.timestamp())
    start_us, end_us = (first + start) * 1_000_000, (first + end) * 1_000_000

    def build() -> OpenHours:
        return OpenHours(calendars, first * 1_000_000, (first + seconds) * 1_000_000)

    hours = build()
    spent = median(lambda: hours.elapsed(start_us, end_us, team))
    what = f"business time of {INTERVALS:,} intervals, {TEAMS} teams, 2 years"
    rows = [Row(f"open hours of {TEAMS} teams over 2 years, built", median(build)), Row(what, spent, None, "", f"{GOAL:.0f} s", spent <= GOAL)]
    theirs = _seconds_of_one_call(start[:CALLS], end[:CALLS], hours.elapsed(start_us[:CALLS], end_us[:CALLS], 1))
    if theirs is None:
        return [*rows, Row("the same by businesstimedelta: not installed (requirements-bench.txt)", math.nan)]
    return [*rows, Row(f"the same by businesstimedelta, reckoned from {CALLS} calls", theirs * INTERVALS, theirs * INTERVALS / spent, "ours")]


def _seconds_of_one_call(start: np.ndarray, end: np.ndarray, expected: np.ndarray) -> float | None:
    """Mean wall seconds of a call for the first team; None where it is not installed. Both must say the same."""
    try:
        import holidays
        import pytz
        from businesstimedelta import HolidayRule, Rules, WorkDayRule
    except ImportError:
        return None
    zone = pytz.timezone(ZONES[0])
    rules = Rules([WorkDayRule(time(9), time(17), [0, 1, 2, 3, 4], tz=zone), HolidayRule(holidays.country_holidays(CODES[0]), tz=zone)])
    pairs = [tuple(FIRST + timedelta(seconds=int(at)) for at in pair) for pair in zip(start, end, strict=True)]
    found: list[int] = []
    spent = once(lambda: found.extend(rules.difference(*pair).timedelta // timedelta(microseconds=1) for pair in pairs))
    if found != expected.tolist():
        raise AssertionError("businesstimedelta and the business clock differ")
    return spent.wall / len(pairs)


if __name__ == "__main__":
    for row in measured():
        ratio = "" if row.ratio is None else f"  {row.ratio:,.0f} x {row.beside}"
        print(f"{row.what}: {row.seconds * 1000:,.0f} ms{ratio}" + (f"  (goal {row.goal})" if row.goal else ""))
