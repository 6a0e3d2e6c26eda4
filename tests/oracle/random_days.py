"""Random histories of random_histories.py and random_follow_ups.py, some of whose times are dates without a time of day."""

from __future__ import annotations

from datetime import datetime
from random import Random

from .days import local_day
from .history import History

KINDS = {"stage_changes": "stage", "touches": "channel", "assignments": "", "leads": "", "lead_changes": "field"}
NO_DATES = ("9999-12-31", "0001-01-01", "3000-01-01T00:00:00Z")


def with_dates(history: History, seed: int) -> History:
    """The same history for the same seed. Of each kind (a stage, a channel, ...) all, some or none of the times become dates; some go to a day on
    which something else happened to their lead.
    """
    rng = Random(f"dates of {seed}")
    usual = rng.choice([0.1, 0.3, 0.6])
    days: dict[str, list[datetime]] = {}
    for row in history.tables["stage_changes"]:
        days.setdefault(row["lead_id"], []).append(row["occurred_at"])
    tables = dict(history.tables)
    for table, kind in KINDS.items():
        shares: dict[str, float] = {}
        rows = []
        for row in history.tables.get(table, []):
            share = shares.setdefault(row.get(kind, ""), rng.choice([0, usual, usual, 1]))
            rows.append(_with_date(row, days.get(row["lead_id"], []), history.time_zone, rng) if rng.random() < share else row)
        if table in history.tables:
            tables[table] = rows
    return History(tables, history.data_through, history.time_zone)


def _with_date(row: dict, others: list[datetime], time_zone: str, rng: Random) -> dict:
    column = "created_at" if "created_at" in row else "occurred_at"
    at = rng.choice(others) if others and column == "occurred_at" and rng.random() < 0.4 else row[column]
    return row | {column: local_day(at, time_zone)}


def with_no_dates(history: History, seed: int) -> History:
    """The history with rows beside it whose time stands for no date: an import rejects them."""
    rng = Random(f"no dates of {seed}")
    tables = dict(history.tables)
    for table in ("stage_changes", "touches", "assignments"):
        rows = list(tables.get(table, []))
        for row in rng.sample(rows, min(len(rows), rng.choice([0, 0, 1, 3]))):
            no_date = row | {"occurred_at": rng.choice(NO_DATES)}
            rows.insert(rng.randrange(len(rows) + 1), no_date | {"event_id": ""} if "event_id" in row else no_date)
        if table in tables:
            tables[table] = rows
    return History(tables, history.data_through, history.time_zone)
