"""Why did this lead qualify on that day? One lead, every instant, rule by rule: clear rather than fast; the kernel is not asked.

It decides as run.replay does (tests/test_explain.py compares the two on random histories and definitions).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from plumbline.clock import DAY
from plumbline.definition.kinds import holds
from plumbline.definition.model import Definition
from plumbline.replay.facts import Facts
from plumbline.replay.states import Asked, Found, State, asked, by_presence, is_act
from plumbline.text import common_form

_NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class Act:
    """One act: its kind, when it happened, from when on it was known (microseconds)."""

    activity: str
    occurred: int
    known: int


@dataclass(frozen=True)
class Rows:
    """What replay may see of one lead. `cells`: field -> (cell at first, [(known from, cell)] in order)."""

    created: int
    acts: tuple[Act, ...]
    cells: dict[str, tuple[str | None, list[tuple[int, str | None]]]]
    instants: tuple[int, ...]

    @cached_property
    def by_kind(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Activity in its common form -> (from when on known, when it happened) of its acts, in order of knowing."""
        told: dict[str, list[tuple[int, int]]] = {}
        for act in self.acts:
            told.setdefault(common_form(act.activity), []).append((act.known, act.occurred))
        return {name: tuple(np.array(sorted(pairs), np.int64).T) for name, pairs in told.items()}


@dataclass(frozen=True)
class Story:
    """`states`: at every decision instant up to the end, in order; `end`: at the end itself (microseconds `until`)."""

    definition: Definition
    rows: Rows
    states: tuple[State, ...]
    until: int

    @property
    def decided(self) -> State | None:
        """The first instant at which the lead qualifies."""
        return next((one for one in self.states if one.qualifies), None)

    @property
    def closest(self) -> State | None:
        """The instant at which the lead came nearest: the most conditions met, then the highest score, then the earliest."""
        return max(self.states, key=lambda one: (one.conditions[0], one.score or 0.0, -one.at), default=None)

    @property
    def end(self) -> State:
        return self.at(self.until)

    def at(self, moment: int) -> State:
        """How it stood at any moment: scores fade and windows run out between instants, where nothing is decided."""
        return state(self.definition, self.rows, moment)

    def curve(self, samples: int = 160) -> list[State]:
        """States to draw: just before and at every instant, and at about `samples` moments between, in order of time."""
        if not self.states:
            return []
        first = self.states[0].at
        between = np.linspace(first, self.until, samples, dtype=np.int64).tolist() if self.until > first else []
        own = {one.at: one for one in self.states}
        before = [moment - 1 for moment in own if moment > first]
        told = [self.at(moment) for moment in sorted({*between, *before} - own.keys())]
        return sorted([*told, *self.states], key=lambda one: one.at)


def explain(definition: Definition, facts: Facts, lead: int, until: int | None = None) -> Story:
    """The story of one lead (its index) against a definition, no instant after `until` (microseconds; None: the end of the extract)."""
    until = facts.data_through if until is None else until
    rows = rows_of(definition, facts, lead)
    return Story(definition, rows, tuple(state(definition, rows, moment) for moment in rows.instants if moment <= until), until)


def rows_of(definition: Definition, facts: Facts, lead: int) -> Rows:
    """The lead's acts, and the cells of the fields that the definition asks about."""
    events = facts.events
    begin, end = events.offsets[lead], events.offsets[lead + 1]
    occurred = events.occurred[begin:end].tolist()
    late = int(events.late_at[lead])
    known = occurred if late < 0 else events.late_known[late : late + end - begin].tolist()
    kinds = [events.kinds[kind] for kind in events.kind[begin:end]]
    changes = range(events.change_offsets[lead], events.change_offsets[lead + 1])
    cells = {}
    quick = by_presence(definition)
    for name in definition.fields():
        column = facts.presence(name) if name in quick else facts.column(name)
        places = np.searchsorted(column.rows, [changes.start, changes.stop])
        told = [(int(events.change_known[column.rows[place]]), column.texts[column.of_changes[place]]) for place in range(*places)]
        cells[name] = column.texts[column.at_first[lead]], told
    created = int(events.created[lead])
    instants = {created, *known, *events.change_known[changes.start : changes.stop].tolist()}
    return Rows(created, tuple(map(Act, kinds, occurred, known)), cells, tuple(sorted(instants)))


def state(definition: Definition, rows: Rows, moment: int) -> State:
    """How a lead with these rows stands at `moment`, as known then."""
    found = tuple(_found(one, definition, rows, moment) for one in asked(definition))
    score = None if definition.threshold is None else sum(one.points for one in found)
    return State(moment, score, found, definition)


def _found(one: Asked, definition: Definition, rows: Rows, moment: int) -> Found:
    rule = one.rule
    if not is_act(one):
        at_first, changes = rows.cells[rule.field]
        cell = next((cell for known, cell in reversed(changes) if known <= moment), at_first)
        held = holds(rule, cell)
        return Found(one, held, one.points if held else 0.0, cell)
    known, occurred = rows.by_kind.get(common_form(rule.activity), (_NONE, _NONE))
    counted = occurred[: np.searchsorted(known, moment, side="right")]
    if rule.within_days is not None:
        counted = counted[moment - counted < round(rule.within_days * DAY)]
    times, latest = len(counted), int(counted.max()) if len(counted) else None
    if one.part != "points":
        return Found(one, times >= rule.times, times=times, latest=latest)
    given = one.points * times
    if definition.half_life_days is not None and one.points > 0:
        given = one.points * float(np.exp2(-(moment - counted) / (definition.half_life_days * DAY)).sum())
    if one.cap is not None:
        given = max(-one.cap, min(one.cap, given))
    return Found(one, times > 0, given, times=times, latest=latest)
