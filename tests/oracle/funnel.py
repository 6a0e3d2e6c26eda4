"""The funnel metrics as lists of rows (docs/meaning.md, "Episodes", "Conversion, cohorts, flow")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from .attributes import compared
from .days import days_between
from .episodes import FUNNEL, TIE, Episode, episodes, time_between
from .history import History, Lead, resolve

HORIZONS = {"mql": 14, "sal": 45, "sql": 45, "opportunity": 180}
STEP_COLUMNS = ("reached_next", "rejected", "recycled", "lost", "open_in_window", "open_past_window", "mature", "converted", "conversion")


@dataclass
class Filters:
    """What the viewer asked for. `since`, `until`: days of the organisation's zone. `segments`: field -> values."""

    since: date | None = None
    until: date | None = None
    sources: list[str] | None = None
    segments: dict[str, list[str]] = field(default_factory=dict)
    passes: str = "first"  # or "all"


def local_date(t: datetime, time_zone: str) -> date:
    """ "weeks, months, quarters, --since, --until are days of that zone" """
    return t.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone)).date()


def period_of(day: date, grain: str) -> date:
    """ "the Monday of the week, with `--param grain=month` the first of the month" """
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    raise ValueError(grain)


def is_within(day: date, filters: Filters) -> bool:
    """ "until exclusive" """
    return (filters.since is None or day >= filters.since) and (filters.until is None or day < filters.until)


def is_in_segment(episode: Episode, filters: Filters) -> bool:
    """ "filters and breakdowns use attribute values as known when the episode opened"; and across fields, or within one."""
    wanted = [(name, values) for name, values in filters.segments.items() if values]
    if filters.sources:
        wanted.append(("source", filters.sources))
    for name, values in wanted:
        value = compared(episode.attributes.get(name))
        if value is None or value not in {compared(each) for each in values}:
            return False
    return True


def is_pass_wanted(episode: Episode, filters: Filters) -> bool:
    """ ""first" = the lead's first episode ever." """
    return filters.passes == "all" or episode.number == 1


def chosen_by_opening(history: History, filters: Filters) -> list[Episode]:
    """ "--since and --until cut the opening date" """
    return [episode for episode in chosen(history, filters) if is_within(local_date(episode.opened_at, history.time_zone), filters)]


def chosen(history: History, filters: Filters) -> list[Episode]:
    """Episodes of the wanted passes and segments, whenever they opened."""
    return [episode for episode in episodes(history) if is_pass_wanted(episode, filters) and is_in_segment(episode, filters)]


def has_converted(episode: Episode, entered: dict[str, datetime], stage: str, following: str, horizon: timedelta) -> bool:
    """ "the share that reached b within h (time of b - time of a <= h, out-of-order ones included)" """
    return following in entered and time_between(episode, stage, following) <= horizon


def stage_row(stage: str, group: Iterable[Episode], data_through: datetime, horizons: dict[str, int]) -> dict:
    """One row of funnel/stages, with the sum check: "entered = advanced + rejected + recycled + disqualified/lost +
    open in window + open past window". For won, only `entered`.
    """
    there = [(episode, episode.entered) for episode in group if stage in episode.entered]
    row: dict = {"stage": stage, "entered": len(there)}
    if stage == "won":
        return row | dict.fromkeys(STEP_COLUMNS)
    following = FUNNEL[FUNNEL.index(stage) + 1]
    horizon = timedelta(days=horizons[stage])
    row |= dict.fromkeys(STEP_COLUMNS, 0)
    for episode, entered in there:
        is_mature = data_through - entered[stage] >= horizon
        row["mature"] += is_mature
        row["converted"] += is_mature and has_converted(episode, entered, stage, following, horizon)
        row[fate(episode, entered, following, is_mature)] += 1
    row["conversion"] = row["converted"] / row["mature"] if row["mature"] else None
    parts = ("reached_next", "rejected", "recycled", "lost", "open_in_window", "open_past_window")
    assert row["entered"] == sum(row[part] for part in parts), row
    assert row["converted"] <= row["mature"] <= row["entered"], row
    return row


def fate(episode: Episode, entered: dict[str, datetime], following: str, is_mature: bool) -> str:
    """The one column in which an episode that entered a stage counts. "The column `lost` = disqualified + lost."
    ""In window" means data_through - entry < h."
    """
    if following in entered:
        return "reached_next"
    if episode.exit_stage in ("disqualified", "lost"):
        return "lost"
    if episode.exit_stage is not None:
        return episode.exit_stage
    return "open_past_window" if is_mature else "open_in_window"


def five_rows(group: list[Episode], history: History, horizons: dict[str, int] | None) -> list[dict]:
    return [stage_row(stage, group, history.data_through, HORIZONS | (horizons or {})) for stage in FUNNEL]


def stages(history: History, filters: Filters | None = None, horizons: dict[str, int] | None = None) -> list[dict]:
    """funnel/stages: always five rows."""
    return five_rows(chosen_by_opening(history, filters or Filters()), history, horizons)


