"""Hostile addresses: whatever stands behind any name, a screen opens as usual, and no exception reaches a visitor."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plumbline.ui import address
from tests.figures import measured

ROOT = Path(__file__).parents[1]
SCREENS = ("weekly", "funnel", "leaks", "speed", "persistence", "sources", "accounts", "leads", "definition", "import")
GROUPS = {"weekly": "meet", "definition": "agree", "import": "data"}
_NAMED = re.compile(
    r"""(?:query_params(?:\.get|\.get_all|\.pop)?[\[(]|address\.(?:number|tell)\()"(\w+)"|key="(\w+)", (?:persist_state="\w+", )?bind="""
)
_OPENS_ANOTHER = ("lead", "account", "leak", "part", "view")  # what draws something else in place of most of the screen
DIGITS = "9" * 4_301
HOSTILE = (
    *(DIGITS, f"-{DIGITS}", f"{DIGITS}.5", "1e999", "-1", "0", "1.5", "nan", "inf", "٣", "１２", "", " ", "a" * 100_000, "\x00", "\x1b[2J"),
    *("\u202e", "💥", "../../etc/passwd", "'; drop table leads; --", "<script>alert(1)</script>", "![x](http://off.example/x)", "{0.__class__}"),
    *(
        "%s%n",
        "true",
        "null",
        "[]",
        "{}",
        "2026-02-30",
        "9999-12-31",
        "0001-01-01",
        "NaT",
        "mql",
        "sal→sql",
        "a|b|c",
        "|",
        ":",
        "=",
        "(" * 300,
        "[" * 300,
    ),
    *("eJwDAAAAAAE=", "eJz" + "A" * 30_000, "~", "~eJw", "\\", "*", "?", "a&b=c", "%00", "%", "0x10", "1_000", "+5", "None", "999999999999999"),
)


def names() -> list[str]:
    """Every name that a screen reads from the address, from its code; and some that none does."""
    code = "\n".join(path.read_text(encoding="utf-8") for folder in ("pages", "plumbline/ui") for path in sorted((ROOT / folder).rglob("*.py")))
    found = {name for pair in _NAMED.findall(code) for name in pair if name}
    return sorted(
        found | {"mql_days", "sal_days", "sql_days", "opportunity_days", "inquiry_days", "calls", "emails", "days", "percent", "source", "region"}
    )


def opened(screen: str, values: dict[str, str | list[str]]) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in values.items():
        at.query_params[name] = value
    at.switch_page(f"pages/{GROUPS.get(screen, 'explore')}/{screen}.py")
    return at.run()


def random_address(draw: random.Random, known: list[str]) -> dict[str, str | list[str]]:
    told: dict[str, str | list[str]] = {}
    for name in draw.sample(known, draw.randrange(1, len(known))):
        if name not in _OPENS_ANOTHER or draw.random() < 0.2:
            told[name] = draw.choice(HOSTILE) if draw.random() < 0.9 else [draw.choice(HOSTILE) for _ in range(draw.choice((2, 3, 400)))]
    return told


def faults(runs: int, seed: int) -> list[str]:
    draw, known, found = random.Random(seed), names(), []
    assert len(known) > 50
    for number in range(runs):
        screen = SCREENS[number % len(SCREENS)]
        told = random_address(draw, known)
        at = opened(screen, told)
        found += [f"{screen} {told}: {error.message}" for error in at.exception]
    return found


@pytest.fixture
def served(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(sample_file))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))


def test_hostile_addresses(served: None) -> None:
    assert faults(40, 1) == []
    measured("40 addresses full of hostile values on ten screens: 0 exceptions")


@pytest.mark.long
def test_many_hostile_addresses(served: None) -> None:
    assert faults(700, 2) == []
    measured("700 addresses full of hostile values on ten screens: 0 exceptions")


@pytest.mark.parametrize("screen", ["funnel", "sources", "leaks", "speed", "persistence", "accounts", "leads"])
def test_a_number_of_thousands_of_digits_is_as_any_out_of_range(served: None, screen: str) -> None:
    numbers = dict.fromkeys(("sal_days", "mql_days", "calls", "days", "share", "active", "page", "cap", "cost", "worth", "percent"), DIGITS)
    assert not opened(screen, numbers).exception


@pytest.mark.parametrize(("told", "meant"), [("7", 7), ("0", 5), ("101", 5), ("", 5), ("-7", 5), ("٣", 5), ("1" * 16, 5), (DIGITS, 5), ("7.0", 5)])
def test_whole_numbers(told: str, meant: int) -> None:
    assert address.whole(told, 1, 100, 5) == meant


@pytest.mark.parametrize("number", ["1e999", "nan", DIGITS])
@pytest.mark.parametrize(
    ("screen", "look", "names"),
    [("leads", {}, ["page"]), ("persistence", {"persisted": "When to stop"}, ["cost", "worth"]), ("speed", {"closer": "Reps"}, ["cap"])],
)
def test_a_control_of_numbers_holds_its_usual_one(served: None, screen: str, look: dict[str, str], names: list[str], number: str) -> None:
    at = opened(screen, look | dict.fromkeys(names, number))
    assert not at.exception
    assert [(control.key, control.value) for control in at.number_input if control.key in names] == [
        (name, {"page": 1, "cost": 15.0, "worth": 500.0, "cap": 500}[name]) for name in names
    ]
