"""The versions of the agreement in the store: which there are, which is in force on a day; a new draft, an edit of one, a corrected name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from plumbline.agreement.canonical import canonical, seal
from plumbline.agreement.diff import diff
from plumbline.agreement.model import Agreement
from plumbline.agreement.parse import parse
from plumbline.agreement.version import OPEN, Version, of_row
from plumbline.agreement.write import to_yaml
from plumbline.errors import InputError, StateError
from plumbline.state import agreements as kept
from plumbline.state.address import address
from plumbline.state.audit import Act, append
from plumbline.state.faults import damaged
from plumbline.state.opening import Connection, reading, writing


def all_versions(connection: Connection | None = None) -> list[Version]:
    """Every version by number. Raises StateError."""
    if connection is None:
        with reading() as opened:
            return all_versions(opened)
    try:
        found = [of_row(row) for row in kept.all_rows(connection)]
    except (ValueError, TypeError, AttributeError):
        raise StateError(*damaged(address())) from None
    published = sorted((one.effective, one.number) for one in found if one.published_at and not one.is_called_off)
    following = {number: day for (_, number), (day, _) in pairwise(published)}
    return [replace(one, superseded_on=following.get(one.number)) for one in found]


def version(number: int, connection: Connection | None = None) -> Version:
    """One version. Raises InputError where there is none of that number."""
    found = {one.number: one for one in all_versions(connection)}
    if number not in found:
        told = f"there are {', '.join(str(n) for n in list(found)[-12:])}" if found else "make one with: agreement new FILE"
        raise InputError(f"there is no agreement {number}", "agreement", told)
    return found[number]


def version_in_force(day: date, versions: list[Version] | None = None) -> Version | None:
    """The version that is in force on a day of the organisation's zone; None where none is. versions: those of `all_versions`, read if None."""
    return next((one for one in (all_versions() if versions is None else versions) if one.is_in_force(day)), None)


def in_force(day: date) -> Agreement | None:
    """What is agreed for a day, by the store in force; None where no version is. A week is judged by what is in force on its Monday."""
    found = version_in_force(day)
    return found.agreement() if found else None


def day_fault(effective: date, versions: list[Version], where: str) -> InputError | None:
    """Why no version may begin on that day: one that begins then or later is published. None where one may."""
    last = max((one for one in versions if one.published_at), key=lambda one: one.effective, default=None)
    if last is None or effective > last.effective:
        return None
    what = f"begins on {effective}, and agreement {last.number}, which is published, on {last.effective}"
    return InputError(what, f"{where}, effective", f"a new draft begins after {last.effective}")


def refuse_day(effective: date, versions: list[Version], where: str) -> None:
    if fault := day_fault(effective, versions, where):
        raise fault


def new(agreement: Agreement, act: Act) -> Version:
    """A draft of a new version. The caller has held it against the history. Raises InputError, StateError."""
    with writing() as connection:
        refuse_day(agreement.effective, all_versions(connection), "the draft")
        return _add(connection, agreement, act)


def _add(connection: Connection, agreement: Agreement, act: Act, instead_of: int | None = None) -> Version:
    number = kept.next_number(connection)
    row = _text_of(agreement) | {"made_at": act.at_text, "made_by": act.by, "edited_at": act.at_text, "edited_by": act.by}
    kept.add(connection, {"number": number, "edition": 1, **row})
    append(connection, act, "agreement drafted", _logged(number, row) | ({} if instead_of is None else {"after": instead_of}))
    return version(number, connection)


def _text_of(agreement: Agreement) -> dict[str, object]:
    content = canonical(agreement)
    return {
        "name": agreement.name,
        "description": agreement.description,
        "yaml": to_yaml(agreement),
        "canonical": content,
        "effective": agreement.effective.isoformat(),
        "seal": seal(content),
    }


def _logged(number: int, row: dict[str, object]) -> dict[str, object]:
    return {"number": number, **{name: row[name] for name in ("name", "description", "effective", "seal", "yaml")}}


def edit(number: int, agreement: Agreement, edition: int, act: Act) -> Version:
    """Saves a changed text. edition: of the text that the change began with.

    A draft that nobody signed takes it, and loses its simulation. Of any other version it makes a new draft, and leaves that one as it was. Where
    only name and description differ, they are corrected, and signatures stay. Raises InputError where somebody was first, saying what differs.
    """
    with writing() as connection:
        versions = all_versions(connection)
        now = version(number, connection)
        _refuse_overtaken(now, agreement, edition)
        if canonical(agreement) == now.canonical:
            return _correct(connection, now, agreement.name, agreement.description, act)
        refuse_day(agreement.effective, versions, "the draft")
        if now.published_at or now.withdrawn_at or now.declines or now.signatures:
            return _add(connection, agreement, act, number)
        row = _text_of(agreement)
        kept.forget_simulation(connection, number)
        kept.change(connection, number, row | {"edition": edition + 1, "edited_at": act.at_text, "edited_by": act.by})
        append(connection, act, "agreement edited", _logged(number, row) | {"edition": edition + 1})
        return version(number, connection)


def correct(number: int, name: str, description: str, act: Act, edition: int | None = None) -> Version:
    """Another name or description: the only change that needs no new signatures. Raises InputError."""
    with writing() as connection:
        now = version(number, connection)
        if edition is not None:
            _refuse_overtaken(now, replace(now.agreement(), name=name, description=description), edition)
        return _correct(connection, now, name, description, act)


def _correct(connection: Connection, now: Version, name: str, description: str, act: Act) -> Version:
    corrected = to_yaml(replace(now.agreement(), name=name, description=description))
    agreement = parse(corrected, now.where)
    if canonical(agreement) != now.canonical:
        raise InputError("cannot be named so without another meaning", now.where, "choose another name")
    if (agreement.name, agreement.description) == (now.name, now.description):
        return now
    row = {"name": agreement.name, "description": agreement.description, "yaml": corrected, "edition": now.edition + 1}
    kept.change(connection, now.number, row | {"edited_at": act.at_text, "edited_by": act.by})
    told = {"number": now.number, "was": now.name, "edition": now.edition + 1}
    append(connection, act, "agreement corrected", told | {name: row[name] for name in ("name", "description", "yaml")})
    return version(now.number, connection)


def _refuse_overtaken(now: Version, mine: Agreement, edition: int) -> None:
    if edition == now.edition:
        return
    changes = [change.sentence for change in diff(now.agreement(), mine).changes]
    differs = f"yours differs in: {'; '.join(changes[:6])}{' ...' if len(changes) > 6 else ''}" if changes else "yours says the same"
    raise InputError(
        f"{now.edited_by} changed it at {now.edited_at[:16].replace('T', ' ')} UTC, after you opened it ({differs})",
        now.where,
        "look at it again, then make your change",
    )


def refuse_unless_open(now: Version, doing: str, today: date) -> None:
    """Raises InputError where a version may no longer be signed, simulated, declined or withdrawn."""
    state = now.state(today)
    if state not in OPEN:
        what = f"is {state} already" if state == doing else f"is {state}, and can no longer be {doing}"
        raise InputError(what, now.where, "make a new draft: agreement new FILE")
