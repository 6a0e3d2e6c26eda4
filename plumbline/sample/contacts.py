"""How sales goes after a lead: owner, first answer, attempts until contact or until the rep gives up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.sample import plan
from plumbline.sample.draw import chance, lags
from plumbline.sample.hours import Hours
from plumbline.sample.plan import DAY, HOUR


@dataclass
class Pursuit:
    """One place per episode; `attempt_*` one place per attempt, in order of k. -1: never."""

    assigned_at: np.ndarray
    first_at: np.ndarray
    speed: np.ndarray
    contact_at: np.ndarray
    last_at: np.ndarray
    attempt_episode: np.ndarray
    attempt_number: np.ndarray
    attempt_at: np.ndarray
    attempt_reached: np.ndarray


def hazard(k: int, quality: np.ndarray, speed: np.ndarray) -> np.ndarray:
    """Chance that attempt k (from 1) reaches the person."""
    base = plan.HAZARDS[k - 1] * np.exp(plan.QUALITY_ON["log_contact_hazard"] * quality - 0.02)
    return np.clip(base * (1 + plan.SPEED_ON_HAZARD * speed), 0.0, 0.95)


def speed_of(wait: np.ndarray | float) -> np.ndarray:
    """1 for an answer at once, 0.37 after twelve hours, 0 after days (wait in seconds)."""
    return np.exp(-np.maximum(np.asarray(wait, dtype=np.float64), 0.0) / plan.SPEED_SCALE)


def pursue(mql_at: np.ndarray, owned: np.ndarray, quality: np.ndarray, team: np.ndarray, hours: Hours, rng: np.random.Generator) -> Pursuit:
    """Sales' work on the episodes opened at `mql_at`; `owned`: a rep had the lead before."""
    n = len(mql_at)
    delay = np.where(rng.random(n) < 0.12, lags(rng, 5.0 * HOUR, 0.9, n), lags(rng, 210.0, 1.1, n))
    assigned_at = np.where(owned, mql_at, mql_at + delay)
    assigned_at = np.where(~owned & (rng.random(n) < plan.NEVER_ASSIGNED_SHARE), -1, assigned_at)
    never = (rng.random(n) < chance(plan.NEVER_BASE + plan.QUALITY_ON["never_touched"] * quality)) | (assigned_at < 0)

    fast = rng.random(n) < chance(plan.FAST_BASE + plan.QUALITY_ON["fast_answer"] * quality)
    wait = np.where(fast, lags(rng, plan.FAST_MEDIAN, plan.FAST_SIGMA, n), lags(rng, plan.SLOW_MEDIAN, plan.SLOW_SIGMA, n))
    first_at = np.where(never, -1, hours.forward(assigned_at + wait, team, rng))
    speed = np.where(never, 0.0, speed_of(first_at - mql_at))

    contact_at = np.full(n, -1, dtype=np.int64)
    last_at = first_at.copy()
    rows: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
    episode, at = np.flatnonzero(~never), first_at[~never]
    for k in range(1, len(plan.HAZARDS) + 1):
        reached = rng.random(len(episode)) < hazard(k, quality[episode], speed[episode])
        rows.append((episode, np.full(len(episode), k), at, reached))
        last_at[episode] = at
        contact_at[episode[reached]] = at[reached]
        goes_on = ~reached & (rng.random(len(episode)) >= plan.GIVE_UP_CHANCE)
        episode, at = episode[goes_on], at[goes_on]
        at = hours.forward(at + lags(rng, 1.2 * DAY, 0.7, len(at)), team[episode], rng)
    episodes, numbers, times, reached = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return Pursuit(assigned_at, first_at, speed, contact_at, last_at, episodes, numbers, times, reached)


def chance_of_contact(quality: np.ndarray, speed: np.ndarray) -> np.ndarray:
    """Chance that a lead whose first attempt has this speed is reached before the rep gives up (no leak)."""
    going, reached = np.ones(len(quality)), np.zeros(len(quality))
    for k in range(1, len(plan.HAZARDS) + 1):
        h = hazard(k, quality, speed)
        reached += going * h
        going *= (1 - h) * (1 - plan.GIVE_UP_CHANCE)
    return reached
