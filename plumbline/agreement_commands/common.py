"""What the commands of agreements share: their options, the day of today, faults and versions as they are printed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.command_options import history_of
from plumbline.printing import Format, say, show

if TYPE_CHECKING:
    from plumbline.agreement.version import Version
    from plumbline.history.connection import History

Number = Annotated[int, typer.Argument(metavar="ID", help="The number of the version, as `agreement list` has it.")]
Side = Annotated[str, typer.Option("--side", help="marketing or sales.")]
By = Annotated[str, typer.Option("--by", help="Who does it. Refused where log-in is configured.")]
PerhapsBy = Annotated[str, typer.Option("--by", help="Who does it. Default: the name of the local profile.")]
Why = Annotated[str, typer.Option("--why", help="The reason, which is kept.")]
Today = Annotated[str, typer.Option("--today", help="The day of today, for tests. Default: by the clock, in the organisation's zone.")]
File = Annotated[Path, typer.Argument(help="An agreement (YAML, docs/agreement.md).")]


@contextmanager
def each_fault() -> Iterator[None]:
    """Every fault of an agreement is a line of its own."""
    from plumbline.agreement.faults import AgreementFaults

    try:
        yield
    except AgreementFaults as faults:
        for line in faults.lines:
            say(f"error: {line}")
        raise typer.Exit(1) from None


def say_notes(notes: list[str]) -> None:
    for line in notes:
        say(f"note: {line}")


def history_there(option: Path | None) -> History | None:
    """The history, where there is one."""
    from plumbline.errors import HistoryError
    from plumbline.history.connection import History

    try:
        return History(history_of(option))
    except HistoryError:
        return None


def zone_of(now: Version, opened: History | None) -> str:
    """The organisation's zone: of the history, else of the one that was simulated, else UTC."""
    return opened.about.time_zone if opened else str(now.frozen.told()["time_zone"]) if now.frozen else "UTC"


def day_of_today(option: str, zone: str) -> date:
    from plumbline.clock import time_zone
    from plumbline.filters import parse_day

    return parse_day(option, "--today") if option else datetime.now(UTC).astimezone(time_zone(zone)).date()


def show_version(told: Version, history: Path | None, today: str, format: Format) -> None:
    from plumbline.agreement.overview import overview

    day = day_of_today(today, zone_of(told, history_there(history)))
    show(told.shown(day) if format is not Format.table else overview(told, day), format)
