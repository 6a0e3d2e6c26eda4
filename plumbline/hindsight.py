"""What tells how a lead ended instead of foretelling it (history/hindsight.py), and what the organisation allows all the same.

Such attributes and acts are no segments of leaks, no rules of suggestions, past wins and presets, and no breakdown that nobody chose. Allowed ones
stand in `attributes.yaml` in Plumbline's home folder, `allow: [status_today]`; the screens write it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from plumbline import plain_yaml, wording
from plumbline.errors import InputError, SettingError
from plumbline.history.connection import History
from plumbline.settings import home
from plumbline.state.audit import Act
from plumbline.state.files import keep
from plumbline.text import fold

_MOST = 500  # names
_CAME = {
    "sal": "were accepted", "sql": "became SQLs", "opportunity": "became opportunities", "won": "were won", "rejected": "were sent back",
    "recycled": "were recycled", "disqualified": "were disqualified", "lost": "were lost", "left": "left the funnel", "ended": "had ended",
}  # fmt: skip
_NOT_CAME = {
    "sal": "were never accepted", "sql": "never became SQLs", "opportunity": "never became opportunities", "won": "were not won",
    "rejected": "were not sent back", "recycled": "were not recycled", "disqualified": "were not disqualified", "lost": "were not lost",
    "left": "did not leave the funnel", "ended": "had not ended",
}  # fmt: skip
Finding = dict[str, object]


def withheld(history: History) -> dict[str, Finding]:
    """Attribute, as the history calls it -> what it tells; those that are not allowed."""
    return _kind(history, "field", allowed())


def withheld_acts(history: History) -> dict[str, Finding]:
    """The same of acts."""
    return _kind(history, "activity", allowed())


def let_in(history: History) -> dict[str, Finding]:
    """What tells how leads ended and is allowed: attributes and acts of this history."""
    names = allowed()
    return {str(row["name"]): row for row in history.hindsight if fold(str(row["name"])) in names}


def attributes(history: History) -> frozenset[str]:
    """The attributes of leads among `withheld`, by the names that definitions use."""
    told = withheld(history)
    return frozenset(str(row["attribute"]) for name, row in history.fields.items() if name in told and row["attribute"] is not None)


def key(history: History) -> tuple[str, ...]:
    """What caches of what is made without them depend on."""
    return (*withheld(history), *withheld_acts(history))


def _kind(history: History, kind: str, names: frozenset[str]) -> dict[str, Finding]:
    return {str(row["name"]): row for row in history.hindsight if row["kind"] == kind and fold(str(row["name"])) not in names}


def sentence(found: Finding) -> str:
    """'Status today says how the lead ended: not looked at.'"""
    name = wording.words(str(found["name"]))
    if found["how"] == "act":
        return f"{name} comes only once a lead was accepted or gone: no rule is made of it."
    if found["how"] == "filled in":
        return f"{name} is filled in once the lead has ended: not looked at."
    if found["name"] in ("rep", "team"):
        return f"{name} is known of hardly any lead but those that {_came(str(found['outcome']))}: not looked at."
    return f"{name} says how the lead ended: not looked at."


def notes(history: History) -> list[str]:
    """What was left out, a line each with the way to allow it: for the command line."""
    told = withheld(history)
    allowing = ", ".join(json.dumps(name, ensure_ascii=False) for name in told)
    return [*(f"{sentence(found)} {grounds(found)}" for found in told.values()), *([f"to allow it: allow: [{allowing}] in {file()}"] if told else [])]


def is_of_today(history: History, name: str) -> bool:
    """Whether an attribute of leads has the value of today: no change of it was ever recorded."""
    row = history.fields.get(name)
    return row is not None and row["built_in"] is None and not row["is_tracked"]


def notes_of_today(history: History, segments: Iterable[str | None]) -> list[str]:
    """segments: 'source', 'role & region' ... -> one line on those whose values are known as of today only; [] where there are none."""
    names = dict.fromkeys(name for one in segments if one for name in one.split(" & ") if is_of_today(history, name))
    listed = wording.listing([name.replace("_", " ") for name in names])
    return [f"as known today: changes of {listed} were not recorded, so the values may have been filled in later"] if names else []


def grounds(found: Finding) -> str:
    """'60 of 60 leads with Lost were lost, 0 of 60 others.'"""
    k, n, other_k, other_n = (int(str(found[name])) for name in ("k", "n", "other_k", "other_n"))
    of = f"{wording.count(k)} of {wording.plural(n, 'lead')}"
    if found["how"] == "act":
        return f"{of} did it only then."
    if found["how"] == "filled in":
        return f"Of {of} it was known only then."
    with_it = {
        "value": f"with {found['label']}",
        "values": f"with {found['label']} and the like",
        "number": f"with {found['label']}",
        "known": "of whom it is known",
    }[str(found["how"])]
    return f"{of} {with_it} {_came(str(found['outcome']))}, {wording.count(other_k)} of {wording.count(other_n)} others."


def _came(outcome: str) -> str:
    return _NOT_CAME[outcome.removeprefix("not ")] if outcome.startswith("not ") else _CAME[outcome]


def file() -> Path:
    return home() / "attributes.yaml"


def allowed() -> frozenset[str]:
    """Names, in compared form, that the organisation allows. Raises SettingError or InputError, one line."""
    return frozenset(fold(name) for name in _read())


def allow(name: str, act: Act) -> None:
    """Looks at it from now on, for everybody. Raises SettingError, InputError or StateError."""
    _write([*(one for one in _read() if fold(one) != fold(name)), name], act)


def forbid(name: str, act: Act) -> None:
    """Leaves it out again."""
    _write([one for one in _read() if fold(one) != fold(name)], act)


def _read() -> list[str]:
    try:
        text = file().read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingError(f"cannot be read ({str(problem).splitlines()[0]})", str(file()), "mend it, or remove it") from None
    told = plain_yaml.read(text, str(file()), "list of attributes", "mend it, or remove it (docs/meaning.md)")
    names = [] if told is None else told.get("allow") if isinstance(told, dict) and set(told) <= {"allow"} else None
    if not isinstance(names, list) or len(names) > _MOST or not all(isinstance(name, str) for name in names):
        raise SettingError("is no list of attributes", str(file()), "write one line: allow: [name, name]")
    return names


def _write(names: list[str], act: Act) -> None:
    try:
        keep(file(), f"allow: {json.dumps(names, ensure_ascii=False)}\n", act)
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be written", str(file()), "check the folder and the disk") from None
