"""Which accounts are worth nurturing, and who of them is engaged?"""

import streamlit as st

from plumbline import charts, metrics, wording
from plumbline.filters import Filters
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


def summed(chosen: Filters) -> dict:
    return data.metric("accounts/summary", chosen, scope=scope, active_days=days).row(0, named=True)


told = summed(filters)


def href(**more: object) -> str:
    return filter_bar.link("accounts", **terms_in_url, **more)


text.headline(words.headline(told, days, href, known))
if not told["accounts"]:
    if told["leads"]:
        text.empty_state(
            "These leads belong to no account",
            f"None of the {wording.plural(told['leads'], 'lead')} chosen has an account_id; bring it in as a column of the leads.",
            widen.bring_in("leads with their accounts"),
        )
    else:
        is_everyone = scope == "everyone"
        widen.empty(
            f"No account {'came in' if is_everyone else 'was handed over'} in this period with these filters",
            widen.ways(filters, lambda chosen: summed(chosen)["leads"], "accounts", terms_in_url),
            "This history holds no lead." if is_everyone else "No hand-over is recorded in this history.",
            widen.bring_in("leads")
            if is_everyone
            else text.Link("Show everyone, also never handed over", filter_bar.link("accounts", **{**terms_in_url, "scope": "everyone"})),
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


def counted(chosen: Filters = filters, **other: object) -> int:
    """How many accounts there are with these filters, and another kind or search."""
    some = data.metric("accounts/list", chosen, **wanted | other, most=1)
    return some["total"][0] if some.height else 0


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
    here = {**terms_in_url, "kind": kind, "account_q": search or None}
    found = [widen.Way("the search", counted(search=None), href(kind=kind, account_q=None), "account")] if wanted["search"] else []
    found += [widen.Way("the choice of which", counted(kind=None), href(kind=None, account_q=search or None), "account")] if kind else []
    found += widen.each(filters, counted, "accounts", here, "account")
    if len(found) > 1:
        n = counted(Filters(episodes=filters.episodes), kind=None, search=None)
        found.append(widen.all_ways(filters, n, "accounts", ("kind", "account_q"), "account", **terms_in_url))
    widen.empty("No account here", found, "None is of this kind and matches the search.", text.Link("All accounts", href(kind=None, account_q=None)))
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
