"""Actions and meetings in a real store: what is kept, what is refused, what the log says."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.state import actions, audit, meetings
from plumbline.state.audit import Act
from plumbline.state.opening import reading, writing

ACT = Act("Ann Lee", datetime(2026, 11, 16, 9, 0))
DUE = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    monkeypatch.delenv("PLUMBLINE_STATE", raising=False)
    return tmp_path


def _add(text: str = "Call webinar leads within a day", due: date = DUE, **more) -> int:
    with writing() as connection:
        return actions.add(connection, ACT, text, "Bo", due, "2026-W46", **more)


def _all() -> list[actions.Action]:
    with reading() as connection:
        return actions.listed(connection)


def test_an_action_is_opened_changed_and_settled() -> None:
    number = _add(about=("promise", "first_touch"))
    with writing() as connection:
        actions.edit(connection, ACT, number, 1, "Call them within an hour", "Cy", date(2026, 12, 1))
        actions.settle(connection, ACT, number, 2, "done", date(2026, 11, 20), "all called")
    (one,) = _all()
    assert (one.text, one.owner, one.due, one.about_kind, one.about_key) == (
        "Call them within an hour",
        "Cy",
        date(2026, 12, 1),
        "promise",
        "first_touch",
    )
    assert (one.outcome, one.note, one.settled_on, one.edition, one.is_open) == ("done", "all called", date(2026, 11, 20), 3, False)
    with writing() as connection:
        actions.reopen(connection, ACT, number, 3)
    assert _all()[0].is_open
    with reading() as connection:
        assert [row["what"] for row in audit.rows(connection)] == ["action opened", "action changed", "action done", "action opened again"]
    assert audit.verify() == []


def test_open_ones_come_first_by_their_day() -> None:
    late, soon, done = _add("b", date(2026, 12, 9)), _add("a", date(2026, 12, 1)), _add("c")
    with writing() as connection:
        actions.settle(connection, ACT, done, 1, "dropped", date(2026, 11, 20))
    assert [one.action_id for one in _all()] == [soon, late, done]


@pytest.mark.parametrize(
    ("text", "owner", "about", "words"),
    [
        ("  ", "Bo", ("", ""), "what is to be done is missing"),
        ("Call", " ", ("", ""), "who does it is missing"),
        ("x" * 501, "Bo", ("", ""), "longer than 500"),
        ("Call", "b" * 121, ("", ""), "longer than 120"),
        ("Call", "Bo", ("weather", "rain"), "about a leak, a promise, or nothing"),
        ("Call", "Bo", ("leak", ""), "about a leak, a promise, or nothing"),
        ("Call", "Bo", ("", "first_touch"), "about a leak, a promise, or nothing"),
    ],
)
def test_what_is_no_action_is_refused_and_nothing_is_kept(text: str, owner: str, about: tuple[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words), writing() as connection:
        actions.add(connection, ACT, text, owner, DUE, "2026-W46", about)
    assert _all() == []


def test_the_later_of_two_changes_is_told_and_overwrites_nothing() -> None:
    number = _add()
    with writing() as connection:
        actions.edit(connection, ACT, number, 1, "Mine", "Bo", DUE)
    for change in (
        lambda connection: actions.edit(connection, ACT, number, 1, "Theirs", "Cy", DUE),
        lambda connection: actions.settle(connection, ACT, number, 1, "done", DUE),
        lambda connection: actions.settle(connection, ACT, 99, 1, "done", DUE),
    ):
        with pytest.raises(InputError, match=r"someone else changed it|no such action"), writing() as connection:
            change(connection)
    assert _all()[0].text == "Mine"


def test_what_is_settled_stays_settled() -> None:
    number = _add()
    with writing() as connection:
        actions.settle(connection, ACT, number, 1, "done", DUE)
    with pytest.raises(InputError, match="done already"), writing() as connection:
        actions.settle(connection, ACT, number, 2, "dropped", DUE)
    with pytest.raises(InputError, match="done already"), writing() as connection:
        actions.edit(connection, ACT, number, 2, "x", "Bo", DUE)
    with pytest.raises(InputError, match="neither done nor dropped"), writing() as connection:
        actions.settle(connection, ACT, _add_in(connection), 1, "lost", DUE)


def _add_in(connection) -> int:
    return actions.add(connection, ACT, "Call", "Bo", DUE, "2026-W46")


def test_a_meeting_begins_once_keeps_notes_and_freezes_its_minutes() -> None:
    with writing() as connection:
        begun = meetings.begin(connection, ACT, "2026-W46", "snapshot", "content", None)
        assert meetings.note(connection, ACT, begun.meeting_id, "promises", "Both agree", 0) == 1
        assert meetings.note(connection, ACT, begun.meeting_id, "promises", "Both agree", 0) == 1
    with pytest.raises(InputError, match="goes on"), writing() as connection:
        meetings.begin(connection, ACT, "2026-W47", "snapshot", "content", None)
    with pytest.raises(InputError, match="someone else wrote here"), writing() as connection:
        meetings.note(connection, ACT, begun.meeting_id, "promises", "Another", 0)
    with writing() as connection:
        assert meetings.close(connection, ACT, begun.meeting_id, b"one").minutes == b"one"
        assert meetings.close(connection, ACT, begun.meeting_id, b"two").minutes == b"one"
    with pytest.raises(InputError, match="closed"), writing() as connection:
        meetings.note(connection, ACT, begun.meeting_id, "leaks", "late", 0)
    with reading() as connection:
        assert meetings.running(connection) is None
        assert meetings.of_week(connection, "2026-W46").minutes == b"one"
        assert meetings.latest(connection).week == "2026-W46"
        assert meetings.latest(connection, "2026-W46") is None
        assert meetings.notes(connection, begun.meeting_id) == {"promises": meetings.Note("Both agree", 1)}
    assert audit.verify() == []
