"""Prepared tables of which a part is computed outside SQL: the episodes, and the days and folded texts of leads."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import polars as pl

from plumbline.clock import local_days
from plumbline.history.episodes import NEVER, Episodes, find_episodes
from plumbline.history.follow_up import Spans, Touches, find_follow_ups, path_names
from plumbline.history.owners import NOBODY, Assignments, Owners, Passes, find_owners
from plumbline.history.schema import CHANNELS, KNOWN_ATTRIBUTES
from plumbline.sqlfiles import sql
from plumbline.text import LOWER_IS_SEARCH_FORM, search_form

_STAGES = ("mql", "sal", "sql", "opportunity", "won")


def prepare_episodes(con: duckdb.DuckDBPyConnection, zone: ZoneInfo) -> None:
    """Fills main.episodes and main.stray_exits from the stage changes; days are those of `zone`."""
    changes, found = _found(con, zone)

    def day(micros: np.ndarray) -> pl.Series:
        never = micros == NEVER
        return pl.Series(local_days(np.where(never, changes["occurred_us"].min() or 0, micros), zone)).set(pl.Series(never), None).cast(pl.Date)

    columns = {
        "episode_no": np.arange(len(found.lead), dtype=np.int32),
        "lead_no": found.lead,
        "pass_no": found.number,
        "opened_at": _instant(found.opened_at),
        "opened_day": day(found.opened_at),
        "opened_is_day": _gathered(changes["is_day"], found.opened_row),
        "is_implied": found.is_implied,
        "repeats": found.repeats,
        "exit_stage": _gathered(changes["stage"], found.exit_row),
        "exit_reason": _gathered(changes["reason"], found.exit_row),
        "exit_actor_id": _gathered(changes["actor_id"], found.exit_row),
        "sal_actor_id": _gathered(changes["actor_id"], found.reached_row[:, 1]),
        "closed_at": _instant(found.closed_at),
        "closed_day": day(found.closed_at),
        "closed_is_day": _gathered(changes["is_day"], found.closed_row),
        "next_opened_at": _instant(found.next_opened_at),
    }
    days = [day(found.reached[:, index]) for index in range(len(_STAGES))]
    is_dated = [_gathered(changes["is_day"], found.reached_row[:, index]) for index in range(len(_STAGES))]
    for index, stage in enumerate(_STAGES):
        columns[f"{stage}_at"] = _instant(found.reached[:, index])
        columns[f"{stage}_day"] = days[index]
        columns[f"{stage}_is_day"] = is_dated[index]
    columns["is_out_of_order"] = _out_of_order_by_day(found.reached, days, is_dated) if changes["is_day"].any() else _out_of_order(found.reached)
    con.register("found_episodes", pl.DataFrame(columns))
    con.execute(sql("prepare/40_episodes"))
    con.unregister("found_episodes")
    _write_strays(con, changes, found)


def prepare_stray_exits(con: duckdb.DuckDBPyConnection, zone: ZoneInfo) -> None:
    """Fills main.stray_exits alone: all that a dry run needs of the episodes."""
    _write_strays(con, *_found(con, zone))


def _found(con: duckdb.DuckDBPyConnection, zone: ZoneInfo) -> tuple[pl.DataFrame, Episodes]:
    changes = con.sql(sql("prepare/30_stage_changes_in_order"), params={"zone": zone.key}).pl()
    lead, at, rank, is_day = (changes[name].to_numpy() for name in ("lead_no", "occurred_us", "rank", "is_day"))
    found = find_episodes(
        np.ascontiguousarray(lead, np.int32),
        np.ascontiguousarray(at, np.int64),
        np.ascontiguousarray(rank, np.int8),
        np.ascontiguousarray(is_day, np.bool_),
    )
    return changes, found


def _write_strays(con: duckdb.DuckDBPyConnection, changes: pl.DataFrame, found: Episodes) -> None:
    strays = pl.DataFrame(
        {"lead_no": changes["lead_no"].gather(pl.Series(found.stray_rows)), "stage": changes["stage"].gather(pl.Series(found.stray_rows))}
    )
    con.register("strays", strays)
    con.execute("create table history.main.stray_exits as select lead_no, stage from strays")
    con.unregister("strays")


def prepare_follow_ups(con: duckdb.DuckDBPyConnection, data_through: datetime, zone: ZoneInfo) -> None:
    """Fills main.follow_ups, main.attempts and main.meetings from the touches, once the episodes and their values are there."""
    told = con.sql(sql("prepare/41_touches_in_order"), params={"channels": list(CHANNELS), "zone": zone.key}).pl()
    touches = Touches(
        np.ascontiguousarray(told["lead_no"].to_numpy(), np.int32),
        np.ascontiguousarray(told["occurred_us"].to_numpy(), np.int64),
        np.ascontiguousarray(told["channel"].to_numpy(), np.int8),
        *(np.ascontiguousarray(told[name].to_numpy(), np.bool_) for name in ("is_attempt", "is_contact", "is_meeting")),
    )
    rows = con.sql(sql("prepare/42_spans")).pl()
    times = (
        np.ascontiguousarray(rows[name].fill_null(NEVER).to_numpy(), np.int64)
        for name in ("opened_us", "mql_us", "ends_us", "start_us", "accepted_us")
    )
    spans = Spans(np.ascontiguousarray(rows["lead_no"].to_numpy(), np.int32), *times)
    found = find_follow_ups(touches, spans)
    given = con.sql(sql("prepare/42_assignments_in_order")).pl()
    owners = _owners(given, rows)
    channels = pl.Enum(CHANNELS)
    frames = {
        "found_follow_ups": {
            "episode_no": rows["episode_no"],
            "first_attempt_at": _instant(found.first_attempt_at),
            "first_attempt_channel": _named(found.first_attempt_channel, channels),
            "first_contact_at": _instant(found.first_contact_at),
            "contact_attempt": found.contact_attempt,
            "tried": found.tried,
            "attempts": found.attempts,
            "last_attempt_at": _instant(found.last_attempt_at),
            "first_week_calls": found.first_week_calls,
            "last_touch_at": _instant(found.last_touch_at),
            "accepted_attempts": found.accepted_attempts,
            "accepted_contact_at": _instant(found.accepted_contact_at),
            "accepted_meeting": _gathered(told["outcome"], found.accepted_meeting_row),
            "first_attempt_is_day": _gathered(told["is_day"], found.first_attempt_row),
            "first_contact_is_day": _gathered(told["is_day"], found.first_contact_row),
            "rep_open_leads": owners.open_leads,
            "last_owner": _gathered(given["rep_id"], owners.last_row),
        },
        "found_attempts": {
            "episode_no": rows["episode_no"].gather(pl.Series(found.attempt_episode)),
            "attempt_no": found.attempt_no,
            "channel": _named(touches.channel[found.attempt_row], channels),
            "attempted_at": _instant(touches.at[found.attempt_row]),
            "channel_no": found.channel_no,
            "path": _paths(found.path),
            "since_start_us": touches.at[found.attempt_row] - spans.start[found.attempt_episode],
            "gap_has_day": _gaps_of_days(told["is_day"].gather(pl.Series(found.attempt_row)).to_numpy(), found.attempt_no),
            "gap_us": _gaps(touches.at[found.attempt_row], found.attempt_no),
            "is_before_contact": found.attempt_no <= found.tried[found.attempt_episode],
        },
        "found_meetings": {
            "episode_no": rows["episode_no"].gather(pl.Series(found.meeting_episode)),
            "meeting_no": np.arange(1, len(found.meeting_row) + 1, dtype=np.int32),
            "told_at": _instant(touches.at[found.meeting_row]),
            "outcome": told["outcome"].gather(pl.Series(found.meeting_row)),
        },
    }
    for name, columns in frames.items():
        con.register(name, pl.DataFrame(columns))
    con.execute(sql("prepare/43_follow_ups"), {"data_through": data_through})
    con.execute(sql("prepare/44_attempts"))
    con.execute(sql("prepare/45_meetings"))
    for name in frames:
        con.unregister(name)


def _owners(given: pl.DataFrame, rows: pl.DataFrame) -> Owners:
    """given: the assignments in order, rows: the episodes."""
    reps = pl.Enum(given["rep_id"].unique(maintain_order=True).drop_nulls())
    assignments = Assignments(
        np.ascontiguousarray(given["lead_no"].to_numpy(), np.int32),
        np.ascontiguousarray(given["occurred_us"].to_numpy(), np.int64),
        given["rep_id"].cast(reps).to_physical().cast(pl.Int32).to_numpy(),
    )
    times = (np.ascontiguousarray(rows[name].fill_null(NEVER).to_numpy(), np.int64) for name in ("opened_us", "closed_us", "handed_us"))
    rep = rows["rep_id"].cast(reps, strict=False).to_physical().cast(pl.Int32).fill_null(NOBODY).to_numpy()
    return find_owners(assignments, Passes(np.ascontiguousarray(rows["lead_no"].to_numpy(), np.int32), *times, rep))


def _gathered(column: pl.Series, rows: np.ndarray) -> pl.Series:
    """The values in those rows; null where the row is negative."""
    if not len(column):
        return pl.Series([None] * len(rows), dtype=column.dtype)
    return column.gather(pl.Series(np.maximum(rows, 0))).set(pl.Series(rows < 0), None)


def _instant(micros: np.ndarray) -> pl.Series:
    return pl.Series(micros).set(pl.Series(micros == NEVER), None).cast(pl.Datetime("us"))


def _gaps(at: np.ndarray, number: np.ndarray) -> pl.Series:
    """Microseconds since the attempt before; null for a first one."""
    return pl.Series(np.diff(at, prepend=at[:1])).set(pl.Series(number == 1), None)


def _gaps_of_days(is_day: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Whether an attempt, or the one before it, is a day without a time of day."""
    return is_day | (np.append(False, is_day[:-1]) & (number > 1)) if len(is_day) else is_day


