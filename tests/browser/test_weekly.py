"""The weekly review in a real browser: the first screen, a promise and its leads, a lead and the way back, an action made and done."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import weekly_support
from tests.browser.test_explore import clean, headline, open_screen, query
from tests.browser_support import expect, needs_browser, running_app, wait_until_still

pytestmark = needs_browser


@pytest.fixture(scope="module")
def agreed(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app on the shipped sample, with an agreement in force."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLUMBLINE_HOME", str(home))
        patch.delenv("PLUMBLINE_STATE", raising=False)
        weekly_support.in_force()
        with running_app(sample_file, environment={"PLUMBLINE_HOME": str(home)}) as running:
            yield running.url.rstrip("/")


def test_the_first_screen_shows_both_sides_without_scrolling(agreed: str, browser: object) -> None:
    with open_screen(agreed, browser, "/") as (page, seen):
        assert headline(page).startswith("Marketing kept ")
        wait_until_still(page)
        assert page.url.split("?")[0].endswith("/weekly")
        for promise in page.locator(".pl-promise").all():
            box = promise.bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= 900
        heights = {round(box.bounding_box()["y"]) for box in page.locator(".pl-whose.pl-marketing, .pl-whose.pl-sales").all()}
        assert len(heights) == 1  # side by side
        clean(seen)


def test_a_promise_opens_its_leads_a_lead_opens_its_story_and_back(agreed: str, browser: object) -> None:
    with open_screen(agreed, browser, "/weekly") as (page, seen):
        before = headline(page)
        page.get_by_role("button", name="First touch: ").click()
        expect(page.locator(".st-key-behind")).to_be_visible()
        wait_until_still(page)
        assert query(page)["promise"] == ["first_touch"]
        table = page.locator(".st-key-behind").get_by_test_id("stDataFrame")
        box = table.bounding_box()
        assert box["y"] + 100 < 900  # what a click opens is seen at once
        with page.expect_download() as download:
            page.get_by_text("Download all as CSV").click()
        with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {"lead_id", "opened_at", "start", "deadline", "met_at", "outcome", "company"} == set(rows[0])
        page.mouse.click(box["x"] + 18, box["y"] + 52)
        page.wait_for_url("**lead=L**", timeout=15_000, wait_until="commit")
        page.get_by_text("Every event").first.wait_for()
        wait_until_still(page)
        assert query(page)["lead"] == [rows[0]["lead_id"]]
        page.get_by_text("Back to the Weekly review").first.click()
        expect(page.locator(".st-key-behind")).to_be_visible()
        wait_until_still(page)
        assert headline(page) == before and query(page)["promise"] == ["first_touch"]
        page.get_by_role("button", name="Close").click()
        expect(page.locator(".st-key-behind")).to_have_count(0)
        page.go_back()
        expect(page.locator(".st-key-behind")).to_be_visible()
        clean(seen)


def test_another_week_is_chosen_and_stands_in_the_address(agreed: str, browser: object) -> None:
    with open_screen(agreed, browser, "/weekly?promise=decision") as (page, seen):
        headline(page)
        page.get_by_role("combobox", name="Week").click()
        page.get_by_role("option", name="Mon 26 Oct - Sun 1 Nov 2026").click()
        expect(page.locator(".pl-note", has_text="Mon 26 Oct - Sun 1 Nov 2026, judged by")).to_be_visible()
        wait_until_still(page)
        assert query(page)["week"] == ["2026-W44"] and "promise" not in query(page)
        page.reload()
        expect(page.locator(".pl-note", has_text="Mon 26 Oct - Sun 1 Nov 2026, judged by")).to_be_visible()
        clean(seen)


def test_an_action_is_made_and_marked_done(agreed: str, browser: object) -> None:
    with open_screen(agreed, browser, "/weekly") as (page, seen):
        headline(page)
        page.locator(".st-key-leak_1").get_by_role("button", name="Make it an action").click()
        page.get_by_label("Your name").fill("Ann Lee")
        page.get_by_role("button", name="This is me").click()
        page.get_by_label("Who does it").fill("Bo <b>Chan</b>")
        page.get_by_role("button", name="Add the action").click()
        expect(page.locator(".pl-action .pl-who")).to_have_text("Bo <b>Chan</b>")
        expect(page.locator(".st-key-leak_1").get_by_role("button", name="Make it an action (1 open)")).to_be_visible()
        page.get_by_role("button", name="Done").click()
        page.get_by_label("What was done").fill("Assigned by hand")
        page.get_by_role("button", name="It is done").click()
        expect(page.locator(".pl-action .pl-when")).to_contain_text("Assigned by hand")
        expect(page.locator(".pl-note", has_text="Too early to say whether it helped")).to_be_visible()
        clean(seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_narrow_window(agreed: str, browser: object, scheme: str) -> None:
    with open_screen(agreed, browser, "/weekly?promise=touches", scheme=scheme, size=(900, 900)) as (page, seen):
        headline(page)
        wait_until_still(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 900
        for row in page.locator(".pl-promise").all():
            assert row.evaluate("box => box.scrollWidth <= box.clientWidth + 1")
        clean(seen)


def test_the_keyboard_reaches_a_promise(agreed: str, browser: object) -> None:
    with open_screen(agreed, browser, "/weekly") as (page, seen):
        headline(page)
        wait_until_still(page)
        page.get_by_role("button", name="Decision: ").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".st-key-behind")).to_be_visible()
        clean(seen)
