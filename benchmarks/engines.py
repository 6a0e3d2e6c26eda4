"""Other engines at the same question: when does each lead first have so many points? Sums of positive points, in memory or in ClickHouse.

Each way answers with (how many leads ever do, the sum of their instants in microseconds): enough to see that the answers are the same.
Acts lie sorted by lead, then by when they became known, as ours do: no way has to sort.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from plumbline.definition import Definition
from plumbline.replay.prepare import Events

Answer = tuple[int, int]
Ways = dict[str, Callable[[], Answer]]
_DAY = 86_400_000_000


@dataclass(frozen=True)
class Acts:
    """Columns of equal length: lead (index), kind (code), known and occurred (microseconds). `offsets` (leads + 1) into them."""

    lead: np.ndarray
    kind: np.ndarray
    known: np.ndarray
    occurred: np.ndarray
    offsets: np.ndarray
    kinds: tuple[str, ...]


def acts_of(events: Events) -> Acts:
    known = events.occurred.copy()
    for lead in np.flatnonzero(events.late_at >= 0):
        begin, end, late = events.offsets[lead], events.offsets[lead + 1], events.late_at[lead]
        known[begin:end] = events.late_known[late : late + end - begin]
    lead = np.repeat(np.arange(len(events.created), dtype=np.int32), np.diff(events.offsets))
    return Acts(lead, np.asarray(events.kind), known, np.asarray(events.occurred), np.asarray(events.offsets), events.kinds)


def _points(kinds: tuple[str, ...], asked: Definition) -> list[int]:
    """Whole points by kind: of the plain definition."""
    given = {one.rule.activity: int(one.points) for one in asked.points}
    return [given.get(kind, 0) for kind in kinds]


def in_memory(acts: Acts, asked: Definition) -> Ways:
    """The plain definition, arrays and frames in memory before the clock starts."""
    table = np.array(_points(acts.kinds, asked), np.int64)
    wanted = asked.threshold
    frame = pl.DataFrame({"lead": acts.lead, "kind": acts.kind, "known": acts.known})
    leads, kinds, known = (pd.Series(one) for one in (acts.lead, acts.kind, acts.known))

    def by_polars() -> Answer:
        points = pl.Series(table).gather(frame["kind"])
        told = (
            frame.lazy()
            .with_columns(points=points)
            .select("lead", "known", score=pl.col("points").cum_sum().over("lead"))
            .filter(pl.col("score") >= wanted)
            .group_by("lead")
            .agg(pl.col("known").min())
            .collect()
        )
        return len(told), int(told["known"].sum())

    def by_pandas() -> Answer:
        score = pd.Series(table[kinds.to_numpy()]).groupby(leads, sort=False).cumsum()
        reached = score >= wanted
        told = known[reached].groupby(leads[reached], sort=False).first()
        return len(told), int(told.sum())

    def by_numpy() -> Answer:
        total = np.cumsum(table[acts.kind])
        before = np.r_[0, total][acts.offsets[:-1]]
        reached = np.flatnonzero(total - np.repeat(before, np.diff(acts.offsets)) >= wanted)
        lead = acts.lead[reached]
        first = reached[np.r_[True, lead[1:] != lead[:-1]]] if len(lead) else reached
        return len(first), int(acts.known[first].sum())

    return {"polars, cum_sum over": by_polars, "pandas, groupby cumsum": by_pandas, "NumPy, cumsum over sorted arrays": by_numpy}


@contextmanager
def clickhouse(acts: Acts, workspace: Path) -> Iterator[Callable[[str], Answer] | None]:
    """Asks a ClickHouse in this process that holds the acts in a MergeTree ordered by lead and time. None where chdb is not installed."""
    try:
        from chdb.session import Session
    except ImportError:
        yield None
        return
    rows = workspace / "acts.parquet"
    pl.DataFrame({"lead": acts.lead, "kind": acts.kind, "known": acts.known, "occurred": acts.occurred}).write_parquet(rows, compression="lz4")
    session = Session(str(workspace / "clickhouse"))
    try:
        session.query("create database bench engine = Atomic")
        session.query(
            "create table bench.acts (lead UInt32, kind UInt8, known Int64, occurred Int64) engine = MergeTree order by (lead, known)"
            " settings index_granularity = 8192"
        )
        session.query(_MOVE.replace("{rows}", str(rows)))
        session.query("optimize table bench.acts final")
        yield lambda statement: _read(str(session.query(statement, "CSV")))
    finally:
        session.close()
        rows.unlink(missing_ok=True)


def _read(line: str) -> Answer:
    n, total = line.strip().split(",")
    return int(n), int(total)


def in_clickhouse(query: Callable[[str], Answer], kinds: tuple[str, ...], asked: Definition) -> Ways:
    """The plain definition in both forms, or one that fades in the form of arrays."""
    if asked.half_life_days is None:
        written = {"{points}": str(_points(kinds, asked)), "{wanted}": repr(asked.threshold)}
        forms = {"ClickHouse, window": _WINDOW, "ClickHouse, arrayCumSum in order": _ARRAYS}
    else:
        half_life = asked.half_life_days * _DAY
        ranks = [kinds.index(one.rule.activity) for one in asked.points if one.rule.activity in kinds]
        rules = [one for one in asked.points if one.rule.activity in kinds]
        sums = ", ".join(f"arrayCumSum((k, w) -> if(k = {rank}, w, 0), ks, ws)" for rank in ranks)
        given = (f"{one.points!r} * c{n} * d" for n, one in enumerate(rules))
        given = (text if one.cap is None else f"least({one.cap!r}, {text})" for text, one in zip(given, rules, strict=True))
        written = {
            "{half_life}": repr(half_life),
            "{sums}": sums,
            "{names}": ", ".join(f"c{n}" for n in range(len(rules))),
            "{score}": " + ".join(given),
            "{wanted}": repr(asked.threshold - 1e-9),
        }
        forms = {"ClickHouse, arrayCumSum of each kind in order": _FADING}
    return {way: partial(query, _filled(text, written)) for way, text in forms.items()}


def _filled(text: str, written: dict[str, str]) -> str:
    for place, value in written.items():
        text = text.replace(place, value)
    return text


_MOVE = "insert into bench.acts select lead, kind, known, occurred from file('{rows}', 'Parquet')"
_WINDOW = """
select count(), sum(reached) from (
    select lead, min(known) as reached from (
        select lead, known, sum({points}[kind + 1]) over (partition by lead order by known rows unbounded preceding) as score from bench.acts
    ) where score >= {wanted} group by lead
)
"""
_ARRAYS = """
select countIf(n > 0), sumIf(moments[n], n > 0) from (
    select lead, groupArray(known) as moments, arrayFirstIndex(score -> score >= {wanted}, arrayCumSum(groupArray({points}[kind + 1]))) as n
    from bench.acts group by lead
) settings optimize_aggregation_in_order = 1
"""
_FADING = """
with (select min(known) from bench.acts) as base
select countIf(n > 0), sumIf(moments[n], n > 0) from (
    select
        lead,
        groupArray(known) as moments,
        groupArray(kind) as ks,
        groupArray(exp2((occurred - base) / {half_life})) as ws,
        groupArray(exp2((base - known) / {half_life})) as ds,
        arrayFirstIndex(score -> score >= {wanted}, arrayMap((d, {names}) -> {score}, ds, {sums})) as n
    from bench.acts group by lead
) settings optimize_aggregation_in_order = 1
"""
