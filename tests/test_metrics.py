"""Every metric on the shipped sample: it runs with every filter, its rows add up, and what has matured does not change."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import polars as pl
import pytest

from plumbline.errors import MetricError
from plumbline.filters import MISSING, Filters
from plumbline.history.connection import History
from plumbline.metrics import all_metrics, read_header, run
from tests.figures import measured
from tests.importing_support import build_history, write_table

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data" / "history"
FATES = ("reached_next", "rejected", "recycled", "lost", "open_in_window", "open_past_window")
FUNNELS = ("funnel/stages", "funnel/cohorts", "funnel/breakdown")
WINDOWS = {"mql": 14, "sal": 45, "sql": 45, "opportunity": 180}
AGREEMENT = """
name: Q4 2026
effective: 2026-10-05
qualified: {fit: [{field: employees, at_least: 100}]}
sales: {decision: {within: 24h, share: 0.9}}
"""
SOME_FILTERS = {
    "none": Filters(),
    "since": Filters(since=date(2026, 3, 1)),
    "until": Filters(until=date(2026, 3, 1)),
    "period": Filters(date(2026, 1, 1), date(2026, 4, 1)),
    "all passes": Filters(episodes="all"),
    "source": Filters(segments={"source": ("webinar", "Paid Search", "organic")}),
    "missing": Filters(segments={"industry": (MISSING,)}),
    "missing or": Filters(segments={"industry": (MISSING, "software")}),
    "two": Filters(segments={"source": ("webinar",), "region": ("EMEA",)}),
    "rep": Filters(segments={"rep": (MISSING,)}),
    "team": Filters(segments={"team": (MISSING, "North")}),
    "nobody": Filters(segments={"source": ("no such source",)}),
    "all": Filters(date(2025, 6, 1), date(2026, 10, 1), {"source": ("webinar", MISSING), "team": (MISSING, "EMEA")}, "all"),
}


@pytest.fixture(scope="module")
def history(sample_file: Path):
    opened = History(sample_file)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", all_metrics())
def test_a_metric_says_what_it_is(name: str) -> None:
    told = all_metrics()[name].described()
    assert all(told[key] for key in ("name", "title", "grain", "unit"))


@pytest.mark.parametrize("name", all_metrics())
def test_a_metric_runs_by_itself(history: History, name: str, tmp_path: Path) -> None:
    wanted = all_metrics()[name]
    (tmp_path / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    told = {"week": "2026-W44", "promise": "decision", "agreement": str(tmp_path / "agreement.yaml")}
    texts = [parameter.name for parameter in wanted.parameters if parameter.type == "text" and parameter.default is None]
    required = {name: told.get(name, "L1") for name in texts}
    rows = run(history, name, Filters(), required)
    assert len(rows.columns) == len(set(rows.columns))
    assert not [column for column, kind in rows.schema.items() if isinstance(kind, pl.Decimal)], "a sum that JSON would write as text"


@pytest.mark.parametrize(("name", "told"), list(product([name for name, wanted in all_metrics().items() if wanted.takes_filters], SOME_FILTERS)))
def test_a_metric_runs_with_every_filter(history: History, name: str, told: str) -> None:
    run(history, name, SOME_FILTERS[told])


def _all_add_up(rows: pl.DataFrame) -> bool:
    steps = rows.filter(pl.col("stage") != "won")
    return steps.select((pl.col("entered") == pl.sum_horizontal(FATES)).all()).item() is not False


@pytest.mark.parametrize(("name", "told"), list(product(FUNNELS, SOME_FILTERS)))
def test_every_step_adds_up(history: History, name: str, told: str) -> None:
    assert _all_add_up(run(history, name, SOME_FILTERS[told]))


@pytest.mark.parametrize("field", ["source", "region", "country", "industry", "team", "rep", "campaign"])
def test_every_breakdown_adds_up_to_the_funnel(history: History, field: str) -> None:
    rows = run(history, "funnel/breakdown", Filters(), {"by": field})
    assert _all_add_up(rows)
    whole = dict(run(history, "funnel/stages").select("stage", "entered").rows())
    assert dict(rows.group_by("stage").agg(pl.sum("entered")).rows()) == whole


@pytest.mark.parametrize("grain", ["week", "month"])
def test_cohorts_add_up_to_the_funnel(history: History, grain: str) -> None:
    columns = ["entered", *FATES, "mature", "converted"]
    rows = run(history, "funnel/cohorts", Filters(), {"grain": grain})
    stages = run(history, "funnel/stages")
    for stage in WINDOWS:
        assert rows.filter(stage=stage).select(pl.sum(columns)).row(0) == stages.filter(stage=stage).select(columns).row(0)


@pytest.mark.parametrize("name", FUNNELS)
def test_shares_are_shares(history: History, name: str) -> None:
    rows = run(history, name).drop_nulls("conversion")
    assert rows.select(((pl.col("conversion") - pl.col("converted") / pl.col("mature")).abs() < 1e-12).all()).item()
    assert rows.select(pl.col("converted").le(pl.col("mature")).all() & pl.col("mature").le(pl.col("entered")).all()).item()


def test_a_longer_window_never_lowers_what_converted_of_the_mature(history: History) -> None:
    def mature_and_converted(days: int) -> tuple[int, int]:
        row = run(history, "funnel/stages", Filters(until=date(2026, 1, 1)), {"mql_days": days}).row(0, named=True)
        return row["mature"], row["converted"]

    seen = [mature_and_converted(days) for days in (0, 1, 7, 14, 30, 60)]
    assert len({mature for mature, _ in seen}) == 1
    assert [converted for _, converted in seen] == sorted(converted for _, converted in seen)


def _month_ends(last: datetime, count: int) -> list[datetime]:
    first, ends = last.replace(day=1, hour=0, minute=0, second=0, microsecond=0), []
    while len(ends) < count:
        ends.append(first - timedelta(microseconds=1))
        first = (first - timedelta(days=1)).replace(day=1)
    return ends


def _changed(early: History, late: History) -> list[tuple]:
    """Monthly cohorts of which every episode was mature already in the earlier extract, and which the later one counts otherwise."""
    found = []
    columns = ("cohort", "stage", "entered", "mature", "converted")
    before = run(early, "funnel/cohorts", Filters(), {"grain": "month"}).select(columns)
    after = run(late, "funnel/cohorts", Filters(), {"grain": "month"}).select(columns).rows_by_key(("cohort", "stage"), unique=True)
    for cohort, stage, entered, mature, converted in before.rows():
        end_of_month = datetime.combine((cohort + timedelta(days=32)).replace(day=1), datetime.min.time())
        if (
            stage == "mql"
            and end_of_month + timedelta(days=WINDOWS["mql"]) <= early.about.data_through
            and after[cohort, stage] != (entered, mature, converted)
        ):
            found.append((cohort, stage, (entered, mature, converted), after[cohort, stage]))
        if stage in WINDOWS and mature > after[cohort, stage][1]:
            found.append((cohort, stage, "fewer mature"))
    return found


def _in_order(history: History, folder: Path) -> Path:
    """The sample without the stage changes of leads that ever went out of order (test_a_late_event_out_of_order_... says why)."""
    statement = (
        "select ids.lead_id from history.canonical.lead_ids as ids where ids.subject_no in (select lead_no from episodes where is_out_of_order)"
    )
    left_out = set(history.query(statement)["lead_id"])
    shutil.copytree(SAMPLE, folder)
    header, *lines = (SAMPLE / "stage_changes.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split(",")[header.split(",").index("lead_id")] not in left_out]
    (folder / "stage_changes.csv").write_text("\n".join([header, *kept]) + "\n", encoding="utf-8")
    return folder


def _compare(history: History, tmp_path: Path, count: int) -> None:
    folder = _in_order(history, tmp_path / "in")
    whole = build_history(folder, tmp_path / "whole.duckdb")
    differing = {}
    for end in _month_ends(history.about.data_through, count):
        target = tmp_path / f"{end:%Y%m}.duckdb"
        early = build_history(folder, target, data_through=end.replace(tzinfo=UTC).isoformat())
        if found := _changed(early, whole):
            differing[end.date()] = found
        early.close()
        target.unlink()
    whole.close()
    measured(f"mature cohorts at {count} earlier month ends: {len(differing)} differ {dict(list(differing.items())[:2])}")
    assert not differing


def test_what_has_matured_does_not_change(history: History, tmp_path: Path) -> None:
    _compare(history, tmp_path, 4)


@pytest.mark.long
def test_what_has_matured_does_not_change_at_any_month_end(history: History, tmp_path: Path) -> None:
    _compare(history, tmp_path, 24)


def test_a_stage_of_its_own_takes_the_place_of_an_implied_one_even_when_it_comes_later(tmp_path: Path) -> None:
    """An implied SAL counts at the SQL's time only as long as no SAL was recorded: docs/meaning.md says what follows."""
    write_table(tmp_path / "in", "leads", "lead_id,created_at\nL1,2026-02-01")
    write_table(tmp_path / "in", "stage_changes", "lead_id,stage,occurred_at\nL1,mql,2026-02-26\nL1,sql,2026-03-04\nL1,sal,2026-04-16")
    converted = []
    for end in ("2026-03-31", "2026-05-31"):
        opened = build_history(tmp_path / "in", tmp_path / f"{end}.duckdb", data_through=end)
        converted.append(run(opened, "funnel/stages").row(0, named=True)["converted"])
        opened.close()
    assert converted == [1, 0]


