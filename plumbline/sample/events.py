"""The tables of events, deals, spend and merges, from the rows that the simulation made."""

from __future__ import annotations

import numpy as np
import polars as pl

from plumbline.history.schema import CHANNELS, DIRECTIONS, OUTCOMES
from plumbline.sample import behaviour, plan, stages, world
from plumbline.sample.draw import lags, stream
from plumbline.sample.frames import by_code, ids, times
from plumbline.sample.funnel import EXITS, Passes
from plumbline.sample.people import People
from plumbline.sample.plan import DATA_THROUGH, DAY
from plumbline.sample.reps import Staff, rep_ids
from plumbline.sample.stages import StageRows
from plumbline.sample.touches import TouchRows


def _lead_ids(lead: np.ndarray) -> pl.Series:
    return ids("L", lead + 1, 7)


def activities_table(packed: np.ndarray) -> pl.DataFrame:
    """Sorted by lead and time; assets by kind."""
    kind = behaviour.kind_of(packed).astype(np.int8)
    texts = [""] * (16 * 8)
    for name, names in world.ASSETS.items():
        for place, text in enumerate(names):
            texts[world.ACTIVITIES.index(name) * 8 + place] = text
    asset_code = np.array([place if text else -1 for place, text in enumerate(texts)], dtype=np.int64)
    asset = asset_code[kind.astype(np.int64) * 8 + behaviour.asset_of(packed)]
    lead = behaviour.lead_of(packed)
    every_lead = _lead_ids(np.arange(int(lead.max(initial=0)) + 1))
    return pl.DataFrame(
        {
            "lead_id": every_lead.gather(lead),
            "activity": by_code(world.ACTIVITIES, kind),
            "occurred_at": times(behaviour.time_of(packed)),
            "recorded_at": times(behaviour.recorded_of(packed)),
            "asset": by_code(tuple(texts), asset),
        }
    )


def stages_table(rows: StageRows, staff: Staff) -> pl.DataFrame:
    order = np.lexsort((rows.stage, rows.lead, rows.at))
    lead, stage, at, recorded, reason, actor = (column[order] for column in rows)
    return pl.DataFrame(
        {
            "lead_id": _lead_ids(lead),
            "stage": by_code(stages.LABELS, stage),
            "occurred_at": times(at),
            "recorded_at": times(recorded),
            "reason": by_code(stages.reason_texts(), reason),
            "actor_id": by_code(tuple(rep_ids(staff)), actor),
            "event_id": ids("S", np.arange(len(lead)) + 1, 7),
        }
    )


def touches_table(rows: TouchRows, staff: Staff) -> pl.DataFrame:
    order = np.lexsort((rows.channel, rows.outcome, rows.lead, rows.at))
    lead, rep, channel, at, outcome, inbound, automated = (column[order] for column in rows)
    return pl.DataFrame(
        {
            "lead_id": _lead_ids(lead),
            "channel": by_code(CHANNELS, channel),
            "occurred_at": times(at),
            "rep_id": by_code(tuple(rep_ids(staff)), rep),
            "direction": by_code(DIRECTIONS, inbound.astype(np.int64)),
            "outcome": by_code(OUTCOMES, outcome),
            "is_automated": automated,
            "event_id": ids("T", np.arange(len(lead)) + 1, 7),
        }
    )


