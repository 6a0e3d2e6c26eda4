"""A hundred thresholds from one pass: what each would hand over, and who of it is known to have come to something."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from plumbline.definition.model import Definition
from plumbline.definition.parse import most_points
from plumbline.replay.facts import Facts
from plumbline.replay.plan import Plan
from plumbline.replay.run import Asked, Decisions, Sweep, sweep
from plumbline.simulation.outcomes import Outcomes, Verdicts
from plumbline.simulation.volume import Weeks
from plumbline.statistics import MINIMUM_N, wilson

STEPS, MOST_STEPS = 100, 200
_BEFORE, _IN, _NEVER = 0, 1, 2  # the baseline of a lead: passed before the period, in it, not before its end


@dataclass(frozen=True)
class Swept:
    """`rows`: one per threshold. `by_week` (thresholds, weeks): handed over. `groups`: what the sweep counted by, for others to sum anew."""

    rows: pl.DataFrame
    by_week: np.ndarray
    counted: np.ndarray
    groups: dict[str, np.ndarray]
    peak: np.ndarray
    thresholds: np.ndarray
    has_gates: bool = False


def grid(definition: Definition) -> np.ndarray:
    """Thresholds from the first step to about twice the definition's own, which is one of them: the same ones while it moves a little.

    So a threshold that is moved finds the sweep of its neighbours already made. None lies beyond what points can reach.
    """
    own = definition.threshold
    if own is None:
        return np.array([-np.inf])
    top = _round_up(max(2 * abs(own), 10.0), (1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0))
    step = _round_up((2 if own < 0 else 1) * top / MOST_STEPS, (1.0, 2.0, 5.0, 10.0))
    if top >= STEPS / 2:
        step = max(1.0, step)  # whole points read better
    low = -top if own < 0 else step
    most = most_points(definition)
    steps = np.round(np.arange(round(low / step), round(top / step) + 1) * step, 9)
    return np.union1d(steps[steps <= max(most, own)], [own])


def _round_up(value: float, round_ones: tuple[float, ...]) -> float:
    """The next of `round_ones`, times a power of ten, at or above `value`."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(one * power for one in round_ones if one * power >= value * (1 - 1e-9)))


@dataclass(frozen=True)
class Groups:
    """What a sweep counts by: the group of each lead, and the one that it is counted by from the first instant after its decision on (`late`).

    `told`: what the members of each group have in common: name -> value by group; `n`: leads of a group, those of `late` counted in none.
    """

    of_leads: np.ndarray
    late: np.ndarray
    told: dict[str, np.ndarray]


def grouped(judged: Verdicts, judged_then: np.ndarray, sql_judged_then: np.ndarray, side: np.ndarray) -> Groups:
    """Groups of leads with the same verdicts and the same `side` of the baseline. A late group knows of a lead only that it was decided before."""
    flags = {
        "decided_before": np.zeros(len(side), np.bool_),
        "offered": judged.offered,
        "judged": judged.judged,
        "judged_then": judged_then,
        "is_accepted": judged.is_accepted,
        "sql_judged": judged.sql_judged,
        "sql_judged_then": sql_judged_then,
        "is_sql": judged.is_sql,
        "sql": judged.sql,
    }
    code = side.astype(np.int64)
    for flag in flags.values():
        code = 2 * code + flag
    names = list(flags)
    late = (side.astype(np.int64) << len(flags)) | sum(1 << (len(flags) - 1 - names.index(name)) for name in ("decided_before", "offered"))
    n = np.bincount(code, minlength=int(late.max(initial=0)) + 1)
    is_there = n > 0
    is_there[late] = True
    kinds = np.flatnonzero(is_there)
    number = np.zeros(len(n), np.uint8)
    number[kinds] = np.arange(len(kinds))
    told = {name: (kinds >> place) % 2 == 1 for place, name in enumerate(reversed(flags))}
    return Groups(number[code], number[late], {**told, "side": kinds >> len(flags), "n": n[kinds]})


def last_instant(facts: Facts, until: int) -> int:
    """The last instant of a period: before `until`, and none after the end of the extract, whatever was recorded later."""
    return min(until - 1, facts.data_through)


def swept(
    definition: Definition, facts: Facts, made: Plan, found: Outcomes, judged: Verdicts, baseline: np.ndarray, weeks: Weeks
) -> tuple[Decisions, Swept]:
    """One pass over history for all thresholds of the grid, in the period of `weeks`."""
    since, until = int(weeks.edges[0]), int(weeks.edges[-1])
    half = int(weeks.edges[halfway(weeks)])
    judged_then = judged.judged & (half - found.entered >= judged.windows[0])
    sql_judged_then = judged.sql_judged & (half - found.entered >= judged.windows[1])
    side = np.where(baseline < since, _BEFORE, np.where(baseline < until, _IN, _NEVER))
    groups = grouped(judged, judged_then, sql_judged_then, side)
    asked = Asked(grid(definition), weeks.edges, groups.of_leads, len(groups.told["n"]), found.opened, found.decided, groups.late)
    decisions, counted = sweep(definition, facts, asked, last_instant(facts, until), made)
    return decisions, replace(_table(counted, groups.told), has_gates=_has_gates(definition))


