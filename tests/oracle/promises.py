"""sla/scorecard and sla/items (docs/agreement.md), one item at a time. The agreement is the parsed YAML as it stands: a dict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import groupby
from math import ceil
from zoneinfo import ZoneInfo

from . import replay
from .attributes import known_at
from .episodes import EXITS, Episode, Passes, in_place, order_of_instant
from .history import History, resolve
from .promise_hours import Hours
from .touches import Pass, all_passes, counted_reps, hand_over, is_attempt, is_automated, is_contact, is_outbound, marks_of, rows_of_leads

MICROSECOND = timedelta(microseconds=1)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(hours=24)}
ORDER = (
    ("both", "acceptance"),
    *(("marketing", kind) for kind in ("volume", "meets_definition", "required_fields", "hand_over", "returned", "recycled")),
    *(
        ("sales", kind)
        for kind in ("decision", "first_touch", "follow_up", "touches", "first_week_calls", "status", "reason", "evidence", "open_leads")
    ),
)
OF_TOUCHES = ("first_touch", "follow_up", "touches", "first_week_calls", "recycled")
OF_HAND_OVER = ("required_fields", "hand_over", "decision", "first_touch", "touches", "first_week_calls", "status", "open_leads")
LATER = {"mql": ("sal", "sql", "opportunity", "won"), "sal": ("sql", "opportunity", "won"), "sql": ("opportunity", "won"), "opportunity": ("won",)}


@dataclass
class Item:
    """One item. `beside`: the stage of status, the rep of open_leads."""

    lead_id: str
    opened_at: datetime
    start: datetime | None
    deadline: datetime
    met_at: datetime | None
    outcome: str
    beside: str = ""


def promised(agreement: dict) -> list[tuple[str, str, dict]]:
    """(side, kind, what it says) of every promise, "in the order of the file above" """
    found = []
    for side, kind in ORDER:
        told = agreement.get(kind) if side == "both" else (agreement.get(side) or {}).get(kind)
        if told is not None:
            found.append((side, kind, told))
    return found


# Weeks


def monday_of(t: datetime, zone: str) -> date:
    day = t.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def week_bounds(monday: date, zone: str) -> tuple[datetime, datetime]:
    """ "the organisation's zone, from Monday to its last microsecond" """

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)

    return midnight(monday), midnight(monday + timedelta(days=7)) - MICROSECOND


# A history, read once


class World:
    """What every promise asks of a history."""

    def __init__(self, history: History, agreement: dict) -> None:
        self.history, self.agreement = history, agreement
        self.through = history.data_through
        self.passes = all_passes(history)
        self.subjects = {subject.lead.lead_id: subject for subject in replay.subjects(history)}
        self.assignments = rows_of_leads(history, "assignments")
        self.touches = rows_of_leads(history, "touches", marks_of(self.passes, history))
        self.walks = {lead.lead_id: walked(lead.lead_id, lead.stage_changes, history.time_zone) for lead in resolve(history)}
        self.next = {(each.episode.lead_id, each.episode.number - 1): each for each in self.passes}
        self.handed = {(each.episode.lead_id, each.episode.number): hand_over(each, history) for each in self.passes}
        self.hours = Hours(history)

    def handed_over(self, each: Pass) -> datetime | None:
        return self.handed[each.episode.lead_id, each.episode.number]

    def walk(self, each: Pass) -> Walked:
        return self.walks[each.episode.lead_id]

    def could_be_handed_over(self) -> bool:
        reps = counted_reps(self.history)
        return any(reps is None or row["rep_id"] in reps for rows in self.assignments.values() for row in rows)


class Walked(Passes):
    """The stage changes of one lead in the order of docs/meaning.md, with what each did: place of the exit of each pass, times of repeats."""

    def __init__(self, lead_id: str, time_zone: str) -> None:
        super().__init__(lead_id, time_zone)
        self.rows: list[dict] = []
        self.exit_place: dict[int, int] = {}
        self.repeat_times: dict[int, list[datetime]] = {}

    def take(self, row: dict) -> None:
        was_open = self.open
        repeats = was_open.repeats if was_open else 0
        super().take(row)
        self.rows.append(row)
        if was_open and row["stage"] in EXITS:
            self.exit_place[was_open.number] = len(self.rows) - 1
        if was_open and was_open.repeats > repeats:
            self.repeat_times.setdefault(was_open.number, []).append(row["occurred_at"])


def walked(lead_id: str, changes: list, time_zone: str) -> Walked:
    so_far = Walked(lead_id, time_zone)
    in_time = sorted(in_place(changes, time_zone), key=lambda item: item[1]["occurred_at"])
    for _, instant in groupby(in_time, key=lambda item: item[1]["occurred_at"]):
        for row in order_of_instant(list(instant), so_far.open is not None):
            so_far.take(row)
    return so_far


# Owners


def team_at(world: World, lead_id: str, t: datetime) -> str:
    """ "the team of the rep who owns the lead at the item's start"; '' without one"""
    until_then = [row for row in world.assignments.get(lead_id, []) if row["occurred_at"] <= t]
    return world.hours.team_of.get(until_then[-1]["rep_id"], "") if until_then else ""


# Stages


def reached(episode: Episode, stage: str) -> datetime | None:
    """ "A stage is reached at the earliest of its own event and those of later stages." """
    return earliest(*(episode.observed.get(name) for name in (stage, *LATER[stage])))


def earliest(*times: datetime | None) -> datetime | None:
    return min((t for t in times if t is not None), default=None)


def contact(each: Pass) -> datetime | None:
    return earliest(*(touch["occurred_at"] for touch in each.touches if is_contact(touch)))


def nth(touches: list[dict], channel: str, start: datetime, n: int) -> datetime | None:
    """When the n-th human outbound touch of a channel from the start on was made."""
    made = [touch["occurred_at"] for touch in touches if is_attempt(touch) and touch["channel"] == channel and touch["occurred_at"] >= start]
    return made[n - 1] if len(made) >= n else None


def are_known(world: World, lead_id: str, fields: list[str], start: datetime) -> bool:
    """ "every field, each by itself, is known then, or within 60 s after", by what is on record up to data_through"""
    subject = world.subjects[lead_id]
    until = min(start + timedelta(seconds=60), world.through)

    def is_known(field: str) -> bool:
        later = [known_at(row, subject.lead) for row in subject.changes.get(field, [])]
        return any(replay.cell_at(subject, field, t) is not None for t in [start, *(t for t in later if start < t <= until)])

    return all(is_known(field) for field in fields)


# Items: (start, when it happened, beside) of one pass


def starts(world: World, kind: str, told: dict, each: Pass) -> list[tuple[datetime, datetime | None, str]]:
    episode = each.episode
    mql, exit_at, handed = episode.observed.get("mql"), episode.exit_at, world.handed_over(each)
    lead_id, opened = episode.lead_id, episode.opened_at
    if kind == "acceptance":
        return [(opened, reached(episode, "sal"), "")] if mql else []
    if kind in ("meets_definition", "volume"):
        if not mql:
            return []
        holds = replay.qualifies(world.subjects[lead_id], world.agreement["qualified"], opened)
        return [(opened, opened if holds else None, "")] if holds or kind == "meets_definition" else []
    if kind == "hand_over":
        return [(mql, handed, "")] if mql else []
    if kind == "returned":
        if episode.exit_stage != "rejected":
            return []
        following = world.next.get((lead_id, episode.number))
        walk = world.walk(each)
        after = walk.rows[walk.exit_place[episode.number] + 1 :]
        gone = [row["occurred_at"] for row in after if row["stage"] in ("disqualified", "lost")]
        return [(exit_at, earliest(world.handed_over(following) if following else None, *gone), "")]
    if kind == "recycled":
        if episode.exit_stage != "recycled":
            return []
        machines = [row["occurred_at"] for row in world.touches.get(lead_id, []) if is_automated(row) and is_outbound(row)]
        return [(exit_at, earliest(each.next_opened_at, *(t for t in machines if t > exit_at)), "")]
    if kind == "reason":
        return [(exit_at, exit_at if episode.exit_reason is not None else None, "")] if exit_at else []
    if kind == "evidence":
        sql = episode.observed.get("sql")
        return [(sql, sql if are_known(world, lead_id, told["fields"], sql) else None, "")] if sql else []
    if kind == "follow_up":
        sal = episode.observed.get("sal")
        if not sal:
            return []
        tries = [touch["occurred_at"] for touch in each.touches if is_attempt(touch) and touch["occurred_at"] >= sal]
        return [(sal, earliest(*tries, contact(each), exit_at, reached(episode, "sql")), "")]
    if handed is None:
        return []
    if kind == "required_fields":
        fields = told.get("fields") or world.agreement["qualified"].get("required_fields") or []
        return [(handed, handed if are_known(world, lead_id, fields, handed) else None, "")]
    if kind == "decision":
        return [(handed, earliest(reached(episode, "sal"), exit_at), "")]
    if kind == "first_touch":
        tries = [touch["occurred_at"] for touch in each.touches if is_attempt(touch) and touch["occurred_at"] >= each.mql_at]
        return [(handed, earliest(*tries, contact(each), exit_at), "")]
    if kind in ("touches", "first_week_calls"):
        made = [nth(each.touches, channel, handed, n) for channel, n in (("call", told.get("calls", 0)), ("email", told.get("emails", 0))) if n]
        done = max(made) if None not in made else None
        return [(handed, earliest(done, contact(each), reached(episode, "sql"), exit_at), "")]
    assert kind == "status"
    found = []
    for stage, later in LATER.items():
        entry = episode.observed.get(stage)
        if entry:
            start = max(entry, handed)
            repeats = [t for t in world.walk(each).repeat_times.get(episode.number, []) if t > start]
            found.append((start, earliest(*(episode.observed.get(name) for name in later), exit_at, *repeats), stage))
    return found


def limit_of(kind: str, told: dict) -> timedelta:
    text = "7d" if kind == "first_week_calls" else told.get("within", "0m")
    return int(text[:-1]) * UNITS[text[-1]]


def items(world: World, kind: str, told: dict, last: datetime) -> list[Item]:
    """Every item of every kind but open_leads that is due by `last`."""
    found = []
    limit = limit_of(kind, told)
    for each in world.passes:
        for start, met_at, beside in starts(world, kind, told, each):
            if told.get("clock") == "working":
                team = "" if kind == "hand_over" else team_at(world, each.episode.lead_id, start)
                deadline = world.hours.used_up(team, start, limit, last)
            else:
                deadline = start + limit
            if deadline is None or deadline > last:
                continue
            if deadline > world.through:
                outcome = "too_early"
            elif met_at is None:
                outcome = "missed_open"
            else:
                outcome = "met" if met_at <= deadline else "missed_late"
            found.append(Item(each.episode.lead_id, each.episode.opened_at, start, deadline, met_at, outcome, beside))
    return found


def open_leads(world: World, told: dict, end: datetime) -> list[Item]:
    """ "a rep's open leads are the surviving leads whose latest episode is open then and whose latest assignment by then is to that rep; a queue's
    are nobody's. met = at most per_rep, else missed_open" """
    reps = counted_reps(world.history)
    latest = {each.episode.lead_id: each.episode for each in world.passes if each.episode.opened_at <= end}
    held: dict[str, list[Episode]] = {}
    for lead_id, episode in latest.items():
        until_then = [row for row in world.assignments.get(lead_id, []) if row["occurred_at"] <= end]
        is_open = episode.closed_at is None or episode.closed_at > end
        if is_open and until_then and (reps is None or until_then[-1]["rep_id"] in reps):
            held.setdefault(until_then[-1]["rep_id"], []).append(episode)
    return [
        Item(one.lead_id, one.opened_at, None, end, None, "met" if len(mine) <= told["per_rep"] else "missed_open", rep)
        for rep, mine in held.items()
        for one in mine
    ]


