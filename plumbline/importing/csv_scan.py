"""Cuts a CSV file into records by the rules of CSV (RFC 4180), once for all readers: what a record is, and what is wrong with it, is said here alone.

A record ends at a line end outside quotes, whichever kind of line end; blank lines are none. A field is quoted if it begins with a quote; a quote
elsewhere is a character like any other; text after a closing quote spoils the record, and is read on as text that is not quoted. The pass is linear
in bytes, whatever is wrong with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit

MOST_CELL = 1_000_000  # bytes of a cell
MOST_RECORD = 8_000_000  # bytes of a record
FEWER, MORE, AFTER_QUOTE, LONG_CELL, LONG_RECORD = 1, 2, 3, 4, 5
_LF, _CR = 10, 13
_ROOM = 4 * MOST_RECORD  # bytes of a copy that are written at once: more than twice what a record can become

# Places in the state that a pass keeps between its calls.
_POS, _LINE, _RECORDS, _KEPT, _NEXT_WANTED, _FAULTS, _OUT, _LFS, _CRLFS, _CRS, _LITERAL, _MARKS, _LONGER, _OPEN, _QUOTED_ENDS, _BLANKS = range(16)
_ROWS_IN_CELLS, _ROWS_LINE, _HEADER_END = 16, 17, 18
_STATE_SIZE = 19


@dataclass(frozen=True)
class Scan:
    """What a file holds, its header apart. `faults`: rows (line, last line, what) of the records that are left out, in their order.

    `open_quote_line`: of a quote that is never closed, else 0. `is_longer`: every record ends in one delimiter more than the header.
    `is_uniform`: any reader of CSV takes it alike, as it lies. `has_quoted_ends`: line ends within cells. `is_crlf`: lines end in CR LF.
    `rows_in_cells`: lines within quoted cells that look like rows of their own; the first such cell is in the record of `rows_line`.
    """

    records: int
    kept: int
    faults: np.ndarray
    open_quote_line: int
    is_longer: bool
    is_uniform: bool
    has_quoted_ends: bool
    is_crlf: bool
    rows_in_cells: int
    rows_line: int


def bytes_of(path: Path) -> np.ndarray:
    """The file's bytes (uint8), mapped, not read."""
    return np.memmap(path, np.uint8, "r") if path.stat().st_size else np.empty(0, np.uint8)


def first_record(data: np.ndarray, delimiter: str) -> tuple[bytes, int, bool]:
    """(the bytes of the first record, its line, whether text follows a closing quote); no bytes where there is none, or no end within bounds."""
    head = data[: 2 * MOST_RECORD]
    state = _start(head)
    faults = np.zeros((1, 3), np.int64)
    nothing = np.empty(0, np.int64)
    _cut(head, state, ord(delimiter), ord('"'), -1, True, nothing, nothing, faults, np.empty(0, np.uint8))
    if not state[_RECORDS] or state[_OPEN]:
        return b"", int(state[_OPEN]), False
    return bytes(head[state[_POS] : state[_HEADER_END]]), int(state[_LINE]), bool(state[_FAULTS])


def scan(data: np.ndarray, width: int, delimiter: str = ",") -> Scan:
    """Cuts a file whose header has `width` fields."""
    state, faults = _pass(data, width, delimiter, True)
    records = int(state[_RECORDS]) - 1
    is_longer = 0 < records == int(state[_LONGER])
    if state[_LONGER] and not is_longer:
        state, faults = _pass(data, width, delimiter, False)
    kinds_of_ends = sum(state[place] > 0 for place in (_LFS, _CRLFS))
    is_uniform = not (
        len(faults)
        or is_longer
        or state[_CRS]
        or kinds_of_ends > 1
        or state[_LITERAL]
        or state[_MARKS]
        or (width == 1 and state[_BLANKS])
        or (state[_CRLFS] and state[_QUOTED_ENDS])
    )
    return Scan(
        max(0, records),
        int(state[_KEPT]),
        faults,
        int(state[_OPEN]),
        is_longer,
        is_uniform,
        bool(state[_QUOTED_ENDS]),
        bool(state[_CRLFS]),
        int(state[_ROWS_IN_CELLS]),
        int(state[_ROWS_LINE]),
    )


