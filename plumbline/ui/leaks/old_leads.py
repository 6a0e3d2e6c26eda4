"""A section of the Leaks screen: which leads lie, with whom, and what became of those that sales sent back or that died?"""

from __future__ import annotations

import polars as pl
import streamlit as st

from plumbline import charts, metrics, wording
from plumbline.filters import Filters
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, filter_bar, leads_table, on_record, panels, text, theme, waiting, widen, windows
from plumbline.ui.leaks import after_words as words
from plumbline.ui.leaks import lists, wider, without_times

_DAYS = 30
_SHOWN = 50
_EVERYTHING = 1_000_000
_BANDS = {
    "in_window": "open, within their time",
    "past_window": "open past their time, under 60 days",
    "over_60_days": "open past their time, over 60 days",
}
_FATES = {
    "handed_over_again": "sent back, fixed and handed over again",
    "discarded": "sent back and thrown away",
    "lying": "sent back, and lying since",
}
_BECAME = {
    "won": "dead, came back and won",
    "back_not_won": "dead, came back and not won so far",
    "interested_only": "dead, showed interest again and never came back",
    "engaged_only": "dead, opened mail or the like and never came back",
    "nurtured_only": "dead, got mail only",
    "nothing": "dead, and nothing since",
}


def show(filters: Filters, within: dict[str, float] | None = None) -> None:
    """Draws the section. within: the windows as parameters; None: those in the address."""
    if on_record.is_one_instant():
        without_times.old_leads(filters)
        return
    within = windows.told() if within is None else within
    _ageing(filters, within)
    _returned(filters)
    _dead(filters)
    panels.how_computed(
        metrics.metric("leaks/ageing"),
        formula="Age: since the lead entered its stage. "
        + (
            "Untouched: no touch of any kind, by a person or a machine, in or out, for over 60 days; since it became an MQL where there was none. "
            if on_record.has("attempts")
            else ""
        )
        + f"Dead: {_ways_to_die()}. Showed interest again: a reply, or an act by which a lead may want to buy, such as a demo, a price, a form; "
        "opened mail, visits, downloads and webinars are none. Came back: became an MQL again.",
        limits="A lead with a rep who left, or in a queue, counts for whoever has it as the data end. "
        f"Data through {wording.day(data.history().about.data_through)}; nothing after it is known.",
    )


# Open


def _ageing(filters: Filters, within: dict[str, float]) -> None:
    rows = data.metric("leaks/ageing", filters, **within).with_columns(past=pl.col("past_window") + pl.col("over_60_days"))
    if rows.is_empty():
        widen.empty(
            "No lead is open with these filters",
            wider.ways(filters, lambda chosen: int(data.metric("leaks/ageing", chosen)["open"].sum() or 0)),
            "Every lead of this history went on to a deal or left the funnel.",
            text.Link("See how far they came on the Funnel", filter_bar.link("funnel")),
        )
        return
    has_touches = on_record.has("attempts")
    text.subheading(words.open_headline(rows, has_touches))
    if not has_touches:
        text.note(f"{on_record.why_not('attempts')} Who was left untouched is not known, and no open lead counts as dead below.")
    counts = [(name, int(rows[name].sum())) for name in _BANDS]
    picked = panels.chart(
        charts.ageing_sum(counts, mode=theme.mode()),
        "ageing",
        rows.drop("past"),
        charts.ageing_sum_alt(counts),
        title="How long open leads have been where they are",
        subtitle="Open leads by the time since they entered their stage, against the days agreed for it. They add up to all that are open. "
        "Click a part to see its leads.",
    )
    if picked and picked[0] in _BANDS:
        found = data.metric("leaks/open_leads", filters, **within).filter(pl.col("band") == picked[0])
        lists.show(found["episode_no"], _BANDS[picked[0]], "ageing", "the oldest")
    _owners(filters, within, rows, has_touches)


