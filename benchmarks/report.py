"""The table, on the terminal and in docs/benchmarks.md."""

from __future__ import annotations

import math
import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Row

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def text(rows: list[Row], leads: int, day: date) -> str:
    """The page as Markdown."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "polars", "numpy", "numba"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}, {versions}"
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench` on {day:%Y-%m-%d}: {leads:,} generated leads; load when it ended: {os.getloadavg()[0]:.1f}.",
        f"{machine}.",
        "Medians of one run. Seconds drift with the machine and with what else it does; the ratios are what counts.",
        "",
        "| what | median | ratio | to | goal | |",
        "|---|---:|---:|---|---|---|",
    ]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        verdict = "" if row.is_met is None else "met" if row.is_met else "missed"
        lines.append(f"| {row.what} | {_time(row.seconds)} | {ratio} | {row.beside} | {row.goal} | {verdict} |")
    return "\n".join(lines) + "\n"


def _time(seconds: float) -> str:
    if math.isnan(seconds):
        return ""
    if seconds >= 2:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"
