"""Works out every seal again, and holds versions and signatures against the log of changes: one line per fault."""

from __future__ import annotations

from typing import Any

from plumbline import people
from plumbline.agreement.canonical import canonical
from plumbline.agreement.signing import seal_of
from plumbline.agreement.version import SIDES, Version
from plumbline.agreement.versions import all_versions
from plumbline.errors import PlumblineError
from plumbline.state import audit
from plumbline.state.opening import Connection, reading

Facts = dict[str, Any]


def verify(connection: Connection | None = None) -> list[str]:
    """[] where all of it fits. Raises StateError where the store cannot be read."""
    if connection is None:
        with reading() as opened:
            return verify(opened)
    try:
        found = all_versions(connection)
        told = _told_by(audit.rows(connection))
    except (ValueError, TypeError, KeyError) as problem:
        return [f"the versions cannot be read: {' '.join(str(problem).split())[:120]}"]
    faults = [line for one in found for line in (*_seal_faults(one), *_log_faults(one, told.get(one.number)))]
    numbers = {one.number for one in found}
    return [*faults, *(f"agreement {number} is in the log of changes, and no longer in the store" for number in sorted(set(told) - numbers))]


def _seal_faults(one: Version) -> list[str]:
    faults = []
    try:
        agreement = one.agreement()
    except PlumblineError as refusal:
        faults.append(f"the text cannot be read ({refusal.what})")
    else:
        if canonical(agreement) != one.canonical:
            faults.append("the text is not what was sealed")
        if (agreement.name, agreement.description, agreement.effective) != (one.name, one.description, one.effective):
            faults.append("name, description or effective day are not those of the text")
    if seal_of(one.canonical, one.frozen) != one.seal:
        faults.append("the seal is not that of the text and its simulation")
    if one.frozen is None and one.signatures:
        faults.append("it is signed, and has no simulation")
    for mark in one.signatures:
        if mark.seal != one.seal:
            faults.append(f"the signature for {mark.side} is of another seal")
    if len(one.signatures) == len(SIDES) and people.is_same(one.signatures[0].by, one.signatures[1].by):
        faults.append("one person signed for both sides")
    if one.published_at and len(one.signatures) != len(SIDES):
        faults.append("it is published without both signatures")
    return [f"{one.where}: {fault}" for fault in faults]


def _log_faults(one: Version, told: Facts | None) -> list[str]:
    """Where the store says what the log does not, or the other way round."""
    if told is None:
        return [f"{one.where}: the log of changes knows nothing of it"]
    in_store: Facts = {
        "name": one.name,
        "description": one.description,
        "seal": one.seal,
        "signatures": {mark.side: (mark.by, mark.at, mark.seal) for mark in one.signatures},
        "published": (one.published_by, one.published_at) if one.published_at else None,
        "withdrawn": (one.withdrawn_by, one.withdrawn_at) if one.withdrawn_at else None,
        "declines": [(mark.side, mark.by, mark.at, mark.why) for mark in one.declines],
        "endings": {mark.side: (mark.by, mark.at, mark.last_day.isoformat()) for mark in one.endings},
    }
    return [f"{one.where}: {name} in the store and in the log of changes differ" for name, value in in_store.items() if told[name] != value]


def _told_by(rows: list[dict[str, object]]) -> dict[int, Facts]:
    """What the log says of each version."""
    found: dict[int, Facts] = {}
    for row in rows:
        details, who = row["details"], (row["changed_by"], row["changed_at"])
        number = details.get("number") if isinstance(details, dict) else None
        if row["what"] == "agreement drafted":
            found[number] = {"published": None, "withdrawn": None, "declines": [], "signatures": {}, "endings": {}, "description": None}
            found[number] |= {name: details[name] for name in ("name", "description", "seal")}
        if number not in found:
            continue
        told = found[number]
        match row["what"]:
            case "agreement edited":
                told |= {name: details[name] for name in ("name", "description", "seal")}
            case "agreement corrected":
                told |= {name: details[name] for name in ("name", "description")}
            case "agreement simulated":
                told |= {"seal": details["seal"], "signatures": {}}
            case "agreement signed":
                told["signatures"][details["side"]] = (*who, details["seal"])
            case "agreement published":
                told["published"] = who
            case "agreement withdrawn":
                told["withdrawn"] = who
            case "agreement declined":
                told["declines"].append((details["side"], *who, details["why"]))
            case "agreement ending signed":
                if any(one[2] < details["day"] for one in told["endings"].values()):
                    told["endings"] = {}
                told["endings"][details["side"]] = (*who, details["last_day"])
    return found
