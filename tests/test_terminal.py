"""Text of the data on a terminal, and numbers that JSON does not have."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from plumbline.printing import Format, show
from plumbline.terminal import VisibleStream, visible, visible_json
from tests.cli_support import plumbline

ESC, BEL, CSI, OVERRIDE = "\x1b", "\x07", "\x9b", "\u202e"
NASTY = f"{ESC}]0;title{BEL}{ESC}[31mred{CSI}2J{OVERRIDE}txt"
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u2028-\u202e\u2066-\u2069]")


def test_every_control_character_is_shown_and_nothing_else() -> None:
    assert visible("Zoë 京都 שלום ‍👩‍🚒 '\\x1b'") == "Zoë 京都 שלום ‍👩‍🚒 '\\x1b'"
    assert visible(NASTY) == r"\x1b]0;title\x07\x1b[31mred\x9b2J\u202etxt"
    for code in (*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)):
        assert not CONTROLS.search(visible(chr(code))) and "\n" not in visible(chr(code)), hex(code)


def test_json_stays_the_same_value() -> None:
    text = json.dumps({NASTY: [NASTY]}, ensure_ascii=False)
    assert json.loads(visible_json(text)) == {NASTY: [NASTY]} and not CONTROLS.search(visible_json(text))


def test_a_log_lets_line_feeds_through_only() -> None:
    out = io.StringIO()
    assert VisibleStream(out).write(f"one\n{NASTY}\r\n") == len(NASTY) + 6
    assert out.getvalue() == f"one\n{visible(NASTY)}\\x0d\n"


@pytest.mark.parametrize("output", list(Format))
def test_a_number_that_is_none_is_null_or_empty(output: Format, capsys: pytest.CaptureFixture[str]) -> None:
    show([{"a": float("inf"), "b": float("nan"), "c": [float("-inf"), 1.5], "d": (float("nan"),)}, {"a": 1.0, "b": 2}], output)
    printed = capsys.readouterr().out
    assert not re.search("inf|nan", printed, re.IGNORECASE)
    if output is Format.json:
        assert json.loads(printed)[0] == {"a": None, "b": None, "c": [None, 1.5], "d": [None]}


def test_no_escape_of_the_data_reaches_the_terminal(tmp_path: Path) -> None:
    files = tmp_path / "in"
    files.mkdir()
    (files / "leads.csv").write_text(
        f"lead_id,created_at,source,na{ESC}me\nL1,2026-01-01T00:00:00Z,{NASTY},{NASTY}\nL2,{ESC}[2Jno date{BEL},x,y\n", encoding="utf-8"
    )
    (files / "stage_changes.csv").write_text("lead_id,stage,occurred_at\nL1,mql,2026-01-02T00:00:00Z\n", encoding="utf-8")
    history = tmp_path / "h.duckdb"
    said = [plumbline("import", "canonical", files, "--history", history)]
    assert "\\x1b[2Jno date" in said[0].err
    for form in Format:
        said.append(plumbline("metric", "funnel/breakdown", "--param", "by=source", "--history", history, "--format", form.value))
        assert "1b" in said[-1].out, form
        said.append(plumbline("imports", "--history", history, "--format", form.value))
    said.append(plumbline("import", "canonical", files, "--history", history, "--format", "json", "--currency", "EUR"))
    (files / "stage_changes.csv").write_text(f"lead_id,sta{NASTY}ge,occurred_at\nL1,mql,2026-01-02T00:00:00Z\n", encoding="utf-8")
    said.append(plumbline("import", "canonical", files, "--history", history))
    assert said[-1].status == 1
    assert [CONTROLS.findall(one.out + one.err) for one in said] == [[]] * len(said)


def test_amounts_over_every_number_are_null_in_json(tmp_path: Path) -> None:
    show([{"spend": 1.7e308 + 1.7e308}], Format.json)
    (tmp_path / "leads.csv").write_text("lead_id,created_at,source\nL1,2026-01-01T00:00:00Z,web\n", encoding="utf-8")
    rows = "".join(f"2026-01-0{day},web,x,1.7e308,USD\n" for day in (1, 2))
    (tmp_path / "spend.csv").write_text(f"date,source,campaign,amount,currency\n{rows}", encoding="utf-8")
    plumbline("import", "canonical", tmp_path, "--history", tmp_path / "h.duckdb", "--data-through", "2026-02-01")
    said = plumbline("metric", "sources/cost", "--history", tmp_path / "h.duckdb", "--format", "json")
    assert said.status == 0 and json.loads(said.out, parse_constant=pytest.fail)
