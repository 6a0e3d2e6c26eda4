"""Days that an export pads with a time of day of midnight: found by nearly all of a kind standing there, and taken for the days they are.

A CRM writes 2026-03-02 00:00:00 where it knows the day alone. One such cell says nothing (something may have happened at midnight); where 98 of
100 of one kind (one stage, one channel, one activity, ...) of a file stand at midnight, and there are 20 or more, they are days. In a
canonical table, which says what it means, that is asked only where 20 or more rows of other kinds have a time of day beside them.
"""

from __future__ import annotations

import duckdb

from plumbline.history.schema import TABLES, day_column
from plumbline.importing.stage import Stage

ENOUGH, NEARLY_ALL = 20, 0.98
_KINDS = {"stage_changes": "stage", "touches": "channel", "activities": "activity", "lead_changes": "field"}
_SHOWN = 6


def settle_padded_days(stage: Stage, is_mapped: bool, earlier_zone: str = "") -> list[str]:
    """Marks padded times as days, each beginning in the organisation's zone. Gives a warning where there are some.

    `is_mapped`: whether the files of this import are read through a mapping.
    `earlier_zone`: the organisation's zone of what earlier imports brought, where it was stored before days were marked.
    """
    told = []
    for table in TABLES.values():
        at = day_column(table)
        if not at:
            continue
        found: dict[str, int] = {}
        for feed_no, kind, zone in _padded(stage, table.name, at, is_mapped, earlier_zone):
            found[kind] = found.get(kind, 0) + _mark(stage, table.name, at, feed_no, kind, zone)
        if found:
            told.append(_counts(table.name, found))
    at_once = _at_one_instant_each(stage)
    said = [f"the stage changes of each stage all stand at one instant, so no time of day is made of them: {at_once}"] if at_once else []
    if told:
        said.append(f"times that all stand at midnight are taken for days without a time of day: {'; '.join(told)}")
    return said


def _padded(stage: Stage, table: str, at: str, is_mapped: bool, earlier_zone: str) -> list[tuple[int, str, str]]:
    """(feed, kind, zone) of what stands at midnight of the zone: that of the feed, UTC or the organisation's."""
    kind = f"{_KINDS[table]}::varchar" if table in _KINDS else "''"
    counts = stage.con.execute(
        f"select feed_no, {kind} as kind, count(*) as n, count(*) filter (is_day) as days,"
        f" count(*) filter (not is_day and epoch_us({at}) % 900000000 = 0) as perhaps"
        f" from typed_{table} group by all order by all"
    ).fetchall()
    already = {kind for feed_no, kind, n, days, _ in counts if feed_no == 0 and n >= ENOUGH and days >= NEARLY_ALL * n}
    found = []
    for feed_no, kind_name, n, days, perhaps in counts:
        if not perhaps or days + perhaps < NEARLY_ALL * n or (n < ENOUGH and kind_name not in already) or (feed_no == 0 and not earlier_zone):
            continue
        own = earlier_zone if feed_no == 0 else stage.feed_zones[feed_no - 1]
        for zone in dict.fromkeys((own, "UTC", stage.day_zone)):
            values = {"feed_no": feed_no, "kind": kind_name, "zone": zone}
            at_midnight = stage.con.execute(
                f"select count(*) from typed_{table} where not is_day and feed_no = $feed_no and {kind} = $kind and {_is_midnight(at)}", values
            ).fetchall()[0][0]
            if at_midnight and days + at_midnight >= NEARLY_ALL * n:
                found.append((feed_no, kind_name, zone))
                break
    if is_mapped:
        return found
    padded = {(feed_no, kind_name) for feed_no, kind_name, _ in found}
    timed = sum(n - days for feed_no, kind_name, n, days, _ in counts if (feed_no, kind_name) not in padded)
    return [row for row in found if row[0] == 0 or timed >= ENOUGH or row[1] in already]


def _at_one_instant_each(stage: Stage) -> int:
    """Where each stage has one instant alone, all at the same time of day (two of 20 rows and more), and no touch another, these are days as well.
    Gives how many."""
    instants = (
        "select count(*), min(occurred_at) < max(occurred_at), bool_and(is_day), min(epoch_us(occurred_at) % 86400000000) from typed_stage_changes"
    )
    rows = stage.con.execute(f"{instants} group by stage").fetchall()
    touches = stage.con.execute("select coalesce(min(occurred_at) < max(occurred_at), false) from typed_touches").fetchall()[0][0]
    is_of_one_time = not touches and not any(differ for _, differ, *_ in rows) and len({time for *_, time in rows}) == 1
    if not is_of_one_time or all(days for _, _, days, _ in rows) or sum(n >= ENOUGH for n, *_ in rows) < 2:
        return 0
    stage.as_table("stage_changes")
    local = "timezone($zone, timezone('UTC', occurred_at))"
    return stage.con.execute(
        f"update typed_stage_changes set is_day = true, occurred_at = timezone('UTC', timezone($zone, {local}::date::timestamp)) where not is_day",
        {"zone": stage.day_zone},
    ).fetchall()[0][0]


def _mark(stage: Stage, table: str, at: str, feed_no: int, kind: str, zone: str) -> int:
    """Makes days of what stands at midnight of `zone`. Gives how many rows."""
    stage.as_table(table)
    of_kind = f"{_KINDS[table]}::varchar = $kind" if table in _KINDS else "$kind = ''"
    values = {"feed_no": feed_no, "kind": kind, "zone": zone, "day_zone": stage.day_zone}
    return stage.con.execute(
        f"update typed_{table} set is_day = true, {at} = timezone('UTC', timezone($day_zone, {_local(at)}))"
        f" where not is_day and feed_no = $feed_no and {of_kind} and {_is_midnight(at)}",
        values,
    ).fetchall()[0][0]


def _local(at: str) -> str:
    """The time that clocks of $zone show."""
    return f"timezone($zone, timezone('UTC', {at}))"


def _is_midnight(at: str) -> str:
    return f"(epoch_us({at}) % 900000000 = 0 and epoch_us({_local(at)}) % 86400000000 = 0)"


def _counts(table: str, found: dict[str, int]) -> str:
    kinds = sorted(found, key=lambda kind: -found[kind])
    told = ", ".join(f"{kind} {found[kind]}".strip() for kind in kinds[:_SHOWN])
    return f"{table} {told}" + (f" and {len(kinds) - _SHOWN} more kinds" if len(kinds) > _SHOWN else "")


def days_by_table(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows of this import give a day without a time of day; tables that have none are left out."""
    named = [table.name for table in TABLES.values() if day_column(table)]
    counts = {name: con.execute(f"select count(*) from typed_{name} where is_day and feed_no > 0").fetchall()[0][0] for name in named}
    return {name: count for name, count in counts.items() if count}
