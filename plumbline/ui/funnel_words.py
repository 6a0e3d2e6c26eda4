"""What the Funnel says in words: the headline, the verdict strip, and what the data cannot know. Frames in, parts of sentences out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl

from plumbline import wording
from plumbline.statistics import MINIMUM_N, wilson
from plumbline.steps import NEXT
from plumbline.ui.text import Bold, Figure, Link, Part

DONE = {"mql": "were accepted by sales", "sal": "passed the sales test", "sql": "became an opportunity", "opportunity": "were won"}
Href = Callable[..., str]


def rows_by_stage(stages: pl.DataFrame) -> dict[str, dict]:
    return {row["stage"]: row for row in stages.to_dicts()}


def unrecorded(observed: pl.DataFrame) -> tuple[str, ...]:
    """Stages that leads reached, but that no event of this choice ever recorded: known only because a later stage was."""
    return tuple(row["stage"] for row in observed.to_dicts() if row["reached"] and not row["observed"])


def as_recorded(rows: pl.DataFrame, implied: tuple[str, ...], missing: tuple[str, ...], never: tuple[str, ...]) -> pl.DataFrame:
    """The rows of funnel/stages as a table shows them: what is not recorded is empty, not nought."""
    numbers = [name for name in rows.columns if name not in ("stage", "value", "cohort")]
    of_steps = [name for name in numbers if name != "entered"]
    last = [stage for stage, after in NEXT.items() if after in missing]  # who went on from there is not recorded
    hidden = pl.col("stage").is_in([*implied, *missing])
    told = rows.with_columns(pl.when(~hidden).then(pl.col(name)).alias(name) for name in numbers)
    told = told.with_columns(pl.when(~pl.col("stage").is_in(last)).then(pl.col(name)).alias(name) for name in of_steps)
    return told.with_columns(pl.lit(None, told.schema[name]).alias(name) for name in never if name in told.columns)


def following(stage: str, hidden: tuple[str, ...] = ()) -> str:
    """The first stage after `stage` that is recorded by events of its own: where a passage from `stage` is seen to end."""
    found = NEXT[stage]
    while found in hidden and found in NEXT:
        found = NEXT[found]
    return found


def step(stage: str, hidden: tuple[str, ...] = ()) -> str:
    """'MQL → SAL'."""
    return f"{wording.stage_short(stage)} → {wording.stage_short(following(stage, hidden))}"


def never_recorded(everything: pl.DataFrame) -> tuple[str, ...]:
    """Ways to leave the funnel that no lead of the whole history took. everything: funnel/stages of all passes of all time."""
    return tuple(name for name in ("rejected", "recycled", "lost") if everything["entered"].sum() and not everything[name].sum())


def stray_note(rows: pl.DataFrame) -> str:
    """Exits that close nothing, of the whole history; '' where there is none. rows: stage, n."""
    n = int(rows["n"].sum())
    if not n:
        return ""
    kinds = wording.listing([f"{wording.count(count)} {wording.words(stage).lower()}" for stage, count in rows.rows()])
    one = n == 1
    return (
        f"{wording.count(n)} {'exit has' if one else 'exits have'} no pass open before {'it' if one else 'them'} ({kinds}): "
        f"{'it closes' if one else 'they close'} nothing and {'is' if one else 'are'} in no figure."
    )


def never_note(never: tuple[str, ...]) -> str:
    """Says that a nought is no praise: '' where every way out is on record."""
    if not never:
        return ""
    ways = {"rejected": "sent back", "recycled": "recycled", "lost": "lost"}
    told = f"These data record no lead as {wording.listing([ways[name] for name in never], 'or')}"
    return f"{told}: such leads stand among those still open." if len(never) == 3 else f"{told}: that means not recorded, not that it never happened."


def headline(
    stages: pl.DataFrame,
    before: pl.DataFrame | None,
    observed: pl.DataFrame,
    days: dict[str, float],
    href: Href,
    passes: str = "first",
    then: str = "in the period before",
    missing: tuple[str, ...] = (),
) -> list[Part]:
    """The one true sentence: acceptance with its n, against the period before, and where the others are. then: that period, in words."""
    mql = rows_by_stage(stages)["mql"]
    if mql["entered"] == 0:
        return ["No leads were handed over in this period"]
    if "sal" in missing:
        return [Link(f"{wording.plural(mql['entered'], 'lead')}", href(stage="mql")), " were handed over; what became of them is not recorded"]
    if "sal" in unrecorded(observed):
        return _without_acceptance(stages, observed, href)
    if mql["mature"] < MINIMUM_N:
        told = f"Too few to say: {wording.plural(mql['entered'], 'lead')} {'was' if mql['entered'] == 1 else 'were'} handed over"
        if mql["mature"] == mql["entered"]:
            return [told]
        return [told, f", {wording.count(mql['mature'])} long enough ago for the {wording.decimal(days['mql'])} days in which sales may accept"]
    parts: list[Part] = [
        Bold(wording.share(mql["conversion"])),
        f" of {wording.count(mql['mature'])} {'leads handed over' if passes == 'first' else 'hand-overs'} were accepted by sales within ",
        f"{wording.decimal(days['mql'])} days",
    ]
    parts += _against(mql, rows_by_stage(before)["mql"] if before is not None else None, then)
    left = mql["rejected"] + mql["recycled"] + mql["lost"]
    rest: list[Part] = []
    if mql["open_past_window"]:
        rest += [Link(f"{wording.count(mql['open_past_window'])} still wait past that window", href(stage="mql", outcome="open_past_window"))]
    if left:
        rest += [" and " if rest else "", Link(f"{wording.count(left)} were sent back or dropped", href(stage="mql", outcome="left"))]
    return [*parts, "; ", *rest] if rest else parts


def _without_acceptance(stages: pl.DataFrame, observed: pl.DataFrame, href: Href) -> list[Part]:
    """For histories that skip stages: how far leads got by the first stage that is recorded, and which are not."""
    hidden = unrecorded(observed)
    rows = rows_by_stage(stages)
    first = next(stage for stage in ("sql", "opportunity", "won") if stage not in hidden)
    reached, entered = rows[first]["entered"], rows["mql"]["entered"]
    missing = wording.listing([wording.stage_short(stage) for stage in hidden])
    return [
        Link(f"{wording.count(reached)} of {wording.count(entered)} leads handed over", href(stage=first)),
        " reached ",
        Bold(wording.stage_short(first)),
        f" so far ({wording.share(reached / entered)}); {missing} {'is' if len(hidden) == 1 else 'are'} not recorded in these data, only implied",
    ]


def _against(now: dict, before: dict | None, then: str) -> list[Part]:
    if before is None or before["mature"] < MINIMUM_N:
        return []
    difference = round(now["conversion"], 2) - round(before["conversion"], 2)  # of the figures as shown
    low, high = difference_interval(now["converted"], now["mature"], before["converted"], before["mature"])
    was = f", against {wording.share_of(before['converted'], before['mature'])} {then}"
    if low <= 0 <= high:
        return [was, ": a difference that chance alone could make"]
    return [was, ", ", "up " if difference > 0 else "down ", Bold(wording.points(abs(difference)).lstrip("+"))]


def difference_interval(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    """95 % interval of k1/n1 - k2/n2 from two Wilson intervals (Newcombe 1998, method 10)."""
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = wilson(k1, n1), wilson(k2, n2)
    return p1 - p2 - ((p1 - l1) ** 2 + (u2 - p2) ** 2) ** 0.5, p1 - p2 + ((u1 - p1) ** 2 + (p2 - l2) ** 2) ** 0.5


def change_of_share(k: int, n: int, k_then: int, n_then: int, then: str) -> tuple[str, str]:
    """What changed against the period before, and the sentence for its hover: ('−4 points, maybe chance', 'Against 48 % of 900 from ...: ...').

    '' twice where either has under 30. Chance: the 95 % interval of the difference holds no difference.
    """
    if min(n, n_then) < MINIMUM_N:
        return "", ""
    low, high = difference_interval(k, n, k_then, n_then)
    told = wording.points(round(k / n, 2) - round(k_then / n_then, 2))
    is_chance = low <= 0 <= high
    said = f"Against {wording.share_of(k_then, n_then)} {then}" + (": no more than chance alone could bring." if is_chance else ".")
    return (f"{told}, maybe chance" if is_chance and told != "no change" else told), said


def strip(
    stages: pl.DataFrame,
    before: pl.DataFrame | None,
    observed: pl.DataFrame,
    days: dict[str, float],
    href: Href,
    then: str = "in the period before",
    missing: tuple[str, ...] = (),
) -> list[Figure]:
    """Conversion of each step within its window, of those old enough; 'too few to say' under 30, 'not recorded' where it is only implied, or
    where nobody of the whole history came (`missing`)."""
    hidden = unrecorded(observed)
    now, was = rows_by_stage(stages), rows_by_stage(before) if before is not None else {}
    return [
        _nobody(stage, missing)
        if stage in missing or after in missing
        else _not_recorded(stage, hidden)
        if stage in hidden or after in hidden
        else _figure(now[stage], was.get(stage), days[stage], href, then)
        for stage, after in NEXT.items()
    ]


def _nobody(stage: str, missing: tuple[str, ...]) -> Figure:
    which = stage if stage in missing else NEXT[stage]
    return Figure(
        label=step(stage),
        value=wording.ABSENT,
        unit="not recorded",
        n=f"no {wording.stage_short(which)} in the whole history",
        meaning=f"No lead of the whole history reached {wording.stage_short(which)}, though enough had the time: not recorded, rather than never.",
    )


def _not_recorded(stage: str, hidden: tuple[str, ...]) -> Figure:
    both = wording.listing([wording.stage_short(name) for name in (stage, NEXT[stage]) if name in hidden])
    return Figure(
        label=step(stage),
        value=wording.ABSENT,
        unit="not recorded",
        n=f"{both} implied",
        meaning="The stage was never recorded; it is implied by a later one.",
    )


def _figure(row: dict, was: dict | None, days: float, href: Href, then: str) -> Figure:
    stage = row["stage"]
    thin = row["mature"] < MINIMUM_N
    comparable = not thin and was is not None and was["mature"] >= MINIMUM_N
    younger = row["entered"] - row["mature"]
    meaning = f"{wording.stage_meaning(stage)}. The share that {DONE[stage]} in time, of those old enough to tell."
    if younger:
        meaning += f" {wording.count(younger)} entered too lately to count here; {wording.count(row['open_in_window'])} of them are still in window."
    if comparable:
        meaning += f" Against {wording.share_of(was['converted'], was['mature'])} {then}."
    return Figure(
        label=step(stage),
        value="too few" if thin else wording.share(row["conversion"]),
        unit="" if thin else f"within {wording.decimal(days)} days",
        change=wording.points(round(row["conversion"], 2) - round(was["conversion"], 2)) if comparable else "",
        n=f"of {wording.count(row['mature'])}" + (f", {wording.count(row['open_in_window'])} still in window" if row["open_in_window"] else ""),
        href=href(stage=stage, outcome="converted") if not thin else "",
        meaning=meaning,
    )


def reach_notes(reach: pl.DataFrame, opened_from: object, zone: str, hidden: tuple[str, ...] = ()) -> list[str]:
    """Where the record of a step begins late: said, so that it is not read as an improvement. `opened_from`: first instant looked at, or None."""
    notes = []
    truncated = [row for row in reach.to_dicts() if begins_late(row)]
    by_start: dict[object, list[dict]] = {}
    for row in truncated:
        if opened_from is None or row["recorded_from"] > opened_from:
            by_start.setdefault(row["recorded_from"], []).append(row)
    for start, rows in by_start.items():
        stages = wording.listing(list(dict.fromkeys(wording.stage_short(following(row["stage"], hidden)) for row in rows)))
        some = max(row["entered_before"] for row in rows)
        notes.append(
            f"{stages} {'are' if len(rows) > 1 else 'is'} recorded only from {wording.instant(start, zone).split(',')[0]}: "
            f"{wording.count(some)} leads handed over before could not show it in time. "
            "A rise at that date is the record beginning, not an improvement."
        )
    return notes


def begins_late(row: dict) -> bool:
    """Whether the record of a step (a row of funnel/reach) begins after leads that should have shown it."""
    return row["recorded_from"] is not None and (row["expected_by_then"] or 0) >= 5


def cut_off(data_through: object, days: float) -> object:
    """Leads that entered after this instant have not had the window yet."""
    return data_through - timedelta(days=days)  # type: ignore[operator]


def implied_note(observed: pl.DataFrame) -> str:
    """Acceptances that were only inferred, and silent ones, beside the observed."""
    sal = next(row for row in observed.to_dicts() if row["stage"] == "sal")
    said = []
    if sal["implied"] and sal["observed"]:
        said.append(
            f"{wording.count(sal['implied'])} of {wording.count(sal['reached'])} acceptances are implied: "
            "a later stage was recorded, the acceptance was not"
        )
    if 0 < sal["without_actor"] < sal["observed"]:
        said.append(f"{wording.plural(sal['without_actor'], 'acceptance')} recorded with no person behind")
    order = max(row["out_of_order"] for row in observed.to_dicts())
    if order:
        said.append(f"{wording.plural(order, 'lead')} reached a later stage before an earlier one: counted, but left out of the times")
    return ". ".join(said) + "." if said else ""
