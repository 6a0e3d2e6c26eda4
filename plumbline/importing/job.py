"""One import from files to a finished, verified snapshot file. Runs in a child process; tests may call it in their own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from plumbline.clock import time_zone
from plumbline.history.build import Organisation, build, build_stray_exits, write_about
from plumbline.history.schema import TABLES
from plumbline.importing.contradictions import contradictions
from plumbline.importing.dates import ask_about_dates
from plumbline.importing.extent import settle_data_through
from plumbline.importing.feed import Plan
from plumbline.importing.ledger import MOST_LISTED
from plumbline.importing.padded import days_by_table, settle_padded_days
from plumbline.importing.previous import Earlier, load_previous
from plumbline.importing.settle import (
    refuse_hopeless,
    reject_circular_merges,
    reject_duplicates,
    reject_half_days,
    settle_currency,
)
from plumbline.importing.spellings import settle_spellings
from plumbline.importing.stage import Stage, create_typed_tables, typed_columns
from plumbline.importing.statement import add_functions
from plumbline.importing.zone_shift import SKIPPED, TWICE
from plumbline.replay import prepare
from plumbline.text import INVISIBLE, visible

STORAGE = "v1.5.0"  # written so that an older DuckDB can still read it


@dataclass
class Job:
    """What to import, where to, and within which bounds. `target` empty: a dry run. `previous`: the snapshot to add to."""

    plan: Plan
    workspace: Path
    target: Path | None
    snapshot: str
    now: datetime
    previous: Path | None = None
    memory_mb: int = 4000
    threads: int = 0
    is_migration: bool = False  # no files: `previous` is of an older format and is built anew
    progress: Callable[[str, float], None] = field(default=lambda step, share: None)


@dataclass(frozen=True)
class Outcome:
    """The account of an import. `has_news` is False where an append brought nothing new; `holds`: rows per table that the history has after it;
    `days`: by table, how many rows of these files give a day without a time of day; `rejects`: the first, `groups`: all of them by reason."""

    tables: dict[str, dict[str, int]]
    rejects: list[dict]
    data_through: datetime
    time_zone: str
    currency: str
    warnings: list[str]
    has_news: bool
    is_sample: bool
    holds: dict[str, int]
    days: dict[str, int]
    groups: list[dict]


def run_job(job: Job) -> Outcome:
    """Stages every file, settles what needs them all, builds the snapshot. Raises InputError; leaves nothing but `target`."""
    con = duckdb.connect(":memory:")
    try:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set python_enable_replacements = false")
        con.execute(f"set memory_limit = '{int(job.memory_mb)}MiB'")
        con.execute(f"set temp_directory = '{str(job.workspace).replace(chr(39), chr(39) * 2)}'")
        if job.threads:
            con.execute(f"set threads = {int(job.threads)}")
        add_functions(con)
        return _run(con, job)
    finally:
        con.close()


def _run(con: duckdb.DuckDBPyConnection, job: Job) -> Outcome:
    plan, warnings = job.plan, list(job.plan.warnings)
    stage = Stage(con, plan, job.workspace, lambda step, share: job.progress(step, 0.45 * share))
    create_typed_tables(con)
    before = load_previous(con, stage, job.previous, job.is_migration) if job.previous else Earlier()
    stage.day_zone = zone = plan.time_zone or before.time_zone
    time_zone(zone)
    if plan.mapping:
        ask_about_dates(con, plan, job.workspace, stage.opened)
    stage.run()
    warnings += settle_padded_days(stage, bool(plan.mapping), before.zone_of_unmarked_days)
    settle_spellings(stage)
    job.progress("looking for duplicates", 0.46)
    reject_half_days(stage)
    reject_duplicates(stage)
    currency = settle_currency(stage, plan.currency, before.currency)
    refuse_hopeless(stage)
    data_through = before.data_through if job.is_migration else settle_data_through(con, plan.data_through, zone, warnings, before.data_through)
    warnings += reject_circular_merges(stage, data_through)
    warnings += [*stage.notes, *stage.ledger.left_out_lines()]
    warnings += _alike_ids(con)
    warnings += _doubtful_hours(stage)
    warnings += _repeats(con, stage)
    warnings += _warnings(con, stage, data_through)
    warnings += contradictions(con, stage.attributes, data_through)
    rejects = stage.ledger.listed(_files(stage), MOST_LISTED)
    tables = stage.ledger.tables()
    is_changed = (zone, currency, data_through) != (before.time_zone, before.currency, before.data_through)
    has_news = not job.previous or job.is_migration or is_changed or any(count["kept"] for count in tables.values())
    if job.is_migration:
        tables, rejects = before.tables, list(before.rejects)
        warnings.append(f"moved from an older format; what was imported is of {before.snapshot}")
    is_sample = plan.is_sample or before.is_sample
    if job.previous and plan.is_sample != before.is_sample and any(count["kept"] for count in stage.ledger.tables().values()):
        warnings.append("the history holds made-up sample leads beside others and stays marked as a sample; import without --append to replace it")
    holds = {name: con.execute(f"select count(*) from typed_{name}").fetchall()[0][0] for name in TABLES}
    outcome = Outcome(
        tables, rejects, data_through, zone, currency, warnings, has_news, is_sample, holds, days_by_table(con), stage.ledger.groups.listed()
    )
    if not has_news:
        return outcome
    organisation = Organisation(data_through, zone, currency, is_sample)
    if job.target is None:
        _try(con, job, stage, organisation, outcome)
    else:
        _write(con, job, stage, organisation, outcome)
    return outcome


def _try(con: duckdb.DuckDBPyConnection, job: Job, stage: Stage, organisation: Organisation, outcome: Outcome) -> None:
    """What a dry run must build to say all that the import would say."""
    con.execute("attach ':memory:' as history")
    _write_offsets(con, stage)
    job.progress("finding episodes", 0.62)
    build_stray_exits(con, organisation, stage.attributes)
    outcome.warnings.extend(_stray_exits(con))
    con.execute("detach history")


def _write(con: duckdb.DuckDBPyConnection, job: Job, stage: Stage, organisation: Organisation, outcome: Outcome) -> None:
    con.execute(f"attach '{str(job.target).replace(chr(39), chr(39) * 2)}' as history (storage_version '{STORAGE}')")
    _write_offsets(con, stage)
    build(con, organisation, stage.attributes, lambda step, share: job.progress(step, 0.48 + 0.47 * share), stage.drop)
    outcome.warnings.extend(_stray_exits(con))
    if job.is_migration:  # the account of the import that is moved
        for reject in outcome.rejects:
            stage.ledger.reject(**reject)
    stage.ledger.write_to("history.main.rejects", _files(stage))
    ledger = [(name, count["seen"], count["kept"], count["rejected"]) for name, count in outcome.tables.items()]
    con.register(
        "told", pl.DataFrame(ledger, schema={"table_name": pl.String, "seen": pl.Int64, "kept": pl.Int64, "rejected": pl.Int64}, orient="row")
    )
    con.execute("create table history.main.ledger as select * from told")
    con.unregister("told")
    write_about(con, organisation, job.snapshot, job.now, {"warnings": json.dumps(outcome.warnings, ensure_ascii=False)})
    _prepare_replays(con, job)
    job.progress("writing to disk", 0.96)
    con.execute("checkpoint history")
    con.execute("detach history")


def _write_offsets(con: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """The table file_offsets: the number of the first row of each file."""
    offsets, first = [(0, 0)], stage.first_row
    for file_no, _, records in stage.files:
        offsets.append((file_no, first))
        first += records
    con.register("offsets", pl.DataFrame(offsets, schema={"file_no": pl.Int32, "first_row": pl.Int64}, orient="row"))
    con.execute("create table file_offsets as select * from offsets")
    con.unregister("offsets")


def _files(stage: Stage) -> list[str]:
    """The files in the order in which the account lists them."""
    return [stage.shown[source.path] for source in stage.plan.sources]


def _prepare_replays(con: duckdb.DuckDBPyConnection, job: Job) -> None:
    """Writes what replays map into memory beside the snapshot. It holds nothing of its own: without it the lab makes it again."""
    job.progress("preparing replays", 0.95)
    with suppress(OSError, MemoryError, duckdb.Error):
        prepare.write(prepare.events(lambda query: con.sql(query).pl()), job.snapshot, prepare.path_of(job.target))


def _repeats(con: duckdb.DuckDBPyConnection, stage: Stage) -> list[str]:
    """How many rows stand for how many events: the account counts rows."""
    told = []
    for table, feeds in stage.repeating.items():
        records = f"select feed_no, record, count(*) as times from typed_{table} where list_contains($feeds, feed_no) group by all"
        rows, events = con.execute(f"select count(*), sum(times) from ({records})", {"feeds": feeds}).fetchall()[0]
        if rows:
            told.append(f"{table} {rows} rows, {events} events")
    return ["rows that stand for as many events as their column says: " + ", ".join(told)] if told else []


def _stray_exits(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Closings that close nothing, once the episodes are there."""
    counts = con.execute("select stage, count(*) from history.main.stray_exits group by stage order by 2 desc, 1").fetchall()
    if not counts:
        return []
    n = sum(count for _, count in counts)
    told = ", ".join(f"{stage} {count}" for stage, count in counts)
    return [f"closings with no pass open before them, which close nothing: {n} ({told})"]


