"""The hostile histories of random_histories.py, whose seeds stay what they are, with touches, assignments and reps; and what to ask of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from .follow_up import SPANS, Promise
from .funnel import Filters
from .history import History
from .random_histories import EVENT_IDS, MICROSECOND, MISSING, NEAR, random_filters, random_history

REPS = ["R1", "r1", "R2", "R3", "01", "1", "Ä 9"]
QUEUES = ["marketing", "0", "pool"]
TEAMS = ["north", "south", None, ""]
CHANNELS = ["call", "email", "meeting", "social", "sms", "other"]
CONTACTS = ["connected", "replied", "held"]
NO_CONTACTS = ["no_answer", "voicemail", "bounced", "booked", "no_show", "rescheduled", "cancelled", "", None]
LOTS = 8
DAYS = [0, 0.1, 0.25, 0.3, 0.5, 0.7, 1, 1.5, 2.9, 7, 14, 30]
LENGTHS = [*SPANS.values(), *(timedelta(days=days) for days in DAYS), timedelta(days=14), timedelta(days=14)]
SHORT_LENGTHS = [timedelta(0), timedelta(0), MICROSECOND, -MICROSECOND, timedelta(seconds=1), timedelta(minutes=3), timedelta(hours=2)]


def random_follow_ups(seed: int) -> History:
    """The same history for the same seed. Most are big: an import takes as long for 100 leads as for one, and 30 must be at risk at times.
    Each lead is in a lot, so that a small group can be asked for.
    """
    rng = Random(f"follow-ups of {seed}")
    history = random_history(seed, None if seed % 5 == 4 else rng.randint(20, 140))
    for row in history.tables["leads"]:
        row["lot"] = f"lot {rng.randrange(LOTS)}"
    return _Maker(rng, history).history()


def random_questions(seed: int, history: History) -> tuple[list[Filters], list[Promise]]:
    """What to ask of it: all passes, first passes, a few of them, those of a lot, of a rep; and promises."""
    rng = Random(f"questions about follow-ups of {seed}")
    passes = lambda: rng.choice(["all", "first"])  # noqa: E731
    some, _ = random_filters(seed, history)
    midnights = midnights_of(history)
    if midnights:
        start, end = sorted(rng.choices(midnights, k=2))
        some = replace(some, **rng.choice([{}, {"since": start, "until": None}, {"since": None, "until": end}, {"since": start, "until": end}]))
    lots = [Filters(segments={"lot": [f"lot {number}"]}, passes=passes()) for number in rng.sample(range(LOTS), 3)]
    rep = Filters(segments={"rep": rng.sample([*REPS, *QUEUES], rng.randint(1, 4))}, passes=passes())
    team = replace(some, sources=None, segments={"team": rng.sample(["north", "south"], rng.randint(1, 2))})
    promises = [Promise(rng.choice([0, 1, 1, 2, 3]), rng.choice([0, 1, 1, 2, 3]), rng.choice([*DAYS, 14])) for _ in range(2)]
    return [Filters(passes="all"), Filters(), some, *lots, rep, team], [Promise(1, 0, rng.choice(DAYS)), *promises]


def midnights_of(history: History) -> list[date]:
    """Days, of the organisation's zone, at the first instant of which something happened."""
    zone = ZoneInfo(history.time_zone)
    local = {row["occurred_at"].replace(tzinfo=UTC).astimezone(zone) for row in history.tables["stage_changes"]}
    return sorted({at.date() for at in local if at.time() == time(0)})


