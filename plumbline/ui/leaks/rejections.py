"""A section of the Leaks screen: why does sales send leads back, and would the definition have caught them?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import streamlit as st

from plumbline import charts, metrics, wording
from plumbline.clock import day_start, time_zone
from plumbline.filters import MISSING, Filters
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, filter_bar, on_record, panels, text, theme, widen
from plumbline.ui.leaks import after_words as words
from plumbline.ui.leaks import lists, wider, without_times, would_bar
from plumbline.ui.speed import ground

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEKS = 26  # up to here the picture is by weeks


def show(filters: Filters) -> None:
    """Draws the section."""
    reasons = data.metric("leaks/reasons", filters)
    if not words.sent_back(reasons):
        _none(filters)
        return
    handed_over = data.metric("funnel/stages", filters)["entered"][0]
    text.subheading(words.rejected_headline(reasons, handed_over))
    text.note(words.where_sent_back(reasons, lambda **more: filter_bar.link("leads", **more), on_record.steps()))
    if on_record.is_one_instant():
        without_times.reasons(reasons)
    else:
        _over_time(filters)
    _by_value(filters)
    would_bar.show(filters)
    panels.how_computed(
        metrics.metric("leaks/reasons"),
        formula="Sent back: left by a rejection, at whatever step, and not won after all. What people typed is put into twelve classes by words "
        "in fifteen languages, as whole words; a file reasons.yaml in Plumbline's home folder says what an organisation means by its own.",
        limits="Leads handed over lately may still be sent back. A reason is what somebody chose to write. "
        f"Data through {wording.day(data.history().about.data_through)}; nothing after it is known.",
    )


def _none(filters: Filters) -> None:
    ever = words.sent_back(data.metric("leaks/reasons", Filters(episodes="all")))
    widen.empty(
        "Sales sent no lead back with these filters" if ever else "Leads that sales sent back are not recorded",
        wider.ways(filters, lambda chosen: words.sent_back(data.metric("leaks/reasons", chosen))) if ever else [],
        "This history holds no rejection: no stage change to “rejected”, so what sales thinks of the leads it gets is not in these data."
        if not ever
        else "A lead that was sent back in a later pass stands under “all passes” alone.",
        text.Link("Show all passes", filter_bar.link("leaks", sight=st.query_params.get("sight"), passes="all"))
        if ever
        else widen.bring_in("stage changes to “rejected”"),
    )


# Over time


def _over_time(filters: Filters) -> None:
    is_month = filters.since is None or (filter_bar.last_day() - filters.since).days > 7 * _WEEKS
    grain = "month" if is_month else "week"
    rows = data.metric("leaks/reasons_over_time", filters, grain=grain, **{"class": "rejected"})
    kinds = words.kinds_of(rows)
    shown = words.in_kinds(rows, kinds)
    cut = not_whole(filters, rows["period"].min(), is_month)
    picked = panels.chart(
        charts.stacked_periods(shown, kinds, mode=theme.mode(), is_month=is_month, cut=cut),
        "rejected",
        shown.with_columns(pl.col("kind").replace({name: kind.words for name, kind in kinds.items()})),
        charts.stacked_periods_alt(shown, kinds),
        title=words.over_time_title(rows, is_month, _whole(rows, cut, is_month))
        if set(kinds) != {"unstated"}
        else "When does sales send leads back?",
        subtitle=f"Leads sent back in each {grain}, by the reason given; {wording.count(rows['n'].sum())} in all, "
        "of the leads handed over in this period, so the first are low: what was handed over before is left out. "
        + (f"Hatched: the {grain} is not whole. " if cut else "")
        + "Click a part to see its leads.",
    )
    if picked and picked[0] in kinds:
        first = date.fromisoformat(picked[1])
        begins, ends = (_micros(day) for day in (first, _after(first, is_month)))
        left = data.metric("leaks/left", filters).filter(
            (pl.col("class") == "rejected")
            & pl.col("reason").is_in(words.reasons_of(picked[0], kinds))
            & pl.col("left_us").is_between(begins, ends, closed="left")
        )
        when = f"{first:%B} {first.year}" if is_month else wording.week(first)
        lists.show(left["episode_no"], f"sent back, {kinds[picked[0]].words} · {when}", "rejected")


def not_whole(filters: Filters, first: date, is_month: bool) -> set[date]:
    """Periods that the data end or the beginning of the chosen hand-overs cut."""
    last = filter_bar.last_day()
    cut = {_begin(last, is_month)} if _after(_begin(last, is_month), is_month) > last + timedelta(days=1) else set()
    start = filters.since or filter_bar.first_day()
    if _begin(start, is_month) < start:
        cut.add(_begin(start, is_month))
    return {period for period in cut if period >= first}


def _whole(rows: pl.DataFrame, cut: set[date], is_month: bool) -> tuple[date, date] | None:
    """The first whole period, and the end of the last."""
    periods = [period for period in rows["period"].unique().sort() if period not in cut]
    return (periods[0], _after(periods[-1], is_month)) if periods else None


def _begin(day: date, is_month: bool) -> date:
    return day.replace(day=1) if is_month else day - timedelta(days=day.weekday())


def _after(first: date, is_month: bool) -> date:
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1) if is_month else first + timedelta(days=7)


def _micros(day: date) -> int:
    start = day_start(day, time_zone(data.history().about.time_zone))
    return (start.replace(tzinfo=UTC) - _EPOCH) // datetime.resolution


# By source


def _by_value(filters: Filters) -> None:
    options = data.breakdown_options()
    if not options:
        return
    usual = data.usual_breakdown(options, "source")
    field = st.selectbox(
        "Compare", options, usual, format_func=lambda name: name.replace("_", " "), key="rejected_by", bind="query-params", width=260
    )
    counts = data.metric("funnel/breakdown", filters, by=field).filter(pl.col("stage") == "mql").select("value", pl.col("entered").alias("n"))
    rows = data.metric("leaks/reasons_over_time", filters, by=field, **{"class": "rejected"})
    back = rows.group_by("value", "reason").agg(pl.col("n").sum().alias("k")).sort("k", "reason", descending=[True, False])
    most = back.filter(~pl.col("reason").is_in(["unstated", "other"])).group_by("value", maintain_order=True).first().rename({"k": "most"})
    told = (
        counts.join(back.group_by("value").agg(pl.col("k").sum()), on="value", how="left", nulls_equal=True)
        .join(most, on="value", how="left", nulls_equal=True)
        .with_columns(pl.col("k").fill_null(0))
        .with_columns(rate=pl.when(pl.col("n") >= MINIMUM_N).then(pl.col("k") / pl.col("n")))
        .sort(pl.col("rate").is_null(), -pl.col("rate"), -pl.col("n"), "value", nulls_last=True)
    )
    name = field.replace("_", " ")
    names = ground.rep_labels() if field == "rep" else {}
    missing = "no owner" if field in ("rep", "team") else "not known"
    labels = [missing if value is None else names.get(value, value) for value in told["value"]]
    labelled = told.with_columns(
        pl.Series("value", [None if v is None else label for v, label in zip(told["value"], labels, strict=True)], pl.String)
    )
    text.chart_title(
        words.values_title(labelled, field),
        f"Share of the leads of each {name} that sales sent back so far. Under {MINIMUM_N} leads: too few to say, listed last. "
        "Click a row to see its leads.",
    )
    shown = told.select(
        pl.Series(wording.words(name), labels),
        pl.Series("Sent back", [f"{wording.count(k)} of {wording.count(n)}" for k, n in told.select("k", "n").iter_rows()]),
        (100 * pl.col("rate")).alias("Share"),
        pl.Series("Most often", [_most(row) for row in told.iter_rows(named=True)]),
    )
    event = st.dataframe(
        lists.greyed(shown, told["rate"].is_null()),
        hide_index=True,
        width="stretch",
        height="content" if shown.height <= 14 else 500,
        placeholder="",
        column_config={"Share": lists.bar("Share", told["rate"].max() or 0.0)},
        key="rejected_by.table",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        alt=f"Leads sent back by {name}",
    )
    panels.download(
        labelled.select(
            pl.col("value").alias(field),
            pl.col("n").alias("leads"),
            pl.col("k").alias("sent_back"),
            pl.col("reason").replace(words.REASONS).alias("most_often"),
        ),
        f"sent back by {name}",
        key="rejected_by.csv",
    )
    if (row := panels.picked_row(event)) is not None and row < told.height:
        own = data.metric("leaks/left", filters.with_segment(field, (told["value"][row] or MISSING,))).filter(pl.col("class") == "rejected")
        lists.show(own["episode_no"], f"sent back · {name} {wording.shortened(labels[row], 40)}", "rejected_by")


def _most(row: dict) -> str:
    if not row["k"]:
        return "none sent back"
    return "no reason given" if row["reason"] is None else f"{words.REASONS[row['reason']]} ({wording.count(row['most'])})"
