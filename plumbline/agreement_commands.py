"""The commands `agreement ...`: the life of a version, without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.command_options import FormatOption, HistoryOption, history_of
from plumbline.printing import Format, say, show

if TYPE_CHECKING:
    from plumbline.agreement.model import Agreement
    from plumbline.agreement.version import Version
    from plumbline.history.connection import History

app = typer.Typer(no_args_is_help=True, help="What marketing and sales promise each other: drafts, signatures, versions in force.")

Number = Annotated[int, typer.Argument(metavar="ID", help="The number of the version, as `agreement list` has it.")]
Side = Annotated[str, typer.Option("--side", help="marketing or sales.")]
By = Annotated[str, typer.Option("--by", help="Who does it. Refused where log-in is configured.")]
PerhapsBy = Annotated[str, typer.Option("--by", help="Who does it. Default: the name of the local profile.")]
Why = Annotated[str, typer.Option("--why", help="The reason, which is kept.")]
Today = Annotated[str, typer.Option("--today", help="The day of today, for tests. Default: by the clock, in the organisation's zone.")]
File = Annotated[Path, typer.Argument(help="An agreement (YAML, docs/agreement.md).")]


@contextmanager
def _each_fault() -> Iterator[None]:
    """Every fault of an agreement is a line of its own."""
    from plumbline.agreement.faults import AgreementFaults

    try:
        yield
    except AgreementFaults as faults:
        for line in faults.lines:
            say(f"error: {line}")
        raise typer.Exit(1) from None


@app.command()
def check(file: File, history: HistoryOption = None, format: FormatOption = Format.table) -> None:
    """Reads an agreement and holds it against the history: each fault is one line."""
    from plumbline.agreement.canonical import canonical, seal

    with _each_fault():
        agreement, notes = _checked(file, history)
    _say(notes)
    told = {"name": agreement.name, "effective": agreement.effective, "promises": len(agreement.promises), "seal": seal(canonical(agreement))}
    show(told, format)


@app.command()
def new(file: File, by: PerhapsBy = "", history: HistoryOption = None, format: FormatOption = Format.table) -> None:
    """A new draft from a file that passes the check."""
    from plumbline.agreement import versions
    from plumbline.people import acting_by_name

    act = acting_by_name(by)
    with _each_fault():
        agreement, notes = _checked(file, history)
    made = versions.new(agreement, act)
    _say(notes)
    show({"id": made.number, "number": made.number, "seal": made.seal}, format)


@app.command()
def edit(
    number: Number,
    file: File,
    edition: Annotated[int, typer.Option("--edition", help="The edition of the text that the change began with.")],
    by: PerhapsBy = "",
    history: HistoryOption = None,
    format: FormatOption = Format.table,
) -> None:
    """Another text for a draft. Of a version that is signed or published it makes a new draft, without signatures."""
    from plumbline.agreement import versions
    from plumbline.people import acting_by_name

    act = acting_by_name(by)
    with _each_fault():
        agreement, notes = _checked(file, history, number)
    made = versions.edit(number, agreement, edition, act)
    _say(notes)
    if made.number != number:
        say(f"note: agreement {number} stays as it is; agreement {made.number} is the new draft")
    show({"id": made.number, "number": made.number, "seal": made.seal, "edition": made.edition}, format)


@app.command()
def correct(
    number: Number,
    name: Annotated[str | None, typer.Option("--name", help="The new name.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="The new description.")] = None,
    by: PerhapsBy = "",
    history: HistoryOption = None,
    format: FormatOption = Format.table,
) -> None:
    """Corrects name or description, which needs no new signatures."""
    from plumbline.agreement import versions
    from plumbline.people import acting_by_name

    now = versions.version(number)
    told = versions.correct(number, now.name if name is None else name, now.description if description is None else description, acting_by_name(by))
    _show(told, history, "", format)


@app.command()
def simulate(number: Number, by: PerhapsBy = "", history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table) -> None:
    """Runs and freezes the simulation that signatures bind: last year's mature leads against what happened."""
    from plumbline.agreement import frozen, signing, versions
    from plumbline.history.connection import History
    from plumbline.people import acting_by_name
    from plumbline.wording import listing

    act = acting_by_name(by)
    opened = History(history_of(history))
    now, day = versions.version(number), _today(today, opened.about.time_zone)
    versions.refuse_unless_open(now, "simulated", day)
    versions.refuse_day(now.effective, versions.all_versions(), now.where)
    agreement = now.agreement()
    with _each_fault():
        notes = _held_against(agreement, opened, now.where)
    made = frozen.run(agreement, opened, act)
    done = signing.freeze(number, made, now.edition, day, act)
    told = made.told()
    _say(notes)
    if done.taken:
        say(f"note: the simulation took away the {listing([f'signature of {one.by} for {one.side}' for one in done.taken])}; both sides sign anew")
    if made.of_today:
        say(f"note: changes of {listing(list(made.of_today))} are not recorded: whoever signs acknowledges it with --acknowledge-today")
    if not told["period"]["is_mature"]:
        say("note: the history is younger than the funnel's windows, so not every lead can be judged")
    result = {
        "id": number,
        "number": number,
        "seal": done.version.seal,
        "snapshot": made.snapshot,
        "product": made.product,
        "seed": made.seed,
        "of_today": list(made.of_today),
        "signatures_taken": [{"side": one.side, "by": one.by} for one in done.taken],
    }
    if format is Format.json:
        show(result | {"results": told}, format)
    else:
        figures = [{"what": name, "is": figure} for name, figure in frozen.headline(told).items()]
        show([*figures, {"what": "seal", "is": done.version.seal}], format)


