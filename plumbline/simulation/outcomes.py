"""What became of each lead: the facts of its first episode, and the verdicts that windows make of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from plumbline.clock import DAY, local_days, time_zone
from plumbline.replay.facts import Facts
from plumbline.replay.kernel import NEVER
from plumbline.sqlfiles import sql

MQL_DAYS, SAL_DAYS = 14, 45


@dataclass(frozen=True)
class Outcomes:
    """By lead (index), times in microseconds, NEVER where it did not happen. `account`: leads of one account share a number."""

    opened: np.ndarray
    entered: np.ndarray
    accepted: np.ndarray
    sql: np.ndarray
    won: np.ndarray
    closed: np.ndarray
    decided: np.ndarray  # taken on by sales or gone, whichever came first
    opened_is_day: np.ndarray  # bool: a day without a time of day
    is_rejected: np.ndarray
    account: np.ndarray
    rep: np.ndarray  # a number per rep, -1: none
    reps: int
    arrivals: np.ndarray  # by account, ascending: when its first lead was created
    zone: ZoneInfo

    def accounts_until(self, moment: int) -> int:
        """How many accounts had a lead before `moment`."""
        return int(np.searchsorted(self.arrivals, moment))

    def days_after_opening(self, leads: np.ndarray, instants: np.ndarray) -> np.ndarray:
        """Days from the opening of each of `leads` (mask) to its instant (all leads): whole days of the calendar where the opening is a day alone."""
        opened, at = self.opened[leads], instants[leads]
        is_day = self.opened_is_day[leads]
        days = (at - opened) / DAY
        days[is_day] = local_days(at[is_day], self.zone) - local_days(opened[is_day], self.zone)
        return days


@dataclass(frozen=True)
class Verdicts:
    """Booleans by lead. Acceptance is judged once 14 days have passed since the entry, SQL once both windows have (59 days).

    `accepted`, `sql`, `won`: ever reached. `is_accepted`, `is_sql`: judged and reached in time. `windows`: both, in microseconds.
    `decided_before`: accepted or gone before the instant at which a side hands it over (see `as_of_side`); such a lead is in none of the others.
    """

    offered: np.ndarray
    judged: np.ndarray
    is_accepted: np.ndarray
    sql_judged: np.ndarray
    is_sql: np.ndarray
    accepted: np.ndarray
    rejected: np.ndarray
    sql: np.ndarray
    won: np.ndarray
    windows: tuple[int, int]
    decided_before: np.ndarray

    @property
    def immature(self) -> np.ndarray:
        return self.offered & ~self.judged & ~self.decided_before


def outcomes(facts: Facts) -> Outcomes:
    """Reads the first episodes of the history."""
    rows = facts.history.query(sql("replay/first_episodes"))
    at = np.searchsorted(facts.events.lead_no, rows["lead_no"].to_numpy())

    def moments(name: str) -> np.ndarray:
        found = np.full(facts.leads, NEVER, np.int64)
        found[at] = rows[name].fill_null(NEVER).to_numpy()
        return found

    reps = rows["rep_id"].cast(pl.String)
    names = reps.drop_nulls().unique().sort()
    rep = np.full(facts.leads, -1, np.int64)
    rep[at] = reps.cast(pl.Enum(names)).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
    opened_is_day, is_rejected = np.zeros(facts.leads, np.bool_), np.zeros(facts.leads, np.bool_)
    opened_is_day[at] = rows["opened_is_day"].fill_null(False).to_numpy()
    is_rejected[at] = (rows["exit_stage"].cast(pl.String) == "rejected").fill_null(False).to_numpy()
    accounts = facts.column("account_id")
    account = accounts.at_first.astype(np.int64)
    alone = account == 0
    account[alone] = len(accounts.texts) + np.flatnonzero(alone)  # without an account each lead stands alone
    arrivals = np.full(len(accounts.texts) + facts.leads, NEVER, np.int64)
    np.minimum.at(arrivals, account, facts.events.created)
    times = {name: moments(f"{name}_us") for name in ("opened", "entered", "accepted", "sql", "won", "closed", "decided")}
    return Outcomes(
        **times,
        opened_is_day=opened_is_day,
        is_rejected=is_rejected,
        account=account,
        rep=rep,
        reps=len(names),
        arrivals=np.sort(arrivals[arrivals != NEVER]),
        zone=time_zone(facts.history.about.time_zone),
    )


def verdicts(found: Outcomes, data_through: int, mql_days: float = MQL_DAYS, sal_days: float = SAL_DAYS) -> Verdicts:
    """Judges the first episodes by windows, as funnel/stages does."""
    to_sal, to_sql = round(mql_days * DAY), round((mql_days + sal_days) * DAY)
    offered = found.opened != NEVER
    entered = np.where(offered, found.entered, 0)
    judged = offered & (data_through - entered >= to_sal)
    sql_judged = offered & (data_through - entered >= to_sql)
    accepted, reached_sql = found.accepted != NEVER, found.sql != NEVER
    in_time = accepted & (np.where(accepted, found.accepted, 0) - entered <= to_sal)
    sql_in_time = reached_sql & (np.where(reached_sql, found.sql, 0) - entered <= to_sql)
    return Verdicts(
        offered=offered,
        judged=judged,
        is_accepted=judged & in_time,
        sql_judged=sql_judged,
        is_sql=sql_judged & sql_in_time,
        accepted=accepted,
        rejected=found.is_rejected & ~accepted,
        sql=reached_sql,
        won=found.won != NEVER,
        windows=(to_sal, to_sql),
        decided_before=np.zeros(len(offered), np.bool_),
    )


def as_of_side(judged: Verdicts, decided: np.ndarray, instants: np.ndarray) -> Verdicts:
    """The verdicts that count for a side that hands leads over at `instants` (leads; NEVER where it does not): nothing that came before them.

    decided (leads): of Outcomes. A lead decided at the very instant was not decided before it.
    """
    before = (instants != NEVER) & (decided < instants)
    if not before.any():
        return judged
    flags = ("judged", "is_accepted", "sql_judged", "is_sql", "accepted", "rejected", "sql", "won")
    return replace(judged, decided_before=before, **{name: getattr(judged, name) & ~before for name in flags})
