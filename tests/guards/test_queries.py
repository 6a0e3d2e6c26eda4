"""Each metric's SQL file: a header of four lines, one select, parameters as the header says, and SQL that other engines read alike."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from plumbline.metrics import FILTERS
from tests.guards.tree import ROOT, kept_files

QUERIES = ROOT / "queries"
BUILDING = ("schema", "prepare", "macros", "replay")  # several statements, or what a replay reads: run by DuckDB alone, no metric
BESIDE = ("screens", "promises")  # what screens and promises ask beyond metrics: no header
STARTS = ("-- ", "-- grain: ", "-- unit: ", "-- params: ")
EXEMPT = re.compile(r"--\s*kept:\s*\S")

# What other engines read otherwise than DuckDB, without an error (measured on Spark). A line that must hold one says `-- kept: <why>` at its end.
KEPT_OUT = {
    r"(?<!/)/(?![/*])\s*(?!\s|nullif\b|[0-9.]*[1-9])": "a division: write / nullif(x, 0), or divide by a number",
    r"(//|%)\s*(?!\s|nullif\b|[0-9.]*[1-9])": "a whole division or remainder: write nullif(x, 0), or a number",
    r"\bcast\s*\((?!\s*(floor|ceil|round|trunc|count|sum|is_|has_|\$))[^()]*(\([^()]*\)[^()]*)*\bas\s+(tiny|small|big|huge)?int(eger)?\b": (
        "a cast to a whole number rounds here and cuts there: round, floor or trunc first"
    ),
    r"::\s*(tiny|small|big|huge)?int(eger)?\b": "a cast to a whole number rounds here and cuts there: cast(round(x) as int)",
    r"\bdate\s*\)?\s*-\s*(cast\s*\(|\w*_date\b)|_date\s*-\s*(cast\s*\(|\w*_date\b)": "a date minus a date: use date_diff('day', a, b)",
    r"\bdate_?trunc\s*\(\s*'\w+'\s*,\s*([\w.]*_date\b|cast\s*\([^()]*\bas\s+date\s*\))": "date_trunc on a date: truncate the timestamp",
    r"\bdate_?diff\s*\(\s*'week'": "date_diff('week'): truncate both to their Monday and count days",
    r"\bepoch_ms\s*\(": "epoch_ms",
    r"\bapprox_\w+\s*\(": "an approximation",
    r"\basof\b": "an asof join",
    r"\bby\s+name\b": "union by name",
    r"->>?": "a JSON arrow",
    r"\b(from|join)\s+(generate_series|range)\s*\(": "generate_series in from: unnest(generate_series(...)) in a select",
    r"\bat\s+time\s+zone\b": "at time zone: local time is prepared at import",
    r"\b(group|order)\s+by\s+all\b": "group by all, order by all: name the columns",
    r"\b(arg_min|arg_max|min_by|max_by)\s*\(": "arg_min, arg_max: ties differ between engines",
    r"(?<![\w.$])at\b(?!\s+time\s+zone)": "a column named at",
}
TOGETHER = (r"\bselect\s+(\w+\.)?\*", r"\busing\s*\(")


def header_faults(sql: str) -> list[str]:
    """What is wrong with the header and the parameters of one metric's file."""
    head = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        head.append(line)
    faults = [
        f"line {number}: must start with {start!r} and go on"
        for number, start in enumerate(STARTS, 1)
        if len(head) < number or not head[number - 1].startswith(start) or not head[number - 1].removeprefix(start).strip()
    ]
    if faults:
        return faults
    if ": " not in head[0] or not head[0].rstrip().endswith("."):
        faults.append("line 1: must be '-- Title: what it tells.'")
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        return [*faults, f"does not parse: {error}"]
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        return [*faults, f"must hold exactly one select, holds {len(statements)} statement(s)"]
    params = head[3].removeprefix(STARTS[3])
    said, used = set(re.findall(r"\$(\w+)", params)), set(statements[0].named_parameters)
    if re.match(r"filters\b", params):  # the word for the parameters that every filtered metric takes, some of them or all
        used = {name for name in used if name not in FILTERS or name in said}
    if said != used:
        faults.append(f"params: the header says {sorted(said)}, the query takes {sorted(used)}")
    return faults


