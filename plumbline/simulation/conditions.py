"""What leads may have in common: values, numbers and acts, each as a rule of a definition, as they were known at a moment of each lead.

- values of fields of few values ("is education"); "is not known" only where changes were recorded: elsewhere it may have been filled in later
- numbers at round edges near their tenths ("under 50", "50 or more")
- acts: ever done, or in the 30 days before the moment
Conditions are single ones: a definition cannot bar or ask for two things at once, so a pair could not be added to a draft.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from plumbline import hindsight
from plumbline.clock import DAY
from plumbline.definition.kinds import holds, number_of, said, sentence, shown
from plumbline.definition.model import ActivityRule, FieldRule, Rule
from plumbline.replay.facts import Column, Facts
from plumbline.simulation.run import EXPLORED
from plumbline.statistics import MINIMUM_N
from plumbline.text import fold

FEW = 50  # values of a field beyond which it groups nothing
RECENT = 30  # days
_NUMBERS = 8  # distinct numbers from which a field is looked at by edges
_WITHIN = 0.9
_AT_ONCE = 50_000  # leads whose acts are looked at together: what bounds the memory
_IDENTITY = {"account_id", "company", "email", "phone", EXPLORED[0]}
_AMOUNTS = {"annual_revenue", "budget", "employees"}  # looked at even where nearly each lead has its own


@dataclass(frozen=True)
class Condition:
    """`who`: "leads under 50 employees"; `who_not`: the same of the others, for acts. `is_today`: of a field whose changes were not recorded."""

    rule: Rule
    who: str
    who_not: str = ""
    is_today: bool = False


@dataclass(frozen=True)
class Looked:
    """`holds` (rows, conditions): whether each condition held for each lead at its moment."""

    conditions: tuple[Condition, ...]
    holds: np.ndarray


def look(facts: Facts, rows: np.ndarray, moments: np.ndarray, counted: np.ndarray) -> Looked:
    """Every condition that at least 30 of the counted leads meet and 30 do not, but for what tells how leads ended (plumbline/hindsight.py).

    rows (n): indices of leads, ascending; moments (n): microseconds, nothing known later is seen; counted (n) bool: those that decide which
    conditions there are, and the edges of numbers.
    """
    found: list[tuple[Condition, np.ndarray]] = []
    withheld = hindsight.attributes(facts.history)
    for name in facts.attributes:
        if name in _IDENTITY or name in withheld or (name in facts.many and name not in _AMOUNTS):
            continue
        column = facts.column(name)
        if may_group(column):
            found += _of_field(name, column, cells_at(column, facts, rows, moments), counted, facts)
    found += _of_acts(facts, rows, moments)
    kept = {}
    for condition, held in found:
        n = int((held & counted).sum())
        if min(n, int(counted.sum()) - n) >= MINIMUM_N:
            kept.setdefault(repr(condition.rule), (condition, held))
    told = list(kept.values())
    return Looked(tuple(condition for condition, _ in told), np.stack([held for _, held in told], axis=1) if told else np.zeros((len(rows), 0), bool))


def is_same_news(one: Rule, other: Rule, held: np.ndarray, held_by_other: np.ndarray) -> bool:
    """Whether two conditions that point the same way say nearly the same: two edges of one number, two windows of one act, one within the other.

    held, held_by_other (n): for which leads. What holds for half of all or more holds others by chance: it is no reason to leave them out.
    """
    if isinstance(one, ActivityRule) or isinstance(other, ActivityRule):
        is_alike = isinstance(one, ActivityRule) and isinstance(other, ActivityRule) and one.activity == other.activity
    else:
        is_alike = (one.field, one.operator) == (other.field, other.operator) and one.operator in ("at_least", "at_most")
    few, many = sorted((int(held.sum()), int(held_by_other.sum())))
    return is_alike or (many < len(held) / 2 and int((held & held_by_other).sum()) >= _WITHIN * few)


def cells_at(column: Column, facts: Facts, rows: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Codes (n) of an attribute's cells as known at the moment of each lead."""
    events = facts.events
    codes = column.at_first[rows].copy()
    place = np.full(facts.leads, -1, np.int64)
    place[rows] = np.arange(len(rows))
    at = place[np.searchsorted(events.change_offsets, column.rows, side="right") - 1]
    seen = at >= 0
    seen[seen] = events.change_known[column.rows[seen]] <= moments[at[seen]]
    codes[at[seen]] = column.of_changes[seen]  # in the order of knowing: the latest stays
    return codes


