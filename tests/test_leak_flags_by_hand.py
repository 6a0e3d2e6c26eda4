"""The oracle's flags of leaks, sides of reasons, returned and dead leads, in cases worked out by hand from docs/leaks.md. The data end at 200d."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from tests.oracle import after_leaks, leak_flags
from tests.oracle.history import History, resolve
from tests.oracle.leak_flags import FIT, REASONS, reason_of, side
from tests.oracle.replay import subjects
from tests.oracle.touches import Pass, all_passes
from tests.test_leaks_by_hand import R1, at, told_of

DAY = timedelta(days=1)


def _one(told: str) -> tuple[History, Pass]:
    """The first pass of a lead of its own."""
    history = told_of({"a": told})
    return history, all_passes(history)[0]


@pytest.mark.parametrize(
    ("told", "is_untouched", "is_neglected"),
    [
        ("mql 0", True, True),
        ("mql 140d", True, False),
        ("mql 140d-", True, True),
        ("mql 0; call 140d", False, False),
        ("mql 0; call 140d-", False, True),
        ("mql 0; call 1d; email 140d automated", False, False),
        ("mql 0; call 199d inbound", True, False),
        ("mql 0; call 200d+", True, True),
        ("mql 0; rejected 1d", True, False),
        ("mql 0; call 1d; sal 2d", False, True),
        ("mql 0; rejected 1d; mql 2d; call 2d", True, False),
    ],
)
def test_untouched_and_neglected(told: str, is_untouched: bool, is_neglected: bool) -> None:
    history, each = _one(told)
    assert (leak_flags.is_untouched(each), leak_flags.is_neglected(each, history)) == (is_untouched, is_neglected)


@pytest.mark.parametrize(
    ("told", "is_late_hand_over", "is_late_first_touch"),
    [
        ("mql 0; owner 1d R1; call 2d", False, False),
        ("mql 0; owner 1d+ R1; call 2d", True, False),
        ("mql 0; owner 1d R1; call 2d+", False, True),
        ("mql 0; call 1h; owner 3d R1", True, False),
        ("mql 0; call 1h", True, False),
        ("mql 199d", False, False),
        ("mql 199d-", True, False),
        ("mql 199d; owner 199d R1", False, False),
        ("mql 199d-; owner 199d- R1", False, True),
        ("owner -1d R1; mql 0; call 0- connected; call 1d", False, False),
        ("mql 0; rejected 1h", True, False),
        ("mql 0; rejected 1h; mql 1d", False, False),
        (f"{R1}; rejected 1h; mql 2d; call 2d", False, True),
    ],
)
def test_late_by_a_day(told: str, is_late_hand_over: bool, is_late_first_touch: bool) -> None:
    history, each = _one(told)
    found = leak_flags.is_late_hand_over(each, history, DAY), leak_flags.is_late_first_touch(each, history, DAY)
    assert found == (is_late_hand_over, is_late_first_touch)


@pytest.mark.parametrize(
    ("told", "is_stale"),
    [("mql 0; sal 193d", False), ("mql 0; sal 193d-", True), ("mql 0; mql 199d", False), ("mql 0; lost 1d", False), ("mql 0; sal 200d+", True)],
)
def test_stale_after_a_week(told: str, is_stale: bool) -> None:
    history, each = _one(told)
    [lead] = resolve(history)
    assert leak_flags.is_status_stale(each, lead, history, 7 * DAY) == is_stale


def test_required_fields_and_definition() -> None:
    history = told_of({"a": "mql 0", "b": "mql 0"})
    history.tables["leads"][0] |= {"email": "x@y", "size": "20"}
    history.tables["leads"][1] |= {"email": "", "size": "200"}
    history.tables["lead_changes"] = [{"lead_id": "a", "field": "size", "value": "200", "old_value": "20", "occurred_at": at("1d")}]
    definition = {"fit": [{"field": "size", "at_least": 100}]}
    found = {
        each.episode.lead_id: (leak_flags.misses_required_field(each, ["email", "size"]), leak_flags.misses_definition(each, subject, definition))
        for each, subject in zip(all_passes(history), subjects(history), strict=True)
    }
    assert found == {"a": (False, True), "b": (True, False)}
    assert not leak_flags.misses_required_field(all_passes(history)[1], [])


def test_a_rep_over_the_cap() -> None:
    """Three at 2d, one gone and one given away by 5d."""
    told = {"a": R1, "b": "mql 1d; owner 1d R1; lost 3d", "c": "mql 2d; owner 2d R1; owner 4d queue", "d": "mql 2d; owner 5d R1", "e": "mql 1d"}
    history = told_of(told)
    passes = all_passes(history)
    over = {cap: "".join(each.episode.lead_id for each in passes if leak_flags.is_rep_overloaded(each, history, passes, cap)) for cap in (0, 1, 2, 3)}
    assert over == {0: "abcd", 1: "bcd", 2: "c", 3: ""}


def test_sides() -> None:
    """Each reason, definition met or not, promise kept or not."""
    assert len(set(REASONS)) == 12
    for reason, is_definition_missed, is_promise_missed in product(REASONS, (False, True), (False, True)):
        is_fit = is_definition_missed or reason in FIT
        expected = {(True, True): "both", (True, False): "fit", (False, True): "follow-up"}.get((is_fit, is_promise_missed))
        assert side(reason, is_definition_missed, is_promise_missed) == (expected or ("outside" if reason == "outside" else "neither"))
    assert [side(reason, False, False) for reason in ("competitor", "outside", "bad_timing")] == ["fit", "outside", "neither"]
    assert [side("outside", *missed) for missed in ((True, False), (False, True), (True, True))] == ["fit", "follow-up", "both"]


def test_reasons() -> None:
    texts = {" No  Budget ": "cannot_pay", "too small": "other", "COMPETITOR": "competitor", "": "unstated", None: "unstated"}
    history = told_of({str(text): "mql 0; rejected 1d" for text in texts})
    for row, text in zip([row for row in history.tables["stage_changes"] if row["stage"] == "rejected"], texts, strict=True):
        row["reason"] = text
    assert [reason_of(each, {"no budget": "cannot_pay"}) for each in all_passes(history)] == list(texts.values())


@pytest.mark.parametrize(
    ("told", "fate", "days"),
    [
        ("mql 0; rejected 10d", "lying", 190),
        ("mql 0; sal 1d; rejected 10d; mql 12d; owner 13d R1", "handed_over_again", 3),
        ("owner 0 R1; mql 0; rejected 10d; mql 12d", "handed_over_again", 2),
        ("mql 0; rejected 10d; mql 12d", "lying", 190),
        ("mql 0; rejected 10d; disqualified 11d", "discarded", 1),
        ("mql 0; rejected 10d; lost 10d", "discarded", 0),
        ("mql 0; rejected 10d; recycled 11d", "lying", 190),
        ("mql 0; rejected 10d; lost 11d; mql 12d; owner 13d R1", "handed_over_again", 3),
        ("mql 0; rejected 10d; mql 12d; lost 14d", "lying", 190),
        ("mql 0; rejected 10d; lost 200d+", "lying", 190),
    ],
)
def test_returned(told: str, fate: str, days: int) -> None:
    history, each = _one(told)
    [found] = after_leaks.returned(history, all_passes(history))
    assert (found.each.episode, found.fate, found.took) == (each.episode, fate, days * DAY)


@pytest.mark.parametrize("told", ["mql 0", "mql 0; lost 1d", "mql 0; recycled 1d", "mql 0; rejected 1d; won 86460s", "rejected 1d"])
def test_not_returned(told: str) -> None:
    history = told_of({"a": told})
    assert after_leaks.returned(history, all_passes(history)) == []


@pytest.mark.parametrize(
    ("told", "acts", "died", "signs"),
    [
        ("mql 0; recycled 10d", ["10d"], "10d", []),
        ("mql 0; recycled 10d", ["10d+", "9d"], "10d", ["re_engaged"]),
        ("mql 0; disqualified 10d; email 11d automated", [], "10d", ["re_nurtured"]),
        ("mql 0; disqualified 10d; email 10d automated; email 12d automated inbound; call 13d", ["200d+"], "10d", []),
        ("mql 0; recycled 10d; mql 20d; email 20d automated; lost 21d", ["20d+"], "10d", ["revived"]),
        ("mql 0; recycled 10d; mql 20d; lost 21d; mql 30d; won 40d", ["20d"], "10d", ["re_engaged", "revived", "won"]),
        ("mql 0; call 5d", [], "65d", []),
        ("mql 0", ["59d", "61d"], "60d", ["re_engaged"]),
    ],
)
def test_dead(told: str, acts: list[str], died: str, signs: list[str]) -> None:
    history = told_of({"a": told}, activities=[{"lead_id": "a", "activity": "web_visit", "occurred_at": at(when)} for when in acts])
    found = after_leaks.dead(history, all_passes(history))[0]
    assert (found.each.episode.number, found.died_at, found.signs) == (1, at(died), signs)


@pytest.mark.parametrize("told", ["mql 0; call 150d", "mql 0; lost 1d", "mql 0; rejected 1d", "mql 0; won 1d", "mql 0; recycled 1d; won 86460s"])
def test_not_dead(told: str) -> None:
    history = told_of({"a": told})
    assert after_leaks.dead(history, all_passes(history)) == []
