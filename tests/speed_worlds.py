"""Random worlds with a planted truth for speed and persistence: plain numpy, knowing nothing of the product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class SpeedWorld:
    """Episodes as `response_bands` takes them, and what only the maker knows. `codes`: source, fit, part of week, quality as recorded.
    effect: each lead's own gain in the chance to convert from being attempted by the landmark."""

    landmark: float
    wait: np.ndarray
    closed: np.ndarray
    converted: np.ndarray
    codes: dict[str, np.ndarray]
    effect: np.ndarray

    def strata(self, *names: str) -> np.ndarray:
        code = np.zeros(len(self.wait), np.int64)
        for name in names:
            code = code * 10 + self.codes[name]
        return code

    @property
    def open_at_landmark(self) -> np.ndarray:
        return self.closed > self.landmark


MEASURED = ("source", "fit", "part", "quality")
UNMEASURED = ("source", "fit", "part")


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def speed_world(
    seed: int,
    *,
    leads: int | None = None,
    is_null: bool | None = None,
    pull: tuple[float, float] = (0.5, 1.6),
    usual: tuple[float, float] = (-1.6, 0.6),
) -> SpeedWorld:
    """Good leads are called sooner and convert more often, whatever is done. Being attempted by the landmark itself adds what `effect` says, other
    for each source and fit; in a third of the worlds nothing. In half of them quality is a fine-grained thing of which a coarse grade is recorded,
    by which the reps choose: the grade is enough to make groups alike. pull: how strongly quality moves both, in log odds per grade.
    usual: the log odds of being attempted in time."""
    rng = np.random.default_rng(seed)
    n = leads or int(np.exp(rng.uniform(np.log(400), np.log(8000))))
    levels = {"source": rng.integers(2, 7), "fit": rng.integers(2, 4), "part": rng.integers(2, 4)}
    codes = {name: rng.choice(count, n, p=rng.dirichlet(np.full(count, 2.5))) for name, count in levels.items()}
    fine = rng.normal(0, 1, n)
    codes["quality"] = np.digitize(fine, [-0.4, 0.7])
    if rng.random() < 0.5:
        fine = codes["quality"] - 1.0
    speed_of = {name: rng.normal(0, 0.45, count) for name, count in levels.items()}
    chance_of = {name: rng.normal(0, 0.4, count) for name, count in levels.items()}
    gain_of = {name: rng.normal(0.3, 0.3, levels[name]) for name in ("source", "fit")}
    by_speed, by_chance = rng.uniform(*pull, 2)
    line = rng.uniform(*usual) + by_speed * (codes["quality"] - 1) + sum(speed_of[name][codes[name]] for name in levels)
    prompt = rng.random(n) < _sigmoid(line)
    slow_line = rng.uniform(-3.5, -0.8) + by_chance * fine + sum(chance_of[name][codes[name]] for name in levels)
    gain = sum(gain_of[name][codes[name]] for name in gain_of)
    if rng.random() < 1 / 3 if is_null is None else is_null:
        gain = np.zeros(n)
    slow, quick = _sigmoid(slow_line), _sigmoid(slow_line + gain)
    converted = rng.random(n) < np.where(prompt, quick, slow)
    landmark = float(rng.choice([300, 1800, 3600, 86_400, 172_800]))
    wait = np.where(prompt, landmark * rng.random(n) ** 2, landmark * (1 + rng.exponential(3, n)))
    wait[~prompt & (rng.random(n) < 0.2)] = rng.choice([np.inf, np.nan])
    closed = np.where(converted | (rng.random(n) < 0.5), landmark * (1.001 + rng.exponential(40, n)), np.inf)
    gone = rng.random(n) < 0.1 * _sigmoid(-fine)  # left, or had the outcome, before the landmark
    closed[gone] = landmark * rng.random(gone.sum())
    return SpeedWorld(landmark, wait, closed, converted, codes, quick - slow)


@dataclass(frozen=True)
class PersistenceWorld:
    """Episodes as `hazards` and `if_everyone_got` take them, SQLs of contacts, value, cost; hazard: the true one by attempt (1, 2, ...);
    give_up: the first attempt that is not worth its cost, planted."""

    tried: np.ndarray
    contact_attempt: np.ndarray
    ended_by_other: np.ndarray
    is_given_up: np.ndarray
    sqls: int
    contacts: int
    value: float
    cost: float
    hazard: np.ndarray
    give_up: int


