"""Looks at what came of it: orders of channels, missed meetings, and the promise by rep or segment."""

from __future__ import annotations

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.statistics import MINIMUM_N
from plumbline.statistics.shrinkage import shrunk_shares
from plumbline.ui import data, on_record, panels, theme, widen
from plumbline.ui.persistence import passes
from plumbline.ui.persistence.scene import Scene
from plumbline.ui.persistence.words import CHANCES, rates_differ
from plumbline.ui.speed import ground

MEETINGS = {
    "held": "held at once",
    "missed_then_held": "missed, held later",
    "missed_set_anew": "missed, set anew within 7 days",
    "missed_set_anew_late": "missed, set anew after more than 7 days",
    "missed_called_off": "missed, then called off",
    "missed_left": "missed and left",
    "missed_lately": "missed in the last 7 days",
    "not_held_yet": "booked or cancelled only",
}


def sequence(scene: Scene) -> None:
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


def meetings(scene: Scene) -> None:
    rows = data.metric("persistence/no_shows", scene.filters)
    counts = dict(rows.select("kind", "leads").iter_rows())
    missed = sum(n for kind, n in counts.items() if kind.startswith("missed"))
    if not rows["leads"].sum():
        widen.empty("No meeting is on record", [], "Touches with the outcome booked, held, no_show, rescheduled or cancelled would tell of meetings.")
        return
    shown = rows.filter(pl.col("leads") > 0).select(
        pl.col("kind").replace(MEETINGS).alias("value"), pl.col("qualified").alias("k"), pl.col("leads").alias("n")
    )
    became = on_record.steps().became("sql")
    title = f"{wording.count(missed)} of {wording.count(rows['leads'].sum())} leads with a meeting missed one; "
    title += f"{wording.count(counts['missed_left'])} of those were left there"
    title += f", {wording.count(counts['missed_lately'])} may still be set anew" if counts["missed_lately"] else ""
    picked = panels.chart(
        charts.ordered_shares(shown, mode=theme.mode(), done=f"{became} so far"),
        "meetings",
        shown,
        charts.ordered_shares_alt(shown, done=f"{became} so far"),
        title=title if missed else f"None of {wording.plural(rows['leads'].sum(), 'lead')} with a meeting missed it",
        headings={"value": "What became of the meeting", "k": f"{wording.words(became)} so far", "n": "Leads"},
        file="missed meetings",
        subtitle=f"Leads by what became of their last missed meeting, and the share that {became} so far. "
        "Left: nothing about a meeting is on record after it, and the 7 days for a new date are over. Who is set anew is chosen: an association. "
        "Click a point to see its leads.",
    )
    if picked:
        kind = next(kind for kind, words in MEETINGS.items() if words == picked[0])
        numbers = data.metric("persistence/meetings", scene.filters).filter(pl.col("kind") == kind)["episode_no"].to_numpy()
        passes.show(numbers, f"whose meeting was {picked[0]}" if kind == "held" else picked[0], "meetings")


def by(scene: Scene) -> None:
    """The promise by rep, team or another attribute: shares drawn together where there are few leads."""
    options = data.breakdown_options()
    if not options:
        widen.empty("There is nothing to compare", [], "No attribute of this history has between 2 and 200 values.")
        return
    usual = data.usual_breakdown(options, "rep", "team", "source")
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
