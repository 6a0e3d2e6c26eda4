"""How many leads stand against a definition at once, each at a moment of its own: every rule's part, for lists and for the four fields.

explain.py says the same of one lead, slowly; tests/test_explain.py compares the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit

from plumbline.clock import DAY
from plumbline.definition.kinds import holds
from plumbline.definition.model import Definition
from plumbline.replay.facts import Column, Facts
from plumbline.replay.states import Asked, Found, State, asked, by_presence, is_act
from plumbline.text import common_form

NOT_YET = np.iinfo(np.int64).min
Cells = Callable[[dict[str, Column], Facts, np.ndarray, np.ndarray], dict[str, np.ndarray]]


@dataclass(frozen=True)
class Parts:
    """Of n leads, each at its moment; r rules in the order of states.asked.

    `holds`, `points` (r, n): as in states.Found; points 0 for what is no rule with points. `times`, `latest` (r, n): of acts; NOT_YET: never.
    `codes`: field -> (n) index of the cell in the texts of `columns`; 0 is missing.
    """

    definition: Definition
    rules: tuple[Asked, ...]
    leads: np.ndarray
    moments: np.ndarray
    holds: np.ndarray
    points: np.ndarray
    times: np.ndarray
    latest: np.ndarray
    codes: dict[str, np.ndarray]
    columns: dict[str, Column]

    def which(self, part: str, of_acts: bool | None = None) -> np.ndarray:
        """Indices of the rules of a part; of_acts: only those on acts, or only those on fields."""
        chosen = [n for n, one in enumerate(self.rules) if one.part == part and of_acts in (None, is_act(one))]
        return np.array(chosen, np.int64)

    def state(self, place: int) -> State:
        """One of the n leads, as explain would tell it."""
        found = []
        for n, one in enumerate(self.rules):
            if is_act(one):
                latest = int(self.latest[n, place])
                said = {"times": int(self.times[n, place]), "latest": None if latest == NOT_YET else latest}
            else:
                said = {"cell": self.columns[one.rule.field].texts[self.codes[one.rule.field][place]]}
            found.append(Found(one, bool(self.holds[n, place]), float(self.points[n, place]), **said))
        score = None if self.definition.threshold is None else sum(one.points for one in found)
        return State(int(self.moments[place]), score, tuple(found), self.definition)


def parts(definition: Definition, facts: Facts, leads: np.ndarray, moments: np.ndarray | int, cells: Cells | None = None) -> Parts:
    """`leads`: indices, each at most once. `moments`: microseconds, one for each or one for all; nothing known later is seen.

    `cells`: another way to look cells up than for very many leads at once, which may take a lead more than once.
    """
    rules = asked(definition)
    leads = np.ascontiguousarray(leads, np.int64)
    moments = np.ascontiguousarray(np.broadcast_to(moments, len(leads)), np.int64)
    held, points = np.zeros((len(rules), len(leads)), np.bool_), np.zeros((len(rules), len(leads)))
    quick = by_presence(definition)
    columns = {name: facts.presence(name) if name in quick else facts.column(name) for name in definition.fields()}
    codes = (cells or _cells)(columns, facts, leads, moments)
    for n, one in enumerate(rules):
        if not is_act(one):
            column = columns[one.rule.field]
            held[n] = np.fromiter((holds(one.rule, text) for text in column.texts), np.bool_, len(column.texts))[codes[one.rule.field]]
            points[n] = np.where(held[n], one.points, 0.0)
    times, latest = _acts(definition, rules, facts, leads, moments, held, points)
    return Parts(definition, rules, leads, moments, held, points, times, latest, codes, columns)


def _cells(columns: dict[str, Column], facts: Facts, leads: np.ndarray, moments: np.ndarray) -> dict[str, np.ndarray]:
    """The cell of each lead at its moment: that of the latest change known then, else the one before its first change."""
    events = facts.events
    told = {name: column.at_first[leads].astype(np.int64) for name, column in columns.items()}
    changing = {name: column for name, column in columns.items() if len(column.rows)}
    if not changing:
        return told
    place, until = np.full(facts.leads, -1, np.int64), np.full(facts.leads, NOT_YET, np.int64)
    place[leads], until[leads] = np.arange(len(leads)), moments
    lead_of = np.repeat(np.arange(facts.leads), np.diff(events.change_offsets))
    for name, column in changing.items():
        lead = lead_of[column.rows]
        seen = events.change_known[column.rows] <= until[lead]
        told[name][place[lead[seen]]] = column.of_changes[seen]  # rows are in order of knowing: of a lead's several, the last stays
    return told


def _acts(
    definition: Definition, rules: tuple[Asked, ...], facts: Facts, leads: np.ndarray, moments: np.ndarray, held: np.ndarray, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fills `held` and `points` of the rules on acts; how often and when last each was met."""
    events = facts.events
    of_acts = [n for n, one in enumerate(rules) if is_act(one)]
    times, latest = np.zeros(held.shape, np.int32), np.full(held.shape, NOT_YET, np.int64)
    if not of_acts:
        return times, latest
    number = {common_form(name): index for index, name in enumerate(events.kinds)}
    by_kind: list[list[int]] = [[] for _ in events.kinds]
    for place, n in enumerate(of_acts):
        if (kind := number.get(common_form(rules[n].rule.activity))) is not None:
            by_kind[kind].append(place)
    windows = [-1 if (days := rules[n].rule.within_days) is None else round(days * DAY) for n in of_acts]
    fades = [definition.half_life_days is not None and rules[n].part == "points" and rules[n].points > 0 for n in of_acts]
    shape = (len(leads), len(of_acts))  # a lead's row is written at once
    sums, counts, last = np.zeros(shape), np.zeros(shape, np.int32), np.full(shape, NOT_YET, np.int64)
    _sum_up(
        leads,
        moments,
        events.offsets,
        events.kind,
        events.occurred,
        events.late_at,
        events.late_known,
        np.cumsum([0, *map(len, by_kind)]).astype(np.int64),
        np.array([place for listed in by_kind for place in listed], np.int64),
        np.array(windows, np.int64),
        np.array(fades, np.bool_),
        (definition.half_life_days or 1.0) * DAY,
        sums,
        counts,
        last,
    )
    for place, n in enumerate(of_acts):
        one = rules[n]
        times[n], latest[n] = counts[:, place], last[:, place]
        if one.part != "points":
            held[n] = times[n] >= one.rule.times
            continue
        given = one.points * sums[:, place]
        points[n] = given if one.cap is None else np.clip(given, -one.cap, one.cap)
        held[n] = times[n] > 0
    return times, latest


@njit(cache=True, nogil=True)
def _sum_up(leads, moments, offsets, kind, occurred, late_at, late_known, kind_offsets, kind_rules, window, fades, half_life, sums, counts, last):
    """Of each lead and rule: the (faded) number of acts that it counts at the moment, the number, the latest. Acts lie in order of knowing."""
    for x in range(len(leads)):
        lead, t = leads[x], moments[x]
        begin, end = offsets[lead], offsets[lead + 1]
        shift = late_at[lead] - begin
        is_late = late_at[lead] >= 0
        for i in range(begin, end):
            if (late_known[i + shift] if is_late else occurred[i]) > t:
                break
            k = kind[i]
            age = t - occurred[i]
            faded = -1.0
            for y in range(kind_offsets[k], kind_offsets[k + 1]):
                r = kind_rules[y]
                if window[r] >= 0 and age >= window[r]:
                    continue
                counts[x, r] += 1
                last[x, r] = max(last[x, r], occurred[i])
                if fades[r]:
                    if faded < 0.0:
                        faded = np.exp2(-age / half_life)
                    sums[x, r] += faded
                else:
                    sums[x, r] += 1.0
