"""The whole comparison of a draft with what happened, or with another definition."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from plumbline.clock import day_start, time_zone
from plumbline.definition.model import Definition
from plumbline.errors import InputError
from plumbline.replay.facts import Facts, micros
from plumbline.replay.kernel import NEVER
from plumbline.replay.plan import Plan, plan
from plumbline.replay.run import Decisions, replay
from plumbline.simulation import volume
from plumbline.simulation.bounds import Band, Known, bounds, weakest_band
from plumbline.simulation.choice import Limits, frontier, validation
from plumbline.simulation.outcomes import Outcomes, Verdicts, outcomes, verdicts
from plumbline.simulation.rates import PROMISED, drawn, rate
from plumbline.simulation.swap import Sides, sides, swap_set
from plumbline.simulation.thresholds import Swept, swept

DRAWS, SEED = 1000, 20_261_122
EXPLORED = ("handover_arm", "explore")  # the attribute and value that mark leads handed over at random, where the history has it
_MONTH = 30.4375
LONGEST = 3660  # days


@dataclass(frozen=True)
class Settings:
    """`since`, `until` (exclusive): days of the organisation's zone. `quota`: qualified leads per quarter. `capacity`: leads per rep per week."""

    since: date
    until: date
    quota: float | None = None
    capacity: float | None = None
    mql_days: float = 14
    sal_days: float = 45

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise InputError(f"the period ends on {self.until} and begins on {self.since}", "--until", "name a later day")
        if (self.until - self.since).days > LONGEST:
            raise InputError("the period is longer than ten years", "--since", "name a later day")
        for name in ("quota", "capacity"):
            if (value := getattr(self, name)) is not None and not 0 < value < 1e9:
                raise InputError(f"{name} is {value:g}", f"--{name}", "say a number above 0")


@dataclass
class Ground:
    """What simulations of one history share: read once."""

    facts: Facts
    outcomes: Outcomes
    _verdicts: dict[tuple[float, float], Verdicts] = field(default_factory=dict)

    def verdicts(self, mql_days: float, sal_days: float) -> Verdicts:
        key = (mql_days, sal_days)
        if key not in self._verdicts:
            self._verdicts[key] = verdicts(self.outcomes, self.facts.data_through, mql_days, sal_days)
        return self._verdicts[key]


def ground(facts: Facts) -> Ground:
    return Ground(facts, outcomes(facts))


@dataclass(frozen=True)
class Simulation:
    """`summary`: what `plumbline simulate` prints. The rest: by lead (index), for the lists behind the numbers, and for the charts."""

    summary: dict[str, object]
    sides: Sides
    decisions: Decisions
    verdicts: Verdicts
    swept: Swept
    weeks: volume.Weeks
    weekly: dict[str, np.ndarray]


def simulate(draft: Definition, base: Definition | None, ground: Ground, settings: Settings, made: Plan | None = None) -> Simulation:
    """Replays `draft` and compares it with what happened (`base` None) or with another definition, in the period of `settings`."""
    facts, found = ground.facts, ground.outcomes
    zone = time_zone(facts.history.about.time_zone)
    since, until = (micros(day_start(day, zone)) for day in (settings.since, settings.until))
    judged = ground.verdicts(settings.mql_days, settings.sal_days)
    baseline = found.opened if base is None else replay(base, facts, until - 1).qualified_at
    baseline = np.where(baseline < until, baseline, NEVER)
    weeks = volume.weeks(settings.since, settings.until, facts.history.about.time_zone)
    decisions, table = swept(draft, facts, made or plan(draft, facts), judged, baseline, weeks, since, until)
    both = sides(baseline, decisions.qualified_at, facts.events.created, since, until)
    masks = {"baseline": both.baseline_in, "definition": both.draft_in}
    drawn_by = {name: drawn(mask, judged, found, DRAWS, SEED) for name, mask in masks.items()}
    weekly = {name: volume.per_week(getattr(both, "baseline" if name == "baseline" else "draft")[mask], weeks) for name, mask in masks.items()}
    quota = volume.quota_of(weeks, settings.quota) if settings.quota else None
    months = (settings.until - settings.since).days / _MONTH
    load = _load(both, masks, found, facts, weeks, weekly, settings)
    reps = load["reps"]
    limits = Limits(PROMISED, None if quota is None else float(quota.sum()), settings.capacity * reps if settings.capacity and reps else None)
    bounded = _bounds(both.draft_in, judged, found, facts, table)
    acceptance = {
        name: rate(mask, judged.judged, judged.is_accepted, drawn_by[name].acceptance) | {"unknown": int((mask & ~judged.offered).sum())}
        for name, mask in masks.items()
    }
    sure = drawn_by["definition"].acceptance
    acceptance["p_at_least_promised"] = float(np.mean(sure[~np.isnan(sure)] >= PROMISED)) if (~np.isnan(sure)).any() else None
    acceptance["promised"] = PROMISED
    summary = {
        "period": {"since": settings.since, "until": settings.until, "weeks": len(weeks.starts)},
        "population": int((facts.events.created < until).sum()),
        "qualified": {name: int(mask.sum()) for name, mask in masks.items()},
        "per_week": [
            {
                "week": start,
                "baseline": int(weekly["baseline"][n]),
                "definition": int(weekly["definition"][n]),
                "quota": None if quota is None else float(quota[n]),
                "is_whole": bool(weeks.whole[n]),
            }
            for n, start in enumerate(weeks.starts)
        ],
        "quota": None
        if quota is None
        else {"per_quarter": settings.quota, "period": float(quota.sum()), "p_met": float(np.mean(drawn_by["definition"].volume >= quota.sum()))},
        "swap_set": swap_set(both, judged),
        "acceptance": acceptance,
        "sql_rate": {
            name: rate(mask, judged.sql_judged, judged.is_sql, drawn_by[name].sql_rate) | {"unknown": int((mask & ~judged.offered).sum())}
            for name, mask in masks.items()
        },
        "bounds": bounded,
        "load": load,
        "sweep": [] if draft.threshold is None else _sweep_rows(table, draft),
        "frontier": [] if draft.threshold is None else frontier(table, limits, months),
        "validation": None if draft.threshold is None else validation(table, limits),
        "assumptions": _assumptions(draft, base, facts, settings),
    }
    return Simulation(summary, both, decisions, judged, table, weeks, weekly)


