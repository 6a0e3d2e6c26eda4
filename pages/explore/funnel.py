"""How many leads reach each stage, and where do the others go?"""

import streamlit as st

from plumbline import charts, metrics, wording
from plumbline.charts.funnel import STAGES
from plumbline.clock import day_start, time_zone
from plumbline.filters import Filters
from plumbline.ui import closer_look, data, filter_bar, findings, frame, funnel_words, leads_table, on_record, panels, text, theme, widen, windows

filters = frame.chosen()
about = data.history().about
zone = time_zone(about.time_zone)
observed = data.metric("funnel/observed", filters)
implied, missing = funnel_words.unrecorded(observed), on_record.steps().unrecorded
hidden = (*implied, *missing)
days, filters, cut_off_note = windows.show(filters, implied)
within = windows.parameters(days)


def href(**more: object) -> str:
    return filter_bar.link("leads", **more)


stages = data.metric("funnel/stages", filters, **within)
earlier = filter_bar.period_before(filters)
before = data.metric("funnel/stages", earlier, **within) if earlier else None
if before is not None and before["entered"][0] == 0:
    before = None
then = f"from {wording.period(earlier.since, earlier.until)}" if earlier else ""

text.headline(funnel_words.headline(stages, before, observed, days, href, filters.episodes, then, missing))
reach = data.metric("funnel/reach")
since = day_start(filters.since, zone) if filters.since else None
for said in funnel_words.reach_notes(reach, since, about.time_zone, hidden):
    text.note(["History: ", said])
never = funnel_words.never_recorded(data.metric("funnel/stages", Filters(episodes="all")))
if said := funnel_words.never_note(never):
    text.note(["History: ", said])
if said := funnel_words.stray_note(data.screen("stray_exits")):
    text.note(["History: ", said])
if missing:
    text.note(["History: ", f"{on_record.account().why_stages()}."])
if cut_off_note:
    text.note(cut_off_note)
if stages["entered"][0] == 0:
    looked_for = "No lead was handed over in this period with these filters"
    widen.empty(
        looked_for, widen.ways(filters, lambda chosen: closer_look.entered(chosen, "mql"), "funnel"), "No hand-over is recorded in this history."
    )
    st.stop()
text.figure_strip(funnel_words.strip(stages, before, observed, days, href, then, missing))

picked = panels.chart(
    charts.funnel_bars(stages, before, mode=theme.mode(), hidden=implied, never=never, missing=missing),
    "funnel",
    funnel_words.as_recorded(stages, implied, missing, never),
    charts.funnel_bars_alt(stages, before, implied, missing),
    title=findings.funnel(stages, implied, missing),
    subtitle=f"What became of {wording.plural(stages['entered'][0], 'lead')} handed over, up to the end of the data. "
    + (f"The thin grey bar: entered {then}. " if before is not None else "")
    + "Shares under the bars are so far, young leads included; the strip above counts only those old enough. Click a part to see its leads.",
)
if picked and picked[0] in STAGES and picked[1] != "previous":
    outcome = {"entered": None, "reached_next": "advanced"}.get(picked[1], picked[1])
    leads_table.preview(filters, within, stage=picked[0], outcome=outcome)
text.note(" · ".join(wording.stage_meaning(stage) for stage in ("mql", "sal", "sql")))
if note := funnel_words.implied_note(observed):
    text.note(note)

closer_look.show(closer_look.Scene(filters, days, implied, never, missing), stages)
panels.how_computed(
    metrics.metric("funnel/stages"),
    formula="Conversion = leads that reached the next stage within the window, of those that entered long enough ago to have had the whole window. "
    "Entered = went on + still in window + past window + sent back + recycled + lost, at every stage.",
    limits="A pass belongs to the day on which it opened. Leads too young to tell are in neither part of a conversion. "
    f"Data through {wording.day(about.data_through)}; nothing after it is known.",
)
