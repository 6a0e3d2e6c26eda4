"""Two leaks that sales has in hand: more open leads per rep than anybody can work, and meetings missed that nobody set anew."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.leaks.overloaded import Overloaded, overloaded
from plumbline.statistics import MINIMUM_N
from plumbline.statistics.differences import difference, share_of
from plumbline.ui import data, on_record, panels, text, theme, widen
from plumbline.ui.leaks import lists, wider
from plumbline.ui.leaks.ground import Scene
from plumbline.ui.speed import desks, ground, reps

MEETINGS = {
    "missed_set_anew": "set anew within 7 days",
    "missed_then_held": "held later",
    "missed_set_anew_late": "set anew after more than 7 days",
    "missed_called_off": "called off",
    "missed_left": "left there",
    "missed_lately": "missed in the last 7 days",
}
LEFT = {"left": "left the funnel", "open": "still open"}


def show(scene: Scene) -> None:
    """Open leads per rep against the cap, whether leads given to reps over it leak more, and what became of missed meetings."""
    if on_record.has("owners") and not on_record.of_won_alone("owners") and not on_record.is_one_instant():
        cap = reps.cap()
        desks.show(cap)
        _over_the_cap(scene, cap)
    else:
        widen.empty("How many open leads each rep has is not known", [], on_record.why_not("owners"), _way_on())
    st.space("small")
    if on_record.has("meetings") and on_record.is_one_instant():
        widen.empty("What became of missed meetings cannot be told", [], on_record.why_no_times(), widen.bring_in("touches with their times"))
    elif on_record.has("meetings"):
        _missed(scene)
    else:
        widen.empty("Missed meetings are not known", [], on_record.why_not("meetings"), widen.bring_in("touches with their outcomes"))


def _way_on() -> text.Link:
    return widen.bring_in("leads with their times" if on_record.is_one_instant() else "a table of assignments")


def _over_the_cap(scene: Scene, cap: int) -> None:
    rows = _accepted_or_not(scene.rows)
    episode, good = rows["episode_no"].to_numpy(), (rows["kind"] == 0).to_numpy()
    before = ground.open_before()[episode]
    handed = int((before >= 0).sum())
    if handed < MINIMUM_N:
        widen.empty(
            "Too few leads of this period were handed over to a rep",
            wider.ways(scene.filters, lambda chosen: _handed(scene.judged_of(chosen))),
            f"A lead counts here once it has an owner who is a rep: {wording.count(handed)} have one, {MINIMUM_N} are needed.",
            widen.bring_in("a table of assignments"),
            f"{wording.count(handed)} old enough have an owner who is a rep; {MINIMUM_N} are needed.",
        )
        return
    cells = scene.found.cells
    sources = cells.codes[episode, cells.fields.index("source")].astype(np.int64) if "source" in cells.fields else np.zeros(len(episode), np.int64)
    told = overloaded(before, sources, good, cap)
    if not told.over[1]:
        text.note(
            f"None of {wording.plural(handed, 'lead')} of this period was handed over to a rep who had {wording.count(cap)} open leads: the most was "
            f"{wording.count(before.max())}. With a lower number it is told here whether fuller desks leak more."
        )
        return
    shown = pl.DataFrame(
        [(f"rep had {wording.count(cap)} or more", *told.over), ("rep had fewer", *told.others)],
        schema={"value": pl.String, "k": pl.Int64, "n": pl.Int64},
        orient="row",
    )
    picked = panels.chart(
        charts.ordered_shares(shown, mode=theme.mode(), done="were accepted in time"),
        "over_the_cap",
        shown,
        charts.ordered_shares_alt(shown, done="accepted in time"),
        title=over_title(told, cap),
        subtitle=f"Share of leads accepted in time, by how many open leads the rep had when they were handed over; {wording.count(handed)} leads old "
        "enough. Click a point to see those that leaked.",
        headings={"value": "Open leads of the rep", "k": "Accepted in time", "n": "Leads old enough"},
        file="leads given to reps over the cap",
    )
    text.note(over_note(told, "source" in cells.fields))
    if picked:
        is_over = str(picked[0]) == shown["value"][0]
        mine = (before >= cap) if is_over else (before >= 0) & (before < cap)
        lists.show(episode[mine & ~good][::-1], f"not accepted in time, {picked[0]}", "cap")


def _accepted_or_not(rows: pl.DataFrame) -> pl.DataFrame:
    """Of the judged steps those from MQL on, of the period."""
    return rows.filter((pl.col("stage_rank") == 1) & pl.col("is_now"))


def _handed(rows: pl.DataFrame) -> int:
    return int((ground.open_before()[_accepted_or_not(rows)["episode_no"].to_numpy()] >= 0).sum())


def over_title(told: Overloaded, cap: int) -> str:
    """'Leads given to reps with 500 or more open leads are accepted less often: 31 % of 210, against 52 % of 840'."""
    if told.is_too_few or told.crude is None:
        return f"Do leads leak more where the rep has {wording.count(cap)} open leads or more? Too few to say"
    (k, n), (other_k, other_n) = told.over, told.others
    shares = f"{wording.share(k / n)} of {wording.count(n)}, against {wording.share(other_k / other_n)} of {wording.count(other_n)}"
    if not told.crude.excludes(0):
        return f"Leads given to reps with {wording.count(cap)} open leads or more are accepted alike: {shares}, no more than chance apart"
    return (
        f"Leads given to reps with {wording.count(cap)} open leads or more are accepted {'less' if told.crude.value < 0 else 'more'} often: {shares}"
    )


def over_note(told: Overloaded, has_source: bool) -> str:
    """The difference at one mix of sources, and what it is not."""
    apart = told.alike.difference
    said = "Reps differ in more than their load, and get different leads: an association, not the effect of the load."
    if told.is_too_few or not has_source:
        return said
    if told.alike.is_too_few or apart is None:
        return f"Too few leads of the same source in both to take the mix of sources out. {said}"
    span = f"{wording.signed_points(apart.value)} ({wording.signed_points(apart.low)} to {wording.signed_points(apart.high)} is likely)"
    chance = "" if apart.excludes(0) else ", which chance alone could make"
    return f"At the same mix of sources the difference is {span}{chance}. {said}"


def _missed(scene: Scene) -> None:
    rows = data.metric("leaks/missed_meetings", scene.filters)
    if rows.is_empty():
        widen.empty(
            "No lead missed a meeting with these filters",
            wider.ways(scene.filters, lambda chosen: data.metric("leaks/missed_meetings", chosen).height),
            "No touch of this history has the outcome no_show, so missed meetings are not recorded.",
            widen.bring_in("touches with the outcome no_show"),
        )
        return
    became = on_record.steps().became("sql")
    counts = {kind: rows.filter(pl.col("kind") == kind) for kind in MEETINGS}
    shown = pl.DataFrame(
        [(MEETINGS[kind], int((part["became"] == "sql").sum()), part.height) for kind, part in counts.items() if part.height],
        schema={"value": pl.String, "k": pl.Int64, "n": pl.Int64},
        orient="row",
    )
    picked = panels.chart(
        charts.ordered_shares(shown, mode=theme.mode(), done=f"{became} so far"),
        "missed_meetings",
        rows.group_by("kind", "became")
        .len("leads")
        .sort("kind", "became")
        .with_columns(pl.col("kind").replace(MEETINGS), pl.col("became").replace({"sql": became, **LEFT})),
        charts.ordered_shares_alt(shown, done=f"{became} so far"),
        title=missed_title(counts["missed_left"], rows.height, counts["missed_lately"].height, became),
        subtitle=f"Leads that missed a meeting, by what was made of it, and the share that {became} so far. Left there: nothing about a meeting "
        "is on record after it, and the 7 days for a new date are over. Who is asked again is chosen, so no cause. Click a point to see its leads.",
        headings={"kind": "What was made of it", "became": "What became of the lead", "leads": "Leads"},
        file="missed meetings",
    )
    if said := missed_note(counts, became):
        text.note(said)
    if picked:
        kind = next(kind for kind, words in MEETINGS.items() if words == picked[0])
        _missers(counts[kind], f"missed a meeting, {picked[0]}", "missed")
    elif (waiting := counts["missed_left"].filter(pl.col("became") == "open")).height:
        _missers(waiting, "missed a meeting, not asked again, still open", "waiting")


def _missers(rows: pl.DataFrame, named: str, key: str) -> None:
    lists.show(rows["episode_no"], named, key, "those that missed it last,", rows.select("episode_no", "missed_at"))


def missed_title(left: pl.DataFrame, missed: int, lately: int = 0, did: str = "became an SQL") -> str:
    """'31 of 74 leads that missed a meeting were left there: 4 became an SQL since, 15 left the funnel, 12 are still open'."""
    many = wording.plural(missed, "lead that missed a meeting", "leads that missed a meeting")
    wait = f"; {wording.count(lately)} may still be asked again within the 7 days" if lately else ""
    if left.is_empty():
        return f"None of {many} was left there{wait}"
    became = dict(left.group_by("became").len().iter_rows())
    still = "are still open" if became.get("open", 0) > 1 else "is still open"
    said = (("sql", did), ("left", "left the funnel"), ("open", still))
    parts = [f"{wording.count(became[name])} {told}" for name, told in said if became.get(name)]
    return f"{wording.count(left.height)} of {many} {'was' if left.height == 1 else 'were'} left there: {wording.listing(parts)}{wait}"


def missed_note(counts: dict[str, pl.DataFrame], did: str = "became an SQL") -> str:
    """How far apart those set anew in time and those left there are."""
    anew = pl.concat([counts["missed_set_anew"], counts["missed_set_anew_late"], counts["missed_then_held"]])["became"]
    left = counts["missed_left"]["became"]
    if min(anew.len(), left.len()) < MINIMUM_N:
        return f"Too few to compare those asked again with those left there: {MINIMUM_N} of each are needed."
    apart = difference(share_of(int((anew == "sql").sum()), anew.len()), share_of(int((left == "sql").sum()), left.len()))
    if not apart.excludes(0):
        return f"Those asked again {did} no more often than those left there, beyond chance."
    more = "more" if apart.value > 0 else "less"
    value, low, high = (wording.signed_points(part) for part in (apart.value, apart.low, apart.high))
    return (
        f"Those asked again, or met later, {did} {more} often: {value} ({low} to {high} is "
        "likely). Part of it is that the keen ones come back by themselves."
    )
