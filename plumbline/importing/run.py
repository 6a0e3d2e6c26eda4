"""Imports files into a history: plans, has a child process read and build, publishes what it built.

At every moment the old snapshot is served or the new one; a refusal, a crash or a kill changes nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from plumbline import __version__
from plumbline.errors import HistoryError, InputError, PlumblineError
from plumbline.history.schema import FORMAT
from plumbline.history.snapshots import Manifest, importing, manifest_of, prune, publish, published, sha256, snapshot_name
from plumbline.importing import canonical
from plumbline.importing.feed import Plan
from plumbline.importing.job import Job
from plumbline.importing.ledger import shown_names
from plumbline.settings import setting

PRESETS = ("canonical", "csv")
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Options:
    """What was asked for beside the files. Empty: the mapping's, else the default."""

    mapping: Path | None = None
    encoding: str = ""
    data_through: str = ""
    time_zone: str = ""
    currency: str = ""
    append: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Result:
    """What an import did. `snapshot` is the published one; `is_new` False: the same files were already there."""

    tables: dict[str, dict[str, int]]
    rejects: list[dict]
    data_through: str
    time_zone: str
    currency: str
    warnings: list[str]
    snapshot: str
    is_new: bool

    def summary(self) -> dict:
        """The json of CLI.md: the first 100 rejects and their number."""
        shown = [
            {"file": r["file"], "line": r["line"], "reason": r["reason"], "column": r["column"], "table": r["table"]} for r in self.rejects[:100]
        ]
        return {
            "tables": self.tables,
            "rejects": shown,
            "rejects_total": sum(count["rejected"] for count in self.tables.values()),
            "data_through": self.data_through,
            "time_zone": self.time_zone,
            "currency": self.currency,
            "warnings": self.warnings,
            "snapshot": self.snapshot,
            "is_new": self.is_new,
        }


def make_plan(preset: str, paths: list[Path], options: Options) -> Plan:
    """Which file feeds what. Raises InputError."""
    if preset == "canonical":
        if options.mapping:
            raise InputError("canonical files need no mapping", "--mapping", "leave it out, or import with the preset csv")
        plan = canonical.plan(paths, options.encoding, options.append)
    elif preset == "csv":
        from plumbline.importing import mapped

        if not options.mapping:
            raise InputError("the preset csv needs a mapping", "--mapping", "name a YAML file (sample_data/mappings/ has some to start from)")
        plan = mapped.plan(paths, options.mapping, options.encoding)
    else:
        raise InputError(f"there is no preset {preset!r}", "PRESET", f"choose one of {', '.join(PRESETS)}")
    plan.time_zone = options.time_zone or plan.time_zone
    plan.currency = options.currency or plan.currency
    plan.data_through = options.data_through or plan.data_through
    return plan


def import_files(
    preset: str, paths: list[Path], history: Path, options: Options, progress: Progress = lambda step, share: None, now: datetime | None = None
) -> Result:
    """Imports and publishes. Raises InputError and HistoryError; then nothing has changed."""
    plan = make_plan(preset, paths, options)
    return import_plan(plan, history, options, progress, now or datetime.now(UTC))


def import_plan(plan: Plan, history: Path, options: Options, progress: Progress, now: datetime) -> Result:
    if history.is_dir():
        raise HistoryError("the history is a folder", str(history), "name a file with --history")
    if options.dry_run:
        return _in_child(plan, history, options, progress, now, Path(mkdtemp(prefix="plumbline-dry-run-")), None)
    with importing(history) as folder:
        return _in_child(plan, history, options, progress, now, folder / f".building-{os.getpid()}", folder)