@app.command()
def reproduce(number: Number, history: HistoryOption = None, format: FormatOption = Format.table) -> None:
    """Runs a frozen simulation again from its record, and says whether every byte is the same."""
    from plumbline.agreement import frozen, versions
    from plumbline.errors import InputError

    found = versions.version(number)
    made = frozen.again(found, history_of(history))
    if made != found.frozen.results:
        raise InputError("gives other results now than were frozen", found.where, "run: python -m plumbline check")
    show({"id": number, "bytes": len(made), "same": True}, format)


@app.command()
def sign(
    number: Number,
    side: Side,
    by: By,
    seal: Annotated[str, typer.Option("--seal", help="The seal that you saw. Default: the one that `agreement show` prints.")] = "",
    acknowledge_today: Annotated[
        bool, typer.Option("--acknowledge-today", help="You know that changes of some fields are not recorded, so that values of today stand in.")
    ] = False,
    history: HistoryOption = None,
    today: Today = "",
    format: FormatOption = Format.table,
) -> None:
    """Signs a version for one side."""
    from plumbline.agreement import signing, versions
    from plumbline.people import acting_by_name

    act = acting_by_name(by)
    now = versions.version(number)
    opened = _history(history)
    zone = _zone(now, opened)
    told = signing.sign(number, side, seal or now.seal, _today(today, zone), act, acknowledge_today)
    if opened and now.signatures:
        _tell_what_moved(now, opened)
    _show(told, history, today, format)


@app.command()
def publish(number: Number, by: PerhapsBy = "", history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table) -> None:
    """Makes a version that both sides signed the one in force, from its effective day on."""
    from plumbline.agreement import signing, versions
    from plumbline.people import acting_by_name

    day = _today(today, _zone(versions.version(number), _history(history)))
    _show(signing.publish(number, day, acting_by_name(by)), history, today, format)


@app.command("show")
def show_(number: Number, history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table) -> None:
    """One version: its state, its seal, who signed."""
    from plumbline.agreement import versions

    _show(versions.version(number), history, today, format)


