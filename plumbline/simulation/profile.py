"""What past customers had in common, against all leads of the period: where a definition may start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.clock import DAY
from plumbline.replay.kernel import NEVER
from plumbline.simulation.conditions import Condition, Looked, is_same_news, look
from plumbline.simulation.rules import period
from plumbline.simulation.run import Ground, Settings
from plumbline.statistics import MINIMUM_N, wilson
from plumbline.statistics.contrasts import p_values, within_strata
from plumbline.statistics.false_discovery import q_values

MORE, LESS = 8, 4
FALSE_DISCOVERY = 0.10
LEAST = 0.03
_APART = 0.05
_TO_WON = 45 + 180  # days from SQL to won, by the usual windows


@dataclass(frozen=True)
class Trait:
    """`k` of `n` customers have it (95 % from `low` to `high`), `all_k` of `all_n` leads; `ratio` of the two shares."""

    condition: Condition
    k: int
    n: int
    low: float
    high: float
    all_k: int
    all_n: int
    q: float

    @property
    def ratio(self) -> float:
        return (self.k / self.n) / (self.all_k / self.all_n)


@dataclass(frozen=True)
class Profile:
    """`outcome`: won, or sql where under 30 customers can be judged. `traits`: more frequent ones first. `view_days`: see `seen_at`."""

    traits: tuple[Trait, ...]
    outcome: str
    wins: int
    customers: int
    leads: int
    looked_at: int
    view_days: float


@dataclass(frozen=True)
class Crowd:
    """The leads that are compared, by row: index, the moment at which each is seen, whether it is a win, its account."""

    rows: np.ndarray
    moments: np.ndarray
    is_win: np.ndarray
    account: np.ndarray


def profile(ground: Ground, settings: Settings) -> Profile:
    """Leads created in the period and old enough to be won (or, where that leaves under 30 customers, to be SQL)."""
    told = ground.verdicts(settings.mql_days, settings.sal_days)
    to_sql = settings.mql_days + settings.sal_days
    customers = int((_old_enough(ground, settings, to_sql + _TO_WON) & told.won).sum())
    has_sql = ground.facts.history.recorded.stage("sql") == "own"  # one that is only implied is no news beside the deals that imply it
    outcome = "won" if customers >= MINIMUM_N or not has_sql else "sql"
    is_old = _old_enough(ground, settings, to_sql + (_TO_WON if outcome == "won" else 0))
    crowd, days = seen_at(np.flatnonzero(is_old), told.won if outcome == "won" else told.sql, ground)
    traits, looked_at = traits_of(crowd, ground)
    return Profile(traits, outcome, int(crowd.is_win.sum()), customers, len(crowd.rows), looked_at, days)


def _old_enough(ground: Ground, settings: Settings, days: float) -> np.ndarray:
    since, until = period(ground, settings)
    created = ground.facts.events.created
    return (created >= since) & (created < until) & (ground.facts.data_through - created >= days * DAY)


def seen_at(rows: np.ndarray, is_win: np.ndarray, ground: Ground) -> tuple[Crowd, float]:
    """A lead is seen as known when its first episode opened; one that was never handed over, after as many days as half of the hand-overs took."""
    opened, created = ground.outcomes.opened[rows], ground.facts.events.created[rows]
    there = opened != NEVER
    wait = int(np.median(np.maximum(opened[there] - created[there], 0))) if there.any() else 0
    moments = np.where(there, opened, np.minimum(created + wait, ground.facts.data_through))
    return Crowd(rows, moments, is_win[rows], ground.outcomes.account[rows]), wait / DAY


def traits_of(crowd: Crowd, ground: Ground) -> tuple[tuple[Trait, ...], int]:
    """(traits, conditions looked at). Benjamini-Hochberg q <= 0.10; what only repeats another trait is left out."""
    wins = int(crowd.is_win.sum())
    if wins < MINIMUM_N:
        return (), 0
    seen = look(ground.facts, crowd.rows, crowd.moments, np.ones(len(crowd.rows), bool))
    p = p_values(seen.holds, crowd.is_win, ~crowd.is_win, crowd.account)
    q = q_values(p)
    chosen: list[tuple[int, Trait]] = []
    room = {True: MORE, False: LESS}
    for c in np.argsort(p, kind="stable"):
        if q[c] > FALSE_DISCOVERY:
            break
        one = _trait(seen, int(c), float(q[c]), crowd)
        is_more = one.ratio > 1
        if abs(one.k / one.n - one.all_k / one.all_n) < LEAST or not room[is_more]:
            continue
        if all(_is_news(seen, int(c), told, is_more, crowd) for told in chosen):
            chosen.append((int(c), one))
            room[is_more] -= 1
    return tuple(sorted((one for _, one in chosen), key=lambda one: -one.ratio)), len(seen.conditions)


def _trait(seen: Looked, c: int, q: float, crowd: Crowd) -> Trait:
    held = seen.holds[:, c]
    k, n = int((held & crowd.is_win).sum()), int(crowd.is_win.sum())
    low, high = wilson(k, n)
    return Trait(seen.conditions[c], k, n, low, high, int(held.sum()), len(held), q)


def _is_news(seen: Looked, c: int, told: tuple[int, Trait], is_more: bool, crowd: Crowd) -> bool:
    """Whether a trait says more than one that is told already: it still tells wins from others among leads that are alike in that one."""
    other, trait = told
    held, held_by_other = seen.holds[:, c], seen.holds[:, other]
    if is_more == (trait.ratio > 1) and is_same_news(seen.conditions[c].rule, trait.condition.rule, held, held_by_other):
        return False
    z, p = within_strata(held, crowd.is_win, ~crowd.is_win, held_by_other.astype(np.int64))
    return p <= _APART and (z > 0) == is_more
