"""What changes from one agreement to another, in plain words, and what stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plumbline.agreement.diff_rules import Change, definition_changes
from plumbline.agreement.figures import fields_words, limit_words, percent
from plumbline.agreement.model import Agreement, Promise
from plumbline.agreement.promises import KINDS, sentence
from plumbline.agreement.words import told
from plumbline.definition.model import Definition
from plumbline.wording import count, day, plural

_NOTHING = Definition()


@dataclass(frozen=True)
class Diff:
    """`changes` in the order of the file; `same`: (path, sentence) of what did not change, which screens fold away."""

    changes: tuple[Change, ...]
    same: tuple[tuple[str, str], ...]

    @property
    def needs_signatures(self) -> bool:
        """Whether more than name and description changed: then signatures do not carry over."""
        return any(one.path not in ("name", "description") for one in self.changes)


def diff(old: Agreement, new: Agreement) -> Diff:
    """The changes from `old` to `new`. Two agreements that differ in anything have at least one."""
    changes = list(_top(old, new))
    same: list[tuple[str, str]] = []
    if old.effective == new.effective:
        same.append(("effective", f"effective day: {day(new.effective)}"))
    for part in ("qualified", "accepted", "sales_qualified"):
        moved, kept = definition_changes(getattr(old, part) or _NOTHING, getattr(new, part) or _NOTHING, part)
        changes += moved
        same += kept
    sentences = {line.kind: line.sentence for line in told(new)}
    for name, kind in KINDS.items():
        path = name if kind.side == "both" else f"{kind.side}.{name}"
        was, now = old.promise(name), new.promise(name)
        if was and now and was == now:
            same.append((path, sentences[name]))
        elif was and now:
            changes += _promise(was, now, path)
        elif now:
            changes.append(Change(path, "added", "", sentences[name], f"{kind.title}, a new promise: {sentences[name]}"))
        elif was:
            text = sentence(was, old.required_fields() if name == "required_fields" else ())
            changes.append(Change(path, "dropped", text, "", f"{kind.title}, no longer promised: {text}"))
    return Diff(tuple(changes), tuple(same))


def _top(old: Agreement, new: Agreement) -> Iterable[Change]:
    if old.name != new.name:
        yield Change("name", "changed", old.name, new.name, f"name: {old.name} → {new.name}")
    if old.description != new.description:
        kind = "changed" if old.description and new.description else "added" if new.description else "dropped"
        yield Change("description", kind, old.description, new.description, f"description {kind}")
    if old.effective != new.effective:
        was, now = day(old.effective), day(new.effective)
        yield Change("effective", "changed", was, now, f"effective day: {was} → {now}")


def _promise(was: Promise, now: Promise, path: str) -> Iterable[Change]:
    kind = KINDS[now.kind]
    title = kind.title[:1].lower() + kind.title[1:]
    if (was.within, was.clock) != (now.within, now.clock):
        old, new = _limits(was, now)
        key = "within" if was.within != now.within else "clock"
        yield Change(f"{path}.{key}", "changed", old, new, f"{title} within {old} → {new}")
    for key, label, said in _KEYS:
        before, after = getattr(was, key), getattr(now, key)
        if before != after:
            old, new = said(before), said(after)
            yield Change(f"{path}.{key}", "changed", old, new, f"{title}{label}: {old} → {new}")


def _limits(was: Promise, now: Promise) -> tuple[str, str]:
    """Both limits in words; where the clock changes too, both say by which they go, else the new one alone where it is working time."""
    if was.clock == now.clock:
        return limit_words(was.within), limit_words(now.within, now.clock)
    old, new = (limit_words(one.within, one.clock) + (" by the clock" if one.clock == "wall" else "") for one in (was, now))
    return old, new


def _fields(fields: Any) -> str:
    return fields_words(fields) or "those of the definition"


_KEYS = (
    ("leads", " a quarter", count),
    ("per_rep", "", count),
    ("fields", ", fields", _fields),
    ("calls", "", lambda n: plural(n, "call")),
    ("emails", "", lambda n: plural(n, "email")),
    ("share", ", share", percent),
)
