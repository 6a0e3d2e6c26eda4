"""What a history records, counted at import: main.recorded, main.recorded_parts and main.unjudged_passes, read by history/recorded.py.

A thing that some teams or months never record is no neglect of theirs. So passes of such teams and months, and of leads that did not come as far as
those of whom alone it is recorded, are listed in unjudged_passes: nobody is blamed there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import polars as pl

from plumbline.clock import local_micros
from plumbline.history.precision import NEARLY_ALL, are_dates, are_one_instant
from plumbline.history.schema import EXITS, STAGES
from plumbline.sqlfiles import sql

THINGS = (
    "reps", "owners", "touches", "attempts", "automated", "touch_outcomes", "answers", "contacts", "meetings", "exits", "reasons", "actors",
    "activities", "deals", "deal_amounts", "changes", "spend", *(f"stage:{name}" for name in STAGES), *(f"exit:{name}" for name in EXITS),
)  # fmt: skip
PARTLY = ("touches", "owners")  # of which it is asked whether only some teams, months or leads have them
NEVER = 9  # a stage that no pass reaches
_LEAST = 10.0  # so many passes must have been expected to show it
_HARDLY = 0.02  # of those expected: no record, but for strays
_NEARLY_ALL = 0.98  # of the rows on days without a time: the thing is known by the day
_SAMPLE = 200_000  # instants looked at for whether they are dates


@dataclass(frozen=True)
class Extent:
    """Of which passes a thing is recorded: those that came as far as stage `rank` (1: all), opened in [since, until), not in one of `months`, not of
    one of `teams`."""

    rank: int = 1
    since: datetime | None = None
    until: datetime | None = None
    months: tuple[date, ...] = ()
    teams: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return self == Extent()


def prepare_record(con: duckdb.DuckDBPyConnection, zone: ZoneInfo, data_through: datetime) -> None:
    """Fills the three tables, once episodes, follow-ups and steps are there; what is made of leads and accounts reads them."""
    con.execute(sql("prepare/95_record_rows"))
    con.execute(sql("prepare/96_recorded"), {"things": list(THINGS)})
    rows = con.sql("select * from record_counts order by thing").pl()
    passes = con.sql(sql("prepare/97_passes_covered"), params={"data_through": data_through}).pl()
    extents = {thing: extent_of(passes, thing) for thing in PARTLY}
    had_time = _had_time(con, rows, data_through)
    things = rows["thing"].to_list()
    whole = Extent()
    told = rows.with_columns(
        grain=pl.Series([_grain(con, row, zone) for row in rows.to_dicts()], dtype=pl.String),
        had_time=pl.Series([had_time.get(thing) for thing in things], dtype=pl.Int64),
        from_rank=pl.Series([extents.get(thing, whole).rank for thing in things], dtype=pl.Int8),
        since_at=pl.Series([extents.get(thing, whole).since for thing in things], dtype=pl.Datetime("us")),
        until_at=pl.Series([extents.get(thing, whole).until for thing in things], dtype=pl.Datetime("us")),
    )
    frames = {"recorded": told, "recorded_parts": _parts(passes, extents), "unjudged_passes": _unjudged(passes, extents)}
    for name, frame in frames.items():
        con.register("told", frame)
        con.execute(f"create table history.main.{name} as select * from told")
        con.unregister("told")
    con.execute("drop table record_counts")
    con.execute("drop view record_rows")


def extent_of(passes: pl.DataFrame, thing: str) -> Extent:
    """passes: of prepare/97_passes_covered. Passes too young to have been followed up say nothing."""
    old = passes.filter(pl.col("is_old"))
    if not old[thing].any():
        return Extent()
    rank = _rank(old, thing)
    old = old.filter(pl.col("reached") >= rank)
    teams = _teams(old, thing) if thing == "touches" else ()
    old = old.filter(~pl.col("team").is_in(list(teams)) | pl.col("team").is_null())
    return _months(old, thing, rank, teams)


def _rank(old: pl.DataFrame, thing: str) -> int:
    """The furthest stage such that of the passes that did not come so far hardly any has the thing, though many were expected to."""
    for rank in (5, 4, 3, 2):
        above, below = old.filter(pl.col("reached") >= rank), old.filter(pl.col("reached") < rank)
        if above.height and _is_hardly(below[thing].sum(), below.height * above[thing].mean()):
            return rank
    return 1


def _teams(old: pl.DataFrame, thing: str) -> tuple[str, ...]:
    counts = old.filter(pl.col("team").is_not_null()).group_by("team").agg(n=pl.len(), k=pl.col(thing).sum()).sort("team").to_dicts()
    n, k = sum(row["n"] for row in counts), sum(row["k"] for row in counts)
    return tuple(row["team"] for row in counts if _is_hardly(row["k"], row["n"] * (k - row["k"]) / max(1, n - row["n"])))


def _months(old: pl.DataFrame, thing: str, rank: int, teams: tuple[str, ...]) -> Extent:
    counts = old.group_by("month").agg(n=pl.len(), k=pl.col(thing).sum()).sort("month")
    n, k, months = counts["n"].to_numpy(), counts["k"].to_numpy(), counts["month"].to_list()
    usual = k.sum() / max(1, n[k > 0].sum())
    first, last = _leading(n, k, usual), len(n) - _leading(n[::-1], k[::-1], usual)
    if first >= last:
        return Extent(rank, teams=teams)
    later = old.filter(pl.col("month") >= months[first])[f"{thing}_at"].min() if first else None
    until = old.filter(pl.col("month") == months[last])["opened_at"].min() if last < len(n) else None
    gaps = tuple(months[at] for at in range(first, last) if _is_hardly(k[at], n[at] * usual))
    return Extent(rank, later, until, gaps, teams)


def _leading(n: np.ndarray, k: np.ndarray, usual: float) -> int:
    """How many of the first months together hold hardly any."""
    hardly = [place for place in range(1, len(n) + 1) if _is_hardly(k[:place].sum(), n[:place].sum() * usual)]
    return max(hardly, default=0)


def _is_hardly(there: float, expected: float) -> bool:
    return expected >= _LEAST and there <= _HARDLY * expected


def _unjudged(passes: pl.DataFrame, extents: dict[str, Extent]) -> pl.DataFrame:
    """episode_no, and of each thing the first stage at which the pass can be judged by it (1, or NEVER, or the rank); passes with another than 1."""
    told = passes.select("episode_no", *(_first_stage(extent).alias(f"{thing}_from") for thing, extent in extents.items()))
    return told.filter(pl.any_horizontal(pl.col(f"{thing}_from") != 1 for thing in extents))


def _first_stage(extent: Extent) -> pl.Expr:
    out = pl.col("reached") < extent.rank
    if extent.since:
        out |= pl.col("opened_at") < extent.since
    if extent.until:
        out |= pl.col("opened_at") >= extent.until
    out |= pl.col("month").is_in(list(extent.months)) | pl.col("team").is_in(list(extent.teams)).fill_null(False)
    return pl.when(out).then(NEVER).otherwise(extent.rank).cast(pl.Int8)


def _parts(passes: pl.DataFrame, extents: dict[str, Extent]) -> pl.DataFrame:
    """thing, part (month, team), value, passes, covered, judged: how many passes of each month and team there are, have it, are judged."""
    frames = []
    for thing, extent in extents.items():
        judged = passes.with_columns(is_judged=_first_stage(extent) < NEVER)
        for part in ("month", "team"):
            value = pl.col(part).cast(pl.String).alias("value")
            counted = judged.filter(pl.col(part).is_not_null()).group_by(value).agg(
                passes=pl.len().cast(pl.Int64), covered=pl.col(thing).sum().cast(pl.Int64), judged=pl.col("is_judged").sum().cast(pl.Int64)
            )  # fmt: skip
            frames.append(counted.select(pl.lit(thing).alias("thing"), pl.lit(part).alias("part"), "value", "passes", "covered", "judged"))
    return pl.concat(frames).sort("thing", "part", "value")


def _had_time(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, data_through: datetime) -> dict[str, int]:
    """'stage:NAME' -> how many passes entered the last stage before it that anybody reached, and had its window to go on."""
    entered = dict(con.sql(sql("prepare/98_time_to_go_on"), params={"data_through": data_through}).pl().iter_rows())
    told, before = {}, 0
    for rank in range(1, 5):
        before = entered.get(rank, 0) or (before if not _reached(rows, rank) else 0)
        told[f"stage:{STAGES[rank + 1]}"] = before
    return told


def _reached(rows: pl.DataFrame, rank: int) -> int:
    """Leads that reached the stage of that rank, implied ones too."""
    return sum(rows["of_reach"][0][rank:]) if rows.height else 0


def _grain(con: duckdb.DuckDBPyConnection, row: dict, zone: ZoneInfo) -> str | None:
    if not row["rows"] or row["first_at"] is None:
        return None
    if row["first_at"] < row["last_at"] and row["day_rows"] >= NEARLY_ALL * row["rows"]:
        return "day"
    at = con.sql(sql("prepare/99_instants_of"), params={"thing": row["thing"], "one_in": max(1, row["rows"] // _SAMPLE)}).pl()["us"].to_numpy()
    if row["rows"] > 1 and row["first_at"] == row["last_at"]:
        return "one_instant"
    if row["day_rows"] >= _NEARLY_ALL * row["rows"]:
        return "day"
    return "day" if are_dates(local_micros(at, zone)) and not are_one_instant(at) else "instant"
