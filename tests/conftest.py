"""What many tests need: the shipped sample history, imported once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importing_support import build_file

SAMPLE = Path(__file__).parent.parent / "sample_data" / "history"


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped sample as a snapshot file."""
    target = tmp_path_factory.mktemp("sample") / "h.duckdb"
    build_file(SAMPLE, target)
    return target
