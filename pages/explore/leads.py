"""Which leads, and what is the story of one?"""

import streamlit as st

from plumbline import wording
from plumbline.filters import Filters
from plumbline.text import clean
from plumbline.ui import address, call_list, data, filter_bar, frame, funnel_words, leads_table, one_lead, text, whom_to_call, widen, windows
from plumbline.ui.choices import OUTCOMES, SHOWN, VIEWS

PAGE = 100

if lead := st.query_params.get("lead"):
    one_lead.show(lead)
    st.stop()

view = st.segmented_control("Look", list(VIEWS), default="list", format_func=VIEWS.get, key="view", bind="query-params", label_visibility="collapsed")
if view == "call":
    call_list.show()
    st.stop()
if view not in (None, "list"):
    whom_to_call.show(view)
    st.stop()

filters = frame.chosen()
days, mature, mature_note = windows.show(filters, funnel_words.unrecorded(data.metric("funnel/observed", filters)))
within = windows.parameters(days)

with frame.bar():
    stage = st.selectbox("Show", list(SHOWN), format_func=SHOWN.get, key="stage", bind="query-params", width=220)
    outcome = None
    if stage not in ("won", "everyone"):
        outcome = st.selectbox("Outcome", list(OUTCOMES), format_func=OUTCOMES.get, key="outcome", bind="query-params", width=230) or None
    search = st.text_input("Search", key="q", bind="query-params", placeholder="Company, address, title, id", width=230)

wanted = clean(search)
place = st.container()
if stage != "everyone":  # mature cohorts are of those that were handed over
    filters = mature
asked = repr((filters, days, stage, outcome, wanted))
number = address.within(st.session_state.get("page"), 1, 100_000, address.number("page", 1, 100_000, 1))
if st.session_state.get("leads.asked", asked) != asked:  # another question begins at its first page
    number = st.session_state["page"] = 1
st.session_state["leads.asked"] = asked


def found(chosen: Filters, search: str | None = wanted, of: str | None = outcome) -> int:
    """How many leads there are with these filters."""
    if stage == "everyone":
        some = data.metric("leads/everyone", chosen, search=search, most=1)
        return some["total"][0] if some.height else 0
    return leads_table.behind(chosen, within, stage=stage, outcome=of, limit=1, search=search)[1]


if stage == "everyone":
    rows = data.metric("leads/everyone", filters, search=wanted, most=PAGE, skipped=(number - 1) * PAGE)
    rows, total = rows.drop("total"), (rows["total"][0] if rows.height else 0)
    sentence = [text.Bold(wording.plural(total, "lead")), f" {'was' if total == 1 else 'were'} created in this period"]
else:
    rows, total = leads_table.behind(filters, within, stage=stage, outcome=outcome, limit=PAGE, offset=(number - 1) * PAGE, search=wanted)
    noun = "lead" if filters.episodes == "first" else "hand-over"
    sentence = [text.Bold(wording.plural(total, noun)), f" {leads_table.named(stage, outcome)}"]

if rows.is_empty() and number > 1:  # beyond the last page: never a false "no lead"
    st.session_state["page"] = 1
    st.rerun()
with place:
    text.headline([*sentence, f" and match “{wording.shortened(search, 40)}”" if wanted else ""])
    if mature_note and stage != "everyone":
        text.note(mature_note)
    if stage == "everyone":
        text.note("By the day on which they were created; filters on attributes ask for the value of today.")
    if rows.is_empty():
        here = {"stage": stage, "outcome": outcome, "q": search or None}
        ways = [widen.Way("the search", found(filters, search=None), filter_bar.link("leads", **here | {"q": None}))] if wanted else []
        if outcome:
            ways.append(widen.Way("the outcome", found(filters, of=None), filter_bar.link("leads", **here | {"outcome": None})))
        ways += widen.each(filters, found, "leads", here)
        if len(ways) > 1:
            ways.append(widen.all_ways(filters, found(Filters(episodes=filters.episodes), None, None), "leads", ("outcome", "q"), stage=stage))
        looked_for = "No lead was created" if stage == "everyone" else f"No lead {leads_table.named(stage, outcome)}"
        widen.empty(f"{looked_for}{' and matches the search' if wanted else ''} in this period with these filters", ways)
    elif stage == "everyone":
        leads_table.table(rows, "leads", lambda: data.metric("leads/everyone", filters, search=wanted, most=1_000_000).drop("total"))
    else:
        leads_table.table(rows, "leads", lambda: leads_table.behind(filters, within, stage=stage, outcome=outcome, limit=1_000_000, search=wanted)[0])
if total > PAGE or number > 1:
    pages = max(1, -(-total // PAGE))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(f"Page of {pages}", 1, 100_000, 1, key="page", bind=address.bind("page"), width=140)
        text.note(f"{PAGE} leads a page, the latest first. A click on a lead opens its story.")
