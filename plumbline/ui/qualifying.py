"""In one lead's story: would it have qualified, when, and by which of the rules."""

from __future__ import annotations

from datetime import datetime, tzinfo

import numpy as np
import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.clock import time_zone
from plumbline.definition import Definition
from plumbline.definition.kinds import points_sentence, said, sentence
from plumbline.definition.model import ActivityRule, Points
from plumbline.replay import why
from plumbline.replay.explain import Story, explain
from plumbline.replay.states import PARTS, Found, State
from plumbline.ui import data, filter_bar, judged_by, panels, text, theme
from plumbline.ui.lab import desk

_PART_NAMES = dict(zip(PARTS, ("On record", "Who it is", "What it did", "Counts among", "Points", "Never, while"), strict=True))


def show(lead_no: int, opened: list[datetime]) -> None:
    """The section for one lead; `opened`: when it was handed over. Without a draft it is one quiet switch."""
    text.subheading("Would it have qualified?")
    if desk.at_hand() is None and not st.toggle("Judge it by a definition", key="story.judge"):
        return
    definition = judged_by.choose("Judged by", is_needed=False)
    if definition is None:
        judged_by.note_nothing_offered()
        return
    facts = desk.stage().facts
    zone = time_zone(data.history().about.time_zone)
    story = explain(definition, facts, int(np.searchsorted(facts.events.lead_no, lead_no)))
    text.paragraph(_sentence(story, opened, zone))
    threshold, unit = (story.end.conditions[1], "conditions") if definition.threshold is None else (definition.threshold, "points")
    line, acts = _line(story), _acts(story)
    decided = None if story.decided is None else why.moment(story.decided.at, time_zone("UTC")).replace(tzinfo=None)
    panels.chart(
        charts.score_steps(line, acts, threshold=threshold, decided=decided, unit=unit, mode=theme.mode(), zone=str(zone)),
        "story.score",
        _acts_table(acts, unit, str(zone)),
        charts.score_steps_alt(line, acts, threshold, decided, unit),
        title=_title(story, zone),
        subtitle=_subtitle(definition, unit, str(zone)),
        is_clickable=False,
    )
    told = story.decided or story.end
    text.subheading(f"Each rule's part on {wording.day(why.moment(told.at, zone))}{'' if story.decided else ', the end of the data'}")
    _table(told, zone)
    for note in desk.notes(definition, definition.name or "the draft"):
        text.note(note)
    if token := desk.packed(definition):
        text.note(text.Link("Open this definition in the lab", filter_bar.link("definition", draft=token)))


def _sentence(story: Story, opened: list[datetime], zone: tzinfo) -> list[text.Part]:
    """'Qualified on 14 Mar 2026, 62 points against 60: demo request (25), webinar (20), seniority vp (15).'"""
    if (state := story.decided) is None:
        return _never(story, zone)
    parts: list[text.Part] = [text.Bold(f"Qualified on {wording.day(why.moment(state.at, zone))}")]
    if state.score is None:
        parts.append(f": {_lower(why.why(state))}")
    else:
        told = why.points_in_words(state)
        parts.append(f", {why.score_in_words(state)}{': ' + told if told else ''}.")
    at = why.moment(state.at, time_zone("UTC")).replace(tzinfo=None)
    if not opened:
        return [*parts, " It was never handed over."]
    seconds = (opened[0] - at).total_seconds()
    when = "at that very moment" if abs(seconds) < 60 else f"{wording.duration(abs(seconds))} {'later' if seconds > 0 else 'sooner'}"
    return [*parts, f" It was handed over {when}."]


def _never(story: Story, zone: tzinfo) -> list[text.Part]:
    end, nearest = story.end, story.closest
    parts: list[text.Part] = [text.Bold("Never qualified"), "."]
    if nearest is not None and nearest.at != end.at and (nearest.conditions != end.conditions or (nearest.score or 0) > (end.score or 0) + 0.5):
        parts.append(f" Nearest on {wording.day(why.moment(nearest.at, zone))}: {_lower(why.lacking(nearest))}")
    lacking = why.lacking(end)
    return [
        *parts,
        f" At the end of the data: {_lower(lacking)}" if lacking else " At the end of the data all is there: the next thing known decides.",
    ]


def _lower(line: str) -> str:
    return f"{line[:1].lower()}{line[1:]}"


