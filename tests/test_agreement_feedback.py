"""What reps say of a version; and the whole life of one on both kinds of store, without a history."""

from __future__ import annotations

from datetime import date

import pytest

from plumbline.agreement import ending, feedback, signing, versions
from plumbline.agreement.verify import verify
from plumbline.agreement.version import Frozen
from plumbline.errors import InputError
from plumbline.state import audit
from tests.agreement_support import agreement
from tests.state_support import ANN, BOB, log

TODAY = date(2026, 12, 1)
FROZEN = Frozen(ANN.at_text, "Ann", "s", "f" * 64, "0.1.0", 7, b"{}", ())


def test_one_word_of_each_rep_until_it_is_published(store: dict[str, str]) -> None:
    number = versions.new(agreement(), ANN).number
    feedback.give(number, "Zoë  Lee", False, "no", {"employees": "too low", "region": " "}, ANN)
    feedback.give(number, "Bo", True, "", {}, BOB)
    feedback.give(number, "ZOË LEE", True, "a company that\x00 calls back", {"employees": "fine"}, ANN)
    assert [(one.rep, one.agrees, one.text, one.rules) for one in feedback.given(number)] == [
        ("Bo", True, "", {}),
        ("ZOË LEE", True, "a company that calls back", {"employees": "fine"}),
    ]
    with pytest.raises(InputError, match="is longer than"):
        feedback.give(number, "Bo", True, "x" * 2001, {}, BOB)
    with pytest.raises(InputError, match="there is no agreement 9"):
        feedback.give(9, "Bo", True, "", {}, BOB)
    signing.withdraw(number, TODAY, ANN)
    with pytest.raises(InputError, match="no draft any more"):
        feedback.give(number, "Bo", False, "", {}, BOB)
    assert [row["what"] for row in log()].count("feedback given") == 3 and audit.verify() == []


def test_a_whole_life(store: dict[str, str]) -> None:
    number = versions.new(agreement(), ANN).number
    signing.freeze(number, FROZEN, 1, TODAY, ANN)
    seal = versions.version(number).seal
    signing.sign(number, "marketing", seal, TODAY, ANN)
    signing.sign(number, "sales", seal, TODAY, BOB)
    assert versions.in_force(date(2027, 1, 4)) is None
    signing.publish(number, TODAY, ANN)
    assert versions.in_force(date(2027, 1, 3)) is None and versions.in_force(date(2027, 1, 4)) == agreement()
    ending.end(number, "sales", date(2027, 3, 1), "why", TODAY, BOB)
    ended = ending.end(number, "marketing", date(2027, 3, 1), "why", TODAY, ANN)
    assert ended.state(TODAY) == "ended" and versions.in_force(date(2027, 3, 2)) is None
    assert verify() == [] and audit.verify() == [] and len(log()) == 7


def test_a_simulation_of_an_older_text_is_not_kept(store: dict[str, str]) -> None:
    number = versions.new(agreement(), ANN).number
    versions.edit(number, agreement(employees=7), 1, BOB)
    with pytest.raises(InputError, match="was changed while it was simulated"):
        signing.freeze(number, FROZEN, 1, TODAY, ANN)
    assert versions.version(number).frozen is None
