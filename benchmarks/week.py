"""The weekly review: the value of a week made for the first time, another week of the same history, and the whole screen once it is warm.

`python -m benchmarks.week HISTORY` prints the figures of one history.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from benchmarks.measure import Row, median
from benchmarks.promises import AGREEMENT
from plumbline import workspace
from plumbline.agreement.parse import parse
from plumbline.history.connection import History
from plumbline.meeting import weekly
from plumbline.meeting.week import Agreed

_FIRST, _ANOTHER, _WARM = 10.0, 3.0, 1.0


def measured(history: Path) -> list[Row]:
    """Rows of the report."""
    opened = History(history)
    space, by = workspace.plain(opened), Agreed(parse(AGREEMENT), 1)
    monday = weekly.last_full(space)
    told = []
    for words, week, goal in (("the first", monday, _FIRST), ("another", monday - timedelta(weeks=1), _ANOTHER)):
        began = time.perf_counter()
        weekly.week(space, by, week)
        seconds = time.perf_counter() - began
        told.append(Row(f"a week with all 16 promises, {words}", seconds, None, "", f"<= {goal:.0f} s", seconds <= goal))
    opened.close()
    seconds = _screen(history)
    return [*told, Row("the weekly review, the whole screen, warm", seconds, None, "", f"<= {_WARM:.0f} s", seconds <= _WARM)]


def _screen(history: Path) -> float:
    """Seconds that a run of the whole script takes, once everything is kept. Without an agreement in the store: there the columns are not drawn."""
    from streamlit.testing.v1 import AppTest

    with tempfile.TemporaryDirectory() as home, _environment(PLUMBLINE_HISTORY=str(history), PLUMBLINE_HOME=home, PLUMBLINE_STATE=""):
        at = AppTest.from_file(str(Path(__file__).parents[1] / "app.py"), default_timeout=600).switch_page("pages/meet/weekly.py").run()
        assert not at.exception
        return median(at.run, 5)


@contextmanager
def _environment(**values: str):
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


if __name__ == "__main__":
    for row in measured(Path(sys.argv[1])):
        print(f"{row.what:<75} {row.seconds * 1000:9.0f} ms  {row.goal} {'' if row.is_met is None else 'met' if row.is_met else 'missed'}")
