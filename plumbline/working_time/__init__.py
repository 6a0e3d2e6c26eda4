"""When teams work, and how much of a wait was working time.

calendars           the value: hours, dates, holidays and zone of each team; from a history, with the settings over it
calendar_file       calendars.yaml in the home folder: read, written
shifts              the hours of one day as text
words               a calendar in plain words
edits               what a form or a text says of a team, held against the teams that there are
clock               OpenHours: business time of many intervals at once
"""

from plumbline.working_time.calendar_file import Settings, check_zone, load, parse, path, save, to_yaml
from plumbline.working_time.calendars import (
    ASSUMED_WEEK,
    NO_TEAM,
    Calendar,
    Calendars,
    PartialCalendar,
    difference,
    from_history,
)
from plumbline.working_time.clock import NAT, NEVER, OpenHours
from plumbline.working_time.edits import check_teams, from_form
from plumbline.working_time.holiday_codes import check as check_holidays
from plumbline.working_time.holiday_codes import supported as supported_holidays
from plumbline.working_time.shifts import Shifts, hours_text, read_hours
from plumbline.working_time.words import hours_in_words, in_words, week_in_words

__all__ = [
    "ASSUMED_WEEK",
    "NAT",
    "NEVER",
    "NO_TEAM",
    "Calendar",
    "Calendars",
    "OpenHours",
    "PartialCalendar",
    "Settings",
    "Shifts",
    "check_holidays",
    "check_teams",
    "check_zone",
    "difference",
    "from_form",
    "from_history",
    "hours_in_words",
    "hours_text",
    "in_words",
    "load",
    "parse",
    "path",
    "read_hours",
    "save",
    "supported_holidays",
    "to_yaml",
    "week_in_words",
]
