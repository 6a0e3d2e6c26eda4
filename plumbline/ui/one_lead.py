"""One lead's story: who it is, where it stands, every event in order."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.history.schema import KNOWN_ATTRIBUTES
from plumbline.history.schema import OUTCOMES as TOUCH_OUTCOMES
from plumbline.ui import data, filter_bar, findings, leads_table, panels, qualifying, text, theme
from plumbline.ui.lab import desk

_ON_THE_LINE = ("stage", "owner", "touch", "activity")
# Names in the address that the way back keeps.
_OF_THE_LIST = ("stage", "outcome", "q", "page", "view", "cell", "bar", "draft", "who", "due", "calls", "emails", "days", "percent")


def show(lead_id: str) -> None:
    """Draws the story of `lead_id`; says so where there is no such lead."""
    about = data.history().about
    found = data.screen("lead_attributes", lead_id=lead_id).to_dicts()
    if not leads_table.way_back():
        back = {name: st.query_params.get(name) for name in _OF_THE_LIST if st.query_params.get(name)}
        text.note(text.Link("← Back to the list", filter_bar.link("leads", **back)))
    if not found:
        text.empty_state(
            f"There is no lead {wording.shortened(lead_id, 40)}",
            "It may have been merged into another, or lie after the end of the data.",
            text.Link("Search for it", filter_bar.link("leads", stage="everyone", period="all", q=lead_id)),
        )
        return
    lead = found[0]
    passes = data.screen("lead_passes", lead_id=lead_id)
    events = data.screen("lead_events", lead_id=lead_id)
    text.headline(_sentence(lead, passes.to_dicts(), about.time_zone))
    has_draft = desk.at_hand() is not None
    if has_draft:
        qualifying.show(lead["lead_no"], passes["opened_at"].to_list())
    timeline = events.filter(pl.col("lane").is_in(_ON_THE_LINE)).rename({"happened_at": "at"})
    if timeline.height:
        timeline = timeline.with_columns(
            is_automated=_has("automated"),
            is_contact=_has("connected", "replied", "held"),
            detail=_details(timeline),
        )
        touches = timeline.filter(pl.col("lane") == "touch")
        panels.chart(
            charts.lead_timeline(timeline, mode=theme.mode(), until=about.data_through, zone=about.time_zone),
            "timeline",
            None,
            charts.lead_timeline_alt(timeline, about.time_zone),
            title=findings.story(touches.height, touches["is_contact"].sum(), timeline.filter(pl.col("lane") == "activity").height),
            subtitle=f"By time, in {about.time_zone}. Of the touches: ● reached the lead, ○ did not, grey was sent by a machine. "
            "Of the stages: ✕ sent back, recycled or lost, ◆ won."
            + (" What has no time of day stands at noon of its day." if timeline["is_day"].any() else ""),
            is_clickable=False,
        )
    with st.container(key="story"):  # one below the other in a narrow window
        left, right = st.columns([3, 2], gap="large")
    with left:
        text.subheading("Every event")
        _events(events, about.time_zone)
    with right:
        text.subheading("Passes through the funnel")
        _passes(passes, about.time_zone)
        text.subheading("Attributes as known today")
        told = [(wording.words(name), str(lead[name])) for name in KNOWN_ATTRIBUTES if lead.get(name) is not None]
        st.dataframe(
            pl.DataFrame(told, schema={"Attribute": pl.String, "Value": pl.String}, orient="row"), hide_index=True, width="stretch", height="content"
        )
    if not has_draft:
        qualifying.show(lead["lead_no"], passes["opened_at"].to_list())


def _sentence(lead: dict, passes: list[dict], zone: str) -> list[text.Part]:
    who = lead["company"] or lead["email"] or lead["lead_id"]
    parts: list[text.Part] = [text.Bold(wording.shortened(who, 60)), f" ({lead['lead_id']})" if who != lead["lead_id"] else ""]
    if not passes:
        return [*parts, f" has not been handed over; it was created on {wording.day(lead['created_at'])}"]
    last = passes[-1]
    parts.append(f" was handed over {'once' if len(passes) == 1 else f'{len(passes)} times'}")
    stands = lead["stands_at"]
    if stands in ("rejected", "recycled", "disqualified", "lost"):
        why = f": {wording.shortened(last['exit_reason'], 60)}" if last["exit_reason"] else ", no reason given"
        return [*parts, " and was ", text.Bold(wording.outcome(stands).lower()), f" on {wording.day(last['closed_at'])}{why}"]
    parts += [" and ", text.Bold("was won" if stands == "won" else f"stands at {wording.stage_short(stands)}")]
    if any(one["is_implied"] for one in passes):
        parts.append("; a hand-over is implied, for no MQL was recorded")
    return parts


def _events(events: pl.DataFrame, zone: str) -> None:
    shown = events.select(
        pl.col("happened_at").dt.replace_time_zone("UTC").dt.convert_time_zone(zone).alias("When"),
        (pl.col("is_day") | (pl.col("lane").is_in(["deal", "merge"]) & _is_midnight(zone))).alias("is_day"),
        pl.col("lane")
        .replace(
            {
                "stage": "Stage",
                "touch": "Sales touch",
                "activity": "Act of the lead",
                "owner": "Owner",
                "change": "Attribute",
                "merge": "Merged",
                "deal": "Deal",
            }
        )
        .alias("What"),
        _which(events).alias("Which"),
        _details(events).alias("Detail"),
        pl.col("recorded_at").dt.replace_time_zone("UTC").dt.convert_time_zone(zone).alias("Known from"),
    )
    late = (pl.col("Known from") - pl.col("When")).abs() >= pl.duration(minutes=1)
    shown = shown.with_columns(pl.when(late).then("Known from"))
    if shown["Known from"].null_count() == shown.height:
        shown = shown.drop("Known from")
    if shown["is_day"].any():  # a day without a time of day shows none
        day, moment = (pl.col("When").dt.strftime(pattern) for pattern in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S"))
        shown = shown.with_columns(pl.when("is_day").then(day).otherwise(moment).alias("When"))
    shown = shown.drop("is_day")
    instants = [name for name in ("When", "Known from") if name in shown.columns and shown[name].dtype != pl.String]
    times = {name: st.column_config.DatetimeColumn(name, format="D MMM YYYY, HH:mm:ss", width=150) for name in instants}
    widths = {name: st.column_config.TextColumn(name, width=width) for name, width in (("What", 108), ("Which", 105), ("Detail", 190))}
    st.dataframe(
        shown, hide_index=True, width="stretch", placeholder="", column_config=times | widths, height=min(560, 40 + 35 * max(1, shown.height))
    )
    panels.download(shown, "events", key="events.csv")


def _is_midnight(zone: str) -> pl.Expr:
    """Deals and merges do not say whether they are days: one at midnight of the organisation is taken for a day."""
    return pl.col("happened_at").dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.time() == pl.time(0, 0)


def _has(*codes: str) -> pl.Expr:
    """Whether one of the parts of an event's detail is one of these codes."""
    return pl.col("detail").fill_null("").str.split(" · ").list.set_intersection(list(codes)).list.len() > 0


