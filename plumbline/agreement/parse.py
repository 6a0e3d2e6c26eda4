"""Reads an agreement from YAML (1.2). All faults are found at once, each one line: what is wrong, in which promise and key, what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from plumbline import plain_yaml
from plumbline.agreement.faults import AgreementFaults
from plumbline.agreement.model import Agreement, Promise
from plumbline.agreement.promises import KINDS, SIDES, WITH_CLOCK, kinds_of
from plumbline.agreement.values import BadValueError, value_of
from plumbline.definition.model import Definition
from plumbline.definition.parse import TOP as DEFINITION_KEYS
from plumbline.definition.parse import mistakes, nearest, of_mapping
from plumbline.errors import InputError
from plumbline.text import clean
from plumbline.wording import listing

DEFINITIONS = ("qualified", "accepted", "sales_qualified")
TOP = ("name", "description", "effective", *DEFINITIONS, *kinds_of("both"), "marketing", "sales")
MOST_TEXT = 100_000  # characters
MOST_NAME, MOST_DESCRIPTION = 200, 10_000
FIRST_YEAR, LAST_YEAR = 1990, 2100
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HINT = "mend the agreement (docs/agreement.md)"
_IN_PLACE_OF_KEY = {
    "share": "its target is a number",
    "clock": f"only {listing(WITH_CLOCK)} know working time",
    "within": "it has no limit of its own",
}


def load(path: Path) -> Agreement:
    """The agreement in a file. Raises InputError; AgreementFaults where it can be read."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.name)
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be read", str(path), "check the name of the agreement") from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", path.name, "save the agreement as UTF-8") from None


def parse(text: str, where: str = "agreement") -> Agreement:
    """The agreement that a YAML text says. Raises AgreementFaults with every fault; InputError where it is no YAML.

    What is written is read as well as what it means: 0.9 is nine tenths, not the nearest binary fraction.
    """
    told = plain_yaml.read(text, where, "agreement", _HINT, most_text=MOST_TEXT)
    if not isinstance(told, dict):
        raise AgreementFaults([InputError("should be a mapping of names to values", where, "see docs/agreement.md").one_line])
    written = plain_yaml.read(text, where, "agreement", _HINT, only_texts=True, most_text=MOST_TEXT)
    return _Reading(where).agreement(told, written)


