"""Snapshots: published in one step, kept, pruned, gone back to; the same files make no new one."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plumbline.errors import HistoryError, InputError
from plumbline.history import snapshots
from plumbline.history.connection import History
from plumbline.importing import run as importing
from plumbline.importing.job import run_job
from plumbline.importing.run import Options, Result, import_files

LEADS = "lead_id,created_at,source\nL1,2026-01-01,web\nL2,2026-01-02,ads\n"
CHANGES = "lead_id,stage,occurred_at\nL1,mql,2026-01-03\nL2,mql,2026-01-04\nL2,sal,2026-01-05\n"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job without its child: what is tested here is what happens around it."""

    def supervise(job, progress):
        outcome = run_job(job)
        return {**outcome.__dict__, "data_through": outcome.data_through.isoformat()}

    monkeypatch.setattr(importing, "_supervise", supervise)


class Desk:
    """A folder of tables, a history, and a clock that moves a minute an import."""

    def __init__(self, place: Path) -> None:
        self.tables, self.history, self.now = place / "in", place / "made" / "h.duckdb", NOW
        self.tables.mkdir()
        self.write(leads=LEADS, stage_changes=CHANGES)

    def write(self, **tables: str) -> None:
        for old in self.tables.iterdir():
            old.unlink()
        for name, text in tables.items():
            (self.tables / f"{name}.csv").write_text(text, encoding="utf-8")

    def imported(self, **options: object) -> Result:
        self.now += timedelta(minutes=1)
        return import_files("canonical", [self.tables], self.history, Options(**options), now=self.now)

    def n_leads(self) -> int:
        opened = History(self.history)
        try:
            return opened.query("select count(*) as n from leads")["n"][0]
        finally:
            opened.close()

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.history.parent)) for path in self.history.parent.rglob("*") if path.is_file() or path.is_symlink())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _more_leads(number: int) -> str:
    return LEADS + "".join(f"M{index},2026-01-02,ads\n" for index in range(number))


def test_a_history_is_a_link_to_its_snapshot(desk: Desk) -> None:
    made = desk.imported()
    assert os.readlink(desk.history) == f"h.duckdb.snapshots/{made.snapshot}.duckdb"


def test_the_same_files_again_make_no_new_snapshot(desk: Desk) -> None:
    first, files = desk.imported(), desk.files()
    second = desk.imported()
    assert (first.is_new, second.is_new, second.snapshot) == (True, False, first.snapshot)
    assert (second.tables, second.rejects) == (first.tables, first.rejects)
    assert desk.files() == files


def test_the_same_files_read_otherwise_make_a_new_snapshot(desk: Desk) -> None:
    desk.imported()
    assert desk.imported(time_zone="Asia/Tokyo").is_new


def test_a_file_of_the_same_size_with_other_contents_makes_a_new_snapshot(desk: Desk) -> None:
    desk.imported()
    desk.write(leads=LEADS.replace("web", "wob"), stage_changes=CHANGES)
    assert desk.imported().is_new


def test_rejects_are_told_again_when_nothing_is_new(desk: Desk) -> None:
    desk.write(leads=f"{LEADS}L1,2026-01-01,web\n", stage_changes=CHANGES)
    first = desk.imported()
    assert [(r["file"], r["line"], r["reason"]) for r in desk.imported().rejects] == [(r["file"], r["line"], r["reason"]) for r in first.rejects]


def test_appending_the_same_files_changes_nothing(desk: Desk) -> None:
    first, files = desk.imported(), desk.files()
    again = desk.imported(append=True)
    assert (again.is_new, again.snapshot) == (False, first.snapshot)
    assert desk.files() == files


def test_appending_where_there_is_nothing_yet_is_an_import(desk: Desk) -> None:
    assert desk.imported(append=True).is_new
    assert desk.n_leads() == 2


def test_a_dry_run_changes_nothing_and_accounts_for_everything(desk: Desk) -> None:
    told = desk.imported(dry_run=True)
    assert (told.is_new, told.snapshot, told.tables["leads"]["kept"]) == (False, "", 2)
    assert not desk.history.parent.exists()


