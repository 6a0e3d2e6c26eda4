"""The minutes of a week, from a history and the store: as they were frozen when its meeting closed, else made afresh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from plumbline import wording
from plumbline.agreement import versions, weeks
from plumbline.clock import day_start, time_zone
from plumbline.errors import InputError
from plumbline.meeting import weekly
from plumbline.reports.minutes import Minutes
from plumbline.reports.moved import moved
from plumbline.reports.of_week import Stamp, minutes
from plumbline.reports.weekly_html import minutes_of, weekly_html, with_line
from plumbline.reports.weekly_pptx import weekly_pptx
from plumbline.sqlfiles import sql
from plumbline.state import actions, audit, meetings
from plumbline.state.audit import Act
from plumbline.state.opening import Connection
from plumbline.workspace import Workspace


@dataclass(frozen=True)
class Report:
    """Minutes as they leave the house. page: the HTML file. since: one line on how far frozen numbers have moved; '' for fresh ones."""

    minutes: Minutes
    page: bytes
    since: str = ""
    is_frozen: bool = False

    def slides(self) -> bytes:
        """The PPTX file; dated by the end of the week, so that the same minutes give the same slides."""
        ends = datetime.combine(weeks.parse(self.minutes.week).sunday, time.max).replace(microsecond=0)
        return weekly_pptx(self.minutes, ends, self.since)


def afresh(workspace: Workspace, monday: date, connection: Connection, today: date | None = None, closing: Act | None = None) -> Minutes:
    """The minutes of a week as history and store stand now. today: by which actions are overdue (None: the day of the next meeting).

    closing: who closes the meeting that goes on about this week, and when.
    """
    found = versions.all_versions(connection)
    by = weekly.agreed(monday, found)
    week = weekly.week(workspace, by, monday, actions.listed(connection), today)
    meeting = meetings.running(connection)
    if meeting is not None and meeting.week != week.name:
        meeting = None
    stamp = Stamp(
        version=next((one for one in found if one.number == by.number), None),
        head=audit.head(connection),
        meeting=meeting,
        notes=meetings.notes(connection, meeting.meeting_id) if meeting else {},
        closed_at=closing.at if closing and meeting else None,
        closed_by=closing.by if closing and meeting else "",
    )
    return minutes(week, workspace.history, stamp)


def report(workspace: Workspace, monday: date, connection: Connection, today: date | None = None) -> Report:
    """The minutes of the last closed meeting about that week, and what moved since; afresh where none was. Raises InputError, StateError."""
    now = afresh(workspace, monday, connection, today)
    held = meetings.of_week(connection, now.week)
    if held is None or not held.minutes:
        return Report(now, weekly_html(now))
    frozen = minutes_of(held.minutes)
    since = moved(frozen, now)
    return Report(frozen, with_line(held.minutes, since), since, is_frozen=True)


def asked_week(workspace: Workspace, text: str) -> date:
    """The Monday of the week called `text`; '': the last that is over. Raises InputError where the history holds none of it, or not all."""
    about = workspace.history.about
    zone = time_zone(about.time_zone)
    last = weeks.last_full(about.data_through, zone)
    if not text:
        return last.monday
    asked = weeks.parse(text)
    if asked > last:
        raise InputError(f"the week {text} ({asked.days}) is not over in the data", "--week", f"the last that is: {last.name} ({last.days})")
    refuse_before(workspace, asked.sunday, f"the week {text} ({asked.days})", "--week")
    return asked.monday


def refuse_before(workspace: Workspace, last: date, told: str, option: str) -> None:
    """Raises InputError where the history begins after the day `last`. told: the time that was asked for."""
    about = workspace.history.about
    opened = workspace.history.query(sql("screens/first_opening"))["opened_at"][0]
    if opened is None or day_start(last + timedelta(days=1), time_zone(about.time_zone)) <= opened:
        why = f"its first pass began on {wording.instant(opened, about.time_zone)}" if opened else "no pass began in it"
        raise InputError(f"{told} lies before all that the history holds", option, why)
