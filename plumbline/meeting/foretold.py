"""The prediction that was signed beside what came since, of the same leads: first passes that met the definition, only those old enough.

A share is held against the signed interval; where it lies outside, it is told only where the two shares differ beyond chance. A mean of weeks is held
against what so many weeks would bring, if they came as the weeks of the simulation did.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from scipy.stats import t as student

from plumbline.agreement.version import Frozen
from plumbline.clock import day_start, time_zone
from plumbline.definition.model import Definition
from plumbline.meeting.quarter import Foreseen, Foretold, Verdict
from plumbline.replay import states_at
from plumbline.replay.facts import micros
from plumbline.replay.kernel import NEVER
from plumbline.replay.run import replay
from plumbline.simulation import volume
from plumbline.simulation.run import Ground
from plumbline.simulation.thresholds import last_instant
from plumbline.statistics import MINIMUM_N, wilson
from plumbline.statistics.differences import Share, difference

LEAST_WEEKS = 4  # whole weeks, under which no mean of weeks is judged


def foretold(frozen: Frozen, definition: Definition, ground: Ground, since: date, until: date) -> Foretold:
    """since, until (exclusive): days of the organisation's zone on which the version was in force; `until` not after the end of the data."""
    told, facts, found = frozen.told(), ground.facts, ground.outcomes
    summary, period = told["summary"], told["period"]
    zone = facts.history.about.time_zone
    first, end = (micros(day_start(day, time_zone(zone))) for day in (since, until))
    judged = ground.verdicts(period["mql_days"], period["sal_days"])
    handed = judged.offered & (found.opened >= first) & (found.opened < end)
    met = handed.copy()
    met[handed] = states_at.meets(facts, definition, facts.events.lead_no[handed], found.opened[handed])
    weeks = volume.weeks(since, until, zone) if since < until else None
    whole = weeks.whole if weeks else np.zeros(0, bool)
    # the last day of the data is seldom whole
    if weeks:
        whole = whole & (weeks.edges[1:] <= facts.data_through + 1)
    qualified = replay(definition, facts, last_instant(facts, end)).qualified_at
    meeting = (qualified >= first) & (qualified < end)

    def by_week(moments: np.ndarray) -> np.ndarray:
        return volume.per_week(moments, weeks)[whole] if weeks else np.zeros(0)

    every, of_those = by_week(found.opened[handed]), by_week(found.opened[met])
    reps = max(1, len(np.unique(found.rep[handed & (found.rep >= 0)])))
    load = summary["load"]["definition"]
    recorded = facts.history.recorded
    figures = [_mean("volume", summary, 1.0, by_week(qualified[meeting]), of_those)]
    if recorded.stage("sql") == "own":  # a stage that is only implied, or that nobody reached, is no figure
        figures.insert(0, _share("sql_rate", summary["sql_rate"]["definition"], handed, met, judged.sql_judged, judged.is_sql))
    if recorded.stage("sal") == "own":
        figures.insert(0, _share("acceptance", summary["acceptance"]["definition"], handed, met, judged.judged, judged.is_accepted))
    if load and recorded.has("owners"):
        figures.append(_mean("load", summary, summary["load"]["reps"], every / reps, of_those / reps))
    busy = load["per_rep_per_week_p95"] if load and recorded.has("owners") else None
    bound = summary["bounds"]["acceptance"]["worst"]
    return Foretold(
        since,
        until,
        tuple(figures),
        int(handed.sum()),
        int(met.sum()),
        int((meeting & (found.opened == NEVER)).sum()),
        int(summary["acceptance"]["definition"]["unknown"]),
        int(summary["qualified"]["definition"]),
        (bound["low"], bound["high"]) if bound else None,
        frozen.of_today,
        (date.fromisoformat(period["since"]), date.fromisoformat(period["until"]) - timedelta(days=1)),
        bool(period["is_mature"]),
        busy,
        int((every / reps > busy).sum()) if busy is not None else 0,
        int(whole.sum()),
    )


def _share(key: str, said: dict, handed: np.ndarray, met: np.ndarray, old_enough: np.ndarray, hits: np.ndarray) -> Foreseen:
    n, k = int((met & old_enough).sum()), int((met & hits).sum())
    every_n, every_k = int((handed & old_enough).sum()), int((handed & hits).sum())
    low, high = wilson(k, n) if n else (None, None)
    came = k / n if n else None
    signed = None if said["rate"] is None else Share(said["rate"], *_interval(said), said["n"])
    verdict = share_verdict(signed, None if came is None else Share(came, low, high, n))
    every = every_k / every_n if every_n else None
    return Foreseen(key, said["rate"], *((signed.low, signed.high) if signed else (None, None)), came, low, high, n, every, every_n, verdict)


def _interval(said: dict) -> tuple[float, float]:
    """By account where it was drawn, which is the wider one as a rule."""
    low, high = said["by_account_low"], said["by_account_high"]
    return (said["low"], said["high"]) if low is None else (min(low, said["rate"]), max(high, said["rate"]))


def share_verdict(signed: Share | None, came: Share | None) -> Verdict:
    """Where a share lies beside the one that was signed."""
    if signed is None or signed.n < MINIMUM_N:
        return "not_told"
    if came is None or came.n < MINIMUM_N:
        return "too_early"
    if signed.low <= came.value <= signed.high:
        return "inside"
    if not difference(came, signed).excludes(0):
        return "near"
    return "above" if came.value > signed.value else "below"


def _mean(key: str, summary: dict, signed_by: float, came: np.ndarray, beside: np.ndarray) -> Foreseen:
    """A mean of whole weeks. signed_by: what the weeks of the simulation are divided by (reps, for the load)."""
    before = [row["definition"] / signed_by for row in summary["per_week"] if row["is_whole"]]
    n = len(came)
    low, high = of_weeks(before, n)
    mean, other = (float(one.mean()) if n else None for one in (came, beside))
    verdict = mean_verdict(low, high, mean, n)
    return Foreseen(key, float(np.mean(before)) if before else None, low, high, mean, None, None, n, other, n, verdict)


def of_weeks(before: Sequence[float], n: int) -> tuple[float | None, float | None]:
    """Between what the mean of `n` further weeks lies, in 95 of 100 cases, by the weeks `before` (Student's t; at least nought)."""
    if len(before) < LEAST_WEEKS:
        return None, None
    spread = float(np.std(before, ddof=1) * np.sqrt(1 / len(before) + 1 / max(1, n)) * student.ppf(0.975, len(before) - 1))
    mean = float(np.mean(before))
    return max(0.0, mean - spread), mean + spread


def mean_verdict(low: float | None, high: float | None, came: float | None, n: int) -> Verdict:
    if low is None or high is None:
        return "not_told"
    if came is None or n < LEAST_WEEKS:
        return "too_early"
    return "inside" if low <= came <= high else "above" if came > high else "below"
