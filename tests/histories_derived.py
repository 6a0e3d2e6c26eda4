"""Histories that lack something: derived from the shipped sample by leaving things out, and a few very small ones.

Each is a folder of canonical tables; `build` imports it into a file of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl

from plumbline.history.schema import EXITS
from plumbline.importing.job import Job, Outcome, run_job
from plumbline.importing.run import Options, make_plan
from tests.importing_support import NOW

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample_data" / "history"
DATA = next((beside / "shared" / "data" for beside in ROOT.parents[:2] if (beside / "shared" / "data").is_dir()), ROOT.parent / "shared" / "data")
MAPPINGS = ROOT / "sample_data" / "mappings"
ONE_IN = 5  # of the sample's leads
INSTANT = "2026-03-02T09:00:00Z"
HALF = "2025-11-15"
_TIMES = ("created_at", "occurred_at", "recorded_at", "merged_at", "closed_at")
Tables = dict[str, pl.DataFrame]


def sample(one_in: int = ONE_IN) -> Tables:
    """The tables of the sample, of every so-many-th lead (and of those merged into it)."""
    tables = {path.stem: pl.read_csv(path, infer_schema=False) for path in sorted(SAMPLE.glob("*.csv"))}
    number = pl.col("lead_id").str.strip_prefix("L").cast(pl.Int64)
    mine = tables["leads"].filter(number % one_in == 1).select("lead_id")
    merged = tables["merges"].filter(pl.col("into_lead_id").is_in(mine["lead_id"].implode())).select("lead_id")
    mine = pl.concat([mine, merged]).unique()
    return {
        name: rows.join(mine, on="lead_id", how="semi", maintain_order="left") if "lead_id" in rows.columns else rows for name, rows in tables.items()
    }


def _without(*names: str) -> Callable[[Tables], Tables]:
    return lambda tables: {name: rows for name, rows in tables.items() if name not in names}


def _stages(keep: pl.Expr) -> Callable[[Tables], Tables]:
    return lambda tables: tables | {"stage_changes": tables["stage_changes"].filter(keep)}


def _times(change: Callable[[pl.Expr], pl.Expr]) -> Callable[[Tables], Tables]:
    def changed(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(change(pl.col(name)).alias(name) for name in _TIMES if name in rows.columns)

    return lambda tables: {name: changed(rows) for name, rows in tables.items()}


def _owners_of_won(tables: Tables) -> Tables:
    won = tables["stage_changes"].filter(pl.col("stage") == "won")
    return tables | {"assignments": tables["assignments"].join(won, on="lead_id", how="semi")}


def _status_of_today(tables: Tables) -> Tables:
    """A column that says how the lead ended, as a CRM exports it: Won, Lost (each way out), Working, New; no change of it is recorded."""
    stages = tables["stage_changes"].sort("lead_id", "occurred_at", maintain_order=True)
    last = stages.group_by("lead_id", maintain_order=True).agg(pl.col("stage").last(), (pl.col("stage") == "won").any().alias("is_won"))
    named = pl.when("is_won").then(pl.lit("Won")).when(pl.col("stage").is_in(EXITS)).then(pl.lit("Lost"))
    named = named.when(pl.col("stage") == "inquiry").then(pl.lit("New")).otherwise(pl.lit("Working"))
    return tables | {"leads": tables["leads"].join(last.select("lead_id", status_today=named), on="lead_id", how="left", maintain_order="left")}


def _strangers(tables: Tables) -> Tables:
    return tables | {"touches": tables["touches"].with_columns(pl.concat_str(pl.lit("X"), "lead_id").alias("lead_id"))}


DERIVED: dict[str, Callable[[Tables], Tables]] = {
    "no_touches": _without("touches"),
    "no_assignments": _without("assignments"),
    "no_exits": _stages(~pl.col("stage").is_in(EXITS)),
    "no_sal": _stages(pl.col("stage") != "sal"),
    "no_sql": _stages(pl.col("stage") != "sql"),
    "days_only": _times(lambda time: time.str.slice(0, 10)),
    "one_instant": _times(lambda time: pl.when(time.is_not_null()).then(pl.lit(INSTANT))),
    "owners_of_won": _owners_of_won,
    "status_today": _status_of_today,
    "half_without_touches": lambda tables: tables | {"touches": tables["touches"].filter(pl.col("occurred_at") >= HALF)},
    "strangers_touches": _strangers,
}


def _table(columns: str, *rows: str) -> pl.DataFrame:
    names = columns.split(",")
    values = [dict(zip(names, (cell or None for cell in row.split(",")), strict=True)) for row in rows]
    return pl.DataFrame(values, schema=dict.fromkeys(names, pl.String))


def _leads(n: int, day: int = 0) -> pl.DataFrame:
    return _table(
        "lead_id,created_at,source",
        *(f"L{i},2026-{1 + i % 6:02}-{1 + i % 28:02}T09:00:00Z,{('web', 'fair', 'ads', 'web', 'web')[i % 5]}" for i in range(n)),
    )


def _moved(n: int, stage: str, months: int, of: int = 1) -> list[str]:
    return [f"L{i},{stage},2026-{1 + i % 6 + months:02}-{1 + i % 28:02}T{10 + i % 7}:{i % 60:02}:00Z" for i in range(n) if i % of == 0]


_CHANGES = "lead_id,stage,occurred_at"
SMALL: dict[str, Callable[[], Tables]] = {
    "one_lead": lambda: {"leads": _leads(1), "stage_changes": _table(_CHANGES, *_moved(1, "mql", 1))},
    "no_mql": lambda: {"leads": _leads(60)},
    "won_never": lambda: {
        "leads": _leads(120),
        "stage_changes": _table(
            _CHANGES, *_moved(120, "mql", 1), *_moved(120, "sal", 2, 2), *_moved(120, "sql", 3, 4), *_moved(120, "opportunity", 4, 6)
        ),
    },
    "only_implied": lambda: {"leads": _leads(120), "stage_changes": _table(_CHANGES, *_moved(120, "mql", 1), *_moved(120, "won", 3, 5))},
}
REAL = {
    "olist": ("olist", "olist.yaml"),
    "dubai": ("dubai", "dubai.yaml"),
    "bank": ("bank", "bank.yaml"),
    "leadforge": ("leadforge_seed42/tables", "leadforge.yaml"),
}
THROUGH = "2026-11-14"


def build(name: str, place: Path, tables: Tables | None = None) -> Path:
    """Imports the history of that name into place/NAME.duckdb. tables: of sample(), to read it once for all."""
    target = place / f"{name}.duckdb"
    folder = place / name
    if name in REAL:
        data, mapping = REAL[name]
        plan = make_plan("csv", [DATA / data], Options(mapping=MAPPINGS / mapping))
    else:
        made = SMALL[name]() if name in SMALL else (lambda kept: kept if name == "sample" else DERIVED[name](kept))(tables or sample())
        folder.mkdir(parents=True, exist_ok=True)
        for table, rows in made.items():
            rows.write_csv(folder / f"{table}.csv")
        plan = make_plan("canonical", [folder], Options(data_through=THROUGH))
    workspace = place / f"{name}.workspace"
    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir(parents=True)
    outcome: Outcome = run_job(Job(plan, workspace, target, name, NOW, threads=1))
    for made in (workspace, folder):
        shutil.rmtree(made, ignore_errors=True)
    assert outcome.tables["leads"]["kept"]
    return target


def names() -> list[str]:
    """Every history that can be built here; the real ones only where their files are."""
    return ["sample", *DERIVED, *SMALL, *(name for name, (data, _) in REAL.items() if (DATA / data).is_dir())]
