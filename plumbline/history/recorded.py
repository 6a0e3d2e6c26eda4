"""What a history records, as one value that metrics, screens and the command line ask alike: `History.recorded`.

Absence of a record is never absence of the act. So whoever speaks of tries, owners, outcomes, spend or a stage asks here first:

    if not recorded.has("touches"): ... recorded.why("touches")        "60 of 60 touches belong to leads that are not here"
    recorded.missing(("touches", "owners"))                            those of them that are not there
    recorded.limits("touches")                                         sentences: from when on, of which teams, of whom alone
    recorded.stage("sal")                                              "own", "implied", "unrecorded" or "unreached"

history/record_tables.py counts it at import.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from plumbline import wording
from plumbline.history.schema import STAGES

# thing -> (what has none of it, its rows in the plural)
WORDS = {
    "reps": ("no rep is recorded", "reps"),
    "owners": ("who had a lead is not recorded: there is no assignment", "assignments"),
    "touches": ("who was called or written to is not recorded: there is no touch", "touches"),
    "attempts": ("whom a person tried to reach is not recorded: all touches came in, or were sent by machines", "attempts"),
    "automated": ("no automated touch is recorded", "automated touches"),
    "touch_outcomes": ("whether a lead was reached is not recorded: no touch has an outcome", "touches with an outcome"),
    "answers": ("whether a touch reached its lead is not recorded", "touches that say whether they reached a lead"),
    "contacts": ("no touch that reached a lead is recorded", "touches that reached a lead"),
    "meetings": ("no meeting is recorded", "touches that tell of a meeting"),
    "exits": ("leads that left the funnel are not recorded", "exits"),
    "reasons": ("why leads left the funnel is not recorded", "reasons"),
    "actors": ("who changed a stage is not recorded", "changes of stage with an actor"),
    "activities": ("acts of leads are not recorded", "activities"),
    "deals": ("deals are not recorded", "deals"),
    "deal_amounts": ("amounts of deals are not recorded", "deals with an amount"),
    "changes": ("changes of attributes are not recorded", "changes of attributes"),
    "spend": ("spend is not recorded", "rows of spend"),
}
OF_WHOM = {2: "leads that were accepted", 3: "leads that became SQLs", 4: "leads that became opportunities", 5: "leads that were won"}
LEAST_TO_TELL = 10  # leads that had the time to reach a stage which nobody reached, from which on it counts as not recorded


@dataclass(frozen=True)
class Thing:
    """One row of main.recorded. by_reach, of_reach: leads with it, and all leads, by how far they came (none, MQL .. won).
    day_rows: of which the day alone is known."""

    thing: str
    rows: int
    day_rows: int
    orphan_rows: int
    late_rows: int
    first_at: datetime | None
    last_at: datetime | None
    by_reach: tuple[int, ...]
    of_reach: tuple[int, ...]
    grain: str | None
    had_time: int | None
    from_rank: int
    since_at: datetime | None
    until_at: datetime | None

    @property
    def leads(self) -> int:
        return sum(self.by_reach)

    @property
    def share(self) -> float | None:
        """Of the leads that opened a pass."""
        return sum(self.by_reach[1:]) / sum(self.of_reach[1:]) if sum(self.of_reach[1:]) else None


_NONE = (0,) * 6


class Recorded:
    """The account of one history. parts: thing, part (month, team), value, passes, covered, judged."""

    def __init__(self, rows: pl.DataFrame, parts: pl.DataFrame, zone: ZoneInfo) -> None:
        fields = Thing.__dataclass_fields__
        self.things: Mapping[str, Thing] = {
            row["thing"]: Thing(**{name: tuple(row[name]) if name.endswith("_reach") else row[name] for name in fields}) for row in rows.to_dicts()
        }
        self.parts = parts
        self._zone = zone

    def thing(self, name: str) -> Thing:
        return self.things.get(name) or Thing(name, 0, 0, 0, 0, None, None, _NONE, _NONE, None, None, 1, None, None)

    def has(self, name: str) -> bool:
        """Whether the history holds a single row of it that counts."""
        if name.startswith("stage:"):
            return self.stage(name.removeprefix("stage:")) != "unrecorded"
        return self.thing(name).rows > 0

    def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if not self.has(name))

    def why(self, name: str) -> str:
        """Why there is none, as a sentence without its full stop; '' where there is some."""
        if self.has(name):
            return ""
        if name.startswith("stage:"):
            return f"{wording.stage_short(name.removeprefix('stage:'))} is not recorded: no lead of the whole history reached it"
        one = self.thing(name)
        if name == "attempts" and not self.has("touches"):
            return self.why("touches")
        if name in ("touch_outcomes", "answers", "contacts", "meetings") and not self.has("touches"):
            return self.why("touches")
        words, plural = WORDS.get(name, (f"{name} is not recorded", f"rows of {name}"))
        every = one.orphan_rows + one.late_rows
        if one.orphan_rows:
            return f"{wording.count(one.orphan_rows)} of {wording.count(every)} {plural} belong to leads that are not here"
        if one.late_rows:
            return f"all {wording.count(every)} {plural} lie after the end of the data"
        return words

    def grain(self, name: str) -> str | None:
        """'instant', 'day' or 'one_instant'; None where there is none."""
        return self.thing(name).grain

    def stage(self, stage: str) -> str:
        """'own': by events of its own; 'implied': only by later stages; 'unrecorded': nobody reached it, though enough had the time; 'unreached':
        nobody did, and too few had the time to tell."""
        one = self.thing(f"stage:{stage}")
        if one.rows:
            return "own"
        if stage == "inquiry" or sum(one.of_reach[STAGES.index(stage) :]):
            return "implied"
        return "unrecorded" if (one.had_time or 0) >= LEAST_TO_TELL else "unreached"

    def stands(self, stage: str) -> str:
        """The stage that stands for `stage`: itself, or the next one with events of its own; '' where nothing from it on is recorded."""
        return next((name for name in STAGES[STAGES.index(stage) :] if self.stage(name) == "own"), "")

    def stages(self, how: str) -> tuple[str, ...]:
        """The stages from MQL on that are recorded so ('own', 'implied', 'unrecorded', 'unreached')."""
        return tuple(name for name in STAGES[1:] if self.stage(name) == how)

    def why_stages(self) -> str:
        """'SQL and Won are not recorded: no lead of the whole history reached them, though enough leads had the time'; '' where none is missing."""
        stages = [wording.stage_short(stage) for stage in self.stages("unrecorded")]
        if not stages:
            return ""
        verb, them = ("is", "it") if len(stages) == 1 else ("are", "them")
        return f"{wording.listing(stages)} {verb} not recorded: no lead of the whole history reached {them}, though enough leads had the time"

    def of_whom(self, name: str) -> str:
        """'leads that were won': of whom alone it is recorded; '' where of all."""
        return OF_WHOM.get(self.thing(name).from_rank, "")

    def since(self, name: str) -> datetime | None:
        """From when on it is recorded, where the history begins before; None where from the beginning."""
        return self.thing(name).since_at

    def teams(self, name: str) -> tuple[str, ...]:
        """Teams that never record it, though they have passes enough."""
        if self.parts.is_empty():
            return ()
        rows = self.parts.filter((pl.col("thing") == name) & (pl.col("part") == "team") & (pl.col("judged") == 0) & (pl.col("covered") == 0))
        others = self.parts.filter((pl.col("thing") == name) & (pl.col("part") == "team") & (pl.col("judged") > 0))
        return tuple(rows["value"].to_list()) if others.height else ()

    def limits(self, name: str) -> list[str]:
        """What must be said where it is recorded of some alone, each a sentence; [] where of all, or of none at all."""
        if not self.has(name):
            return []
        one, plural = self.thing(name), WORDS[name][1]
        start = f"{plural[:1].upper()}{plural[1:]} are recorded only"
        said = []
        if whom := self.of_whom(name):
            said.append(f"{start} of {whom}: nothing is said of the others.")
        if one.since_at:
            said.append(f"{start} from {wording.day(self._day(one.since_at))} on: leads before are not judged by them.")
        if one.until_at:
            said.append(f"{start} up to {wording.day(self._day(one.until_at))}: leads after are not judged by them.")
        if teams := self.teams(name):
            which = f"Team {teams[0]} records" if len(teams) == 1 else f"Teams {wording.listing(list(teams))} record"
            said.append(f"{which} no {plural}: their leads are not judged by them.")
        if name == "touches" and not self.has("attempts"):
            said.append(f"{sentence(self.why('attempts'))}.")
        return said

    def _day(self, instant: datetime) -> date:
        return instant.replace(tzinfo=UTC).astimezone(self._zone).date()


def sentence(words: str) -> str:
    """The words with a capital in front."""
    return f"{words[:1].upper()}{words[1:]}"
