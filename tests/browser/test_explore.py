"""The Funnel and Leads screens in a real browser, on the shipped sample, served by the real server."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser_support import click_mark, expect, needs_browser, opened_page, wait_until_still

pytestmark = needs_browser


def open_screen(app: str, browser: object, path: str, **options: object):
    return opened_page(f"{app}{path}", browser=browser, **options)


def clean(seen) -> None:
    """Nothing left the host and nothing went wrong; Streamlit asks for its health below a deep link first, which is a harmless 404."""
    assert seen.off_host == []
    assert [error for error in seen.errors if "404" not in error] == []


def headline(page) -> str:
    page.locator(".pl-headline").first.wait_for(timeout=30_000)
    wait_until_still(page)
    return page.locator(".pl-headline").first.inner_text()


def query(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "No agreement is in force"),
        ("/weekly", "No agreement is in force"),
        ("/funnel", "leads handed over were accepted"),
        ("/leads", "leads entered MQL"),
        ("/leads?lead=L0000001", "L0000001"),
        ("/funnel?period=All+time&source=webinar", "leads handed over were accepted"),
        ("/funnel?period=Last+4+weeks&source=no+such+source", "leads handed over were accepted"),
    ],
)
def test_cold_deep_link(app: str, browser: object, path: str, expected: str) -> None:
    with open_screen(app, browser, path) as (page, seen):
        assert expected in headline(page)
        clean(seen)


def test_filters_survive_a_change_of_screen_and_a_reload(app: str, browser: object) -> None:
    with open_screen(app, browser, "/funnel?period=All+time&source=webinar&source=partner") as (page, seen):
        before = headline(page)
        page.get_by_role("link", name="Leads").click()
        page.get_by_text("entered MQL").first.wait_for()
        wait_until_still(page)
        assert query(page)["source"] == ["webinar", "partner"]
        assert query(page)["period"] == ["All time"]
        expect(page.locator(".pl-reading")).to_contain_text("source webinar, partner")
        page.reload()
        page.get_by_text("entered MQL").first.wait_for()
        wait_until_still(page)
        expect(page.locator(".pl-reading")).to_contain_text("source webinar, partner")
        page.get_by_role("link", name="Funnel").click()
        page.get_by_text("were accepted by sales").first.wait_for()
        assert headline(page) == before
        clean(seen)


def test_a_click_on_a_bar_shows_the_leads_behind_it(app: str, browser: object) -> None:
    with open_screen(app, browser, "/funnel?period=All+time") as (page, seen):
        headline(page)
        bars = page.locator(".js-plotly-plot").first
        click_mark(page, bars, bars.locator(".barlayer .point path").first)
        page.locator(".pl-sub", has_text="entered").first.wait_for(timeout=20_000)
        wait_until_still(page)
        told = page.locator(".pl-sub", has_text="entered").first.inner_text()
        number = told.split(" ")[0]
        expect(page.locator(".js-plotly-plot").first).to_contain_text(number)
        assert page.get_by_test_id("stDataFrame").first.is_visible()
        page.get_by_text("See them on the Leads screen").click()
        page.wait_for_url("**/leads?**")
        assert f"{number} leads" in headline(page)
        clean(seen)


def test_a_link_in_the_headline_opens_exactly_those_leads(app: str, browser: object) -> None:
    with open_screen(app, browser, "/funnel?period=All+time&source=webinar") as (page, seen):
        headline(page)
        link = page.locator(".pl-headline a").first
        number = link.inner_text().split(" ")[0]
        link.click()
        page.wait_for_url("**/leads?**")
        assert f"{number} leads" in headline(page)
        assert query(page)["source"] == ["webinar"]
        clean(seen)


def test_the_way_back_from_a_lead_behind_a_bar_leads_to_the_funnel(app: str, browser: object) -> None:
    with open_screen(app, browser, "/funnel?period=All+time&source=webinar&look=Time+in+stage") as (page, seen):
        before = headline(page)
        bars = page.locator(".js-plotly-plot").first
        click_mark(page, bars, bars.locator(".barlayer .point path").first)
        page.locator(".pl-sub", has_text="entered").first.wait_for(timeout=20_000)
        wait_until_still(page)
        rows = page.get_by_test_id("stDataFrame").first
        rows.evaluate("element => element.scrollIntoView({block: 'center'})")
        wait_until_still(page)
        grid = rows.bounding_box()
        page.mouse.click(grid["x"] + 80, grid["y"] + 52)
        page.get_by_text("Every event").wait_for()
        wait_until_still(page)
        page.get_by_role("link", name="Back to the Funnel").click()
        page.wait_for_url("**/funnel?**")
        assert headline(page) == before
        assert query(page) == {"period": ["All time"], "source": ["webinar"], "look": ["Time in stage"]}
        page.get_by_role("radio", name="Time in stage", checked=True).wait_for()
        clean(seen)


def test_a_lead_opens_from_the_list_and_the_way_back_keeps_the_filters(app: str, browser: object) -> None:
    with open_screen(app, browser, "/leads?source=webinar&period=All+time") as (page, seen):
        headline(page)
        grid = page.get_by_test_id("stDataFrame").first.bounding_box()
        page.mouse.click(grid["x"] + 18, grid["y"] + 52)
        page.wait_for_url("**lead=L**", timeout=15_000, wait_until="commit")
        page.get_by_text("Every event").wait_for()
        wait_until_still(page)
        expect(page.locator(".js-plotly-plot")).to_have_count(1)
        page.get_by_text("Back to the list").click()
        page.get_by_text("entered MQL").first.wait_for()
        wait_until_still(page)
        assert query(page)["source"] == ["webinar"]
        expect(page.locator(".pl-reading")).to_contain_text("source webinar")
        clean(seen)


def test_search_finds_names_in_any_script(app: str, browser: object) -> None:
    with open_screen(app, browser, "/leads?period=All+time&stage=Everyone%2C+also+never+handed+over") as (page, seen):
        headline(page)
        page.get_by_placeholder("Company, address").fill("บริษัท")
        page.get_by_placeholder("Company, address").press("Enter")
        page.get_by_text("match").first.wait_for()
        wait_until_still(page)
        assert "บริษัท" in headline(page)
        assert not headline(page).startswith("0 ")
        clean(seen)


@pytest.mark.parametrize("look", ["Trend", "Outcomes over time", "Time in stage", "By segment", "Activity", "Inquiry to MQL"])
def test_each_closer_look_draws(app: str, browser: object, look: str) -> None:
    with open_screen(app, browser, f"/funnel?look={look.replace(' ', '+')}") as (page, seen):
        headline(page)
        assert page.locator(".js-plotly-plot").count() >= 2
        expect(page.get_by_test_id("stException")).to_have_count(0)
        clean(seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/funnel", "/leads", "/leads?lead=L0000003", "/import"])
def test_nothing_is_wider_than_a_narrow_window(app: str, browser: object, path: str, scheme: str) -> None:
    with open_screen(app, browser, path, scheme=scheme, size=(900, 900)) as (page, seen):
        headline(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 900
        clean(seen)


def first_lead(page) -> str:
    """The id in the first row: the table is a canvas, so it is opened to be read."""
    grid = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.move(grid["x"] + 100, grid["y"] + 60)
    page.mouse.click(grid["x"] + 180, grid["y"] + 54)
    page.wait_for_url("**lead=L**", timeout=15_000, wait_until="commit")
    return query(page)["lead"][0]


def test_the_second_page_is_the_second_page_from_the_first_visit_on_and_a_lead_opens_there(app: str, browser: object) -> None:
    first = []
    for number in (1, 2):
        with open_screen(app, browser, f"/leads?period=All+time&page={number}") as (page, seen):
            headline(page)
            first.append(first_lead(page))
            page.get_by_text("Every event").wait_for()
            clean(seen)
    assert first[0] != first[1]


def test_another_question_begins_at_its_first_page_and_no_page_is_beyond_the_last(app: str, browser: object) -> None:
    with open_screen(app, browser, "/leads?period=All+time&page=999") as (page, seen):
        assert not headline(page).startswith("0 ")
        clean(seen)


def test_filters_behind_more_survive_a_change_of_screen_and_a_reload(app: str, browser: object) -> None:
    with open_screen(app, browser, "/funnel?industry=software&passes=All+passes") as (page, seen):
        headline(page)
        page.get_by_role("link", name="Leads").click()
        page.get_by_text("entered MQL").first.wait_for()
        wait_until_still(page)
        page.reload()
        page.get_by_text("entered MQL").first.wait_for()
        wait_until_still(page)
        told = page.locator(".pl-reading").inner_text()
        assert "industry software" in told
        assert "all passes" in told
        clean(seen)


def test_a_link_of_mature_cohorts_lists_the_same_leads(app: str, browser: object) -> None:
    with open_screen(app, browser, "/funnel?mature=true") as (page, seen):
        headline(page)
        link = page.locator(".pl-headline a").last
        number = link.inner_text().split(" ")[0]
        link.click()
        page.wait_for_url("**/leads?**")
        assert headline(page).startswith(f"{number} leads")
        clean(seen)


def test_a_link_that_asks_for_what_is_not_there_says_so(app: str, browser: object) -> None:
    with open_screen(app, browser, "/funnel?source=no+such+source") as (page, _):
        headline(page)
        assert page.get_by_text("which no lead of this history has").count() >= 1


def test_windows_follow_the_menu_and_a_reload(app: str, browser: object) -> None:
    """The days per step are shared by the screens as the filters are, whichever way the screen changes."""
    with open_screen(app, browser, "/funnel?period=All+time&mql_days=3") as (page, seen):
        assert "within 3 days" in headline(page)
        late = next(link for link in page.locator(".pl-headline a").all_inner_texts() if "still wait" in link).split(" ")[0]
        for _ in range(2):
            page.get_by_role("link", name="Leads").click()
            page.get_by_text("entered MQL").first.wait_for()
            wait_until_still(page)
            assert query(page)["mql_days"] == ["3"]
            page.get_by_role("link", name="Funnel").click()
            page.get_by_text("were accepted by sales").first.wait_for()
            wait_until_still(page)
            assert "within 3 days" in headline(page)
            page.reload()
            assert "within 3 days" in headline(page)
        page.get_by_role("link", name="Leads").click()
        page.get_by_text("entered MQL").first.wait_for()
        wait_until_still(page)
        page.goto(f"{page.url}&outcome=Past+window")
        assert headline(page).startswith(f"{late} leads")
        page.get_by_role("button", name="Windows").click()
        page.get_by_role("spinbutton", name="Days from MQL to SAL").fill("14")
        page.get_by_role("spinbutton", name="Days from MQL to SAL").press("Enter")
        page.wait_for_timeout(500)
        wait_until_still(page)
        assert "mql_days" not in query(page)
        assert not headline(page).startswith(f"{late} leads")
        clean(seen)


@pytest.mark.parametrize("look", ["Trend", "By+segment"])
def test_a_click_on_a_mark_of_a_closer_look_shows_its_leads(app: str, browser: object, look: str) -> None:
    with open_screen(app, browser, f"/funnel?look={look}") as (page, seen):
        headline(page)
        chart = page.locator(".js-plotly-plot").last
        told = click_mark(page, chart, chart.locator(".scatterlayer .trace .points path").first)
        number = told.split(" old enough")[0].split("of ")[-1]
        page.locator(".pl-sub", has_text="old enough to tell").first.wait_for(timeout=20_000)
        wait_until_still(page)
        expect(page.locator(".pl-sub", has_text="old enough to tell").first).to_have_text(re.compile("^" + re.escape(f"{number} lead")))
        page.get_by_text("See them on the Leads screen").click()
        page.wait_for_url("**/leads?**")
        assert headline(page).startswith(f"{number} lead")
        clean(seen)


def test_everyone_obeys_the_filters(app: str, browser: object) -> None:
    with open_screen(app, browser, "/leads?period=All+time&stage=Everyone%2C+also+never+handed+over") as (page, seen):
        every = headline(page).split(" ")[0]
        page.goto(f"{page.url}&source=webinar")
        assert headline(page).split(" ")[0] != every
        expect(page.get_by_text("the value of today")).to_have_count(1)
        clean(seen)


def test_an_empty_answer_says_which_filter_leaves_how_many_out(app: str, browser: object) -> None:
    with open_screen(app, browser, "/funnel?period=Chosen+days&from=2020-01-01&to=2020-02-01&source=webinar") as (page, seen):
        headline(page)
        way = page.locator(".pl-widen a", has_text="the period")
        number = way.inner_text().split(": ")[1].split(" ")[0]
        expect(page.locator(".pl-widen")).to_contain_text("source webinar: still none")
        way.click()
        page.wait_for_url("**period=All**")
        headline(page)
        assert query(page)["source"] == ["webinar"]
        expect(page.locator(".pl-subtitle").first).to_contain_text(f"What became of {number} leads")
        clean(seen)


def test_codes_are_words_in_a_story(app: str, browser: object) -> None:
    with open_screen(app, browser, "/leads?lead=L0000003") as (page, seen):
        headline(page)
        expect(page.locator(".pl-subtitle")).to_contain_text("reached the lead")
        expect(page.locator(".pl-title")).to_contain_text("touches")
        clean(seen)
