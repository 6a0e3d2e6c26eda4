"""A definition as one SQL statement over the tables of a history: the replay for engines that have no kernel.

The statement is queries/replay/form.sql. Of a definition it holds only how many rules of which shape there are, by number; every name and value is
bound. Rules on fields are bound as what each distinct cell brings, so that definition/kinds.py stays the one table of their meaning.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from plumbline.clock import DAY
from plumbline.definition.kinds import holds
from plumbline.definition.model import ActivityRule, Definition, FieldRule
from plumbline.replay.facts import Facts
from plumbline.replay.kernel import TOLERANCE
from plumbline.replay.states import Asked, asked, by_presence, is_act
from plumbline.sqlfiles import sql
from plumbline.text import common_form

_ROOM = 900.0  # half-lives between a lead's creation and the end for which 2 to the power of them stays far from overflow
_COMMENT = re.compile(r"^--.*\n", re.MULTILINE)
_COLUMN = re.compile(r"a[0-9]+")
_BRINGS = ("gates", "bars", "criteria", "points")
_ROLE = {"required_fields": "gates", "fit": "gates", "behaviour": "gates", "criteria": "criteria", "exclude": "bars", "points": "points"}


@dataclass(frozen=True)
class Form:
    """One select with named parameters and their values; it returns lead_no, qualified_us (null: never) and score (null: never, or no points)."""

    statement: str
    values: dict[str, object]


def replay(definition: Definition, facts: Facts, until: int | None = None) -> pl.DataFrame:
    """Runs the form on the history of `facts`. Columns of Form; every lead, by lead_no."""
    made = form(definition, facts, until)
    return facts.history.query(made.statement, made.values)


def form(definition: Definition, facts: Facts, until: int | None = None) -> Form:
    """`until`: microseconds; None: the end of the extract."""
    until = facts.data_through if until is None else until
    rules = asked(definition)
    spelling = {common_form(name): name for name in facts.events.kinds}
    acts = _Acts(definition, until - (int(facts.events.created.min()) if facts.leads else until))
    for one in rules:
        if is_act(one):
            acts.add(one)
    cells, values = _fields(definition, [one for one in rules if not is_act(one)], facts)
    statement = sql("replay/form").replace("its_cells", f"({cells})")
    for place, text in acts.texts().items():
        statement = statement.replace(place, text)
    lapses = any(isinstance(rule, ActivityRule) and rule.within_days is not None for rule in definition.exclude)
    values |= acts.values | {
        "activity": [spelling.get(form, form) for form in acts.kinds],
        "kind_no": list(acts.kinds.values()),
        "is_every_instant": lapses,  # once an exclusion has run out, any act may be the instant at which the lead gets in
        "until": until,
        "gates": sum(not is_act(one) and _ROLE[one.part] == "gates" for one in rules),
        "at_least": definition.at_least,
        "threshold": float("-inf") if definition.threshold is None else definition.threshold - TOLERANCE,
        "has_score": definition.threshold is not None,
    }
    return Form(statement, values)


@dataclass
class _Acts:
    """Rules on acts, written one after another. `span`: the most microseconds from a creation to the end."""

    definition: Definition
    span: int
    kinds: dict[str, int] = field(default_factory=dict)  # the common form of an activity -> its number
    values: dict[str, object] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)  # name -> window function
    gates: list[str] = field(default_factory=list)
    criteria: list[str] = field(default_factory=list)
    score: list[str] = field(default_factory=list)

    def add(self, one: Asked) -> None:
        kind = self.kinds.setdefault(common_form(one.rule.activity), len(self.kinds) + 1)
        if one.part == "points":
            self.score.append(self._points(one, kind))
        elif one.part == "criteria":
            self.criteria.append(f"({self._condition(one.rule, kind)})::integer")
        else:
            self.gates.append(f"{'not ' if one.part == 'exclude' else ''}({self._condition(one.rule, kind)})")

    def texts(self) -> dict[str, str]:
        """What stands for the places of form.sql."""
        return {
            "its_measures": ",\n        ".join(f"{text} over known_then as {name}" for name, text in self.measures.items()) or "0 as no_acts",
            "its_gates": " and ".join(self.gates) or "true",
            "its_criteria": " + ".join(self.criteria) or "0",
            "its_score": " + ".join(self.score) or "0.0",
        }

    def _bound(self, name: str, value: float) -> str:
        """A parameter with a number of its own."""
        told = f"{name}_{len(self.values) + 1}"
        self.values[told] = value
        return f"${told}"

    def _condition(self, rule: ActivityRule, kind: int) -> str:
        if rule.within_days is None:
            return f"{self._count(kind)} >= {self._bound('times', int(rule.times))}"
        window = self._bound("window", round(rule.within_days * DAY))
        if rule.times == 1:
            self.measures[f"last_{kind}"] = f"max(occurred_us) filter (where kind_no = {kind})"
            return f"coalesce(last_{kind} + {window} > known_us, false)"
        times = self._bound("times", int(rule.times))
        latest = f"latest_{len(self.values)}"
        self.measures[latest] = f"max(occurred_us, {times}) filter (where kind_no = {kind})"
        return f"coalesce({latest}[{times}] + {window} > known_us, false)"

    def _points(self, one: Asked, kind: int) -> str:
        fades = self.definition.half_life_days is not None and one.points > 0
        given = f"{self._bound('points', float(one.points))}::double * {self._faded(kind) if fades else self._count(kind)}"
        if one.cap is None:
            return given
        cap = self._bound("cap", float(one.cap))
        return f"least(greatest({given}, -{cap}::double), {cap}::double)"

    def _count(self, kind: int) -> str:
        self.measures[f"n_{kind}"] = f"count(*) filter (where kind_no = {kind})"
        return f"n_{kind}"

    def _faded(self, kind: int) -> str:
        """The acts so far, each by what is left of it: as a sum to the base of the lead's creation, or act by act where that would overflow."""
        half_life = self.definition.half_life_days * DAY
        self.values["per_half_life"] = 1.0 / half_life
        if self.span / half_life <= _ROOM:
            self.measures[f"faded_{kind}"] = f"sum(pow(2.0, (occurred_us - created_us) * $per_half_life)) filter (where kind_no = {kind})"
            return f"coalesce(faded_{kind} * pow(2.0, (created_us - known_us) * $per_half_life), 0.0)"
        self.measures[f"acts_{kind}"] = f"list(occurred_us) filter (where kind_no = {kind})"
        return f"coalesce(list_sum(list_transform(acts_{kind}, lambda moment: pow(2.0, (moment - known_us) * $per_half_life))), 0.0)"


