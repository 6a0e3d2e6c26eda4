"""The hostile histories of random_follow_ups.py, whose seeds stay what they are, with leads planted at the limits of leak classes; and what to
ask of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from .episodes import EXITS, FUNNEL
from .funnel import HORIZONS, Filters
from .history import History
from .leaks import QUIET, K
from .random_follow_ups import CHANNELS, CONTACTS, QUEUES, REPS, random_follow_ups, random_questions
from .random_histories import MICROSECOND, NEAR, TIES

KS = [0, 1, 2, 3, 4, 5, 7, 12]
DAYS = [0, 0.1, 0.25, 0.7, 1, 1.5, 7, 14, 30, 45, 90, 180, 400]
MEETINGS = ["booked", "held", "no_show", "no_show", "rescheduled", "cancelled"]
NOBODY = ["no_answer", "voicemail", "bounced", "booked", "rescheduled", "cancelled", "", None]
STEPS = ["mql"] * 8 + ["sal"] * 9 + ["sql"] * 2 + ["opportunity"] * 2 + ["won"]
STYLES = ["silent", "signs", "before", "tried", "tried", "tried", "many", "many", "recent", "recent", "contact", "meetings", "meetings", "meetings"]


def random_leaks(seed: int) -> History:
    """The same history for the same seed."""
    rng = Random(f"leaks of {seed}")
    return _Maker(rng, random_follow_ups(seed)).history()


def random_leak_questions(seed: int, history: History) -> list[tuple[Filters, list[tuple[dict[str, float], int | None]]]]:
    """What to ask of it: filters, and for each some (horizons in days, k); None: as the metric has it. All passes with most of them."""
    rng = Random(f"questions about leaks of {seed}")
    filters, _ = random_questions(seed, history)

    def terms() -> tuple[dict[str, float], int | None]:
        stages = rng.sample(list(HORIZONS), rng.choice([0, 1, 2, 4]))
        return {stage: rng.choice(DAYS) for stage in stages}, rng.choice([None, K, *KS])

    return [(each, [({}, None)] + [terms() for _ in range(4 if number == 0 else 1)]) for number, each in enumerate(filters)]


class _Maker:
    def __init__(self, rng: Random, given: History) -> None:
        self.rng = rng
        self.given = given
        self.end = given.data_through
        self.rows: dict[str, list[dict]] = {name: [] for name in ("leads", "stage_changes", "touches", "assignments", "merges")}
        known = [row["rep_id"] for row in given.tables.get("reps", [])]
        self.owners = known or [*REPS, *QUEUES]  # "without a reps table, or with an empty one, any owner counts"
        self.mixed = rng.choice([0, 0.1, 0.3])  # of what is neither an attempt nor a contact

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def history(self) -> History:
        for number in range(self.rng.randint(40, 110)):
            self.lead(f"P{number}")
        tables = dict(self.given.tables)
        if self.chance(0.06):
            self.rows["assignments"] = []
        for name in ("touches", "stage_changes", "assignments"):
            self.give_event_ids(self.rows[name], tables.get(name, []))
        for name in ("touches", "assignments"):
            self.leave_columns_out(self.rows[name], tables.get(name, []))
        for name, rows in self.rows.items():
            tables[name] = [*tables.get(name, []), *rows]
            self.rng.shuffle(tables[name])
        return History(tables, self.end, self.given.time_zone)

    # A lead

    def lead(self, lead_id: str) -> None:
        """One that stands at a step, entered a window or so before the end, perhaps left, perhaps with another pass before or after it."""
        rng = self.rng
        like = dict(rng.choice([row for row in self.given.tables["leads"] if row["created_at"] <= self.end]))
        stage = rng.choice(STEPS)
        entered = self.entry(HORIZONS.get(stage, 30))
        self.rows["leads"].append(like | {"lead_id": lead_id, "created_at": min(entered, self.end) - timedelta(days=rng.uniform(0, 60))})
        names = [lead_id, self.loser_of(lead_id, like)] if self.chance(0.12) else [lead_id]
        opened = self.reach(names, stage, entered)
        left = self.leave(names, entered) if self.chance(0.22) else None
        if self.chance(0.2):  # a pass before this one
            self.pass_before(names, opened)
        begins = entered if stage == "sal" or self.chance(0.2) else opened
        if left is not None and self.chance(0.5):  # or after it: what comes later is its own
            begins = self.pass_after(names, left)
        self.assign(names, opened)
        for style in rng.sample(STYLES, rng.choice([1, 1, 1, 1, 2])):
            self.touch_like(style, names, opened, begins)

    def entry(self, days: float) -> datetime:
        """Exactly a window before the end, nearly so, or well past it."""
        rng = self.rng
        kind = rng.randrange(8)
        if kind == 0:
            return self.end - timedelta(days=days) + rng.choice(NEAR)
        if kind == 1:
            return self.end - timedelta(days=rng.choice(DAYS)) + rng.choice(NEAR)
        if kind == 2:
            return self.end - timedelta(microseconds=rng.randrange(20 * 86_400_000_000))
        return self.end - timedelta(days=days) - timedelta(microseconds=rng.randrange(120 * 86_400_000_000))

    def loser_of(self, lead_id: str, like: dict) -> str:
        """Another id of the same person, merged into it: before the end, after it (then in vain) or at no known time."""
        loser = f"{lead_id} too"
        if self.chance(0.8):
            self.rows["leads"].append(like | {"lead_id": loser, "created_at": self.end - timedelta(days=self.rng.uniform(0, 300))})
        merged_at = self.rng.choice([None, self.end, self.end + MICROSECOND, self.end - timedelta(days=self.rng.uniform(0, 90))])
        self.rows["merges"].append({"lead_id": loser, "into_lead_id": lead_id, "merged_at": merged_at})
        return loser

    def add(self, table: str, names: list[str], at: datetime, **more: object) -> None:
        self.rows[table].append({"lead_id": self.rng.choice(names), "occurred_at": at, **more})

    def change(self, names: list[str], stage: str, at: datetime) -> None:
        self.add("stage_changes", names, at, stage=stage, reason=self.rng.choice(["", "no budget", None]) if stage in EXITS else None)

    def reach(self, names: list[str], stage: str, entered: datetime) -> datetime:
        """Gives when it opened. Stages before the last one are recorded, skipped, tied or out of order."""
        rng = self.rng
        self.change(names, stage, entered)
        opened = entered
        for earlier in FUNNEL[: FUNNEL.index(stage)]:
            if self.chance(0.25):
                continue  # implied
            gap = rng.choice([timedelta(0), rng.choice(TIES), timedelta(days=rng.uniform(0, 30)), timedelta(days=rng.uniform(0, 30))])
            at = entered - gap if self.chance(0.85) else entered + rng.choice([*TIES, timedelta(days=rng.uniform(0, 5))])
            self.change(names, earlier, at)
            opened = min(opened, at)
        if self.chance(0.1):  # again
            self.change(names, rng.choice([stage, "mql"]), entered + timedelta(days=rng.uniform(0, 20)))
        return opened

    def leave(self, names: list[str], entered: datetime) -> datetime:
        """Gives when it left; some reach a stage within the minute after it."""
        rng = self.rng
        some = timedelta(days=rng.uniform(0, 60))
        length = rng.choice([timedelta(0), MICROSECOND, *TIES, timedelta(days=1), some, some])
        left = entered + length if self.chance(0.9) else self.end + rng.choice(NEAR)
        self.change(names, rng.choice(EXITS), left)
        if self.chance(0.15):
            self.change(names, rng.choice(FUNNEL[1:]), left + rng.choice([timedelta(0), *TIES]))
        return left

    def pass_before(self, names: list[str], opened: datetime) -> None:
        """One that left, or was won, before this one opened, touched too."""
        left = opened - self.rng.choice([MICROSECOND, *TIES, timedelta(days=self.rng.uniform(0, 40))])
        began = left - timedelta(days=self.rng.uniform(0, 40))
        self.change(names, self.rng.choice(["mql", "mql", "sal"]), began)
        self.change(names, self.rng.choice([*EXITS, *EXITS, "won"]), left)
        self.touch_like(self.rng.choice(STYLES), names, began, began)
        if self.chance(0.5):
            self.touch(names, opened - MICROSECOND, [*CONTACTS, *NOBODY, "no_show"])

    def pass_after(self, names: list[str], left: datetime) -> datetime:
        opened = left + self.rng.choice([MICROSECOND, timedelta(seconds=60), timedelta(seconds=61), timedelta(days=self.rng.uniform(0, 60))])
        self.change(names, self.rng.choice(["mql", "mql", "sal"]), opened)
        return opened

    # Its owners

    def assign(self, names: list[str], opened: datetime) -> None:
        """Never, only to a queue, at the opening, before, later, taken back, or only after the end."""
        rng = self.rng
        kind = rng.randrange(16)
        if kind == 0:
            return
        nobody = rng.choice([owner for owner in [*QUEUES, *REPS] if owner not in self.owners] or QUEUES)
        later = opened + rng.choice([timedelta(0), MICROSECOND, timedelta(days=1), timedelta(days=rng.uniform(0, 30))])
        if kind == 1:
            self.add("assignments", names, rng.choice([opened, later]), rep_id=nobody)
        elif kind == 2:
            self.add("assignments", names, self.end + rng.choice(NEAR), rep_id=rng.choice(self.owners))
        elif kind == 3:  # a rep's until just before, or at the very instant
            self.add("assignments", names, opened - rng.choice([MICROSECOND, timedelta(days=1)]), rep_id=rng.choice(self.owners))
            self.add("assignments", names, opened - rng.choice([MICROSECOND, timedelta(0)]), rep_id=nobody)
        elif kind < 8:
            self.add("assignments", names, opened, rep_id=rng.choice(self.owners))
        elif kind < 11:
            self.add("assignments", names, opened - timedelta(days=rng.uniform(0, 9)), rep_id=rng.choice(self.owners))
        else:
            self.add("assignments", names, later, rep_id=rng.choice(self.owners))

    # Its touches

    def kind_of_touch(self, kind: str) -> dict:
        """An attempt, or one that is none: inbound, by a machine, or both."""
        rng = self.rng
        is_inbound, is_automated = {"attempt": (False, False)}.get(kind) or rng.choice([(True, False), (False, True), (True, True)])
        return {
            "channel": rng.choice(CHANNELS),
            "rep_id": rng.choice([*REPS, None]),
            "direction": "inbound" if is_inbound else rng.choice(["outbound", "", None]),
            "is_automated": rng.choice(["true", "True", "yes", "1"]) if is_automated else rng.choice(["false", "no", "0", "", None]),
        }

    def touch(self, names: list[str], at: datetime, outcomes: list, kind: str = "attempt") -> None:
        self.add("touches", names, at, **self.kind_of_touch(kind), outcome=self.rng.choice(outcomes))

    def within(self, start: datetime, end: datetime) -> datetime:
        """Between the two, often at an end of it."""
        rng = self.rng
        if end <= start or self.chance(0.15):
            return start
        return start + rng.choice([timedelta(0), MICROSECOND, rng.random() * (end - start), rng.random() * (end - start)])

    def touch_like(self, style: str, names: list[str], opened: datetime, begins: datetime) -> None:
        """Touches of an episode, or since its acceptance at `begins`."""
        rng, quiet = self.rng, self.end - QUIET
        if self.chance(self.mixed):
            self.touch(names, self.within(begins, self.end), NOBODY, "none")
        if style == "signs":  # contacts, meetings and mails, but no attempt
            for _ in range(rng.randint(1, 3)):
                self.touch(names, self.within(begins, self.end), [*CONTACTS, *MEETINGS], "none")
        elif style == "before":  # all of it just before it would count
            for _ in range(rng.randint(1, K + 1)):
                just = rng.choice([MICROSECOND, MICROSECOND, timedelta(hours=5)])
                self.touch(names, rng.choice([opened, begins]) - just, [*CONTACTS, *MEETINGS, None])
        elif style == "tried":  # the last attempt 14 days before the end, nearly so, or long ago
            last = quiet + rng.choice(NEAR) if quiet > begins and self.chance(0.5) else self.within(begins, quiet)
            self.tries(names, begins, last, rng.randint(1, K - 1))
            if self.chance(0.3):  # which no machine and no lead that writes makes younger
                self.touch(names, self.within(last, self.end), NOBODY, "none")
        elif style == "many":  # as many as promised, one fewer, one more
            last = rng.choice([self.end, quiet, self.within(begins, self.end)])
            self.tries(names, begins, last, rng.choice([K, K, K, K - 1, K + 1, *KS]))
        elif style == "recent":
            self.tries(names, begins, max(begins, quiet) + rng.random() * (self.end - max(begins, quiet)), rng.randint(1, K - 1))
        elif style == "contact":
            self.tries(names, begins, self.within(begins, self.end), rng.choice([1, 2, K]))
            at = rng.choice([begins, self.within(begins, self.end), self.end, begins - MICROSECOND])
            self.touch(names, at, CONTACTS, rng.choice(["attempt", "none"]))
        elif style == "meetings":
            self.meetings(names, begins)

    def tries(self, names: list[str], begins: datetime, last: datetime, count: int) -> None:
        """`count` attempts that reach nobody, the last of them at `last`."""
        for number in range(count):
            self.touch(names, last if number == 0 or self.chance(0.1) else self.within(begins, last), NOBODY)
            if self.chance(0.05):
                self.rows["touches"].append(dict(self.rows["touches"][-1]))  # an identical row: both count

    def meetings(self, names: list[str], begins: datetime) -> None:
        """Booked, held and missed in some order, often several at one instant, where the id or the line decides; perhaps a call between."""
        at = self.within(begins, self.end)
        for _ in range(self.rng.randint(1, 4)):
            self.touch(names, at, MEETINGS, "attempt" if self.chance(0.8) else "none")
            at = at if self.chance(0.5) else self.within(at, self.end)
        if self.chance(0.5):
            self.touch(names, at, ["no_show"], "attempt" if self.chance(0.8) else "none")
            if self.chance(0.3):
                self.touch(names, at if self.chance(0.7) else self.within(at, self.end), ["cancelled", "rescheduled", "booked"])
        if self.chance(0.4):  # what is no meeting changes nothing
            self.touch(names, at if self.chance(0.3) else self.within(at, self.end), ["no_answer", "voicemail", "bounced"])

    # The rows of a table

    def give_event_ids(self, rows: list[dict], beside: list[dict]) -> None:
        """As those `beside`: none at all, on some rows or on all; longer than theirs and of many lengths, so that text order is not number order."""
        share = sum(bool(row.get("event_id")) for row in beside) / len(beside) if beside else self.rng.choice([0, 0.5, 1])
        if not share:
            return
        ids = list(dict.fromkeys(str(self.rng.randrange(10**6, 10 ** self.rng.randint(7, 12))) for _ in range(2 * len(rows) + 40)))
        for row in rows:
            row["event_id"] = ids.pop() if self.chance(share) else self.rng.choice([None, ""])

    def leave_columns_out(self, rows: list[dict], beside: list[dict]) -> None:
        """Some histories have no directions, outcomes or machines at all: a third of those stay so."""
        if beside and self.chance(0.35):
            missing = {"rep_id", "direction", "outcome", "is_automated"} - {name for row in beside for name in row}
            for row in rows:
                for name in missing - ({"rep_id"} if "channel" not in row else set()):
                    row.pop(name, None)
