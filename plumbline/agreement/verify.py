"""Works out every seal again, and holds all that the store has of versions and drafts against the log of changes: one line per fault."""

from __future__ import annotations

import json
from typing import Any

from plumbline import people
from plumbline.agreement.canonical import canonical
from plumbline.agreement.signing import seal_of
from plumbline.agreement.version import SIDES, Version
from plumbline.agreement.versions import all_versions
from plumbline.errors import PlumblineError
from plumbline.state import agreements as kept
from plumbline.state import audit, drafts
from plumbline.state.opening import Connection, reading

Facts = dict[str, Any]


def verify(connection: Connection | None = None) -> list[str]:
    """[] where all of it fits. Raises StateError where the store cannot be read."""
    if connection is None:
        with reading() as opened:
            return verify(opened)
    try:
        log = audit.rows(connection)
        found, told = all_versions(connection), _told_by(log)
        faults = [line for one in found for line in (*_seal_faults(one), *_log_faults(connection, one, told.get(one.number)))]
        faults += drafts.faults(connection, log)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        return [f"the store holds what nothing of Plumbline wrote: {' '.join(str(problem).split())[:120]}"]
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


def _log_faults(connection: Connection, one: Version, told: Facts | None) -> list[str]:
    """Where the store says what the log does not, or the other way round."""
    if told is None:
        return [f"{one.where}: the log of changes knows nothing of it"]
    frozen = one.frozen
    in_store: Facts = {
        "name": one.name,
        "description": one.description,
        "text": one.yaml,
        "seal": one.seal,
        "edition": one.edition,
        "drafting": (one.made_by, one.made_at),
        "latest edit": (one.edited_by, one.edited_at),
        "simulation": frozen and (frozen.by, frozen.at, frozen.snapshot, frozen.fingerprint, frozen.product, frozen.seed, list(frozen.of_today)),
        "signatures": {mark.side: (mark.by, mark.at, mark.seal, list(mark.acknowledged), mark.left_at) for mark in one.signatures},
        "publishing": (one.published_by, one.published_at) if one.published_at else None,
        "withdrawal": (one.withdrawn_by, one.withdrawn_at) if one.withdrawn_at else None,
        "declines": [(mark.side, mark.by, mark.at, mark.why) for mark in one.declines],
        "endings": {mark.side: (mark.by, mark.at, mark.last_day.isoformat(), mark.why) for mark in one.endings},
        "feedback": {
            row["rep"]: (row["agrees"], row["text"], json.loads(row["rules"]), row["given_at"]) for row in kept.feedback_of(connection, one.number)
        },
    }
    return [f"{one.where}: {name} in the store and in the log of changes differ" for name, value in in_store.items() if told[name] != value]


_NOTHING_YET: Facts = {"simulation": None, "publishing": None, "withdrawal": None}
_SIMULATION = ("simulated_by", "simulated_at", "snapshot", "fingerprint", "product", "seed", "of_today")


def _told_by(rows: list[dict[str, object]]) -> dict[int, Facts]:
    """What the log says of each version."""
    found: dict[int, Facts] = {}
    for row in rows:
        details, who = row["details"], (row["changed_by"], row["changed_at"])
        number = details.get("number") if isinstance(details, dict) else None
        if row["what"] == "agreement drafted":
            found[number] = {**_NOTHING_YET, "signatures": {}, "declines": [], "endings": {}, "feedback": {}, "drafting": who, "edition": 1}
        if number not in found:
            continue
        told = found[number]
        match row["what"]:
            case "agreement drafted" | "agreement edited" | "agreement corrected":
                told |= {"name": details["name"], "description": details["description"], "text": details["yaml"], "latest edit": who}
                told["edition"] = details.get("edition", 1)
                if row["what"] != "agreement corrected":
                    told |= {"seal": details["seal"], "simulation": None}
            case "agreement simulated":
                told |= {"seal": details["seal"], "signatures": {}, "simulation": tuple(details[name] for name in _SIMULATION)}
            case "agreement signed":
                told["signatures"][details["side"]] = (*who, details["seal"], details["acknowledged"], "")
            case "signer left":
                told["signatures"][details["side"]] = (*told["signatures"][details["side"]][:-1], who[1])
            case "agreement published":
                told["publishing"] = who
            case "agreement withdrawn":
                told["withdrawal"] = who
            case "agreement declined":
                told["declines"].append((details["side"], *who, details["why"]))
            case "agreement ending signed":
                if any(one[2] < details["day"] for one in told["endings"].values()):
                    told["endings"] = {}
                told["endings"][details["side"]] = (*who, details["last_day"], details["why"])
            case "feedback given":
                same = [rep for rep in told["feedback"] if people.is_same(rep, details["rep"])]
                for rep in same:
                    del told["feedback"][rep]
                told["feedback"][details["rep"]] = (details["agrees"], details["text"], details["rules"], who[1])
    return found
