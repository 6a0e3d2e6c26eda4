"""Every funnel metric, plain and filtered, beside the same question asked of the raw table by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.measure import Row, median
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.metrics import all_metrics, run

_GOAL_ONE, _GOAL_SCREEN = 0.150, 0.400
_SCREEN = ("funnel/stages", "funnel/cohorts", "funnel/breakdown", "funnel/flow", "funnel/time_in_stage", "funnel/inquiries")

# First time of each stage per lead; of those that entered, the share that reached the next within the window and is old enough.
_BY_HAND = """
with firsts as (
    select
        lead_id,
        min(occurred_at) filter (where stage = 'mql') as mql, min(occurred_at) filter (where stage = 'sal') as sal,
        min(occurred_at) filter (where stage = 'sql') as sql, min(occurred_at) filter (where stage = 'opportunity') as opportunity,
        min(occurred_at) filter (where stage = 'won') as won
    from stage_changes group by lead_id
)
select
    count(mql), count(sal), count(sql), count(opportunity), count(won),
    count(*) filter (where mql <= $until - interval 14 day),
    count(*) filter (where mql <= $until - interval 14 day and sal - mql <= interval 14 day),
    count(*) filter (where sal <= $until - interval 45 day),
    count(*) filter (where sal <= $until - interval 45 day and sql - sal <= interval 45 day),
    count(*) filter (where sql <= $until - interval 45 day),
    count(*) filter (where sql <= $until - interval 45 day and opportunity - sql <= interval 45 day),
    count(*) filter (where opportunity <= $until - interval 180 day),
    count(*) filter (where opportunity <= $until - interval 180 day and won - opportunity <= interval 180 day)
from firsts
"""
_STEPS = (("mql", "sal", 14), ("sal", "sql", 45), ("sql", "opportunity", 45), ("opportunity", "won", 180))


def measured(history: Path, other: Path) -> list[Row]:
    opened = History(history)
    until = opened.about.data_through
    filters = {"no filter": Filters(), "since and two segments": _narrow(opened)}
    hand = {"plain SQL": _sql_by_hand(other, until), "polars": _polars_by_hand(other, until)}
    rows = []
    for told, chosen in filters.items():
        taken = {}
        for name in sorted(name for name in all_metrics() if name.startswith("funnel/")):
            taken[name] = median(lambda name=name, chosen=chosen: run(opened, name, chosen))
            rows.append(Row(f"{name}, {told}", taken[name], None, "", "<= 150 ms", taken[name] <= _GOAL_ONE))
        if chosen == Filters():
            rows += [
                Row(f"stages by hand, {way} on the raw table", seconds, seconds / taken["funnel/stages"], "funnel/stages")
                for way, seconds in hand.items()
            ]
        screen = sum(taken[name] for name in _SCREEN)
        rows.append(Row(f"the Funnel screen's six, {told}", screen, None, "", "<= 400 ms", screen <= _GOAL_SCREEN))
    opened.close()
    return rows


def _narrow(history: History) -> Filters:
    segments = {}
    for name in ("source", "region"):
        statement = "select label from field_values where field_no = $field_no order by n desc limit 2"
        segments[name] = tuple(history.query(statement, {"field_no": history.fields[name]["field_no"]})["label"])
    return Filters(since=(history.about.data_through - timedelta(days=365)).date(), segments=segments)


def _sql_by_hand(other: Path, until: object) -> float:
    with duckdb.connect(str(other), read_only=True) as con:
        return median(lambda: con.execute(_BY_HAND, {"until": until}).fetchall(), 5)


def _polars_by_hand(other: Path, until: object) -> float:
    with duckdb.connect(str(other), read_only=True) as con:
        changes = con.sql("select lead_id, stage, occurred_at from stage_changes").pl()
    stages = ("mql", "sal", "sql", "opportunity", "won")

    def ask() -> None:
        firsts = changes.lazy().group_by("lead_id").agg(pl.col("occurred_at").filter(pl.col("stage") == stage).min().alias(stage) for stage in stages)
        old = {a: pl.col(a) <= pl.lit(until) - timedelta(days=days) for a, _, days in _STEPS}
        firsts.select(
            *(pl.col(stage).count().alias(f"n_{stage}") for stage in stages),
            *(old[a].sum().alias(f"mature_{a}") for a, _, _ in _STEPS),
            *((old[a] & (pl.col(b) - pl.col(a) <= timedelta(days=days))).sum().alias(f"converted_{a}") for a, b, days in _STEPS),
        ).collect()

    return median(ask, 5)
