"""The whole comparison of a draft with what happened, or with another definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

import numpy as np

from plumbline import wording
from plumbline.clock import DAY, MONTH, day_start, time_zone
from plumbline.definition.model import Definition
from plumbline.errors import InputError
from plumbline.replay.facts import Facts, micros
from plumbline.replay.kernel import NEVER
from plumbline.replay.plan import Plan, plan
from plumbline.replay.run import Decisions, replay, replay_plan
from plumbline.simulation import volume
from plumbline.simulation.bounds import Asked, of_leads
from plumbline.simulation.choice import Limits, frontier, validation
from plumbline.simulation.outcomes import Outcomes, Verdicts, as_of_side, outcomes, verdicts
from plumbline.simulation.rates import PROMISED, chance, drawn, rate
from plumbline.simulation.swap import Sides, sides, swap_set, too_late
from plumbline.simulation.thresholds import Swept, grid, halfway, last_instant, swept

DRAWS, SEED = 1000, 20_261_122
EXPLORED = ("handover_arm", "explore")  # the attribute and value that mark leads handed over at random, where the history has it
_MOST_KEPT = 24
_T = TypeVar("_T")
LONGEST = 3660  # days


@dataclass(frozen=True)
class Settings:
    """`since`, `until` (exclusive): days of the organisation's zone. `quota`: qualified leads per quarter. `capacity`: leads per rep per week.

    `seed`: of the draws behind intervals.
    """

    since: date
    until: date
    quota: float | None = None
    capacity: float | None = None
    mql_days: float = 14
    sal_days: float = 45
    seed: int = SEED

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
    _kept: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def verdicts(self, mql_days: float, sal_days: float) -> Verdicts:
        key = (mql_days, sal_days)
        if key not in self._verdicts:
            self._verdicts[key] = verdicts(self.outcomes, self.facts.data_through, mql_days, sal_days)
        return self._verdicts[key]

    def kept(self, key: tuple[str, ...], make: Callable[[], _T]) -> _T:
        """What stays the same while a draft is moved: made at its first use. The latest few; `key` says all that `make` depends on."""
        found = self._kept.get(key)
        if found is None:
            found = make()
            while len(self._kept) >= _MOST_KEPT:
                self._kept.pop(next(iter(self._kept), None), None)
            self._kept[key] = found
        return found

    def known(self, key: tuple[str, ...]) -> Any:
        """What `kept` has of this key; None where it has nothing."""
        return self._kept.get(key)


def ground(facts: Facts) -> Ground:
    return Ground(facts, outcomes(facts))


@dataclass(frozen=True)
class Simulation:
    """`summary`: what `plumbline simulate` prints. The rest: by lead (index), for the lists behind the numbers, and for the charts.

    `verdicts`: of the first episodes as they stand; `by_side` ("baseline", "definition"): without what was decided before the side's own instant.
    """

    summary: dict[str, object]
    sides: Sides
    decisions: Decisions
    verdicts: Verdicts
    by_side: dict[str, Verdicts]
    swept: Swept
    weeks: volume.Weeks
    weekly: dict[str, np.ndarray]


def simulate(draft: Definition, base: Definition | None, ground: Ground, settings: Settings, made: Plan | None = None) -> Simulation:
    """Replays `draft` and compares it with what happened (`base` None) or with another definition, in the period of `settings`."""
    facts, found = ground.facts, ground.outcomes
    zone = time_zone(facts.history.about.time_zone)
    since, until = (micros(day_start(day, zone)) for day in (settings.since, settings.until))
    judged = ground.verdicts(settings.mql_days, settings.sal_days)
    side = (repr(base), repr(settings))
    baseline = found.opened if base is None else ground.kept(("replay", *side), lambda: replay(base, facts, last_instant(facts, until)).qualified_at)
    baseline = np.where(baseline < until, baseline, NEVER)
    weeks = volume.weeks(settings.since, settings.until, facts.history.about.time_zone)
    decisions, table = _swept(draft, ground, made or plan(draft, facts), judged, baseline, weeks, side)
    both = sides(baseline, decisions.qualified_at, facts.events.created, since, until)
    masks = {"baseline": both.baseline_in, "definition": both.draft_in}
    by_side = {
        "baseline": ground.kept(("as of side", *side), lambda: as_of_side(judged, found.decided, both.baseline)),
        "definition": as_of_side(judged, found.decided, both.draft),
    }
    drawn_by = {
        "baseline": ground.kept(("drawn", *side), lambda: drawn(masks["baseline"], by_side["baseline"], found, until, DRAWS, settings.seed)),
        "definition": drawn(masks["definition"], by_side["definition"], found, until, DRAWS, settings.seed),
    }
    weekly = {name: volume.per_week(getattr(both, "baseline" if name == "baseline" else "draft")[mask], weeks) for name, mask in masks.items()}
    quota = volume.quota_of(weeks, settings.quota) if settings.quota else None
    months = (settings.until - settings.since).days / MONTH
    load = _load(both, masks, ground, weeks, weekly, settings, side)
    reps = load["reps"]
    limits = Limits(PROMISED, None if quota is None else float(quota.sum()), settings.capacity * reps if settings.capacity and reps else None)
    rank = None if draft.threshold is None else decisions.score  # at the instant: what came after the hand-over must not rank
    bounded = _bounds(both, rank, by_side["definition"], facts)
    beside = {
        name: {"unknown": int((mask & ~judged.offered).sum()), "decided_before": int((mask & by_side[name].decided_before).sum())}
        for name, mask in masks.items()
    }
    acceptance = {
        name: rate(mask, by_side[name].judged, by_side[name].is_accepted, drawn_by[name].acceptance) | beside[name] for name, mask in masks.items()
    }
    acceptance["p_at_least_promised"] = chance(drawn_by["definition"].acceptance, PROMISED)  # of the known
    acceptance["p_at_least_promised_at_worst"] = chance(drawn_by["definition"].at_worst, PROMISED)
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
        "swap_set": swap_set(both, by_side, partial(_shift, both, None if base else found)),
        "decided_before": too_late(both, by_side["definition"], found),
        "acceptance": acceptance,
        "sql_rate": {
            name: rate(mask, by_side[name].sql_judged, by_side[name].is_sql, drawn_by[name].sql_rate) | beside[name] for name, mask in masks.items()
        },
        "bounds": bounded,
        "load": load,
        "sweep": [] if draft.threshold is None else _sweep_rows(table, draft),
        "frontier": [] if draft.threshold is None else frontier(table, limits, months, weeks.whole),
        "validation": None if draft.threshold is None else validation(table, limits, halfway(weeks)),
        "assumptions": _assumptions(draft, base, facts, settings),
    }
    return Simulation(summary, both, decisions, judged, by_side, table, weeks, weekly)


def _swept(
    draft: Definition, ground: Ground, made: Plan, judged: Verdicts, baseline: np.ndarray, weeks: volume.Weeks, side: tuple[str, str]
) -> tuple[Decisions, Swept]:
    """The decisions of the draft, and the sweep of its thresholds: which stays as it is while only the threshold moves along its grid."""
    key = ("swept", repr(replace(draft, name="", threshold=None)), grid(draft).tobytes().hex(), *side)
    if (table := ground.known(key)) is not None:
        return replay_plan(made, draft, ground.facts, last_instant(ground.facts, int(weeks.edges[-1]))), table
    decisions, table = swept(draft, ground.facts, made, ground.outcomes, judged, baseline, weeks)
    return decisions, ground.kept(key, lambda: table)


def _shift(both: Sides, happened: Outcomes | None, leads: np.ndarray) -> np.ndarray:
    """Days from the baseline's instant to the draft's, of the leads of a mask. happened: where that is the baseline."""
    return happened.days_after_opening(leads, both.draft) if happened else (both.draft[leads] - both.baseline[leads]) / DAY


def _bounds(both: Sides, rank: np.ndarray | None, judged: Verdicts, facts: Facts) -> dict[str, object]:
    explored = np.zeros(facts.leads, bool)
    if EXPLORED[0] in facts.attributes:
        column = facts.column(EXPLORED[0])
        explored = column.at_first == (column.texts.index(EXPLORED[1]) if EXPLORED[1] in column.texts else -1)
    asked = Asked(both.draft_in, both.draft != NEVER, judged.offered, explored, rank)
    return {
        "unknown": int((asked.handed & ~asked.offered).sum()),
        "acceptance": of_leads(asked, judged.judged, judged.is_accepted),
        "sql_rate": of_leads(asked, judged.sql_judged, judged.is_sql),
    }


def _load(
    both: Sides, masks: dict, ground: Ground, weeks: volume.Weeks, weekly: dict, settings: Settings, side: tuple[str, str]
) -> dict[str, object]:
    found, data_through = ground.outcomes, ground.facts.data_through
    active = found.rep[masks["baseline"] & (found.rep >= 0)] if masks["baseline"].any() else found.rep[:0]
    reps = len(np.unique(active)) or found.reps
    told: dict[str, object] = {"reps": reps, "capacity": settings.capacity, "touches_promised": volume.TOUCHES}
    whole = weeks.whole if weeks.whole.any() else np.ones(len(weeks.starts), bool)
    curve = ground.kept(("open",), lambda: volume.stays_open(found.opened, found.closed, NEVER, data_through))

    def one(name: str) -> dict[str, object]:
        mask = masks[name]
        moments = getattr(both, "baseline" if name == "baseline" else "draft")[mask]
        draws = volume.weekly_draws(moments, found.account[mask], weeks, DRAWS, settings.seed)[:, whole]
        each = weekly[name][whole] / reps
        busy = volume.busy_week(draws, weekly[name][whole]) / reps
        return {
            "per_rep_per_week_mean": float(each.mean()),
            "per_rep_per_week_p95": busy,
            "per_rep_per_week_most": float(each.max()),
            "touches_per_rep_per_week": float(each.mean() * volume.TOUCHES),
            "weeks_over_capacity": None if settings.capacity is None else int((each > settings.capacity).sum()),
            "p95_within_capacity": None if settings.capacity is None else bool(busy <= settings.capacity),
            "open_leads": volume.open_leads(moments, found.opened, found.closed, NEVER, data_through, weeks, reps, curve),
        }

    told["baseline"] = ground.kept(("load", *side), lambda: one("baseline")) if reps else None
    told["definition"] = one("definition") if reps else None
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
    recorded = facts.history.recorded
    judged = [f"acceptance is judged {settings.mql_days:g} days after the entry"] if recorded.stage("sal") == "own" else []
    if stands := recorded.stands("sql"):
        judged.append(f"{wording.stage_short(stands)} {'' if judged else 'is judged '}after {settings.mql_days + settings.sal_days:g}")
    told.append(f"Outcomes are those of each lead's first episode{'; ' if judged else ''}{', '.join(judged)}; younger ones are in no rate.")
    told.append("A lead accepted or gone before the instant at which a definition hands it over is decided before: it counts in no rate of it.")
    told.append("Leads that were never offered to sales have no outcome: the bounds say what that could hide.")
    told.append("Bounds called monotone: they do no better than the weakest fifth, by score, of the definition's own leads that were offered.")
    if micros(day_start(settings.until, time_zone(facts.history.about.time_zone))) > facts.data_through + DAY:
        told.append("The history ends before the period does: nothing after its end is counted.")
    told.append(f"Intervals by account: {DRAWS:,} draws, seed {settings.seed}.")
    today = [name for name in draft.fields() if name in facts.known().untracked]
    if today:
        told.append(f"Value of today for {', '.join(today)}: their changes were not recorded.")
    return told
