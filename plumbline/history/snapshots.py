"""Snapshots of a history on disk: built aside, made durable, published by one atomic step, verified, rolled back, pruned.

    NAME.duckdb                      a symbolic link to the published snapshot: this is "the history"
    NAME.duckdb.snapshots/ID.duckdb  one finished snapshot; never written again
    NAME.duckdb.snapshots/ID.json    its manifest: counts, hash of the file, what was imported
    NAME.duckdb.snapshots/ID.replay  columns that replays map into memory, made from the snapshot; may be missing
    NAME.duckdb.snapshots/lock       held by the one process that imports

A DuckDB file that was cut short can open silently with its tail missing (measured), so a snapshot is never changed in place.
"""

from __future__ import annotations

import fcntl
import glob
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from plumbline.errors import HistoryError
from plumbline.history.manifest import KIND, Manifest, differences, read, text_of
from plumbline.history.plain import Told, tell

_CHUNK = 1 << 22
_ADOPTED = "adopted-"  # the name of a plain file that became a snapshot
_FOLDER = ".snapshots"
PREPARED = ".replay"
_MEND = "roll back with: imports --roll-back SNAPSHOT, or import again"


def folder_of(history: Path) -> Path:
    return history.with_name(history.name + _FOLDER)


def published(history: Path) -> Path:
    """The file of the published snapshot. Raises HistoryError where there is none."""
    if not os.path.lexists(history):
        raise HistoryError(
            "there is no history here yet", str(history), "import one, or make one with: python -m plumbline sample --leads 6000 --seed 42"
        )
    target = Path(os.path.realpath(history))
    if not target.is_file():
        what = "is a folder" if target.is_dir() else f"points to {target.name}, which is not there"
        raise HistoryError(f"the history {what}", str(history), _MEND)
    return target


def identity(file: Path) -> str:
    """Changes whenever another file takes this one's place, or its bytes change. Raises HistoryError."""
    try:
        stat = file.stat()
    except OSError as problem:
        raise HistoryError(problem.strerror or "cannot be read", str(file), _MEND) from None
    return f"{stat.st_size}.{stat.st_mtime_ns}.{stat.st_ctime_ns}.{stat.st_ino}"


@contextmanager
def importing(history: Path) -> Iterator[Path]:
    """Holds the lock of a history while one process imports; gives the folder of snapshots, cleared of what a killed import left."""
    folder = folder_of(history)
    _refuse_foreign(history)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / "lock").open("a+")
    except OSError as problem:
        raise not_writable(problem, folder) from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HistoryError("another import of this history is running", str(history), "wait until it ends") from None
        for left_over in [*folder.glob(".building-*"), *history.parent.glob(f".{glob.escape(history.name)}.next-*"), *_half_published(history)]:
            _remove(left_over)
        yield folder


def _refuse_foreign(history: Path) -> None:
    """A plain file that is no database is somebody's own: nothing takes its place."""
    if history.is_symlink() or not history.is_file():
        return
    try:
        with history.open("rb") as file:
            head = file.read(12)
    except OSError as problem:
        raise HistoryError(problem.strerror or "cannot be read", str(history), "check the name and the rights") from None
    if head and head[8:] != b"DUCK":
        raise HistoryError("is no history, and an import would take its place", str(history), "name another file with --history")


def not_writable(problem: OSError, place: Path) -> HistoryError:
    """The refusal of an import where its history cannot be written."""
    to_do = "name a file in a folder that can be written with --history, or such a home folder with PLUMBLINE_HOME"
    return HistoryError(problem.strerror or "cannot be written", str(place), to_do)


def _half_published(history: Path) -> list[Path]:
    """Snapshot files that a killed import named but did not come to describe. Adopted ones never have a manifest, and stay."""
    current = Path(os.path.realpath(history))
    return [
        path
        for path in folder_of(history).glob("*.duckdb")
        if not path.name.startswith(_ADOPTED) and not path.with_suffix(".json").exists() and path.resolve() != current
    ] + [path for path in folder_of(history).glob(f"*{PREPARED}") if not path.with_suffix(".duckdb").exists()]


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
    if (prepared := building.with_suffix(PREPARED)).exists():
        os.replace(prepared, target.with_suffix(PREPARED))
    stat = target.stat()
    _write_manifest(folder, replace(manifest, verified=[stat.st_size, stat.st_mtime_ns, stat.st_ino]))
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
    kept = folder_of(history) / f"{_ADOPTED}{history.stat().st_mtime_ns}.duckdb"
    if not kept.exists():
        os.link(history, kept)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    path = folder / f"{manifest.snapshot}.json"
    aside = folder / f".building-{manifest.snapshot}.json"
    aside.write_text(text_of(manifest), encoding="utf-8")
    _sync(aside)
    os.replace(aside, path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_among_snapshots(file: Path) -> bool:
    """Whether a file lies in a folder that is Plumbline's own."""
    return file.parent.name.endswith(_FOLDER)


def manifest_of(snapshot: Path) -> Manifest | None:
    """The manifest beside a snapshot file, or None for a file without one. Raises HistoryError where it is damaged.

    Outside a folder of snapshots any NAME.json may lie beside NAME.duckdb: one that does not say that it is this file's manifest is not read.
    """
    path = snapshot.with_suffix(".json")
    is_ours = is_among_snapshots(snapshot)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if not is_ours and (not isinstance(told, dict) or told.get("kind") != KIND or told.get("snapshot") != snapshot.stem):
            return None
        return read(told, snapshot.stem)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, RecursionError) as problem:
        if not is_ours:
            return None
        raise HistoryError(f"the manifest is damaged: {_why(problem)}", str(path), _MEND) from None


