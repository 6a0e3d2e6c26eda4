"""Random cases by seed, shared among fresh processes: each case in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

T = TypeVar("T")


def in_processes(case: Callable[[int, Path], T], first: int, count: int, chunk: int = 5) -> dict[int, T]:
    """seed -> what `case(seed, folder)` gave, for `count` seeds from `first` on. `case`: a function of a module."""
    seeds = range(first, first + count)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
        return dict(zip(seeds, workers.map(partial(_one, case), seeds, chunksize=chunk), strict=True))


def _one(case: Callable[[int, Path], T], seed: int) -> T:
    with TemporaryDirectory() as folder:
        return case(seed, Path(folder))
