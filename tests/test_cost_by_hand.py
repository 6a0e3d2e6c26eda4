"""Sources and cost, worked out by hand: months and days of spend, spellings, what has no spend, what filters ask that spend does not know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from plumbline.filters import MISSING, Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from tests.importing_support import build_history, write_table

LEADS = """lead_id,created_at,source,campaign,region
    L1,2024-02-01T08:00:00Z,Web,spring,EMEA
    L2,2024-02-10T08:00:00Z,WEB,spring,APAC
    L3,2024-02-20T08:00:00Z,web,,EMEA
    L4,2024-02-29T23:30:00Z,Straße,,EMEA
    L5,2024-03-05T08:00:00Z,,,EMEA"""
STAGES = """lead_id,stage,occurred_at
    L1,mql,2024-02-02T08:00:00Z
    L1,sql,2024-02-05T08:00:00Z
    L2,mql,2024-02-11T08:00:00Z
    L3,mql,2024-03-01T08:00:00Z
    L3,won,2024-03-02T08:00:00Z
    L5,mql,2024-03-06T08:00:00Z"""
Built = Callable[..., History]


@pytest.fixture
def built(tmp_path: Path):
    opened: list[History] = []

    def build(spend: str | None, **options: object) -> History:
        folder = tmp_path / str(len(opened))
        write_table(folder / "in", "leads", LEADS)
        write_table(folder / "in", "stage_changes", STAGES)
        if spend is not None:
            write_table(folder / "in", "spend", spend)
        opened.append(build_history(folder / "in", folder / "h.duckdb", **{"data_through": "2024-03-10"} | options))
        return opened[-1]

    yield build
    for history in opened:
        history.close()


def rows(history: History, name: str = "sources/cost", **filters: object) -> dict[str | None, dict]:
    found = run(history, name, Filters(**filters)).to_dicts()
    key = "campaign" if name == "sources/campaigns" else "source"
    return {row[key]: row for row in found}


def test_what_each_source_brought_and_cost(built: Built) -> None:
    history = built("date,source,campaign,amount\n2024-02-03,web,spring,30\n2024-03-08,Web,,15\n2024-02-03,strasse,,8")
    found = run(history, "sources/cost").to_dicts()
    assert found == [
        {"source": "WEB", "leads": 3, "mqls": 3, "sals": 2, "sqls": 2, "won": 1, "spend": 45, "cost_per_lead": 15, "cost_per_mql": 15,
         "cost_per_sql": 22.5, "cost_per_won": 45},
        {"source": "Straße", "leads": 1, "mqls": 0, "sals": 0, "sqls": 0, "won": 0, "spend": 8, "cost_per_lead": 8, "cost_per_mql": None,
         "cost_per_sql": None, "cost_per_won": None},
        {"source": None, "leads": 1, "mqls": 1, "sals": 0, "sqls": 0, "won": 0, "spend": None, "cost_per_lead": None, "cost_per_mql": None,
         "cost_per_sql": None, "cost_per_won": None},
    ]  # fmt: skip


def test_a_month_is_spread_over_its_days_and_a_period_takes_its_share(built: Built) -> None:
    history = built("date,source,amount\n2024-01-01,web,31\n2024-02-01,web,290\n2024-03-01,web,310")  # all firsts: months
    assert rows(history)["WEB"]["spend"] == pytest.approx(31 + 290 + 310 * 10 / 31)  # the end of the data cuts March
    assert rows(history, since=date(2024, 2, 10), until=date(2024, 2, 12))["WEB"]["spend"] == pytest.approx(20)  # a leap year: 10 a day
    assert rows(history, since=date(2024, 2, 29), until=date(2024, 3, 2))["WEB"]["spend"] == pytest.approx(10 + 10)
    assert rows(history, until=date(2024, 1, 1)) == {}


def test_one_other_day_makes_a_source_a_daily_one_but_a_written_month_stays_a_month(built: Built) -> None:
    history = built("date,source,amount\n2024-02-01,web,29\n2024-02-02,web,1\n2024-02,WEB,58\n2024-02-01,partner,29")
    one_day = {"since": date(2024, 2, 1), "until": date(2024, 2, 2)}
    found = rows(history, **one_day)
    assert found["WEB"]["spend"] == pytest.approx(29 + 58 / 29)
    assert found["partner"]["spend"] == pytest.approx(1)
    assert rows(history, since=date(2024, 2, 3), until=date(2024, 2, 4))["partner"]["spend"] == pytest.approx(1)


def test_spend_after_the_end_of_the_data_is_as_if_not_there(built: Built) -> None:
    history = built("date,source,amount\n2024-03-01,web,310\n2024-03-15,web,7\n2024-04-01,television,9")
    assert rows(history)["WEB"]["spend"] == pytest.approx(100)  # the 15th would have made it daily
    assert "television" not in rows(history)


def test_a_source_with_spend_and_no_lead_has_its_row_in_its_most_frequent_form(built: Built) -> None:
    history = built("date,source,amount\n2024-02-03,TV,10\n2024-02-04,tv,10\n2024-02-05,tv,10")
    assert rows(history)["tv"] | {"spend": 30, "leads": 0, "cost_per_lead": None} == rows(history)["tv"]
    assert "tv" not in rows(history, since=date(2024, 3, 1))


def test_not_recorded_is_not_free(built: Built) -> None:
    history = built("date,source,amount\n2024-02-03,web,30")
    assert rows(history)["Straße"]["spend"] is None
    later = rows(history, since=date(2024, 3, 1))
    assert later["WEB"]["spend"] == 0 and later["WEB"]["cost_per_mql"] == 0  # on record, and nothing was spent in these days
    for without in (built(None), built("date,source,amount")):
        assert {row["spend"] for row in rows(without).values()} == {None}
        assert rows(without)["WEB"]["leads"] == 3


def test_filters_that_spend_does_not_know_leave_no_cost(built: Built) -> None:
    history = built("date,source,amount\n2024-02-03,web,30\n2024-02-03,tv,3")
    found = rows(history, segments={"region": ("emea",)})
    assert {source: (row["leads"], row["spend"], row["cost_per_lead"]) for source, row in found.items()} == {
        "WEB": (2, None, None), "Straße": (1, None, None), None: (1, None, None)
    }  # fmt: skip
    assert rows(history, segments={"source": ("tv", MISSING)}).keys() == {"tv", None}
    assert rows(history, segments={"source": ("WEB",)})["WEB"]["spend"] == 30


def test_campaigns_share_spend_only_where_it_names_one(built: Built) -> None:
    history = built("date,source,campaign,amount\n2024-02-03,web,Spring,20\n2024-02-03,web,,30\n2024-02-03,Straße,,8")
    found = run(history, "sources/campaigns").to_dicts()
    assert [(row["source"], row["campaign"], row["leads"], row["spend"], row["cost_per_lead"]) for row in found] == [
        ("WEB", None, 1, 30, 30), ("WEB", "spring", 2, 20, 10), ("Straße", None, 1, 8, None), (None, None, 1, None, None)
    ]  # fmt: skip
    assert rows(history, segments={"campaign": ("spring",)})["WEB"]["spend"] == 20


def test_leads_count_by_what_was_known_at_creation_and_days_are_those_of_the_organisation(built: Built, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    write_table(folder, "leads", LEADS)
    write_table(folder, "stage_changes", STAGES)
    write_table(
        folder,
        "lead_changes",
        """lead_id,field,value,old_value,occurred_at
        L1,source,ads,web,2024-02-20T00:00:00Z
        L2,source,ads,web,2024-01-01T00:00:00Z
        L3,source,,ads,2024-03-01T07:00:00Z""",
    )
    opened = build_history(folder, tmp_path / "c.duckdb", data_through="2024-03-10", time_zone="Europe/Berlin")
    try:
        found = rows(opened)
        assert {source: row["leads"] for source, row in found.items()} == {"web": 1, "ads": 2, "Straße": 1, None: 1}
        assert {source: row["mqls"] for source, row in found.items()} == {"web": 1, "ads": 1, "Straße": 0, None: 2}
        assert rows(opened, since=date(2024, 3, 1))["Straße"]["leads"] == 1  # 23:30 UTC of 29 February is March there
    finally:
        opened.close()


def test_rep_and_team_of_a_lead_are_those_of_its_first_hand_over(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write_table(folder, "leads", LEADS)
    write_table(folder, "stage_changes", STAGES)
    write_table(folder, "assignments", "lead_id,rep_id,occurred_at\nL1,R1,2024-02-01\nL2,R2,2024-02-01\nL5,R1,2024-03-05")
    opened = build_history(folder, tmp_path / "h.duckdb", data_through="2024-03-10")
    try:
        assert {source: row["leads"] for source, row in rows(opened, segments={"rep": ("R1",)}).items()} == {"WEB": 1, None: 1}
        assert {source: row["leads"] for source, row in rows(opened, segments={"rep": (MISSING,)}).items()} == {"WEB": 1, "Straße": 1}
    finally:
        opened.close()


def test_quality_looks_at_those_old_enough(built: Built) -> None:
    history = built(None)
    row = run(history, "sources/quality", Filters(), {"mql_days": 7, "sal_days": 14}).to_dicts()[0]
    assert (row["source"], row["mqls"], row["mature"], row["accepted"], row["old_enough"], row["qualified"], row["in_window"]) == (
        "WEB", 3, 3, 2, 2, 1, 0
    )  # fmt: skip
