"""Sources and cost in a real browser, on the shipped sample: what it says, the leads behind every number, and what is said where costs cannot be."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.browser.test_explore import clean, headline, open_screen, query
from tests.browser_support import click_mark, expect, needs_browser, running_app, wait_until_still
from tests.importing_support import build_file

pytestmark = needs_browser
SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "history"


def cell(page, source: str, stage: str):
    """The link of a count in the ladder, with its number."""
    found = page.locator(f'.pl-ladder a[aria-label$=" {stage} of {source}"]').first
    return found, found.inner_text()


def test_the_headline_says_what_an_sql_costs(app: str, browser: object) -> None:
    with open_screen(app, browser, "/sources?period=All+time") as (page, seen):
        told = headline(page)
        assert told.startswith("An SQL cost $") and "times the" in told
        expect(page.locator(".pl-strip")).to_contain_text("Cost per SQL")
        expect(page.get_by_text("are open and not old enough for an SQL").first).to_be_visible()
        clean(seen)


@pytest.mark.parametrize(
    ("stage", "says"), [("Leads", "created in this period"), ("MQL", "entered MQL"), ("SQL", "entered SQL"), ("Won", "entered Won")]
)
def test_every_count_opens_exactly_its_leads(app: str, browser: object, stage: str, says: str) -> None:
    with open_screen(app, browser, "/sources") as (page, seen):
        headline(page)
        link, number = cell(page, "webinar", stage)
        link.click()
        page.wait_for_url("**/leads?**")
        assert headline(page) == f"{number} leads {'were ' if stage == 'Leads' else ''}{says}"
        clean(seen)


def test_a_source_shows_its_campaigns_and_they_add_up(app: str, browser: object) -> None:
    with open_screen(app, browser, "/sources?period=All+time") as (page, seen):
        headline(page)
        _, whole = cell(page, "webinar", "MQL")
        page.locator(".pl-ladder tbody th a", has_text="webinar").first.click()
        page.get_by_text("Campaigns of source webinar").first.wait_for(timeout=30_000)
        wait_until_still(page)
        links = page.locator(".pl-ladder").nth(1).locator('a[aria-label*=" MQL of "]').all_inner_texts()
        assert sum(int(n.replace(",", "")) for n in links) == int(whole.replace(",", ""))
        page.locator(".pl-ladder").nth(1).locator('a[aria-label*=" SQL of "]').first.click()
        page.wait_for_url("**/leads?**")
        assert query(page)["source"] == ["webinar"] and "campaign" in query(page)
        clean(seen)


def test_a_click_on_a_dot_lists_its_leads(app: str, browser: object) -> None:
    with open_screen(app, browser, "/sources?period=All+time&dots=Campaigns") as (page, seen):
        headline(page)
        chart = page.locator(".js-plotly-plot").first
        told = click_mark(page, chart, chart.locator(".point").first)
        n = re.search(r"([\d,]+) leads handed over", told)[1]
        expect(page.locator(".pl-sub", has_text="entered MQL").first).to_contain_text(f"{n} leads", timeout=30_000)
        clean(seen)


def test_only_mature_cohorts_leave_nobody_in_window(app: str, browser: object) -> None:
    with open_screen(app, browser, "/sources") as (page, seen):
        headline(page)
        page.get_by_role("link", name="Only leads old enough to tell").click()
        expect(page.get_by_text("Mature cohorts only").first).to_be_visible(timeout=30_000)
        wait_until_still(page)
        assert query(page)["mature"] == ["true"]
        assert page.get_by_text("still in window and may yet").count() == 0
        clean(seen)


def test_a_filter_that_spend_does_not_know_leaves_the_costs_out_and_says_so(app: str, browser: object) -> None:
    with open_screen(app, browser, "/sources?period=All+time&region=Europe") as (page, seen):
        assert "handed over the most leads" in headline(page)
        expect(page.get_by_text("not by region: costs are left out").first).to_be_visible()
        assert page.locator(".pl-ladder thead").first.inner_text().find("Spend") < 0
        page.get_by_role("link", name="Show all with their costs").click()
        expect(page.locator(".pl-headline").first).to_contain_text("An SQL cost", timeout=30_000)
        clean(seen)


def test_a_period_without_anything_says_so(app: str, browser: object) -> None:
    with open_screen(app, browser, "/sources?period=Chosen+days&from=2020-01-01&to=2020-02-01") as (page, seen):
        assert headline(page) == "No lead came in in this period"
        expect(page.locator(".pl-empty")).to_contain_text("Without the period")
        clean(seen)


@pytest.mark.parametrize(("scheme", "width"), [("dark", 900), ("light", 900), ("light", 1440)])
def test_nothing_is_cut_off(app: str, browser: object, scheme: str, width: int) -> None:
    with open_screen(app, browser, "/sources?period=All+time&of=webinar", scheme=scheme, size=(width, 900)) as (page, seen):
        headline(page)
        page.get_by_text("Campaigns of source webinar").first.wait_for(timeout=30_000)
        wait_until_still(page)
        for place in page.locator(".pl-ladder").all():
            assert place.evaluate("box => box.scrollWidth <= box.clientWidth + 1")
        clean(seen)


def test_without_spend_volumes_and_quality_are_shown_and_what_to_import(tmp_path: Path, browser: object) -> None:
    folder = tmp_path / "in"
    shutil.copytree(SAMPLE, folder)
    (folder / "spend.csv").unlink()
    build_file(folder, tmp_path / "h.duckdb")
    with running_app(tmp_path / "h.duckdb") as running, open_screen(running.url.rstrip("/"), browser, "/sources?period=All+time") as (page, seen):
        assert "organic_search handed over the most leads" in headline(page)
        expect(page.get_by_text("No spend is on record").first).to_be_visible()
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        expect(page.locator(".pl-strip")).to_contain_text("Leads created")
        page.get_by_role("link", name="Bring in a table of spend").click()
        page.wait_for_url("**/import**")
        clean(seen)
