"""The minutes of a week as six to eight slides, with tables and charts that can be edited."""

from __future__ import annotations

from datetime import datetime

from plumbline.colours import LIGHT
from plumbline.reports import svg
from plumbline.reports.minutes import Count, Minutes, PromiseLine, Section, words
from plumbline.reports.slides import BOTTOM, LEFT, ROOM, SERIF, TOP, Box, Cell, Column, Deck
from plumbline.reports.texts import lines
from plumbline.reports.weekly_html import GROUPS, SIDES, became

_STATUS = {"met": LIGHT.reached, "missed": LIGHT.lost}
_SIDE = {"marketing": LIGHT.marketing, "sales": LIGHT.sales}
_QUARTER = "Quarter so far: "  # which the title of the column says
_TRENDS = 6  # charts on the slide of trends


def weekly_pptx(minutes: Minutes, at: datetime, moved: str = "") -> bytes:
    """The file. at: naive UTC, when it was made. moved: the line on what came since the minutes were frozen."""
    deck = Deck(f"Weekly review, {minutes.days}", f"Weekly review {minutes.days} · {minutes.behind[0] if minutes.behind else ''}", at)
    _first(deck, minutes, moved)
    _promises(deck, minutes)
    if minutes.promises:
        _trends(deck, minutes)
    _changes(deck, minutes)
    _leaks(deck, minutes)
    _calls(deck, minutes)
    if minutes.actions:
        _actions(deck, minutes)
    _close(deck, minutes)
    return deck.bytes()


def _first(deck: Deck, minutes: Minutes, moved: str) -> None:
    deck.slide(words(minutes.verdict), is_first=True)
    sample = [Cell("Sample data, made up for looking around", LIGHT.lost, True)] if minutes.is_sample else []
    told = [Cell(f"Weekly review, {minutes.days} ({minutes.week})", LIGHT.text, True), *sample, *(Cell(line) for line in minutes.held)]
    deck.text(Box(LEFT, 214, ROOM, 86), [*told, *([Cell(moved, LIGHT.text, True)] if moved else [])], 15, 2)
    figures = _figures(minutes)
    wide = ROOM / 4
    for place, (label, value, under, colour) in enumerate(figures[:4]):
        x = LEFT + place * wide
        deck.text(Box(x, 308, wide - 12, 18), [Cell(label, colour, True)], 13, 1)
        deck.text(Box(x, 326, wide - 12, 46), [Cell(value)], 34, 1, font=SERIF)
        deck.text(Box(x, 370, wide - 12, 34), [Cell(under, LIGHT.quiet_text)], 12, 2)
    deck.text(Box(LEFT, 420, ROOM, 80), [Cell(line, LIGHT.quiet_text) for line in minutes.behind[:4]], 11, 1)


def _figures(minutes: Minutes) -> list[tuple[str, str, str, str]]:
    """Figures of the first slide: label, value, what stands under it, colour of the label."""
    told = []
    for side, name in SIDES.items():
        judged = [one for one in minutes.of_side(side) if one.status in _STATUS]
        if judged:
            kept = sum(one.status == "met" for one in judged)
            missed = ", ".join(one.title for one in judged if one.status == "missed")
            told.append((f"{name}: promises kept", f"{kept} of {len(judged)}", f"broken: {missed}" if missed else "", _SIDE.get(side, LIGHT.text)))
    if minutes.wins:
        told.append(("Won", str(len(minutes.wins)), "in the week", LIGHT.text))
    return told


def _title(section: Section, otherwise: str) -> str:
    return words(section.headline) or otherwise


def _notes(deck: Deck, section: Section, y: float, most: int = 2) -> None:
    if section.notes:
        deck.text(Box(LEFT, y, ROOM, most * 17.5), [Cell(line, LIGHT.quiet_text) for line in section.notes[:most]], 13, 1)


