"""Reasons as people type them, and the classes they are put into."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.errors import PlumblineError
from plumbline.leaks.reasons import CLASSES, FIT, OUTSIDE, load, reason_class
from plumbline.sample.world import REASONS


def test_every_reason_of_the_sample_is_put_where_it_was_meant() -> None:
    meant = {text: name for name, texts in REASONS.items() for text in texts}
    assert {text: reason_class(text) for text in meant} == meant


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (None, "unstated"),
        ("", "unstated"),
        (" \t ", "unstated"),
        ("BAD TIMING", "bad_timing"),
        ("wrong_target", "wrong_target"),
        ("Cannot-pay", "cannot_pay"),
        ("Budget cut by head office", "outside"),
        ("no budget this year", "cannot_pay"),
        ("Happy with current vendor, a competitor of ours", "happy_elsewhere"),
        ("ZU TEUER", "cannot_pay"),
        ("KEIN BEDARF", "no_need"),
        ("İHTİYAÇ YOK", "no_need"),
        ("xyzzy", "other"),
    ],
)
def test_a_reason_has_its_class(text: str | None, name: str) -> None:
    assert reason_class(text) == name


def test_groups_are_classes() -> None:
    assert {*FIT, *OUTSIDE} < {*CLASSES} and not {*FIT} & {*OUTSIDE}


def test_own_words_come_first(tmp_path: Path) -> None:
    file = tmp_path / "reasons.yaml"
    file.write_text("no budget: bad_timing\nno budget at all: cannot_pay\nPLZ falsch: wrong_target\n", encoding="utf-8")
    own = load(file)
    assert [reason_class(text, own) for text in ("No Budget", "no budget at all!", "plz FALSCH", "duplicate")] == [
        "bad_timing",
        "cannot_pay",
        "wrong_target",
        "duplicate",
    ]
    assert load(tmp_path / "none.yaml") == {}


@pytest.mark.parametrize("text", ["- a\n- b", "no budget: money", "no budget: [cannot_pay]", "a: b: c", "{"])
def test_a_file_that_cannot_be_meant_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "reasons.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlumblineError) as refusal:
        load(file)
    assert "\n" not in str(refusal.value) and "reasons.yaml" in str(refusal.value)
