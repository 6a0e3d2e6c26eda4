"""What changes from one definition to another. Rules are matched by their part and what they are about, not by their place in the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plumbline.definition.kinds import OPERATORS, said, shown
from plumbline.definition.model import ActivityRule, Definition, FieldRule, Points, Rule
from plumbline.wording import listing, plural

_PREFIX = {"qualified": "", "accepted": "at acceptance, ", "sales_qualified": "at SQL, "}
_PARTS = {"required_fields": "what is on record", "fit": "who it is", "behaviour": "what it did", "criteria": "the criteria",
          "exclude": "who never qualifies", "points": "the score"}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """`path`: where it stands in the file (qualified.fit.employees, sales.first_touch.within). `kind`: added, dropped, changed, moved, reordered.
    `old`, `new`: in words, "" where there is none."""

    path: str
    kind: str
    old: str
    new: str
    sentence: str


@dataclass(frozen=True)
class _Line:
    """One rule: its part, what it is about, and with points what it gives."""

    part: str
    rule: Rule | str  # a text: a required field
    points: Points | None = None

    @property
    def about(self) -> str:
        return self.rule if isinstance(self.rule, str) else self.rule.field if isinstance(self.rule, FieldRule) else self.rule.activity

    @property
    def key(self) -> tuple[bool, str]:
        """What it is about; a field and an act of one name are two things."""
        return isinstance(self.rule, ActivityRule), self.about

    @property
    def subject(self) -> str:
        label = said(self.about)
        return {"exclude": f"never while {label}", "points": f"points for {label}", "criteria": f"criterion {label}"}.get(self.part, label)

    @property
    def text(self) -> str:
        told = "on record" if isinstance(self.rule, str) else rule_words(self.rule)
        return f"{told}, {_points_words(self.points)}" if self.points else told

    @property
    def raw(self) -> str:
        """With every digit, where the words round."""
        rule = self.rule
        asked = rule.value if isinstance(rule, FieldRule) else (rule.times, rule.within_days) if isinstance(rule, ActivityRule) else rule
        return f"{self.text} ({asked}" + (f", {self.points.points}, {self.points.cap})" if self.points else ")")

    @property
    def exact(self) -> tuple:
        """Equal for lines that ask the same: Python takes true for 1."""
        value = self.rule.value if isinstance(self.rule, FieldRule) else None
        values = value if isinstance(value, tuple) else (value,)
        return self.part, self.rule, self.points, tuple(isinstance(one, bool) for one in values)

    def says(self, prefix: str) -> str:
        return f"{prefix}{self.subject}: {self.text}"


def rule_words(rule: Rule) -> str:
    """What a rule asks, without what it is about: 'at least 50', 'one of US or CA', 'at least twice in the last 14 days'."""
    if isinstance(rule, ActivityRule):
        often = "at least once" if rule.times == 1 else f"at least {shown(rule.times)} times"
        return often if rule.within_days is None else f"{often} in the last {_days(rule.within_days)}"
    operator = OPERATORS[rule.operator]
    label = operator.label.removeprefix("is").strip()
    if operator.takes == "true":
        return label
    if operator.takes == "values":
        value = listing([shown(one) for one in rule.value], "or")
    elif operator.takes == "range":
        value = f"{shown(rule.value[0])} and {shown(rule.value[1])}"
    else:
        value = shown(rule.value)
    return f"{label} {value}".strip()


def definition_changes(old: Definition, new: Definition, part: str) -> tuple[list[Change], list[tuple[str, str]]]:
    """(changes, what stays as (path, sentence)) of one definition of an agreement; an empty one stands for none."""
    prefix = _PREFIX[part]
    changes = list(_numbers(old, new, part, prefix))
    matched, dropped, added = _matched(_lines(old), _lines(new))
    same = []
    for was, now in matched:
        path = f"{part}.{now.part}.{now.about}"
        if was.exact == now.exact:
            same.append((path, now.says(prefix)))
        elif was.part != now.part:
            words = f"{prefix}{said(now.about)}: {now.text}, moved from {_PARTS[was.part]} to {_PARTS[now.part]}"
            changes.append(Change(path, "moved", _PARTS[was.part], _PARTS[now.part], words))
        else:
            before, after = (was.text, now.text) if was.text != now.text else (was.raw, now.raw)
            changes.append(Change(path, "changed", before, after, f"{prefix}{now.subject}: {before} → {after}"))
    changes += [Change(f"{part}.{one.part}.{one.about}", "dropped", one.text, "", f"{one.says(prefix)}, dropped") for one in dropped]
    changes += [Change(f"{part}.{one.part}.{one.about}", "added", "", one.text, f"{one.says(prefix)}, added") for one in added]
    if not changes and old != new:
        changes.append(Change(part, "reordered", "", "", f"{prefix}the same rules in another order"))
    return changes, same


def _numbers(old: Definition, new: Definition, part: str, prefix: str) -> Iterable[Change]:
    """What a definition says beside its rules."""
    pairs = (
        ("name", "name of the definition", *(one.name for one in (old, new))),
        ("criteria.at_least", "criteria that must hold", *(_of(one) for one in (old, new))),
        ("score.threshold", "score needed", *(_score(one.threshold) for one in (old, new))),
        ("score.half_life_days", "points fade by half", *(_fading(one) for one in (old, new))),
    )
    for key, label, was, now in pairs:
        if was != now:
            kind = "changed" if was and now else "added" if now else "dropped"
            told = f"{was} → {now}" if kind == "changed" else f"{was or now}, {kind}"
            yield Change(f"{part}.{key}", kind, was, now, f"{prefix}{label}: {told}")


def _of(definition: Definition) -> str:
    return f"{definition.at_least} of {len(definition.criteria)}" if definition.criteria else ""


def _score(threshold: float | None) -> str:
    return "" if threshold is None else shown(threshold)


def _fading(definition: Definition) -> str:
    if definition.threshold is None:
        return ""
    return "never" if definition.half_life_days is None else f"after {_days(definition.half_life_days)}"


def _lines(definition: Definition) -> list[_Line]:
    lines = [_Line("required_fields", name) for name in definition.required_fields]
    for part in ("fit", "behaviour", "criteria", "exclude"):
        lines += [_Line(part, rule) for rule in getattr(definition, part)]
    return [*lines, *(_Line("points", one.rule, one) for one in definition.points)]


def _matched(old: list[_Line], new: list[_Line]) -> tuple[list[tuple[_Line, _Line]], list[_Line], list[_Line]]:
    """(pairs in the order of `new`, those of `old` left over, those of `new` left over): equal ones first, then of one part and thing, those with the
    same operator before others, then equal ones that moved to another part."""
    tests = (
        lambda a, b: a.exact == b.exact,
        lambda a, b: (a.part, a.key, _operator(a)) == (b.part, b.key, _operator(b)),
        lambda a, b: (a.part, a.key) == (b.part, b.key),
        lambda a, b: a.exact[1:] == b.exact[1:],
    )
    left, pairs = list(old), {}
    for test in tests:
        for place, now in enumerate(new):
            was = None if place in pairs else next((number for number, one in enumerate(left) if test(one, now)), None)
            if was is not None:
                pairs[place] = left.pop(was)
    return [(pairs[place], new[place]) for place in sorted(pairs)], left, [one for place, one in enumerate(new) if place not in pairs]


def _operator(line: _Line) -> Any:
    return line.rule.operator if isinstance(line.rule, FieldRule) else None


def _points_words(one: Points) -> str:
    sign = f"{'+' if one.points >= 0 else '−'}{shown(abs(one.points))}"
    each = f"{sign} each" if isinstance(one.rule, ActivityRule) else sign
    return f"{each}, {shown(one.cap)} at most" if one.cap is not None else each


def _days(number: float) -> str:
    return plural(number, "day") if float(number).is_integer() else f"{shown(number)} days"
