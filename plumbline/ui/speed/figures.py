"""The numbers of the Speed screen: what was measured of the chosen leads, by the chosen clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.charts.response_sum import BANDS
from plumbline.charts.waiting import HORIZON, Curve, thinned
from plumbline.clock import DAY
from plumbline.filters import Filters
from plumbline.history.precision import NEARLY_ALL, are_dates, are_one_instant
from plumbline.speed.delays import DATED_LIMITS, LIMITS, Delays, Group, Parts, by_group, delays, mean_parts
from plumbline.speed.promise import Promise
from plumbline.speed.waits import DATED, NEVER, Waits
from plumbline.statistics import kaplan_meier
from plumbline.ui import data, on_record
from plumbline.ui.speed import ground, words

SECOND = 1_000_000
_DATED_WORDS = {"mql": "MQLs", "attempt": "attempts", "handed": "hand-overs to a rep"}
HEADINGS = {"what": "What", "within": "Within", "in_time": "In time", "leads": "Leads old enough", "share": "Share in time"}
T = TypeVar("T")


@dataclass(frozen=True)
class Scene:
    """What every part of the screen is about. `total`: the waits from MQL to first attempt by `clock` (wall, open)."""

    filters: Filters
    clock: str
    waits: Waits
    total: Delays
    is_dated: bool
    now: words.Tried
    left_out: int = 0  # leads without a clock: their MQL or first attempt is a day without a time of day
    _kept: dict[object, object] = field(default_factory=dict, repr=False, compare=False)

    def kept(self, name: object, make: Callable[[], T]) -> T:
        """What `make` gives, made once for as long as the scene lives; `name` says what it is of."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]  # type: ignore[return-value]

    def measured(self, kind: str) -> Delays:
        """Another of the delays by the same clock: system, human, contact."""
        return self.kept(("measured", kind), lambda: delays(self.waits, kind, ground.clock(self.clock)))

    def parts(self) -> Parts:
        """The mean wait of those tried, in the system's part and the people's."""
        return self.kept("parts", lambda: mean_parts(self.waits, ground.clock(self.clock)))

    @property
    def bands(self) -> np.ndarray:
        """(n) index into words.BAND_NAMES of each pass."""
        return self.kept("bands", lambda: words.band_of(self.total))

    def groups(self, kind: str, by: str, limit: int) -> list[Group]:
        """One delay by the values of an attribute ('' for all together)."""
        waited = self.total if kind == "total" else self.measured(kind)

        def made() -> list[Group]:
            codes = ground.field_of(self.waits, by)[waited.of] if by else np.zeros(len(waited), np.int8)
            return by_group(waited, codes, limit)

        return self.kept(("groups", kind, by, limit), made)

    @property
    def until(self) -> str:
        """The limit that looks of one limit ask about, by name."""
        return "1 day" if self.is_dated else "1 h"

    @property
    def limits(self) -> dict[str, int]:
        return DATED_LIMITS if self.is_dated else LIMITS


def scene(filters: Filters, clock: str) -> Scene:
    """Measures the chosen leads; kept for all viewers while the history and the hours of the teams stay."""
    return _scene(*_asked(filters, clock), filters, clock)


def _asked(filters: Filters, clock: str) -> tuple[str, str, str]:
    """What a measurement depends on, as text."""
    hours = repr(ground.calendars()) if clock == "open" else ""
    return data.content(), repr(filters), f"{clock}{hours}"


@st.cache_resource(max_entries=6, show_spinner=False)
def _scene(snapshot: str, asked: str, by: str, _filters: Filters, _clock: str) -> Scene:
    filters, clock = _filters, _clock
    chosen = ground.waits(filters)
    dated = is_dated()
    without = 0 if dated else int(chosen.has_no_clock.sum())
    chosen = chosen.by_day(ground.local) if dated else chosen.only(~chosen.has_no_clock) if without else chosen
    total = delays(chosen, "total", ground.clock(clock))
    return Scene(filters, clock, chosen, total, dated, _told(total, dated), without)


def _told(total: Delays, dated: bool) -> words.Tried:
    everyone = by_group(total, np.zeros(len(total), np.int8), 0)
    median, p90 = ((everyone[0].median, everyone[0].p90) if everyone else (None, None)) if len(total) else (None, None)
    return words.tried(total, _seconds(median), _seconds(p90), DATED_LIMITS if dated else LIMITS)


def _seconds(micros: float | None) -> float | None:
    return None if micros is None else micros / SECOND


def is_dated() -> bool:
    """Whether the attempts of this history, or its MQLs, are dates without a time of day."""
    return bool(set(dated_things()) & {"mql", "attempt"})


def dated_things() -> tuple[str, ...]:
    """Which of mql, attempt and handed are, nearly all in this history, dates without a time of day."""
    return _dated_things(data.content())


@st.cache_data(max_entries=4, show_spinner=False)
def _dated_things(snapshot: str) -> tuple[str, ...]:
    everyone = ground.waits(Filters(episodes="all"))
    there = {thing: at[at != NEVER] for thing in DATED if len(at := getattr(everyone, thing))}
    return tuple(thing for thing, at in there.items() if everyone.share_dated(thing) >= NEARLY_ALL or are_dates(ground.local(at)))


def is_timeless() -> bool:
    """Whether every MQL, or every first attempt, of this history stands at one instant: no wait can be told."""
    return _is_timeless(data.content())


@st.cache_data(max_entries=4, show_spinner=False)
def _is_timeless(snapshot: str) -> bool:
    everyone = ground.waits(Filters(episodes="all"))
    return any(are_one_instant(at) for at in (everyone.mql, everyone.attempt[everyone.attempt != NEVER]))