@app.command("list")
def list_(history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table) -> None:
    """Every version."""
    from plumbline.agreement import versions
    from plumbline.agreement.canonical import short

    found = versions.all_versions()
    opened = _history(history)
    rows = [one.shown(_today(today, _zone(one, opened))) for one in found]
    if format is not Format.json:
        for row in rows:
            row["seal"] = short(row["seal"])
            row["signatures"] = ", ".join(f"{one['side']}: {one['by']}" for one in row["signatures"])
            row.pop("id")
    show(rows, format)


@app.command()
def diff(
    a: Annotated[str, typer.Argument(help="A version's number, or a file.")],
    b: Annotated[str, typer.Argument(help="The other.")],
    format: FormatOption = Format.table,
) -> None:
    """What changes from one version to another, in plain words, and what each change does."""
    from plumbline.agreement.diff import diff as compare
    from plumbline.agreement.effects import effect_of

    with _each_fault():
        (old, _), (new, frozen) = _named(a), _named(b)
    found = compare(old, new)
    rows = [
        {"path": one.path, "kind": one.kind, "old": one.old, "new": one.new, "change": one.sentence, "effect": effect_of(one.path, new, frozen)}
        for one in found.changes
    ]
    if not rows:
        say("note: nothing changes")
    show(rows if format is Format.json else [{"change": row["change"], "effect": row["effect"]} for row in rows], format)


@app.command()
def withdraw(number: Number, by: PerhapsBy = "", history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table) -> None:
    """Takes a draft off the table."""
    from plumbline.agreement import signing, versions
    from plumbline.people import acting_by_name

    day = _today(today, _zone(versions.version(number), _history(history)))
    _show(signing.withdraw(number, day, acting_by_name(by)), history, today, format)


@app.command()
def decline(
    number: Number, side: Side, by: By, why: Why, history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table
) -> None:
    """One side says no to a draft; it takes no signatures any more."""
    from plumbline.agreement import signing, versions
    from plumbline.people import acting_by_name

    act = acting_by_name(by)
    day = _today(today, _zone(versions.version(number), _history(history)))
    _show(signing.decline(number, side, why, day, act), history, today, format)


@app.command()
def end(
    number: Number,
    side: Side,
    by: By,
    last_day: Annotated[str, typer.Option("--last-day", help="The last day in force; both sides name the same.")],
    why: Why,
    history: HistoryOption = None,
    today: Today = "",
    format: FormatOption = Format.table,
) -> None:
    """One side ends a published version; it has ended once both did."""
    from plumbline.agreement import ending, versions
    from plumbline.filters import parse_day
    from plumbline.people import acting_by_name

    act, last = acting_by_name(by), parse_day(last_day, "--last-day")
    day = _today(today, _zone(versions.version(number), _history(history)))
    _show(ending.end(number, side, last, why, day, act), history, today, format)


@app.command()
def export(
    number: Number,
    to: Annotated[Path, typer.Option("--to", help="FILE.html, FILE.docx, FILE.yaml or FILE.odcs.yaml (a data contract).")],
    history: HistoryOption = None,
    today: Today = "",
    format: FormatOption = Format.table,
) -> None:
    """Writes a version as a document, or as text that is read again."""
    from plumbline.agreement import versions
    from plumbline.people import acting
    from plumbline.reports import files
    from plumbline.state import audit
    from plumbline.state.opening import reading

    with reading() as connection:
        found, head = versions.version(number, connection), audit.head(connection)
    written = files.export(found, to, _today(today, _zone(found, _history(history))), head, acting())
    show({"id": number, "file": str(to), "bytes": written, "seal": found.seal, "audit_head": head}, format)


@app.command()
def left(
    name: Annotated[str, typer.Argument(help="Who no longer holds the role of a side.")],
    side: Annotated[str, typer.Option("--side", help="marketing or sales. Default: both.")] = "",
    by: PerhapsBy = "",
    history: HistoryOption = None,
    format: FormatOption = Format.table,
) -> None:
    """A signer left, or lost the role: what is not published yet needs another signature."""
    from plumbline.agreement import signing
    from plumbline.agreement.version import SIDES
    from plumbline.people import acting_by_name

    if side:
        signing.refuse_side(side)
    touched = signing.leave(name, acting_by_name(by), (side,) if side else SIDES)
    opened = _history(history)
    show([one.shown(_today("", _zone(one, opened))) for one in touched], format)