def test_a_dry_run_of_an_append_is_told_against_the_history(desk: Desk) -> None:
    desk.imported()
    files = desk.files()
    assert desk.imported(append=True, dry_run=True).tables["leads"]["kept"] == 0
    assert desk.files() == files


def test_a_dry_run_says_all_that_the_import_says(desk: Desk) -> None:
    """Exits that close nothing too, which are known once the episodes are found."""
    changes = f"{CHANGES}L1,rejected,2026-01-02\nL2,lost,2026-01-01\nX9,mql,2026-01-03\n"
    desk.write(leads=f"{LEADS}L1,2026-01-01,web\n", stage_changes=changes, touches="lead_id,channel,occurred_at\nL1,call,2026-01-04\n")
    tried, made = desk.imported(dry_run=True), desk.imported()
    assert (tried.notes(), tried.tables, tried.rejects) == (made.notes(), made.tables, made.rejects)
    assert "closings with no pass open before them, which close nothing: 2 (lost 1, rejected 1)" in tried.warnings


def test_a_dry_run_of_an_append_says_all_that_it_says(desk: Desk) -> None:
    desk.imported()
    desk.write(leads="lead_id,created_at\nL3,2026-01-01\n", stage_changes="lead_id,stage,occurred_at\nL3,lost,2026-01-04\nL1,rejected,2026-01-01\n")
    tried, made = desk.imported(append=True, dry_run=True), desk.imported(append=True)
    assert tried.notes() == made.notes()
    assert any("close nothing: 2" in warning for warning in tried.warnings)


def test_a_refused_import_changes_nothing(desk: Desk) -> None:
    desk.imported()
    files = desk.files()
    desk.write(leads="lead_id,created_at\nL1,soon\n")
    with pytest.raises(InputError):
        desk.imported()
    assert desk.files() == files


def test_rolling_back_serves_the_older_snapshot_and_keeps_the_newer(desk: Desk) -> None:
    first = desk.imported()
    desk.write(leads=_more_leads(3))
    desk.imported()
    snapshots.roll_back(desk.history, first.snapshot)
    assert desk.n_leads() == 2
    assert [row["is_published"] for row in snapshots.listed(desk.history)] == [False, True]


def test_importing_after_a_roll_back_publishes_the_new_one(desk: Desk) -> None:
    first = desk.imported()
    desk.write(leads=_more_leads(3))
    second = desk.imported()
    snapshots.roll_back(desk.history, first.snapshot)
    third = desk.imported()
    assert third.is_new
    assert third.snapshot not in (first.snapshot, second.snapshot)
    assert desk.n_leads() == 5


def test_a_damaged_snapshot_cannot_be_rolled_back_to(desk: Desk) -> None:
    first = desk.imported()
    desk.write(leads=_more_leads(3))
    desk.imported()
    old = snapshots.folder_of(desk.history) / f"{first.snapshot}.duckdb"
    old.write_bytes(old.read_bytes()[:-4096])
    with pytest.raises(HistoryError, match="damaged"):
        snapshots.roll_back(desk.history, first.snapshot)
    assert desk.n_leads() == 5


def test_a_damaged_manifest_is_said_and_the_others_still_listed(desk: Desk) -> None:
    first = desk.imported()
    desk.write(leads=_more_leads(3))
    desk.imported()
    (snapshots.folder_of(desk.history) / f"{first.snapshot}.json").write_text("{", encoding="utf-8")
    assert [row["is_damaged"] for row in snapshots.listed(desk.history)] == [False, True]


def test_old_snapshots_are_pruned_but_never_the_published_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_KEEP_SNAPSHOTS", "2")
    for number in range(4):
        desk.write(leads=_more_leads(number))
        desk.imported()
    assert len(snapshots.listed(desk.history)) == 2
    assert len(list(snapshots.folder_of(desk.history).glob("*.duckdb"))) == 2
    oldest = snapshots.listed(desk.history)[-1]["snapshot"]
    snapshots.roll_back(desk.history, oldest)
    snapshots.prune(desk.history, 1)
    assert oldest in [row["snapshot"] for row in snapshots.listed(desk.history)]
    assert desk.n_leads() == 4


