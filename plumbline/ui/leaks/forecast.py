"""What the open leads should bring: SQLs and won deals to come, each as a span of numbers, and what that rests on."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import streamlit as st

from plumbline import charts, metrics, wording
from plumbline.charts.expected_ahead import span
from plumbline.filters import Filters
from plumbline.steps import ALL, Steps
from plumbline.ui import data, filter_bar, on_record, panels, text, theme, widen
from plumbline.ui.leaks import lists, wider

AHEAD = {30: "30 days", 90: "90 days", 180: "180 days", 0: "In all"}
_BY = {"stage": "By stage", "value": "By source"}
_FIELD = "source"
_HEADINGS = {
    "outcome": "To come",
    "group": "By",
    "name": "Which",
    "open": "Open leads",
    "expected": "On average",
    "low": "Likely from",
    "high": "Likely to",
    "beyond": "Of these, open for longer than others were followed",
    "followed_days": "Followed for, days",
}


def outcomes(steps: Steps) -> dict[str, str]:
    """What can be to come, by what is recorded: SQLs, or what stands for them, and won deals."""
    told = {name: wording.words(steps.noun(name)) for name in ("sql", "won") if name not in steps.unrecorded}
    return {name: words for name, words in told.items() if name == "won" or words != told.get("won")}


def show(filters: Filters) -> None:
    """All leads open now, whenever they were handed over: the period of the filters is left out, and that is said."""
    filters = replace(filters, since=None, until=None)
    by = _FIELD if _FIELD in data.history().fields else None
    told = data.metric("forecast/open", filters, **({"by": by} if by else {}))
    open_ = _open(told)
    if not open_:
        found = wider.ways(filters, lambda chosen: _open(data.metric("forecast/open", chosen)))
        see = text.Link("See how far leads came on the Funnel", filter_bar.link("funnel"))
        widen.empty("No lead is open now with these filters", found, "Every lead was won, or left the funnel.", see)
        return
    if on_record.is_one_instant():
        widen.empty("What the open leads should bring cannot be told", [], on_record.why_no_times(), widen.bring_in("leads with their times"))
        return
    names = outcomes(on_record.steps())
    if not names:
        why = f"{on_record.account().why_stages()}."
        widen.empty("What the open leads should bring cannot be told", [], why, widen.bring_in("what became of leads"))
        return
    told = told.filter(pl.col("outcome").is_in(list(names)))
    if not told["expected"].sum():
        why = f"It takes leads that went on from step to step in the last {_past()}, five and more at each."
        found = wider.ways(filters, _can_tell)
        see = text.Link("See the open leads", filter_bar.link("leaks", sight="Old and dead leads"))
        widen.empty("Too little has been watched to say what the open leads should bring", found, why, see, why)
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        days = st.segmented_control("Within", list(AHEAD), default=90, format_func=AHEAD.get, key="ahead", bind="query-params")
        usual = next(iter(names))
        outcome = st.segmented_control("To come", list(names), default=usual, format_func=names.get, key="to_come", bind="query-params") or usual
        group = "stage"
        if by and told.filter(pl.col("group") == "value").height:
            group = st.segmented_control("Split", list(_BY), default="stage", format_func=_BY.get, key="ahead_by", bind="query-params") or "stage"
    days = 90 if days is None else days
    there = told.filter(pl.col("days").fill_null(0) == days)
    hidden = on_record.steps().hidden
    there = there.filter((pl.col("group") != "stage") | ~pl.col("name").is_in(hidden))
    rows = _rows(there.filter((pl.col("group") == group) & (pl.col("outcome") == outcome)), group)
    picked = panels.chart(
        charts.expected_ahead(rows, mode=theme.mode(), what=on_record.steps().noun(outcome)),
        "expected_ahead",
        there.drop("days").with_columns(pl.col("followed_days").round(0), pl.col("outcome").replace(names)),
        charts.expected_ahead_alt(rows, what=names[outcome]),
        title=headline(there, open_, days, on_record.steps()),
        subtitle=f"{names[outcome]} to come {_within(days)} from the leads that are open now, whenever they were handed over, by "
        f"{'stage' if group == 'stage' else _FIELD}: the bar is the average, the line holds the number in 95 of 100 cases. "
        "Leads that are still to come are not in it. Click a bar to see its leads.",
        headings=_HEADINGS,
        file="to come from the open leads",
    )
    for said in notes(told, days, bool(filters.segments)):
        text.note(said)
    if picked:
        _behind(filters, group, str(picked[0]), by)
    panels.how_computed(
        metrics.metric("forecast/open"),
        formula="For each open lead: the chance to go on from its stage, given how long it has been there, times the chances of the steps after it, "
        "by the days they take; leaving is the other way out. A source goes on or leaves so many times as often as others, drawn towards them where "
        "it has few leads. Expected = sum of these chances. The span adds the luck of each lead, how well the chances are known, and how much they "
        f"moved in the last {_past()}.",
        limits="Leads are taken to go on as others did at the same stage and age; what reps know of a single lead is not in it, nor what is changed "
        "from now on, nor leads that are still to come. A lead's way so far counts only by its stage and age there: where late ones turn out worse "
        f"at later steps, the numbers are high. Data through {wording.day(data.history().about.data_through)}.",
        what="the forecast",
    )


def _open(told: pl.DataFrame) -> int:
    return int(told.filter((pl.col("group") == "all") & (pl.col("outcome") == "won"))["open"][0])


def _can_tell(filters: Filters) -> int:
    """Open leads with these filters, where enough was watched to say what they should bring; else 0."""
    told = data.metric("forecast/open", filters)
    return _open(told) if told["expected"].sum() else 0


def headline(there: pl.DataFrame, open_: int, days: int, steps: Steps = ALL) -> list[text.Part]:
    """'The 812 open leads should bring about 96 to 131 SQLs in the next 90 days, and 21 to 38 won deals'. there: the rows of one horizon."""
    rows = {row["outcome"]: row for row in there.filter(pl.col("group") == "all").to_dicts()}
    spans = {name: span(rows[name]["low"], rows[name]["high"]) for name in outcomes(steps)}
    first, *others = [text.Bold(f"{told} {steps.noun(name, 1 if told == '1' else 2)}") for name, told in spans.items()]
    return [
        f"The {wording.plural(open_, 'open lead')} should bring about " if open_ > 1 else "The one open lead should bring about ",
        first,
        f" {_within(days)}",
        *(part for one in others for part in (", and ", one)),
        f", if leads go on as in the last {_past()}",
    ]


def notes(told: pl.DataFrame, days: int, is_narrow: bool = False) -> list[str]:
    """What the numbers do not know. is_narrow: filters choose some leads."""
    stages = told.filter((pl.col("group") == "stage") & (pl.col("outcome") == told["outcome"].max())).unique("name")
    followed_days = stages.filter(pl.col("open") > 0)["followed_days"]
    said = (
        ["With these filters the chances are learnt from these leads alone: the spans are wider than in a split of all leads."] if is_narrow else []
    )
    whom = "enough leads of these filters" if is_narrow else "others"
    if days == 0:
        said.append(
            f"In all: as far as leads have been followed, {wording.count(followed_days.min())} days at a stage. Beyond that nothing is promised, "
            "though some may still come."
        )
    beyond = int(stages["beyond"].sum())
    if beyond:
        said.append(
            f"{wording.words(wording.plural(beyond, 'lead has', 'leads have'))} been at a stage for longer than {whom} were followed: nothing is "
            "expected of them."
        )
    return said


def _rows(told: pl.DataFrame, group: str) -> pl.DataFrame:
    """The rows of the picture: the largest first, stages in their order."""
    if group == "stage":
        names = [wording.stage_short(name) for name in told["name"]]
    else:
        told = told.sort("expected", descending=True)
        names = ["not known" if name is None else name for name in told["name"]]
    keys = told["name"].fill_null("")
    return told.select(pl.Series("name", names, pl.String), keys.alias("key"), "open", "expected", "low", "high")


def _behind(filters: Filters, group: str, key: str, by: str | None) -> None:
    """The open leads of a bar, those that came to their stage last first."""
    leads = data.metric("forecast/leads", filters, **({"by": by} if by else {}))
    named = f"open at {wording.stage_short(key)}" if group == "stage" else f"open, {_FIELD} {wording.shortened(key, 40) or 'not known'}"
    if group == "stage":
        leads = leads.filter(pl.col("stage") == key)
    elif key in leads["value"].drop_nulls():
        leads = leads.filter(pl.col("value") == key)
    else:
        leads = leads.filter(pl.col("value").is_null())
    lists.show(leads["episode_no"], named, "ahead")


def _within(days: int) -> str:
    return f"in the next {days} days" if days else "in all"


def _past() -> str:
    """The days looked back on, in words."""
    days = metrics.metric("forecast/open").parameters[1].default
    return "half year" if days == "182" else f"{days} days"
