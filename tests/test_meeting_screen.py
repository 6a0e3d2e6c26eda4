"""Meeting mode: begun on one screen, joined on another, an import in between, closed once; what two people write is never lost."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plumbline.history import snapshots
from plumbline.identity import typed
from plumbline.meeting.agenda import STEPS
from plumbline.reports.weekly_html import minutes_of
from plumbline.state import actions, audit, meetings
from plumbline.state.opening import reading
from tests.importing_support import build_file, write_table
from tests.minutes_support import published

ROOT = Path(__file__).resolve().parents[1]
WEEK = "2026-W45"


@pytest.fixture
def history(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history of two snapshots, `first` (the shipped sample) published and `second` waiting."""
    place = tmp_path / "h.duckdb"
    folder = snapshots.folder_of(place)
    folder.mkdir()
    os.link(sample_file, folder / "first.duckdb")
    write_table(tmp_path / "in", "leads", "lead_id,created_at\nX,2026-11-02T09:00:00Z")
    write_table(tmp_path / "in", "stage_changes", "lead_id,stage,occurred_at\nX,mql,2026-11-03T09:00:00Z")
    build_file(tmp_path / "in", folder / "second.duckdb", data_through="2026-11-20T12:00:00Z")
    snapshots.point_to(place, folder / "first.duckdb")
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(place))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PLUMBLINE_STATE", raising=False)
    return place