def test_the_import_that_pushes_a_snapshot_out_says_which(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for number in range(11):  # ten are kept
        desk.write(leads=_more_leads(number))
        made.append(desk.imported())
    assert not any("removed" in note for one in made[:10] for note in one.notes())
    first = made[0].snapshot
    made_at = f"{NOW + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    assert made[10].notes()[0] == f"the oldest snapshot was removed, for 10 stay on disk (PLUMBLINE_KEEP_SNAPSHOTS): {first} (made {made_at})"
    monkeypatch.setenv("PLUMBLINE_KEEP_SNAPSHOTS", "8")
    desk.write(leads=_more_leads(20))
    said = desk.imported().notes()[0]
    assert said.startswith("the 3 oldest snapshots were removed, for 8 stay on disk")
    assert all(one.snapshot in said for one in made[1:4])


def test_an_append_to_a_damaged_history_is_refused(desk: Desk) -> None:
    desk.imported()
    file = snapshots.published(desk.history)
    file.write_bytes(file.read_bytes()[:-4096])
    desk.write(touches="lead_id,channel,occurred_at\nL1,call,2026-01-04\n")
    with pytest.raises(HistoryError, match="damaged"):
        desk.imported(append=True)


def test_a_history_copied_as_one_plain_file_is_kept_when_another_is_imported(desk: Desk, tmp_path: Path) -> None:
    desk.imported()
    plain = tmp_path / "plain" / "h.duckdb"
    plain.parent.mkdir()
    shutil.copyfile(desk.history, plain)
    content = plain.read_bytes()
    desk.history = plain
    assert desk.n_leads() == 2
    desk.write(leads=_more_leads(3))
    desk.imported()
    assert desk.n_leads() == 5
    assert [path.read_bytes() for path in snapshots.folder_of(plain).glob("adopted-*.duckdb")] == [content]


def test_an_adoption_that_was_interrupted_is_taken_up_again(desk: Desk, tmp_path: Path) -> None:
    desk.imported()
    plain = tmp_path / "plain" / "h.duckdb"
    plain.parent.mkdir()
    shutil.copyfile(desk.history, plain)
    folder = snapshots.folder_of(plain)
    folder.mkdir()
    os.link(plain, folder / f"adopted-{plain.stat().st_mtime_ns}.duckdb")
    desk.history = plain
    desk.write(leads=_more_leads(1))
    assert desk.imported().is_new


def test_a_history_moved_with_its_snapshots_is_served(desk: Desk, tmp_path: Path) -> None:
    desk.imported()
    shutil.copytree(desk.history.parent, tmp_path / "moved", symlinks=True)
    desk.history = tmp_path / "moved" / "h.duckdb"
    assert desk.n_leads() == 2


def test_a_link_to_a_snapshot_that_is_gone_is_said(desk: Desk) -> None:
    made = desk.imported()
    (snapshots.folder_of(desk.history) / f"{made.snapshot}.duckdb").unlink()
    with pytest.raises(HistoryError, match="which is not there"):
        History(desk.history)
    assert desk.imported().is_new


def test_readers_of_the_old_snapshot_are_not_disturbed(desk: Desk) -> None:
    desk.imported()
    reader = History(desk.history)
    desk.write(leads=_more_leads(3))
    desk.imported()
    assert reader.query("select count(*) as n from leads")["n"][0] == 2
    reader.close()
    assert desk.n_leads() == 5


# what is listed


def _plain_copy(desk: Desk, place: Path, name: str = "h.duckdb") -> Path:
    """The published history as one plain file elsewhere; the desk goes on with that one."""
    plain = place / "plain" / name
    plain.parent.mkdir()
    shutil.copyfile(desk.history, plain)
    desk.history = plain
    return plain


def test_after_an_append_the_list_says_what_the_history_holds_and_what_was_brought(desk: Desk) -> None:
    desk.imported()
    desk.write(leads="lead_id,created_at\nL1,2026-01-01\nL9,2026-01-05\n", touches="lead_id,channel,occurred_at\nL9,call,2026-01-05\n")
    desk.imported(append=True)
    newest, first = snapshots.listed(desk.history)
    assert (newest["leads"], newest["leads_brought"], first["leads"], first["leads_brought"]) == (3, 1, 2, 2)
    assert {name: rows for name, rows in newest["holds"].items() if rows} == {"leads": 3, "stage_changes": 3, "touches": 1}


def test_a_manifest_from_before_seals_is_read_and_the_snapshot_says_what_it_holds(desk: Desk) -> None:
    desk.imported()
    desk.write(leads="lead_id,created_at\nL9,2026-01-05\n")
    desk.imported(append=True)
    for path in snapshots.folder_of(desk.history).glob("*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(
            json.dumps({key: value for key, value in told.items() if key not in ("holds", "kind", "seal", "is_sealed")}), encoding="utf-8"
        )
    rows = snapshots.listed(desk.history)
    assert [(row["leads"], row["leads_brought"], row["is_damaged"], row["problem"]) for row in rows] == [(3, 1, False, ""), (2, 2, False, "")]


def test_an_adopted_history_is_listed_and_can_be_gone_back_to(desk: Desk, tmp_path: Path) -> None:
    desk.write(leads=f"{LEADS}L1,2026-01-01,web\n", stage_changes=CHANGES)
    desk.imported()
    content = _plain_copy(desk, tmp_path).read_bytes()
    desk.write(leads=_more_leads(3))
    desk.imported()
    rows = snapshots.listed(desk.history)
    adopted = rows[-1]
    assert [snapshots.is_adopted(row["snapshot"]) for row in rows] == [False, True]
    assert (adopted["leads"], adopted["rejects_total"], adopted["data_through"], adopted["created_at"]) == (
        2,
        1,
        "2026-01-05T00:00:00Z",
        "2026-11-21T12:01:00Z",
    )
    snapshots.roll_back(desk.history, adopted["snapshot"])
    assert desk.n_leads() == 2
    assert desk.history.read_bytes() == content
    assert [row["is_published"] for row in snapshots.listed(desk.history)] == [False, True]


def test_a_damaged_adopted_history_is_listed_as_such_and_refused(desk: Desk, tmp_path: Path) -> None:
    desk.imported()
    plain = _plain_copy(desk, tmp_path)
    plain.write_bytes(plain.read_bytes()[:-4096])
    desk.write(leads=_more_leads(3))
    desk.imported()
    adopted = next(row for row in snapshots.listed(desk.history) if snapshots.is_adopted(row["snapshot"]))
    assert adopted["is_damaged"]
    with pytest.raises(HistoryError):
        snapshots.roll_back(desk.history, adopted["snapshot"])
    assert desk.n_leads() == 5


def test_an_adopted_history_is_never_pruned(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_KEEP_SNAPSHOTS", "1")
    desk.imported()
    _plain_copy(desk, tmp_path)
    for number in range(3):
        desk.write(leads=_more_leads(number + 1))
        desk.imported()
    assert [snapshots.is_adopted(row["snapshot"]) for row in snapshots.listed(desk.history)] == [False, True]


# manifests


@pytest.mark.parametrize("text", ["{", "[]", '{"name": "somebody else\'s"}', '{"kind": "plumbline snapshot", "snapshot": "other"}', "[" * 100_000])
def test_any_json_beside_a_plain_history_is_not_its_manifest(desk: Desk, tmp_path: Path, text: str) -> None:
    desk.imported()
    _plain_copy(desk, tmp_path).with_suffix(".json").write_text(text, encoding="utf-8")
    assert desk.n_leads() == 2


def test_the_manifest_of_another_snapshot_beside_a_plain_history_is_not_its_own(desk: Desk, tmp_path: Path) -> None:
    made = desk.imported()
    manifest = snapshots.folder_of(desk.history) / f"{made.snapshot}.json"
    desk.write(leads=_more_leads(3))
    desk.imported()
    shutil.copyfile(manifest, _plain_copy(desk, tmp_path).with_suffix(".json"))
    assert desk.n_leads() == 5


def test_a_snapshot_copied_with_its_manifest_is_verified_by_it(desk: Desk, tmp_path: Path) -> None:
    made = desk.imported()
    manifest = snapshots.folder_of(desk.history) / f"{made.snapshot}.json"
    plain = _plain_copy(desk, tmp_path, f"{made.snapshot}.duckdb")
    shutil.copyfile(manifest, plain.with_suffix(".json"))
    assert desk.n_leads() == 2
    plain.write_bytes(plain.read_bytes()[:-4096])
    with pytest.raises(HistoryError, match="not what the import wrote"):
        History(plain)


@pytest.mark.parametrize("wrong", [{"snapshot": "another"}, {"kind": "something"}, {"size": "1"}, {"inputs": None}, {"inputs": [1]}, {"tables": []}])
def test_a_manifest_in_its_place_that_says_something_else_is_damaged(desk: Desk, wrong: dict) -> None:
    made = desk.imported()
    manifest = snapshots.folder_of(desk.history) / f"{made.snapshot}.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text(encoding="utf-8")), **wrong}), encoding="utf-8")
    with pytest.raises(HistoryError, match="manifest is damaged"):
        History(desk.history)
    assert [row["is_damaged"] for row in snapshots.listed(desk.history)] == [True]


def test_what_a_newer_plumbline_added_to_a_manifest_is_passed_over(desk: Desk) -> None:
    made = desk.imported()
    manifest = snapshots.folder_of(desk.history) / f"{made.snapshot}.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text(encoding="utf-8")), "novelty": 1}), encoding="utf-8")
    assert desk.n_leads() == 2


# after publishing


def test_a_snapshot_that_cannot_be_removed_is_a_warning(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted", "old.duckdb")

    monkeypatch.setattr(importing, "prune", refuse)
    made = desk.imported()
    assert made.is_new
    assert made.warnings[-1].startswith("the import is published, but older snapshots could not be removed: Operation not permitted (old.duckdb)")
    assert snapshots.listed(desk.history)[0]["is_published"]


# files of one name


def test_files_of_one_name_in_two_folders_are_told_apart(desk: Desk, tmp_path: Path) -> None:
    for name, bad in (("north", "soon"), ("south", "never")):
        (tmp_path / name / "week").mkdir(parents=True)
        (tmp_path / name / "week" / "leads.csv").write_text(f"lead_id,created_at\n{name},2026-01-01\nx,{bad}\n", encoding="utf-8")
    (tmp_path / "north" / "week" / "stage_changes.csv").write_text(CHANGES + "L1,foo,2026-01-05\n", encoding="utf-8")
    made = import_files("canonical", [tmp_path / "north" / "week", tmp_path / "south" / "week"], desk.history, Options(), now=NOW)
    assert [(reject["file"], reject["line"]) for reject in made.rejects] == [
        ("north/week/leads.csv", 3),
        ("south/week/leads.csv", 3),
        ("stage_changes.csv", 5),
    ]
    assert snapshots.listed(desk.history)[0]["files"] == ["north/week/leads.csv", "south/week/leads.csv", "stage_changes.csv"]


# the sample


def _sample(desk: Desk) -> bool:
    opened = History(desk.history)
    opened.close()
    assert opened.manifest.is_sample == opened.about.is_sample
    return opened.about.is_sample


def test_what_is_added_to_the_sample_leaves_it_marked_and_says_so(desk: Desk) -> None:
    (desk.tables / "SAMPLE.txt").touch()
    desk.imported()
    assert _sample(desk)
    desk.write(leads=_more_leads(1))
    assert "made-up sample leads" in desk.imported(append=True).warnings[-1]
    assert _sample(desk)
    assert not any("sample" in warning for warning in desk.imported().warnings)
    assert not _sample(desk)


def test_a_sample_added_to_own_leads_marks_them(desk: Desk) -> None:
    desk.imported()
    desk.write(leads=_more_leads(1))
    (desk.tables / "SAMPLE.txt").touch()
    assert "made-up sample leads" in desk.imported(append=True).warnings[-1]
    assert _sample(desk)
