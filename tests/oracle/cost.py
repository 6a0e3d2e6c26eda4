"""What sources brought and cost, slowly: docs/meaning.md ("Sources and cost", "Episodes", "Conversion, cohorts, flow")
("Sources and cost"). Money is exact, as fractions; spend is counted day by day.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from .attributes import compared, value_at
from .episodes import Episode, episodes
from .funnel import Filters, is_pass_wanted, is_within, local_date
from .history import History, resolve

Key = tuple[str | None, str | None]  # source and campaign in compared form; None: not known
OF_SPEND = ("source", "campaign")


@dataclass
class Spent:
    """One row of spend: whose, how much, and each day that it pays for."""

    source: str
    campaign: str | None
    amount: Fraction
    days: list[date]


def is_in(values: dict[str, str | None], filters: Filters, fields: tuple[str, ...] | None = None) -> bool:
    """Whether these values fit the segments; a wanted None is 'not known'. `fields`: of these alone."""
    for name, wanted in filters.segments.items():
        if (fields is None or name in fields) and values.get(name) not in {compared(each) for each in wanted}:
            return False
    return True


def spent(history: History) -> list[Spent]:
    """ "one per day or month": a row written as a month, or on a first of a month where the source has no other day, pays for the whole month.
    "rows after [data_through] are as if not there".
    """
    last = local_date(history.data_through, history.time_zone)
    rows = []
    for row in history.tables.get("spend", []):
        is_month = len(row["date"]) == 7
        day = date.fromisoformat(row["date"] + "-01" if is_month else row["date"])
        if day <= last:
            rows.append((compared(row["source"]), compared(row.get("campaign")), Fraction(str(row["amount"])), day, is_month))
    daily = {source for source, _, _, day, _ in rows if day.day != 1}
    found = []
    for source, campaign, amount, day, is_month in rows:
        whole = is_month or source not in daily
        days = [day + timedelta(days=number) for number in range(monthrange(day.year, day.month)[1])] if whole else [day]
        found.append(Spent(source, campaign, amount, days))
    return found


def created(history: History, filters: Filters) -> list[Key]:
    """Source and campaign of each surviving lead created in the period, as known at its creation."""
    found = []
    for lead in resolve(history):
        fields = {"source", "campaign", *filters.segments}
        values = {name: compared(value_at(lead, name, lead.created_at)) for name in fields}
        if is_within(local_date(lead.created_at, history.time_zone), filters) and is_in(values, filters):
            found.append((values["source"], values["campaign"]))
    return found


def handed_over(history: History, filters: Filters) -> list[tuple[Key, Episode]]:
    """Episodes opened in the period, with source and campaign as known when they opened."""
    found = []
    for episode in episodes(history):
        values = {name: compared(value) for name, value in episode.attributes.items()}
        is_there = is_within(local_date(episode.opened_at, history.time_zone), filters) and is_pass_wanted(episode, filters)
        if is_there and is_in(values, filters):
            found.append(((values.get("source"), values.get("campaign")), episode))
    return found


def cost(history: History, filters: Filters) -> dict[str | None, dict]:
    """sources/cost: source -> its columns."""
    table = volumes(history, filters, lambda key: (key[0], None))
    return {source: with_costs(row, row["spend"]) for (source, _), row in table.items()}


def campaigns(history: History, filters: Filters) -> dict[Key, dict]:
    """sources/campaigns: (source, campaign) -> its columns. "Where no spend of a source names a campaign [...] no campaign has a cost"."""
    split = {row.source for row in spent(history) if row.campaign is not None}
    table = volumes(history, filters, lambda key: key)
    return {key: with_costs(row, row["spend"] if key[0] in split else None) for key, row in table.items()}


def volumes(history: History, filters: Filters, group) -> dict[Key, dict]:
    last = local_date(history.data_through, history.time_zone)
    rows: dict[Key, dict] = {}
    shown: set[Key] = set()

    def row_of(key: Key) -> dict:
        return rows.setdefault(group(key), dict.fromkeys(("leads", "mqls", "sals", "sqls", "won"), 0) | {"spend": None})

    for key in created(history, filters):
        row_of(key)["leads"] += 1
        shown.add(group(key))
    for key, episode in handed_over(history, filters):
        shown.add(group(key))
        for column, stage in (("mqls", "mql"), ("sals", "sal"), ("sqls", "sql"), ("won", "won")):
            row_of(key)[column] += stage in episode.entered
    for each in spent(history) if set(filters.segments) <= set(OF_SPEND) else []:
        if not is_in({"source": each.source, "campaign": each.campaign}, filters, OF_SPEND):
            continue
        row = row_of((each.source, each.campaign))
        row["spend"] = row["spend"] or Fraction(0)
        for day in each.days:
            if is_within(day, filters) and day <= last:
                row["spend"] += each.amount / len(each.days)
                shown.add(group((each.source, each.campaign)))
    return {key: row for key, row in rows.items() if key in shown}


def with_costs(row: dict, shared: Fraction | None) -> dict:
    told = dict(row)
    for column, of in (("cost_per_lead", "leads"), ("cost_per_mql", "mqls"), ("cost_per_sql", "sqls"), ("cost_per_won", "won")):
        told[column] = shared / row[of] if shared is not None and row[of] else None
    return told


def quality(history: History, filters: Filters, mql_days: float, sal_days: float, by: str = "source") -> dict[Key, dict]:
    """sources/quality, without the intervals: (source, campaign) -> counts. "mature (data_through - entry >= h)", "reached b within h"."""
    soon, late = timedelta(days=mql_days), timedelta(days=mql_days + sal_days)
    rows: dict[Key, dict] = {}
    for (source, campaign), episode in handed_over(history, filters):
        row = rows.setdefault(
            (source, campaign if by == "campaign" else None),
            dict.fromkeys(("mqls", "mature", "accepted", "old_enough", "qualified", "in_window"), 0),
        )
        entered = episode.entered
        age = history.data_through - entered["mql"]
        row["mqls"] += 1
        row["mature"] += age >= soon
        row["accepted"] += age >= soon and "sal" in entered and entered["sal"] - entered["mql"] <= soon
        row["old_enough"] += age >= late
        row["qualified"] += age >= late and "sql" in entered and entered["sql"] - entered["mql"] <= late
        row["in_window"] += age < late and episode.exit_stage is None and "sql" not in entered
    return rows
