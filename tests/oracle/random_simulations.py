"""Histories and questions for the simulation, from a seed: a hostile replay history that went through a hostile funnel, in a zone with odd days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from .funnel import local_date, period_of
from .history import History
from .random_definitions import random_definition
from .random_histories import EXITS, FUNNEL, MICROSECOND, NEAR, TIES
from .random_replay_histories import random_replay_history
from .simulation import Question, local_midnight

ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo"]
_GAPS = [timedelta(days=14), timedelta(days=59), timedelta(days=45)]


def random_simulation_history(seed: int) -> History:
    """Activities, changes and merges of random_replay_history; stages, owners, accounts and a zone besides."""
    history = random_replay_history(seed)
    rng = Random(f"simulation history {seed}")
    history.time_zone = rng.choice(ZONES)
    tables = history.tables
    for row in tables["leads"]:
        row["account_id"] = rng.choice([None, "", "A1", "a1", f"A{rng.randint(2, 9)}", f"A{rng.randint(2, 9)}"])
    ids = list(dict.fromkeys(row["lead_id"] for row in tables["leads"]))
    instants: dict[str, list[datetime]] = {lead_id: [] for lead_id in ids}
    for name in ("activities", "lead_changes"):
        for row in tables[name]:
            instants.setdefault(row["lead_id"], []).append(row["occurred_at"])
    created = {row["lead_id"]: row["created_at"] for row in tables["leads"]}
    share = rng.choice([0.3, 0.7, 0.95])
    stages = [row for lead_id in ids if rng.random() < share for row in _passes(lead_id, created[lead_id], instants[lead_id], history, rng)]
    rng.shuffle(stages)
    tables["stage_changes"] = stages
    names = [f"R{n}" for n in range(rng.randint(1, 4))]
    if rng.random() < 0.6:
        tables["reps"] = [{"rep_id": name, "name": name} for name in names]
    everyone = [*names, "queue"]
    times = [row["occurred_at"] for row in stages] or [history.data_through]
    if rng.random() < 0.85:
        tables["assignments"] = [
            {
                "lead_id": lead_id,
                "rep_id": rng.choice(everyone),
                "occurred_at": _near(rng.choice([created[lead_id], *times[:5], *instants[lead_id][:3]]), rng),
            }
            for lead_id in ids
            for _ in range(rng.choice([0, 1, 1, 2]))
        ]
    return history


def _passes(lead_id: str, created_at: datetime, seen: list[datetime], history: History, rng: Random) -> list[dict]:
    """One or two passes through stages; entries at an act, at a midnight of the zone, or 14 or 59 days before the end, to the microsecond."""
    rows = []
    midnight = local_midnight(local_date(rng.choice([created_at, *seen]), history.time_zone), history.time_zone)
    at = rng.choice([created_at, *seen, history.data_through - rng.choice(_GAPS), midnight, period_midnight(midnight, history)]) + rng.choice(NEAR)
    for _ in range(rng.choice([1, 1, 1, 2])):
        stages = list(FUNNEL[: rng.randint(1, 5)])
        if rng.random() < 0.3:
            stages = [stage for stage in stages if rng.random() < 0.6] or [rng.choice(FUNNEL)]
        if rng.random() < 0.5:
            stages.insert(rng.randint(1, len(stages)), rng.choice(EXITS))
        if rng.random() < 0.1:
            stages.insert(rng.randint(0, len(stages)), rng.choice(["inquiry", "mql", "sal"]))
        for stage in stages:
            rows.append({"lead_id": lead_id, "stage": stage, "occurred_at": at})
            at += rng.choice([timedelta(0), rng.choice(TIES), timedelta(days=rng.uniform(0, 20)), rng.choice(_GAPS) + rng.choice(NEAR)])
        at += timedelta(days=rng.uniform(0, 30))
    return rows


def period_midnight(midnight: datetime, history: History) -> datetime:
    """The Monday midnight of that week."""
    return local_midnight(period_of(local_date(midnight, history.time_zone), "week"), history.time_zone)


def _near(at: datetime, rng: Random) -> datetime:
    return at + rng.choice([timedelta(0), MICROSECOND, -MICROSECOND, timedelta(days=1), -timedelta(days=1)])


def random_question(seed: int, history: History, number: int = 0) -> Question:
    """A draft with a score most often, against what happened or another definition, in any period of days, some empty."""
    rng = Random(f"question {seed} {number}")
    draft = random_definition(f"simulation {seed} {number}")
    for again in range(4):
        if "score" in draft or rng.random() < 0.25:
            break
        draft = random_definition(f"simulation {seed} {number} {again}")
    baseline = random_definition(f"baseline {seed} {number}") if rng.random() < 0.35 else None
    first = local_date(min(row["created_at"] for row in history.tables["leads"]), history.time_zone)
    last = local_date(history.data_through, history.time_zone)
    since = first + timedelta(days=rng.choice([0, -7, rng.randint(-10, max(1, (last - first).days))]))
    until = rng.choice([last + timedelta(days=1), last, since + timedelta(days=rng.choice([1, 7, 28, 100])), last + timedelta(days=40)])
    if until <= since:
        until = since + timedelta(days=rng.randint(1, 30))
    quota = rng.choice([None, 10.0, 65.0])
    return Question(draft, baseline, _clamped(since), _clamped(until), quota, rng.choice([None, 0.5, 2.0]))


def _clamped(day: date) -> date:
    return max(date(1990, 1, 1), day)


__all__ = ["random_question", "random_simulation_history"]
