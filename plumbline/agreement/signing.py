"""From a draft to a version in force: simulated, signed by both sides, published; or declined, or withdrawn. Each act and its row in the log are one.

Every function raises InputError for a refusal (then nothing is changed) and StateError where the store is not to be written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plumbline import people
from plumbline.agreement.canonical import seal as sealed
from plumbline.agreement.version import SIDES, Frozen, Signature, Version
from plumbline.agreement.versions import all_versions, refuse_day, refuse_unless_open, version
from plumbline.errors import InputError
from plumbline.state import agreements as kept
from plumbline.state.audit import Act, append
from plumbline.state.opening import Connection, writing
from plumbline.text import clean
from plumbline.wording import listing

MOST_WHY = 2000  # characters


@dataclass(frozen=True)
class Simulated:
    """`taken`: the signatures that the simulation took away."""

    version: Version
    taken: tuple[Signature, ...]


def freeze(number: int, frozen: Frozen, edition: int, today: date, act: Act) -> Simulated:
    """Keeps a simulation with a version, in place of an older one; signatures of that one go. edition: of the text that was simulated."""
    with writing() as connection:
        now = _open_version(connection, number, "simulated", today)
        if edition != now.edition:
            raise InputError("was changed while it was simulated", now.where, "simulate it again")
        seal = seal_of(now.canonical, frozen)
        row = {"simulated_at": frozen.at, "simulated_by": frozen.by, "snapshot": frozen.snapshot, "fingerprint": frozen.fingerprint}
        row |= {"product": frozen.product, "seed": frozen.seed, "results": frozen.results, "of_today": json.dumps(list(frozen.of_today))}
        kept.take_signatures(connection, number)
        kept.change(connection, number, row | {"seal": seal})
        told = {"number": number, "seal": seal, "snapshot": frozen.snapshot, "fingerprint": frozen.fingerprint, "product": frozen.product}
        told |= {
            "simulated_at": frozen.at,
            "simulated_by": frozen.by,
            "seed": frozen.seed,
            "of_today": list(frozen.of_today),
            "taken": [f"{one.side}: {one.by}" for one in now.signatures],
        }
        append(connection, act, "agreement simulated", told)
        return Simulated(version(number, connection), now.signatures)


def seal_of(canonical: bytes, frozen: Frozen | None) -> str:
    """What a signature is of: the text, and with a simulation all that it rests on and says."""
    if frozen is None:
        return sealed(canonical)
    return sealed(canonical, frozen.fingerprint, frozen.product, frozen.seed, frozen.results)


def sign(number: int, side: str, seen: str, today: date, act: Act, acknowledges_today: bool = False) -> Version:
    """One side's signature. seen: the seal that the signer saw, whole. acknowledges_today: the signer knows which fields have values of today."""
    refuse_side(side)
    with writing() as connection:
        now = _open_version(connection, number, "signed", today)
        if now.frozen is None:
            raise InputError("is not simulated yet, and a signature binds what the simulation shows", now.where, f"run: agreement simulate {number}")
        if (own := now.signature(side)) and not own.left_at:
            raise InputError(f"is signed for {side} already, by {own.by}", now.where, "nothing is left to do for this side")
        other = next((one for one in now.signatures if one.side != side), None)
        if other and people.is_same(other.by, act.by):
            raise InputError(f"{act.by} signed for {other.side}, and nobody signs for both sides", now.where, f"let somebody else sign for {side}")
        if seen.strip().lower() != now.seal:
            raise InputError("what you saw is not what stands there now (another seal)", now.where, f"look at it: agreement show {number}")
        if now.frozen.of_today and not acknowledges_today:
            what = f"changes of {listing(list(now.frozen.of_today))} are not recorded, so the simulation knows their values of today alone"
            raise InputError(what, now.where, "sign with --acknowledge-today where that is acceptable")
        row = {"version": number, "side": side, "signed_by": act.by, "signed_at": act.at_text, "seal": now.seal}
        kept.sign(connection, row | {"acknowledged": json.dumps(list(now.frozen.of_today))})
        append(connection, act, "agreement signed", {"number": number, "side": side, "seal": now.seal, "acknowledged": list(now.frozen.of_today)})
        return version(number, connection)


