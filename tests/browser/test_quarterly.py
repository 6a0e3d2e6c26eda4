"""The Quarterly review in a real browser: a quarter with a version in force, the leads behind a cell, a review begun and closed with its minutes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from plumbline.history.connection import History
from tests.browser.test_explore import clean, headline, open_screen, query
from tests.browser_support import click_mark, expect, needs_browser, running_app, wait_until_still
from tests.quarterly_support import whole

pytestmark = needs_browser


@pytest.fixture(scope="module")
def reviewed(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on the shipped sample, with two signed versions and two drafts in its store."""
    home = tmp_path_factory.mktemp("home")
    before = os.environ.get("PLUMBLINE_HOME")
    os.environ["PLUMBLINE_HOME"] = str(home)
    try:
        whole(History(sample_file))
    finally:
        os.environ.pop("PLUMBLINE_HOME") if before is None else os.environ.update(PLUMBLINE_HOME=before)
    with running_app(sample_file, environment={"PLUMBLINE_HOME": str(home)}) as running:
        yield running.url.rstrip("/")


def test_a_quarter_opens_and_a_cell_shows_its_leads(reviewed: str, browser: object) -> None:
    with open_screen(reviewed, browser, "/quarterly?quarter=2026-Q3") as (page, seen):
        assert headline(page).startswith("In Q3 2026, 2 of 11 promises were kept in nearly every week")
        expect(page.locator(".pl-review")).to_have_count(11)
        chart = page.locator(".js-plotly-plot").first
        click_mark(page, chart, chart.locator(".textpoint, .point").nth(40))
        expect(page.get_by_text("A click on a lead opens its story", exact=False).first).to_be_visible(timeout=30_000)
        assert "." in query(page)["behind_week"][0]
        page.get_by_role("button", name="Close", exact=True).first.click()
        wait_until_still(page)
        assert "behind_week" not in query(page)
        clean(seen)


def test_another_version_and_another_quarter_stay_in_the_address(reviewed: str, browser: object) -> None:
    with open_screen(reviewed, browser, "/quarterly") as (page, seen):
        assert "over under version 2: too early to say" in headline(page)
        page.get_by_text("Version 1", exact=True).click()
        expect(page.get_by_text("in force from 6 Jul 2026 to 18 Oct 2026", exact=False).first).to_be_visible(timeout=30_000)
        wait_until_still(page)
        assert query(page)["version"] == ["Version 1"]
        clean(seen)


def test_a_review_is_closed_with_minutes_that_can_be_taken_along(reviewed: str, browser: object, tmp_path: Path) -> None:
    with open_screen(reviewed, browser, "/quarterly?quarter=2026-Q3") as (page, seen):
        headline(page)
        page.get_by_label("Your name").fill("Ann Marsh")
        page.get_by_role("button", name="This is me").click()
        page.get_by_role("button", name="Begin the review of Q3 2026").click()
        box = page.get_by_label("Decisions, in your own words")
        box.fill("First touch within an hour.")
        box.blur()
        wait_until_still(page)
        page.get_by_role("button", name="Close the review and write its minutes").click()
        expect(page.get_by_text("The review of Q3 2026 was closed by Ann Marsh", exact=False).first).to_be_visible(timeout=30_000)
        with page.expect_download() as taken:
            page.get_by_role("button", name="Minutes (HTML)").click()
        file = tmp_path / "minutes.html"
        taken.value.save_as(file)
        html = file.read_text(encoding="utf-8")
        assert "First touch within an hour." in html and "<script" not in html
        clean(seen)
