"""Made-up companies for the question of what tells an outcome: honest attributes, weak and strong, beside some that were filled in afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

START = datetime(2025, 1, 1)
DAYS = 400
PLANTED = ("status_today", "lifecycle", "lost_reason", "product", "tags", "owner", "deal_size")
HONEST = ("source", "industry", "employees", "region", "seniority", "budget", "partner_tier", "rare_campaign", "size_band")


@dataclass(frozen=True)
class World:
    """`furthest` (leads): 1 MQL .. 5 won; `exit`: the kind of exit or ''. Attributes by name, '' where not known."""

    furthest: np.ndarray
    exit: np.ndarray
    attributes: dict[str, np.ndarray]
    is_owner_of_won: bool


def world(seed: int) -> World:
    """Base rates of every step are drawn; honest attributes move them by up to 60 % against 5 %."""
    rng = np.random.default_rng([seed, 711])
    n = int(rng.integers(1200, 4500))
    source = rng.choice(["partner", "webinar", "list", "organic"], n, p=[0.2, 0.3, 0.25, 0.25])
    industry = rng.choice([f"industry {k}" for k in range(8)], n)
    employees = np.round(np.exp(rng.normal(4.5, 1.4, n))).astype(int)
    low, high = 0.05, 0.6  # of the worst and the best source
    accepted = np.select([source == "partner", source == "list"], [high, low], rng.uniform(0.2, 0.45))
    odds = accepted / (1 - accepted)
    odds *= np.where(industry == "industry 0", rng.uniform(4, 8), np.where(industry == "industry 1", 1 / rng.uniform(4, 8), 1.0))
    odds *= np.where(employees < 50, 1 / rng.uniform(2, 5), 1.0)
    accepted = odds / (1 + odds)
    steps = [accepted, np.full(n, rng.uniform(0.45, 0.8)), np.full(n, rng.uniform(0.5, 0.85)), np.full(n, rng.uniform(0.35, 0.7))]
    furthest = np.ones(n, int)
    for step in steps:
        furthest += (furthest == furthest.max()) & (rng.random(n) < step)
    is_open = (furthest < 5) & (rng.random(n) < rng.uniform(0.05, 0.35))
    kinds = np.where(furthest == 1, "rejected", rng.choice(["lost", "recycled", "disqualified"], n, p=[0.6, 0.25, 0.15]))
    left = np.where(is_open | (furthest == 5), "", kinds)
    won = furthest == 5
    attributes = {
        "source": source,
        "industry": industry,
        "employees": employees.astype(str),
        "region": rng.choice(["north", "south", "east"], n),
        "seniority": np.where(rng.random(n) < np.where(furthest > 1, 0.7, 0.25), "vp", "staff"),
        "budget": np.where(rng.random(n) < np.where(furthest > 2, 0.75, 0.1), "50000", ""),  # known of some, the better ones mostly
        "partner_tier": np.where(source == "partner", rng.choice(["gold", "silver"], n), ""),
        "rare_campaign": np.where(rng.random(n) < 36 / n, "spring fair", rng.choice(["always on", "brand"], n)),
    }
    attributes |= _afterwards(rng, furthest, left, won)
    return World(furthest, left, attributes, bool(rng.random() < 0.5))


def _afterwards(rng: np.random.Generator, furthest: np.ndarray, left: np.ndarray, won: np.ndarray) -> dict[str, np.ndarray]:
    """What a CRM holds today: filled in at the end, forgotten for some, and one in two hundred is a slip."""
    n = len(furthest)
    slip = rng.random(n) < 0.005
    stages = np.array(["", "MQL", "SAL", "SQL", "Opportunity", "Customer"])
    forgotten = rng.random(n) < rng.uniform(0, 0.4)
    status = np.where(won, "Closed won", np.where(left != "", "Closed lost", "Working"))
    return {
        "status_today": np.where(slip, "Working", status),
        "lifecycle": np.where(left == "recycled", "MQL", stages[furthest]),
        "lost_reason": np.where((left != "") & ~forgotten, rng.choice(["price", "no answer", "timing"], n), ""),
        "product": np.where((won & ~forgotten) | (slip & (rng.random(n) < 0.3)), rng.choice(["suite", "starter", "add-on"], n), ""),
        "tags": np.where(won & ~forgotten, "customer", rng.choice(["", "newsletter", "event"], n)),
        "owner": np.where(won, rng.choice([f"rep {k}" for k in range(9)], n), ""),
        "deal_size": np.where(won, rng.integers(5, 500, n) * 100, 0).astype(str),
    }


def write(made: World, folder: Path) -> dict[str, object]:
    """The canonical folder; gives the options of its import. Owners of won deals alone, or of everybody, as assignments too."""
    folder.mkdir(parents=True)
    n = len(made.furthest)
    created = [START + timedelta(minutes=int(at)) for at in np.linspace(0, DAYS * 1440, n)]
    ids = [f"L{k}" for k in range(n)]
    columns = {name: pl.Series(values.tolist()) for name, values in made.attributes.items()}
    frame = pl.DataFrame({"lead_id": ids, "created_at": created, **columns})
    frame.with_columns(pl.col(pl.String).replace("", None)).write_csv(folder / "leads.csv", datetime_format="%Y-%m-%dT%H:%M:%S")
    stages = ("mql", "sal", "sql", "opportunity", "won")
    rows = []
    for lead, at, furthest, left in zip(ids, created, made.furthest.tolist(), made.exit.tolist(), strict=True):
        rows += [(lead, stages[k], at + timedelta(days=4 * k, hours=1)) for k in range(furthest)]
        if left:
            rows.append((lead, left, at + timedelta(days=4 * furthest)))
    events = pl.DataFrame(rows, schema=["lead_id", "stage", "occurred_at"], orient="row")
    events.write_csv(folder / "stage_changes.csv", datetime_format="%Y-%m-%dT%H:%M:%S")
    owned = [k for k in range(n) if not made.is_owner_of_won or made.furthest[k] == 5]
    given = pl.DataFrame({"lead_id": [ids[k] for k in owned], "rep_id": [f"R{k % 7}" for k in owned], "occurred_at": [created[k] for k in owned]})
    given.write_csv(folder / "assignments.csv", datetime_format="%Y-%m-%dT%H:%M:%S")
    return {"data_through": (START + timedelta(days=DAYS + 300)).date().isoformat()}
