"""Runs a reading process within its limits and passes on what it says. Whatever becomes of it, the parent goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from plumbline.importing.limits import data_mb

_TICK_SECONDS = 0.1
_LAST_WORDS = 100  # lines of stderr that are kept
_LONGEST_LINE = 2_000


@dataclass
class Ending:
    """How a child ended: its status, why the parent ended it (`late`, `memory`, or empty), and its last words on stderr."""

    status: int
    cut: str
    words: list[str]

    @property
    def last_word(self) -> str:
        """The line that says most: the last that names an error, else the last."""
        said = [line.strip() for line in self.words if line.strip()]
        named = [line for line in said if "Error" in line or "memory" in line or "panicked" in line]
        return (named or said or ["no word"])[-1]


def run_child(module: str, lines: list[str], seconds: float, memory_mb: int, on_message: Callable[[dict], None]) -> Ending:
    """`python -m module` with the lines on its stdin, which stays open: the child ends with us. on_message: each object that it says; may raise.

    It is ended after so many seconds, and when its data take more than so much memory.
    """
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONFAULTHANDLER": "1", "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "4")}
    child = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
    )
    words: deque[str] = deque(maxlen=_LAST_WORDS)
    cut: list[str] = []
    drain = threading.Thread(target=lambda: words.extend(line[:_LONGEST_LINE] for line in child.stderr), daemon=True)
    guard = threading.Thread(target=_watch, args=(child, time.monotonic() + seconds, memory_mb, cut), daemon=True)
    drain.start()
    guard.start()
    try:
        with suppress(BrokenPipeError):  # it ended before it listened: its last words say why
            child.stdin.write("".join(f"{line}\n" for line in lines))
            child.stdin.flush()
        for line in child.stdout:
            try:
                message = json.loads(line)
            except ValueError:  # half a line of a child that was killed
                break
            on_message(message)
        child.wait()
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        drain.join(5)
        guard.join(5)
        with suppress(BrokenPipeError):
            child.stdin.close()
        child.stdout.close()
        child.stderr.close()
    return Ending(child.returncode, cut[0] if cut else "", list(words))


def _watch(child: subprocess.Popen, until: float, memory_mb: int, cut: list[str]) -> None:
    while child.poll() is None:
        reason = "late" if time.monotonic() >= until else "memory" if data_mb(child.pid) > memory_mb else ""
        if reason:
            cut.append(reason)
            child.kill()
            return
        time.sleep(_TICK_SECONDS)