def _promises(deck: Deck, minutes: Minutes) -> None:
    deck.slide(_title(minutes.of_promises, "What both sides promised"))
    if not minutes.promises:
        _notes(deck, minutes.of_promises, TOP + 20, 4)
        return
    columns = (Column("Side", 1.2), Column("Promise", 2.2), Column("Promised", 3.0), Column("Was", 0.8, True), Column("Of", 1.4, True),
               Column("This week", 2.3), Column("Quarter so far", 3.4))  # fmt: skip
    rows = [
        (
            Cell(SIDES[one.side], _SIDE.get(one.side, LIGHT.text), True),
            Cell(one.title, LIGHT.text, True),
            Cell(one.target),
            Cell(one.actual, LIGHT.text, True),
            Cell(one.counts),
            Cell(one.verdict, _STATUS.get(one.status, LIGHT.quiet_text), True),
            Cell(one.quarter.removeprefix(_QUARTER), LIGHT.quiet_text),
        )
        for one in minutes.promises
    ]
    deck.table(Box(LEFT, TOP, ROOM, BOTTOM - TOP), columns, rows, 2, "promises")


def _trends(deck: Deck, minutes: Minutes) -> None:
    shown = sorted(minutes.promises, key=lambda one: (one.status != "missed", one.status != "met"))[:_TRENDS]
    whose = "Six promises, the broken ones first" if len(minutes.promises) > _TRENDS else "The promises, the broken ones first"
    deck.slide(f"{whose}, over {len(shown[0].trend)} weeks; dashed: what was promised")
    wide, tall = ROOM / 3, (BOTTOM - TOP) / 2
    for place, one in enumerate(shown):
        x, y = LEFT + place % 3 * wide, TOP + place // 3 * tall
        deck.text(Box(x, y, wide - 16, 17), [Cell(f"{one.title}: {one.actual}, {one.verdict}", LIGHT.text, True)], 12, 1)
        deck.text(Box(x, y + 17, wide - 16, 15), [Cell(f"promised: {one.target}", LIGHT.quiet_text)], 10.5, 1)
        values = [point.value for point in one.trend]
        labels, goals = [point.label for point in one.trend], [point.goal for point in one.trend]
        deck.lines_chart(Box(x, y + 32, wide - 16, tall - 40), labels, values, goals, (one.title, "Promised"), one.is_share,
                         _side_colour(one), svg.alt(one))  # fmt: skip


def _side_colour(one: PromiseLine) -> str:
    return _SIDE.get(one.side, LIGHT.text)


def _changes(deck: Deck, minutes: Minutes) -> None:
    deck.slide(_title(minutes.of_changes, "What changed"))
    _notes(deck, minutes.of_changes, TOP)
    below = TOP + (len(minutes.of_changes.notes[:2]) * 17.5 + 8 if minutes.of_changes.notes else 0)
    if minutes.changes:
        columns = (Column("Figure", 2.4), Column("This week", 1.5, True), Column("A week before", 1.9, True), Column("In a sentence", 5.2))
        rows = [
            (Cell(one.name, LIGHT.text, one.is_told), Cell(one.now, LIGHT.text, one.is_told), Cell(one.before),
             Cell(one.sentence, LIGHT.text if one.is_told else LIGHT.quiet_text))
            for one in sorted(minutes.changes, key=lambda one: not one.is_told)
        ]  # fmt: skip
        deck.table(Box(LEFT, below, ROOM, BOTTOM - below), columns, rows, 3, "figures")


def _leaks(deck: Deck, minutes: Minutes) -> None:
    deck.slide(_title(minutes.of_leaks, "The leaks worth the most"))
    _notes(deck, minutes.of_leaks, TOP)
    below = TOP + (len(minutes.of_leaks.notes[:2]) * 17.5 + 8 if minutes.of_leaks.notes else 0)
    if minutes.leaks:
        columns = (Column("Whose leads", 2.2), Column("Lost", 2.0), Column("How many went on", 3.2), Column("What happened", 3), Column("Side", 1.2),
                   Column("Taken up", 1.6))  # fmt: skip
        rows = [
            (Cell(one.named, LIGHT.text, True), Cell(one.lost, LIGHT.lost, True), Cell(one.rates), Cell(one.cause), Cell(one.side), Cell(one.actions))
            for one in minutes.leaks
        ]
        deck.table(Box(LEFT, below, ROOM, BOTTOM - below), columns, rows, 6, "leaks")


