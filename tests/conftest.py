"""What many tests need: the shipped sample history, imported once a session."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import figures, postgres_support
from tests.importing_support import build_file

SAMPLE = Path(__file__).parent.parent / "sample_data" / "history"


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped sample as a snapshot file."""
    target = tmp_path_factory.mktemp("sample") / "h.duckdb"
    build_file(SAMPLE, target)
    return target


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of this session's own; skipped with the reason where there is none."""
    if why := postgres_support.why_not():
        pytest.skip(why)
    with postgres_support.server() as beginning:
        yield beginning


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An empty store of each kind; gives the environment of commands that use it, which is set here too."""
    there = {"PLUMBLINE_HOME": str(tmp_path / "home"), "PLUMBLINE_STATE": ""}
    if request.param == "postgresql":
        there["PLUMBLINE_STATE"] = postgres_support.new_database(request.getfixturevalue("postgres"))
    for name, value in there.items():
        monkeypatch.setenv(name, value)
    return there


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
