"""Saved drafts: kept by name in the app's own store; what lay in the folder of old is taken over once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from plumbline import drafts
from plumbline.definition import Definition, FieldRule, to_yaml
from plumbline.errors import InputError, StateError
from plumbline.state.opening import writing
from tests.state_support import ANN, BOB, log

DRAFT = Definition("Q4: 2026", fit=(FieldRule("employees", "at_least", 100),))
NAMES = ["Q4: 2026", "../../etc/passwd", "a/b\\c", ".hidden", "con", "ผู้นำ", "Größe", "x" * 120, "<b>&amp;</b>", "a\u202eb", "Q4: 2026 "]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def as_file(home: Path, name: str, text: str) -> Path:
    (home / "drafts").mkdir(parents=True, exist_ok=True)
    (home / "drafts" / name).write_text(text, encoding="utf-8")
    return home / "drafts" / name


def test_what_is_saved_is_read_again(home: Path) -> None:
    assert drafts.saved() == [] and not home.exists()
    assert drafts.save(DRAFT, ANN) == "Q4: 2026"
    assert [(one.name, one.definition) for one in drafts.saved()] == [("Q4: 2026", DRAFT)]
    assert [(row["what"], row["changed_by"], row["details"]["name"]) for row in log()] == [("draft saved", "Ann", "Q4: 2026")]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept(name: str, home: Path) -> None:
    told = drafts.save(replace(DRAFT, name=name), ANN)
    assert [one.name for one in drafts.saved()] == [told] and drafts.saved()[0].definition is not None
    assert {path.name for path in home.iterdir()} == {"state.db", "state.db.lock"}


def test_a_name_is_one_draft_and_two_names_are_two() -> None:
    drafts.save(DRAFT, ANN)
    drafts.save(replace(DRAFT, required_fields=("email",)), BOB)
    drafts.save(replace(DRAFT, name="q4 2026"), ANN)
    assert [(one.name, one.definition.required_fields) for one in drafts.saved()] == [("q4 2026", ()), ("Q4: 2026", ("email",))]


def test_delete_takes_one_away_and_says_so_once() -> None:
    drafts.save(DRAFT, ANN)
    drafts.delete("another", ANN)
    drafts.delete("Q4: 2026", BOB)
    drafts.delete("Q4: 2026", BOB)
    assert drafts.saved() == [] and [row["what"] for row in log()] == ["draft saved", "draft deleted"]


def test_the_folder_of_old_is_listed_and_taken_over_once(home: Path) -> None:
    old = as_file(home, "q4-1.yaml", to_yaml(DRAFT))
    as_file(home, "broken.yaml", "fit: [")
    as_file(home, "notes.txt", "x")
    (home / "drafts" / "latin.yaml").write_bytes(b"name: \xff")
    listed = [(one.name, one.definition) for one in drafts.saved()]
    assert listed == [("broken", None), ("Q4: 2026", DRAFT)] and not (home / "state.db").exists()
    assert "broken" in drafts.saved()[0].problem and "\n" not in drafts.saved()[0].problem
    drafts.save(replace(DRAFT, name="new"), ANN)
    assert [one.name for one in drafts.saved()] == ["broken", "new", "Q4: 2026"] and old.exists()
    drafts.delete("Q4: 2026", ANN)
    as_file(home, "late.yaml", to_yaml(replace(DRAFT, name="late")))
    drafts.save(replace(DRAFT, name="newer"), ANN)
    assert [one.name for one in drafts.saved()] == ["broken", "new", "newer"]
    assert [row["what"] for row in log()] == ["drafts taken over", "draft saved", "draft deleted", "draft saved"]
    assert sorted(log()[0]["details"]["drafts"]) == ["Q4: 2026", "broken"]


def test_what_is_in_the_store_stays_where_the_folder_has_the_same_name(home: Path) -> None:
    drafts.save(replace(DRAFT, required_fields=("email",)), ANN)
    as_file(home, "q4-1.yaml", to_yaml(DRAFT))
    assert [one.definition.required_fields for one in drafts.saved()] == [("email",)]
    drafts.save(replace(DRAFT, name="new"), ANN)
    assert [one.definition.required_fields for one in drafts.saved()] == [(), ("email",)]


def test_refusals(home: Path) -> None:
    with pytest.raises(InputError, match="needs a name"):
        drafts.save(replace(DRAFT, name="  "), ANN)
    with pytest.raises(InputError, match="longer than"):
        drafts.save(replace(DRAFT, name="x" * 121), ANN)
    home.write_text("a file where the folder should be")
    with pytest.raises(StateError, match="PLUMBLINE_HOME"):
        drafts.save(DRAFT, ANN)
    assert drafts.saved() == []


def test_a_change_that_fails_leaves_the_old_draft_and_no_row() -> None:
    drafts.save(DRAFT, ANN)
    with pytest.raises(RuntimeError), writing() as connection:
        drafts.kept.keep(connection, "Q4: 2026", "name: other", ANN)
        raise RuntimeError
    assert [one.definition for one in drafts.saved()] == [DRAFT] and len(log()) == 1
