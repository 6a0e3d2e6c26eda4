"""Runs the real command line in a process of its own, and says what a user would have seen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    @property
    def json(self) -> object:
        """The one JSON value on stdout; fails where there is anything beside it."""
        return json.loads(self.out)

    @property
    def refusal(self) -> str:
        """The one line of a refusal; fails where it was none, or where it was more than one line."""
        lines = self.err.splitlines()
        assert "Traceback" not in self.err, self.err
        assert self.status == 1, (self.status, self.out, self.err)
        assert len(lines) == 1, self.err
        assert lines[0].startswith("error: "), self.err
        assert self.out == ""
        return lines[0]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "plumbline", *(os.fspath(word) if isinstance(word, Path) else str(word) for word in arguments)]


def plumbline(*arguments: object, cwd: Path | None = None, **environment: str) -> Said:
    """`python -m plumbline ARGUMENTS` with the settings of `environment`."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "300", **environment}
    done = subprocess.run(command(*arguments), capture_output=True, cwd=cwd or ROOT, env=settings, timeout=240, check=False)
    return Said(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "surrogateescape"))


def twin(history: Path, place: Path) -> Path:
    """A history of the same files (hard links: nothing is copied, and nothing needs to be verified anew)."""
    ours = place / f"{history.name}.snapshots"
    shutil.copytree(history.with_name(history.name + ".snapshots"), ours, copy_function=os.link, ignore=shutil.ignore_patterns("lock"))
    os.symlink(os.readlink(history), place / history.name)
    return place / history.name
