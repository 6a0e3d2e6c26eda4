"""The ranked leaks as rows of a page: what, since when, how many, what it costs, whose side. One click opens a closer look."""

from __future__ import annotations

import streamlit as st

from plumbline import wording
from plumbline.leaks.ranked import SURE
from plumbline.leaks.ranking import Leak
from plumbline.ui import on_record, text
from plumbline.ui.leaks import words
from plumbline.ui.leaks.ground import Scene


def show(scene: Scene, opened: Leak | None) -> None:
    """The list; `opened`: the leak that is looked at below."""
    found = scene.found
    rows = []
    for place, leak in enumerate(found.leaks, start=1):
        cause = words.causes(found, leak)
        rows.append(_row(scene, leak, place, cause, leak == opened))
    text.chart_title(
        f"{wording.words(wording.plural(len(found.leaks), 'leak'))}, by what {'it costs' if len(found.leaks) == 1 else 'they cost'}"
        + ("" if all(leak.q <= SURE for leak in found.leaks) or len(found.leaks) == 1 else "; the surest first"),
        f"{_held_against(scene)} The bar is the share that went on, the mark on it the share that was to be expected.",
    )
    st.html(f'<div class="pl-leaks" role="list">{"".join(rows)}</div>')


def _held_against(scene: Scene) -> str:
    if on_record.is_one_instant() or (scene.filters.since and not words.has_year_before(scene)):
        return "Each segment against all other leads."
    if scene.filters.since:
        return "Each segment against its own four quarters before, at today's mix of leads; where it has too few of its own, against all others."
    lately = ", and lately against its own past" if any(leak.start for leak in scene.found.leaks) else ""
    return f"Each segment against all other leads{lately}. With a period chosen, each is held against its own past only."


def _row(scene: Scene, leak: Leak, place: int, cause: str, is_open: bool) -> str:
    found = scene.found
    name, meaning = words.SIDES[found.side(leak)]
    value = found.worth.of_leads(leak.step, leak.lost)[2]
    since = words.began(leak)
    told = wording.words(cause) if cause else "No one way of leaking stands out"
    below = f"{told}{', ' + since if since else ''}.{words.of_today(scene, leak)}"
    link = text._part(text.Link(words.named(scene, leak), scene.href(leak)))
    worth = wording.money(value, words.currency()) if value is not None else wording.ABSENT
    hue = {"fit": "pl-marketing", "follow-up": "pl-sales"}.get(found.side(leak), "")
    rates = text._shown(words.rates(leak, scene.steps))
    track = f'<span style="width:{leak.k / leak.n:.1%}"></span><i style="left:{leak.expected:.1%}"></i>'
    return (
        f'<div class="pl-leak{" pl-open" if is_open else ""}" role="listitem"><div class="pl-place">{place}</div>'
        f'<div class="pl-what"><div class="pl-name">{link}</div><div>{text._shown(below)}</div>'
        f'<div class="pl-track" title="{rates}">{track}</div><div class="pl-n">{rates}</div></div>'
        f'<div class="pl-cost"><strong>{wording.count(leak.lost)}</strong><div class="pl-n">{scene.steps.reached(leak.step)} lost</div></div>'
        f'<div class="pl-cost"><strong>{text._shown(worth)}</strong><div class="pl-n">value</div></div>'
        f'<div class="pl-side {hue}" title="{text._shown(meaning)}">{text._shown(name)}</div></div>'
    )