def _paths(numbers: np.ndarray) -> pl.Series:
    known = path_names()
    return pl.Series(numbers).replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Enum(list(known.values())))


def _named(codes: np.ndarray, names: pl.Enum) -> pl.Series:
    """Codes as names; -1: none."""
    numbers = pl.Series(codes.astype(np.int64))
    return numbers.set(numbers < 0, None).cast(pl.UInt32).cat.to(names)


def _out_of_order(reached: np.ndarray) -> np.ndarray:
    """Whether some later stage was observed more than 60 s before an earlier one. `reached` (n, 5) in microseconds."""
    flag = np.zeros(len(reached), bool)
    latest = reached[:, 0].copy()
    for index in range(1, 5):
        seen = reached[:, index] != NEVER
        flag |= seen & (latest != NEVER) & (reached[:, index] < latest - 60_000_000)
        latest = np.maximum(latest, reached[:, index])
    return flag


def _out_of_order_by_day(reached: np.ndarray, days: list[pl.Series], is_dated: list[pl.Series]) -> np.ndarray:
    """The same where some are days without a time of day: those are compared by their day alone."""
    flag = np.zeros(len(reached), bool)
    day = [told.cast(pl.Int32).fill_null(0).to_numpy() for told in days]
    dated = [told.fill_null(False).to_numpy() for told in is_dated]
    for earlier, later in combinations(range(5), 2):
        both = (reached[:, earlier] != NEVER) & (reached[:, later] != NEVER)
        before = reached[:, later] < reached[:, earlier] - 60_000_000
        flag |= both & np.where(dated[earlier] | dated[later], day[later] < day[earlier], before)
    return flag


