"""The life of a meeting: one snapshot from begin to close, minutes that are frozen once, and how far the numbers have moved since."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pptx import Presentation

from plumbline.errors import HistoryError, InputError
from plumbline.history import snapshots
from plumbline.history.connection import History
from plumbline.importing import run
from plumbline.importing.run import Options, import_files
from plumbline.meeting import room
from plumbline.reports import weekly
from plumbline.reports.minutes import Minutes
from plumbline.reports.weekly_html import minutes_of, weekly_html
from plumbline.state import actions, audit, meetings
from plumbline.state.audit import Act
from plumbline.state.opening import reading, writing
from plumbline.workspace import Workspace, plain
from tests.minutes_support import published
from tests.test_minutes_documents import Read

WEEK, MONDAY = "2026-W45", date(2026, 11, 2)
ANN, BO = Act("Ann Lee", datetime(2026, 11, 16, 9)), Act("Bo", datetime(2026, 11, 16, 9, 31))


@pytest.fixture(scope="module")
def workspace(sample_file: Path) -> Workspace:
    return plain(History(sample_file))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PLUMBLINE_STATE", raising=False)
    return tmp_path / "home"


def _with_actions() -> None:
    published()
    with writing() as connection:
        actions.add(connection, ANN, "Call <b>them</b>", "Cy", date(2026, 11, 28), WEEK)


def _now(workspace: Workspace, **more) -> Minutes:
    with reading() as connection:
        return weekly.afresh(workspace, MONDAY, connection, **more)


def test_a_meeting_freezes_its_minutes_once(workspace: Workspace) -> None:
    _with_actions()
    begun = room.begin(workspace.history, WEEK, 1, ANN)
    with writing() as connection:
        meetings.note(connection, ANN, begun.meeting_id, "promises", "The new rep begins on Monday.", 0)
    room.adds(ANN, begun, "Call them within an hour", "Bo", date(2026, 11, 30), ("promise", "first_touch"))
    assert "A meeting about this week goes on" in _now(workspace).held[0]
    closed = room.close(begun, BO, lambda connection: weekly_html(weekly.afresh(workspace, MONDAY, connection, closing=BO)))
    frozen = minutes_of(closed.minutes)
    assert frozen.held == (
        "The meeting was begun by Ann Lee on 16 Nov 2026, 09:00 UTC, and closed by Bo on 16 Nov 2026, 09:31 UTC. Who was there is not recorded.",
    )
    assert [(note.step, note.text) for note in frozen.notes] == [("Promises", "The new rep begins on Monday.")]
    assert [one.text for one in frozen.of_group("new")] == ["Call <b>them</b>", "Call them within an hour"]

    def never(_: object) -> bytes:
        raise AssertionError("minutes are written once")

    again = room.close(begun, ANN, never)
    assert again == closed
    with pytest.raises(InputError, match="closed"):
        room.adds(ANN, begun, "late", "Bo", date(2026, 11, 30))
    with writing() as connection:
        actions.add(connection, ANN, "Opened after the meeting", "Cy", date(2026, 12, 1), WEEK)
    with reading() as connection:
        found = weekly.report(workspace, MONDAY, connection)
    assert (found.page, found.since, found.is_frozen) == (closed.minutes, "", True)
    assert audit.verify() == []


def test_a_meeting_keeps_its_snapshot_while_imports_are_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_KEEP_SNAPSHOTS", "1")
    history, folder = tmp_path / "h.duckdb", tmp_path / "in"
    folder.mkdir()
    published()

    def imported(leads: int) -> None:
        rows = [f"L{n},2026-10-0{1 + n % 9}T09:00:00Z,a{n}@b.c,web" for n in range(leads)]
        (folder / "leads.csv").write_text("lead_id,created_at,email,source\n" + "\n".join(rows) + "\n", encoding="utf-8")
        stages = [f"L{n},mql,2026-11-0{2 + n % 5}T1{n % 9}:00:00Z" for n in range(leads)]
        (folder / "stage_changes.csv").write_text("lead_id,stage,occurred_at\n" + "\n".join(stages) + "\n", encoding="utf-8")
        import_files("canonical", [folder], history, Options(data_through="2026-11-30T23:00:00Z"))

    imported(12)
    opened = History(history)
    begun = room.begin(opened, WEEK, None, ANN)
    for leads in (20, 30):
        imported(leads)
    assert begun.snapshot in [row["snapshot"] for row in snapshots.listed(history)]
    assert len(snapshots.listed(history)) == 2
    file = room.file_of(begun, history)
    again = History(file)
    assert again.content == begun.history != History(history).content
    workspace = plain(again)
    closed = room.close(begun, BO, lambda connection: weekly_html(weekly.afresh(workspace, MONDAY, connection, closing=BO)))
    imported(35)
    assert len(snapshots.listed(history)) == 1
    with pytest.raises(HistoryError, match="not there any more"):
        room.file_of(begun, history)
    with reading() as connection:
        found = weekly.report(plain(History(history)), MONDAY, connection)
    assert found.minutes == minutes_of(closed.minutes)
    assert found.since.startswith("A later import has moved") and "12 → 35" in found.since
    assert found.page != closed.minutes and found.since in Read(found.page).text
    slides = Presentation(BytesIO(found.slides()))
    assert any(found.since[:60] in shape.text_frame.text for shape in slides.slides[0].shapes if shape.has_text_frame)


def test_a_store_that_cannot_be_read_keeps_every_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("PLUMBLINE_KEEP_SNAPSHOTS", "1")
    folder = tmp_path / "in"
    folder.mkdir()
    for leads in (3, 4):
        text = "".join(f"L{n},2026-10-01T09:00:00Z\n" for n in range(leads))
        (folder / "leads.csv").write_text(f"lead_id,created_at\n{text}", encoding="utf-8")
        made = import_files("canonical", [folder], tmp_path / "h.duckdb", Options())
        home.mkdir(exist_ok=True)
        (home / "plumbline.sqlite").write_bytes(b"no store") if not list(home.glob("*.sqlite*")) else None
        monkeypatch.setenv("PLUMBLINE_STATE", f"sqlite:///{home / 'plumbline.sqlite'}")
    assert any("older snapshots stay, for a meeting may need one of them" in said for said in made.warnings)
    assert len(snapshots.listed(tmp_path / "h.duckdb")) == 2
    monkeypatch.delenv("PLUMBLINE_STATE")
    assert run.held_by_a_meeting() == frozenset()
