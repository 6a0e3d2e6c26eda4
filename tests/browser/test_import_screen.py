"""The Import screen in a real browser: hostile names and headers stay text, files become a history, and there is a way back."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from plumbline.history.snapshots import listed
from tests.browser_support import expect, needs_browser, opened_page, running_app, wait_until_still

pytestmark = needs_browser

EVIL = "http://evil.example"
HOSTILE_NAME = "![x](http:__evil.example_y) [a](http:evil.example) :red[z].csv"
HOSTILE = f"lead_id,created_at,![h]({EVIL}/h),<img src={EVIL}/i>\n1,2026-01-01T09:00:00Z,![c]({EVIL}/c),<script>fetch('{EVIL}')</script>\n"
LEADS = f"lead_id,created_at,source\nA,2026-01-01T09:00:00Z,web\nB,![t]({EVIL}/t),web\nC,2026-01-03T10:00:00Z,![x]({EVIL}/y)\n"
STAGES = f"lead_id,stage,occurred_at\nA,mql,2026-01-02T10:00:00Z\nC,mql,2026-01-03T11:00:00Z\nC,![s]({EVIL}/s),2026-01-05T09:00:00Z\n"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "h.duckdb"


def upload(page, *files: tuple[str, str]) -> None:
    page.locator("input[type=file]").set_input_files([{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in files])
    page.get_by_text("First rows of").wait_for()
    wait_until_still(page)


def click(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def clean(seen) -> None:
    """Nothing left the host and nothing broke; Streamlit asks for its health below a deep link first, which is a harmless 404."""
    assert seen.off_host == []
    assert [error for error in seen.errors if "404" not in error and "does not seem to exist" not in error] == []


def no_markup(page) -> None:
    expect(page.locator("[data-testid=stMain] a[href*=evil], [data-testid=stMain] img[src*=evil], script[src*=evil]")).to_have_count(0)


def test_files_become_a_history_and_back(browser: object, history: Path) -> None:
    with running_app(history) as app, opened_page(app.url, browser=browser) as (page, seen):
        page.locator(".pl-empty, .pl-headline").first.wait_for()
        page.goto(f"{app.url}/import")
        page.get_by_text("There is no history here yet").wait_for()
        upload(page, ("leads.csv", LEADS), ("stage_changes.csv", STAGES), (HOSTILE_NAME, HOSTILE))
        no_markup(page)
        click(page, "Check every row")
        page.get_by_text("rows can be kept").wait_for()
        expect(page.locator(".pl-sub", has_text="Check")).to_contain_text("6 rows can be kept")
        assert not history.exists()
        page.get_by_text("Each of these rows").click()
        no_markup(page)
        click(page, "Import")
        page.get_by_text("What changed").wait_for()
        wait_until_still(page)
        expect(page.locator(".pl-headline")).to_contain_text("The history holds 2 leads")
        no_markup(page)

        click(page, "Import other files")
        page.get_by_text("Choose files").wait_for()
        upload(page, ("leads.csv", LEADS + "D,2026-01-04T10:00:00Z,web\n"), ("stage_changes.csv", STAGES))
        click(page, "Check every row")
        page.get_by_text("rows can be kept").wait_for()
        click(page, "Import")
        page.get_by_text("(before: 2)").wait_for()
        wait_until_still(page)
        assert [row["is_published"] for row in listed(history)] == [True, False]

        page.get_by_test_id("stDataFrame").last.locator("canvas").first.click(position={"x": 18, "y": 88}, force=True)
        click(page, "Go back to this one")
        click(page, "Yes, go back")
        page.get_by_text("Went back").wait_for()
        wait_until_still(page)
        expect(page.locator(".pl-headline")).to_contain_text("The history holds 2 leads")
        assert [row["is_published"] for row in listed(history)] == [False, True]
        clean(seen)


def test_a_mapping_shows_hostile_headers_as_text(browser: object, history: Path) -> None:
    with running_app(history) as app, opened_page(app.url, browser=browser, scheme="dark", size=(900, 1000)) as (page, seen):
        page.locator(".pl-empty, .pl-headline").first.wait_for()
        page.goto(f"{app.url}/import")
        page.get_by_text("Other CSV or Parquet, with a mapping").click()
        page.get_by_text("a mapping in YAML").wait_for()
        wait_until_still(page)
        upload(page, (HOSTILE_NAME, HOSTILE))
        page.get_by_text("One row of this file is").wait_for()
        wait_until_still(page)
        box = page.get_by_test_id("stSelectbox").filter(has=page.get_by_text("Source", exact=True))
        box.scroll_into_view_if_needed()
        page.wait_for_timeout(800)  # an open list closes when the page scrolls
        box.get_by_role("button").click()
        page.get_by_role("option").first.wait_for()
        options = page.get_by_role("option").all_inner_texts()
        assert f"![h]({EVIL}/h)" in options
        assert f"<img src={EVIL}/i>" in options
        page.get_by_role("option").filter(has_text="![h]").click()
        wait_until_still(page)
        no_markup(page)
        click(page, "Check every row")
        page.get_by_text("can be kept").wait_for()
        no_markup(page)
        clean(seen)


def test_a_parquet_file_comes_in_by_a_mapping(browser: object, history: Path) -> None:
    rows = pl.DataFrame(
        {
            "Lead ID": [101, 102, 103],
            "Created On": [datetime(2026, 1, day, 9, tzinfo=UTC) for day in (1, 2, 3)],
            "Source": ["web", "fair", None],
        }
    )
    rows.write_parquet(file := BytesIO())
    with running_app(history) as app, opened_page(app.url, browser=browser) as (page, seen):
        page.locator(".pl-empty, .pl-headline").first.wait_for()
        page.goto(f"{app.url}/import")
        page.get_by_text("Other CSV or Parquet, with a mapping").click()
        page.get_by_text("a mapping in YAML").wait_for()
        wait_until_still(page)
        page.locator("input[type=file]").set_input_files(
            [{"name": "leads.parquet", "mimeType": "application/octet-stream", "buffer": file.getvalue()}]
        )
        page.get_by_text("First rows of").wait_for()
        page.get_by_text("One row of this file is").wait_for()
        wait_until_still(page)
        click(page, "Check every row")
        page.get_by_text("can be kept").wait_for()
        expect(page.locator("[data-testid=stMain]")).to_contain_text("All 3 rows can be kept")
        clean(seen)
