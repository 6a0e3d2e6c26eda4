"""A fresh server and twelve visitors at once, as soon as it says that it is well: each sees a screen, none an error."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.browser_support import ROOT, free_port, running
from tests.figures import measured
from tests.visitors import Visit, visit

SCREENS = ("funnel", "leads", "sources", "accounts")
VISITORS = 12


def first_visits(history: Path) -> list[Visit]:
    port = free_port()
    with running([sys.executable, "-m", "plumbline", "serve", "--history", str(history), "--port", str(port)], port, seconds=180) as app:
        gate = threading.Barrier(VISITORS)

        def one(number: int) -> Visit:
            with visit(port) as opened:
                gate.wait(60)
                return opened.go(SCREENS[number % len(SCREENS)], seconds=180)

        with ThreadPoolExecutor(VISITORS) as pool:
            seen = list(pool.map(one, range(VISITORS)))
        assert "Traceback" not in app.log and "Error" not in app.log, app.log
        return seen


def test_twelve_first_visitors_see_no_error(sample_file: Path) -> None:
    seen = first_visits(sample_file)
    assert [one.errors for one in seen] == [[]] * VISITORS
    assert all(one.elements > 5 for one in seen)
    measured(f"cold start: 0 errors for {VISITORS} visitors at once")


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_twenty_cold_starts(sample_file: Path) -> None:
    wrong = sum(bool(one.errors) for _ in range(20) for one in first_visits(sample_file))
    assert wrong == 0
    measured(f"20 cold starts: {wrong} errors for {20 * VISITORS} first visitors")


LAZY = """
import os, sys
from plumbline.ui import rehearsal
rehearsal.load_modules()
from streamlit.testing.v1 import AppTest
from tests.test_addresses import SCREENS, opened
before = set(sys.modules)
for screen in SCREENS:
    assert not opened(screen, {}).exception
peeked = ("pandas", "pyarrow", "PIL", "narwhals", "polars", "numba", "scipy", "plumbline")
print(*sorted(name for name in set(sys.modules) - before if name.split(".")[0] in peeked))
"""


def test_no_library_that_others_look_for_is_loaded_by_a_screen(sample_file: Path, tmp_path: Path) -> None:
    """Libraries ask whether pandas is there by looking among the modules that are loaded: half-loaded ones must never stand there."""
    environment = {"PLUMBLINE_HISTORY": str(sample_file), "PLUMBLINE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", LAZY], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == []
