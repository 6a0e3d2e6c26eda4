"""Which leads, and what is the story of one?"""

import streamlit as st

from plumbline import wording
from plumbline.importing.text import clean
from plumbline.ui import closer_look, data, frame, funnel_words, leads_table, one_lead, text
from plumbline.ui.choices import OUTCOMES, SHOWN

PAGE = 100

if lead := st.query_params.get("lead"):
    one_lead.show(lead)
    st.stop()

filters = frame.chosen()
windows = {}
for name, default in funnel_words.WINDOWS.values():
    told = st.query_params.get(name, "")
    windows[name] = float(told) if told.isascii() and told.replace(".", "", 1).isdigit() and 0 < float(told) <= 3650 else float(default)

mature_note = ""
if st.query_params.get("mature", "").lower() == "true":
    filters, mature_note = closer_look.old_enough(filters, windows["mql_days"])

with frame.bar():
    stage = st.selectbox("Show", list(SHOWN), format_func=SHOWN.get, key="stage", bind="query-params", width=220)
    outcome = None
    if stage not in ("won", "everyone"):
        outcome = st.selectbox("Outcome", list(OUTCOMES), format_func=OUTCOMES.get, key="outcome", bind="query-params", width=230) or None
    search = st.text_input("Search", key="q", bind="query-params", placeholder="Company, address, title, id", width=230)

wanted = clean(search)
place = st.container()
asked = repr((filters, stage, outcome, wanted))
told = st.query_params.get("page", "1")
number = int(st.session_state.get("page") or (told if told.isascii() and told.isdigit() else 1) or 1)
if st.session_state.get("leads.asked", asked) != asked:  # another question begins at its first page
    number = st.session_state["page"] = 1
st.session_state["leads.asked"] = asked
if stage == "everyone":
    rows = data.metric("leads/everyone", filters, search=wanted, most=PAGE, skipped=(number - 1) * PAGE)
    rows, total = rows.drop("total"), (rows["total"][0] if rows.height else 0)
    sentence = [text.Bold(wording.plural(total, "lead")), f" {'was' if total == 1 else 'were'} created in this period"]
else:
    rows, total = leads_table.behind(filters, windows, stage=stage, outcome=outcome, limit=PAGE, offset=(number - 1) * PAGE, search=wanted)
    noun = "lead" if filters.episodes == "first" else "hand-over"
    sentence = [text.Bold(wording.plural(total, noun)), f" {leads_table.named(stage, outcome)}"]

if rows.is_empty() and number > 1:  # beyond the last page: never a false "no lead"
    st.session_state["page"] = 1
    st.rerun()
with place:
    text.headline([*sentence, f" and match “{wording.shortened(search, 40)}”" if wanted else ""])
    if mature_note:
        text.note(mature_note)
    if stage == "everyone":
        text.note("By the day on which they were created. Of the filters only the period applies: attributes are known as of hand-over.")
    if rows.is_empty():
        widen = text.Link("Look at all leads of all time", "leads?stage=Everyone%2C+also+never+handed+over&period=All+time")
        text.empty_state("No lead found", "No lead fits this period, these filters and this search together.", widen)
    elif stage == "everyone":
        leads_table.table(rows, "leads", lambda: data.metric("leads/everyone", filters, search=wanted, most=1_000_000).drop("total"))
    else:
        leads_table.table(
            rows, "leads", lambda: leads_table.behind(filters, windows, stage=stage, outcome=outcome, limit=1_000_000, search=wanted)[0]
        )
if total > PAGE or number > 1:
    pages = max(1, -(-total // PAGE))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(f"Page of {pages}", 1, 100_000, 1, key="page", bind="query-params", width=140)
        text.note(f"{PAGE} leads a page, the latest first. A click on a lead opens its story.")