def _owners(filters: Filters, within: dict[str, float], rows: pl.DataFrame, has_touches: bool) -> None:
    """Open leads by rep, those with most untouched ones first; where no touch is on record, with most old ones."""
    known = waiting.reps()
    worst = "neglected" if has_touches else "over_60_days"
    if not on_record.has("owners") or on_record.of_won_alone("owners"):
        text.note(f"Who has these leads is not known. {on_record.why_not('owners')}")
        return
    told = rows.group_by("rep").agg(pl.col("open", *_BANDS, "neglected").sum())
    told = told.sort(worst, "over_60_days", "rep", descending=[True, True, False], nulls_last=True)
    if told["rep"].null_count() == told.height:
        text.note("Who has these leads is not known: none of them has an owner.")
        return
    names = ["No owner" if rep is None else known.get(rep, (rep, ""))[0] for rep in told["rep"]]
    is_thin = told["open"] < MINIMUM_N
    what, meaning = ("untouched", "untouched:") if has_touches else ("old", "old: past the time agreed, and")
    text.chart_title(
        words.owners_title(told.select("rep", worst), what),
        f"Open leads by who has them as the data end; {meaning} for over 60 days. Under {MINIMUM_N} open leads no share is shown. "
        f"For managers: reps get different leads, and more or fewer of them. Click a row to see its {what} leads.",
    )
    shown = told.select(
        pl.Series("Rep", names),
        pl.Series("Team", ["" if rep is None else known.get(rep, ("", ""))[1] for rep in told["rep"]]),
        *([pl.col("neglected").alias("Untouched")] if has_touches else []),
        pl.when(~is_thin).then(100 * pl.col(worst) / pl.col("open")).alias(f"Share {what}"),
        pl.col("open").alias("Open"),
        pl.col("in_window").alias("In their time"),
        pl.col("past_window").alias("Past it"),
        pl.col("over_60_days").alias("Over 60 days"),
    )
    numbers = {name: st.column_config.NumberColumn(format="localized") for name, kind in shown.schema.items() if kind.is_integer()}
    event = st.dataframe(
        lists.greyed(shown, is_thin),
        hide_index=True,
        width="stretch",
        height="content" if shown.height <= 12 else 460,
        placeholder="",
        column_config={**numbers, f"Share {what}": lists.bar(f"Share {what}", 1.0)},
        key="owners.table",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        alt=f"Open and {what} leads by rep",
    )
    panels.download(told.with_columns(pl.Series("rep", names)), "open leads by rep", key="owners.csv")
    row = panels.picked_row(event)
    if row is not None and row < told.height:
        of_owner = pl.col("owner_id").eq_missing(pl.lit(told["rep"][row], pl.String))
        is_worst = pl.col("is_neglected") if has_touches else pl.col("band") == "over_60_days"
        found = data.metric("leaks/open_leads", filters, **within).filter(is_worst & of_owner)
        whose = "with no owner" if told["rep"][row] is None else f"of {wording.shortened(names[row], 40)}"
        lists.show(found["episode_no"], f"{what} for over 60 days, {whose}", "owners", "the oldest")


# Sent back


def _returned(filters: Filters) -> None:
    rows = data.metric("leaks/returned", filters)
    if not rows["n"].sum():
        if on_record.has("exit:rejected"):
            found = wider.ways(filters, lambda chosen: int(data.metric("leaks/returned", chosen)["n"].sum() or 0))
            all_passes = text.Link("Show all passes", filter_bar.link("leaks", sight=st.query_params.get("sight"), passes="all"))
            widen.empty("Sales sent no lead back with these filters", found, "Leads were sent back in later passes alone.", all_passes)
        else:
            why = "No lead of this history was sent back: no stage change to “rejected” is recorded."
            widen.empty("Leads that sales sent back are not recorded", [], why, widen.bring_in("stage changes to “rejected”"))
        return
    counts = list(rows.select("fate", "n").iter_rows())
    picked = panels.chart(
        charts.returned_sum(counts, mode=theme.mode()),
        "returned",
        rows.with_columns(pl.col("fate").replace(_FATES)),
        charts.returned_sum_alt(counts),
        title=words.returned_title(rows),
        subtitle=f"What became of leads that sales sent back. {words.returned_times(rows)} They add up to all sent back. "
        "Click a part to see its leads.",
    )
    if picked and picked[0] in _FATES:
        found = data.metric("leaks/left", filters).filter(pl.col("fate") == picked[0])
        lists.show(found["episode_no"], _FATES[picked[0]], "returned", "the last sent back")


# Dead


def _dead(filters: Filters) -> None:
    rows = data.metric("leaks/dead", filters)
    dead = int(rows["dead"].sum())
    if not dead:
        found = wider.ways(filters, lambda chosen: int(data.metric("leaks/dead", chosen)["dead"].sum() or 0))
        see = text.Link("See how far leads came on the Funnel", filter_bar.link("funnel"))
        widen.empty("No lead is known to be dead with these filters", found, _why_none_is_dead(), see, _why_none_is_dead())
        _note_on_acts()
        return
    counts = became(rows, on_record.has("activities"), on_record.has("touches"))
    picked = panels.chart(
        charts.dead_sum(counts, mode=theme.mode(), names=_parts_of_dead()),
        "dead",
        rows.filter(pl.col("dead").is_not_null()).with_columns(pl.col("kind").replace(words.KINDS)),
        charts.dead_sum_alt(counts, _parts_of_dead()),
        title=words.dead_title(rows, on_record.has("activities"), on_record.has("stage:won")),
        subtitle=f"Leads that were {_ways_to_die()}, by the furthest that became of each "
        "since. They add up to all dead leads. Click a part to see its leads.",
    )
    if picked and picked[0] in _BECAME:
        found = data.metric("leaks/dead_leads", filters).filter(pl.col("became") == picked[0])
        lists.show(found["episode_no"], _BECAME[picked[0]], "dead", "the last to die")
    _signs(rows)
    if not on_record.has("activities"):
        _note_on_acts()
        return
    _worth_nurturing(filters, dead - int(rows["revived"].sum()))


