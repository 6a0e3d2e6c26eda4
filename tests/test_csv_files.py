"""CSV files as they come: what is one row's fault stays one row's, and what would shift, lose or double rows is said."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import duckdb
import numpy as np
import pytest

from plumbline.errors import InputError
from plumbline.importing.csv_file import CsvFile, lines_of_kept, open_csv, read_records, rows_of
from plumbline.importing.csv_scan import MOST_CELL
from plumbline.importing.preview import look_here

MORE, FEWER, SPOILT = "has more fields than the header", "has fewer fields than the header", "has text after a closing quote"


def _opened(place: Path, content: str | bytes, encoding: str = "") -> CsvFile:
    path = place / "leads.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_csv(path, place, encoding)


def test_a_row_with_more_fields_is_left_out_however_empty_they_are(tmp_path: Path) -> None:
    file = _opened(tmp_path, "id,at,company,source\nA,1,Acme,web\nB,1,Doe, Inc.,\nC,1,Roe, Sons,,\nD,1,Poe, Ltd.,mail\nE,1,,,\n")
    assert file.refused == ((3, MORE), (4, MORE), (5, MORE), (6, MORE))
    assert list(rows_of(file)) == [["A", "1", "Acme", "web"]]


@pytest.mark.parametrize("header", ["id,at,source", "id,at,source,"])
def test_one_delimiter_more_in_every_row_is_let_pass_and_said(tmp_path: Path, header: str) -> None:
    file = _opened(tmp_path, f"{header}\nA,1,web,\nB,2,,\n")
    assert (file.refused, list(rows_of(file))) == ((), [["A", "1", "web"], ["B", "2", ""]])
    assert ["every row ends in one delimiter more" in note for note in file.notes] == [True]


def test_one_delimiter_more_in_every_row_but_one_is_no_habit_of_the_file(tmp_path: Path) -> None:
    file = _opened(tmp_path, "id,at,source\nA,1,web,\nB,2,ads,\nC,3,web\n")
    assert file.refused == ((2, MORE), (3, MORE))
    with pytest.raises(InputError, match="column 4 has no name"):
        _opened(tmp_path, "id,at,source,\nA,1,web,\nB,2,ads,x\n")


@pytest.mark.parametrize("first_end", ["\n", "\r\n", "\r"])
def test_a_stray_quote_is_the_fault_of_its_record_whatever_the_line_ends(tmp_path: Path, first_end: str) -> None:
    file = _opened(tmp_path, f'lead_id,created_at,company,source{first_end}A,2026-01-01,Acme,"\nB,2026-01-01,Beta,"x"y"\nC,2026-01-01,Gamma,web\n')
    assert (file.seen, file.kept, file.refused) == (2, 1, ((2, SPOILT),))
    assert list(rows_of(file)) == [["C", "2026-01-01", "Gamma", "web"]]
    assert file.notes == ("leads.csv: a row that was left out runs from line 2 to line 3, for a quote in it is not closed before",)
    file = _opened(tmp_path, f'id,at,company{first_end}A,1,"Ac"me\nB,1,Ac"me"\nC,1,"Ac""me"\n')
    assert file.refused == ((2, SPOILT),)
    assert [row[2] for row in rows_of(file)] == ['Ac"me"', 'Ac"me']


def test_rows_that_a_quoted_cell_has_swallowed_are_said(tmp_path: Path) -> None:
    """By the rules of CSV this is one sound row; whoever reads it should know that it may be four."""
    file = _opened(tmp_path, 'id,at,company\nA,1,"Acme\nB,1,Beta\nC,1,Gamma\nD,1,"\nE,1,Eta\n')
    assert (file.seen, file.refused) == (2, ())
    assert file.notes == ("leads.csv, line 2: a quoted cell holds 2 lines that look like rows of the table; is a quote missing?",)
    assert _opened(tmp_path, 'id,at,company\nA,1,"a remark\nof two, three\nand four lines"\n').notes == ()


def test_a_mark_of_utf_8_in_the_middle_of_a_file_belongs_to_no_cell(tmp_path: Path) -> None:
    file = _opened(tmp_path, '\ufeffid,at\nA,1\n\ufeff"B, C",2\n\ufeff\ufeff\nD,3\n')
    assert list(rows_of(file)) == [["A", "1"], ["B, C", "2"], ["D", "3"]]
    assert lines_of_kept(file, np.arange(3)).tolist() == [2, 3, 5]


@pytest.mark.parametrize(
    "content", ["id,at\r\nA,1\nB,2\rC,3\r\n", "id,at\r\rA,1\r\rB,2\rC,3", '\n\n"id\n",at\nA,1\n\nB,2\nC,3', "id,at\r\nA,1\r\n\r\nB,2\r\nC,3\r\n"]
)
def test_line_ends_blank_lines_and_headers_of_two_lines_do_not_matter(tmp_path: Path, content: str) -> None:
    file = _opened(tmp_path, content)
    assert file.header == ("id", "at")
    assert list(rows_of(file)) == [["A", "1"], ["B", "2"], ["C", "3"]]
    con = duckdb.connect()
    read_records(con, file, "raw")
    assert con.execute("select * from raw order by rowid").fetchall() == [("A", "1"), ("B", "2"), ("C", "3")]
    con.close()


def test_a_row_of_very_many_fields_costs_no_more_than_its_bytes(tmp_path: Path) -> None:
    """One error a field, each with the whole line, took 12 s and 1.4 GB for 78 KB."""
    sound = "id,at,source\n" + "A,1,web\n" * 3
    _opened(tmp_path, sound)  # compiled
    tracemalloc.start()
    before = time.process_time()
    file = _opened(tmp_path, sound + "B,1" + ",x" * 400_000 + "\n" + "C,1" + "," * 400_000 + '\nD,1,"' + '""' * 100_000 + '"x"\n')
    spent = time.process_time() - before
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert file.refused == ((5, MORE), (6, MORE), (7, SPOILT))
    assert spent < 1
    assert peak < 30e6


def test_cells_and_records_have_bounds_and_what_is_beyond_is_left_out(tmp_path: Path) -> None:
    within, beyond = "x" * MOST_CELL, "x" * (MOST_CELL + 1)
    record = ",".join(["x" * 999_000] * 9)
    names = ",".join(f"c{number}" for number in range(9))
    file = _opened(tmp_path, f"{names}\n{within}{',' * 8}\n{beyond}{',' * 8}\n{record}\n")
    assert file.refused == ((3, "has a cell of more than 1,000,000 bytes"), (4, "is longer than 8,000,000 bytes"))
    with pytest.raises(InputError, match="has 6,000 columns; at most 5,000 are read"):
        _opened(tmp_path, ",".join(f"c{number}" for number in range(6000)) + "\n")


def test_the_first_look_at_a_file_sees_what_an_import_reads(tmp_path: Path) -> None:
    _opened(tmp_path, 'id,at,company\r\nA,1,Acme\nB,1,"x"y\nC,1,Doe, Inc.,\nD,1,Poe\n')
    look = look_here(tmp_path / "leads.csv", tmp_path)
    assert look.rows == [["A", "1", "Acme"], ["D", "1", "Poe"]]
    assert look.records == 4


def test_a_header_with_text_after_a_quote_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1: the header has text after a closing quote"):
        _opened(tmp_path, 'id,"at"x,source\nA,1,web\n')
