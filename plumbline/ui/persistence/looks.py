"""The second half of the Persistence screen: one closer look at a time. Only the one that is open is computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.filters import Filters
from plumbline.statistics import MINIMUM_N
from plumbline.statistics.persistence import GiveUpPoint, give_up_point, if_everyone_got
from plumbline.statistics.shrinkage import shrunk_shares
from plumbline.ui import data, panels, text, theme, widen
from plumbline.ui.persistence import passes
from plumbline.ui.persistence.terms import Promise
from plumbline.ui.persistence.words import CHANCES, rates_differ
from plumbline.ui.speed import ground

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
_NEED_CONTACTS = ("more", "stop", "sequence")
_NEED_TIMES = ("matrix", "week", "cadence", "meetings", "by")
SURVIVORS = (
    "Mind who is in which group: a lead that was reached early needs no more calls, and one that seems promising gets more. "
    "So this is no reason to call less, or more: the chance per attempt is the fair comparison."
)
_SEED = 20_261_114
MEETINGS = {
    "held": "held at once",
    "missed_then_held": "missed, held later",
    "missed_set_anew": "missed, set anew within 7 days",
    "missed_left": "missed and left",
    "not_held_yet": "booked or cancelled only",
}


@dataclass(frozen=True)
class Scene:
    """What every look is about. found: the rows of persistence/attempts. has_contacts: some touch says that it reached the lead; is_timeless: all
    stands at one instant."""

    filters: Filters
    promise: Promise
    found: pl.DataFrame
    has_contacts: bool
    is_timeless: bool


def show(scene: Scene) -> None:
    """The choice of a look, then that look."""
    st.space("small")
    hidden = (() if scene.has_contacts else _NEED_CONTACTS) + (_NEED_TIMES if scene.is_timeless else ())
    looks = {name: words for name, words in LOOKS.items() if name not in hidden}
    first = next(iter(looks)) if scene.has_contacts else "total"
    look = st.segmented_control("Look closer", list(looks), default=first, format_func=looks.get, key="persisted", bind="query-params") or first
    {
        "more": _more,
        "stop": _stop,
        "matrix": _matrix,
        "total": _total,
        "week": _week,
        "cadence": _cadence,
        "sequence": _sequence,
        "meetings": _meetings,
        "by": _by,
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
    currency = data.history().about.currency
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        cost = st.number_input(f"Cost of one attempt, {currency or 'money'}", 0.01, 100_000.0, 15.0, key="cost", bind="query-params", width=230)
        value = st.number_input(f"Value of one SQL, {currency or 'money'}", 0.01, 10_000_000.0, 500.0, key="worth", bind="query-params", width=230)
    contact = data.metric("persistence/after_contact", scene.filters).row(0, named=True)
    point = give_up_point(scene.found, (contact["qualified"], contact["reached"]), value, cost, np.random.default_rng(_SEED))
    if point.is_too_few:
        widen.empty(
            "Too few to say from where on an attempt no longer pays",
            [],
            f"It takes {MINIMUM_N} leads tried, and {MINIMUM_N} reached long enough ago to have become an SQL.",
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
        subtitle=f"An attempt pays while its chance of contact × {wording.share(point.p_sql)} SQLs per contact "
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


def _matrix(scene: Scene) -> None:
    rows = data.metric("persistence/matrix", scene.filters, days=scene.promise.days)
    calls, emails = min(scene.promise.calls, 6), min(scene.promise.emails, 6)
    got = rows.filter((pl.col("calls") >= calls) & (pl.col("emails") >= emails))["leads"].sum()
    n = rows["leads"].sum()
    if not n:
        widen.empty(f"No lead has had the {scene.promise.days} days of the promise", [], "Choose an earlier period: these are too young.")
        return
    picked = panels.chart(
        charts.touch_matrix(rows, mode=theme.mode(), calls=calls, emails=emails),
        "matrix",
        rows,
        charts.touch_matrix_alt(rows, calls=calls, emails=emails),
        title=f"{wording.count(got)} of {wording.count(n)} leads got all the calls and emails promised",
        headings={
            "calls": "Calls (6: or more)",
            "emails": "Emails (6: or more)",
            "leads": "Leads",
            "old_enough": "Old enough for an SQL",
            "qualified": "Became an SQL",
            "rate": "Share of those old enough",
        },
        file="calls and emails",
        subtitle=f"Calls and emails in the first {scene.promise.days} days after the hand-over to a rep; most others were reached or left before. "
        f"In each field the share that became an SQL within 59 days, of leads at least so old; under {MINIMUM_N} none. Click one to see its leads.",
    )
    text.note(SURVIVORS)
    if picked:
        call, email = int(picked[0]), int(picked[1])
        wanted = _count("calls", call) & _count("emails", email) & pl.col("is_mature")
        passes.listed(scene.filters, scene.promise, wanted, f"{_many(call, 'call')} and {_many(email, 'email')}", "matrix")


def _count(name: str, number: int) -> pl.Expr:
    return pl.col(name) >= 6 if number == 6 else pl.col(name) == number


def _many(number: int, word: str) -> str:
    return f"6 or more {word}s" if number == 6 else wording.plural(number, word)


def _total(scene: Scene) -> None:
    goals = {"sql": "SQL", "won": "Won"}
    goal = st.segmented_control("Counts as success", list(goals), default="sql", format_func=goals.get, key="goal", bind="query-params") or "sql"
    within = 59 if goal == "sql" else 284
    rows = data.metric("persistence/by_attempts", scene.filters, goal=goal, within_days=within)
    if rows.is_empty():
        widen.empty(
            f"No lead had {within} days to become {'an SQL' if goal == 'sql' else 'a customer'}", [], "Choose an earlier period: these are too young."
        )
        return
    shown = _pooled(rows, 10)
    done = f"reached {goals[goal]} within {within} days"
    with st.container(key="heat"):
        left, right = st.columns(2, gap="medium")
    with left:
        picked = panels.chart(
            charts.ordered_shares(shown, mode=theme.mode(), done=done),
            "total",
            rows,
            charts.ordered_shares_alt(shown, done=done),
            title=_peak(shown),
            headings={
                "attempts": "Attempts in all",
                "leads": "Leads",
                "converted": f"Reached {goals[goal]}",
                "rate": "Share",
                "at_risk": "Leads with at least so many",
                "hazard": "Share of these",
                "low": "Likely from",
                "high": "Likely to",
            },
            file=f"{goals[goal]} by attempts in all",
            subtitle=f"Share that {done}, of leads that got just so many attempts in the end; {wording.count(rows['leads'].sum())} old enough. "
            "Click a point to see its leads.",
        )
    with right:
        hazard = _per_attempt(rows)
        panels.chart(
            charts.attempt_hazards(hazard, mode=theme.mode(), of="with at least so many attempts", done=f"{done} with no further one"),
            "total_hazard",
            hazard,
            charts.attempt_hazards_alt(hazard),
            title=f"After just this attempt: {_ends(hazard)}",
            headings=CHANCES | {"at_risk": "Leads with at least so many", "contacted": f"{goals[goal]} with no further one", "hazard": "Share"},
            file=f"{goals[goal]} after just this attempt",
            subtitle=f"Of the leads with at least so many attempts, the share that {done} with no further attempt.",
            is_clickable=False,
        )
    text.note(SURVIVORS)
    if picked:
        number = shown["attempts"].to_list()[shown["value"].to_list().index(picked[0])]
        wanted = pl.col("attempts") >= number if picked[0].endswith("more attempts") else pl.col("attempts") == number
        passes.listed(scene.filters, scene.promise, wanted & passes.old(within, "opened_us"), f"with {picked[0]}, old enough to tell", "total")


def _per_attempt(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of persistence/by_attempts as the chart of chances per attempt reads them."""
    told = rows.filter(pl.col("attempts") > 0)
    return told.select(pl.col("attempts").alias("attempt"), "at_risk", pl.col("converted").alias("contacted"), "hazard", "low", "high").head(15)


