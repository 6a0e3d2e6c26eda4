"""The metrics of speed and persistence, beside polars and ClickHouse (chdb) asked the same of the same prepared rows, in memory or in a MergeTree.

`python -m benchmarks.follow_up HISTORY` prints the figures of one history.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from benchmarks.measure import Row, median
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.metrics import all_metrics, run
from plumbline.speed.delays import delays
from plumbline.speed.waits import from_frame

_GOAL = 0.150
_ROWS = ("speed/waits", "persistence/passes")  # one row a pass, for clocks and lists: not a figure
_DAY = 86_400_000_000
_LIMITS = (300_000_000, 1_800_000_000, 3_600_000_000, _DAY, 2 * _DAY)
_FOLLOW_UPS = (
    "select episode_no, tried, coalesce(contact_attempt, 0)::int as contact_attempt, waited_us, age_us, first_attempt_at is not null as is_attempted,"
    " mql_at is not null as is_observed, start_age_us, epoch_us(released_at) - epoch_us(start_at) as released_us from follow_ups where pass_no = 1"
)
_ATTEMPTS = "select episode_no, channel::varchar as channel, channel_no, since_start_us from attempts"


def measured(history: Path) -> list[Row]:
    """Rows of the report."""
    opened = History(history)
    chosen = {
        "no filter": Filters(),
        "the last year": Filters(since=(opened.about.data_through - timedelta(days=365)).date()),
    }
    rows: list[Row] = []
    ours: dict[str, float] = {}
    for told, filters in chosen.items():
        for name in sorted(name for name in all_metrics() if name.startswith(("speed/", "persistence/"))):
            seconds = median(lambda name=name, filters=filters: run(opened, name, filters))
            ours.setdefault(name, seconds)
            goal = ("", None) if name in _ROWS else ("<= 150 ms", seconds <= _GOAL)
            rows.append(Row(f"{name}, {told}", seconds, None, "", *goal))
    waits = from_frame(run(opened, "speed/waits"), 0)
    rows.append(Row("the Speed screen's waits, measured", median(lambda: delays(waits, "total"))))
    follow_ups, attempts = opened.query(_FOLLOW_UPS), opened.query(_ATTEMPTS)
    told = {name: _answer(run(opened, name)) for name in ("speed/first_attempt", "persistence/attempts", "persistence/promise")}
    opened.close()
    for way, asked in chain([("polars", _in_polars(follow_ups, attempts))], _clickhouse(follow_ups, attempts)):
        for name, ask in asked.items():
            theirs = ask()
            same = "same answer" if _alike(theirs, told[name]) else f"ANOTHER ANSWER: {theirs} and not {told[name]}"
            seconds = median(ask, 5)
            rows.append(Row(f"{name}: {way}, {same}", seconds, seconds / ours[name], "ours"))
    if not any("ClickHouse" in row.what for row in rows):
        rows.append(Row("ClickHouse: chdb is not installed (requirements-bench.in), left out", math.nan))
    return rows


def _answer(frame: pl.DataFrame) -> list[float]:
    """The figures of a metric, in a row: of first_attempt median, p90 and shares; of attempts at risk and contacted; of promise mature and kept."""
    names = [name for name in ("median", "p90", *(f"within_{t}" for t in ("5m", "30m", "1h", "24h", "48h"))) if name in frame.columns]
    names = names or [name for name in ("at_risk", "contacted", "mature", "kept") if name in frame.columns]
    return [float(value) if value is not None else -1.0 for row in frame.select(names).iter_rows() for value in row]


def _alike(one: list[float], other: list[float]) -> bool:
    return len(one) == len(other) and all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(one, other, strict=True))


def _in_polars(follow_ups: pl.DataFrame, attempts: pl.DataFrame) -> dict[str, Callable[[], list[float]]]:
    def first_attempt() -> list[float]:
        waits = follow_ups.lazy().filter("is_observed")
        old = [pl.col("age_us") >= limit for limit in _LIMITS]
        shares = [(one & pl.col("is_attempted") & (pl.col("waited_us") <= limit)).sum() / one.sum() for one, limit in zip(old, _LIMITS, strict=True)]
        left = pl.len() - pl.int_range(1, pl.len() + 1)
        curve = waits.sort("waited_us", ~pl.col("is_attempted")).select(
            "waited_us", pl.when("is_attempted").then((left / (left + 1)).clip(1e-300).log()).otherwise(0.0).cum_sum().alias("waiting")
        )
        found = [curve.filter(pl.col("waiting") <= math.log(limit) + 1e-9).select(pl.col("waited_us").min()) for limit in (0.5, 0.1)]
        told, *quantiles = pl.collect_all([waits.select(*(share.alias(str(n)) for n, share in enumerate(shares))), *found])
        return [*(-1.0 if one.item() is None else one.item() / 1e6 for one in quantiles), *told.row(0)]

    def chances() -> list[float]:
        kinds = (
            follow_ups.lazy().filter(pl.col("tried") > 0).group_by("tried").agg(pl.len().alias("n"), (pl.col("contact_attempt") > 0).sum().alias("k"))
        )
        rows = {tried: (n, k) for tried, n, k in kinds.collect().iter_rows()}
        told, at_risk = [], 0
        for attempt in range(max(rows), 0, -1):
            n, k = rows.get(attempt, (0, 0))
            at_risk += n
            told.append((float(at_risk), float(k)))
        return [value for row in reversed(told) for value in row]

    def promise() -> list[float]:
        made = attempts.lazy().filter(pl.col("since_start_us") <= 14 * _DAY, pl.col("channel_no") == 3)
        reached = [made.filter(pl.col("channel") == channel).select("episode_no", pl.lit(True).alias(channel)) for channel in ("call", "email")]
        told = follow_ups.lazy().filter(pl.col("start_age_us") >= 14 * _DAY)
        for one in reached:
            told = told.join(one, on="episode_no", how="left")
        kept = (pl.col("released_us") <= 14 * _DAY).fill_null(False) | (pl.col("call").fill_null(False) & pl.col("email").fill_null(False))
        return [float(value) for value in told.select(pl.len().alias("n"), kept.sum().alias("k")).collect().row(0)]

    return {"speed/first_attempt": first_attempt, "persistence/attempts": chances, "persistence/promise": promise}


@contextmanager
def _tables(follow_ups: pl.DataFrame, attempts: pl.DataFrame, folder: Path) -> Iterator[Callable[[str], list[float]] | None]:
    try:
        from chdb.session import Session
    except ImportError:
        yield None
        return
    session = Session(str(folder / "clickhouse"))
    try:
        session.query("create database bench engine = Atomic")
        for name, frame, key in (("follow_ups", follow_ups, "episode_no"), ("attempts", attempts, "episode_no, since_start_us")):
            frame.write_parquet(folder / f"{name}.parquet")
            made = _MAKE.replace("{name}", name).replace("{key}", key).replace("{file}", str(folder / f"{name}.parquet"))
            session.query(made)
            session.query(f"optimize table bench.{name} final")
        yield lambda statement: [
            -1.0 if cell in ("\\N", "") else float(cell) for line in str(session.query(statement, "CSV")).splitlines() for cell in line.split(",")
        ]
    finally:
        session.close()


def _clickhouse(follow_ups: pl.DataFrame, attempts: pl.DataFrame) -> Iterator[tuple[str, dict[str, Callable[[], list[float]]]]]:
    with TemporaryDirectory(prefix="plumbline-bench-ch-") as folder, _tables(follow_ups, attempts, Path(folder)) as query:
        if query is not None:
            yield "ClickHouse", {name: (lambda statement=statement: query(statement)) for name, statement in _STATEMENTS.items()}


_MAKE = "create table bench.{name} engine = MergeTree order by ({key}) settings allow_nullable_key = 1 as select * from file('{file}', 'Parquet')"
_FIRST_ATTEMPT = """
with curve as (
    select
        waited_us,
        sum(if(is_attempted, log(greatest(after_it / (after_it + 1), 1e-300)), 0)) over (order by after_it desc rows unbounded preceding) as waiting
    from (
        select waited_us, is_attempted, count() over () - row_number() over (order by waited_us, is_attempted desc) as after_it
        from bench.follow_ups where is_observed
    )
)
select
    (select if(count() = 0, null, min(waited_us) / 1e6) from curve where waiting <= log(0.5) + 1e-9),
    (select if(count() = 0, null, min(waited_us) / 1e6) from curve where waiting <= log(0.1) + 1e-9),
    {shares}
