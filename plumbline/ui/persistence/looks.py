"""The second half of the Persistence screen: one closer look at a time. Only the one that is open is computed."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.filters import Filters
from plumbline.statistics import MINIMUM_N
from plumbline.statistics.persistence import GiveUpPoint, give_up_point, if_everyone_got
from plumbline.ui import address, data, on_record, panels, text, theme, widen
from plumbline.ui.persistence import outcomes, passes, touches
from plumbline.ui.persistence.scene import Scene
from plumbline.ui.persistence.terms import Promise
from plumbline.ui.persistence.words import CHANCES

LOOKS = {
    "more": "If everyone got more",
    "stop": "When to stop",
    "matrix": "Calls and emails",
    "total": "By attempts in all",
    "week": "First week",
    "cadence": "Gaps",
    "sequence": "Sequences",
    "meetings": "Missed meetings",
    "by": "By segment",
}
_NEED_CONTACTS = ("more", "stop", "sequence", "by")
_NEED_SQLS = ("stop", "matrix", "total")  # they hold tries against SQLs
_NEED_TIMES = ("matrix", "week", "cadence", "meetings", "by")
_SEED = 20_261_114


def show(scene: Scene) -> None:
    """The choice of a look, then that look."""
    st.space("small")
    hidden = (() if scene.has_contacts else _NEED_CONTACTS) + (_NEED_TIMES if scene.is_timeless else ())
    hidden += _NEED_SQLS if "sql" in on_record.steps().unrecorded else ()
    looks = {name: words for name, words in LOOKS.items() if name not in hidden}
    if not looks:
        return
    first = "total" if not scene.has_contacts and "total" in looks else next(iter(looks))
    look = st.segmented_control("Look closer", list(looks), default=first, format_func=looks.get, key="persisted", bind="query-params") or first
    {
        "more": _more,
        "stop": _stop,
        "matrix": touches.matrix,
        "total": touches.total,
        "week": touches.week,
        "cadence": touches.cadence,
        "sequence": outcomes.sequence,
        "meetings": outcomes.meetings,
        "by": outcomes.by,
    }[look](scene)


def of_attempt(filters: Filters, promise: Promise, attempt: int) -> None:
    """The leads that got attempt k without having been reached before."""
    named = "tried at least once" if attempt == 1 else f"tried {attempt} times or more before anybody had reached them"
    passes.listed(filters, promise, pl.col("tried") >= attempt, named, "attempt")


def _more(scene: Scene) -> None:
    told = data.metric("persistence/tried", scene.filters)
    band = if_everyone_got(*(told[name].to_numpy() for name in ("tried", "contact_attempt", "is_given_up", "n")))
    if band.is_empty():
        widen.empty("Too few leads were tried to say what more attempts would bring", [], f"It takes {MINIMUM_N} leads with an attempt.")
        return
    panels.chart(
        charts.if_everyone_got(band, mode=theme.mode()),
        "everyone",
        band,
        charts.if_everyone_got_alt(band),
        title=_more_title(band, told),
        headings={
            "attempt": "Attempts for everyone",
            "at_risk": "Leads that got so many",
            "pessimistic": "Reached if those given up are beyond reach",
            "pessimistic_low": "Likely from",
            "pessimistic_high": "Likely to",
            "optimistic": "Reached if they are like the others",
            "optimistic_low": "Then likely from",
            "optimistic_high": "Then likely to",
        },
        file="if everyone got more attempts",
        subtitle=f"Share of {wording.count(told['n'].sum())} leads that were tried at all, reached by attempt K if everyone got K. The truth lies "
        "between the lines: nobody knows how those given up would have answered.",
        is_clickable=False,
    )


def _more_title(band: pl.DataFrame, told: pl.DataFrame) -> str:
    row = band.row(-1, named=True)
    span = f"{wording.share(row['pessimistic'])} to {wording.share(row['optimistic'])}"
    today = told.filter(pl.col("contact_attempt").is_between(1, row["attempt"]))["n"].sum() / told["n"].sum()
    return f"Today {wording.share(today)} of those tried are reached; with {row['attempt']} attempts for everyone it would be {span}"


def _stop(scene: Scene) -> None:
    currency, steps = data.history().about.currency, on_record.steps()
    one, many = steps.noun("sql", 1), steps.noun("sql")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        cost = st.number_input(f"Cost of one attempt, {currency or 'money'}", 0.01, 100_000.0, 15.0, key="cost", bind=address.bind("cost"), width=230)
        value = st.number_input(
            f"Value of one {one}, {currency or 'money'}", 0.01, 10_000_000.0, 500.0, key="worth", bind=address.bind("worth"), width=230
        )
    contact = data.metric("persistence/after_contact", scene.filters, sql_days=steps.days_to("sql")).row(0, named=True)
    point = give_up_point(scene.found, (contact["qualified"], contact["reached"]), value, cost, np.random.default_rng(_SEED))
    if point.is_too_few:
        widen.empty(
            "Too few to say from where on an attempt no longer pays",
            [],
            f"It takes {MINIMUM_N} leads tried, and {MINIMUM_N} reached long enough ago to have {steps.become('sql')}.",
        )
        return
    panels.chart(
        charts.attempt_hazards(scene.found, mode=theme.mode(), break_even=point.break_even),
        "stop",
        scene.found,
        charts.attempt_hazards_alt(scene.found),
        title=_stop_title(point),
        headings=CHANCES,
        file="when to stop",
        subtitle=f"An attempt pays while its chance of contact × {wording.share(point.p_sql)} {many} per contact "
        f"(of {wording.count(point.p_sql_n)} reached) × "
        f"{wording.money(value, currency)} is more than {wording.money(cost, currency)}. Both figures are assumed until you set them.",
        is_clickable=False,
    )
    text.note(
        "It takes the leads still being called for the others: those given up may be harder to reach. "
        + ("The chance does not fall from attempt to attempt all along; the point is looked for after its peak." if point.is_rising else "")
    )


def _stop_title(point: GiveUpPoint) -> str:
    span = ""
    if point.low is not None:
        span = f" ({point.low} to {point.high} is likely)" if point.high is not None else f" (perhaps from attempt {point.low} on)"
    if point.attempt is None:
        return f"Every one of the {point.observed} attempts that can be judged pays for itself" + (
            f"; the point may lie at attempt {point.low} or later" if point.low is not None else ""
        )
    if point.attempt == 1:
        return "Not even the first attempt pays for itself at these figures"
    return f"From attempt {point.attempt} on{span} one more no longer pays for itself"
