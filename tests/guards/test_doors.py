"""The doors between the rooms: who may import whom (the architecture in docs and CONTRIBUTING)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable

import pytest

from tests.guards.tree import code_files, imports, under

DOORS = {
    "streamlit": ("app.py", "pages/", "plumbline/ui/", "plumbline/server.py"),
    "duckdb": (
        "plumbline/history/",
        "plumbline/importing/",
        "plumbline/metrics.py",
        "plumbline/metrics/",
        "plumbline/replay.py",
        "plumbline/replay/",
    ),
    "plotly": ("plumbline/charts.py", "plumbline/charts/", "plumbline/reports/", "plumbline/ui/"),
    "starlette": ("plumbline/server.py",),
    "uvicorn": ("plumbline/server.py",),
    "sqlalchemy": ("plumbline/state/",),
    "alembic": ("plumbline/state/",),
    "typer": ("plumbline/cli.py", "plumbline/agreement_commands/", "plumbline/report_commands.py", "plumbline/command_options.py"),
    "pptx": ("plumbline/reports/",),
}
CHARTS = ("plumbline/charts.py", "plumbline/charts/")
CHARTS_KNOW = {"plotly", "polars", "plumbline.charts", "plumbline.colours", "plumbline.wording"}

# A room may open the doors of its own floor and of the floors below. A room that is not named here is on the third.
FLOORS = (
    {"errors"},
    {"settings", "clock", "colours", "wording", "sqlfiles", "text", "plain_yaml", "patterns", "instants"},
    {"definition", "filters", "statistics", "history", "state"},
    {"simulation", "replay", "metrics", "agreements", "reports", "importing", "charts", "exports", "sample"},
    {"ui"},
    {"server"},
    {"cli", "agreement_commands", "report_commands", "command_options", "__main__", "app", "pages"},
)
# Doors opened on purpose, each with its reason. One that nobody uses any more fails the test.
EXCEPTIONS = {
    ("plumbline/history/build.py", "plumbline.importing.stage"): "a snapshot is built from what an import has staged",
    ("plumbline/charts/breakdown.py", "plumbline.statistics"): "draws the Wilson interval of the share it shows",
    ("plumbline/charts/cohorts.py", "plumbline.statistics"): "draws the Wilson interval of the share it shows",
    ("plumbline/charts/ordered_shares.py", "plumbline.statistics"): "draws the Wilson interval of the share it shows",
}
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def room(name: str) -> str:
    """plumbline/history/build.py is in the room history, pages/explore/funnel.py in pages, app.py in app."""
    parts = name.removesuffix(".py").split("/")
    return parts[1] if parts[0] == "plumbline" and len(parts) > 1 else parts[0]


def broken_doors(files: Iterable[tuple[str, ast.Module]]) -> list[str]:
    """One line per import that opens a door it may not."""
    found = []
    for name, tree in files:
        for imported in sorted(imports(tree)):
            if (name, imported) in EXCEPTIONS:
                continue
            package, *rest = imported.split(".")
            if package in DOORS and not under(name, DOORS[package]):
                found.append(f"{name} imports {package}: only {', '.join(DOORS[package])} may")
            if under(name, CHARTS) and not knows(imported):
                found.append(f"{name} imports {imported}: charts know only {', '.join(sorted(CHARTS_KNOW))}")
            target = rest[0] if package == "plumbline" and rest else package if package in ("app", "pages") else None
            if target and name != "plumbline/__init__.py" and FLOOR_OF.get(target, 3) > FLOOR_OF.get(room(name), 3):
                found.append(f"{name} imports {imported}: {target} is on a higher floor than {room(name)}")
    return found


def knows(imported: str) -> bool:
    """Whether a chart may import it: the standard library, and what CHARTS_KNOW names."""
    return imported.split(".")[0] in sys.stdlib_module_names or any(imported == known or imported.startswith(known + ".") for known in CHARTS_KNOW)


def test_every_door_is_kept() -> None:
    assert broken_doors(code_files()) == []


def test_every_exception_is_used() -> None:
    used = {(name, imported) for name, tree in code_files() for imported in imports(tree)}
    assert set(EXCEPTIONS) - used == set()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("plumbline/simulation.py", "import streamlit as st"),
        ("plumbline/filters.py", "from duckdb import connect"),
        ("pages/explore/funnel.py", "import duckdb.typing"),
        ("plumbline/charts.py", "import numpy"),
        ("plumbline/charts/bars.py", "from plumbline.history import schema"),
        ("plumbline/errors.py", "from plumbline.settings import setting"),
        ("plumbline/history/build.py", "from plumbline import importing"),
        ("plumbline/metrics.py", "def f():\n    from plumbline.ui.data import cached"),
        ("plumbline/ui/panels.py", "import app"),
        ("plumbline/words/weekly.py", "from plumbline.ui import text"),
        ("plumbline/reports/minutes.py", "from plumbline.ui.weekly import columns"),
        ("plumbline/workspace.py", "from plumbline.ui import data"),
        ("plumbline/meeting/weekly.py", "from plumbline.ui import on_record"),
    ],
)
def test_a_broken_door_is_seen(name: str, line: str) -> None:
    assert broken_doors([(name, ast.parse(line))])


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("plumbline/ui/data.py", "import streamlit"),
        ("plumbline/importing/stage.py", "import duckdb"),
        (
            "plumbline/charts/bars.py",
            "from __future__ import annotations\nimport math\nimport plotly.graph_objects as go\nfrom plumbline.colours import SIDES",
        ),
        ("plumbline/importing/stage.py", "from plumbline.history.schema import TABLES"),
        ("plumbline/cli.py", "from plumbline.server import serve"),
    ],
)
def test_an_open_door_is_let_be(name: str, line: str) -> None:
    assert broken_doors([(name, ast.parse(line))]) == []
