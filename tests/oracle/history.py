"""What a history holds: rows up to data_through, merges resolved, one Lead per survivor (docs/meaning.md, "History"; docs/import.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

NUMBERED = list[tuple[int, dict]]  # rows of a table with their line


@dataclass
class History:
    """`tables`: name -> rows in file order; times are naive UTC datetimes, a missing value is None or ''."""

    tables: dict[str, list[dict]]
    data_through: datetime
    time_zone: str = "UTC"

    def numbered(self, table: str) -> NUMBERED:
        return list(enumerate(self.tables.get(table, [])))


@dataclass
class Lead:
    """One survivor: its own attributes and changes, the stage changes of its whole group."""

    lead_id: str
    created_at: datetime
    attributes: dict[str, object]
    lead_changes: NUMBERED = field(default_factory=list)
    stage_changes: NUMBERED = field(default_factory=list)
    created_is_day: bool = False


def rows_up_to(history: History, table: str, time_column: str) -> NUMBERED:
    """ "rows after it (by occurred_at; merges by merged_at, leads by created_at) are as if not there" """
    return [(line, row) for line, row in history.numbered(table) if row.get(time_column) is None or row[time_column] <= history.data_through]


def lead_rows(history: History) -> dict[str, dict]:
    """ "A second row of the same lead_id is rejected as duplicate"; the first is then cut at data_through by created_at."""
    first: dict[str, dict] = {}
    for row in history.tables.get("leads", []):
        if row["lead_id"] not in first:
            first[row["lead_id"]] = row
    return {lead_id: row for lead_id, row in first.items() if row["created_at"] <= history.data_through}


def is_circular(loser: str, into: dict[str, str]) -> bool:
    """Whether following the merges from `loser` comes back to `loser`."""
    here = into[loser]
    seen: set[str] = set()
    while here in into and here not in seen:
        if here == loser:
            return True
        seen.add(here)
        here = into[here]
    return here == loser


def merges_in_force(history: History) -> dict[str, str]:
    """ "Circular merges: those rows are rejected." The rows on the circle, not those that only lead to it. Loser -> next.

    A second row of the same loser is a duplicate of the first, as with leads.
    """
    into: dict[str, str] = {}
    for _, row in rows_up_to(history, "merges", "merged_at"):
        if row["lead_id"] not in into:
            into[row["lead_id"]] = row["into_lead_id"]
    return {loser: survivor for loser, survivor in into.items() if not is_circular(loser, into)}


def survivor(lead_id: str, into: dict[str, str], there: dict[str, dict]) -> str | None:
    """ "chains resolve to the final survivor"; one that is no lead: the last lead on the way that is there. None: an orphan."""
    last = lead_id if lead_id in there else None
    here = lead_id
    while here in into:
        here = into[here]
        if here in there:
            last = here
    return last


def resolve(history: History) -> list[Lead]:
    """ "the survivor has the union of the events and the earliest created_at, and keeps its own attributes (the loser's,
    and their changes, are dropped)"; "rows of leads that are not there are kept, counted as orphans and in no metric".
    """
    there = lead_rows(history)
    into = merges_in_force(history)
    leads: dict[str, Lead] = {}
    for lead_id, row in there.items():
        if survivor(lead_id, into, there) == lead_id:
            own = {name: value for name, value in row.items() if name not in ("lead_id", "created_at", "is_day")}
            leads[lead_id] = Lead(lead_id, row["created_at"], own, created_is_day=bool(row.get("is_day")))
    for lead_id, row in there.items():
        group = leads[survivor(lead_id, into, there)]
        earliest = min((group.created_at, group.created_is_day), (row["created_at"], bool(row.get("is_day"))))
        group.created_at, group.created_is_day = earliest
    for line, row in rows_up_to(history, "stage_changes", "occurred_at"):
        final = survivor(row["lead_id"], into, there)
        if final is not None:
            leads[final].stage_changes.append((line, row))
    for line, row in rows_up_to(history, "lead_changes", "occurred_at"):
        if row["lead_id"] in leads:
            leads[row["lead_id"]].lead_changes.append((line, row))
    return list(leads.values())


def orphan_stage_changes(history: History) -> int:
    """Stage changes up to data_through whose lead is not there, nor merged into one that is."""
    there, into = lead_rows(history), merges_in_force(history)
    return sum(survivor(row["lead_id"], into, there) is None for _, row in rows_up_to(history, "stage_changes", "occurred_at"))
