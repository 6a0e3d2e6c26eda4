"""A history that is one plain file: whatever takes its place is served from the next run on, never the old rows from memory."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plumbline.history.connection import History
from plumbline.history.snapshots import published
from tests.cli_support import plumbline

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place, found = tmp_path_factory.mktemp("two"), {}
    for name, leads in (("large", 12), ("small", 7)):
        folder = place / name
        folder.mkdir()
        rows = [f"L{number},2026-01-0{number % 9 + 1}" for number in range(leads)]
        (folder / "leads.csv").write_text("lead_id,created_at\n" + "\n".join(rows), encoding="utf-8")
        (folder / "stage_changes.csv").write_text("lead_id,stage,occurred_at\n" + "\n".join(f"{row.split(',')[0]},mql,2026-01-20" for row in rows))
        assert plumbline("import", "canonical", folder, "--history", place / f"{name}.duckdb").status == 0
        found[name] = published(place / f"{name}.duckdb")
    return found


@pytest.fixture
def history(two: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(two["large"], tmp_path / "h.duckdb")
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(tmp_path / "h.duckdb"))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "h.duckdb"


def leads_said(at: AppTest) -> str:
    at.run()
    assert not at.exception
    return "\n".join(str(element.value) for element in at.html)


def opened() -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    at.query_params["period"] = "All time"
    return at.switch_page("pages/explore/leads.py")


@pytest.mark.parametrize("how", ["moved there", "written over", "written over, with the times of the old"])
def test_the_new_file_is_served_from_the_next_run_on(history: Path, two: dict[str, Path], how: str) -> None:
    at = opened()
    assert "12 leads" in leads_said(at)
    times = history.stat()
    if how == "moved there":
        shutil.copy(two["small"], history.with_name("n.duckdb"))
        os.replace(history.with_name("n.duckdb"), history)
    else:
        history.write_bytes(two["small"].read_bytes())
        if "times" in how:
            os.utime(history, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert "7 leads" in leads_said(at)
    shutil.copy(two["large"], history.with_name("n.duckdb"))
    os.replace(history.with_name("n.duckdb"), history)
    assert "12 leads" in leads_said(at)  # and back: what was kept of the first is no answer for a file in between


@pytest.mark.parametrize("how", ["cut", "gone", "a flipped bit"])
def test_a_file_that_is_damaged_under_way_is_said(history: Path, how: str) -> None:
    at = opened()
    assert "12 leads" in leads_said(at)
    if how == "cut":
        os.truncate(history, history.stat().st_size // 2)
    elif how == "gone":
        history.unlink()
    else:
        content = bytearray(history.read_bytes())
        content[20] ^= 1
        history.write_bytes(content)
    assert "12 leads" not in leads_said(at)


def test_two_files_that_claim_one_snapshot_have_two_contents(history: Path, two: dict[str, Path], tmp_path: Path) -> None:
    shutil.copy(history, tmp_path / "copy.duckdb")
    first, second = History(history), History(tmp_path / "copy.duckdb")
    assert first.about.snapshot == second.about.snapshot and first.content != second.content
    assert History(two["large"]).content == History(two["large"]).content
