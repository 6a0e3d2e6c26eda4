"""The log of changes: any byte of any row that is changed is found, and so is a row that is missing, moved or slipped in."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from plumbline.errors import StateError
from plumbline.state import audit
from plumbline.state.opening import reading, writing
from tests.cli_support import plumbline
from tests.figures import measured
from tests.state_support import ANN, BOB, log

ROWS = 12
COLUMNS = ("row_no", "changed_at", "changed_by", "what", "details", "previous", "hash")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    for number in range(ROWS):
        with writing() as connection:
            audit.append(connection, (ANN, BOB)[number % 2], "note", {"n": number, "text": "ผู้นำ\0\u2028" * (number % 3)})
    return tmp_path / "state.db"


def change(file: Path, statement: str, values: tuple = ()) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(statement, values)
    connection.execute("pragma wal_checkpoint(truncate)").fetchall()
    connection.close()


def test_what_was_appended_fits(file: Path) -> None:
    assert audit.verify() == []
    rows = log()
    assert [row["row_no"] for row in rows] == list(range(1, ROWS + 1)) and rows[2]["details"]["text"] == "ผู้นำ\0\u2028" * 2
    with reading() as connection:
        head = audit.head(connection)
        assert head == rows[-1]["hash"] and audit.holds(connection, head) and audit.holds(connection, rows[3]["hash"][:12])
        assert audit.holds(connection, audit.BEGINNING) and not audit.holds(connection, "f" * 64) and not audit.holds(connection, "%")


def test_a_change_and_its_row_are_one(file: Path) -> None:
    with pytest.raises(RuntimeError), writing() as connection:
        audit.append(connection, ANN, "note", {})
        raise RuntimeError
    assert len(log()) == ROWS and audit.verify() == []


def test_any_changed_byte_of_any_column_is_found(file: Path, tmp_path: Path) -> None:
    """Random bytes in the place of one, in every column of random rows; text and blob alike, what is no UTF-8 too."""
    draw = random.Random(11)
    tried = 0
    for column in COLUMNS:
        for _ in range(40):
            copy = tmp_path / "copy" / "state.db"
            copy.parent.mkdir(exist_ok=True)
            shutil.copy(file, copy)
            row = draw.randint(1, ROWS)
            connection = sqlite3.connect(copy)
            connection.text_factory = bytes
            value = connection.execute(f"select {column} from audit_log where row_no = ?", (row,)).fetchone()[0]
            connection.close()
            if isinstance(value, int):
                changed: object = value + draw.choice([-200, 100, 2**20])
                change(copy, f"update audit_log set {column} = ? where row_no = ?", (changed, row))
            else:
                at = draw.randrange(len(value))
                byte = draw.choice([other for other in range(256) if other != value[at]])
                changed = value[:at] + bytes([byte]) + value[at + 1 :]
                kept = "?" if draw.random() < 0.3 else "cast(? as text)"
                change(copy, f"update audit_log set {column} = {kept} where row_no = ?", (changed, row))
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("PLUMBLINE_HOME", str(copy.parent))
                found = audit.verify()
            assert len(found) == 1, (column, row, changed)
            if column != "row_no":
                assert f"row {row} of the audit log" in found[0], (found, column, row)
            tried += 1
    measured(f"changed bytes of audit rows: {tried} of {tried} found")


def test_bytes_of_the_file_that_hold_a_row(file: Path, tmp_path: Path) -> None:
    """A byte flipped where the texts of the rows lie in the file: no change passes in silence."""
    change(file, "select 1")
    content = file.read_bytes()
    places = [content.find(str(row["hash"]).encode()) for row in log()]
    draw = random.Random(5)
    assert all(place > 0 for place in places)
    for place in places:
        at = place + draw.randrange(-150, 64)
        damaged = content[:at] + bytes([content[at] ^ (1 << draw.randrange(8))]) + content[at + 1 :]
        copy = tmp_path / "flip" / "state.db"
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(damaged)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PLUMBLINE_HOME", str(copy.parent))
            try:
                assert audit.verify() != [], at
            except StateError as refusal:
                assert "damaged" in refusal.one_line


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("delete from audit_log where row_no = 5", "row 5 of the audit log is missing"),
        ("delete from audit_log where row_no = 1", "row 1 of the audit log is missing"),
        ("update audit_log set row_no = row_no + 100 where row_no > 6", "row 7 of the audit log is missing"),
        ("insert into audit_log select 0, changed_at, changed_by, what, details, previous, hash from audit_log where row_no = 3", "row 0 "),
        ("update audit_log set details = '{}', what = 'x' where row_no = 9", "row 9 of the audit log is not what was written"),
        ("update audit_log set changed_at = null where row_no = 4", "row 4"),
    ],
)
def test_rows_that_went_or_came(file: Path, statement: str, said: str) -> None:
    try:
        change(file, statement)
    except sqlite3.IntegrityError:  # the table itself refuses it
        return
    found = audit.verify()
    assert len(found) == 1 and said in found[0]
    told = plumbline("check", "--format", "json", PLUMBLINE_HOME=str(file.parent))
    assert said in next(row for row in told.json if row["name"] == "audit log")["detail"]


def test_the_end_that_was_cut_off_is_told_by_a_head(file: Path) -> None:
    with reading() as connection:
        head = audit.head(connection)
    change(file, f"delete from audit_log where row_no = {ROWS}")
    assert audit.verify() == []  # what is left fits
    there = {"PLUMBLINE_HOME": str(file.parent)}
    assert "rows were removed" in plumbline("check", "--audit-head", head, "--format", "json", **there).out
    assert "rows were removed" not in plumbline("check", "--audit-head", log()[-1]["hash"], "--format", "json", **there).out


def test_a_log_written_anew_is_told_by_a_head(file: Path) -> None:
    with reading() as connection:
        head = audit.head(connection)
    change(file, "delete from audit_log")
    for number in range(ROWS):
        with writing() as connection:
            audit.append(connection, ANN, "note", {"n": number})
    assert audit.verify() == []
    with reading() as connection:
        assert not audit.holds(connection, head)