def _has_gates(definition: Definition) -> bool:
    return bool(definition.required_fields or definition.fit or definition.behaviour or definition.criteria or definition.exclude)


def halfway(weeks: Weeks) -> int:
    """How many of the weeks are the older half."""
    return len(weeks.starts) // 2


def _table(found: Sweep, told: dict[str, np.ndarray]) -> Swept:
    counted = found.counted  # (thresholds, before | weeks | after, groups)
    before, inside = counted[:, 0, :], counted[:, 1:-1, :].sum(axis=1)
    passes = before + inside
    was_in, was_before, was_never = (told["side"] == side for side in (_IN, _BEFORE, _NEVER))
    rows: dict[str, np.ndarray] = {"threshold": found.thresholds, "qualified": inside.sum(axis=1)}
    rows["kept"] = (inside * (was_in | was_before)).sum(axis=1) + (before * was_in).sum(axis=1)
    rows["newly_in"] = (inside * was_never).sum(axis=1)
    rows["newly_out"] = ((told["n"] - passes) * was_in).sum(axis=1)
    for name in ("judged", "is_accepted", "sql_judged", "is_sql", "sql"):
        rows[name] = (inside * told[name]).sum(axis=1)
    rows["no_outcome"] = (inside * ~told["offered"]).sum(axis=1)
    rows["decided_before"] = (inside * told["decided_before"]).sum(axis=1)
    rows["immature"] = (inside * (told["offered"] & ~told["judged"] & ~told["decided_before"])).sum(axis=1)
    for share, hits, n in (("acceptance", "is_accepted", "judged"), ("sql_rate", "is_sql", "sql_judged")):
        rows[share] = np.divide(rows[hits], rows[n], out=np.full(len(rows[n]), np.nan), where=rows[n] > 0)
        rows[f"{share}_low"], rows[f"{share}_high"] = wilson(rows[hits], rows[n])
    frame = pl.DataFrame(rows).with_columns(pl.col("acceptance", "sql_rate").fill_nan(None))
    return Swept(frame, counted[:, 1:-1, :].sum(axis=2), counted, told, found.peak, found.thresholds)


_LITTLE = 0.6  # six pairs of ten in order: an interval that reaches beyond it cannot be called nothing


@dataclass(frozen=True)
class Heights:
    """How high the leads with a known outcome had scored when sales got them.

    `edges` (bars + 1), `sql`, `others` (bars); `area`: the chance that one that became SQL had scored higher than one that did not (0.5: the
    score tells nothing), with its 95 % interval; None where either has under 30 leads.
    """

    edges: np.ndarray
    sql: np.ndarray
    others: np.ndarray
    area: tuple[float, float, float] | None

    @property
    def tells_nothing(self) -> bool:
        """No effect is seen, and one to speak of would have been."""
        return self.area is not None and self.area[1] <= 0.5 and self.area[2] < _LITTLE and not self.is_reversed

    @property
    def is_reversed(self) -> bool:
        """Leads that became SQL had scored lower, and by more than little."""
        return self.area is not None and self.area[2] < 0.5 and self.area[0] < 1 - _LITTLE + 0.05

    @property
    def is_unclear(self) -> bool:
        """No effect is seen, but too few leads have an outcome to say that there is none."""
        return self.area is not None and self.area[1] <= 0.5 and self.area[2] >= _LITTLE


def heights(found: Swept, judged: Verdicts, bars: int = 24) -> Heights:
    """Highest score up to the hand-over of each lead that was offered and is old enough, by whether it became SQL in time.

    Where the definition asks for more than points, those that never scored up to the lowest threshold while the rest held are in the bars but
    not in the area: what the rest sorts out is no merit of the score.
    """
    known = judged.sql_judged
    levels = len(found.thresholds) + 1
    sql = np.bincount(found.peak[known & judged.is_sql], minlength=levels)
    others = np.bincount(found.peak[known & ~judged.is_sql], minlength=levels)
    step = found.thresholds[1] - found.thresholds[0] if len(found.thresholds) > 1 else 1.0
    edges = np.r_[found.thresholds[0] - step, found.thresholds, found.thresholds[-1] + step]
    group = max(1, -(-levels // bars))
    starts = np.arange(0, levels, group)
    first = 1 if found.has_gates else 0
    area = _area(sql[first:], others[first:])
    return Heights(np.r_[edges[starts], edges[-1]], np.add.reduceat(sql, starts), np.add.reduceat(others, starts), area)


def _area(sql: np.ndarray, others: np.ndarray) -> tuple[float, float, float] | None:
    """The area under the ROC curve of counts by level, ties as half, with the interval of Hanley and McNeil (Radiology 143, 1982, 29-36)."""
    n, m = int(sql.sum()), int(others.sum())
    if min(n, m) < MINIMUM_N:
        return None
    below = np.r_[0, np.cumsum(others)[:-1]]
    area = float((sql * (below + others / 2)).sum() / (n * m))
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    error = float(np.sqrt(max(0.0, area * (1 - area) + (n - 1) * (q1 - area**2) + (m - 1) * (q2 - area**2)) / (n * m)))
    return area, max(0.0, area - 1.959964 * error), min(1.0, area + 1.959964 * error)
