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
from plumbline.simulation.outcomes import Verdicts
from plumbline.simulation.run import Ground, Settings
from plumbline.simulation.thresholds import last_instant
from plumbline.statistics import wilson

PARTS = ("required_fields", "fit", "behaviour", "criteria", "points", "exclude")


@dataclass(frozen=True)
class Handed:
    """What a definition hands over in the period. `accepted` of `judged` in time; `sqls` in time, known ones; `unknown`: never offered to sales."""

    leads: int
    accepted: int
    judged: int
    sqls: int
    unknown: int
    months: float

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
    """A draft with one rule less or more. In the period it alone hands over `joins` leads, and no longer the draft's `leaves`."""

    part: str
    place: int
    after: Handed
    joins: int
    leaves: int

    @property
    def changes(self) -> bool:
        return bool(self.joins or self.leaves)


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
    facts, (since, until) = ground.facts, period(ground, settings)
    made = plan(draft, facts)
    own = _inside(replay_plan(made, draft, facts, last_instant(facts, until)).qualified_at, since, until)
    effects = []
    for part in PARTS:
        for place in range(len(getattr(draft, part))):
            left = changed(draft, part, place, None)
            found = replay_plan(without(made, draft, part, place, left, facts), left, facts, last_instant(facts, until))
            effects.append(_effect(part, place, own, _inside(found.qualified_at, since, until), ground, settings))
    return Effects(handed(own, ground, settings), tuple(effects))


def moved(draft: Definition, part: str, place: int, ground: Ground, settings: Settings) -> Moved:
    """The leads behind one effect of `each_rule`: those that join and those that leave, the latest first."""
    facts, (since, until) = ground.facts, period(ground, settings)
    one, other = (replay(definition, facts, last_instant(facts, until)).qualified_at for definition in (draft, changed(draft, part, place, None)))
    leads = np.flatnonzero(_inside(one, since, until) != _inside(other, since, until))
    leads = leads[np.argsort(-np.minimum(one, other)[leads], kind="stable")]
    return Moved(leads, one[leads], other[leads])


def each_added(draft: Definition, added: Sequence[tuple[str, object]], ground: Ground, settings: Settings) -> tuple[Handed, list[Effect]]:
    """(the draft, the draft with each of `added` alone): (part, rule as the definition holds it). `place` is the rule's own in `added`."""
    facts, (since, until) = ground.facts, period(ground, settings)
    own = _inside(replay(draft, facts, last_instant(facts, until)).qualified_at, since, until)
    effects = []
    for place, (part, made) in enumerate(added):
        other = replay(changed(draft, part, None, made), facts, last_instant(facts, until)).qualified_at
        effects.append(_effect(part, place, own, _inside(other, since, until), ground, settings))
    return handed(own, ground, settings), effects


def handed(mask: np.ndarray, ground: Ground, settings: Settings) -> Handed:
    """Counts of the leads in `mask` (by lead)."""
    told: Verdicts = ground.verdicts(settings.mql_days, settings.sal_days)
    months = (settings.until - settings.since).days / MONTH
    accepted, judged = int((mask & told.is_accepted).sum()), int((mask & told.judged).sum())
    return Handed(int(mask.sum()), accepted, judged, int((mask & told.is_sql).sum()), int((mask & ~told.offered).sum()), months)


def _effect(part: str, place: int, own: np.ndarray, other: np.ndarray, ground: Ground, settings: Settings) -> Effect:
    return Effect(part, place, handed(other, ground, settings), int((other & ~own).sum()), int((own & ~other).sum()))


def _inside(moments: np.ndarray, since: int, until: int) -> np.ndarray:
    return (moments >= since) & (moments < until)