def _title(story: Story, zone: tzinfo) -> str:
    if story.decided:
        seconds = (story.decided.at - story.rows.created) / 1e6
        return f"It qualified {wording.duration(seconds)} after it was created" if seconds >= 60 else "It qualified the moment it was created"
    if story.definition.threshold is not None and story.states:
        most = max(story.states, key=lambda one: one.score or 0.0)
        if not most.short:
            return f"It had the points on {wording.day(why.moment(most.at, zone))}, but not all else that is asked"
        return f"It never came nearer than {wording.decimal(most.short)} points"
    return "What is asked was never there at once"


def _subtitle(definition: Definition, unit: str, zone: str) -> str:
    if unit == "conditions":
        return f"How many of the conditions held, by time, in {zone}. A dot is something that became known; only then is a lead judged."
    fading = f" Points of acts fade by half in {wording.decimal(definition.half_life_days)} days." if definition.half_life_days else ""
    return f"Score by time, in {zone}. A dot is something that became known; only then is a lead judged.{fading}"


def _line(story: Story) -> pl.DataFrame:
    curve = story.curve()
    has_gates = any(one.asked.part != "points" for one in story.end.found) and story.definition.threshold is not None
    return pl.DataFrame(
        {
            "at": pl.Series([one.at for one in curve], dtype=pl.Int64).cast(pl.Datetime("us")),
            "score": pl.Series([_height(one) for one in curve], dtype=pl.Float64),
            "holds": pl.Series([one.gates_hold if has_gates else None for one in curve], dtype=pl.Boolean),
        }
    )


def _height(state: State) -> float:
    return float(state.conditions[0]) if state.score is None else state.score


def _acts(story: Story) -> pl.DataFrame:
    """What became known and counts, instant by instant."""
    rows = []
    for state in story.states:
        before = story.at(state.at - 1) if state.at > story.rows.created else None
        names = _news(story, state, before)
        if names:
            rows.append((state.at, _height(state), _height(state) - (_height(before) if before else 0.0), ", ".join(names)))
    schema = {"at": pl.Int64, "score": pl.Float64, "rise": pl.Float64, "said": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("at").cast(pl.Datetime("us")))


def _acts_table(acts: pl.DataFrame, unit: str, zone: str) -> pl.DataFrame:
    when = pl.col("at").dt.replace_time_zone("UTC").dt.convert_time_zone(zone).alias("When")
    return acts.select(
        when, pl.col("said").alias("What became known"), pl.col("rise").alias(f"Change in {unit}"), pl.col("score").alias(wording.words(unit))
    )


def _news(story: Story, state: State, before: State | None) -> list[str]:
    asked = set(story.definition.activities())
    acts = list(dict.fromkeys(act.activity for act in story.rows.acts if act.known == state.at and act.activity in asked))
    if before is None:
        return [*map(said, acts)] or ["created"]
    changed = [
        why.briefly(now)
        for now, then in zip(state.found, before.found, strict=True)
        if not isinstance(now.asked.rule, ActivityRule) and now.cell != then.cell
    ]
    return [*map(said, acts), *dict.fromkeys(changed)]


def _table(state: State, zone: tzinfo) -> None:
    order = sorted(state.found, key=lambda one: (PARTS.index(one.asked.part), -abs(one.points)))  # of the points, the largest first
    rows = [
        {"Part": _PART_NAMES[one.asked.part], "Asked": _asked(one, state.definition), "Gave": _gave(one), "Found": why.found_in_words(one, zone)}
        for one in order
    ]
    shown = pl.DataFrame(rows, schema=dict.fromkeys(("Part", "Asked", "Gave", "Found"), pl.String))
    widths = {"Part": 95, "Asked": 300, "Gave": 95, "Found": 170}
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height="content",
        column_config={name: st.column_config.TextColumn(name, width=width) for name, width in widths.items()},
        alt="What each rule of the definition found, and what it gave",
    )
    if state.score is not None:
        text.note(f"In all {why.score_in_words(state)}.")


def _asked(one: Found, definition: Definition) -> str:
    if one.asked.part == "points":
        return points_sentence(Points(one.asked.rule, one.asked.points, one.asked.cap), definition.half_life_days)
    return sentence(one.asked.rule)


def _gave(one: Found) -> str:
    if one.asked.part == "points":
        return wording.decimal(one.points)
    if one.asked.part == "exclude":
        return "bars it" if one.holds else "does not bar"
    return "holds" if one.holds else "not met"
