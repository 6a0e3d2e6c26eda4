"""Absurd command lines: each ends with 0, with 1 and one line, or with 2 (usage); never with a traceback."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

from plumbline.cli import _spread, history_of, main
from plumbline.errors import SettingError
from tests.cli_support import plumbline, twin
from tests.figures import measured

LEADS = "lead_id,created_at,source\nA,2026-01-01,organic\nB,2026-01-01,google / cpc\nC,2026-01-01,bing/cpc\n"
CHANGES = "lead_id,stage,occurred_at\n" + "".join(f"{lead},mql,2026-01-05\n" for lead in "ABC")
LINES = 200
OPTIONS = {  # what each command takes beside --history and --format
    "metric": ("--param", "--since", "--until", "--source", "--segment", "--episodes"),
    "metrics": ("--format",),
    "imports": ("--roll-back", "--migrate"),
    "import": ("--mapping", "--encoding", "--data-through", "--time-zone", "--currency", "--append", "--dry-run"),
    "check": ("--format",),
    "replay": ("--definition", "--until", "--leads-out"),
    "simulate": ("--definition", "--baseline", "--since", "--until", "--quota", "--capacity"),
    "sample": ("--seed", "--truth", "--folder"),
    "nothing": ("--format",),
    "": ("--help",),
}
OF_ANY = ("--format", "--nothing", "-h", "--", "--help", "-")
VALUES = (
    *("", " ", ".", "..", "/", "~", "~nobody-of-that-name/h", "/dev/null", "/proc/self/mem", "/proc/self/environ", "x" * 300, "x" * 5000, "a/b", "="),
    *("source=", "=web", "source=a=b", "funnel/stages", "leaks/ranked", "sources/cost", "../../etc/passwd", "2026-02-30", "0000-00-00"),
    *("9999-12-31", "10000-01-01", "-1", "0", "1e999", "nan", "inf", "9" * 5000, "'; drop table leads; --", "%s%n{0}", "\x1b[2J", "\u202e", "💥"),
    *("\ud800", "\udcff", "first", "all", "json", "csv", "table", "canonical", "UTC", "Mars/Olympus", "utf-16", "rot13", "hex", "idna", "EUR", "k=6"),
    *("by=source", "by=\x00".replace("\x00", "\x01"), "grain=month", "grain=", "days=-1", "calls=99999999999999999999", "page=1.5"),
)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("lines")
    (place / "leads.csv").write_text(LEADS, encoding="utf-8")
    (place / "stage_changes.csv").write_text(CHANGES, encoding="utf-8")
    said = plumbline("import", "canonical", place, "--history", place / "h.duckdb", "--data-through", "2026-03-01")
    assert said.status == 0, said.err
    return place / "h.duckdb"


def random_line(draw: random.Random, history: Path) -> list[str]:
    """Mostly options that the command takes, with any value; some without a value, some of another command."""
    name = draw.choices(list(OPTIONS), weights=[8, 1, 3, 3, 1, 3, 3, 1, 1, 1])[0]
    files = [str(history.parent / "leads.csv"), str(history), str(history.parent)]
    line = [name]
    if name == "metric":
        line.append(draw.choice(("funnel/stages", "funnel/breakdown", "leaks/classes", "sources/cost", draw.choice(VALUES))))
    if name == "import":
        line += [draw.choice(("canonical", "csv", draw.choice(VALUES))), draw.choice((*files, draw.choice(VALUES)))]
    if name == "sample":
        line += ["--leads", draw.choice(("3", "30", "0"))]
    for _ in range(draw.randrange(4)):
        line.append(draw.choice(OPTIONS[name] if draw.random() < 0.9 else OF_ANY))
        line += [draw.choice((*VALUES, *files)) for _ in range(draw.choice((0, 1, 1, 1, 1, 1, 1, 2)))]
    if name == "simulate":
        line += ["--since", "2026-01-01", "--until", "2026-02-01"]
    if name not in ("metrics", "nothing", ""):
        line += ["--history", str(history) if draw.random() < 0.9 else draw.choice(VALUES)]
    return line


def test_absurd_command_lines(history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    draw, ends = random.Random(12), {0: 0, 1: 0, 2: 0}
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    ours = twin(history, tmp_path)
    for _ in range(LINES):
        line = random_line(draw, ours)
        monkeypatch.setattr(sys, "argv", ["plumbline", *line])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        status = ended.value.code or 0
        assert status in ends, (line, said.err)
        assert "Traceback" not in said.err + said.out and "a defect" not in said.err, (line, said.err)
        if status == 1 and line[0] != "check":
            assert said.err.splitlines()[-1].startswith("error: ") and sum(one.startswith("error: ") for one in said.err.splitlines()) == 1, line
        assert "\x1b[2J" not in said.out or status == 2, line
        ends[status] += 1
    assert ends[0] >= LINES / 10 and ends[1] >= LINES / 4  # not all of them fall at the first word
    measured(f"{LINES} absurd command lines: {ends[0]} done, {ends[1]} refused in one line, {ends[2]} usage, 0 tracebacks")


def test_a_second_source_may_hold_slashes(history: Path) -> None:
    for sources in (["organic", "google / cpc"], ["google / cpc", "bing/cpc"]):
        said = plumbline("metric", "funnel/stages", "--source", *sources, "--history", history, "--format", "json")
        assert said.json[0]["stage"] == "mql" and said.json[0]["entered"] == 2, sources
    said = plumbline("metric", "funnel/stages", "--segment", "source=google / cpc", "source=bing/cpc", "--history", history, "--format", "json")
    assert said.json[0]["entered"] == 2


def test_words_after_an_option_of_many_values() -> None:
    assert _spread(["metric", "a/b", "--source", "x", "y/z", "google / cpc", "funnel/stages"]) == [
        *["metric", "a/b", "--source", "x", "--source", "y/z", "--source", "google / cpc", "--source", "funnel/stages"]
    ]
    assert _spread(["metric", "--source", "x", "y/z", "funnel/stages", "w"]) == [
        *["metric", "--source", "x", "--source", "y/z", "funnel/stages", "--source", "w"]
    ]
    assert _spread(["metric", "--source=x", "y/z", "--", "--source", "a"]) == ["metric", "--source=x", "--source", "y/z", "--", "--source", "a"]
    assert _spread(["metric", "--format", "json", "funnel/stages", "--segment", "a=1", "b=x / y"]) == [
        *["metric", "--format", "json", "funnel/stages", "--segment", "a=1", "--segment", "b=x / y"]
    ]
    assert _spread(["import", "canonical", "a", "b/c", "--source", "x"]) == ["import", "canonical", "a", "b/c", "--source", "x"]
    assert _spread([]) == []


@pytest.mark.parametrize("name", ["", ".", "..", "/"])
@pytest.mark.parametrize("command", [["imports"], ["check"], ["metric", "funnel/stages"], ["serve"]])
def test_a_history_without_a_name_is_refused(
    name: str, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["plumbline", *command, "--history", name])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out, said.err.count("\n")) == (1, "", 1) and "--history" in said.err
    with pytest.raises(SettingError):
        history_of(Path(name))


def test_json_and_nothing_else_on_stdout(history: Path) -> None:
    said = plumbline("metric", "funnel/stages", "--history", history, "--format", "json")
    assert said.err == "" and json.loads(said.out)
