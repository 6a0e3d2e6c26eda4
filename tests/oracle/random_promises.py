"""The hostile histories of random_follow_ups.py, with acts, hours of the teams and zones of the reps; and agreements to judge them by."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from .history import History
from .random_follow_ups import random_follow_ups
from .random_histories import ALIKE, MISSING, NEAR
from .working_time import WEEKDAYS, ZONES

ACTIVITIES = ["demo_request", "Demo_Request", "webinar", "unsubscribe"]
FIELDS = ["source", "industry", "tier", "lot", "nowhere"]
SHORT = ["1m", "30m", "60m", "1h", "2h", "24h", "48h"]
LONG = ["1d", "2d", "7d", "14d", "14d", "30d", "45d", "60d", "336h"]
SHARES = [0.9, 0.5, 0.35, 1.0, 1, 0.05, 0.999, 0.3333333333, 0.7]
CLOCKS = [("09:00", "17:00"), ("08:30", "12:00"), ("22:00", "06:00"), ("00:00", "24:00"), ("13:00", "13:00"), ("00:00", "00:30"), ("", "")]


def random_promises(seed: int) -> History:
    """The same history for the same seed."""
    rng = Random(f"promises of {seed}")
    history = random_follow_ups(seed)
    tables = dict(history.tables)
    if tables.get("reps"):
        tables["reps"] = [row | {"time_zone": rng.choice([None, "", "UTC", *ZONES[:4]])} for row in tables["reps"]]
        tables["calendars"] = [
            row for team in ("north", "south", "elsewhere") if rng.random() < 0.8 for row in _hours(rng, team, history.data_through)
        ]
    tables["activities"] = _activities(rng, history)
    tables["lead_changes"] = _busier(rng, history)
    return History(tables, history.data_through, history.time_zone)


def _hours(rng: Random, team: str, end: datetime) -> list[dict]:
    """Some weekdays, or all, or none; and a few dates before the end."""
    usual = rng.choice(CLOCKS)
    days = rng.choice([WEEKDAYS[:5], WEEKDAYS, rng.sample(WEEKDAYS, 3), []])
    dates = [(end - timedelta(days=rng.randrange(40))).date().isoformat() for _ in range(rng.choice([0, 0, 3]))]
    told = {day: usual if rng.random() < 0.7 else rng.choice(CLOCKS) for day in (*days, *dates)}
    return [{"team": team, "day": day, "opens": opens, "closes": closes} for day, (opens, closes) in told.items()]


def _instants(history: History) -> dict[str, list[datetime]]:
    """Of each lead, what happened to it: there it is that something could be known a moment too late."""
    found: dict[str, list[datetime]] = {}
    for table in ("stage_changes", "assignments"):
        for row in history.tables.get(table, []):
            found.setdefault(row["lead_id"], []).append(row["occurred_at"])
    return found


def _activities(rng: Random, history: History) -> list[dict]:
    rows = []
    for lead_id, instants in _instants(history).items():
        for _ in range(rng.choice([0, 1, 2, 4])):
            at = rng.choice(instants) - timedelta(days=rng.choice([0, 0, 1, 7, 30])) + rng.choice(NEAR)
            late = rng.choice([None, None, timedelta(0), timedelta(days=1), timedelta(seconds=60)])
            rows.append(
                {"lead_id": lead_id, "activity": rng.choice(ACTIVITIES), "occurred_at": at, "recorded_at": None if late is None else at + late}
            )
    return rows


def _busier(rng: Random, history: History) -> list[dict]:
    """The changes of attributes, and more of them around hand-overs and SQLs: at, 60 s after, and beside."""
    rows = list(history.tables["lead_changes"])
    beside = [timedelta(0), timedelta(seconds=60), timedelta(seconds=59), timedelta(seconds=61), timedelta(seconds=-1), *NEAR]
    for lead_id, instants in _instants(history).items():
        for _ in range(rng.choice([0, 0, 1, 3])):
            at = rng.choice(instants) + rng.choice(beside) + rng.choice(NEAR)
            known = at + rng.choice([timedelta(0), timedelta(seconds=60), timedelta(seconds=30)]) if rng.random() < 0.4 else None
            values = {name: rng.choice(MISSING) if rng.random() < 0.4 else rng.choice(rng.choice(ALIKE)) for name in ("value", "old_value")}
            row = {"lead_id": lead_id, "field": rng.choice(["source", "industry", "tier"]), **values, "occurred_at": at, "recorded_at": known}
            if any("event_id" in one for one in rows):
                row["event_id"] = ""
            rows.append(row)
    return rows


def random_agreement(seed: int | str, dated: bool = False) -> dict:
    """The same agreement for the same seed, as parsed YAML: most promises, with limits at which something could go wrong.

    dated: for a history of dates without times, so no limit under a day and no working time.
    """
    rng = Random(f"agreement {seed}")

    def within(long: bool = False) -> str:
        return rng.choice(LONG if long or dated or rng.random() < 0.3 else SHORT)

    def clock() -> dict:
        if dated or rng.random() < 0.4:
            return {"within": within()} if rng.random() < 0.7 else {"within": within(), "clock": "wall"}
        return {"within": rng.choice(["1m", "30m", "60m", "4h", "8h", "9h", "40h"]), "clock": "working"}

    def share() -> float:
        return rng.choice(SHARES)

    told: dict = {"name": "at random", "effective": "2026-01-05", "qualified": _definition(rng)}
    told["acceptance"] = {"within": within(True), "share": share()}
    fields = lambda: rng.sample(FIELDS[:3], rng.randint(1, 2))  # noqa: E731
    told["marketing"] = {
        "volume": {"leads": rng.choice([1, 13, 100, 390])},
        "meets_definition": {"share": share()},
        "required_fields": {"share": share(), **({} if told["qualified"].get("required_fields") and rng.random() < 0.5 else {"fields": fields()})},
        "hand_over": {"share": share(), **clock()},
        "returned": {"within": within(True), "share": share()},
        "recycled": {"within": within(True), "share": share()},
    }
    told["sales"] = {
        "decision": {"share": share(), **clock()},
        "first_touch": {"share": share(), **clock()},
        "follow_up": {"share": share(), **clock()},
        "touches": {**rng.choice([{"calls": 1, "emails": 1}, {"calls": 2}, {"emails": 1}, {"calls": 0, "emails": 2}, {"calls": 3, "emails": 2}])}
        | {"within": within(True), "share": share()},
        "first_week_calls": {"calls": rng.choice([1, 1, 2, 4]), "share": share()},
        "status": {"within": within(True), "share": share()},
        "reason": {"share": share()},
        "evidence": {"fields": fields(), "share": share()},
        "open_leads": {"per_rep": rng.choice([1, 2, 5, 50]), "share": share()},
    }
    return told


def _definition(rng: Random) -> dict:
    """A bar that some leads meet: the fields and acts of these histories."""

    def field_rule() -> dict:
        name = rng.choice(FIELDS)
        operator = rng.choice(["present", "present", "missing", "is_not", "one_of"])
        values = [rng.choice(rng.choice(ALIKE)) for _ in range(4)]
        return {"field": name, operator: True if operator in ("present", "missing") else values if operator == "one_of" else values[0]}

    def act_rule() -> dict:
        return {"activity": rng.choice(ACTIVITIES), **rng.choice([{}, {"times": 2}, {"within_days": 7}, {"within_days": 30}, {"within_days": 1}])}

    told: dict = {}
    part = rng.choice(["fit", "behaviour", "criteria", "score", "score"])
    if rng.random() < 0.4:
        told["required_fields"] = rng.sample(FIELDS[:3], 1)
    if part == "fit":
        told["fit"] = [field_rule()]
    if part == "behaviour":
        told["behaviour"] = [act_rule()]
    if part == "criteria":
        told["criteria"] = {"at_least": rng.choice([1, 2]), "of": [field_rule(), act_rule(), field_rule()]}
    if part == "score":
        points = [{**field_rule(), "points": 10}, {**act_rule(), "points": 10}, {"activity": "webinar", "points": 20, "cap": 30}]
        points = [{key: value for key, value in one.items() if key not in ("times", "within_days")} for one in points]
        told["score"] = {"threshold": rng.choice([5, 10, 15, 20]), "points": points} | rng.choice([{}, {"half_life_days": 7}])
    if rng.random() < 0.3:
        rule = rng.choice([field_rule(), act_rule()])
        if "missing" not in rule:
            told["exclude"] = [rule]
    return told
