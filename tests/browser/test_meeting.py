"""Meeting mode in a real browser: the arrows go from step to step and leave a text alone; it is read from three metres; the minutes download."""

from __future__ import annotations

from pathlib import Path

import pytest
from pptx import Presentation

from tests.browser_support import expect, needs_browser, opened_page, running_app, wait_until_still
from tests.minutes_support import published

pytestmark = needs_browser
SMALLEST = """() => [...document.querySelectorAll('.pl-m-step *')]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .map(one => [parseFloat(getComputedStyle(one).fontSize), one.textContent.slice(0, 40)])
    .sort((a, b) => a[0] - b[0])[0]"""


def test_a_meeting_by_the_arrows(sample_file: Path, browser: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    monkeypatch.delenv("PLUMBLINE_STATE", raising=False)
    published()
    with (
        running_app(sample_file, environment={"PLUMBLINE_HOME": str(tmp_path)}) as app,
        opened_page(f"{app.url}/weekly?meeting=1", browser=browser, size=(1920, 1080)) as (page, seen),
    ):
        page.get_by_label("Your name").fill("Ana Lee")
        page.get_by_role("button", name="This is me").click()
        page.get_by_role("button", name="Begin the meeting").click()
        page.get_by_text("1 of 6 · Promises").wait_for(timeout=90_000)
        wait_until_still(page)
        expect(page.get_by_test_id("stSidebar")).to_be_hidden()
        for step in ("What changed", "Leaks", "Call now, and rejections", "Actions", "Wins, and close"):
            size, told = page.evaluate(SMALLEST)
            assert size >= 20, told
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.keyboard.press("ArrowRight")
            page.get_by_text(f"of 6 · {step}").wait_for()
            wait_until_still(page)
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
        expect(page.get_by_text("6 of 6")).to_be_visible()
        page.keyboard.press("ArrowLeft")
        page.get_by_text("5 of 6").wait_for()
        wait_until_still(page)
        note = page.get_by_label("Note on “Actions”")
        note.fill("abc")
        note.press("ArrowLeft")
        note.press("ArrowRight")
        page.wait_for_timeout(500)
        expect(page.get_by_text("5 of 6")).to_be_visible()
        page.get_by_role("button", name="Next").click()
        page.get_by_text("6 of 6").wait_for()
        wait_until_still(page)
        expect(page.locator(".pl-m-note")).to_contain_text("abc")
        page.get_by_role("button", name="Back").first.click()
        page.get_by_text("5 of 6").wait_for()
        wait_until_still(page)
        expect(page.get_by_label("Note on “Actions”")).to_have_value("abc")
        page.get_by_role("button", name="Next").click()
        page.get_by_text("6 of 6").wait_for()
        wait_until_still(page)
        used = page.locator(".pl-minutes").evaluate("one => getComputedStyle(one, '::after').content + getComputedStyle(one).counterReset")
        assert "pl-minutes" in used
        page.get_by_role("button", name="Close the meeting").click()
        page.get_by_text("are written").wait_for(timeout=60_000)
        wait_until_still(page)
        for name, ending in (("Minutes as a page (HTML)", "html"), ("Minutes as slides (PPTX)", "pptx")):
            with page.expect_download(timeout=60_000) as found:
                page.get_by_role("button", name=name).click()
            found.value.save_as(tmp_path / f"minutes.{ending}")
            assert found.value.suggested_filename == f"minutes-2026-W45.{ending}"
        assert "abc" in (tmp_path / "minutes.html").read_text(encoding="utf-8")
        assert len(Presentation(tmp_path / "minutes.pptx").slides) == 7
        page.goto((tmp_path / "minutes.html").as_uri())
        expect(page.locator("h1")).to_contain_text("Marketing kept")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert seen.off_host == [] or all(url.startswith("file:") for url in seen.off_host)
    assert [error for error in seen.errors if "404" not in error] == []