def lines_of(data: np.ndarray, wanted: np.ndarray, width: int, is_longer: bool, delimiter: str = ",") -> np.ndarray:
    """Physical lines (from 1) of kept records: `wanted` are ascending indices (from 0, the header apart) among them."""
    lines = np.zeros(len(wanted), np.int64)
    _pass(data, width, delimiter, is_longer, wanted.astype(np.int64), lines)
    return lines


def write_uniform(data: np.ndarray, target: Path, width: int, is_longer: bool, delimiter: str = ",") -> None:
    """Writes the kept records without a header, as any reader takes them: LF alone, quotes only where they are needed."""
    out = np.empty(min(2 * _ROOM, 4 * len(data) + 64), np.uint8)
    state, faults, nothing = _start(data), np.zeros((1024, 3), np.int64), np.empty(0, np.int64)
    with target.open("wb") as file:
        while True:
            state[_FAULTS] = state[_OUT] = 0
            _cut(data, state, ord(delimiter), ord('"'), width, is_longer, nothing, nothing, faults, out)
            file.write(out[: state[_OUT]].data)
            if state[_POS] >= len(data):
                return


def _pass(data, width, delimiter, is_longer, wanted=None, lines=None) -> tuple[np.ndarray, np.ndarray]:
    """One pass over the whole file: the state at its end, and the faults."""
    nothing = np.empty(0, np.int64)
    wanted, lines = (nothing, nothing) if wanted is None else (wanted, lines)
    state, found = _start(data), []
    room = 1024
    while True:
        faults = np.zeros((room, 3), np.int64)
        state[_FAULTS] = 0
        _cut(data, state, ord(delimiter), ord('"'), width, is_longer, wanted, lines, faults, np.empty(0, np.uint8))
        found.append(faults[: state[_FAULTS]])
        if state[_POS] >= len(data):
            return state, np.concatenate(found)
        room = min(4 * room, 1 << 20)


def _start(data: np.ndarray) -> np.ndarray:
    state = np.zeros(_STATE_SIZE, np.int64)
    state[_POS] = 3 if len(data) >= 3 and bytes(data[:3]) == b"\xef\xbb\xbf" else 0
    state[_LINE] = 1
    return state


