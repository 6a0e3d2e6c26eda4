"""Saved drafts: kept by name, whole or not at all, in one folder and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from plumbline import drafts
from plumbline.definition import Definition, FieldRule
from plumbline.errors import InputError

DRAFT = Definition("Q4: 2026", fit=(FieldRule("employees", "at_least", 100),))
NAMES = ["Q4: 2026", "../../etc/passwd", "a/b\\c", ".hidden", "con", "ผู้นำ", "Größe", "x" * 120, "<b>&amp;</b>", "a\u202eb", "Q4: 2026 "]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_what_is_saved_is_read_again() -> None:
    assert drafts.saved() == []
    path = drafts.save(DRAFT)
    assert [(one.name, one.path, one.definition) for one in drafts.saved()] == [("Q4: 2026", path, DRAFT)]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_stays_in_the_folder(name: str, home: Path) -> None:
    path = drafts.save(replace(DRAFT, name=name))
    assert path.parent == home / "drafts" and path.is_file()
    assert path.name.isascii() and len(path.name) < 80
    assert drafts.saved()[0].definition is not None
    assert list((home / "drafts").iterdir()) == [path]


def test_a_name_is_one_draft_and_two_names_are_two() -> None:
    drafts.save(DRAFT)
    drafts.save(replace(DRAFT, required_fields=("email",)))
    drafts.save(replace(DRAFT, name="q4 2026"))
    assert [(one.name, one.definition.required_fields) for one in drafts.saved()] == [("q4 2026", ()), ("Q4: 2026", ("email",))]


def test_delete_takes_only_saved_drafts(tmp_path: Path) -> None:
    path = drafts.save(DRAFT)
    other = tmp_path / "other.yaml"
    other.write_text("kept")
    with pytest.raises(InputError, match="no saved draft"):
        drafts.delete(other)
    drafts.delete(path)
    drafts.delete(path)
    assert drafts.saved() == [] and other.exists()


def test_a_file_that_cannot_be_read_is_listed_with_its_problem(home: Path) -> None:
    drafts.save(DRAFT)
    (home / "drafts" / "broken.yaml").write_text("fit: [", encoding="utf-8")
    (home / "drafts" / "notes.txt").write_text("x")
    broken = next(one for one in drafts.saved() if one.definition is None)
    assert broken.name == "broken" and "broken.yaml" in broken.problem and "\n" not in broken.problem


def test_refusals(home: Path) -> None:
    with pytest.raises(InputError, match="needs a name"):
        drafts.save(replace(DRAFT, name="  "))
    with pytest.raises(InputError, match="longer than"):
        drafts.save(replace(DRAFT, name="x" * 121))
    home.write_text("a file where the folder should be")
    with pytest.raises(InputError):
        drafts.save(DRAFT)


def test_a_write_that_fails_leaves_the_old_draft(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts.save(DRAFT)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drafts.os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        drafts.save(replace(DRAFT, required_fields=("email",)))
    assert [one.definition for one in drafts.saved()] == [DRAFT]
    assert len(list((home / "drafts").iterdir())) == 1