@dataclass
class _Reading:
    where: str
    faults: list[str] = field(default_factory=list)

    def refuse(self, what: str, place: Iterable[str], to_do: str) -> None:
        self.faults.append(InputError(what, ", ".join([self.where, *place]), to_do).one_line)

    def agreement(self, told: dict[str, Any], written: dict[str, Any]) -> Agreement:
        for key in told:
            if key not in TOP:
                self.misplaced(key, (), TOP)
        name = self.text(told, written, "name", MOST_NAME)
        description = self.text(told, written, "description", MOST_DESCRIPTION)
        effective = self.effective(told)
        definitions = {key: self.definition(told, key) for key in DEFINITIONS}
        promises = tuple(self.promises(told, written))
        if not promises and not self.faults:
            self.refuse("promises nothing", (), f"add at least one of {listing(list(KINDS), 'or')}")
        qualified = definitions["qualified"]
        asked = next((one for one in promises if one.kind == "required_fields"), None)
        if asked and not asked.fields and qualified and not qualified.required_fields:
            self.refuse("names no field", ("marketing", "required_fields", "fields"), "add fields: [email, company], or required_fields to qualified")
        if self.faults or qualified is None or effective is None:
            raise AgreementFaults(self.faults)
        return Agreement(name, effective, qualified, promises, definitions["accepted"], definitions["sales_qualified"], description)

    def text(self, told: dict[str, Any], written: dict[str, Any], key: str, most: int) -> str:
        value = told.get(key)
        if isinstance(value, dict | list | bool):
            self.refuse(f"{key} takes a text", (), f"write {key}: and a text")
            return ""
        lines = [clean(line) or "" for line in str(written.get(key) or "").splitlines()]
        text = "\n".join(lines).strip() if key == "description" else " ".join(line for line in lines if line)
        if len(text) > most:
            self.refuse(f"{key} is longer than {most:,} characters", (), "shorten it")
        if not text and key == "name":
            self.refuse("has no name", (), "write name: and a short title, for example Q1 2027")
        return text

    def effective(self, told: dict[str, Any]) -> date | None:
        value = told.get("effective")
        if value is None:
            self.refuse("has no effective", (), "write the first day on which it holds, for example effective: 2027-01-04")
            return None
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.refuse(f"effective is {_shown(value)}", (), "write a day of the calendar as 2027-01-04")
            return None
        return day

    def definition(self, told: dict[str, Any], key: str) -> Definition | None:
        if told.get(key) is None:
            if key == "qualified":
                self.refuse("has no qualified", (), "say what a qualified lead is, as docs/definitions.md has it")
            elif key in told:
                self.refuse(f"{key} says nothing", (), "write a definition under it (docs/definitions.md), or leave it out")
            return None
        where = f"{self.where}, {key}"
        try:
            return of_mapping(told[key], where)
        except InputError as first:
            self.faults += [one.one_line for one in mistakes(told[key], where)] or [first.one_line]
            return None

    def promises(self, told: dict[str, Any], written: dict[str, Any]) -> Iterable[Promise]:
        for side in SIDES:
            section = told if side == "both" else told.get(side)
            if section is None:
                continue
            if not isinstance(section, dict):
                self.refuse("should be a mapping of promises", (side,), f"write for example {kinds_of(side)[0]}: {KINDS[kinds_of(side)[0]].example}")
                continue
            texts = written if side == "both" else written[side]
            for key in section if side != "both" else ():
                if key not in kinds_of(side):
                    self.misplaced(key, (side,), kinds_of(side))
            for name in kinds_of(side):
                if name in section and (made := self.promise(name, section[name], texts[name])):
                    yield made

    def misplaced(self, key: str, place: tuple[str, ...], names: Iterable[str]) -> None:
        """A key that this place does not take: where it belongs, else the nearest that it takes."""
        kind = KINDS.get(key)
        if kind and kind.side == "both":
            self.refuse("is a promise of both sides", (*place, key), "write it at the left edge, beside marketing and sales")
        elif kind:
            self.refuse(f"is a promise of {kind.side}", (*place, key), f"write it under {kind.side}")
        elif key in TOP:
            self.refuse(f"{key} is no promise", place, "write it at the left edge, beside marketing and sales")
        elif key in DEFINITION_KEYS:
            self.refuse(f"{key} is part of a definition", place, "write it under qualified, accepted or sales_qualified")
        else:
            self.refuse(f"nothing is called {key[:60]!r} here", place, nearest(key, names))

    def promise(self, name: str, told: Any, written: Any) -> Promise | None:
        kind = KINDS[name]
        place = (name,) if kind.side == "both" else (kind.side, name)
        if not isinstance(told, dict):
            what = "promises nothing" if told is None else "should be a mapping of keys to values"
            self.refuse(what, place, f"write for example {name}: {kind.example}")
            return None
        before = len(self.faults)
        for key in told:
            if key not in kind.keys:
                self.needless(key, name, place)
        values: dict[str, Any] = {}
        for key in kind.keys:
            if told.get(key) is None:
                if key in kind.required or key in told:
                    self.refuse(f"has no {key}", (*place, key), f"say it, for example {name}: {kind.example}")
                continue
            try:
                values[key] = value_of(key, told[key], written[key], name)
            except BadValueError as bad:
                self.refuse(bad.what, (*place, key), bad.to_do)
        if name == "touches" and before == len(self.faults) and not values.get("calls") and not values.get("emails"):
            self.refuse("has neither calls nor emails", (*place, "calls"), f"say one of them at least, for example {name}: {kind.example}")
        if values.get("clock") == "working" and "within" in values and values["within"].unit == "d":
            self.refuse("is a number of days", (*place, "within"), "working time is counted in m and h; write for example 16h, or clock: wall")
        return Promise(name, **values) if before == len(self.faults) else None

    def needless(self, key: str, name: str, place: tuple[str, ...]) -> None:
        kind = KINDS[name]
        if key not in {known for one in KINDS.values() for known in one.keys}:
            self.refuse(f"nothing is called {key[:60]!r} here", place, nearest(key, kind.keys))
        elif key == "within" and kind.fixed:
            self.refuse("takes no within", (*place, key), f"its limit is {kind.fixed.text}; remove it")
        else:
            why = _IN_PLACE_OF_KEY.get(key, f"it takes {listing(kind.keys)}")
            self.refuse(f"takes no {key}", (*place, key), f"{why}; remove it")


def _shown(value: object) -> str:
    return repr(value)[:60]
