"""What the Import screen says: pure functions from accounts to sentences and small tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import polars as pl

from plumbline import wording
from plumbline.errors import PlumblineError
from plumbline.history.schema import TABLES
from plumbline.importing.ledger import Groups, Reject
from plumbline.ui.text import Bold, Part

Counts = Mapping[str, Mapping[str, int]]

TABLE_WORDS = {
    "leads": "Leads",
    "lead_changes": "Changes of attributes",
    "stage_changes": "Changes of stage",
    "assignments": "Owners",
    "touches": "Sales touches",
    "activities": "Acts of leads",
    "reps": "Reps",
    "deals": "Deals",
    "spend": "Spend",
    "merges": "Merged leads",
    "calendars": "Open hours",
}
_WITHOUT = {
    "stage_changes": "Without changes of stage there is no funnel: every lead is an inquiry and none is handed over.",
    "touches": "Without sales touches nothing can be said of speed to lead, of persistence, or of leads that nobody called.",
    "assignments": "Without owners nobody can tell when a lead was handed over to a person: breakdowns by rep and team stay empty.",
    "reps": "Without the table of reps any owner counts as a rep, and there are no teams.",
    "activities": "Without acts of the leads a definition of “qualified” can use attributes only.",
    "lead_changes": "Without changes of attributes, today's values stand for what was known when a lead was handed over.",
    "deals": "Without deals there are no amounts: leaks are counted in leads, not in money.",
    "spend": "Without spend there is no cost per lead.",
    "calendars": "Without open hours, times run on the wall clock only.",
}
_IN_SCREEN_WORDS = (
    (
        r"(name the file's encoding with |say )?--encoding( (?P<v>[\w-]+))?",
        lambda m: "choose the encoding under Options" + (f" ({m['v']})" if m["v"] else ""),
    ),
    (r"(say )?with --data-through", lambda _: "say under Options, Data through,"),
    (r"--data-through", lambda _: "Options, Data through"),
    (
        r"add date_format to mapping\.yaml, for example '(?P<f>[^']*)'",
        lambda m: f"choose in the mapping how dates are written (date_format, for example {m['f']})",
    ),
    (r"add time_zone to mapping\.yaml, for example .*", lambda _: "choose in the mapping the time zone of the times in the files (time_zone)"),
    (r"--time-zone", lambda _: "Options, Time zone"),
    (r"--currency", lambda _: "Options, Currency"),
    (r"--mapping", lambda _: "the mapping"),
    (r"roll back with: imports --roll-back SNAPSHOT", lambda _: "go back to an earlier import below"),
    (r"import one, or make one with: python -m plumbline sample.*", lambda _: "import files, or try the sample"),
    (r"import the same files again: python -m plumbline import", lambda _: "import the same files again"),
)


def table_words(name: str) -> str:
    return TABLE_WORDS.get(name, wording.words(name))


def totals(tables: Counts) -> tuple[int, int, int]:
    """Rows seen, kept, rejected over all tables."""
    return tuple(sum(counts[name] for counts in tables.values()) for name in ("seen", "kept", "rejected"))


def grouped(rejects: Iterable[Mapping[str, object]], shown=lambda name: name) -> pl.DataFrame:
    """Rejects by reason, most frequent first: rows, reason, table, column, the first place and what stood there."""
    groups = Groups()
    for reject in rejects:
        groups.add(Reject(*(reject[name] for name in ("table", "file", "line", "column", "reason"))))
    return by_reason(groups.listed(), shown)


def by_reason(groups: Iterable[Mapping[str, object]], shown=lambda name: name) -> pl.DataFrame:
    """The same of rejects that were counted before."""
    rows = []
    for one in groups:
        line = f", line {one['line']}" if one["line"] else ""
        rows.append((one["rows"], one["reason"], table_words(one["table"]), one["column"], f"{shown(str(one['file']))}{line}: {one['first']}"))
    return pl.DataFrame(
        rows, schema={"rows": pl.Int64, "reason": pl.String, "table": pl.String, "column": pl.String, "first": pl.String}, orient="row"
    )


def account(tables: Counts) -> pl.DataFrame:
    """One row per table that was fed: seen, kept, rejected; the last row is their sum where there is more than one."""
    rows = [(table_words(name), counts["seen"], counts["kept"], counts["rejected"]) for name, counts in tables.items()]
    if len(rows) > 1:
        rows.append(("All tables", *totals(tables)))
    return pl.DataFrame(rows, schema={"table": pl.String, "seen": pl.Int64, "kept": pl.Int64, "rejected": pl.Int64}, orient="row")


def because(groups: pl.DataFrame) -> str:
    """', most because ...' of the most frequent reason of `grouped`; '' where nothing was rejected."""
    if not groups.height:
        return ""
    total, first = groups["rows"].sum(), groups["rows"][0]
    how = "all" if first == total > 1 else "most" if first * 2 > total else "for example"
    return f", {how + ' ' if total > 1 else ''}because {wording.shortened(groups['reason'][0], 90)}"


def kept_sentence(tables: Counts, why: str = "") -> list[Part]:
    """'kept 193,412 of 193,412 rows' or 'rejected 312 of 80,211 rows, most because ...'. why: of `because`."""
    seen, kept, rejected = totals(tables)
    if not rejected:
        return ["kept ", Bold(wording.count(kept)), f" of {wording.plural(seen, 'row')}"]
    return ["rejected ", Bold(wording.count(rejected)), f" of {wording.plural(seen, 'row')}{why}"]


def headline(leads: int, through: str, tables: Counts | None, why: str = "", when: str = "the last import") -> list[Part]:
    """The state of the history and whether every row of its import is accounted for."""
    parts: list[Part] = ["The history holds ", Bold(wording.plural(leads, "lead")), f" up to {through}"]
    return [*parts, f"; {when} ", *kept_sentence(tables, why), "."] if tables else [*parts, "."]


def checked_sentence(tables: Counts, why: str = "") -> list[Part]:
    """The outcome of a check, over its account."""
    seen, kept, rejected = totals(tables)
    if not rejected:
        return ["All ", Bold(wording.plural(seen, "row")), " can be kept"]
    return [Bold(wording.count(kept)), f" of {wording.plural(seen, 'row')} can be kept, ", Bold(wording.count(rejected)), f" cannot{why}"]


def cannot_be_shown(tables: Counts, days_only: Mapping[str, list[str]]) -> list[str]:
    """What will be missing on the screens, given the tables that have rows and the time columns that hold days only."""
    has = {name for name, counts in tables.items() if counts["kept"]}
    said = [sentence for name, sentence in _WITHOUT.items() if name not in has]
    for name, columns in days_only.items():
        if name in has:
            told = wording.listing(sorted(set(columns)))
            said.append(
                f"{table_words(name)}: {told} {'holds' if len(set(columns)) == 1 else 'hold'} days without a time of day, so hours cannot be told."
            )
    return said


def days_without_times(plan, looks: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """By table, the time columns that are fed from columns of days only. looks: file name -> its days_only."""
    found: dict[str, list[str]] = {}
    for source in plan.sources:
        days = looks.get(source.path.name, ())
        pairs = [(source.table, name, name) for name in days] if source.table else []
        pairs += [(feed.table, name, cell.column) for feed in source.feeds for name, cell in feed.cells.items() if cell.column in days]
        for table, name, _ in pairs:
            column = TABLES[table].column(name)
            if column is not None and column.kind == "time":
                found.setdefault(table, []).append(name)
    return found


def in_screen_words(refusal: PlumblineError, folder: str = "", shown=lambda name: name) -> tuple[str, str, str]:
    """What, where, what to do, as the screen says it: its own controls in place of options, no path of the private folder."""
    parts = []
    for part in (refusal.what, refusal.where, refusal.to_do):
        if folder:
            part = part.replace(f"{folder}/", "").replace(folder, "the files")
        for pattern, words in _IN_SCREEN_WORDS:
            part = re.sub(pattern, words, part)
        parts.append(part)
    what, where, to_do = parts
    name, *rest = where.split(", ")
    where = ", ".join([shown(name), *rest])
    return what[:1].upper() + what[1:], where, to_do[:1].upper() + to_do[1:]
