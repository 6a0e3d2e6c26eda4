"""What each rule of a draft does alone: the draft without it, and the draft with one more, against the draft. Plain replays, no draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plumbline.clock import MONTH, day_start, time_zone
from plumbline.definition.edit import changed
from plumbline.definition.model import Definition
from plumbline.replay.facts import micros
from plumbline.replay.plan import plan, without
from plumbline.replay.run import replay, replay_plan
from plumbline.simulation.outcomes import Verdicts, as_of_side
from plumbline.simulation.run import Ground, Settings
from plumbline.simulation.thresholds import last_instant
from plumbline.statistics import wilson

PARTS = ("required_fields", "fit", "behaviour", "criteria", "points", "exclude")


@dataclass(frozen=True)
class Handed:
    """What a definition hands over in the period. `accepted` of `judged` in time; `sqls` in time, known ones; `unknown`: never offered to sales;
    `decided_before`: accepted or gone before it hands them over, in none of the figures but `leads`."""

    leads: int
    accepted: int
    judged: int
    sqls: int
    unknown: int
    months: float
    decided_before: int = 0

    @property
    def acceptance(self) -> float | None:
        return self.accepted / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson, 95 %; None where nobody can be judged."""
        return wilson(self.accepted, self.judged) if self.judged else None

    @property
    def sqls_per_month(self) -> float:
        return self.sqls / self.months


@dataclass(frozen=True)
class Effect:
    """A draft with one rule less or more. In the period it alone hands over `joins` leads, and no longer the draft's `leaves`.

    `settled_otherwise`: leads of both that only one of them hands over after they were accepted or gone.
    """

    part: str
    place: int
    after: Handed
    joins: int
    leaves: int
    settled_otherwise: int = 0

    @property
    def changes(self) -> bool:
        return bool(self.joins or self.leaves or self.settled_otherwise)


@dataclass(frozen=True)
class Effects:
    """The draft, and the draft without each of its rules, in the order of PARTS."""

    draft: Handed
    rules: tuple[Effect, ...]


@dataclass(frozen=True)
class Moved:
    """Leads that one rule moves in the period, by index: when the draft and the draft without it first pass each (microseconds, or NEVER)."""

    leads: np.ndarray
    draft_at: np.ndarray
    other_at: np.ndarray


def period(ground: Ground, settings: Settings) -> tuple[int, int]:
    """[since, until) of the settings in microseconds."""
    zone = time_zone(ground.facts.history.about.time_zone)
    return micros(day_start(settings.since, zone)), micros(day_start(settings.until, zone))


def each_rule(draft: Definition, ground: Ground, settings: Settings) -> Effects:
    """Drops every rule in turn. A bar of k of n keeps its k, or takes n where fewer are left."""
    facts, (_, until) = ground.facts, period(ground, settings)
    made = plan(draft, facts)
    own = side(replay_plan(made, draft, facts, last_instant(facts, until)).qualified_at, ground, settings)
    effects = []
    for part in PARTS:
        for place in range(len(getattr(draft, part))):
            left = changed(draft, part, place, None)
            found = replay_plan(without(made, draft, part, place, left, facts), left, facts, last_instant(facts, until))
            effects.append(_effect(part, place, own, side(found.qualified_at, ground, settings), ground, settings))
    return Effects(handed(own, ground, settings), tuple(effects))


def moved(draft: Definition, part: str, place: int, ground: Ground, settings: Settings) -> Moved:
    """The leads behind one effect of `each_rule`: those that join, leave or are settled otherwise, the latest first."""
    facts, (_, until) = ground.facts, period(ground, settings)
    one, other = (
        side(replay(definition, facts, last_instant(facts, until)).qualified_at, ground, settings)
        for definition in (draft, changed(draft, part, place, None))
    )
    leads = np.flatnonzero((one.inside != other.inside) | _settled_otherwise(one, other))
    leads = leads[np.argsort(-np.minimum(one.instants, other.instants)[leads], kind="stable")]
    return Moved(leads, one.instants[leads], other.instants[leads])


def each_added(draft: Definition, added: Sequence[tuple[str, object]], ground: Ground, settings: Settings) -> tuple[Handed, list[Effect]]:
    """(the draft, the draft with each of `added` alone): (part, rule as the definition holds it). `place` is the rule's own in `added`."""
    facts, (_, until) = ground.facts, period(ground, settings)
    own = side(replay(draft, facts, last_instant(facts, until)).qualified_at, ground, settings)
    effects = []
    for place, (part, made) in enumerate(added):
        other = replay(changed(draft, part, None, made), facts, last_instant(facts, until)).qualified_at
        effects.append(_effect(part, place, own, side(other, ground, settings), ground, settings))
    return handed(own, ground, settings), effects


@dataclass(frozen=True)
class HandOvers:
    """By lead: the instant at which a definition hands it over (NEVER), whether in the period, and what counts for it then."""

    instants: np.ndarray
    inside: np.ndarray
    judged: Verdicts


def side(instants: np.ndarray, ground: Ground, settings: Settings) -> HandOvers:
    """What a definition hands over at `instants` (leads)."""
    since, until = period(ground, settings)
    judged = as_of_side(ground.verdicts(settings.mql_days, settings.sal_days), ground.outcomes.decided, instants)
    return HandOvers(instants, (instants >= since) & (instants < until), judged)


def handed(found: HandOvers, ground: Ground, settings: Settings) -> Handed:
    """Counts of the leads that are handed over in the period."""
    mask, told = found.inside, found.judged
    months = (settings.until - settings.since).days / MONTH
    counts = (mask, mask & told.is_accepted, mask & told.judged, mask & told.is_sql, mask & ~told.offered)
    return Handed(*(int(one.sum()) for one in counts), months, int((mask & told.decided_before).sum()))


def _effect(part: str, place: int, own: HandOvers, other: HandOvers, ground: Ground, settings: Settings) -> Effect:
    joins, leaves = int((other.inside & ~own.inside).sum()), int((own.inside & ~other.inside).sum())
    return Effect(part, place, handed(other, ground, settings), joins, leaves, int(_settled_otherwise(own, other).sum()))


def _settled_otherwise(one: HandOvers, other: HandOvers) -> np.ndarray:
    """Leads that both hand over in the period, but only one of them after they were accepted or gone."""
    return one.inside & other.inside & (one.judged.decided_before != other.judged.decided_before)