RECORDS = ("follow_ups", "attempts", "meetings", "assignments", "touches", "spend", "deals", "activities", "owned", "meeting_kinds", "deaths")
_READS = re.compile(r"\b(?:from|join)\s+(?:canonical\.|history\.canonical\.|history\.main\.)?(\w+)")


def reads(sql: str, macros: dict[str, str], found: set[str] | None = None) -> set[str]:
    """Every table, view and macro that a query reads, through the macros it uses too."""
    found = set() if found is None else found
    for name in _READS.findall("\n".join(line.split("--", 1)[0] for line in sql.splitlines())):
        if name not in found:
            found.add(name)
            reads(macros.get(name, ""), macros, found)
    return found


def needs_fault(sql: str, macros: dict[str, str]) -> str:
    """What is wrong with the line of needs: a metric that reads what not every history records says what it is without it."""
    read = sorted(reads(sql, macros) & set(RECORDS))
    line = re.search(r"^-- needs: \S.*$", sql, re.MULTILINE)
    if line and "none" in line[0] and not re.fullmatch(r"-- needs: none \(.+\)", line[0]):
        return "needs: none wants its reason in brackets"
    return f"reads {', '.join(read)}: say in a line `-- needs: ...` what it is without them (queries/README.md)" if read and not line else ""


def macro_texts() -> dict[str, str]:
    """Name of a macro or view -> its text."""
    told = {}
    for path in sorted((QUERIES / "macros").glob("*.sql")):
        for part in re.split(r"(?=^create )", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            if named := re.match(r"create (?:macro|view) (\w+)", part):
                told[named[1]] = part
    return told


def portability_faults(sql: str) -> list[str]:
    """Constructs of one file that other engines read otherwise, each with its line."""
    faults = []
    lines = sql.splitlines()
    bare = [strip(line) for line in lines]
    for number, (line, text) in enumerate(zip(lines, bare, strict=True), 1):
        if not EXEMPT.search(line):
            faults += [f"line {number}: {why}" for pattern, why in KEPT_OUT.items() if re.search(pattern, text, re.IGNORECASE)]
    if all(re.search(pattern, "\n".join(bare), re.IGNORECASE) for pattern in TOGETHER):
        faults.append("select * with using: name the columns")
    return faults


def strip(line: str) -> str:
    """The line without its comment, without the content of texts other than units of dates, without casts of what is rounded already."""
    line = re.sub(r"'(?!(?:day|week|month|quarter|year)')(?:[^']|'')*'", "''", line)
    line = re.sub(r"\b(round|floor|ceil|trunc|count|sum)\s*\([^()]*\)\s*::\s*\w+", "whole", line)
    return line.split("--", 1)[0].rstrip()


def query_files() -> list[Path]:
    found = [path for path in kept_files() if path.is_relative_to(QUERIES) and path.suffix == ".sql"]
    return [path for path in found if path.relative_to(QUERIES).parts[0] not in BUILDING]


def metric_files() -> list[Path]:
    return [path for path in query_files() if path.relative_to(QUERIES).parts[0] not in BESIDE]


def test_every_metric_has_its_header_and_takes_what_it_says() -> None:
    faults = [f"{path.relative_to(ROOT)}: {fault}" for path in metric_files() for fault in header_faults(path.read_text(encoding="utf-8"))]
    assert faults == []


def test_a_metric_says_what_it_needs_of_a_history() -> None:
    macros = macro_texts()
    texts = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in metric_files()}
    assert [f"{path}: {fault}" for path, text in texts.items() if (fault := needs_fault(text, macros))] == []


