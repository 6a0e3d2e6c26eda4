"""The commands `report ...`: minutes of a week and the bulletin of a month, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.command_options import FormatOption, HistoryOption, history_of
from plumbline.printing import Format, say, show

if TYPE_CHECKING:
    from plumbline.workspace import Workspace

app = typer.Typer(no_args_is_help=True, help="Documents that leave the house: the minutes of a week, the bulletin of a month.")

To = Annotated[Path, typer.Option("--to", help="The file to write: its ending, .html or .pptx, says what it becomes.")]


@app.command()
def weekly(
    to: To,
    week: Annotated[str, typer.Option("--week", help="The week, such as 2026-W46. Default: the last full week.")] = "",
    history: HistoryOption = None,
    format: FormatOption = Format.table,
) -> None:
    """The minutes of a week: as its meeting froze them, else made afresh."""
    from plumbline.reports import meeting_files as files
    from plumbline.reports import weekly as reports
    from plumbline.state.opening import reading

    ending, workspace = _begun(to, history)
    monday = reports.asked_week(workspace, week)
    with reading() as connection:
        found = reports.report(workspace, monday, connection)
    files.write(to, found.page if ending == ".html" else found.slides())
    for line in (*found.minutes.held, *([found.since] if found.since else [])):
        say(f"note: {line}")
    show({"file": str(to), "week": found.minutes.week, "days": found.minutes.days, "frozen": found.is_frozen}, format)


@app.command()
def monthly(
    to: To,
    month: Annotated[str, typer.Option("--month", help="The month, such as 2026-11. Default: the last that is over.")] = "",
    history: HistoryOption = None,
    format: FormatOption = Format.table,
) -> None:
    """The bulletin of a month for both teams: what was won, which promises were kept, what was plugged."""
    from plumbline.reports import meeting_files as files
    from plumbline.reports import monthly as reports
    from plumbline.state.opening import reading

    ending, workspace = _begun(to, history)
    first = reports.asked_month(workspace, month)
    with reading() as connection:
        bulletin = reports.bulletin(workspace, first, connection)
    files.write(to, reports.page_of(bulletin) if ending == ".html" else reports.slides_of(bulletin))
    show({"file": str(to), "month": bulletin.month}, format)


def _begun(to: Path, history: Path | None) -> tuple[str, Workspace]:
    """The ending of the file, and the history that is asked; refused before any work where the file may not be written."""
    from plumbline.history.connection import History
    from plumbline.reports import meeting_files as files
    from plumbline.workspace import plain

    ending = files.ending_of(to)
    files.refuse(to)
    return ending, plain(History(history_of(history)))
