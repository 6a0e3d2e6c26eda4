"""What can be said of speed where no attempt is on record: how soon leads are handed over to a rep."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from plumbline import charts, wording
from plumbline.charts.clock_axis import HALF_A_DAY
from plumbline.charts.waiting import Curve
from plumbline.speed.delays import Delays, within
from plumbline.statistics import MINIMUM_N
from plumbline.ui import on_record, panels, text, theme
from plumbline.ui.speed import figures, whose
from plumbline.ui.speed.figures import SECOND, Scene
from plumbline.ui.text import Bold, Figure, Part


def show(told: Scene) -> None:
    """The delay of the system alone: headline, shares in time, curve, and by segment."""
    if not on_record.has("owners") or on_record.of_won_alone("owners"):
        text.headline(
            [f"How fast {wording.plural(len(told.waits), 'lead')} were followed up is not recorded: ", text.Bold("neither calls nor owners")]
        )
        for said in (*on_record.missing("attempts", "owners"), *on_record.limits("owners")):
            text.note(said)
        return
    waited = told.measured("system")
    everyone = told.groups("system", "", 0)
    text.headline(headline(waited, everyone[0].median if everyone else None, told.clock, told.is_dated))
    text.note(f"{on_record.why_not('attempts')} What follows is the time from MQL to the rep.")
    for said in on_record.limits("owners"):
        text.note(said)
    for said in figures.notes(told, has_attempts=False):
        text.note(said)
    if not waited.happened.any() or len(waited) < MINIMUM_N:
        return
    if not waited.time[waited.happened].any():
        text.note("Every lead that has a rep had one when it became an MQL: here the hand-over takes no time that could be shown.")
        return
    text.figure_strip(strip(waited, told.limits, told.clock))
    curve = Curve("handed over", figures.curve(told, "system"), "system")
    panels.chart(
        charts.waiting_curve(
            [curve], mode=theme.mode(), marks=figures.marks(told), shortest=HALF_A_DAY if told.is_dated else 60.0, horizon=figures.horizon(told)
        ),
        "handed_curve",
        table(waited, told.limits),
        charts.waiting_curve_alt([curve], is_dated=told.is_dated),
        title=_finding(told, curve),
        headings=figures.HEADINGS,
        file="handed over to a rep in time",
        subtitle=f"Share of {wording.plural(len(waited), 'lead')} handed over to a rep, by time since they became an MQL"
        + (", counting only the hours in which their team works" if told.clock == "open" else "")
        + ". Those never handed over count for as long as they were watched; the band is the 95 % interval.",
        is_clickable=False,
    )
    whose.show(told, has_attempts=False)


def headline(waited: Delays, median: float | None, clock: str, is_dated: bool = False) -> list[Part]:
    """'Half of 2,278 leads were handed over to a rep within 2 days of becoming an MQL; 300 were never handed over'. median in microseconds."""
    if len(waited) < MINIMUM_N:
        return [f"Too few to say: {wording.plural(len(waited), 'lead')} became an MQL"]
    missing = len(waited) - int(waited.happened.sum())
    if missing == len(waited):
        return ["None of ", Bold(wording.plural(len(waited), "lead")), " of this choice has an owner on record"]
    tail = f"; {wording.count(missing)} were never handed over" if missing else ""
    if median is None:
        return [f"Fewer than half of {wording.plural(len(waited), 'lead')} are ever handed over to a rep", tail]
    hours = " of working time after" if clock == "open" else " of"
    at_once = "on the day itself" if is_dated else "at once"
    span = wording.within(median / SECOND, is_dated).removeprefix("within ")
    soon: list[Part] = ["within ", Bold(span), f"{hours} becoming an MQL"] if median and span != at_once else [Bold(at_once)]
    return [f"Half of {wording.plural(len(waited), 'lead')} were handed over to a rep ", *soon, tail]


def strip(waited: Delays, limits: Mapping[str, int], clock: str) -> list[Figure]:
    """The share of ALL leads old enough that were handed over in time, one figure a limit."""
    told = []
    for name, limit in limits.items():
        k, n = within(waited, limit)
        label = "Handed over on the day itself" if name == "the day itself" else f"Handed over within {name}"
        meaning = f"Of all leads that became an MQL at least {name} before the data end, the share handed over to a rep by then"
        told.append(
            Figure(
                label=label,
                value="too few" if n < MINIMUM_N else wording.share(k / n),
                n=f"of {wording.count(n)}",
                meaning=meaning + (", in working hours." if clock == "open" else "."),
            )
        )
    return told


def table(waited: Delays, limits: Mapping[str, int]) -> pl.DataFrame:
    """The shares in time, exact."""
    rows = [(name, k, n, k / n if n else None) for name, limit in limits.items() for k, n in (within(waited, limit),)]
    return pl.DataFrame(rows, schema={"within": pl.String, "in_time": pl.Int64, "leads": pl.Int64, "share": pl.Float64}, orient="row")


def _finding(told: Scene, curve: Curve) -> str:
    end = figures.horizon(told)
    reached = float(curve.frame.filter(pl.col("time") <= end)["reached"][-1])
    spent = wording.duration(end) + (" of working time" if told.clock == "open" else "")
    return f"Within {spent} {wording.share(reached)} of the leads are handed over to a rep"