def _in_child(plan: Plan, history: Path, options: Options, progress: Progress, now: datetime, workspace: Path, folder: Path | None) -> Result:
    previous = _sound(history) if options.append and os.path.lexists(history) else None
    hashing = ThreadPoolExecutor(1)
    inputs = hashing.submit(lambda: _inputs(plan))
    if folder and not options.append and (same := _already_there(plan, history, inputs)):
        hashing.shutdown()
        return same
    name = snapshot_name(now, hashlib.sha256(f"{now}{os.getpid()}".encode()).hexdigest())
    target = workspace / f"{name}.duckdb" if folder else None
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        job = Job(plan, workspace, target, name, now, previous, memory_mb=int(setting("import_memory_mb")) * 6 // 10)
        outcome = _supervise(job, progress)
        total = sum(count["rejected"] for count in outcome["tables"].values())
        shared = {key: outcome[key] for key in ("tables", "data_through", "time_zone", "currency", "warnings")}
        shared["data_through"] += "Z"
        if target is None or folder is None:
            return Result(**shared, rejects=outcome["rejects"], snapshot="", is_new=False)
        if not outcome["has_news"]:
            return Result(**shared, rejects=outcome["rejects"], snapshot=previous.stem if previous else "", is_new=False)
        progress("publishing", 0.98)
        manifest = Manifest(
            snapshot=name,
            created_at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            sha256=sha256(target),
            size=target.stat().st_size,
            is_sample=outcome["is_sample"],
            holds=outcome["holds"],
            inputs=inputs.result(),
            fingerprint="" if options.append else _fingerprint(plan, inputs.result()),  # what was added to has no files of its own
            rejects_total=total,
            **shared,
        )
        shared["warnings"] = [*shared["warnings"], *publish_and_prune(history, target, manifest)]
        return Result(**shared, rejects=outcome["rejects"], snapshot=name, is_new=True)
    except OSError as problem:
        raise InputError(
            problem.strerror or str(problem), str(problem.filename or history), "free space or mend the disk, then import again"
        ) from None
    finally:
        hashing.shutdown()
        shutil.rmtree(workspace, ignore_errors=True)


def publish_and_prune(history: Path, target: Path, manifest: Manifest) -> list[str]:
    """Publishes a built snapshot. What can no longer fail the import, since it is published, comes back as warnings. Raises OSError."""
    publish(history, target, manifest)
    try:
        prune(history, int(setting("keep_snapshots")))
    except OSError as problem:
        reason = f"{problem.strerror or problem} ({problem.filename or history})"
        return [f"the import is published, but older snapshots could not be removed: {reason}; they go with the next import that can remove them"]
    return []


def _sound(history: Path) -> Path:
    """The published snapshot, verified and of this format: nothing is ever built on a damaged one. Raises HistoryError."""
    from plumbline.history.connection import History

    opened = History(history)
    opened.close()
    return opened.file


def _inputs(plan: Plan) -> list[dict]:
    """What was imported: `name` and `shown` (the name that tells it from others of that name), size and hash."""
    shown = shown_names(source.path for source in plan.sources)
    paths = [source.path for source in plan.sources]
    return [{"name": path.name, "shown": shown[path], "size": path.stat().st_size, "sha256": sha256(path)} for path in paths]


def _fingerprint(plan: Plan, inputs: list[dict]) -> str:
    """The same files read the same way by the same Plumbline give the same history."""
    meaning = replace(plan, sources=[replace(source, path=Path(source.path.name)) for source in plan.sources], warnings=[])
    files = [(entry["name"], entry["size"], entry["sha256"]) for entry in inputs]  # wherever they lie
    text = json.dumps([__version__, FORMAT, asdict(meaning), files], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _already_there(plan: Plan, history: Path, inputs) -> Result | None:
    """The published snapshot, if it came from the very same files. Hashes only when names and sizes agree."""
    try:
        current = manifest_of(published(history))
    except PlumblineError:
        return None
    if current is None or [(entry["name"], entry["size"]) for entry in current.inputs] != [
        (source.path.name, source.path.stat().st_size) for source in plan.sources
    ]:
        return None
    if current.fingerprint != _fingerprint(plan, inputs.result()):
        return None
    from plumbline.history.connection import History

    try:
        opened = History(history)
        rows = opened.query("select * from rejects").to_dicts()
        opened.close()
    except PlumblineError:
        return None  # damaged: the same files mend it
    rejects = [{"table": r["table_name"], "file": r["file"], "line": r["line"], "column": r["column_name"], "reason": r["reason"]} for r in rows]
    return Result(current.tables, rejects, current.data_through, current.time_zone, current.currency, current.warnings, current.snapshot, False)


def _supervise(job: Job, progress: Progress) -> dict:
    """Runs the job in a child within limits and gives its outcome. Raises InputError with what the child said, or how it ended."""
    limits = {"memory_mb": int(setting("import_memory_mb")), "cpu_seconds": int(setting("import_cpu_seconds"))}
    wall = int(setting("import_wall_seconds"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]))}
    child = subprocess.Popen(
        [sys.executable, "-m", "plumbline.importing.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
    )
    began, step, said = time.monotonic(), "starting", {}
    timer = threading.Timer(wall, child.kill)
    timer.start()
    errors: list[str] = []
    drain = threading.Thread(target=lambda: errors.extend(child.stderr), daemon=True)
    drain.start()
    try:
        payload = replace(job, progress=print)  # functions of the caller do not travel
        child.stdin.write(base64.b64encode(pickle.dumps(payload)).decode() + "\n" + json.dumps(limits) + "\n")
        child.stdin.flush()
        for line in child.stdout:
            try:
                message = json.loads(line)
            except ValueError:  # half a line of a child that was killed
                break
            if "step" in message:
                step = message["step"]
                progress(step, message["share"])
            else:
                said = message
        child.wait()
    finally:
        timer.cancel()
        if child.poll() is None:
            child.kill()
        child.wait()
        drain.join(5)
        for pipe in (child.stdin, child.stdout, child.stderr):
            pipe.close()
    if "outcome" in said:
        return said["outcome"]
    if "error" in said:
        raise InputError(*said["error"])
    if time.monotonic() - began >= wall:
        raise InputError(
            f"took longer than {wall} seconds and was stopped while {step}", "the import", "raise PLUMBLINE_IMPORT_WALL_SECONDS or import fewer files"
        )
    if child.returncode == -24:
        raise InputError(
            f"used more than {limits['cpu_seconds']} seconds of processor time while {step}", "the import", "raise PLUMBLINE_IMPORT_CPU_SECONDS"
        )
    tail = next((line.strip() for line in reversed(errors) if line.strip()), "no word")
    raise InputError(
        f"the reading process ended unexpectedly while {step} (status {child.returncode}: {tail[:160]})",
        "the import",
        "nothing was changed; report this with the file",
    )
