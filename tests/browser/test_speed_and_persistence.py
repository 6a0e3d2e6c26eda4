"""Speed to lead and Persistence in a real browser, on the shipped sample: what they say, every closer look, and the leads behind."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from plumbline.working_time import parse
from tests.browser.test_explore import clean, headline, open_screen, query
from tests.browser_support import click_mark, expect, needs_browser, running_app, wait_until_still
from tests.importing_support import build_file, write_table

pytestmark = needs_browser


LOOKS = {
    "speed": {
        "Whose delay": "are handed over to a rep within",
        "Hours of the week": "When leads come in",
        "Trend": "The share tried within",
        "Reps": "within 24 h",
        "Load": "No rep has more than 500 open leads",
        "What goes with speed": "An association, not an effect.",
    },
    "persistence": {
        "If everyone got more": "attempts for everyone it would be",
        "When to stop": "pays for itself",
        "Calls and emails": "leads got all the calls and emails promised",
        "By attempts in all": "Mind who is in which group",
        "First week": "get no call in their first week",
        "Gaps": "Half of the second attempts come within",
        "Sequences": "A first call reaches",
        "Missed meetings": "leads with a meeting missed one",
        "By segment": "beyond chance",
    },
}


def headings_of_tables(page) -> list[tuple[str, list[str]]]:
    """Name of the file and headings of every "Table" in view."""
    told = []
    for button in page.get_by_role("button", name="Table", exact=True).all():
        button.click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download CSV").last.click()
        with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
            told.append((download.value.suggested_filename, next(csv.reader(file))))
        page.keyboard.press("Escape")
        wait_until_still(page)
    return told


def in_words(name: str, headings: list[str]) -> bool:
    """No heading with an underscore, or in lower case but for the attribute's own name; a file name of words."""
    return "-" in name and not [heading for heading in headings if "_" in heading or not heading[:1].isupper()]


@pytest.mark.parametrize("screen", LOOKS)
def test_every_look_says_its_finding_and_none_breaks(app: str, browser: object, screen: str) -> None:
    with open_screen(app, browser, f"/{screen}?period=All+time") as (page, seen):
        told = headline(page)
        assert ("are first tried within" if screen == "speed" else "The promise of 3 calls and 3 emails in 14 days") in told
        for look, finding in LOOKS[screen].items():
            page.get_by_role("radio", name=look, exact=True).click()
            expect(page.get_by_text(finding).first).to_be_visible(timeout=30_000)
            wait_until_still(page)
            assert page.locator('[data-testid="stException"]').count() == 0, look
            wrong = [table for table in headings_of_tables(page) if not in_words(*table)]
            assert not wrong, (look, wrong)
        clean(seen)


def test_a_link_of_the_headline_lists_the_leads_and_one_opens(app: str, browser: object) -> None:
    with open_screen(app, browser, "/speed?period=All+time") as (page, seen):
        n = headline(page).split(" of 3,033 have not been tried")[0].split()[-1]
        page.locator(".pl-headline a").first.click()
        expect(page.get_by_text(f"{n} leads", exact=True).first).to_be_visible(timeout=30_000)
        wait_until_still(page)
        assert query(page)["period"] == ["All time"]
        table = page.get_by_test_id("stDataFrame").first
        table.scroll_into_view_if_needed()
        wait_until_still(page)
        box = table.bounding_box()
        page.mouse.click(box["x"] + 130, box["y"] + 53)
        expect(page.get_by_text("Every event").first).to_be_visible(timeout=30_000)
        page.get_by_text("Back to Speed to lead").first.click()
        expect(page.get_by_text(f"{n} leads", exact=True).first).to_be_visible(timeout=30_000)
        clean(seen)


def test_working_hours_make_waits_shorter_and_stay_in_the_address(app: str, browser: object) -> None:
    with open_screen(app, browser, "/speed?period=All+time") as (page, seen):
        page.get_by_role("combobox", name="Clock").click()
        page.get_by_role("option", name="Working hours").click()
        expect(page.locator(".pl-headline").first).to_contain_text("of working time", timeout=30_000)
        wait_until_still(page)
        assert query(page)["clock"] == ["Working hours"]
        page.get_by_role("button", name="Hours").click()
        expect(page.get_by_text("Mon to Fri 09:00 to 18:00").first).to_be_visible()
        clean(seen)


def test_the_speed_promise_is_judged_changed_and_kept_in_the_address(app: str, browser: object) -> None:
    with open_screen(app, browser, "/speed?period=All+time&touch=48+h&share=50") as (page, seen):
        assert "were tried within 48 hours of becoming an MQL: the promise of 50 % was kept" in headline(page).replace("\xa0", " ")
        expect(page.locator(".pl-flag")).to_have_count(0)
        page.get_by_role("button", name="Promise").click()
        box = page.get_by_role("spinbutton", name="For at least, % of the leads")
        box.fill("90")
        box.press("Enter")
        expect(page.locator(".pl-headline").first).to_contain_text("against 90\xa0% promised", timeout=30_000)
        wait_until_still(page)
        assert query(page)["touch"] == ["48 h"]
        assert "share" not in query(page)
        page.keyboard.press("Escape")
        flagged = page.locator(".pl-figure", has_text="missed")
        expect(flagged).to_have_count(1)
        n = int(flagged.locator(".pl-n").inner_text().split(" of ")[1].split(" ")[0].replace(",", ""))
        flagged.locator("a").click()
        expect(page.locator(".pl-sub", has_text="not tried within 48 hours of becoming an MQL")).to_have_count(1, timeout=30_000)
        wait_until_still(page)
        assert query(page)["touch"] == ["48 h"]
        listed = int(page.locator(".pl-sub", has_text="not tried within 48 hours").inner_text().split()[0].replace(",", ""))
        assert 0 < listed < n
        clean(seen)


