"""Rules mined from rejections and wins: found on the older half of the leads that were handed over, judged again on the later half."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.definition.model import ActivityRule, Definition, FieldRule, Points
from plumbline.simulation.conditions import Condition, Looked, is_same_news, look
from plumbline.simulation.rules import period
from plumbline.simulation.run import Ground, Settings
from plumbline.statistics import MINIMUM_N, wilson
from plumbline.statistics.contrasts import p_values, within_strata
from plumbline.statistics.false_discovery import q_values

MOST = 6
FALSE_DISCOVERY = 0.10
LEAST = 0.03  # share of rejections and of SQLs at least so far apart: less is no rule worth a meeting
_APART = 0.05


@dataclass(frozen=True)
class Counts:
    """One half of the leads. Those that meet the condition: `rejected` of all `rejections`, `sql` of all `sqls`, `accepted` of `judged`;
    those that do not: `others_accepted` of `others`."""

    rejected: int
    rejections: int
    sql: int
    sqls: int
    accepted: int
    judged: int
    others_accepted: int
    others: int

    @property
    def of_rejections(self) -> float | None:
        return self.rejected / self.rejections if self.rejections else None

    @property
    def of_sqls(self) -> float | None:
        return self.sql / self.sqls if self.sqls else None

    def turned(self) -> Counts:
        """The same of those that do not meet the condition."""
        return Counts(self.rejections - self.rejected, self.rejections, self.sqls - self.sql, self.sqls, self.others_accepted, self.others,
                      self.accepted, self.judged)  # fmt: skip

    def intervals(self) -> dict[str, tuple[float, float] | None]:
        """Wilson, 95 %: of_rejections, of_sqls, acceptance, others; None where there is nobody."""
        pairs = {
            "of_rejections": (self.rejected, self.rejections),
            "of_sqls": (self.sql, self.sqls),
            "acceptance": (self.accepted, self.judged),
            "others": (self.others_accepted, self.others),
        }
        return {name: wilson(k, n) if n else None for name, (k, n) in pairs.items()}


@dataclass(frozen=True)
class Pattern:
    """A condition that rejected leads meet more often than SQLs (`is_against`), or less often. `verdict`: held, did_not_hold, too_few."""

    condition: Condition
    is_against: bool
    older: Counts
    later: Counts
    p: float
    q: float
    verdict: str


@dataclass(frozen=True)
class Mined:
    """`looked_at`: conditions tried. `cut`: the instant from which leads are of the later half. Rejections and SQLs of the older half."""

    patterns: tuple[Pattern, ...]
    looked_at: int
    cut: int
    rejections: int
    sqls: int


@dataclass(frozen=True)
class Suggestion:
    """A pattern as a rule for a draft: `part` of the definition and the rule as it stands there. `who`, `older`, `later`: of those it is about."""

    pattern: Pattern
    part: str
    made: object
    who: str
    older: Counts
    later: Counts
    is_in_draft: bool


@dataclass(frozen=True)
class Judged:
    """The leads that are learnt from, by row: index, when the first episode opened, what sales said of it; `account` ties rows together."""

    rows: np.ndarray
    opened: np.ndarray
    is_rejected: np.ndarray
    is_sql: np.ndarray
    is_accepted: np.ndarray
    account: np.ndarray


def learnt_from(ground: Ground, settings: Settings) -> Judged:
    """First episodes opened in the period and old enough to have become SQL."""
    since, until = period(ground, settings)
    told, found = ground.verdicts(settings.mql_days, settings.sal_days), ground.outcomes
    rows = np.flatnonzero(told.sql_judged & (found.opened >= since) & (found.opened < until))
    is_rejected = told.rejected & ~told.is_sql
    return Judged(rows, found.opened[rows], is_rejected[rows], told.is_sql[rows], told.is_accepted[rows], found.account[rows])


def mine(ground: Ground, settings: Settings) -> Mined:
    """The patterns of a period: at most six, Benjamini-Hochberg q <= 0.10 over all that was looked at, each told once."""
    return mined(learnt_from(ground, settings), ground)


def mined(leads: Judged, ground: Ground) -> Mined:
    """The same of leads that are given."""
    cut = int(np.sort(leads.opened)[len(leads.opened) // 2]) if len(leads.opened) else 0
    older = leads.opened < cut
    rejections, sqls = int((older & leads.is_rejected).sum()), int((older & leads.is_sql).sum())
    if min(rejections, sqls) < MINIMUM_N:
        return Mined((), 0, cut, rejections, sqls)
    seen = look(ground.facts, leads.rows, leads.opened, older)
    p = p_values(seen.holds, older & leads.is_rejected, older & leads.is_sql, leads.account)
    q = q_values(p)
    chosen: list[int] = []
    patterns: list[Pattern] = []
    for c in np.argsort(p, kind="stable"):
        if q[c] > FALSE_DISCOVERY or len(chosen) == MOST:
            break
        counts = [_counts(seen.holds[:, c], half, leads) for half in (older, ~older)]
        is_against = _is_against(counts[0])
        if is_against is None or _is_useless(seen.conditions[c], is_against):
            continue
        if not all(_is_news(seen, int(c), one, is_against, older, leads) for one in zip(chosen, patterns, strict=True)):
            continue
        chosen.append(int(c))
        verdict = _verdict(seen.holds[:, c], counts[1], is_against, ~older, leads)
        patterns.append(Pattern(seen.conditions[c], is_against, counts[0], counts[1], float(p[c]), float(q[c]), verdict))
    return Mined(tuple(patterns), len(seen.conditions), cut, rejections, sqls)


def _counts(held: np.ndarray, half: np.ndarray, leads: Judged) -> Counts:
    rejected, sql, those, others = half & leads.is_rejected, half & leads.is_sql, half & held, half & ~held
    masks = (rejected & held, rejected, sql & held, sql, those & leads.is_accepted, those, others & leads.is_accepted, others)
    return Counts(*(int(one.sum()) for one in masks))


def _is_against(counts: Counts) -> bool | None:
    """Whether the condition goes with rejection; None where the gap is too small, or acceptance says the opposite."""
    gap = counts.of_rejections - counts.of_sqls
    worse = counts.others_accepted / counts.others - counts.accepted / counts.judged
    return gap > 0 if abs(gap) >= LEAST and gap * worse > 0 else None


def _is_useless(condition: Condition, is_against: bool) -> bool:
    """That something is not known speaks for no lead."""
    return isinstance(condition.rule, FieldRule) and condition.rule.operator == "missing" and not is_against


def _is_news(seen: Looked, c: int, told: tuple[int, Pattern], is_against: bool, half: np.ndarray, leads: Judged) -> bool:
    """Whether a condition says more than one that is told already: it still tells rejections from SQLs among leads that are alike in that one."""
    other, pattern = told
    held, held_by_other = seen.holds[:, c], seen.holds[:, other]
    if is_against == pattern.is_against and is_same_news(seen.conditions[c].rule, pattern.condition.rule, held[half], held_by_other[half]):
        return False
    z, p = within_strata(held, half & leads.is_rejected, half & leads.is_sql, held_by_other.astype(np.int64))
    return p <= _APART and (z > 0) == is_against


def _verdict(held: np.ndarray, later: Counts, is_against: bool, half: np.ndarray, leads: Judged) -> str:
    """Held: on the later half the same way, one-sided p <= 0.05; too few: under 30 on any side of the comparison."""
    if min(later.rejections, later.sqls, later.judged, later.others) < MINIMUM_N:
        return "too_few"
    p = float(p_values(held[:, None], half & leads.is_rejected, half & leads.is_sql, leads.account)[0])
    return "held" if p <= 2 * _APART and _is_same_way(later, is_against) else "did_not_hold"


def _is_same_way(counts: Counts, is_against: bool) -> bool:
    gap = counts.of_rejections - counts.of_sqls
    return gap > 0 if is_against else gap < 0


def suggestions(found: Mined, draft: Definition) -> list[Suggestion]:
    """Each pattern as the rule that suits the draft.

    Against: an exclusion; a field that is not known: a required field. For: points where the draft gives points, else a criterion where it
    counts criteria, else a rule that every lead must meet (of an act it is said of those who never did it).
    """
    told = []
    for pattern in found.patterns:
        part, made = _as_rule(pattern, draft)
        turns = part == "behaviour"
        sides = (pattern.older.turned(), pattern.later.turned()) if turns else (pattern.older, pattern.later)
        who = pattern.condition.who_not if turns else pattern.condition.who
        rules = [one.rule for one in draft.points] if part == "points" else list(getattr(draft, part))
        told.append(Suggestion(pattern, part, made, who, *sides, (made.rule if isinstance(made, Points) else made) in rules))
    return told


def _as_rule(pattern: Pattern, draft: Definition) -> tuple[str, object]:
    rule = pattern.condition.rule
    if pattern.is_against:
        return ("required_fields", rule.field) if isinstance(rule, FieldRule) and rule.operator == "missing" else ("exclude", rule)
    if draft.threshold is not None:
        points = float(max(1, round(abs(draft.threshold) / 5)))
        return "points", Points(rule, points) if isinstance(rule, FieldRule) else Points(ActivityRule(rule.activity), points, points)
    if draft.criteria:
        return "criteria", rule
    return ("fit" if isinstance(rule, FieldRule) else "behaviour"), rule
