"""What many tests need: the shipped sample history, imported once a session."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import figures
from tests.importing_support import build_file

SAMPLE = Path(__file__).parent.parent / "sample_data" / "history"


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped sample as a snapshot file."""
    target = tmp_path_factory.mktemp("sample") / "h.duckdb"
    build_file(SAMPLE, target)
    return target


@pytest.fixture(autouse=True)
def main_module_as_it_was() -> Iterator[None]:
    """AppTest puts a script of its own, soon gone, in the place of the main module; processes that are spawned later would look for it."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures measured, of passed tests too; pytest shows the output of failed ones only."""
    lines = figures.said(report.capstdout for report in terminalreporter.getreports("passed") if report.when == "call")
    if lines:
        terminalreporter.section("figures measured")
        for line in lines:
            terminalreporter.write_line(line)
