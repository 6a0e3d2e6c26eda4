"""The ranking of leaks over every segment and pair, the first time and after, and the metrics of leaks, sources and accounts.

`python -m benchmarks.leaks HISTORY` prints the figures of one history.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.measure import Row, median
from plumbline.clock import time_zone
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.leaks.cells import cells
from plumbline.leaks.judged import of_period
from plumbline.leaks.ranked import ranked
from plumbline.metrics import all_metrics, rows, run

_GOAL, _FIRST, _AFTER = 0.150, 3.0, 0.300
_TOPICS = ("leaks/", "sources/", "accounts/", "forecast/")


def measured(history: Path) -> list[Row]:
    """Rows of the report."""
    opened = History(history)
    day = opened.about.data_through
    chosen = {
        "the last half year": Filters(since=(day - timedelta(days=182)).date()),
        "the last quarter": Filters(since=(day - timedelta(days=91)).date()),
    }
    run(opened, "leaks/ranked", Filters(since=day.date()))  # compiles
    told: list[Row] = []
    known = always = None
    for words, filters in chosen.items():
        began = time.perf_counter()
        known = known or cells(opened)
        always = rows(opened, "leaks/ranked", Filters()) if always is None else always  # as the screen keeps them
        found = ranked(opened, of_period(always, filters.since, None, time_zone(opened.about.time_zone)), known)
        seconds = time.perf_counter() - began
        looked = f"{found.looked_at:,} segments and pairs, {len(found.leaks)} leaks"
        goal = (f"<= {_FIRST:.0f} s", seconds <= _FIRST) if words == "the last half year" else (f"<= {_AFTER * 1000:.0f} ms", seconds <= _AFTER)
        told.append(Row(f"leaks/ranked, {words}: {looked}", seconds, None, "", *goal))
    everything = {"no filter": Filters(), **chosen}
    for name in sorted(name for name in all_metrics() if name.startswith(_TOPICS) and name != "leaks/ranked"):
        for words in ("no filter", "the last half year"):
            seconds = median(lambda name=name, words=words: run(opened, name, everything[words]), 5)
            told.append(Row(f"{name}, {words}", seconds, None, "", "<= 150 ms", seconds <= _GOAL))
    opened.close()
    return told


if __name__ == "__main__":
    for row in measured(Path(sys.argv[1])):
        print(f"{row.what:<75} {row.seconds * 1000:9.0f} ms  {row.goal} {'' if row.is_met is None else 'met' if row.is_met else 'missed'}")
