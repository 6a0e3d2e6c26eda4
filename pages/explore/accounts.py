"""Which accounts are worth nurturing, and who of them is engaged?"""

import streamlit as st

from plumbline import charts, metrics, wording
from plumbline.history.recorded import sentence
from plumbline.text import clean
from plumbline.ui import data, filter_bar, frame, on_record, panels, text, theme, widen
from plumbline.ui.accounts import listing, terms, words
from plumbline.ui.choices import ACCOUNT_KINDS, ACCOUNT_SCOPES

PAGE = 100

filters = frame.chosen()
about, recorded = data.history().about, data.history().recorded
known = words.Known.of(recorded.has, times=not on_record.is_one_instant())
kinds = {name: shown for name, shown in ACCOUNT_KINDS.items() if name not in known.hidden}
with frame.bar():
    scope = st.selectbox("Show", list(ACCOUNT_SCOPES), format_func=ACCOUNT_SCOPES.get, key="scope", bind="query-params", width=190)
    kind = st.selectbox("Which", list(kinds), format_func=kinds.get, key="kind", bind="query-params", width=200) or None
    search = st.text_input("Search", key="account_q", bind="query-params", placeholder="Company, id, address", width=190)
days = terms.active_days(frame.bar())
terms_in_url = {"scope": scope if scope != "handed_over" else None, "active": st.query_params.get("active")}
told = data.metric("accounts/summary", filters, scope=scope, active_days=days).row(0, named=True)


def href(**more: object) -> str:
    return filter_bar.link("accounts", **terms_in_url, **more)


text.headline(words.headline(told, days, href, known))
if not told["accounts"]:
    if told["leads"]:
        text.empty_state(
            "These leads belong to no account",
            f"None of the {wording.plural(told['leads'], 'lead')} chosen has an account_id; bring it in as a column of the leads.",
            text.Link("Bring in leads with their accounts", "import"),
        )
    else:
        widen.empty(
            "No account was handed over in this period with these filters",
            widen.ways(filters, lambda chosen: data.metric("accounts/summary", chosen, scope=scope, active_days=days)["leads"][0], "accounts"),
            "No hand-over is recorded in this history.",
        )
    st.stop()
if said := words.without_note(told):
    text.note(said)
if scope == "everyone":
    text.note("By the day on which a lead of theirs was created, also where none was ever handed over.")
for said in known.notes(lambda thing: on_record.why_no_times() if thing == "times" else sentence(recorded.why(thing))):
    text.note(said)
if teams := recorded.teams("touches"):
    text.note(words.teams_note(teams))
text.figure_strip(words.strip(told, days, href, known))
if said := words.overlaps(known):
    text.note(said)
counts = known.parts(told)
picked = panels.chart(
    charts.account_sum(counts, mode=theme.mode()),
    "standing",
    None,
    charts.account_sum_alt(counts),
    title=words.finding(told, known),
    subtitle=f"All {wording.plural(told['accounts'], 'account')} as of {wording.day(filter_bar.last_day())}, the end of the data, by all leads. "
    f"{words.rule(days) + ' ' if known.acts else ''}Click a part to list its accounts.",
    on_click=terms.choose_kind,
)
if account := st.query_params.get("account"):
    listing.opened(account)

wanted = {"scope": scope, "kind": kind, "active_days": days, "search": clean(search)}
asked = repr((filters, wanted))
number = int(st.session_state.get("account_page") or 1)
if st.session_state.get("accounts.asked", asked) != asked:  # another question begins at its first page
    number = st.session_state["account_page"] = 1
st.session_state["accounts.asked"] = asked
rows = data.metric("accounts/list", filters, **wanted, most=PAGE, skipped=(number - 1) * PAGE)
total = rows["total"][0] if rows.height else 0
if rows.is_empty() and number > 1:
    st.session_state["account_page"] = 1
    st.rerun()
text.subheading(
    [
        text.Bold(wording.plural(total, "account")),
        f" · {ACCOUNT_KINDS[kind].lower()}" if kind else "",
        f" · match “{wording.shortened(search, 40)}”" if wanted["search"] else "",
        ", the latest act first" if total > 1 and known.acts else "",
    ]
)
if rows.is_empty():
    text.empty_state(
        "No account here",
        "None is of this kind and matches the search with these filters.",
        text.Link("All accounts", href(kind=None, account_q=None)),
    )
else:
    listing.table(rows.drop("total"), lambda: data.metric("accounts/list", filters, **wanted, most=1_000_000).drop("total"))
if total > PAGE or number > 1:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(f"Page of {wording.count(max(1, -(-total // PAGE)))}", 1, 100_000, 1, key="account_page", width=140)
        text.note(f"{PAGE} accounts a page. A click on an account lists its leads.")
panels.how_computed(
    metrics.metric("accounts/list"),
    formula=words.formula(days, known),
    limits="Leads belong to an account by the account_id that came with them; the same company under two ids is two accounts. "
    f"Data through {wording.day(about.data_through)}; nothing after it is known.",
)
