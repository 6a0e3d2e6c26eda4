"""Data that nobody here wrote, against the answers that came with it. Skipped where the folder is not beside the repository."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path
from statistics import mean, median

import numpy as np
import pytest

from plumbline.errors import InputError
from plumbline.history.connection import History
from plumbline.importing.job import Job, Outcome, run_job
from plumbline.importing.run import Options, make_plan
from plumbline.metrics import run
from tests.importing_support import NOW

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
SHAPES = sorted((DATA / "connector_shapes").rglob("*.csv"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


def imported(paths: list[Path], mapping: Path, place: Path, target: str = "h.duckdb") -> Outcome:
    """Into `target` below `place`; empty: a dry run."""
    plan = make_plan("csv", paths, Options(mapping=mapping))
    workspace = place / "workspace"
    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir(parents=True)
    return run_job(Job(plan, workspace, place / target if target else None, "test", NOW, threads=1))


@pytest.fixture(scope="module")
def olist(tmp_path_factory: pytest.TempPathFactory):
    place = tmp_path_factory.mktemp("olist")
    outcome = imported([DATA / "olist"], ROOT / "sample_data" / "mappings" / "olist.yaml", place)
    history = History(place / "h.duckdb")
    yield outcome, history
    history.close()


@pytest.fixture(scope="module")
def dubai(tmp_path_factory: pytest.TempPathFactory):
    place = tmp_path_factory.mktemp("dubai")
    outcome = imported([DATA / "dubai"], ROOT / "sample_data" / "mappings" / "dubai.yaml", place)
    history = History(place / "h.duckdb")
    yield outcome, history
    history.close()


def test_olist_every_lead_and_deal_is_kept(olist: tuple[Outcome, History]) -> None:
    assert {name: (count["kept"], count["rejected"]) for name, count in olist[0].tables.items()} == {"leads": (8000, 0), "stage_changes": (8842, 0)}


def test_olist_leads_and_won_by_source(olist: tuple[Outcome, History]) -> None:
    known = {
        "organic_search": (2296, 271), "paid_search": (1586, 195), "social": (1350, 75), "unknown": (1099, 179), "direct_traffic": (499, 56),
        "email": (493, 15), "referral": (284, 24), "other": (150, 4), "display": (118, 6), "other_publicities": (65, 3), None: (60, 14),
    }  # fmt: skip
    _, history = olist
    leads = dict(history.query("select source, count(*) from leads group by source").rows())
    won = dict(
        history.query(
            "select source, count(distinct lead_no) from leads join episodes using (lead_no) where won_at is not null group by source"
        ).rows()
    )
    assert {source: (n, won.get(source, 0)) for source, n in leads.items()} == known


def test_olist_days_from_first_contact_to_won(olist: tuple[Outcome, History]) -> None:
    with (DATA / "olist" / "olist_closed_deals_dataset.csv").open(encoding="utf-8") as file:
        assert sum(1 for _ in csv.DictReader(file)) == 842
    statement = (
        "select date_diff('day', timezone('America/Sao_Paulo', leads.created_at at time zone 'UTC')::date,"
        " timezone('America/Sao_Paulo', won_at at time zone 'UTC')::date) as d"
        " from episodes join leads using (lead_no) where won_at is not null"
    )
    days = olist[1].query(statement)["d"].to_list()
    assert (len(days), median(days), round(mean(days), 2), round(float(np.quantile(days, 0.9)), 1), min(days), max(days)) == (
        842,
        14,
        48.44,
        161.9,
        -2,
        427,
    )


def test_olist_the_lead_won_before_its_first_contact_is_kept_and_visible(olist: tuple[Outcome, History]) -> None:
    rows = (
        olist[1].query("select is_implied, pass_no, won_at from episodes join leads using (lead_no) where won_at < created_at and pass_no = 1").rows()
    )
    assert [row[:2] for row in rows] == [(True, 1)]


def test_olist_the_funnel_has_all_wins(olist: tuple[Outcome, History]) -> None:
    rows = {row["stage"]: row["entered"] for row in run(olist[1], "funnel/stages").to_dicts()}
    assert rows == {"mql": 8000, "sal": 842, "sql": 842, "opportunity": 842, "won": 842}


def test_dubai_counts_of_each_stage(dubai: tuple[Outcome, History]) -> None:
    assert dubai[0].rejects == []
    counts = dict(dubai[1].query("select stage, count(*) from history.canonical.stage_changes group by stage").rows())
    assert counts == {"inquiry": 5000, "mql": 2278, "sal": 1710, "sql": 1184, "opportunity": 923, "won": 813}


def test_dubai_medians_in_days(dubai: tuple[Outcome, History]) -> None:
    def days(stage: str) -> list[float]:
        statement = (
            "select epoch(changes.occurred_at - leads.created_at) / 86400 as d"
            " from history.canonical.stage_changes as changes join leads using (lead_no) where stage = $stage"
        )
        return [row[0] for row in dubai[1].query(statement, {"stage": stage}).rows()]

    assert (median(days("mql")), median(days("opportunity"))) == (9, 35)


def test_dubai_leads_without_an_agent(dubai: tuple[Outcome, History]) -> None:
    assert dubai[0].tables["assignments"]["kept"] == 5000 - 165


def test_dubai_spend_is_all_there(dubai: tuple[Outcome, History]) -> None:
    with (DATA / "dubai" / "Leads.csv").open(encoding="utf-8-sig") as file:
        spent = sum(float(row["Marketing_Cost_AED"]) for row in csv.DictReader(file))
    assert dubai[1].query("select sum(amount) as a from history.canonical.spend")["a"][0] == pytest.approx(spent)


def test_dubai_an_append_of_the_same_brings_nothing(tmp_path: Path) -> None:
    plan = make_plan("csv", [DATA / "dubai"], Options(mapping=ROOT / "sample_data" / "mappings" / "dubai.yaml"))
    (tmp_path / "workspace").mkdir()
    run_job(Job(plan, tmp_path / "workspace", tmp_path / "h.duckdb", "test", NOW, threads=1))
    again = run_job(Job(plan, tmp_path / "workspace", tmp_path / "h2.duckdb", "test", NOW, previous=tmp_path / "h.duckdb", threads=1))
    assert (again.has_news, {name: count["kept"] for name, count in again.tables.items()}) == (False, dict.fromkeys(again.tables, 0))


def _first_column(path: Path) -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return " ".join(next(csv.reader(file))[0].split())


@pytest.mark.parametrize("path", SHAPES, ids=[f"{path.parent.name}/{path.stem}" for path in SHAPES])
def test_a_table_of_a_connector_is_read_or_refused_in_one_line(path: Path, tmp_path: Path) -> None:
    with path.open("rb") as file:
        records = sum(1 for _ in csv.reader(line.decode("utf-8-sig", "replace") for line in file)) - 1
    mapping = tmp_path / "map.yaml"
    column = _first_column(path).replace("'", "''")
    mapping.write_text(
        f"time_zone: UTC\nfiles:\n  - file: {path.name}\n    tables:\n"
        f"      leads: {{lead_id: {{column: '{column}'}}, created_at: {{value: 2026-01-01}}}}\n",
        encoding="utf-8",
    )
    try:
        outcome = imported([path], mapping, tmp_path, target="")
    except InputError as refusal:
        assert "\n" not in refusal.one_line
        assert path.name in refusal.one_line or "leads" in refusal.one_line
        return
    counts = outcome.tables["leads"]
    assert counts["seen"] == counts["kept"] + counts["rejected"]
    assert counts["kept"] > 0
    assert counts["seen"] <= records
    assert Counter(reject["reason"].split(":")[0] for reject in outcome.rejects).keys() <= {"duplicate", "lead_id is empty"}
