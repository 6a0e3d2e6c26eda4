"""What goes with a quick first attempt: conversion of leads tried by a moment beside those still waiting then. An association, and said so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from plumbline import charts, wording
from plumbline.charts.associations import WAYS
from plumbline.clock import DAY
from plumbline.definition import Definition
from plumbline.simulation.fit_interest import stand
from plumbline.speed.around_closing import AFTER, BEFORE, side_of_closing
from plumbline.speed.delays import HOUR
from plumbline.speed.waits import NEVER, Waits
from plumbline.statistics import MINIMUM_N
from plumbline.statistics.response import ClosingComparison, ResponseBand, just_around_closing, response_bands
from plumbline.steps import ALL, Steps
from plumbline.ui import data, judged_by, on_record, panels, text, theme, widen
from plumbline.ui.lab import desk
from plumbline.ui.speed import ground
from plumbline.ui.speed.figures import SECOND, Scene

NEAR = 2 * HOUR
_REFUSED = {
    "too_few": f"under {MINIMUM_N}, too few",
    "no_overlap": "nobody alike in both",
    "small_effective_sample": "too unlike to weight",
}


_THURSDAY = 3  # 1 January 1970, where Monday is 0


@dataclass(frozen=True)
class Compared:
    """Of the leads old enough: seconds until tried and until they left or became an SQL (inf: never), whether they did in time, who is like whom."""

    wait: np.ndarray
    closed: np.ndarray
    converted: np.ndarray
    alike: list[np.ndarray]
    named: list[str]


def _horizon() -> int:
    """Microseconds from MQL to SQL, or to what stands for it: the windows of the steps between."""
    return int(on_record.steps().days_to("sql")) * DAY


def show(told: Scene) -> None:
    """The comparison at each limit, then the one around closing time."""
    fit = judged_by.choose("Fit is judged by") if judged_by.offered() else None
    steps, horizon = on_record.steps(), _horizon()
    if "sql" in steps.unrecorded:
        widen.empty("What goes with speed cannot be told", [], on_record.why_not("stage:sql"))
        return
    old = np.flatnonzero(told.waits.through - told.waits.mql >= horizon)
    if len(old) < 2 * MINIMUM_N:
        widen.empty(
            f"Too few leads had {horizon // DAY} days to {steps.become('sql')}", [], "Choose an earlier period: these are too young to compare."
        )
        return
    waits = told.waits.only(old)
    compared = _compare(told, waits, old, fit)
    strata = _codes(compared.alike)
    limits = {name: limit for name, limit in told.limits.items() if limit / SECOND > 0}
    bands = response_bands(
        compared.wait, compared.closed, compared.converted, strata, compared.alike, landmarks=[limit / SECOND for limit in limits.values()]
    )
    rows = table(bands, list(limits))
    closing = None if told.is_dated else _around_closing(told, waits, compared)
    panels.chart(
        charts.associations(rows, mode=theme.mode()),
        "goes_with",
        rows.with_columns(pl.col("way").replace(WAYS)),
        charts.associations_alt(rows),
        title=_title(dict(zip(limits, bands, strict=True)), told.until, steps) + _second_opinion(closing),
        headings={
            "limit": "Tried within",
            "way": "Compared",
            "difference": f"More {steps.noun('sql')}",
            "low": "Likely from",
            "high": "Likely to",
            "n": "Leads",
            "note": "Why not",
        },
        file="what goes with speed",
        subtitle=f"Of the leads still open at each limit, how much more often those tried by then {steps.became('sql', 2)} within {horizon // DAY} "
        f"days than those not yet tried; with 95 % intervals. {wording.count(len(old))} leads old enough. "
        f"Alike: same {wording.listing(compared.named)}.",
        is_clickable=False,
    )
    text.note(
        [
            text.Bold("An association, not an effect. "),
            "Reps may call first those they expect most of; whatever is not recorded and drives both is still in these figures. ",
            _strength(dict(zip(limits, bands, strict=True)), told.until, steps.became("sql")),
        ]
    )
    alike = dict(zip(limits, bands, strict=True))[told.until].standardised
    if alike.coverage:
        everyone = wording.count(round(alike.n / alike.coverage))
        text.note(
            f"Tried within {told.until}: {wording.count(alike.n)} of {everyone} leads have someone alike in the other group; only they are compared."
        )
    else:
        text.note("Nobody has someone alike in the other group: nothing can be compared among alike leads.")
    if closing is not None:
        _show_closing(closing, told.until, steps.became("sql", 2))


def _compare(told: Scene, waits: Waits, old: np.ndarray, fit: Definition | None) -> Compared:
    wait = np.where(told.total.happened[old], told.total.time[old] / SECOND, np.inf)
    elapsed = ground.clock(told.clock)
    ends = np.minimum(waits.left, waits.sql)
    closed = np.full(len(waits), np.inf)
    there = ends != NEVER
    closed[there] = elapsed(waits.mql[there], np.maximum(ends[there], waits.mql[there]), waits.team[there]) / SECOND
    converted = (waits.sql != NEVER) & (waits.sql - waits.mql <= _horizon())
    alike, named = [], []
    if "source" in data.history().fields:
        alike.append(ground.field_of(told.waits, "source")[old])
        named.append("source")
    if fit is not None:
        alike.append(_fits(fit, ground.waits(told.filters).only(old) if told.is_dated else waits))
        named.append("fit")
    alike.append((waits.mql // DAY + _THURSDAY) % 7 >= 5 if told.is_dated else _part_of_week(waits))
    named.append("weekdays or weekend" if told.is_dated else "part of the week (working hours, other hours, weekend)")
    return Compared(wait, closed, converted, alike, named)


def _fits(definition: Definition, waits: Waits) -> np.ndarray:
    """(n) whether each lead fitted the definition when it became an MQL, as known then."""
    facts = desk.stage().facts
    place = np.searchsorted(facts.events.lead_no, waits.lead)
    return stand(definition, facts, place, waits.mql).fits


def _part_of_week(waits: Waits) -> np.ndarray:
    """(n) 0 in working hours, 1 at other hours of a weekday, 2 at the weekend."""
    hours = ground.hours()
    place = hours.of(waits.team)
    weekend = hours.open_hours.local_hour_of_week(waits.mql, place) >= 5 * 24
    return np.where(hours.open_hours.is_open(waits.mql, place), 0, np.where(weekend, 2, 1))


def _codes(columns: list[np.ndarray]) -> np.ndarray:
    """(n) one number for each combination of values."""
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        _, place = np.unique(column, return_inverse=True)
        code = code * (int(place.max(initial=0)) + 1) + place
    return code


def table(bands: list[ResponseBand], limits: list[str]) -> pl.DataFrame:
    """The rows of the picture."""
    rows = []
    for limit, band in zip(limits, bands, strict=True):
        few = band.is_too_few
        for way, found, n, why in (
            ("crude", None if few else band.crude_difference, band.n, _REFUSED["too_few"]),
            ("standardised", None if band.standardised.is_too_few else band.standardised.difference, band.standardised.n, _REFUSED["too_few"]),
            ("weighted", band.weighted.difference, band.weighted.n, _REFUSED.get(band.weighted.refusal or "", "")),
        ):
            told = (found.value, found.low, found.high) if found else (None, None, None)
            rows.append((limit, way, *told, n, "" if found else why))
    schema = {"limit": pl.String, "way": pl.String, "difference": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64, "note": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _title(bands: dict[str, ResponseBand], until: str, steps: Steps = ALL) -> str:
    band = bands[until]
    found = band.standardised.difference
    if band.standardised.is_too_few or found is None:
        return f"Do leads tried within {until} {steps.become_many('sql')} more often? Too few alike leads to say"
    if not band.standardised.excludes_zero:
        return f"Among alike leads, being tried within {until} goes with no difference beyond chance"
    word = "more" if found.value > 0 else "less"
    low, high = sorted((abs(found.low), abs(found.high)))
    return f"Among alike leads, those tried within {until} {steps.became('sql', 2)} {word} often: by {_span(low, high)}"


def _span(low: float, high: float) -> str:
    return f"{round(low * 100)} to {wording.points(high).lstrip('+')}"


def _strength(bands: dict[str, ResponseBand], until: str, became: str = "became an SQL") -> str:
    found = bands[until].standardised
    if found.is_too_few or found.e_value_limit is None or not found.excludes_zero:
        return ""
    return (
        f"To explain the difference at {until} away, it would have to go {wording.decimal(found.e_value_limit)} times as often with a quick attempt "
        f"and with leads that {became} (E-value; {wording.decimal(found.e_value)} for the figure itself)."
    )


def _second_opinion(found: ClosingComparison | None) -> str:
    """What the comparison around closing time adds to the title, where it can say anything about speed."""
    if found is None or found.is_too_few or found.is_answered_alike:
        return ""
    if not found.excludes_zero:
        return "; but around closing time, where chance decides who waits, no difference is seen"
    return "; around closing time too" if found.difference.value > 0 else "; but around closing time it is the other way round"


def _around_closing(told: Scene, waits: Waits, compared: Compared) -> ClosingComparison | None:
    """The natural comparison, where the hours of the teams are known; None where they are not."""
    hours = ground.hours()
    place = hours.of(waits.team)
    side = np.zeros(len(waits), np.int8)
    known = ground.calendars()
    for team, name in enumerate(hours.open_hours.teams):
        if not known.of(name or None).is_assumed:
            mine = place == team
            side[mine] = side_of_closing(waits.mql[mine], hours.open_hours.closings(team), NEAR)
    if not side.any():
        return None
    quick = compared.wait <= told.limits[told.until] / SECOND
    before, after = (
        (int((side == one).sum()), int((compared.converted & (side == one)).sum()), int((quick & (side == one)).sum())) for one in (BEFORE, AFTER)
    )
    return just_around_closing(before, after)


def _show_closing(found: ClosingComparison, until: str, became: str) -> None:
    text.subheading("Just before closing time, and just after")
    if found.is_too_few:
        text.note(
            f"{wording.plural(found.before.n, 'lead')} came in the two hours before their team closed, {wording.count(found.after.n)} "
            "in the two hours after: too few to compare."
        )
        return
    text.paragraph(closing_words(found, until, became))


def closing_words(found: ClosingComparison, until: str, became: str = "became SQLs") -> list[text.Part]:
    """What the comparison says, in sentences."""
    told: list[text.Part] = [
        f"Leads that came in the two hours before their team closed are much like those of the two hours after, but for the wait. Of the former "
        f"{wording.share(found.answered_before.share.value)} of {wording.count(found.before.n)} were tried within {until}, of the latter "
        f"{wording.share(found.answered_after.share.value)} of {wording.count(found.after.n)}. ",
        text.Bold(
            f"{wording.share(found.before.share.value)} and {wording.share(found.after.share.value)} of them {became}",
        ),
    ]
    if found.is_answered_alike:
        return [*told, ": both were tried alike, so this comparison says nothing about speed."]
    if not found.excludes_zero:
        return [
            *told,
            f": a difference that chance alone could make ({_signed(found.difference.low)} to {_signed(found.difference.high)}).",
        ]
    return [
        *told,
        f": {_signed(found.difference.low)} to {_signed(found.difference.high)} is likely. The two may differ in more than the hour.",
    ]


def _signed(value: float) -> str:
    told = wording.points(value)
    return "0 points" if told == "no change" else told
