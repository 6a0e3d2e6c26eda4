"""What tells the outcome in data that nobody here wrote: found, and nothing else; no winning segment where there is none. Skipped without data."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from plumbline import hindsight
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from plumbline.replay import facts as lab
from plumbline.simulation.profile import Profile, profile
from plumbline.simulation.run import Settings, ground
from tests.figures import measured
from tests.importing_support import build_history
from tests.test_real_data import DATA, LEADFORGE, ROOT, imported

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))


def traits(history: History) -> Profile:
    """What past wins of the whole history had in common."""
    facts = lab.load(history)
    first = date(1970, 1, 1) + timedelta(microseconds=int(facts.events.created.min()))
    return profile(ground(facts), Settings(first - timedelta(days=1), history.about.data_through.date() + timedelta(days=1)))


def fields_of(found: Profile) -> set[str]:
    return {one.condition.rule.field for one in found.traits if hasattr(one.condition.rule, "field")}


def told_by_leaks(history: History) -> set[str]:
    rows = run(history, "leaks/ranked", Filters())
    return {name for one in rows["segment_field"].to_list() if one for name in one.split(" & ")}


def test_olist_attributes_of_won_deals_are_no_predictors(tmp_path: Path) -> None:
    """Brought in as attributes of leads, all of them say nothing but "won"; those known of under 30 deals are left alone by everything."""
    leads = pl.read_csv(DATA / "olist" / "olist_marketing_qualified_leads_dataset.csv", infer_schema=False)
    deals = pl.read_csv(DATA / "olist" / "olist_closed_deals_dataset.csv", infer_schema=False)
    names = ["business_segment", "lead_type", "lead_behaviour_profile", "has_company", "average_stock", "business_type", "declared_monthly_revenue"]
    names += ["sr_id", "sdr_id", "seller_id"]
    (tmp_path / "in").mkdir()
    joined = leads.join(deals.select("mql_id", *names), on="mql_id", how="left")
    joined.select(
        pl.col("mql_id").alias("lead_id"), pl.col("first_contact_date").alias("created_at"), pl.col("origin").alias("source"), *names
    ).write_csv(tmp_path / "in" / "leads.csv")
    entered = leads.select(pl.col("mql_id").alias("lead_id"), pl.lit("mql").alias("stage"), pl.col("first_contact_date").alias("occurred_at"))
    won = deals.select(pl.col("mql_id").alias("lead_id"), pl.lit("won").alias("stage"), pl.col("won_date").str.replace(" ", "T").alias("occurred_at"))
    pl.concat([entered, won]).write_csv(tmp_path / "in" / "stage_changes.csv")
    history = build_history(tmp_path / "in", tmp_path / "h.duckdb", data_through="2018-11-14")
    found = set(hindsight.withheld(history))
    known = {name for name in names if deals[name].is_not_null().sum() >= 30}
    measured(f"olist: {len(found)} of {len(known)} attributes of won deals found, {sorted(found - known)} besides")
    assert found == known
    assert not told_by_leaks(history) & set(names)
    assert not fields_of(traits(history)) & set(names)


def test_dubai_status_and_reason_of_today_are_no_segments(tmp_path: Path) -> None:
    imported([DATA / "dubai"], ROOT / "sample_data" / "mappings" / "dubai.yaml", tmp_path)
    history = History(tmp_path / "h.duckdb")
    assert set(hindsight.withheld(history)) == {"status_today", "lost_reason_today"}
    assert not told_by_leaks(history) & {"status_today", "lost_reason_today"}
    assert not fields_of(traits(history)) & {"status_today", "lost_reason_today"}


def test_leadforge_has_no_winning_segment_even_with_its_outcome_brought_in(tmp_path: Path) -> None:
    mapping = (ROOT / "sample_data" / "mappings" / "leadforge.yaml").read_text(encoding="utf-8")
    outcome = ["current_stage", "is_sql", "converted_within_90_days", "conversion_timestamp"]
    lines = "".join(f"        {name}: {name}\n" for name in [*outcome, "first_touch_channel"])
    (tmp_path / "m.yaml").write_text(mapping.replace("        account_id: account_id\n", f"        account_id: account_id\n{lines}", 1))
    imported([LEADFORGE], tmp_path / "m.yaml", tmp_path)
    history = History(tmp_path / "h.duckdb")
    assert set(hindsight.withheld(history)) == set(outcome)
    assert not told_by_leaks(history)
    found = traits(history)
    measured(f"leadforge: traits of past wins {[one.condition.who for one in found.traits]}")
    assert not fields_of(found)
