"""Snapshots of a history on disk: built aside, made durable, published by one atomic step, verified, rolled back, pruned.

    NAME.duckdb                      a symbolic link to the published snapshot: this is "the history"
    NAME.duckdb.snapshots/ID.duckdb  one finished snapshot; never written again
    NAME.duckdb.snapshots/ID.json    its manifest: counts, hash of the file, what was imported
    NAME.duckdb.snapshots/lock       held by the one process that imports

A DuckDB file that was cut short can open silently with its tail missing (measured), so a snapshot is never changed in place.
"""

from __future__ import annotations

import fcntl
import glob
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from plumbline.errors import HistoryError

_CHUNK = 1 << 22


@dataclass(frozen=True)
class Manifest:
    """What is known of a snapshot without opening it. `verified`: size, mtime (ns) and inode at which `sha256` was true."""

    snapshot: str
    created_at: str
    sha256: str
    size: int
    data_through: str
    time_zone: str
    currency: str
    is_sample: bool
    inputs: list[dict]
    fingerprint: str
    tables: dict[str, dict[str, int]]
    rejects_total: int
    warnings: list[str]
    verified: list[int] = field(default_factory=list)


def folder_of(history: Path) -> Path:
    return history.with_name(history.name + ".snapshots")


def published(history: Path) -> Path:
    """The file of the published snapshot. Raises HistoryError where there is none."""
    if not os.path.lexists(history):
        raise HistoryError(
            "there is no history here yet", str(history), "import one, or make one with: python -m plumbline sample --leads 6000 --seed 42"
        )
    target = Path(os.path.realpath(history))
    if not target.is_file():
        what = "is a folder" if target.is_dir() else f"points to {target.name}, which is not there"
        raise HistoryError(f"the history {what}", str(history), "roll back with: imports --roll-back SNAPSHOT, or import again")
    return target


@contextmanager
def importing(history: Path) -> Iterator[Path]:
    """Holds the lock of a history while one process imports; gives the folder of snapshots, cleared of what a killed import left."""
    folder = folder_of(history)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / "lock").open("a+")
    except OSError as problem:
        raise HistoryError(problem.strerror or "cannot be written", str(folder), "choose a folder that can be written with --history") from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HistoryError("another import of this history is running", str(history), "wait until it ends") from None
        for left_over in [*folder.glob(".building-*"), *history.parent.glob(f".{glob.escape(history.name)}.next-*"), *_half_published(history)]:
            _remove(left_over)
        yield folder


def _half_published(history: Path) -> list[Path]:
    """Snapshot files that a killed import named but did not come to describe. Adopted ones never have a manifest, and stay."""
    current = Path(os.path.realpath(history))
    return [
        path
        for path in folder_of(history).glob("*.duckdb")
        if not path.name.startswith("adopted-") and not path.with_suffix(".json").exists() and path.resolve() != current
    ]


def _remove(path: Path) -> None:
    if path.is_dir():
        for child in path.iterdir():
            _remove(child)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def publish(history: Path, building: Path, manifest: Manifest) -> Path:
    """Makes a built file the history: synced, renamed, described, pointed to. At every moment the old or the new one is served."""
    folder = folder_of(history)
    target = folder / f"{manifest.snapshot}.duckdb"
    _sync(building)
    os.replace(building, target)
    stat = target.stat()
    _write_manifest(folder, Manifest(**{**asdict(manifest), "verified": [stat.st_size, stat.st_mtime_ns, stat.st_ino]}))
    point_to(history, target)
    return target


def point_to(history: Path, target: Path) -> None:
    """Swings the link. Atomic: readers see the old snapshot or the new one."""
    if history.exists() and not history.is_symlink():
        _adopt(history)
    link = history.with_name(f".{history.name}.next-{os.getpid()}")
    link.unlink(missing_ok=True)
    os.symlink(os.path.join(folder_of(history).name, target.name), link)
    os.replace(link, history)
    _sync(history.parent)


