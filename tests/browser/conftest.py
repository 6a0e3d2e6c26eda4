"""What the tests of the screens share: the app on the shipped sample, and a Chromium, once for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser_support import opened_browser, running_app


@pytest.fixture(scope="module")
def app(sample_file: Path) -> Iterator[str]:
    """The address of the app on the shipped sample."""
    with running_app(sample_file) as running:
        yield running.url.rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A Chromium."""
    with opened_browser() as opened:
        yield opened
