"""How many leads reach each stage, and where do the others go?"""

import streamlit as st

from plumbline import charts, metrics, wording
from plumbline.charts.funnel import STAGES
from plumbline.clock import day_start, time_zone
from plumbline.ui import closer_look, data, filter_bar, frame, funnel_words, leads_table, panels, text, theme

filters = frame.chosen()
about = data.history().about
zone = time_zone(about.time_zone)
days, filters, cut_off_note = closer_look.windows(filters)
windows = {funnel_words.WINDOWS[stage][0]: value for stage, value in days.items()}


def href(**more: object) -> str:
    changed = {name: f"{value:g}" for name, value in windows.items() if value != dict(funnel_words.WINDOWS.values())[name]}
    return filter_bar.link("leads", **changed, **more)


stages = data.metric("funnel/stages", filters, **windows)
earlier = filter_bar.period_before(filters)
before = data.metric("funnel/stages", earlier, **windows) if earlier else None
if before is not None and before["entered"][0] == 0:
    before = None

observed = data.metric("funnel/observed", filters)
text.headline(funnel_words.headline(stages, before, observed, days, href, filters.episodes))
reach = data.metric("funnel/reach")
since = day_start(filters.since, zone) if filters.since else None
for said in funnel_words.reach_notes(reach, since, about.time_zone, funnel_words.unrecorded(observed)):
    text.note(["History: ", said])
if cut_off_note:
    text.note(cut_off_note)
if stages["entered"][0] == 0:
    text.empty_state(
        "No lead was handed over in this period with these filters",
        "Perhaps the period lies before the history begins, or the filters exclude each other.",
        text.Link("Show all leads of all time", "funnel?period=All+time"),
    )
    st.stop()
text.figure_strip(funnel_words.strip(stages, before, observed, days, href))

picked = panels.chart(
    charts.funnel_bars(stages, before, mode=theme.mode()),
    "funnel",
    stages,
    charts.funnel_bars_alt(stages, before),
    title="What became of the leads that entered each stage",
    subtitle="Leads that entered, by what became of them up to the end of the data. "
    + ("The thin grey bar is the period before. " if before is not None else "")
    + "Shares under the bars are so far, young leads included; the strip above counts only those old enough. Click a part to see its leads.",
)
if picked and picked[0] in STAGES and picked[1] != "previous":
    outcome = {"entered": None, "reached_next": "advanced"}.get(picked[1], picked[1])
    leads_table.preview(filters, windows, stage=picked[0], outcome=outcome)
text.note(" · ".join(wording.stage_meaning(stage) for stage in ("mql", "sal", "sql")))
if note := funnel_words.implied_note(observed):
    text.note(note)

closer_look.show(filters, windows, days, stages)
panels.how_computed(
    metrics.metric("funnel/stages"),
    formula="Conversion = leads that reached the next stage within the window, of those that entered long enough ago to have had the whole window. "
    "Entered = reached next + sent back + recycled + lost + open in window + open past window, at every stage.",
    limits="A pass belongs to the day on which it opened. Leads too young to tell are in neither part of a conversion. "
    f"Data through {wording.day(about.data_through)}; nothing after it is known.",
)
