"""The swap-set: who is handed over under both definitions, under one, under none, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from plumbline.replay.kernel import NEVER
from plumbline.simulation.outcomes import Outcomes, Verdicts

SETS = ("kept", "newly_in", "newly_out", "never")
SIDE_OF = {"kept": "definition", "newly_in": "definition", "newly_out": "baseline", "never": "definition"}  # whose instant their outcomes follow


@dataclass(frozen=True)
class Sides:
    """By lead: the instant at which the baseline and the draft first pass it before `until` (NEVER), and whether that lies in the period."""

    baseline: np.ndarray
    draft: np.ndarray
    since: int
    until: int
    created: np.ndarray

    @property
    def baseline_in(self) -> np.ndarray:
        return (self.baseline >= self.since) & (self.baseline < self.until)

    @property
    def draft_in(self) -> np.ndarray:
        return (self.draft >= self.since) & (self.draft < self.until)

    def members(self) -> dict[str, np.ndarray]:
        """Masks of the four sets. In the period: either side's instant is; kept, in and out go by whether a side ever passes before `until`."""
        inside = self.baseline_in | self.draft_in
        before, after = self.baseline < self.until, self.draft < self.until
        return {
            "kept": inside & before & after,
            "newly_in": inside & after & ~before,
            "newly_out": inside & before & ~after,
            "never": (self.created < self.until) & ~before & ~after,
        }


def sides(baseline: np.ndarray, draft: np.ndarray, created: np.ndarray, since: int, until: int) -> Sides:
    """Instants from `until` on are no instants."""
    return Sides(*(np.where(one < until, one, NEVER) for one in (baseline, draft)), since, until, created)


def swap_set(found: Sides, by_side: Mapping[str, Verdicts], shift: Callable[[np.ndarray], np.ndarray]) -> dict[str, dict[str, float | int | None]]:
    """Counts of each set; for the kept ones, the shift in days (positive: later than before). shift: of the leads of a mask."""
    told = {}
    for name, mask in found.members().items():
        judged = by_side[SIDE_OF[name]]
        counts: dict[str, float | int | None] = {
            "n": int(mask.sum()),
            "accepted": int((mask & judged.accepted).sum()),
            "rejected": int((mask & judged.rejected).sum()),
            "sql": int((mask & judged.sql).sum()),
            "won": int((mask & judged.won).sum()),
            "immature": int((mask & judged.immature).sum()),
            "no_outcome": int((mask & ~judged.offered).sum()),
            "decided_before": int((mask & judged.decided_before).sum()),
        }
        if name == "kept":
            counts |= _shift(shift(mask))
        told[name] = counts
    return told


def too_late(found: Sides, judged: Verdicts, outcomes: Outcomes) -> dict[str, float | int | None]:
    """Of the leads that the draft hands over in the period (`of`): how many were decided before, and how many days after their real hand-over
    it comes for those. judged: as of the draft's side."""
    decided = found.draft_in & judged.decided_before
    days = outcomes.days_after_opening(decided, found.draft)
    return {
        "n": int(decided.sum()),
        "of": int(found.draft_in.sum()),
        "later_days_median": _quantile(days, 0.5),
        "later_days_p90": _quantile(days, 0.9),
    }


def part_masks(judged: Verdicts) -> dict[str, np.ndarray]:
    """What is known of each lead, one part each: sql, accepted (no SQL so far), not_accepted (in time), early, unknown (never offered), decided
    (accepted or gone before the side of `judged` hands it over)."""
    offered = judged.offered & ~judged.decided_before
    reached = offered & (judged.sql | judged.accepted)
    return {
        "sql": offered & judged.sql,
        "accepted": reached & ~judged.sql,
        "not_accepted": offered & ~reached & judged.judged,
        "early": offered & ~reached & ~judged.judged,
        "unknown": ~judged.offered,
        "decided": judged.decided_before,
    }


def _shift(days: np.ndarray) -> dict[str, float | int | None]:
    later, sooner = days[days > 0], -days[days < 0]

    return {
        "shift_days_median": _quantile(days, 0.5),
        "shift_days_p90": _quantile(days, 0.9),
        "later": len(later),
        "later_days_median": _quantile(later, 0.5),
        "later_days_p90": _quantile(later, 0.9),
        "sooner": len(sooner),
        "sooner_days_median": _quantile(sooner, 0.5),
        "sooner_days_p90": _quantile(sooner, 0.9),
    }


def _quantile(values: np.ndarray, share: float) -> float | None:
    """Linear between neighbours; None of nothing."""
    return round(float(np.quantile(values, share)), 4) if len(values) else None
