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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from plumbline import __version__
from plumbline.errors import HistoryError, InputError, PlumblineError, StateError
from plumbline.history.schema import FORMAT
from plumbline.history.snapshots import Manifest, importing, manifest_of, prune, publish, published, sha256, snapshot_name
from plumbline.importing import canonical, limits
from plumbline.importing.failure import explained, out_of_memory, tells_of_memory, write_log
from plumbline.importing.feed import Plan
from plumbline.importing.job import Job
from plumbline.importing.ledger import account_of, shown_names
from plumbline.importing.supervise import run_child
from plumbline.importing.turns import IMPORTS
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
    """What an import did. `snapshot` is the published one; `is_new` False: the same files were already there.

    `days`: by table, how many rows give a day without a time of day. `rejects`: the first 20,000; `groups`: all of them by reason.
    """

    tables: dict[str, dict[str, int]]
    rejects: list[dict]
    data_through: str
    time_zone: str
    currency: str
    warnings: list[str]
    snapshot: str
    is_new: bool
    days: dict[str, int] = field(default_factory=dict)
    groups: list[dict] = field(default_factory=list)

    def notes(self) -> list[str]:
        """The warnings, and which dates have no time of day."""
        counts = ", ".join(f"{name} {count}" for name, count in self.days.items())
        return [*self.warnings, *([f"dates without a time of day, each a day of {self.time_zone}: {counts}"] if counts else [])]

    def summary(self) -> dict:
        """What the command prints as json: the first 100 rejects and their number."""
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
            "days": self.days,
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
    with IMPORTS.turn(lambda before: progress(waiting_words(before), 0.0)):
        return _in_turn(plan, history, options, progress, now)


def waiting_words(before: int) -> str:
    """What is said to somebody whose import or check waits for others."""
    return f"waiting: {before} other {'import or check goes' if before == 1 else 'imports and checks go'} first"


def _in_turn(plan: Plan, history: Path, options: Options, progress: Progress, now: datetime) -> Result:
    if options.dry_run:
        try:
            workspace = Path(mkdtemp(prefix="plumbline-dry-run-"))
        except OSError as problem:
            raise InputError(*explained(problem, Path(problem.filename or "/tmp"), "the folder of temporary files")) from None
        return _in_child(plan, history, options, progress, now, workspace, None)
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
        job = Job(plan, workspace, target, name, now, previous, memory_mb=duckdb_mb())
        outcome = _supervise(job, progress)
        total = sum(count["rejected"] for count in outcome["tables"].values())
        shared = {key: outcome[key] for key in ("tables", "data_through", "time_zone", "currency", "warnings", "days")}
        shared["data_through"] += "Z"
        if target is None or folder is None:
            return Result(**shared, rejects=outcome["rejects"], groups=outcome["groups"], snapshot="", is_new=False)
        if not outcome["has_news"]:
            return Result(**shared, rejects=outcome["rejects"], groups=outcome["groups"], snapshot=previous.stem if previous else "", is_new=False)
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
        shared["warnings"] = [*publish_and_prune(history, target, manifest), *shared["warnings"]]
        return Result(**shared, rejects=outcome["rejects"], groups=outcome["groups"], snapshot=name, is_new=True)
    except OSError as problem:
        raise InputError(*explained(problem, history)) from None
    finally:
        hashing.shutdown()
        shutil.rmtree(workspace, ignore_errors=True)


def publish_and_prune(history: Path, target: Path, manifest: Manifest) -> list[str]:
    """Publishes a built snapshot. Which older ones went, and what can no longer fail the import, since it is published, comes back as warnings.
    Raises OSError."""
    publish(history, target, manifest)
    keep = int(setting("keep_snapshots"))
    try:
        removed = prune(history, keep, held_by_a_meeting)
    except StateError as refusal:
        return [f"the import is published, but older snapshots stay, for a meeting may need one of them ({refusal.one_line})"]
    except OSError as problem:
        reason = f"{problem.strerror or problem} ({problem.filename or history})"
        return [f"the import is published, but older snapshots could not be removed: {reason}; they go with the next import that can remove them"]
    if not removed:
        return []
    named = ", ".join(f"{name} (made {made_at})" if made_at else name for name, made_at in removed.items())
    which = "the oldest snapshot was removed" if len(removed) == 1 else f"the {len(removed)} oldest snapshots were removed"
    return [f"{which}, for {keep} stay on disk (PLUMBLINE_KEEP_SNAPSHOTS): {named}"]


def held_by_a_meeting() -> frozenset[str]:
    """Names of the snapshots that a meeting which goes on takes its numbers from. Raises StateError."""
    from plumbline.state import meetings
    from plumbline.state.opening import reading

    with reading() as connection:
        running = meetings.running(connection)
    return frozenset({running.snapshot} if running else ())


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
        rejects, groups = account_of(opened.query('select table_name as "table", file, line, column_name as "column", reason from rejects'))
        opened.close()
    except PlumblineError:
        return None  # damaged: the same files mend it
    told = (current.data_through, current.time_zone, current.currency, current.warnings, current.snapshot)
    return Result(current.tables, rejects, *told, is_new=False, days=current.days, groups=groups)


def duckdb_mb() -> int:
    """Memory that DuckDB may take in the child, MiB; the rest of the child's is for frames beside it."""
    return max(1, limits.import_mb() * 6 // 10)


def _supervise(job: Job, progress: Progress) -> dict:
    """Runs the job in a child within limits and gives its outcome. Raises InputError with what the child said, or how it ended."""
    memory, cpu, wall = limits.import_mb(), int(setting("import_cpu_seconds")), int(setting("import_wall_seconds"))
    step, said = "starting", {}

    def hear(message: dict) -> None:
        nonlocal step, said
        if "step" in message:
            step = message["step"]
            progress(step, message["share"])
        else:
            said = message

    payload = base64.b64encode(pickle.dumps(replace(job, progress=print))).decode()  # functions of the caller do not travel
    ending = run_child("plumbline.importing.child", [payload, json.dumps({"memory_mb": memory, "cpu_seconds": cpu})], wall, memory, hear)
    if "outcome" in said:
        return said["outcome"]
    if "error" in said:
        raise InputError(*said["error"])
    if ending.cut == "late":
        to_do = "raise PLUMBLINE_IMPORT_WALL_SECONDS or import fewer files"
        raise InputError(f"took longer than {wall} seconds and was stopped while {step}", "the import", to_do)
    if ending.status == -24:
        raise InputError(f"used more than {cpu} seconds of processor time while {step}", "the import", "raise PLUMBLINE_IMPORT_CPU_SECONDS")
    crashed = ending.status < 0 or step == "starting"
    if ending.cut == "memory" or tells_of_memory("".join(ending.words)) or (crashed and limits.shell_allows_little()):
        raise InputError(*out_of_memory())
    if ending.status == -9:
        raise InputError(
            f"the reading process was ended from outside while {step}, as a system does that runs out of memory", "the import", "nothing was changed"
        )
    log = write_log("".join(ending.words))
    raise InputError(
        f"the reading process ended unexpectedly while {step} (status {ending.status}: {ending.last_word[:160]})",
        "the import",
        f"nothing was changed; report it with {log}",
    )
