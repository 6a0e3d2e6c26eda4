"""Every PLUMBLINE_ variable is in the one table, and every setting is described in docs/settings.md."""

from __future__ import annotations

import re

from plumbline.settings import SETTINGS
from scripts.write_settings_page import PAGE, page
from tests.guards.tree import ROOT, kept_files

CODE = (".py", ".sh", ".toml", ".md", ".yaml", "Makefile", "run")


def unknown_variables(text: str) -> set[str]:
    """PLUMBLINE_ names of a text that are no setting."""
    return set(re.findall(r"PLUMBLINE_[A-Z][A-Z0-9_]*", text)) - {setting.variable for setting in SETTINGS.values()}


def test_every_variable_in_the_code_is_a_setting() -> None:
    found = {}
    for path in kept_files():
        name = path.relative_to(ROOT).as_posix()
        if name.endswith(CODE) and not name.startswith("tests/"):
            found[name] = unknown_variables(path.read_text(encoding="utf-8"))
    assert {name: names for name, names in found.items() if names} == {}


def test_an_unknown_variable_is_seen() -> None:
    assert unknown_variables("os.environ['PLUMBLINE_NO_SUCH']") == {"PLUMBLINE_NO_SUCH"}
    assert unknown_variables("PLUMBLINE_HOME") == set()


def test_the_settings_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_setting_has_help() -> None:
    assert [name for name, setting in SETTINGS.items() if len(setting.help) < 20 or setting.variable not in page()] == []
