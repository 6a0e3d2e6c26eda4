"""How far the extract reaches: given, or the latest stage change or activity, guarded against dates in the future. Never today's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import duckdb

from plumbline.errors import InputError
from plumbline.history.schema import TABLES, day_column
from plumbline.instants import Notation

_SLACK = timedelta(days=7)
_GAP = timedelta(days=180)
_ENOUGH, _FEW = 100, 0.01
_EVENTS = "(select occurred_at, is_day from typed_stage_changes union all select occurred_at, is_day from typed_activities)"


def settle_data_through(con: duckdb.DuckDBPyConnection, asked: str, zone: str, warnings: list[str], before: datetime | None = None) -> datetime:
    """The last instant that the extract covers: given, or the latest stage change or activity.

    What is added to a history never takes back how far it reached `before`.
    """
    if asked:
        return parse_data_through(asked, zone)
    latest, usual, is_day = con.execute(
        f"select max(occurred_at), quantile_cont(occurred_at, 0.999), arg_max(is_day, occurred_at) from {_EVENTS}"
    ).fetchall()[0]
    if before and (latest is None or latest <= before):
        return before
    if latest is None:
        latest = con.execute("select max(created_at) from typed_leads").fetchall()[0][0]
        warnings.append(f"there are no stage changes and no activities: the history is taken to end with the last lead, {latest:%Y-%m-%d %H:%M} UTC")
        return latest
    if latest - usual > _SLACK:
        raise _refusal(f"the latest event is of {latest:%Y-%m-%d %H:%M} UTC, but nearly all end by {usual:%Y-%m-%d %H:%M} UTC")
    _refuse_stragglers(con, latest)
    return _end_of_busy_day(con, latest, zone) if is_day else latest


def _refuse_stragglers(con: duckdb.DuckDBPyConnection, latest: datetime) -> None:
    """Refuses a history of 100 events and more of which fewer than 1 % stand behind a gap of more than 180 days."""
    counts = f"select count(*), count(*) filter (where occurred_at >= $since) from {_EVENTS}"
    count, lately = con.execute(counts, {"since": latest - _GAP}).fetchall()[0]
    if count < _ENOUGH or lately >= _FEW * count:
        return
    last = [at for (at,) in con.execute(f"select occurred_at from {_EVENTS} order by 1 desc limit {int(_FEW * count) + 1}").fetchall()]
    for place, (later, earlier) in enumerate(pairwise(last), 1):
        if later - earlier > _GAP and place < _FEW * count:
            raise _refusal(f"{place} of {count} events stand on {later:%Y-%m-%d} and later, more than 180 days after all others ({earlier:%Y-%m-%d})")


def _refusal(what: str) -> InputError:
    return InputError(
        f"{what}: dates in the future, or a gap",
        "stage_changes and activities, occurred_at",
        "say with --data-through up to when the extract is complete",
    )


def _end_of_busy_day(con: duckdb.DuckDBPyConnection, latest: datetime, zone: str) -> datetime:
    """The end of the day that begins at `latest`, where anything on it has a time of day: the extract covers that too. Else `latest`."""
    day = latest.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    end = _end_of(day, zone)
    for table in TABLES.values():
        at = day_column(table)
        later = f"select 1 from typed_{table.name} where not is_day and {at} > $latest and {at} <= $day_end limit 1"
        if at and con.execute(later, {"latest": latest, "day_end": end}).fetchall():
            return end
    return latest


def _end_of(day: date, zone: str) -> datetime:
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)) - timedelta(microseconds=1)
    return end.astimezone(UTC).replace(tzinfo=None)


def parse_data_through(text: str, zone: str) -> datetime:
    """An ISO 8601 instant; a date alone means the whole of that day in the organisation's zone."""
    reading = Notation(day_zone=zone).read(text)
    if reading.instant is None:
        reason = reading.reason.removeprefix(text[:60]).strip() or "is no time"
        raise InputError(f"{text[:60]!r} {reason}", "--data-through", "write for example 2026-11-14T18:00:00Z or 2026-11-14")
    return _end_of(reading.instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date(), zone) if reading.is_day else reading.instant
