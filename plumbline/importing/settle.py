"""What can only be judged when all files are read: duplicates, currency, circular merges."""

from __future__ import annotations

from datetime import datetime

from plumbline.errors import InputError
from plumbline.history.schema import TABLES
from plumbline.importing.ledger import BY_MEANING
from plumbline.importing.stage import Stage, typed_columns


def reject_duplicates(stage: Stage) -> None:
    """First row of an event_id counts; without ids, a row that another file or an earlier import already gave counts once."""
    con = stage.con
    for table in TABLES.values():
        key = {"reps": "rep_id", "deals": "deal_id", "merges": "lead_no"}.get(table.name)
        if table.name == "leads" or not con.execute(f"select 1 from typed_{table.name} limit 1").fetchall():
            continue
        if table.name == "calendars":
            _reject_repeated_days(stage)
            continue
        has_ids = table.is_event and con.execute(f"select 1 from typed_{table.name} where event_id is not null limit 1").fetchall()
        if key or has_ids:
            stage.reject_repeats(table.name, key or "event_id")
        if key:
            continue
        files = con.execute(f"select count(distinct file_no) from typed_{table.name}").fetchall()[0][0]
        if files < 2:
            continue
        names = [name for name in typed_columns(table) if name != "is_day"]
        columns = ", ".join(names)
        without_id = "where event_id is null" if table.is_event else ""
        same = " and ".join(f"typed_{table.name}.{name} is not distinct from already.{name}" for name in names)
        con.execute(
            f"create or replace temp table already as select {columns}, min(file_no) as first_file from typed_{table.name} {without_id}"
            f" group by {columns} having min(file_no) < max(file_no)"
        )
        stage.reject_rows(
            table.name,
            f"exists (select 1 from already where {same} and typed_{table.name}.file_no > already.first_file)",
            "",
            "'duplicate: the same row came with another file or an earlier import'",
            "duplicate",
        )


def _reject_repeated_days(stage: Stage) -> None:
    """One row per team and day; the first counts."""
    nth = "row_number() over (partition by team, day order by feed_no, record)"
    stage.reject_rows(
        "calendars",
        f"(feed_no, record) in (select (feed_no, record) from (select feed_no, record, {nth} as nth from typed_calendars) where nth > 1)",
        "day",
        "'duplicate: ' || left(team, 60) || ', ' || day || ' stands in an earlier row'",
        "duplicate",
    )


def reject_half_days(stage: Stage) -> None:
    """A row of calendars has both times, or neither (closed). closes at or before opens is past midnight, and kept."""
    both = "write both, or neither for a day that is closed"
    stage.reject_rows("calendars", "opens is not null and closes is null", "closes", f"'opens without closes; {both}'", "unreadable")
    stage.reject_rows("calendars", "opens is null and closes is not null", "opens", f"'closes without opens; {both}'", "unreadable")
    stage.reject_rows("calendars", "opens = '24:00'", "opens", "'24:00 is the end of a day and no time to open'", "unreadable")


def settle_currency(stage: Stage, asked: str, earlier: str = "") -> str:
    """The reporting currency: of the history that is added to, asked for, or the most frequent. Rows in another are rejected."""
    con = stage.con
    if asked and earlier and asked != earlier:
        raise InputError(
            f"{asked} was asked for, but the amounts of the history are in {earlier}",
            "--currency",
            "leave it out, or import everything anew without --append",
        )
    currency = asked or earlier
    if not currency:
        both = "select currency from typed_deals union all select currency from typed_spend"
        found = con.execute(f"select currency from ({both}) where currency is not null group by 1 order by count(*) desc, 1 limit 1").fetchall()
        currency = found[0][0] if found else ""
    for table in ("deals", "spend"):
        stage.reject_rows(
            table,
            "currency <> $currency",
            "currency",
            "'the amount is in ' || left(currency, 20) || ', the reporting currency is ' || $currency::varchar",
            "currency",
            {"currency": currency},
        )
    return currency


def reject_circular_merges(stage: Stage, data_through: datetime) -> list[str]:
    """Rejects the rows of merges.* that lie on a circle (a lead merged, by way of others, into itself). Gives warnings.

    A circle of earlier imports' rows alone (one closed only now, as data_through moved on) has no line to reject: its rows are dropped.
    """
    con = stage.con
    rows = con.execute(
        "select lead_no, into_lead_no, feed_no, record from typed_merges where merged_at is null or merged_at <= $t", {"t": data_through}
    ).fetchall()
    into = {lead: target for lead, target, *_ in rows}
    state: dict[int, int] = {}
    new = {lead for lead, _, feed_no, _ in rows if feed_no > 0}
    circular: set[int] = set()
    closed_now: set[int] = set()
    for start in into:
        path, node = [], start
        while node in into and node not in state:
            state[node] = 1
            path.append(node)
            node = into[node]
        if node in into and state[node] == 1:
            circle = path[path.index(node) :]
            (circular if new.intersection(circle) else closed_now).update(circle)
        for done in path:
            state[done] = 2
    if circular:
        values = {"circular": sorted(circular)}
        stage.reject_rows(
            "merges",
            "lead_no in (select unnest($circular))",
            "into_lead_id",
            "'circular: the lead is merged, by way of others, into itself'",
            "circular",
            values,
        )
    if not closed_now:
        return []
    con.execute("delete from typed_merges where lead_no in (select unnest($circular))", {"circular": sorted(closed_now)})
    return [f"merges of earlier imports that have become circular were dropped: {len(closed_now)}"]


def refuse_hopeless(stage: Stage) -> None:
    """No lead kept, or a file of which nothing could be read: refused, with the first reject said."""
    counts = stage.ledger.tables()
    unreadable = {table: n for (table, kind), n in stage.ledger.kinds.items() if kind not in BY_MEANING}
    hopeless = [name for name, count in counts.items() if count["seen"] and unreadable.get(name, 0) == count["seen"]]
    if any(count["kept"] for count in counts.values()):  # a table of empty cells says nothing, but nothing unreadable either
        hopeless = [name for name in hopeless if name in ("leads", "stage_changes") or not _is_blank(stage, name)]
    has_leads = stage.con.execute("select 1 from typed_leads limit 1").fetchall()
    if "leads" not in counts and not has_leads:
        raise InputError("no file gives leads", "leads", "add leads.csv or leads.parquet, or a feed of leads to the mapping")
    for name in sorted(hopeless, key=lambda name: name != "leads") or ([] if has_leads else ["leads"]):
        first = stage.ledger.first(name)
        if first is None:
            raise InputError("holds no lead", "leads", "export it again")
        column = f", column {first.column}" if first.column else ""
        what = "no lead could be kept" if name == "leads" else f"no row of {name} could be kept"
        raise InputError(
            f"{first.reason} ({what}: {counts[name]['seen']} seen, all rejected)",
            f"{first.file}, line {first.line}{column}",
            "mend the file and import again",
        )


def _is_blank(stage: Stage, table: str) -> bool:
    """Whether every reject of a table is for an empty cell."""
    return stage.ledger.is_blank(table)