def _fields(definition: Definition, rules: list[Asked], facts: Facts) -> tuple[str, dict[str, object]]:
    """(the cells of today of all fields asked about, what cells bring): for each field the usual, and the cells that bring something else."""
    quick = by_presence(definition)
    usual: list[tuple] = []
    named: list[tuple] = []
    cells, fields = [], list(dict.fromkeys(one.rule.field for one in rules))
    values: dict[str, object] = {"field": fields, "field_no": list(range(1, len(fields) + 1))}
    for number, name in enumerate(fields, 1):
        column = facts.attributes.get(name) or ""
        text = _text("replay/form_cells").replace("attribute_column", column if _COLUMN.fullmatch(column) else "null")
        cells.append(text.replace("$field_number", f"$field_number_{number}"))
        values[f"field_number_{number}"] = number
        of_field = [one for one in rules if one.rule.field == name]
        texts = (facts.presence(name) if name in quick else facts.column(name)).texts
        told = {text: _brought(of_field, text) for text in texts if text is not None}
        most = Counter(told.values()).most_common(1)
        common = most[0][0] if most else _brought(of_field, "")
        usual += [(number, False, *_brought(of_field, None)), (number, True, *common)]
        named += [(number, text, *brought) for text, brought in told.items() if brought != common]
    for table, rows, keys in (("usual", usual, ("field_no", "is_known")), ("named", named, ("field_no", "cell"))):
        for place, key in enumerate((*keys, *_BRINGS)):
            values[f"{table}_{key}"] = [row[place] for row in rows]
    return "\n    union all\n    ".join(cells) or _text("replay/form_no_cells"), values


def _text(name: str) -> str:
    """A query without its comment, to stand within another."""
    return _COMMENT.sub("", sql(name)).strip()


def _brought(rules: list[Asked], cell: str | None) -> tuple[int, int, int, float]:
    """What a cell brings to gates, bars, criteria and points."""
    told = {"gates": 0, "bars": 0, "criteria": 0, "points": 0.0}
    for one in rules:
        assert isinstance(one.rule, FieldRule)
        if holds(one.rule, cell):
            told[_ROLE[one.part]] += one.points if one.part == "points" else 1
    return tuple(told[name] for name in _BRINGS)
