"""What each promise looks at, before any deadline: from when each pass counts, when the thing happened, when the duty ended otherwise.

One query a promise (queries/promises) tells it of the passes that begin to count within a span of time; what must be looked up by lead is added here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from plumbline.agreement.by_lead import instants, passes, timeline
from plumbline.agreement.model import Promise
from plumbline.history.connection import History
from plumbline.sqlfiles import sql
from plumbline.working_time import NEVER

QUERIES = {
    "acceptance": "acceptance",
    "volume": "openings",
    "meets_definition": "openings",
    "required_fields": "handed_over",
    "hand_over": "hand_over",
    "returned": "returned",
    "recycled": "recycled",
    "decision": "decision",
    "first_touch": "first_touch",
    "follow_up": "follow_up",
    "touches": "touches",
    "first_week_calls": "touches",
    "status": "status",
    "reason": "reason",
    "evidence": "became_sql",
}
STAGES = ("mql", "sal", "sql", "opportunity")  # whose entries status looks at, in order


@dataclass(frozen=True)
class Begun:
    """Columns of equal length. `pass_no`: which of the lead's passes; int64 instants `opened_at`, `start`, `done`, `released` (NEVER). `stage`: index
    into STAGES of status, else None."""

    lead_no: np.ndarray
    pass_no: np.ndarray
    opened_at: np.ndarray
    start: np.ndarray
    done: np.ndarray
    released: np.ndarray
    stage: np.ndarray | None = None


def begun(history: History, promise: Promise, since: datetime, until: datetime) -> Begun:
    """What begins to count from `since` to `until` (naive UTC, both included), in no order. Where it takes what was known, `done` is NEVER."""
    asked: dict[str, object] = {"since": since, "until": until}
    if QUERIES[promise.kind] == "touches":
        asked |= {"calls": promise.calls, "emails": promise.emails}
    told = history.query(sql(f"promises/{QUERIES[promise.kind]}"), asked)
    if promise.kind == "status":
        return _stages(history, told)
    lead_no, start = told["lead_no"].to_numpy(), instants(told["start_at"])
    done = instants(told["done_at"])
    if promise.kind in _BESIDE:
        done = np.minimum(done, _BESIDE[promise.kind](history, told["episode_no"].to_numpy(), lead_no, start))
    return Begun(lead_no, told["pass_no"].to_numpy(), instants(told["opened_at"]), start, done, instants(told["released_at"]))


def _returned(history: History, episode_no: np.ndarray, lead_no: np.ndarray, exit_at: np.ndarray) -> np.ndarray:
    """The next pass handed over; or the lead disqualified or lost. What stands at the instant of the exit comes after it: it closed nothing."""
    return np.minimum(passes(history).next_handed(episode_no), timeline(history, "gone").first(lead_no, exit_at))


def _recycled(history: History, _episode_no: np.ndarray, lead_no: np.ndarray, exit_at: np.ndarray) -> np.ndarray:
    return timeline(history, "machines").first(lead_no, exit_at + 1)


_BESIDE: dict[str, Callable[[History, np.ndarray, np.ndarray, np.ndarray], np.ndarray]] = {"returned": _returned, "recycled": _recycled}


def _stages(history: History, told: pl.DataFrame) -> Begun:
    """Of each pass every stage of STAGES that it entered by an event of its own."""
    own = np.array([instants(told[f"{stage}_at"]) for stage in (*STAGES, "won")])
    later = np.minimum.accumulate(own[::-1])[::-1][1:]  # of each stage the first of those after it, by events of their own
    start = np.maximum(own[:-1], instants(told["handed_over_at"]))
    stage, row = np.nonzero(own[:-1] != NEVER)
    start, lead_no = start[stage, row], told["lead_no"].to_numpy()[row]
    again = timeline(history, "repeats").first(lead_no, start + 1)
    again = np.where(again < instants(told["closed_at"])[row], again, NEVER)  # after the close it opens a pass of its own
    done = np.minimum(np.minimum(later[stage, row], instants(told["exit_at"])[row]), again)
    opened_at, pass_no = instants(told["opened_at"])[row], told["pass_no"].to_numpy()[row]
    return Begun(lead_no, pass_no, opened_at, start, done, np.full(len(row), NEVER), stage)
