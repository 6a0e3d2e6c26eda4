"""The same past, another future: whatever was not yet known at an instant is removed, altered or invented.

Left alone, because they say something about the past too: which leads are merged, and created_at of merged leads that was at or before the instant.
A first change after the instant keeps the old_value that was seen until then; the cell of `leads`, which no one saw then, is altered.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from .attributes import known_at
from .history import History, Lead, lead_rows, merges_in_force, survivor
from .random_histories import MICROSECOND, MISSING
from .random_replay_histories import ACTIVITIES, CHANGED_ONLY, EXTRA_FIELDS, FIELDS, cell_of
from .replay import Subject, latest_merge, subjects

KINDS = FIELDS | EXTRA_FIELDS | {CHANGED_ONLY: "word"}


def other_future(history: History, t: datetime, rng: Random) -> History:
    """A history that nobody could have told from `history` at `t`."""
    return _Future(history, t, rng).history()


class _Future:
    def __init__(self, history: History, t: datetime, rng: Random) -> None:
        self.before, self.t, self.rng = history, t, rng
        self.there, self.into = lead_rows(history), merges_in_force(history)
        self.subjects = {subject.lead.lead_id: subject for subject in subjects(history)}
        ids = [row["lead_id"] for row in history.tables["leads"]]
        self.bound = {row[end] for row in history.tables["merges"] for end in ("lead_id", "into_lead_id")} | {
            one for one in ids if ids.count(one) > 1
        }
        self.columns = [name for name in history.tables["leads"][0] if name not in ("lead_id", "created_at")]

    def history(self) -> History:
        changes, cells = self.changes()
        tables = {
            "leads": self.leads(cells),
            "lead_changes": changes,
            "activities": self.activities(),
            "merges": self.merges(),
        }
        return History(tables, self.before.data_through, self.before.time_zone)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def later(self) -> datetime:
        """After the instant: at once, soon, or after the end of the extract."""
        rng = self.rng
        return self.t + rng.choice([MICROSECOND, timedelta(seconds=1), timedelta(days=rng.uniform(0, 5)), timedelta(days=rng.uniform(0, 200))])

    def times(self) -> dict[str, datetime | None]:
        """Times of an event known after the instant: it happened after it, or was recorded after it."""
        if self.chance(0.5):
            return {"occurred_at": self.later(), "recorded_at": self.rng.choice([None, self.t, self.later()])}
        return {"occurred_at": self.t - self.rng.choice([0, 1, 30, 90]) * timedelta(days=self.rng.random()), "recorded_at": self.later()}

    def among(self, rows: list[dict], added: list[dict]) -> list[dict]:
        """Rows keep their order, as the line settles ties; the others come anywhere between."""
        rows = list(rows)
        for row in added:
            rows.insert(self.rng.randint(0, len(rows)), row)
        return rows

    # Activities

    def act_known(self, row: dict) -> datetime:
        final = survivor(row["lead_id"], self.into, self.there)
        if final is None:
            return known_at(row, Lead(row["lead_id"], row["occurred_at"], {}))
        seen_from = latest_merge(self.before, row["lead_id"], final, self.into)
        known = known_at(row, self.subjects[final].lead)
        return known if seen_from is None else max(known, seen_from)

    def activities(self) -> list[dict]:
        kept, added = [], []
        for row in self.before.tables["activities"]:
            if self.act_known(row) <= self.t or self.chance(0.3):
                kept.append(row)
            elif self.chance(0.5):
                kept.append(row | {"activity": self.rng.choice(ACTIVITIES)} | self.times())
        for lead_id in [*self.there, "ghost", "new 1", "new 2"]:
            for _ in range(self.rng.choice([0, 0, 1, 3])):
                added.append({"lead_id": lead_id, "activity": self.rng.choice(ACTIVITIES)} | self.times())
        return self.among(kept, added)

    # Changes of attributes, and the cells of leads that go with them

    def changes(self) -> tuple[list[dict], dict[tuple[str, str], str | None]]:
        """The rows, and the cells of `leads` that are different now."""
        kept, added, cells = [], [], {}
        for row in self.before.tables["lead_changes"]:
            subject = self.subjects.get(row["lead_id"])
            if subject is None and self.chance(0.5):
                continue  # of a lead that is not there, or of a loser: dropped anyway
            if subject is None or known_at(row, subject.lead) <= self.t:
                kept.append(row)
        for subject in self.subjects.values():
            fields = dict.fromkeys([*self.columns, *subject.changes, CHANGED_ONLY])
            for field in fields:
                rows, cell = self.future_of(subject, field)
                added += rows
                if field in self.columns:
                    cells[subject.lead.lead_id, field] = cell
        return self.among(kept, added), cells

    def future_of(self, subject: Subject, field: str) -> tuple[list[dict], str | None]:
        """New changes of one attribute of one lead after the instant, and the cell of `leads` that may stand beside them."""
        rng = self.rng
        told = subject.changes.get(field, [])
        has_past = any(known_at(row, subject.lead) <= self.t for row in told)
        is_new = subject.lead.created_at > self.t
        seen = told[0].get("old_value") if told else subject.lead.attributes.get(field)
        rows = [row | {"value": self.cell(field)} for row in told if known_at(row, subject.lead) > self.t and self.chance(0.4)]
        for _ in range(rng.choice([0, 0, 0, 1, 2])):
            rows.append({"lead_id": subject.lead.lead_id, "field": field, "value": self.cell(field)} | self.times())
        if has_past or is_new:
            return [row | {"old_value": self.cell(field)} for row in rows], self.cell(field)
        rows = [row | {"old_value": seen} for row in rows]
        if any(row["occurred_at"] <= self.before.data_through for row in rows):
            return rows, self.cell(field)
        if seen in MISSING or field in self.columns:
            return rows, seen
        row = {"lead_id": subject.lead.lead_id, "field": field, "value": None, "old_value": seen}
        return [row | {"occurred_at": self.t, "recorded_at": self.later()}], seen

    def cell(self, field: str) -> str | None:
        return cell_of(self.rng, KINDS[field])

    # Leads and merges

    def leads(self, cells: dict[tuple[str, str], str | None]) -> list[dict]:
        kept, seen = [], set()
        for row in self.before.tables["leads"]:
            lead_id = row["lead_id"]
            is_first, is_new = lead_id not in seen, row["created_at"] > self.t
            seen.add(lead_id)
            if is_first and is_new and lead_id not in self.bound and self.chance(0.3):
                if not self.chance(0.5):
                    continue
                row = row | {"created_at": self.later()}
            if lead_id not in self.there or (lead_id not in self.subjects and not is_new):
                kept.append(row)  # after the end of the extract, or a loser
            else:
                kept.append(row | {field: cells.get((lead_id, field), self.cell(field)) for field in self.columns})
        for number in (1, 2):
            kept.append({"lead_id": f"new {number}", "created_at": self.later()} | {field: self.cell(field) for field in self.columns})
        return kept

    def merges(self) -> list[dict]:
        """A merge after the instant may come at another time after it; one after the end of the extract stays there."""
        rows = []
        for row in self.before.tables["merges"]:
            at = row["merged_at"]
            if at is not None and self.t < at < self.before.data_through and self.chance(0.7):
                row = row | {"merged_at": min(self.later(), self.before.data_through)}
            rows.append(row)
        return rows