def _alike_ids(con: duckdb.DuckDBPyConnection) -> list[str]:
    """How many leads look like another one: their ids differ only by invisible characters within."""
    odd = con.execute(f"select lead_id from lead_ids where regexp_matches(lead_id, '[{INVISIBLE}]')").fetchall()
    forms = Counter(visible(lead_id) for (lead_id,) in odd)
    plain = {name for (name,) in con.execute("select lead_id from lead_ids where list_contains($forms, lead_id)", {"forms": list(forms)}).fetchall()}
    count = sum(times if form in plain else times - 1 for form, times in forms.items())
    return [f"lead ids that differ from another only by invisible characters, kept as leads of their own: {count}"] if count else []


def _doubtful_hours(stage: Stage) -> list[str]:
    """How many local times are of an hour that the clocks gave twice, or left out, and how they were read."""
    said = {
        TWICE: "local times of an hour that comes twice (clocks go back), read as the first",
        SKIPPED: "local times of an hour that never came (clocks go forward), read as the instant after the gap",
    }
    counts = {kind: {(table, name): n for (table, name, of), n in stage.doubtful.items() if of == kind and n} for kind in said}
    return [f"{said[kind]}: " + ", ".join(f"{table}.{name} {n}" for (table, name), n in of.items()) for kind, of in counts.items() if of]


def _warnings(con: duckdb.DuckDBPyConnection, stage: Stage, data_through: datetime) -> list[str]:
    """What was kept but counts nowhere, each said once with its number."""
    said = []
    orphans = {}
    for table in TABLES.values():
        columns = typed_columns(table)
        if "lead_no" in columns and table.name != "merges":
            nobodys = "is_orphan and lead_no not in (select lead_no from typed_merges)"
            n = con.execute(f"select count(*) from typed_{table.name} join lead_ids using (lead_no) where {nobodys}").fetchall()[0][0]
            if n:
                orphans[table.name] = n
    if orphans:
        said.append("rows of leads that are not there, kept but counted nowhere: " + ", ".join(f"{name} {n}" for name, n in orphans.items()))
    late = {}
    for table in TABLES.values():
        when = "occurred_at" if table.is_event else "created_at" if table.name == "leads" else ""
        if when and (n := con.execute(f"select count(*) from typed_{table.name} where {when} > $t", {"t": data_through}).fetchall()[0][0]):
            late[table.name] = n
    if late:
        said.append(
            f"rows after the end of the extract ({data_through:%Y-%m-%d %H:%M} UTC), not counted: "
            + ", ".join(f"{name} {n}" for name, n in late.items())
        )
    return said