@app.command()
def log(format: FormatOption = Format.table) -> None:
    """Every change of the app's own store, the oldest first, with its place in the chain."""
    from plumbline.state import audit
    from plumbline.state.opening import reading

    with reading() as connection:
        show(audit.rows(connection), format)


def _say(notes: list[str]) -> None:
    for line in notes:
        say(f"note: {line}")


def _checked(file: Path, history: Path | None, instead_of: int | None = None) -> tuple[Agreement, list[str]]:
    """(the agreement of a file, notes), held against the history and against what is published. Raises AgreementFaults with all that is wrong."""
    from plumbline.agreement import versions
    from plumbline.agreement.check import advice
    from plumbline.agreement.faults import AgreementFaults
    from plumbline.agreement.parse import load
    from plumbline.history.connection import History

    agreement = load(file)
    found = versions.all_versions()
    fault = versions.day_fault(agreement.effective, found, file.name)
    if fault and any(one.number == instead_of and one.canonical == _canonical(agreement) for one in found):
        fault = None  # only the name or the description is another
    try:
        notes = _held_against(agreement, History(history_of(history)), file.name)
    except AgreementFaults as faults:
        raise AgreementFaults([*faults.lines, *([fault.one_line] if fault else [])]) from None
    if fault:
        raise AgreementFaults([fault.one_line])
    return agreement, [*notes, *advice(agreement, not any(one.published_at for one in found))]


def _canonical(agreement: Agreement) -> bytes:
    from plumbline.agreement.canonical import canonical

    return canonical(agreement)


def _held_against(agreement: Agreement, opened: History, where: str) -> list[str]:
    """Notes on what the history cannot tell. Raises AgreementFaults."""
    from plumbline.agreement.check import check as faults_of
    from plumbline.agreement.check import notes
    from plumbline.agreement.faults import AgreementFaults

    if faults := faults_of(agreement, opened, where=where):
        raise AgreementFaults(faults)
    return notes(agreement, opened)


def _named(text: str) -> tuple[Agreement, dict | None]:
    """(an agreement by its number or file, the results of its frozen simulation)."""
    from plumbline.agreement import versions
    from plumbline.agreement.parse import load

    if text.isascii() and text.isdigit() and len(text) < 10:
        found = versions.version(int(text))
        return found.agreement(), found.frozen.told() if found.frozen else None
    return load(Path(text)), None


def _tell_what_moved(now: Version, opened: History) -> None:
    from plumbline.agreement import frozen

    figures = frozen.moved(now, opened)
    for one in figures:
        say(f"note: with the data of now, {one.name}: {one.frozen} → {one.now}")
    if figures:
        say("note: what you sign is the frozen simulation; agreement simulate runs it anew, and then both sides sign again")


def _history(option: Path | None) -> History | None:
    """The history, where there is one."""
    from plumbline.errors import HistoryError
    from plumbline.history.connection import History

    try:
        return History(history_of(option))
    except HistoryError:
        return None


def _zone(now: Version, opened: History | None) -> str:
    """The organisation's zone: of the history, else of the one that was simulated, else UTC."""
    return opened.about.time_zone if opened else str(now.frozen.told()["time_zone"]) if now.frozen else "UTC"


def _today(option: str, zone: str) -> date:
    from plumbline.clock import time_zone
    from plumbline.filters import parse_day

    return parse_day(option, "--today") if option else datetime.now(UTC).astimezone(time_zone(zone)).date()


def _show(told: Version, history: Path | None, today: str, format: Format) -> None:
    from plumbline.agreement.overview import overview

    day = _today(today, _zone(told, _history(history)))
    show(told.shown(day) if format is not Format.table else overview(told, day), format)
