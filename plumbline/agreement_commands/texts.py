"""Commands on the text of a version: check, new, edit, correct, simulate, reproduce."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.agreement_commands.common import File, Number, PerhapsBy, Today, day_of_today, each_fault, say_notes, show_version
from plumbline.command_options import FormatOption, HistoryOption, history_of
from plumbline.printing import Format, say, show

if TYPE_CHECKING:
    from plumbline.agreement.model import Agreement
    from plumbline.history.connection import History

app = typer.Typer()


@app.command()
def check(file: File, history: HistoryOption = None, format: FormatOption = Format.table) -> None:
    """Reads an agreement and holds it against the history: each fault is one line."""
    from plumbline.agreement.canonical import canonical, seal

    with each_fault():
        agreement, notes = _checked(file, history)
    say_notes(notes)
    told = {"name": agreement.name, "effective": agreement.effective, "promises": len(agreement.promises), "seal": seal(canonical(agreement))}
    show(told, format)


@app.command()
def new(file: File, by: PerhapsBy = "", history: HistoryOption = None, format: FormatOption = Format.table) -> None:
    """A new draft from a file that passes the check."""
    from plumbline.agreement import versions
    from plumbline.people import acting_by_name

    act = acting_by_name(by)
    with each_fault():
        agreement, notes = _checked(file, history)
    made = versions.new(agreement, act)
    say_notes(notes)
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
    with each_fault():
        agreement, notes = _checked(file, history, number)
    made = versions.edit(number, agreement, edition, act)
    say_notes(notes)
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
    show_version(told, history, "", format)


@app.command()
def simulate(number: Number, by: PerhapsBy = "", history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table) -> None:
    """Runs and freezes the simulation that signatures bind: last year's mature leads against what happened."""
    from plumbline.agreement import frozen, signing, versions
    from plumbline.history.connection import History
    from plumbline.people import acting_by_name
    from plumbline.wording import listing

    act = acting_by_name(by)
    opened = History(history_of(history))
    now, day = versions.version(number), day_of_today(today, opened.about.time_zone)
    versions.refuse_unless_open(now, "simulated", day)
    versions.refuse_day(now.effective, versions.all_versions(), now.where)
    agreement = now.agreement()
    with each_fault():
        notes = _held_against(agreement, opened, now.where)
    made = frozen.run(agreement, opened, act)
    done = signing.freeze(number, made, now.edition, day, act)
    told = made.told()
    say_notes(notes)
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
