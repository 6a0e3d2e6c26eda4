"""Which leads become an MQL, and when: the scoring rule that marketing ran, act by act, with what was known then.

The rule is written twice: RULES below, and `definition_yaml` made from it, which goes into the truth.
Method: the score as docs/definitions.md states it; all leads advance together, the k-th act of each in one step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from plumbline.sample import behaviour, plan, world
from plumbline.sample.draw import lags, stream
from plumbline.sample.people import People
from plumbline.sample.plan import DATA_THROUGH, DAY, HOUR

FIELD_RULES = (
    ("{field: seniority, one_of: [vp, c_level], points: 16}", 16.0),
    ("{field: seniority, one_of: [director, manager], points: 8}", 8.0),
    ("{field: employees, at_least: 100, points: 8}", 8.0),
    ("{field: employees, at_least: 1000, points: 6}", 6.0),
    ("{field: industry, one_of: [software, manufacturing, financial services, logistics], points: 6}", 6.0),
    ("{field: need, is: true, points: 8}", 8.0),
)


class ActRule(NamedTuple):
    activity: str
    points: float
    cap: float


ACT_RULES = (
    ActRule("demo_request", 34, 50),
    ActRule("contact_request", 28, 28),
    ActRule("trial_start", 28, 28),
    ActRule("webinar", 14, 28),
    ActRule("event_visit", 12, 24),
    ActRule("pricing_page", 9, 36),
    ActRule("download", 8, 24),
    ActRule("email_click", 4, 16),
    ActRule("web_visit", 2, 12),
    ActRule("careers_page", -10, 20),
)


def definition_yaml(threshold: int, name: str) -> str:
    """The rule as a qualified-lead definition (docs/definitions.md)."""
    points = [text for text, _ in FIELD_RULES]
    for rule in ACT_RULES:
        points.append(f"{{activity: {rule.activity}, points: {rule.points:g}, cap: {rule.cap:g}}}")
    lines = [
        f"name: {name}",
        "exclude:",
        "  - {field: is_competitor, is: true}",
        "  - {activity: unsubscribe, times: 1, within_days: 90}",
        "score:",
        f"  threshold: {threshold}",
        f"  half_life_days: {plan.HALF_LIFE_DAYS}",
        "  points:",
        *(f"    - {text}" for text in points),
    ]
    return "\n".join(lines) + "\n"


def _field_points(people: People) -> tuple[np.ndarray, np.ndarray]:
    """Points of the attributes: before enrichment, and in full."""
    size = np.where(people.employees >= 100, 8.0, 0.0) + np.where(people.employees >= 1000, 6.0, 0.0)
    rank = np.where(people.seniority >= 3, 16.0, np.where(people.seniority >= 1, 8.0, 0.0))
    industry = np.where(np.isin(people.industry, (0, 1, 2, 6)), 6.0, 0.0)
    need = np.where(people.answered[0] & (people.need == 1), 8.0, 0.0)
    waits = people.enriched_at >= 0
    before = industry + need + np.where(waits & people.enriched[0], 0.0, size) + np.where(waits & people.enriched[2], 0.0, rank)
    return before, industry + need + size + rank


def first_crossing(people: People, packed: np.ndarray) -> np.ndarray:
    """When each lead first qualified (seconds), -1: never. Acts that were recorded late did not count at the time."""
    n = len(people)
    packed = packed[behaviour.late_of(packed) == 0]
    counts = np.bincount(behaviour.lead_of(packed), minlength=n)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    rule_of = np.full(16, len(ACT_RULES), dtype=np.int64)
    for place, rule in enumerate(ACT_RULES):
        rule_of[world.ACTIVITIES.index(rule.activity)] = place
    points = np.array([rule.points for rule in ACT_RULES] + [0.0])
    caps = np.array([rule.cap for rule in ACT_RULES] + [0.0])
    fades = points >= 0
    unsubscribe = world.ACTIVITIES.index("unsubscribe")

    crossed = np.full(n, -1, dtype=np.int64)
    before, after = _field_points(people)
    lead = np.flatnonzero((counts > 0) & ~(people.is_competitor & people.competitor_known))
    sums = np.zeros((len(lead), len(points)))
    last = people.created[lead].copy()
    barred_until = np.zeros(len(lead), dtype=np.int64)
    field = np.where(people.enriched_at[lead] >= 0, before[lead], after[lead])
    for k in range(int(counts.max(initial=0))):
        act = packed[starts[lead] + k]
        at, kind = behaviour.time_of(act), behaviour.kind_of(act)
        fade = np.exp2(-(at - last) / (plan.HALF_LIFE_DAYS * DAY))
        sums *= np.where(fades, fade[:, None], 1.0)
        sums[np.arange(len(lead)), rule_of[kind]] += points[rule_of[kind]]
        field = np.where(kind == behaviour.ENRICHED, after[lead], field)
        barred_until = np.where(kind == unsubscribe, at + 90 * DAY, barred_until)
        last = at
        score = field + np.clip(sums, -caps, caps).sum(axis=1)
        threshold = np.where(at < plan.THRESHOLD_CHANGED, plan.THRESHOLD_BEFORE, plan.THRESHOLD_AFTER)
        passes = (score >= threshold - 1e-9) & (at >= barred_until)
        crossed[lead[passes]] = at[passes]
        stays = ~passes & (counts[lead] > k + 1)
        lead, sums, last, barred_until, field = lead[stays], sums[stays], last[stays], barred_until[stays], field[stays]
        if not len(lead):
            break
    return crossed


def qualify(people: People, packed: np.ndarray, leads: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(mql_at in seconds or -1, how: 0 rule, 1 explored, 2 by hand). The noise of practice is added to the rule."""
    rng = stream(leads, seed, "qualify")
    n = len(people)
    crossed = first_crossing(people, packed)
    held_back = rng.random(n) < plan.HELD_BACK_SHARE
    delay = rng.integers(5, 120, n)
    nightly = rng.random(n) < 0.15
    night = (crossed // DAY + 1) * DAY + 2 * HOUR + delay * 3
    by_rule = np.where(crossed < 0, np.iinfo(np.int64).max, np.where(nightly, night, crossed + delay))
    by_rule[held_back] = np.iinfo(np.int64).max

    never = np.iinfo(np.int64).max
    barred = people.is_competitor & people.competitor_known
    explored = np.where(people.explores & ~barred, people.created + plan.EXPLORE_AFTER + rng.integers(0, 8 * HOUR, n), never)
    by_hand_share = np.where(people.source == plan.SOURCES.index("outbound"), plan.MANUAL_SHARE_OUTBOUND, plan.MANUAL_SHARE)
    by_hand = np.where((rng.random(n) < by_hand_share) & ~barred, people.created + lags(rng, 9.0 * DAY, 1.0, n), never)

    ways = np.stack((by_rule, explored, by_hand))
    how = ways.argmin(axis=0)
    at = ways.min(axis=0)
    return np.where(at > DATA_THROUGH, -1, at), how