def test_another_promise_changes_the_verdict_and_is_kept_in_the_address(app: str, browser: object) -> None:
    with open_screen(app, browser, "/persistence?period=All+time&calls=1&emails=0&days=7") as (page, seen):
        told = headline(page)
        assert told.startswith("The promise of 1 call in 7 days")
        page.get_by_role("link", name="Funnel").click()
        page.get_by_text("were accepted by sales").first.wait_for()
        page.get_by_role("link", name="Persistence").click()
        expect(page.locator(".pl-headline").first).to_contain_text("The promise of 1 call in 7 days", timeout=30_000)
        clean(seen)


def test_a_field_of_calls_and_emails_lists_its_leads(app: str, browser: object) -> None:
    with open_screen(app, browser, "/persistence?period=All+time&persisted=Calls+and+emails") as (page, seen):
        headline(page)
        chart = page.locator(".js-plotly-plot").last
        told = click_mark(page, chart, chart.locator(".point").first)
        assert told.startswith("0 calls, 0 emails: ")
        n = told.removeprefix("0 calls, 0 emails: ").split(" lead")[0]
        expect(page.get_by_text(f"{n} leads", exact=True).first).to_be_visible(timeout=30_000)
        expect(page.get_by_text("0 calls and 0 emails").first).to_be_visible()
        clean(seen)


def test_hours_of_a_team_are_changed_on_screen_and_a_mistake_is_said(app: str, browser: object) -> None:
    with open_screen(app, browser, "/speed?period=All+time&clock=Working+hours") as (page, seen):
        before = headline(page)
        page.get_by_role("button", name="Hours").click()
        page.get_by_text("Change the hours as text").click()
        box = page.get_by_role("textbox", name="calendars.yaml")
        box.fill("teams:\n  Americas: {mon: '9-25'}\n")
        page.get_by_role("button", name="Save the hours").click()
        expect(page.get_by_text("Americas").last).to_be_visible()
        expect(page.get_by_text("calendars.yaml", exact=False).last).to_be_visible()
        wait_until_still(page)
        assert headline(page) == before
        box.fill("teams:\n  Amercias: {mon: '09:00-17:00'}\n")
        page.get_by_role("button", name="Save the hours").click()
        expect(page.get_by_text("no rep is in a team called 'Amercias'", exact=False)).to_be_visible()
        wait_until_still(page)
        assert headline(page) == before
        box.fill("teams:\n  Americas: {mon: '00:00-24:00', sat: '00:00-24:00', sun: '00:00-24:00'}\n")
        page.get_by_role("button", name="Save the hours").click()
        expect(page.locator(".pl-headline").first).not_to_have_text(before, timeout=30_000)
        wait_until_still(page)
        clean(seen)


def test_hours_of_a_team_are_changed_by_a_form_that_writes_the_same_yaml(browser: object, sample_file: Path, tmp_path: Path) -> None:
    with (
        running_app(sample_file, environment={"PLUMBLINE_HOME": str(tmp_path)}) as running,
        open_screen(running.url.rstrip("/"), browser, "/speed?period=All+time&clock=Working+hours") as (page, seen),
    ):
        headline(page)
        page.get_by_role("button", name="Hours").click()
        page.get_by_text("Change one team").click()
        page.get_by_role("textbox", name="Fri").fill("9 to 5")
        page.get_by_role("button", name="Save this team").click()
        expect(page.get_by_text("team 'Americas', Friday", exact=False)).to_be_visible()
        page.get_by_role("textbox", name="Fri").fill("09:00-12:00")
        page.get_by_role("textbox", name="Holidays").fill("US")
        page.get_by_role("button", name="Save this team").click()
        expect(page.get_by_text("Fri 09:00 to 12:00").first).to_be_visible(timeout=30_000)
        wait_until_still(page)
        written = parse((tmp_path / "calendars.yaml").read_text(encoding="utf-8"))
        assert written == parse("teams:\n  Americas: {fri: '09:00-12:00', holidays: US}\n")
        clean(seen)


def test_without_attempts_the_speed_screen_shows_the_hand_over(tmp_path: Path, browser: object) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    hours = [(place, f"2026-01-{place % 20 + 1:02}") for place in range(60)]
    write_table(folder, "leads", "lead_id,created_at,source\n" + "".join(f"L{n},{day}T08:00:00,{'web' if n % 2 else 'fair'}\n" for n, day in hours))
    write_table(folder, "stage_changes", "lead_id,stage,occurred_at\n" + "".join(f"L{n},mql,{day}T09:{n:02}:00\n" for n, day in hours))
    write_table(
        folder, "assignments", "lead_id,rep_id,occurred_at\n" + "".join(f"L{n},R1,{day}T{10 + n % 8}:{n:02}:00\n" for n, day in hours if n < 50)
    )
    write_table(folder, "reps", "rep_id,name,team\nR1,Ann,North\n")
    build_file(folder, tmp_path / "h.duckdb", data_through="2026-02-28")
    with running_app(tmp_path / "h.duckdb") as running, open_screen(running.url.rstrip("/"), browser, "/speed?period=All+time") as (page, seen):
        assert headline(page) == "Half of 60 leads were handed over to a rep within 5 h of becoming an MQL; 10 were never handed over"
        expect(page.get_by_text("Who was called or written to is not recorded: there is no touch")).to_be_visible()
        expect(page.locator(".pl-title", has_text=re.compile("of the leads are handed over to a rep$"))).to_have_count(1)
        expect(page.locator(".pl-title", has_text="Half of the leads are handed over to a rep within")).to_have_count(1)
        expect(page.get_by_role("button", name="Promise")).to_have_count(0)
        assert page.locator('[data-testid="stException"]').count() == 0
        clean(seen)