def _adopt(history: Path) -> None:
    """A history that was copied here as one plain file becomes a snapshot, so that nothing is overwritten."""
    kept = folder_of(history) / f"adopted-{history.stat().st_mtime_ns}.duckdb"
    if not kept.exists():
        os.link(history, kept)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    path = folder / f"{manifest.snapshot}.json"
    aside = folder / f".building-{manifest.snapshot}.json"
    aside.write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False), encoding="utf-8")
    _sync(aside)
    os.replace(aside, path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def manifest_of(snapshot: Path) -> Manifest | None:
    """The manifest beside a snapshot file, or None for a file that was copied without it. Raises HistoryError where it is damaged."""
    path = snapshot.with_suffix(".json")
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as problem:
        raise HistoryError(
            f"the manifest is damaged ({str(problem)[:60]})", str(path), "roll back with: imports --roll-back SNAPSHOT, or import again"
        ) from None


def verify(snapshot: Path, thorough: bool = False) -> Manifest | None:
    """Compares a snapshot with its manifest: always the size; the hash when the file was touched since, or when `thorough`."""
    manifest = manifest_of(snapshot)
    if manifest is None:
        return None
    stat = snapshot.stat()
    unchanged = manifest.verified == [stat.st_size, stat.st_mtime_ns, stat.st_ino]
    if stat.st_size != manifest.size or ((thorough or not unchanged) and sha256(snapshot) != manifest.sha256):
        to_do = "roll back with: imports --roll-back SNAPSHOT, or import again"
        raise HistoryError("the snapshot is damaged: it is not what the import wrote", str(snapshot), to_do)
    return manifest


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def listed(history: Path) -> list[dict]:
    """Every snapshot of a history, newest first, with `is_published`."""
    current = os.path.basename(os.path.realpath(history)) if os.path.lexists(history) else ""
    rows = []
    for path in folder_of(history).glob("*.json"):
        if path.name.startswith("."):
            continue
        try:
            manifest = manifest_of(path.with_suffix(".duckdb"))
        except HistoryError:
            manifest = None
        if not path.with_suffix(".duckdb").exists():
            continue
        if manifest is None:
            rows.append({"snapshot": path.stem, "created_at": "", "is_published": f"{path.stem}.duckdb" == current, "is_damaged": True})
            continue
        rows.append(
            {
                "snapshot": manifest.snapshot,
                "created_at": manifest.created_at,
                "is_published": f"{manifest.snapshot}.duckdb" == current,
                "is_damaged": False,
                "data_through": manifest.data_through,
                "leads": manifest.tables.get("leads", {}).get("kept", 0),
                "rejects_total": manifest.rejects_total,
                "files": [entry["name"] for entry in manifest.inputs],
                "tables": manifest.tables,
                "warnings": manifest.warnings,
            }
        )
    return sorted(rows, key=lambda row: (row["created_at"], row["snapshot"]), reverse=True)


def roll_back(history: Path, snapshot: str) -> dict:
    """Publishes an older snapshot again, after verifying it whole."""
    rows = {row["snapshot"]: row for row in listed(history)}
    if snapshot not in rows:
        known = ", ".join(list(rows)[:5]) or "none"
        raise HistoryError(f"no snapshot is called {snapshot!r}", str(folder_of(history)), f"choose one of: {known}")
    with importing(history) as folder:
        target = folder / f"{snapshot}.duckdb"
        verify(target, thorough=True)
        point_to(history, target)
    return next(row for row in listed(history) if row["snapshot"] == snapshot)


def prune(history: Path, keep: int) -> list[str]:
    """Removes all but the newest `keep` snapshots; never the published one. Returns the names removed."""
    removed = []
    for row in listed(history)[keep:]:
        if not row["is_published"]:
            for suffix in (".json", ".duckdb"):
                (folder_of(history) / f"{row['snapshot']}{suffix}").unlink(missing_ok=True)
            removed.append(row["snapshot"])
    return removed


def snapshot_name(now: datetime, fingerprint: str) -> str:
    return f"{now:%Y%m%dT%H%M%S%f}Z-{fingerprint[:8]}"