from bench.follow_ups where is_observed
"""
_CHANCES = """
select sum(n) over (order by tried desc), k from (
    select tried, sum(one) as n, sum(hit) as k from (
        select tried, 1 as one, contact_attempt > 0 as hit from bench.follow_ups where tried > 0
        union all
        select arrayJoin(range(1, (select max(tried) from bench.follow_ups) + 1)), 0, 0
    ) group by tried
) order by tried
"""
_PROMISE = """
select count(), countIf(ifNull(released_us <= {days}, false) or (
    episode_no in (select episode_no from bench.attempts where channel = 'call' and channel_no = 3 and since_start_us <= {days})
    and episode_no in (select episode_no from bench.attempts where channel = 'email' and channel_no = 3 and since_start_us <= {days})))
from bench.follow_ups where start_age_us >= {days}
"""
_SHARES = ", ".join(f"countIf(is_attempted and waited_us <= {limit} and age_us >= {limit}) / countIf(age_us >= {limit})" for limit in _LIMITS)
_STATEMENTS = {
    "speed/first_attempt": _FIRST_ATTEMPT.replace("{shares}", _SHARES),
    "persistence/attempts": _CHANCES,
    "persistence/promise": _PROMISE.replace("{days}", str(14 * _DAY)),
}


if __name__ == "__main__":
    for row in measured(Path(sys.argv[1])):
        print(row)
