"""Commands by which a side binds or releases itself: sign, publish, withdraw, decline, end, left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.agreement_commands.common import By, Number, PerhapsBy, Side, Today, Why, day_of_today, history_there, show_version, zone_of
from plumbline.command_options import FormatOption, HistoryOption
from plumbline.printing import Format, say, show

if TYPE_CHECKING:
    from plumbline.agreement.version import Version
    from plumbline.history.connection import History

app = typer.Typer()


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
    opened = history_there(history)
    zone = zone_of(now, opened)
    told = signing.sign(number, side, seal or now.seal, day_of_today(today, zone), act, acknowledge_today)
    if opened and now.signatures:
        _tell_what_moved(now, opened)
    show_version(told, history, today, format)


@app.command()
def publish(number: Number, by: PerhapsBy = "", history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table) -> None:
    """Makes a version that both sides signed the one in force, from its effective day on."""
    from plumbline.agreement import signing, versions
    from plumbline.people import acting_by_name

    day = day_of_today(today, zone_of(versions.version(number), history_there(history)))
    show_version(signing.publish(number, day, acting_by_name(by)), history, today, format)


@app.command()
def withdraw(number: Number, by: PerhapsBy = "", history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table) -> None:
    """Takes a draft off the table."""
    from plumbline.agreement import signing, versions
    from plumbline.people import acting_by_name

    day = day_of_today(today, zone_of(versions.version(number), history_there(history)))
    show_version(signing.withdraw(number, day, acting_by_name(by)), history, today, format)


@app.command()
def decline(
    number: Number, side: Side, by: By, why: Why, history: HistoryOption = None, today: Today = "", format: FormatOption = Format.table
) -> None:
    """One side says no to a draft; it takes no signatures any more."""
    from plumbline.agreement import signing, versions
    from plumbline.people import acting_by_name

    act = acting_by_name(by)
    day = day_of_today(today, zone_of(versions.version(number), history_there(history)))
    show_version(signing.decline(number, side, why, day, act), history, today, format)


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
    day = day_of_today(today, zone_of(versions.version(number), history_there(history)))
    show_version(ending.end(number, side, last, why, day, act), history, today, format)


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
    opened = history_there(history)
    show([one.shown(day_of_today("", zone_of(one, opened))) for one in touched], format)


def _tell_what_moved(now: Version, opened: History) -> None:
    from plumbline.agreement import frozen

    figures = frozen.moved(now, opened)
    for one in figures:
        say(f"note: with the data of now, {one.name}: {one.frozen} → {one.now}")
    if figures:
        say("note: what you sign is the frozen simulation; agreement simulate runs it anew, and then both sides sign again")
