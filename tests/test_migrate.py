"""A history of an older format is moved by one command: everything is built anew from its canonical tables, and the old snapshot stays."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from plumbline.errors import HistoryError
from plumbline.history import migrate as formats
from plumbline.history import snapshots
from plumbline.history.connection import History
from plumbline.history.schema import FORMAT
from plumbline.importing.migrate import migrate
from tests.cli_support import plumbline
from tests.importing_support import build_file

ROWS = 3001  # of each table of the sample: enough for merges, re-entry, changes of attributes


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of the present format, with rejects."""
    place = tmp_path_factory.mktemp("present")
    (place / "in").mkdir()
    for path in (Path(__file__).parent.parent / "sample_data" / "history").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()[:ROWS]
        (place / "in" / path.name).write_text("\n".join([*lines, *(lines[-1:] if path.stem == "leads" else [])]) + "\n", encoding="utf-8")
    build_file(place / "in", place / "h.duckdb", data_through="2026-11-14", time_zone="Europe/Berlin")
    return place / "h.duckdb"


def older(present: Path, place: Path, *changes: str, format_: int = 0) -> Path:
    """A copy as an older Plumbline might have left it: another format, none of the prepared tables of today."""
    file = place / "h.duckdb"
    shutil.copyfile(present, file)
    con = duckdb.connect(str(file))
    kept = ("about", "fields", "rejects", "ledger", "table_counts")
    for (name,) in con.execute("select table_name from duckdb_tables() where schema_name = 'main'").fetchall():
        if name not in kept:
            con.execute(f"drop table {name}")
    for change in (f"update about set format = {format_}", *changes):
        con.execute(change)
    con.close()
    return file


def contents(file: Path) -> dict[str, list[tuple]]:
    """Every table with its rows, but for what says which snapshot it is."""
    opened = History(file)
    try:
        names = opened.query("select table_name from table_counts where table_name <> 'main.about' order by 1")["table_name"].to_list()
        asked = {name: f"from history.{name}" for name in names}
        return {name: sorted(map(repr, opened.query(query).cast({pl.Categorical: pl.String}).rows())) for name, query in asked.items()}
    finally:
        opened.close()


def test_the_refusal_names_the_command_exactly(present: Path, tmp_path: Path) -> None:
    history = older(present, tmp_path)
    command = f"python -m plumbline imports --migrate --history {history}"
    with pytest.raises(HistoryError) as refusal:
        History(history)
    assert str(refusal.value) == f"{history}: the history has format 0, this Plumbline reads format {FORMAT}; move it with: {command}"
    said = plumbline("metric", "funnel/stages", "--history", history)
    assert said.refusal.endswith(f"move it with: {command}")
    moved = plumbline(*command.split()[3:], "--format", "json")
    assert (moved.status, len(moved.json)) == (0, 2), moved.err
    assert "published snapshot" in moved.err
    assert plumbline("metric", "funnel/stages", "--history", history, "--format", "json").json[0]["entered"] > 0
    assert plumbline("check", "--history", history).status == 0


def test_everything_is_built_anew_and_the_old_snapshot_stays(present: Path, tmp_path: Path) -> None:
    history = older(present, tmp_path)
    content = history.read_bytes()
    moved = migrate(history)
    ours, theirs = contents(history), contents(present)
    assert {name for name in ours if ours[name] != theirs[name]} == set()
    opened, before = History(history), History(present)
    opened.close()
    before.close()
    same = ("data_through", "time_zone", "currency", "is_sample")
    assert [getattr(opened.about, name) for name in same] == [getattr(before.about, name) for name in same]
    assert (moved.is_new, moved.tables["leads"]["rejected"], len(moved.rejects)) == (True, 1, 1)
    assert [snapshots.is_adopted(row["snapshot"]) for row in snapshots.listed(history)] == [False, True]
    adopted = snapshots.listed(history)[-1]["snapshot"]
    snapshots.roll_back(history, adopted)
    assert history.read_bytes() == content
    assert migrate(history).is_new


def test_an_older_snapshot_with_its_manifest_keeps_the_names_of_its_files(present: Path, tmp_path: Path) -> None:
    file = older(present, tmp_path)
    folder = tmp_path / "made" / "h.duckdb.snapshots"
    folder.mkdir(parents=True)
    os.rename(file, folder / "S1.duckdb")
    history = tmp_path / "made" / "h.duckdb"
    history.symlink_to("h.duckdb.snapshots/S1.duckdb")
    told = {"snapshot": "S1", "created_at": "2026-01-01T00:00:00Z", "sha256": snapshots.sha256(history), "size": history.stat().st_size}
    told |= {"data_through": "2026-11-14T23:59:59Z", "time_zone": "UTC", "currency": "", "is_sample": False, "fingerprint": "x", "rejects_total": 0}
    told |= {"inputs": [{"name": "leads.csv", "size": 1, "sha256": ""}], "tables": {}, "warnings": []}
    (folder / "S1.json").write_text(json.dumps(told), encoding="utf-8")
    migrate(history)
    newest, oldest = snapshots.listed(history)
    assert (newest["files"], newest["leads"], oldest["snapshot"]) == (["leads.csv"], ROWS - 1, "S1")
    snapshots.roll_back(history, "S1")
    (folder / "S1.duckdb").write_bytes((folder / "S1.duckdb").read_bytes()[:-4096])
    with pytest.raises(HistoryError):
        migrate(history)


