"""One lead's life: what is a day without a time of day is drawn and told as a day, in the chart and in the story."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from plumbline import charts
from plumbline.charts.timeline import placed
from tests.importing_support import build_file, write_table
from tests.sentences import reading, views

ROOT = Path(__file__).resolve().parents[1]
TOKYO = "Asia/Tokyo"  # its days begin at 15:00 UTC


def life(*rows: tuple[str, str, str, bool]) -> pl.DataFrame:
    """(at in UTC, lane, name, is_day) of each event."""
    told = [(datetime.fromisoformat(at), lane, name, None, is_day) for at, lane, name, is_day in rows]
    schema = {"at": pl.Datetime("us"), "lane": pl.String, "name": pl.String, "detail": pl.String, "is_day": pl.Boolean}
    return pl.DataFrame(told, schema=schema, orient="row")


def words(figure: object) -> str:
    """All that the chart says: hovers, annotations, ticks, what a click gives."""
    return json.dumps(json.loads(figure.to_json()), ensure_ascii=False)


def test_a_day_is_drawn_at_its_noon_and_told_as_a_day() -> None:
    rows = life(("2026-08-03", "stage", "mql", True), ("2026-08-05", "stage", "sal", True), ("2026-08-04", "touch", "call", True))
    figure = charts.lead_timeline(rows, until=datetime(2026, 8, 5, 23, 59))
    said = words(figure)
    assert "00:00<" not in said
    assert ", 00:00" not in said
    assert "3 Aug 2026, the time of day is not known" in said
    assert "MQL</b> for 2 days" in said
    call = next(trace for trace in figure.data if trace.type == "scatter" and trace.customdata[0][1] == "call")
    assert call.x[0] == datetime(2026, 8, 4, 12)
    assert list(call.customdata[0]) == ["touch", "call", "2026-08-04"]


def test_a_day_is_the_day_of_the_organisation() -> None:
    rows = life(("2026-08-02T15:00", "stage", "mql", True), ("2026-08-03T01:30", "touch", "email", False))
    assert placed(rows, TOKYO)["x"].to_list() == [datetime(2026, 8, 3, 10, 30), datetime(2026, 8, 3, 12)]
    assert "3 Aug 2026, the time of day is not known" in words(charts.lead_timeline(rows, zone=TOKYO))
    assert charts.lead_timeline_alt(rows, TOKYO).startswith("The life of one lead: MQL on 3 Aug 2026")


def test_a_day_stands_behind_the_lower_stages_of_that_day() -> None:
    rows = life(("2026-08-03", "stage", "rejected", True), ("2026-08-03", "stage", "sal", True), ("2026-08-03T17:00", "stage", "mql", False))
    assert placed(rows, "UTC")["name"].to_list() == ["mql", "sal", "rejected"]
    assert charts.lead_timeline_alt(rows).startswith("The life of one lead: MQL on 3 Aug 2026, SAL on 3 Aug 2026 and ")


def test_a_span_that_ends_on_its_day_says_so() -> None:
    rows = life(("2026-08-03", "stage", "mql", True), ("2026-08-03", "stage", "sal", True))
    assert "MQL</b> on that day" in words(charts.lead_timeline(rows, until=datetime(2026, 8, 3, 23)))


def test_times_are_drawn_on_the_clock_of_the_zone() -> None:
    rows = life(("2026-08-03T01:30", "touch", "call", False))
    figure = charts.lead_timeline(rows, zone=TOKYO, until=datetime(2026, 8, 3, 2))
    assert figure.data[0].x[0] == datetime(2026, 8, 3, 10, 30)
    assert "3 Aug 2026, 10:30 JST" in words(figure)


def test_hours_are_on_the_axis_only_where_all_have_a_time() -> None:
    for is_day in (False, True):
        at = datetime(2026, 8, 3)
        rows = life((str(at), "touch", "call", is_day), (str(at + timedelta(hours=5)), "touch", "email", False))
        ticks = charts.lead_timeline(rows).layout.xaxis.ticktext
        assert any(":" in tick for tick in ticks) == (not is_day)


@pytest.mark.parametrize("zone", ["UTC", TOKYO])
def test_the_story_of_a_dated_lead_says_no_hour(zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "tables"
    write_table(folder, "leads", "lead_id,created_at\nL1,2026-03-01")
    write_table(folder, "stage_changes", "lead_id,stage,occurred_at\nL1,mql,2026-03-02\nL1,sal,2026-03-04\nL1,rejected,2026-03-09")
    write_table(folder, "touches", "lead_id,channel,occurred_at\nL1,call,2026-03-03")
    write_table(folder, "deals", "deal_id,lead_id,amount,created_at\nD1,L1,100,2026-03-05")
    build_file(folder, tmp_path / "h.duckdb", time_zone=zone, data_through="2026-03-31")
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(tmp_path / "h.duckdb"))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.switch_page(views.PAGES["leads"])
    page.query_params["lead"] = "L1"
    page.run()
    assert not page.exception
    told = [one.text for one in reading.of_page(page)[0] if one.kind not in ("frame", "control")]
    assert any("MQL on 2 Mar 2026" in one for one in told)
    assert [one for one in told if "00:00" in one or "15:00" in one] == []
