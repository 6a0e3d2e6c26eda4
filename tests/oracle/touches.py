"""Who touched and who owned a lead during each of its episodes (docs/meaning.md, "Speed and persistence", "Episodes")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .days import after_that_day
from .episodes import Episode, episodes
from .funnel import Filters, is_in_segment, is_pass_wanted, is_within, local_date
from .history import NUMBERED, History, lead_rows, merges_in_force, survivor

CONTACTS = ("connected", "replied", "held")


@dataclass
class Pass:
    """An episode, when the lead's next one opened, its own touches in order, and all the lead's assignments in order."""

    episode: Episode
    next_opened_at: datetime | None
    touches: list[dict]
    assignments: list[dict]

    @property
    def mql_at(self) -> datetime:
        """ "an implied episode's mql_at is its opening here" """
        return self.episode.observed.get("mql", self.episode.opened_at)

    def is_before_next(self, t: datetime) -> bool:
        """ "before the next episode" """
        return self.next_opened_at is None or t < self.next_opened_at


# Rows of a lead


def first_of_each_id(rows: NUMBERED) -> NUMBERED:
    """ "Within a table, the first row of an event_id counts and the others are rejected as duplicate"; "identical rows within
    one file without ids all count".
    """
    found, seen = [], set()
    for line, row in rows:
        event_id = row.get("event_id") or ""
        if event_id and event_id in seen:
            continue
        seen.add(event_id)
        found.append((line, row))
    return found


def in_order(rows: NUMBERED) -> list[dict]:
    """ "Touches are ordered by occurred_at, event_id, line" (the id "as text, empty last", as of stage changes)"""

    def place(item: tuple[int, dict]) -> tuple:
        line, row = item
        event_id = row.get("event_id") or ""
        return row["occurred_at"], event_id == "", event_id, line

    return [row for _, row in sorted(rows, key=place)]


def rows_of_leads(history: History, table: str, marks: dict[str, list[datetime]] | None = None) -> dict[str, list[dict]]:
    """Survivor -> rows of its group in order: "the survivor has the union of the events"; "rows of leads that are not there are ...
    in no metric"; "rows after [data_through] are as if not there". `marks`: survivor -> instants after which its dates of those days stand.
    """
    there, into = lead_rows(history), merges_in_force(history)
    found: dict[str, NUMBERED] = {}
    for line, row in first_of_each_id(history.numbered(table)):
        final = survivor(row["lead_id"], into, there)
        if final is not None and row["occurred_at"] <= history.data_through:
            stands_at = after_that_day(row, (marks or {}).get(final, []), history.time_zone)
            found.setdefault(final, []).append((line, {**row, "occurred_at": stands_at}))
    return {lead_id: in_order(rows) for lead_id, rows in found.items()}


def all_passes(history: History) -> list[Pass]:
    """Every episode, with what its follow-up is judged by."""
    found = episodes(history)
    opened_at = {(episode.lead_id, episode.number): episode.opened_at for episode in found}
    assignments = rows_of_leads(history, "assignments")
    passes = [Pass(episode, opened_at.get((episode.lead_id, episode.number + 1)), [], assignments.get(episode.lead_id, [])) for episode in found]
    touches = rows_of_leads(history, "touches", marks_of(passes, history))
    for each in passes:
        each.touches = [row for row in touches.get(each.episode.lead_id, []) if is_of_episode(row, each.episode, each.next_opened_at)]
    return passes


def marks_of(passes: list[Pass], history: History) -> dict[str, list[datetime]]:
    """ "A touch dated a day on which a pass opens, is handed over or is accepted stands after that" """
    marks: dict[str, list[datetime]] = {}
    for each in passes:
        own = each.episode.observed
        marks.setdefault(each.episode.lead_id, []).extend(
            t for t in (each.episode.opened_at, own.get("mql"), hand_over(each, history), own.get("sal")) if t is not None
        )
    return marks


def chosen(passes: list[Pass], history: History, filters: Filters) -> list[Pass]:
    """ "--since and --until cut the opening date"; "Segments: filters ... use attribute values as known when the episode opened; rep and
    team as of hand-over".
    """
    attributes = {field: values for field, values in filters.segments.items() if field not in ("rep", "team")}
    of_leads = replace(filters, segments=attributes)
    return [
        each
        for each in passes
        if is_pass_wanted(each.episode, filters)
        and is_within(local_date(each.episode.opened_at, history.time_zone), filters)
        and is_in_segment(each.episode, of_leads)
        and all(is_of_owner(each, history, field, filters.segments[field]) for field in ("rep", "team") if filters.segments.get(field))
    ]


# Touches


def is_of_episode(touch: dict, episode: Episode, next_opened_at: datetime | None) -> bool:
    """ "The touches of an episode run from its opening (implied ones too) to the next episode's opening or data_through, a closing
    does not end them."
    """
    return touch["occurred_at"] >= episode.opened_at and (next_opened_at is None or touch["occurred_at"] < next_opened_at)


def is_automated(touch: dict) -> bool:
    """ "is_automated (default false)"; "true/false, yes/no, 1/0 in any case" """
    return str(touch.get("is_automated") or "").lower() in ("true", "yes", "1")


def is_outbound(touch: dict) -> bool:
    """ "direction (outbound, inbound; default outbound)" """
    return (touch.get("direction") or "outbound") == "outbound"


def is_attempt(touch: dict) -> bool:
    """ "outbound touch that is not automated", whatever its channel and outcome"""
    return is_outbound(touch) and not is_automated(touch)


def is_contact(touch: dict) -> bool:
    """ "touch with outcome connected, replied or held", whoever's"""
    return touch.get("outcome") in CONTACTS


# Hand-over


def counted_reps(history: History) -> set[str] | None:
    """Reps of the reps table. None, where "without a reps table, or with an empty one, any owner counts" """
    return {row["rep_id"] for row in history.tables.get("reps", [])} or None


def assignment_of_hand_over(each: Pass, history: History) -> dict | None:
    """The assignment that made the lead a rep's: the one in force at mql_at, "else the first assignment to one at or after mql_at and
    before the next episode".
    """
    reps = counted_reps(history)
    until_then = [row for row in each.assignments if row["occurred_at"] <= each.mql_at]
    if until_then and (reps is None or until_then[-1]["rep_id"] in reps):
        return until_then[-1]
    for row in each.assignments:
        if row["occurred_at"] >= each.mql_at and each.is_before_next(row["occurred_at"]) and (reps is None or row["rep_id"] in reps):
            return row
    return None


def hand_over(each: Pass, history: History) -> datetime | None:
    """ "Hand-over = mql_at when a rep of the reps table owned the lead then, else the first assignment"; None: never handed over"""
    row = assignment_of_hand_over(each, history)
    return None if row is None else max(row["occurred_at"], each.mql_at)


def is_of_owner(each: Pass, history: History, field: str, values: list[str]) -> bool:
    """Whether the rep, or the rep's team, at hand-over is one of `values`."""
    row = assignment_of_hand_over(each, history)
    if row is None:
        return False
    team_of = {rep["rep_id"]: rep.get("team") for rep in history.tables.get("reps", [])}
    return (row["rep_id"] if field == "rep" else team_of.get(row["rep_id"])) in values
