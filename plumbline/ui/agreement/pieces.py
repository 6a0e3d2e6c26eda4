"""The HTML of the Agreement screen: an agreement as a page to read, versions as a line in time, the steps of a draft. Pure; all is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plumbline.agreement.words import Told
from plumbline.ui import text
from plumbline.words.parts import Bold, Part

_FIGURE = re.compile(
    r"\d[\d,.]*(?: (?:%|minutes?|hours?|days?|qualified leads?|open leads?|calls?|emails?|times?))(?: of working time)?|\bevery lead\b|\bonce\b"
)
_TITLES = {"marketing": "Marketing promises", "sales": "Sales promises", "both": "Both sides promise"}
_FRAME = ("effective", "review")
_DEFINITIONS = {"qualified": "A qualified lead", "never": "A qualified lead", "accepted": "At acceptance", "sales_qualified": "At SQL"}


def emphasised(sentence: str) -> list[Part]:
    """A promise with its figures set apart."""
    parts: list[Part] = []
    at = 0
    for found in _FIGURE.finditer(sentence):
        parts += [sentence[at : found.start()], Bold(found.group(0).rstrip(",."))]
        at = found.start() + len(found.group(0).rstrip(",."))
    return [part for part in [*parts, sentence[at:]] if part]


def document_html(lines: Sequence[Told], skip: Sequence[str] = ()) -> str:
    """The whole agreement: the definition over the width, then both sides' promises, then marketing's beside sales'. skip: kinds left out."""
    lines = [line for line in lines if line.kind not in skip]
    parts: dict[str, list[Told]] = {}
    for line in lines:
        if line.kind in _DEFINITIONS:
            parts.setdefault(_DEFINITIONS[line.kind], []).append(line)
    frame = [line for line in lines if line.kind in _FRAME]
    html = "".join(f'<p class="pl-text">{text._shown(line.sentence)}</p>' for line in frame)
    html += "".join(_section(title, of_part, "", is_figures=False) for title, of_part in parts.items())
    promises = [line for line in lines if line.kind not in _DEFINITIONS and line.kind not in _FRAME]
    if both := [line for line in promises if line.side == "both"]:
        html += _section(_TITLES["both"], both, "")
    sides = "".join(
        _section(_TITLES[side], [line for line in promises if line.side == side], f"pl-{side}", "Nothing.") for side in ("marketing", "sales")
    )
    return f'<div class="pl-agreement">{html}<div class="pl-sides">{sides}</div></div>'


def _section(title: str, lines: Sequence[Told], hue: str, nothing: str = "", *, is_figures: bool = True) -> str:
    rows = []
    for place, line in enumerate(lines):
        is_last_of_kind = place + 1 == len(lines) or lines[place + 1].measured != line.measured
        measured = f'<div class="pl-measured">{text._shown(_capital(line.measured))}.</div>' if is_last_of_kind else ""
        said = text._parts(emphasised(line.sentence)) if is_figures else text._shown(line.sentence)
        rows.append(f"<li>{said}{measured}</li>")
    told = "".join(rows) or f"<li>{text._shown(nothing)}</li>"
    return f'<section class="pl-side-of"><h2 class="pl-sub {hue}">{text._shown(title)}</h2><ul>{told}</ul></section>'


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Stop:
    """One version on the line: `href` opens it; `state` in words; `who`: who signed, or wrote it; is_now: in force; is_open: may still be signed."""

    number: int
    name: str
    href: str
    state: str
    when: str
    who: str
    is_now: bool = False
    is_open: bool = False
    is_chosen: bool = False


def timeline_html(stops: Sequence[Stop]) -> str:
    """Versions, the latest first, each a link."""
    rows = []
    for stop in stops:
        hues = " ".join(name for name, on in (("pl-now", stop.is_now), ("pl-open", stop.is_open), ("pl-chosen", stop.is_chosen)) if on)
        link = text._part(text.Link(stop.name, stop.href))
        rows.append(
            f'<div class="pl-stop {hues}" role="listitem"><div class="pl-place">{stop.number}</div><div class="pl-dot" aria-hidden="true"></div>'
            f'<div><div class="pl-name">{link}</div><div class="pl-n">{text._shown(stop.who)}</div></div>'
            f'<div class="pl-state">{text._shown(stop.state)}</div><div class="pl-when">{text._shown(stop.when)}</div></div>'
        )
    return f'<div class="pl-line-of" role="list">{"".join(rows)}</div>'


@dataclass(frozen=True)
class Step:
    """One step on the way of a draft. `under`: who and when; side: marketing or sales, for the hue."""

    label: str
    value: str
    under: str = ""
    is_done: bool = False
    side: str = ""


def steps_html(steps: Sequence[Step]) -> str:
    """Simulated, signed, signed, published: what is done and what is missing, side by side."""
    cells = "".join(
        f'<div class="pl-step{" pl-done" if step.is_done else ""}" role="listitem">'
        f'<div class="pl-label{f" pl-{step.side}" if step.side else ""}">{text._shown(step.label)}</div>'
        f'<div class="pl-what">{text._shown(step.value)}</div><div class="pl-n">{text._shown(step.under) or "&nbsp;"}</div></div>'
        for step in steps
    )
    return f'<div class="pl-steps" role="list">{cells}</div>'


def changes_html(changes: Sequence[tuple[str, str]]) -> str:
    """What changes, each with what it does beside it."""
    rows = ""
    for change, effect in changes:
        does = f'<div class="pl-measured">{text._shown(effect)}</div>' if effect else ""
        rows += f"<li>{text._shown(change)}{does}</li>"
    return f'<ul class="pl-changes">{rows}</ul>'


def list_html(lines: Sequence[Part | Sequence[Part]]) -> str:
    """Sentences one below the other."""
    return f'<ul class="pl-told">{"".join(f"<li>{text._parts(line)}</li>" for line in lines)}</ul>'


@dataclass(frozen=True)
class Proposed:
    """One row of a proposal: whose promise it is, what it says, and its figure beside what was kept and what good teams promise."""

    who: str
    side: str
    title: str
    sentence: str
    wanted: str
    kept: str
    kept_in: str
    good: str


def proposal_html(rows: Sequence[Proposed]) -> str:
    """The rows under each side's name, as a table."""
    html, last = "", ""
    for row in rows:
        if row.side != last:
            html += f'<tr class="pl-group"><th colspan="4" scope="rowgroup" class="pl-{row.side}">{text._shown(row.who)}</th></tr>'
            last = row.side
        html += (
            f'<tr><th scope="row"><strong>{text._shown(row.title)}</strong><span class="pl-one pl-n">{text._shown(row.sentence)}</span></th>'
            f"<td>{text._shown(row.kept)}<span class='pl-one pl-n'>{text._shown(row.kept_in)}</span></td>"
            f"<td><strong>{text._shown(row.wanted)}</strong></td><td>{text._shown(row.good)}</td></tr>"
        )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Promise", "Kept", "Proposed", "Good teams"))
    return f'<div class="pl-ladder pl-proposed"><table><thead><tr>{heads}</tr></thead><tbody>{html}</tbody></table></div>'
