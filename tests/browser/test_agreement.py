"""The Agreement screen in a real browser: from a proposal to a version in force, two people, two tabs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from plumbline.agreement import versions
from plumbline.history.connection import History
from tests import agreement_homes as homes
from tests.browser_support import RunningApp, expect, needs_browser, opened_page, running_app, wait_until_still

pytestmark = needs_browser
ANN, BO = homes.ANN, homes.BO


@pytest.fixture(scope="module")
def history(sample_file: Path) -> History:
    return History(sample_file)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def app(home: Path, sample_file: Path) -> Iterator[RunningApp]:
    with serving(home, sample_file, homes.TODAY) as running:
        yield running


def serving(home: Path, sample_file: Path, today: date):
    return running_app(sample_file, environment={"PLUMBLINE_HOME": str(home), "PLUMBLINE_TODAY": today.isoformat()})


def at(app: RunningApp, path: str = "") -> str:
    return f"{app.url.rstrip('/')}/agreement{path}"


def headline(page) -> str:
    page.locator(".pl-headline").first.wait_for(timeout=60_000)
    wait_until_still(page)
    return page.locator(".pl-headline").first.inner_text().replace("\u00a0", " ")


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()
    wait_until_still(page)


def sit_down(page, name: str, side: str) -> None:
    """Says who sits at the screen."""
    page.get_by_label("Your name").first.fill(name)
    page.get_by_role("radio", name=side, exact=True).first.click()
    press(page, "This is me")


def acknowledge(page) -> None:
    page.get_by_text("that is acceptable").click()
    wait_until_still(page)


def body(page) -> str:
    return page.locator("[data-testid=stMain]").inner_text().replace("\u00a0", " ")


def clean(seen) -> None:
    assert seen.off_host == []
    assert [error for error in seen.errors if "404" not in error] == []


def test_from_a_proposal_to_a_version_in_force(app: RunningApp, browser, home: Path, sample_file: Path) -> None:
    with opened_page(at(app), browser=browser) as (page, seen):
        assert headline(page) == "No agreement is in force: a first one can be proposed from your own history"
        sit_down(page, ANN, "Marketing")
        page.get_by_role("button", name="Make it a draft: Q4 2026").click()
        wait_until_still(page)
        assert "version=1" in page.url and "look=edit" in page.url
        assert "is a draft that nobody has simulated yet" in headline(page)
        page.get_by_label("Leads a quarter").fill("200")
        page.keyboard.press("Tab")
        wait_until_still(page)
        assert "qualified leads a quarter: 60 → 200" in body(page)
        press(page, "Save the draft")
        page.get_by_role("radio", name="What it says", exact=True).click()
        wait_until_still(page)
        assert "Marketing brings 200 qualified leads a quarter" in body(page)
        press(page, "Simulate")
        expect(page.get_by_text("What it would have done")).to_be_visible(timeout=60_000)
        wait_until_still(page)
        assert "would have qualified" in body(page)
        acknowledge(page)
        press(page, "Sign for marketing")
        assert "Ann Lee signed for marketing. Hand the screen over to sales." in body(page)
        page.get_by_role("button", name="Someone else").last.click()
        wait_until_still(page)
        sit_down(page, "ann  LEE", "Sales")
        acknowledge(page)
        press(page, "Sign for sales")
        assert "nobody signs for both sides: let somebody else sign for sales." in body(page)
        page.get_by_role("button", name="Someone else").last.click()
        wait_until_still(page)
        sit_down(page, BO, "Sales")
        acknowledge(page)
        press(page, "Sign for sales")
        press(page, "Publish: in force from 14 Dec 2026")
        assert "will be in force from 14 Dec 2026 on, signed by Ann Lee for marketing and Bo Ek for sales" in headline(page)
        page.get_by_role("link", name="All versions").click()
        assert "No agreement is in force yet: Q4 2026 begins on 14 Dec 2026" in headline(page)
    clean(seen)
    with serving(home, sample_file, date(2026, 12, 14)) as later, opened_page(at(later), browser=browser) as (page, seen):
        assert headline(page) == "In force since 14 Dec 2026: Q4 2026, signed by Ann Lee for marketing and Bo Ek for sales"
        page.goto(f"{later.url.rstrip('/')}/persistence")
        headline(page)
        assert "As promised in Q4 2026: 3 calls and 3 emails in 14 days for at least 55 % of the leads." in body(page)
    clean(seen)
    assert versions.version(1).agreement().promise("volume").leads == 200


def test_two_tabs_that_edit_one_draft(app: RunningApp, browser) -> None:
    homes.drafted()
    with opened_page(at(app, "?version=1&look=edit"), browser=browser) as (one, seen):
        headline(one)
        with opened_page(at(app, "?version=1&look=edit"), browser=browser) as (other, _):
            headline(other)
            for page, leads, who, side in ((one, "300", ANN, "Marketing"), (other, "400", BO, "Sales")):
                page.get_by_label("Leads a quarter").fill(leads)
                page.keyboard.press("Tab")
                wait_until_still(page)
                sit_down(page, who, side)
            press(one, "Save the draft")
            press(other, "Save the draft")
            told = body(other)
            assert "Ann Lee changed it at" in told and "yours differs in: qualified leads a quarter: 300 → 400" in told
            press(other, "Take the saved text, drop mine")
            assert other.get_by_label("Leads a quarter").input_value() == "300"
    clean(seen)
    assert versions.version(1).agreement().promise("volume").leads == 300 and versions.version(1).edition == 2


def test_declined_corrected_and_said_by_a_rep(app: RunningApp, browser) -> None:
    homes.drafted()
    with opened_page(at(app, "?version=1"), browser=browser) as (page, seen):
        headline(page)
        sit_down(page, BO, "Sales")
        press(page, "Say what you think of it")
        page.get_by_role("radio", name="I disagree").click()
        page.get_by_label("What is a qualified lead to you?").fill("Somebody with a budget")
        page.keyboard.press("Tab")
        wait_until_still(page)
        press(page, "Say it")
        assert "1 rep disagrees." in body(page) and "Somebody with a budget" in body(page)
        page.keyboard.press("Escape")
        press(page, "Correct name or description")
        page.get_by_label("Name", exact=True).fill("First quarter")
        page.keyboard.press("Tab")
        wait_until_still(page)
        press(page, "Correct it")
        page.keyboard.press("Escape")
        assert "Version 1, First quarter" in headline(page)
        press(page, "Decline")
        press(page, "Decline for sales")
        expect(page.get_by_text("A reason is needed")).to_be_visible()
        page.get_by_label("No, because").fill("Too few leads")
        page.keyboard.press("Tab")
        wait_until_still(page)
        press(page, "Decline for sales")
        assert "was declined by Bo Ek for sales: “Too few leads”" in headline(page)
        assert page.get_by_role("radio", name="Edit", exact=True).count() == 0
    clean(seen)


def test_the_lab_proposes_its_definition_as_a_new_version(app: RunningApp, browser, history: History) -> None:
    homes.published(history)
    with opened_page(f"{app.url.rstrip('/')}/definition", browser=browser) as (page, seen):
        headline(page)
        press(page, "Propose as a new version")
        sit_down(page, ANN, "Marketing")
        if page.get_by_role("button", name="Propose it", exact=True).count() == 0:
            press(page, "Propose as a new version")
        press(page, "Propose it")
        page.wait_for_url("**/agreement?version=2*")
        assert "Version 2, Q1 2027 (2)" in headline(page)
        assert "Against" in body(page) and "version 1, Q1 2027" in body(page)
    clean(seen)
    made = versions.version(2).agreement()
    assert made.promises == versions.version(1).agreement().promises and made.effective == date(2027, 1, 11)