def assignments_table(people: People, passes: list[Passes], staff: Staff, leads: int, seed: int) -> pl.DataFrame:
    """Hand-overs with the system's delay; outbound leads belong to a rep from the start; a few change hands later."""
    rng = stream(leads, seed, "assignments")
    parts = []
    for entry in passes:
        at = entry.pursuit.assigned_at
        if entry.number == 1:
            at = np.where(entry.owned & (at >= 0), np.minimum(people.created[entry.lead] + rng.integers(0, 600, len(entry)), entry.mql_at), at)
        place = np.flatnonzero(at >= 0)
        parts.append((entry.lead[place], entry.rep[place], at[place]))
        moved = np.flatnonzero((at >= 0) & (rng.random(len(entry)) < 0.05))
        later = entry.mql_at[moved] + DAY + lags(rng, 4.0 * DAY, 0.8, len(moved))
        parts.append((entry.lead[moved], staff.draw(people.team[entry.lead[moved]], rng), later))
    lead, rep, at = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    keep = at <= DATA_THROUGH
    lead, rep, at = lead[keep], rep[keep], at[keep]
    order = np.lexsort((rep, lead, at))
    names = by_code(tuple(rep_ids(staff)), rep[order])
    event = ids("H", np.arange(len(order)) + 1, 7)
    return pl.DataFrame({"lead_id": _lead_ids(lead[order]), "rep_id": names, "occurred_at": times(at[order]), "event_id": event})


def deals_table(people: People, passes: list[Passes], leads: int, seed: int) -> pl.DataFrame:
    rng = stream(leads, seed, "deals")
    parts = []
    for entry in passes:
        place = np.flatnonzero(entry.opportunity_at >= 0)
        won = entry.won_at[place] >= 0
        lost = (entry.exit_at[place] >= 0) & (entry.exit_kind[place] < len(EXITS))
        closed = np.where(won, entry.won_at[place], np.where(lost, entry.exit_at[place], -1))
        parts.append((entry.lead[place], entry.opportunity_at[place], closed, won))
    lead, opened, closed, won = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((lead, opened))
    lead, opened, closed, won = lead[order], opened[order], closed[order], won[order]
    size = 8.55 + 0.28 * np.log(people.employees[lead]) + plan.QUALITY_ON["log_amount"] * people.quality[lead]
    amount = np.rint(np.exp(size + 0.6 * rng.standard_normal(len(lead))) / 50).astype(np.int64) * 50
    is_won = pl.select(pl.when(pl.Series(closed) >= 0).then(pl.Series(won))).to_series()
    return pl.DataFrame(
        {
            "deal_id": ids("D", np.arange(len(lead)) + 1, 6),
            "lead_id": _lead_ids(lead),
            "amount": amount,
            "currency": pl.repeat("USD", len(lead), dtype=pl.String, eager=True),
            "created_at": times(opened),
            "closed_at": times(closed),
            "is_won": is_won,
        }
    )


def spend_table(people: People, leads: int, seed: int) -> pl.DataFrame:
    """One row per month (its first day), source and campaign: the cost of the leads of that month, give or take."""
    rng = stream(leads, seed, "spend")
    months = np.arange(np.datetime64("2024-11", "M"), np.datetime64("2026-12", "M"))
    month = (people.created.astype("datetime64[s]").astype("datetime64[M]") - months[0]).astype(np.int64)
    cells = len(plan.SOURCES) * 4
    counts = np.bincount(month * cells + people.source * 4 + people.campaign, minlength=len(months) * cells)
    cost = np.repeat([float(world.COST_PER_LEAD[source]) for source in plan.SOURCES], 4)
    amount = np.rint((np.tile(cost, len(months)) * (counts + 0.3)) * rng.uniform(0.8, 1.25, len(counts)))
    campaigns = [text or None for source in plan.SOURCES for text in world.CAMPAIGNS[source]]
    frame = pl.DataFrame(
        {
            "date": pl.Series(np.repeat(months.astype("datetime64[D]"), cells)).cast(pl.Date),
            "source": list(np.repeat(plan.SOURCES, 4)) * len(months),
            "campaign": campaigns * len(months),
            "amount": amount,
        },
        schema_overrides={"campaign": pl.String, "source": pl.String},
    )
    return frame.with_columns(pl.lit("USD").alias("currency")).filter(pl.Series(counts > 0))


def merges_table(merged: tuple[np.ndarray, np.ndarray, np.ndarray]) -> pl.DataFrame:
    return pl.DataFrame({"lead_id": _lead_ids(merged[0]), "into_lead_id": _lead_ids(merged[1]), "merged_at": times(merged[2])})
