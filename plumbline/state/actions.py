"""Actions in the store: who does what by when, what it is about, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, insert, select, update

from plumbline.errors import InputError
from plumbline.state.audit import Act, append
from plumbline.state.tables import actions
from plumbline.text import clean

MOST_TEXT = 500  # characters
MOST_NOTE = 2_000
MOST_NAME = 120
MOST_KEY = 400
KINDS = ("", "leak", "promise")


@dataclass(frozen=True)
class Action:
    """One action. about_kind: leak, promise, or "" for nothing; about_key: which (as the screens' address says it).

    opened_week: '2026-W46'. edition: grows with every change. outcome: "" while it is open, else done or dropped; settled_on: on which day.
    """

    action_id: int
    text: str
    owner: str
    due: date
    about_kind: str
    about_key: str
    opened_week: str
    opened_by: str
    edition: int
    outcome: str
    note: str
    settled_on: date | None

    @property
    def is_open(self) -> bool:
        return not self.outcome


def listed(connection: Connection) -> list[Action]:
    """Every action: open ones by due day first, then the settled ones, the latest first."""
    found = [_of_row(row) for row in connection.execute(select(actions)).mappings()]
    still = sorted((one for one in found if one.is_open), key=lambda one: (one.due, one.action_id))
    settled = sorted((one for one in found if not one.is_open), key=lambda one: (one.settled_on or one.due, one.action_id), reverse=True)
    return still + settled


def add(connection: Connection, act: Act, text: str, owner: str, due: date, week: str, about: tuple[str, str] = ("", "")) -> int:
    """A new action; gives its number. about: (kind, key). Raises InputError for an empty text, no owner, what is too long."""
    values = _checked(text, owner, due)
    kind, key = about
    if kind not in KINDS or bool(kind) != bool(key) or len(key) > MOST_KEY:
        raise InputError("an action is about a leak, a promise, or nothing", "the action", "choose one of the list")
    number = (connection.execute(select(func.max(actions.c.action_id))).scalar() or 0) + 1
    row = {**values, "about_kind": kind, "about_key": key, "opened_week": week, "opened_at": act.at_text, "opened_by": act.by, "edition": 1}
    connection.execute(insert(actions).values(action_id=number, outcome="", note="", **row))
    append(connection, act, "action opened", {"action": number, **values, "about": [kind, key], "week": week})
    return number


def edit(connection: Connection, act: Act, number: int, edition: int, text: str, owner: str, due: date) -> None:
    """Another text, owner or day for an open action. Raises InputError where it is settled, gone, or was changed since `edition`."""
    before = _current(connection, number, edition)
    if not before.is_open:
        raise InputError(f"it is {before.outcome} already", f"action {number}", "open a new one")
    values = _checked(text, owner, due)
    _change(connection, act, before, "action changed", values)


def settle(connection: Connection, act: Act, number: int, edition: int, outcome: str, day: date, note: str = "") -> None:
    """Done or dropped on that day, with a note. Raises InputError where it is settled, gone, or was changed since `edition`."""
    before = _current(connection, number, edition)
    if outcome not in ("done", "dropped"):
        raise InputError(f"{outcome!r} is neither done nor dropped", f"action {number}", "say one of them")
    if not before.is_open:
        raise InputError(f"it is {before.outcome} already", f"action {number}", "open a new one")
    if len(note) > MOST_NOTE:
        raise InputError(f"the note is longer than {MOST_NOTE} characters", f"action {number}", "shorten it")
    told = {"outcome": outcome, "note": clean(note) or "", "settled_on": day.isoformat(), "settled_by": act.by}
    _change(connection, act, before, f"action {outcome}", told)


def reopen(connection: Connection, act: Act, number: int, edition: int) -> None:
    """Takes back that it was done or dropped. Raises InputError where it is open, gone, or was changed since `edition`."""
    before = _current(connection, number, edition)
    if before.is_open:
        raise InputError("it is open", f"action {number}", "nothing is to be taken back")
    _change(connection, act, before, "action opened again", {"outcome": "", "settled_on": None, "settled_by": None})


def _checked(text: str, owner: str, due: date) -> dict[str, str]:
    words, who = clean(text) or "", clean(owner) or ""
    for told, what, most in ((words, "what is to be done", MOST_TEXT), (who, "who does it", MOST_NAME)):
        if not told:
            raise InputError(f"{what} is missing", "the action", "write it")
        if len(told) > most:
            raise InputError(f"{what} is longer than {most} characters", "the action", "shorten it")
    return {"text": words, "owner": who, "due": due.isoformat()}


def _current(connection: Connection, number: int, edition: int) -> Action:
    row = connection.execute(select(actions).where(actions.c.action_id == number)).mappings().first()
    if row is None:
        raise InputError("there is no such action", f"action {number}", "load the page again")
    if row["edition"] != edition:
        raise InputError("someone else changed it meanwhile", f"action {number}", "look at it again; nothing of yours was saved")
    return _of_row(row)


def _change(connection: Connection, act: Act, before: Action, what: str, values: dict[str, str | None]) -> None:
    where = (actions.c.action_id == before.action_id) & (actions.c.edition == before.edition)
    connection.execute(update(actions).where(where).values(edition=before.edition + 1, **values))
    append(connection, act, what, {"action": before.action_id, **values})


def _of_row(row) -> Action:
    told = {name: row[name] for name in Action.__dataclass_fields__ if name not in ("due", "settled_on")}
    return Action(**told, due=date.fromisoformat(row["due"]), settled_on=date.fromisoformat(row["settled_on"]) if row["settled_on"] else None)