def _which(events: pl.DataFrame) -> pl.Series:
    """Stages, channels, acts and attributes as words; ids (of owners, deals, merged leads) as they are."""
    named = []
    for lane, name in events.select("lane", "name").iter_rows():
        if lane == "stage":
            named.append(wording.stage_short(name) if name in wording.STAGE_NAMES else wording.words(wording.outcome(name)))
        else:
            named.append(name if lane in ("owner", "merge", "deal") else wording.words(name))
    return pl.Series(named, dtype=pl.String)


def _details(events: pl.DataFrame) -> pl.Series:
    """What is known of an event: outcomes of touches as words, all else as it was written; nothing stays empty."""
    codes = {code: wording.words(code).lower() for code in TOUCH_OUTCOMES}
    told = [
        " · ".join(codes.get(part, part) for part in detail.split(" · ")) if lane == "touch" and detail else detail or None
        for lane, detail in events.select("lane", "detail").iter_rows()
    ]
    return pl.Series(told, dtype=pl.String)


def _when(at: datetime, is_day: bool | None, zone: str) -> str:
    """An instant in words; a day without a time of day as the day that it is in that zone."""
    return wording.instant(at, zone) if not is_day else wording.day(at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)))


def _passes(passes: pl.DataFrame, zone: str) -> None:
    if passes.is_empty():
        text.note("None: the lead was never handed over.")
        return
    rows = []
    for one in passes.to_dicts():
        for stage in ("mql", "sal", "sql", "opportunity", "won"):
            at = one[f"{stage}_at"]
            if at is not None:
                rows.append((one["pass_no"], wording.stage_short(stage), _when(at, one[f"{stage}_is_day"], zone)))
            elif stage == "mql":
                rows.append((one["pass_no"], "MQL", "implied: not recorded"))
        if one["exit_stage"]:
            rows.append((one["pass_no"], wording.words(wording.outcome(one["exit_stage"])), _when(one["closed_at"], one["closed_is_day"], zone)))
    st.dataframe(
        pl.DataFrame(rows, schema={"Pass": pl.Int64, "Stage": pl.String, "When": pl.String}, orient="row"),
        hide_index=True,
        width="stretch",
        height="content",
    )
    if passes["is_out_of_order"].any():
        text.note("A later stage was recorded before an earlier one: the pass counts, its times do not.")
