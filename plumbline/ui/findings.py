"""Titles of pictures, written from their data: a finding where there are leads enough to say one, else the question. Frames in, a sentence out."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from scipy.stats import chi2_contingency, mannwhitneyu, poisson

from plumbline import wording
from plumbline.statistics import MINIMUM_N
from plumbline.steps import Steps
from plumbline.ui.funnel_words import difference_interval, following, rows_by_stage

_GONE = ("open_past_window", "rejected", "recycled", "lost")
_CHANCE = 0.05


def funnel(stages: pl.DataFrame, hidden: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> str:
    """'The largest leak is at MQL: 803 of 1,669 left, or still wait past the window'."""
    rows = {stage: row for stage, row in rows_by_stage(stages).items() if stage in Steps(hidden, missing).begins}
    gone = {stage: sum(row[part] or 0 for part in _GONE) for stage, row in rows.items() if row["entered"] >= MINIMUM_N}
    worst = max(gone, key=gone.get, default=None)
    if worst is None or not gone[worst]:
        return "What became of the leads that entered each stage?"
    told = f"{wording.count(gone[worst])} of {wording.count(rows[worst]['entered'])}"
    if len(rows) == 1:
        return f"{told} leads that entered {wording.stage_short(worst)} have not gone on"
    past = rows[worst]["open_past_window"]
    how = "left" if not past else "still wait past the window" if past == gone[worst] else "left, or still wait past the window"
    return f"Most leads leak at {wording.stage_short(worst)}: {told} {how}"


def trend(cohorts: pl.DataFrame, stage: str, hidden: tuple[str, ...], grain: str, begins: date | None = None, early: date | None = None) -> str:
    """'MQL → SAL fell from 52 % to 43 % after May 2026'; the two halves of the cohorts old enough, compared with Newcombe's interval.

    begins: cohorts before it are left out, for the step was not recorded yet; early: cohorts from it on are not old enough.
    """
    name = f"{wording.stage_short(stage)} → {wording.stage_short(following(stage, hidden))}"
    rows = cohorts.filter((pl.col("stage") == stage) & (pl.col("mature") > 0)).sort("cohort")
    if early is not None:
        rows = rows.filter(pl.col("cohort") < early)
    if begins is not None:
        rows = rows.filter(pl.col("cohort") >= begins)
    half = rows.height // 2
    first, last = rows.head(half), rows.tail(rows.height - half)
    (k1, n1), (k2, n2) = _sums(first), _sums(last)
    if rows.height < 2 or n1 < MINIMUM_N or n2 < MINIMUM_N:
        return f"Does {name} change over time?"
    low, high = difference_interval(k2, n2, k1, n1)
    if low <= 0 <= high:
        whole = wording.share((k1 + k2) / (n1 + n2))
        return f"{name} stayed near {whole}: the earlier and the later {grain}s differ by no more than chance"
    word = "rose" if k2 / n2 > k1 / n1 else "fell"
    since = last["cohort"][0]
    when = f"{since:%B} {since.year}" if grain == "month" else wording.day(since)
    return f"{name} {word} from {wording.share(k1 / n1)} to {wording.share(k2 / n2)} for leads handed over from {when} on"


def outcomes(curve: pl.DataFrame, stage: str, hidden: tuple[str, ...], n: int, window: float) -> str:
    """'Half of the leads that enter SAL reach SQL within 12 days', or how far they got when the window ends. window: seconds."""
    here, there = wording.stage_short(stage), wording.stage_short(following(stage, hidden))
    if n < MINIMUM_N or curve.is_empty():
        return f"When do leads leave {here}, and how?"
    half = curve.filter(pl.col("advanced") >= 0.5)
    if half.height:
        return f"Half of the leads that enter {here} reach {there} within {wording.duration(half['time'].min())}"
    row = curve.filter(pl.col("time") <= window).sort("time").row(-1, named=True)
    left = sum(row[name] for name in ("rejected", "recycled", "lost"))
    told = f"{wording.duration(window)} after entering {here}, {wording.share(row['advanced'])} have reached {there}"
    return told + (f" and {wording.share(left)} have left" if left else "")


def time_in_stage(summary: pl.DataFrame, spread: pl.DataFrame) -> str:
    """'Leads that go on stay longest in Opportunity: half of them over 66 days'; longest only where a rank test tells it from the next.

    spread: how many passages of each stage fell into each span of time (stage, low, n).
    """
    rows = summary.filter(pl.col("n") >= MINIMUM_N).sort("median", descending=True)
    if rows.height < 2:
        return "How long do leads stay in a stage before they go on?"
    spans = [spread.filter(pl.col("stage") == name) for name in rows["stage"][:2]]
    times = [np.repeat(mine["low"].to_numpy(), mine["n"].to_numpy()) for mine in spans]
    if not all(len(one) for one in times) or mannwhitneyu(*times, alternative="greater").pvalue >= _CHANCE:
        told = [f"{wording.duration(row['median'])} or more in {wording.stage_short(row['stage'])}" for row in rows.head(2).to_dicts()]
        return f"Half of the leads that go on stay {told[0]}, {told[1]}: no more than chance apart"
    return f"Leads that go on stay longest in {wording.stage_short(rows['stage'][0])}: half of them {wording.duration(rows['median'][0])} or more"


def breakdown(rows: pl.DataFrame, field: str) -> str:
    """'webinar goes on most often, 62 % of 210, paid social least, 38 % of 402'; differences are first held against chance (chi-squared)."""
    enough = rows.filter(pl.col("mature") >= MINIMUM_N).with_columns(rate=pl.col("converted") / pl.col("mature")).sort("rate", descending=True)
    field = field.replace("_", " ")
    if enough.height < 2:
        return f"Does {field} make a difference?"
    table = np.array([enough["converted"].to_numpy(), (enough["mature"] - enough["converted"]).to_numpy()])
    if not table.sum(axis=1).all() or chi2_contingency(table).pvalue >= _CHANCE:
        return f"{wording.words(field)} makes no difference beyond chance"
    best, worst = enough.row(0, named=True), enough.row(-1, named=True)
    return (
        f"{_value(best, field)} goes on most often, {wording.share_of(best['converted'], best['mature'])}; "
        f"{_value(worst, field)} least, {wording.share_of(worst['converted'], worst['mature'])}"
    )


def activity(flow: pl.DataFrame, grain: str, partial_from: date) -> str:
    """'Most MQLs came in March 2026: 180, against 139 in a usual month'. Periods that are not over are left out; the most is named
    where so many would come by chance alone, at a steady rate, in fewer than one of twenty such histories."""
    rows = flow.filter((pl.col("stage") == "mql") & (pl.col("period") < partial_from)).sort("entries", descending=True)
    if rows.height < 3 or rows["entries"].sum() < MINIMUM_N:
        return f"How many leads entered each stage in each {grain}?"
    when, usual = rows["period"][0], wording.count(rows["entries"].median())
    if rows.height * poisson.sf(rows["entries"][0] - 1, rows["entries"].mean()) >= _CHANCE:
        return f"{usual} MQLs in a usual {grain}; none had more than chance alone could bring"
    told = f"{when:%B} {when.year}" if grain == "month" else f"the week of {wording.day(when)}"
    return f"Most MQLs came in {told}: {wording.count(rows['entries'][0])}, against {usual} in a usual {grain}"


def story(touches: int, contacts: int, acts: int) -> str:
    """'12 touches, 4 of which reached the lead; the lead itself acted 38 times'."""
    reached = f", {wording.count(contacts)} of which reached the lead" if touches else ""
    return f"{wording.plural(touches, 'touch', 'touches')}{reached}; {wording.plural(acts, 'act')} of the lead"


def _sums(rows: pl.DataFrame) -> tuple[int, int]:
    return rows["converted"].sum() or 0, rows["mature"].sum() or 0


def _value(row: dict, field: str) -> str:
    return f"{wording.words(field)} not known" if row["value"] is None else wording.shortened(row["value"], 40)
