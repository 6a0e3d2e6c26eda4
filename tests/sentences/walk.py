"""Opens the views of a history one after the other, follows the links they show, and writes down what they say."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from streamlit import config
from streamlit.testing.v1 import AppTest

from tests.sentences.reading import Sentence, of_page
from tests.sentences.views import ALL_TIME, PAGES, View

ROOT = Path(__file__).resolve().parents[2]
_TIMEOUT = 300
# Of links that differ in other values than these, one is followed: another lead, another leak.
_KINDS = ("look", "sight", "closer", "persisted", "view", "stage", "outcome", "band", "behind", "due", "kind", "scope", "step")


@dataclass(frozen=True)
class Opened:
    """A view that was opened, and what it said."""

    view: View
    sentences: tuple[Sentence, ...]

    @property
    def is_blank(self) -> bool:
        """No headline, no empty state and no heading, so nothing that answers."""
        return not any(one.kind in ("headline", "empty", "title", "heading") for one in self.sentences)


def opened(history: Path, home: Path, views: Iterable[View], follow: int = 0) -> Iterator[Opened]:
    """Opens each view of the history at `history`; then the links found on the way, up to `follow` of them."""
    os.environ["PLUMBLINE_HISTORY"], os.environ["PLUMBLINE_HOME"] = str(history), str(home)
    config.set_option("client.showErrorDetails", "full")
    known: Counter[tuple] = Counter()
    ways: list[View] = []
    for view in views:
        known[_kind(view)] += 1
        result, links = _open(view)
        ways += links
        yield result
    for view in ways:
        if follow and not known[_kind(view)]:
            known[_kind(view)] += 1
            follow -= 1
            yield _open(view)[0]


def _open(view: View) -> tuple[Opened, list[View]]:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=_TIMEOUT)
    page.switch_page(PAGES[view.screen])
    for name, value in view.address.items():
        page.query_params[name] = value
    for name, value in view.session.items():
        page.session_state[name] = value
    page.run()
    sentences, links = of_page(page)
    return Opened(view, tuple(sentences)), [way for link in links if (way := _way(view, link)) is not None]


def _way(view: View, link: str) -> View | None:
    told = urlsplit(link)
    screen = told.path or view.screen
    if screen not in PAGES:
        return None
    address = {name: values[0] if len(values) == 1 else values for name, values in parse_qs(told.query).items()}
    return View(screen, address)


def _kind(view: View) -> tuple:
    told = {name: value if name in _KINDS else "" for name, value in view.address.items() if value != ALL_TIME and name != "draft"}
    return view.screen, tuple(sorted((name, str(value)) for name, value in {**told, **view.session}.items()))


def leads_of(view_rows: Opened, most: int = 2) -> list[View]:
    """The stories of the first leads of a list."""
    cells = [one.text.split(" | ")[0] for one in view_rows.sentences if one.kind == "cell"]
    return [replace(view_rows.view, screen="leads", address={"lead": cell}, session={}) for cell in cells[:most]]


def written(results: Iterable[Opened]) -> str:
    """All sentences, view by view; one that a view before has said too is left out there, but for headlines."""
    lines: list[str] = []
    before: set[tuple[str, Sentence]] = set()
    for result in results:
        lines.append(f"\n## {result.view.name}{'   (BLANK)' if result.is_blank else ''}")
        for one in result.sentences:
            if one.kind == "headline" or (result.view.screen, one) not in before:
                lines.append(f"{one.kind:>9}  {one.text}")
            before.add((result.view.screen, one))
    return "\n".join(lines) + "\n"
