"""A definition turned into the arrays that the kernel reads: a bit for each rule on a field, a row for each rule on an activity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.clock import DAY
from plumbline.definition.kinds import holds
from plumbline.definition.model import ActivityRule, Definition, FieldRule
from plumbline.replay.facts import Column, Facts
from plumbline.replay.kernel import BEHAVIOUR, CRITERION, EXCLUSION, POINTS
from plumbline.text import common_form

_PRESENCE = ("present", "missing")


@dataclass(frozen=True)
class Plan:
    """The kernel's view of a definition on one history; the names are those of kernel.first_qualified."""

    change_clears: np.ndarray
    change_sets: np.ndarray
    mask_at_first: np.ndarray
    must: np.uint64
    bars: np.uint64
    counts: np.uint64
    at_least: int
    point_bits: np.ndarray
    point_values: np.ndarray
    rule_role: np.ndarray
    rule_kind_bit: np.ndarray
    rule_times: np.ndarray
    rule_window: np.ndarray
    rule_points: np.ndarray
    rule_cap: np.ndarray
    kind_fixed: np.ndarray
    kind_offsets: np.ndarray
    kind_rules: np.ndarray
    fade_offsets: np.ndarray
    fade_rules: np.ndarray
    fade_points: np.ndarray
    fade_caps: np.ndarray
    kind_gain: np.ndarray
    is_counted: np.ndarray
    gates: np.ndarray
    kinds_needed: np.uint64
    half_life: float
    fleeting_bars: np.uint64


def plan(definition: Definition, facts: Facts) -> Plan:
    """Evaluates every rule on a field once per distinct cell, and lays out the rules on activities by kind."""
    on_fields, _ = _laid_out(definition)
    mask, clears, sets = _fields([rule for _, _, rule, _ in on_fields], facts)
    return _plan(definition, facts.events.kinds, list(range(len(on_fields))), mask, clears, sets)


def without(made: Plan, definition: Definition, part: str, place: int, left: Definition, facts: Facts) -> Plan:
    """The plan of `left`, which is `definition` without rule `place` of `part`; `made` is the plan of `definition`. Reads no cell again."""
    bits = [bit for bit, (_, at, *_) in enumerate(_laid_out(definition)[0]) if at != (part, place)]
    return _plan(left, facts.events.kinds, bits, made.mask_at_first, made.change_clears, made.change_sets)


def _laid_out(definition: Definition) -> tuple[list[tuple[str, tuple[str, int], FieldRule, float]], list[tuple[int, ActivityRule, float, float]]]:
    """(role, place in the definition, rule, points) of the rules on fields, and (role, rule, points, cap) of those on activities."""
    on_fields = [("must", ("required_fields", place), FieldRule(name, "present"), 0.0) for place, name in enumerate(definition.required_fields)]
    on_activities: list[tuple[int, ActivityRule, float, float]] = []
    parts = (("fit", "must", BEHAVIOUR), ("behaviour", "must", BEHAVIOUR), ("criteria", "counts", CRITERION), ("exclude", "bars", EXCLUSION))
    for part, role, number in parts:
        for place, rule in enumerate(getattr(definition, part)):
            if isinstance(rule, FieldRule):
                on_fields.append((role, (part, place), rule, 0.0))
            else:
                on_activities.append((number, rule, 0.0, np.inf))
    for place, one in enumerate(definition.points):
        if isinstance(one.rule, FieldRule):
            on_fields.append(("points", ("points", place), one.rule, one.points))
        else:
            on_activities.append((POINTS, one.rule, one.points, np.inf if one.cap is None else one.cap))
    return on_fields, on_activities


def _plan(definition: Definition, kinds: tuple[str, ...], bits: list[int], mask: np.ndarray, clears: np.ndarray, sets: np.ndarray) -> Plan:
    """`bits`: the bit of each rule on a field, in the order in which they are laid out."""
    on_fields, on_activities = _laid_out(definition)
    by_role = {
        role: [(bit, points) for bit, (told, *_, points) in zip(bits, on_fields, strict=True) if told == role]
        for role in ("must", "bars", "counts", "points")
    }
    return Plan(
        change_clears=clears,
        change_sets=sets,
        mask_at_first=mask,
        **{role: np.uint64(sum(1 << bit for bit, _ in by_role[role])) for role in ("must", "bars", "counts")},
        at_least=definition.at_least,
        point_bits=np.array([1 << bit for bit, _ in by_role["points"]], np.uint64),
        point_values=np.array([points for _, points in by_role["points"]], np.float64),
        **_activities(on_activities, kinds, definition.half_life_days is not None),
        half_life=(definition.half_life_days or 0.0) * DAY,
    )