def prepare_leads(con: duckdb.DuckDBPyConnection, zone: ZoneInfo, attributes: dict[str, str], data_through: datetime) -> None:
    """Fills main.leads, main.accounts and main.deaths, once the other prepared tables are there. `attributes`: name of an attribute -> column
    of canonical.leads."""
    _lead_details(con, attributes)
    created = con.sql("select lead_no, epoch_us(created_at) as us from resolved_leads order by lead_no").pl()
    days = pl.DataFrame({"lead_no": created["lead_no"], "created_day": pl.Series(local_days(created["us"].to_numpy(), zone)).cast(pl.Date)})
    for name, frame in (("created_days", days), ("folded_texts", _folded_texts(con))):
        con.register("told", frame)
        con.execute(f"create temp table {name} as select * from told")
        con.unregister("told")
    con.execute(sql("prepare/78_created_values"))
    con.execute(sql("prepare/80_leads"))
    con.execute(sql("prepare/82_touches_known"))
    con.execute(sql("prepare/85_accounts"), {"data_through": data_through})
    con.execute(sql("prepare/90_deaths"), {"data_through": data_through})


def _lead_details(con: duckdb.DuckDBPyConnection, attributes: dict[str, str]) -> None:
    """The view lead_details: the known attributes of every lead by their values of today."""
    changed = {field for (field,) in con.execute("select distinct field from values_today").fetchall()}
    columns = {}
    for name in KNOWN_ATTRIBUTES:
        columns[name] = f"leads.{attributes[name]}" if name in attributes else "null::varchar"
        if name in changed:
            columns[name] = f"case when today.{name} is null then {columns[name]}::varchar else nullif(today.{name}, '') end"
    pivoted = "".join(f", max(label) filter (where field = '{name}') as {name}" for name in columns if name in changed)
    con.execute(f"create temp table details_today as select lead_no{pivoted} from values_today group by lead_no")
    told = ", ".join(f"{column} as {name}" for name, column in columns.items())
    con.execute(
        f"create temp view lead_details as select leads.lead_no, leads.lead_id, {told} from history.canonical.leads as leads"
        " left join details_today as today on today.lead_no = leads.lead_no"
    )


def _folded_texts(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Search texts of the leads of whose names SQL would give another form."""
    rows = con.execute(sql("prepare/75_texts_to_fold"), {"lower_is_search_form": LOWER_IS_SEARCH_FORM}).fetchall()
    return pl.DataFrame([(no, search_form(text)) for no, text in rows], schema={"lead_no": pl.Int32, "search_text": pl.String}, orient="row")
