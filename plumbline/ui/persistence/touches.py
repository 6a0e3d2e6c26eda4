"""Looks at the touches themselves: calls by emails, attempts in all, the first week, the gaps between attempts."""

from __future__ import annotations

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, on_record, panels, text, theme, widen
from plumbline.ui.persistence import passes
from plumbline.ui.persistence.scene import SURVIVORS, Scene, count, many
from plumbline.ui.persistence.words import CHANCES


def matrix(scene: Scene) -> None:
    steps = on_record.steps()
    became, within = steps.became("sql"), steps.days_to("sql")
    rows = data.metric("persistence/matrix", scene.filters, days=scene.promise.days, sql_days=within)
    calls, emails = min(scene.promise.calls, 6), min(scene.promise.emails, 6)
    got = rows.filter((pl.col("calls") >= calls) & (pl.col("emails") >= emails))["leads"].sum()
    n = rows["leads"].sum()
    if not n:
        widen.empty(f"No lead has had the {scene.promise.days} days of the promise", [], "Choose an earlier period: these are too young.")
        return
    picked = panels.chart(
        charts.touch_matrix(rows, mode=theme.mode(), calls=calls, emails=emails, became=became),
        "matrix",
        rows,
        charts.touch_matrix_alt(rows, calls=calls, emails=emails),
        title=f"{wording.count(got)} of {wording.count(n)} leads got all the calls and emails promised",
        headings={
            "calls": "Calls (6: or more)",
            "emails": "Emails (6: or more)",
            "leads": "Leads",
            "old_enough": "Old enough to tell",
            "qualified": wording.words(became),
            "rate": "Share of those old enough",
        },
        file="calls and emails",
        subtitle=f"Calls and emails in the first {scene.promise.days} days after the hand-over to a rep; most others were reached or left before. "
        f"In each field the share that {became} within {wording.decimal(within)} days, of leads at least so old; under {MINIMUM_N} none. "
        "Click one to see its leads.",
    )
    text.note(SURVIVORS)
    if picked:
        call, email = int(picked[0]), int(picked[1])
        wanted = count("calls", call) & count("emails", email) & pl.col("is_mature")
        passes.listed(scene.filters, scene.promise, wanted, f"{many(call, 'call')} and {many(email, 'email')}", "matrix")


def total(scene: Scene) -> None:
    steps = on_record.steps()
    goals = {name: wording.stage_short(steps.stands(name)) for name in ("sql", "won") if name not in steps.unrecorded}
    if steps.stands("sql") == "won":
        goals.pop("sql", None)
    if not goals:
        widen.empty("What became of leads is not recorded", [], "Neither an SQL nor a won deal is recorded in these data.")
        return
    usual = next(iter(goals))
    goal = st.segmented_control("Counts as success", list(goals), default=usual, format_func=goals.get, key="goal", bind="query-params") or usual
    within = int(steps.days_to(goal))
    rows = data.metric("persistence/by_attempts", scene.filters, goal=goal, within_days=within)
    if rows.is_empty():
        widen.empty(f"No lead had {within} days to {steps.become(goal)}", [], "Choose an earlier period: these are too young.")
        return
    shown = _pooled(rows, 10)
    done = f"reached {goals[goal]}" + ("" if scene.is_timeless else f" within {within} days")
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


def week(scene: Scene) -> None:
    rows = data.metric("persistence/first_week", scene.filters)
    if rows.is_empty():
        widen.empty("No lead came in at least a week before the data end", [], "Choose an earlier period.")
        return
    none = rows.filter(pl.col("calls") == 0)["leads"].sum()
    shown = rows.select(
        pl.Series("value", [many(number, "call") for number in rows["calls"]]), pl.col("reached").alias("k"), pl.col("leads").alias("n")
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
            scene.filters, scene.promise, count("first_week_calls", number) & passes.old(7, "start_us"), f"{picked[0]} in the first week", "week"
        )


def cadence(scene: Scene) -> None:
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
