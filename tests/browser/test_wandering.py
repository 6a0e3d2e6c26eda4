"""Someone who clicks about: whatever is clicked, in whatever order, no screen breaks.

A failure prints the seed and every step; `TEST_WANDERINGS=1 TEST_SEED=7` walks one again.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from tests.browser_support import RunningApp, needs_browser, opened_browser, opened_page, running_app, wait_until_still
from tests.figures import measured

pytestmark = needs_browser

STARTS = (
    "/weekly",
    "/funnel",
    "/speed",
    "/persistence",
    "/sources",
    "/accounts",
    "/leads",
    "/definition",
    "/leads?view=Fit+and+interest",
    "/funnel?period=All+time&look=By+segment",
)
SHORT, WHOLE = 2, 60  # walks
STEPS = 22
_MAIN = '[data-testid="stMain"], [data-testid="stSidebar"] nav'
# What a visitor can point at. Left out: what leaves the history (the Import screen has tests of its own), downloads, and the browser's own dialogs.
KINDS = {
    "button": 'button:not([disabled]):not([data-testid="stDownloadButton"] button)',
    "choice": '[role="radio"], [role="checkbox"], [data-baseweb="checkbox"]',
    "list": '[role="combobox"]',
    "link": 'a[href]:not([href*="import"]):not([target="_blank"])',
    "table": '[data-testid="stDataFrame"]',
    "mark": ".js-plotly-plot .point path, .js-plotly-plot .points path",
    "slider": '[role="slider"]',
    "text": 'input[type="text"], input[type="number"]',
}
WORDS = ("acme", "0", "-1", "1e9", "ไทย", "<b>x</b>", "'; drop table leads; --", "")


@pytest.fixture(scope="module")
def app(sample_file: Path) -> RunningApp:
    with running_app(sample_file) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> object:
    with opened_browser() as opened:
        yield opened


def walk(app: RunningApp, browser: object, seed: int) -> None:
    rng = Random(f"walk {seed}")
    start = rng.choice(STARTS)
    steps = [start]
    with opened_page(app.url.rstrip("/") + start, browser=browser, size=rng.choice([(1440, 900), (900, 900)])) as (page, seen):
        wait_until_still(page, 60_000)
        for _ in range(STEPS):
            steps.append(_step(page, rng))
            try:
                wait_until_still(page, 60_000)
            except AssertionError as never:
                raise AssertionError(f"walk {seed}: {never}\n" + "\n".join(steps)) from None
            broken = page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]').all_inner_texts()
            assert not broken, f"walk {seed} broke: {broken}\n" + "\n".join(steps) + f"\n{app.log[-3000:]}"
        assert seen.off_host == []


def _step(page: object, rng: Random) -> str:
    """One thing that a visitor does; what it was, in words."""
    if rng.random() < 0.06:
        page.go_back()
        if page.url.startswith("about:"):
            page.go_forward()
        return "back"
    if rng.random() < 0.04:
        page.reload()
        return "reload"
    kinds = list(KINDS)
    rng.shuffle(kinds)
    inside = page.locator(_MAIN)
    for kind in kinds:
        found = [one for one in inside.locator(KINDS[kind]).all() if one.is_visible()]
        if found:
            one = rng.choice(found)
            told = f"{kind} {(one.get_attribute('aria-label') or one.text_content() or '')[:50]!r} at {page.url[-120:]}"
            try:
                _do(page, one, kind, rng)
            except Exception as gone:  # it was covered, or vanished as the page was drawn anew: a visitor would miss it as well
                if "Timeout" not in type(gone).__name__ and "not attached" not in str(gone):
                    raise
                return f"missed {told}"
            return told
    return "nothing to click"


def _do(page: object, one: object, kind: str, rng: Random) -> None:
    if kind == "table":
        one.evaluate("element => element.scrollIntoView({block: 'center'})")
        if box := one.bounding_box():
            page.mouse.click(box["x"] + rng.uniform(0.02, 0.9) * box["width"], box["y"] + rng.uniform(0.05, 0.95) * box["height"])
    elif kind == "mark":
        one.evaluate("element => element.scrollIntoView({block: 'center'})")
        if box := one.bounding_box():
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            page.mouse.move(x - 3, y - 3)
            page.mouse.move(x, y)
            page.wait_for_timeout(150)
            page.mouse.click(x, y)
    elif kind == "list":
        one.click(timeout=3000)
        page.wait_for_timeout(200)
        options = [option for option in page.get_by_role("option").all() if option.is_visible()]
        if options:
            rng.choice(options).click(timeout=3000)
        page.keyboard.press("Escape")
    elif kind == "slider":
        one.focus(timeout=3000)
        for _ in range(rng.randint(1, 6)):
            page.keyboard.press(rng.choice(["ArrowRight", "ArrowLeft", "End", "Home"]))
        page.wait_for_timeout(300)
    elif kind == "text":
        one.fill(rng.choice(WORDS) if one.get_attribute("type") == "text" else rng.choice(["0", "1", "7", "90", "-1", "1e9"]), timeout=3000)
        page.keyboard.press("Enter")
    else:
        one.click(timeout=3000)


def _walks(app: RunningApp, browser: object, count: int, first: int) -> None:
    first, count = int(os.environ.get("TEST_SEED", first)), int(os.environ.get("TEST_WANDERINGS", count))
    for seed in range(first, first + count):
        walk(app, browser, seed)
    measured(f"{count} walks of {STEPS} steps, nothing broke")


@pytest.mark.timeout(1200)
def test_nothing_breaks_under_a_wanderer(app: RunningApp, browser: object) -> None:
    _walks(app, browser, SHORT, 0)


@pytest.mark.long
@pytest.mark.timeout(0)
def test_nothing_breaks_under_many_wanderers(app: RunningApp, browser: object) -> None:
    _walks(app, browser, WHOLE, SHORT)
