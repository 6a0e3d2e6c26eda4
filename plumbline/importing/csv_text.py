"""Whether a file is text, byte by byte: in UTF-8 as it lies, in another encoding as a copy in UTF-8 with the same lines."""

from __future__ import annotations

import codecs
from contextlib import suppress
from pathlib import Path

import numpy as np

from plumbline.errors import InputError
from plumbline.importing.csv_scan import BLOCK, PlainLines, bytes_of


def as_utf8(path: Path, head: bytes, workspace: Path, encoding: str) -> tuple[Path, int | None]:
    """The file in UTF-8, and its lines as `csv_scan.PlainLines` counts them (None where a copy was made: not counted).

    `head`: its first bytes; `encoding`: what it is said to be, or empty. Raises InputError naming the line of what is no text.
    """
    if not head.strip():
        raise InputError("the file is empty", path.name, "export it again or leave it out")
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if encoding:
        try:
            codec = codecs.lookup(encoding)
            with suppress(UnicodeError):
                b"a".decode(encoding)  # refuses what is no encoding of text, such as hex
        except LookupError:
            raise InputError(f"no encoding is called {encoding!r}", "--encoding", "use for example utf-8, cp1252, latin-1 or utf-16") from None
        if codec.name == "utf-8" and wide:
            raise InputError("the file is UTF-16", path.name, "say --encoding utf-16")
    elif wide:
        raise InputError("the file is UTF-16, not UTF-8", path.name, "say --encoding utf-16")
    if not encoding or codec.name in ("utf-8", "utf-8-sig", "ascii"):
        return path, _look(path)
    target = workspace / f"{path.stem}.{abs(hash(str(path)))}.utf8.csv"
    _transcode(path, encoding, target)
    return target, None


def _look(path: Path) -> int:
    """Passes over a file in UTF-8 once. Only blocks that are not ASCII alone are decoded."""
    data = bytes_of(path)
    plain = PlainLines(data)
    decoder = codecs.getincrementaldecoder("utf-8")()
    for at in range(0, len(data), BLOCK):
        block = data[at : at + BLOCK]
        if block.max() >= 0x80 or decoder.getstate()[0]:
            _decode(decoder, block.tobytes(), False, path, "utf-8", lambda at=at: _line_ends(data[:at]))
        if not block.min():
            _refuse_nul(path, 1 + _line_ends(data[: at + int(np.argmin(block))]))
        plain.add(at, block)
    _decode(decoder, b"", True, path, "utf-8", lambda: _line_ends(data))
    return plain.lines()


def _line_ends(data: np.ndarray) -> int:
    return sum(int(np.count_nonzero(data[at : at + BLOCK] == ord("\n"))) for at in range(0, len(data), BLOCK))


def _transcode(path: Path, encoding: str, target: Path) -> None:
    """Writes the file to `target` in UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)()
    ends = 0
    with path.open("rb") as file, target.open("wb") as out:
        while True:
            chunk = file.read(BLOCK)
            text = _decode(decoder, chunk, not chunk, path, encoding, lambda: ends)  # noqa: B023 - called at once
            if "\0" in text:
                _refuse_nul(path, 1 + ends + text[: text.index("\0")].count("\n"))
            out.write(text.encode("utf-8"))
            if not chunk:
                return
            ends += chunk.count(b"\n")


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool, path: Path, encoding: str, ends_before) -> str:
    kept = len(decoder.getstate()[0])  # bytes of a letter that the block before has begun
    try:
        return decoder.decode(chunk, final=final)
    except UnicodeError as problem:
        line = 1 + ends_before() + chunk[: max(0, getattr(problem, "start", 0) - kept)].count(b"\n")
        to_do = "name the file's encoding with --encoding (for example cp1252)"
        raise InputError(f"not valid {encoding.upper()}", f"{path.name}, line {line}", to_do) from None


def _refuse_nul(path: Path, line: int) -> None:
    raise InputError("holds a NUL byte: this is no text table", f"{path.name}, line {line}", "export it as CSV in UTF-8")
