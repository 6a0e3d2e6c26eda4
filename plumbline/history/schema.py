"""The canonical tables that every importer fills (docs/import.md, "The tables"). The one place that lists them."""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = 6  # of the snapshot file; raised when an older one can no longer be read as it is (add the older one to history/migrate.py)

STAGES = ("inquiry", "mql", "sal", "sql", "opportunity", "won")
EXITS = ("rejected", "recycled", "disqualified", "lost")
CHANNELS = ("call", "email", "meeting", "social", "sms", "other")
DIRECTIONS = ("outbound", "inbound")
OUTCOMES = ("no_answer", "voicemail", "connected", "replied", "bounced", "booked", "held", "no_show", "rescheduled", "cancelled")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Column:
    """One column of a canonical table. `kind`: text, id, time (UTC instant), date, number, flag, clock, day."""

    name: str
    kind: str = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    default: object = None


@dataclass(frozen=True)
class Table:
    """One canonical table. `extra`: what further columns become ("attributes" of leads, or "kept" beside an event)."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    is_event: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


def _id(name: str, required: bool = True) -> Column:
    return Column(name, "id", required)


def _time(name: str, required: bool = False) -> Column:
    return Column(name, "time", required)


_EVENT = (_time("occurred_at", required=True),)

TABLES = {
    table.name: table
    for table in (
        Table("leads", "one row per lead", (_id("lead_id"), _time("created_at", required=True))),
        Table(
            "lead_changes",
            "one row per change of an attribute",
            (_id("lead_id"), _id("field"), Column("value"), Column("old_value"), *_EVENT, _time("recorded_at"), _id("event_id", False)),
            is_event=True,
        ),
        Table(
            "stage_changes",
            "one row per change of stage",
            (
                _id("lead_id"),
                Column("stage", "id", True, STAGES + EXITS),
                *_EVENT,
                _time("recorded_at"),
                Column("reason"),
                _id("actor_id", False),
                _id("event_id", False),
            ),
            is_event=True,
        ),
        Table(
            "assignments",
            "one row per change of owner",
            (_id("lead_id"), _id("rep_id"), *_EVENT, _id("event_id", False)),
            is_event=True,
        ),
        Table(
            "touches",
            "one row per sales touch",
            (
                _id("lead_id"),
                Column("channel", "id", True, CHANNELS),
                *_EVENT,
                _id("rep_id", False),
                Column("direction", "id", False, DIRECTIONS, "outbound"),
                Column("outcome", "id", False, OUTCOMES),
                Column("is_automated", "flag", default=False),
                _id("event_id", False),
            ),
            is_event=True,
        ),
        Table(
            "activities",
            "one row per act of the lead",
            (_id("lead_id"), _id("activity"), *_EVENT, _time("recorded_at"), Column("asset"), _id("event_id", False)),
            is_event=True,
        ),
        Table(
            "reps",
            "one row per rep",
            (_id("rep_id"), Column("name"), Column("team"), Column("time_zone"), Column("capacity", "number")),
        ),
        Table(
            "deals",
            "one row per deal",
            (
                _id("deal_id"),
                _id("lead_id"),
                Column("amount", "number"),
                Column("currency", "id"),
                _time("created_at"),
                _time("closed_at"),
                Column("is_won", "flag"),
            ),
        ),
        Table(
            "spend",
            "one row per day or month, source and campaign",
            (
                Column("date", "date", True),
                Column("source", required=True),
                Column("campaign"),
                Column("amount", "number", True),
                Column("currency", "id"),
            ),
        ),
        Table("merges", "one row per lead merged into another", (_id("lead_id"), _id("into_lead_id"), _time("merged_at"))),
        Table(
            "calendars",
            "one row per team and weekday or date",
            (_id("team"), Column("day", "day", True), Column("opens", "clock"), Column("closes", "clock")),
        ),
    )
}


def day_column(table: Table) -> str:
    """The column of a table that may hold a day without a time of day, of which `is_day` says so; "" where there is none."""
    return "occurred_at" if table.is_event else "created_at" if table.name == "leads" else ""


# Columns of `leads` that Plumbline knows by name; all but lead_id and created_at are attributes, as is any further column.
KNOWN_ATTRIBUTES = (
    "account_id", "source", "campaign", "region", "country", "industry", "employees", "annual_revenue", "job_title", "role",
    "seniority", "email", "phone", "company", "need", "budget", "authority", "timeline", "is_competitor",
)  # fmt: skip
