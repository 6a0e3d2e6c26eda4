"""The rows of stage_changes, with the flaws of real systems: skipped, lone, tied, swapped, repeated, recorded late."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from plumbline.history.schema import STAGES
from plumbline.sample import plan, world
from plumbline.sample.draw import lags
from plumbline.sample.funnel import EXITS, OPEN, Passes
from plumbline.sample.people import People
from plumbline.sample.plan import DATA_THROUGH, DAY, HOUR

LABELS = STAGES + EXITS
INQUIRY, MQL, SAL, SQL, OPPORTUNITY, WON = range(6)
_SKIP_SAL, _LONE, _SWAP, _TIE_SQL, _TIE_MQL, _REPEAT, _LATE = 0.04, 0.025, 0.02, 0.025, 0.012, 0.07, 0.07
_INQUIRY_SHARE = (0.80, 0.80, 0.80, 0.80, 0.45, 0.30)
_REASON_TEXTS = tuple(text for texts in world.REASONS.values() for text in texts)
_REASON_FIRST = np.cumsum([0] + [len(texts) for texts in world.REASONS.values()])


class StageRows(NamedTuple):
    """One place per row. `stage` in LABELS, `recorded` -1: at once, `reason` in reason_texts() or -1, `actor` a rep or -1."""

    lead: np.ndarray
    stage: np.ndarray
    at: np.ndarray
    recorded: np.ndarray
    reason: np.ndarray
    actor: np.ndarray


def reason_texts() -> tuple[str, ...]:
    return _REASON_TEXTS


def inquiry_rows(people: People, rng: np.random.Generator) -> StageRows:
    """Inquiries at creation, for most leads: the others are inquiries without an event."""
    lead = np.flatnonzero(rng.random(len(people)) < np.array(_INQUIRY_SHARE)[people.source])
    none = np.full(len(lead), -1, dtype=np.int64)
    return StageRows(lead, np.full(len(lead), INQUIRY), people.created[lead], none, none, none)


def stage_rows(people: People, passes: Passes, rng: np.random.Generator) -> tuple[StageRows, dict[str, int]]:
    """Rows of one pass and the number of each flaw planted."""
    n = len(passes)
    times = np.stack((passes.mql_at, passes.sal_at, passes.sql_at, passes.opportunity_at, passes.won_at))
    mql, sal, sql = times[0], times[1], times[2]
    has_sal, has_sql = sal >= 0, sql >= 0
    u = rng.random(n)
    lone = has_sal & (u < _LONE)
    skipped = has_sql & ~lone & (u >= 0.10) & (u < 0.10 + _SKIP_SAL)
    swapped = has_sql & (u >= 0.20) & (u < 0.20 + _SWAP) & (sql - sal > 120)
    tied_sql = has_sql & (u >= 0.30) & (u < 0.30 + _TIE_SQL)
    tied_mql = has_sal & (u >= 0.40) & (u < 0.40 + _TIE_MQL)
    repeated = ~lone & ~tied_mql & (rng.random(n) < _REPEAT)

    near = rng.integers(-50, 51, n)
    sal_new = np.where(swapped, sql, sal)
    sql_new = np.where(swapped, sal, sql)
    sal_new = np.where(tied_sql, np.minimum(sql + near, DATA_THROUGH), sal_new)
    sal_new = np.where(tied_mql, np.maximum(mql + near, people.created[passes.lead]), sal_new)
    times[1] = np.where(skipped, -1, sal_new)
    times[2] = sql_new
    times[0] = np.where(lone, -1, mql)

    assigned = passes.pursuit.assigned_at >= 0
    actor = np.where(assigned, passes.rep, -1)
    silent = rng.random(n) < 0.05
    parts = []
    for stage, at in enumerate(times, start=MQL):
        place = np.flatnonzero(at >= 0)
        by = np.full(len(place), -1) if stage == MQL else np.where((stage == SAL) & silent[place], -1, actor[place])
        parts.append((place, np.full(len(place), stage), at[place], np.full(len(place), -1), by))

    place = np.flatnonzero(passes.exit_kind != OPEN)
    reason = passes.reason[place]
    text = _REASON_FIRST[reason] + (rng.random(len(place)) ** 1.7 * np.diff(_REASON_FIRST)[reason]).astype(np.int64)
    parts.append((place, len(STAGES) + passes.exit_kind[place], passes.exit_at[place], np.where(reason < 0, -1, text), actor[place]))

    closed = np.where(passes.won_at >= 0, passes.won_at, np.where(passes.exit_at >= 0, passes.exit_at, DATA_THROUGH))
    again = mql + 300 + (rng.random(n) * np.minimum(closed - mql - 600, 60 * DAY)).astype(np.int64)
    place = np.flatnonzero(repeated & (closed - mql > HOUR))
    parts.append((place, np.full(len(place), MQL), again[place], np.full(len(place), -1), np.full(len(place), -1)))
    repeats = len(place)

    place, stage, at, reason, actor = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    late = (stage > MQL) & (rng.random(len(at)) < _LATE)
    recorded = np.where(late, at + lags(rng, 20.0 * HOUR, 1.2, len(at)), -1)
    old = (stage == SAL) & (at >= plan.instant("2025-10-01T00:00:00")) & (at < plan.instant("2025-12-15T00:00:00"))
    backfilled = old & (rng.random(len(at)) < 0.12)
    recorded = np.where(backfilled, plan.BACKFILL_DAY + rng.integers(0, 1200, len(at)), recorded)
    recorded[recorded > DATA_THROUGH] = -1
    flaws = {
        "skipped_sal": int(skipped.sum()),
        "lone_openings": int(lone.sum()),
        "out_of_order": int((swapped & ~skipped & ~tied_sql & ~tied_mql).sum()),
        "ties_sal_sql": int((tied_sql & ~skipped & ~tied_mql).sum()),
        "ties_mql_sal": int((tied_mql & ~lone & ~skipped).sum()),
        "repeat_mqls": repeats,
        "stage_changes_recorded_late": int((late & (recorded >= 0) & ~backfilled).sum()),
        "stage_changes_backfilled": int(backfilled.sum()),
    }
    return StageRows(passes.lead[place], stage, at, recorded, reason, actor), flaws
