"""One leak looked at closer: its share over time, how its leads leaked, where inside it they fare worst, and the leads."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.filters import Filters
from plumbline.leaks.inside import worst_parts
from plumbline.leaks.ranked import CLASSES, STEPS
from plumbline.leaks.ranking import Leak
from plumbline.steps import WINDOWS
from plumbline.ui import data, funnel_words, judged_by, leads_table, on_record, panels, text, theme
from plumbline.ui.leaks import marks, plugged, wider, words
from plumbline.ui.leaks.ground import STAGES, Scene, with_year_before

_SHOWN = 50
_EVERYTHING = 1_000_000


def show(scene: Scene, leak: Leak) -> None:
    with st.container(border=True, key="one-leak"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            text.subheading([text.Bold(words.named(scene, leak)), f" · {words.rates(leak, scene.steps)}"])
            st.button("Close", key="leak.close", type="tertiary", on_click=lambda: st.query_params.pop("leak", None))
        if today := words.of_today(scene, leak):
            text.note(today.strip())
        _over_time(scene, leak)
        now = scene.inside(leak)
        _how(scene, leak, now)
        text.paragraph(_inside(scene, leak, now))
        fit = judged_by.choose("Fit is judged by", is_needed=False)
        old_enough = marks.show(scene, leak, fit)
        plugged.show(scene, leak, fit)
        behind(scene, scene.of(leak), STEPS[leak.step - 1], None, "leak", old_enough)


def _over_time(scene: Scene, leak: Leak) -> None:
    if on_record.is_one_instant():
        text.note(on_record.why_no_times())
        return
    stage = STAGES[STEPS[leak.step - 1]]
    filters = with_year_before(scene.of(leak))
    monthly = data.metric("funnel/cohorts", filters, grain="month", **scene.within)
    own = monthly.filter(pl.col("stage") == stage)
    young = funnel_words.cut_off(data.history().about.data_through, scene.within[WINDOWS[stage][0]])
    marks: list[tuple[date, str]] = [(leak.began.day, "fewer go on from about here")] if leak.began else []
    _, many, _, did = scene.steps.who(leak.step)
    panels.chart(
        charts.cohort_trend(monthly, stage, young.date(), mode=theme.mode(), marks=marks),
        "leak.trend",
        own,
        charts.cohort_trend_alt(monthly, stage, young.date()),
        title=f"Fewer go on {words.began(leak)}" if leak.began else "The share that goes on, month by month: no one week stands out",
        subtitle=f"{words.segment(scene.found, leak)}: share of {many} that {did} in time, by month, "
        f"with its 95 % interval{'; the year before too.' if filters.since and words.has_year_before(scene) else '.'}",
        is_clickable=False,
    )


def _how(scene: Scene, leak: Leak, now: pl.DataFrame) -> None:
    """The ways of leaking, those with the largest excess first. now: the judged rows of the leak's leads of the period."""
    excess = scene.found.classes[leak]
    counts = dict(now.group_by("kind").len().iter_rows())
    rows = [
        {"How": wording.words(words.ways()[name]), "Leads": counts.get(CLASSES.index(name) + 1, 0), "More than usual": round(more)}
        for name, more in sorted(excess.items(), key=lambda one: -one[1])
    ]
    if not rows:
        return
    usual = "than the segment's own earlier leads would have brought" if leak.is_own_past else "than the other leads of the period would have brought"
    text.chart_title("How they leak", f"Of {wording.plural(now.height, 'lead')} of the period old enough to tell. More than usual: {usual}.")
    st.dataframe(pl.DataFrame(rows), hide_index=True, width="content", key="leak.how")


def _inside(scene: Scene, leak: Leak, now: pl.DataFrame) -> list[text.Part]:
    """'It is worst where team is DACH: 12 % of 41 went on, 38 % of the others'."""
    parts, looked_at = worst_parts(scene.found.cells, leak, now["episode_no"].to_numpy(), (now["kind"] == 0).to_numpy())
    if not looked_at:
        return ["Too few leads to tell whether a part of this leak is worse than the rest."]
    if not parts:
        return [f"It is spread evenly: none of {wording.plural(looked_at, 'value')} of other attributes does worse than the rest, beyond chance."]
    told: list[text.Part] = ["Within it these do worse than the rest: "]
    for place, part in enumerate(parts[:3]):
        told += [
            "; " if place else "", f"{part.field.replace('_', ' ')} ", text.Bold(wording.shortened(part.value, 40) or "not known"),
            f" ({wording.share(part.k / part.n)} of {wording.count(part.n)} went on, {wording.share(part.rest)} of the others)",
        ]  # fmt: skip
    return [*told, "."]


def choose_part(picked: list[Any]) -> None:
    """A click on a part of the picture lays it into the address: its list stays on the way back from a lead."""
    if len(picked) == 2 and picked[1] not in ("went_on", "in_window"):
        st.query_params["part"] = "|".join(picked)


def show_part(scene: Scene) -> None:
    """The leads of the part that was clicked."""
    step, _, leaked_as = st.query_params.get("part", "").partition("|")
    if step not in STAGES or leaked_as not in charts.LEAK_CLASSES:
        return
    with st.container(border=True, key="one-part"):
        st.button("Close", key="part.close", type="tertiary", on_click=lambda: st.query_params.pop("part", None))
        behind(scene, scene.filters, step, leaked_as, "flow")


def behind(scene: Scene, filters: Filters, step: str, leaked_as: str | None, key: str, old_enough: int = 0) -> None:
    """The leads that leaked at a step, of one class or all; the latest first. old_enough: of how many that was told above; 0: of none."""
    asked = {**scene.parameters, **marks.limits(), "step": STAGES[step], "class": leaked_as}
    rows = data.metric("leaks/leaked", filters, **asked, most=_SHOWN)
    total = rows["total"][0] if rows.height else 0
    named = words.ways()[leaked_as] if leaked_as else "that leaked here"
    text.subheading([text.Bold(wording.plural(total, "lead")), f" · {named} · {scene.steps.names().get(step, charts.LEAK_STEPS[step])}"])
    if not total:
        text.empty_state("No lead here", "None leaked this way with these filters.", wider.all_leads())
        return
    young = (
        "Of them " + wording.count(total - old_enough) + " left before they were old enough to count in the share above. "
        if 0 < old_enough < total
        else ""
    )
    shown = f"The latest {wording.count(rows.height)} are shown. " if total > rows.height else ""
    text.note(f"{young}{shown}A click on a lead opens its story.")
    leads_table.table(_listed(rows), f"leaks.{key}", lambda: _listed(data.metric("leaks/leaked", filters, **asked, most=_EVERYTHING)))


def _listed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.drop("total").with_columns(marks.flags_known(pl.col("flags")))
