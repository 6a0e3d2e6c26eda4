"""The call list in a real browser on the shipped sample: what it says, whose it is, the lead behind a row, the way back, the file, the ways to it."""

from __future__ import annotations

import csv
import re

from tests.browser.test_explore import clean, headline, open_screen, query
from tests.browser_support import expect, needs_browser, wait_until_still

pytestmark = needs_browser
LIST = "/leads?view=Call+list"


def figures(page) -> list[int]:
    return [int(value.replace(",", "")) for value in page.locator(".pl-value").all_inner_texts()]


def rows_of_download(page) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_text("Download all as CSV").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def open_first_lead(page) -> str:
    """Clicks the first row; the lead's id."""
    page.get_by_test_id("stDataFrame").first.scroll_into_view_if_needed()
    wait_until_still(page)
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    page.wait_for_url("**lead=L**", timeout=15_000, wait_until="commit")
    page.get_by_text("Every event").first.wait_for()
    wait_until_still(page)
    return query(page)["lead"][0]


def test_the_list_adds_up_and_the_file_holds_it_in_order(app: str, browser: object) -> None:
    with open_screen(app, browser, LIST) as (page, seen):
        told = re.fullmatch(r"(\d+) leads wait for a first call, (\d+) of them hot; (\d+) more have calls or emails due", headline(page))
        untried, hot, tried = (int(n) for n in told.groups())
        parts = figures(page)
        assert (untried, hot, tried) == (parts[0] + parts[1] + parts[3], parts[0], parts[2] + parts[4])
        expect(page.locator(".pl-note", has_text="As of 14 Nov 2026, 18:00 UTC, the end of the data")).to_have_count(1)
        expect(page.locator(".st-key-period")).to_be_hidden()
        rows = rows_of_download(page)
        assert len(rows) == untried + tried
        groups = ["Hot, never tried", "Never tried, in time", "Hot, more due", "More due, in time", "Never tried, too late", "Tried too little"]
        places = [groups.index(row["group"]) for row in rows]
        assert places == sorted(places)
        assert all("before the data end" in row["urgency"] for row in rows if row["group"] in (groups[0], groups[2]))
        dues = [row["next_due_at"] for row in rows if row["group"] == groups[1]]
        assert dues == sorted(dues)
        assert dues[0] >= "2026-11-14T18:00:00Z"
        assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+@" and cell]  # phones begin with +: no live formula
        clean(seen)


def test_a_rep_is_chosen_a_lead_opened_and_the_way_back_leads_to_the_list(app: str, browser: object) -> None:
    with open_screen(app, browser, LIST) as (page, seen):
        whole = headline(page)
        page.get_by_role("combobox", name="Whose calls").click()
        page.keyboard.type("Imogen")
        page.get_by_role("option", name=re.compile("^Imogen Clarke · ")).click()
        expect(page.locator(".pl-headline").first).to_contain_text("Imogen Clarke: ", timeout=30_000)
        wait_until_still(page)
        assert query(page)["who"] == ["R011"]
        assert {row["rep"] for row in rows_of_download(page)} == {"Imogen Clarke"}
        own = headline(page)
        lead = open_first_lead(page)
        assert lead.startswith("L")
        page.get_by_text("Back to the list").click()
        expect(page.locator(".pl-headline").first).to_have_text(own, timeout=30_000)
        assert query(page)["who"] == ["R011"]
        page.get_by_role("combobox", name="Whose calls").click()
        page.get_by_role("option", name="All reps").click()
        expect(page.locator(".pl-headline").first).to_have_text(whole, timeout=30_000)
        wait_until_still(page)
        assert "who" not in query(page)
        clean(seen)


def test_a_row_of_the_reps_lists_that_rep_alone_and_stays_when_one_looks_elsewhere(app: str, browser: object) -> None:
    with open_screen(app, browser, LIST) as (page, seen):
        headline(page)
        table = page.get_by_test_id("stDataFrame").nth(1)
        table.scroll_into_view_if_needed()
        wait_until_still(page)
        box = table.bounding_box()
        page.mouse.click(box["x"] + 18, box["y"] + 52)
        expect(page.locator(".pl-headline").first).to_contain_text("No owner: ", timeout=30_000)
        wait_until_still(page)
        expect(page.get_by_test_id("stDataFrame")).to_have_count(1)
        own = headline(page)
        page.get_by_role("radio", name="Hot leads").click()
        page.get_by_text("Hot: high interest, a sign").wait_for(timeout=30_000)
        page.get_by_role("radio", name="Call list").click()
        expect(page.locator(".pl-headline").first).to_have_text(own, timeout=30_000)
        clean(seen)


def test_a_part_of_the_strip_and_the_neglected_open_their_leads(app: str, browser: object) -> None:
    with open_screen(app, browser, LIST, scheme="dark", size=(900, 900)) as (page, seen):
        headline(page)
        late = figures(page)[3]
        page.locator(".pl-figure", has_text="Never tried, too late").locator("a").click()
        expect(page.locator(".pl-sub", has_text="never tried, and the promise is over")).to_have_text(re.compile(f"^{late} leads"), timeout=30_000)
        wait_until_still(page)
        assert {row["group"] for row in rows_of_download(page)} == {"Never tried, too late"}
        page.get_by_role("button", name="Show the whole list").click()
        expect(page.locator(".pl-sub", has_text="in order of urgency")).to_have_count(1, timeout=30_000)
        link = page.locator(".pl-note a", has_text="more")
        n = link.inner_text().split()[0]
        link.click()
        expect(page.locator(".pl-sub", has_text="no hand-over, touch or sign")).to_have_text(re.compile(f"^{n} leads"), timeout=30_000)
        clean(seen)


def test_another_promise_makes_another_list_and_both_screens_point_to_it(app: str, browser: object) -> None:
    with open_screen(app, browser, "/persistence?calls=1&emails=0&days=30") as (page, seen):
        page.get_by_text("see the call list").click()
        expect(page.locator(".pl-note", has_text="Promised: 1 call in 30 days from hand-over.")).to_have_count(1, timeout=30_000)
        wait_until_still(page)
        first = figures(page)[1]
        assert query(page)["days"] == ["30"]
        lead = open_first_lead(page)
        page.get_by_text("Back to the list").click()
        expect(page.locator(".pl-note", has_text="Promised: 1 call in 30 days from hand-over.")).to_have_count(1, timeout=30_000)
        assert lead
        page.get_by_role("link", name="Speed to lead").click()
        line = page.locator(".pl-note", has_text="wait for a first call now")
        line.wait_for(timeout=30_000)
        n = int(line.inner_text().split()[0])
        line.locator("a").click()
        expect(page.locator(".pl-note", has_text="Promised: 3 calls and 3 emails in 14 days")).to_have_count(1, timeout=30_000)
        assert headline(page).startswith(f"{n} leads wait for a first call")
        assert figures(page)[1] < first
        clean(seen)


def test_filters_that_leave_nobody_say_so_and_offer_a_way(app: str, browser: object) -> None:
    with open_screen(app, browser, f"{LIST}&source=outbound&rep=R026&team=Americas") as (page, seen):
        assert headline(page) == "Nobody waits for a call"
        page.locator(".pl-widen a").first.click()
        expect(page.locator(".pl-headline").first).to_contain_text("call", timeout=30_000)
        clean(seen)
