"""The command `check`: is this installation, its settings and its history as they should be, and what to do where not."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo

from plumbline.agreement.verify import verify as verify_agreements
from plumbline.errors import PlumblineError
from plumbline.history.connection import History
from plumbline.history.manifest import differences
from plumbline.history.plain import tell
from plumbline.history.snapshots import published, verify
from plumbline.settings import SETTINGS, home
from plumbline.sqlfiles import sql
from plumbline.state import audit, integrity
from plumbline.state.address import address
from plumbline.state.migrate import revision_of
from plumbline.state.opening import reading

ROOT = Path(__file__).resolve().parents[1]
_NEEDED = (
    "streamlit",
    "duckdb",
    "plotly",
    "polars",
    "numpy",
    "numba",
    "scipy",
    "typer",
    "rich",
    "platformdirs",
    "ruamel.yaml",
    "sqlalchemy",
    "alembic",
)
_LOW_SPACE_MB = 1024
_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")


def checks(history: Path, audit_head: str = "") -> list[dict[str, object]]:
    """One row a check: `name`, `ok`, `detail`, `to_do` (empty where ok); of the store one row a fault. Never raises for what a user can cause.

    audit_head: of the log of changes, as an exported document shows it: whether the log still holds it.

    Reads the whole published snapshot (its hash); writes nothing but one temporary file in the home folder.
    """
    steps: list[tuple[str, Callable[[], tuple[bool, str, str]]]] = [
        ("Python", _python),
        ("packages", _packages),
        ("settings", _settings),
        ("home folder", _home),
        ("time zones", _time_zones),
        ("disk space", lambda: _disk_space(history)),
        ("history", lambda: _history(history)),
        ("tables", lambda: _tables(history)),
        ("data", lambda: _data(history)),
        ("browser", lambda: (True, "Chromium is not needed to run Plumbline, only for its browser tests", "")),
    ]
    return [*(_row(name, step) for name, step in steps), *_store(audit_head)]


def _store(audit_head: str) -> list[dict[str, object]]:
    """The app's own store: can it be read, does its log of changes fit, are all seals what they should be."""
    rows = [_row("store", _opens)]
    for name, faults in (
        ("store file", _file_faults),
        ("audit log", lambda: [*audit.verify(), *_lost(audit_head)]),
        ("agreements", verify_agreements),
    ):
        if not rows[0]["ok"]:
            break
        found: list[str] = []
        fit = _row(name, lambda faults=faults, found=found: (not found.extend(faults()), "all of it fits", ""))
        to_do = "put back a copy of the store, and ask who could write to it"
        rows += [{"name": name, "ok": False, "detail": line, "to_do": to_do} for line in found] or [fit]
    return rows


def _opens() -> tuple[bool, str, str]:
    place = address()
    with reading(place) as connection:
        revision, head = revision_of(connection), audit.head(connection)
    if revision is None:
        return True, f"{place.told} (made when first needed)", ""
    return True, f"{place.told}, version {revision}, head of the log {head}", ""


def _file_faults() -> list[str]:
    with reading() as connection:
        return integrity.faults(connection)


def _lost(audit_head: str) -> list[str]:
    if not audit_head:
        return []
    with reading() as connection:
        return (
            [] if audit.holds(connection, audit_head) else [f"the head {audit_head[:64]} is not in the audit log: rows were removed, or written anew"]
        )


def _row(name: str, step: Callable[[], tuple[bool, str, str]]) -> dict[str, object]:
    try:
        ok, detail, to_do = step()
    except PlumblineError as refusal:
        ok, detail, to_do = False, f"{refusal.where}: {refusal.what}" if refusal.where else refusal.what, refusal.to_do
    except OSError as problem:
        ok, detail, to_do = False, f"{problem.filename or name}: {problem.strerror or problem}", "check the name, the rights and the free space"
    except Exception as problem:  # a check that fails is a row, whatever failed
        ok, detail, to_do = (
            False,
            f"{type(problem).__name__}: {' '.join(str(problem).split())[:160]}",
            "report this line: a defect",
        )
    return {"name": name, "ok": ok, "detail": detail, "to_do": to_do}


def _python() -> tuple[bool, str, str]:
    running = ".".join(str(part) for part in sys.version_info[:3])
    return sys.version_info >= (3, 11), running, "" if sys.version_info >= (3, 11) else "install Python 3.11 or newer, then: make run"