def _ends(hazard: pl.DataFrame) -> str:
    shown = hazard.filter(pl.col("hazard").is_not_null())
    if shown.is_empty():
        return "too few to say"
    first, last = shown.row(0, named=True), shown.row(-1, named=True)
    return f"{wording.share(first['hazard'])} at attempt {first['attempt']}, {wording.share(last['hazard'])} at {last['attempt']}"


def _pooled(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Rows of persistence/by_attempts with the last ones together: attempts, value, k, n."""
    pooled = (
        rows.with_columns(pl.col("attempts").clip(upper_bound=most)).group_by("attempts").agg(pl.col("leads", "converted").sum()).sort("attempts")
    )
    words = [
        f"{most} or more attempts" if number == most else "no attempt" if not number else wording.plural(number, "attempt")
        for number in pooled["attempts"]
    ]
    return pooled.with_columns(pl.Series("value", words)).rename({"converted": "k", "leads": "n"})


def _peak(shown: pl.DataFrame) -> str:
    enough = shown.filter((pl.col("n") >= MINIMUM_N) & (pl.col("attempts") > 0)).with_columns(rate=pl.col("k") / pl.col("n"))
    if enough.height < 2:
        return "Too few leads to compare by attempts"
    first, last = enough.row(0, named=True), enough.row(-1, named=True)
    return f"{wording.share(first['rate'])} of those with {first['value']}, {wording.share(last['rate'])} of those with {last['value']}"


def _week(scene: Scene) -> None:
    rows = data.metric("persistence/first_week", scene.filters)
    if rows.is_empty():
        widen.empty("No lead came in at least a week before the data end", [], "Choose an earlier period.")
        return
    none = rows.filter(pl.col("calls") == 0)["leads"].sum()
    shown = rows.select(
        pl.Series("value", [_many(number, "call") for number in rows["calls"]]), pl.col("reached").alias("k"), pl.col("leads").alias("n")
    )
    picked = panels.chart(
        charts.ordered_shares(shown, mode=theme.mode(), done="were reached in that week"),
        "week",
        rows,
        charts.ordered_shares_alt(shown, done="reached in the first week"),
        title=f"{wording.share(none / rows['leads'].sum())} of {wording.count(rows['leads'].sum())} leads get no call in their first week",
        headings={"calls": "Calls (6: or more)", "leads": "Leads", "reached": "Reached in that week", "share": "Share of all leads"},
        file="calls in the first week",
        subtitle="Leads by calls in the seven days after the hand-over to a rep, and the share reached in that week by any touch. "
        "A lead reached by the first call needs no second: the shares are no effect of calling more. Click a point to see its leads.",
    )
    if picked:
        number = rows["calls"].to_list()[shown["value"].to_list().index(picked[0])]
        passes.listed(
            scene.filters, scene.promise, _count("first_week_calls", number) & passes.old(7, "start_us"), f"{picked[0]} in the first week", "week"
        )


def _cadence(scene: Scene) -> None:
    rows = data.metric("persistence/gaps", scene.filters)
    enough = rows.filter(pl.col("n") >= MINIMUM_N)
    if enough.is_empty():
        widen.empty("Too few leads were tried twice to say how long the gaps are", [], f"It takes {MINIMUM_N} leads with a second attempt.")
        return
    first, last = enough.row(0, named=True), enough.row(-1, named=True)
    tail = f", {wording.duration(last['median'])} before attempt {last['attempt'] + 1}" if last["attempt"] != first["attempt"] else ""
    text.chart_title(
        f"Half of the second attempts come within {wording.duration(first['median'])} of the first{tail}",
        f"Time from one attempt to the next, of leads not reached in between. Under {MINIMUM_N} leads left out.",
    )
    st.dataframe(
        enough.select(
            pl.Series("Between attempts", [f"{attempt} and {attempt + 1}" for attempt in enough["attempt"]]),
            pl.Series("Half within", [wording.duration(value) for value in enough["median"]]),
            pl.Series("9 of 10 within", [wording.duration(value) for value in enough["p90"]]),
            pl.col("n").alias("Leads"),
        ),
        hide_index=True,
        width="stretch",
        height="content",
        key="gaps.table",
    )
    named = {"attempt": "After attempt", "n": "Leads", "median": "Half within, seconds", "p90": "9 of 10 within, seconds"}
    panels.download(rows.rename(named), "gaps between attempts", key="gaps.csv")


def _sequence(scene: Scene) -> None:
    rows = data.metric("persistence/sequences", scene.filters).filter(pl.col("at_risk") >= MINIMUM_N)
    if rows.is_empty():
        widen.empty("Too few leads were tried to compare channels", [], f"It takes {MINIMUM_N} leads tried in the same order.")
        return
    shown = pl.concat([rows.filter(pl.col("attempt") == attempt).head(5) for attempt in (1, 2, 3)])
    shown = shown.select(
        pl.col("sequence").str.replace_all(" > ", " → ", literal=True).alias("value"), pl.col("contacted").alias("k"), pl.col("at_risk").alias("n")
    )
    panels.chart(
        charts.ordered_shares(shown, mode=theme.mode(), done="were reached by the last attempt of the row"),
        "sequences",
        rows,
        charts.ordered_shares_alt(shown, done="reached by the last attempt of the row"),
        title=_sequence_title(rows),
        headings=CHANCES | {"sequence": "Attempts in this order", "attempt": "How many", "at_risk": "Leads", "contacted": "Reached by the last"},
        file="sequences of channels",
        subtitle="In each row only leads that the attempts before had not reached; the share that the last attempt of the row reached. "
        "Channels are chosen by reps and by what is known of a lead: an association.",
        is_clickable=False,
    )


def _sequence_title(rows: pl.DataFrame) -> str:
    first = {row["sequence"]: row for row in rows.filter(pl.col("attempt") == 1).to_dicts()}
    if not {"call", "email"} <= first.keys():
        return "Which order of channels reaches leads?"
    call, email = first["call"], first["email"]
    told = (
        f"{wording.share(call['hazard'])} of {wording.count(call['at_risk'])}",
        f"{wording.share(email['hazard'])} of {wording.count(email['at_risk'])}",
    )
    if not rates_differ(call["contacted"], call["at_risk"], email["contacted"], email["at_risk"]):
        return f"A first call reaches {told[0]}, a first email {told[1]}: no more than chance apart"
    return f"A first call reaches {told[0]}, a first email {told[1]}"


def _meetings(scene: Scene) -> None:
    rows = data.metric("persistence/no_shows", scene.filters)
    counts = dict(rows.select("kind", "leads").iter_rows())
    missed = counts["missed_then_held"] + counts["missed_set_anew"] + counts["missed_left"]
    if not rows["leads"].sum():
        widen.empty("No meeting is on record", [], "Touches with the outcome booked, held, no_show, rescheduled or cancelled would tell of meetings.")
        return
    shown = rows.filter(pl.col("leads") > 0).select(
        pl.col("kind").replace(MEETINGS).alias("value"), pl.col("qualified").alias("k"), pl.col("leads").alias("n")
    )
    title = f"{wording.count(missed)} of {wording.count(rows['leads'].sum())} leads with a meeting missed one; "
    title += f"{wording.count(counts['missed_left'])} of those were left there"
    picked = panels.chart(
        charts.ordered_shares(shown, mode=theme.mode(), done="became an SQL so far"),
        "meetings",
        shown,
        charts.ordered_shares_alt(shown, done="became an SQL so far"),
        title=title if missed else f"None of {wording.plural(rows['leads'].sum(), 'lead')} with a meeting missed it",
        headings={"value": "What became of the meeting", "k": "Became an SQL so far", "n": "Leads"},
        file="missed meetings",
        subtitle="Leads by what became of their last missed meeting, and the share that became an SQL so far. "
        "Left: none held after it and none set anew within 7 days. Who is set anew is chosen: an association. Click a point to see its leads.",
    )
    if picked:
        kind = next(kind for kind, words in MEETINGS.items() if words == picked[0])
        numbers = data.metric("persistence/meetings", scene.filters).filter(pl.col("kind") == kind)["episode_no"].to_numpy()
        passes.show(numbers, f"whose meeting was {picked[0]}" if kind == "held" else picked[0], "meetings")


def _by(scene: Scene) -> None:
    """The promise by rep, team or another attribute: shares drawn together where there are few leads."""
    options = [name for name, values in data.field_options().items() if 2 <= len(values) <= 200]
    if not options:
        widen.empty("There is nothing to compare", [], "No attribute of this history has between 2 and 200 values.")
        return
    usual = next((options.index(name) for name in ("rep", "team", "source") if name in options), 0)
    field = st.selectbox(
        "Compare", options, usual, format_func=lambda name: name.replace("_", " "), key="promised_by", bind="query-params", width=260
    )
    rows = data.metric("persistence/promise_by", scene.filters, **scene.promise.parameters, by=field).filter(pl.col("mature") > 0)
    if rows.is_empty():
        widen.empty(f"No lead has had the {scene.promise.days} days of the promise", [], "Choose an earlier period: these are too young.")
        return
    names = ground.rep_labels() if field == "rep" else {}
    missing = "no rep" if field in ("rep", "team") else "not known"
    words = [missing if value is None else names.get(value, value) for value in rows["value"]]
    shown = rows.select(pl.Series("value", words), pl.col("kept").alias("k"), pl.col("mature").alias("n"))
    shown = shown.sort(pl.col("n") < MINIMUM_N, -pl.col("k") / pl.col("n")).head(30)
    panels.chart(
        charts.ordered_shares(shown, mode=theme.mode(), done="had the promise kept"),
        "promised_by_chart",
        rows.with_columns(pl.Series("value", words)),
        charts.ordered_shares_alt(shown, done="promise kept"),
        title=_by_title(shown, field, missing),
        headings={
            "value": wording.words(field),
            "leads": "Leads",
            "mature": "Old enough to tell",
            "kept": "Promise kept",
            "share": "Share kept",
            "untried": "Not tried at all",
        },
        file=f"promise kept by {field.replace('_', ' ')}",
        subtitle=f"Share of those old enough for whom the promise was kept, or no longer needed, by {field.replace('_', ' ')}; best first, with 95 % "
        f"intervals. Under {MINIMUM_N}: too few to say. For managers: reps get different leads.",
        is_clickable=False,
    )


def _by_title(shown: pl.DataFrame, field: str, missing: str) -> str:
    known = shown.filter((pl.col("value") != missing) & (pl.col("n") > 0))
    field = field.replace("_", " ")
    if known.height < 2:
        return f"Does {field} make a difference?"
    found = shrunk_shares(known["k"].to_numpy(), known["n"].to_numpy())
    told = found.table.filter(~pl.col("is_too_few"))
    if told.height < 2:
        return f"Too few leads to compare by {field}"
    low, high = wording.share(told["shrunk"].min()), wording.share(told["shrunk"].max())
    return f"{wording.words(field)} makes no difference beyond chance" if found.is_alike else f"By {field}, the promise is kept for {low} to {high}"