def test_a_metric_that_reads_tries_through_a_macro_is_seen() -> None:
    macros = {"chosen": "create macro chosen(p) as table select * from follow_ups;"}
    assert "follow_ups" in needs_fault("select count(*) as n from chosen($since) as c", macros)
    assert needs_fault("-- needs: touches (n)\nselect count(*) as n from chosen($since) as c", macros) == ""
    assert needs_fault("-- needs: none\nselect 1 as n from chosen(1) as c", macros)
    assert needs_fault("select 1 as n from steps", macros) == ""


def test_every_query_is_read_alike_by_other_engines() -> None:
    faults = [f"{path.relative_to(ROOT)}: {fault}" for path in query_files() for fault in portability_faults(path.read_text(encoding="utf-8"))]
    assert faults == []


def test_metrics_lie_one_folder_deep() -> None:
    assert [path for path in metric_files() if len(path.relative_to(QUERIES).parts) != 2] == []


GOOD = """-- Minutes to first attempt: how long a lead waits.
-- grain: one row per week
-- unit: minutes
-- params: $since date, $until date (exclusive), $sources list or null
select week_date, median(minutes) as minutes
from waits
where week_date >= $since and week_date < $until and ($sources is null or list_contains($sources, source))
group by week_date
"""


def test_a_good_file_passes() -> None:
    assert header_faults(GOOD) == []
    assert header_faults(GOOD.replace("$since date, $until date (exclusive), $sources list or null", "filters, $sources list")) == []
    assert header_faults(GOOD.replace("$since date, $until date (exclusive), $sources list or null", "filters"))
    assert portability_faults(GOOD) == []
    assert header_faults("-- A: b.\n-- grain: one row\n-- unit: leads\n-- params: none\nselect 1 as n") == []


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("-- Minutes to first attempt: how long a lead waits.\n", ""),
        ("a lead waits.", "a lead waits"),
        ("-- grain: one row per week", "-- grain:"),
        ("-- unit: minutes\n", ""),
        ("-- params:", "-- parameters:"),
        (", $sources list or null", ""),
        ("$since date", "$since date, $more int"),
        ("group by week_date\n", "group by week_date; select 1"),
        ("select week_date, median(minutes) as minutes\nfrom waits", "create table x as select 1 from waits"),
        ("select week_date", "selec week_date"),
    ],
)
def test_a_bad_header_is_seen(was: str, becomes: str) -> None:
    assert was in GOOD
    assert header_faults(GOOD.replace(was, becomes))


@pytest.mark.parametrize(
    "line",
    [
        "a / b",
        "a // b",
        "a % b",
        "sum(x) / count(*)",
        "cast(x as int)",
        "cast(avg(x) as bigint)",
        "x::integer",
        "won_date - opened_date",
        "date_trunc('week', opened_date)",
        "date_diff('week', a, b)",
        "datediff('week', a, b)",
        "epoch_ms(x)",
        "approx_quantile(x, 0.5)",
        "from a asof join b",
        "union all by name",
        "body ->> 'x'",
        "from generate_series(1, 3)",
        "opened_at at time zone 'UTC'",
        "group by all",
        "order by all",
        "arg_max(a, b)",
        "select at from t",
        "select * from a join b using (lead_id)",
    ],
)
def test_what_other_engines_read_otherwise_is_seen(line: str) -> None:
    assert portability_faults(line)
    assert portability_faults(f"{line} -- kept: the test says so") == [] or "using" in line


@pytest.mark.parametrize(
    "line",
    [
        "a / nullif(b, 0)",
        "seconds / 60.0",
        "x / 2",
        "a % 7",
        "cast(round(x) as int)",
        "round($days * 86400)::bigint",
        "cast(count(*) as bigint)",
        "cast(x as double)",
        "date_diff('day', a_date, b_date)",
        "date_trunc('week', opened_at)",
        "opened_at as week",
        "'at / b'",
        "-- a / b at the end",
        "select a.lead_id from a join b using (lead_id)",
        "like '%x%'",
        "opened_at - interval 3 day",
    ],
)
def test_what_every_engine_reads_alike_passes(line: str) -> None:
    assert portability_faults(line) == []
