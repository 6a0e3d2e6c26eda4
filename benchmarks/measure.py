"""How something is timed, and the row that the report shows of it."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the report. `seconds`: median wall time; `beside`: what the ratio is to; `goal`: in the words of the table."""

    what: str
    seconds: float
    ratio: float | None = None
    beside: str = ""
    goal: str = ""
    is_met: bool | None = None


@dataclass(frozen=True)
class Spent:
    """Wall and processor seconds of one run, children's included."""

    wall: float
    cpu: float


def once(work: Callable[[], object]) -> Spent:
    began, used = time.perf_counter(), _cpu()
    work()
    return Spent(time.perf_counter() - began, _cpu() - used)


def median(work: Callable[[], object], runs: int = 7) -> float:
    """Median wall seconds of `runs` runs, after one that warms up."""
    work()
    return statistics.median(once(work).wall for _ in range(runs))


def _cpu() -> float:
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def peak_of_children_gb() -> float:
    """The most memory that any child had resident, in GB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e9
