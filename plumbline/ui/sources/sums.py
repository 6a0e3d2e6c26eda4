"""Rows of sources/cost and sources/campaigns with the cost of an SAL, their quality, and their sum."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

STAGES = ("leads", "mqls", "sals", "sqls", "won")
ONE = {"leads": "lead", "mqls": "MQL", "sals": "SAL", "sqls": "SQL", "won": "won deal"}


@dataclass(frozen=True)
class Sum:
    """All rows together. counts: of every source. paid: of those whose spend is on record, which costs are of. spend: None where none is."""

    counts: dict[str, int]
    paid: dict[str, int]
    spend: float | None

    def cost(self, stage: str) -> float | None:
        return self.spend / self.paid[stage] if self.spend is not None and self.paid[stage] else None


def summed(rows: pl.DataFrame) -> Sum:
    paid = rows.filter(pl.col("spend").is_not_null())
    return Sum(
        {stage: int(rows[stage].sum() or 0) for stage in STAGES},
        {stage: int(paid[stage].sum() or 0) for stage in STAGES},
        float(paid["spend"].sum()) if paid.height else None,
    )


def with_quality(rows: pl.DataFrame, quality: pl.DataFrame) -> pl.DataFrame:
    """The rows with mature, k, low, high (MQL to SQL), in_window and the cost of an SAL. quality: sources/quality of the same grain."""
    names = [name for name in ("source", "campaign") if name in rows.columns]
    told = quality.select(
        *names, pl.col("old_enough").alias("mature"), pl.col("qualified").alias("k"), pl.col("sql_low").alias("low"),
        pl.col("sql_high").alias("high"), "in_window",
    )  # fmt: skip
    found = rows.join(told, on=names, how="left", nulls_equal=True, maintain_order="left")
    shared = pl.when(pl.col("sals") > 0).then(pl.col("cost_per_mql") * pl.col("mqls") / pl.col("sals"))
    return found.with_columns(pl.col("mature", "k", "in_window").fill_null(0), cost_per_sal=shared)
