"""The rest of the page: what changed, who waits for a call, what sales sent back and why, what was won."""

from __future__ import annotations

import streamlit as st

from plumbline import wording
from plumbline.meeting.changes import WEEKS
from plumbline.meeting.week import Week, Win
from plumbline.ui import call_words, filter_bar, on_record, text, waiting
from plumbline.ui.lab import desk
from plumbline.ui.weekly.ground import Scene
from plumbline.words import changes as change_words
from plumbline.words import weekly as words
from plumbline.words.reasons import REASONS

_WON = 6  # wins that are named


def changes(week: Week) -> None:
    """Each figure beside the mean of the eight weeks before; those beyond chance first, with what most of it comes from."""
    if not week.changes:
        return
    text.chart_title("What changed", f"{change_words.headline(week.changes)}: the week beside the mean of the eight weeks before it.")
    told = sorted(week.changes, key=lambda one: not one.is_told)
    rows = []
    for one in told:
        now, before = change_words.figures(one)
        name, reading = change_words.name(one), change_words.reading(one)
        look = "" if one.is_told else ' class="pl-thin"'
        rows.append(
            f'<tr><th scope="row">{text._shown(name)}</th><td><strong>{text._shown(now)}</strong></td><td>{text._shown(before)}</td>'
            f"<td{look}>{text._shown(reading[:1].upper() + reading[1:])}</td></tr>"
        )
    head = "".join(f'<th scope="col">{one}</th>' for one in ("", "This week", "Before", "What it is"))
    st.html(f'<div class="pl-ladder pl-changes"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>')


def calls(scene: Scene) -> None:
    """Who waits for a call as the data end, each number a way into the call list."""
    found = scene.week.calls
    text.chart_title("Call now", words.call_now(scene.week))
    if found.counts is not None and sum(found.counts.values()):
        parts = call_words.strip(found.counts, found.has_signs, lambda part: _call_list(scene, part), on_record.has("answers"))
        text.figure_strip(parts if found.has_signs else parts[1:])
        text.note(words.call_terms(scene.week, scene.hot_by.name if scene.hot_by is not None else ""))


def _call_list(scene: Scene, part: str) -> str:
    found = scene.week.calls
    told = waiting.in_address(waiting.Promise(found.calls, found.emails, found.days))
    draft = desk.packed(scene.hot_by) if scene.hot_by is not None else ""
    return filter_bar.link("leads", view="call", due=part, **told, **({"draft": draft} if draft else {}))


def _not_told(week: Week, why: str) -> None:
    """A line in place of a part; nothing where it stands under the verdict already."""
    if f"{why}." not in week.not_recorded:
        text.note(f"{why}.")


def rejections(week: Week) -> None:
    """By reason, the commonest first, beside the usual number of a week."""
    found = week.rejections
    if found.why_not:
        _not_told(week, found.why_not)
        return
    text.chart_title("Sent back by sales", words.rejections(week))
    shown = [one for one in found.reasons if one.n]
    if not shown:
        return
    most = max(one.n for one in shown)
    rows = "".join(
        f'<tr><th scope="row">{text._shown(REASONS.get(one.reason, wording.words(one.reason)))}</th>'
        f'<td><strong>{wording.count(one.n)}</strong></td><td class="pl-barred"><span style="width:{100 * one.n / most:.0f}%"></span></td>'
        f"<td>{wording.decimal(one.n_before / WEEKS)}</td></tr>"
        for one in shown
    )
    head = '<th scope="col">Reason</th><th scope="col">Leads</th><th></th><th scope="col">Usual week</th>'
    st.html(f'<div class="pl-ladder pl-reasons"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>')


def wins(week: Week) -> None:
    """Who was won, the largest first."""
    found = week.wins
    if found.why_not:
        _not_told(week, found.why_not)
        return
    text.chart_title("Wins of the week", words.wins(week))
    if not found.won:
        return
    rows = "".join(_won(one, week.currency) for one in found.won[:_WON])
    head = "".join(f'<th scope="col">{one}</th>' for one in ("Lead", "Source", "Rep", "Worth"))
    st.html(f'<div class="pl-ladder pl-wins"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>')
    if len(found.won) > _WON:
        text.note(f"And {wording.count(len(found.won) - _WON)} more.")


def _won(one: Win, currency: str) -> str:
    lead = text._part(text.Link(wording.shortened(one.company or one.lead_id, 40), filter_bar.link("leads", lead=one.lead_id)))
    source, rep = (text._shown(wording.shortened(told, 28) or wording.ABSENT) for told in (one.source, one.rep))
    worth = text._shown(wording.money(one.amount, currency))
    return f'<tr><th scope="row">{lead}</th><td>{source}</td><td>{rep}</td><td><strong>{worth}</strong></td></tr>'