def screen(who: str = "", **address: str) -> AppTest:
    """Meeting mode, as this person; '' for nobody yet."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).switch_page("pages/meet/weekly.py")
    for name, value in {"meeting": "1", **address}.items():
        at.query_params[name] = value
    if who:
        at.session_state["profile"] = typed(who, "sales")
    return run(at)


def run(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception
    return at


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click()
    return run(at)


def said(at: AppTest) -> str:
    return "\n".join(str(element.value) for element in at.html).replace("\u00a0", " ")


def note_of(at: AppTest):
    (area,) = at.text_area
    return area


def running() -> meetings.Meeting | None:
    with reading() as connection:
        return meetings.running(connection)


def test_a_meeting_is_begun_walked_and_closed(history: Path) -> None:
    published()
    at = screen()
    assert "The weekly meeting about Mon 2 - Sun 8 Nov 2026" in said(at)
    assert all(step.title in said(at) for step in STEPS)
    assert "meeting.begin" not in [button.key for button in at.button]
    at.text_input(key="profile.meeting.name").input("Ana Lee")
    next(button for button in at.button if button.label == "This is me").click()
    run(at)
    press(at, "meeting.begin")
    begun = running()
    assert (begun.week, begun.begun_by, begun.snapshot, begun.version) == (WEEK, "Ana Lee", "first", 1)
    titles = []
    for number, step in enumerate(STEPS):
        told = said(at)
        titles.append(told)
        assert f"{number + 1} of 6 · {step.title}" in told and f"Step {number + 1} of 6" in told
        note_of(at).input(f"Noted at {step.key}")
        run(at)
        if number < len(STEPS) - 1:
            press(at, "meeting.next")
    assert "Marketing kept" in titles[0] and "SALs lost" in titles[2] and "Sales sent back" in titles[3]
    assert at.button(key="meeting.next").disabled and not at.button(key="meeting.back").disabled
    assert "Noted at leaks" in said(at)
    place = f"meeting.action.{begun.meeting_id}.close"
    at.text_input(key=f"{place}.text").input("Call <b>webinar</b> leads first")
    at.text_input(key=f"{place}.owner").input("Bo")
    next(button for button in at.button if button.label == "Add the action").click()
    run(at)
    assert "Call &lt;b&gt;webinar&lt;/b&gt; leads first" in said(at)
    press(at, "meeting.close")
    assert "The minutes of Mon 2 - Sun 8 Nov 2026 are written." in said(at)
    assert running() is None
    with reading() as connection:
        closed = meetings.numbered(connection, begun.meeting_id)
        assert [one.text for one in actions.listed(connection)] == ["Call <b>webinar</b> leads first"]
    frozen = minutes_of(closed.minutes)
    assert [note.text for note in frozen.notes] == [f"Noted at {step.key}" for step in STEPS]
    assert frozen.held[0].startswith("The meeting was begun by Ana Lee")
    assert [one.text for one in frozen.of_group("new")] == ["Call <b>webinar</b> leads first"]
    assert audit.verify() == []
    press(at, "meeting.leave")
    assert "Judged by" in said(at) or "judged by" in said(at)


def test_two_screens_are_in_one_meeting_and_neither_overwrites_the_other(history: Path) -> None:
    published()
    ana = press(screen("Ana"), "meeting.begin")
    bo = screen("Bo")
    assert "1 of 6" in said(bo) and "meeting.begin" not in [button.key for button in bo.button]
    note_of(ana).input("From Ana")
    run(ana)
    press(bo, "meeting.next")
    press(bo, "meeting.back")
    assert note_of(bo).value == "From Ana"
    note_of(bo).input("From Ana, and Bo")
    run(bo)
    note_of(ana).input("From Ana, changed")
    run(ana)
    assert "Someone else wrote here meanwhile" in said(ana) and "From Ana, and Bo" in said(ana)
    assert note_of(ana).value == "From Ana, changed"
    key = f"meeting.note.{running().meeting_id}.promises"
    press(ana, f"{key}.both")
    assert note_of(ana).value == "From Ana, and Bo\nFrom Ana, changed"
    press(bo, "meeting.next")
    assert note_of(press(bo, "meeting.back")).value == "From Ana, and Bo\nFrom Ana, changed"
    note_of(ana).input("Again Ana")
    run(ana)
    note_of(bo).input("Bo's own")
    run(bo)
    press(bo, f"{key}.theirs")
    assert note_of(bo).value == "Again Ana"
    ana.query_params["step"] = "close"
    press(run(ana), "meeting.close")
    note_of(bo).input("Too late <i>")
    run(bo)
    assert "are written" in said(bo) and "it is not in the minutes: Too late &lt;i&gt;" in said(bo)


def test_an_import_in_between_waits_and_is_said(history: Path) -> None:
    published()
    at = press(screen("Ana"), "meeting.begin")
    before = said(at)
    assert "A later import waits" not in before
    snapshots.point_to(history, snapshots.folder_of(history) / "second.duckdb")
    press(at, "meeting.next")
    press(at, "meeting.back")
    after = said(at)
    assert "A later import waits: its numbers (data through 20 Nov 2026, 12:00 UTC) come after the meeting." in after
    verdict = next(line for line in before.splitlines() if "pl-m-head" in line)
    assert verdict in after
    other = screen("Bo", step="close")
    assert "A later import waits" in said(other)
    press(other, "meeting.close")
    with reading() as connection:
        frozen = minutes_of(meetings.of_week(connection, WEEK).minutes)
    assert frozen.behind[1].startswith("Data through 14 Nov 2026") and frozen.behind[2].startswith("Snapshot first")


def test_where_the_data_are_gone_it_is_closed_without_minutes(history: Path) -> None:
    at = press(screen("Ana"), "meeting.begin")
    begun = running()
    snapshots.point_to(history, snapshots.folder_of(history) / "second.duckdb")
    (snapshots.folder_of(history) / "first.duckdb").unlink()
    run(at)
    assert "The data that this meeting began with are not there any more" in said(at)
    press(at, "meeting.abandon")
    assert "closed, without minutes" in said(at)
    with reading() as connection:
        assert meetings.of_week(connection, WEEK) is None
        assert meetings.numbered(connection, begun.meeting_id).closed_at


def test_the_door_leads_in_and_says_who_meets(history: Path) -> None:
    published()
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).switch_page("pages/meet/weekly.py")
    run(at)
    assert at.button(key="meeting.door").label == "Meeting mode"
    press(at, "meeting.door")
    assert "The weekly meeting about" in said(at)
    press(screen("Ana"), "meeting.begin")
    press(at, "meeting.leave")
    assert at.button(key="meeting.door").label == "Join the meeting about Mon 2 - Sun 8 Nov"


def test_open_actions_are_settled_at_their_step(history: Path) -> None:
    from plumbline.state.audit import Act
    from plumbline.state.opening import writing

    with writing() as connection:
        number = actions.add(connection, Act("Ann", datetime(2026, 10, 1)), "Ask for the budget", "Cy", date(2026, 10, 28), "2026-W40")
    press(screen("Ana"), "meeting.begin")
    at = screen("Ana", step="actions")
    assert "Ask for the budget" in said(at)
    place = f"meeting.settle.{running().meeting_id}"
    at.text_input(key=f"{place}.note").input("in the form now")
    next(button for button in at.button if button.label == "Settle it").click()
    run(at)
    with reading() as connection:
        (one,) = [one for one in actions.listed(connection) if one.action_id == number]
    assert (one.outcome, one.note) == ("done", "in the form now")


def test_an_address_that_names_no_week_or_step_is_passed_over(history: Path) -> None:
    assert "Mon 2 - Sun 8 Nov" in said(screen(week="2026-W46"))
    assert "Mon 2 - Sun 8 Nov" in said(screen(week="<script>"))
    assert "Mon 26 Oct - Sun 1 Nov" in said(screen(week="2026-W44"))
    press(screen("Ana"), "meeting.begin")
    assert "1 of 6" in said(screen("Ana", step="nowhere"))
