"""Counts the records of a CSV file by the rules of CSV (RFC 4180), apart from the reader that parses them.

The reader (DuckDB) says what it kept and what it refused; this pass says how many records there were and on which
line each begins. The two must add up, so that no row can be lost without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit

_LF, _CR = 10, 13
BLOCK = 1 << 18  # bytes looked at at once: what a core's own cache holds


@dataclass(frozen=True)
class Scan:
    """What a file holds. `records` has no blank lines and includes the header; `open_quote_line` is 0 where every quote is closed."""

    records: int
    open_quote_line: int


class PlainLines:
    """Counts the lines that are not blank, block by block, while there are no quotes and no carriage returns, by which a line is not a record."""

    def __init__(self, data: np.ndarray, quote: str = '"') -> None:
        self._start, self._quote = _start(data), ord(quote)
        self._ends, self._is_plain, self._is_line_before = 0, True, True

    def add(self, at: int, block: np.ndarray) -> None:
        """The next `block` of the file's bytes, which begins at byte `at`."""
        block = block if at else block[self._start :]
        if not self._is_plain or not len(block):
            return
        if np.any(block == self._quote) or np.any(block == _CR):
            self._is_plain = False
            return
        is_end = block == _LF
        blank = np.count_nonzero(is_end[1:] & is_end[:-1]) + (self._is_line_before and bool(is_end[0]))
        self._ends += int(np.count_nonzero(is_end)) - int(blank)
        self._is_line_before = bool(is_end[-1])

    def lines(self) -> int:
        """How many there are, or -1 where lines do not tell the records."""
        return self._ends + (not self._is_line_before) if self._is_plain else -1


def scan(path: Path, delimiter: str = ",", quote: str = '"', plain_lines: int | None = None) -> Scan:
    """Counts the records of `path`: by its line ends where it has no quotes and no carriage returns, else by a slower walk. No copy of the file.

    `plain_lines`: what `PlainLines` has found, if the file has been passed over already.
    """
    data = bytes_of(path)
    if plain_lines is None:
        plain_lines = _lines_of_plain(data, quote)
    if plain_lines >= 0:
        return Scan(plain_lines, 0)
    none = np.empty(0, np.int64)
    records, open_line = _walk(data, _start(data), ord(delimiter), ord(quote), none, none, none)
    return Scan(records, open_line)


def lines_of(path: Path, wanted: np.ndarray, skipped_at: np.ndarray, delimiter: str = ",", quote: str = '"') -> tuple[np.ndarray, np.ndarray]:
    """Physical lines (from 1) of records.

    `wanted`: ascending indices (from 0, header excluded) among the records that the reader kept.
    `skipped_at`: ascending byte offsets of the records that the reader refused. Returns both sets' lines.
    """
    data = bytes_of(path)
    out = np.zeros(len(wanted) + len(skipped_at), np.int64)
    _walk(data, _start(data), ord(delimiter), ord(quote), wanted.astype(np.int64), skipped_at.astype(np.int64), out)
    return out[: len(wanted)], out[len(wanted) :]


def bytes_of(path: Path) -> np.ndarray:
    """The file's bytes (uint8), mapped, not read."""
    return np.memmap(path, np.uint8, "r") if path.stat().st_size else np.empty(0, np.uint8)


def _start(data: np.ndarray) -> int:
    return 3 if len(data) >= 3 and bytes(data[:3]) == b"\xef\xbb\xbf" else 0


def _lines_of_plain(data: np.ndarray, quote: str) -> int:
    plain = PlainLines(data, quote)
    for at in range(0, len(data), BLOCK):
        plain.add(at, data[at : at + BLOCK])
    return plain.lines()


@njit(cache=True, nogil=True)
def _walk(data, start, delimiter, quote, wanted, skipped_at, out):
    records = 0
    line = 1
    record_line = 1
    record_at = start
    kept = 0  # of the records after the header, those that the reader kept
    next_wanted = 0
    next_skipped = 0
    quote_line = 0
    in_quotes = False
    at_field_start = True
    blank = True
    size = len(data)
    i = start
    while i <= size:
        byte = data[i] if i < size else _LF
        if in_quotes and i < size:
            if byte == quote:
                if i + 1 < size and data[i + 1] == quote:
                    i += 1
                else:
                    in_quotes = False
            elif byte == _LF or (byte == _CR and not (i + 1 < size and data[i + 1] == _LF)):
                line += 1
            i += 1
            continue
        if byte == _LF or byte == _CR:  # noqa: SIM109 - compiled: no tuple
            if not blank:
                if records > 0:
                    if next_skipped < len(skipped_at) and skipped_at[next_skipped] == record_at:
                        out[len(wanted) + next_skipped] = record_line
                        next_skipped += 1
                    else:
                        if next_wanted < len(wanted) and wanted[next_wanted] == kept:
                            out[next_wanted] = record_line
                            next_wanted += 1
                        kept += 1
                records += 1
            if byte == _CR and i + 1 < size and data[i + 1] == _LF:
                i += 1
            line += 1
            record_line = line
            record_at = i + 1
            blank = True
            at_field_start = True
        else:
            blank = False
            if byte == quote and at_field_start:
                in_quotes = True
                quote_line = line
                at_field_start = False
            else:
                at_field_start = byte == delimiter
        i += 1
    return records, quote_line if in_quotes else 0
