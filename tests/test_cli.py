"""The command line: what stands on stdout and stderr, and the exit status. Refusals are in test_bad_input.py."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from plumbline.cli import _spread, main
from plumbline.health import checks
from plumbline.history.connection import History
from plumbline.history.snapshots import point_to
from tests.cli_support import ROOT, Said, command, plumbline

LEADS = "lead_id,created_at,source,name\nL1,2026-01-01,web,=1+1\nL2,2026-01-02,ads,京都\nL2,2026-01-02,ads,twice\n"
CHANGES = "lead_id,stage,occurred_at\nL1,mql,2026-01-03\nL2,mql,2026-01-04\nL2,sal,2026-01-05\n"
STAGES = [
    "stage",
    "entered",
    "reached_next",
    "rejected",
    "recycled",
    "lost",
    "open_in_window",
    "open_past_window",
    "mature",
    "converted",
    "conversion",
]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "leads.csv").write_text(LEADS, encoding="utf-8")
    (folder / "stage_changes.csv").write_text(CHANGES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def imported(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A history, and what its import said as JSON."""
    history = tmp_path_factory.mktemp("history") / "h.duckdb"
    return history, plumbline("import", "canonical", tables, "--history", history, "--format", "json")


@pytest.fixture
def ask(imported: tuple[Path, Said], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """A command in this process, on the history."""

    def asked(*arguments: str, history: Path = imported[0]) -> Said:
        monkeypatch.setattr(sys, "argv", ["plumbline", *arguments, *(["--history", str(history)] if arguments[0] != "metrics" else [])])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Said(ended.value.code, told.out, told.err)

    return asked


def test_an_import_with_rejects_ends_with_0_and_one_object(imported: tuple[Path, Said]) -> None:
    said = imported[1]
    assert (said.status, said.err) == (0, "")
    assert said.json["tables"] == {"leads": {"seen": 3, "kept": 2, "rejected": 1}, "stage_changes": {"seen": 3, "kept": 3, "rejected": 0}}
    assert said.json["rejects"] == [
        {"file": "leads.csv", "line": 4, "reason": "duplicate: L2 stands in an earlier row", "column": "lead_id", "table": "leads"}
    ]
    assert (said.json["rejects_total"], said.json["data_through"], said.json["warnings"]) == (1, "2026-01-05T00:00:00Z", [])
    assert os.readlink(imported[0]).endswith(f"{said.json['snapshot']}.duckdb")


def test_an_import_that_pushes_a_snapshot_out_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_KEEP_SNAPSHOTS", "1")
    history, told = tmp_path / "h.duckdb", []
    for number in (1, 2):
        (tmp_path / "leads.csv").write_text(f"lead_id,created_at\nL{number},2026-01-01\n", encoding="utf-8")
        told.append(plumbline("import", "canonical", tmp_path, "--history", history))
    said = [one.out + one.err for one in told]
    first = re.search(r"published snapshot (\S+);", said[0]).group(1)
    assert "removed" not in said[0]
    assert f"note: the oldest snapshot was removed, for 1 stay on disk (PLUMBLINE_KEEP_SNAPSHOTS): {first} (made " in said[1]


def test_the_first_hundred_rejects_are_shown_and_all_counted(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("lead_id,created_at\nL,2026-01-01\n" + "L,2026-01-01\n" * 250, encoding="utf-8")
    said = plumbline("import", "canonical", tmp_path, "--history", tmp_path / "h.duckdb", "--format", "json", "--dry-run")
    assert (len(said.json["rejects"]), said.json["rejects_total"]) == (100, 250)


def test_a_metric_as_json_is_one_list_with_the_columns_promised(ask) -> None:
    said = ask("metric", "funnel/stages", "--format", "json")
    assert said.err == ""
    assert [list(row) for row in said.json] == [STAGES] * 5
    assert [row["entered"] for row in said.json] == [2, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("funnel/cohorts", ["cohort", *STAGES]),
        ("funnel/flow", ["period", "stage", "entries"]),
        ("funnel/breakdown", ["value", *STAGES]),
        ("funnel/time_in_stage", ["stage", "n", "median", "p90"]),
    ],
)
def test_core_metrics_have_the_columns_promised(ask, name: str, columns: list[str]) -> None:
    assert list(ask("metric", name, "--format", "json").json[0]) == columns


def test_numbers_in_json_are_numbers_and_days_are_days(ask) -> None:
    row = ask("metric", "funnel/cohorts", "--format", "json").json[0]
    assert date.fromisoformat(row["cohort"]) == date(2025, 12, 29)
    assert {type(value) for name, value in row.items() if name not in ("cohort", "stage", "conversion")} == {int}


def test_a_month_begins_on_its_first(ask) -> None:
    assert ask("metric", "funnel/cohorts", "--param", "grain=month", "--format", "json").json[0]["cohort"] == "2026-01-01"


def test_a_metric_as_csv_has_a_header_and_rows(ask) -> None:
    rows = list(csv.reader(io.StringIO(ask("metric", "funnel/stages", "--format", "csv").out)))
    assert (rows[0], len(rows)) == (STAGES, 6)


def test_a_metric_as_a_table_shows_every_column(ask) -> None:
    said = ask("metric", "funnel/stages")
    assert all(name in said.out.splitlines()[0] for name in STAGES)


def test_no_cell_of_csv_is_a_formula(ask) -> None:
    said = ask("metric", "funnel/breakdown", "--param", "by=name", "--format", "csv")
    assert "\n=1+1" not in said.out
    assert "'=1+1" in said.out


def test_metrics_are_listed_with_what_they_take(ask) -> None:
    listed = ask("metrics", "--format", "json").json
    assert {"name", "title", "grain", "unit", "parameters"} <= set(listed[0])
    assert "funnel/stages" in [row["name"] for row in listed]


def test_filters_are_those_of_the_screens(ask) -> None:
    def entered(*options: str) -> int:
        return ask("metric", "funnel/stages", *options, "--format", "json").json[0]["entered"]

    assert entered("--source", "WEB") == 1
    assert entered("--source", "web", "ads") == 2
    assert entered("--source", "web", "--source", "ads") == 2
    assert entered("--segment", "source=web", "--segment", "name=京都") == 0
    assert entered("--since", "2026-01-04") == 1
    assert entered("--until", "2026-01-04") == 1
    assert entered("--source", "") == 0


def test_words_after_an_option_of_many_belong_to_it() -> None:
    assert _spread(["metric", "a/b", "--source", "x", "y z", "--since", "2026-01-01", "--param", "k=v", "l=w"]) == [
        *["metric", "a/b", "--source", "x", "--source", "y z", "--since", "2026-01-01", "--param", "k=v", "--param", "l=w"]
    ]


def test_imports_lists_and_rolls_back(ask, tables: Path, tmp_path: Path) -> None:
    history = tmp_path / "h.duckdb"
    first = plumbline("import", "canonical", tables, "--history", history, "--format", "json").json["snapshot"]
    second = plumbline("import", "canonical", tables, "--history", history, "--format", "json", "--time-zone", "Asia/Tokyo").json["snapshot"]
    listed = ask("imports", "--format", "json", history=history).json
    assert [(row["snapshot"], row["is_published"], row["leads"]) for row in listed] == [(second, True, 2), (first, False, 2)]
    rolled = ask("imports", "--roll-back", first, "--format", "json", history=history).json
    assert [row["is_published"] for row in rolled] == [False, True]
    point_to(history, history.with_name("h.duckdb.snapshots") / f"{second}.duckdb")


def test_imports_of_nothing_is_an_empty_list(ask, tmp_path: Path) -> None:
    said = ask("imports", "--format", "json", history=tmp_path / "none.duckdb")
    assert (said.status, said.json) == (0, [])


def test_sample_writes_history_folder_and_truth(tmp_path: Path) -> None:
    said = plumbline(
        *[
            "sample",
            "--leads",
            "300",
            "--seed",
            "7",
            "--history",
            tmp_path / "h.duckdb",
            "--truth",
            tmp_path / "h.json",
            "--folder",
            tmp_path / "tables",
        ],
        *["--format", "json"],
    )
    assert set(said.json) == {"leads", "activities", "touches", "seconds"}
    opened = History(tmp_path / "h.duckdb")
    assert (opened.about.is_sample, said.json["leads"]) == (True, 300)
    opened.close()
    assert (tmp_path / "tables" / "leads.csv").exists()
    assert json.loads((tmp_path / "h.json").read_text(encoding="utf-8"))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    "words", [[], ["metric"], ["import", "canonical"], ["nonsense"], ["metric", "funnel/stages", "--nonsense"], ["serve", "--port", "x"]]
)
def test_wrong_usage_ends_with_2(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["plumbline", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert "Traceback" not in said.err


def test_help_ends_with_0(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["plumbline", "metric", "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "--episodes" in capsys.readouterr().out


def test_texts_of_any_script_are_printed_wherever_python_thinks_it_is(imported: tuple[Path, Said]) -> None:
    said = plumbline("metric", "funnel/breakdown", "--param", "by=name", "--history", imported[0], "--format", "json", PYTHONIOENCODING="ascii")
    assert "京都" in [row["value"] for row in said.json]


def test_arguments_that_are_no_text_are_refused(imported: tuple[Path, Said]) -> None:
    words = [*command("metric", "funnel/stages", "--history", imported[0]), "--source", b"\xff\xfe"]
    done = subprocess.run(words, capture_output=True, cwd=ROOT, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"is not UTF-8" in done.stderr


def test_a_closed_pipe_is_no_traceback(imported: tuple[Path, Said]) -> None:
    words = " ".join(f"'{word}'" for word in command("metric", "funnel/stages", "--history", imported[0]))
    done = subprocess.run(["bash", "-c", f"{words} | true"], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert "Traceback" not in done.stderr


def test_the_setting_names_the_history(imported: tuple[Path, Said], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(imported[0]))
    monkeypatch.setattr(sys, "argv", ["plumbline", "metric", "funnel/stages", "--format", "json"])
    with pytest.raises(SystemExit):
        main()
    assert json.loads(capsys.readouterr().out)[0]["entered"] == 2


# check


def _by_name(rows: list[dict]) -> dict[str, dict]:
    assert all(list(row) == ["name", "ok", "detail", "to_do"] for row in rows)
    return {row["name"]: row for row in rows}


def test_check_says_what_is_as_it_should_be(imported: tuple[Path, Said]) -> None:
    found = _by_name(checks(imported[0]))
    assert [name for name, row in found.items() if not row["ok"] and name != "packages"] == []
    assert "stage_changes 3" in found["tables"]["detail"]
    assert found["data"]["detail"].startswith("imported data")


@pytest.mark.parametrize("content", [None, b"", b"garbage" * 1000])
def test_check_of_no_history_says_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "h.duckdb").write_bytes(content)
    row = _by_name(checks(tmp_path / "h.duckdb"))["history"]
    assert (row["ok"], bool(row["to_do"])) == (False, True)


def test_check_of_a_damaged_history_says_so(tables: Path, tmp_path: Path) -> None:
    plumbline("import", "canonical", tables, "--history", tmp_path / "h.duckdb")
    real = Path(os.path.realpath(tmp_path / "h.duckdb"))
    stat, content = real.stat(), bytearray(real.read_bytes())
    content[-1] ^= 1
    with real.open("r+b") as file:
        file.write(content)
    os.utime(real, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    row = _by_name(checks(tmp_path / "h.duckdb"))["history"]
    assert (row["ok"], "damaged" in row["detail"]) == (False, True)


def test_check_names_a_setting_that_cannot_be_read(imported: tuple[Path, Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_KEEP_SNAPSHOTS", "many")
    assert not _by_name(checks(imported[0]))["settings"]["ok"]


def test_check_names_a_setting_that_does_not_exist(imported: tuple[Path, Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_KEEP_SNAPSHOT", "3")
    assert "PLUMBLINE_KEEP_SNAPSHOT" in _by_name(checks(imported[0]))["settings"]["detail"]


def test_check_names_a_home_that_cannot_be_used(imported: tuple[Path, Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "file"))
    assert not _by_name(checks(imported[0]))["home folder"]["ok"]


def test_check_ends_with_1_where_something_is_amiss(ask, tmp_path: Path) -> None:
    said = ask("check", "--format", "json", history=tmp_path / "none.duckdb")
    assert said.status == 1
    assert not _by_name(said.json)["history"]["ok"]
