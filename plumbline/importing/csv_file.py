"""Opens one CSV file for the importer: encoding, header, and the records as text, with nothing guessed.

Measured: a sniffing reader lost 200 of 201 rows to one long row and read UTF-16 as rubbish without a word. So every
column is read as text under the header's own names, and what the reader refuses is written down (../csv_scan.py counts).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from plumbline.errors import InputError
from plumbline.importing.csv_scan import lines_of, scan
from plumbline.importing.csv_text import as_utf8
from plumbline.text import clean

_SIGNATURES = {
    b"PK\x03\x04": "a ZIP or Excel file",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"SQLite format 3": "a SQLite database",
    b"{\\rtf": "an RTF document",
}
_REASONS = {
    "MISSING COLUMNS": "has fewer fields than the header",
    "TOO MANY COLUMNS": "has more fields than the header",
    "UNQUOTED VALUE": "has text after a closing quote",
    "LINE SIZE OVER MAXIMUM": "is longer than the reader takes",
    "INVALID ENCODING": "is not valid text",
}


@dataclass(frozen=True)
class CsvFile:
    """A file that passed the first look. `text_path` is UTF-8: the file itself or a transcoded copy with the same lines."""

    path: Path
    text_path: Path
    header: tuple[str, ...]
    delimiter: str
    seen: int


def open_csv(path: Path, workspace: Path, encoding: str = "", delimiter: str = ",") -> CsvFile:
    """Looks at encoding, header and quotes. Raises InputError naming file, line and what to do."""
    head = _head(path)
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            raise InputError(f"is {kind}, not a CSV table", path.name, "export it as CSV in UTF-8")
    text_path, plain_lines = as_utf8(path, head, workspace, encoding)
    header = _header(path, text_path, delimiter)
    counted = scan(text_path, delimiter, plain_lines=plain_lines)
    if counted.open_quote_line:
        raise InputError("the quote opened here is never closed", f"{path.name}, line {counted.open_quote_line}", "close the quote or remove it")
    return CsvFile(path, plain_path(text_path, workspace), header, delimiter, max(0, int(counted.records) - 1))


def plain_path(path: Path, workspace: Path) -> Path:
    """A path that the reader takes as one file: its patterns (* ? [) are hidden behind a link in the workspace."""
    if not set("*?[]{}") & set(str(path)):
        return path
    link = workspace / f"input-{abs(hash(str(path)))}{path.suffix}"
    if not link.is_symlink():
        link.symlink_to(path.absolute())
    return link


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be read", str(path), "check the name and the rights") from None


def _header(path: Path, text_path: Path, delimiter: str) -> tuple[str, ...]:
    with text_path.open(encoding="utf-8-sig", newline="") as file:
        try:
            cells = next((row for row in csv.reader(file, delimiter=delimiter) if row), [])
        except csv.Error as problem:
            raise InputError(f"the header cannot be read ({problem})", f"{path.name}, line 1", "export it again as CSV") from None
    header = tuple(clean(cell) or "" for cell in cells)
    if len(header) == 1:
        for other, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (",", "commas")):
            if other != delimiter and other in cells[0]:
                raise InputError(
                    f"the header is one cell: its fields seem to be separated by {name}", f"{path.name}, line 1", _separator_advice(name)
                )
        if delimiter in header[0]:
            raise InputError("the whole header is one quoted cell: the file was quoted twice", f"{path.name}, line 1", "export it again as CSV")
    check_names(header, path)
    return header


def check_names(header: tuple[str, ...], path: Path) -> None:
    """Raises InputError where a column has no name, or two have the same."""
    if "" in header:
        raise InputError(f"column {header.index('') + 1} has no name", f"{path.name}, line 1", "name every column of the header")
    for name in header:
        if header.count(name) > 1:
            raise InputError(f"two columns are called {name!r}", f"{path.name}, line 1, column {name}", "rename one of them")


def _separator_advice(name: str) -> str:
    return f"export it with commas, or import it as csv with a mapping that says delimiter ({name})"


def records_of(con: duckdb.DuckDBPyConnection, file: CsvFile) -> tuple[str, dict[str, object]]:
    """The reader as a table function with its bound values: columns c0..cn as text. Records that it refuses go into reject_errors, emptied here."""
    con.execute("drop table if exists reject_scans")
    con.execute("drop table if exists reject_errors")
    reader = (
        "read_csv($path, auto_detect = false, header = true, delim = $delimiter, quote = '\"', escape = '\"', columns = $columns,"
        " store_rejects = true, strict_mode = true, null_padding = false, max_line_size = 16000000, buffer_size = 64000000)"
    )
    columns = {f"c{index}": "VARCHAR" for index in range(len(file.header))}
    return reader, {"path": str(file.text_path), "delimiter": file.delimiter, "columns": columns}


def read_records(con: duckdb.DuckDBPyConnection, file: CsvFile, table: str) -> list[tuple[int, str]]:
    """Reads every record into `table` (columns c0..cn as text, in the file's order, rowid = order). Returns [(line, reason)] of those refused."""
    reader, values = records_of(con, file)
    try:
        con.execute(f"create or replace table {table} as select * from {reader}", values)
    except duckdb.InvalidInputException:  # mixed line ends, among others
        return _read_slowly(con, file, table)
    kept = con.execute(f"select count(*) from {table}").fetchall()[0][0]
    if kept == file.seen:
        return []
    errors = con.execute("select line_byte_position - 1, any_value(error_type::varchar) from reject_errors group by 1 order by 1").fetchall()
    if kept + len(errors) != file.seen:
        return _read_slowly(con, file, table)
    _, lines = lines_of(file.text_path, np.empty(0, np.int64), np.array([error[0] for error in errors], np.int64), file.delimiter)
    if len(lines) and not lines.all():
        return _read_slowly(con, file, table)
    return [(int(line), _REASONS.get(error[1], error[1].lower())) for line, error in zip(lines, errors, strict=True)]


def _read_slowly(con: duckdb.DuckDBPyConnection, file: CsvFile, table: str) -> list[tuple[int, str]]:
    """The same by Python's csv module, for files on which the quick reader and the count disagree."""
    refused: list[tuple[int, str]] = []
    width = len(file.header)
    con.execute(f"create or replace table {table} ({', '.join(f'c{index} varchar' for index in range(width))})")
    csv.field_size_limit(1 << 27)
    batch: list[list[str | None]] = []

    def flush() -> None:
        if batch:
            con.register("batch", pl.DataFrame(batch, schema={f"c{index}": pl.String for index in range(width)}, orient="row"))
            con.execute(f"insert into {table} select * from batch")
            con.unregister("batch")
            batch.clear()

    with file.text_path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=file.delimiter)
        before, is_header = 0, True
        for row in reader:
            line, before = before + 1, reader.line_num
            if not row:
                continue
            if is_header:
                is_header = False
            elif len(row) != width:
                refused.append((line, _REASONS["MISSING COLUMNS" if len(row) < width else "TOO MANY COLUMNS"]))
            else:
                batch.append([cell or None for cell in row])
                if len(batch) >= 5000:
                    flush()
    flush()
    return refused


def lines_of_kept(file: CsvFile, wanted: np.ndarray, refused_lines: list[int]) -> np.ndarray:
    """Physical lines of kept records (ascending `wanted`, from 0), given the lines of the refused ones."""
    lines, _ = lines_of(file.text_path, np.arange(file.seen, dtype=np.int64), np.empty(0, np.int64), file.delimiter)
    kept_lines = lines[~np.isin(lines, np.array(refused_lines, np.int64))]
    return kept_lines[wanted]
