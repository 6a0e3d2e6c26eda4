"""The second half of the Leaks screen: one closer look at a time. Only the one that is open is computed."""

from __future__ import annotations

import math
from dataclasses import replace

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.charts.change_parts import MOST
from plumbline.filters import Filters
from plumbline.statistics import MINIMUM_N, funnel_parts, mix_and_rate, simpson
from plumbline.ui import data, filter_bar, on_record, panels, text, theme, widen
from plumbline.ui.leaks import forecast, load, old_leads, rejections, wider
from plumbline.ui.leaks.ground import STAGES, Scene

_HEADINGS = {
    "n0": "Old enough before", "k0": "Went on before", "n1": "Old enough now", "k1": "Went on now", "mix_centred": "By the mix",
    "rate": "By the rate", "rate_low": "Rate, at least", "rate_high": "Rate, at most",
}  # fmt: skip
SIGHTS = {"mix": "Mix or rate", "back": "Sent back", "old": "Old and dead leads", "load": "Load and meetings", "ahead": "To come"}


def show(scene: Scene) -> None:
    """The choice of a look, then that look."""
    st.space("small")
    sight = st.segmented_control("Look closer", list(SIGHTS), default="mix", format_func=SIGHTS.get, key="sight", bind="query-params") or "mix"
    if sight == "mix":
        _mix(scene)
    elif sight == "load":
        load.show(scene)
    elif sight == "old":
        old_leads.show(scene.filters, scene.within)
    else:
        {"back": rejections, "ahead": forecast}[sight].show(scene.filters)


def _mix(scene: Scene) -> None:
    if on_record.is_one_instant():
        widen.empty("Nothing can be held against a period before", [], on_record.why_no_times(), widen.bring_in("leads with their times"))
        return
    earlier = filter_bar.period_before(scene.filters)
    if earlier is None:
        text.empty_state(
            "No period to compare with",
            "With a period chosen, it is held against the one of equal length before it.",
            wider.with_period("26w", "Show the last 26 weeks"),
        )
        return
    if not scene.steps.begins:
        widen.empty("No step to compare", [], f"{on_record.account().why_stages()}.", widen.bring_in("what became of leads"))
        return
    fields = [name for name in scene.found.cells.fields if len(scene.found.cells.labels[scene.found.cells.fields.index(name)]) <= 60]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        step = st.selectbox("Step", list(scene.steps.names()), format_func=scene.steps.names().get, key="mix.step", width=220)
        field = st.selectbox("Split by", fields, format_func=lambda name: name.replace("_", " "), key="mix.field", width=220) if fields else None
    then = f"from {wording.period(earlier.since, earlier.until)}"
    if field is None:
        why = "The leads of this history have no attribute with a few values."
        widen.empty("Nothing to split by", [], why, widen.bring_in("leads with their attributes"))
        return
    stage = STAGES[step]
    now, before = (
        data.metric("funnel/breakdown", one, by=field, **scene.within).filter(pl.col("stage") == stage).select("value", "mature", "converted")
        for one in (scene.filters, earlier)
    )
    both = before.join(now, on="value", how="full", coalesce=True, suffix="1", nulls_equal=True).fill_null(0)
    counts = [both[name].to_numpy() for name in ("mature", "converted", "mature1", "converted1")]
    if min(counts[0].sum(), counts[2].sum()) < MINIMUM_N:
        why = f"{wording.count(counts[2].sum())} now, {wording.count(counts[0].sum())} {then}; {MINIMUM_N} are needed."
        within = replace(scene.filters, since=None, until=None)
        found = wider.each(within, lambda chosen: _mature(scene, replace(chosen, since=scene.filters.since, until=scene.filters.until), stage))
        others = [wider.with_period("26w", "Show the last 26 weeks"), " or ", wider.with_period("52w", "the last 52 weeks")]
        widen.empty("Too few leads old enough to compare", found, why, others, why)
        return
    parts = mix_and_rate(*counts)
    table = parts.table.with_columns(both["value"].alias("group"))
    rows = table.sort(pl.max_horizontal(pl.col("mix_centred").abs(), pl.col("rate").abs()), descending=True).head(MOST)
    shown = rows.select("group", mix="mix_centred", rate="rate", n0="n0", n1="n1", r0="rate0", r1="rate1", is_few="is_too_few")
    exact = table.select("group", "n0", "k0", "n1", "k1", "mix_centred", "rate", "rate_low", "rate_high")
    panels.chart(
        charts.change_parts(shown, mode=theme.mode()),
        "mix",
        exact,
        charts.change_parts_alt(shown),
        title=_title(parts, scene.steps.names()[step], field),
        subtitle="Grey: what came of more or fewer leads of that kind; teal or rust: of a better or worse share among them, before → now; "
        "pale: too few to say. "
        f"{wording.count(parts.n1)} leads old enough now, {wording.count(parts.n0)} {then}. All groups together add up to the change.",
        is_clickable=False,
        headings=_HEADINGS | {"group": wording.words(field.replace("_", " "))},
        file="mix or rate",
    )
    if (turned := simpson(*counts)).is_reversed:
        together, apart = ("rose", "fell") if parts.change.value > 0 else ("fell", "rose")
        text.note(
            f"Mind: all together the share {together}, while in each of {wording.plural(turned.judged, 'group')} with enough leads it {apart}. "
            "The mix of leads turned the sign; judge by the groups."
        )
    _whole(scene, then, earlier)


