"""Drafts in the store, by name."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select, update

from plumbline.state.audit import Act, append
from plumbline.state.tables import drafts, taken_over


def listed(connection: Connection, most: int) -> list[tuple[str, str]]:
    """(name, YAML) of each draft, the first `most` of them by name."""
    found = connection.execute(select(drafts.c.name, drafts.c.yaml).order_by(drafts.c.name).limit(most))
    return [(row.name, row.yaml) for row in found]


def latest(connection: Connection) -> str:
    """The name of the draft that was saved last; "" where there is none."""
    return connection.execute(select(drafts.c.name).order_by(drafts.c.saved_at.desc(), drafts.c.name).limit(1)).scalar() or ""


def keep(connection: Connection, name: str, yaml: str, act: Act) -> None:
    """Saves a draft, in place of one of that name."""
    values = {"yaml": yaml, "saved_at": act.at_text, "saved_by": act.by}
    if not connection.execute(update(drafts).where(drafts.c.name == name).values(values)).rowcount:
        connection.execute(insert(drafts).values(name=name, **values))
    append(connection, act, "draft saved", {"name": name, "yaml": yaml})


def remove(connection: Connection, name: str, act: Act) -> None:
    """Removes a draft; one that is gone already is no fault."""
    if connection.execute(delete(drafts).where(drafts.c.name == name)).rowcount:
        append(connection, act, "draft deleted", {"name": name})


def is_taken_over(connection: Connection, folder: str) -> bool:
    return connection.execute(select(taken_over.c.folder).where(taken_over.c.folder == folder)).first() is not None


def take_over(connection: Connection, folder: str, found: Mapping[str, str], act: Act) -> None:
    """Brings in what lay in a folder (name -> YAML), once. A name that the store has stays as it is there."""
    there = set(connection.execute(select(drafts.c.name)).scalars())
    new = {name: yaml for name, yaml in found.items() if name not in there}
    for name, yaml in new.items():
        connection.execute(insert(drafts).values(name=name, yaml=yaml, saved_at=act.at_text, saved_by=act.by))
    connection.execute(insert(taken_over).values(folder=folder, taken_at=act.at_text))
    append(connection, act, "drafts taken over", {"folder": folder, "drafts": new, "left": sorted(set(found) - set(new))})


def faults(connection: Connection, log: list[dict[str, object]]) -> list[str]:
    """Drafts that are not what the log of changes says of them, one line each. log: its rows."""
    told: dict[str, str] = {}
    for row in log:
        details = row["details"]
        if row["what"] == "draft saved":
            told[details["name"]] = details["yaml"]
        elif row["what"] == "draft deleted":
            told.pop(details["name"], None)
        elif row["what"] == "drafts taken over":
            told |= details["drafts"]
    found = {row.name: row.yaml for row in connection.execute(select(drafts.c.name, drafts.c.yaml))}
    different = sorted(name for name in {*told, *found} if told.get(name) != found.get(name))
    return [f"the draft {name[:60]!r} in the store and in the log of changes differ" for name in different]