def _bounds(mask: np.ndarray, judged: Verdicts, found: Outcomes, facts: Facts, table: Swept) -> dict[str, object]:
    explored = np.zeros(facts.leads, bool)
    if EXPLORED[0] in facts.attributes:
        column = facts.column(EXPLORED[0])
        explored = column.at_first == (column.texts.index(EXPLORED[1]) if EXPLORED[1] in column.texts else -1)
    told: dict[str, object] = {"unknown": int((mask & ~judged.offered).sum())}
    offered_in = judged.offered & (found.opened >= 0)
    for name, old_enough, hits in (("acceptance", judged.judged, judged.is_accepted), ("sql_rate", judged.sql_judged, judged.is_sql)):
        known = Known(int((mask & old_enough & hits).sum()), int((mask & old_enough).sum()), int((mask & ~judged.offered).sum()))
        rows = np.flatnonzero(offered_in & old_enough)
        weakest = weakest_band(hits[rows], table.peak[rows]) if len(table.thresholds) > 1 else None
        sampled = mask & explored & old_enough
        told[name] = bounds(known, weakest, Band(int((sampled & hits).sum()), int(sampled.sum())))
    return told


def _load(both: Sides, masks: dict, found: Outcomes, facts: Facts, weeks: volume.Weeks, weekly: dict, settings: Settings) -> dict[str, object]:
    active = found.rep[masks["baseline"] & (found.rep >= 0)] if masks["baseline"].any() else found.rep[:0]
    reps = len(np.unique(active)) or found.reps
    told: dict[str, object] = {"reps": reps, "capacity": settings.capacity, "touches_promised": volume.TOUCHES}
    whole = weeks.whole if weeks.whole.any() else np.ones(len(weeks.starts), bool)
    for name, mask in masks.items():
        if not reps:
            told[name] = None
            continue
        moments = getattr(both, "baseline" if name == "baseline" else "draft")[mask]
        draws = volume.weekly_draws(moments, found.account[mask], weeks, DRAWS, SEED)[:, whole] / reps
        each = weekly[name][whole] / reps
        told[name] = {
            "per_rep_per_week_mean": float(each.mean()),
            "per_rep_per_week_p95": float(np.quantile(draws, 0.95)),
            "per_rep_per_week_most": float(each.max()),
            "touches_per_rep_per_week": float(each.mean() * volume.TOUCHES),
            "weeks_over_capacity": None if settings.capacity is None else int((each > settings.capacity).sum()),
            "p95_within_capacity": None if settings.capacity is None else bool(np.quantile(draws, 0.95) <= settings.capacity),
            "open_leads": volume.open_leads(moments, found.opened, found.closed, NEVER, facts.data_through, weeks, reps),
        }
    return told


def _sweep_rows(table: Swept, draft: Definition) -> list[dict[str, object]]:
    weeks = max(1, table.by_week.shape[1])
    rows = table.rows.to_dicts()
    for row in rows:
        row["per_week"] = row["qualified"] / weeks
        row["is_own"] = row["threshold"] == draft.threshold
    return rows


def _assumptions(draft: Definition, base: Definition | None, facts: Facts, settings: Settings) -> list[str]:
    told = ["Reps are assumed to work as they did: the replay changes who is handed over, not how leads are treated."]
    if base is None:
        told.append("The baseline is what happened: the first episode of each lead.")
    told.append(
        f"Outcomes are those of each lead's first episode; acceptance is judged {settings.mql_days:g} days after the entry,"
        f" SQL after {settings.mql_days + settings.sal_days:g}; younger ones are in no rate."
    )
    told.append("Leads that were never offered to sales have no outcome: the bounds say what that could hide.")
    told.append(f"Intervals by account: {DRAWS:,} draws, seed {SEED}.")
    today = [name for name in draft.fields() if name in facts.known().untracked]
    if today:
        told.append(f"Value of today for {', '.join(today)}: their changes were not recorded.")
    return told
