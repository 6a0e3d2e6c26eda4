"""What does each source bring, and what does a lead of it cost at each stage?"""

import streamlit as st

from plumbline import metrics, wording
from plumbline.filters import Filters
from plumbline.lead_filters import knows_spend
from plumbline.ui import data, filter_bar, frame, on_record, panels, text, widen, windows
from plumbline.ui.sources import pictures, sums, words

asked = frame.chosen()
about = data.history().about
steps = on_record.steps()
columns = sums.Columns(steps)
days, filters, cut_off_note = windows.show(asked, steps.implied, "sql")
within = windows.to_sql(days, steps)

rows = sums.with_quality(data.metric("sources/cost", filters), data.metric("sources/quality", filters, by="source", **within))
whole = sums.summed(rows)
if whole.spend is None:
    rows = rows.sort("mqls", "leads", descending=True, maintain_order=True)
earlier = filter_bar.period_before(filters)
before = sums.summed(data.metric("sources/cost", earlier)) if earlier else None
then = f"from {wording.period(earlier.since, earlier.until)}" if earlier else ""
in_window = int(rows["in_window"].sum() or 0)
has_costs = whole.spend is not None


def here(**more: object) -> str:
    return filter_bar.link("sources", **more)


def leads(stage: str) -> str | None:
    return pictures.way(filters, stage)


text.headline(words.headline(rows, whole, about.currency, here, columns))
if cut_off_note:
    text.note(f"{cut_off_note} Leads created and money spent later are left out too.")
if rows.is_empty():
    widen.empty(
        "No lead came in in this period with these filters, and no money was spent",
        widen.ways(asked, lambda chosen: int(data.metric("sources/cost", chosen)["leads"].sum() or 0), "sources"),
        "No lead of this history came in.",
        widen.bring_in("leads"),
    )
    st.stop()
if not cut_off_note:
    text.note(words.young_note(in_window, whole.counts["mqls"], has_costs, here(mature="true"), columns))
if said := on_record.account().why_stages():
    text.note(f"{said}: no column and no cost here.")
if said := steps.note():
    text.note(said)
reach = data.metric("sources/spend_reach", Filters())
last = min(filters.until or filter_bar.last_day(), filter_bar.last_day())
if reach.is_empty():
    text.note(
        [
            "No spend is on record, so no cost can be told. ",
            text.Link("Bring in a table of spend", "import"),
            " (date, source, campaign, amount; by day or by month) beside the leads.",
        ]
    )
elif not knows_spend(filters):
    others = [name.replace("_", " ") for name in filters.segments if name not in ("source", "campaign")]
    dropped = {in_url: None for name in filters.segments if name not in ("source", "campaign") for in_url in filter_bar.names_in_url(name)}
    text.note(
        [
            f"Spend is on record by source and campaign, not by {wording.listing(others, 'or')}: costs are left out. ",
            text.Link("Show all with their costs", here(**dropped)),
            ".",
        ]
    )
else:
    for said in words.gaps(rows, reach, filters.since, last):
        text.note(said)
unfinished = words.unfinished(reach, filters.since, last) if has_costs else 0.0
text.figure_strip(words.strip(whole, before, in_window, about.currency, then, leads, unfinished, columns))

scene = pictures.Scene(filters, rows, whole, within, has_costs, about.currency, columns)
pictures.created(scene)
pictures.volume_against_quality(scene)
pictures.ladder_of_sources(scene, here)
pictures.campaigns_within(scene)
panels.how_computed(
    metrics.metric("sources/cost"),
    formula="Cost = spend of the days of the period, divided by the leads created in it, or by those among the leads handed over in it that came to "
    f"{wording.listing([columns.head(name) for name in columns.shown[1:]])}. A month's amount is spread evenly over its days."
    + (f" {columns.quality}: of those old enough, the share within {wording.decimal(sum(within.values()))} days." if columns.good else ""),
    limits="The money of a period is set against the leads of that period: where leads take long, a change of spend shows late. Sources are as known "
    "when a lead was created, and when it was handed over; stages count those implied by a later one. "
    f"Data through {wording.day(about.data_through)}; nothing after it is known.",
)
