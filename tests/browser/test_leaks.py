"""The Leaks screen in a real browser, on the shipped sample: from a leak to its leads, one lead's story, and back."""

from __future__ import annotations

import re

import pytest

from tests.browser.test_explore import clean, headline, open_screen, query
from tests.browser_support import click_mark, expect, needs_browser, wait_until_still

pytestmark = needs_browser
HALF_A_YEAR = "/leaks?period=Last+26+weeks"


def test_cold_deep_link_tells_the_costliest_leak(app: str, browser: object) -> None:
    with open_screen(app, browser, HALF_A_YEAR) as (page, seen):
        assert "The costliest leak is Region Asia Pacific" in headline(page)
        rows = page.locator(".pl-leak")
        assert rows.count() == 4
        expect(rows.nth(0)).to_contain_text("since the week of 1 Jun 2026")
        expect(rows.nth(0)).to_contain_text("follow-up")
        clean(seen)


def test_from_a_leak_to_one_leads_story_and_back(app: str, browser: object) -> None:
    with open_screen(app, browser, f"{HALF_A_YEAR}&source=partner&source=webinar") as (page, seen):
        headline(page)
        page.locator(".pl-leak").filter(has_text="missed the meeting").get_by_role("link").click()
        page.get_by_text("How they leak", exact=True).wait_for()
        wait_until_still(page)
        expect(page.get_by_text("No mark is more common among the leads that leaked")).to_be_visible()
        told = query(page)
        assert told["source"] == ["partner", "webinar"] and told["leak"][0].startswith("sal->sql|")
        expect(page.locator(".pl-sub").filter(has_text="that leaked here")).to_be_visible()
        table = page.get_by_test_id("stDataFrame").last
        table.scroll_into_view_if_needed()
        box = table.bounding_box()
        page.mouse.move(box["x"] + 100, box["y"] + 40)
        page.mouse.click(box["x"] + 120, box["y"] + 53)
        back_to_leaks = page.get_by_role("link", name="Back to Leaks").first
        back_to_leaks.wait_for()
        wait_until_still(page)
        assert query(page)["lead"]
        back_to_leaks.click()
        page.get_by_text("How they leak", exact=True).wait_for()
        wait_until_still(page)
        back = query(page)
        assert back["leak"] == told["leak"] and back["source"] == told["source"] and back["period"] == told["period"]
        page.get_by_role("button", name="Close").click()
        page.get_by_text("How they leak", exact=True).wait_for(state="hidden")
        clean(seen)


def test_a_part_of_the_picture_opens_its_leads(app: str, browser: object) -> None:
    with open_screen(app, browser, HALF_A_YEAR) as (page, seen):
        headline(page)
        chart = page.locator(".st-key-flow .js-plotly-plot").first
        told = click_mark(page, chart, chart.locator(".barlayer .point path").nth(2))
        assert "sent back" in told
        page.locator(".pl-sub").filter(has_text="sent back").wait_for()
        expect(page.locator(".pl-sub").filter(has_text="MQL → SAL")).to_be_visible()
        assert query(page)["part"] == ["mql->sal|rejected"]
        table = page.locator(".st-key-one-part").get_by_test_id("stDataFrame").first
        table.scroll_into_view_if_needed()
        box = table.bounding_box()
        page.mouse.move(box["x"] + 100, box["y"] + 40)
        page.mouse.click(box["x"] + 120, box["y"] + 53)
        back = page.get_by_role("link", name="Back to Leaks").first
        back.wait_for()
        wait_until_still(page)
        back.click()
        page.locator(".pl-sub").filter(has_text="sent back").wait_for()  # the list is there again
        page.locator(".st-key-one-part").get_by_role("button", name="Close").click()
        page.locator(".pl-sub").filter(has_text="sent back").wait_for(state="hidden")
        assert "part" not in query(page)
        clean(seen)


def test_a_leak_that_is_none_with_these_filters_is_said(app: str, browser: object) -> None:
    with open_screen(app, browser, "/leaks?period=Last+4+weeks&leak=sal->sql|source=partner&part=nothing|of+ours") as (page, seen):
        headline(page)
        expect(page.get_by_text("The leak of this link is none in this period")).to_be_visible()
        clean(seen)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/leaks?period=Chosen+days&from=2025-10-01&to=2025-12-31", "No leak beyond chance"),
        ("/leaks?period=Chosen+days&from=2020-01-01&to=2020-02-01", "No lead was handed over"),
        ("/leaks?period=Chosen+days&from=2026-11-10&to=2026-11-14", "Too few leads are old enough"),
        ("/leaks?period=All+time", "The costliest leak is"),
    ],
)
def test_what_is_said_where_there_is_no_leak(app: str, browser: object, path: str, told: str) -> None:
    with open_screen(app, browser, path) as (page, seen):
        assert told in headline(page)
        clean(seen)


def test_a_period_that_ends_before_it_begins_is_said(app: str, browser: object) -> None:
    with open_screen(app, browser, "/leaks?period=Chosen+days&from=2026-05-01&to=2026-01-01") as (page, seen):
        assert "No lead was handed over" in headline(page)
        expect(page.get_by_text("The period ends before it begins")).to_be_visible()
        clean(seen)


def test_mix_and_rate_of_another_step(app: str, browser: object) -> None:
    with open_screen(app, browser, "/leaks?period=Last+52+weeks&sight=Mix+or+rate") as (page, seen):
        headline(page)
        expect(page.locator(".pl-title").filter(has_text=re.compile("MQL → SAL (went|fell|rose) from"))).to_be_visible()
        wait_until_still(page)
        page.get_by_role("combobox", name="Step", exact=True).click()
        page.keyboard.type("SAL → SQL")
        page.get_by_role("option", name="SAL → SQL", exact=True).click()
        wait_until_still(page)
        expect(page.locator(".pl-title").filter(has_text=re.compile("SAL → SQL (went|fell|rose) from"))).to_be_visible()
        clean(seen)


@pytest.mark.parametrize(
    ("sight", "told"),
    [
        ("Sent back", "Sales sent back"),
        ("Old and dead leads", "are still open"),
        ("Load and meetings", "open leads"),
        ("To come", "open leads should bring about"),
    ],
)
def test_every_closer_look(app: str, browser: object, sight: str, told: str) -> None:
    with open_screen(app, browser, "/leaks") as (page, seen):
        headline(page)
        page.get_by_role("radio", name=sight).click()
        wait_until_still(page)
        expect(page.locator(".pl-title, .pl-sub, .pl-text, .pl-headline").filter(has_text=told).first).to_be_visible()
        assert page.get_by_test_id("stException").count() == 0
        clean(seen)
