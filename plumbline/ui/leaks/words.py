"""What the Leaks screen says. Texts from data stand in parts that are escaped where they are drawn."""

from __future__ import annotations

import polars as pl

from plumbline import hindsight, wording
from plumbline.leaks.ranked import STEPS, Ranked
from plumbline.leaks.ranking import Leak
from plumbline.ui import data, on_record
from plumbline.ui.leaks.ground import Scene
from plumbline.ui.text import Bold, Figure, Link, Part
from plumbline.words import leaks as words
from plumbline.words.leaks import CLASSES as CLASSES
from plumbline.words.leaks import SIDES as SIDES
from plumbline.words.leaks import rates as rates
from plumbline.words.leaks import segment as segment


def named(scene: Scene, leak: Leak) -> str:
    """The same on a screen with filters: 'All leads of these filters' where it is all of them."""
    return segment(scene.found, leak) if leak.fields or not scene.filters.segments else "All leads of these filters"


def of_today(scene: Scene, leak: Leak) -> str:
    """' Region as known today.': changes of an attribute of the segment were not recorded; '' where they were."""
    history = data.history()
    names = [name.replace("_", " ") for name, _ in scene.found.segment(leak) if hindsight.is_of_today(history, name)]
    listed = wording.listing(names)
    return f" {listed[:1].upper()}{listed[1:]} as known today." if names else ""


def causes(found: Ranked, leak: Leak, most: int = 2) -> str:
    """How its leads leaked beyond the usual, as far as it is recorded."""
    return words.causes(found, leak, on_record.what_is_missing(), most)


def ways() -> dict[str, str]:
    """What became of leads at a step, in words, as far as it is recorded."""
    return wording.LEAK_NAMES | {"not_recorded": f"past the window ({on_record.what_is_missing()} not recorded)"}


def lost(scene: Scene, leak: Leak) -> str:
    """'48 SQLs lost, worth $252 k'."""
    return words.lost_and_worth(scene.found, leak, scene.steps, currency())


def currency() -> str:
    return data.history().about.currency


def headline(scene: Scene) -> list[Part]:
    found = scene.found
    entered = scene.entered
    if not found.looked_at:
        return [nothing_to_hold(found, scene.rows, bool(scene.steps.begins))]
    if not found.leaks:
        against = "than in the year before" if has_year_before(scene) else "than in the others"
        return [
            Bold("No leak beyond chance"), f": of {wording.plural(entered, 'lead')} no segment lost more {against}, ",
            f"with {wording.count(found.looked_at)} looked at",
        ]  # fmt: skip
    first = found.leaks[0]
    cause = causes(found, first, 1)
    told: list[Part] = [
        "The costliest leak is " if is_costliest(found) else "The costliest of the surest leaks is ",
        Link(named(scene, first), scene.href(first)), ": ", Bold(lost(scene, first)), f". {rates(first, scene.steps)}",
        *([f"; {cause}"] if cause else []),
    ]  # fmt: skip
    others = len(found.leaks) - 1
    if others:
        told.append(f". {wording.words(wording.plural(others, 'more leak'))} {'is' if others == 1 else 'are'} beyond chance")
    return told


def is_costliest(found: Ranked) -> bool:
    """Whether the first leak costs most of all: those that are less sure stand behind it, whatever they cost."""
    costs = [found.cost(leak) for leak in found.leaks]
    return not costs or costs[0] >= max(costs)


def nothing_to_hold(found: Ranked, rows: pl.DataFrame, has_steps: bool) -> str:
    """Why no segment was looked at: no step is recorded, too few leads, or all alike in what is recorded. rows: the judged steps."""
    return words.why_none(found, old_enough(rows), has_steps)


def old_enough(rows: pl.DataFrame) -> int:
    """Leads old enough to tell at the step of most. rows: the judged steps."""
    now = rows.filter(pl.col("is_now"))
    return int(now["stage_rank"].value_counts()["count"].max() or 0) if now.height else 0


def has_year_before(scene: Scene) -> bool:
    """Whether leads of the year before the period are held beside those of the period."""
    return scene.filters.since is not None and not scene.rows["is_now"].all()


