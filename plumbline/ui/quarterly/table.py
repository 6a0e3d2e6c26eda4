"""What is on the table: what sales sent back against the rules that would have kept it from them, what reps said, the drafts side by side."""

from __future__ import annotations

import polars as pl
import streamlit as st

from plumbline import charts
from plumbline.meeting.quarter import Barring, Draft, Opinion, Quarter, Signed
from plumbline.statistics import MINIMUM_N
from plumbline.ui import filter_bar, panels, text, theme
from plumbline.words import quarter_parts as words


def rejections(told: Quarter) -> None:
    """Rules against what was sent back; which definition's stands in the address."""
    found = told.rejections
    text.chart_title(words.rejections_title(told), "" if found.why_not else "All passes that opened in the quarter; reasons as sales gave them.")
    if found.why_not or not found.rejected + found.accepted:
        return
    if not found.barring:
        text.note("No definition is signed, and no draft is on the table: there is no rule to hold them against.")
        return
    chosen = _chosen(found.barring)
    rows = barring_rows(told, chosen)
    panels.chart(
        charts.rule_catches(rows, mode=theme.mode()),
        f"quarterly.barring.{chosen.number}",
        rows,
        charts.rule_catches_alt(rows),
        title=words.barring_title(chosen, told),
        subtitle="Each rule as it stood when the lead became an MQL, with what was known then. A lead can fail several rules.",
        is_clickable=False,
        headings={
            "rule": "Rule", "caught": "Would have barred of those sent back", "rejected": "Sent back", "lost": "Would have barred of those accepted",
            "accepted": "Accepted and kept", "sqls": "Of these, SQLs", "speaks": "So the rule",
        },
        file="rules against rejections",
    )  # fmt: skip
    if found.rejected < MINIMUM_N:
        text.note("Under 30 were sent back: too few to tell a good rule from luck.")


def _chosen(barring: tuple[Barring, ...]) -> Barring:
    if len(barring) == 1:
        return barring[0]
    names = {words.barring_name(one): one for one in barring}
    return names.get(st.selectbox("Held against", list(names), key="against", bind="query-params", width=420) or "", barring[0])


def barring_rows(told: Quarter, one: Barring) -> pl.DataFrame:
    """rule, caught, rejected, lost, accepted, sqls, speaks: the whole definition first."""
    found = told.rejections
    rows = [(rule.rule, rule.caught, found.rejected, rule.lost, found.accepted, rule.sqls, rule.speaks) for rule in (one.whole, *one.rules)]
    columns = dict.fromkeys(("rule", "caught", "rejected", "lost", "accepted", "sqls", "speaks"), pl.Int64)
    return pl.DataFrame(rows, schema=columns | {"rule": pl.String, "speaks": pl.String}, orient="row")


def opinion(version: Signed) -> None:
    """What reps said of the version that is in force."""
    said = version.opinion
    below = (
        "Asked before it was published; in their own words." if said.n else "Reps are asked while a version is a draft, on the way to its signatures."
    )
    text.chart_title(words.opinion_title(said, f"version {version.number}"), below)
    if said.n:
        st.html(opinion_html(said))


def opinion_html(said: Opinion) -> str:
    """Rule by rule, then on the whole; all texts escaped."""
    shown, parts = text._shown, []
    for rule, told in said.rules:
        lines = "".join(f"<li><bdi>{shown(one.rep)}</bdi>: {shown(one.text)}</li>" for one in told)
        parts.append(f'<div class="pl-said"><h3>{shown(words.rule_name(rule))} <span class="pl-n">{len(told)}</span></h3><ul>{lines}</ul></div>')
    if said.words:
        lines = "".join(
            f"<li><bdi>{shown(one.rep)}</bdi> ({'agrees' if agrees else 'disagrees'}): {shown(one.text)}</li>" for agrees, one in said.words
        )
        parts.append(f'<div class="pl-said"><h3>What is a qualified lead to you?</h3><ul>{lines}</ul></div>')
    return f'<div class="pl-saids">{"".join(parts)}</div>'


def drafts(told: Quarter) -> None:
    """The drafts, each with what it changes and what was simulated."""
    below = "Each against the version in force, with the figures of its own frozen simulation."
    text.chart_title(words.drafts_title(told), below if told.drafts else "")
    if not told.drafts:
        text.note(["Nothing is proposed yet. ", text.Link("Move the bar in the Definition lab", filter_bar.link("definition")), "."])
    for number, name, begins in told.coming:
        text.note(f"Version {number}, “{name}”, is published and in force from {begins.day} {begins:%b %Y} on: its weeks come later.")
    if told.drafts:
        st.html(drafts_html(told.drafts))
        for one in told.drafts:
            if one.opinion.n:
                with st.expander(words.opinion_title(one.opinion, f"draft {one.number}")):
                    st.html(opinion_html(one.opinion))


def drafts_html(drafts: tuple[Draft, ...]) -> str:
    """Side by side; all texts escaped."""
    return f'<div class="pl-drafts">{"".join(_draft(one) for one in drafts)}</div>'


def _draft(one: Draft) -> str:
    shown = text._shown
    figures = "".join(
        f"<dt>{shown(words.FIGURES.get(name, name))}</dt><dd>{shown(words.draft_figure(name, told))}</dd>" for name, told in one.figures.items()
    )
    changes = "".join(
        f"<li>{shown(change.sentence)}" + (f'<span class="pl-n">{shown(effect)}</span>' if effect else "") + "</li>" for change, effect in one.changes
    )
    return (
        f'<section class="pl-draft"><h3>{shown(words.barring_name(one))}</h3><p class="pl-n">{shown(words.draft_note(one))}</p>'
        + (f'<dl class="pl-sums">{figures}</dl>' if figures else "")
        + (f"<ul>{changes}</ul>" if changes else "")
        + "</section>"
    )
