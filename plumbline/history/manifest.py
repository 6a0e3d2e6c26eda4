"""The manifest beside a snapshot: what is known of it without opening it, sealed with a hash of its own content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime

from plumbline.history.plain import Told

KIND = "plumbline snapshot"


@dataclass(frozen=True)
class Manifest:
    """What is known of a snapshot without opening it.

    `tables`: what the import brought; `holds`: rows per table that the history has after it (empty in manifests before 0.1.0);
    `days`: by table, how many rows give a day without a time of day;
    `verified`: size, mtime (ns) and inode at which `sha256` was true; `kind`: by which a manifest is told from any other JSON;
    `seal`: the names of what is sealed, and a hash of it. Older manifests have none: `is_sealed` False.
    """

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
    holds: dict[str, int] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    kind: str = KIND
    is_sealed: bool = False
    seal: dict = field(default_factory=dict)


def text_of(manifest: Manifest) -> str:
    """The manifest as it is written, sealed."""
    told = asdict(replace(manifest, is_sealed=True, seal={}))
    names = sorted(name for name in told if name != "seal")
    told["seal"] = {"of": names, "sha256": _hash(told, names)}
    return json.dumps(told, indent=1, ensure_ascii=False)


def _hash(told: dict, names: list[str]) -> str:
    content = json.dumps([[name, told[name]] for name in names], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()


def read(told: object, name: str) -> Manifest:
    """The manifest of the snapshot `name`. What a newer Plumbline added is passed over. Raises ValueError and TypeError where it is damaged."""
    if not isinstance(told, dict):
        raise ValueError("is no object")
    if told.get("kind", KIND) != KIND or told.get("snapshot") != name:
        raise ValueError("is not of this snapshot")
    _check_seal(told)
    known = {part.name: part.type.partition("[")[0] for part in fields(Manifest)}
    manifest = Manifest(**{key: value for key, value in told.items() if key in known})
    wrong = [key for key, kind in known.items() if type(getattr(manifest, key)).__name__ != kind]
    if wrong:
        raise ValueError(f"{wrong[0]} is no {known[wrong[0]]}")
    if not all(isinstance(entry, dict) and "name" in entry for entry in manifest.inputs):
        raise ValueError("inputs are no files")
    return manifest


def _check_seal(told: dict) -> None:
    if "seal" not in told and "is_sealed" not in told:
        return  # from before there were seals
    seal = told.get("seal")
    names = seal.get("of") if isinstance(seal, dict) else None
    if told.get("is_sealed") is not True or not isinstance(names, list) or not {"is_sealed", "sha256", "tables"} <= set(map(str, names)):
        raise ValueError("its seal is broken")
    if not all(isinstance(name, str) and name in told for name in names) or _hash(told, names) != seal.get("sha256"):
        raise ValueError("it is not what the import wrote")


def differences(manifest: Manifest, told: Told) -> list[str]:
    """What a manifest says otherwise than its snapshot does."""
    about = told.about
    through, created = about.get("data_through"), about.get("created_at")
    snapshot = {
        "snapshot": about.get("snapshot"),
        "created_at": f"{created:%Y-%m-%dT%H:%M:%SZ}" if isinstance(created, datetime) else None,
        "data_through": f"{through.isoformat()}Z" if isinstance(through, datetime) else None,
        "time_zone": about.get("time_zone"),
        "currency": about.get("currency"),
        "is_sample": about.get("is_sample"),
        "tables": told.tables or None,
        "rejects_total": told.rejects_total if told.tables else None,
        "holds": told.holds if manifest.holds else None,
        "warnings": told.warnings if "warnings" in about else None,
    }
    return [name for name, value in snapshot.items() if value is not None and value != getattr(manifest, name)]
