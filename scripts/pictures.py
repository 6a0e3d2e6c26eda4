"""Pictures of every screen for docs/pictures: the shipped sample, light and dark, 1440 and 900 wide.

python scripts/pictures.py [FOLDER [SCREEN ...]]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from plumbline.definition import ActivityRule, Definition, FieldRule, Points
from plumbline.definition.presets import SIGNS
from plumbline.ui.lab.desk import packed
from tests.browser_support import opened_browser, opened_page, running_app, wait_until_still
from tests.importing_support import build_file

SCORE = Definition(
    "Points for what they do",
    fit=(FieldRule("employees", "at_least", 50),),
    exclude=(FieldRule("is_competitor", "is", True),),
    points=tuple(Points(ActivityRule(name), float(given), float(cap)) for name, given, cap, *_ in SIGNS[:6]),
    threshold=40.0,
    half_life_days=30.0,
)
SAMPLE = Path(__file__).parent.parent / "sample_data" / "history"
SCREENS = {
    "weekly": "/weekly",
    "funnel": "/funnel",
    "funnel-outcomes": "/funnel?look=Outcomes+over+time",
    "funnel-time": "/funnel?look=Time+in+stage",
    "funnel-segment": "/funnel?look=By+segment",
    "funnel-activity": "/funnel?look=Activity",
    "leaks": "/leaks?period=Last+26+weeks",
    "leaks-one": "/leaks?period=Last+26+weeks&leak=mql-%3Esal%7Cregion%3DAsia+Pacific",
    "leaks-back": "/leaks?period=Last+26+weeks&sight=Sent+back",
    "leaks-ahead": "/leaks?period=Last+26+weeks&sight=To+come",
    "speed": "/speed",
    "speed-hours": "/speed?period=All+time&closer=Hours+of+the+week",
    "speed-goes-with": "/speed?period=All+time&closer=What+goes+with+speed",
    "persistence": "/persistence",
    "persistence-matrix": "/persistence?period=All+time&persisted=Calls+and+emails",
    "persistence-stop": "/persistence?period=All+time&persisted=When+to+stop",
    "sources": "/sources",
    "sources-campaigns": "/sources?period=All+time&dots=Campaigns&of=webinar",
    "accounts": "/accounts",
    "leads": "/leads?period=All+time&source=webinar",
    "leads-calls": "/leads?view=Call+list",
    "lead": "/leads?lead=L0000004",
    "definition": "/definition",
    "definition-score": f"/definition?draft={packed(SCORE)}",
    "agreement": "/agreement",
    "import": "/import",
}


def main(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        history = Path(temporary) / "sample.duckdb"
        build_file(SAMPLE, history)
        with running_app(history) as app, opened_browser() as browser:
            for scheme in ("light", "dark"):
                for width in (1440, 900):
                    for name in names or SCREENS:
                        path = SCREENS[name]
                        target = folder / f"{name}-{scheme}-{width}.png"
                        with opened_page(app.url.rstrip("/") + path, browser=browser, scheme=scheme, size=(width, 900)) as (page, _):
                            page.locator(".pl-headline").first.wait_for(timeout=60_000)
                            wait_until_still(page)
                            page.wait_for_timeout(800)
                            height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                            page.set_viewport_size({"width": width, "height": min(max(900, int(height)), 2600)})
                            page.wait_for_timeout(800)
                            page.screenshot(path=str(target))
                        print(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/pictures"), sys.argv[2:])
