"""Which leaks cost most, since when, on whose side, and who are the leads?"""

import streamlit as st

from plumbline import charts, metrics, wording
from plumbline.ui import data, foretelling, frame, on_record, panels, text, theme, widen, windows
from plumbline.ui.leaks import cards, ground, looks, one_leak, words
from plumbline.ui.persistence import terms

filters = frame.chosen()
about = data.history().about
days, filters, cut_off_note = windows.show(filters, on_record.steps().implied)
promise = terms.choose(frame.bar())
within = windows.parameters(days)
if not data.metric("funnel/stages", filters, **within)["entered"][0]:
    text.headline("No lead was handed over in this period with these filters")
    widen.empty(
        "No lead was handed over in this period with these filters",
        widen.ways(filters, lambda chosen: data.metric("funnel/stages", chosen)["entered"][0], "leaks"),
        "No hand-over is recorded in this history.",
        widen.bring_in("stage changes to “mql”"),
    )
    st.stop()

scene = ground.scene(filters, within, promise)
text.headline(words.headline(scene))
if not scene.found.looked_at and scene.steps.begins:
    found = widen.ways(filters, lambda chosen: words.old_enough(scene.judged_of(chosen)), "leaks", {"sight": st.query_params.get("sight")})
    if any(way.n for way in found):
        text.note([f"{wording.count(words.old_enough(scene.rows))} are old enough. ", *widen.sentence(found)])
if cut_off_note:
    text.note(cut_off_note)
for said in (
    *words.everywhere(scene),
    *on_record.missing("touches", "owners"),
    *on_record.limits("touches", "owners"),
    *filter(None, [terms.said(promise)]),
):
    text.note(said)
for said in (on_record.account().why_stages(), scene.steps.note()):
    if said:
        text.note(f"{said.removesuffix('.')}.")
foretelling.note("leaks")
text.figure_strip(words.strip(scene))
if opened := scene.leak(st.query_params.get("leak", "")):
    one_leak.show(scene, opened)
elif "leak" in st.query_params:
    text.note("The leak of this link is none in this period with these filters: no more is lost there than chance could bring.")
panels.chart(
    charts.leak_flow(scene.parts, mode=theme.mode(), names=scene.steps.names(), ways=words.ways()),
    "flow",
    words.parts_in_words(scene),
    charts.leak_flow_alt(scene.parts, scene.steps.names(), words.ways()),
    one_leak.choose_part,
    title=words.flow_title(scene),
    subtitle="Every lead that entered a step, and where it is now: on, still within the time agreed, or out. Click a part to see its leads.",
    headings={"step": "Step", "class": "What became of them", "n": "Leads"},
    file="where leads go",
)
one_leak.show_part(scene)
if scene.found.leaks:
    cards.show(scene, opened)
if near := words.perhaps(scene):
    text.note(near)
looks.show(scene)
panels.how_computed(
    metrics.metric("leaks/ranked"),
    formula="Lost = leads x (share to be expected - share that went on, pulled towards it the more, the fewer leads there are). To be expected: what "
    "the segment did in the four quarters before, at today's mix of the other attributes. Value = lost x the shares that go on from there to won x "
    "the median deal.",
    limits=f"All values of all attributes and all pairs of them are looked at, {wording.count(scene.found.looked_at)} segments in this period "
    "with 30 leads or more; one leak in ten shown may be chance. Leads of one account count as independent. "
    f"Data through {wording.day(about.data_through)}; nothing after it is known.",
)