def _mature(scene: Scene, filters: Filters, stage: str) -> int:
    """Leads old enough to tell at a step, with these filters."""
    rows = data.metric("funnel/stages", filters, **scene.within)
    return int(rows.filter(pl.col("stage") == stage)["mature"][0] or 0)


def _title(parts, name: str, field: str) -> str:
    """'MQL → SAL fell by 6 points: 5 of them the mix of sources, 1 the rates'."""
    change, mix, rate = parts.change, parts.mix, parts.rate
    if not change.excludes(0):
        return f"{name} went from {wording.share(parts.rate0)} to {wording.share(parts.rate1)}: no more than chance"
    word = "rose" if change.value > 0 else "fell"
    by = field.replace("_", " ")
    told = f"{name} {word} from {wording.share(parts.rate0)} to {wording.share(parts.rate1)}: {wording.points(mix.value)} by the mix of {by}, "
    return told + f"{wording.points(rate.value)} by the rates{'' if rate.excludes(0) else ' (within chance)'}"


def _whole(scene: Scene, then: str, earlier) -> None:
    """SQLs (or what stands for them) to be expected of the leads of each period, split into how many came and how many went on."""
    begins, counts = [stage for stage in ("mql", "sal") if stage in scene.steps.begins], []
    if "sql" in scene.steps.unrecorded:
        return
    for one in (earlier, scene.filters):
        stages = {row["stage"]: row for row in data.metric("funnel/stages", one, **scene.within).to_dicts()}
        rates = [stages[name]["conversion"] if (stages[name]["mature"] or 0) >= MINIMUM_N else None for name in begins]
        if None in rates:
            return
        came = stages["mql"]["entered"]
        counts.append([came * math.prod(rates[:n]) for n in range(len(rates) + 1)])
    parts = funnel_parts(*counts)

    def told(value: float) -> str:
        return f"{'+' if value >= 0.5 else ''}{wording.count(value)}"

    text.paragraph(
        [
            "Over the whole funnel: the leads of this period should bring ",
            text.Bold(f"{wording.count(parts.after)} {scene.steps.noun('sql')} in time"),
            f" when all are old enough, those {then} brought or should bring {wording.count(parts.before)}: "
            f"{told(parts.volume)} by how many leads came, "
            + ", ".join(f"{told(part)} by {scene.steps.name(stage)}" for stage, part in zip(begins, parts.steps, strict=True))
            + " (shares of those old enough).",
        ]
    )
