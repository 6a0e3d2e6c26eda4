"""An agreement against a history: what the history does not have, or cannot measure, is refused; what should be known beforehand is said."""

from __future__ import annotations

from collections.abc import Iterable

from plumbline import working_time
from plumbline.agreement.model import Agreement, Promise, Within
from plumbline.agreement.promises import KINDS
from plumbline.definition.check import USUAL_ACTIVITIES
from plumbline.definition.model import ActivityRule, Definition, FieldRule
from plumbline.definition.parse import nearest
from plumbline.errors import InputError
from plumbline.history.connection import History
from plumbline.history.recorded import Recorded
from plumbline.sqlfiles import sql
from plumbline.text import common_form
from plumbline.wording import listing, plural
from plumbline.working_time.calendars import Calendar

MOST_ROWS = 15
FIRST_ROWS = (7, 10)
_NEARLY_ALL = 0.98  # of the rows on days without a time of day: no time can be told
_DAY = Within(1, "d").micros
ROWS = {
    "stage:mql": "MQLs", "stage:sal": "SALs", "stage:sql": "SQLs", "stage:opportunity": "opportunities", "stage:won": "won deals",
    "exits": "exits", "exit:rejected": "rejections", "exit:recycled": "recyclings", "exit:disqualified": "disqualifications", "exit:lost": "losses",
    "owners": "assignments", "attempts": "tries of persons", "contacts": "contacts", "automated": "automated touches",
}  # fmt: skip


def check(agreement: Agreement, history: History, settings: working_time.Settings | None = None, where: str = "agreement") -> list[str]:
    """Every fault, one line each, naming the promise and the key; empty where the agreement fits the history.

    settings: the hours of the teams that stand over those of the history; None: those of this installation. Raises SettingError where the file that
    has them cannot be read.
    """
    fields = tuple(row["attribute"] for row in history.fields.values() if row["attribute"] is not None)
    faults = [*_unknown_names(agreement, fields, history), *unmeasurable(agreement, history, settings)]
    return [InputError(what, ", ".join([where, *place]), to_do).one_line for what, place, to_do in faults]


def advice(agreement: Agreement, is_first: bool = False) -> list[str]:
    """What nobody refuses, and people should hear, as sentences. is_first: whether no version was ever published."""
    rows = len(agreement.promises)
    if rows > MOST_ROWS:
        return [
            f"The agreement has {plural(rows, 'promise')}: over {MOST_ROWS}, hardly anybody keeps them in mind. Drop those that nobody would act on."
        ]
    if is_first and not FIRST_ROWS[0] <= rows <= FIRST_ROWS[1]:
        return [f"The agreement has {plural(rows, 'promise')}: a first one does best with {FIRST_ROWS[0]} to {FIRST_ROWS[1]}."]
    return []


def untracked(agreement: Agreement, history: History) -> list[str]:
    """The fields asked for whose changes were not recorded: their value of today stands in for what was known then, which signers acknowledge."""
    known = {row["attribute"] for row in history.fields.values()}
    return [name for name in asked_fields(agreement) if name in known and not history.recorded.has(f"changes:{name}")]


def notes(agreement: Agreement, history: History) -> list[str]:
    """What the history records of some leads alone, and promises that have had no item so far, as sentences."""
    recorded = history.recorded
    needed = dict.fromkeys(need for one in agreement.promises for need in KINDS[one.kind].needs)
    said = [line for need in needed for line in recorded.limits(need)]
    today = untracked(agreement, history)
    if today:
        said.append(f"Value of today: changes of {listing(today)} were not recorded, so what was known at the time is what is known now.")
    for one in agreement.promises:
        kind = KINDS[one.kind]
        if kind.items and not recorded.thing(kind.items).rows:
            said.append(f"{kind.title}: nothing to judge so far, for the history has no {ROWS[kind.items]}.")
    return said


def asked_fields(agreement: Agreement) -> list[str]:
    """Every field that the agreement asks about, each once, in the order of the file."""
    definitions = [one for one in (agreement.qualified, agreement.accepted, agreement.sales_qualified) if one]
    named = [name for one in definitions for name in one.fields()]
    return list(dict.fromkeys([*named, *(name for one in agreement.promises for name in one.fields)]))


