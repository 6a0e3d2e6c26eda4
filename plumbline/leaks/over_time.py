"""The metric leaks/reasons_over_time: instants of leaving put into weeks or months of the organisation's zone."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from plumbline.clock import local_days, time_zone
from plumbline.history.connection import History

KEYS = ("period", "value", "class", "reason")


def finished(history: History, rows: pl.DataFrame, _parameters: Mapping[str, object]) -> pl.DataFrame:
    """period (first day: the Monday, or the first of the month), value, class, reason, n; in that order, the commonest reason first."""
    days = pl.Series(local_days(rows["left_us"].to_numpy(), time_zone(history.about.time_zone))).cast(pl.Date)
    length = "1mo" if rows.height and rows["length_of_period"][0] == "month" else "1w"
    told = rows.with_columns(period=days.dt.truncate(length)).group_by(KEYS).agg(n=pl.len().cast(pl.Int64))
    return told.sort("period", "value", "class", "n", "reason", descending=[False, False, False, True, False], nulls_last=True)
