"""No cell of an export is a live formula; numbers stay numbers."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from plumbline.exports import csv_bytes, neutral_text, neutralised

LIVE = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "=cmd|' /C calc'!A0", "＝1+1", "＠x", "-", "+", "=", "\u00a0=1",
    "-2+3+cmd|' /C calc'!D2", '=HYPERLINK("x";"y")', "+49 30 1234", "-1.5.2", "1\x00".replace("1", "\x00=1"), "\tplain", "--1", "+-1",
]  # fmt: skip
CALM = ["plain", "-12.5", "+3e4", "-.5", "1,000", "a=b", "Zoë", "บริษัท", "'quoted", "", "mail@host", "3-4"]


@pytest.mark.parametrize("text", LIVE)
def test_live_text_gets_an_apostrophe(text):
    assert neutral_text(text) == f"'{text}"
    assert neutralised(pl.DataFrame({"a": [text]})).item() == f"'{text}"


@pytest.mark.parametrize("text", CALM)
def test_calm_text_stays(text):
    assert neutral_text(text) == text


def test_other_cells_stay():
    frame = pl.DataFrame({"n": [-1.5, None], "=evil": ["-3", None], "list": [["=1"], []], "at": [datetime(2026, 11, 14, 18), None]})
    assert neutralised(frame).columns == ["n", "'=evil", "list", "at"]
    text = csv_bytes(frame).decode("utf-8-sig")
    assert text.splitlines()[1].startswith("-1.5,-3,") and "2026-11-14T18:00:00Z" in text
    categories = pl.DataFrame({"c": pl.Series(["=1", "x"], dtype=pl.Categorical)})
    assert neutralised(categories)["c"].to_list() == ["'=1", "x"]
