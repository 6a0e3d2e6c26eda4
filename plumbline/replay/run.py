"""Replays a definition over a history: when each lead first qualifies, as known then; and a whole range of thresholds in the same pass."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from plumbline.definition.model import Definition
from plumbline.replay.facts import Facts
from plumbline.replay.kernel import NEVER, count_instants, first_qualified
from plumbline.replay.plan import Plan, plan

_POOL = ThreadPoolExecutor(max_workers=max(1, os.cpu_count() or 1), thread_name_prefix="replay")
_CHUNKS = 4  # per worker: leads are uneven
_NO_EDGES = np.empty(0, np.int64)
MOST_THRESHOLDS = 255


@dataclass(frozen=True)
class Decisions:
    """By lead (index): `qualified_at` in microseconds (NEVER where it does not), `score` then (nan: never, or no score part)."""

    qualified_at: np.ndarray
    score: np.ndarray

    @property
    def qualified(self) -> np.ndarray:
        return self.qualified_at != NEVER


@dataclass(frozen=True)
class Sweep:
    """What each of `thresholds` (ascending, k) would do.

    `counted` (k, edges + 1, groups): leads of a group that first qualify before the first edge, between edges, from the last on.
    `peak` (leads): how many of the thresholds each lead reached with its gates held, by its `Asked.peak_until`.
    """

    thresholds: np.ndarray
    counted: np.ndarray
    peak: np.ndarray


@dataclass(frozen=True)
class Asked:
    """What a sweep counts by: `thresholds` ascending; `edges` instants, ascending; `group` (leads) uint8 below `groups`.

    `peak_until` (leads): the last instant that counts for the peak, such as the hand-over: what comes after it is no forecast.
    `settled_at` (leads): from the first instant after it on, a lead is counted by `late_group` (leads, uint8 below `groups`): what became of it
    came before.
    """

    thresholds: np.ndarray
    edges: np.ndarray
    group: np.ndarray
    groups: int
    peak_until: np.ndarray
    settled_at: np.ndarray
    late_group: np.ndarray


def replay(definition: Definition, facts: Facts, until: int | None = None) -> Decisions:
    """When each lead first qualifies, no instant after `until` (microseconds; None: the end of the extract)."""
    return replay_plan(plan(definition, facts), definition, facts, until)


def replay_plan(made: Plan, definition: Definition, facts: Facts, until: int | None = None) -> Decisions:
    """The same, of a plan made before: for a threshold that moves while the rules stay."""
    return _run(made, definition, facts, until, None)[0]


def sweep(definition: Definition, facts: Facts, asked: Asked, until: int | None = None, made: Plan | None = None) -> tuple[Decisions, Sweep]:
    """One pass for the definition's own threshold and for all of `asked.thresholds`, which must hold it."""
    decisions, found = _run(made or plan(definition, facts), definition, facts, until, asked)
    return decisions, found


def instants(facts: Facts, until: int | None = None) -> int:
    """How many decision instants the leads have: what a replay looks at, at most."""
    events = facts.events
    return int(
        count_instants(
            facts.data_through if until is None else until,
            events.created,
            events.offsets,
            events.occurred,
            events.late_at,
            events.late_known,
            events.change_offsets,
            events.change_known,
        )
    )


def _run(made: Plan, definition: Definition, facts: Facts, until: int | None, asked: Asked | None) -> tuple[Decisions, Sweep | None]:
    events = facts.events
    until = facts.data_through if until is None else until
    own = -np.inf if definition.threshold is None else definition.threshold
    thresholds = np.array([own]) if asked is None else np.ascontiguousarray(asked.thresholds, np.float64)
    own_index = int(np.searchsorted(thresholds, own))
    if own_index >= len(thresholds) or thresholds[own_index] != own:
        raise ValueError("the thresholds of a sweep must hold the definition's own")
    if len(thresholds) > MOST_THRESHOLDS:
        raise ValueError(f"a sweep takes {MOST_THRESHOLDS} thresholds at most")
    qualified_at, score = np.empty(facts.leads, np.int64), np.empty(facts.leads, np.float64)
    group = asked.group if asked else np.zeros(facts.leads, np.uint8)
    late_group = asked.late_group if asked else group
    edges = np.ascontiguousarray(asked.edges, np.int64) if asked else _NO_EDGES
    peak_until, settled_at = (
        (np.ascontiguousarray(one, np.int64) for one in (asked.peak_until, asked.settled_at)) if asked else (_NO_EDGES, _NO_EDGES)
    )
    peak = np.empty(facts.leads, np.uint8)
    bounds = _chunks(events.offsets, _CHUNKS * _POOL._max_workers)
    counted = np.zeros((len(bounds) - 1, len(thresholds), len(edges) + 1, asked.groups if asked else 1), np.int64)

    def work(chunk: int) -> None:
        first_qualified(
            bounds[chunk],
            bounds[chunk + 1],
            until,
            events.created,
            events.offsets,
            events.kind,
            events.occurred,
            events.late_at,
            events.late_known,
            events.lead_kinds,
            events.change_offsets,
            events.change_known,
            made.change_clears,
            made.change_sets,
            made.mask_at_first,
            made.must,
            made.bars,
            made.counts,
            made.at_least,
            made.point_bits,
            made.point_values,
            made.rule_role,
            made.rule_kind_bit,
            made.rule_times,
            made.rule_window,
            made.rule_points,
            made.rule_cap,
            made.kind_fixed,
            made.kind_offsets,
            made.kind_rules,
            made.fade_offsets,
            made.fade_rules,
            made.fade_points,
            made.fade_caps,
            made.kind_gain,
            made.is_counted,
            made.gates,
            made.kinds_needed,
            made.half_life,
            thresholds,
            own_index,
            made.fleeting_bars,
            qualified_at,
            score,
            peak_until,
            peak,
            group,
            settled_at,
            late_group,
            edges,
            counted[chunk],
        )

    list(_POOL.map(work, range(len(bounds) - 1)))
    score[qualified_at == NEVER] = np.nan
    if definition.threshold is None:
        score[:] = np.nan
    if asked is None:
        return Decisions(qualified_at, score), None
    return Decisions(qualified_at, score), Sweep(thresholds, counted.sum(axis=0).cumsum(axis=0), peak)


def _chunks(offsets: np.ndarray, wanted: int) -> np.ndarray:
    """Borders between leads so that each chunk has about as many leads and acts."""
    leads = len(offsets) - 1
    weight = offsets + 4 * np.arange(leads + 1)
    cuts = np.searchsorted(weight, np.linspace(0, weight[-1], min(wanted, max(1, leads)) + 1))
    cuts[0], cuts[-1] = 0, leads
    return np.maximum.accumulate(cuts).astype(np.int64)


def warm_up(facts: Facts) -> None:
    """Compiles the kernel (one to two seconds the first time on a machine, read from its cache after that)."""
    replay(Definition(at_least=0), facts, until=-(1 << 62))


__all__ = ["NEVER", "Asked", "Decisions", "Sweep", "instants", "replay", "replay_plan", "sweep", "warm_up"]