@njit(cache=True, nogil=True)
def _cut(data, state, delimiter, quote, width, is_longer, wanted, lines, faults, out):
    """Walks on from `state` until the end, or (for a caller to go on) until `faults` or `out` is full. `width` -1: the first record alone."""
    size, writing = len(data), len(out) > 0
    i, line = state[_POS], state[_LINE]
    ordinary = np.ones(256, np.bool_)
    ordinary[delimiter] = ordinary[quote] = ordinary[_LF] = ordinary[_CR] = False
    while i < size and state[_FAULTS] < len(faults):
        record_at, record_line, record_out = i, line, state[_OUT]
        while i + 2 < size and data[i] == 0xEF and data[i + 1] == 0xBB and data[i + 2] == 0xBF:
            i += 3
            state[_MARKS] += 1
        if i >= size:
            break
        if data[i] == _LF or data[i] == _CR:
            kind = _LFS if data[i] == _LF else _CRLFS if i + 1 < size and data[i + 1] == _LF else _CRS
            state[kind] += 1
            i += 2 if kind == _CRLFS else 1
            line += 1
            state[_BLANKS] += 1
            if state[_RECORDS] == 0:
                state[_MARKS] += 1  # a reader that skips one line would not skip the header
            continue
        first = i
        fields, fault, literal, closed, at_start, field_at, last_is_empty = 0, 0, False, False, True, i, False
        ended = False
        while not ended:
            if i < size and ordinary[data[i]]:
                if closed:
                    fault, closed = AFTER_QUOTE, False
                at_start = False
                i += 1
                while i < size and ordinary[data[i]]:
                    i += 1
                continue
            byte = data[i] if i < size else _LF
            if byte == quote:
                if not at_start:
                    if closed:
                        fault, closed = AFTER_QUOTE, False
                    literal = True
                    i += 1
                    continue
                quote_line, inner, ends, at_start = line, 0, 0, False
                i += 1
                while i < size:
                    byte = data[i]
                    if byte == quote:
                        if i + 1 < size and data[i + 1] == quote:
                            i += 1
                        else:
                            closed = True
                            i += 1
                            break
                    elif byte == delimiter:
                        inner += 1
                    elif byte == _LF or (byte == _CR and not (i + 1 < size and data[i + 1] == _LF)):
                        line += 1
                        state[_QUOTED_ENDS] += 1
                        if ends > 0 and width > 2 and inner == width - 1:
                            if state[_ROWS_IN_CELLS] == 0:
                                state[_ROWS_LINE] = record_line
                            state[_ROWS_IN_CELLS] += 1
                        ends += 1
                        inner = 0
                    i += 1
                if not closed:
                    state[_OPEN] = quote_line
                    state[_POS] = size
                    return
                continue
            # the end of a field
            fields += 1
            last_is_empty = i == field_at
            if i - field_at > MOST_CELL and fault == 0:
                fault = LONG_CELL
            if i - record_at > MOST_RECORD and fault == 0:
                fault = LONG_RECORD
            if literal:
                state[_LITERAL] += 1
            if writing and fault == 0 and fields <= width:
                if state[_OUT] + 2 * (i - field_at) + 4 > len(out):
                    state[_OUT], state[_POS], state[_LINE] = record_out, record_at, record_line
                    return
                state[_OUT] = _write_field(data, field_at, i, literal, quote, out, state[_OUT])
                out[state[_OUT]] = delimiter if fields < width else _LF
                state[_OUT] += 1
            literal, closed, at_start, field_at = False, False, True, i + 1
            if byte == delimiter:
                i += 1
                continue
            ended = True
            record_end, last_line = i, line
            if i < size:
                if byte == _LF:
                    state[_LFS] += 1
                    i += 1
                elif i + 1 < size and data[i + 1] == _LF:
                    state[_CRLFS] += 1
                    i += 2
                else:
                    state[_CRS] += 1
                    i += 1
                line += 1
        if width < 0:
            state[_RECORDS], state[_FAULTS] = 1, int(fault == AFTER_QUOTE)
            state[_POS], state[_HEADER_END], state[_LINE] = first, record_end, record_line
            return
        if state[_RECORDS] == 0:
            state[_OUT] = record_out
            if line - record_line > 1:
                state[_MARKS] += 1  # likewise
        else:
            if fault == 0 and fields < width:
                fault = FEWER
            if fault == 0 and fields > width:
                if fields == width + 1 and last_is_empty:
                    state[_LONGER] += 1
                if fields > width + 1 or not last_is_empty or not is_longer:
                    fault = MORE
            if fault:
                state[_OUT] = record_out
                place = state[_FAULTS]
                faults[place, 0], faults[place, 1], faults[place, 2] = record_line, last_line, fault
                state[_FAULTS] += 1
            else:
                if state[_NEXT_WANTED] < len(wanted) and wanted[state[_NEXT_WANTED]] == state[_KEPT]:
                    lines[state[_NEXT_WANTED]] = record_line
                    state[_NEXT_WANTED] += 1
                state[_KEPT] += 1
        state[_RECORDS] += 1
        state[_POS], state[_LINE] = i, line
    state[_POS], state[_LINE] = i, line


@njit(cache=True, nogil=True, inline="always")
def _write_field(data, start, end, literal, quote, out, at):
    if not literal:
        for i in range(start, end):
            out[at] = data[i]
            at += 1
        return at
    out[at] = quote
    at += 1
    for i in range(start, end):
        out[at] = data[i]
        at += 1
        if data[i] == quote:
            out[at] = quote
            at += 1
    out[at] = quote
    return at + 1
