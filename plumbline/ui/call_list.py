"""The look "Call list" of the Leads screen: who waits for a call as the data end, the most urgent first, for one rep or for all."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import metrics, wording
from plumbline.definition import Definition
from plumbline.filters import Filters
from plumbline.simulation.fit_interest import HOT_DAYS
from plumbline.speed import calls, why_call
from plumbline.speed.calls import NOT_YET, Calls, Signs
from plumbline.ui import address, call_words, data, filter_bar, frame, judged_by, leads_table, on_record, panels, text, waiting, widen
from plumbline.ui.call_words import NOBODY
from plumbline.ui.lab import desk
from plumbline.ui.persistence import terms
from plumbline.ui.persistence.terms import Promise
from plumbline.ui.speed import figures, ground
from plumbline.words.calls import NAMES

_SHOWN = 200
_ALL = ""


def show() -> None:
    """Draws the look."""
    st.html("<style>.st-key-period, .pl-reading { display: none; }</style>")  # all that wait now: no period is asked
    filters = Filters(segments=frame.chosen().segments)
    with frame.bar():
        definition = judged_by.choose("Hot by")
    promise = terms.choose(frame.bar())
    if not on_record.has("attempts"):
        text.headline(["Who was called, and who waits for a call, ", text.Bold("is not recorded")])
        text.note(on_record.why_not("attempts"))
        return
    if not len(waiting.waiting(filters, promise)):
        kept = {"view": "call", **waiting.in_address(promise)}
        text.headline(["Nobody waits for a call"])
        widen.empty(
            "No open lead before SQL waits to be reached",
            widen.ways(filters, lambda chosen: len(waiting.waiting(chosen, promise)), "leads", kept),
            "As the data end, no lead of this history is an MQL or SAL, open, and not reached yet.",
        )
        return
    if figures.is_timeless():
        text.headline(["These data hold ", text.Bold("no times"), ": who waits longest, and for whom a promise runs out, cannot be told"])
        return
    _list(filters, definition, promise, on_record.has("answers"))


def _list(filters: Filters, definition: Definition | None, promise: Promise, has_contacts: bool) -> None:
    told = calls.judge(found := waiting.waiting(filters, promise), promise.calls, promise.emails, _signs_of(filters, found, definition))
    owner = _choose_owner(told)
    mine = np.ones(len(found), np.bool_) if owner == _ALL else _is_of(told, owner)
    counts = told.counts(mine)
    text.headline(call_words.headline(counts, "" if owner == _ALL else _name(owner), told.signs is not None))
    about = data.history().about
    asked = [f"As of {wording.instant(about.data_through, about.time_zone)}, the end of the data", *filters.sentence().split(" · ")[1:-1]]
    text.note(" · ".join(asked))
    for note in call_words.terms(definition, told.signs is not None, bool(_acts()), promise.in_words(), HOT_DAYS):
        text.note(note)
    for note in (*call_words.unknown(_has_owners(), has_contacts), *on_record.limits("touches", "owners")):
        text.note(note)
    if moved := int((found.was_moved & mine & told.is_in(*calls.LISTED)).sum()):
        text.note(call_words.moved(moved))
    text.figure_strip(call_words.strip(counts, told.signs is not None, _href, has_contacts))
    text.note(call_words.left_out(counts, _href, has_contacts))
    _rows(told, mine)
    if owner == _ALL:
        _owners(told)
    panels.how_computed(
        metrics.metric("persistence/waiting"),
        formula="Open before SQL in its last pass, and no touch of that pass reached it. " + call_words.HOW,
        limits=f"The rep is the one who has the lead as the data end. Data through {wording.day(about.data_through)}; nothing after it is known: "
        "who was called since then stays on the list until the next import.",
    )


# What is asked


def _acts() -> tuple[str, ...]:
    return tuple(desk.stage().facts.events.kinds)


def _signs_of(filters: Filters, found: calls.Waiting, definition: Definition | None) -> Signs | None:
    if definition is None:
        return None
    return data.workspace().signs(definition, found.lead, repr(filters))


def _has_owners() -> bool:
    """Whether the history says who has a lead."""
    return on_record.has("owners") and not on_record.of_won_alone("owners") and bool((ground.open_before() >= 0).any())


def _is_of(told: Calls, owner: str) -> np.ndarray:
    """(n) whether the lead is this rep's now; NOBODY: whether nobody has it."""
    owners = told.waiting.owner
    return (owners.is_null() if owner == NOBODY else owners.eq_missing(owner)).to_numpy()


def _name(owner: str | None) -> str:
    if owner in (None, NOBODY):
        return "No owner"
    return waiting.reps().get(owner, (owner, ""))[0]


def _choose_owner(told: Calls) -> str:
    """Whose calls: a rep's id, NOBODY or _ALL. Kept in the address by the id, for the counts beside the names change."""
    if not _has_owners():
        return _ALL
    table = calls.by_owner(told)
    counts = {NOBODY if row["owner"] is None else row["owner"]: row["in_all"] for row in table.to_dicts()}
    asked = st.query_params.get("who", _ALL)
    if asked not in (_ALL, *counts):  # has no lead here, with these filters
        counts[asked] = 0
    names = [_ALL, *sorted(counts, key=lambda owner: (owner == NOBODY, _name(owner).casefold(), owner))]

    def shown(owner: str) -> str:
        return "All reps" if owner == _ALL else f"{wording.shortened(_name(owner), 40)} · {wording.count(counts[owner])}"

    key = "call.who"
    if key not in st.session_state or st.session_state.get("call.who.asked") != asked:  # the address was changed, by a link or by a row
        st.session_state[key] = asked
    with frame.bar():
        chosen = st.selectbox("Whose calls", names, format_func=shown, key=key, width=230) or _ALL
    st.session_state["call.who.asked"] = chosen
    if chosen != asked:
        address.tell("who", chosen)
    return chosen


