"""Writes docs/settings.md from the table in plumbline/settings.py. A guard test fails while the two differ."""

from __future__ import annotations

from pathlib import Path

from plumbline.settings import SETTINGS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
INTRODUCTION = """# Settings

Each setting is an environment variable. Where none is set, the default holds. This page is written by `scripts/write_settings_page.py`
from the table in `plumbline/settings.py`.

| variable | default | what it does |
|---|---|---|
"""


def page() -> str:
    """The whole page: one row per setting, in the order of the table."""
    rows = (
        f"| `{setting.variable}` | {setting.default if setting.default != '' else '(empty)'} | {cell(setting.help)} |\n"
        for setting in SETTINGS.values()
    )
    return INTRODUCTION + "".join(rows)


def cell(text: str) -> str:
    """Text that stays inside one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