def _fields(rules: list[FieldRule], facts: Facts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Masks of the rules: of each lead at first; and of each change, the bits that it clears and those that it sets."""
    events = facts.events
    mask = np.zeros(facts.leads, np.uint64)
    clears, sets = np.zeros(len(events.change_known), np.uint64), np.zeros(len(events.change_known), np.uint64)
    by_field: dict[str, list[tuple[int, FieldRule]]] = {}
    for bit, rule in enumerate(rules):
        by_field.setdefault(rule.field, []).append((bit, rule))
    for name, asked in by_field.items():
        column = facts.presence(name) if all(rule.operator in _PRESENCE for _, rule in asked) else facts.column(name)
        table = np.zeros(len(column.texts), np.uint64)
        for bit, rule in asked:
            table |= np.where(_held(rule, column), np.uint64(1 << bit), np.uint64(0))
        mask |= table[column.at_first]
        clears[column.rows] = np.uint64(sum(1 << bit for bit, _ in asked))
        sets[column.rows] = table[column.of_changes]
    return mask, clears, sets


def _held(rule: FieldRule, column: Column) -> np.ndarray:
    return np.fromiter((holds(rule, text) for text in column.texts), np.bool_, len(column.texts))


def _activities(rules: list[tuple[int, ActivityRule, float, float]], kinds: tuple[str, ...], fades: bool) -> dict[str, object]:
    number = {common_form(name): index for index, name in enumerate(kinds)}
    counting: list[list[int]] = [[] for _ in kinds]
    fading: list[list[int]] = [[] for _ in kinds]
    gain, fixed = np.zeros(len(kinds), np.float64), np.zeros(len(kinds), np.float64)
    is_counted = np.zeros(len(kinds), np.bool_)
    faders: list[tuple[float, float]] = []
    bits = []
    needed = fleeting = 0
    for index, (role, rule, points, cap) in enumerate(rules):
        kind = number.get(common_form(rule.activity))
        bits.append(0 if kind is None else 1 << min(kind, 63))
        if role == BEHAVIOUR:
            needed |= bits[-1]
        if role == EXCLUSION and rule.within_days is not None:
            fleeting |= bits[-1]
        if kind is None:
            continue
        is_counted[kind] = True
        if role == POINTS and points > 0 and fades:
            fading[kind].append(len(faders))
            faders.append((points, cap))
            gain[kind] += points
        elif role == POINTS and np.isinf(cap):
            fixed[kind] += points
        else:
            counting[kind].append(index)
    return {
        "rule_role": np.array([role for role, *_ in rules], np.int64),
        "rule_kind_bit": np.array(bits, np.uint64),
        "rule_times": np.array([rule.times for _, rule, *_ in rules], np.int64),
        "rule_window": np.array([-1 if rule.within_days is None else round(rule.within_days * DAY) for _, rule, *_ in rules], np.int64),
        "rule_points": np.array([points for *_, points, _ in rules], np.float64),
        "rule_cap": np.array([cap for *_, cap in rules], np.float64),
        "kind_fixed": fixed,
        "kind_offsets": _offsets(counting),
        "kind_rules": _flat(counting),
        "fade_offsets": _offsets(fading),
        "fade_rules": _flat(fading),
        "fade_points": np.array([points for points, _ in faders], np.float64),
        "fade_caps": np.array([cap for _, cap in faders], np.float64),
        "kind_gain": gain,
        "is_counted": is_counted,
        "gates": np.array([index for index, (role, *_) in enumerate(rules) if role != POINTS], np.int64),
        "kinds_needed": np.uint64(needed),
        "fleeting_bars": np.uint64(fleeting),
    }


def _offsets(lists: list[list[int]]) -> np.ndarray:
    return np.cumsum([0, *(len(one) for one in lists)]).astype(np.int64)


def _flat(lists: list[list[int]]) -> np.ndarray:
    return np.array([one for listed in lists for one in listed], np.int64)