# Rows


def why_not(world: World, kind: str, told: dict) -> bool:
    """Whether the history cannot measure the promise."""
    return (
        (kind in OF_TOUCHES and not world.touches)
        or (kind in OF_HAND_OVER and not world.could_be_handed_over())
        or (told.get("clock") == "working" and not world.hours.has_any())
    )


def of_week(world: World, kind: str, told: dict, monday: date, every: list[Item]) -> list[Item]:
    """ "A week holds the items whose deadline falls in it" """
    first, last = week_bounds(monday, world.history.time_zone)
    if why_not(world, kind, told):
        return []
    if kind == "open_leads":
        return open_leads(world, told, min(last, world.through))
    return [item for item in every if first <= item.deadline <= last]


def quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def is_working(day: date) -> bool:
    return day.weekday() < 5


def volume_target(leads: int, first: date, days: int) -> Fraction:
    """ "leads x (working days of the quarter in that week) / (working days of the quarter) ... each day counted to its own quarter" """
    total = Fraction(0)
    for day in (first + timedelta(days=n) for n in range(days)):
        if is_working(day):
            year = [date(day.year, 1, 1) + timedelta(days=n) for n in range(366)]
            total += Fraction(leads, sum(is_working(other) and quarter_of(other) == quarter_of(day) for other in year))
    return total


