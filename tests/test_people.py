"""Who does something: what a name may be, which names are one person's, when a typed name counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline import people
from plumbline.errors import InputError
from tests.state_support import ANN


@pytest.mark.parametrize(("one", "other"), [("Ann", " ANN "), ("Jürgen  Groß", "JU\u0308RGEN GROSS"), ("A\u200bnn", "ann"), ("İpek", "i\u0307pek")])
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert people.is_same(one, other)


@pytest.mark.parametrize(("one", "other"), [("Ann", "Anne"), ("Ann Lee", "AnnLee"), ("Zoë", "Zoe")])
def test_names_of_two(one: str, other: str) -> None:
    assert not people.is_same(one, other)


def test_names_of_any_script_are_kept() -> None:
    for name in ("สมชาย", "김철수", "علی\u200cرضا", "Jürgen", "O'Neil"):
        assert people.named(f"  {name} ") == name


@pytest.mark.parametrize("name", ["", "  ", "\u200b\ufeff", "x" * 121, "a\x00b", "a\x1b[2J", "\ud800"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(InputError):
        people.named(name)


def test_whoever_is_not_named_is_the_local_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody")
    assert people.acting(at=ANN.at).by == "somebody" and people.acting(" Ann ", ANN.at) == ANN


def test_a_typed_name_counts_unless_log_in_is_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert people.acting_by_name("Ann", ANN.at) == ANN
    (tmp_path / ".streamlit").mkdir()
    for secrets in ('[auth]\nclient_id = "x"\n', "broken = ["):
        (tmp_path / ".streamlit" / "secrets.toml").write_text(secrets)
        with pytest.raises(InputError, match="log-in is configured"):
            people.acting_by_name("Ann")
    (tmp_path / ".streamlit" / "secrets.toml").write_text('token = "x"\n')
    assert people.acting_by_name("Ann", ANN.at) == ANN