def _pins() -> dict[str, set[str]]:
    """Name (normalised) -> versions of the lock (more than one where Pythons differ); empty where the lock is not there."""
    lock = ROOT / "requirements.txt"
    if not lock.exists():
        return {}
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    pins: dict[str, set[str]] = {}
    for name, version in found:
        pins.setdefault(re.sub(r"[-_.]+", "-", name).lower(), set()).add(version)
    return pins


def _packages() -> tuple[bool, str, str]:
    pins, missing, other, fitting = _pins(), [], [], 0
    for name in _NEEDED:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        wanted = pins.get(re.sub(r"[-_.]+", "-", name).lower(), {version})
        if version in wanted:
            fitting += 1
        else:
            other.append(f"{name} {version}, the lock has {' or '.join(sorted(wanted))}")
    to_do = "make run sets up .venv from the lock" if missing or other else ""
    told = [f"{fitting} of {len(_NEEDED)} at the versions of the lock", *(f"{name} is missing" for name in missing), *other]
    return not (missing or other), "; ".join(told), to_do


def _settings() -> tuple[bool, str, str]:
    changed = [setting.variable for setting in SETTINGS.values() if setting.value() != setting.default]
    unknown = sorted(name for name in os.environ if name.startswith("PLUMBLINE_") and name not in {setting.variable for setting in SETTINGS.values()})
    if unknown:
        return (
            False,
            f"{', '.join(unknown)} is no setting",
            f"unset it; the settings are {', '.join(setting.variable for setting in SETTINGS.values())}",
        )
    return True, f"set: {', '.join(changed)}" if changed else "all at their defaults", ""


def _home() -> tuple[bool, str, str]:
    place = home()
    existing = next(path for path in (place, *place.absolute().parents) if path.exists())
    if not existing.is_dir():
        return False, f"{existing} is no folder", "set PLUMBLINE_HOME to a folder"
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as problem:
        return False, f"{existing}: {problem.strerror}", "set PLUMBLINE_HOME to a folder that can be written"
    return True, f"{place}{'' if place.exists() else ' (made when first needed)'}", ""


def _time_zones() -> tuple[bool, str, str]:
    for zone in _ZONES:
        try:
            ZoneInfo(zone)
        except Exception:
            return False, f"{zone} is not known", "install the package tzdata"
    return True, f"{', '.join(_ZONES)} are known", ""


def _disk_space(history: Path) -> tuple[bool, str, str]:
    place = next(path for path in (history, *history.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free >> 20
    return (
        free >= _LOW_SPACE_MB,
        f"{free:,} MiB free beside the history",
        "" if free >= _LOW_SPACE_MB else "free some space: an import builds the new snapshot beside the old one",
    )


def _history(history: Path) -> tuple[bool, str, str]:
    file = published(history)
    manifest = verify(file, thorough=True)
    opened = History(history)
    opened.close()
    other = differences(manifest, tell(file)) if manifest else []
    if other:
        to_do = "roll back with: imports --roll-back SNAPSHOT, or import again"
        return False, f"{file.with_suffix('.json')}: the manifest says otherwise than the snapshot ({', '.join(other)})", to_do
    how = (
        "a plain file without a manifest: it opens and its counts add up"
        if not manifest
        else "every byte is what the import wrote"
        if manifest.is_sealed
        else "every byte of the snapshot is what the import wrote; its manifest is older and has no seal, but says what the snapshot says"
    )
    return True, f"{history}, snapshot {opened.about.snapshot}, data through {opened.about.data_through:%Y-%m-%d %H:%M} UTC; {how}", ""


def _tables(history: Path) -> tuple[bool, str, str]:
    opened = History(history)
    try:
        named = [f"{name} {rows:,}" for name, rows in opened.query(sql("screens/table_rows")).rows()]
        rejects = opened.query(sql("screens/rejects")).height
    finally:
        opened.close()
    return True, f"{', '.join(named)}; rejects of the last import {rejects:,}", ""


def _data(history: Path) -> tuple[bool, str, str]:
    opened = History(history)
    try:
        strays = opened.query(sql("screens/stray_exits"))["n"].sum()
    finally:
        opened.close()
    exits = f"; exits with no pass open before them, which close nothing: {strays:,}" if strays else ""
    zone = f"time zone {opened.about.time_zone}, currency {opened.about.currency or 'none'}"
    return True, f"{'made-up sample leads, not (or not only) yours' if opened.about.is_sample else 'imported data'}; {zone}{exits}", ""
