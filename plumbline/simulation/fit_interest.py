"""Fit and interest: where every lead stands in four fields, by the rules of a definition (docs/definitions.md, "Fit and interest").

Fit: what the definition asks of who a lead is. Interest: what it asks of what a lead does. Both of the same definition, at one moment or at many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.clock import DAY
from plumbline.definition.model import Definition
from plumbline.replay.facts import Facts
from plumbline.replay.kernel import NEVER
from plumbline.replay.parts import NOT_YET, Parts, parts
from plumbline.replay.states import is_act
from plumbline.simulation.outcomes import Outcomes, Verdicts
from plumbline.statistics import wilson

FIELDS = ("hot", "nurture", "ask", "leave")  # fit and interest, fit alone, interest alone, neither
ENOUGH = 0.5  # of the points of fields, and of the threshold for those of acts
HOT_DAYS = 7
_ULP = 1e-9


@dataclass(frozen=True)
class Standing:
    """Of n leads: `fits`, `is_interested`; `lacks`: by field, who does not fit and of whom the field is not known, though fit asks for it.

    `last_sign`: the latest act that counts in favour (microseconds; NOT_YET: none). `asks_fit`, `asks_interest`: whether the definition asks at all.
    """

    fits: np.ndarray
    is_interested: np.ndarray
    lacks: dict[str, np.ndarray]
    last_sign: np.ndarray
    asks_fit: bool
    asks_interest: bool

    @property
    def field(self) -> np.ndarray:
        """(n) index into FIELDS."""
        return np.where(self.fits, np.where(self.is_interested, 0, 1), np.where(self.is_interested, 2, 3)).astype(np.int8)


def stand(definition: Definition, facts: Facts, leads: np.ndarray, moments: np.ndarray | int) -> Standing:
    """Where leads (indices) stand at their moments (microseconds)."""
    made = parts(definition, facts, leads, moments)
    n = len(made.leads)
    fit_asked, fits = _fits(made, definition, n)
    act_asked, interested = _interested(made, definition, n)
    return Standing(fits, interested, _lacking(made, fits), _last_sign(made, n), fit_asked, act_asked)


def _fits(made: Parts, definition: Definition, n: int) -> tuple[bool, np.ndarray]:
    """Every rule of `fit` holds, no exclusion on a field matches, half of the points of fields, and its share of the criteria on fields."""
    gates, points, criteria = made.which("fit"), made.which("points", False), made.which("criteria", False)
    giving = points[[made.rules[rule].points > 0 for rule in points]] if len(points) else points
    fits = np.ones(n, np.bool_)
    for rule in gates:
        fits &= made.holds[rule]
    for rule in made.which("exclude", False):
        fits &= ~made.holds[rule]
    if len(giving):
        most = sum(made.rules[rule].points for rule in giving)
        fits &= made.points[points].sum(axis=0) >= ENOUGH * most - _ULP
    if len(criteria):
        fits &= made.holds[criteria].sum(axis=0) >= _share_of_criteria(definition, len(criteria)) - _ULP
    return bool(len(gates) or len(giving) or len(criteria)), fits


def _interested(made: Parts, definition: Definition, n: int) -> tuple[bool, np.ndarray]:
    """No exclusion on an act matches, and one is so: `behaviour` holds; acts give half of the threshold; its share of the criteria on acts."""
    gates, points, criteria = made.which("behaviour"), made.which("points", True), made.which("criteria", True)
    has_giving = any(made.rules[rule].points > 0 for rule in points)
    interested = np.zeros(n, np.bool_)
    if len(gates):
        interested |= made.holds[gates].all(axis=0)
    if has_giving:
        given = made.points[points].sum(axis=0)
        interested |= given >= ENOUGH * definition.threshold - _ULP if definition.threshold and definition.threshold > 0 else given > 0
    if len(criteria):
        interested |= made.holds[criteria].sum(axis=0) >= max(1.0, _share_of_criteria(definition, len(criteria))) - _ULP
    for rule in made.which("exclude", True):
        interested &= ~made.holds[rule]
    return bool(len(gates) or has_giving or len(criteria)), interested


def _share_of_criteria(definition: Definition, some: int) -> float:
    """Of `some` criteria, as many as the definition asks of all: 4 of 5 asks 2.4 of 3."""
    return definition.at_least * some / len(definition.criteria)


def _lacking(made: Parts, fits: np.ndarray) -> dict[str, np.ndarray]:
    """Field -> leads that do not fit and of whom it is not known, though fit asks for it."""
    names = [
        one.rule.field
        for one in made.rules
        if not is_act(one) and one.rule.operator != "missing" and (one.part in ("fit", "criteria") or (one.part == "points" and one.points > 0))
    ]
    return {name: (made.codes[name] == 0) & ~fits for name in dict.fromkeys(names)}


def _last_sign(made: Parts, n: int) -> np.ndarray:
    last = np.full(n, NOT_YET, np.int64)
    for number in in_favour(made):
        last = np.maximum(last, made.latest[number])
    return last


def in_favour(made: Parts) -> list[int]:
    """Numbers of the rules on acts that count in favour of a lead."""
    return [
        number for number, one in enumerate(made.rules) if is_act(one) and one.part != "exclude" and not (one.part == "points" and one.points <= 0)
    ]


@dataclass(frozen=True)
class Share:
    """k of n, with its Wilson interval."""

    k: int
    n: int
    low: float
    high: float


@dataclass(frozen=True)
class Field:
    """One of the four: `leads` that stand there now; of those who stood there when they were handed over, how many were accepted and became SQL."""

    leads: int
    never_tried: int  # no human outbound touch so far
    never_handed_over: int
    lacking: int  # a field that fit asks for is not known
    accepted: Share
    sql: Share


@dataclass(frozen=True)
class Matrix:
    """`now`: all leads at the end of the data. `handed`: leads (indices) that were handed over; `then` their field at that moment."""

    now: Standing
    handed: np.ndarray
    then: np.ndarray

    def fields(self, mask: np.ndarray, judged: Verdicts, tried: np.ndarray) -> dict[str, Field]:
        """The four by name. `mask` (leads): which count; `tried` (leads): whether a person ever tried to reach the lead."""
        here, told = self.now.field, {}
        lacking = np.zeros(len(mask), np.bool_)
        for missing in self.now.lacks.values():
            lacking |= missing
        for number, name in enumerate(FIELDS):
            these, were = mask & (here == number), self.handed[(self.then == number) & mask[self.handed]]
            told[name] = Field(
                int(these.sum()),
                int((these & ~tried).sum()),
                int((these & ~judged.offered).sum()),
                int((these & lacking).sum()),
                _share(judged.is_accepted[were], judged.judged[were]),
                _share(judged.is_sql[were], judged.sql_judged[were]),
            )
        return told


def matrix(definition: Definition, facts: Facts, found: Outcomes) -> Matrix:
    """Where every lead stands at the end of the data, and stood when it was first handed over."""
    handed = np.flatnonzero(found.opened != NEVER)
    now = stand(definition, facts, np.arange(facts.leads), facts.data_through)
    return Matrix(now, handed, stand(definition, facts, handed, found.opened[handed]).field)


def _share(hits: np.ndarray, old_enough: np.ndarray) -> Share:
    k, n = int((hits & old_enough).sum()), int(old_enough.sum())
    return Share(k, n, *wilson(k, n))


def hot(now: Standing, first_tried: np.ndarray, opened: np.ndarray, data_through: int) -> np.ndarray:
    """Indices of leads that show interest, with a sign in the last 7 days, and were never tried or never handed over; the latest sign first.

    `first_tried`, `opened` (leads): instants, NEVER where not.
    """
    is_fresh = now.last_sign > data_through - HOT_DAYS * DAY
    rows = np.flatnonzero(now.is_interested & is_fresh & ((first_tried == NEVER) | (opened == NEVER)))
    return rows[np.argsort(-now.last_sign[rows], kind="stable")]


def prequalified(met: np.ndarray, first_tried: np.ndarray, opened: np.ndarray) -> np.ndarray:
    """Indices of leads that met a bar (`met`: instants, NEVER where not) before sales saw them: before hand-over and first try. The latest first."""
    rows = np.flatnonzero((met != NEVER) & (met < np.minimum(first_tried, opened)))
    return rows[np.argsort(-met[rows], kind="stable")]
