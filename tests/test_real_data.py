"""Data that nobody here wrote, against the answers that came with it. Skipped where the folder is not beside the repository."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path
from statistics import mean, median

import numpy as np
import polars as pl
import pytest

from plumbline.errors import InputError
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.importing.job import Job, Outcome, run_job
from plumbline.importing.run import Options, make_plan
from plumbline.leaks.ranked import ranked
from plumbline.metrics import rows, run
from tests.importing_support import NOW

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
LEADFORGE = DATA / "leadforge_seed42" / "tables"
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


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory):
    place = tmp_path_factory.mktemp("bank")
    outcome = imported([DATA / "bank"], ROOT / "sample_data" / "mappings" / "bank.yaml", place)
    history = History(place / "h.duckdb")
    yield outcome, history
    history.close()


@pytest.fixture(scope="module")
def clients() -> list[dict[str, str]]:
    with (DATA / "bank" / "bank-full.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_bank_every_client_and_every_call_is_kept(bank: tuple[Outcome, History], clients: list[dict[str, str]]) -> None:
    outcome, _ = bank
    assert outcome.rejects == []
    assert {name: count["kept"] for name, count in outcome.tables.items()} == {"leads": 45_211, "stage_changes": 45_211 + 5_289, "touches": 45_211}
    assert outcome.holds["touches"] == sum(int(client["campaign"]) for client in clients) == 124_956
    assert outcome.warnings == [
        "rows of bank-full.csv left out on purpose (when): stage_changes[2] 39922 of 45211",
        "rows that stand for as many events as their column says: touches 45211 rows, 124956 events",
    ]


def test_bank_conversion_by_number_of_calls(bank: tuple[Outcome, History]) -> None:
    statement = (
        "select least(calls, 6) as calls, count(*) as clients, count(won_at) as won, round(100 * count(won_at) / count(*), 2) as percent"
        " from (select lead_no, count(*) as calls from touches group by lead_no) join episodes using (lead_no) group by 1 order by 1"
    )
    rows = bank[1].query(statement).rows()
    assert [(row[0], row[3]) for row in rows] == [(1, 14.6), (2, 11.2), (3, 11.19), (4, 9.0), (5, 7.88), (6, 5.81)]
    assert rows[0] == (1, 17_544, 2_561, 14.6)
    assert [sum(row[place] for row in rows) for place in (1, 2)] == [45_211, 5_289]


def test_bank_each_client_is_the_line_that_it_is_called_after(bank: tuple[Outcome, History], clients: list[dict[str, str]]) -> None:
    history = bank[1]
    columns = {name: history.fields[name]["column_name"] for name in ("age", "job", "education", "days_since_earlier_campaign")}
    statement = (
        f"select lead_id, touches, passes, {', '.join(f'told.{column}' for column in columns.values())}, won_at is not null"
        " from leads join history.canonical.leads as told using (lead_no, lead_id) join episodes using (lead_no) order by lead_id"
    )
    wanted = [
        (
            f"bank-full-{line:07}",
            int(client["campaign"]),
            1,
            client["age"],
            client["job"] if client["job"] != "unknown" else None,
            client["education"] if client["education"] != "unknown" else None,
            client["pdays"] if client["pdays"] != "-1" else None,
            client["y"] == "yes",
        )
        for line, client in enumerate(clients, 2)
    ]
    assert history.query(statement).rows() == wanted


def test_bank_nothing_is_out_of_its_made_up_order(bank: tuple[Outcome, History]) -> None:
    statement = (
        "select count(*) filter (is_implied), count(*) filter (is_out_of_order), count(distinct mql_at), count(distinct won_at),"
        " bool_and(won_at is null or (won_at > last_at and won_at <= data_through)), bool_and(first_at >= mql_at)"
        " from episodes join (select lead_no, min(occurred_at) as first_at, max(occurred_at) as last_at from touches group by lead_no)"
        " using (lead_no), about"
    )
    assert bank[1].query(statement).rows() == [(0, 0, 1, 1, True, True)]
    assert bank[1].query("select distinct channel::varchar, direction::varchar, outcome, is_automated from touches").rows() == [
        ("call", "outbound", None, False)
    ]


@pytest.fixture(scope="module")
def leadforge(tmp_path_factory: pytest.TempPathFactory):
    place = tmp_path_factory.mktemp("leadforge")
    outcome = imported([LEADFORGE], ROOT / "sample_data" / "mappings" / "leadforge.yaml", place)
    history = History(place / "h.duckdb")
    yield outcome, history
    history.close()


def _table(name: str) -> pl.DataFrame:
    return pl.read_parquet(LEADFORGE / f"{name}.parquet")


def test_leadforge_every_row_is_kept(leadforge: tuple[Outcome, History]) -> None:
    outcome, _ = leadforge
    left_out = "rows of touches.parquet left out on purpose (when): touches[1] 21941 of 54803, activities[1] 32862 of 54803"
    assert (outcome.rejects, outcome.warnings) == ([], [left_out])
    messages = _table("touches")["touch_type"].is_in(["call", "email", "linkedin_message"]).sum()
    assert {name: count["kept"] for name, count in outcome.tables.items()} == {
        "leads": 5000,
        "stage_changes": 5000 + 4641 + 1049 + 1168,
        "assignments": 5000,
        "deals": 4641,
        "touches": _table("sales_activities").height + messages,
        "activities": _table("sessions").height + _table("touches").height - messages,
    }


def test_leadforge_leads_and_won_by_source(leadforge: tuple[Outcome, History]) -> None:
    rows = run(leadforge[1], "funnel/breakdown", parameters={"by": "source"}).to_dicts()
    told = {(row["value"], row["stage"]): row["entered"] for row in rows}
    assert {source: (told[source, "mql"], told[source, "won"]) for source, _ in told} == {
        "inbound_marketing": (2274, 501),
        "sdr_outbound": (1757, 374),
        "partner_referral": (969, 174),
    }
    won = leadforge[1].query("select lead_id from leads join episodes using (lead_no) where won_at is not null")["lead_id"]
    assert set(won) == set(_table("leads").filter("converted_within_90_days")["lead_id"])
    assert (len(won), round(100 * len(won) / 5000, 2)) == (1049, 20.98)


def test_leadforge_the_first_attempt_is_the_first_act_of_a_rep(leadforge: tuple[Outcome, History]) -> None:
    statement = (
        "select lead_id, min(occurred_at)::date from touches join leads using (lead_no)"
        " where direction = 'outbound' and not is_automated group by lead_id"
    )
    first = _table("sales_activities").group_by("lead_id").agg(pl.col("activity_timestamp").min().str.to_date())
    assert dict(leadforge[1].query(statement).rows()) == dict(first.rows())


def test_leadforge_outcomes_and_channels_are_those_of_the_file(leadforge: tuple[Outcome, History]) -> None:
    names = {"left_voicemail": "voicemail", "meeting_set": "booked", "demo_completed": "held", "demo": "meeting"}
    acts = _table("sales_activities").select(pl.col("activity_type", "activity_outcome").replace(names), "rep_id")
    wanted = {row[:3]: row[3] for row in acts.group_by(pl.all()).len().rows()}
    rows = leadforge[1].query("select channel::varchar, outcome::varchar, rep_id, count(*) from touches where rep_id is not null group by all").rows()
    assert {row[:3]: row[3] for row in rows} == wanted
    messages = leadforge[1].query("select direction::varchar, count(*) from touches where rep_id is null and outcome is null group by all").rows()
    kept = _table("touches").filter(pl.col("touch_type").is_in(["call", "email", "linkedin_message"]))
    assert dict(messages) == dict(kept.group_by("touch_direction").len().rows())


@pytest.mark.parametrize("name", ["bank", "leadforge"])
@pytest.mark.parametrize("times", ["select mql_at as moment from episodes", "select occurred_at as moment from touches"])
def test_no_time_of_day_is_known(name: str, times: str, request: pytest.FixtureRequest) -> None:
    history = request.getfixturevalue(name)[1]
    statement = f"select distinct timezone($zone, moment at time zone 'UTC')::time::varchar from ({times})"
    assert history.query(statement, {"zone": history.about.time_zone}).rows() == [("00:00:00",)]


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


@pytest.mark.parametrize("days", [20, 60])
def test_leadforge_raises_no_leak_of_an_attribute(leadforge: tuple[Outcome, History], days: int) -> None:
    """Its attributes hardly matter: what is told must not be luck."""
    found = ranked(leadforge[1], rows(leadforge[1], "leaks/ranked", Filters(), {"opportunity_days": days}))
    assert found.looked_at > 50
    assert [found.segment(leak) for leak in found.leaks] == []