def row(world: World, side: str, kind: str, told: dict, monday: date, found: list[Item]) -> dict:
    """One row of the scorecard."""
    _, last = week_bounds(monday, world.history.time_zone)
    is_running = last > world.through
    if kind == "volume":
        target = volume_target(told["leads"], monday, 7)
        n, needed = len(found), ceil(target)
        status = "met" if n >= target else "too_early" if is_running else "missed"
        numbers = {"n": n, "met": n, "missed_late": None, "missed_open": None, "too_early": None, "needed": needed, "short": max(0, needed - n)}
        return {"side": side, "promise": kind, "target": float(target), "actual": float(n), **numbers, "status": status}
    if kind == "open_leads":
        of_rep = {item.beside: item.outcome for item in found}
        counted = Counter(of_rep.values())
    else:
        counted = Counter(item.outcome for item in found)
    met, late, never, early = (counted[name] for name in ("met", "missed_late", "missed_open", "too_early"))
    n = met + late + never
    share = Fraction(str(told["share"]))
    needed = next(k for k in range(n + 1) if Fraction(k) >= share * n)
    if why_not(world, kind, told):
        status = "no_data"
    elif is_running:
        status = "too_early"
    elif n == 0:
        status = "no_data"
    elif n < 5 and kind != "open_leads":
        status = "too_few"
    else:
        status = "met" if met >= needed else "missed"
    actual = met / n if n else None
    numbers = {"n": n, "met": met, "missed_late": late, "missed_open": never, "too_early": early, "needed": needed, "short": max(0, needed - met)}
    return {"side": side, "promise": kind, "target": float(share), "actual": actual, **numbers, "status": status}
