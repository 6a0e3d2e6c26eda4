"""Calendars of teams as settings: calendars.yaml in the home folder, put over what the history says, weekday by weekday and date by date.

teams:
  Americas: {time_zone: America/New_York, holidays: US, mon: "09:00-18:00", fri: "09:00-12:00 13:00-16:00", sat: closed, 2026-12-24: closed}
  "": {time_zone: Europe/Berlin}   # leads without a team
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from zoneinfo import available_timezones

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString as Quoted

from plumbline import plain_yaml
from plumbline.clock import time_zone
from plumbline.definition.parse import nearest
from plumbline.errors import InputError, SettingError
from plumbline.history.schema import DAYS
from plumbline.settings import home
from plumbline.state.audit import Act
from plumbline.state.files import keep
from plumbline.text import clean, fold
from plumbline.working_time.calendars import PartialCalendar
from plumbline.working_time.holiday_codes import check
from plumbline.working_time.shifts import CLOSED, Shifts, hours_text, read_hours

Settings = dict[str, PartialCalendar]  # by team

FIRST_YEAR, LAST_YEAR = 1900, 2199  # of a date, as at import
MOST_TEXT = 1_000_000  # characters
_KEYS = ("time_zone", "holidays", *DAYS)
_NO_HOLIDAYS = "none"
_DATE_LIKE = re.compile(r"[0-9]{4}\D?[0-9]{1,2}\D?[0-9]{1,2}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HEAD = "# Team calendars, written by Plumbline. They go over what the history says; remarks added here are lost when a screen saves.\n"


def path() -> Path:
    """Where the calendars of this installation are kept; the file need not exist."""
    return home() / "calendars.yaml"


def load(file: Path | None = None) -> Settings:
    """What the file says; nothing where there is none. Raises SettingError."""
    file = file or path()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise SettingError(problem.strerror or "cannot be read", str(file), "check the file and its folder") from None
    except UnicodeDecodeError:
        raise SettingError("is not UTF-8", str(file), "save it as UTF-8") from None
    return parse(text, str(file))


def save(settings: Mapping[str, PartialCalendar], act: Act, file: Path | None = None) -> Path:
    """Writes the file, whole or not at all, in place of the one before, and a row in the log of changes. Raises SettingError, StateError."""
    file = file or path()
    text = to_yaml(settings)
    parse(text, str(file))
    try:
        keep(file, text, act)
    except OSError as problem:
        to_do = "name a home folder that can be written (PLUMBLINE_HOME), or free space"
        raise SettingError(problem.strerror or "cannot be written", str(file), to_do) from None
    return file


def parse(text: str, where: str = "calendars.yaml") -> Settings:
    """What a YAML 1.2 text says. Raises SettingError: one line with the file, the team, the key and what would be right."""
    if len(text) > MOST_TEXT:
        raise SettingError("is longer than any calendar", where, "check that this is the right file")
    try:
        told = plain_yaml.read(text, where, "calendar", "mend the calendar (docs/working-time.md)", most_text=MOST_TEXT)
    except InputError as refusal:
        raise SettingError(refusal.what, refusal.where, "mend the file, or remove it") from None
    top = _mapping(told, where, "begin it with teams:")
    for key in top:
        if key != "teams":
            raise SettingError(f"nothing is called {key[:60]!r} here", where, nearest(key, ("teams",)))
    found: Settings = {}
    for name, said in _mapping(top.get("teams"), where, "write the name of a team and its calendar on each line below teams:").items():
        team = clean(name) or ""
        place = f"{where}, team {team[:60]!r}"
        if fold(team) in {fold(other) for other in found}:
            raise SettingError("is there twice", place, "put both together")
        found[team] = _calendar(_mapping(said, place, "write time_zone, holidays, weekdays or dates below it"), place)
    return found


def to_yaml(settings: Mapping[str, PartialCalendar]) -> str:
    """The YAML text. parse(to_yaml(s)) == s."""
    yaml = YAML()
    yaml.width = 200
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    out.write(_HEAD)
    yaml.dump({"teams": {Quoted(name): _tree(said) for name, said in sorted(settings.items())}}, out)
    return out.getvalue()


def check_zone(name: str, where: str) -> str:
    """The name, if there is such a time zone. Raises SettingError with the nearest that there is."""
    try:
        time_zone(name, where)
    except InputError as refusal:
        raise SettingError(refusal.what, where, nearest(name, sorted(available_timezones()))) from None
    return name


def _tree(said: PartialCalendar) -> dict[str | date, str]:
    tree: dict[str | date, str] = {} if said.time_zone is None else {"time_zone": said.time_zone}
    if said.holidays is not None:
        tree["holidays"] = said.holidays or _NO_HOLIDAYS
    hours = {day: shifts for day, shifts in zip(DAYS, said.week, strict=True) if shifts is not None}
    return tree | {day: Quoted(hours_text(shifts)) if shifts else CLOSED for day, shifts in (*hours.items(), *said.dates)}


def _mapping(told: object, where: str, to_do: str) -> dict[str, object]:
    if told is None:
        return {}
    if not isinstance(told, dict):
        raise SettingError("should be a mapping of names to values", where, to_do)
    return told


def _calendar(told: dict[str, object], where: str) -> PartialCalendar:
    values: dict[str, object] = {}
    dates: dict[date, Shifts] = {}
    for name, value in told.items():
        place = f"{where}, {name[:60]}"
        key = name.strip().casefold()
        if _DATE_LIKE.fullmatch(key):
            if (day := _date(key, place)) in dates:
                raise SettingError("is there twice", place, "keep one")
            dates[day] = read_hours(value, place)
        elif key not in _KEYS:
            raise SettingError(f"nothing is called {name[:60]!r} here", where, f"{nearest(name, _KEYS)}; a date is written YYYY-MM-DD")
        elif key in values:
            raise SettingError("is there twice", place, "keep one")
        elif key in DAYS:
            values[key] = read_hours(value, place)
        elif value is not None:
            if not isinstance(value, str):
                raise SettingError(f"{str(value)[:40]!r} is no name", place, "write a text")
            values[key] = check_zone(value.strip(), place) if key == "time_zone" else _holidays(value.strip(), place)
    return PartialCalendar(values.get("time_zone"), tuple(values.get(day) for day in DAYS), tuple(sorted(dates.items())), values.get("holidays"))


def _holidays(told: str, where: str) -> str:
    return "" if told.casefold() == _NO_HOLIDAYS else check(told, where)


def _date(text: str, where: str) -> date:
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise SettingError(f"{text!r} is no date", where, f"write YYYY-MM-DD, {FIRST_YEAR} to {LAST_YEAR}")
    return day