def _calls(deck: Deck, minutes: Minutes) -> None:
    deck.slide(f"{_title(minutes.of_calls, 'Call now')} {_title(minutes.of_rejections, '')}".strip())
    half = ROOM / 2 - 14
    for place, (title, section, counts, colour) in enumerate(
        (
            ("Who waits for a call", minutes.of_calls, minutes.calls, LIGHT.stages["mql"]),
            ("Sent back, by reason", minutes.of_rejections, minutes.rejections, LIGHT.lost),
        )
    ):
        x = LEFT + place * (half + 28)
        deck.text(Box(x, TOP, half, 20), [Cell(title, LIGHT.text, True)], 15, 1)
        deck.text(Box(x, TOP + 22, half, 36), [Cell(line, LIGHT.quiet_text) for line in section.notes[:1]], 12, 2)
        _bars(deck, Box(x, TOP + 62, half, BOTTOM - TOP - 66), counts, title, colour)


def _bars(deck: Deck, box: Box, counts: tuple[Count, ...], title: str, colour: str) -> None:
    shown = [one for one in counts if one.n][:9]
    if not shown:
        deck.text(Box(box.x, box.y, box.width, 20), [Cell("None.", LIGHT.quiet_text)], 13, 1)
        return
    told = f"{title}: {', '.join(f'{one.name} {one.n}' for one in shown)}"
    deck.bar_chart(Box(box.x, box.y, box.width, min(box.height, 30 + 34 * len(shown))), [one.name for one in shown], [one.n for one in shown], title,
                   colour, told)  # fmt: skip


def _actions(deck: Deck, minutes: Minutes) -> None:
    deck.slide(_title(minutes.of_actions, "Actions"))
    _notes(deck, minutes.of_actions, TOP)
    below = TOP + (len(minutes.of_actions.notes[:2]) * 17.5 + 8 if minutes.of_actions.notes else 0)
    if minutes.actions:
        columns = (Column("", 1.5), Column("What", 3.6), Column("Who", 1.4), Column("By", 1.1), Column("About", 1.9), Column("State", 3.4))
        rows = [
            (Cell(title, LIGHT.quiet_text), Cell(one.text, LIGHT.text, True), Cell(one.owner), Cell(one.due), Cell(one.about),
             Cell(became(one), LIGHT.lost if one.state.startswith("overdue") else LIGHT.text))
            for group, title in GROUPS.items()
            for one in minutes.of_group(group)
        ]  # fmt: skip
        deck.table(Box(LEFT, below, ROOM, BOTTOM - below), columns, rows, 4, "actions")


def _close(deck: Deck, minutes: Minutes) -> None:
    actions = "" if minutes.actions else words(minutes.of_actions.headline)
    deck.slide(f"{_title(minutes.of_wins, 'Wins, and what was decided')} {actions}".strip())
    half = ROOM / 2 - 14
    if minutes.wins:
        columns = (Column("Won", 2.6), Column("Amount", 1.2, True), Column("Source", 1.5), Column("Day", 1.1))
        rows = [(Cell(one.company, LIGHT.text, True), Cell(one.amount), Cell(one.source), Cell(one.day)) for one in minutes.wins]
        deck.table(Box(LEFT, TOP, half, BOTTOM - TOP), columns, rows, 2, "won deals")
    x, half = (LEFT + half + 28, half) if minutes.wins else (LEFT, ROOM)
    deck.text(Box(x, TOP, half, 20), [Cell("Decided and noted", LIGHT.text, True)], 15, 1)
    told = [Cell(f"{note.step}: {line}" if place == 0 else line) for note in minutes.notes for place, line in enumerate(lines(note.text))]
    deck.text(Box(x, TOP + 24, half, BOTTOM - TOP - 24), told or [Cell("Nothing was noted.", LIGHT.quiet_text)], 13, 6)