class _Maker:
    def __init__(self, rng: Random, history: History) -> None:
        self.rng = rng
        self.given = history
        self.data_through = history.data_through
        self.instants: dict[str, list[datetime]] = {}  # lead -> what happened to it, and to those it was merged with
        self.mqls: dict[str, list[datetime]] = {}
        self.contacts = rng.choice([0.03, 0.1, 0.3])
        self.inbound, self.automated = rng.choice([0, 0.1, 0.3]), rng.choice([0, 0.1, 0.3])
        self.busy = rng.choice([[0, 1, 1, 2], [0, 1, 2, 4, 8], [0, 3, 6, 12]])
        self.channels = CHANNELS if self.chance(0.5) else ["call", "email", "call", "email", "meeting"]
        self.left_out = rng.sample(["rep_id", "direction", "outcome", "is_automated"], rng.choice([0, 0, 0, 1, 4]))  # columns that are not there

    def history(self) -> History:
        tables = dict(self.given.tables)
        self.end_near_a_limit()
        reps = self.reps()
        assignments = self.assignments() if self.chance(0.85) else []
        touches = self.touches() if self.chance(0.92) else []
        for rows in (assignments, touches):
            self.rng.shuffle(rows)
            self.give_event_ids(rows)
        tables |= {"assignments": assignments, "touches": touches}
        if reps is not None:
            tables["reps"] = reps
        return History(tables, self.data_through, self.given.time_zone)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def end_near_a_limit(self) -> None:
        """Some extracts end exactly, or nearly, a limit after something happened. A lead must be there by then."""
        changes = [row["occurred_at"] for row in self.given.tables["stage_changes"]]
        if changes and self.chance(0.4):
            end = self.rng.choice(changes) + self.rng.choice([*LENGTHS, *SPANS.values(), *SPANS.values()]) + self.rng.choice(NEAR)
            if any(row["created_at"] <= end for row in self.given.tables["leads"][:1]):
                self.data_through = end

    def reps(self) -> list[dict] | None:
        """None: no table. Empty, some of the reps, or all."""
        known = self.rng.choice([None, [], self.rng.sample(REPS, 2), self.rng.sample(REPS, 4), REPS])
        return known if known is None else [{"rep_id": rep_id, "name": f"Rep {rep_id}", "team": self.rng.choice(TEAMS)} for rep_id in known]

    def lead_ids(self) -> list[str]:
        tables = self.given.tables
        named = [row["lead_id"] for name in ("leads", "stage_changes") for row in tables[name]] + ["nobody", "ghost"]
        group = {row["lead_id"]: row["into_lead_id"] for row in tables["merges"]}
        for row in tables["stage_changes"]:
            lead_id = row["lead_id"]
            for other in {lead_id, group.get(lead_id, lead_id), *(loser for loser, into in group.items() if into == lead_id)}:
                self.instants.setdefault(other, []).append(row["occurred_at"])
                if row["stage"] == "mql":
                    self.mqls.setdefault(other, []).append(row["occurred_at"])
        return list(dict.fromkeys(named))

    def near_something(self, lead_id: str) -> datetime:
        """At, next to, or a limit after (or before) something that happened to the lead, or the end of the extract."""
        rng = self.rng
        past = self.instants.get(lead_id) or [self.data_through - timedelta(days=rng.uniform(0, 40))]
        kind = rng.randrange(14)
        if kind >= 12 and lead_id in self.mqls:
            return (
                rng.choice(self.mqls[lead_id]) + rng.choice([*SPANS.values(), *SPANS.values(), timedelta(days=rng.choice(DAYS))]) + rng.choice(NEAR)
            )
        if kind < 3:
            return rng.choice(past)
        if kind < 5:
            return rng.choice(past) + rng.choice(SHORT_LENGTHS)
        if kind < 8:
            return rng.choice(past) + rng.choice(LENGTHS) + rng.choice(NEAR)
        if kind < 9:
            return rng.choice(past) - rng.choice(LENGTHS) + rng.choice(NEAR)
        if kind < 10:
            return self.data_through - rng.choice([timedelta(0), *LENGTHS]) + rng.choice(NEAR)
        if kind < 11 and self.chance(0.3):
            return self.data_through + timedelta(days=rng.choice([1, 90, 500]))
        return rng.choice(past) + timedelta(microseconds=rng.randrange(20 * 86_400_000_000))

    def assignments(self) -> list[dict]:
        rows = []
        for lead_id in self.lead_ids():
            for _ in range(self.rng.choice([0, 1, 1, 1, 2, 4])):
                owner = self.rng.choice(REPS if self.chance(0.7) else QUEUES)
                row = {"lead_id": lead_id, "rep_id": owner, "occurred_at": self.near_something(lead_id)}
                rows.append(row)
                self.instants.setdefault(lead_id, []).append(row["occurred_at"])
                if self.chance(0.15):  # from a queue to a rep, or back, at one instant
                    rows.append(row | {"rep_id": self.rng.choice([*REPS, *QUEUES])})
        return rows

    def touches(self) -> list[dict]:
        rows = []
        for lead_id in self.lead_ids():
            for _ in range(self.rng.choice(self.busy)):
                row = self.touch(lead_id)
                rows.append(row)
                if self.chance(0.25):
                    self.instants.setdefault(lead_id, []).append(row["occurred_at"])
                if self.chance(0.15):  # another one at that instant: the order decides
                    rows.append(self.touch(lead_id) | {"occurred_at": row["occurred_at"]})
                if self.chance(0.05):
                    rows.append(dict(row))  # an identical row: both count
        return rows

    def touch(self, lead_id: str) -> dict:
        rng = self.rng
        row = {
            "lead_id": lead_id,
            "channel": rng.choice(self.channels),
            "occurred_at": self.near_something(lead_id),
            "rep_id": rng.choice([*REPS, None]),
            "direction": "inbound" if self.chance(self.inbound) else rng.choice(["outbound", "", None]),
            "outcome": rng.choice(CONTACTS if self.chance(self.contacts) else NO_CONTACTS),
            "is_automated": rng.choice(["true", "True", "yes", "1"]) if self.chance(self.automated) else rng.choice(["false", "no", "0", "", None]),
        }
        return {name: value for name, value in row.items() if name not in self.left_out}

    def give_event_ids(self, rows: list[dict]) -> None:
        """None at all, on some rows or on all; unique, or one given twice."""
        how = self.rng.choice(["none", "some", "all"])
        if how == "none":
            return
        numbers = (str(self.rng.randrange(10 ** self.rng.randint(1, 6))) for _ in range(4 * len(rows) + 40))
        ids = list(dict.fromkeys([*EVENT_IDS, *numbers]))
        self.rng.shuffle(ids)
        for row in rows:
            row["event_id"] = ids.pop() if how == "all" or self.chance(0.5) else self.rng.choice(MISSING)
        for _ in range(self.rng.choice([0, 0, 1, 3])):
            if rows:
                self.rng.choice(rows)["event_id"] = self.rng.choice(rows)["event_id"]
