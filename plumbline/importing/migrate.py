"""Moves a history of an older format to the present one: a new snapshot, built from the old one's canonical tables and published like an import."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from plumbline.errors import HistoryError, InputError
from plumbline.history.migrate import OLDER, refusal
from plumbline.history.plain import tell
from plumbline.history.schema import FORMAT
from plumbline.history.snapshots import Manifest, importing, published, sha256, snapshot_name, verify
from plumbline.importing import run
from plumbline.importing.failure import explained
from plumbline.importing.feed import Plan
from plumbline.importing.job import Job
from plumbline.importing.turns import IMPORTS


def migrate(history: Path, progress: run.Progress = lambda step, share: None, now: datetime | None = None) -> run.Result:
    """`is_new` False: it is of the present format already. The old snapshot stays, to roll back to. Raises HistoryError and InputError."""
    file = published(history)
    told = tell(file)
    if told.format == FORMAT:
        return run.Result({}, [], _z(told.about.get("data_through")), "", "", [], str(told.about.get("snapshot", file.stem)), False)
    if told.format not in OLDER:
        raise refusal(told.format, file, history)
    if not isinstance(told.about.get("data_through"), datetime):
        raise HistoryError("the history does not say how far it reaches", str(file), "import the same files again: python -m plumbline import")
    with IMPORTS.turn(lambda before: progress(run.waiting_words(before), 0.0)), importing(history) as folder:
        file = published(history)
        earlier = verify(file, thorough=True)
        return _moved(history, file, earlier, folder, progress, now or datetime.now(UTC))


def _moved(history: Path, file: Path, earlier: Manifest | None, folder: Path, progress: run.Progress, now: datetime) -> run.Result:
    name = snapshot_name(now, hashlib.sha256(f"{now}{os.getpid()}".encode()).hexdigest())
    workspace = folder / f".building-{os.getpid()}"
    target = workspace / f"{name}.duckdb"
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        outcome = run._supervise(Job(Plan([]), workspace, target, name, now, file, run.duckdb_mb(), is_migration=True), progress)
        progress("publishing", 0.98)
        shared = {key: outcome[key] for key in ("tables", "time_zone", "currency", "warnings")}
        shared["data_through"] = f"{outcome['data_through']}Z"
        manifest = Manifest(
            snapshot=name,
            created_at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            sha256=sha256(target),
            size=target.stat().st_size,
            is_sample=outcome["is_sample"],
            holds=outcome["holds"],
            inputs=earlier.inputs if earlier else [],
            fingerprint="",
            rejects_total=sum(count["rejected"] for count in outcome["tables"].values()),
            **shared,
        )
        shared["warnings"] = [*run.publish_and_prune(history, target, manifest), *shared["warnings"]]
        return run.Result(**shared, rejects=outcome["rejects"], groups=outcome["groups"], snapshot=name, is_new=True)
    except OSError as problem:
        raise InputError(*explained(problem, history)) from None
    finally:
        shutil.rmtree(workspace, ignore_errors=True)


def _z(instant: object) -> str:
    return f"{instant.isoformat()}Z" if isinstance(instant, datetime) else ""