def cohorts(history: History, filters: Filters | None = None, grain: str = "week", horizons: dict[str, int] | None = None) -> list[dict]:
    """funnel/cohorts: "Period and cohort of an episode = the time of the event that opened it, in every row of a funnel".
    Five rows for each cohort that holds an episode, in order of time.
    """
    groups: dict[date, list[Episode]] = {}
    for episode in chosen_by_opening(history, filters or Filters()):
        groups.setdefault(period_of(local_date(episode.opened_at, history.time_zone), grain), []).append(episode)
    return [{"cohort": cohort} | row for cohort in sorted(groups) for row in five_rows(groups[cohort], history, horizons)]


def breakdown(history: History, by: str, filters: Filters | None = None, horizons: dict[str, int] | None = None) -> list[dict]:
    """funnel/breakdown: five rows for each value that an episode had at its opening, in compared form, missing (None) last."""
    groups: dict[str | None, list[Episode]] = {}
    for episode in chosen_by_opening(history, filters or Filters()):
        groups.setdefault(compared(episode.attributes.get(by)), []).append(episode)
    in_order = sorted(groups, key=lambda value: (value is None, value or ""))
    return [{"value": value} | row for value in in_order for row in five_rows(groups[value], history, horizons)]


def flow(history: History, filters: Filters | None = None, grain: str = "week") -> list[dict]:
    """funnel/flow: "episodes whose stage was observed, by the period of its first time"; "Only funnel/flow uses the date
    of each event". Rows with entries only, in order of time, then stage.
    """
    filters = filters or Filters()
    counts: dict[tuple[date, int], int] = {}
    for episode in chosen(history, filters):
        for stage, time in episode.observed.items():
            day = local_date(time, history.time_zone)
            if is_within(day, filters):
                key = (period_of(day, grain), FUNNEL.index(stage))
                counts[key] = counts.get(key, 0) + 1
    return [{"period": period, "stage": FUNNEL[index], "entries": counts[period, index]} for period, index in sorted(counts)]


def time_in_stage(history: History, filters: Filters | None = None) -> list[dict]:
    """funnel/time_in_stage, in seconds: a row for each stage that has a later one; median and p90 None when n is 0."""
    group = chosen_by_opening(history, filters or Filters())
    rows = []
    for stage in FUNNEL[:-1]:
        times = sorted(time for time in (duration(episode, stage) for episode in group) if time is not None)
        rows.append({"stage": stage, "n": len(times), "median": quantile(times, Fraction(1, 2)), "p90": quantile(times, Fraction(9, 10))})
    return rows


def inquiries(history: History, filters: Filters | None = None, grain: str = "week", days: int = 90) -> list[dict]:
    """funnel/inquiries: "for leads by created_at (share that ever opens an episode within its horizon)"; filters: since and until alone."""
    opened = {episode.lead_id: episode for episode in reversed(episodes(history))}
    groups: dict[date, list[tuple[bool, timedelta | None]]] = {}
    for lead in resolve(history):
        day = local_date(lead.created_at, history.time_zone)
        if is_within(day, filters or Filters()):
            is_mature = history.data_through - lead.created_at >= timedelta(days=days)
            groups.setdefault(period_of(day, grain), []).append((is_mature, until_first_pass(lead, opened.get(lead.lead_id), history.time_zone)))
    rows = []
    for cohort, leads in sorted(groups.items()):
        mature = sum(is_mature for is_mature, _ in leads)
        converted = sum(is_mature and wait is not None and wait <= timedelta(days=days) for is_mature, wait in leads)
        row = {"cohort": cohort, "leads": len(leads), "opened": sum(wait is not None for _, wait in leads), "mature": mature, "converted": converted}
        rows.append(row | {"conversion": converted / mature if mature else None})
    return rows


def until_first_pass(lead: Lead, first: Episode | None, time_zone: str) -> timedelta | None:
    if first is None:
        return None
    if lead.created_is_day or first.opened_is_day:
        return days_between(lead.created_at, first.opened_at, time_zone)
    return first.opened_at - lead.created_at


def duration(episode: Episode, stage: str) -> timedelta | None:
    """ "from an observed entry to the next later stage observed (ties 0, out of order left out)"; next by stage, not by time."""
    later = [other for other in FUNNEL[FUNNEL.index(stage) + 1 :] if other in episode.observed]
    if stage not in episode.observed or not later or episode.dated & {stage, later[0]}:
        return None  # "no duration is made of" a date
    time = episode.observed[later[0]] - episode.observed[stage]
    if time < -TIE:
        return None
    return max(time, timedelta(0))


def quantile(times: list[timedelta], q: Fraction) -> float | None:
    """ "median and p90 linear between neighbours", of times already sorted; seconds."""
    if not times:
        return None
    place = (len(times) - 1) * q
    low = int(place)
    high = min(low + 1, len(times) - 1)
    microseconds = [time // timedelta(microseconds=1) for time in times]
    return float((microseconds[low] + (microseconds[high] - microseconds[low]) * (place - low)) / 1_000_000)
