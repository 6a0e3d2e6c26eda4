"""Worlds with leaks planted, or none: attributes, two periods, who went on. The truth is known; nothing of the product is used but its arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from plumbline.leaks.cells import Cells
from plumbline.leaks.ranking import StepRows

FIELDS = {"source": 6, "campaign": 20, "industry": 8, "size": 7, "region": 6, "role": 6, "seniority": 5, "team": 5, "rep": 25}

WEEKS, YEAR = 26, 52  # of the period, and of what is known before it


@dataclass(frozen=True)
class Planted:
    """So many points fewer go on at `step` in the period, where every (field, code) holds; `since`: from that part of it on (0: all of it)."""

    step: int
    where: tuple[tuple[str, int], ...]
    points: float
    since: float = 0.0


@dataclass
class World:
    cells: Cells
    steps: list[StepRows]
    planted: list[Planted] = field(default_factory=list)

    def place(self, one: Planted) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
        """(step, fields, codes) as a Leak has them."""
        pairs = sorted((self.cells.fields.index(name), code) for name, code in one.where)
        return one.step, tuple(f for f, _ in pairs), tuple(code for _, code in pairs)


def world(rng: np.random.Generator, leads: int, planted: list[Planted], *, mix_moves: bool = False, all_fall: float = 0.0, now: float = 0.4) -> World:
    """`leads` at the first step, some half of which reach the second. Attributes move the chance (standard deviation 0.25 in log odds each field),
    alike in both periods; region goes with team, campaign with source. mix_moves: one source, a poor one, is several times as frequent now.
    all_fall: points by which everything falls now. now: share of the leads that are of the period."""
    names = tuple(FIELDS)
    is_now = rng.random(leads) < now
    moment = rng.spawn(1)[0].random(leads)  # when within its period
    week = np.where(is_now, YEAR + np.floor(moment * WEEKS), np.floor(moment * YEAR)).astype(np.int64)
    codes = np.zeros((leads, len(names)), np.uint8)
    for f, (name, size) in enumerate(FIELDS.items()):
        weight = rng.dirichlet(np.full(size, 4.0))
        drawn = rng.choice(size, leads, p=weight)
        if name == "source" and mix_moves:
            moved = weight * np.where(np.arange(size) == 0, 5.0, 1.0)
            drawn = np.where(is_now, rng.choice(size, leads, p=moved / moved.sum()), drawn)
        codes[:, f] = drawn + 1
    source, campaign = names.index("source"), names.index("campaign")
    codes[:, campaign] = (codes[:, source] - 1) * 3 + codes[:, campaign] % 3 + 1
    together = rng.random(leads) < 0.7
    codes[together, names.index("team")] = np.minimum(codes[together, names.index("region")], FIELDS["team"])
    log_odds = np.zeros(leads)
    for f, size in enumerate(FIELDS.values()):
        effect = rng.normal(0, 0.25, size + 2)
        if f == source:
            effect[1] = -0.9
        log_odds += effect[codes[:, f]]
    steps, there = [], np.arange(leads)
    for step, base in ((1, 0.2), (2, 0.3)):
        chance = 1 / (1 + np.exp(-(base + log_odds[there])))
        chance -= is_now[there] * all_fall
        for one in planted:
            if one.step == step:
                inside = is_now[there] & (moment[there] >= one.since)
                for name, code in one.where:
                    inside &= codes[there, names.index(name)] == code
                chance -= inside * one.points
        good = rng.random(len(there)) < np.clip(chance, 0, 1)
        steps.append(StepRows(step, there.astype(np.int32), good, is_now[there], week[there]))
        there = there[good]
    labels = tuple(("", *(f"{name} {code}" for code in range(1, int(codes[:, f].max()) + 1))) for f, name in enumerate(names))
    return World(Cells(names, labels, codes), steps, planted)
