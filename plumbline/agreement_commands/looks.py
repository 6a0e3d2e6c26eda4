"""Commands that look at versions: show, list, diff, export, log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.agreement_commands.common import Number, Today, day_of_today, each_fault, history_there, show_version, zone_of
from plumbline.command_options import FormatOption, HistoryOption
from plumbline.printing import Format, say, show

if TYPE_CHECKING:
    from plumbline.agreement.model import Agreement

app = typer.Typer()


@app.command("show")
def show_(number: Number, history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table) -> None:
    """One version: its state, its seal, who signed."""
    from plumbline.agreement import versions

    show_version(versions.version(number), history, today, format)


@app.command("list")
def list_(history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table) -> None:
    """Every version."""
    from plumbline.agreement import versions
    from plumbline.agreement.canonical import short

    found = versions.all_versions()
    opened = history_there(history)
    rows = [one.shown(day_of_today(today, zone_of(one, opened))) for one in found]
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

    with each_fault():
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
    from plumbline.reports import agreement_files as files
    from plumbline.state import audit
    from plumbline.state.opening import reading

    with reading() as connection:
        found, head = versions.version(number, connection), audit.head(connection)
    written = files.export(found, to, day_of_today(today, zone_of(found, history_there(history))), head, acting())
    show({"id": number, "file": str(to), "bytes": written, "seal": found.seal, "audit_head": head}, format)


@app.command()
def log(format: FormatOption = Format.table) -> None:
    """Every change of the app's own store, the oldest first, with its place in the chain."""
    from plumbline.state import audit
    from plumbline.state.opening import reading

    with reading() as connection:
        show(audit.rows(connection), format)


def _named(text: str) -> tuple[Agreement, dict | None]:
    """(an agreement by its number or file, the results of its frozen simulation)."""
    from plumbline.agreement import versions
    from plumbline.agreement.parse import load

    if text.isascii() and text.isdigit() and len(text) < 10:
        found = versions.version(int(text))
        return found.agreement(), found.frozen.told() if found.frozen else None
    return load(Path(text)), None
