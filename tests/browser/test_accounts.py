"""Accounts in a real browser, on the shipped sample: the headline, every kind, search, pages, and the leads of one account."""

from __future__ import annotations

from pathlib import Path

from tests.browser.test_explore import clean, headline, open_screen, query
from tests.browser_support import click_mark, expect, needs_browser, running_app, wait_until_still
from tests.importing_support import build_file, write_table

pytestmark = needs_browser


def test_the_headline_leads_to_the_accounts_worth_nurturing(app: str, browser: object) -> None:
    with open_screen(app, browser, "/accounts?period=All+time") as (page, seen):
        told = headline(page)
        assert "without an open pass were active in the last 60 days" in told
        number = told.split(" ")[0]
        page.locator(".pl-headline a").first.click()
        expect(page.get_by_text(f"{number} accounts", exact=True).first).to_be_visible(timeout=30_000)
        wait_until_still(page)
        assert query(page)["kind"] == ["Worth nurturing"]
        clean(seen)


def test_a_part_of_the_strip_lists_its_accounts_and_the_parts_add_up(app: str, browser: object) -> None:
    with open_screen(app, browser, "/accounts?period=All+time") as (page, seen):
        headline(page)
        chart = page.locator(".js-plotly-plot").first
        marks = chart.locator(".point")
        told = click_mark(page, chart, marks.first)
        n = told.split(" ")[0]
        expect(page.locator(".pl-sub", has_text="open and worked").first).to_contain_text(f"{n} accounts", timeout=30_000)
        clean(seen)


def test_another_rule_changes_the_headline_and_stays_in_the_address(app: str, browser: object) -> None:
    with open_screen(app, browser, "/accounts?period=All+time&active=7") as (page, seen):
        week = int(headline(page).split(" ")[0].replace(",", ""))
        assert "in the last 7 days" in headline(page)
        page.get_by_role("button", name="Rule").click()
        box = page.get_by_label("Worth nurturing: no open pass")
        box.fill("365")
        box.press("Enter")
        expect(page.locator(".pl-headline").first).to_contain_text("in the last 365 days", timeout=30_000)
        wait_until_still(page)
        assert int(headline(page).split(" ")[0].replace(",", "")) > week
        assert query(page)["active"] == ["365"]
        clean(seen)


def test_a_search_and_the_leads_of_an_account(app: str, browser: object) -> None:
    with open_screen(app, browser, "/accounts?period=All+time&account_q=A0000787") as (page, seen):
        headline(page)
        expect(page.get_by_text("1 account", exact=True).first).to_be_visible()
        table = page.get_by_test_id("stDataFrame").first
        table.scroll_into_view_if_needed()
        wait_until_still(page)
        box = table.bounding_box()
        page.mouse.click(box["x"] + 130, box["y"] + 53)
        expect(page.get_by_text("of account A0000787", exact=False).first).to_be_visible(timeout=30_000)
        wait_until_still(page)
        assert query(page)["account"] == ["A0000787"]
        leads = page.get_by_test_id("stDataFrame").first
        leads.scroll_into_view_if_needed()
        wait_until_still(page)
        box = leads.bounding_box()
        page.mouse.click(box["x"] + 130, box["y"] + 53)
        expect(page.get_by_text("Every event").first).to_be_visible(timeout=30_000)
        page.get_by_text("Back to Accounts").first.click()
        expect(page.get_by_text("of account A0000787", exact=False).first).to_be_visible(timeout=30_000)
        clean(seen)


def test_pages_of_a_hundred(app: str, browser: object) -> None:
    with open_screen(app, browser, "/accounts?period=All+time") as (page, seen):
        headline(page)
        expect(page.get_by_text("100 accounts a page").first).to_be_visible()
        box = page.get_by_label("Page of 19")
        box.fill("19")
        box.press("Enter")
        wait_until_still(page)
        assert page.get_by_test_id("stDataFrame").count() == 1
        page.get_by_role("textbox", name="Search").fill("no such account")
        page.get_by_role("textbox", name="Search").press("Enter")
        expect(page.get_by_text("No account here").first).to_be_visible(timeout=30_000)
        clean(seen)


def test_everyone_counts_accounts_never_handed_over(app: str, browser: object) -> None:
    with open_screen(app, browser, "/accounts?period=All+time") as (page, _):
        headline(page)
        handed = int(page.locator(".pl-value").first.inner_text().replace(",", ""))
    with open_screen(app, browser, "/accounts?period=All+time&scope=Everyone%2C+also+never+handed+over") as (page, seen):
        headline(page)
        assert int(page.locator(".pl-value").first.inner_text().replace(",", "")) > handed
        clean(seen)


def test_leads_without_accounts_are_told_what_to_bring_in(tmp_path: Path, browser: object) -> None:
    write_table(tmp_path / "in", "leads", "lead_id,created_at\nA,2026-01-01T09:00:00Z")
    write_table(tmp_path / "in", "stage_changes", "lead_id,stage,occurred_at\nA,mql,2026-01-02T09:00:00Z")
    build_file(tmp_path / "in", tmp_path / "h.duckdb")
    with running_app(tmp_path / "h.duckdb") as running, open_screen(running.url.rstrip("/"), browser, "/accounts?period=All+time") as (page, seen):
        headline(page)
        expect(page.get_by_text("These leads belong to no account").first).to_be_visible()
        page.goto(f"{running.url.rstrip('/')}/sources?period=All+time")
        assert "handed over the most leads" in headline(page)
        clean(seen)
