"""How often do reps call back, and what would more attempts bring?"""

import streamlit as st

from plumbline import charts, metrics, wording
from plumbline.ui import data, filter_bar, frame, on_record, panels, text, theme, waiting, widen
from plumbline.ui.persistence import looks, passes, scene, terms, words
from plumbline.ui.speed import figures as speed

filters = frame.chosen()
about = data.history().about
promise = terms.choose(frame.bar())

kept = data.metric("persistence/promise", filters, **promise.parameters).row(0, named=True)
given_up = data.metric("persistence/given_up", filters, k=promise.attempts).row(0, named=True)
found = data.metric("persistence/attempts", filters)
earlier = filter_bar.period_before(filters)
before = data.metric("persistence/promise", earlier, **promise.parameters).row(0, named=True) if earlier else None
then = f"from {wording.period(earlier.since, earlier.until)}" if earlier else ""


def href(kind: str) -> str:
    told = {name: st.query_params.get(name) for name in ("calls", "emails", "days", "percent") if st.query_params.get(name)}
    return filter_bar.link("persistence", behind=kind, **told)


if not on_record.has("attempts"):
    text.headline([f"How often {wording.plural(kept['episodes'], 'lead')} were called or written to ", text.Bold("is not recorded")])
    text.note(on_record.why_not("attempts"))
    st.stop()
if kept["episodes"] and found.is_empty():
    text.headline(["None of ", text.Bold(wording.plural(kept["episodes"], "lead")), " of this choice has an attempt on record"])
    for said in on_record.limits("touches"):
        text.note(said)
    st.stop()
has_contacts = on_record.has("answers")
is_timeless = found.height > 0 and speed.is_timeless()
is_judged = not is_timeless and has_contacts  # whether a promise can be held against what was done
if not is_judged and not found.is_empty():
    text.headline(words.headline_of_counts(kept["episodes"], found))
else:
    text.headline(words.headline(kept, given_up, promise, href))
if is_timeless:
    text.note("These data hold no times: all stands at one instant. Promises of so many touches in so many days cannot be judged, nor gaps or weeks.")
if not kept["episodes"]:
    widen.empty(
        "No lead became an MQL in this period with these filters",
        widen.ways(filters, lambda chosen: data.metric("persistence/promise", chosen)["episodes"][0], "persistence"),
        "No lead of this history became an MQL.",
    )
    st.stop()
if apart := words.clockless(**data.metric("speed/without_clock", filters).row(0, named=True)):
    text.note(apart)
if is_judged and (promised := terms.said(promise)):
    text.note(promised)
for said in (*on_record.limits("touches", "owners"), *on_record.missing("owners")):
    text.note(said)
if not has_contacts:
    text.note(
        "These data do not say what came of an attempt: whether a lead was reached is not known. No chance of contact is shown and no promise judged."
    )
if is_judged:
    meetings = data.metric("persistence/no_shows", filters)
    text.figure_strip(words.strip(kept, before, given_up, found, meetings, promise, then))
    waiting.pointer(filters, promise)
    parts = list(data.metric("persistence/promise_parts", filters, **promise.parameters).iter_rows())
    picked = panels.chart(
        charts.promise_sum(parts, mode=theme.mode()),
        "parts",
        None,
        charts.promise_sum_alt(parts),
        title="What became of the promise",
        subtitle=f"{promise.in_words()[:1].upper()}{promise.in_words()[1:]} from the hand-over to a rep. The parts add up to all leads; "
        "those never handed over count from their MQL. Sent off, not tried: an exit releases from the promise, so it counts as kept. "
        "Click one to see its leads.",
    )
    if picked and picked[0] in passes.KINDS:
        st.query_params["behind"] = picked[0]
passes.behind(filters, promise)
if has_contacts:
    picked = panels.chart(
        charts.attempt_hazards(found, mode=theme.mode(), promised=promise.attempts),
        "hazards",
        found,
        charts.attempt_hazards_alt(found),
        title=words.chance_title(found),
        headings=words.CHANCES,
        file="chance of contact by attempt",
        subtitle="Of the leads that nobody had reached before, the share that the next attempt reaches, with its 95 % interval and n. "
        f"Under {wording.MINIMUM_N} leads nothing is shown. Click a point to see its leads.",
    )
    if picked:
        looks.of_attempt(filters, promise, int(picked[0]))
looks.show(scene.Scene(filters, promise, found, has_contacts, is_timeless))
panels.how_computed(
    metrics.metric("persistence/attempts"),
    formula="An attempt is an outbound touch by a person, in any channel. Attempts count until somebody reaches the lead; contact by another touch "
    "ends the count. The promise counts calls and emails from the hand-over to a rep on, from MQL where there is none.",
    limits="Leads that get many attempts are not like those that get few: reps call on where they expect something. "
    f"Data through {wording.day(about.data_through)}; nothing after it is known.",
)
