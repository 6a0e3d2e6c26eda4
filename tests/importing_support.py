"""Imports canonical folders in the test's own process, without the child: quick, for tests of meaning."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from plumbline.history.connection import History
from plumbline.importing.job import Job, Outcome, run_job
from plumbline.importing.run import Options, make_plan

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def build_file(folder: Path, target: Path, preset: str = "canonical", previous: Path | None = None, **options: object) -> Outcome:
    """Imports `folder` into the snapshot file `target`."""
    workspace = target.with_suffix(".workspace")
    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir(parents=True)
    plan = make_plan(preset, [folder], Options(**options))
    try:
        return run_job(Job(plan, workspace, target, "test", NOW, previous, threads=1))
    finally:
        shutil.rmtree(workspace, ignore_errors=True)


def build_history(folder: Path, target: Path, **options: object) -> History:
    """The same, opened for reading."""
    build_file(folder, target, **options)
    return History(target)


def write_table(folder: Path, name: str, text: str) -> None:
    """Writes one canonical CSV; lines may be indented."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")
