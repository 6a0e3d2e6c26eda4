"""The seal of a manifest: whatever is changed in it is said, and the account that is shown is the one inside the snapshot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from plumbline.errors import HistoryError
from plumbline.health import checks
from plumbline.history import snapshots
from plumbline.history.connection import History
from tests.cli_support import plumbline, twin
from tests.figures import measured


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("origin")
    (place / "leads.csv").write_text("lead_id,created_at\n" + "".join(f"L{number},2026-01-01\n" for number in range(20)) + "L1,2026-01-01\n")
    (place / "stage_changes.csv").write_text("lead_id,stage,occurred_at\nL1,mql,2026-01-02\n", encoding="utf-8")
    assert plumbline("import", "canonical", place, "--history", place / "h.duckdb").status == 0
    return place / "h.duckdb"


@pytest.fixture
def history(origin: Path, tmp_path: Path) -> Path:
    return twin(origin, tmp_path)


def manifest(history: Path) -> Path:
    """Its file, for this test alone."""
    path = snapshots.published(history).with_suffix(".json")
    content = path.read_bytes()
    path.unlink()  # a hard link to the one of the other tests
    path.write_bytes(content)
    return path


def rewrite(path: Path, change: Callable[[dict], None]) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    change(told)
    path.write_text(json.dumps(told), encoding="utf-8")


def test_every_flipped_bit_is_said(history: Path) -> None:
    path = manifest(history)
    file, content = snapshots.published(history), path.read_bytes()
    silent = []
    for place in range(len(content)):
        for bit in range(8):
            flipped = bytearray(content)
            flipped[place] ^= 1 << bit
            path.write_bytes(flipped)
            try:
                snapshots.manifest_of(file)
            except HistoryError:
                continue
            silent.append((place, bit))
    assert silent == []
    path.write_bytes(content)
    History(history).close()
    measured(f"{len(content) * 8:,} flipped bits of a manifest: 0 silent")


def test_changed_numbers_are_said_and_not_told(history: Path) -> None:
    path = manifest(history)
    path.write_text(path.read_text(encoding="utf-8").replace('"leads": 20', '"leads": 900').replace('"kept": 20', '"kept": 100'), encoding="utf-8")
    said = plumbline("imports", "--history", history)
    assert (
        said.status == 0 and "the manifest is damaged: it is not what the import wrote" in said.err and "900" not in said.out and " 20 " in said.out
    )
    checked = plumbline("check", "--history", history)
    assert checked.status == 1 and "the manifest is damaged" in checked.out and "every byte" not in checked.out


def unsealed(told: dict) -> None:
    del told["seal"], told["is_sealed"]


def test_an_older_manifest_without_a_seal_is_read_and_said(history: Path) -> None:
    path = manifest(history)
    rewrite(path, unsealed)
    History(history).close()
    row = next(row for row in checks(history) if row["name"] == "history")
    assert row["ok"] and "has no seal" in row["detail"]
    assert snapshots.listed(history)[0]["problem"] == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("rejects_total", 7), ("data_through", "2030-01-01T00:00:00Z"), ("time_zone", "Asia/Tokyo"), ("is_sample", True), ("warnings", ["x"])],
)
def test_what_an_older_manifest_says_otherwise_than_its_snapshot_is_said(history: Path, name: str, value: object) -> None:
    path = manifest(history)
    rewrite(path, lambda told: (unsealed(told), told.__setitem__(name, value)))
    row = snapshots.listed(history)[0]
    assert f"says otherwise than the snapshot ({name})" in row["problem"] and row.get(name) != value
    assert (row["rejects_total"], row["leads"], row["tables"]["leads"]) == (1, 20, {"seen": 21, "kept": 20, "rejected": 1})
    said = plumbline("imports", "--history", history)
    assert said.err.startswith("note: ") and name in said.err
    assert not next(row for row in checks(history) if row["name"] == "history")["ok"]


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("seal"),
        lambda told: told.pop("is_sealed"),
        lambda told: told["seal"].update(of=["sha256"]),
        lambda told: told.update(seal=[]),
        lambda told: told["seal"].update(of=[*told["seal"]["of"], {}]),
        lambda told: told.update(is_sealed=1),
    ],
)
def test_half_a_seal_is_a_broken_one(history: Path, change: Callable[[dict], object]) -> None:
    path = manifest(history)
    rewrite(path, change)
    with pytest.raises(HistoryError, match="the manifest is damaged"):
        History(history)