def verify(snapshot: Path, thorough: bool = False) -> Manifest | None:
    """Compares a snapshot with its manifest: always the size; the hash when the file was touched since, or when `thorough`."""
    manifest = manifest_of(snapshot)
    if manifest is None:
        return None
    stat = snapshot.stat()
    unchanged = manifest.verified == [stat.st_size, stat.st_mtime_ns, stat.st_ino]
    if stat.st_size != manifest.size or ((thorough or not unchanged) and sha256(snapshot) != manifest.sha256):
        raise HistoryError("the snapshot is damaged: it is not what the import wrote", str(snapshot), _MEND)
    return manifest


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _why(problem: Exception) -> str:
    return "it is no JSON" if isinstance(problem, json.JSONDecodeError) else " ".join(str(problem).split())[:60]


def listed(history: Path) -> list[dict]:
    """Every snapshot of a history, newest first, with `is_published`. `leads`: how many the history has after that import.

    The account is the one that lies in the snapshot. `problem`: what is wrong with it or with its manifest, empty where nothing is.
    """
    current = os.path.basename(os.path.realpath(history)) if os.path.lexists(history) else ""
    rows = []
    for path in _snapshot_files(history):
        try:
            rows.append({"snapshot": path.stem, "is_published": path.name == current, **_described(path)})
        except FileNotFoundError:  # pruned meanwhile
            continue
    return sorted(rows, key=lambda row: (row["created_at"], row["snapshot"]), reverse=True)


def _snapshot_files(history: Path) -> list[Path]:
    return [
        path
        for path in folder_of(history).glob("*.duckdb")
        if not path.name.startswith(".") and (path.with_suffix(".json").exists() or is_adopted(path.stem))
    ]


def is_adopted(snapshot: str) -> bool:
    """Whether it was a plain file that lay here before the first import: it has no manifest, and is never pruned."""
    return snapshot.startswith(_ADOPTED)


def _described(path: Path) -> dict:
    """What the list says of one snapshot. Raises FileNotFoundError."""
    manifest, problem, is_damaged = None, "", False
    try:
        manifest = manifest_of(path)
        if manifest is None and not is_adopted(path.stem):
            raise FileNotFoundError(path)
    except HistoryError as refusal:
        problem, is_damaged = refusal.one_line, True
    try:
        told = tell(path)
    except HistoryError as refusal:
        return {"created_at": "", "is_damaged": True, "problem": problem or refusal.one_line}
    if manifest and (other := differences(manifest, told)):
        problem = f"{path.with_suffix('.json')}: the manifest says otherwise than the snapshot ({', '.join(other)}); shown is what the snapshot says"
    return {"is_damaged": is_damaged, "problem": problem, **_account(told, manifest)}


def _account(told: Told, manifest: Manifest | None) -> dict:
    created_at, data_through = told.about.get("created_at"), told.about.get("data_through")
    return {
        "created_at": f"{created_at:%Y-%m-%dT%H:%M:%SZ}" if isinstance(created_at, datetime) else "",
        "data_through": f"{data_through.isoformat()}Z" if isinstance(data_through, datetime) else "",
        "leads": told.holds.get("leads"),
        "leads_brought": told.tables.get("leads", {}).get("kept", 0) if manifest else None,
        "rejects_total": told.rejects_total,
        "files": [entry.get("shown", entry["name"]) for entry in manifest.inputs] if manifest else [],
        "tables": told.tables,
        "holds": told.holds,
        "warnings": told.warnings,
    }


def roll_back(history: Path, snapshot: str) -> dict:
    """Publishes an older snapshot again, after verifying it whole."""
    rows = {row["snapshot"]: row for row in listed(history)}
    if snapshot not in rows:
        known = ", ".join(list(rows)[:5]) or "none"
        raise HistoryError(f"no snapshot is called {snapshot!r}", str(folder_of(history)), f"choose one of: {known}")
    with importing(history) as folder:
        target = folder / f"{snapshot}.duckdb"
        if verify(target, thorough=True) is None:
            tell(target)
        point_to(history, target)
    return next(row for row in listed(history) if row["snapshot"] == snapshot)


def prune(history: Path, keep: int, held: Callable[[], Collection[str]] = frozenset) -> dict[str, str]:
    """Removes all but the newest `keep` snapshots; never the published one, one that is held, a file that was adopted. Returns those removed: name ->
    when it was made, as its manifest says (empty: it says nothing).

    held: names of those that somebody still reads; asked only where there is something to remove.
    """
    current = os.path.basename(os.path.realpath(history)) if os.path.lexists(history) else ""
    older = sorted((path for path in _snapshot_files(history) if not is_adopted(path.stem)), key=_age, reverse=True)[keep:]
    wanted = [path for path in older if path.name != current]
    held_now = held() if wanted else ()
    removed = {}
    for path in wanted:
        if path.stem not in held_now:
            made_at = _age(path)[0]
            for suffix in (".json", ".duckdb", PREPARED):
                path.with_suffix(suffix).unlink(missing_ok=True)
            removed[path.stem] = made_at
    return removed


def _age(path: Path) -> tuple[str, str]:
    """By when it was made, as its manifest says; a damaged one is the oldest."""
    try:
        manifest = manifest_of(path)
    except HistoryError:
        manifest = None
    return (manifest.created_at if manifest else "", path.stem)


def snapshot_name(now: datetime, fingerprint: str) -> str:
    return f"{now:%Y%m%dT%H%M%S%f}Z-{fingerprint[:8]}"
