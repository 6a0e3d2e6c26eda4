"""The leads behind one cell of the scorecard: the metric sla/items."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from plumbline.agreement.asked import asked
from plumbline.agreement.items import Ground, items, open_leads
from plumbline.agreement.measurable import whys_not
from plumbline.agreement.model import Promise
from plumbline.agreement.promises import KINDS
from plumbline.agreement.weeks import Week
from plumbline.clock import time_zone
from plumbline.definition.parse import nearest
from plumbline.errors import MetricError
from plumbline.history.connection import History
from plumbline.sqlfiles import sql
from plumbline.wording import listing

COLUMNS = ("lead_id", "opened_at", "start", "deadline", "met_at", "outcome")
BESIDE = {"status": "stage", "open_leads": "rep_id"}  # a further column of some promises
_STAGES = pl.Enum(("mql", "sal", "sql", "opportunity"))


def of_week(known: Ground, promise: Promise, week: Week) -> pl.DataFrame:
    """COLUMNS, and the column BESIDE, of the items of a week; times are naive UTC. In order of deadline, rep, lead_id, opening and stage.

    Of a promise that the history cannot measure there are none.
    """
    first, last = week.bounds(time_zone(known.history.about.time_zone))
    if promise.kind == "open_leads":
        told = open_leads(known, promise, min(last, known.through)).with_columns(pl.lit(None, pl.Int64).alias(name) for name in ("start", "met_at"))
    else:
        told = items(known, promise, first, last).frame()
    ids = known.history.query(sql("promises/lead_ids"), {"leads": told["lead_no"].unique().to_list()})
    told = told.join(ids, on="lead_no").with_columns(
        pl.col("opened_at", "start", "deadline", "met_at").cast(pl.Datetime("us")),
        *([pl.col("stage").cast(_STAGES)] if "stage" in told.columns else []),
    )
    beside = [BESIDE[promise.kind]] if promise.kind in BESIDE else []
    in_order = ["deadline", *(name for name in beside if name == "rep_id"), "lead_id", "opened_at", "pass_no", *(n for n in beside if n == "stage")]
    told = told.clear() if promise.kind in whys_not(known) else told
    return told.sort(in_order).select(*COLUMNS, *(pl.col(name).cast(pl.String) for name in beside))


def finished(history: History, _rows: pl.DataFrame, parameters: Mapping[str, object]) -> pl.DataFrame:
    """The rows of sla/items."""
    known, week = asked(history, parameters)
    made = [promise.kind for promise in known.agreement.promises]
    name = str(parameters["promise"] or "")
    promise = known.agreement.promise(name)
    if promise is None:
        what = "name a promise" if not name else f"the agreement does not promise {name}" if name in KINDS else f"there is no promise {name[:60]!r}"
        to_do = nearest(name, made) if name and name not in KINDS else "choose one of them"
        raise MetricError(f"{what}: it promises {listing(made)}", "--promise", to_do)
    return of_week(known, promise, week)
