"""What changed in a week, read aloud."""

from __future__ import annotations

from plumbline.meeting.changes import FIGURES, Change, Why
from plumbline.words import changes
from plumbline.words.parts import plain

MQLS, ACCEPTANCE = FIGURES[0], next(figure for figure in FIGURES if figure.key == "acceptance")


def test_each_change_reads_as_one_sentence() -> None:
    told = Change(MQLS, 14, 38.125, 14, 305, True, False, Why("count", "source", "partner", 2, 20.5))
    assert plain(changes.sentence(told)) == (
        "New MQLs: 14, against 38.1 a week in the eight weeks before; most of it is source partner (2, against 20.5 a week)."
    )
    mixed = Change(ACCEPTANCE, 0.3, 0.5, 60, 480, True, False, Why("mix", "size_band", "", 0.8, 0.125))
    assert plain(changes.sentence(mixed)).endswith(
        "; other leads came rather than the same ones doing otherwise: size band not known was 80 % of them, against 13 %."
    )
    worse = Change(ACCEPTANCE, 0.3, 0.5, 60, 480, True, False, Why("rate", "team", "DACH", 0.1, 0.6))
    assert plain(changes.sentence(worse)).endswith("; most of it is within team DACH (10 %, against 60 %).")
    assert "no single source" in plain(changes.sentence(Change(MQLS, 14, 38, 14, 304, True, False)))


def test_what_chance_may_bring_is_said_as_such() -> None:
    assert plain(changes.sentence(Change(MQLS, 35, 38, 35, 304, False, False))).endswith(", as chance may bring.")
    assert plain(changes.sentence(Change(ACCEPTANCE, 0.5, 0.4, 12, 90, False, True))) == (
        "Share of MQLs accepted: 50 % of 12, against 40 % in the eight weeks before; too few to say."
    )


def test_the_headline_counts_what_is_beyond_chance() -> None:
    up, same = Change(MQLS, 80, 38, 80, 304, True, False), Change(MQLS, 35, 38, 35, 304, False, False)
    assert changes.headline([up, same]) == "One figure changed beyond chance"
    assert changes.headline([same]).startswith("No figure")
    assert changes.headline([]).startswith("Nothing")
