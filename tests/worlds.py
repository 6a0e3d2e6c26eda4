"""Worlds in which the truth is known: what sales would have said of every lead, offered to them or not. Hidden quality drives the score,
the past hand-over and the answer alike; some leads are handed over by hand, by somebody who sees a little of the quality."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from plumbline.simulation.bounds import Asked, of_leads

START, DAYS = datetime(2025, 1, 6), 364  # leads come in these; the extract ends 70 days later
GRADES = 20  # of the score in a built history: 5 points a grade


@dataclass(frozen=True)
class World:
    """By lead: `quality`, `score`, `chance` of a yes, the `answer` it would have had, whether it was `offered` (`explored`: at random), is old
    enough to be `judged`, and passes the draft (`drafted`)."""

    quality: np.ndarray
    score: np.ndarray
    chance: np.ndarray
    answer: np.ndarray
    offered: np.ndarray
    explored: np.ndarray
    judged: np.ndarray
    drafted: np.ndarray

    @property
    def truth(self) -> float:
        """The acceptance of the draft's leads, had all been offered."""
        return float(self.answer[self.drafted].mean())

    @property
    def expected(self) -> float:
        """The same, without the luck of the single leads."""
        return float(self.chance[self.drafted].mean())

    def asked(self) -> Asked:
        return Asked(self.drafted, self.drafted, self.offered, self.explored, self.score)

    def bounds(self) -> dict:
        return of_leads(self.asked(), self.judged, self.answer)

    @property
    def holds(self) -> bool:
        """Whether the assumption "monotone" holds: the unknown are no better than the weakest fifth of the offered that the draft passes."""
        unknown, known = self.drafted & ~self.offered, self.drafted & self.judged
        if not unknown.any() or not known.any():
            return True
        weakest = known & (self.score <= np.quantile(self.score[known], 0.2))
        return bool(self.chance[unknown].mean() <= self.chance[weakest].mean())


def world(seed: int, same_score: bool = True, effect: float | None = None, explored: float = 0.05, leads: int | None = None) -> World:
    """`same_score`: sales were given leads by the draft's own score; else by another one. `effect`: correlation of score and quality."""
    rng = np.random.default_rng([20261122, seed, same_score])
    n = leads or int(rng.integers(1500, 8000))
    quality = rng.standard_normal(n)

    def scored(effect: float) -> np.ndarray:
        return effect * quality + np.sqrt(1 - effect**2) * rng.standard_normal(n)

    score = scored(rng.uniform(0.2, 0.8) if effect is None else effect)
    past = score if same_score else scored(rng.uniform(0.2, 0.8))
    chance = 1 / (1 + np.exp(-(rng.uniform(-1.5, 1.5) + rng.uniform(0.5, 2) * quality)))
    by_hand = rng.random(n) < rng.uniform(0, 0.3) / (1 + np.exp(-rng.uniform(0, 2) * quality))
    at_random = rng.random(n) < explored
    offered = (past >= np.quantile(past, 1 - rng.uniform(0.1, 0.4))) | by_hand | at_random
    return World(
        quality=quality,
        score=score,
        chance=chance,
        answer=rng.random(n) < chance,
        offered=offered,
        explored=at_random,
        judged=offered & (rng.random(n) < 0.9),
        drafted=score >= np.quantile(score, 1 - rng.uniform(0.1, 0.6)),
    )


def grades(made: World) -> np.ndarray:
    """The score in whole grades, 0 to 20."""
    return np.clip(np.round(10 + 4 * made.score), 0, GRADES).astype(int)


def yaml(least: int) -> str:
    """A draft that passes leads of at least that grade."""
    rules = ", ".join(f"{{field: grade, at_least: {grade}, points: 5}}" for grade in range(1, GRADES + 1))
    return f"score: {{threshold: {5 * least}, points: [{rules}]}}\n"


def write(made: World, folder: Path, busy_after: bool = False) -> dict[str, str]:
    """The history of a world as canonical files: all leads old enough, accepted ones SQL too. `busy_after`: those that sales accepted visit
    the site a lot afterwards. Gives the options of the import."""
    n = len(made.score)
    created = [START + timedelta(seconds=int(at)) for at in np.linspace(0, DAYS * 86_400 - 1, n)]
    folder.mkdir(parents=True, exist_ok=True)
    ids = [f"L{number}" for number in range(n)]
    arm = np.where(made.explored, "explore", "usual")
    pl.DataFrame({"lead_id": ids, "created_at": created, "grade": grades(made), "handover_arm": arm}).write_csv(folder / "leads.csv")
    stages, acts, owners = [], [], []
    for number in np.flatnonzero(made.offered):
        at = created[number] + timedelta(hours=1)
        stages.append((ids[number], "mql", at))
        owners.append((ids[number], f"R{number % 3}", at))
        answer = made.answer[number]
        stages.append((ids[number], "sal" if answer else "rejected", at + timedelta(days=2)))
        if answer:
            stages.append((ids[number], "sql", at + timedelta(days=20)))
            if busy_after:
                acts += [(ids[number], "web_visit", at + timedelta(days=3 + day)) for day in range(6)]
    if busy_after:
        visits = np.random.default_rng(7).integers(0, 4, n)
        acts += [(ids[number], "web_visit", created[number]) for number in range(n) for _ in range(visits[number])]
    for name, rows, columns in (
        ("stage_changes", stages, ["lead_id", "stage", "occurred_at"]),
        ("activities", acts, ["lead_id", "activity", "occurred_at"]),
        ("assignments", owners, ["lead_id", "rep_id", "occurred_at"]),
    ):
        if rows:
            pl.DataFrame(rows, schema=columns, orient="row").write_csv(folder / f"{name}.csv")
    return {"data_through": f"{START + timedelta(days=DAYS + 70):%Y-%m-%dT%H:%M:%SZ}", "time_zone": "UTC"}
