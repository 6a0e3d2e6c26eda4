"""The run of the world: people, what they do, what marketing hands over, what sales makes of it, up to three passes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from plumbline.sample import attributes, behaviour, events, funnel, reps, stages, touches
from plumbline.sample.draw import stream
from plumbline.sample.funnel import Passes
from plumbline.sample.hours import Hours
from plumbline.sample.people import People, make_people
from plumbline.sample.plan import DATA_THROUGH
from plumbline.sample.qualify import qualify
from plumbline.sample.reps import Staff

PASSES = 3


@dataclass
class Run:
    """Everything that happened, before it is written down as tables."""

    people: People
    staff: Staff
    packed: np.ndarray
    passes: list[Passes]
    handed: np.ndarray
    hours: Hours


def run(leads: int, seed: int) -> Run:
    people = make_people(leads, seed)
    staff = reps.make_staff(leads, seed)
    packed = behaviour.make_activities(people, leads, seed)
    mql_at, how = qualify(people, packed, leads, seed)
    hours = Hours()
    lead = np.flatnonzero(mql_at >= 0)
    at = mql_at[lead]
    rep = staff.draw(people.team[lead], stream(leads, seed, "reps"))
    passes: list[Passes] = []
    acts = [packed[behaviour.kind_of(packed) != behaviour.ENRICHED]]
    del packed
    for number in range(1, PASSES + 1):
        rng = stream(leads, seed, f"pass {number}")
        entry = funnel.run_pass(people, number, lead, at, rep, hours, rng)
        passes.append(entry)
        if number < PASSES:
            place, at = funnel.returns(entry, rng)
            lead = entry.lead[place]
            rep = np.where(rng.random(len(place)) < 0.7, entry.rep[place], staff.draw(people.team[lead], rng))
            acts.append(behaviour.return_acts(people, lead, at, rng))
    packed = np.concatenate(acts)
    del acts
    packed.sort()
    newest = behaviour.time_of(packed).argmax()
    packed[newest] += (DATA_THROUGH - int(behaviour.time_of(packed[newest : newest + 1])[0])) << 11
    return Run(people, staff, packed, passes, np.where(mql_at >= 0, how, -1), hours)


def tables(result: Run, leads: int, seed: int) -> tuple[dict[str, pl.DataFrame], dict[str, int]]:
    """The canonical tables, and how many of each flaw they hold."""
    people, staff, passes = result.people, result.staff, result.passes
    hours = result.hours
    flaws: dict[str, int] = {}
    stage_parts = [stages.inquiry_rows(people, stream(leads, seed, "inquiries"))]
    touch_parts = [touches.other_touches(people, passes[0], leads, seed)]
    for entry in passes:
        rows, planted = stages.stage_rows(people, entry, stream(leads, seed, f"stages {entry.number}"))
        stage_parts.append(rows)
        flaws = {name: flaws.get(name, 0) + number for name, number in planted.items()}
        touch_parts.append(touches.pass_touches(people, entry, hours, stream(leads, seed, f"touches {entry.number}")))
    stage_rows = stages.StageRows(*(np.concatenate(columns) for columns in zip(*stage_parts, strict=True)))
    touch_rows = touches.join(touch_parts)
    del stage_parts, touch_parts

    asked_at = attributes.answers_at_sales(people, passes[0].lead, passes[0].sal_at, stream(leads, seed, "asked"))
    competitor_at = attributes.competitors_found(people, leads, seed)
    merged = attributes.merge_plan(people, leads, seed)
    made = {
        "leads": attributes.leads_table(people, asked_at, competitor_at, merged[:2], leads, seed),
        "lead_changes": attributes.changes_table(people, asked_at, competitor_at, leads, seed),
        "stage_changes": events.stages_table(stage_rows, staff),
        "assignments": events.assignments_table(people, passes, staff, leads, seed),
        "touches": events.touches_table(touch_rows, staff),
        "activities": events.activities_table(result.packed),
        "reps": reps.reps_table(staff),
        "deals": events.deals_table(people, passes, leads, seed),
        "spend": events.spend_table(people, leads, seed),
        "merges": events.merges_table(merged),
        "calendars": reps.calendars_table(),
    }
    late = behaviour.late_of(result.packed)
    before = result.people.created[behaviour.lead_of(result.packed)] > behaviour.time_of(result.packed)
    flaws |= {
        "merges": len(merged[0]),
        "merge_chains": int(np.isin(merged[1], merged[0]).sum()),
        "activities_backfilled": int((late == behaviour.BACKFILLED).sum()),
        "activities_recorded_late": int(((late > 0) & (late < behaviour.BACKFILLED)).sum()),
        "activities_before_creation": int(before.sum()),
        "second_episodes": len(passes[1]),
        "third_episodes": len(passes[2]),
        "future_meetings": int((touch_rows.at > DATA_THROUGH).sum()),
        "competitors_known": int((people.is_competitor & people.competitor_known).sum()),
        "competitors_found_out_later": int((competitor_at >= 0).sum()),
    }
    return made, flaws