def _href(group: str) -> str:
    """The list of one group, in the same look."""
    kept = {name: st.query_params.get(name) for name in ("draft", "who", "calls", "emails", "days", "percent") if st.query_params.get(name)}
    return filter_bar.link("leads", view="call", due=group, **kept)


# What is shown


def _rows(told: Calls, mine: np.ndarray) -> None:
    asked = st.query_params.get("due", "")
    chosen = call_words.PARTS.get(asked, calls.LISTED)
    places = told.places(*chosen, mask=mine)
    named = call_words.IN_WORDS.get(asked, "in order of urgency")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text.subheading([text.Bold(wording.plural(len(places), "lead")), f" · {named}"])
        if asked in call_words.PARTS:
            st.button("Show the whole list", key="call.whole", type="tertiary", on_click=lambda: st.query_params.pop("due", None))
    if not len(places):
        text.empty_state("No lead here", call_words.why_none(told.counts(mine), asked in call_words.PARTS))
        return
    text.note(
        (f"The first {_SHOWN} are shown; the download holds all. " if len(places) > _SHOWN else "") + "A click on a lead opens its story.",
    )
    leads_table.table(_listed(told, places[:_SHOWN], False), "leads.call", lambda: _listed(told, places, True))


def _listed(told: Calls, places: np.ndarray, is_export: bool) -> pl.DataFrame:
    """The rows of the list, in their order; of the file, with the group and the deadline in words and the owner's team."""
    found, zone = told.waiting, data.history().about.time_zone
    owners = found.owner.gather(pl.Series(places, dtype=pl.UInt32)).to_list()
    has_owners, is_dated = _has_owners(), figures.is_dated()
    due = _instants(told.deadline[places])
    own = pl.DataFrame(
        {
            "lead_no": found.lead[places],
            "urgency": pl.Series([why_call.why(told, int(n), has_owners=has_owners, is_dated=is_dated) for n in places], dtype=pl.String),
            "next_due_at": due,
            "rep": pl.Series([None if owner is None else _name(owner) for owner in owners], dtype=pl.String),
            "attempts": found.attempts[places],
            "last_touch_at": _instants(found.touched[places]),
            "last_sign_at": _instants(np.full(len(places), NOT_YET, np.int64) if told.signs is None else told.signs.at[places]),
            "handed_over_at": _instants(found.handed[places]),
            "pass_no": found.pass_no[places],
        }
    )
    more = pl.DataFrame(
        {
            "lead_no": found.lead[places],
            "group": pl.Series([NAMES[calls.GROUPS[number]] for number in told.group[places]], dtype=pl.String),
            "due": pl.Series([wording.instant(at, zone) for at in due], dtype=pl.String),
            "rep_id": pl.Series(owners, dtype=pl.String),
            "team": pl.Series([waiting.reps().get(owner, ("", ""))[1] or None for owner in owners], dtype=pl.String),
        }
    )
    who = data.screen("call_sheet", lead_nos=found.lead[places].tolist())
    rows = own.join(who, on="lead_no", how="left", maintain_order="left")
    first = ["lead_id", "urgency", "next_due_at", "rep", "company", "phone", "email", "job_title"]
    if not is_export:
        return rows.select(*first, "attempts", "last_touch_at", "last_sign_at", "handed_over_at", "source", "pass_no")
    return rows.join(more, on="lead_no", how="left", maintain_order="left").select(
        "lead_id", "group", "urgency", "due", *first[2:], "rep_id", "team", "attempts", "last_touch_at", "last_sign_at", "handed_over_at", "source",
        "pass_no",
    )  # fmt: skip


def _instants(at: np.ndarray) -> pl.Series:
    return pl.Series(at).set(pl.Series((at == NOT_YET) | (at == calls.NEVER)), None).cast(pl.Datetime("us"))


def _owners(told: Calls) -> None:
    """Reps with what each has to do; a click on a row lists the rep's leads alone."""
    rows = calls.by_owner(told)
    if rows.height < 2:
        return
    text.subheading("By rep")
    text.note("A click on a row lists that rep's leads alone. Reps get different leads: this says what is to be done, not who does well.")
    names = [_name(owner) for owner in rows["owner"]]
    shown = rows.select(
        pl.Series("Rep", names, dtype=pl.String),
        pl.Series("Team", [waiting.reps().get(owner, ("", ""))[1] or None for owner in rows["owner"]], dtype=pl.String),
        *([pl.col("hot").alias("Hot, never tried")] if told.signs is not None else []),
        pl.col("untried").alias("Others never tried" if told.signs is not None else "Never tried"),
        pl.col("due").alias("More due"),
        pl.col("missed").alias("Tried too little"),
        pl.col("in_all").alias("On the list"),
        pl.col("neglected").alias("Neglected"),
    )
    event = st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height="content" if shown.height < 16 else 560,
        placeholder="",
        column_config={name: st.column_config.NumberColumn(format="localized") for name, kind in shown.schema.items() if kind.is_numeric()},
        key=f"call.reps.{st.session_state.get('call.rep', 0)}",  # a new table after each choice: the way back does not choose again
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
    )
    panels.download(shown.with_columns(pl.Series("Rep id", rows["owner"])), "calls by rep", key="call.reps.csv")
    if (picked := panels.picked_row(event)) is not None:
        st.session_state["call.rep"] = st.session_state.get("call.rep", 0) + 1
        address.tell("who", rows["owner"][picked] or NOBODY)
        st.rerun()