def test_an_older_snapshot_may_lack_settings_tables_and_columns(present: Path, tmp_path: Path) -> None:
    changes = [f"alter table about drop column {name}" for name in ("time_zone", "currency", "is_sample", "warnings")]
    changes += ["drop table rejects", "drop table ledger", "drop table table_counts", "drop table canonical.calendars"]
    changes += ["alter table canonical.touches drop column direction"]
    history = older(present, tmp_path, *changes)
    migrate(history)
    opened = History(history)
    assert (opened.about.time_zone, opened.about.is_sample) == ("UTC", False)
    assert opened.query("select count(*) as n from history.canonical.leads")["n"][0] == ROWS - 1
    assert opened.query("select distinct direction::varchar as told from touches").rows() == [("outbound",)]
    opened.close()


def test_without_a_list_of_attributes_the_further_columns_of_leads_are_attributes(present: Path, tmp_path: Path) -> None:
    con = duckdb.connect(str(present), read_only=True)
    column = con.execute("select column_name from fields where attribute = 'source'").fetchall()[0][0]
    con.close()
    history = older(present, tmp_path, f"alter table canonical.leads rename {column} to source", "drop table fields", "drop table table_counts")
    migrate(history)
    opened, before = History(history), History(present)
    asked = "select source, count(*) from leads group by 1 order by 1"
    assert opened.query(asked).rows() == before.query(asked).rows()
    opened.close()
    before.close()


def test_a_column_that_was_called_otherwise_is_found(present: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process: the table of formats is changed for the test."""
    from plumbline.importing import run
    from plumbline.importing.job import run_job

    def supervise(job, progress):
        outcome = run_job(job)
        return {**outcome.__dict__, "data_through": outcome.data_through.isoformat()}

    monkeypatch.setattr(run, "_supervise", supervise)
    monkeypatch.setitem(formats.OLDER, 0, formats.Layout(renamed={("touches", "channel"): "way"}))
    history = older(present, tmp_path, "alter table canonical.touches rename channel to way")
    migrate(history)
    assert contents(history) == contents(present)


def test_a_newer_format_is_refused(present: Path, tmp_path: Path) -> None:
    history = older(present, tmp_path, format_=FORMAT + 1)
    content = history.read_bytes()
    for refused in (lambda: History(history), lambda: migrate(history)):
        with pytest.raises(HistoryError, match="update Plumbline"):
            refused()
    assert "update Plumbline" in plumbline("imports", "--migrate", "--history", history).refusal
    assert history.read_bytes() == content


def test_an_older_format_that_is_not_known_is_to_be_imported_again(present: Path, tmp_path: Path) -> None:
    history = older(present, tmp_path, format_=-1)
    with pytest.raises(HistoryError, match="import the same files again"):
        migrate(history)


def test_an_older_history_that_does_not_say_how_far_it_reaches_is_to_be_imported_again(present: Path, tmp_path: Path) -> None:
    history = older(present, tmp_path, "alter table about drop column data_through")
    with pytest.raises(HistoryError, match="how far it reaches; import the same files again"):
        migrate(history)


def test_a_history_that_has_lost_rows_is_not_moved(present: Path, tmp_path: Path) -> None:
    history = older(present, tmp_path, "delete from canonical.touches where row_no % 2 = 0")
    with pytest.raises(HistoryError, match="has lost rows"):
        migrate(history)


def test_a_history_of_the_present_format_is_left_as_it_is(present: Path, tmp_path: Path) -> None:
    shutil.copyfile(present, tmp_path / "h.duckdb")
    said = plumbline("imports", "--migrate", "--history", tmp_path / "h.duckdb", "--format", "json")
    assert (said.status, said.json) == (0, [])
    assert "nothing to do" in said.err
    assert not (tmp_path / "h.duckdb").is_symlink()


@pytest.mark.parametrize("content", [b"", b"no database"])
def test_a_file_that_is_no_history_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "h.duckdb").write_bytes(content)
    assert plumbline("imports", "--migrate", "--history", tmp_path / "h.duckdb").refusal
    assert plumbline("imports", "--migrate", "--history", tmp_path / "none.duckdb").refusal
