"""The app's own store: made when something is written, moved forward, never written over; every refusal is one line."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from plumbline import drafts
from plumbline.definition import Definition, FieldRule
from plumbline.errors import SettingError, StateError
from plumbline.state import audit, migrate, opening
from plumbline.state.address import address
from plumbline.state.opening import reading, writing
from plumbline.state.tables import METADATA
from tests.cli_support import plumbline
from tests.state_support import ANN, log

DRAFT = Definition("a", fit=(FieldRule("employees", "at_least", 100),))


def note(text: str) -> None:
    with writing() as connection:
        audit.append(connection, ANN, "note", {"text": text})


def of_revision(revision: str) -> None:
    """Makes an empty store of that revision, as the Plumbline of then did."""
    place = address()
    if place.file:
        place.file.parent.mkdir(parents=True, exist_ok=True)
    with opening._engine(place.url, False).begin() as connection:
        migrate.move_forward(connection, revision)


def test_reading_makes_no_store(store: dict[str, str]) -> None:
    assert log() == [] and drafts.saved() == [] and audit.verify() == []
    assert plumbline("agreement", "list", "--format", "json", **store).json == []
    assert not Path(store["PLUMBLINE_HOME"]).exists()


def test_what_is_written_is_read_and_the_tables_are_those_of_the_migrations(store: dict[str, str]) -> None:
    note("a")
    note("b")
    assert [row["details"] for row in log()] == [{"text": "a"}, {"text": "b"}]
    with reading() as connection:
        assert migrate.revision_of(connection) == migrate.REVISIONS[-1]
        found = MigrationContext.configure(connection, opts={"version_table": migrate.VERSION_TABLE})
        assert compare_metadata(found, METADATA) == []


def test_the_revisions_are_those_of_the_files() -> None:
    folder = Path(migrate.__file__).parent / "migrations"
    steps = [step.revision for step in ScriptDirectory(str(folder)).walk_revisions()]
    assert tuple(reversed(steps)) == migrate.REVISIONS


@pytest.mark.parametrize("revision", migrate.REVISIONS)
@pytest.mark.parametrize("opens", [reading, writing])
def test_an_older_store_is_moved_forward_with_what_it_holds(store: dict[str, str], revision: str, opens) -> None:
    of_revision(revision)
    with opening._engine(address().url, False).begin() as connection:
        drafts.kept.keep(connection, "old", "fit: [{field: employees, at_least: 100}]", ANN)
    with opens() as connection:
        assert migrate.revision_of(connection) == migrate.REVISIONS[-1]
        assert set(METADATA.tables) <= set(sa.inspect(connection).get_table_names())
    assert [one.name for one in drafts.saved()] == ["old"] and audit.verify() == []


def test_a_newer_store_is_refused_and_left_alone(store: dict[str, str]) -> None:
    note("a")
    with writing() as connection:
        connection.execute(sa.update(migrate._version).values(version_num="0099"))
    for use in (log, lambda: note("b")):
        with pytest.raises(StateError, match=r"newer Plumbline.*0099.*update Plumbline"):
            use()
    said = plumbline("agreement", "list", **store)
    assert "newer Plumbline" in said.refusal
    with opening._engine(address().url, False).connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(METADATA.tables["audit_log"])).scalar() == 1


def test_what_is_no_store_is_left_alone(store: dict[str, str]) -> None:
    place = address()
    if place.file:
        place.file.parent.mkdir(parents=True)
    with opening._engine(place.url, False).begin() as connection:
        connection.execute(sa.schema.CreateTable(sa.Table("drafts", sa.MetaData(), sa.Column("mine", sa.Text))))
    for use in (log, lambda: note("b")):
        with pytest.raises(StateError, match="is no store of Plumbline"):
            use()


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    (tmp_path / "state.db").write_text("my notes, long enough to be taken for a header of something " * 20)
    before = (tmp_path / "state.db").read_bytes()
    for use in (log, lambda: note("b")):
        with pytest.raises(StateError, match="damaged"):
            use()
    assert (tmp_path / "state.db").read_bytes() == before


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "no URL of a database"),
        ("mysql://x/y", "'mysql' is no database"),
        ("sqlite://", "names no file"),
        ("postgresql://ann:secret@127.0.0.1", "names no database"),
        ("postgresql://ann:secret@127.0.0.1:1/x", "cannot be reached"),
        ("postgresql://ann:secret@no-such-host.invalid/x", "cannot be reached"),
    ],
)
def test_a_url_that_leads_nowhere_is_one_line_without_its_password(url: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_STATE", url)
    for use in (log, lambda: note("b")):
        with pytest.raises((StateError, SettingError), match=said) as refusal:
            use()
        assert "secret" not in refusal.value.one_line and "PLUMBLINE_STATE" in refusal.value.one_line


def test_a_database_that_is_not_there_or_refuses_the_user(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_STATE", f"{postgres}nowhere")
    with pytest.raises(StateError, match="no such database"):
        log()
    monkeypatch.setenv("PLUMBLINE_STATE", f"{postgres}postgres".replace("plumbline@", "stranger:secret@"))
    with pytest.raises(StateError, match="refused the log-in") as refusal:
        log()
    assert "secret" not in refusal.value.one_line


def test_a_url_of_sqlite_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_STATE", f"sqlite:///{tmp_path}/deep/a b%.db")
    note("a")
    assert len(log()) == 1 and (tmp_path / "deep" / "a b%.db").is_file()


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, which can be filled, or mounted read-only."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], check=False, capture_output=True).returncode:
        pytest.skip("mounting a disk needs the rights to")
    yield place
    subprocess.run(["umount", str(place)], check=False, capture_output=True)


def read_only(place: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True, capture_output=True)


def test_a_store_that_can_only_be_read_is_read(mounted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(mounted))
    note("a")
    read_only(mounted)
    assert [row["details"] for row in log()] == [{"text": "a"}] and audit.verify() == []
    with pytest.raises(StateError, match=r"cannot be written.*PLUMBLINE_HOME"):
        note("b")
    assert plumbline("agreement", "log", "--format", "json", PLUMBLINE_HOME=str(mounted)).json[0]["what"] == "note"


def test_an_older_store_that_can_only_be_read_says_so(mounted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(mounted))
    of_revision("0001")
    read_only(mounted)
    with pytest.raises(StateError, match=r"older version and must be moved forward, but cannot be written"):
        log()


def test_a_full_disk_changes_nothing(mounted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(mounted))
    drafts.save(DRAFT, ANN)
    (mounted / "ballast").write_bytes(b"x" * shutil.disk_usage(mounted).free)
    assert len(log()) == 1 and drafts.saved()[0].definition == DRAFT  # what is there can be read
    with pytest.raises(StateError, match=r"no space left|the disk refused"):
        for _ in range(50):
            note("x" * 4000)
    (mounted / "ballast").unlink()
    kept = len(log())
    assert audit.verify() == [] and drafts.saved()[0].definition == DRAFT
    note("again")
    assert len(log()) == kept + 1 and audit.verify() == []


def test_the_file_is_kept_safely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    note("a")
    with writing() as connection:
        told = [connection.exec_driver_sql(f"pragma {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")]
    assert told == ["wal", 2, 1, 30_000]
    other = sqlite3.connect(tmp_path / "state.db")
    assert other.execute("pragma integrity_check").fetchall() == [("ok",)]
    other.close()