def test_an_unknown_parameter_names_those_there_are(history: History) -> None:
    with pytest.raises(MetricError, match="mql_days"):
        run(history, "funnel/stages", Filters(), {"days": 3})


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "1e9", "x", ""])
def test_a_number_out_of_range_is_refused(history: History, value: str) -> None:
    with pytest.raises(MetricError):
        run(history, "funnel/stages", Filters(), {"mql_days": value})


@pytest.mark.parametrize(
    ("name", "parameter", "listed"),
    [
        ("leads/behind", "outcome", "advanced, rejected, recycled, lost, open_in_window, open_past_window, left, mature or converted"),
        ("leads/behind", "stage", "mql, sal, sql, opportunity or won"),
        ("leads/everyone", "stands_at", "inquiry, mql, sal, sql, opportunity, won, rejected, recycled, disqualified or lost"),
        ("funnel/cohorts", "grain", "week or month"),
        ("funnel/flow", "grain", "week or month"),
        ("funnel/inquiries", "grain", "week or month"),
        ("funnel/incidence", "stage", "mql, sal, sql or opportunity"),
    ],
)
def test_a_choice_that_there_is_not_is_refused_naming_those_there_are(history: History, name: str, parameter: str, listed: str) -> None:
    with pytest.raises(MetricError) as refusal:
        run(history, name, Filters(), {parameter: "foo"})
    assert str(refusal.value) == f"--param {parameter}: 'foo' is none of its values; choose {listed}"