def has_attempts() -> bool:
    """Whether anybody of this history was ever tried."""
    return _has_attempts(data.content())


@st.cache_data(max_entries=4, show_spinner=False)
def _has_attempts(snapshot: str) -> bool:
    return bool((ground.waits(Filters(episodes="all")).attempt != NEVER).any())


def notes(told: Scene, has_attempts: bool = True) -> list[str]:
    """What the data cannot know, and what must be said with the headline."""
    said = []
    if told.is_dated:
        what = [name for thing, name in _DATED_WORDS.items() if thing in dated_things() and (has_attempts or thing != "attempt")]
        said.append(f"In these data {wording.listing(what)} are days without a time of day: nothing shorter than a day is shown.")
    if told.left_out:
        said.append(
            f"{wording.plural(told.left_out, 'lead')} of this choice {'has' if told.left_out == 1 else 'have'} an MQL or a first attempt "
            "of which the day alone is known: no clock ran there, so they are left out below."
        )
    is_owned = on_record.has("owners") and not on_record.of_won_alone("owners")
    if has_attempts and is_owned and (unowned := words.unassigned_note(int((told.waits.handed != NEVER).sum()), len(told.waits))):
        said.append(unowned)
    if told.clock == "open" and (assumed := ground.assumed_teams(told.waits)):
        said.append(f"No working hours are known of {wording.listing(assumed)}: Monday to Friday, 09:00 to 17:00 are assumed.")
    return said


def curves(told: Scene, earlier: Scene | None) -> list[Curve]:
    """First attempt, first contact, and the first attempts of the period before."""
    made = [Curve("first attempt", curve(told, "total"))]
    contact = curve(told, "contact")
    if contact["happened"].sum():
        made.append(Curve("first contact", contact, "contact"))
    if earlier is not None:
        made.append(Curve("the period before", curve(earlier, "total"), "before"))
    return made


def curve(told: Scene, kind: str) -> pl.DataFrame:
    """The Kaplan-Meier curve of one of the delays, thinned for the picture."""
    return _kept_curve(*_asked(told.filters, told.clock), kind, told)


@st.cache_resource(max_entries=18, show_spinner=False)
def _kept_curve(snapshot: str, asked: str, by: str, kind: str, _told: Scene) -> pl.DataFrame:
    waited = _told.total if kind == "total" else _told.measured(kind)
    return thinned(kaplan_meier(waited.time / SECOND, waited.happened), HORIZON)


def marks(told: Scene, promise: Promise | None = None) -> list[tuple[float, str]]:
    """The limits as lines across the curve, the promised one with its words."""
    limits = {} if told.is_dated else {limit / SECOND: "" for limit in LIMITS.values()}
    if promise is not None:
        at = promise.micros // DAY * DAY if told.is_dated else promise.micros  # by the calendar, without the slack
        if at:
            limits[at / SECOND] = f"promised: {promise.percent} % within {promise.limit}"
    return list(limits.items())


def table(told: Scene) -> pl.DataFrame:
    """The shares in time, exact, of first attempts and first contacts."""
    return told.kept("table", lambda: _table(told))


def _table(told: Scene) -> pl.DataFrame:
    contact = told.measured("contact")
    rows = []
    for what, waited in (("first attempt", told.total), ("first contact", contact)):
        for name, limit in told.limits.items():
            k, n = words.within(waited, limit)
            rows.append((what, name, k, n, k / n if n else None))
    return pl.DataFrame(
        rows, schema={"what": pl.String, "within": pl.String, "in_time": pl.Int64, "leads": pl.Int64, "share": pl.Float64}, orient="row"
    )


def finding(told: Scene, made: list[Curve]) -> str:
    """The title of the main picture: how far the curves come."""
    if told.now.passes < wording.MINIMUM_N:
        return "How soon are leads first tried?"
    end = horizon(told)
    ends = {curve.role: float(curve.frame.filter(pl.col("time") <= end)["reached"][-1]) for curve in made}
    tail = f", {wording.share(ends['contact'])} are reached" if "contact" in ends else ""
    spent = wording.duration(end) + (" of working time" if told.clock == "open" else "")
    return f"Within {spent} {wording.share(ends['attempt'])} of the leads are tried{tail}"


def horizon(told: Scene) -> float:
    """Seconds at which the curve ends: 30 days, or as long as the oldest of these leads was watched."""
    return min(HORIZON, max(3600.0, told.kept("longest", lambda: float(told.total.age.max(initial=0))) / SECOND))


def bands(told: Scene) -> list[tuple[str, int]]:
    """(band, leads) in their order; they add up to all leads."""
    counts = told.kept("band counts", lambda: np.bincount(told.bands, minlength=len(words.BAND_NAMES)))
    return [(band, int(counts[words.BAND_NAMES.index(band)])) for band in BANDS]


def trend(told: Scene, limit: int, grain: str) -> pl.DataFrame:
    """By week or month of the MQL: cohort, stage, entered, mature, converted, as the trend chart reads them."""
    days = pl.Series(told.kept("days", lambda: ground.days(told.waits.mql))).cast(pl.Date)
    old = told.total.age >= limit
    frame = pl.DataFrame(
        {"cohort": days, "mature": old, "converted": old & told.total.happened & (told.total.time <= limit)},
    ).with_columns(pl.col("cohort").dt.truncate("1mo" if grain == "month" else "1w"))
    return frame.group_by("cohort").agg(pl.len().alias("entered"), pl.col("mature", "converted").sum()).sort("cohort").with_columns(
        stage=pl.lit("mql")
    )  # fmt: skip
