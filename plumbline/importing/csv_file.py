"""Opens one CSV file for the importer: encoding, header, and the records as text, with nothing guessed.

Measured: a sniffing reader lost 200 of 201 rows to one long row and read UTF-16 as rubbish without a word. So csv_scan.py says what a record is and
which are left out, every column is read as text under the header's own names, and whatever readers of CSV take in different ways is first written
out so that all of them take it alike.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from plumbline.errors import InputError
from plumbline.importing import csv_scan
from plumbline.importing.csv_scan import bytes_of, first_record, scan, write_uniform
from plumbline.importing.csv_text import as_utf8
from plumbline.text import clean

MOST_COLUMNS = 5_000
_MOST_SHOWN = 60  # characters of a name in a refusal
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
    csv_scan.FEWER: "has fewer fields than the header",
    csv_scan.MORE: "has more fields than the header",
    csv_scan.AFTER_QUOTE: "has text after a closing quote",
    csv_scan.LONG_CELL: f"has a cell of more than {csv_scan.MOST_CELL:,} bytes",
    csv_scan.LONG_RECORD: f"is longer than {csv_scan.MOST_RECORD:,} bytes",
}


@dataclass(frozen=True)
class CsvFile:
    """A file that passed the first look. `text_path`: what readers read, UTF-8; `source`: the file itself in UTF-8, by which lines are counted.

    `seen`: records of the file, of which `kept` are in `text_path` and `refused` (line, reason) are not. `notes`: what should be said of it.
    """

    path: Path
    text_path: Path
    header: tuple[str, ...]
    delimiter: str
    seen: int
    kept: int
    refused: tuple[tuple[int, str], ...] = ()
    source: Path | None = None
    has_header: bool = True
    is_longer: bool = False
    has_quoted_ends: bool = False
    is_crlf: bool = False
    notes: tuple[str, ...] = ()


def open_csv(path: Path, workspace: Path, encoding: str = "", delimiter: str = ",") -> CsvFile:
    """Looks at encoding, header and records. Raises InputError naming file, line and what to do."""
    head = _head(path)
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            raise InputError(f"is {kind}, not a CSV table", path.name, "export it as CSV in UTF-8")
    source, note = as_utf8(path, head, workspace, encoding)
    data = bytes_of(source)
    header, drops_last = _header(path, data, delimiter)
    found = scan(data, len(header), delimiter)
    if found.open_quote_line:
        raise InputError("the quote opened here is never closed", f"{path.name}, line {found.open_quote_line}", "close the quote or remove it")
    if drops_last and not found.is_longer and found.records:
        raise InputError(f"column {len(header) + 1} has no name", f"{path.name}, line 1", "name every column of the header")
    text_path, is_uniform = source, found.is_uniform and not drops_last
    if not is_uniform:
        text_path = workspace / f"{path.stem}.{abs(hash(str(path)))}.uniform.csv"
        write_uniform(data, text_path, len(header), found.is_longer, delimiter)
    return CsvFile(
        path,
        plain_path(text_path, workspace),
        header,
        delimiter,
        found.records,
        found.kept,
        tuple((int(line), _REASONS[int(what)]) for line, _, what in found.faults),
        source,
        is_uniform,
        found.is_longer,
        found.has_quoted_ends,
        is_uniform and found.is_crlf,
        tuple(filter(None, (note, *_notes(path, found)))),
    )


def _notes(path: Path, found: csv_scan.Scan) -> Iterator[str]:
    if found.is_longer:
        yield f"{path.name}: every row ends in one delimiter more than the header has; it was not counted as a field"
    spans = found.faults[found.faults[:, 1] > found.faults[:, 0]] if len(found.faults) else found.faults
    if len(spans):
        line, last, _ = spans[0]
        more = f", and {len(spans) - 1} more like it" if len(spans) > 1 else ""
        yield f"{path.name}: a row that was left out runs from line {line} to line {last}, for a quote in it is not closed before{more}"
    if found.rows_in_cells:
        what = "line that looks" if found.rows_in_cells == 1 else "lines that look"
        yield f"{path.name}, line {found.rows_line}: a quoted cell holds {found.rows_in_cells} {what} like rows of the table; is a quote missing?"


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


def _header(path: Path, data: np.ndarray, delimiter: str) -> tuple[tuple[str, ...], bool]:
    """The names of the columns, and whether the header ends in a delimiter after the last of them."""
    raw, line, is_spoilt = first_record(data, delimiter)
    where = f"{path.name}, line {line}"
    if not raw and line:
        raise InputError("the quote opened here is never closed", where, "close the quote or remove it")
    if is_spoilt or len(raw) > csv_scan.MOST_CELL:
        raise InputError("the header has text after a closing quote" if is_spoilt else "the header is too long", where, "export it again as CSV")
    csv.field_size_limit(2 * csv_scan.MOST_RECORD)
    cells = next(csv.reader([raw.decode("utf-8")], delimiter=delimiter), [""])
    if len(cells) > MOST_COLUMNS:
        raise InputError(f"has {len(cells):,} columns; at most {MOST_COLUMNS:,} are read", where, "leave out columns that you do not need")
    header = tuple(clean(cell) or "" for cell in cells)
    if len(header) == 1:
        for other, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (",", "commas")):
            if other != delimiter and other in cells[0]:
                raise InputError(f"the header is one cell: its fields seem to be separated by {name}", where, _separator_advice(name))
        if delimiter in header[0]:
            raise InputError("the whole header is one quoted cell: the file was quoted twice", where, "export it again as CSV")
    ends_in_delimiter = len(header) > 1 and not header[-1] and raw.endswith(delimiter.encode())
    header = header[:-1] if ends_in_delimiter else header
    check_names(header, path)
    return header, ends_in_delimiter


def check_names(header: tuple[str, ...], path: Path) -> None:
    """Raises InputError where a column has no name, or two have the same."""
    if "" in header:
        raise InputError(f"column {header.index('') + 1} has no name", f"{path.name}, line 1", "name every column of the header")
    name, count = Counter(header).most_common(1)[0]
    if count > 1:
        shown = name[:_MOST_SHOWN]
        raise InputError(f"two columns are called {shown!r}", f"{path.name}, line 1, column {shown}", "rename one of them")


def _separator_advice(name: str) -> str:
    return f"export it with commas, or import it as csv with a mapping that says delimiter ({name})"


def records_of(file: CsvFile) -> tuple[str, dict[str, object]]:
    """The reader as a table function with its bound values: columns c0..cn as text. It refuses nothing: what was left out is not there."""
    reader = (
        "read_csv($path, auto_detect = false, header = $has_header, delim = $delimiter, quote = '\"', escape = '\"', columns = $columns,"
        " strict_mode = true, null_padding = false, parallel = $parallel, max_line_size = 16000000, buffer_size = 64000000"
        + (
            "" if file.is_crlf else ", new_line = '\\n'"
        )  # found by itself where all line ends are CR LF; otherwise those within cells would mislead it
        + ")"
    )
    columns = {f"c{index}": "VARCHAR" for index in range(len(file.header))}
    bound = {"path": str(file.text_path), "delimiter": file.delimiter, "columns": columns, "has_header": file.has_header}
    return reader, {**bound, "parallel": not file.has_quoted_ends}


def read_records(con: duckdb.DuckDBPyConnection, file: CsvFile, table: str) -> None:
    """Reads every record that is kept into `table` (columns c0..cn as text, in the file's order, rowid = order). Raises InputError."""
    reader, values = records_of(file)
    try:
        con.execute(f"create or replace table {table} as select * from {reader}", values)
        rows = con.execute(f"select count(*) from {table}").fetchall()[0][0]
        problem = f"{rows} of {file.kept} rows" if rows != file.kept else ""
    except duckdb.InvalidInputException as error:
        problem = str(error).splitlines()[0][:120]
    if problem:
        raise InputError(f"is read in two ways ({problem})", file.path.name, "export it again as CSV in UTF-8; nothing was changed")


def rows_of(file: CsvFile) -> Iterator[list[str]]:
    """The records that are kept, by Python's own reader."""
    csv.field_size_limit(2 * csv_scan.MOST_RECORD)
    with file.text_path.open(encoding="utf-8-sig", newline="") as stream:
        rows = (row for row in csv.reader(stream, delimiter=file.delimiter, strict=True) if row)
        if file.has_header:
            next(rows, None)
        yield from rows


def lines_of_kept(file: CsvFile, wanted: np.ndarray) -> np.ndarray:
    """Physical lines of kept records (ascending `wanted`, from 0)."""
    return csv_scan.lines_of(bytes_of(file.source or file.path), wanted, len(file.header), file.is_longer, file.delimiter)
