"""Whether a file is text, byte by byte: in UTF-8 as it lies, in another encoding as a copy in UTF-8 with the same lines."""

from __future__ import annotations

import codecs
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import numpy as np

from plumbline.errors import InputError
from plumbline.importing.csv_scan import bytes_of

BLOCK = 1 << 18  # bytes looked at at once: what a core's own cache holds
_UTF_8 = ("utf-8", "utf-8-sig", "ascii")
_WIDE = ("utf-16", "utf-32")  # of which every line end and every comma holds a NUL byte
_MARKS = {"utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)}


def as_utf8(path: Path, head: bytes, workspace: Path, encoding: str) -> tuple[Path, str]:
    """The file in UTF-8, and a note where it is not of the encoding that was named, or "".

    `head`: its first bytes; `encoding`: what it is said to be, or empty. Raises InputError naming the line of what is no text.
    """
    if not head.strip():
        raise InputError("the file is empty", path.name, "export it again or leave it out")
    name = _codec(encoding)
    wide = head.startswith(_MARKS["utf-16"])
    if wide and name in _UTF_8:
        raise InputError("the file is UTF-16" if encoding else "the file is UTF-16, not UTF-8", path.name, "say --encoding utf-16")
    if name in _UTF_8:
        _look(path)
        return path, ""
    if wide and not name.startswith(_WIDE):
        raise InputError(f"the file is UTF-16, not {encoding}", path.name, "say --encoding utf-16, or import it by itself")
    if _is_utf8_all_the_same(path, name):
        return path, f"{path.name} is UTF-8 as it stands and was read so, not as {encoding}"
    target = workspace / f"{path.stem}.{abs(hash(str(path)))}.utf8.csv"
    _transcode(path, encoding, target)
    return target, ""


def _codec(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding or "utf-8").name
        with suppress(UnicodeError):
            b"a".decode(encoding or "utf-8")  # refuses what is no encoding of text, such as hex
    except LookupError:
        raise InputError(f"no encoding is called {encoding!r}", "--encoding", "use for example utf-8, cp1252, latin-1 or utf-16") from None
    return name


def _look(path: Path) -> None:
    """Passes over a file in UTF-8 once. Only blocks that are not ASCII alone are decoded."""
    data = bytes_of(path)
    decoder = codecs.getincrementaldecoder("utf-8")()

    def decode(at: int, block: bytes, final: bool = False) -> None:
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(block, final=final)
        except UnicodeDecodeError as problem:
            _refuse(path, "utf-8", 1 + _line_ends(data[: max(0, at + problem.start - pending)]))

    for at in range(0, len(data), BLOCK):
        block = data[at : at + BLOCK]
        if block.max() >= 0x80 or decoder.getstate()[0]:
            decode(at, block.tobytes())
        if not block.min():
            _refuse_nul(path, 1 + _line_ends(data[: at + int(np.argmin(block))]))
    decode(len(data), b"", True)


def _is_utf8_all_the_same(path: Path, name: str) -> bool:
    """Whether a file that is said to be of another encoding is UTF-8: all its sequences above 127 are well-formed, and that says something."""
    data = bytes_of(path)
    decoder = codecs.getincrementaldecoder("utf-8")()
    says_something = name.startswith(_WIDE)
    try:
        for at in range(0, len(data), BLOCK):
            block = data[at : at + BLOCK]
            if not block.min():
                return False
            if block.max() >= 0x80 or decoder.getstate()[0]:
                says_something = True
                decoder.decode(block.tobytes())
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return says_something


def _line_ends(data: np.ndarray) -> int:
    """Line ends among bytes of UTF-8: \\n, \\r\\n and \\r alone."""
    ends = 0
    for at in range(0, len(data), BLOCK):
        block = data[at : at + BLOCK + 1]
        own = block[:BLOCK]
        returns = np.flatnonzero(own == ord("\r"))
        ends += int(np.count_nonzero(own == ord("\n"))) + sum(1 for place in returns if place + 1 >= len(block) or block[place + 1] != ord("\n"))
    return ends


class _Lines:
    """Counts the line ends of a text that comes in pieces."""

    def __init__(self) -> None:
        self._ends, self._is_half = 0, False  # is_half: a carriage return came last, to which a line feed may belong

    def line(self, piece: str) -> int:
        """The line (from 1) on which the text stands after `piece`."""
        own = piece.count("\n") + piece.count("\r") - piece.count("\r\n") - (self._is_half and piece.startswith("\n"))
        return 1 + self._ends + own

    def add(self, piece: str) -> None:
        self._ends = self.line(piece) - 1
        self._is_half = piece.endswith("\r") if piece else self._is_half


def _transcode(path: Path, encoding: str, target: Path) -> None:
    """Writes the file to `target` in UTF-8. Line ends are counted in what was decoded: in UTF-16 a byte 0x0A is part of many letters."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), _Lines()
    with path.open("rb") as file, target.open("wb") as out:
        while True:
            chunk = file.read(BLOCK)
            before = decoder.getstate()
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError as problem:
                decoder.setstate(before)
                sound = max(0, getattr(problem, "start", 0) - len(before[0]))
                with suppress(UnicodeError):
                    _refuse(path, encoding, lines.line(decoder.decode(chunk[:sound])))
                _refuse(path, encoding, lines.line(""))
            if "\0" in text:
                _refuse_nul(path, lines.line(text[: text.index("\0")]))
            out.write(text.encode("utf-8", "replace"))
            lines.add(text)
            if not chunk:
                return


def _refuse(path: Path, encoding: str, line: int) -> NoReturn:
    to_do = "name the file's encoding with --encoding (for example cp1252)"
    raise InputError(f"not valid {encoding.upper()}", f"{path.name}, line {line}", to_do)


def _refuse_nul(path: Path, line: int) -> NoReturn:
    raise InputError("holds a NUL byte: this is no text table", f"{path.name}, line {line}", "export it as CSV in UTF-8")
