"""Whom to call now: which of the leads that wait are due, in which order. All as of the end of the data, never of the clock of today.

A lead waits while its last pass is open before SQL and nobody has reached it (queries/persistence/waiting.sql). The promise is that of
docs/meaning.md ("Speed and persistence"): N calls and M emails within D days of the hand-over, the last instant of them included; from MQL where
nobody got the lead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from plumbline.clock import DAY
from plumbline.speed.waits import NEVER

NOT_YET = np.iinfo(np.int64).min  # earlier than anything
SILENT_DAYS = 60
GROUPS = ("hot", "first", "hot_due", "due", "late", "missed", "neglected", "done")
"""In order of urgency. hot: shows strong interest now, never tried. first: never tried, within the promise's days. hot_due: hot and tried, the
promise not fulfilled. due: tried, the promise runs and is not fulfilled. late: never tried, the promise is over. missed: tried, the promise is
over and still not fulfilled. Not called for: neglected (would be late or missed, but over 60 days without hand-over, touch or sign of interest)
and done (got all that was promised)."""
LISTED = GROUPS[:6]
UNTRIED, TRIED = ("hot", "first", "late"), ("hot_due", "due", "missed")


@dataclass(frozen=True)
class Waiting:
    """Leads that wait: columns of equal length in order of the episode. Instants are int64 microseconds since 1970 UTC.

    `handed`: NEVER where nobody got the lead; `start`: from where the promise counts; `touched`: the last touch by a person, either way, NOT_YET
    where there is none. `calls`, `emails`: attempts since `start`; `..._in_time`: those within `days`. `owner`: id of who has the lead now, null
    for nobody; `was_moved`: that is another one than at the hand-over. `through`: where the data end.
    """

    episode: np.ndarray
    lead: np.ndarray
    pass_no: np.ndarray
    handed: np.ndarray
    start: np.ndarray
    attempts: np.ndarray
    calls: np.ndarray
    emails: np.ndarray
    calls_in_time: np.ndarray
    emails_in_time: np.ndarray
    touched: np.ndarray
    owner: pl.Series
    was_moved: np.ndarray
    days: int
    through: int

    def __len__(self) -> int:
        return len(self.start)


def from_frame(rows: pl.DataFrame, days: int, through: int, reps: Collection[str] = ()) -> Waiting:
    """Of the rows of persistence/waiting, asked with these days. reps: ids of the reps; an owner who is none of them, a queue, is nobody.

    Without any, every owner counts.
    """

    def column(name: str, absent: int = 0, kind: type = np.int64) -> np.ndarray:
        return np.ascontiguousarray(rows[name].fill_null(absent).to_numpy(), kind)

    owner = rows["owner_id"].cast(pl.String)
    if reps:
        owner = owner.set(~owner.is_in(list(reps)).fill_null(False), None)
    counts = {name: column(name, kind=np.int32) for name in ("pass_no", "attempts", "calls", "emails", "calls_in_time", "emails_in_time")}
    return Waiting(
        episode=column("episode_no", kind=np.int32),
        lead=column("lead_no", kind=np.int32),
        handed=column("handed_us", NEVER),
        start=column("start_us"),
        touched=column("touched_us", NOT_YET),
        owner=owner,
        was_moved=(owner.is_not_null() & owner.ne_missing(rows["handed_to"].cast(pl.String))).to_numpy(),
        days=days,
        through=through,
        **counts,
    )


@dataclass(frozen=True)
class Signs:
    """What a definition says of the interest of n leads at the end of the data.

    `at`: the latest act that counts in favour, NOT_YET where none; `is_hot`: high interest, with such an act in the last days; `acts`: its name.
    """

    at: np.ndarray
    is_hot: np.ndarray
    acts: list[str | None]


@dataclass(frozen=True)
class Calls:
    """`group` (n): index into GROUPS; `deadline` (n): when the promise ends; `order`: indices of all n, the most urgent first.

    `calls`, `emails`: how many are promised. `signs`: None where no definition could be asked.
    """

    waiting: Waiting
    calls: int
    emails: int
    signs: Signs | None
    group: np.ndarray
    deadline: np.ndarray
    order: np.ndarray

    def places(self, *names: str, mask: np.ndarray | None = None) -> np.ndarray:
        """Indices of the leads in these groups, in order of urgency."""
        wanted = self.is_in(*names) if mask is None else self.is_in(*names) & mask
        return self.order[wanted[self.order]]

    def is_in(self, *names: str) -> np.ndarray:
        """(n) whether each is in one of these groups."""
        return np.isin(self.group, [GROUPS.index(name) for name in names])

    def counts(self, mask: np.ndarray | None = None) -> dict[str, int]:
        """Group -> how many leads."""
        found = np.bincount(self.group if mask is None else self.group[mask], minlength=len(GROUPS))
        return dict(zip(GROUPS, found.tolist(), strict=True))


def judge(waiting: Waiting, calls: int, emails: int, signs: Signs | None = None) -> Calls:
    """Groups the leads and puts them in order: within hot ones the latest sign first, within the promise the nearest deadline, else the latest
    hand-over; then by deadline and episode."""
    n, through = len(waiting), waiting.through
    deadline = waiting.start + waiting.days * DAY
    sign = np.full(n, NOT_YET, np.int64) if signs is None else signs.at
    is_hot = np.zeros(n, np.bool_) if signs is None else signs.is_hot
    untried, runs = waiting.attempts == 0, through <= deadline
    is_done = ~untried & (waiting.calls >= calls) & (waiting.emails >= emails)
    last = np.maximum(np.maximum(waiting.start, waiting.touched), sign)
    told = {
        "hot": is_hot & untried,
        "first": untried & runs,
        "done": is_done,
        "hot_due": is_hot,
        "due": runs,
        "neglected": last < through - SILENT_DAYS * DAY,
        "late": untried,
    }
    group = np.select(list(told.values()), [GROUPS.index(name) for name in told], GROUPS.index("missed")).astype(np.int8)
    by_sign, by_deadline = (np.isin(group, [GROUPS.index(name) for name in names]) for names in (("hot", "hot_due"), ("first", "due")))
    first = np.where(by_sign, -np.maximum(sign, -NEVER), np.where(by_deadline, deadline, -deadline))
    return Calls(waiting, calls, emails, signs, group, deadline, np.lexsort((waiting.episode, deadline, first, group)))


def by_owner(told: Calls) -> pl.DataFrame:
    """One row per owner (null: nobody) with leads on the list or neglected: hot, untried (hot ones apart), due, missed, in_all, neglected.

    due: the promise runs, or the lead is hot; missed: tried, and the promise is over. in_all is of the list, without the neglected.
    """
    named = {"hot": ("hot",), "untried": ("first", "late"), "due": ("hot_due", "due"), "missed": ("missed",), "in_all": LISTED}
    masks = {name: told.is_in(*groups) for name, groups in named.items()} | {"neglected": told.is_in("neglected")}
    frame = pl.DataFrame({"owner": told.waiting.owner, **masks})
    summed = frame.group_by("owner").agg(pl.col(name).sum().cast(pl.Int64) for name in masks)
    wanted = summed.filter((pl.col("in_all") > 0) | (pl.col("neglected") > 0))
    return wanted.sort(["hot", "untried", "due", "missed", "neglected", "owner"], descending=[True] * 5 + [False], nulls_last=True)


def fresh(waiting: Waiting) -> int:
    """Leads of the last 60 days that nobody has tried: on the list whatever the definition and the promise."""
    return int(((waiting.attempts == 0) & (waiting.start >= waiting.through - SILENT_DAYS * DAY)).sum())
