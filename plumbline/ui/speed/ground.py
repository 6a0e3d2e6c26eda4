"""What the Speed screen reads, kept for all viewers while the history and the hours of the teams stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
import streamlit as st

from plumbline import working_time
from plumbline.clock import DAY, local_days, offsets, time_zone
from plumbline.filters import Filters
from plumbline.speed.delays import Elapsed, on_the_clock
from plumbline.speed.waits import Waits, from_frame
from plumbline.ui import data

CLOCKS = {"wall": "All hours", "open": "Working hours"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@st.cache_resource(max_entries=8, show_spinner=False)
def _waits(snapshot: str, filters: str, _filters: Filters) -> Waits:
    return from_frame(data.metric("speed/waits", _filters), through())


def waits(filters: Filters) -> Waits:
    """The passes that the filters choose."""
    return _waits(data.content(), repr(filters), filters)


def through() -> int:
    """The end of the data in microseconds since 1970."""
    return micros(data.history().about.data_through)


def micros(instant: datetime) -> int:
    """Microseconds since 1970 of an instant in UTC (naive)."""
    return (instant.replace(tzinfo=UTC) - _EPOCH) // (datetime.resolution)


@st.cache_data(max_entries=8, show_spinner=False)
def _labels(snapshot: str, name: str) -> dict[int, str]:
    return dict(data.screen("value_labels", field=name).iter_rows())


def labels(name: str) -> dict[int, str]:
    """What the value numbers of an attribute stand for; of rep and team too."""
    return _labels(data.content(), name)


def calendars() -> working_time.Calendars:
    """The hours of the teams: the history's, with the settings of this installation over them. Raises SettingError."""
    return _calendars(data.content(), working_time.to_yaml(said := working_time.load()), said)


def calendars_of_history() -> working_time.Calendars:
    """The hours that the history gives, without the settings of this installation."""
    return _calendars(data.content(), "", {})


@st.cache_resource(max_entries=4, show_spinner=False)
def _calendars(snapshot: str, told: str, _said: working_time.Settings) -> working_time.Calendars:
    return working_time.from_history(data.screen("calendars"), data.screen("reps"), data.history().about.time_zone, _said)


@dataclass(frozen=True)
class Hours:
    """`open_hours` of every team over the whole history; `place` of a value number of team: the team's place in it."""

    open_hours: working_time.OpenHours
    places: np.ndarray

    def of(self, team: np.ndarray) -> np.ndarray:
        """Places of value numbers; nobody's are those without a team."""
        return np.where(team < 0, 0, self.places[np.maximum(team, 0)]) if len(self.places) else np.zeros(len(team), np.int64)

    def elapsed(self, start: np.ndarray, end: np.ndarray, team: np.ndarray) -> np.ndarray:
        return self.open_hours.elapsed(start, end, self.of(team))

    def hour_of_week(self, at: np.ndarray, team: np.ndarray) -> np.ndarray:
        return self.open_hours.local_hour_of_week(at, self.of(team))


def hours() -> Hours:
    """The hours of the teams, ready to measure with. Raises SettingError."""
    known = calendars()
    return _hours(data.content(), repr(known), known)


@st.cache_resource(max_entries=3, show_spinner="Reading the hours of the teams")
def _hours(snapshot: str, told: str, _known: working_time.Calendars) -> Hours:
    everything = data.metric("speed/waits", Filters(episodes="all"))
    first = everything["mql_us"].min() if everything.height else through()
    open_hours = working_time.OpenHours(_known, int(first) - 8 * DAY, through() + 8 * DAY)
    names = labels("team")
    places = np.zeros(max(names, default=-1) + 1, np.int64)
    if names:
        places[list(names)] = open_hours.index(pl.Series(list(names.values()), dtype=pl.String))
    return Hours(open_hours, places)


def clock(name: str) -> Elapsed:
    """The way to measure a wait: on the clock, or while the team was open."""
    return hours().elapsed if name == "open" else on_the_clock


def field_of(waits_: Waits, name: str) -> np.ndarray:
    """(n) value number of an attribute of each pass as known when it opened; -1: not known."""
    if name in ("rep", "team"):
        return getattr(waits_, name)
    known = _field(data.content(), name)
    return known[waits_.episode]


@st.cache_resource(max_entries=8, show_spinner=False)
def _field(snapshot: str, name: str) -> np.ndarray:
    rows = data.screen("episode_field", field_no=data.history().fields[name]["field_no"])
    count = data.screen("episode_count")["n"][0]
    told = np.full(count, -1, np.int32)
    told[rows["episode_no"].to_numpy()] = rows["value_no"].to_numpy()
    return told


def days(at: np.ndarray) -> np.ndarray:
    """Days since 1970 in the organisation's zone."""
    return local_days(at, time_zone(data.history().about.time_zone))


def local(at: np.ndarray) -> np.ndarray:
    """Microseconds of local time in the organisation's zone."""
    if not len(at):
        return at
    starts, moved = offsets(int(at.min()) // 1_000_000, int(at.max()) // 1_000_000, time_zone(data.history().about.time_zone))
    return at + moved[np.maximum(np.searchsorted(starts, at, "right") - 1, 0)]


def assumed_teams(waits_: Waits) -> list[str]:
    """Teams among these leads whose working hours nobody gave, in words."""
    known, names = calendars(), labels("team")
    there = [names.get(int(team)) for team in np.unique(waits_.team)]
    told = [name for name in there if name and known.of(name).is_assumed]
    return told + (["leads without a team"] if None in there and known.of(None).is_assumed else [])


def open_before() -> np.ndarray:
    """(passes of the whole history, by episode_no) open leads that the rep had just before each was handed over; -1 where none was."""
    return _open_before(data.content())


@st.cache_resource(max_entries=2, show_spinner=False)
def _open_before(snapshot: str) -> np.ndarray:
    rows = data.screen("desks")
    told = np.full(int(data.screen("episode_count")["n"][0]), -1, np.int64)
    told[rows["episode_no"].to_numpy()] = rows["open_before"].to_numpy()
    return told


def open_now() -> dict[str, int]:
    """Id of a rep -> open leads as the data end, whatever the filters."""
    return dict(data.screen("open_by_rep").iter_rows())


def rep_names() -> dict[int, str]:
    """Value number of a rep -> the name, else the id."""
    return {number: names[0] for number, names in rep_details().items()}


def rep_details() -> dict[int, tuple[str, str, float | None]]:
    """Value number of a rep -> name (else id), team, leads a week that the rep can take."""
    known = rep_cards()
    return {number: known.get(rep_id, (rep_id, "", None)) for number, rep_id in labels("rep").items()}


def rep_cards() -> dict[str, tuple[str, str, float | None]]:
    """Id of a rep -> name (else id), team, leads a week that the rep can take."""
    return _rep_cards(data.content())


@st.cache_data(max_entries=4, show_spinner=False)
def _rep_cards(snapshot: str) -> dict[str, tuple[str, str, float | None]]:
    return {row["rep_id"]: (row["name"] or row["rep_id"], row["team"] or "", row["capacity"]) for row in data.screen("reps").to_dicts()}


def rep_labels() -> dict[str, str]:
    """Id of a rep -> the name, else the id."""
    ids, names = labels("rep"), rep_names()
    return {rep_id: names[number] for number, rep_id in ids.items()}
