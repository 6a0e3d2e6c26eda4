"""From a move of the slider in the Definition lab to redrawn consequences, in a real Chromium; beside an empty app with as many elements.

`python -m benchmarks.slider HISTORY` measures one history and prints where the time goes.
"""

from __future__ import annotations

import contextlib
import math
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Row
from plumbline.sample_run import make_sample

MOVES = 20
LEADS, SEED = 100_000, 7
GOAL, GOAL_RATIO = 0.350, 1.5
_NOTES = """
window.__seen = {sent: [], got: [], changed: []};
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (...all) { window.__seen.sent.push(performance.now()); return send.apply(this, all); };
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(...all) { super(...all); this.addEventListener('message', () => window.__seen.got.push(performance.now())); }
};
document.addEventListener('keydown', () => { window.__seen = {sent: [], got: [], changed: [], begun: performance.now()}; }, true);
const drawn = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (...all) { window.__seen.changed.push(performance.now()); return drawn.apply(this, all); };
const isSeen = (record) => !(record.target.parentElement ?? record.target).closest('canvas'); // what a table tells screen readers comes later
document.addEventListener('DOMContentLoaded', () => new MutationObserver((all) => all.some(isSeen) && window.__seen.changed.push(performance.now()))
  .observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ['d', 'data-stale', 'data-test-script-state']}));
"""
_EMPTY = """
import streamlit as st

@st.fragment
def show():
    value = st.slider("Threshold", 0, 200, 50)
    for number in range({elements}):
        st.html(f"<p>{{number}}: {{value}}</p>")

show()
"""


@dataclass(frozen=True)
class Move:
    """Seconds from the key: to the question leaving, to the first and the last word of the answer, to the last change on the page."""

    asked: float
    answering: float
    answered: float
    drawn: float
    server: float = math.nan  # processor seconds of the server, where the machine tells them


def measured(folder: Path, history: Path | None = None) -> list[Row]:
    """The rows of the report; none where there is no Chromium or no playwright. Without a history one is made in `folder`."""
    try:
        from tests.browser_support import chromium
    except ImportError:
        return []
    if chromium() is None:
        return []
    if history is None:
        history = folder / "slider" / "h.duckdb"
        make_sample(LEADS, SEED, history, None, None, lambda step, share: None)
    lab, elements = of_lab(history)
    empty = of_empty(elements)
    ours, theirs = _median(lab, "drawn"), _median(empty, "drawn")
    beside = f"an empty app with {elements} elements, {theirs * 1000:.0f} ms"
    rows = [
        Row(f"slider to redrawn consequences, {LEADS:,} leads", ours, None, "", f"{GOAL * 1000:.0f} ms", ours <= GOAL),
        Row("the same", ours, ours / theirs, beside, f"{GOAL_RATIO}", ours / theirs <= GOAL_RATIO),
        Row("of it: the best of the moves", min(move.drawn for move in lab)),
    ]
    parts = {"until asked": ("", "asked"), "asked to the first word": ("asked", "answering"), "first to last word": ("answering", "answered")}
    for name, (a, b) in {**parts, "last word to drawn": ("answered", "drawn")}.items():
        rows.append(Row(f"of it: {name}", statistics.median(getattr(move, b) - (getattr(move, a) if a else 0.0) for move in lab)))
    if (spent := _median(lab, "server")) == spent:
        rows.append(Row("processor time of the server per move", spent, spent / _median(empty, "server"), "the empty app's"))
    return rows


def of_lab(history: Path) -> tuple[list[Move], int]:
    """Moves of the threshold of "Score only" (all of its rules), and how many elements the screen has."""
    from tests.browser_support import opened_page, running_app, wait_until_still

    with running_app(history) as app, _noted(opened_page()) as page:
        page.goto(f"{app.url.rstrip('/')}/definition")
        page.locator(".pl-strip").first.wait_for(timeout=120_000)
        wait_until_still(page)
        page.get_by_role("button", name="Start from").click()
        page.get_by_text("Score only", exact=True).click()
        page.get_by_role("slider").first.wait_for()
        wait_until_still(page)
        page.wait_for_timeout(1500)
        elements = page.locator('[data-testid="stMain"] [data-testid="stElementContainer"]').count()
        return _moves(page, app.process.pid), elements


def of_empty(elements: int) -> list[Move]:
    """The same moves in an app of Streamlit alone: a slider, and as many elements that say its value."""
    from tests.browser_support import free_port, opened_page, running, wait_until_still

    with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as folder:
        script = Path(folder) / "empty.py"
        script.write_text(_EMPTY.format(elements=elements - 1), encoding="utf-8")
        port = free_port()
        told = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
        with running([sys.executable, "-m", "streamlit", "run", str(script), *told], port) as app, _noted(opened_page()) as page:
            page.goto(app.url)
            page.get_by_role("slider").first.wait_for(timeout=60_000)
            wait_until_still(page)
            page.wait_for_timeout(1000)
            return _moves(page, app.process.pid)


@contextlib.contextmanager
def _noted(opening: contextlib.AbstractContextManager) -> Iterator[Any]:
    with opening as (page, _):
        page.add_init_script(_NOTES)
        yield page


def _moves(page: Any, server: int) -> list[Move]:
    from tests.browser_support import wait_until_still

    page.get_by_role("slider").first.focus()
    moves = []
    for number in range(MOVES + 2):  # the first two warm up
        before = _processor_seconds(server)
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(700)
        wait_until_still(page)
        page.wait_for_timeout(300)
        seen = page.evaluate("window.__seen")
        after = [moment for moment in seen["got"] if seen["sent"] and moment > seen["sent"][0]]
        if number >= 2 and after:
            begun = seen["begun"]
            moments = seen["sent"][0], after[0], after[-1], max([*seen["changed"], after[-1]])
            moves.append(Move(*((moment - begun) / 1000 for moment in moments), _processor_seconds(server) - before))
    return moves


def _processor_seconds(process: int) -> float:
    try:
        told = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return math.nan
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _median(moves: list[Move], name: str) -> float:
    return statistics.median(getattr(move, name) for move in moves)


if __name__ == "__main__":
    for row in measured(Path(), Path(sys.argv[1])):
        ratio = "" if row.ratio is None else f"  {row.ratio:.2f} x {row.beside}"
        print(f"{row.what}: {row.seconds * 1000:.0f} ms{ratio}" + (f"  (goal {row.goal})" if row.goal else ""))
