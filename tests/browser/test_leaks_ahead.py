"""The closer looks of Leaks that tell what is to come, what plugging would bring, and of load and meetings, on the shipped sample."""

from __future__ import annotations

from tests.browser.test_explore import clean, headline, open_screen, query
from tests.browser_support import click_mark, expect, needs_browser, wait_until_still

pytestmark = needs_browser
HALF_A_YEAR = "/leaks?period=Last+26+weeks"


def test_what_is_to_come_and_the_leads_behind_it(app: str, browser: object) -> None:
    with open_screen(app, browser, f"{HALF_A_YEAR}&sight=To+come") as (page, seen):
        headline(page)
        title = page.locator(".pl-title").filter(has_text="open leads should bring about")
        expect(title).to_contain_text("in the next 90 days")
        expect(title).to_contain_text("if leads go on as in the last half year")
        page.get_by_text("Won deals", exact=True).click()
        page.get_by_text("By source", exact=True).click()
        wait_until_still(page)
        assert query(page)["to_come"] == ["Won deals"] and query(page)["ahead_by"] == ["By source"]
        chart = page.locator(".st-key-expected_ahead .js-plotly-plot").first
        told = click_mark(page, chart, chart.locator(".barlayer .point path").first)
        assert "won deals likely" in told
        expect(page.locator(".pl-sub").filter(has_text="open, source")).to_be_visible()
        clean(seen)


def test_what_plugging_a_leak_would_bring(app: str, browser: object) -> None:
    with open_screen(app, browser, f"{HALF_A_YEAR}&leak=mql-%3Esal%7Cregion%3DAsia+Pacific") as (page, seen):
        headline(page)
        page.locator(".pl-title").filter(has_text="What if this leak were plugged?").wait_for()
        for told in ("Tried within 30 minutes", "Tried 6 times before anybody gives up", "Accepted like"):
            expect(page.locator(".pl-text").filter(has_text=told)).to_have_count(1)
        expect(page.locator(".pl-note").filter(has_text="An association, not a promise")).to_be_visible()
        clean(seen)


def test_load_and_missed_meetings(app: str, browser: object) -> None:
    with open_screen(app, browser, f"{HALF_A_YEAR}&sight=Load+and+meetings&cap=30") as (page, seen):
        headline(page)
        expect(page.locator(".pl-title").filter(has_text="reps have more than 30 open leads")).to_be_visible()
        expect(page.locator(".pl-title").filter(has_text="Leads given to reps with 30 open leads or more")).to_be_visible()
        expect(page.locator(".pl-title").filter(has_text="that missed a meeting were left there")).to_be_visible()
        expect(page.locator(".pl-sub").filter(has_text="missed a meeting, not asked again, still open")).to_be_visible()
        clean(seen)
