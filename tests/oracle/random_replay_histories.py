"""Hostile histories for the replay, from a seed: late records, ties, windows that end to the microsecond, merges, odd cells.

Beside random_histories.py, whose seeds stay what they are.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from .history import History
from .random_histories import ALIKE, MICROSECOND, MISSING, NEAR

DAYS = [0.1, 0.5, 1, 2.5, 7, 14, 30, 90]  # of windows and half-lives, which the definitions use too
ACTIVITIES = ["demo_request", "pricing_page", "webinar", "Webinar", "unsubscribe", "web visit", "email_open"]
NUMBERS = [
    "100", "1e2", "+100", "100.0", "1E2", "1e+2", "10000e-2", "0100", "5", "5.0", "+5", "-5", "５", "１００", "0", "-0", "0.0", "1e4", "10000",
    "9999.999", "0.1", "1e-1", "1.", ".5", "1,000", "1_000", "0x10", "nan", "inf", "-inf", "1e400", "10 000", "12abc", "+-5", "1e", "e1",
    "99999999999999999999", "٥", "²", "100\u00a0",
]  # fmt: skip
FLAGS = [
    "true",
    "TRUE",
    "tRuE",
    "yes",
    "Yes",
    "yeſ",
    "1",
    "01",
    "1.0",
    "+1",
    "y",
    "t",
    "on",
    "ON",
    "false",
    "False",
    "no",
    "NO",
    "0",
    "-0",
    "off",
    "2",
]
WORDS = [
    "vp", "VP", " Vp ", "director", "DIRECTOR", "dırector", "c_level", "ﬁnance", "FINANCE", "finance", "ǰ", "J\u030c", "j\u030c", "ŉ", "ΐ", "NO",
    "on", "null", "~", "2026-01-31", "ᾳ", "αι", "ſales", "Sales", "K", "k", "\u212a",
]  # fmt: skip
FIELDS = {
    "source": "alike",
    "industry": "alike",
    "employees": "number",
    "budget": "number",
    "need": "flag",
    "is_competitor": "flag",
    "seniority": "word",
}
EXTRA_FIELDS = {"tier": "alike", "Tier": "alike", "Größe": "number", "job title": "word"}
CHANGED_ONLY = "changed_only"  # a field that leads.csv does not have


def random_replay_history(seed: int, leads: int | None = None) -> History:
    """The same history for the same seed: `leads` or 30 to 60 leads, at least one of them there at data_through."""
    return _Maker(Random(f"replay history {seed}"), leads).history()


def cell_of(rng: Random, kind: str) -> str | None:
    """A cell of a field of that kind; any kind may be missing, or hold what belongs elsewhere."""
    if rng.random() < 0.15:
        return rng.choice(MISSING)
    if rng.random() < 0.1:
        kind = rng.choice(["alike", "number", "flag", "word"])
    return rng.choice({"alike": rng.choice(ALIKE), "number": NUMBERS, "flag": FLAGS, "word": WORDS}[kind])


class _Maker:
    def __init__(self, rng: Random, count: int | None) -> None:
        self.rng = rng
        self.count = count or rng.randint(30, 60)
        # Sometimes more kinds than a mask of 64 bits or a byte has room for.
        self.others = [f"kind {number}" for number in range(rng.choice([0] * 17 + [2, 90, 400]))]
        self.start = datetime(2025, 1, 1) + timedelta(microseconds=rng.choice([0, 1, rng.randrange(86_400_000_000)]))
        self.data_through = self.start + timedelta(days=rng.choice([1, 10, 60, 60, 120, 200])) + rng.choice(NEAR)
        self.fields = FIELDS | {name: kind for name, kind in EXTRA_FIELDS.items() if rng.random() < 0.4}
        self.changing = rng.sample(sorted(self.fields), rng.randint(1, len(self.fields)))  # the others never change
        self.busy = rng.choice([2, 6, 10, 15])  # activities of a lead, about
        self.instants: dict[str, list[datetime]] = {}  # of each lead: where ties and the ends of windows are laid

    def history(self) -> History:
        rng = self.rng
        leads = self.leads()
        ids = list(dict.fromkeys(row["lead_id"] for row in leads))
        merges = self.merges(ids)
        self.share_instants(merges)
        everyone = [*ids, *rng.sample(["ghost", "GHOST"], rng.randint(0, 2))]
        activities = [row for lead_id in everyone for row in self.activities_of(lead_id)]
        changes = [row for lead_id in everyone for row in self.changes_of(lead_id)]
        for rows in (activities, changes, merges):
            rng.shuffle(rows)
        self.give_event_ids(activities)
        self.give_event_ids(changes)
        tables = {"leads": leads, "lead_changes": changes, "activities": activities, "merges": merges}
        return History(tables, self.data_through, "UTC")

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def some_day(self) -> datetime:
        span = max(self.data_through - self.start, timedelta(days=1))
        return self.start + timedelta(microseconds=self.rng.randrange(span // MICROSECOND))

    def leads(self) -> list[dict]:
        rng = self.rng
        rows = []
        common = [self.some_day() for _ in range(3)]
        for number in range(self.count):
            created_at = rng.choice(common) if self.chance(0.2) else self.some_day()
            if self.chance(0.05):
                created_at = self.data_through + rng.choice([*NEAR, timedelta(days=3)])
            lead_id = f"L{number}"
            rows.append({"lead_id": lead_id, "created_at": created_at} | {name: cell_of(rng, kind) for name, kind in self.fields.items()})
            self.instants[lead_id] = [created_at]
        if all(row["created_at"] > self.data_through for row in rows):
            rows[0]["created_at"] = self.data_through
        if self.chance(0.1):
            rows.append(rng.choice(rows) | {"created_at": self.some_day(), "source": cell_of(rng, "alike")})  # a second row: rejected
        return rows

    def instant(self, lead_id: str) -> datetime:
        """An instant of a lead at which something could go wrong: a tie, or to the microsecond a window before or after another."""
        rng = self.rng
        mine = self.instants.setdefault(lead_id, [self.some_day()])
        kind = rng.randrange(8)
        if kind < 2:
            at = rng.choice(mine)
        elif kind < 5:
            at = rng.choice(mine) + rng.choice([1, 1, -1]) * timedelta(days=1) * rng.choice(DAYS) + rng.choice(NEAR)
        elif kind == 5:
            at = rng.choice(mine) + timedelta(seconds=rng.uniform(-1, 1) * rng.choice([1, 3600, 86_400]))
        elif kind == 6:
            at = self.data_through + rng.choice([*NEAR, timedelta(days=1), -timedelta(days=1)])
        else:
            at = self.some_day()
        mine.append(at)
        return at

    def recorded_at(self, lead_id: str, occurred_at: datetime) -> datetime | None:
        """Empty, before it happened, late by a window, at another event's instant, or after data_through."""
        rng = self.rng
        if self.chance(0.6):
            return None
        kind = rng.randrange(5)
        if kind == 0:
            at = occurred_at - timedelta(days=rng.choice(DAYS))
        elif kind == 1:
            at = rng.choice(self.instants[lead_id])
        elif kind == 2:
            at = max(self.data_through, occurred_at) + rng.choice([*NEAR, timedelta(days=30)])
        else:
            at = occurred_at + rng.choice([timedelta(0), MICROSECOND, timedelta(days=rng.choice(DAYS)), timedelta(days=rng.uniform(0, 60))])
        self.instants[lead_id].append(at)
        return at

    def activities_of(self, lead_id: str) -> list[dict]:
        rng = self.rng
        rows = []
        for _ in range(rng.randint(0, 2 * self.busy)):
            at = self.instant(lead_id)
            activity = rng.choice(self.others if self.others and self.chance(0.6) else ACTIVITIES)
            row = {"lead_id": lead_id, "activity": activity, "occurred_at": at, "recorded_at": self.recorded_at(lead_id, at)}
            rows.append(row)
            if self.chance(0.05):
                rows.append(dict(row))  # an identical row of one file: both count
        return rows

    def changes_of(self, lead_id: str) -> list[dict]:
        rng = self.rng
        rows: list[dict] = []
        kinds = self.fields | {CHANGED_ONLY: "word"}
        for _ in range(rng.choice([0, 0, 1, 2, 4, 8])):
            field = rng.choice([*self.changing, CHANGED_ONLY]) if not rows or self.chance(0.6) else rng.choice(rows)["field"]
            at = self.instant(lead_id)
            row = {"lead_id": lead_id, "field": field, "value": cell_of(rng, kinds[field]), "old_value": cell_of(rng, kinds[field])}
            rows.append(row | {"occurred_at": at, "recorded_at": self.recorded_at(lead_id, at)})
            if self.chance(0.3):  # known at the same instant: told apart by occurred_at, else by line
                told_at = rows[-1]["recorded_at"] or at
                again = rng.choice([{"recorded_at": told_at, "occurred_at": at - timedelta(days=rng.choice([0, 1]))}, {"recorded_at": None}])
                rows.append(rows[-1] | again | {"value": cell_of(rng, kinds[field]), "old_value": cell_of(rng, kinds[field])})
        return rows

    def give_event_ids(self, rows: list[dict]) -> None:
        """Sometimes; they tempt to order ties by them."""
        if self.chance(0.5):
            ids = [str(number) for number in range(len(rows))]
            self.rng.shuffle(ids)
            for row, event_id in zip(rows, ids, strict=True):
                row["event_id"] = event_id

    def merges(self, ids: list[str]) -> list[dict]:
        """Chains, stars, circles, leads that are not there, merges without a time and after data_through. One row for each loser."""
        rng = self.rng
        if self.chance(0.3):
            return []
        around = [*ids, "ghost", "nobody"]
        into: dict[str, str] = {}
        for _ in range(rng.randint(1, 8)):
            path = rng.sample(around, rng.randint(2, 4))
            if self.chance(0.15):
                path.append(path[0])
            for loser, winner in pairwise(path):
                into.setdefault(loser, winner)
        return [{"lead_id": loser, "into_lead_id": winner, "merged_at": self.merged_at(loser, winner)} for loser, winner in into.items()]

    def merged_at(self, loser: str, winner: str) -> datetime | None:
        if self.chance(0.25):
            return None
        return self.instant(self.rng.choice([loser, winner])) if self.chance(0.7) else self.some_day()

    def share_instants(self, merges: list[dict]) -> None:
        """Events of a group share instants with its merges: that is where a merge can go wrong."""
        for row in merges:
            for lead_id in (row["lead_id"], row["into_lead_id"]):
                mine = self.instants.setdefault(lead_id, [self.some_day()])
                other = self.instants.setdefault(row["into_lead_id"], [self.some_day()])
                mine += [self.rng.choice(other), *([row["merged_at"]] if row["merged_at"] else [])]
