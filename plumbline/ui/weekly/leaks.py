"""The leaks worth the most: what, what it costs, whose side, and a way to make each an action."""

from __future__ import annotations

import streamlit as st

from plumbline import wording
from plumbline.filters import Filters
from plumbline.meeting import weekly
from plumbline.meeting.week import LeakOfWeek
from plumbline.ui import filter_bar, on_record, text, waiting
from plumbline.ui.weekly import actions
from plumbline.ui.weekly.ground import Scene
from plumbline.words import actions as action_words
from plumbline.words import weekly as words

_HUES = {"fit": "pl-marketing", "follow-up": "pl-sales"}


def show(scene: Scene) -> None:
    """The list; where there is no leak, why."""
    text.chart_title("What leaks most", words.leaks_of(scene.week))
    for place, one in enumerate(scene.week.leaks.shown, start=1):
        with st.container(key=f"leak_{place}", gap=None):
            st.html(row_html(scene, one, place))
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"ways_of_leak_{place}"):
                actions.opener(scene, "leak", one.key, one.open_actions)
        actions.form(scene, "leak", one.key, action_words.action_about_leak(one))


def href(scene: Scene, one: LeakOfWeek) -> str:
    """The leak on the Leaks screen, in the very period in which it was found."""
    filters = Filters() if on_record.is_one_instant() else weekly.leak_filters(scene.its)
    told = waiting.in_address(weekly.touches_promised(scene.week.agreed))
    if filters.since is None:
        return filter_bar.link("leaks", period="all", leak=one.key, **told)
    return filter_bar.link_to("leaks", filters, leak=one.key, **told) or filter_bar.link("leaks")


def row_html(scene: Scene, one: LeakOfWeek, place: int) -> str:
    """One leak as a row of the page, as on the Leaks screen."""
    name, meaning = words.side(one)
    worth = wording.money(one.value, scene.week.currency) if one.value is not None else wording.ABSENT
    n, _, what = one.lost.partition(" ")
    cause = f"{one.cause[:1].upper()}{one.cause[1:]}." if one.cause else "No one way of leaking stands out."
    return (
        f'<div class="pl-leak" role="listitem"><div class="pl-place">{place}</div>'
        f'<div class="pl-what"><div class="pl-name">{text._part(text.Link(one.named, href(scene, one)))}</div>'
        f'<div>{text._shown(cause)}</div><div class="pl-n">{text._shown(one.rates)}</div></div>'
        f'<div class="pl-cost"><strong>{text._shown(n)}</strong><div class="pl-n">{text._shown(what)}</div></div>'
        f'<div class="pl-cost"><strong>{text._shown(worth)}</strong><div class="pl-n">value</div></div>'
        f'<div class="pl-side {_HUES.get(one.side, "")}" title="{text._shown(meaning)}">{text._shown(name)}</div></div>'
    )
