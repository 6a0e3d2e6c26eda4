"""One lead's story under a draft, and the looks of the Leads screen that a definition makes, in a real browser on the shipped sample."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest

from plumbline.definition import parse
from plumbline.history.connection import History
from plumbline.replay import facts, run
from plumbline.replay.kernel import NEVER
from plumbline.ui.lab.desk import packed
from tests.browser_support import expect, needs_browser, opened_page, wait_until_still

pytestmark = needs_browser
DRAFT = """
name: Ours
fit: [{field: employees, at_least: 100}]
score:
  threshold: 30
  half_life_days: 30
  points:
    - {field: seniority, one_of: [vp, c_level, director], points: 15}
    - {activity: demo_request, points: 30}
    - {activity: pricing_page, points: 10, cap: 30}
"""


@pytest.fixture(scope="module")
def decided(sample_file: Path) -> tuple[str, str]:
    """(a lead that qualifies by the draft, one that never does)."""
    opened = History(sample_file)
    found = facts.load(opened)
    at = run.replay(parse(DRAFT), found).qualified_at
    acts = np.diff(found.events.offsets)
    ids = found.lead_ids()
    told = ids[int(np.argmax(np.where(at != NEVER, acts, -1)))], ids[int(np.argmax(np.where(at == NEVER, acts, -1)))]
    opened.close()
    return told


def address(path: str) -> str:
    return f"{path}&draft={quote(packed(parse(DRAFT)))}"


def clean(seen) -> None:
    assert seen.off_host == []
    assert [error for error in seen.errors if "404" not in error] == []


def first_headline(page) -> str:
    page.locator(".pl-headline").first.wait_for(timeout=30_000)
    wait_until_still(page)
    return page.locator(".pl-headline").first.inner_text()


def test_a_story_under_a_draft_says_why_and_when(app: str, browser: object, decided: tuple[str, str]) -> None:
    with opened_page(app + address(f"/leads?lead={decided[0]}"), browser=browser) as (page, seen):
        first_headline(page)
        told = page.locator(".pl-text").first.inner_text()
        assert told.startswith("Qualified on ")
        assert "points against 30" in told
        expect(page.locator(".js-plotly-plot")).to_have_count(2)
        expect(page.locator(".js-plotly-plot").first).to_contain_text("Qualified")
        expect(page.locator(".pl-sub", has_text="Each rule")).to_have_count(1)
        assert "qualified on" in page.locator(".js-plotly-plot").first.locator("xpath=ancestor::*[@aria-label][1]").get_attribute("aria-label")
        page.get_by_text("Open this definition in the lab").click()
        page.wait_for_url("**/definition?**")
        assert "draft" in parse_qs(urlsplit(page.url).query)
        clean(seen)


def test_a_story_of_a_lead_that_never_qualified_says_what_is_missing(app: str, browser: object, decided: tuple[str, str]) -> None:
    with opened_page(app + address(f"/leads?lead={decided[1]}"), browser=browser, scheme="dark", size=(900, 900)) as (page, seen):
        first_headline(page)
        told = page.locator(".pl-text").first.inner_text()
        assert told.startswith("Never qualified.")
        assert "short" in told or "not yet" in told
        clean(seen)


def test_a_story_without_a_draft_offers_definitions(app: str, browser: object, decided: tuple[str, str]) -> None:
    with opened_page(f"{app}/leads?lead={decided[0]}", browser=browser) as (page, seen):
        first_headline(page)
        expect(page.locator(".js-plotly-plot")).to_have_count(1)
        page.get_by_text("Judge it by a definition").click()
        page.get_by_text("Judged by", exact=True).wait_for(timeout=20_000)
        wait_until_still(page)
        page.get_by_role("combobox", name="Judged by", exact=True).click()
        page.keyboard.type("Score only")
        page.get_by_role("option", name="Score only").click()
        page.locator(".pl-sub", has_text="Each rule").wait_for(timeout=20_000)
        wait_until_still(page)
        expect(page.locator(".js-plotly-plot")).to_have_count(2)
        assert "draft" in parse_qs(urlsplit(page.url).query)
        clean(seen)


def test_the_four_fields_add_up_and_open_their_leads(app: str, browser: object) -> None:
    with opened_page(app + address("/leads?view=Fit+and+interest"), browser=browser) as (page, seen):
        everyone = first_headline(page).split(" of ")[1].split(" ")[0].replace(",", "")
        labels = [page.locator(f".st-key-see_{name} button").inner_text() for name in ("hot", "nurture", "ask", "leave")]
        counts = [int(label.split(" ")[1].replace(",", "")) for label in labels]
        assert sum(counts) == int(everyone)
        expect(page.locator(".st-key-field_hot .pl-text")).to_have_text(re.compile("^Call today"))
        page.locator(".st-key-see_ask button").click()
        page.locator(".pl-sub", has_text="the latest sign first").wait_for(timeout=20_000)
        wait_until_still(page)
        expect(page.locator(".pl-sub", has_text="the latest sign first")).to_have_text(re.compile("^" + re.escape(f"{counts[2]:,} lead")))
        page.get_by_test_id("stDataFrame").first.scroll_into_view_if_needed()
        grid = page.get_by_test_id("stDataFrame").first.bounding_box()
        page.mouse.click(grid["x"] + 18, grid["y"] + 52)
        page.wait_for_url("**lead=L**", timeout=15_000, wait_until="commit")
        page.get_by_text("Would it have qualified?").wait_for()
        wait_until_still(page)
        assert "draft" in parse_qs(urlsplit(page.url).query)
        page.get_by_text("Back to the list").click()
        page.get_by_text("fit and show interest now").wait_for(timeout=20_000)
        clean(seen)


def test_hot_and_prequalified_leads_come_with_their_reasons(app: str, browser: object) -> None:
    with opened_page(app + address("/leads?view=Hot+leads"), browser=browser) as (page, seen):
        assert "wait for a call" in first_headline(page)
        with page.expect_download() as download:
            page.get_by_text("Download all as CSV").click()
        lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
        assert "why" in lines[0].split(",")
        assert len(lines) == int(first_headline(page).split(" ")[0]) + 1
        page.get_by_role("radio", name="Prequalified").or_(page.get_by_text("Prequalified", exact=True)).first.click()
        page.get_by_text("met the bar for sales-qualified").wait_for(timeout=20_000)
        wait_until_still(page)
        expect(page.get_by_test_id("stDataFrame")).to_have_count(1)
        clean(seen)