def strip(scene: Scene) -> list[Figure]:
    found, parts = scene.found, scene.parts
    leaked = parts.filter(~parts["class"].is_in(["went_on", "in_window"]))
    entered = scene.entered
    told = [
        Figure(
            "Leads that leaked", wording.count(leaked["n"].sum()), n=f"of {wording.count(entered)}, at any step",
            meaning="left the funnel, or past the time agreed",
        ),
        Figure(
            "Leaks beyond chance", wording.count(len(found.leaks)), n=f"of {wording.count(found.looked_at)} segments looked at",
            meaning="with a share of false alarms of one in ten at most",
        ),
    ]  # fmt: skip
    sqls = [found.worth.of_leads(leak.step, leak.residual) for leak in found.leaks]
    if found.leaks:
        whole = [found.worth.of_leads(leak.step, leak.lost) for leak in found.leaks]  # all of them together are at least the largest
        won, value = (max(sum(one[at] or 0.0 for one in sqls), *(one[at] or 0.0 for one in whole)) for at in (1, 2))
        is_known = any(one[1] is not None for one in sqls)  # how leads go on to won
        value = value if found.worth.deal is not None and is_known else None
        worth = Figure("Lost by these leaks", wording.money(value, currency()), n="leads in two leaks counted once") if value is not None else None
        unknown = Figure("Won deals lost", wording.ABSENT, unit="cannot be told", meaning="How many of these leads go on to won is not known.")
        told.append(worth or (unknown if not is_known else Figure("Won deals lost", wording.decimal(won), n="leads in two leaks counted once")))
        whose = "whose promise would have kept them" if on_record.has("attempts") else "whether a promise was missed is not recorded"
        counts = {name: sum(found.side(leak) == name for leak in found.leaks) for name in SIDES}
        listed = " · ".join(f"{n} {SIDES[name][0]}" for name, n in sorted(counts.items(), key=lambda one: -one[1]) if n)
        told.append(Figure("Whose side", listed.split(" · ")[0], n=" · ".join(listed.split(" · ")[1:]), meaning=whose))
    return told


def flow_title(scene: Scene) -> str:
    """'Most leads leak at MQL → SAL: 364 of 1,169 were never tried'."""
    parts = scene.parts
    leaked = parts.filter(~pl.col("class").is_in(["went_on", "in_window"]))
    if not leaked["n"].sum():
        return "No lead has leaked in this period"
    worst = leaked.group_by("step").agg(pl.col("n").sum()).sort("n", descending=True)["step"][0]
    most = leaked.filter(pl.col("step") == worst).sort("n", descending=True).row(0, named=True)
    entered = parts.filter(pl.col("step") == worst)["n"].sum()
    gone = leaked.filter(pl.col("step") == worst)["n"].sum()
    which = "Most leads leak" if parts["step"].n_unique() > 1 else "Leads leak"
    return (
        f"{which} at {scene.steps.names()[worst]}: {wording.count(gone)} of {wording.count(entered)}, {wording.count(most['n'])} of them "
        f"{ways()[most['class']]}"
    )


def perhaps(scene: Scene) -> str:
    """'Not listed, for ...: source webinar (29 SALs at MQL → SAL) lost more beyond what these leaks explain.'; '' where nothing comes near."""
    if not scene.found.perhaps:
        return ""
    told = []
    for leak in scene.found.perhaps:
        named, step = segment(scene.found, leak), scene.steps.names().get(STEPS[leak.step - 1], "")
        told.append(f"{named[:1].lower()}{named[1:]} ({wording.count(leak.residual)} {scene.steps.reached(leak.step)} at {step})")
    beside = "beyond what these leaks explain" if scene.found.leaks else "than was to be expected"
    return (
        f"Not listed, for among {wording.count(scene.found.looked_at)} segments chance alone could bring it: {wording.listing(told)} lost more "
        f"{beside}."
    )


def everywhere(scene: Scene) -> list[str]:
    """What is said where all leads fell together."""
    among = "among the leads of these filters: no other dimension" if scene.filters.segments else "everywhere: no single dimension"
    return [
        f"{rates(leak, scene.steps)}, {among} explains this. Look for what changed for all, such as a definition, a process, or how stages are "
        "recorded."
        for leak in scene.found.leaks
        if not leak.fields
    ]


def parts_in_words(scene: Scene) -> pl.DataFrame:
    """The rows of the picture as a table says them."""
    return scene.parts.with_columns(pl.col("step").replace(scene.steps.names()), pl.col("class").replace(ways()))


def began(leak: Leak) -> str:
    """'since about the week of 2 Feb 2026: 52 % until then, 18 % since'; '' where no week stands out."""
    told = leak.began
    if told is None:
        return ""
    about = "" if told.is_sure else "about "
    return f"since {about}the week of {wording.day(told.day)}: {wording.share(told.before)} until then, {wording.share(told.since)} since"
