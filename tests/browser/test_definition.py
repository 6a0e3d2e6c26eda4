"""The Definition lab in a real browser, on the shipped sample, served by the real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

from plumbline.clock import monday
from plumbline.definition import ActivityRule, Definition, FieldRule, Points, parse
from plumbline.history.connection import History
from plumbline.replay import facts as lab
from plumbline.simulation.run import Settings, Simulation, ground, simulate
from plumbline.simulation.swap import part_masks
from plumbline.ui.lab import desk, swap, words
from tests.browser_support import RunningApp, click_mark, expect, needs_browser, opened_page, running_app, wait_until_still
from tests.importing_support import build_file, write_table

pytestmark = needs_browser
SCORE = Definition(
    "Q4 2026",
    fit=(FieldRule("employees", "at_least", 50),),
    points=(
        Points(ActivityRule("webinar"), 10.0, 30.0),
        Points(ActivityRule("pricing_page"), 10.0, 30.0),
        Points(ActivityRule("demo_request"), 30.0),
    ),
    threshold=20.0,
    half_life_days=30.0,
)
HOSTILE = "![x](http://elsewhere/y) <img src=http://elsewhere/z> **b** $x$ :red[r]"


@pytest.fixture(scope="module")
def running(sample_file: Path) -> Iterator[RunningApp]:
    with running_app(sample_file) as running:
        yield running


def address(definition: Definition, **more: str) -> str:
    return "/definition?draft=" + desk.packed(definition) + "".join(f"&{name}={value}" for name, value in more.items())


def opened(app: RunningApp, browser: object, path: str, **options: object):
    return opened_page(f"{app.url.rstrip('/')}{path}", browser=browser, **options)


def still(page) -> None:
    page.wait_for_timeout(450)  # a slider waits a fifth of a second before it tells
    wait_until_still(page)


def headline(page) -> str:
    page.locator(".pl-headline").first.wait_for(timeout=30_000)
    still(page)
    return page.locator(".pl-headline").first.inner_text().replace("\u00a0", " ")


def clean(seen) -> None:
    assert seen.off_host == []
    assert [error for error in seen.errors if "404" not in error] == []


def query(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def as_text(page) -> str:
    page.get_by_role("radio", name="Text", exact=True).click()
    box = page.get_by_role("textbox", name="The draft as text")
    box.wait_for()
    still(page)
    return box.input_value()


@pytest.fixture(scope="module")
def found(sample_file: Path) -> Simulation:
    """What the screen should say of SCORE on its usual terms."""
    facts = lab.load(History(sample_file))
    until = monday(facts.history.about.data_through.date() - timedelta(days=59))
    return simulate(SCORE, None, ground(facts), Settings(until - timedelta(weeks=52), until))


def pick_rule(page, row: int) -> None:
    """Ticks a row of the table of rules."""
    box = page.locator(".st-key-lab [data-testid=stDataFrame]").first.bounding_box()
    page.mouse.click(box["x"] + 17, box["y"] + 35 + 35 * row + 17)
    still(page)


def part_of_bars(page, number: int) -> None:
    """Clicks one part of the main picture: they come part by part, each for the three sets."""
    bars = page.locator(".js-plotly-plot").first
    click_mark(page, bars, bars.locator(".barlayer .point path").nth(number))
    still(page)


def choose(page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.keyboard.type(option)
    page.get_by_role("option", name=option, exact=True).click()
    still(page)


@pytest.mark.parametrize("size", [(1440, 900), (900, 900)])
def test_cold_deep_link_with_a_shared_draft(running: RunningApp, browser: object, found: Simulation, size: tuple[int, int]) -> None:
    with opened(running, browser, address(SCORE), size=size) as (page, seen):
        said = words.headline(found)
        expected = "".join(part if isinstance(part, str) else part.text for part in said)
        assert headline(page) == expected
        expect(page.locator(".pl-reading")).to_have_text(re.compile("^Q4 2026, replayed over leads of"))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        places = [page.locator(".st-key-lab [data-testid=stColumn]").nth(n).bounding_box() for n in (0, 1)]
        assert (places[1]["y"] >= places[0]["y"] + places[0]["height"]) if size[0] == 900 else places[1]["x"] > places[0]["x"] + 300
        if size[0] == 1440:  # the first picture holds headline, figures, editor and bars
            for name in (".pl-headline", ".pl-strip", ".st-key-lab [data-testid=stDataFrame]", ".js-plotly-plot"):
                box = page.locator(name).first.bounding_box()
                assert box["y"] >= 0 and box["y"] + box["height"] <= 900, name
        assert desk._unpacked(query(page)["draft"][0]) == SCORE
        clean(seen)


def test_the_slider_changes_the_headline_and_nothing_around_it(running: RunningApp, browser: object) -> None:
    with opened(running, browser, address(SCORE)) as (page, seen):
        before = headline(page)
        page.evaluate("document.querySelector('[data-testid=stSidebar]').dataset.mark = 'same'")
        page.evaluate("document.querySelector('.st-key-lab .js-plotly-plot').dataset.mark = 'same'")
        page.get_by_role("slider").first.focus()
        for _ in range(8):
            page.keyboard.press("ArrowRight")
        after = headline(page)
        assert after != before
        assert "threshold: 28" in as_text(page)
        assert page.evaluate("document.querySelector('[data-testid=stSidebar]').dataset.mark") == "same"
        assert desk._unpacked(query(page)["draft"][0]).threshold == 28
        page.reload()
        assert headline(page) == after
        assert "threshold: 28" in as_text(page)
        clean(seen)


def test_a_rule_added_and_removed_by_the_form_is_the_text(running: RunningApp, browser: object) -> None:
    plain = Definition("Plain", fit=(FieldRule("employees", "at_least", 50),), behaviour=(ActivityRule("webinar", 1, 30.0),))
    with opened(running, browser, address(plain)) as (page, seen):
        headline(page)
        page.get_by_text("Add a rule").click()
        still(page)
        choose(page, "Part", "Never, while")
        choose(page, "About", "unsubscribe (act)")
        page.get_by_role("button", name="Add", exact=True).click()
        still(page)
        told = parse(as_text(page))
        assert told == replace(plain, exclude=(ActivityRule("unsubscribe", 1, 30.0),))
        page.get_by_role("radio", name="Form", exact=True).click()
        still(page)
        pick_rule(page, 1)
        page.get_by_role("button", name="Remove", exact=True).click()
        still(page)
        assert parse(as_text(page)) == replace(told, behaviour=())
        assert desk._unpacked(query(page)["draft"][0]) == replace(told, behaviour=())
        clean(seen)


def test_without_its_last_rule_the_draft_is_empty_and_can_be_begun_anew(running: RunningApp, browser: object) -> None:
    with opened(running, browser, address(Definition("One", fit=(FieldRule("employees", "at_least", 50),)))) as (page, seen):
        headline(page)
        pick_rule(page, 0)
        page.get_by_role("button", name="Remove", exact=True).click()
        page.get_by_text("Nothing qualifies a lead yet").wait_for()
        page.reload()
        page.get_by_text("Nothing qualifies a lead yet").wait_for()
        still(page)
        choose(page, "About", "employees")
        choose(page, "Condition", "is at least")
        page.get_by_label("Number").fill("100")
        page.keyboard.press("Tab")
        still(page)
        page.get_by_role("button", name="Add", exact=True).click()
        assert "hands over" in headline(page)
        assert parse(as_text(page)).fit == (FieldRule("employees", "at_least", 100),)
        clean(seen)


def test_a_mistake_in_the_text_is_one_line_and_the_draft_stays(running: RunningApp, browser: object) -> None:
    with opened(running, browser, address(SCORE)) as (page, seen):
        before = headline(page)
        told = as_text(page)
        for wrong, problem in (
            (told.replace("field: employees", "field: employes"), "no lead has a field 'employes'; did you mean 'employees'"),
            (told.replace("at_least: 50", "atleast: 50"), "'atleast'"),
            ("fit: [", "the draft"),
            ("", "the draft"),
        ):
            page.get_by_role("textbox", name="The draft as text").fill(wrong)
            page.keyboard.press("Control+Enter")
            still(page)
            page.get_by_role("button", name="Apply").click()
            still(page)
            page.get_by_text("The draft cannot be read").wait_for()
            line = page.locator(".pl-empty").inner_text()
            assert problem in line and len(line.strip().splitlines()) <= 3
            assert headline(page) == before
        clean(seen)


def test_a_click_on_a_part_lists_exactly_its_leads(running: RunningApp, browser: object, found: Simulation, tmp_path: Path) -> None:
    with opened(running, browser, address(SCORE)) as (page, seen):
        headline(page)
        part_of_bars(page, 2)  # became SQL, no longer handed over
        wanted = found.sides.members()["newly_out"] & part_masks(found.verdicts)["sql"]
        page.get_by_text("No longer handed over: became SQL").first.wait_for()
        expect(page.locator(".pl-sub").first).to_have_text(f"{int(wanted.sum())} leads · No longer handed over: became SQL")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download all as CSV").click()
        download.value.save_as(tmp_path / "leads.csv")
        listed = pl.read_csv(tmp_path / "leads.csv")["lead_id"].to_list()
        ids = lab.load(History(_history_of(running))).lead_ids()
        assert sorted(listed) == sorted(ids.filter(pl.Series(wanted)).to_list())
        clean(seen)


def test_a_figure_lists_exactly_its_leads(running: RunningApp, browser: object, found: Simulation) -> None:
    told, of_both = found.summary, swap.masks_of_sides(found)
    for side, name in (("draft", "definition"), ("baseline", "baseline")):
        assert int(of_both[side]["all"].sum()) == told["qualified"][name]
        assert int(of_both[side]["accepted"].sum()) == told["acceptance"][name]["k"]
        assert int(of_both[side]["sql"].sum()) == told["sql_rate"][name]["k"]
        assert int(of_both[side]["unknown"].sum()) == told["acceptance"][name]["unknown"]
    with opened(running, browser, address(SCORE)) as (page, seen):
        headline(page)
        choose(page, "Leads behind a part", "The draft: became SQL in time")
        expect(page.locator(".pl-sub").first).to_have_text(f"{told['sql_rate']['definition']['k']} leads · The draft: became SQL in time")
        clean(seen)


def test_the_way_back_from_a_lead_keeps_the_draft(running: RunningApp, browser: object) -> None:
    with opened(running, browser, address(SCORE)) as (page, seen):
        before = headline(page)
        part_of_bars(page, 2)
        page.get_by_text("No longer handed over: became SQL").first.wait_for()
        still(page)
        rows = page.locator(".st-key-lab [data-testid=stDataFrame]").nth(1)
        rows.evaluate("element => element.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(500)
        box = rows.bounding_box()
        page.mouse.click(box["x"] + 80, box["y"] + 52)
        page.get_by_text("Every event").wait_for()
        still(page)
        lead = query(page)["lead"][0]
        expect(page.locator(".pl-headline")).to_contain_text(lead)
        page.go_back()
        page.get_by_text("replayed over leads of").first.wait_for()
        assert headline(page) == before
        assert desk._unpacked(query(page)["draft"][0]) == SCORE
        page.go_forward()
        page.get_by_text("Every event").wait_for()
        still(page)
        page.get_by_role("link", name="Back to the Definition lab").click()
        page.get_by_text("replayed over leads of").first.wait_for()
        assert headline(page) == before
        assert desk._unpacked(query(page)["draft"][0]) == SCORE
        assert "lead" not in query(page) and "origin" not in query(page)
        clean(seen)


def _history_of(running: RunningApp) -> Path:
    command = running.process.args
    return Path(command[command.index("--history") + 1])


def test_terms_stand_in_the_address_and_come_back(running: RunningApp, browser: object) -> None:
    with opened(running, browser, address(SCORE)) as (page, seen):
        headline(page)
        page.get_by_role("button", name="Judged on").click()
        still(page)
        choose(page, "Held against", "Score only")
        choose(page, "Weeks that can be judged", "26 weeks")
        page.get_by_label("Marketing promises").fill("900")
        page.keyboard.press("Tab")
        still(page)
        assert query(page)["span"] == ["26 weeks"] and query(page)["quota"] == ["900"] and "base" in query(page)
        page.reload()
        after = headline(page)
        assert "“Score only”" in after
        expect(page.locator(".pl-reading")).to_contain_text("against “Score only”")
        page.get_by_text("Only by the other").first.wait_for()
        clean(seen)


def test_a_draft_is_saved_opened_and_deleted_by_name(running: RunningApp, browser: object) -> None:
    with opened(running, browser, address(SCORE)) as (page, seen):
        headline(page)
        page.get_by_role("button", name="Save").click()
        page.get_by_label("Name", exact=True).fill("Bar ไทย / ../x")
        page.keyboard.press("Tab")
        still(page)
        page.get_by_role("button", name="Save as a draft").click()
        page.get_by_text("Saved as Bar").wait_for()
        page.keyboard.press("Escape")
        still(page)
        expect(page.locator(".pl-reading")).to_contain_text("Bar ไทย")
        page.get_by_role("button", name="Start from").click()
        page.get_by_text("Nothing: an empty draft").click()
        page.get_by_text("Nothing qualifies a lead yet").wait_for()
        still(page)
        page.get_by_role("button", name="Start from").click()
        still(page)
        choose(page, "Saved drafts", "Bar ไทย / ../x")
        page.get_by_test_id("stPopoverBody").get_by_text("Open", exact=True).click()
        assert "hands over" in headline(page)
        assert parse(as_text(page)) == replace(SCORE, name="Bar ไทย / ../x")
        page.get_by_role("button", name="Start from").click()
        still(page)
        choose(page, "Saved drafts", "Bar ไทย / ../x")
        page.get_by_role("button", name="Delete", exact=True).click()
        page.get_by_text("Drafts that you save are listed here").wait_for()
        clean(seen)


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("nonsense", "The address holds no draft that can be read"),
        (desk.packed(SCORE)[:60], "The address holds no draft"),
        ("0.nonsense", "no draft"),
    ],
)
def test_an_address_that_cannot_be_read_is_said_and_left_out(running: RunningApp, browser: object, token: str, said: str) -> None:
    with opened(running, browser, f"/definition?draft={token}&span=9+weeks&quota=-3&capacity=nan&base=also") as (page, seen):
        assert "hands over" in headline(page)
        page.get_by_text(said).first.wait_for()
        assert query(page).keys() <= {"draft"}
        clean(seen)


def test_a_draft_of_another_history_says_what_is_not_here(running: RunningApp, browser: object) -> None:
    foreign = replace(SCORE, fit=(FieldRule("headcount", "at_least", 5), FieldRule("employees", "at_least", 50)))
    with opened(running, browser, address(foreign)) as (page, seen):
        assert headline(page) == "The draft asks about something that this history does not have."
        expect(page.locator(".pl-empty")).to_contain_text("no lead has a field 'headcount'")
        pick_rule(page, 0)
        page.get_by_role("button", name="Remove", exact=True).click()
        page.get_by_text("hands over").first.wait_for()
        assert "hands over" in headline(page)
        clean(seen)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("hostile")
    quoted = f'"{HOSTILE}"'
    leads = "\n".join(f"L{n},2026-01-{n % 27 + 1:02d}T00:00:00Z,{quoted if n % 2 else 'plain'}" for n in range(60))
    write_table(folder / "csv", "leads", f"lead_id,created_at,{quoted}\n{leads}")
    acts = "\n".join(f"L{n},2026-02-{n % 27 + 1:02d}T00:00:00Z,{quoted}" for n in range(60))
    write_table(folder / "csv", "activities", f"lead_id,occurred_at,activity\n{acts}")
    build_file(folder / "csv", folder / "h.duckdb")
    with running_app(folder / "h.duckdb") as running:
        yield running


def test_names_and_values_from_data_stay_text(hostile: RunningApp, browser: object) -> None:
    facts = lab.load(History(_history_of(hostile)))
    name = next(one for one in facts.known().fields if "elsewhere" in one)
    act = next(one for one in facts.known().activities if "elsewhere" in one)
    draft = Definition(HOSTILE, fit=(FieldRule(name, "is", HOSTILE),), points=(Points(ActivityRule(act), 5.0, 20.0),), threshold=5.0)
    with opened(hostile, browser, address(draft, base=desk.packed(replace(draft, threshold=10.0)))) as (page, seen):
        assert "![x](http://elsewhere/y) <img src=" in headline(page)
        assert HOSTILE[:50] in page.locator(".pl-reading").inner_text()
        pick_rule(page, 0)
        expect(page.locator("img[src*=elsewhere]")).to_have_count(0)
        page.get_by_role("button", name="Save").click()
        still(page)
        page.get_by_role("button", name="Save as a draft").click()
        page.get_by_text("Saved as").wait_for()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Judged on").click()
        still(page)
        page.get_by_role("combobox", name="Held against").click()
        page.wait_for_timeout(300)
        expect(page.locator("img[src*=elsewhere]")).to_have_count(0)
        assert [url for url in seen.requests if "elsewhere" in urlsplit(url).netloc] == []
        clean(seen)
