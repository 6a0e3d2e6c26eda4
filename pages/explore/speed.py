"""How fast are leads followed up?"""

import streamlit as st

from plumbline import charts, metrics, wording
from plumbline.charts.clock_axis import HALF_A_DAY
from plumbline.charts.response_sum import BANDS
from plumbline.speed.promise import judge
from plumbline.ui import data, filter_bar, frame, on_record, panels, text, theme, waiting, widen
from plumbline.ui.speed import calendars, figures, followed, ground, hand_over, looks, terms, words

filters = frame.chosen()
about = data.history().about
clock = start = "wall"
if not figures.is_dated():  # hours of work say nothing about dates
    with frame.bar():
        start = "open" if terms.is_working() else "wall"
        clocks = list(ground.CLOCKS)
        place, shown = clocks.index(start), ground.CLOCKS.get
        clock = st.selectbox("Clock", clocks, place, format_func=shown, key="clock", bind="query-params", width=150) or start
    if clock == "open":
        calendars.control(frame.bar())

has_attempts = figures.has_attempts()
promise = terms.choose(frame.bar(), figures.is_dated()) if has_attempts else terms.usual(figures.is_dated())

scene = figures.scene(filters, clock)
earlier = filter_bar.period_before(filters)
earlier_scene = figures.scene(earlier, clock) if earlier else None
before = earlier_scene.now if earlier_scene else None
then = f"from {wording.period(earlier.since, earlier.until)}" if earlier else ""


def href(band: str) -> str:
    told = {"clock": ground.CLOCKS[clock] if clock != start else None, **terms.in_address(promise)}
    return filter_bar.link("speed", band=band, **told)


if len(scene.waits) and figures.is_timeless():
    text.headline(["These data hold ", text.Bold("no times"), ": every MQL or every attempt stands at one instant, so no wait can be measured"])
    text.note(
        [
            "Whether leads were called, and how often, can still be told: see ",
            text.Link("Persistence", filter_bar.link("persistence", period="all")),
            ".",
        ]
    )
    st.stop()
if len(scene.waits) and not has_attempts:
    hand_over.show(scene)
    st.stop()
verdict = judge(scene.total, promise)
was = judge(earlier_scene.total, promise) if earlier_scene else None
text.headline(words.headline(scene.now, verdict, href, was, then, clock=clock))
if not len(scene.waits):
    widen.empty(
        "No lead became an MQL in this period with these filters",
        widen.ways(filters, lambda chosen: len(ground.waits(chosen)), "speed"),
        "No lead of this history has an MQL of its own.",
    )
    st.stop()
if promised := terms.said(promise, clock):
    text.note(promised)
for said in (*figures.notes(scene), *on_record.missing("owners"), *on_record.limits("touches", "owners")):
    text.note(said)
if apart := words.clockless(**data.metric("speed/without_clock", filters).row(0, named=True)):
    text.note(apart)
text.figure_strip(words.strip(scene.now, verdict, href, before, was, then, clock))
text.note(words.quantiles(scene.now, verdict, clock))
waiting.pointer(filters)

followed.behind_band(scene, promise)
if scene.now.passes >= wording.MINIMUM_N:
    curves = figures.curves(scene, earlier_scene if before and before.passes >= wording.MINIMUM_N else None)
    panels.chart(
        charts.waiting_curve(
            curves,
            mode=theme.mode(),
            marks=figures.marks(scene, promise),
            shortest=HALF_A_DAY if scene.is_dated else 60.0,
            horizon=figures.horizon(scene),
        ),
        "curve",
        figures.table(scene),
        charts.waiting_curve_alt(curves, is_dated=scene.is_dated),
        title=figures.finding(scene, curves),
        headings=figures.HEADINGS,
        file="first attempts and contacts in time",
        subtitle=f"Share of {wording.plural(scene.now.passes, 'lead')} first tried, and first reached, by time since they became an MQL"
        + (", counting only the hours in which their team works" if clock == "open" else "")
        + ". Those never tried count for as long as they were watched; the band is the 95 % interval.",
        is_clickable=False,
    )
if not scene.is_dated:
    counts = figures.bands(scene)
    picked = panels.chart(
        charts.response_sum(counts, mode=theme.mode()), "bands", None, charts.response_sum_alt(counts), title="Where every lead stands",
        subtitle="Time from MQL to the first attempt. The parts add up to all leads. Click one to see them.",
    )  # fmt: skip
    if picked and picked[0] in BANDS:
        st.query_params["band"] = picked[0]
looks.show(scene, promise)
panels.how_computed(
    metrics.metric("speed/first_attempt"),
    formula="An attempt is an outbound touch by a person. The clock runs from MQL to the first attempt; shares are of all leads old enough, "
    "those never tried included. Medians are of the Kaplan-Meier curve: leads not yet tried count for as long as they were watched.",
    limits="Sent by a machine, or received from the lead, is no attempt. A lead without an MQL of its own has no clock. "
    f"Data through {wording.day(about.data_through)}; nothing after it is known.",
)
