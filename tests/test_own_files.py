"""Commands that write files: what a user made is never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_support import plumbline

OWN = "lead_id,created_at,email\nmine,2026-01-01,me@company.example\n"


@pytest.mark.parametrize("name", ["leads.csv", "spend.parquet"])
def test_a_sample_never_replaces_a_users_table(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(OWN, encoding="utf-8")
    said = plumbline("sample", "--leads", 50, "--folder", tmp_path)
    assert f"{tmp_path / name}: is a table that no sample wrote" in said.refusal and "--folder" in said.refusal
    assert (tmp_path / name).read_text(encoding="utf-8") == OWN and [path.name for path in tmp_path.iterdir()] == [name]


def test_a_sample_replaces_a_sample_but_not_a_table_changed_since(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("kept", encoding="utf-8")
    assert plumbline("sample", "--leads", 50, "--folder", tmp_path).status == 0
    first = (tmp_path / "leads.csv").read_bytes()
    assert plumbline("sample", "--leads", 60, "--folder", tmp_path).status == 0
    assert (tmp_path / "leads.csv").read_bytes() != first and (tmp_path / "notes.txt").read_text(encoding="utf-8") == "kept"
    (tmp_path / "leads.csv").write_text(OWN, encoding="utf-8")
    assert "leads.csv: is a table that no sample wrote" in plumbline("sample", "--leads", 50, "--folder", tmp_path).refusal
    assert (tmp_path / "leads.csv").read_text(encoding="utf-8") == OWN


def test_the_truth_replaces_only_a_truth(tmp_path: Path) -> None:
    truth = tmp_path / "truth.json"
    for leads in (50, 60):
        assert plumbline("sample", "--leads", leads, "--history", tmp_path / "h.duckdb", "--truth", truth).status == 0
    truth.write_text('{"mine": 1}', encoding="utf-8")
    assert "is there already" in plumbline("sample", "--leads", 50, "--history", tmp_path / "n.duckdb", "--truth", truth).refusal
    assert truth.read_text(encoding="utf-8") == '{"mine": 1}' and not (tmp_path / "n.duckdb").exists()


def test_leads_out_replaces_only_its_own(tmp_path: Path) -> None:
    history, bar, out = tmp_path / "h.duckdb", tmp_path / "bar.yaml", tmp_path / "out.csv"
    plumbline("sample", "--leads", 100, "--history", history)
    bar.write_text("name: x\nbehaviour: [{activity: demo_request}]\n", encoding="utf-8")
    out.touch()  # an empty file made beforehand holds nothing of anybody's
    for _ in range(2):
        assert plumbline("replay", "--definition", bar, "--history", history, "--leads-out", out).status == 0
    out.write_text(OWN, encoding="utf-8")
    assert "is there already" in plumbline("replay", "--definition", bar, "--history", history, "--leads-out", out).refusal
    assert out.read_text(encoding="utf-8") == OWN
    assert "is a folder" in plumbline("replay", "--definition", bar, "--history", history, "--leads-out", tmp_path).refusal


def test_a_file_that_is_no_history_is_never_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "leads.csv").write_text(OWN, encoding="utf-8")
    target = tmp_path / "notes.txt"
    target.write_text("mine", encoding="utf-8")
    assert "notes.txt: is no history" in plumbline("import", "canonical", tmp_path / "in", "--history", target).refusal
    assert "notes.txt: is no history" in plumbline("sample", "--leads", 20, "--history", target).refusal
    assert target.read_text(encoding="utf-8") == "mine" and not target.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "notes.txt"]