def test_a_choice_without_a_default_may_be_left_empty(history: History) -> None:
    every = run(history, "leads/behind", Filters(), {}).height
    assert run(history, "leads/behind", Filters(), {"outcome": ""}).height == every > 0


@pytest.mark.parametrize("told", ["$a choice = b (c)", "$a choice(b) (c)", "$a choice(b|c) = d (e)", "$a text(b|c) (d)"])
def test_choices_that_cannot_be_read_are_refused(told: str) -> None:
    with pytest.raises(MetricError, match=r"queries/x/y\.sql"):
        read_header("x/y", f"-- T: m.\n-- grain: g\n-- unit: u\n-- params: {told}\nselect 1")


@pytest.mark.parametrize(
    "text",
    ["select 1", "-- T: m.\n-- grain: g\n-- unit: u\nselect 1", "-- T: m.\n-- grain: g\n-- unit: u\n-- params: $a ? b\nselect 1"],
    ids=["none", "three", "params"],
)
def test_a_header_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(MetricError, match=r"queries/x/y\.sql"):
        read_header("x/y", text)


@pytest.mark.parametrize("many", range(1, 6))
def test_attributes_add_up_however_many(history: History, many: int) -> None:
    names = ("source", "region", "industry", "role", "seniority")[:many]
    wanted = {name: tuple(history.query(MOST_FREQUENT, {"name": name})["label"]) for name in names}
    known = history.query(
        "select v.episode_no, f.name, o.label from episode_values v join fields f using (field_no) join field_values o using (value_no)"
    )
    chosen = set.intersection(
        *(set(known.filter(pl.col("name") == name, pl.col("label").is_in(values))["episode_no"]) for name, values in wanted.items())
    )
    entered = run(history, "funnel/stages", Filters(segments=wanted, episodes="all"))["entered"][0]
    assert entered == len(chosen) > 0


MOST_FREQUENT = "select label from field_values where field_no = (select field_no from fields where name = $name) order by n desc limit 4"