def may_group(column: Column) -> bool:
    """Whether a field has few values, or is of numbers."""
    texts = column.texts[1:]
    return len(texts) <= 4 * FEW or _is_numeric(texts[:: max(1, len(texts) // 200)])


def _is_numeric(texts: tuple[str | None, ...]) -> bool:
    """Nine in ten are numbers, none of them a code such as 0123."""
    told = [text for text in texts if text and number_of(text) is not None]
    is_code = any(len(text) > 1 and text[0] == "0" and text.isdigit() for text in told)
    return bool(texts) and len(told) >= 0.9 * len(texts) and not is_code


def _of_field(name: str, column: Column, codes: np.ndarray, counted: np.ndarray, facts: Facts) -> list[tuple[Condition, np.ndarray]]:
    is_today = name not in facts.events.changed_fields
    texts = column.texts
    found = []
    if not is_today:
        found.append((Condition(FieldRule(name, "missing"), f"leads whose {said(name)} is not known"), codes == 0))
    if _is_numeric(texts[1:]) and len(texts) > _NUMBERS:
        return found + _of_numbers(name, texts, codes, counted, is_today)
    shown_as: dict[str, str] = {}
    count = np.bincount(codes[counted], minlength=len(texts))
    for code in np.argsort(-count, kind="stable").tolist():
        if texts[code] is not None:
            shown_as.setdefault(fold(texts[code]), texts[code])
    if len(shown_as) > FEW:
        return found
    for label in shown_as.values():
        rule = FieldRule(name, "is", _value(label))
        table = np.fromiter((holds(rule, text) for text in texts), np.bool_, len(texts))
        found.append((Condition(rule, f"leads whose {sentence(rule)}", is_today=is_today), table[codes]))
    return found


def _value(label: str) -> str | bool | int | float:
    if label.casefold() in ("true", "false"):
        return label.casefold() == "true"
    number = number_of(label)
    return label if number is None or not math.isfinite(number) else int(number) if number.is_integer() else number


def _of_numbers(
    name: str, texts: tuple[str | None, ...], codes: np.ndarray, counted: np.ndarray, is_today: bool
) -> list[tuple[Condition, np.ndarray]]:
    numbers = np.array([math.nan if text is None or (number := number_of(text)) is None else number for text in texts])[codes]
    known = numbers[counted & np.isfinite(numbers)]
    if not len(known):
        return []
    found = []
    is_whole = bool((known == np.floor(known)).all())
    things = said(name) if name.endswith("s") else ""
    for edge in round_edges(known):
        value = int(edge) if float(edge).is_integer() else float(edge)
        most = value - 1 if is_whole and isinstance(value, int) else value
        told = f"under {shown(value)}" if most != value else f"{shown(value)} or less"
        low = f"leads {told} {things}" if things and most != value else f"leads with {said(name)} {told}"
        high = f"leads of {shown(value)} {things} or more" if things else f"leads with {said(name)} {shown(value)} or more"
        found.append((Condition(FieldRule(name, "at_most", most), low, is_today=is_today), numbers <= most))
        found.append((Condition(FieldRule(name, "at_least", value), high, is_today=is_today), numbers >= value))
    return found


def round_edges(known: np.ndarray) -> list[float]:
    """Round numbers near the tenths of `known`: 1, 2, 5, 10, 20 ... where they span more than ten times, else multiples of a round step."""
    tenths = np.quantile(known, np.linspace(0.1, 0.9, 9))
    low, high = float(tenths[0]), float(tenths[-1])
    if low > 0 and high / low > 10:
        edges = {_round_up_or_down(float(value)) for value in tenths}
    elif high > low:
        step = _round_up_or_down((high - low) / 9)
        edges = {round(float(value) / step) * step for value in tenths}
    else:
        edges = {low}
    least, most = float(known.min()), float(known.max())
    return sorted(float(f"{edge:.12g}") for edge in edges if least < edge <= most)


def _round_up_or_down(value: float) -> float:
    """The nearest of 1, 2, 5, 10 times a power of ten, by ratio."""
    power = 10.0 ** math.floor(math.log10(value))
    return min((power * one for one in (1, 2, 5, 10)), key=lambda one: abs(math.log(value / one)))


def _of_acts(facts: Facts, rows: np.ndarray, moments: np.ndarray) -> list[tuple[Condition, np.ndarray]]:
    events = facts.events
    ever, lately = (np.zeros((len(rows), len(events.kinds)), np.bool_) for _ in range(2))
    for start in range(0, len(rows), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        _mark_acts(facts, rows[part], moments[part], ever[part], lately[part])
    found = []
    withheld = hindsight.withheld_acts(facts.history)
    for number, name in enumerate(events.kinds):
        if name in withheld:
            continue
        at_all, before = f"at least one {said(name)}", "before they were handed over"
        within = f"in the {RECENT} days {before}"
        found.append((Condition(ActivityRule(name), f"leads with {at_all} {before}", f"leads without any {said(name)} {before}"), ever[:, number]))
        rule = ActivityRule(name, 1, float(RECENT))
        found.append((Condition(rule, f"leads with {at_all} {within}", f"leads without any {said(name)} {within}"), lately[:, number]))
    return found


def _mark_acts(facts: Facts, rows: np.ndarray, moments: np.ndarray, ever: np.ndarray, lately: np.ndarray) -> None:
    """Marks which acts (columns) each lead (rows) was known to have done by its moment, and which within the days before it."""
    events = facts.events
    begin, count = events.offsets[rows], events.offsets[rows + 1] - events.offsets[rows]
    of = np.repeat(np.arange(len(rows)), count)
    act = np.arange(int(count.sum())) + np.repeat(begin - (np.cumsum(count) - count), count)
    occurred = events.occurred[act]
    late = events.late_at[rows][of]
    known = occurred.copy()
    where = np.flatnonzero(late >= 0)
    known[where] = events.late_known[late[where] + act[where] - begin[of[where]]]
    seen = known <= moments[of]
    of, kind, occurred = of[seen], events.kind[act[seen]], occurred[seen]
    ever[of, kind] = True
    recent = occurred > moments[of] - RECENT * DAY
    lately[of[recent], kind[recent]] = True