def publish(number: int, today: date, act: Act) -> Version:
    """Makes a version that both sides signed the one in force from its effective day on. today: of the organisation's zone."""
    with writing() as connection:
        now = _open_version(connection, number, "published", today)
        missing = [side for side in SIDES if now.signature(side) is None]
        if missing:
            raise InputError(f"is not signed for {listing(missing)}", now.where, f"both sides sign first: agreement sign {number}")
        if gone := [one for one in now.signatures if one.left_at]:
            told = listing([f"{one.by}, who signed for {one.side}," for one in gone])
            raise InputError(f"{told} no longer holds the role", now.where, f"let somebody else sign for {listing([one.side for one in gone])}")
        if now.effective < today:
            raise InputError(f"begins on {now.effective}, which is past", now.where, f"sign a new draft with a day from {today} on")
        kept.change(connection, number, {"published_at": act.at_text, "published_by": act.by})
        told = {"number": number, "effective": now.effective.isoformat(), "seal": now.seal}
        append(connection, act, "agreement published", told)
        return version(number, connection)


def withdraw(number: int, today: date, act: Act) -> Version:
    """Takes a draft off the table, signed or not."""
    with writing() as connection:
        refuse_unless_open(version(number, connection), "withdrawn", today)
        kept.change(connection, number, {"withdrawn_at": act.at_text, "withdrawn_by": act.by})
        append(connection, act, "agreement withdrawn", {"number": number})
        return version(number, connection)


def decline(number: int, side: str, why: str, today: date, act: Act) -> Version:
    """One side's no, which is kept with its reason: the draft takes no signatures any more."""
    refuse_side(side)
    why = reason(why)
    with writing() as connection:
        refuse_unless_open(version(number, connection), "declined", today)
        kept.decline(connection, {"version": number, "side": side, "declined_by": act.by, "declined_at": act.at_text, "why": why})
        append(connection, act, "agreement declined", {"number": number, "side": side, "why": why})
        return version(number, connection)


def leave(name: str, act: Act, sides: Iterable[str] = SIDES) -> list[Version]:
    """A person no longer holds the role of a side, or left: the versions that hold a signature of that person, of those that nobody replaced.

    One that is not published yet needs attention; one in force stays in force, and says so.
    """
    with writing() as connection:
        touched = []
        for one in all_versions(connection):
            found = [mark for mark in one.signatures if mark.side in sides and not mark.left_at and people.is_same(mark.by, name)]
            if not found or one.withdrawn_at or one.declines:
                continue
            for mark in found:
                kept.mark_left(connection, mark.signature_id, act.at_text)
                append(connection, act, "signer left", {"number": one.number, "side": mark.side, "name": mark.by})
            touched.append(one.number)
        return [version(number, connection) for number in touched]


def refuse_side(side: str) -> None:
    if side not in SIDES:
        raise InputError(f"{side[:40]!r} is no side", "--side", f"choose {' or '.join(SIDES)}")


def reason(text: str) -> str:
    """A reason as it is kept. Raises InputError for none, and for one that is too long."""
    told = clean(text.replace("\0", "")) or ""
    if not told:
        raise InputError("a reason is needed", "--why", "say it in a sentence")
    if len(told) > MOST_WHY:
        raise InputError(f"the reason is longer than {MOST_WHY:,} characters", "--why", "shorten it")
    return told


def _open_version(connection: Connection, number: int, doing: str, today: date) -> Version:
    """A version that may still be signed, and may begin when it says."""
    versions = all_versions(connection)
    now = version(number, connection)
    refuse_unless_open(now, doing, today)
    refuse_day(now.effective, versions, now.where)
    return now
