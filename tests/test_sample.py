"""The sample history: the same bytes every time, canonical, in plausible ranges, and with what its truth says."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from plumbline import sample
from plumbline.errors import InputError
from plumbline.history.schema import KNOWN_ATTRIBUTES, TABLES
from plumbline.sample import behaviour, plan, qualify, world
from plumbline.sample.people import make_people

SHIPPED = Path(__file__).parent.parent / "sample_data"
DATA_THROUGH = datetime(2026, 11, 14, 18)
STEPS = {"mql->sal": ("mql", "sal", 30), "sal->sql": ("sal", "sql", 75), "sql->opportunity": ("sql", "opportunity", 105)}


@cache
def made(leads: int = 6000, seed: int = 42) -> sample.Sample:
    return sample.generate(leads, seed)


@cache
def first_passes(leads: int) -> pl.DataFrame:
    """One row per lead with an mql: time of the first of each stage, implied ones filled from later ones."""
    tables = made(leads).tables
    changes = tables["stage_changes"]
    again = changes.filter(pl.col("stage").is_in(["rejected", "recycled", "disqualified", "lost", "won"]))
    ends = again.group_by("lead_id").agg(pl.col("occurred_at").min().alias("end_at"))
    rows = changes.join(ends, on="lead_id", how="left").filter(pl.col("end_at").is_null() | (pl.col("occurred_at") <= pl.col("end_at")))
    wide = rows.group_by("lead_id").agg(
        pl.col("occurred_at").filter(pl.col("stage") == stage).min().alias(stage) for stage in ("mql", "sal", "sql", "opportunity", "won")
    )
    wide = wide.with_columns(sal=pl.coalesce("sal", "sql")).filter(pl.col("mql").is_not_null())
    leads_table = tables["leads"].with_columns(pl.col("industry").str.strip_chars().str.to_lowercase())
    return wide.join(leads_table, on="lead_id")


def rate(frame: pl.DataFrame, start: str, end: str) -> tuple[float, int]:
    entered = frame.filter(pl.col(start).is_not_null())
    return entered[end].is_not_null().mean(), entered.height


def test_same_leads_and_seed_make_the_same_tables_and_another_seed_others() -> None:
    one, two, other = sample.generate(500, 7), sample.generate(500, 7), sample.generate(500, 8)
    assert all(one.tables[name].equals(two.tables[name], null_equal=True) for name in one.tables)
    assert one.truth == two.truth
    assert not one.tables["leads"].equals(other.tables["leads"])


def test_tables_and_columns_are_canonical() -> None:
    kinds = {"time": pl.Datetime("us"), "date": pl.Date, "flag": pl.Boolean, "id": pl.String, "text": pl.String, "day": pl.String, "clock": pl.String}
    assert set(made().tables) == set(TABLES)
    for name, frame in made().tables.items():
        table = TABLES[name]
        assert set(table.required) <= set(frame.columns), name
        for column in frame.columns:
            known = table.column(column)
            if known is None:
                assert name == "leads" and column in (*KNOWN_ATTRIBUTES, "handover_arm"), (name, column)
                continue
            if known.kind == "number":
                assert frame[column].dtype.is_numeric(), (name, column)
            else:
                assert frame[column].dtype == kinds[known.kind], (name, column)
            if known.required:
                assert frame[column].null_count() == 0, (name, column)
            if known.allowed:
                assert set(frame[column].drop_nulls()) <= set(known.allowed), (name, column)


def test_ids_are_unique_and_events_belong_to_leads() -> None:
    tables = made().tables
    for name, column in (("leads", "lead_id"), ("reps", "rep_id"), ("deals", "deal_id"), ("merges", "lead_id")):
        assert tables[name][column].is_unique().all()
    for name in ("stage_changes", "touches", "assignments"):
        assert tables[name]["event_id"].is_unique().all()
    known = tables["leads"].select("lead_id")
    for name in ("lead_changes", "stage_changes", "assignments", "touches", "activities", "deals", "merges"):
        assert tables[name].join(known, on="lead_id", how="anti").is_empty(), name
    assert tables["reps"].height >= 22 and tables["reps"]["team"].n_unique() == 4
    assert tables["merges"].filter(pl.col("lead_id") == pl.col("into_lead_id")).is_empty()


def test_nothing_happens_after_the_end_but_a_handful_of_meetings() -> None:
    tables = made().tables
    for name, frame in tables.items():
        for column in frame.columns:
            if frame[column].dtype != pl.Datetime("us"):
                continue
            late = frame.filter(pl.col(column) > DATA_THROUGH)
            if name == "touches":
                assert 5 <= late.height <= 40 and set(late["outcome"]) == {"booked"} and set(late["channel"]) == {"meeting"}
            else:
                assert late.is_empty(), (name, column)
    assert tables["activities"]["occurred_at"].max() == DATA_THROUGH


def test_nothing_happens_before_creation_but_the_backfilled() -> None:
    tables = made().tables
    created = tables["leads"].select("lead_id", "created_at")
    for name in ("stage_changes", "touches", "activities", "lead_changes", "assignments"):
        early = tables[name].join(created, on="lead_id", suffix="_lead").filter(pl.col("occurred_at") < pl.col("created_at"))
        if name == "activities":
            assert 0 < early.height == made().truth["flaws"]["activities_before_creation"]
            assert (early["recorded_at"].dt.date() == datetime(2026, 3, 14).date()).all()
        else:
            assert early.is_empty(), name


def test_rates_and_volumes_are_plausible() -> None:
    tables, truth = made().tables, made().truth
    assert 0.45 <= truth["mql_share_of_leads"] <= 0.60
    rates = truth["rates_of_first_episodes_older_than_260_days"]
    assert 0.50 <= rates["mql_to_sal"] <= 0.62 and 0.50 <= rates["sal_to_sql"] <= 0.62 and 0.17 <= rates["sql_to_won"] <= 0.27
    assert 0.20 <= truth["response_times"]["in_this_draw"]["never_touched"] <= 0.30
    assert 18 <= tables["activities"].height / 6000 <= 25 and 4 <= tables["touches"].height / 6000 <= 6
    assert 2 <= tables["stage_changes"].height / 6000 <= 2.6
    assert set(tables["activities"]["activity"]) == set(world.ACTIVITIES)
    assert set(tables["leads"]["source"]) == set(plan.SOURCES)
    assert all(count > 0 for count in truth["flaws"].values())
    wait = truth["speed_effect"]
    assert wait["naive"]["difference_percentage_points"] > wait["causal_difference_percentage_points"] > 5


@pytest.mark.parametrize("leads", [6000, 40_000])
@pytest.mark.parametrize("place", range(len(plan.LEAKS)))
def test_planted_leaks_are_in_the_tables(leads: int, place: int) -> None:
    leak = made(leads).truth["leaks"][place]
    (field, value), since = next(iter(leak["segment"].items())), datetime.fromisoformat(leak["since"]).replace(tzinfo=None)
    start, end, days = STEPS[leak["step"]]
    ripe = first_passes(leads).filter((pl.col("mql") < DATA_THROUGH - timedelta(days=days)) & (pl.col("mql") >= datetime(2025, 5, 5)))
    segment = ripe.filter(pl.col(field) == value)
    for other in made(leads).truth["leaks"]:
        if other["step"] == leak["step"] and other["name"] != leak["name"]:
            segment = segment.filter(*(pl.col(name).ne_missing(text) for name, text in other["segment"].items()))
    (before, n), (after, m) = (rate(segment.filter(mask), start, end) for mask in (pl.col("mql") < since, pl.col("mql") >= since))
    noise = (0.25 / n + 0.25 / m) ** 0.5
    assert min(n, m) >= 30
    assert before - after == pytest.approx(leak["size_percentage_points"] / 100, abs=3 * noise + 0.03)


def test_the_drop_of_autumn_2025_is_one_of_mix_only() -> None:
    drop = made().truth["mix_only_drop"]["in_this_draw"]
    assert drop["during"]["mql_to_sal"] < drop["before"]["mql_to_sal"] - 0.03 and drop["mix_part_percentage_points"] < -3
    large = made(40_000).truth["mix_only_drop"]["in_this_draw"]
    for source in plan.SOURCES:
        assert abs(large["during"]["rate_by_source"][source] - large["before"]["rate_by_source"][source]) < 0.12


def test_exploration_arm_is_drawn_at_random() -> None:
    leads = made(40_000).tables["leads"]
    explored = leads.with_columns((pl.col("handover_arm") == "explore").alias("explored"))
    assert abs(explored["explored"].mean() - plan.EXPLORE_SHARE) < 0.005
    large = explored.group_by("explored").agg(pl.col("employees").log().mean()).sort("explored")["employees"]
    assert abs(large[0] - large[1]) < 0.15


def test_the_scoring_rule_agrees_with_a_slow_one() -> None:
    """Act by act in plain Python, as docs/definitions.md states the score, for the first 120 leads."""
    people = make_people(400, 3)
    packed = behaviour.make_activities(people, 400, 3)
    crossed = qualify.first_crossing(people, packed)
    rules = {rule.activity: rule for rule in qualify.ACT_RULES}
    before, after = qualify._field_points(people)
    for lead in range(120):
        acts = packed[(behaviour.lead_of(packed) == lead) & (behaviour.late_of(packed) == 0)]
        found, known = -1, []
        for now, kind in zip(behaviour.time_of(acts).tolist(), behaviour.kind_of(acts).tolist(), strict=True):
            name = "" if kind == behaviour.ENRICHED else world.ACTIVITIES[kind]
            known.append((name, now))
            score = after[lead] if people.enriched_at[lead] < 0 or any(not act for act, _ in known) else before[lead]
            for rule in rules.values():
                fades = [2 ** (-(now - at) / (30 * 86_400)) if rule.points > 0 else 1.0 for act, at in known if act == rule.activity]
                score += float(np.clip(rule.points * sum(fades), -rule.cap, rule.cap))
            barred = any(act == "unsubscribe" and now - at < 90 * 86_400 for act, at in known) or (
                people.is_competitor[lead] and people.competitor_known[lead]
            )
            threshold = 60 if now < plan.THRESHOLD_CHANGED else 50
            if not barred and score >= threshold - 1e-9:
                found = now
                break
        assert crossed[lead] == found, lead


def test_shipped_files_are_what_the_command_writes(tmp_path: Path) -> None:
    sample.write_folder(made(), tmp_path)
    shipped = sorted(path.name for path in (SHIPPED / "history").iterdir())
    assert shipped == sorted(path.name for path in tmp_path.iterdir())
    for name in shipped:
        old, new = ((folder / name).read_bytes() for folder in (SHIPPED / "history", tmp_path))
        assert old.count(b"\n") == new.count(b"\n"), name
        assert hashlib.sha256(old).hexdigest() == hashlib.sha256(new).hexdigest(), name
    assert json.loads((SHIPPED / "truth.json").read_text(encoding="utf-8")) == json.loads(json.dumps(made().truth))


def test_files_are_as_the_importer_wants_them(tmp_path: Path) -> None:
    small = sample.generate(300, 1)
    sample.write_folder(small, tmp_path / "csv")
    sample.write_folder(small, tmp_path / "parquet", "parquet")
    text = (tmp_path / "csv" / "stage_changes.csv").read_bytes()
    assert b"\r" not in text and text.splitlines()[1].split(b",")[2].endswith(b"Z")
    read = pl.read_parquet(tmp_path / "parquet" / "touches.parquet")
    assert read.equals(small.tables["touches"], null_equal=True)
    assert sample.is_sample(tmp_path / "csv") and not sample.is_sample(tmp_path)
    assert "made up" in (tmp_path / "csv" / "SAMPLE.txt").read_text(encoding="utf-8")
    sample.write_truth(small, tmp_path / "truth.json")
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["leads"] == 300


@pytest.mark.parametrize(("leads", "seed"), [(0, 1), (sample.MOST_LEADS + 1, 1), (500, -1)])
def test_what_cannot_be_made_is_refused_in_one_line(leads: int, seed: int) -> None:
    with pytest.raises(InputError, match="--"):
        sample.generate(leads, seed)


def test_an_unknown_file_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="file format"):
        sample.write_folder(sample.generate(100, 1), tmp_path, "xlsx")
