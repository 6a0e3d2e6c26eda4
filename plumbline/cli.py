"""The command line: everything that a screen shows, without a screen.

Exit status: 0 done; 1 refused, one line on stderr and nothing changed; 2 usage. Results go to stdout, all else to stderr.
"""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path
from typing import Annotated

import typer

from plumbline.agreement_commands import app as agreement_app
from plumbline.command_options import FormatOption, HistoryOption, history_of
from plumbline.errors import InputError, PlumblineError
from plumbline.printing import Format, say, show
from plumbline.report_commands import app as report_app
from plumbline.terminal import VisibleStream, visible

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__.splitlines()[0])
app.add_typer(agreement_app, name="agreement")
app.add_typer(report_app, name="report")
_MANY = ("--source", "--segment", "--param")


def main() -> None:
    """Runs a command; a refusal is one line and status 1, whatever the user did. Usage (status 2) is Typer's own affair."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        _check_text(sys.argv[1:])
        app(args=_spread(sys.argv[1:]), prog_name="plumbline")
    except PlumblineError as refusal:
        _refuse(refusal.one_line)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as problem:
        if problem.errno is None:  # a library of ours that could not be loaded, not a file of the user's
            _refuse(_defect(problem))
        _refuse(f"{problem.filename or 'the system'}: {problem.strerror or problem}; check the name, the rights and the free space")
    except Exception as problem:
        _refuse(_defect(problem))


def _defect(problem: Exception) -> str:
    """The line for what nobody foresaw; its traceback is in the log that the line names."""
    said = f"{type(problem).__name__}: {' '.join(str(problem).split())[:160]}"
    try:
        from plumbline.importing.failure import address_space_is_short, tells_of_memory, write_log

        if not (isinstance(problem, MemoryError) or tells_of_memory(traceback.format_exc()) or address_space_is_short()):
            return f"a defect of Plumbline ended the command ({said}); report it with {write_log(traceback.format_exc())}"
    except (MemoryError, ImportError, SystemError):  # no room left to find out what it was
        pass
    return f"the command ran out of memory or threads ({said}); raise the shell's limits (ulimit -v, ulimit -u), or ask for less"


def _check_text(arguments: list[str]) -> None:
    for word in arguments:
        if any("\udc80" <= character <= "\udcff" for character in word):
            raise InputError("is not UTF-8", repr(word), "type it again, or rename the file")


def _refuse(line: str) -> None:
    say(f"error: {' '.join(line.split())}")
    sys.exit(1)


def _spread(arguments: list[str]) -> list[str]:
    """`--source a b` as well as `--source a --source b`: repeats an option for each word that follows it.

    `metric` takes the name of a metric too. Where no word before is that name, the first that names a metric is, after whatever option it
    stands; all others are values, however many slashes they hold.
    """
    spread: list[str] = []
    option, awaits_value = "", False
    has_name = arguments[:1] != ["metric"]
    for number, word in enumerate(arguments):
        if word == "--":
            return spread + arguments[number:]
        if word.startswith("--"):
            option, awaits_value = word.partition("=")[0], "=" not in word
        elif awaits_value or number == 0:
            awaits_value = False
        elif option in _MANY and (has_name or not _names_a_metric(word)):
            spread.append(option)
        else:
            has_name = True
        spread.append(word)
    return spread


def _names_a_metric(word: str) -> bool:
    from plumbline.metrics import all_metrics

    return word in all_metrics()


def _progress(quiet: bool):
    """A progress line on stderr, redrawn in place on a terminal and silent elsewhere."""
    if quiet or not sys.stderr.isatty():
        return lambda step, share: None

    def tell(step: str, share: float) -> None:
        print(f"\r\033[K{share:4.0%}  {visible(step[:100])}", end="" if share < 0.98 else "\n", file=sys.stderr, flush=True)

    return tell


@app.command()
def sample(
    leads: Annotated[int, typer.Option(min=1, max=20_000_000, help="How many leads.")] = 6000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same history.")] = 42,
    history: HistoryOption = None,
    truth: Annotated[Path | None, typer.Option(help="Where to write what was planted (JSON).")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where to write the canonical tables as CSV.")] = None,
    format: FormatOption = Format.table,
) -> None:
    """Writes a synthetic history: deterministic, with the planted truth known."""
    from plumbline.sample_run import make_sample

    began = time.perf_counter()
    counts = make_sample(leads, seed, None if folder and not history else history_of(history), truth, folder, _progress(False))
    show({**counts, "seconds": round(time.perf_counter() - began, 3)}, format)


@app.command("import")
def import_(
    preset: Annotated[str, typer.Argument(help="canonical, or csv with --mapping.")],
    paths: Annotated[list[Path], typer.Argument(help="Folders or files.")],
    history: HistoryOption = None,
    mapping: Annotated[Path | None, typer.Option(help="For csv: which columns mean what (YAML).")] = None,
    encoding: Annotated[str, typer.Option(help="Encoding of the files, when they are not UTF-8.")] = "",
    data_through: Annotated[str, typer.Option(help="The last instant that the extract covers.")] = "",
    time_zone: Annotated[str, typer.Option(help="The organisation's time zone; its days, weeks and months count.")] = "",
    currency: Annotated[str, typer.Option(help="The reporting currency; rows in another are rejected.")] = "",
    append: Annotated[bool, typer.Option("--append", help="Add to the history instead of replacing it.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and account for everything; publish nothing.")] = False,
    format: FormatOption = Format.table,
) -> None:
    """Brings files into a history, accounts for every row, publishes a new snapshot."""
    from plumbline.importing.run import Options, import_files

    options = Options(mapping, encoding, data_through, time_zone, currency, append, dry_run)
    result = import_files(preset, paths, history_of(history), options, _progress(False))
    if format is Format.json:
        show(result.summary(), format)
        return
    show([{"table": name, **counts} for name, counts in result.tables.items()], format)
    for reject in result.rejects[:20]:
        where = f"{reject['file']}, line {reject['line']}" + (f", column {reject['column']}" if reject["column"] else "")
        say(f"rejected: {where}: {reject['reason']}")
    if len(result.rejects) > 20:
        say(f"rejected: {len(result.rejects) - 20} more; see them all with --format json or on the Import screen")
    for warning in result.notes():
        say(f"note: {warning}")
    state = (
        "dry run: nothing was published"
        if dry_run
        else f"published snapshot {result.snapshot}"
        if result.is_new
        else f"nothing new: snapshot {result.snapshot} stays"
    )
    say(f"{state}; data through {result.data_through}")


@app.command()
def imports(
    history: HistoryOption = None,
    roll_back: Annotated[str, typer.Option("--roll-back", help="Publish this older snapshot again.")] = "",
    migrate: Annotated[bool, typer.Option("--migrate", help="Move a history of an older format to the present one; the old snapshot stays.")] = False,
    format: FormatOption = Format.table,
) -> None:
    """The history of imports, newest first; --roll-back goes back to one, --migrate moves one of an older format."""
    from plumbline.history import snapshots

    path = history_of(history)
    if roll_back:
        snapshots.roll_back(path, roll_back)
    if migrate:
        from plumbline.importing.migrate import migrate as move

        moved = move(path, _progress(False))
        for warning in moved.warnings:
            say(f"note: {warning}")
        say(f"published snapshot {moved.snapshot}" if moved.is_new else "nothing to do: the history is of the present format")
    rows = snapshots.listed(path)
    for row in rows:
        if row["problem"]:
            say(f"note: {row['problem']}")
    if format is not Format.json:
        rows = [
            {name: row.get(name) for name in ("snapshot", "created_at", "is_published", "data_through", "leads", "leads_brought", "rejects_total")}
            for row in rows
        ]
    show(rows, format)


@app.command()
def metrics(format: FormatOption = Format.table) -> None:
    """Every metric: name, title, grain, unit, parameters."""
    from plumbline.metrics import all_metrics

    show([found.described() for found in all_metrics().values()], format)


@app.command()
def metric(
    name: Annotated[str, typer.Argument(help="For example funnel/stages.")],
    param: Annotated[list[str] | None, typer.Option("--param", help="k=v, as listed by `metrics`.")] = None,
    since: Annotated[str, typer.Option(help="First day (of the opening), in the organisation's zone.")] = "",
    until: Annotated[str, typer.Option(help="Last day, exclusive.")] = "",
    source: Annotated[list[str] | None, typer.Option("--source", help="Only leads of these sources.")] = None,
    segment: Annotated[list[str] | None, typer.Option("--segment", help="Only leads whose field had this value: field=value.")] = None,
    episodes: Annotated[str, typer.Option(help="first (the default): each lead's first pass; all: every pass.")] = "",
    week: Annotated[str | None, typer.Option(help="Of sla/*: the week, such as 2026-W46. Default: the last full week.")] = None,
    agreement: Annotated[str | None, typer.Option(help="Of sla/*: the agreement (YAML). Default: the one in force on the week's Monday.")] = None,
    promise: Annotated[str | None, typer.Option(help="Of sla/items: the promise, such as first_touch.")] = None,
    history: HistoryOption = None,
    format: FormatOption = Format.table,
) -> None:
    """Runs one metric with the same filters as the screens."""
    from plumbline import hindsight
    from plumbline.filters import Filters, parse_day, unmatched
    from plumbline.history.connection import History
    from plumbline.metrics import metric as metric_called
    from plumbline.metrics import note, of_options, refuse_ignored, run

    segments: dict[str, tuple[str, ...]] = {"source": tuple(source)} if source else {}
    for key, value in (_pair(text, "--segment") for text in segment or []):
        segments[key] = (*segments.get(key, ()), value)
    filters = Filters(parse_day(since, "--since") if since else None, parse_day(until, "--until") if until else None, segments, episodes or "first")
    refuse_ignored(metric_called(name), filters, bool(episodes))
    parameters = dict(_pair(text, "--param") for text in param or [])
    parameters |= of_options(metric_called(name), {"week": week, "agreement": agreement, "promise": promise})
    opened = History(history_of(history))
    rows = run(opened, name, filters, parameters)
    if said := note(opened, name):
        print(f"note: {said}", file=sys.stderr)
    if name.startswith("sla/"):
        from plumbline.agreement.measurable import notes

        for line in notes(opened, parameters):
            say(f"note: {line}")
    for line in unmatched(opened, filters):
        say(f"note: {line}")
    if name == "leaks/ranked":
        for line in [*hindsight.notes(opened), *hindsight.notes_of_today(opened, rows["segment_field"].to_list())]:
            say(f"note: {line}")
    show(rows.to_dicts(), format)


def _pair(text: str, option: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise InputError(
            f"{text!r} is not of the form name=value", option, "write for example " + ("region=EMEA" if option == "--segment" else "grain=month")
        )
    return key.strip(), value.strip()


@app.command()
def replay(
    definition: Annotated[Path, typer.Option("--definition", help="The definition of a qualified lead (YAML, docs/definitions.md).")],
    until: Annotated[str, typer.Option(help="No decision after this instant. Default: the end of the extract.")] = "",
    leads_out: Annotated[Path | None, typer.Option("--leads-out", help="Where to write when each lead qualifies, and its score then (CSV).")] = None,
    history: HistoryOption = None,
    format: FormatOption = Format.table,
) -> None:
    """When each lead first meets a definition, as known then."""
    from plumbline.replay.report import replay_file

    told, notes = replay_file(definition, history_of(history), until, leads_out)
    for note in notes:
        say(f"note: {note}")
    show(told, format)


@app.command()
def simulate(
    definition: Annotated[Path, typer.Option("--definition", help="The draft: a definition of a qualified lead (YAML).")],
    since: Annotated[str, typer.Option(help="First day of the period, in the organisation's zone.")],
    until: Annotated[str, typer.Option(help="Last day, exclusive.")],
    baseline: Annotated[Path | None, typer.Option("--baseline", help="Another definition. Default: what happened.")] = None,
    quota: Annotated[float | None, typer.Option(help="Qualified leads per quarter that marketing promised.")] = None,
    capacity: Annotated[float | None, typer.Option(help="New leads that a rep can take in a week.")] = None,
    history: HistoryOption = None,
    format: FormatOption = Format.table,
) -> None:
    """What a definition would have done: who moves, what became of them, what it asks of sales, what nobody can know."""
    from plumbline.filters import parse_day
    from plumbline.simulation.report import overview, simulate_files
    from plumbline.simulation.run import Settings

    settings = Settings(parse_day(since, "--since"), parse_day(until, "--until"), quota, capacity)
    told, notes = simulate_files(definition, baseline, history_of(history), settings)
    for note in [*notes, *([] if format is Format.json else told["assumptions"])]:
        say(f"note: {note}")
    show(told if format is Format.json else overview(told), format)


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8501,
    host: Annotated[str, typer.Option(help="127.0.0.1: this machine only.")] = "127.0.0.1",
    history: HistoryOption = None,
) -> None:
    """The app, with security headers and compression."""
    from plumbline.server import is_loopback
    from plumbline.server import serve as run_server

    sys.stdout, sys.stderr = VisibleStream(sys.stdout), VisibleStream(sys.stderr)
    if not is_loopback(host):
        say(f"note: {host} can be reached from other machines, and there is no log-in: whoever reaches the port reads every lead and may import")
    run_server(host, port, history_of(history))


@app.command()
def check(
    history: HistoryOption = None,
    audit_head: Annotated[
        str, typer.Option("--audit-head", help="A head of the log of changes, as an exported document shows it: is it still in the log?")
    ] = "",
    format: FormatOption = Format.table,
) -> None:
    """Environment, settings, history, the app's own store: each ok or not, with what to do."""
    from plumbline.health import checks

    found = checks(history_of(history), audit_head)
    show(found, format)
    if not all(row["ok"] for row in found):
        raise typer.Exit(1)