def persistence_world(seed: int, *, leads: int | None = None, rises: bool = False) -> PersistenceWorld:
    """Reps call until there is contact, another touch brings it, they give up (more likely with each attempt), or the data end. The chance of
    contact falls by a steady factor, or in one step, or (rises) starts low. The cost lies between what attempts give_up - 1 and give_up are worth."""
    rng = np.random.default_rng(seed)
    n = leads or int(np.exp(rng.uniform(np.log(300), np.log(5000))))
    most, give_up = 12, int(rng.integers(2, 7))
    k = np.arange(1, most + 1)
    if rng.random() < 0.5:
        hazard = rng.uniform(0.22, 0.42) * rng.uniform(0.6, 0.82) ** (k - 1)
    else:
        before = rng.uniform(0.12, 0.3)
        hazard = np.where(k < give_up, before, before * rng.uniform(0.25, 0.55))
    if rises:
        give_up = max(give_up, 4)
        hazard = np.where(k == 1, 0.4, 1.0) * rng.uniform(0.25, 0.4) * np.where(k < give_up, 1.0, rng.uniform(0.15, 0.4))
    leaving = rng.uniform(0.05, 0.2) + rng.uniform(0.0, 0.02) * k
    other, ending = 0.02, 0.02
    tried, contact = np.zeros(n, np.int64), np.zeros(n, np.int64)
    by_other, given_up = np.zeros(n, bool), np.zeros(n, bool)
    active = rng.random(n) > 0.05
    for attempt in range(1, most + 1):
        tried[active] = attempt
        reached = active & (rng.random(n) < hazard[attempt - 1])
        contact[reached] = attempt
        fate = rng.random(n)
        active &= ~reached
        by_other |= active & (fate < other)
        given_up |= active & (fate >= other + ending) & ((fate < other + ending + leaving[attempt - 1]) | (attempt == most))
        active &= fate >= other + ending + leaving[attempt - 1]
    given_up |= tried == 0
    p_sql, contacts = rng.uniform(0.15, 0.5), int((contact > 0).sum())
    value = float(np.exp(rng.uniform(np.log(200), np.log(20_000))))
    above, below = hazard[give_up - 2], hazard[give_up - 1]
    cost = float(p_sql * value * below * (above / below) ** rng.uniform(0.3, 0.7))
    return PersistenceWorld(tried, contact, by_other, given_up, int(rng.binomial(contacts, p_sql)), contacts, value, cost, hazard, give_up)


@dataclass(frozen=True)
class HazardWorld:
    """truth: the share that would be contacted if every one of the episodes got 5 attempts."""

    tried: np.ndarray
    contact_attempt: np.ndarray
    is_given_up: np.ndarray
    truth: float


def hazard_world(seed: int, *, gives_up_on_worse: bool) -> HazardWorld:
    """Reps give up by chance, or on those less likely to be reached: then those called on are better than those given up."""
    rng = np.random.default_rng(seed)
    n, most = int(np.exp(rng.uniform(np.log(600), np.log(5000)))), 6
    falls = rng.uniform(0.7, 0.95) ** np.arange(most)
    chance = rng.beta(2, 5, n) if gives_up_on_worse else np.full(n, rng.uniform(0.15, 0.35))
    leaving = np.where(chance < 0.2, 0.4, 0.08) if gives_up_on_worse else np.full(n, rng.uniform(0.08, 0.25))
    tried, contact, given_up, active = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, bool), np.ones(n, bool)
    for attempt in range(1, most + 1):
        tried[active] = attempt
        reached = active & (rng.random(n) < chance * falls[attempt - 1])
        contact[reached] = attempt
        active &= ~reached
        given_up |= active & (rng.random(n) < leaving)
        active &= ~given_up & (rng.random(n) > 0.02)
    if not gives_up_on_worse:
        return HazardWorld(tried, contact, given_up, float(1 - np.prod(1 - chance[0] * falls[:5])))
    return HazardWorld(tried, contact, given_up, float(1 - np.prod(1 - chance[:, None] * falls[:5], axis=1).mean()))
