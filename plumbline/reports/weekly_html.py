"""The minutes of a week as one HTML file. The value that they were made from stands in it too, out of sight, to be read back once it is frozen."""

from __future__ import annotations

from html.parser import HTMLParser

from plumbline.colours import LIGHT
from plumbline.errors import InputError
from plumbline.reports import svg
from plumbline.reports.minutes import ActionLine, Minutes, PromiseLine, Section, from_json, to_json
from plumbline.reports.page import FROZEN, page, paragraphs, runs, table
from plumbline.reports.texts import escaped, lines

PLACE = "<!-- moved since -->"  # where the one line stands that says how far the numbers have moved
SIDES = {"both": "Both sides", "marketing": "Marketing", "sales": "Sales"}
GROUPS = {"new": "New", "carried": "Carried over", "settled": "Done or dropped"}
_CSS = {"met": "kept", "missed": "missed"}


def weekly_html(minutes: Minutes) -> bytes:
    """The file."""
    sections = (_promises, _changes, _leaks, _calls, _rejections, _wins, _actions, _notes)
    body = _head(minutes) + PLACE + "<main>" + "".join(section(minutes) for section in sections) + "</main>" + _foot(minutes)
    return page(f"Weekly review {minutes.week}, {minutes.days} · Plumbline", body, to_json(minutes)).encode()


def with_line(frozen: bytes, line: str) -> bytes:
    """Minutes as they were frozen, with one line on what came since; as they are where there is none."""
    told = f'<p class="moved" role="note" dir="auto">{escaped(line)}</p>'
    return frozen.replace(PLACE.encode(), told.encode(), 1) if line else frozen


def minutes_of(frozen: bytes) -> Minutes:
    """The value that minutes were made from. Raises InputError for what weekly_html did not write."""
    reader = _Reader()
    try:
        reader.feed(frozen.decode())
        return from_json(reader.told)
    except (ValueError, RecursionError):
        raise InputError("the frozen minutes cannot be read", "the store", "run: python -m plumbline check") from None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.told = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.told = dict(attrs).get(FROZEN) or ""


def _head(minutes: Minutes) -> str:
    sample = '<span class="tag">Sample data</span>' if minutes.is_sample else ""
    return (
        f'<header><div class="over"><span>Weekly review · {escaped(minutes.days)} ({escaped(minutes.week)})</span>'
        f"<span>Plumbline {sample}</span></div><h1>{runs(minutes.verdict)}</h1>{paragraphs(minutes.held)}</header>"
    )


def _foot(minutes: Minutes) -> str:
    return f"<footer>{paragraphs([*minutes.not_recorded, *minutes.behind])}</footer>"


def _opening(title: str, section: Section) -> str:
    lead = f'<p class="lead">{runs(section.headline)}</p>' if section.headline else ""
    return f"<section><h2>{escaped(title)}</h2>{lead}{paragraphs(section.notes)}"


def _promises(minutes: Minutes) -> str:
    both = _side(minutes, "both") if minutes.of_side("both") else ""
    sides = "".join(_side(minutes, side) for side in ("marketing", "sales")) if minutes.promises else ""
    key = (
        '<p class="quiet">The bars are the eight weeks to this one. Teal: kept. Rust with a mark under it: broken. Hollow: too few or too early '
        "to say. Dashed: what was promised.</p>"
    )
    drawn = f'{both}<div class="sides">{sides}</div>{key}' if minutes.promises else ""
    return f"{_opening('What both sides promised', minutes.of_promises)}{drawn}</section>"


def _side(minutes: Minutes, side: str) -> str:
    rows = "".join(_promise(one) for one in minutes.of_side(side)) or '<p class="quiet">Nothing is promised.</p>'
    return f'<div class="side side-{side}"><h3 class="{side}">{SIDES[side]}</h3>{rows}</div>'


def _promise(one: PromiseLine) -> str:
    told = f'<span class="verdict {_CSS.get(one.status, "open")}">{escaped(one.verdict)}</span>'
    of = f' <span class="line whole">{escaped(one.counts)}</span>' if one.counts else ""
    under = f'<div class="line" dir="auto">{escaped(one.quarter)}</div>' if one.quarter else ""
    return (
        f'<div class="promise"><div><div class="name">{escaped(one.title)}</div><div class="line" title="{escaped(one.sentence)}">'
        f'promised: {escaped(one.target)}</div><div><span class="figure">{escaped(one.actual)}</span>{told}{of}</div>{under}</div>'
        f"<div>{svg.trend(one)}</div></div>"
    )


def _changes(minutes: Minutes) -> str:
    told = [one for one in minutes.changes if one.is_told]
    quiet = [one for one in minutes.changes if not one.is_told]
    loud = "".join(f'<p dir="auto">{escaped(one.sentence)}</p>' for one in told)
    return f"{_opening('What changed', minutes.of_changes)}{loud}{paragraphs([one.sentence for one in quiet])}</section>"


def _leaks(minutes: Minutes) -> str:
    rows = "".join(
        f'<li><div><div class="named" dir="auto">{escaped(one.named)}</div><div dir="auto">{escaped(one.rates)}</div>'
        f"{paragraphs([one.cause, one.actions])}</div>"
        f'<div class="lost">{escaped(one.lost)}<div class="quiet">{escaped(one.side)}</div></div></li>'
        for one in minutes.leaks
    )
    drawn = f'<ol class="leaks">{rows}</ol>' if rows else ""
    return f"{_opening('The leaks worth the most', minutes.of_leaks)}{drawn}</section>"


def _calls(minutes: Minutes) -> str:
    return f"{_opening('Call now', minutes.of_calls)}{svg.bars(minutes.calls, LIGHT.stages['mql'])}</section>"


def _rejections(minutes: Minutes) -> str:
    return f"{_opening('Sent back', minutes.of_rejections)}{svg.bars(minutes.rejections, LIGHT.lost, 12)}</section>"


def _wins(minutes: Minutes) -> str:
    rows = [(one.company, one.amount, one.source, one.rep, one.day) for one in minutes.wins]
    drawn = table(("Won", "Amount", "Source", "Rep", "Day"), rows, numbers=(1,)) if rows else ""
    return f"{_opening('Wins', minutes.of_wins)}{drawn}</section>"


def _actions(minutes: Minutes) -> str:
    drawn = ""
    for group, title in GROUPS.items():
        found = minutes.of_group(group)
        if found:
            drawn += table(("What", "Who", "By", "About", "State"), [_action(one) for one in found], title)
    return f"{_opening('Actions', minutes.of_actions)}{drawn}</section>"


def _action(one: ActionLine) -> tuple[str, ...]:
    return one.text, one.owner, one.due, one.about, became(one)


def _notes(minutes: Minutes) -> str:
    if not minutes.notes:
        return ""
    told = ""
    for note in minutes.notes:
        written = "".join(f'<p dir="auto">{escaped(line)}</p>' for line in lines(note.text))
        told += f"<blockquote><cite>{escaped(note.step)}</cite>{written}</blockquote>"
    return f"<section><h2>What was decided and noted</h2>{told}</section>"


def became(one: ActionLine) -> str:
    """What became of an action, and whether it helped: 'done on 2 Nov 2026. Too early to say'."""
    return ". ".join(part.rstrip(".") for part in (one.state, one.note, one.helped) if part)
