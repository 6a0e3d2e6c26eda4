"""Episodes of leads (docs/meaning.md, "Episodes"), one stage change at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from .attributes import shown, values_at
from .days import after_that_day, days_between, local_day
from .history import NUMBERED, History, resolve

STAGES = ("inquiry", "mql", "sal", "sql", "opportunity", "won")
FUNNEL = STAGES[1:]
EXITS = ("rejected", "recycled", "disqualified", "lost")
TIE = timedelta(seconds=60)


@dataclass
class Episode:
    """One pass of one lead. `observed`: stage -> first time of its own event; `dated`: those of them that are days without a time of day."""

    lead_id: str
    number: int
    opened_at: datetime
    opened_by: str
    observed: dict[str, datetime] = field(default_factory=dict)
    exit_stage: str | None = None
    closed_at: datetime | None = None
    exit_reason: str | None = None
    repeats: int = 0
    attributes: dict[str, str | None] = field(default_factory=dict)
    dated: set[str] = field(default_factory=set)
    opened_is_day: bool = False
    closed_is_day: bool = False
    time_zone: str = "UTC"

    @property
    def exit_at(self) -> datetime | None:
        return self.closed_at if self.exit_stage else None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_implied(self) -> bool:
        """ "one whose mql is implied (no mql time of its own ...)"; an own mql within the tie makes it observed."""
        return "mql" not in self.observed

    @property
    def entered(self) -> dict[str, datetime]:
        """Stage -> effective entry time, of every stage reached, observed or implied."""
        times = {stage: effective_time(self, stage) for stage in FUNNEL}
        return {stage: time for stage, time in times.items() if time is not None}

    @property
    def is_out_of_order(self) -> bool:
        """ "A later stage up to 60 s before an earlier one is a tie (duration 0); more than that ... is flagged out_of_order." """
        there = [stage for stage in FUNNEL if stage in self.observed]
        return any(self.is_before(later, earlier) for i, earlier in enumerate(there) for later in there[i + 1 :])

    def is_before(self, later: str, earlier: str) -> bool:
        """ "a pair with a date in it is compared by days" """
        if self.dated & {later, earlier}:
            return local_day(self.observed[later], self.time_zone) < local_day(self.observed[earlier], self.time_zone)
        return self.observed[earlier] - self.observed[later] > TIE


def effective_time(episode: Episode, stage: str) -> datetime | None:
    """ "A stage reached is observed (own event) or implied (a later stage was observed) ... for cohorts and horizons an
    implied stage takes the earliest time of the later stages observed". None: not reached.
    """
    if stage in episode.observed:
        return episode.observed[stage]
    later = [episode.observed[other] for other in FUNNEL[FUNNEL.index(stage) + 1 :] if other in episode.observed]
    return min(later) if later else None


def entered_on_a_date(episode: Episode, stage: str) -> bool:
    """Whether the effective time of a stage is a day without a time of day."""
    if stage in episode.observed:
        return stage in episode.dated
    time = effective_time(episode, stage)
    later = [other for other in FUNNEL[FUNNEL.index(stage) + 1 :] if episode.observed.get(other) == time]
    return later[0] in episode.dated


def time_between(episode: Episode, stage: str, following: str) -> timedelta:
    """From entry to entry; "a window counts days where either end is a date" """
    start, end = effective_time(episode, stage), effective_time(episode, following)
    if entered_on_a_date(episode, stage) or entered_on_a_date(episode, following):
        return days_between(start, end, episode.time_zone)
    return end - start


def rank(stage: str) -> int:
    """ "stage rank with exits last" """
    return len(STAGES) if stage in EXITS else STAGES.index(stage)


def by_rank(line: int, row: dict) -> tuple:
    """ "stage rank with exits last, then event_id (as text, empty last), then line" """
    event_id = row.get("event_id") or ""
    return rank(row["stage"]), event_id == "", event_id, line


def order_of_instant(changes: NUMBERED, is_open_before: bool) -> list[dict]:
    """ "when an episode is open before an instant that holds both an exit and an mql, that instant's exits come first,
    then the others by rank"
    """
    ordered = [row for line, row in sorted(changes, key=lambda item: by_rank(*item))]
    exits = [row for row in ordered if row["stage"] in EXITS]
    others = [row for row in ordered if row["stage"] not in EXITS]
    holds_both = bool(exits) and any(row["stage"] == "mql" for row in others)
    return exits + others if is_open_before and holds_both else others + exits


class Passes:
    """The episodes of one lead so far."""

    def __init__(self, lead_id: str, time_zone: str = "UTC") -> None:
        self.lead_id = lead_id
        self.time_zone = time_zone
        self.episodes: list[Episode] = []
        self.stray_exits: list[dict] = []

    @property
    def open(self) -> Episode | None:
        return self.episodes[-1] if self.episodes and self.episodes[-1].is_open else None

    def start(self, row: dict) -> Episode:
        episode = Episode(self.lead_id, len(self.episodes) + 1, row["occurred_at"], row["stage"], time_zone=self.time_zone)
        episode.opened_is_day = bool(row.get("is_day"))
        self.episodes.append(episode)
        return episode

    def take(self, row: dict) -> None:
        stage = row["stage"]
        if stage == "inquiry":
            return  # "inquiry opens and closes nothing."
        if stage == "mql":
            self.take_mql(row)
        elif stage in EXITS:
            self.take_exit(row)
        else:
            self.take_later_stage(row)

    def take_mql(self, row: dict) -> None:
        """ "An episode opens at `mql` when none is open"; "An `mql` within 60 s after an implied opening, while that
        episode is open, is its own mql (a tie); later it is a repeat"; "A further `mql` inside an open episode is a repeat".
        """
        episode = self.open
        if episode is None:
            reach(self.start(row), row)
        elif episode.is_implied and is_tie(episode.opened_at, episode.opened_is_day, row):
            reach(episode, row)
        else:
            episode.repeats += 1

    def take_exit(self, row: dict) -> None:
        """ "closes at an exit"; "An exit with no open episode is flagged" """
        episode = self.open
        if episode is None:
            self.stray_exits.append(row)
        else:
            episode.exit_stage = row["stage"]
            episode.exit_reason = shown(row.get("reason"))
            episode.closed_at = row["occurred_at"]
            episode.closed_is_day = bool(row.get("is_day"))

    def take_later_stage(self, row: dict) -> None:
        """ "`sal`, `sql`, `opportunity` or `won` with no open episode opens one whose mql is implied ..., except within
        60 s after a closing: then it is a stage reached of the episode just closed"; "closes ... at `won`".
        """
        episode = self.open
        if episode is None:
            episode = self.just_closed(row) or self.start(row)
        reach(episode, row)
        if row["stage"] == "won" and episode.is_open:
            episode.closed_at = row["occurred_at"]
            episode.closed_is_day = bool(row.get("is_day"))

    def just_closed(self, row: dict) -> Episode | None:
        """The last episode, when it closed within 60 s before the row."""
        if self.episodes and is_tie(self.episodes[-1].closed_at, self.episodes[-1].closed_is_day, row):
            return self.episodes[-1]
        return None


def is_tie(before: datetime, is_day: bool, row: dict) -> bool:
    """ "The 60 seconds are measured between two times only; a date is tied with what stands at its very instant" """
    gap = row["occurred_at"] - before
    return gap == timedelta(0) or (gap <= TIE and not is_day and not row.get("is_day"))


def reach(episode: Episode, row: dict) -> None:
    """ "A stage entered twice in one episode counts at its first time." """
    if row["stage"] not in episode.observed:
        episode.observed[row["stage"]] = row["occurred_at"]
        if row.get("is_day"):
            episode.dated.add(row["stage"])


def in_place(changes: NUMBERED, time_zone: str) -> NUMBERED:
    """ "Within its day it stands by the rank of its stage: after the last of the lower stages (mql to won) of its lead that have a time that day" """
    timed = [row for _, row in changes if not row.get("is_day") and row["stage"] != "inquiry"]

    def stands_at(row: dict) -> datetime:
        return after_that_day(row, [other["occurred_at"] for other in timed if rank(other["stage"]) < rank(row["stage"])], time_zone)

    return [(line, {**row, "occurred_at": stands_at(row)}) for line, row in changes]


def passes(lead_id: str, changes: NUMBERED, time_zone: str = "UTC") -> Passes:
    """ "Order a lead's stage changes by occurred_at", then take each instant in its own order."""
    so_far = Passes(lead_id, time_zone)
    in_time = sorted(in_place(changes, time_zone), key=lambda item: item[1]["occurred_at"])
    for _, instant in groupby(in_time, key=lambda item: item[1]["occurred_at"]):
        for row in order_of_instant(list(instant), so_far.open is not None):
            so_far.take(row)
    return so_far


def episodes(history: History) -> list[Episode]:
    """Every episode of the history, by lead in file order, then number."""
    found: list[Episode] = []
    for lead in resolve(history):
        for episode in passes(lead.lead_id, lead.stage_changes, history.time_zone).episodes:
            episode.attributes = values_at(lead, episode.opened_at)
            found.append(episode)
    return found


def stray_exits(history: History) -> list[dict]:
    """ "An exit with no open episode is flagged, and counted in Data health." """
    return [row for lead in resolve(history) for row in passes(lead.lead_id, lead.stage_changes, history.time_zone).stray_exits]
