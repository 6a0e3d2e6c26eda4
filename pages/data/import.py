"""Bring in a history: is every row accounted for?"""

import streamlit as st

from plumbline import wording
from plumbline.errors import HistoryError, PlumblineError
from plumbline.history.plain import tell
from plumbline.history.snapshots import listed
from plumbline.ui import data, text
from plumbline.ui.importing import bring_in, first_time, flow, past, steps, words

here = flow.current()
history = data.history_path()
about, missing = None, None
try:
    about = data.history().about
    ledger = tell(data.history().file) if data.history().manifest else None  # the account that lies in the snapshot
except HistoryError as refusal:
    missing = refusal
zone = about.time_zone if about else "UTC"

if about:
    held = data.screen("holdings").to_dicts()[0]
    if here.job is None and here.done is None:
        st.session_state["import.leads_seen"] = held["leads"]
    reason = ""
    if ledger and ledger.rejects_total:
        reason = words.because(words.by_reason(past.rejects_in(data.history().file)[1]))
    newest = listed(history)[:1]
    is_newest = not newest or newest[0]["is_published"]
    when = "the last import" if is_newest else f"the import in use, of {wording.instant(about.created_at, zone)}," if ledger else "its import"
    text.headline(words.headline(held["leads"], wording.day(about.data_through), ledger.tables if ledger else None, reason, when))
    for row in newest[:1] if is_newest else []:
        if row["problem"]:
            text.note(f"{row['problem'][:1].upper()}{row['problem'][1:]}.")
    merged = held["rows_of_leads"] - held["leads"]
    if merged > 0:
        text.note(
            f"{wording.plural(merged, 'lead')} of {wording.count(held['rows_of_leads'])} {'was' if merged == 1 else 'were'} merged into others."
        )
    if here.went_back:
        text.note(f"Went back: the history is now the one imported on {here.went_back}.")
elif not listed(history) and "no history" in missing.what:
    if here.job is None:
        first_time.welcome(lambda: steps.start_sample(here, history))
    else:
        text.headline("The first history is on its way.")
else:
    text.headline("The history cannot be opened: go back to an earlier import below, or import again.")
    bring_in.refused(missing, here)

if here.job is not None:
    steps.watch(here)
    st.stop()
steps.refusal(here)
if here.done is not None and about:
    steps.done(here)
else:
    try:
        organisation = zone if about and not about.is_sample else ""
        request = bring_in.show(here, organisation, is_first=not listed(history))
        if request:
            steps.check_and_import(here, history, request)
    except PlumblineError as refusal:
        bring_in.refused(refusal, here)
    except Exception as defect:  # files and mappings come from outside: whatever they bring about, the account below stays in sight
        bring_in.broke(defect, here)
try:
    past.show(here, history, zone)
except PlumblineError as refusal:
    bring_in.refused(refusal, here)
