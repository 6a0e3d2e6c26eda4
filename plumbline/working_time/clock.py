"""Business time of many intervals at once: how long the owning team was open between two instants.

A team is open at an instant when the wall clock of its zone then shows a time inside a shift. So the hour that is repeated in autumn counts
twice where a shift covers it, and the hour that is skipped in spring not at all. All instants are UTC microseconds (int64).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from plumbline.clock import DAY, offsets, time_zone
from plumbline.text import fold
from plumbline.working_time.calendars import Calendar, Calendars

NAT = int(np.iinfo(np.int64).min)  # no instant: what numpy's NaT is in microseconds, and so a null of polars
NEVER = int(np.iinfo(np.int64).max)  # an instant that does not come
_SECOND, _MINUTE, _HOUR = 1_000_000, 60_000_000, 3_600_000_000
_BEFORE, _AFTER = 4 * DAY, 400 * DAY  # built beyond the span: a shift of the day before in any zone; openings that come after it
_EPOCH = date(1970, 1, 1)
_BUCKET = 32  # bits: 72 minutes


class OpenHours:
    """The open hours of every team of `calendars` over a span of time, built once; safe to share between threads.

    first_us, last_us: every instant that is asked about lies between them, both included; others raise ValueError. Arguments are numbers or arrays
    (int64, or datetime64), `team_index` a place in `teams` (0: leads without a team); they are broadcast, and so is what comes back.
    Method: local intervals of every day, cut at each change of the zone's offset and moved to UTC; open time since the start of the span is then
    piecewise linear, and an interval's is the difference at its ends.
    """

    def __init__(self, calendars: Calendars, first_us: int, last_us: int) -> None:
        if last_us < first_us:
            raise ValueError("the span ends before it begins")
        self.teams = calendars.names
        self._places = {fold(name): place for place, name in enumerate(self.teams)}
        self._first, self._last = int(first_us), int(last_us)
        self._base = (self._first - _BEFORE) // _SECOND * _SECOND
        end = -(-(self._last + _AFTER) // _SECOND) * _SECOND
        self._stride = ((end - self._base >> _BUCKET) + 1) << _BUCKET  # team n's instants come n strides later: one line of time for all teams

        zones = {zone: offsets(self._base // _SECOND, end // _SECOND, time_zone(zone)) for zone in {one.time_zone for _, one in calendars.teams}}
        opens, closes, before, starts, moved, self._closings = [], [], [], [], [], []
        for place, (_, calendar) in enumerate(calendars.teams):
            at, offset = zones[calendar.time_zone]
            team_opens, team_closes, first_day, last_day = _open_in_utc(calendar, at, offset, end)
            ends = team_closes[np.append(first_day[1:] > last_day[:-1], True)[: len(team_closes)]]
            self._closings.append(ends[(ends >= self._first) & (ends <= self._last)])
            shift = place * self._stride - self._base
            opens.append(np.concatenate(([self._base], team_opens)) + shift)  # each team begins with an interval of no length
            closes.append(np.concatenate(([self._base], team_closes)) + shift)
            before.append(np.concatenate(([0, 0], np.cumsum(team_closes - team_opens)))[:-1])
            starts.append(at + shift)
            moved.append(offset)
        self._runs = np.cumsum([0, *map(len, opens)])  # where each team's intervals begin
        self._opens, self._closes, self._open_before = (np.concatenate(parts) for parts in (opens, closes, before))
        self._offset = np.concatenate(moved)
        self._interval = _Places(self._opens, len(self.teams) * self._stride)
        self._stretch = _Places(np.concatenate(starts), len(self.teams) * self._stride)

    def index(self, teams: pl.Series) -> np.ndarray:
        """Places in `teams` (int64) of names, in any case; null is 0, leads without a team. Raises ValueError for a name that has no calendar."""
        told = teams.cast(pl.String).fill_null("")
        names = told.unique().to_list()
        if unknown := sorted(name for name in names if fold(name) not in self._places):
            raise ValueError(f"no calendar of {unknown[0]!r}")
        return told.replace_strict(names, [self._places[fold(name)] for name in names], return_dtype=pl.Int64).to_numpy()

    def elapsed(self, start_us, end_us, team_index) -> np.ndarray:
        """Microseconds (int64) that the team was open from start to end: 0 when the end is not later, NAT when either is NAT."""
        start, end, team = np.broadcast_arrays(_micros(start_us), _micros(end_us), np.asarray(team_index, np.int64))
        spent = self._open_until(self._key(end, team)) - self._open_until(self._key(start, team))
        return np.where((start == NAT) | (end == NAT), NAT, np.maximum(spent, 0))

    def used_up(self, start_us, micros, team_index) -> np.ndarray:
        """The instant (int64) at which `micros` (over 0) of open time since the start are used up: where that is at closing, the closing and not the
        next opening. NEVER where it comes later than a year after the span."""
        start, team = np.broadcast_arrays(_micros(start_us), np.asarray(team_index, np.int64))
        return self._reached(self._open_until(self._key(start, team)) + micros, team)

    def earliest(self, end_us: int, micros: int) -> int:
        """The earliest instant of the span from which on any team has been open for `micros` at most until `end_us`: what began before has used up
        more by then, whosever it is. An end before the span is the beginning of it."""
        if end_us <= self._first:
            return self._first
        teams = np.arange(len(self.teams))
        at = self._reached(self._open_until(self._key(np.full(len(teams), end_us), teams)) - micros, teams)
        return max(self._first, int(at.min()))

    def _reached(self, wanted: np.ndarray, team: np.ndarray) -> np.ndarray:
        """The first instant at which a team has been open for so long since the start of its line; NEVER where that lies after its end."""
        found = np.full(len(wanted), NEVER, np.int64)
        for place in np.unique(team):
            own = slice(self._runs[place], self._runs[place + 1])
            opens, before = self._opens[own], self._open_before[own]
            there = np.flatnonzero(team == place)
            at = np.searchsorted(before + (self._closes[own] - opens), wanted[there], "left")
            is_there = at < len(opens)
            there, at = there[is_there], at[is_there]
            found[there] = opens[at] + (wanted[there] - before[at]) - (place * self._stride - self._base)
        return found

    def is_open(self, at_us, team_index) -> np.ndarray:
        """Whether the team is open at an instant; a shift's opening is in it, its closing is not. Of NAT False."""
        at, team = np.broadcast_arrays(_micros(at_us), np.asarray(team_index, np.int64))
        key = self._key(at, team)
        return (key < self._closes[self._interval.of(key)]) & (at != NAT)

    def closings(self, team_index: int) -> np.ndarray:
        """The instants within the span at which the team closes for the day, in order: after the last shift of a day and not at a break. A team that
        never closes has none."""
        return self._closings[team_index].copy()

    def local_hour_of_week(self, at_us, team_index) -> np.ndarray:
        """0 to 167 (int16), from Monday 00:00 to 01:00 on, by the wall clock of the team's time zone; of NAT -1."""
        at, team = np.broadcast_arrays(_micros(at_us), np.asarray(team_index, np.int64))
        key = self._key(at, team)
        local = key - team * self._stride + self._base + self._offset[self._stretch.of(key)]
        return np.where(at == NAT, -1, (local // _HOUR + 3 * 24) % 168).astype(np.int16)

    def _key(self, at: np.ndarray, team: np.ndarray) -> np.ndarray:
        """Places on the line of time of all teams; NAT stands at the start of the span."""
        if at.size and (team.min() < 0 or team.max() >= len(self.teams)):
            raise ValueError(f"teams are numbered 0 to {len(self.teams) - 1}")
        if at.size and int(at.min()) < self._first:
            at = np.where(at == NAT, self._first, at)
            if int(at.min()) < self._first:
                raise ValueError("an instant lies before the span")
        if at.size and int(at.max()) > self._last:
            raise ValueError("an instant lies after the span")
        return at + (team * self._stride - self._base)

    def _open_until(self, key: np.ndarray) -> np.ndarray:
        """Microseconds that the team was open from the start of its line to an instant."""
        place = self._interval.of(key)
        return self._open_before[place] + np.minimum(key, self._closes[place]) - self._opens[place]


class _Places:
    """The place of the last of sorted numbers at or below each of many: a table by bucket gives it nearly, a step or two exactly.

    Four times as fast as np.searchsorted, which looks through all of them.
    """

    def __init__(self, numbers: np.ndarray, end: int) -> None:
        """`numbers` begin with 0; those looked up are from 0 to under `end`."""
        edges = np.arange((end >> _BUCKET) + 2, dtype=np.int64) << _BUCKET
        table = np.searchsorted(numbers, edges, "right") - 1
        self._steps = int(np.diff(table).max())
        self._table = table[:-1]
        self._next = np.append(numbers[1:], np.iinfo(np.int64).max)

    def of(self, wanted: np.ndarray) -> np.ndarray:
        place = self._table[wanted >> _BUCKET]
        for _ in range(self._steps):
            place = place + (self._next[place] <= wanted)
        return place


_Intervals = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # opens, closes, and the first and the last working day that an interval is of


def _open_in_utc(calendar: Calendar, starts: np.ndarray, offset: np.ndarray, end: int) -> _Intervals:
    """Sorted disjoint open intervals in UTC from starts[0] to `end`.

    starts, offset: from when on the zone is how far from UTC, as plumbline.clock.offsets gives them.
    """
    opens, closes, *days = _open_by_wall_clock(calendar, int(starts[0]), end)
    found = []
    for begins, stops, moved in zip(starts + offset, np.append(starts[1:], end) + offset, offset, strict=True):
        inside = slice(np.searchsorted(closes, begins, "right"), np.searchsorted(opens, stops, "left"))
        cut = np.maximum(opens[inside], begins) - moved, np.minimum(closes[inside], stops) - moved
        found.append((*cut, *(day[inside] for day in days)))
    return _joined(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _open_by_wall_clock(calendar: Calendar, first: int, last: int) -> _Intervals:
    """The same on the wall clock (microseconds as if it showed UTC), of the days that begin from `first` to `last`."""
    days = np.arange(-(-first // DAY), last // DAY + 1)
    begun, until = (_EPOCH + timedelta(days=int(day)) for day in (days[0], days[-1]))
    differing = {(day - _EPOCH).days: shifts for day, (shifts, _) in calendar.differing(begun, until).items()}
    usual = days[~np.isin(days, list(differing))]
    rows = [np.array([(day, *shift) for day, shifts in differing.items() for shift in shifts], np.int64).reshape(-1, 3)]
    for weekday, shifts in enumerate(calendar.week):
        of_day = usual[(usual + 3) % 7 == weekday]  # 1970-01-01 was a Thursday
        rows += [np.column_stack((of_day, np.full_like(of_day, opens), np.full_like(of_day, closes))) for opens, closes in shifts]
    day, opens, closes = np.concatenate(rows).T
    order = np.argsort(opens + day * 1440, kind="stable")
    day, opens, closes = day[order], opens[order], closes[order]
    return _joined(day * DAY + opens * _MINUTE, day * DAY + closes * _MINUTE, day, day)


def _joined(opens: np.ndarray, closes: np.ndarray, first_day: np.ndarray, last_day: np.ndarray) -> _Intervals:
    """Intervals in order of opening, and so of days, those that overlap or touch as one."""
    reach = np.maximum.accumulate(closes)
    begins = np.append(True, opens[1:] > reach[:-1])[: len(opens)]
    ends = np.append(begins[1:], True)[: len(opens)]
    return opens[begins], reach[ends], first_day[begins], last_day[ends]


def _micros(at) -> np.ndarray:
    at = np.asarray(at)
    return at.astype("datetime64[us]").view(np.int64) if at.dtype.kind == "M" else at.astype(np.int64, copy=False)
