"""All leads by the values of today: the filters of leads/everyone against the leads themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from plumbline.filters import MISSING, Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from tests.importing_support import build_history, write_table

EVERY = {"most": 1_000_000}


@pytest.fixture(scope="module")
def history(sample_file: Path) -> Iterator[History]:
    opened = History(sample_file)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ({}, "true"),
        ({"source": ("Webinar",)}, "source = 'webinar'"),
        ({"source": ("webinar", "partner"), "region": ("Europe",)}, "source in ('webinar', 'partner') and region = 'Europe'"),
        ({"source": (MISSING,)}, "source is null"),
        ({"seniority": (MISSING, "c_level"), "source": ("webinar",)}, "(seniority is null or seniority = 'c_level') and source = 'webinar'"),
        ({"rep": ("R001",)}, "rep_id = 'R001'"),
        ({"team": (MISSING,)}, "team is null"),
        ({"source": ("no such source",)}, "false"),
    ],
)
def test_filters_ask_for_the_value_of_today(history: History, segments: dict[str, tuple[str, ...]], expected: str) -> None:
    found = run(history, "leads/everyone", Filters(segments=segments), EVERY)
    wanted = history.query(f"select lead_id from leads where {expected}", {})
    assert sorted(found["lead_id"]) == sorted(wanted["lead_id"])
    if found.height:
        assert found["total"].unique().to_list() == [found.height]


def test_values_are_compared_as_everywhere_and_leads_that_were_never_handed_over_count(tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", "lead_id,created_at,shop\nA,2026-01-01T09:00:00Z,CAFÉ\nB,2026-01-02T09:00:00Z,café\nC,2026-01-03T09:00Z,")
    opened = build_history(tmp_path / "in", tmp_path / "h.duckdb")
    try:
        assert sorted(run(opened, "leads/everyone", Filters(segments={"shop": ("Café",)}), EVERY)["lead_id"]) == ["A", "B"]
        assert run(opened, "leads/everyone", Filters(segments={"shop": (MISSING,)}), EVERY)["lead_id"].to_list() == ["C"]
    finally:
        opened.close()


def test_a_history_without_attributes_lists_its_leads(tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", "lead_id,created_at\nA,2026-01-01T09:00:00Z")
    opened = build_history(tmp_path / "in", tmp_path / "h.duckdb")
    try:
        assert isinstance(rows := run(opened, "leads/everyone", Filters()), pl.DataFrame)
        assert rows["lead_id"].to_list() == ["A"]
    finally:
        opened.close()