Fault = tuple[str, tuple[str, ...], str]


def _unknown_names(agreement: Agreement, fields: tuple[str, ...], history: History) -> Iterable[Fault]:
    acts = history.query(sql("replay/activity_kinds"))["activity"].to_list()
    done = {common_form(name) for name in (*acts, *(USUAL_ACTIVITIES if acts else ()))}
    for part in ("qualified", "accepted", "sales_qualified"):
        definition: Definition | None = getattr(agreement, part)
        if definition is None:
            continue
        named = [("required_fields", name) for name in definition.required_fields]
        named += [(place, rule.field) for place, rule in definition.rules() if isinstance(rule, FieldRule)]
        for place, name in named:
            if name not in fields:
                yield f"no lead has a field {name[:60]!r}", (part, place), nearest(name, fields)
        for place, rule in definition.rules():
            if isinstance(rule, ActivityRule) and common_form(rule.activity) not in done:
                what = f"no lead ever did {rule.activity[:60]!r}" if acts else history.recorded.why("activities")
                yield what, (part, place), nearest(rule.activity, acts) if acts else "leave the rule out, or import activities"
    for one in agreement.promises:
        for name in one.fields:
            if name not in fields:
                yield f"no lead has a field {name[:60]!r}", (*place_of(one), "fields"), nearest(name, fields)


def place_of(promise: Promise) -> tuple[str, ...]:
    """Where a promise stands in the file: ('sales', 'first_touch'), ('acceptance',)."""
    side = KINDS[promise.kind].side
    return (promise.kind,) if side == "both" else (side, promise.kind)


def unmeasurable(agreement: Agreement, history: History, settings: working_time.Settings | None) -> Iterable[Fault]:
    """What the history cannot measure of what is promised, each with its place (which names the promise) and what to do."""
    recorded = history.recorded
    to_reps = history.query(sql("screens/assignments_to_reps"))["n"][0]
    has_hours: bool | None = None
    for one in agreement.promises:
        kind, place = KINDS[one.kind], place_of(one)
        if missing := recorded.missing(kind.needs):
            why = "; ".join(recorded.why(need) for need in missing)
            yield f"cannot be measured: {why}", place, f"leave the promise out, or import {_tables(missing)}"
        elif "owners" in kind.needs and not to_reps:
            yield "cannot be measured: no lead was ever assigned to a rep of the reps table", place, "leave the promise out, or import its reps"
        if one.clock == "working":
            has_hours = _has_hours(history, settings) if has_hours is None else has_hours
            if not has_hours:
                yield "cannot be measured: no team has hours", (*place, "clock"), "import calendars, give hours on the Speed screen, or clock: wall"
        limit = kind.limit(one)
        if limit and (limit.micros < _DAY or one.clock == "working") and (dated := _dated(recorded, kind.between)):
            what = f"is {limit.text}, and {listing([ROWS[thing] for thing in dated])} are dates without times"
            yield what, (*place, "within"), "write a limit of 1d or more" + (", and clock: wall" if one.clock == "working" else "")


def _tables(missing: Iterable[str]) -> str:
    return listing([{"owners": "assignments"}.get(need, need) for need in missing])


def _dated(recorded: Recorded, things: Iterable[str]) -> list[str]:
    """Those of the things that are known by the day alone."""
    found = [recorded.thing(name) for name in things]
    return [one.thing for one in found if one.rows and one.day_rows >= _NEARLY_ALL * one.rows]


def _has_hours(history: History, settings: working_time.Settings | None) -> bool:
    """Whether any team has hours that somebody gave."""
    said = working_time.load() if settings is None else settings
    tables = [history.query(sql(f"screens/{name}")) for name in ("calendars", "reps")]
    calendars = working_time.from_history(*tables, history.about.time_zone, said)
    return any(_is_open(calendar) for _, calendar in calendars.teams)


def _is_open(calendar: Calendar) -> bool:
    return not calendar.is_assumed and (any(calendar.week) or any(shifts for _, shifts in calendar.dates))
