"""What each step of the meeting shows, as HTML of ours: everything escaped, from the value that the minutes are made of."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline import wording
from plumbline.colours import Mode, palette
from plumbline.reports import svg
from plumbline.reports.minutes import ActionLine, Count, Minutes, PromiseLine, Run
from plumbline.reports.page import runs
from plumbline.reports.texts import escaped, lines
from plumbline.reports.weekly_html import GROUPS, SIDES, became

_CSS = {"met": "pl-m-kept", "missed": "pl-m-missed"}


def step_html(key: str, minutes: Minutes, mode: Mode = "light") -> str:
    """The step by its key (plumbline/meeting/agenda)."""
    drawn = {"promises": _promises, "changes": _changes, "leaks": _leaks, "calls": _calls, "actions": _actions, "close": _close}[key]
    return f'<div class="pl-m-step">{drawn(minutes, mode)}</div>'


def _head(told: Sequence[Run], notes: Sequence[str] = ()) -> str:
    return f'<h1 class="pl-m-head">{runs(told)}</h1>' + _quiet(notes)


def _quiet(told: Sequence[str]) -> str:
    return "".join(f'<p class="pl-m-ask" dir="auto">{escaped(line)}</p>' for line in told if line)


def _promises(minutes: Minutes, mode: Mode) -> str:
    both = _side(minutes, "both", mode) if minutes.of_side("both") else ""
    sides = "".join(_side(minutes, side, mode) for side in ("marketing", "sales")) if minutes.promises else ""
    return _head(minutes.verdict, minutes.of_promises.notes) + both + f'<div class="pl-m-sides">{sides}</div>'


def _side(minutes: Minutes, side: str, mode: Mode) -> str:
    rows = "".join(_promise(one, mode) for one in minutes.of_side(side)) or _quiet(["Nothing is promised."])
    return f'<div class="pl-m-side pl-m-{side}"><h3>{SIDES[side]}</h3>{rows}</div>'


def _promise(one: PromiseLine, mode: Mode) -> str:
    return (
        f'<div class="pl-m-promise"><div><div class="pl-m-name">{escaped(one.title)}</div><div class="pl-m-small">{escaped(one.target)}</div>'
        f'<span class="pl-m-value">{escaped(one.actual)}</span><span class="pl-m-verdict {_CSS.get(one.status, "")}">{escaped(one.verdict)}</span> '
        f'<span class="pl-m-small pl-m-whole">{escaped(one.counts)}</span></div><div>{svg.trend_image(one, palette(mode))}</div></div>'
    )


def _changes(minutes: Minutes, mode: Mode) -> str:
    loud = "".join(f'<p class="pl-m-line" dir="auto">{escaped(one.sentence)}</p>' for one in minutes.changes if one.is_told)
    return _head(minutes.of_changes.headline, minutes.of_changes.notes) + loud + _quiet([one.sentence for one in minutes.changes if not one.is_told])


def _leaks(minutes: Minutes, mode: Mode) -> str:
    rows = "".join(
        f'<div class="pl-m-leak"><div class="pl-m-place">{place}</div><div><div class="pl-m-name" dir="auto">{escaped(one.named)}</div>'
        f'<div class="pl-m-line" dir="auto">{escaped(one.rates)}</div>{_quiet([one.cause, one.actions])}</div>'
        f'<div class="pl-m-lost">{escaped(one.lost)}<div class="pl-m-small">{escaped(one.side)}</div></div></div>'
        for place, one in enumerate(minutes.leaks, 1)
    )
    return _head(minutes.of_leaks.headline, minutes.of_leaks.notes) + rows


def _calls(minutes: Minutes, mode: Mode) -> str:
    colours = palette(mode)
    return (
        f'<div class="pl-m-sides"><div>{_head(minutes.of_calls.headline, minutes.of_calls.notes)}{_bars(minutes.calls, colours.stages["mql"])}</div>'
        f"<div>{_head(minutes.of_rejections.headline, minutes.of_rejections.notes)}{_bars(minutes.rejections, colours.lost)}</div></div>"
    )


def _bars(counts: Sequence[Count], colour: str) -> str:
    shown = [one for one in counts if one.n][:9]
    top = max((one.n for one in shown), default=1)
    rows = "".join(
        f'<tr><th scope="row" dir="auto">{escaped(one.name)}</th><td class="pl-m-num">{wording.count(one.n)}</td>'
        f'<td style="width: 40%"><span class="pl-m-bar" style="width: {one.n / top:.1%}; background: {colour}"></span></td>'
        f'<td class="pl-m-small">{escaped(one.before)}</td></tr>'
        for one in shown
    )
    return f'<table class="pl-m-table">{rows}</table>' if rows else ""


def _actions(minutes: Minutes, mode: Mode) -> str:
    return _head(minutes.of_actions.headline, minutes.of_actions.notes) + "".join(
        actions_html(title, minutes.of_group(group)) for group, title in GROUPS.items()
    )


def actions_html(title: str, found: Sequence[ActionLine]) -> str:
    """A table of actions; '' where there is none."""
    rows = "".join(
        f'<tr><td dir="auto">{escaped(one.text)}</td><td dir="auto">{escaped(one.owner)}</td><td class="pl-m-day">{escaped(one.due)}</td>'
        f'<td dir="auto">{escaped(became(one))}</td></tr>'
        for one in found
    )
    head = f'<tr><th scope="col">{escaped(title)}</th><th scope="col">Who</th><th scope="col">By</th><th scope="col">State</th></tr>'
    return f'<table class="pl-m-table"><thead>{head}</thead><tbody>{rows}</tbody></table>' if rows else ""


def _close(minutes: Minutes, mode: Mode) -> str:
    won = "".join(
        f'<tr><td dir="auto">{escaped(one.company)}</td><td class="pl-m-num">{escaped(one.amount)}</td><td dir="auto">{escaped(one.source)}</td>'
        f'<td dir="auto">{escaped(one.rep)}</td><td class="pl-m-day">{escaped(one.day)}</td></tr>'
        for one in minutes.wins[:8]
    )
    more = _quiet([f"and {len(minutes.wins) - 8} more"]) if len(minutes.wins) > 8 else ""
    notes = "".join(
        f'<div class="pl-m-note"><span class="pl-m-small">{escaped(note.step)}</span>'
        + "".join(f'<div dir="auto">{escaped(line)}</div>' for line in lines(note.text))
        + "</div>"
        for note in minutes.notes
    )
    decided = f'<p class="pl-m-name">What we noted</p>{notes}' if notes else _quiet(["Nothing has been noted yet."])
    table = f'<table class="pl-m-table"><tbody>{won}</tbody></table>{more}' if won else ""
    return _head(minutes.of_wins.headline, minutes.of_wins.notes) + table + decided + actions_html("New actions", minutes.of_group("new"))