def _why_none_is_dead() -> str:
    gone = "None was recycled or disqualified" if on_record.has("exits") else "Leads that left the funnel are not recorded"
    if not on_record.has("attempts"):
        return f"{gone}; who was left untouched is not recorded."
    return f"{gone}, and none lies open and untouched for over 60 days."


def became(rows: pl.DataFrame, has_acts: bool, has_touches: bool) -> list[tuple[str, int]]:
    """What became of dead leads; where acts or touches are not recorded, those who neither came back nor were won stand together."""
    counts = {name: int(rows[name].sum() or 0) for name in _BECAME}
    if not (has_acts and has_touches):
        counts["nothing"] = int(rows["dead"].sum() or 0) - counts["won"] - counts["back_not_won"]
        counts["interested_only"] = counts["engaged_only"] = counts["nurtured_only"] = 0
    return list(counts.items())


def _note_on_acts() -> None:
    if not on_record.has("activities"):
        text.note("These data hold no acts of leads: whether a dead lead showed interest again, and which are worth nurturing, is not known.")


def _parts_of_dead() -> dict[str, str]:
    """The parts of the strip of dead leads that the history can tell."""
    has_acts = on_record.has("activities")
    unknown = {"interested_only": has_acts, "engaged_only": has_acts, "nurtured_only": on_record.has("touches"), "won": on_record.has("stage:won")}
    told = {name: words_ for name, words_ in charts.DEAD_PARTS.items() if unknown.get(name, True)}
    return told if all(unknown.values()) else told | {"nothing": "nothing on record since"}


def _ways_to_die() -> str:
    return "recycled, disqualified, or left open and untouched for over 60 days" if on_record.has("attempts") else "recycled or disqualified"


def _signs(rows: pl.DataFrame) -> None:
    """By kind, every sign of life: these overlap."""
    signs = {
        **({"interested": "Showed interest again", "re_engaged": "Any act since"} if on_record.has("activities") else {}),
        **({"re_nurtured": "Got mail since"} if on_record.has("automated") else {}),
        "revived": "Came back",
        **({"won": "Won after that"} if on_record.has("stage:won") else {}),
    }
    told = rows.filter(pl.col("dead").fill_null(0) > 0).rows(named=True)
    shown = pl.DataFrame(
        [
            {"Dead leads": wording.words(words.KINDS[row["kind"]]), "In all": row["dead"]}
            | {name: wording.share_of(row[sign], row["dead"]) if row[sign] else "none" for sign, name in signs.items()}
            for row in told
        ]
    )
    st.dataframe(
        shown, hide_index=True, width="stretch", height="content", column_config={"In all": st.column_config.NumberColumn(format="localized")},
        key="signs.table", alt="Signs of life of dead leads, by kind",
    )  # fmt: skip
    text.note("In this table a lead counts in every column that is true of it, so the columns overlap and do not add up.")


def _worth_nurturing(filters: Filters, n: int) -> None:
    rows = data.metric("leaks/worth_nurturing", filters, days=_DAYS, most=_SHOWN)
    total = rows["total"][0] if rows.height else 0
    text.chart_title(
        words.nurturing_title(total, n, _DAYS),
        f"Worth nurturing: dead, not back, and with an act of its own, opened mail too, in the {_DAYS} days before the data end, the latest first. "
        "Those that unsubscribed since they were handed over are left out.",
    )
    if not total:
        return
    text.note((f"The latest {_SHOWN} are shown. " if total > _SHOWN else "") + "A click on a lead opens its story.")
    leads_table.table(_shown(rows), "leaks.nurture", lambda: _shown(data.metric("leaks/worth_nurturing", filters, days=_DAYS, most=_EVERYTHING)))


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    told = rows.with_columns(pl.col("kind").replace(words.DIED), pl.col("last_activity").str.replace_all("_", " ", literal=True))
    return told.drop("total").rename({"kind": "died_of", "last_activity": "last_act"})
