"""The bulletin of a month as four slides, with charts that can be edited."""

from __future__ import annotations

from datetime import datetime

from plumbline import wording
from plumbline.colours import LIGHT
from plumbline.reports.bulletin import Bulletin
from plumbline.reports.minutes import words
from plumbline.reports.slides import BOTTOM, LEFT, ROOM, SERIF, TOP, Box, Cell, Column, Deck
from plumbline.reports.weekly_html import SIDES

_SIDE = {"marketing": LIGHT.marketing, "sales": LIGHT.sales}
_HALF = ROOM / 2 - 14
_RIGHT = LEFT + _HALF + 28


def monthly_pptx(made: Bulletin, at: datetime) -> bytes:
    """The file. at: naive UTC, when it was made."""
    deck = Deck(f"Bulletin {made.title}", f"Bulletin for marketing and sales, {made.title} · {made.behind[0]}", at)
    _first(deck, made)
    _wins(deck, made)
    _kept(deck, made)
    _plugged(deck, made)
    return deck.bytes()


def _first(deck: Deck, made: Bulletin) -> None:
    deck.slide(words(made.headline), is_first=True)
    sample = [Cell("Sample data, made up for looking around", LIGHT.lost, True)] if made.is_sample else []
    deck.text(Box(LEFT, 214, ROOM, 40), [Cell(f"Bulletin for marketing and sales, {made.title}", LIGHT.text, True), *sample], 15, 1)
    figures = [("Won", wording.plural(sum(one.n for one in made.by_week), "deal"), LIGHT.text)] if made.by_week else []
    for side, name in SIDES.items():
        mine = [one for one in made.of_side(side) if one.judged]
        if mine:
            kept = f"{sum(one.kept for one in mine)} of {sum(one.judged for one in mine)}"
            figures.append((f"{name}: weeks kept", kept, _SIDE.get(side, LIGHT.text)))
    for place, (label, value, colour) in enumerate(figures[:4]):
        x = LEFT + place * ROOM / 4
        deck.text(Box(x, 290, ROOM / 4 - 12, 18), [Cell(label, colour, True)], 13, 1)
        deck.text(Box(x, 308, ROOM / 4 - 12, 46), [Cell(value)], 34, 1, font=SERIF)
    deck.text(Box(LEFT, 420, ROOM, 80), [Cell(line, LIGHT.quiet_text) for line in made.behind[:4]], 11, 1)


def _wins(deck: Deck, made: Bulletin) -> None:
    deck.slide(words(made.of_wins.headline))
    if not made.wins:
        return
    columns = (Column("Won", 2.6), Column("Amount", 1.2, True), Column("Source", 1.6), Column("Day", 1.5))
    rows = [(Cell(one.company, LIGHT.text, True), Cell(one.amount), Cell(one.source), Cell(one.day)) for one in made.wins]
    deck.table(Box(LEFT, TOP, _HALF, BOTTOM - TOP), columns, rows, 2, "won deals")
    for y, title, counts, colour in (
        (TOP, "Won, week by week", made.by_week, LIGHT.reached),
        (TOP + 200, "Where they came from", made.by_source[:5], LIGHT.marketing),
    ):
        deck.text(Box(_RIGHT, y, _HALF, 18), [Cell(title, LIGHT.text, True)], 14, 1)
        told = f"{title}: {', '.join(f'{one.name} {one.n}' for one in counts)}"
        deck.bar_chart(
            Box(_RIGHT, y + 20, _HALF, min(170, 30 + 34 * len(counts))),
            [one.name for one in counts],
            [one.n for one in counts],
            title,
            colour,
            told,
            11,
        )


def _kept(deck: Deck, made: Bulletin) -> None:
    deck.slide(words(made.of_kept.headline))
    deck.text(Box(LEFT, TOP - 8, ROOM, 18), [Cell(line, LIGHT.quiet_text) for line in made.of_kept.notes[:1]], 12, 1)
    if not made.kept:
        return
    judged = [one for one in made.kept if one.judged]
    columns = (Column("Side", 1.3), Column("Promise", 2.2), Column("Promised", 3), Column("Weeks kept", 1.4, True))
    rows = [
        (Cell(SIDES[one.side], _SIDE.get(one.side, LIGHT.text), True), Cell(one.title, LIGHT.text, True), Cell(one.target),
         Cell(f"{one.kept} of {one.judged}" if one.judged else wording.ABSENT))
        for one in made.kept
    ]  # fmt: skip
    deck.table(Box(LEFT, TOP + 14, _HALF, BOTTOM - TOP - 14), columns, rows, 2, "promises")
    if judged:
        told = "; ".join(f"{one.title}: kept in {one.kept} of {one.judged} weeks" for one in judged)
        deck.text(Box(_RIGHT, TOP + 14, _HALF, 18), [Cell("Weeks in which each promise was kept", LIGHT.text, True)], 14, 1)
        box = Box(_RIGHT, TOP + 34, _HALF, min(BOTTOM - TOP - 34, 30 + 30 * len(judged)))
        deck.bar_chart(box, [one.title for one in judged], [one.kept for one in judged], "Weeks kept", LIGHT.reached, told, 11)


def _plugged(deck: Deck, made: Bulletin) -> None:
    deck.slide(words(made.of_plugged.headline))
    told = [one for one in made.plugged if one.shares]
    width = _HALF if told else ROOM
    y = TOP
    if made.plugged:
        columns = (Column("Done", 2.4), Column("Who", 1.1), Column("What came of it", 3.4))
        rows = [
            (Cell(one.text, LIGHT.text, True), Cell(one.owner), Cell(one.helped, LIGHT.reached if one.is_better else LIGHT.text))
            for one in made.plugged
        ]
        deck.table(Box(LEFT, y, width, 280), columns, rows, 5, "actions")
    if made.gone:
        deck.text(Box(LEFT, 400, width, 18), [Cell("Leaks that went down", LIGHT.text, True)], 14, 1)
        deck.text(Box(LEFT, 420, width, 78), [Cell(line) for line in made.gone], 12, 2)
    names = ("before", "since", "others before", "others since")
    for place, one in enumerate(told[:2]):
        at = TOP + place * 200
        deck.text(Box(_RIGHT, at, _HALF, 18), [Cell(one.text, LIGHT.text, True)], 13, 1)
        values = [share or 0.0 for share in one.shares]
        shown = ", ".join(f"{name} {wording.share(share)}" for name, share in zip(names, one.shares, strict=False))
        deck.bar_chart(
            Box(_RIGHT, at + 20, _HALF, min(165, 30 + 34 * len(values))),
            names[: len(values)],
            values,
            one.about or one.text,
            LIGHT.reached,
            shown,
            11,
            "0%",
        )
