"""The first run of a screen sets its modules and caches aside from garbage collection; later runs set nothing aside."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plumbline.ui import long_lived

ROOT = Path(__file__).resolve().parents[1]


def test_each_screen_is_set_aside_once(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(sample_file))
    monkeypatch.setattr(long_lived, "_done", set())
    gc.unfreeze()
    try:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        app.switch_page("pages/explore/funnel.py").run()
        assert not app.exception
        set_aside = gc.get_freeze_count()
        assert set_aside > 100_000
        app.run()
        assert gc.get_freeze_count() <= set_aside
        app.switch_page("pages/explore/leads.py").run()
        assert long_lived._done == {"weekly", "funnel", "leads"}
    finally:
        gc.unfreeze()
