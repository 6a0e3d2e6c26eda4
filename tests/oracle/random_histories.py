"""Small hostile histories from a seed, and as a folder of canonical CSVs."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from .episodes import EXITS, FUNNEL
from .funnel import HORIZONS, Filters
from .history import History

# Zone -> days on which, or next to which, its clocks or calendar do something odd; also week, month and year boundaries.
ODD_DAYS = {
    "UTC": [date(2024, 2, 29), date(2024, 12, 30), date(2025, 1, 1), date(1999, 12, 31)],
    "America/New_York": [date(2025, 3, 9), date(2025, 11, 2), date(2024, 9, 30)],
    "Europe/Berlin": [date(2025, 3, 30), date(2025, 10, 26), date(2025, 6, 1)],
    "Asia/Kathmandu": [date(2025, 1, 1), date(2024, 4, 1)],
    "Pacific/Apia": [date(2011, 12, 29), date(2011, 12, 31), date(2021, 4, 4)],
    "America/Sao_Paulo": [date(2018, 11, 4), date(2018, 2, 18)],
    "Australia/Lord_Howe": [date(2025, 4, 6), date(2025, 10, 5)],
}
MICROSECOND = timedelta(microseconds=1)
NEAR = [timedelta(0), MICROSECOND, -MICROSECOND]
TIES = [timedelta(seconds=s) for s in (59, 60, 61, 30, 1)] + [timedelta(seconds=60) + MICROSECOND, timedelta(seconds=60) - MICROSECOND]
# Texts that are one value, or nearly, depending on how they are compared.
ALIKE = [
    ["Straße", "STRASSE", "strasse", "  Straße ", "STRASẞE"],
    ["İstanbul", "i\u0307stanbul", "Istanbul", "ISTANBUL", "ıstanbul"],
    ["Caf\u00e9", "Cafe\u0301", "CAF\u00c9", "CAFE"],
    ["ＷＥＢ", "ｗｅｂ", "web", "Web"],
    ["Paid  Search", "paid search", "paid\u00a0search", " PAID\tSearch"],
    ["ΣΊΣΥΦΟΣ", "σίσυφος", "σίσυφοσ"],
    ["1", "01", "1.0", "true"],
    ["a, \"b\"", "A, \"B\"", "a;b"],
]  # fmt: skip
MISSING = [None, ""]
LEAD_IDS = ["1", "01", "1.0", "a", "A", "L 1", "0x1", "1e3", "1000", "Ä9", "ä9", "-7"]
EVENT_IDS = ["1", "01", "1.0", "10", "9", "2", "a", "A", "b", "Ä", "Z", "z", "-", "_", "0", "00", "1e1", "é", "Ω", "日本", "\U0001f600"]


def random_history(seed: int, leads: int | None = None) -> History:
    """The same history for the same seed. At least one lead is there at data_through; data_through is always given. `leads`: how many."""
    rng = Random(seed)
    return _Maker(rng, leads).history()


def random_filters(seed: int, history: History | None = None) -> tuple[Filters, dict[str, int]]:
    """A question to ask of `random_history(seed)`, or of `history`: filters, and horizons in days."""
    history = history or random_history(seed)
    rng = Random(f"filters of {seed}")
    days = sorted({row["occurred_at"].date() + timedelta(days=rng.choice([-1, 0, 1])) for row in history.tables["stage_changes"]})
    filters = Filters(passes=rng.choice(["first", "all"]))
    if days and rng.random() < 0.4:
        filters.since = rng.choice(days)
    if days and rng.random() < 0.4:
        filters.until = rng.choice(days)
    if rng.random() < 0.3:
        filters.sources = [rng.choice(rng.choice(ALIKE)) for _ in range(rng.randint(1, 3))]
    for field in ("industry", "tier"):
        if rng.random() < 0.2:
            filters.segments[field] = [rng.choice(rng.choice(ALIKE)) for _ in range(rng.randint(1, 4))]
    horizons = dict(HORIZONS)
    if rng.random() < 0.3:
        horizons[rng.choice(list(horizons))] = rng.choice([1, 7, 14, 30])
    return filters, horizons


class _Maker:
    def __init__(self, rng: Random, wanted: int | None = None) -> None:
        self.rng = rng
        self.wanted = wanted
        self.zone = rng.choice(list(ODD_DAYS))
        self.start = self.local_midnight(rng.choice(ODD_DAYS[self.zone]))
        length = rng.choice([timedelta(0), timedelta(days=14), timedelta(days=45), timedelta(days=180), timedelta(days=rng.uniform(0, 400))])
        self.data_through = (
            self.start + length + rng.choice([timedelta(0), timedelta(days=1), timedelta(seconds=rng.randrange(200_000))]) + self.near()
        )
        self.alike = rng.sample(ALIKE, rng.randint(1, 3))
        self.usual_gaps = rng.choice(["ties", "mixed", "days"])

    def history(self) -> History:
        leads = self.leads()
        ids = [row["lead_id"] for row in leads]
        stage_changes = [row for lead_id in dict.fromkeys([*ids, *self.ghosts()]) for row in self.passes_of(lead_id)]
        merges = self.merges(ids)
        # Events of a group often share instants: that is where a merge can go wrong.
        for row in merges:
            self.share_instants(row["lead_id"], row["into_lead_id"], stage_changes)
        self.rng.shuffle(stage_changes)
        self.give_event_ids(stage_changes)
        lead_changes = self.lead_changes(ids, stage_changes)
        self.rng.shuffle(lead_changes)
        self.rng.shuffle(merges)
        tables = {"leads": leads, "stage_changes": stage_changes, "lead_changes": lead_changes, "merges": merges}
        return History(tables, self.data_through, self.zone)

    def local_midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), ZoneInfo(self.zone)).astimezone(UTC).replace(tzinfo=None)

    def near(self) -> timedelta:
        return self.rng.choice(NEAR)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def anchor(self) -> datetime:
        """An instant at which something could go wrong: an odd midnight, a boundary, a horizon before data_through."""
        rng = self.rng
        day = rng.choice(ODD_DAYS[self.zone])
        week, month = day - timedelta(days=day.weekday()), day.replace(day=1)
        kind = rng.randrange(6)
        if kind == 0:
            return self.data_through - timedelta(days=rng.choice([*HORIZONS.values(), 7, 1])) + self.near()
        if kind == 1:
            return self.data_through + rng.choice([timedelta(0), timedelta(0), MICROSECOND, -MICROSECOND, -timedelta(seconds=60), timedelta(days=2)])
        if kind == 2:
            return self.local_midnight(rng.choice([day, week, month, day + timedelta(days=1), week + timedelta(days=7)])) + self.near()
        if kind == 3:
            return self.local_midnight(day) + timedelta(minutes=30 * rng.randrange(96))
        span = max(self.data_through - self.start, timedelta(days=1))
        return self.start + timedelta(microseconds=rng.randrange(span // MICROSECOND))

    def gap(self) -> timedelta:
        rng = self.rng
        kind = rng.choice({"ties": "000112", "mixed": "0012334", "days": "0233444"}[self.usual_gaps])
        if kind == "0":
            return timedelta(0)
        if kind == "1":
            return rng.choice(TIES)
        if kind == "2":
            return rng.choice([MICROSECOND, timedelta(hours=1), timedelta(days=1), timedelta(seconds=rng.randrange(300))])
        if kind == "3":
            return timedelta(days=rng.choice([*HORIZONS.values(), 14])) + self.near()
        return timedelta(microseconds=rng.randrange(20 * 86_400_000_000))

    def text(self) -> str | None:
        return self.rng.choice(MISSING) if self.chance(0.2) else self.rng.choice(self.rng.choice(self.alike))

    def leads(self) -> list[dict]:
        rng = self.rng
        count = 40 if self.chance(0.05) else rng.randint(1, 12)
        count = self.wanted or count
        ids = rng.sample(LEAD_IDS, min(count, rng.randint(0, len(LEAD_IDS))))
        ids += [f"L{n}" for n in range(count - len(ids))]
        rng.shuffle(ids)
        fields = ["source", "industry"] + (["tier"] if self.chance(0.5) else [])
        rows = [{"lead_id": lead_id, "created_at": self.created_at()} | {name: self.text() for name in fields} for lead_id in ids]
        if all(row["created_at"] > self.data_through for row in rows):
            rows[0]["created_at"] = self.data_through
        if self.chance(0.1):
            again = rng.choice([row for row in rows if row["created_at"] <= self.data_through])
            rows.append(again | {"created_at": self.created_at(), "source": self.text()})
        return rows

    def created_at(self) -> datetime:
        if self.chance(0.7):
            return self.start - timedelta(days=self.rng.uniform(0, 30))
        return self.anchor()

    def ghosts(self) -> list[str]:
        return self.rng.sample(["ghost", "GHOST", "0001"], self.rng.choice([0, 0, 1, 2]))

    def passes_of(self, lead_id: str) -> list[dict]:
        """Stage changes of one lead, in the order of their making."""
        rng = self.rng
        if self.chance(0.1):
            return []
        rows: list[dict] = []
        here = self.anchor()
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            for stage in self.one_pass():
                rows.append(self.change(lead_id, stage, here))
                here += self.gap()
                if self.chance(0.06):
                    here -= rng.choice([*TIES, timedelta(days=1)])  # out of order
            here += self.gap()
        if rows and self.chance(0.2):
            rows.append(dict(rng.choice(rows)))  # an identical row: both count
        if rows and self.chance(0.25):
            at = rng.choice(rows)["occurred_at"]  # an instant that holds an exit, an mql and more
            for stage in [rng.choice(EXITS), "mql", *rng.sample(FUNNEL, rng.randint(0, 2))]:
                rows.append(self.change(lead_id, stage, at))
        return rows

    def one_pass(self) -> list[str]:
        rng = self.rng
        style = rng.randrange(4)
        if style == 0:  # anything
            return rng.choices(("inquiry", *FUNNEL, "mql", *EXITS), k=rng.randint(1, 7))
        reached = list(FUNNEL[: rng.randint(1, 5)])
        if style == 1:  # skips
            reached = [stage for stage in reached if self.chance(0.6)]
        if style == 2:  # swaps and repeats
            reached += rng.choices(FUNNEL, k=rng.randint(0, 3))
            i = rng.randrange(len(reached))
            reached.insert(rng.randint(0, len(reached)), reached[i])
        if self.chance(0.5):
            reached.append(rng.choice(EXITS))
        if self.chance(0.2):
            reached.insert(rng.randint(0, len(reached)), "mql")
        if self.chance(0.15):
            reached.append(rng.choice(EXITS))
        return reached

    def change(self, lead_id: str, stage: str, at: datetime) -> dict:
        recorded_at = at + self.gap() if self.chance(0.3) else None
        return {"lead_id": lead_id, "stage": stage, "occurred_at": at, "recorded_at": recorded_at, "reason": self.text() if stage in EXITS else None}

    def share_instants(self, loser: str, winner: str, stage_changes: list[dict]) -> None:
        theirs = [row for row in stage_changes if row["lead_id"] == winner]
        for row in stage_changes:
            if row["lead_id"] == loser and theirs and self.chance(0.3):
                row["occurred_at"] = self.rng.choice(theirs)["occurred_at"] + self.rng.choice([timedelta(0), timedelta(0), *TIES])

    def give_event_ids(self, rows: list[dict]) -> None:
        """None at all, on some rows or on all; unique where given."""
        how = self.rng.choice(["none", "some", "all"])
        if how == "none":
            return
        ids = [*EVENT_IDS, *(str(n) for n in range(100, 100 + len(rows)))]
        ids = self.rng.sample(ids, len(ids)) if self.chance(0.5) else ids[: len(rows)]
        self.rng.shuffle(ids)
        for row in rows:
            row["event_id"] = ids.pop() if ids and (how == "all" or self.chance(0.5)) else self.rng.choice(MISSING)

    def lead_changes(self, ids: list[str], stage_changes: list[dict]) -> list[dict]:
        rng = self.rng
        instants = [row["occurred_at"] for row in stage_changes] or [self.start]
        rows = []
        for lead_id in [*dict.fromkeys(ids), "ghost"]:
            for _ in range(rng.choice([0, 0, 1, 2, 4])):
                at = (
                    rng.choice(instants) + rng.choice([*NEAR, timedelta(0), timedelta(days=-1), timedelta(days=1)])
                    if self.chance(0.7)
                    else self.anchor()
                )
                late = rng.choice([timedelta(0), MICROSECOND, timedelta(days=3), timedelta(days=-2), timedelta(days=400)])
                row = {"lead_id": lead_id, "field": rng.choice(["source", "industry", "tier"]), "value": self.text(), "old_value": self.text()}
                rows.append(row | {"occurred_at": at, "recorded_at": at + late if self.chance(0.5) else None})
        return rows

    def merges(self, ids: list[str]) -> list[dict]:
        """Chains, circles, leads that are not there, merges after data_through. One row for each loser."""
        rng = self.rng
        if self.chance(0.4):
            return []
        around = list(dict.fromkeys([*ids, "ghost", "GHOST", "nobody"]))
        into: dict[str, str] = {}
        for _ in range(rng.randint(1, 4) * (1 + (self.wanted or 0) // 20)):
            path = rng.sample(around, min(len(around), rng.randint(2, 4)))
            if self.chance(0.2):
                path.append(path[0])  # a circle
            if self.chance(0.05):
                path = [path[0], path[0]]  # the smallest one
            for loser, winner in pairwise(path):
                into.setdefault(loser, winner)
        return [
            {"lead_id": loser, "into_lead_id": winner, "merged_at": None if self.chance(0.2) else self.merged_at()} for loser, winner in into.items()
        ]

    def merged_at(self) -> datetime:
        return self.anchor() if self.chance(0.5) else self.start + self.near()


def write_csv_folder(history: History, folder: Path | str) -> dict[str, str]:
    """Writes TABLE.csv for each table that has rows, in their order. Gives the options that the import needs beside it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in history.tables.items():
        if not rows:
            continue
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return {"data_through": _cell(history.data_through), "time_zone": history.time_zone}


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat(timespec="microseconds") + "Z" if isinstance(value, datetime) else str(value)
