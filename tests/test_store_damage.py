"""A damaged store is never served in silence: flips and cuts of the file are refused, found by the check, or change nothing that is shown."""

from __future__ import annotations

import random
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from plumbline import drafts
from plumbline.agreement import feedback, signing, versions
from plumbline.agreement.verify import verify
from plumbline.agreement.version import Frozen
from plumbline.definition import Definition, FieldRule
from plumbline.errors import PlumblineError
from plumbline.state import audit, integrity
from plumbline.state.opening import reading
from tests.agreement_support import agreement
from tests.figures import measured
from tests.state_support import ANN, BOB

TODAY = date(2026, 12, 1)
COPIES = 300


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    for number in range(3):
        drafts.save(Definition(f"draft {number}", fit=(FieldRule("employees", "at_least", 100 + number),)), ANN)
    for employees in (100, 200):
        made = versions.new(agreement(employees=employees), ANN)
        signing.freeze(made.number, Frozen(ANN.at_text, "Ann", "s", "f" * 64, "0.1.0", 7, b'{"a":1}', ("country",)), 1, TODAY, ANN)
        seal = versions.version(made.number).seal
        signing.sign(made.number, "marketing", seal, TODAY, ANN, acknowledges_today=True)
        signing.sign(made.number, "sales", seal, TODAY, BOB, acknowledges_today=True)
        feedback.give(made.number, "Zoë", False, "too low", {"employees": "200"}, ANN)
    signing.leave("Bob", ANN)
    signing.decline(2, "sales", "too wide", TODAY, BOB)
    closing = sqlite3.connect(tmp_path / "state.db")
    closing.execute("pragma wal_checkpoint(truncate)").fetchall()
    closing.close()
    return tmp_path / "state.db"


def served() -> object:
    """All that the store shows."""
    with reading() as connection:
        return drafts.saved(), versions.all_versions(connection), audit.rows(connection), feedback.given(1), feedback.given(2)


def found() -> list[str]:
    """What the check says of the store."""
    with reading() as connection:
        return [*integrity.faults(connection), *audit.verify(connection), *verify(connection)]


def test_flips_and_cuts(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, before = file.read_bytes(), served()
    assert found() == []
    draw = random.Random(17)
    told = {"refused": 0, "found": 0, "changed nothing": 0}
    used = [at for at in range(len(whole)) if whole[at]]
    for number in range(COPIES):
        copy = tmp_path / f"copy{number}" / "state.db"
        copy.parent.mkdir()
        if number % 10 == 9:
            damaged = whole[: draw.randrange(1, len(whole))]
        else:
            at = draw.choice(used) if number % 3 else draw.randrange(len(whole))
            damaged = whole[:at] + bytes([whole[at] ^ (1 << draw.randrange(8))]) + whole[at + 1 :]
        copy.write_bytes(damaged)
        monkeypatch.setenv("PLUMBLINE_HOME", str(copy.parent))
        try:
            if found():
                told["found"] += 1
                continue
            assert served() == before, (number, "served otherwise, and the check is silent")
            told["changed nothing"] += 1
        except PlumblineError as refusal:
            assert "\n" not in refusal.one_line
            told["refused"] += 1
    assert sum(told.values()) == COPIES
    measured(f"damaged copies of the store: {COPIES}, {told}, silent 0")
