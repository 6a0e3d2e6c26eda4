"""The sample history: made-up leads at any size, with a truth that says what was planted.

    sample = generate(6000, 42)
    write_folder(sample, "sample_data/history")
    write_truth(sample, "sample_data/truth.json")

plan.py holds every planted number, world.py the words; simulate.py runs the world; events.py and attributes.py write it down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from plumbline.errors import InputError
from plumbline.sample import simulate
from plumbline.sample.files import is_sample, write_folder, write_truth
from plumbline.sample.truth import make_truth

__all__ = ["MOST_LEADS", "Sample", "generate", "is_sample", "write_folder", "write_truth"]

MOST_LEADS = 5_000_000


@dataclass(frozen=True)
class Sample:
    """Canonical tables by name (times naive UTC, microseconds) and what was planted in them."""

    leads: int
    seed: int
    tables: dict[str, pl.DataFrame]
    truth: dict[str, Any]


def generate(leads: int, seed: int) -> Sample:
    """A history of `leads` leads over the same 24 months, whatever their number; the same for the same leads and seed.

    Raises InputError for fewer than 1 lead, more than MOST_LEADS, or a negative seed.
    """
    if not 1 <= leads <= MOST_LEADS:
        raise InputError(f"{leads} leads cannot be made", "--leads", f"ask for 1 to {MOST_LEADS:,}")
    if seed < 0:
        raise InputError(f"{seed} is no seed", "--seed", "use a whole number from 0 on")
    result = simulate.run(leads, seed)
    tables, flaws = simulate.tables(result, leads, seed)
    median_deal = float(tables["deals"].get_column("amount").median() or 0.0)
    return Sample(leads, seed, tables, make_truth(result, flaws, median_deal, leads, seed))
