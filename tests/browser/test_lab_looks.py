"""The looks "Each rule", "Suggestions" and "Past wins" of the lab in a real browser, on the shipped sample."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser_support import expect, needs_browser, opened_page, running_app, wait_until_still

pytestmark = needs_browser


def test_a_suggestion_is_added_with_one_click(sample_file: Path) -> None:
    with running_app(sample_file) as app, opened_page(f"{app.url}/definition?span=26+weeks") as (page, seen):
        wait_until_still(page, 60_000)
        page.get_by_text("Suggestions", exact=True).click()
        page.get_by_text("Leads whose source is webinar").wait_for(timeout=30_000)
        page.get_by_role("button", name="Add to the draft").first.click()
        page.get_by_text("The draft has this rule.").first.wait_for(timeout=30_000)
        wait_until_still(page)
        page.get_by_text("Each rule", exact=True).click()
        page.get_by_text("Pick a rule to see the leads that it moves.").wait_for(timeout=30_000)
        page.get_by_text("Past wins", exact=True).click()
        page.get_by_text("traits looked at").wait_for(timeout=30_000)
        page.get_by_text("Text", exact=True).click()
        wait_until_still(page)
        expect(page.get_by_label("The draft as text")).to_have_value(re.compile(re.escape("{field: source, is: webinar}")))
        page.get_by_text("Start from", exact=True).click()
        page.get_by_text("Nothing: an empty draft").click()
        page.get_by_text("Nothing qualifies a lead yet.").wait_for(timeout=30_000)
        page.get_by_text("traits looked at").wait_for(timeout=30_000)
    assert seen.off_host == []
    assert [error for error in seen.errors if "404" not in error] == []  # Streamlit asks for pages below the page's address
