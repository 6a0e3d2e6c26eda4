"""Rows of sources/cost and sources/campaigns with the cost of an SAL, their quality, and their sum."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from plumbline import wording
from plumbline.steps import ALL, Steps

STAGES = ("leads", "mqls", "sals", "sqls", "won")
ONE = {"leads": "lead", "mqls": "MQL", "sals": "SAL", "sqls": "SQL", "won": "won deal"}


HEADS = {"leads": "Leads", "mqls": "MQL", "sals": "SAL", "sqls": "SQL", "won": "Won"}
STAGE = {"mqls": "mql", "sals": "sal", "sqls": "sql", "won": "won"}


@dataclass(frozen=True)
class Columns:
    """The columns of a history whose stages are not all recorded. `shown`: those that stand for a stage of its own; one that is only implied has the
    name of the stage that stands for it, and is left out where that has its own column."""

    steps: Steps = ALL

    @property
    def shown(self) -> tuple[str, ...]:
        own = {stage for stage in STAGE.values() if stage not in self.steps.hidden}
        return tuple(column for column in STAGES if column == "leads" or self._is_shown(STAGE[column], own))

    def _is_shown(self, stage: str, own: set[str]) -> bool:
        return stage not in self.steps.unrecorded and (stage in own or self._stands(stage) not in own)

    def _stands(self, stage: str) -> str:
        """The stage that a column is of: its own, or the next one that is recorded."""
        return stage if stage not in self.steps.implied else self.steps.end(stage) or stage

    def head(self, column: str) -> str:
        return HEADS["leads"] if column == "leads" else wording.stage_short(self._stands(STAGE[column]))

    def one(self, column: str) -> str:
        """'an SQL', without its article: 'SQL', 'won deal'."""
        return ONE["leads"] if column == "leads" else NOUNS[self._stands(STAGE[column])]

    def many(self, column: str) -> str:
        return "leads created" if column == "leads" else MANY[self._stands(STAGE[column])]

    def of_table(self, rows: pl.DataFrame, has_costs: bool) -> pl.DataFrame:
        """The columns of sources/cost or sources/campaigns that the history can fill."""
        unknown = {column for column in STAGE if column not in self.shown}
        costs = {f"cost_per_{column.removesuffix('s')}" for column in (STAGES if not has_costs else unknown)}
        return rows.drop(*unknown, *costs, *([] if has_costs else ["spend"]), strict=False)

    @property
    def good(self) -> str:
        """The column of the leads that turned out well: SQLs, or what stands for them; '' where nothing of the kind is recorded."""
        if "sql" in self.steps.unrecorded:
            return ""
        return "sqls" if "sqls" in self.shown else "won"

    @property
    def quality(self) -> str:
        """'MQL → SQL', by what is recorded; '' where nothing of the kind is."""
        return f"{self.head('mqls') if 'mqls' in self.shown else 'Handed over'} → {self.head(self.good)}" if self.good else ""


EVERY = Columns()
NOUNS = {"mql": "MQL", "sal": "SAL", "sql": "SQL", "opportunity": "opportunity", "won": "won deal"}
MANY = {"mql": "MQLs", "sal": "SALs", "sql": "SQLs", "opportunity": "opportunities", "won": "won deals"}


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
